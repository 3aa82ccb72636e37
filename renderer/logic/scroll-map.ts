/**
 * Documents taller than a scroll box can be. Blink loses layout units beyond some 33 million device pixels, so the
 * box stays under 15,000,000 device pixels and a `shift` says how far the document is ahead of the box:
 * `offset in the document = scrollTop + shift`. Small moves keep the shift, so scrolling stays one to one; a dragged
 * scroll bar is read as a share of the whole; when the view rests, the shift is set so that the bar shows that share.
 * While the document fits, the shift is 0 and none of this is felt. Capping the zoom instead was rejected: long
 * documents would then be the ones that cannot be looked at closely.
 */

/** Most device pixels a scroll box may be high. */
export const MAX_BOX_DEVICE_PX = 15_000_000;

export interface ScrollSpan {
  /** Height of the document, CSS px. */
  total: number;
  /** Height of the view, CSS px. */
  view: number;
  devicePixelRatio: number;
}

/** Height of the scrolled box, CSS px. */
export function boxHeight(span: ScrollSpan): number {
  return Math.min(span.total, Math.floor(MAX_BOX_DEVICE_PX / span.devicePixelRatio));
}

/** Furthest offset of the document's view. */
export function maxTop(span: ScrollSpan): number {
  return Math.max(0, span.total - span.view);
}

/** The shift at which the scroll bar tells the truth about an offset. */
export function restShift(span: ScrollSpan, top: number): number {
  const box = boxHeight(span);
  if (box >= span.total) return 0;
  return top - Math.round(top * ((box - span.view) / maxTop(span)));
}

/** Reads a scroll position: the offset in the document, and the shift that goes with it from now on. */
export function readScroll(
  span: ScrollSpan,
  scrollTop: number,
  lastScrollTop: number,
  shift: number,
): { top: number; shift: number } {
  const box = boxHeight(span);
  if (box >= span.total) return { top: scrollTop, shift: 0 };
  const isLeap = Math.abs(scrollTop - lastScrollTop) > 2 * span.view;
  const wanted = isLeap ? scrollTop * (maxTop(span) / (box - span.view)) : scrollTop + shift;
  const top = Math.min(maxTop(span), Math.max(0, wanted));
  return { top, shift: top - scrollTop };
}
