import { describe, expect, it } from 'vitest';
import type { DocumentView } from '#contract/contract.ts';
import { fail, ok } from '#contract/errors.ts';
import { AccountId, DocumentHandle, PictureVersion } from '#contract/ids.ts';
import { AppDocumentStore, type OpenRequest } from '#renderer/state/app-document.svelte.ts';
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
  const shown = () => store.tabs.map(({ id, document }) => `${id === store.front ? '*' : ''}${document.key}`);
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
    store.learn(tab!.document, { pages, here: [] });
    store.show(tab!.id);
    expect(store.state).toMatchObject({ status: 'open', document: { pages, here: [] } });
    await store.open('samples', request('a.pdf'));
    expect(store.state).toMatchObject({ document: documentOf('a.pdf') });
    // Of a document that has gone, or is another one now, nothing is learnt.
    store.learn(tab!.document, { pages, here: [] });
    expect(store.state).toMatchObject({ document: { pages: { total: null } } });
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
    expect(store.tabs[0]!.document.offline).toBe(undefined);
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
