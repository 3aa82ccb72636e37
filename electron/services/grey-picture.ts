/** A bought picture as grey levels, to be looked at by a program. */
import { decode as decodePng } from 'fast-png';
import jpeg from 'jpeg-js';
import type { GreyPicture } from './page-look.ts';

/** Of a JPEG, decoded. The largest page of the service has a tenth of that. */
const MOST_MEGAPIXELS = 60;

/** A whole picture, as it was bought. */
export interface EncodedPicture {
  bytes: Uint8Array;
  mediaType: 'image/png' | 'image/jpeg';
}

/** Decodes a picture. Throws for one that cannot be decoded, or is too large to be. */
export function readGrey({ bytes, mediaType }: EncodedPicture): GreyPicture {
  return mediaType === 'image/png' ? readPng(bytes) : readJpeg(bytes);
}

function readJpeg(bytes: Uint8Array): GreyPicture {
  const options = { useTArray: true, maxResolutionInMP: MOST_MEGAPIXELS, maxMemoryUsageInMB: 1024 } as const;
  const { width, height, data } = jpeg.decode(bytes, options);
  return toGrey(width, height, data, 4, 255);
}

function readPng(bytes: Uint8Array): GreyPicture {
  const size = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (size.getUint32(16) * size.getUint32(20) > MOST_MEGAPIXELS * 1e6) throw new Error('The picture is too large.');
  const { width, height, data, channels, depth, palette } = decodePng(bytes);
  const samples = depth < 8 ? unpack(data, width * channels, height, depth) : data;
  if (!palette) return toGrey(width, height, samples, channels, 2 ** depth - 1);
  // One number for each pixel: its place in the palette.
  const greys = palette.map(([red = 0, green = 0, blue = 0]) => greyOf(red, green, blue));
  return { widthPx: width, heightPx: height, pixels: Uint8Array.from(samples, (index) => greys[index] ?? 255) };
}

/** Several samples stand in one byte, the first one highest; each row begins with a new byte. */
function unpack(data: ArrayLike<number>, samplesInRow: number, rows: number, depth: number): Uint8Array {
  const samples = new Uint8Array(samplesInRow * rows);
  const rowBytes = Math.ceil((samplesInRow * depth) / 8);
  for (let at = 0; at < samples.length; at += 1) {
    const bit = (at % samplesInRow) * depth;
    const byte = data[Math.floor(at / samplesInRow) * rowBytes + (bit >> 3)] ?? 0;
    samples[at] = (byte >> (8 - depth - (bit & 7))) & (2 ** depth - 1);
  }
  return samples;
}

/** `channels`: grey, grey and alpha, RGB, or RGBA; what is see-through lies on white paper. */
function toGrey(
  widthPx: number,
  heightPx: number,
  data: ArrayLike<number>,
  channels: number,
  most: number,
): GreyPicture {
  const pixels = new Uint8Array(widthPx * heightPx);
  const hasAlpha = channels === 2 || channels === 4;
  const hasColours = channels >= 3;
  for (let at = 0, from = 0; at < pixels.length; at += 1, from += channels) {
    const first = data[from] ?? most;
    const level = hasColours ? greyOf(first, data[from + 1] ?? most, data[from + 2] ?? most) : first;
    const alpha = hasAlpha ? (data[from + channels - 1] ?? most) / most : 1;
    pixels[at] = Math.round(((level * alpha + most * (1 - alpha)) / most) * 255);
  }
  return { widthPx, heightPx, pixels };
}

/** ITU-R BT.601 luma. */
const greyOf = (red: number, green: number, blue: number): number => 0.299 * red + 0.587 * green + 0.114 * blue;
