import { describe, expect, it } from 'vitest';
import {
  isCompressed,
  maxScrollPx,
  rowForKey,
  scrollHeight,
  toListTop,
  topToShow,
  toScrollTop,
  visibleRows,
} from '#renderer/logic/virtual-rows.ts';

const list = (count: number, devicePixelRatio = 1) => ({
  count,
  rowHeightPx: 40,
  viewportPx: 500,
  maxScrollPx: maxScrollPx(devicePixelRatio),
});

describe('visibleRows', () => {
  it('mounts what is in view and a few more', () => {
    expect(visibleRows(0, list(10_000), 4)).toEqual({ first: 0, end: 17, offsetPx: 0 });
    expect(visibleRows(4000, list(10_000), 4)).toEqual({ first: 96, end: 117, offsetPx: -160 });
    expect(visibleRows(399_500, list(10_000), 4)).toEqual({ first: 9983, end: 10_000, offsetPx: -180 });
  });

  it('mounts everything of a short list, and nothing of an empty one', () => {
    expect(visibleRows(0, list(3), 4)).toEqual({ first: 0, end: 3, offsetPx: 0 });
    expect(visibleRows(90, list(0), 4)).toEqual({ first: 0, end: 0, offsetPx: 0 });
  });

  it('comes back from a position that a shorter list no longer has', () => {
    const { first, end } = visibleRows(90_000, list(20), 4);
    expect([first, end]).toEqual([3, 20]);
  });
});

describe('a list too long for the scroll box', () => {
  it('is none with 200,000 rows on usual screens', () => {
    for (const ratio of [1, 1.5]) expect(isCompressed(list(200_000, ratio))).toBe(false);
    expect(isCompressed(list(200_000, 3))).toBe(true);
  });

  it('has every row somewhere on its scroll bar, its first and last at the ends', () => {
    const huge = list(1_000_000, 3);
    const end = scrollHeight(huge) - 500;
    expect(scrollHeight(huge)).toBe(5_000_000);
    expect([toListTop(0, huge), toListTop(end, huge)]).toEqual([0, 40_000_000 - 500]);
    expect(toListTop(end * 2, huge)).toBe(40_000_000 - 500);
    for (const top of [0, 1, 1_234_567, 39_000_000]) {
      expect(toListTop(toScrollTop(top, huge), huge)).toBeCloseTo(top, 5);
      const { first, end: behind, offsetPx } = visibleRows(top, huge, 0);
      expect(offsetPx).toBeLessThanOrEqual(0);
      expect(offsetPx + (behind - first) * 40).toBeGreaterThanOrEqual(500);
    }
  });

  it('takes the scroll bar as it is where it is not compressed', () => {
    expect([toListTop(1234.5, list(1000)), toScrollTop(1234.5, list(1000))]).toEqual([1234.5, 1234.5]);
    expect(toListTop(90, list(0))).toBe(0);
  });
});

describe('topToShow', () => {
  it('moves as little as needed', () => {
    expect(topToShow(5, 0, list(100))).toBe(0);
    expect(topToShow(12, 0, list(100))).toBe(20);
    expect(topToShow(2, 400, list(100))).toBe(80);
    expect(topToShow(99, 0, list(100))).toBe(3500);
  });

  it('makes the row visible in lists of every length', () => {
    for (const count of [13, 1000, 200_000, 1_000_000]) {
      for (const share of [0, 0.37, 0.5, 0.999]) {
        const index = Math.floor(share * count);
        for (const from of [0, (count * 40) / 2]) {
          const { first, end } = visibleRows(topToShow(index, from, list(count, 3)), list(count, 3), 0);
          expect(index).toBeGreaterThanOrEqual(first);
          expect(index).toBeLessThan(end);
        }
      }
    }
  });
});

describe('rowForKey', () => {
  it('moves by row, screen and end, and stays inside', () => {
    const shape = list(100);
    expect(rowForKey('ArrowDown', -1, shape)).toBe(0);
    expect(rowForKey('ArrowDown', 99, shape)).toBe(99);
    expect(rowForKey('ArrowUp', 0, shape)).toBe(0);
    expect(rowForKey('PageDown', 0, shape)).toBe(11);
    expect(rowForKey('PageUp', 50, shape)).toBe(39);
    expect(rowForKey('Home', 50, shape)).toBe(0);
    expect(rowForKey('End', 50, shape)).toBe(99);
    expect(rowForKey('a', 50, shape)).toBe(null);
    expect(rowForKey('ArrowDown', -1, list(0))).toBe(null);
  });
});
