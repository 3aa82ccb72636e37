/** Guards the size and kind of what a page sends, before any schema looks at it. */

/** Deeper nesting than any call of ours has; keeps a hostile frame from exhausting the stack of a schema. */
const MAX_DEPTH = 12;

/**
 * Whether a value is plain data (null, booleans, numbers, strings, arrays, plain objects) of at most `maxBytes`.
 * Stops as soon as the budget is spent, so a huge frame costs no more than a big one. Text counts as UTF-8.
 */
export function isPlainDataWithin(value: unknown, maxBytes: number): boolean {
  let left = maxBytes;
  const fits = (item: unknown, depth: number): boolean => {
    if (depth > MAX_DEPTH || left < 0) return false;
    if (item === null || item === undefined || typeof item === 'boolean' || typeof item === 'number') {
      return (left -= 8) >= 0;
    }
    if (typeof item === 'string') return (left -= item.length > left ? item.length : Buffer.byteLength(item)) >= 0;
    if (typeof item !== 'object') return false;
    left -= 8;
    if (Array.isArray(item)) return item.length <= left && item.every((entry) => fits(entry, depth + 1));
    const prototype: unknown = Object.getPrototypeOf(item);
    if (prototype !== Object.prototype && prototype !== null) return false;
    return Object.entries(item).every(([key, entry]) => fits(key, depth + 1) && fits(entry, depth + 1));
  };
  return fits(value, 0);
}
