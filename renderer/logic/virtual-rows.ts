/** Which rows of a long list of equal rows are on the screen. Pure: numbers in, numbers out. */

/**
 * Blink cuts a scroll box off at about 16.7 million device pixels. Above this many CSS pixels the list is compressed:
 * one pixel of the scroll bar is then more than one pixel of the list. Good for a device pixel ratio of 3.
 */
export const MAX_SCROLL_PX = 5_000_000;

export interface ListShape {
  readonly count: number;
  readonly rowHeightPx: number;
  readonly viewportPx: number;
}

/** Height that the scroll box shows for all rows together. */
export function scrollHeight(shape: ListShape): number {
  return Math.min(shape.count * shape.rowHeightPx, MAX_SCROLL_PX);
}

/** Where the top of the view is in the whole list, px, for a position of the scroll bar. */
function toListTop(scrollTop: number, shape: ListShape): number {
  const full = shape.count * shape.rowHeightPx - shape.viewportPx;
  const shown = scrollHeight(shape) - shape.viewportPx;
  if (full <= 0 || shown <= 0) return 0;
  const at = Math.min(Math.max(scrollTop, 0), shown);
  return full === shown ? at : (at / shown) * full;
}

export interface VisibleRows {
  /** Index of the first row to mount. */
  readonly first: number;
  /** Index behind the last row to mount. */
  readonly end: number;
  /** Where the first mounted row starts in the scroll box, px. */
  readonly offsetPx: number;
}

/** The rows to mount at a scroll position: those in view and `overscan` more on each side. */
export function visibleRows(scrollTop: number, shape: ListShape, overscan: number): VisibleRows {
  const top = toListTop(scrollTop, shape);
  const first = Math.max(0, Math.floor(top / shape.rowHeightPx) - overscan);
  const end = Math.min(shape.count, Math.ceil((top + shape.viewportPx) / shape.rowHeightPx) + overscan);
  const maxScroll = Math.max(0, scrollHeight(shape) - shape.viewportPx);
  const at = Math.min(Math.max(scrollTop, 0), maxScroll);
  return { first: Math.min(first, end), end, offsetPx: at + (first * shape.rowHeightPx - top) };
}

/** The scroll position that brings a row into view with the least movement; the present one when it is in view. */
export function scrollToRow(index: number, scrollTop: number, shape: ListShape): number {
  const top = toListTop(scrollTop, shape);
  const rowTop = index * shape.rowHeightPx;
  const isAbove = rowTop < top;
  const isBelow = rowTop + shape.rowHeightPx > top + shape.viewportPx;
  if (!isAbove && !isBelow) return scrollTop;
  const wanted = Math.max(0, isAbove ? rowTop : rowTop + shape.rowHeightPx - shape.viewportPx);
  const full = shape.count * shape.rowHeightPx - shape.viewportPx;
  const shown = scrollHeight(shape) - shape.viewportPx;
  return full <= 0 || full === shown ? wanted : (wanted / full) * shown;
}

/** The row that a key leads to from row `index` (-1: none yet), or null when the key moves nothing. */
export function rowForKey(key: string, index: number, shape: ListShape): number | null {
  if (shape.count === 0) return null;
  const screen = Math.max(1, Math.floor(shape.viewportPx / shape.rowHeightPx) - 1);
  const last = shape.count - 1;
  switch (key) {
    case 'ArrowDown':
      return Math.min(last, index + 1);
    case 'ArrowUp':
      return Math.max(0, index - 1);
    case 'PageDown':
      return Math.min(last, Math.max(0, index) + screen);
    case 'PageUp':
      return Math.max(0, index - screen);
    case 'Home':
      return 0;
    case 'End':
      return last;
    default:
      return null;
  }
}
