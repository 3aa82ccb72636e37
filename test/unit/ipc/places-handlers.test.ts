/** Pins, recent documents and tabs as the page may use them: its own documents, accounts that are there, and nothing afterwards. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Out } from '#contract/contract.ts';
import type { Result } from '#contract/errors.ts';
import type { OpenTab, Place } from '#contract/places.ts';
import { DRAFT, makeDesk, type Desk } from './desk.ts';

let desk: Desk;
beforeEach(async () => {
  desk = await makeDesk();
});
afterEach(() => desk.dispose());

const place: Place = { kind: 'folder', bucket: 'pagelens-samples', prefix: 'english/' };
const key = 'english/Crew manual.pdf';

function taken<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}
const open = async (accountId: string): Promise<Out<'documents.open'>> =>
  taken(
    await desk.call('documents.open', { accountId, bucket: 'pagelens-samples', key, versionId: null, source: null }),
  );

it('an account that is removed takes its pins and recent documents along; those of the samples stay', async () => {
  const account = taken(await desk.call('accounts.add', { draft: DRAFT, keep: 'session' }));
  for (const accountId of [account.id, 'samples']) {
    taken(await desk.call('places.pin', { accountId, place }));
    const { handle } = await open(accountId);
    taken(await desk.call('places.note', { handle, pageNumber: 4 }));
  }
  const before = taken(await desk.call('places.get', {}));
  expect([before.pins.length, before.recents.length]).toEqual([2, 2]);
  taken(await desk.call('accounts.remove', { accountId: account.id }));
  const after = taken(await desk.call('places.get', {}));
  expect([...after.pins, ...after.recents].map(({ accountId }) => accountId)).toEqual(['samples', 'samples']);
  expect(desk.events.at(-1)).toMatchObject({ name: 'places.changed' });
});

it('tabs are told and asked for by account; one that is removed takes them along, one that is not there has none', async () => {
  const tabs: OpenTab[] = [{ bucket: 'pagelens-samples', key, versionId: null, source: 'pdf' }];
  const account = taken(await desk.call('accounts.add', { draft: DRAFT, keep: 'session' }));
  taken(await desk.call('places.setTabs', { accountId: account.id, tabs }));
  expect(taken(await desk.call('places.getTabs', { accountId: account.id }))).toEqual({ tabs });
  expect(taken(await desk.call('places.getTabs', { accountId: 'samples' }))).toEqual({ tabs: [] });
  taken(await desk.call('accounts.remove', { accountId: account.id }));
  expect(await desk.call('places.setTabs', { accountId: account.id, tabs })).toMatchObject({
    ok: false,
    error: { code: 'account.unknown' },
  });
  expect(taken(await desk.call('places.getTabs', { accountId: account.id }))).toEqual({ tabs: [] });
});

it('a page notes only documents that it has open, and pins only in accounts that are there', async () => {
  const { handle } = await open('samples');
  taken(await desk.call('documents.close', { handle }));
  const closed = { ok: false, error: { code: 'document.closed' } };
  expect(await desk.call('places.note', { handle, pageNumber: 1 })).toMatchObject(closed);
  expect(await desk.call('places.note', { handle: '0'.repeat(32), pageNumber: 1 })).toMatchObject(closed);
  expect(await desk.call('places.pin', { accountId: 'f'.repeat(16), place })).toMatchObject({
    ok: false,
    error: { code: 'account.unknown' },
  });
  expect(taken(await desk.call('places.get', {}))).toEqual({ pins: [], recents: [] });
});
