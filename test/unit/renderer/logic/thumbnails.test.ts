import { describe, expect, it } from 'vitest';
import { railRow, railRows, scrollToRow, THUMBNAIL_WIDTH } from '#renderer/logic/thumbnails.ts';
import { emptyTrail, leave, stepBack, stepForward, type Trail } from '#renderer/logic/trail.ts';

describe('the list of small pages', () => {
  it('makes rows as high as the pages need, within bounds', () => {
    expect(railRow({ widthPx: 1240, heightPx: 1754 }).pictureHeight).toBe(204);
    expect(railRow({ widthPx: 2000, heightPx: 1125 }).pictureHeight).toBe(Math.round((THUMBNAIL_WIDTH * 1125) / 2000));
    expect(railRow({ widthPx: 100, heightPx: 5000 }).pictureHeight).toBe(204);
    expect(railRow({ widthPx: 5000, heightPx: 100 }).pictureHeight).toBe(56);
  });

  it('keeps a handful of 2,000 rows, with every row in view among them', () => {
    const rail = { count: 2000, rowHeight: 198, viewHeight: 700 };
    for (const scrollTop of [0, 1, 12_345, 1999 * 198 - 700]) {
      const { from, to } = railRows({ ...rail, scrollTop });
      expect(to - from).toBeLessThan(9);
      expect(from).toBeLessThanOrEqual(Math.floor(scrollTop / 198) + 1);
      expect(to).toBeGreaterThanOrEqual(Math.min(2000, Math.ceil((scrollTop + 700) / 198)));
    }
  });

  it('scrolls only when it has to: a near row to the edge, a far one to the middle', () => {
    const rail = { rowHeight: 200, scrollTop: 1000, viewHeight: 600 };
    expect(scrollToRow(7, rail)).toBeNull();
    expect(scrollToRow(5, rail)).toBe(800);
    expect(scrollToRow(9, rail)).toBe(1800 + 16 - 600);
    expect(scrollToRow(500, rail)).toBe(499 * 200 - 200);
    expect(scrollToRow(1, { ...rail, scrollTop: 90_000 })).toBe(0);
  });
});

describe('the way back', () => {
  it('goes back, forward, and forgets the way forward after a new leap', () => {
    let trail: Trail<string> = leave(leave(emptyTrail, 'a'), 'b');
    const first = stepBack(trail, 'c');
    expect(first?.to).toBe('b');
    const second = stepForward(first!.trail, 'b');
    expect(second?.to).toBe('c');
    trail = leave(first!.trail, 'b');
    expect(stepForward(trail, 'd')).toBeNull();
    expect(stepBack(emptyTrail, 'a')).toBeNull();
  });

  it('remembers fifty steps', () => {
    let trail: Trail<number> = emptyTrail;
    for (let n = 0; n < 80; n += 1) trail = leave(trail, n);
    expect([trail.back.length, trail.back[0]]).toEqual([50, 30]);
  });
});
