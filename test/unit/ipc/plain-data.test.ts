import { describe, expect, it } from 'vitest';
import { isPlainDataWithin } from '#ipc/plain-data.ts';

/** `depth` arrays in one another. */
function nested(depth: number): unknown {
  return depth === 0 ? 0 : [nested(depth - 1)];
}

describe('isPlainDataWithin', () => {
  it('takes what the calls are made of', () => {
    expect(
      isPlainDataWithin({ id: '1', name: 'x', input: { list: [1, null, true, 'text'], none: undefined } }, 1024),
    ).toBe(true);
  });

  it('counts text as UTF-8', () => {
    expect(isPlainDataWithin('页'.repeat(10), 30)).toBe(true);
    expect(isPlainDataWithin('页'.repeat(10), 29)).toBe(false);
  });

  it.each([
    ['a date', new Date(0)],
    ['a map', new Map([['a', 1]])],
    ['bytes', new Uint8Array(4)],
    ['an instance', new URL('app://bundle/')],
    ['a function', () => 1],
    ['a big integer', 1n],
    ['deep nesting', nested(50)],
    ['a long sparse array', new Array(1_000_000)],
    ['a long key', { ['k'.repeat(2000)]: 1 }],
  ])('refuses %s', (_what, value) => {
    expect(isPlainDataWithin({ value }, 1024)).toBe(false);
  });

  it('refuses a value that holds itself', () => {
    const loop: { self?: unknown } = {};
    loop.self = loop;
    expect(isPlainDataWithin(loop, 1024)).toBe(false);
  });
});
