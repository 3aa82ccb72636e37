/**
 * Which rows of a long list of equal rows are on the screen. Pure: numbers in, numbers out. Where the view is, is told in
 * px of the whole list (`listTop`); the scroll box may be shorter than the list, and its scroll bar is then only a map.
 */

/**
 * Blink cuts a scroll box off at about 16.7 million device pixels, so a longer list is compressed: one pixel of the
 * scroll bar is then more than one pixel of the list.
 */
export function maxScrollPx(devicePixelRatio: number): number {
  return Math.floor(15_000_000 / devicePixelRatio);
}

export interface ListShape {
  readonly count: number;
  readonly rowHeightPx: number;
  readonly viewportPx: number;
  /** The height that the scroll box may have, from `maxScrollPx`. */
  readonly maxScrollPx: number;
}

/** Height that the scroll box shows for all rows together. */
export function scrollHeight(shape: ListShape): number {
  return Math.min(shape.count * shape.rowHeightPx, shape.maxScrollPx);
}

/** Whether the scroll box is shorter than the list: then wheel and keys must move the list and not the scroll bar. */
export function isCompressed(shape: ListShape): boolean {
  return shape.count * shape.rowHeightPx > shape.maxScrollPx;
}

/** The farthest that the view can be down the list, px. */
const lastTop = (shape: ListShape): number => Math.max(0, shape.count * shape.rowHeightPx - shape.viewportPx);
const lastScrollTop = (shape: ListShape): number => Math.max(0, scrollHeight(shape) - shape.viewportPx);

/** A place that the view can be at: not above the first row, not below the last. */
export function withinList(listTop: number, shape: ListShape): number {
  return Math.min(Math.max(listTop, 0), lastTop(shape));
}

/** Where the view is in the whole list for a position of the scroll bar. */
export function toListTop(scrollTop: number, shape: ListShape): number {
  const last = lastScrollTop(shape);
  return last === 0 ? 0 : withinList(isCompressed(shape) ? (scrollTop / last) * lastTop(shape) : scrollTop, shape);
}

/** The position of the scroll bar for a place of the view. */
export function toScrollTop(listTop: number, shape: ListShape): number {
  const at = withinList(listTop, shape);
  return isCompressed(shape) ? (at / lastTop(shape)) * lastScrollTop(shape) : at;
}

export interface VisibleRows {
  /** Index of the first row to mount. */
  readonly first: number;
  /** Index behind the last row to mount. */
  readonly end: number;
  /** Where the first mounted row starts below the top of the view, px; negative above it. */
  readonly offsetPx: number;
}

/** The rows to mount where the view is: those in view and `overscan` more on each side. */
export function visibleRows(listTop: number, shape: ListShape, overscan: number): VisibleRows {
  const top = withinList(listTop, shape);
  const first = Math.max(0, Math.floor(top / shape.rowHeightPx) - overscan);
  const end = Math.min(shape.count, Math.ceil((top + shape.viewportPx) / shape.rowHeightPx) + overscan);
  return { first: Math.min(first, end), end, offsetPx: first * shape.rowHeightPx - top };
}

/** Where the view has to be to show a row with the least movement; where it is when it shows it already. */
export function topToShow(index: number, listTop: number, shape: ListShape): number {
  const rowTop = index * shape.rowHeightPx;
  if (rowTop < listTop) return withinList(rowTop, shape);
  const below = rowTop + shape.rowHeightPx - shape.viewportPx;
  return below > listTop ? withinList(below, shape) : listTop;
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
