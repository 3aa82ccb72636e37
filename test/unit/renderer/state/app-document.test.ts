import { describe, expect, it, vi } from 'vitest';
import type { DocumentView, PageStateView } from '#contract/contract.ts';
import { fail, ok } from '#contract/errors.ts';
import type { OpenTab } from '#contract/places.ts';
import { AccountId, DocumentHandle, PictureVersion } from '#contract/ids.ts';
import { AppDocumentStore, titleOf, type OpenRequest } from '#renderer/state/app-document.svelte.ts';
import { makeLater, makeScriptedClient, type Script } from './scripted-client.ts';

const request = (key: string, pageNumber: number | null = null): OpenRequest => ({
  bucket: 'reports',
  key,
  versionId: null,
  source: null,
  pageNumber,
});
const documentOf = (key: string): DocumentView => ({
  handle: DocumentHandle.parse('a'.repeat(32)),
  version: PictureVersion.parse('b'.repeat(16)),
  accountId: AccountId.parse('samples'),
  bucket: 'reports',
  key,
  name: key,
  versionId: null,
  source: 'pdf',
  sizeBytes: 1,
  modifiedAt: '2026-01-01T00:00:00Z',
  etag: 'e',
  pages: { atLeast: 1, total: null, repeatsFrom: null },
});

function setUp(script: Script = {}) {
  const client = makeScriptedClient({
    'documents.open': ({ key }) => ok(documentOf(key)),
    'documents.close': () => ok({}),
    ...script,
  });
  const store = new AppDocumentStore(client);
  /** The keys of the tabs from left to right, the one in front with a star. */
  const shown = () => store.tabs.map(({ id, name }) => `${id === store.front ? '*' : ''}${name.key}`);
  return { client, store, shown, calls: () => client.calls.map((call) => call.name) };
}

describe('AppDocumentStore', () => {
  it('opens a document at the page that was asked for, without telling main of the page', async () => {
    const { store, client } = setUp();
    const opening = store.open('samples', request('a.pdf', 3));
    expect(store.wish?.status).toBe('opening');
    await opening;
    expect(store.wish).toBe(null);
    expect(store.state).toMatchObject({ status: 'open', startPage: 3, document: { key: 'a.pdf' } });
    expect(client.calls[0]?.input).toEqual({
      accountId: 'samples',
      bucket: 'reports',
      key: 'a.pdf',
      versionId: null,
      source: null,
    });
  });

  it('gives every document a tab, closes none for another, and all with the account', async () => {
    const { store, calls, shown } = setUp();
    await store.open('samples', request('a.pdf'));
    await store.open('samples', request('b.pdf'));
    expect(shown()).toEqual(['a.pdf', '*b.pdf']);
    expect(calls()).toEqual(['documents.open', 'documents.open']);
    store.close();
    expect(store.state.status).toBe('none');
    expect(calls().slice(2)).toEqual(['documents.close', 'documents.close']);
  });

  it('opens no document twice: its tab comes to the front with what the service says now', async () => {
    let version = 'b'.repeat(16);
    const { store, calls, shown } = setUp({
      'documents.open': ({ key }) => ok({ ...documentOf(key), version: PictureVersion.parse(version) }),
    });
    await store.open('samples', request('a.pdf'));
    await store.open('samples', request('b.pdf'));
    version = 'c'.repeat(16);
    await store.open('samples', request('a.pdf', 7));
    expect(shown()).toEqual(['*a.pdf', 'b.pdf']);
    expect(store.state).toMatchObject({ startPage: 7, document: { version } });
    // Opened in main once more than there are tabs: closed once.
    expect(calls().filter((name) => name === 'documents.close')).toHaveLength(1);
  });

  it('begins at the page that was asked for only until the tab is left', async () => {
    const { store } = setUp();
    await store.open('samples', request('a.pdf', 3));
    const [tab] = store.tabs;
    store.show(null);
    expect(store.state.status).toBe('none');
    store.show(tab!.id);
    expect(store.state).toMatchObject({ status: 'open', startPage: undefined });
  });

  it('keeps what was learnt of a document for when its tab is shown again, until main says it anew', async () => {
    const { store } = setUp();
    await store.open('samples', request('a.pdf'));
    const [tab] = store.tabs;
    const pages = { atLeast: 30, total: 30, repeatsFrom: null };
    store.show(null);
    store.learn(tab!.document!, { pages, here: [] });
    store.show(tab!.id);
    expect(store.state).toMatchObject({ status: 'open', document: { pages, here: [] } });
    await store.open('samples', request('a.pdf'));
    expect(store.state).toMatchObject({ document: documentOf('a.pdf') });
    // Of a document that has gone, or is another one now, nothing is learnt.
    store.learn(tab!.document!, { pages, here: [] });
    expect(store.state).toMatchObject({ document: { pages: { total: null } } });
  });

  it('takes in what main says of a document in the background, and leaves the one in front to its viewer', async () => {
    const ready = (pageNumber: number, sizeBytes = 1): PageStateView => ({
      ...{ pageNumber, target: 'png', status: 'ready', widthPx: 10, heightPx: 14, sizeBytes },
    });
    const { store, client } = setUp({
      'documents.open': ({ key }) =>
        ok({ ...documentOf(key), here: [ready(1)], handle: DocumentHandle.parse(key.slice(0, 1).repeat(32)) }),
    });
    for (const key of ['a.pdf', 'b.pdf']) await store.open('samples', request(key));
    const [a, b] = store.tabs;
    const pages = { atLeast: 40, total: 40, repeatsFrom: null };
    const converting = { pageNumber: 3, target: 'png', status: 'converting', sinceMs: 1 } as const;
    client.say('pages.changed', {
      ...{ handle: a!.document!.handle, count: pages },
      pages: [ready(1, 2), ready(2), converting, { ...ready(4), target: 'jpg' }],
    });
    client.say('pages.changed', { handle: b!.document!.handle, pages: [ready(2)], count: pages });
    client.say('pages.changed', { handle: DocumentHandle.parse('c'.repeat(32)), pages: [ready(2)], count: pages });
    expect(store.tabs[1]).toBe(b);
    store.show(a!.id);
    expect(store.state).toMatchObject({ document: { pages, here: [ready(1, 2), ready(2)] } });
    store.show(b!.id);
    // It was left to its viewer, which tells what it learnt when it goes.
    expect(store.state).toMatchObject({ document: { here: [ready(1)] } });
  });

  it('walks round the tabs, the browser among them', async () => {
    const { store, shown } = setUp();
    await store.open('samples', request('a.pdf'));
    await store.open('samples', request('b.pdf'));
    store.showNext(1);
    expect(shown()).toEqual(['a.pdf', 'b.pdf']);
    store.showNext(1);
    expect(shown()).toEqual(['*a.pdf', 'b.pdf']);
    store.showNext(-1);
    store.showNext(-1);
    expect(shown()).toEqual(['a.pdf', '*b.pdf']);
  });

  it('closes a tab in favour of its neighbour, and opens it again', async () => {
    const { store, shown } = setUp();
    for (const key of ['a.pdf', 'b.pdf', 'c.pdf']) await store.open('samples', request(key));
    store.show(store.tabs[1]!.id);
    store.closeTab(store.front!);
    expect(shown()).toEqual(['a.pdf', '*c.pdf']);
    store.closeTab(store.front!);
    expect(shown()).toEqual(['*a.pdf']);
    store.closeTab(store.front!);
    expect([shown(), store.state.status]).toEqual([[], 'none']);
    await store.reopen();
    await store.reopen();
    expect(shown()).toEqual(['a.pdf', '*c.pdf']);
  });

  it('does not open again by way of the closed ones what is open by now', async () => {
    const { store, shown } = setUp();
    for (const key of ['a.pdf', 'b.pdf']) await store.open('samples', request(key));
    for (const { id } of [...store.tabs]) store.closeTab(id);
    await store.open('samples', request('b.pdf'));
    await store.reopen();
    expect([shown(), store.canReopen]).toEqual([['b.pdf', '*a.pdf'], false]);
  });

  it('shows what is checked again, also where the screen that showed it has closed everything on its way out', async () => {
    const offline = { verifiedAt: '2026-01-01T00:00:00Z' };
    let isOffline = true;
    const { store, shown } = setUp({
      'documents.open': ({ key }) => ok({ ...documentOf(key), ...(isOffline && { offline }) }),
    });
    await store.open('samples', request('a.pdf'));
    isOffline = false;
    const checking = store.checkAgain();
    for (let turn = 0; turn < 20 && store.front !== null; turn += 1) await Promise.resolve();
    store.close();
    expect(await checking).toBe('same');
    expect(shown()).toEqual(['*a.pdf']);
    expect(store.state).toMatchObject({ status: 'open' });
    expect(store.tabs[0]!.document?.offline).toBe(undefined);
  });

  it('leads back and forward over documents, also to closed ones, and never to the browser', async () => {
    const { store, shown } = setUp();
    for (const key of ['a.pdf', 'b.pdf', 'c.pdf']) await store.open('samples', request(key));
    store.closeTab(store.tabs[1]!.id);
    store.show(null);
    await store.goBack();
    expect(shown()).toEqual(['a.pdf', '*c.pdf']);
    await store.goBack();
    expect(shown()).toEqual(['a.pdf', 'c.pdf', '*b.pdf']);
    await store.goBack();
    await store.goBack();
    expect(shown()).toEqual(['*a.pdf', 'c.pdf', 'b.pdf']);
    await store.goForward();
    await store.goForward();
    await store.goForward();
    expect(shown()).toEqual(['a.pdf', '*c.pdf', 'b.pdf']);
  });

  it('shows what is in front until another document is known, and when it cannot be opened', async () => {
    const { store, shown } = setUp({
      'documents.open': ({ key }) => (key === 'gone.pdf' ? fail('oss.noSuchKey', 'gone') : ok(documentOf(key))),
    });
    await store.open('samples', request('a.pdf'));
    const opening = store.open('samples', request('gone.pdf'));
    const inFront = { status: 'open', document: { key: 'a.pdf' } };
    expect(store.state).toMatchObject(inFront);
    expect(store.wish).toMatchObject({ status: 'opening', request: { key: 'gone.pdf' } });
    await opening;
    expect(store.state).toMatchObject(inFront);
    expect(store.wish?.status).toBe('failed');
    store.dismiss();
    expect([shown(), store.wish]).toEqual([['*a.pdf'], null]);
  });

  it('keeps what was asked beside a failure, to ask again', async () => {
    const { store } = setUp({ 'documents.open': () => fail('oss.noSuchKey', 'gone') });
    await store.open('samples', request('a.pdf'));
    expect(store.wish).toMatchObject({
      status: 'failed',
      request: { key: 'a.pdf' },
      error: { code: 'oss.noSuchKey' },
    });
  });

  it('drops the answer to a wish that is no longer held', async () => {
    const slow = makeLater<DocumentView>();
    const { store } = setUp({
      'documents.open': async ({ key }) => ok(key === 'slow.pdf' ? await slow.promise : documentOf(key)),
    });
    const first = store.open('samples', request('slow.pdf'));
    await store.open('samples', request('quick.pdf'));
    slow.resolve(documentOf('slow.pdf'));
    await first;
    expect(store.state).toMatchObject({ status: 'open', document: { key: 'quick.pdf' } });
  });

  it('goes back to nothing when it is stopped', async () => {
    const { store } = setUp({ 'documents.open': () => new Promise(() => {}) });
    const opening = store.open('samples', request('a.pdf'));
    store.close();
    await opening;
    expect([store.state, store.wish]).toEqual([{ status: 'none' }, null]);
  });
});

describe('AppDocumentStore over a restart', () => {
  const tabOf = (key: string): OpenTab => ({ bucket: 'reports', key, versionId: null, source: 'pdf' });
  const restarted = (script: Script = {}) =>
    setUp({
      'places.getTabs': () => ok({ tabs: [tabOf('a.pdf'), tabOf('b.pdf')] }),
      'places.setTabs': () => ok({}),
      ...script,
    });
  /** What main was told of the tabs, one entry for each time. */
  const told = ({ client }: ReturnType<typeof setUp>) =>
    client.calls
      .filter(({ name }) => name === 'places.setTabs')
      .map(({ input }) => (input as { tabs: OpenTab[] }).tabs.map(({ key }) => key).join(' '));

  it('has the tabs of before, the browser in front, and has asked nobody about them', async () => {
    const run = restarted();
    await run.store.restore('samples');
    expect([run.shown(), run.store.state.status]).toEqual([['a.pdf', 'b.pdf'], 'none']);
    expect(run.store.tabs.map(titleOf)).toEqual(['a.pdf', 'b.pdf']);
    expect(run.calls()).toEqual(['places.getTabs']);
  });

  it('opens one when it comes to the front, which is its tab all the while', async () => {
    const answer = makeLater<DocumentView>();
    const run = restarted({ 'documents.open': async () => ok(await answer.promise) });
    await run.store.restore('samples');
    const { id } = run.store.tabs[1]!;
    run.store.show(id);
    expect(run.shown()).toEqual(['a.pdf', '*b.pdf']);
    expect(run.store.state.status).toBe('unopened');
    expect(run.store.wish).toMatchObject({ status: 'opening', tabId: id, request: { key: 'b.pdf' } });
    answer.resolve(documentOf('b.pdf'));
    await vi.waitFor(() => expect(run.store.state).toMatchObject({ status: 'open', document: { key: 'b.pdf' } }));
    expect([run.shown(), run.store.front]).toEqual([['a.pdf', '*b.pdf'], id]);
    expect(run.calls()).toEqual(['places.getTabs', 'documents.open']);
  });

  it('says in the tab of a document that is gone that it is, and asks again when it is shown again', async () => {
    const run = restarted({ 'documents.open': () => fail('oss.noSuchKey', 'gone') });
    await run.store.restore('samples');
    const { id } = run.store.tabs[0]!;
    run.store.show(id);
    await vi.waitFor(() => expect(run.store.wish).toMatchObject({ status: 'failed', tabId: id }));
    expect(run.shown()).toEqual(['*a.pdf', 'b.pdf']);
    run.store.show(null);
    expect(run.store.wish).toBe(null);
    run.store.show(id);
    await vi.waitFor(() => expect(run.store.wish?.status).toBe('failed'));
    expect(run.calls().filter((name) => name === 'documents.open')).toHaveLength(2);
    run.store.closeTab(id);
    expect(run.shown()).toEqual(['*b.pdf']);
    expect(run.store.wish).toMatchObject({ status: 'opening', request: { key: 'b.pdf' } });
  });

  it('asks about none of the tabs that are closed with others', async () => {
    const run = restarted({
      'places.getTabs': () => ok({ tabs: ['a.pdf', 'b.pdf', 'c.pdf', 'd.pdf'].map(tabOf) }),
    });
    await run.store.restore('samples');
    run.store.show(run.store.tabs[0]!.id);
    await vi.waitFor(() => expect(run.store.state.status).toBe('open'));
    run.store.closeOthers(run.store.tabs[3]!.id);
    await vi.waitFor(() => expect(run.store.state).toMatchObject({ document: { key: 'd.pdf' } }));
    const asked = run.client.calls.filter(({ name }) => name === 'documents.open').map(({ input }) => input);
    expect(asked).toMatchObject([{ key: 'a.pdf' }, { key: 'd.pdf' }]);
    expect(run.shown()).toEqual(['*d.pdf']);
  });

  it('goes back to the browser when the wait for a tab is given up', async () => {
    const run = restarted({ 'documents.open': () => new Promise(() => undefined) });
    await run.store.restore('samples');
    run.store.show(run.store.tabs[0]!.id);
    run.store.dismiss();
    expect([run.shown(), run.store.wish]).toEqual([['a.pdf', 'b.pdf'], null]);
  });

  it('tells main of tabs as they come and go, and not that they go with their account', async () => {
    const run = restarted({
      'documents.open': ({ key, accountId }) => ok({ ...documentOf(key), accountId: AccountId.parse(accountId) }),
    });
    await run.store.restore('samples');
    await run.store.open('samples', request('c.pdf'));
    await run.store.open('samples', request('a.pdf'));
    await run.store.open('f'.repeat(16), request('kept-of-another-account.pdf'));
    run.store.closeTab(run.store.tabs[1]!.id);
    run.store.close();
    expect(told(run)).toEqual(['a.pdf b.pdf c.pdf', 'a.pdf c.pdf']);
  });

  it('puts what was opened before the answer behind the tabs of before, and no document twice', async () => {
    const answer = makeLater<{ tabs: OpenTab[] }>();
    const run = restarted({ 'places.getTabs': async () => ok(await answer.promise) });
    const restoring = run.store.restore('samples');
    await run.store.open('samples', request('b.pdf'));
    await run.store.open('samples', request('c.pdf'));
    answer.resolve({ tabs: [tabOf('a.pdf'), tabOf('b.pdf')] });
    await restoring;
    expect(run.shown()).toEqual(['a.pdf', 'b.pdf', '*c.pdf']);
    expect(told(run)).toEqual(['a.pdf b.pdf c.pdf']);
  });

  it('takes no tabs of an account that was left meanwhile', async () => {
    const answer = makeLater<{ tabs: OpenTab[] }>();
    const run = restarted({
      'places.getTabs': async ({ accountId }) => ok(accountId === 'samples' ? await answer.promise : { tabs: [] }),
    });
    const restoring = run.store.restore('samples');
    run.store.close();
    await run.store.restore('f'.repeat(16));
    answer.resolve({ tabs: [tabOf('a.pdf')] });
    await restoring;
    expect([run.shown(), told(run)]).toEqual([[], []]);
  });
});
