/** The contact sheet's arithmetic: so many cells in a row, which rows are in the DOM, which page an arrow key leads to. */
import { THUMBNAIL_WIDTH } from './thumbnails.ts';

const MAX_PICTURE_HEIGHT = 204;
const CELL_GAP = 16;
/** Below the picture: the number. */
const CAPTION_HEIGHT = 28;
/** Rows kept above and below those in view. */
const SPARE_ROWS = 1;

export interface Sheet {
  readonly columns: number;
  readonly rows: number;
  readonly rowHeight: number;
  readonly pictureHeight: number;
}

/** `size` is a page's, in any unit; `width` is the room for cells, CSS px. */
export function sheetOf(count: number, width: number, size: { widthPx: number; heightPx: number }): Sheet {
  const columns = Math.max(1, Math.floor((width + CELL_GAP) / (THUMBNAIL_WIDTH + CELL_GAP)));
  const pictureHeight = Math.round(Math.min(MAX_PICTURE_HEIGHT, (THUMBNAIL_WIDTH * size.heightPx) / size.widthPx));
  return {
    columns,
    rows: Math.ceil(count / columns),
    rowHeight: pictureHeight + CAPTION_HEIGHT + CELL_GAP,
    pictureHeight,
  };
}

/** Rows to have in the DOM, from 0. */
export function sheetRows({ rows, rowHeight }: Sheet, scrollTop: number, height: number): number[] {
  const from = Math.max(0, Math.floor(scrollTop / rowHeight) - SPARE_ROWS);
  const to = Math.min(rows - 1, Math.floor((scrollTop + height) / rowHeight) + SPARE_ROWS);
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, n) => from + n);
}

/** Pages of a row, from 0. */
export function pagesOfRow({ columns }: Sheet, row: number, count: number): number[] {
  const first = row * columns + 1;
  return Array.from({ length: Math.max(0, Math.min(columns, count - first + 1)) }, (_, n) => first + n);
}

/**
 * Where a key leads from a page; null: it is none of the sheet's keys. At an edge one stays; a screen of so many rows
 * (`rowsInView`) ends at the last row in the same column, or the last page.
 */
export function stepOnSheet(sheet: Sheet, page: number, key: string, count: number, rowsInView: number): number | null {
  const screen = sheet.columns * Math.max(1, rowsInView);
  const column = (page - 1) % sheet.columns;
  if (key === 'PageUp') return Math.max(column + 1, page - screen);
  if (key === 'PageDown') return Math.min(count, (sheet.rows - 1) * sheet.columns + column + 1, page + screen);
  const steps: Record<string, number> = {
    ...{ ArrowLeft: -1, ArrowRight: 1, ArrowUp: -sheet.columns, ArrowDown: sheet.columns },
    ...{ Home: 1 - page, End: count - page },
  };
  const step = steps[key];
  if (step === undefined) return null;
  const next = page + step;
  return next < 1 || next > count ? page : next;
}

/** Pages as a person writes them: `1-3,7`. */
export function toRangeText(pages: Iterable<number>): string {
  const parts: { from: number; to: number }[] = [];
  for (const page of [...pages].sort((a, b) => a - b)) {
    const last = parts.at(-1);
    if (last && page === last.to + 1) last.to = page;
    else parts.push({ from: page, to: page });
  }
  return parts.map(({ from, to }) => (from === to ? `${from}` : `${from}-${to}`)).join(',');
}
