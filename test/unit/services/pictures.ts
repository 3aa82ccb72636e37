/** Small real pictures for tests: a PNG written by hand, a JPEG by an encoder. */
import { deflateSync } from 'node:zlib';
import jpeg from 'jpeg-js';

/** A grey PNG in several IDAT chunks of at most `chunkBytes`. */
export function makePng(widthPx: number, heightPx: number, chunkBytes = 64): Uint8Array {
  const rows = Buffer.alloc((widthPx + 1) * heightPx, 0x80);
  for (let y = 0; y < heightPx; y += 1) rows[y * (widthPx + 1)] = 0; // filter type: none
  const data = deflateSync(rows, { level: 0 });
  const head = Buffer.alloc(13);
  head.writeUInt32BE(widthPx, 0);
  head.writeUInt32BE(heightPx, 4);
  head[8] = 8; // bits per sample, colour type 0: grey
  const parts = [Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), chunk('IHDR', head)];
  for (let at = 0; at < data.length; at += chunkBytes) parts.push(chunk('IDAT', data.subarray(at, at + chunkBytes)));
  parts.push(chunk('IEND', Buffer.alloc(0)));
  return new Uint8Array(Buffer.concat(parts));
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const whole = Buffer.alloc(body.length + 8);
  whole.writeUInt32BE(data.length, 0);
  body.copy(whole, 4);
  whole.writeUInt32BE(crc32(body), whole.length - 4);
  return whole;
}

/** Bit by bit: tests have time. */
function crc32(bytes: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}

/** A JPEG with a little noise in it, so that its scan has something to hold. */
export function makeJpeg(width: number, height: number): Uint8Array {
  const data = Buffer.alloc(width * height * 4, 0xff);
  for (let at = 0; at < data.length; at += 1) if (at % 4 !== 3) data[at] = (at * 2_654_435_761) & 0xff;
  return new Uint8Array(jpeg.encode({ data, width, height }, 85).data);
}
