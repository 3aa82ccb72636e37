/** A PNG encoder over node:zlib: all that page pictures need, with no native module and no second WebAssembly. */
import { deflateSync } from 'node:zlib';
import crc32 from 'crc-32'; // zlib.crc32 is not there in the Node of the older Electron

/** A page picture in memory: rows of red, green, blue bytes, each row `strideBytes` after the one before. */
export interface RgbBitmap {
  widthPx: number;
  heightPx: number;
  /** At least `3 * widthPx`. */
  strideBytes: number;
  pixels: Uint8Array;
}

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
const CHUNK_FRAME_BYTES = 12; // length, type and checksum around every chunk's data

/**
 * Encodes a bitmap as an 8-bit RGB PNG; the same bitmap always gives the same bytes.
 *
 * Row filter 0 and zlib level 1: a printed page is mostly white runs, where the adaptive filters and higher levels cost
 * five times the time and save almost nothing.
 */
export function encodePng(bitmap: RgbBitmap): Uint8Array<ArrayBuffer> {
  const { widthPx, heightPx, strideBytes, pixels } = bitmap;
  const rowBytes = widthPx * 3;
  const rows = Buffer.allocUnsafe((rowBytes + 1) * heightPx);
  for (let y = 0; y < heightPx; y++) {
    const at = y * (rowBytes + 1);
    rows[at] = 0;
    rows.set(pixels.subarray(y * strideBytes, y * strideBytes + rowBytes), at + 1);
  }
  const data = deflateSync(rows, { level: 1 });

  const png = new Uint8Array(SIGNATURE.length + 3 * CHUNK_FRAME_BYTES + 13 + data.length);
  png.set(SIGNATURE);
  let at = writeChunk(png, SIGNATURE.length, 'IHDR', header(widthPx, heightPx));
  at = writeChunk(png, at, 'IDAT', data);
  writeChunk(png, at, 'IEND', new Uint8Array(0));
  return png;
}

function header(widthPx: number, heightPx: number): Uint8Array {
  const data = new Uint8Array(13);
  const view = new DataView(data.buffer);
  view.setUint32(0, widthPx);
  view.setUint32(4, heightPx);
  data.set([8, 2, 0, 0, 0], 8); // 8 bits a sample, colour type RGB, the only compression and filter method, no interlace
  return data;
}

function writeChunk(png: Uint8Array, at: number, type: string, data: Uint8Array): number {
  const view = new DataView(png.buffer, png.byteOffset);
  view.setUint32(at, data.length);
  for (let i = 0; i < 4; i++) png[at + 4 + i] = type.charCodeAt(i);
  png.set(data, at + 8);
  view.setInt32(at + 8 + data.length, crc32.buf(png.subarray(at + 4, at + 8 + data.length)));
  return at + CHUNK_FRAME_BYTES + data.length;
}
