/**
 * The one place where the shape of a page picture's address is known: `snapshot://page/<handle>/<version>/<page>.<png|jpg>`,
 * and `snapshot://small/…` for the same picture when only a small copy is made of it.
 */

/** OSS's own limit on `page_N`. */
export const MAX_PAGE_NUMBER = 2000;

export interface SnapshotAddress {
  /** `page`: somebody looks at it; `small`: for a small copy, which counts as no use of it. */
  use: 'page' | 'small';
  handle: string;
  version: string;
  /** From 1. */
  pageNumber: number;
  target: 'png' | 'jpg';
}

const SHAPE = /^snapshot:\/\/(page|small)\/([a-f0-9]{32})\/([a-f0-9]{16})\/([1-9][0-9]{0,3})\.(png|jpg)$/;

/** Builds the address of one page picture. It holds no bucket, key, account, signature or path. */
export function toSnapshotUrl(address: Omit<SnapshotAddress, 'use'>): string {
  return `snapshot://page/${address.handle}/${address.version}/${address.pageNumber}.${address.target}`;
}

/** The address of the same picture for a small copy. */
export const toSmallUrl = (url: string): string => url.replace('snapshot://page/', 'snapshot://small/');

/** Reads an address exactly as `toSnapshotUrl` and `toSmallUrl` write it; anything else, a query or an escape included, is null. */
export function readSnapshotUrl(url: string): SnapshotAddress | null {
  const match = SHAPE.exec(url);
  if (!match) return null;
  const pageNumber = Number(match[4]);
  if (pageNumber > MAX_PAGE_NUMBER) return null;
  const [use, target] = [match[1], match[5]] as [SnapshotAddress['use'], SnapshotAddress['target']];
  return { use, handle: match[2]!, version: match[3]!, pageNumber, target };
}
