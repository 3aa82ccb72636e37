import { describe, expect, it } from 'vitest';
import { CALLS } from '#contract/contract.ts';
import { hasOpenEnd, readPageRange } from '#renderer/logic/page-range.ts';

const selectionSchema = CALLS['exports.plan'].input.shape.selection;

function pages(text: string, lastPage: number | null = null): unknown {
  const read = readPageRange(text, lastPage);
  return read.ok ? read.selection : `${read.problem}: «${text.slice(read.start, read.end)}»`;
}

describe('readPageRange', () => {
  it.each([
    ['3', [{ from: 3, to: 3 }]],
    [
      '1,3-5,8-',
      [
        { from: 1, to: 1 },
        { from: 3, to: 5 },
        { from: 8, to: null },
      ],
    ],
    [
      '  1 , 3 - 5 ',
      [
        { from: 1, to: 1 },
        { from: 3, to: 5 },
      ],
    ],
    [
      '9, 2',
      [
        { from: 9, to: 9 },
        { from: 2, to: 2 },
      ],
    ],
    ['1,', [{ from: 1, to: 1 }]],
    ['007', [{ from: 7, to: 7 }]],
    ['2000', [{ from: 2000, to: 2000 }]],
  ])('reads %j', (text, expected) => {
    expect(pages(text)).toEqual(expected);
  });

  it.each(['１，３－５、８～', '1；3—5；8至', '1，3–5，8～'])('reads %j as 1,3-5,8-', (text) => {
    expect(pages(text)).toEqual(pages('1,3-5,8-'));
  });

  it.each([
    ['', 'empty: «»'],
    ['   ', 'empty: «   »'],
    ['1,,3', 'empty-part: «,»'],
    [',1', 'empty-part: «,»'],
    [',', 'empty-part: «,»'],
    ['all', 'not-a-page: «all»'],
    ['1, x9 ,3', 'not-a-page: «x9»'],
    ['1-2-3', 'not-a-page: «1-2-3»'],
    ['3 5', 'not-a-page: «3 5»'],
    ['1.5', 'not-a-page: «1.5»'],
    ['*', 'not-a-page: «*»'],
    ['-', 'no-start: «-»'],
    ['-5', 'no-start: «-5»'],
    ['0', 'zero: «0»'],
    ['0-3', 'zero: «0-3»'],
    ['3-0', 'zero: «3-0»'],
    ['1, 9-4', 'backwards: «9-4»'],
    ['2001', 'past-the-limit: «2001»'],
    ['1-99999999999999999999', 'past-the-limit: «1-99999999999999999999»'],
    ['２００１', 'past-the-limit: «２００１»'],
  ])('shows what is wrong in %j', (text, expected) => {
    expect(pages(text)).toBe(expected);
  });

  it('refuses pages past a proved end, and only those', () => {
    expect(pages('1-37', 37)).toEqual([{ from: 1, to: 37 }]);
    expect(pages('37-', 37)).toEqual([{ from: 37, to: null }]);
    expect(pages('1,30-38', 37)).toBe('past-the-end: «30-38»');
    expect(pages('38-', 37)).toBe('past-the-end: «38-»');
  });

  it('names no page twice', () => {
    expect(pages('1-5,3')).toEqual([{ from: 1, to: 5 }]);
    expect(pages('3,1-5')).toEqual([
      { from: 3, to: 3 },
      { from: 1, to: 2 },
      { from: 4, to: 5 },
    ]);
    expect(pages('8-,1-9,20')).toEqual([
      { from: 8, to: null },
      { from: 1, to: 7 },
    ]);
    expect(pages('8,5-')).toEqual([
      { from: 8, to: 8 },
      { from: 5, to: 7 },
      { from: 9, to: null },
    ]);
  });

  it('takes as many ranges as the contract does and no more', () => {
    const many = (count: number): string => Array.from({ length: count }, (_, index) => 2 * index + 1).join(',');
    const most = readPageRange(many(200), null);
    expect(most.ok && selectionSchema.safeParse(most.selection).success).toBe(true);
    expect(pages(many(201))).toBe('too-many-ranges: «401»');
  });

  it('gives either pages the contract takes, or a part to mark, whatever is typed', () => {
    let seed = 7;
    const random = (below: number): number => {
      seed = (seed * 1103515245 + 12345) % 2147483648;
      return seed % below;
    };
    const letters = '0123456789,,--  １，－至x.*';
    for (let round = 0; round < 3000; round += 1) {
      const text = Array.from({ length: random(12) }, () => letters[random(letters.length)]).join('');
      const read = readPageRange(text, random(2) ? 40 : null);
      if (read.ok) expect(selectionSchema.safeParse(read.selection).success, text).toBe(true);
      else {
        expect(read.start, text).toBeGreaterThanOrEqual(0);
        expect(read.end, text).toBeGreaterThanOrEqual(read.start);
        expect(read.end, text).toBeLessThanOrEqual(text.length);
      }
    }
  });
});

describe('hasOpenEnd', () => {
  it('is true only where a range runs on', () => {
    expect(hasOpenEnd([{ from: 1, to: 3 }])).toBe(false);
    expect(
      hasOpenEnd([
        { from: 5, to: null },
        { from: 1, to: 3 },
      ]),
    ).toBe(true);
  });
});
