import { describe, expect, it } from 'vitest';
import type { Target } from '#contract/contract.ts';
import { makePageCount } from '#services/page-count.ts';

const page = (pageNumber: number, target: Target = 'png'): { pageNumber: number; target: Target } => ({
  pageNumber,
  target,
});

describe('the number of pages', () => {
  it('is not known before anything was seen', () => {
    expect(makePageCount().view()).toEqual({ atLeast: 0, total: null, repeatsFrom: null });
  });
  it('is at least the highest page seen, whatever the order', () => {
    const count = makePageCount();
    for (const number of [4, 2, 7, 1]) count.sawGood(page(number), `p${number}`);
    expect(count.view()).toEqual({ atLeast: 7, total: null, repeatsFrom: null });
  });
  it('is proven when neighbours meet, and only then', () => {
    const count = makePageCount();
    count.sawGood(page(3), 'c');
    count.sawRefused(9);
    expect(count.view().total).toBeNull();
    expect(count.isPastEnd(9)).toBe(true);
    expect(count.isPastEnd(2000)).toBe(true);
    expect(count.isPastEnd(8)).toBe(false);
    count.sawRefused(5);
    expect(count.view().total).toBeNull();
    count.sawGood(page(4), 'd');
    expect(count.view()).toEqual({ atLeast: 4, total: 4, repeatsFrom: null });
  });
  it('is 2,000 when page 2,000 is there: no page after it can be asked', () => {
    const count = makePageCount();
    count.sawGood(page(2000), 'last');
    expect(count.view().total).toBe(2000);
    expect(count.isPastEnd(2001)).toBe(true);
  });
  it('stays unknown when page 1 itself is refused', () => {
    const count = makePageCount();
    count.sawRefused(1);
    expect(count.view()).toEqual({ atLeast: 0, total: null, repeatsFrom: null });
  });
  it('believes a picture more than an older refusal', () => {
    const count = makePageCount();
    count.sawRefused(3);
    count.sawGood(page(5), 'e');
    expect(count.view()).toEqual({ atLeast: 5, total: null, repeatsFrom: null });
    expect(count.isPastEnd(6)).toBe(false);
    count.sawRefused(4);
    expect(count.isPastEnd(4)).toBe(false);
  });
  it('can be doubted at the very page that was refused', () => {
    const count = makePageCount();
    count.sawGood(page(1), 'a');
    count.sawRefused(2);
    count.doubt(3);
    expect(count.view().total).toBe(1);
    count.doubt(2);
    expect(count.view().total).toBeNull();
  });
});

describe('a picture that repeats', () => {
  it('is reported from the first page of the run that reaches the highest page', () => {
    const count = makePageCount();
    ['a', 'b', 'c', 'c', 'c'].forEach((print, index) => count.sawGood(page(index + 1), print));
    expect(count.view()).toEqual({ atLeast: 5, total: null, repeatsFrom: 4, sure: 3 });
    expect(count.looksLikePageBefore(4)).toBe(true);
    expect(count.looksLikePageBefore(3)).toBe(false);
  });
  it('is seen although pages of the run are still on their way', () => {
    const count = makePageCount();
    for (const number of [1, 2, 3, 6]) count.sawGood(page(number), number < 3 ? `p${number}` : 'p2');
    expect(count.view().repeatsFrom).toBe(3);
  });
  it('is not told of pages that are no neighbours', () => {
    const count = makePageCount();
    count.sawGood(page(3), 'blank');
    count.sawGood(page(50), 'blank');
    expect(count.view().repeatsFrom).toBeNull();
  });
  it('is no end when another picture comes after it', () => {
    const count = makePageCount();
    ['a', 'blank', 'blank', 'd'].forEach((print, index) => count.sawGood(page(index + 1), print));
    expect(count.view().repeatsFrom).toBeNull();
  });
  it('is no matter once the end is proven', () => {
    const count = makePageCount();
    ['a', 'b', 'b'].forEach((print, index) => count.sawGood(page(index + 1), print));
    count.sawRefused(4);
    expect(count.view()).toEqual({ atLeast: 3, total: 3, repeatsFrom: null });
  });
  it('is told apart by target: page 1 as JPG is not page 2 as PNG', () => {
    const count = makePageCount();
    count.sawGood(page(1), 'x');
    count.sawGood(page(2, 'jpg'), 'x');
    expect(count.view().repeatsFrom).toBeNull();
    count.sawGood(page(1, 'jpg'), 'x');
    expect(count.view().repeatsFrom).toBe(2);
  });
  it('stays in doubt while later pages are here in another format only', () => {
    const count = makePageCount();
    ['a', 'b', 'c', 'c'].forEach((print, index) => count.sawGood(page(index + 1), print));
    count.sawGood(page(7, 'jpg'), 'C');
    expect(count.view()).toEqual({ atLeast: 7, total: null, repeatsFrom: 4, sure: 3 });
    count.sawGood(page(3, 'jpg'), 'another');
    expect(count.view().repeatsFrom).toBeNull();
  });
});

describe('what the file says', () => {
  const seen = (...pages: number[]) => {
    const count = makePageCount();
    for (const number of pages) count.sawGood(page(number), `p${number}`);
    return count;
  };
  it('is a hint until the service has shown the end, or that it is wrong', () => {
    const count = seen(1);
    count.sawHint({ kind: 'likely', pages: 3 });
    expect(count.view()).toEqual({ atLeast: 1, total: null, repeatsFrom: null, hint: { kind: 'likely', pages: 3 } });
    expect(count.isPastEnd(4)).toBe(false);
    count.sawGood(page(3), 'p3');
    count.sawRefused(4);
    expect(count.view()).toEqual({ atLeast: 3, total: 3, repeatsFrom: null });
    const longer = seen(1, 2, 3);
    longer.sawHint({ kind: 'likely', pages: 2 });
    expect(longer.view().hint).toBeUndefined();
    const shorter = seen(1);
    shorter.sawHint({ kind: 'likely', pages: 9 });
    shorter.sawRefused(9);
    expect(shorter.view().hint).toBeUndefined();
  });
  it('is the end where all pages were met in it, from the first picture on, and unless a page behind it speaks for itself', () => {
    const count = makePageCount();
    count.sawHint({ kind: 'exact', pages: 37 });
    expect(count.view().total).toBeNull();
    count.sawGood(page(1), 'a');
    expect(count.view()).toEqual({ atLeast: 1, total: 37, repeatsFrom: null, proof: 'structure' });
    expect([count.isPastEnd(37), count.isPastEnd(38)]).toEqual([false, true]);
    count.sawGood(page(37), 'z');
    count.sawGood(page(38), 'z');
    expect(count.view()).toMatchObject({ total: 37, atLeast: 37 });
    count.sawGood(page(39), 'another');
    expect(count.view()).toMatchObject({ total: null, atLeast: 39 });
    const refused = seen(1, 2);
    refused.sawHint({ kind: 'exact', pages: 5 });
    refused.sawRefused(3);
    expect(refused.view()).toEqual({ atLeast: 2, total: 2, repeatsFrom: null });
  });
  it('of more than 2,000 pages proves nothing, and 2,000 pages are what can be shown', () => {
    const count = seen(1);
    count.sawHint({ kind: 'exact', pages: 2400 });
    expect(count.view()).toMatchObject({ total: null, hint: { kind: 'likely', pages: 2000 } });
    count.sawGood(page(2000), 'last');
    expect(count.view()).toMatchObject({ total: 2000, proof: 'limit' });
    // An end that was kept from another run is no refusal of a page that nobody can ask for.
    count.sawRefused(2001);
    expect(count.view()).toMatchObject({ total: 2000, proof: 'limit' });
  });
  it('makes a blank page behind it a page in doubt, but no end', () => {
    const count = seen(1, 2, 3);
    count.sawHint({ kind: 'likely', pages: 3 });
    count.sawGood(page(4), 'blank', true);
    expect(count.view()).toMatchObject({ total: null, blankFrom: 4, hint: { kind: 'likely', pages: 3 } });
    expect(count.isBlankPastHint(4)).toBe(true);
    count.sawGood(page(5), 'written');
    expect(count.view().blankFrom).toBeUndefined();
    expect(count.view().hint).toBeUndefined();
  });
  it('stands against a page of an earlier run behind it unless somebody looked whether that is blank', () => {
    const kept = (...looks: (boolean | undefined)[]) => {
      const count = seen(1, 2, 3);
      for (const [index, isBlank] of looks.entries()) {
        count.sawKept(page(4 + index), `k${index}`, isBlank);
        // Nobody looked at it in the other format: that takes nothing back.
        count.sawKept(page(4 + index, 'jpg'), `j${index}`, undefined);
      }
      count.sawHint({ kind: 'likely', pages: 3 });
      return count.view();
    };
    const hint = { kind: 'likely', pages: 3 };
    expect(kept(true)).toMatchObject({ total: null, blankFrom: 4, hint });
    expect(kept(undefined)).toMatchObject({ total: null, hint });
    expect(kept(false).hint).toBeUndefined();
    expect(kept(true, false).hint).toBeUndefined();
    expect(kept(undefined, true)).toMatchObject({ blankFrom: 5, hint });
    // One that is seen in this run is.
    const count = seen(1, 2, 3);
    count.sawKept(page(4), 'k4');
    count.sawHint({ kind: 'likely', pages: 3 });
    count.sawGood(page(4), 'k4');
    expect(count.view().hint).toBeUndefined();
  });
});

describe('an end that was proven in an earlier run', () => {
  const proofs = ['refused', 'structure', 'limit', 'earlier'] as const;
  const endedAt = (proof: (typeof proofs)[number], ...pages: number[]) => {
    const count = makePageCount();
    for (const number of pages) count.sawGood(page(number), `p${number}`);
    count.sawEnd({ lastPage: 37, proof });
    return count;
  };
  it.each(proofs)('holds without its last page, by %s', (proof) => {
    for (const count of [endedAt(proof), endedAt(proof, 1, 10)]) {
      expect(count.view().total).toBe(37);
      expect(count.view().proof).toBe(proof === 'refused' ? undefined : proof);
      expect([count.isPastEnd(37), count.isPastEnd(38)]).toEqual([false, true]);
      count.sawGood(page(11), 'p11');
      count.sawGood(page(37), 'p37');
      expect(count.end()).toEqual({ lastPage: 37, proof });
      count.sawRefused(38);
      expect(count.end()).toEqual({ lastPage: 37, proof });
    }
  });
  it.each(proofs)('holds no longer when a page above it is there, or one below it is refused, by %s', (proof) => {
    expect(endedAt(proof, 1, 40).end()).toBeNull();
    const longer = endedAt(proof, 1);
    longer.sawGood(page(38), 'p38');
    expect(longer.end()).toBeNull();
    const shorter = endedAt(proof, 1);
    shorter.sawRefused(20);
    expect(shorter.end()).toBeNull();
    expect(shorter.isPastEnd(20)).toBe(true);
  });
  it('by the structure of the file stands against what a service shows past the end, and against a doubt', () => {
    const count = endedAt('structure', 36, 37);
    count.sawGood(page(38), 'p37');
    count.sawGood(page(39), 'blank', true);
    count.doubt(38);
    expect(count.end()).toEqual({ lastPage: 37, proof: 'structure' });
  });
  it('by a refusal is in doubt with that refusal, until the page is refused again', () => {
    const count = endedAt('refused', 1);
    count.doubt(38);
    expect(count.end()).toBeNull();
    count.sawRefused(38);
    expect(count.end()).toEqual({ lastPage: 37, proof: 'refused' });
  });
  it('of 2,000 pages, of which nobody knows how it was proven, is the limit', () => {
    const count = makePageCount();
    count.sawEnd({ lastPage: 2000, proof: 'earlier' });
    expect(count.view()).toMatchObject({ total: 2000, proof: 'limit' });
  });
});

describe('what is certain below pages of one picture', () => {
  /** As the page store does: a page is looked at for being blank where that matters. */
  const seen = (...pictures: [pageNumber: number, print: string][]) => {
    const count = makePageCount();
    for (const [number, print] of pictures) {
      const isBlank = count.mayBePastEnd(page(number), print) ? print === 'blank' : undefined;
      count.sawGood(page(number), print, isBlank);
    }
    return count;
  };
  const first3 = [1, 2, 3].map((number): [number, string] => [number, `p${number}`]);

  it('is one page above the last other picture, after a leap far beyond the end', () => {
    // A service that answers page 40 for all above it.
    const count = seen(...first3, [80, 'p40'], [81, 'p40'], [79, 'p40']);
    expect(count.view()).toEqual({ atLeast: 81, total: null, repeatsFrom: 80, sure: 4 });
    count.sawGood(page(39), 'p39');
    expect(count.view().sure).toBe(40);
    count.sawGood(page(40), 'p40');
    expect(count.view()).toEqual({ atLeast: 81, total: null, repeatsFrom: 80, sure: 40 });
  });
  it('is the last page itself where the next one is the same', () => {
    expect(seen(...first3, [4, 'p3']).view()).toMatchObject({ atLeast: 4, sure: 3 });
  });
  it('is no blank page, which a service may fill up with, leapt to or next to the end', () => {
    expect(seen(...first3, [80, 'blank'], [81, 'blank']).view()).toMatchObject({ atLeast: 81, sure: 3 });
    expect(seen(...first3, [4, 'blank'], [5, 'blank']).view()).toMatchObject({ atLeast: 5, sure: 3 });
    const kept = makePageCount();
    for (const [number, print] of [...first3, [80, 'x'], [81, 'x']] as const) kept.sawGood(page(number), print);
    // Of an earlier run: nobody looked whether they are blank.
    expect(kept.view()).toMatchObject({ atLeast: 81, sure: 3 });
  });
  it('is not told apart from what was seen where the highest page speaks for itself, or the end is proven', () => {
    const goesOn = seen(...first3, [80, 'x'], [81, 'x'], [82, 'y']);
    expect(goesOn.view()).toEqual({ atLeast: 82, total: null, repeatsFrom: null });
    const ended = seen(...first3, [4, 'p3']);
    ended.sawRefused(5);
    expect(ended.view()).toEqual({ atLeast: 4, total: 4, repeatsFrom: null });
  });
  it('is never more than there is, whichever way a service answers past the end and pages come', () => {
    for (let last = 1; last <= 6; last += 1) {
      for (const past of ['clamp', 'blank'] as const) {
        const answer = (number: number): string =>
          number <= last ? `p${number}` : past === 'clamp' ? `p${last}` : 'blank';
        for (const order of [
          [1, 2, 9, 10, 8],
          [9, 10, 1, 8],
          [1, 9, 8, 10, 4],
          [1, 2, 3, 4, 5, 6, 7, 8],
        ]) {
          const { sure } = seen(...order.map((number): [number, string] => [number, answer(number)])).view();
          expect(sure ?? 1, `${past} after ${last}: ${order.join()}`).toBeLessThanOrEqual(last);
        }
      }
    }
  });
});

describe('pages that were leapt to', () => {
  it('count for nothing while they are like one before, until another picture or a refusal says more', () => {
    const count = makePageCount();
    count.sawGood(page(1), 'a');
    count.sawGood(page(40), 'last');
    expect(count.suspect(40)).toBe(false);
    count.sawGood(page(80), 'last');
    expect(count.suspect(80)).toBe(true);
    expect(count.view().atLeast).toBe(40);
    count.sawGood(page(81), 'other');
    expect(count.view().atLeast).toBe(81);
    const blank = makePageCount();
    blank.sawGood(page(1), 'a');
    blank.sawGood(page(300), 'white', true);
    expect(blank.suspect(300)).toBe(true);
    expect(blank.view().atLeast).toBe(1);
    blank.trust();
    expect(blank.view().atLeast).toBe(300);
  });
});
