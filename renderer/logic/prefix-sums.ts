/** Running totals over many heights: where a row starts, and which row lies at an offset, without walking the rows. */

/**
 * Tops of rows laid out one after another: entry `i` is where row `i` (from 0) begins, the last entry is where all of
 * them end. `heightOf` gives the room one row takes, any gap after it included. Time: one pass; 2,000 rows take
 * microseconds, so a change rebuilds the whole list instead of keeping a tree up to date.
 */
export function toTops(count: number, heightOf: (index: number) => number): Float64Array {
  const tops = new Float64Array(count + 1);
  for (let index = 0; index < count; index += 1) tops[index + 1] = tops[index]! + heightOf(index);
  return tops;
}

/** The row (from 0) at an offset, by binary search; offsets before the first row or after the last give these. */
export function rowAt(tops: Float64Array, offset: number): number {
  let low = 0;
  let high = Math.max(0, tops.length - 2);
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (tops[middle]! <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}
