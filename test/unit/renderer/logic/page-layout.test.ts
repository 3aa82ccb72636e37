import { describe, expect, it } from 'vitest';
import {
  anchorAt,
  currentPage,
  layOut,
  MAX_MOUNTED,
  mountedRange,
  pageTurned,
  pointOf,
  slotOf,
  topOfPage,
  visibleRange,
  type PageLayout,
} from '#renderer/logic/page-layout.ts';
import { rowAt, toTops } from '#renderer/logic/prefix-sums.ts';
import type { PictureSize } from '#renderer/logic/page-sizes.ts';
import { seeded } from '../seeded.ts';

const A4 = { widthPx: 1240, heightPx: 1754 };

function lay(count: number, scale: number, boxOf: (page: number) => PictureSize = () => A4, dpr = 1): PageLayout {
  return layOut({ count, boxOf, scaleOf: () => scale, viewWidth: 1000, devicePixelRatio: dpr, tail: 0 });
}

/** 2,000 pages: upright, landscape, slips and posters, the same in every run. */
function mixed(): (page: number) => PictureSize {
  const random = seeded(7);
  const sizes = Array.from({ length: 2001 }, () => ({
    widthPx: 200 + Math.floor(random() * 2800),
    heightPx: 60 + Math.floor(random() * 3500),
  }));
  return (page) => sizes[page]!;
}

describe('prefix sums', () => {
  it('finds the same row as a walk over all rows, for offsets before, at, between and after the tops', () => {
    const random = seeded(1);
    const tops = toTops(500, () => 1 + Math.floor(random() * 90));
    const walk = (offset: number): number => {
      let row = 0;
      for (let index = 0; index < 500; index += 1) if (tops[index]! <= offset) row = index;
      return row;
    };
    for (const top of [-5, 0, 0.5, tops[1]!, tops[499]!, tops[500]!, tops[500]! + 99]) {
      expect(rowAt(tops, top)).toBe(walk(top));
    }
    for (let n = 0; n < 500; n += 1) {
      const offset = random() * tops[500]!;
      expect(rowAt(tops, offset)).toBe(walk(offset));
    }
  });
});

describe('page layout', () => {
  it('puts 2,000 mixed pages below one another, on whole device pixels, with the gap between them', () => {
    for (const dpr of [1, 1.25, 1.5, 2]) {
      const layout = lay(2000, 0.37, mixed(), dpr);
      let bottom = 0;
      for (let page = 1; page <= 2000; page += 1) {
        const slot = slotOf(layout, page);
        expect(slot.top - bottom).toBeCloseTo(16, 6);
        expect(slot.width * dpr).toBeCloseTo(Math.round(slot.width * dpr), 4);
        expect(slot.left * dpr).toBeCloseTo(Math.round(slot.left * dpr), 4);
        bottom = slot.top + slot.height;
      }
    }
  });

  it('draws a picture at 100 % with exactly one device pixel for each of its own', () => {
    for (const dpr of [1, 1.25, 1.5, 2, 3]) {
      const slot = slotOf(
        lay(3, 1 / dpr, () => ({ widthPx: 1241, heightPx: 1753 }), dpr),
        2,
      );
      expect(slot.width * dpr).toBeCloseTo(1241, 6);
      expect(slot.height * dpr).toBeCloseTo(1753, 6);
    }
  });

  it('sees the pages a full search sees', () => {
    const layout = lay(2000, 0.2, mixed());
    const random = seeded(3);
    for (let n = 0; n < 300; n += 1) {
      const top = random() * layout.totalHeight - 200;
      const seen: number[] = [];
      for (let page = 1; page <= 2000; page += 1) {
        const slot = slotOf(layout, page);
        if (slot.top < top + 700 && slot.top + slot.height > top) seen.push(page);
      }
      const { from, to } = visibleRange(layout, top, 700);
      expect(seen).toEqual(Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index));
    }
  });

  it('mounts at most 15 pages, all of them near the view, and every page in view of an ordinary document', () => {
    const layout = lay(2000, 0.1);
    const random = seeded(4);
    for (let n = 0; n < 200; n += 1) {
      const top = random() * (layout.totalHeight - 900);
      const mounted = mountedRange(layout, top, 900);
      const visible = visibleRange(layout, top, 900);
      expect(mounted.to - mounted.from + 1).toBeLessThanOrEqual(MAX_MOUNTED);
      expect(mounted.from).toBeLessThanOrEqual(visible.from);
      expect(mounted.to).toBeGreaterThanOrEqual(visible.to);
      expect(slotOf(layout, mounted.from).top).toBeGreaterThan(top - 900 - 200);
    }
  });

  it('names the page most of which is in view, the first of several whole ones, and the one just gone to', () => {
    const layout = lay(40, 0.1); // five pages fit a view
    expect(currentPage(layout, 0, 900, null)).toBe(1);
    expect(currentPage(layout, topOfPage(layout, 7), 900, null)).toBe(7);
    expect(currentPage(layout, layout.totalHeight - 900, 900, 40)).toBe(40);
    expect(currentPage(layout, 0, 900, 40)).toBe(1); // it has left the view
    const tall = lay(5, 3); // pages are taller than the view
    expect(currentPage(tall, topOfPage(tall, 3) - 300, 900, null)).toBe(3);
  });

  it('finds an anchor again after any change of scale, inside pages, in gaps and in margins', () => {
    const random = seeded(5);
    const sizes = mixed();
    for (let n = 0; n < 500; n += 1) {
      const before = lay(300, 0.1 + random() * 3, sizes);
      const x = random() * before.contentWidth;
      const y = random() * before.totalHeight;
      const anchor = anchorAt(before, x, y);
      expect(pointOf(before, anchor).x).toBeCloseTo(x, 6);
      expect(pointOf(before, anchor).y).toBeCloseTo(y, 6);
      const after = lay(300, 0.1 + random() * 3, sizes);
      const again = anchorAt(after, pointOf(after, anchor).x, pointOf(after, anchor).y);
      expect(again.pageNumber).toBe(anchor.pageNumber);
      expect(again.shareY).toBeCloseTo(anchor.shareY, 9);
    }
  });
});

describe('two pages side by side', () => {
  const spread = (count: number, scale: number, boxOf: (page: number) => PictureSize = () => A4): PageLayout =>
    layOut({ count, boxOf, scaleOf: () => scale, viewWidth: 1000, devicePixelRatio: 1, columns: 2, tail: 0 });

  it('puts 1 beside 2 and 3 beside 4, inner edges at the middle, rows as high as their higher page', () => {
    const layout = spread(5, 0.25, (page) => (page === 2 ? { widthPx: 800, heightPx: 2000 } : A4));
    const [one, two, three, four, five] = [1, 2, 3, 4, 5].map((page) => slotOf(layout, page));
    expect([one!.top, three!.top, five!.top]).toEqual([two!.top, four!.top, three!.top + 439 + 16]);
    expect(three!.top).toBe(two!.top + two!.height + 16);
    expect(two!.left - (one!.left + one!.width)).toBe(16);
    expect(one!.left + one!.width + 8).toBe(layout.contentWidth / 2);
    expect(five!.left).toBe(three!.left);
  });

  it('never mounts more than 15 of 2,000 mixed pages, and always all that are in view', () => {
    const layout = spread(2000, 0.3, mixed());
    const random = seeded(22);
    for (let n = 0; n < 300; n += 1) {
      const top = random() * (layout.totalHeight - 800);
      const mounted = mountedRange(layout, top, 800);
      expect(mounted.to - mounted.from + 1).toBeLessThanOrEqual(MAX_MOUNTED);
      const visible = visibleRange(layout, top, 800);
      for (let page = visible.from; page <= visible.to; page += 1) {
        const slot = slotOf(layout, page);
        expect(slot.top).toBeLessThan(top + 800);
      }
      expect([visible.from >= mounted.from, visible.to <= mounted.to]).toEqual([true, true]);
    }
  });

  it('keeps a spot of either page through another scale', () => {
    const [small, large] = [spread(40, 0.2), spread(40, 0.5)];
    for (const page of [7, 8]) {
      const slot = slotOf(small, page);
      const anchor = anchorAt(small, slot.left + 20, slot.top + 30);
      expect(anchor.pageNumber).toBe(page);
      const point = pointOf(large, anchor);
      expect(point.x - slotOf(large, page).left).toBeCloseTo((20 / slot.width) * slotOf(large, page).width, 6);
    }
  });

  it('turns two pages at once', () => {
    const layout = spread(7, 0.2);
    expect([1, 2, 5, 6, 7].map((page) => pageTurned(layout, page, 1))).toEqual([3, 3, 7, 7, null]);
    expect([1, 2, 3, 4, 7].map((page) => pageTurned(layout, page, -1))).toEqual([null, null, 1, 1, 5]);
  });
});
