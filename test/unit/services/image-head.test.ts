/** Pictures are recognised by their own bytes, and a picture that is not all there is none. */
import { describe, expect, it } from 'vitest';
import { readImageHead } from '#services/image-head.ts';
import { makeJpeg, makePng } from './pictures.ts';

const png = makePng(30, 20);
const jpg = makeJpeg(33, 17);

describe('readImageHead', () => {
  it('reads type and size', () => {
    expect(readImageHead(png)).toEqual({ mediaType: 'image/png', widthPx: 30, heightPx: 20 });
    expect(readImageHead(jpg)).toEqual({ mediaType: 'image/jpeg', widthPx: 33, heightPx: 17 });
  });

  it('reads a view into a larger buffer', () => {
    const larger = new Uint8Array(png.length + 20);
    larger.set(png, 10);
    expect(readImageHead(larger.subarray(10, 10 + png.length))?.widthPx).toBe(30);
  });

  it.each([
    ['PNG', png],
    ['JPEG', jpg],
  ])('finds every truncation of a %s', (_, bytes) => {
    for (let length = 0; length < bytes.length; length += 1) {
      expect(readImageHead(bytes.subarray(0, length))).toBe(null);
    }
  });

  it('puts up with bytes behind the end', () => {
    for (const bytes of [png, jpg]) expect(readImageHead(Buffer.concat([bytes, Buffer.from('\r\n')]))).not.toBe(null);
  });

  it('does not mistake the end of a thumbnail for the end of the picture', () => {
    // An APP1 segment that holds FF D9, as an EXIF thumbnail does, before a scan that is cut off.
    const app1 = Buffer.from([0xff, 0xe1, 0x00, 0x06, 0x00, 0xff, 0xd9, 0x00]);
    const with1 = Buffer.concat([jpg.subarray(0, 2), app1, jpg.subarray(2)]);
    expect(readImageHead(with1)).toEqual({ mediaType: 'image/jpeg', widthPx: 33, heightPx: 17 });
    expect(readImageHead(with1.subarray(0, with1.length - 2))).toBe(null);
  });

  it('finds every wrong byte of a PNG', () => {
    for (let at = 0; at < png.length; at += 1) {
      for (const change of [0x01, 0x20, 0xff]) {
        const wrong = Uint8Array.from(png, (byte, place) => (place === at ? byte ^ change : byte));
        expect(readImageHead(wrong)).toBe(null);
      }
    }
  });

  const [scanAt, endAt] = [Buffer.from(jpg).indexOf('ffda', 0, 'hex') + 14, jpg.length - 2];

  it.each([
    ['the start of another picture', [0xff, 0xd8], null],
    ['a frame header', [0xff, 0xc0, 0x00, 0x02], null],
    ['a marker that nobody has', [0xff, 0x02, 0x00, 0x02], null],
    ['a segment without a length', [0xff, 0xfe, 0x00, 0x00], null],
    ['a segment that goes past the end', [0xff, 0xfe, 0xff, 0xff], null],
    ['a segment that swallows the end marker', [0xff, 0xfe, 0x00, 0x04, 0xff, 0xd9], null],
    ['FF as data', [0xff, 0x00], 33],
    ['a restart', [0xff, 0xd3], 33],
    ['fill bytes', [0xff, 0xff, 0xff, 0xd0], 33],
    ['tables and the start of another scan', [0xff, 0xc4, 0x00, 0x02, 0xff, 0xda, 0x00, 0x02], 33],
  ])('walks the scan of a JPEG: %s', (_, put, widthPx) => {
    const cutsTheEnd = put.at(-1) === 0xd9;
    const odd = Buffer.from([
      ...jpg.subarray(0, scanAt),
      ...put,
      ...jpg.subarray(scanAt, cutsTheEnd ? endAt : undefined),
    ]);
    expect(readImageHead(odd)?.widthPx ?? null).toBe(widthPx);
  });

  it('finds a JPEG scan of noise', () => {
    const noise = Buffer.alloc(endAt - scanAt);
    for (let at = 0; at < noise.length; at += 1) noise[at] = at % 3 === 0 ? 0xff : 0x17;
    expect(readImageHead(Buffer.concat([jpg.subarray(0, scanAt), noise, jpg.subarray(endAt)]))).toBe(null);
  });

  it('refuses sizes of nothing and of nonsense', () => {
    for (const [width, height] of [
      [0, 20],
      [20, 0],
      [70_000, 1],
    ] as const) {
      expect(readImageHead(makePng(width, height))).toBe(null);
    }
  });

  it.each(['', 'GIF89a', '<Error><Code>Imm Client</Code></Error>', '%PDF-1.7', '\u0089PNG'])('refuses %j', (text) => {
    expect(readImageHead(Buffer.from(text, 'latin1'))).toBe(null);
  });

  it('refuses a PNG without pixels', () => {
    expect(readImageHead(Buffer.concat([png.subarray(0, 33), png.subarray(png.length - 12)]))).toBe(null);
  });
});
