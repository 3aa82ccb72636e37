/** Pages that are worth a look, drawn by hand: what is flagged, and what only looks like it. */
import { describe, expect, it } from 'vitest';
import { flagsOf, lookAt, type GreyPicture, type PageLook } from '#services/page-look.ts';
import { makeRandom } from '../oss/odd-keys.ts';

/** A sheet of paper that can be drawn on. */
class Sheet implements GreyPicture {
  readonly pixels: Uint8Array;
  constructor(
    readonly widthPx = 800,
    readonly heightPx = 1100,
    paper = 255,
  ) {
    this.pixels = new Uint8Array(widthPx * heightPx).fill(paper);
  }
  fill(left: number, top: number, width: number, height: number, grey = 0): this {
    for (let y = Math.max(0, top); y < Math.min(this.heightPx, top + height); y += 1) {
      const row = y * this.widthPx;
      this.pixels.fill(grey, row + Math.max(0, left), row + Math.min(this.widthPx, left + width));
    }
    return this;
  }
  frame(left: number, top: number, width: number, height: number, thick = 1): this {
    this.fill(left, top, width, thick).fill(left, top + height - thick, width, thick);
    return this.fill(left, top, thick, height).fill(left + width - thick, top, thick, height);
  }
  /** Something like a letter: strokes that do not close. */
  letter(left: number, top: number): this {
    return this.fill(left, top, 2, 14)
      .fill(left, top + 6, 8, 2)
      .fill(left + 6, top, 2, 14);
  }
  words(left: number, top: number, count: number): this {
    for (let at = 0; at < count; at += 1) this.letter(left + at * 12, top);
    return this;
  }
  boxes(left: number, top: number, count: number, gap = 3): this {
    for (let at = 0; at < count; at += 1) this.frame(left + at * (11 + gap), top, 11, 15);
    return this;
  }
}

const alone = { before: null, after: null, isSameAsBefore: false };
const flags = (sheet: Sheet) => flagsOf(lookAt(sheet), alone);
const full = () => {
  const sheet = new Sheet();
  for (let line = 0; line < 40; line += 1) sheet.words(80, 80 + line * 22, 50);
  return sheet;
};

describe('a page', () => {
  it('of text is not worth a look', () => expect(flags(full())).toEqual([]));
  it('of white text on black is not either', () => {
    const sheet = full();
    for (const [at, grey] of sheet.pixels.entries()) sheet.pixels[at] = 255 - grey;
    expect(flags(sheet)).toEqual([]);
  });
  it.each([
    ['nothing', new Sheet()],
    ['a tinted sheet', new Sheet(800, 1100, 230)],
    ['a page number', new Sheet().words(390, 1050, 2)],
  ])('with %s is nearly blank', (_, sheet) => expect(flags(sheet)).toEqual(['nearly-blank']));
  it.each([
    ['a heading', new Sheet().words(80, 500, 20)],
    ['a line across', new Sheet().fill(80, 500, 640, 2)],
    ['a photograph', new Sheet().fill(0, 0, 800, 1100, 120).fill(0, 0, 800, 600, 60).fill(0, 0, 500, 800, 90)],
  ])('with %s is not blank', (_, sheet) => expect(flags(sheet)).toEqual([]));
});

describe('ink at an edge', () => {
  it.each([
    ['right', full().words(74, 1000, 70).words(76, 1022, 70).words(75, 1044, 70)],
    ['bottom', full().words(80, 1090, 30)],
    ['top', full().words(80, -4, 30)],
    ['left', full().fill(0, 300, 12, 3).fill(0, 322, 9, 3).fill(0, 344, 14, 3)],
  ])('is cut off: %s', (edge, sheet) => {
    expect(lookAt(sheet).cutAt).toEqual([edge]);
    expect(flags(sheet)).toEqual(['cut-off']);
  });
  it.each([
    ['a bar', full().fill(0, 0, 800, 40)],
    ['one rule', full().fill(0, 560, 800, 2)],
    ['a border', full().frame(0, 0, 800, 1100, 3)],
    ['crop marks', full().fill(0, 40, 20, 1).fill(0, 1060, 20, 1).fill(780, 40, 20, 1).fill(780, 1060, 20, 1)],
    ['stripes of a picture', stripes(full())],
  ])('is meant: %s', (_, sheet) => expect(flags(sheet)).toEqual([]));

  function stripes(sheet: Sheet): Sheet {
    for (let y = 0; y < 700; y += 14) sheet.fill(600, y, 200, 9, 80);
    return sheet;
  }
});

describe('hollow boxes', () => {
  it('in a row stand for missing glyphs', () => {
    expect(lookAt(full().boxes(80, 1000, 8)).hollowRows).toBe(1);
    expect(flags(full().boxes(80, 1000, 8).boxes(80, 1030, 30))).toEqual(['missing-glyphs']);
    expect(lookAt(full().boxes(80, 1000, 8).boxes(80, 1030, 30)).hollowRows).toBe(2);
  });
  it('with words between them still do', () => {
    expect(flags(full().words(80, 1000, 6).boxes(170, 1000, 6).words(280, 1000, 4))).toEqual(['missing-glyphs']);
  });
  it.each([
    ['a few', full().boxes(80, 1000, 4)],
    [
      'check boxes below one another',
      [0, 1, 2, 3, 4, 5].reduce((sheet, at) => sheet.boxes(80, 980 + at * 20, 1), full()),
    ],
    ['check boxes with their words', [0, 1, 2, 3, 4, 5].reduce((s, at) => s.boxes(80 + at * 110, 1000, 1), full())],
    ['cells of a table', table(full())],
    ['boxes to write letters in, side by side', full().boxes(80, 1000, 12, -1)],
    ['boxes with something in them', ticked(full())],
    ['boxes that are open', open(full())],
  ])('that are something else: %s', (_, sheet) => expect(flags(sheet)).toEqual([]));

  function table(sheet: Sheet): Sheet {
    for (let row = 0; row <= 6; row += 1) sheet.fill(80, 980 + row * 14, 320, 1);
    for (let column = 0; column <= 20; column += 1) sheet.fill(80 + column * 16, 980, 1, 84);
    return sheet;
  }
  function ticked(sheet: Sheet): Sheet {
    sheet.boxes(80, 1000, 8);
    for (let at = 0; at < 8; at += 1) sheet.fill(84 + at * 14, 1006, 3, 3);
    return sheet;
  }
  function open(sheet: Sheet): Sheet {
    sheet.boxes(80, 1000, 8);
    for (let at = 0; at < 8; at += 1) sheet.fill(80 + at * 14, 1004, 2, 6, 255);
    return sheet;
  }
});

describe('beside its neighbours', () => {
  const upright = lookAt(full());
  const wide: PageLook = { ...upright, widthPx: 1100, heightPx: 800 };

  it('a page that stands the other way is turned', () => {
    const around = { before: upright, after: upright, isSameAsBefore: false };
    expect(flagsOf(wide, around)).toEqual(['turned']);
    expect(flagsOf(upright, { before: wide, after: wide, isSameAsBefore: false })).toEqual(['turned']);
    expect(flagsOf(upright, around)).toEqual([]);
    // Where a part of wide pages begins or ends, none of them is.
    expect(flagsOf(wide, { ...around, after: wide })).toEqual([]);
    expect(flagsOf(wide, { ...around, after: null })).toEqual([]);
    expect(flagsOf({ ...wide, heightPx: 1100 }, around)).toEqual([]);
  });

  it('a page that is the page before once more says so', () => {
    expect(flagsOf(upright, { ...alone, isSameAsBefore: true })).toEqual(['same-as-before']);
  });
});

it('survives any picture', () => {
  const random = makeRandom(20_261_127);
  for (let round = 0; round < 60; round += 1) {
    const widthPx = Math.floor(random() * 300);
    const heightPx = Math.floor(random() * 300);
    const levels = 1 + Math.floor(random() * 3);
    const pixels = Uint8Array.from({ length: widthPx * heightPx }, () => Math.floor(random() * levels) * 120);
    const look = lookAt({ widthPx, heightPx, pixels });
    expect(look.inkShare).toBeGreaterThanOrEqual(0);
    expect(look.inkShare).toBeLessThanOrEqual(1);
  }
});
