import { describe, expect, it } from 'vitest';
import { selectPages } from '#services/page-selection.ts';

const numbers = (selection: Parameters<typeof selectPages>[0]): number[] =>
  selectPages(selection).map((page) => page.pageNumber);

describe('a selection', () => {
  it('keeps the order written and takes each page once', () => {
    expect(
      numbers([
        { from: 5, to: 6 },
        { from: 1, to: 1 },
        { from: 4, to: 6 },
      ]),
    ).toEqual([5, 6, 1, 4]);
  });
  it('runs an open end to 2,000 and marks what nobody named', () => {
    const pages = selectPages([
      { from: 1, to: 1 },
      { from: 3, to: null },
      { from: 5, to: 5 },
    ]);
    expect(pages).toHaveLength(1999);
    expect(pages.at(-1)).toEqual({ pageNumber: 2000, isOpen: true });
    expect(pages.filter((page) => !page.isOpen).map((page) => page.pageNumber)).toEqual([1, 5]);
  });
  it('holds the very first page to be named, also in an open range', () => {
    expect(selectPages([{ from: 8, to: null }])[0]).toEqual({ pageNumber: 8, isOpen: false });
  });
  it('finds no page in a range that runs backwards', () => {
    expect(selectPages([{ from: 5, to: 3 }])).toEqual([]);
  });
});
