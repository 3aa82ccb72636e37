import { describe, expect, it } from 'vitest';
import { stillWanted, wantedPages, type Standing, type Wish } from '#renderer/logic/priority.ts';

/** A view of pages 10 to 12 around page 11 of a document known up to page 100, nothing here. */
function wish(more: Partial<Wish> & { here?: number[]; held?: number[] } = {}): Wish {
  const { here = [], held = [], ...rest } = more;
  const standingOf = (page: number): Standing =>
    here.includes(page) ? 'here' : held.includes(page) ? 'held' : 'missing';
  return {
    visible: { from: 10, to: 12 },
    distanceOf: (page) => Math.abs(page - 11),
    looksAhead: true,
    direction: 1,
    standingOf,
    provenTo: 100,
    mayReach: 100,
    isDoubtful: () => false,
    ...rest,
  };
}

describe('wantedPages', () => {
  it('wants what is in view, nearest the centre first, and nothing else until that is here', () => {
    expect(wantedPages(wish())).toEqual([11, 10, 12]);
    expect(wantedPages(wish({ here: [11] }))).toEqual([10, 12]);
  });

  it('then two ahead, one after the other, then one behind, then nothing', () => {
    const inView = [10, 11, 12];
    expect(wantedPages(wish({ here: inView }))).toEqual([13]);
    expect(wantedPages(wish({ here: [...inView, 13] }))).toEqual([14]);
    expect(wantedPages(wish({ here: [...inView, 13, 14] }))).toEqual([9]);
    expect(wantedPages(wish({ here: [...inView, 13, 14, 9] }))).toEqual([]);
  });

  it('wants only what is in view when it does not look ahead', () => {
    expect(wantedPages(wish({ looksAhead: false }))).toEqual([11, 10, 12]);
    expect(wantedPages(wish({ looksAhead: false, here: [10, 11, 12] }))).toEqual([]);
  });

  it('looks the other way when the reader goes up', () => {
    const inView = [10, 11, 12];
    expect(wantedPages(wish({ here: inView, direction: -1 }))).toEqual([9]);
    expect(wantedPages(wish({ here: [...inView, 9, 8], direction: -1 }))).toEqual([13]);
  });

  it('does not look ahead of trouble: a failed page in view, a failed page in the chain', () => {
    expect(wantedPages(wish({ here: [10, 12], held: [11] }))).toEqual([]);
    expect(wantedPages(wish({ here: [10, 11, 12], held: [13] }))).toEqual([9]);
  });

  it('buys at most one page beyond what is known to exist, in view or ahead', () => {
    expect(wantedPages(wish({ provenTo: 10, mayReach: 2000 }))).toEqual([11, 10]);
    expect(wantedPages(wish({ provenTo: 3, mayReach: 2000 }))).toEqual([11]);
    expect(wantedPages(wish({ provenTo: 12, mayReach: 2000, here: [10, 11, 12] }))).toEqual([13]);
    expect(wantedPages(wish({ provenTo: 12, mayReach: 2000, here: [10, 11, 12, 13] }))).toEqual([9]);
    expect(wantedPages(wish({ provenTo: 11, mayReach: 2000, here: [10, 11, 12] }))).toEqual([9]);
  });

  it('never passes the end or what the service refused', () => {
    expect(wantedPages(wish({ provenTo: 11, mayReach: 11 }))).toEqual([11, 10]);
    expect(wantedPages(wish({ provenTo: 12, mayReach: 12, here: [10, 11, 12, 9] }))).toEqual([]);
  });

  it('stops at a repeated page, in view and ahead', () => {
    const doubt = { provenTo: 12, mayReach: 2000, isDoubtful: (page: number) => page >= 13 };
    expect(wantedPages(wish({ ...doubt, here: [10, 11, 12] }))).toEqual([9]);
    expect(wantedPages(wish({ ...doubt, here: [12], visible: { from: 12, to: 13 } }))).toEqual([11]);
    const goneOn = { ...doubt, isDoubtful: (page: number) => page >= 14 };
    expect(wantedPages(wish({ ...goneOn, here: [12], visible: { from: 12, to: 13 } }))).toEqual([13]);
  });

  it('wants nothing below the last page', () => {
    expect(wantedPages(wish({ visible: { from: 101, to: 100 } }))).toEqual([]);
  });
});

describe('stillWanted', () => {
  it('lets go of what left the view and takes nothing new', () => {
    expect(stillWanted([11, 10, 12], { from: 12, to: 30 })).toEqual([12]);
    expect(stillWanted([11, 10, 12], { from: 400, to: 402 })).toEqual([]);
  });
});
