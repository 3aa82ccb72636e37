import { describe, expect, it } from 'vitest';
import { makeSplitPoints, splitPointsFor } from '#services/split-points.ts';

const COSTS = [0.05, 0.2, 1];

/** The least that can be had, by trying every point of every pair. */
function optimum(most: number, cost: number): number {
  const before = [0, 0];
  for (let n = 1; n <= most; n += 1) before[n + 1] = before[n]! + 1 / n;
  const least = Array.from({ length: most + 2 }, () => new Array<number>(most + 2).fill(0));
  for (let span = 2; span <= most; span += 1) {
    for (let here = 1; here + span <= most + 1; here += 1) {
      const gone = here + span;
      let best = Infinity;
      for (let at = here + 1; at < gone; at += 1) {
        const there = before[gone]! - before[at]! + least[at]![gone]!;
        best = Math.min(best, there + (before[at]! - before[here]!) * cost + least[here]![at]!);
      }
      least[here]![gone] = best;
    }
  }
  return least[1]![most + 1]! / (before[most + 1]! - before[1]!);
}

/** Doubling until a page is not there, then bisection: what the search is better than. */
function bisect(total: number): { pictures: number; failures: number } {
  let [here, gone, pictures, failures] = [1, 2001, 0, 0];
  while (gone - here > 1) {
    const at = gone === 2001 ? Math.min(here * 2, 2000) : Math.floor((here + gone) / 2);
    if (at <= total) [here, pictures] = [at, pictures + 1];
    else [gone, failures] = [at, failures + 1];
  }
  return { pictures, failures };
}

describe('the points at which to ask for the end', () => {
  it('are the optimum, by every point of every pair for documents of up to 150 pages', async () => {
    for (const most of [2, 3, 17, 60, 150]) {
      for (const cost of COSTS) {
        const { pictures, failures } = (await makeSplitPoints(cost, most)).expected(1, most + 1);
        expect(pictures + failures * cost).toBeCloseTo(optimum(most, cost), 4);
      }
    }
  });
  it('find every end of 1 to 2,000 pages, and reckon truly what that takes', async () => {
    for (const cost of COSTS) {
      const points = await splitPointsFor(cost);
      let [weight, pictures, failures, most] = [0, 0, 0, 0];
      const doubled = { pictures: 0, failures: 0 };
      for (let total = 1; total <= 2000; total += 1) {
        let [here, gone, good, bad] = [1, 2001, 0, 0];
        while (gone - here > 1) {
          const at = points.next(here, gone);
          if (!(at > here && at < gone)) throw new Error(`${at} is not between ${here} and ${gone}`);
          if (at <= total) [here, good] = [at, good + 1];
          else [gone, bad] = [at, bad + 1];
        }
        expect(here).toBe(total);
        weight += 1 / total;
        pictures += good / total;
        failures += bad / total;
        most = Math.max(most, good);
        doubled.pictures += bisect(total).pictures / total;
        doubled.failures += bisect(total).failures / total;
      }
      const expected = points.expected(1, 2001);
      expect(pictures / weight).toBeCloseTo(expected.pictures, 4);
      expect(failures / weight).toBeCloseTo(expected.failures, 4);
      expect(pictures + failures * cost).toBeLessThan(doubled.pictures + doubled.failures * cost);
      expect(most).toBeLessThanOrEqual(20);
    }
  });
  it('buy less the less a failed call costs', async () => {
    const expected = await Promise.all(
      [0, ...COSTS].map(async (cost) => (await splitPointsFor(cost)).expected(1, 2001)),
    );
    const pictures = expected.map((one) => one.pictures);
    expect(pictures).toEqual([...pictures].sort((a, b) => a - b));
    expect(pictures.map((one) => Math.round(one))).toEqual([2, 2, 3, 4]);
    expect(expected.every(({ failures }) => failures < 30)).toBe(true);
  });
});
