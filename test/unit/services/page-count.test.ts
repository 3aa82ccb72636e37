import { describe, expect, it } from 'vitest';
import type { Target } from '#contract/contract.ts';
import { makePageCount } from '#services/page-count.ts';

const page = (pageNumber: number, target: Target = 'png'): { pageNumber: number; target: Target } => ({
  pageNumber,
  target,
});

describe('the number of pages', () => {
  it('is not known before anything was seen', () => {
    expect(makePageCount().view()).toEqual({ atLeast: 0, total: null, repeatsFrom: null });
  });
  it('is at least the highest page seen, whatever the order', () => {
    const count = makePageCount();
    for (const number of [4, 2, 7, 1]) count.sawGood(page(number), `p${number}`);
    expect(count.view()).toEqual({ atLeast: 7, total: null, repeatsFrom: null });
  });
  it('is proven when neighbours meet, and only then', () => {
    const count = makePageCount();
    count.sawGood(page(3), 'c');
    count.sawRefused(9);
    expect(count.view().total).toBeNull();
    expect(count.isPastEnd(9)).toBe(true);
    expect(count.isPastEnd(2000)).toBe(true);
    expect(count.isPastEnd(8)).toBe(false);
    count.sawRefused(5);
    expect(count.view().total).toBeNull();
    count.sawGood(page(4), 'd');
    expect(count.view()).toEqual({ atLeast: 4, total: 4, repeatsFrom: null });
  });
  it('is 2,000 when page 2,000 is there: no page after it can be asked', () => {
    const count = makePageCount();
    count.sawGood(page(2000), 'last');
    expect(count.view().total).toBe(2000);
    expect(count.isPastEnd(2001)).toBe(true);
  });
  it('stays unknown when page 1 itself is refused', () => {
    const count = makePageCount();
    count.sawRefused(1);
    expect(count.view()).toEqual({ atLeast: 0, total: null, repeatsFrom: null });
  });
  it('believes a picture more than an older refusal', () => {
    const count = makePageCount();
    count.sawRefused(3);
    count.sawGood(page(5), 'e');
    expect(count.view()).toEqual({ atLeast: 5, total: null, repeatsFrom: null });
    expect(count.isPastEnd(6)).toBe(false);
    count.sawRefused(4);
    expect(count.isPastEnd(4)).toBe(false);
  });
  it('can be doubted at the very page that was refused', () => {
    const count = makePageCount();
    count.sawGood(page(1), 'a');
    count.sawRefused(2);
    count.doubt(3);
    expect(count.view().total).toBe(1);
    count.doubt(2);
    expect(count.view().total).toBeNull();
  });
});

describe('a picture that repeats', () => {
  it('is reported from the first page of the run that reaches the highest page', () => {
    const count = makePageCount();
    ['a', 'b', 'c', 'c', 'c'].forEach((print, index) => count.sawGood(page(index + 1), print));
    expect(count.view()).toEqual({ atLeast: 5, total: null, repeatsFrom: 4 });
    expect(count.looksLikePageBefore(4)).toBe(true);
    expect(count.looksLikePageBefore(3)).toBe(false);
  });
  it('is seen although pages of the run are still on their way', () => {
    const count = makePageCount();
    for (const number of [1, 2, 3, 6]) count.sawGood(page(number), number < 3 ? `p${number}` : 'p2');
    expect(count.view().repeatsFrom).toBe(3);
  });
  it('is not told of pages that are no neighbours', () => {
    const count = makePageCount();
    count.sawGood(page(3), 'blank');
    count.sawGood(page(50), 'blank');
    expect(count.view().repeatsFrom).toBeNull();
  });
  it('is no end when another picture comes after it', () => {
    const count = makePageCount();
    ['a', 'blank', 'blank', 'd'].forEach((print, index) => count.sawGood(page(index + 1), print));
    expect(count.view().repeatsFrom).toBeNull();
  });
  it('is no matter once the end is proven', () => {
    const count = makePageCount();
    ['a', 'b', 'b'].forEach((print, index) => count.sawGood(page(index + 1), print));
    count.sawRefused(4);
    expect(count.view()).toEqual({ atLeast: 3, total: 3, repeatsFrom: null });
  });
  it('is told apart by target: page 1 as JPG is not page 2 as PNG', () => {
    const count = makePageCount();
    count.sawGood(page(1), 'x');
    count.sawGood(page(2, 'jpg'), 'x');
    expect(count.view().repeatsFrom).toBeNull();
    count.sawGood(page(1, 'jpg'), 'x');
    expect(count.view().repeatsFrom).toBe(2);
  });
  it('stays in doubt while later pages are here in another format only', () => {
    const count = makePageCount();
    ['a', 'b', 'c', 'c'].forEach((print, index) => count.sawGood(page(index + 1), print));
    count.sawGood(page(7, 'jpg'), 'C');
    expect(count.view()).toEqual({ atLeast: 7, total: null, repeatsFrom: 4 });
    count.sawGood(page(3, 'jpg'), 'another');
    expect(count.view().repeatsFrom).toBeNull();
  });
});
