import { describe, expect, it } from 'vitest';
import type { ObjectVersionView } from '#contract/objects.ts';
import { fail, ok } from '#contract/errors.ts';
import { AccountId } from '#contract/ids.ts';
import { VersionsStore } from '#renderer/state/versions.svelte.ts';
import { makeLater, makeScriptedClient, type Script } from './scripted-client.ts';

const version = (versionId: string): ObjectVersionView => ({
  versionId,
  isLatest: false,
  isDeleted: false,
  modifiedAt: '2026-01-01T00:00:00.000Z',
  sizeBytes: 1,
  etag: 'e',
  storageClass: 'Standard',
});
const of = { accountId: AccountId.parse('samples'), bucket: 'docs', key: 'a.pdf' };
const setUp = (answer: Script['objects.versions']) => {
  const client = makeScriptedClient({ 'objects.versions': answer });
  return { client, store: new VersionsStore(client, of) };
};

describe('VersionsStore', () => {
  it('asks page by page, only when somebody wants more, and again for a page that failed', async () => {
    let isBroken = true;
    const { client, store } = setUp(({ next }) => {
      if (next === null) return ok({ versions: [version('v3'), version('v2')], next: 'v2' });
      return isBroken ? fail('net.timeout', 'no answer') : ok({ versions: [version('v1')], next: null });
    });
    await store.load();
    expect([store.versions.length, store.hasMore, client.calls.length]).toEqual([2, true, 1]);
    await store.load();
    expect(store.state).toMatchObject({ status: 'failed', error: { code: 'net.timeout' } });
    isBroken = false;
    await store.load();
    expect(store.versions.map(({ versionId }) => versionId)).toEqual(['v3', 'v2', 'v1']);
    expect([store.hasMore, store.isUnversioned]).toEqual([false, false]);
  });

  it('tells an object without versions from one with a single version', async () => {
    for (const [id, isUnversioned] of [
      ['null', true],
      ['v1', false],
    ] as const) {
      const { store } = setUp(() => ok({ versions: [version(id)], next: null }));
      await store.load();
      expect(store.isUnversioned).toBe(isUnversioned);
    }
  });

  it('hears nothing after it was put away', async () => {
    const late = makeLater<ReturnType<typeof ok<{ versions: ObjectVersionView[]; next: null }>>>();
    const { store } = setUp(() => late.promise);
    const loading = store.load();
    store.dispose();
    late.resolve(ok({ versions: [version('v1')], next: null }));
    await loading;
    expect(store.versions).toEqual([]);
  });
});
