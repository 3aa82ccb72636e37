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
  return { client, store: new AppDocumentStore(client), calls: () => client.calls.map((call) => call.name) };
}

describe('AppDocumentStore', () => {
  it('opens a document at the page that was asked for, without telling main of the page', async () => {
    const { store, client } = setUp();
    const opening = store.open('samples', request('a.pdf', 3));
    expect(store.state.status).toBe('opening');
    await opening;
    expect(store.state).toMatchObject({ status: 'open', startPage: 3, document: { key: 'a.pdf' } });
    expect(client.calls[0]?.input).toEqual({
      accountId: 'samples',
      bucket: 'reports',
      key: 'a.pdf',
      versionId: null,
      source: null,
    });
  });

  it('closes what was open before it opens the next', async () => {
    const { store, calls } = setUp();
    await store.open('samples', request('a.pdf'));
    await store.open('samples', request('b.pdf'));
    expect(calls()).toEqual(['documents.open', 'documents.close', 'documents.open']);
    store.close();
    expect([store.state.status, calls().at(-1)]).toEqual(['none', 'documents.close']);
  });

  it('keeps what was asked beside a failure, to ask again', async () => {
    const { store } = setUp({ 'documents.open': () => fail('oss.noSuchKey', 'gone') });
    await store.open('samples', request('a.pdf'));
    expect(store.state).toMatchObject({
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
    expect(store.state).toEqual({ status: 'none' });
  });
});
