import { describe, expect, it } from 'vitest';
import { MAX_SCROLL_PX, rowForKey, scrollHeight, scrollToRow, visibleRows } from '#renderer/logic/virtual-rows.ts';

const list = (count: number) => ({ count, rowHeightPx: 40, viewportPx: 500 });

describe('visibleRows', () => {
  it('mounts what is in view and a few more', () => {
    expect(visibleRows(0, list(10_000), 4)).toEqual({ first: 0, end: 17, offsetPx: 0 });
    expect(visibleRows(4000, list(10_000), 4)).toEqual({ first: 96, end: 117, offsetPx: 3840 });
    expect(visibleRows(399_500, list(10_000), 4)).toEqual({ first: 9983, end: 10_000, offsetPx: 399_320 });
  });

  it('mounts everything of a short list, and nothing of an empty one', () => {
    expect(visibleRows(0, list(3), 4)).toEqual({ first: 0, end: 3, offsetPx: 0 });
    expect(visibleRows(90, list(0), 4)).toEqual({ first: 0, end: 0, offsetPx: 0 });
  });

  it('comes back from a position that a shorter list no longer has', () => {
    const { first, end } = visibleRows(90_000, list(20), 4);
    expect([first, end]).toEqual([3, 20]);
  });

  it('reaches every row of a list too long for the scroll box, and covers the view everywhere', () => {
    const huge = list(1_000_000);
    expect(scrollHeight(huge)).toBe(MAX_SCROLL_PX);
    for (const scrollTop of [0, 1, 1_234_567, MAX_SCROLL_PX - 500]) {
      const { first, end, offsetPx } = visibleRows(scrollTop, huge, 0);
      expect(offsetPx).toBeLessThanOrEqual(scrollTop);
      expect(offsetPx + (end - first) * 40).toBeGreaterThanOrEqual(scrollTop + 500);
    }
    expect(visibleRows(MAX_SCROLL_PX - 500, huge, 4).end).toBe(1_000_000);
  });
});

describe('scrollToRow', () => {
  it('moves as little as needed', () => {
    expect(scrollToRow(5, 0, list(100))).toBe(0);
    expect(scrollToRow(12, 0, list(100))).toBe(20);
    expect(scrollToRow(2, 400, list(100))).toBe(80);
    expect(scrollToRow(99, 0, list(100))).toBe(3500);
  });

  it('makes the row visible in lists of every length', () => {
    for (const count of [13, 1000, 200_000, 1_000_000]) {
      for (const share of [0, 0.37, 0.5, 0.999]) {
        const index = Math.floor(share * count);
        for (const from of [0, scrollHeight(list(count)) / 2]) {
          const { first, end } = visibleRows(scrollToRow(index, from, list(count)), list(count), 0);
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
