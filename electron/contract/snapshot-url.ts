/** The one place where the shape of a page picture's address is known: `snapshot://page/<handle>/<version>/<page>.<png|jpg>`. */

/** OSS's own limit on `page_N`. */
export const MAX_PAGE_NUMBER = 2000;

export interface SnapshotAddress {
  handle: string;
  version: string;
  /** From 1. */
  pageNumber: number;
  target: 'png' | 'jpg';
}

const SHAPE = /^snapshot:\/\/page\/([a-f0-9]{32})\/([a-f0-9]{16})\/([1-9][0-9]{0,3})\.(png|jpg)$/;

/** Builds the address of one page picture. It holds no bucket, key, account, signature or path. */
export function toSnapshotUrl(address: SnapshotAddress): string {
  return `snapshot://page/${address.handle}/${address.version}/${address.pageNumber}.${address.target}`;
}

/** Reads an address exactly as `toSnapshotUrl` writes it; anything else, a query or an escape included, is null. */
export function readSnapshotUrl(url: string): SnapshotAddress | null {
  const match = SHAPE.exec(url);
  if (!match) return null;
  const pageNumber = Number(match[3]);
  if (pageNumber > MAX_PAGE_NUMBER) return null;
  return { handle: match[1]!, version: match[2]!, pageNumber, target: match[4] as 'png' | 'jpg' };
}
