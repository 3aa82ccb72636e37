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
  readonly tops: Float64Array;
  readonly widths: Float64Array;
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
  const { count, devicePixelRatio, viewWidth } = input;
  const snap = (px: number): number => Math.max(1, Math.round(px * devicePixelRatio)) / devicePixelRatio;
  const gap = snap(PAGE_GAP);
  const widths = new Float64Array(count);
  let widest = 0;
  const tops = toTops(count, (index) => {
    const box = input.boxOf(index + 1);
    const scale = input.scaleOf(box);
    widths[index] = snap(box.widthPx * scale);
    widest = Math.max(widest, widths[index]);
    return snap(box.heightPx * scale) + gap;
  });
  for (let index = 0; index <= count; index += 1) tops[index]! += gap;
  return {
    count,
    tops,
    widths,
    contentWidth: Math.max(viewWidth, Math.ceil(widest + 2 * PAGE_MARGIN)),
    totalHeight: tops[count]! + input.tail,
    devicePixelRatio,
  };
}

/** The slot of a page; pages outside the document give the nearest one. */
export function slotOf(layout: PageLayout, pageNumber: number): Slot {
  const index = Math.min(layout.count, Math.max(1, pageNumber)) - 1;
  const top = layout.tops[index]!;
  const width = layout.widths[index]!;
  const left = (layout.contentWidth - width) / 2;
  return {
    pageNumber: index + 1,
    top,
    left: Math.floor(left * layout.devicePixelRatio) / layout.devicePixelRatio,
    width,
    height: layout.tops[index + 1]! - top - gapOf(layout),
  };
}

/** Pages of which any part lies in the view. */
export function visibleRange(layout: PageLayout, top: number, height: number): PageRange {
  const bottom = top + height;
  let from = rowAt(layout.tops, top) + 1;
  let to = rowAt(layout.tops, bottom) + 1;
  const first = slotOf(layout, from);
  if (first.top + first.height <= top) from += 1;
  if (slotOf(layout, to).top >= bottom) to -= 1;
  return { from, to: Math.min(to, layout.count) };
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
  const slot = slotOf(layout, rowAt(layout.tops, y) + 1);
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

/** The page at an offset; in a gap the one above it, beyond the ends the first or the last. */
export function pageAt(layout: PageLayout, y: number): number {
  return rowAt(layout.tops, y) + 1;
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
