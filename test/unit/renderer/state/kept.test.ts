import { describe, expect, it } from 'vitest';
import { ok } from '#contract/errors.ts';
import { AccountId } from '#contract/ids.ts';
import { KeptView, type KeptPagesView } from '#contract/kept-pages.ts';
import { KeptStore, NO_ENCRYPTION } from '#renderer/state/kept.svelte.ts';
import { makeScriptedClient } from './scripted-client.ts';

const plan: KeptView = KeptView.parse({
  ...{ id: 'a'.repeat(64), accountId: AccountId.parse('0123456789abcdef'), bucket: 'papers', key: 'plan.pdf' },
  ...{ versionId: null, source: 'pdf', pagesHere: 3, total: 9, bytes: 1 },
  ...{ verifiedAt: '2026-03-01T00:00:00Z', isPinned: false, isOutdated: false },
});

async function storeOf(...documents: KeptView[]): Promise<KeptStore> {
  const view: KeptPagesView = { documents, bytes: 1, limitBytes: 10, encryption: NO_ENCRYPTION };
  const store = new KeptStore(makeScriptedClient({ 'kept.list': () => ok(view) }));
  await store.load();
  return store;
}

const listed = {
  ...{ accountId: plan.accountId, bucket: 'papers', key: 'plan.pdf', modifiedAt: '2026-02-01T00:00:00Z' },
};

describe('what a list says is here', () => {
  it('is what is kept of this object of this account', async () => {
    const store = await storeOf(plan);
    expect(store.hereOf(listed)).toEqual(plan);
    expect(store.hereOf({ ...listed, key: 'other.pdf' })).toBe(null);
    expect(store.hereOf({ ...listed, bucket: 'other' })).toBe(null);
    expect(store.hereOf({ ...listed, accountId: 'fedcba9876543210' })).toBe(null);
  });

  it('is nothing that belongs to another content: changed since, outdated, an old version, or empty', async () => {
    expect((await storeOf(plan)).hereOf({ ...listed, modifiedAt: '2026-03-02T00:00:00Z' })).toBe(null);
    expect((await storeOf({ ...plan, isOutdated: true })).hereOf(listed)).toBe(null);
    expect((await storeOf({ ...plan, versionId: 'v1' })).hereOf(listed)).toBe(null);
    expect((await storeOf({ ...plan, pagesHere: 0 })).hereOf(listed)).toBe(null);
  });
});
