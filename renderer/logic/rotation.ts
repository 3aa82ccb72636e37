/** Pages turned by quarters: for the eyes alone. What is copied or exported stays as the service made it. */
import type { Anchor } from './page-layout.ts';
import type { PictureSize } from './page-sizes.ts';

/** Clockwise. */
export type QuarterTurns = 0 | 1 | 2 | 3;

/** The room a picture takes when it is turned. */
export function turnedSize(size: PictureSize, quarterTurns: QuarterTurns): PictureSize {
  return quarterTurns % 2 === 0 ? size : { widthPx: size.heightPx, heightPx: size.widthPx };
}

/** Where a spot of a page lies after one more quarter, clockwise (1) or back (-1). Room beside the page is left out. */
export function turnedSpot({ pageNumber, shareX, shareY }: Anchor, quarters: 1 | -1): Anchor {
  const [x, y] = quarters === 1 ? [1 - shareY, shareX] : [shareY, 1 - shareX];
  return { pageNumber, shareX: x, shareY: y, beyondX: 0, beyondY: 0 };
}
