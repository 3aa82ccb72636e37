import { encode } from 'fast-png';
import jpeg from 'jpeg-js';
import { describe, expect, it } from 'vitest';
import { isBlankPicture } from '#services/blank-picture.ts';

const WIDTH = 620;
const HEIGHT = 877;

/** A page of one grey with a mark of so many pixels in a corner. */
function paint(mediaType: 'image/png' | 'image/jpeg', mark: number, paper = 255) {
  const data = new Uint8Array(WIDTH * HEIGHT * 4).fill(paper);
  for (let row = 0; row < mark; row += 1) data.fill(0, row * WIDTH * 4, row * WIDTH * 4 + mark * 4);
  // Opaque: what can be seen through is paper.
  for (let at = 3; at < data.length; at += 4) data[at] = 255;
  const image = { width: WIDTH, height: HEIGHT, data };
  const bytes = mediaType === 'image/png' ? encode({ ...image, channels: 4 }) : jpeg.encode(image, 90).data;
  return { bytes: Uint8Array.from(bytes), mediaType, widthPx: WIDTH, heightPx: HEIGHT };
}

describe('a blank page', () => {
  for (const mediaType of ['image/png', 'image/jpeg'] as const) {
    it(`is nothing but paper, of whatever shade, as ${mediaType}`, () => {
      expect(isBlankPicture(paint(mediaType, 0))).toBe(true);
      expect(isBlankPicture(paint(mediaType, 0, 230))).toBe(true);
      expect(isBlankPicture(paint(mediaType, 6))).toBe(false);
      expect(isBlankPicture(paint(mediaType, 300))).toBe(false);
    });
  }
  it('is none that cannot be decoded, or has too much in it to be decoded for this', () => {
    const broken = { ...paint('image/png', 0), bytes: Uint8Array.from([1, 2, 3]) };
    expect(isBlankPicture(broken)).toBe(false);
    const large = { ...paint('image/png', 0), bytes: new Uint8Array(100_000) };
    expect(isBlankPicture(large)).toBe(false);
  });
});
