import { describe, expect, it } from 'vitest';
import { decodedBytes, picturesWithin } from '#renderer/logic/decoded.ts';
import {
  isDoubtful,
  isProven,
  knowledgeOf,
  lastKnownPage,
  slotCount,
  type PageCount,
} from '#renderer/logic/page-count.ts';
import { boxOf, emptySizes, settleBoxes, withPicture, BOX_TOLERANCE } from '#renderer/logic/page-sizes.ts';
import { boxHeight, maxTop, readScroll, restShift, MAX_BOX_DEVICE_PX } from '#renderer/logic/scroll-map.ts';
import { msToNextWord, waitStage } from '#renderer/logic/waiting.ts';
import {
  clampScale,
  fitPageScale,
  fitWidthScale,
  pageScaleOf,
  scaleOf,
  steppedScale,
  toScale,
  toZoom,
  wheelSteps,
} from '#renderer/logic/zoom.ts';
import { seeded } from '../seeded.ts';

const A4 = { widthPx: 1240, heightPx: 1754 };
const DRAWING = { widthPx: 3000, heightPx: 2000 };
const frame = { width: 1000, height: 800, devicePixelRatio: 1 };

describe('page sizes', () => {
  it('gives pages not seen the size of page 1, and a page of other proportions its own box', () => {
    let sizes = emptySizes('pdf');
    expect(boxOf(sizes, 5)).toEqual({ widthPx: 1240, heightPx: 1754 });
    sizes = withPicture(sizes, 3, DRAWING, BOX_TOLERANCE);
    expect(boxOf(sizes, 5)).toEqual(DRAWING); // the first picture seen is the better guess
    sizes = withPicture(sizes, 1, A4, BOX_TOLERANCE);
    expect([boxOf(sizes, 1), boxOf(sizes, 3), boxOf(sizes, 5)]).toEqual([A4, DRAWING, A4]);
    sizes = withPicture(sizes, 2, DRAWING, BOX_TOLERANCE);
    expect([boxOf(sizes, 2), boxOf(sizes, 5)]).toEqual([DRAWING, A4]);
  });

  it('keeps the box of a picture within 2.5 %, until everything is laid out anew, and is exact where that is asked', () => {
    const first = withPicture(emptySizes('pdf'), 1, A4, BOX_TOLERANCE);
    const near = { widthPx: 1250, heightPx: 1760 };
    const sizes = withPicture(first, 2, near, BOX_TOLERANCE);
    expect(boxOf(sizes, 2)).toEqual(A4);
    expect(boxOf(settleBoxes(sizes), 2)).toEqual(near);
    expect(boxOf(withPicture(first, 2, near, 0), 2)).toEqual(near);
    expect(boxOf(withPicture(first, 2, { widthPx: 2480, heightPx: 3508 }, BOX_TOLERANCE), 2).widthPx).toBe(2480);
    expect(withPicture(sizes, 2, near, BOX_TOLERANCE)).toBe(sizes);
  });

  it('guesses slides wide and the rest upright', () => {
    expect(boxOf(emptySizes('pptx'), 1).widthPx).toBeGreaterThan(boxOf(emptySizes('pptx'), 1).heightPx);
    expect(boxOf(emptySizes('xlsx'), 1).widthPx).toBeLessThan(boxOf(emptySizes('xlsx'), 1).heightPx);
  });
});

describe('zoom', () => {
  it('says 100 % for one picture pixel on one device pixel, whatever the screen', () => {
    for (const devicePixelRatio of [1, 1.5, 2]) {
      const screen = { ...frame, devicePixelRatio };
      expect(toZoom(1 / devicePixelRatio, screen)).toBeCloseTo(1);
      expect(toScale(1, screen)).toBeCloseTo(1 / devicePixelRatio);
    }
  });

  it('fits width and page with their margins; by itself it never enlarges beyond 125 %', () => {
    expect(fitWidthScale(A4, frame) * 1240).toBeCloseTo(1000 - 48);
    expect(fitPageScale(A4, frame) * 1754).toBeCloseTo(800 - 32);
    expect(scaleOf({ kind: 'auto' }, { widthPx: 400, heightPx: 300 }, frame)).toBeCloseTo(1.25);
    expect(scaleOf({ kind: 'width' }, { widthPx: 400, heightPx: 300 }, frame)).toBeCloseTo(952 / 400);
  });

  it('fits every page in the fit modes, and keeps the person’s own scale for all of them', () => {
    const scale = scaleOf({ kind: 'width' }, A4, frame);
    expect(pageScaleOf({ kind: 'width' }, scale, A4, frame)).toBe(scale);
    expect(pageScaleOf({ kind: 'width' }, scale, DRAWING, frame) * 3000).toBeCloseTo(952);
    expect(pageScaleOf({ kind: 'scale', scale: 2 }, 2, DRAWING, frame)).toBe(2);
  });

  it('stays between 10 % and 800 % and never shows more pages than are mounted', () => {
    expect(clampScale(99, frame, A4)).toBe(8);
    expect(clampScale(0.0001, frame, A4)).toBeCloseTo(0.1);
    const slides = { widthPx: 2000, heightPx: 300 };
    const least = clampScale(0.0001, frame, slides);
    expect(frame.height / (least * 300 + 16)).toBeLessThanOrEqual(12.0001);
  });

  it('steps by a tenth, meets 100 % on its way, and comes back to where it began', () => {
    expect(steppedScale(0.5, 1, frame)).toBeCloseTo(0.55);
    expect(steppedScale(1 / 1.1 + 0.001, 1, frame)).toBe(1);
    expect(steppedScale(steppedScale(0.37, 4, frame), -4, frame)).toBeCloseTo(0.37);
  });

  it('takes one step for a notch of the wheel and parts of it for a pinch', () => {
    expect(wheelSteps(-100, 0)).toBe(1);
    expect(wheelSteps(3, 1)).toBeCloseTo(-1.2);
    expect(wheelSteps(-4, 0)).toBeCloseTo(0.04);
    expect(wheelSteps(5000, 0)).toBe(-3);
  });
});

describe('scroll map', () => {
  const long = { total: 2000 * 2246 * 4, view: 900, devicePixelRatio: 1 };

  it('is the identity while the document fits the box', () => {
    const span = { total: 900_000, view: 900, devicePixelRatio: 1 };
    expect(boxHeight(span)).toBe(900_000);
    expect(restShift(span, 1234.5)).toBe(0);
    expect(readScroll(span, 1234.5, 0, 0)).toEqual({ top: 1234.5, shift: 0 });
  });

  it('keeps the box under the limit in device pixels', () => {
    for (const devicePixelRatio of [1, 1.25, 2]) {
      expect(boxHeight({ ...long, devicePixelRatio }) * devicePixelRatio).toBeLessThanOrEqual(MAX_BOX_DEVICE_PX);
    }
  });

  it('moves one to one in small steps from anywhere, first and last page included', () => {
    const random = seeded(11);
    for (let n = 0; n < 200; n += 1) {
      const top = random() * maxTop(long);
      const shift = restShift(long, top);
      const scrollTop = top - shift;
      expect(scrollTop).toBeGreaterThanOrEqual(0);
      expect(scrollTop).toBeLessThanOrEqual(boxHeight(long) - long.view + 1);
      const step = random() < 0.5 ? 37 : -37;
      const wanted = Math.min(maxTop(long), Math.max(0, top + step));
      expect(readScroll(long, scrollTop + step, scrollTop, shift).top).toBeCloseTo(wanted, 3);
    }
  });

  it('reads a dragged bar as a share of the document and reaches both ends', () => {
    const box = boxHeight(long);
    expect(readScroll(long, box - long.view, 0, 0).top).toBeCloseTo(maxTop(long), 3);
    expect(readScroll(long, 0, box - long.view, restShift(long, maxTop(long))).top).toBe(0);
    expect(readScroll(long, (box - long.view) / 2, 0, 0).top).toBeCloseTo(maxTop(long) / 2, 3);
  });

  it('comes to the very end by small steps and rests', () => {
    let top = maxTop(long) - 20_000;
    for (let n = 0; n < 200 && top < maxTop(long); n += 1) {
      const shift = restShift(long, top);
      const last = top - shift;
      const next = Math.min(boxHeight(long) - long.view, last + 800);
      top = readScroll(long, next, last, shift).top;
    }
    expect(top).toBeCloseTo(maxTop(long), 0);
  });
});

describe('the end of the document', () => {
  const open = { atLeast: 3, total: null, repeatsFrom: null };
  const isHeld = (): boolean => false;

  it('has one more slot while the end is not known, and exactly the pages when it is', () => {
    expect(slotCount({ count: open, asked: null, refusedFrom: null, isHeld })).toBe(4);
    expect(slotCount({ count: { ...open, total: 37 }, asked: 300, refusedFrom: null, isHeld })).toBe(37);
    expect(slotCount({ count: { ...open, atLeast: 0 }, asked: null, refusedFrom: null, isHeld })).toBe(1);
    expect(slotCount({ count: { ...open, atLeast: 2000 }, asked: null, refusedFrom: null, isHeld })).toBe(2000);
  });

  it('lets the reader pass by pages that failed', () => {
    const failed = (page: number): boolean => page === 4 || page === 5;
    expect(slotCount({ count: open, asked: null, refusedFrom: null, isHeld: failed })).toBe(6);
    expect(slotCount({ count: open, asked: null, refusedFrom: 6, isHeld: failed })).toBe(5);
  });

  it('has slots up to a page asked for, but never beyond one that was refused', () => {
    expect(slotCount({ count: open, asked: 300, refusedFrom: null, isHeld })).toBe(300);
    expect(slotCount({ count: open, asked: 300, refusedFrom: 300, isHeld })).toBe(299);
    expect(slotCount({ count: open, asked: null, refusedFrom: 300, isHeld })).toBe(4);
    expect(slotCount({ count: open, asked: null, refusedFrom: 4, isHeld })).toBe(3);
  });

  it('knows what is proven and where End goes', () => {
    expect(isProven(open, 3)).toBe(true);
    expect(isProven(open, 4)).toBe(false);
    expect(lastKnownPage({ ...open, total: 37 })).toBe(37);
    expect(lastKnownPage({ ...open, atLeast: 0 })).toBe(1);
  });

  it('doubts every page after one that repeats, but for the page that the person asks for', () => {
    const repeating = { ...open, repeatsFrom: 3 };
    const doubted = (count: PageCount, goneOnAt: number | null): number[] =>
      [2, 3, 4, 5, 6].filter((page) => isDoubtful(count, goneOnAt, page));
    expect(doubted(open, null)).toEqual([]);
    expect(doubted(repeating, null)).toEqual([4, 5, 6]);
    expect(doubted(repeating, 4)).toEqual([5, 6]);
    // Found by an export in the other format: known to be answered, not wanted for that.
    expect(doubted({ ...repeating, atLeast: 5 }, null)).toEqual([4, 5, 6]);
    expect(doubted({ ...repeating, total: 3 }, null)).toEqual([]);
  });
});

describe('waiting', () => {
  it('says more the longer it takes', () => {
    const stages = [0, 399, 400, 999, 1000, 2999, 3000, 9999, 10_000, 60_000].map(waitStage);
    expect(stages).toEqual([
      'quiet',
      'quiet',
      'spinning',
      'spinning',
      'converting',
      'converting',
      'explaining',
      'explaining',
      'choosing',
      'choosing',
    ]);
  });

  it('wakes at each stage and then once a second', () => {
    expect([0, 400, 1000, 3000, 10_000, 10_250].map(msToNextWord)).toEqual([400, 600, 2000, 7000, 1000, 750]);
  });
});

describe('decoded pictures', () => {
  it('shows everything in view, and of the rest the nearest that fit', () => {
    const bytes = decodedBytes(A4);
    const inView = (page: number): boolean => page === 5 || page === 6;
    const order = [5, 6, 4, 7, 3, 8];
    expect([...picturesWithin(order, inView, () => bytes, 4 * bytes)]).toEqual([5, 6, 4, 7]);
    expect([...picturesWithin(order, inView, () => bytes, bytes)]).toEqual([5, 6]);
  });
});

describe('what the file says', () => {
  const open: PageCount = { atLeast: 3, total: null, repeatsFrom: null };
  const isHeld = (): boolean => false;
  it('lays out slots up to it, unless the service refused a page before', () => {
    const count: PageCount = { ...open, hint: { pages: 37, kind: 'likely' } };
    expect(slotCount({ count, asked: null, refusedFrom: null, isHeld })).toBe(37);
    expect(slotCount({ count, asked: 80, refusedFrom: null, isHeld })).toBe(80);
    expect(slotCount({ count, asked: null, refusedFrom: 9, isHeld })).toBe(8);
    expect(isProven(count, 4)).toBe(false);
    expect(lastKnownPage(count)).toBe(3);
  });
  it('is said with the kind of knowledge that it is', () => {
    expect(knowledgeOf({ ...open, atLeast: 0 })).toBeNull();
    expect(knowledgeOf(open)).toEqual({ kind: 'open', pages: 3 });
    expect(knowledgeOf({ ...open, hint: { pages: 37, kind: 'likely' } })).toEqual({ kind: 'about', pages: 37 });
    expect(knowledgeOf({ ...open, atLeast: 82, repeatsFrom: 80, sure: 4 })).toEqual({ kind: 'repeated', pages: 4 });
    expect(knowledgeOf({ ...open, hint: { pages: 5, kind: 'least' } })).toEqual({ kind: 'least', pages: 5 });
    expect(knowledgeOf({ ...open, hint: { pages: 2, kind: 'least' } })).toEqual({ kind: 'open', pages: 3 });
    expect(knowledgeOf({ ...open, total: 37 })).toEqual({ kind: 'proven', pages: 37 });
    expect(knowledgeOf({ ...open, total: 37, proof: 'structure' })).toEqual({ kind: 'structure', pages: 37 });
    expect(knowledgeOf({ ...open, total: 37, proof: 'earlier' })).toEqual({ kind: 'earlier', pages: 37 });
    expect(knowledgeOf({ ...open, total: 2000, proof: 'limit' })).toEqual({ kind: 'limit', pages: 2000 });
  });
  it('makes pages behind a blank one doubtful, until the person asks for one', () => {
    const count: PageCount = { ...open, blankFrom: 3 };
    expect([3, 4, 5].map((page) => isDoubtful(count, 5, page))).toEqual([false, true, false]);
  });
});
