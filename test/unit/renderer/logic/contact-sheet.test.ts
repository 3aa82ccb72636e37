import { describe, expect, it } from 'vitest';
import { pagesOfRow, sheetOf, sheetRows, stepOnSheet, toRangeText } from '#renderer/logic/contact-sheet.ts';
import { readPageRange } from '#renderer/logic/page-range.ts';

const A4 = { widthPx: 1588, heightPx: 2246 };

describe('the contact sheet', () => {
  it('fills the width with whole cells and never has less than one', () => {
    expect(sheetOf(37, 144 * 5 + 16 * 4, A4)).toMatchObject({ columns: 5, rows: 8, pictureHeight: 204 });
    expect(sheetOf(37, 144 * 5 + 16 * 4 - 1, A4)).toMatchObject({ columns: 4, rows: 10 });
    expect(sheetOf(3, 10, A4)).toMatchObject({ columns: 1, rows: 3 });
    expect(sheetOf(3, 800, { widthPx: 1600, heightPx: 900 }).pictureHeight).toBe(81);
  });

  it('has only the rows near the view in the DOM, at 2,000 pages too', () => {
    const sheet = sheetOf(2000, 784, A4);
    const rows = sheetRows(sheet, 100 * sheet.rowHeight, 600);
    expect([rows[0], rows.at(-1)]).toEqual([99, 103]);
    expect(sheetRows(sheet, 0, 600)[0]).toBe(0);
    expect(sheetRows(sheet, 1e9, 600)).toEqual([]);
    expect(pagesOfRow(sheet, 399, 1998)).toEqual([1996, 1997, 1998]);
  });

  it('walks by arrows and stays at the edges', () => {
    const sheet = sheetOf(12, 784, A4);
    const from = (page: number, key: string): number | null => stepOnSheet(sheet, page, key, 12, 2);
    expect([from(1, 'ArrowRight'), from(1, 'ArrowLeft'), from(3, 'ArrowDown'), from(9, 'ArrowDown')]).toEqual([
      2, 1, 8, 9,
    ]);
    expect([from(7, 'Home'), from(7, 'End'), from(7, 'x')]).toEqual([1, 12, null]);
  });

  it('turns by screens of rows, in the same column, and stays in it at the ends', () => {
    const sheet = sheetOf(1998, 784, A4);
    expect(sheet.columns).toBe(5);
    const from = (page: number, key: string): number | null => stepOnSheet(sheet, page, key, 1998, 2);
    expect([from(1, 'PageDown'), from(13, 'PageUp'), from(13, 'PageDown')]).toEqual([11, 3, 23]);
    expect([from(8, 'PageUp'), from(1988, 'PageDown'), from(1990, 'PageDown')]).toEqual([3, 1998, 1998]);
    expect(stepOnSheet(sheet, 1, 'PageDown', 1998, 0)).toBe(6);
  });

  it('writes a selection so that it reads as the same pages', () => {
    expect(toRangeText([9, 3, 1, 2, 7])).toBe('1-3,7,9');
    expect(readPageRange(toRangeText([9, 3, 1, 2, 7]), 12)).toMatchObject({
      ok: true,
      selection: [
        { from: 1, to: 3 },
        { from: 7, to: 7 },
        { from: 9, to: 9 },
      ],
    });
  });
});
