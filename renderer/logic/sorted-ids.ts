/** Lists of row numbers in order: new ones merged in, and a whole list put into another order. Pure. */

/**
 * Merges `fresh` into the first `count` ids of `sorted`, which are in order already; there must be room behind them.
 * Sorts `fresh` in place: as an array, because the engine sorts arrays by the runs they have. Looks for each place from the one before it in doubling steps: rows that belong together at the
 * end, as those of the next answer mostly do, cost one comparison each.
 */
export function mergeSorted(
  sorted: Uint32Array,
  count: number,
  fresh: number[],
  compare: (a: number, b: number) => number,
): void {
  fresh.sort(compare);
  const places: number[] = [];
  let place = 0;
  for (const id of fresh) {
    place = placeOf(sorted, place, count, id, compare);
    places.push(place);
  }
  let end = count;
  for (let at = fresh.length - 1; at >= 0; at -= 1) {
    const from = places[at]!;
    sorted.copyWithin(from + at + 1, from, end);
    sorted[from + at] = fresh[at]!;
    end = from;
  }
}

/** Where `id` belongs among `sorted[from, to)`: behind all that are not after it. */
function placeOf(
  sorted: Uint32Array,
  from: number,
  to: number,
  id: number,
  compare: (a: number, b: number) => number,
): number {
  if (from === to || compare(sorted[to - 1]!, id) <= 0) return to;
  let low = from;
  let step = 1;
  while (low + step < to && compare(sorted[low + step - 1]!, id) <= 0) {
    low += step;
    step *= 2;
  }
  let high = Math.min(to, low + step);
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compare(sorted[middle]!, id) <= 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

const DIGIT_BITS = 16;
const DIGIT_MASK = 0xffff;

/**
 * Sorts ids in place by whole numbers from 0 to 2^53, ids of equal numbers staying in the order they had, in either
 * direction. By digits, not by comparison: 200,000 ids take about as long as drawing a frame.
 */
export function radixSort(ids: Uint32Array, keyOf: (id: number) => number, descending: boolean): void {
  const { length } = ids;
  const keys = new Float64Array(length);
  let least = Infinity;
  let most = 0;
  for (let at = 0; at < length; at += 1) {
    const key = keyOf(ids[at]!);
    keys[at] = key;
    if (key < least) least = key;
    if (key > most) most = key;
  }
  // Counted from the first in order; in two halves, because whole-number arithmetic has 32 bits.
  const lows = new Uint32Array(length);
  const highs = new Uint32Array(length);
  for (let at = 0; at < length; at += 1) {
    const key = descending ? most - keys[at]! : keys[at]! - least;
    lows[at] = key >>> 0;
    highs[at] = key / 4_294_967_296;
  }
  let order = Uint32Array.from(keys, (_key, at) => at);
  let other = new Uint32Array(length);
  const pass = (digits: Uint32Array, shift: number): void => {
    const starts = new Uint32Array(DIGIT_MASK + 2);
    for (let at = 0; at < length; at += 1) starts[((digits[at]! >>> shift) & DIGIT_MASK) + 1]! += 1;
    for (let digit = 1; digit < starts.length; digit += 1) starts[digit]! += starts[digit - 1]!;
    for (let at = 0; at < length; at += 1) {
      const from = order[at]!;
      other[starts[(digits[from]! >>> shift) & DIGIT_MASK]!++] = from;
    }
    [order, other] = [other, order];
  };
  const range = most - least;
  if (range >= 1) pass(lows, 0);
  if (range > DIGIT_MASK) pass(lows, DIGIT_BITS);
  if (range >= 2 ** 32) pass(highs, 0);
  if (range >= 2 ** 48) pass(highs, DIGIT_BITS);
  const before = ids.slice();
  for (let at = 0; at < length; at += 1) ids[at] = before[order[at]!]!;
}
