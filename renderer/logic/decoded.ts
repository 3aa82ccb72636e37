/** Keeps the decoded pictures of the mounted pages within a byte budget. */
import type { PictureSize } from './page-sizes.ts';

/** Decoded pictures at most; a pixel takes 4 bytes. A page of A4 at 150 dpi takes 8.7 MB of it. */
export const MAX_DECODED_BYTES = 256 * 1024 * 1024;

/** Bytes of a decoded picture. */
export function decodedBytes(size: PictureSize): number {
  return size.widthPx * size.heightPx * 4;
}

/** The pages whose pictures are put on the screen: all in view, then the nearest that fit the budget. */
export function picturesWithin(
  nearestFirst: readonly number[],
  isInView: (pageNumber: number) => boolean,
  bytesOf: (pageNumber: number) => number,
  budget: number = MAX_DECODED_BYTES,
): Set<number> {
  const taken = new Set<number>();
  let used = 0;
  for (const page of nearestFirst) {
    const bytes = bytesOf(page);
    if (!isInView(page) && used + bytes > budget) continue;
    used += bytes;
    taken.add(page);
  }
  return taken;
}
