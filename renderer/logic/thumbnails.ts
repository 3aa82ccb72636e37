/** The list of small pages: how high its rows are, which are in view, where to scroll to show one. */
import type { PageRange } from './page-layout.ts';
import type { PictureSize } from './page-sizes.ts';

/** Widest small picture, CSS px, in the list and on the contact sheet alike. */
export const THUMBNAIL_WIDTH = 144;
/** As high as A4 of that width. */
const MAX_PICTURE_HEIGHT = 204;
const MIN_PICTURE_HEIGHT = 56;
/** Below the picture: the number, and air on both sides. */
const CAPTION_HEIGHT = 40;
/** Rows kept beyond either edge. */
const OVERSCAN = 2;

/** Height of every row for pages like this one. */
export function railRow(size: PictureSize): { height: number; pictureHeight: number } {
  const natural = (THUMBNAIL_WIDTH * size.heightPx) / size.widthPx;
  const pictureHeight = Math.round(Math.min(MAX_PICTURE_HEIGHT, Math.max(MIN_PICTURE_HEIGHT, natural)));
  return { height: pictureHeight + CAPTION_HEIGHT, pictureHeight };
}

/** Pages (from 1) whose rows are to be in the DOM. */
export function railRows(rail: { count: number; rowHeight: number; scrollTop: number; viewHeight: number }): PageRange {
  const first = Math.floor(rail.scrollTop / rail.rowHeight) + 1 - OVERSCAN;
  const last = Math.ceil((rail.scrollTop + rail.viewHeight) / rail.rowHeight) + OVERSCAN;
  return { from: Math.max(1, first), to: Math.min(rail.count, last) };
}

/** Where to scroll so that a page's row is wholly in view; null when it is. A far row comes to the middle. */
export function scrollToRow(
  page: number,
  rail: { rowHeight: number; scrollTop: number; viewHeight: number },
): number | null {
  const top = (page - 1) * rail.rowHeight;
  const bottom = top + rail.rowHeight + 16;
  const isInView = top >= rail.scrollTop && bottom <= rail.scrollTop + rail.viewHeight;
  if (isInView) return null;
  const isNear = top > rail.scrollTop - rail.viewHeight && bottom < rail.scrollTop + 2 * rail.viewHeight;
  if (!isNear) return Math.max(0, top - (rail.viewHeight - rail.rowHeight) / 2);
  return top < rail.scrollTop ? top : bottom - rail.viewHeight;
}
