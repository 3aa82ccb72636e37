/** What the process that is killed and the test that kills it agree on. */
import { AccountId } from '#contract/ids.ts';
import type { Sealing } from '#services/kept-folder.ts';
import type { KeptDocument } from '#services/kept-pages.ts';
import { toPageKey } from '#services/sealed-bytes.ts';

export const ACCOUNT_ID = AccountId.parse('a1b2c3d4e5f60718');
export const WRITER_ID = 'ab'.repeat(32);
export const PAGES = 12;
export const KEY = toPageKey(Buffer.alloc(32, 5));

/** The key is at hand, whether it is written with or not. */
export function sealingBy(isOn: boolean): Sealing {
  return { writeAs: () => (isOn ? KEY : 'plain'), findKey: (id) => (id === KEY.id ? KEY : null) };
}

export function toDocument(accountId: AccountId): KeptDocument {
  return {
    ...{ accountId, bucket: 'reports', key: 'a.pdf', versionId: null, source: 'pdf', etag: 'A' },
    ...{ sizeBytes: 1000, modifiedAt: '2026-01-15T08:30:00.000Z' },
  };
}

/** Up to 3 MB, so that a kill meets a write that is under way. Says its page and round, all through. */
export function pageBytes(pageNumber: number, round: number): Uint8Array<ArrayBuffer> {
  const size = 300_000 + ((pageNumber * 791_919 + round * 104_729) % 2_700_000);
  const bytes = new Uint8Array(size).fill((pageNumber * 31 + round) % 251);
  new DataView(bytes.buffer).setUint32(0, round);
  return bytes;
}
