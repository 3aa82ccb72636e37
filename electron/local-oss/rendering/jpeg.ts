/** JPG pages: a baseline JPEG through jpeg-js, which is plain JavaScript and so runs wherever the worker runs. */
import { encode } from 'jpeg-js';
import type { RgbBitmap } from './png.ts';

/** 85 keeps the edges of small print clean; jpeg-js never thins out colour, so coloured text does not bleed. */
const QUALITY = 85;

/** Encodes a bitmap as a baseline JPEG; the same bitmap always gives the same bytes. */
export function encodeJpeg(bitmap: RgbBitmap): Uint8Array<ArrayBuffer> {
  const { widthPx, heightPx, strideBytes, pixels } = bitmap;
  const rgba = new Uint8Array(widthPx * heightPx * 4); // jpeg-js takes four bytes a pixel and ignores the fourth
  let to = 0;
  for (let y = 0; y < heightPx; y++) {
    let from = y * strideBytes;
    for (let x = 0; x < widthPx; x++, from += 3, to += 4) {
      rgba[to] = pixels[from]!;
      rgba[to + 1] = pixels[from + 1]!;
      rgba[to + 2] = pixels[from + 2]!;
    }
  }
  // A copy with a buffer of its own, so that it can be handed to another thread.
  return new Uint8Array(encode({ data: rgba, width: widthPx, height: heightPx }, QUALITY).data);
}
