/** Looks at a picture's own bytes: PNG or JPEG, its size, and whether it is all there. Content-Type headers are not believed. */

export interface ImageHead {
  mediaType: 'image/png' | 'image/jpeg';
  widthPx: number;
  heightPx: number;
}

/** No page picture is larger than this on a side; a header that says so is not believed, and never decoded. */
const MAX_SIDE_PX = 65_535;
const PNG_SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const IHDR = 0x49484452;
const IDAT = 0x49444154;
const IEND = 0x49454e44;

/** Reads the header and proves wholeness: a PNG's chunks up to IEND, a JPEG's segments and its end marker. Else null. */
export function readImageHead(bytes: Uint8Array): ImageHead | null {
  if (PNG_SIGNATURE.every((byte, at) => bytes[at] === byte)) return readPng(bytes);
  if (bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff) return readJpeg(bytes);
  return null;
}

/** Walks from chunk to chunk: a picture cut off anywhere does not reach IEND. Checksums are the decoder's business. */
function readPng(bytes: Uint8Array): ImageHead | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 33 || view.getUint32(8) !== 13 || view.getUint32(12) !== IHDR) return null;
  const head = toHead('image/png', view.getUint32(16), view.getUint32(20));
  let hasPixels = false;
  for (let at = 33; at + 12 <= bytes.length;) {
    const type = view.getUint32(at + 4);
    if (type === IEND) return hasPixels ? head : null;
    if (type === IDAT) hasPixels = true;
    at += 12 + view.getUint32(at);
  }
  return null;
}

/** Walks the segments to the frame header and the first scan; in scan data FF D9 can only be the end marker. */
function readJpeg(bytes: Uint8Array): ImageHead | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let head: ImageHead | null = null;
  for (let at = 2; at + 4 <= bytes.length;) {
    if (bytes[at] !== 0xff) return null;
    const marker = bytes[at + 1] ?? 0;
    if (marker === 0xff) {
      at += 1; // fill byte
      continue;
    }
    const length = view.getUint16(at + 2);
    if (length < 2) return null;
    if (isFrameHeader(marker)) {
      if (at + 9 > bytes.length) return null;
      head = toHead('image/jpeg', view.getUint16(at + 7), view.getUint16(at + 5));
    }
    if (marker === 0xda) return head && endsAfter(bytes, at + 2 + length) ? head : null;
    at += 2 + length;
  }
  return null;
}

/** SOF0 to SOF15 without DHT, JPG and DAC, which share their range. */
function isFrameHeader(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}

function endsAfter(bytes: Uint8Array, start: number): boolean {
  for (let at = bytes.length - 2; at >= start; at -= 1) {
    if (bytes[at] === 0xff && bytes[at + 1] === 0xd9) return true;
  }
  return false;
}

function toHead(mediaType: ImageHead['mediaType'], widthPx: number, heightPx: number): ImageHead | null {
  const isSane = widthPx > 0 && heightPx > 0 && widthPx <= MAX_SIDE_PX && heightPx <= MAX_SIDE_PX;
  return isSane ? { mediaType, widthPx, heightPx } : null;
}
