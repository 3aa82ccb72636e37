/** Looks at a picture's own bytes: PNG or JPEG, its size, and whether it is all there. Content-Type headers are not believed. */
import crc32 from 'crc-32';

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
const FILL = 0xff;
const EOI = 0xd9;
const SOS = 0xda;
/** DHT, DAC, DQT, DNL, DRI. */
const TABLES = [0xc4, 0xcc, 0xdb, 0xdc, 0xdd];

/**
 * Reads the header and proves wholeness: a PNG's chunks with their checksums up to IEND, a JPEG's segments and scans up to
 * its end marker. Else null. What it cannot see is a JPEG whose scan data is other data of the same shape.
 */
export function readImageHead(bytes: Uint8Array): ImageHead | null {
  if (PNG_SIGNATURE.every((byte, at) => bytes[at] === byte)) return readPng(bytes);
  if (bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff) return readJpeg(bytes);
  return null;
}

/** Walks from chunk to chunk: a picture cut off anywhere does not reach IEND, a changed byte does not match its checksum. */
function readPng(bytes: Uint8Array): ImageHead | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 33 || view.getUint32(8) !== 13 || view.getUint32(12) !== IHDR) return null;
  const head = toHead('image/png', view.getUint32(16), view.getUint32(20));
  let hasPixels = false;
  for (let at = 8; at + 12 <= bytes.length;) {
    const end = at + 12 + view.getUint32(at);
    if (end > bytes.length || crc32.buf(bytes.subarray(at + 4, end - 4)) !== view.getInt32(end - 4)) return null;
    const type = view.getUint32(at + 4);
    if (type === IEND) return hasPixels ? head : null;
    if (type === IDAT) hasPixels = true;
    at = end;
  }
  return null;
}

/** Walks segments and scans to the end marker, which stands only where a marker may: not within a segment or as data. */
function readJpeg(bytes: Uint8Array): ImageHead | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let head: ImageHead | null = null;
  let hasScan = false;
  for (let at = 2; at + 2 <= bytes.length && bytes[at] === 0xff;) {
    const marker = bytes[at + 1] ?? 0;
    if (marker === FILL) {
      at += 1;
      continue;
    }
    if (marker === EOI) return hasScan ? head : null;
    const end = at + 4 <= bytes.length ? at + 2 + view.getUint16(at + 2) : Infinity;
    if (end < at + 4 || end > bytes.length) return null;
    if (isFrameHeader(marker)) {
      if (hasScan || end < at + 9) return null;
      head = toHead('image/jpeg', view.getUint16(at + 7), view.getUint16(at + 5));
    } else if (!isSegment(marker)) return null;
    if (marker === SOS) {
      if (!head) return null;
      hasScan = true;
    }
    at = marker === SOS ? endOfScan(bytes, end) : end;
  }
  return null;
}

/** Where the next marker after scan data stands; `bytes.length` when there is none. */
function endOfScan(bytes: Uint8Array, start: number): number {
  for (let at = bytes.indexOf(FILL, start); at >= 0; at = bytes.indexOf(FILL, at + 1)) {
    const next = bytes[at + 1] ?? 0;
    const isRestart = next >= 0xd0 && next <= 0xd7;
    if (next !== 0x00 && next !== FILL && !isRestart) return at;
  }
  return bytes.length;
}

/** SOF0 to SOF15 without DHT, JPG and DAC, which share their range. */
function isFrameHeader(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && !TABLES.includes(marker) && marker !== 0xc8;
}

/** A table, a scan, an APPn or a comment: all else that may stand in a picture and has a length. */
function isSegment(marker: number): boolean {
  return TABLES.includes(marker) || marker === SOS || (marker >= 0xe0 && marker <= 0xef) || marker === 0xfe;
}

function toHead(mediaType: ImageHead['mediaType'], widthPx: number, heightPx: number): ImageHead | null {
  const isSane = widthPx > 0 && heightPx > 0 && widthPx <= MAX_SIDE_PX && heightPx <= MAX_SIDE_PX;
  return isSane ? { mediaType, widthPx, heightPx } : null;
}
