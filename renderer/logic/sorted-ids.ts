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

const DIGIT = 65_536;

/**
 * Sorts ids in place by whole numbers from 0 to 2^53, ids of equal numbers staying in the order they had, in either
 * direction. By digits, not by comparison: 200,000 ids take about as long as drawing a frame.
 */
export function radixSort(ids: Uint32Array, keyOf: (id: number) => number, descending: boolean): void {
  const { length } = ids;
  let most = 0;
  let keys = new Float64Array(length);
  for (let at = 0; at < length; at += 1) most = Math.max(most, (keys[at] = keyOf(ids[at]!)));
  if (descending) for (let at = 0; at < length; at += 1) keys[at] = most - keys[at]!;
  let from: Uint32Array = ids;
  let to: Uint32Array = new Uint32Array(length);
  let toKeys = new Float64Array(length);
  for (let left = most, unit = 1; left >= 1; left = Math.floor(left / DIGIT), unit *= DIGIT) {
    const starts = new Uint32Array(DIGIT + 1);
    const digitOf = (key: number): number => Math.floor(key / unit) % DIGIT;
    for (let at = 0; at < length; at += 1) starts[digitOf(keys[at]!) + 1]! += 1;
    for (let digit = 1; digit <= DIGIT; digit += 1) starts[digit]! += starts[digit - 1]!;
    for (let at = 0; at < length; at += 1) {
      const key = keys[at]!;
      const place = starts[digitOf(key)]!++;
      to[place] = from[at]!;
      toKeys[place] = key;
    }
    [from, to] = [to, from];
    [keys, toKeys] = [toKeys, keys];
  }
  if (from !== ids) ids.set(from);
}
