/** Where every page of a document lies, and which of them a view shows. All offsets are CSS px of the whole document. */
import { rowAt, toTops } from './prefix-sums.ts';
import type { PictureSize } from './page-sizes.ts';
import { PAGE_GAP, PAGE_MARGIN } from './zoom.ts';

/** Mounted pages at most: DOM and decoded pictures stay small however long the document is. */
export const MAX_MOUNTED = 15;

export interface LayoutInput {
  count: number;
  /** The box of a page (from 1), in its picture's pixels. */
  boxOf(pageNumber: number): PictureSize;
  /** CSS px per picture pixel for a box. */
  scaleOf(box: PictureSize): number;
  viewWidth: number;
  devicePixelRatio: number;
  /** Pages side by side: 2 for a spread, whose inner edges meet at the middle. */
  columns?: 1 | 2;
  /** Room below the last page, CSS px. */
  tail: number;
}

/** Offset and size of one page's slot, on whole device pixels. */
export interface Slot {
  pageNumber: number;
  top: number;
  left: number;
  width: number;
  height: number;
}

export interface PageLayout {
  readonly count: number;
  readonly columns: 1 | 2;
  /** Where each row of pages begins, and where the last one ends. */
  readonly tops: Float64Array;
  readonly widths: Float64Array;
  readonly heights: Float64Array;
  /** Width to scroll over: at least the view's. */
  readonly contentWidth: number;
  readonly totalHeight: number;
  readonly devicePixelRatio: number;
}

/** Closed range of pages, from 1. `from` is over `to` when it is empty. */
export interface PageRange {
  from: number;
  to: number;
}

/** The pages of a range, in order. */
export function rangeOf({ from, to }: PageRange): number[] {
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index);
}

/** A spot of the document that stays the same spot when sizes change: a share of a page, or px beside it. */
export interface Anchor {
  pageNumber: number;
  /** Share of the page's height and width, 0..1. */
  shareY: number;
  shareX: number;
  /** CSS px outside the page, for a spot in a gap or margin, which does not grow with the zoom. */
  beyondY: number;
  beyondX: number;
}

/** Lays out all pages. Sizes and tops are whole device pixels: a picture at 100 % is then drawn pixel by pixel. */
export function layOut(input: LayoutInput): PageLayout {
  const { count, columns = 1, devicePixelRatio, viewWidth } = input;
  const snap = (px: number): number => Math.max(1, Math.round(px * devicePixelRatio)) / devicePixelRatio;
  const gap = snap(PAGE_GAP);
  const widths = new Float64Array(count);
  const heights = new Float64Array(count);
  let widest = 0;
  for (let index = 0; index < count; index += 1) {
    const box = input.boxOf(index + 1);
    const scale = input.scaleOf(box);
    const width = snap(box.widthPx * scale);
    widths[index] = width;
    heights[index] = snap(box.heightPx * scale);
    widest = Math.max(widest, width);
  }
  const tops = toTops(Math.ceil(count / columns), (row) => {
    const [first = 0, second = 0] = heights.subarray(row * columns, (row + 1) * columns);
    return Math.max(first, second) + gap;
  });
  for (let row = 0; row < tops.length; row += 1) tops[row]! += gap;
  return {
    count,
    columns,
    tops,
    widths,
    heights,
    contentWidth: Math.max(viewWidth, Math.ceil(columns * widest + (columns - 1) * gap + 2 * PAGE_MARGIN)),
    totalHeight: tops.at(-1)! + input.tail,
    devicePixelRatio,
  };
}

/** The slot of a page; pages outside the document give the nearest one. */
export function slotOf(layout: PageLayout, pageNumber: number): Slot {
  const { columns, contentWidth, devicePixelRatio } = layout;
  const index = Math.min(layout.count, Math.max(1, pageNumber)) - 1;
  const width = layout.widths[index]!;
  const middle = contentWidth / 2;
  const fromFold = gapOf(layout) / 2;
  const isLeft = index % 2 === 0;
  const left = columns === 1 ? middle - width / 2 : isLeft ? middle - fromFold - width : middle + fromFold;
  return {
    pageNumber: index + 1,
    top: layout.tops[Math.floor(index / columns)]!,
    left: Math.floor(left * devicePixelRatio) / devicePixelRatio,
    width,
    height: layout.heights[index]!,
  };
}

/** Where the last page ends, CSS px, the gap below it included. */
export function bottomOf(layout: PageLayout): number {
  return layout.tops.at(-1)!;
}

/** Pages of which any part lies in the view. */
export function visibleRange(layout: PageLayout, top: number, height: number): PageRange {
  const { columns, count } = layout;
  const bottom = top + height;
  let from = pageAt(layout, top);
  let to = Math.min(count, pageAt(layout, bottom) + columns - 1);
  const firstRow = from + columns;
  const endOf = ({ top: start, height: length }: Slot): number => start + length;
  while (from < firstRow && from <= count && endOf(slotOf(layout, from)) <= top) from += 1;
  while (to > 0 && slotOf(layout, to).top >= bottom) to -= 1;
  return { from, to };
}

/** Pages to keep in the DOM: those within one screen of the view, at most 15, nearest the view's centre kept. */
export function mountedRange(layout: PageLayout, top: number, height: number): PageRange {
  let { from, to } = visibleRange(layout, top - height, 3 * height);
  const centre = top + height / 2;
  while (to - from + 1 > MAX_MOUNTED) {
    if (distanceTo(slotOf(layout, from), centre) >= distanceTo(slotOf(layout, to), centre)) from += 1;
    else to -= 1;
  }
  return { from, to };
}

/** How far a page's middle is from an offset, CSS px: "nearest the centre first". */
export function distanceTo(slot: Slot, offset: number): number {
  return Math.abs(slot.top + slot.height / 2 - offset);
}

/**
 * The page being read: the one most of which is in view; of several wholly in view, the uppermost. `aimed` is the
 * page just gone to, which stays the one being read while any of it is in view: the last page cannot reach the top.
 */
export function currentPage(layout: PageLayout, top: number, height: number, aimed: number | null): number {
  const { from, to } = visibleRange(layout, top, height);
  if (aimed !== null && aimed >= from && aimed <= to) return aimed;
  let best = Math.min(layout.count, Math.max(1, from));
  let bestShare = 0;
  for (let page = from; page <= to; page += 1) {
    const slot = slotOf(layout, page);
    const inView = Math.min(slot.top + slot.height, top + height) - Math.max(slot.top, top);
    // Pages taller than the view count by the share of the view that they fill.
    const share = inView / Math.min(slot.height, height);
    if (share > bestShare + 1e-6) [best, bestShare] = [page, share];
  }
  return best;
}

/** The anchor of a point of the document. */
export function anchorAt(layout: PageLayout, x: number, y: number): Anchor {
  const first = pageAt(layout, y);
  const isRight = layout.columns === 2 && x >= layout.contentWidth / 2 && first < layout.count;
  const slot = slotOf(layout, isRight ? first + 1 : first);
  const vertical = split(y - slot.top, slot.height);
  const horizontal = split(x - slot.left, slot.width);
  return {
    pageNumber: slot.pageNumber,
    shareY: vertical.share,
    beyondY: vertical.beyond,
    shareX: horizontal.share,
    beyondX: horizontal.beyond,
  };
}

/** Where an anchor lies now. */
export function pointOf(layout: PageLayout, anchor: Anchor): { x: number; y: number } {
  const slot = slotOf(layout, anchor.pageNumber);
  return {
    x: slot.left + anchor.shareX * slot.width + anchor.beyondX,
    y: slot.top + anchor.shareY * slot.height + anchor.beyondY,
  };
}

/** The page at an offset, of two the left one; in a gap the one above it, beyond the ends the first or the last. */
export function pageAt(layout: PageLayout, y: number): number {
  return rowAt(layout.tops, y) * layout.columns + 1;
}

/** The page so many turns on (1) or back (-1): a turn of a spread is two pages. Null where there is none. */
export function pageTurned(layout: PageLayout, pageNumber: number, turns: number): number | null {
  const first = pageNumber - ((pageNumber - 1) % layout.columns);
  const next = first + turns * layout.columns;
  return next < 1 || next > layout.count ? null : next;
}

/** Offset that puts a page's top just below the view's upper edge, before it is limited to what can be scrolled. */
export function topOfPage(layout: PageLayout, pageNumber: number): number {
  return slotOf(layout, pageNumber).top - gapOf(layout);
}

function gapOf(layout: PageLayout): number {
  return layout.tops[0]!;
}

/** A distance from an edge as a share of the inside, or as px outside of it. */
function split(distance: number, length: number): { share: number; beyond: number } {
  if (distance < 0) return { share: 0, beyond: distance };
  if (distance > length) return { share: 1, beyond: distance - length };
  return { share: distance / length, beyond: 0 };
}
