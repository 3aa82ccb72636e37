/**
 * Which page to ask for next when the end lies somewhere between a page that is there and one that is not. A page that
 * is there costs a picture; one that is not costs a failed call, which may be free, a little, or as much. The points
 * are the optimum for documents of 1 to 2,000 pages of which N pages are as likely as 1/N.
 */
import { MAX_PAGE_NUMBER } from '#contract/snapshot-url.ts';

export interface SplitPoints {
  /** The page to ask for when `here` is there and `gone` is not; between the two, both excluded. */
  next(here: number, gone: number): number;
  /** Pictures and failed calls that finding the end takes from there, on the average. */
  expected(here: number, gone: number): { pictures: number; failures: number };
}

/** A failed call always costs a moment: never less than this, as a share of a picture. */
const LEAST_COST = 0.02;

/** So many rows are computed before others have their turn: a few ms. */
const ROWS_AT_ONCE = 25;

const tables = new Map<number, Promise<SplitPoints>>();

/** The points for a price of a failed call, as a share of a picture's. Computed once in a run, beside everything else. */
export function splitPointsFor(failureCost: number): Promise<SplitPoints> {
  const known = tables.get(failureCost) ?? makeSplitPoints(failureCost, MAX_PAGE_NUMBER);
  tables.set(failureCost, known);
  return known;
}

/** Computes the points for documents of up to `most` pages. */
export async function makeSplitPoints(failureCost: number, most: number): Promise<SplitPoints> {
  const cost = Math.max(LEAST_COST, failureCost);
  const width = most + 2;
  /** Share of documents with fewer than n pages, not scaled. */
  const before = new Float64Array(width);
  for (let n = 1; n <= most; n += 1) before[n + 1] = before[n]! + 1 / n;
  const points = new Uint16Array(width * width);
  // Once by rows of `here` and once by rows of `gone`: what is added up lies side by side.
  const fromHere = new Float32Array(width * width);
  const toGone = new Float32Array(width * width);
  for (let here = most; here >= 1; here -= 1) {
    if (here % ROWS_AT_ONCE === 0) await new Promise((resolve) => setImmediate(resolve));
    const row = here * width;
    for (let gone = here + 2; gone <= most + 1; gone += 1) {
      // The best point moves to the right only, as either bound does.
      const from = Math.max(here + 1, points[row + gone - 1]!);
      const to = Math.min(gone - 1, points[row + width + gone]! || gone - 1);
      const column = gone * width;
      let best = Infinity;
      let bestAt = from;
      for (let at = from; at <= to; at += 1) {
        const there = before[gone]! - before[at]! + toGone[column + at]!;
        const value = there + (before[at]! - before[here]!) * cost + fromHere[row + at]!;
        if (value < best) [best, bestAt] = [value, at];
      }
      fromHere[row + gone] = best;
      toGone[column + here] = best;
      points[row + gone] = bestAt;
    }
  }

  const next = (here: number, gone: number): number => points[here * width + gone]!;
  return {
    next,
    expected(here, gone) {
      let pictures = 0;
      let failures = 0;
      const line: [number, number][] = [[here, gone]];
      for (let pair = line.pop(); pair; pair = line.pop()) {
        const [low, high] = pair;
        if (high - low < 2) continue;
        const at = next(low, high);
        pictures += before[high]! - before[at]!;
        failures += before[at]! - before[low]!;
        line.push([low, at], [at, high]);
      }
      const all = before[gone]! - before[here]!;
      return all === 0 ? { pictures: 0, failures: 0 } : { pictures: pictures / all, failures: failures / all };
    },
  };
}
