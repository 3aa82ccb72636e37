import { describe, expect, it } from 'vitest';
import { pageOnStrip, toHeatRuns, type Heat } from '#renderer/logic/heat-strip.ts';
import { layOut, type PageLayout } from '#renderer/logic/page-layout.ts';

const layoutOf = (count: number): PageLayout =>
  layOut({
    count,
    boxOf: () => ({ widthPx: 1000, heightPx: 1400 }),
    scaleOf: () => 1,
    viewWidth: 1200,
    devicePixelRatio: 1,
    tail: 0,
  });
const all = (count: number, heatOf: (pageNumber: number) => Heat) =>
  Array.from({ length: count }, (_, index) => ({ pageNumber: index + 1, heat: heatOf(index + 1) }));

describe('toHeatRuns', () => {
  it('fills the strip without a gap, in order', () => {
    const random = [7, 9, 30, 31, 32, 1999];
    const runs = toHeatRuns(
      layoutOf(2000),
      random.map((pageNumber) => ({ pageNumber, heat: 'here' as const })),
      640,
    );
    let at = 0;
    for (const { top, height } of runs) {
      expect(top).toBe(at);
      expect(height).toBeGreaterThan(0);
      at += height;
    }
    expect(at).toBe(640);
  });

  it('is one run where all pages are alike, however many', () => {
    expect(toHeatRuns(layoutOf(2000), [], 500)).toEqual([{ top: 0, height: 500, heat: 'missing' }]);
    expect(
      toHeatRuns(
        layoutOf(2000),
        all(2000, () => 'here'),
        500,
      ),
    ).toEqual([{ top: 0, height: 500, heat: 'here' }]);
  });

  it('shows a single page among 2,000, at its place', () => {
    const runs = toHeatRuns(layoutOf(2000), [{ pageNumber: 1000, heat: 'failed' }], 600);
    expect(runs.map(({ heat }) => heat)).toEqual(['missing', 'failed', 'missing']);
    expect(runs[1]!.height).toBeGreaterThanOrEqual(2);
    expect(Math.abs(runs[1]!.top - 300)).toBeLessThanOrEqual(2);
    const last = toHeatRuns(layoutOf(2000), [{ pageNumber: 2000, heat: 'flagged' }], 600).at(-1);
    expect(last).toEqual({ top: 598, height: 2, heat: 'flagged' });
  });

  it('shows what has to be seen where pages share a pixel: a failure, then a flag, then what is on its way', () => {
    const heats: Heat[] = ['here', 'making', 'flagged', 'failed', 'missing'];
    for (const order of [heats, [...heats].reverse()]) {
      const known = order.map((heat, index) => ({ pageNumber: 1001 + index, heat }));
      expect(toHeatRuns(layoutOf(2000), known, 100).some(({ heat }) => heat === 'failed')).toBe(true);
      const harmless = known.filter(({ heat }) => heat !== 'failed');
      expect(toHeatRuns(layoutOf(2000), harmless, 100).map(({ heat }) => heat)).toContain('flagged');
    }
  });

  it('leaves out pages beyond what is laid out, and draws nothing without height', () => {
    expect(toHeatRuns(layoutOf(3), [{ pageNumber: 4, heat: 'failed' }], 90)).toHaveLength(1);
    expect(toHeatRuns(layoutOf(3), [{ pageNumber: 1, heat: 'here' }], 0)).toEqual([]);
  });
});

describe('pageOnStrip', () => {
  it('leads from the first page to the last', () => {
    const layout = layoutOf(2000);
    expect([-5, 0, 300, 600, 700].map((y) => pageOnStrip(layout, y, 600))).toEqual([1, 1, 1000, 2000, 2000]);
    expect(pageOnStrip(layout, 0, 0)).toBe(1);
  });
});
