/** Bodies that are not what they should be: what the misfortunes `body`, `stall` and `dribble` put in the place of a good one. */
import type { OssResponse } from './http.ts';

/** How a body may be broken. */
export const BROKEN_BODIES = [
  'empty',
  'json',
  'unclosed-xml',
  'other-root',
  'doctype',
  'not-utf8',
  'huge-xml',
  'cut-picture',
  'scrambled-picture',
  'no-size-picture',
] as const;
export type BrokenBody = (typeof BROKEN_BODIES)[number];

/** Length of the XML that nobody should read to its end, bytes. */
export const HUGE_XML_BYTES = 50 * 1024 * 1024;

const TEXTS: Partial<Record<BrokenBody, string>> = {
  empty: '',
  json: '{"error":"this is another service"}',
  'unclosed-xml': '<?xml version="1.0" encoding="UTF-8"?>\n<ListBucketResult><Name>docs</Name><Contents><Key>a',
  'other-root': '<?xml version="1.0" encoding="UTF-8"?>\n<Something><Name>docs</Name></Something>',
  doctype:
    '<?xml version="1.0"?>\n<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>\n<ListBucketResult><Name>&b;</Name></ListBucketResult>',
};

/** The answer with another body; its head says how long that is, so that it looks whole. */
export async function withBrokenBody(answer: OssResponse, as: BrokenBody, contentType?: string): Promise<OssResponse> {
  const type: Record<string, string> = contentType === undefined ? {} : { 'content-type': contentType };
  if (as === 'huge-xml') {
    const headers = {
      ...answer.headers,
      'content-type': 'application/xml',
      ...type,
      'content-length': String(HUGE_XML_BYTES),
    };
    return { ...answer, headers, body: hugeXml() };
  }
  const bytes = await toBytes(answer.body);
  const body = breakBytes(bytes, as);
  return { ...answer, headers: { ...answer.headers, ...type, 'content-length': String(body.length) }, body };
}

/** The answer whose body stops after this many bytes and never goes on; it ends when the client goes away. */
export function withStall(answer: OssResponse, afterBytes: number, signal: AbortSignal): OssResponse {
  return { ...answer, body: stalling(answer.body, afterBytes, signal) };
}

/** The answer whose body comes in pieces of so many bytes, each after a pause. `pause` rejects when the client goes away. */
export function withDribble(answer: OssResponse, bytes: number, pause: () => Promise<void>): OssResponse {
  return { ...answer, body: dribbling(answer.body, bytes, pause) };
}

async function toBytes(body: OssResponse['body']): Promise<Buffer> {
  if (body instanceof Uint8Array) return Buffer.from(body);
  const pieces: Uint8Array[] = [];
  for await (const piece of body) pieces.push(piece);
  return Buffer.concat(pieces);
}

function breakBytes(bytes: Buffer, as: Exclude<BrokenBody, 'huge-xml'>): Buffer {
  const text = TEXTS[as];
  if (text !== undefined) return Buffer.from(text, 'utf8');
  if (as === 'not-utf8') return Buffer.from([0x3c, 0xff, 0xfe, 0x00, 0xc3, 0x28, 0x3e]);
  // The end marker is missing although the length is right.
  if (as === 'cut-picture') return bytes.subarray(0, Math.max(0, bytes.length - 12));
  const changed = Buffer.from(bytes);
  if (as === 'scrambled-picture') {
    // The same length, head and end, and other bytes in between.
    const middle = Math.floor(changed.length / 2);
    return changed.fill(0xff, middle, middle + 8);
  }
  if (changed.length >= 24) changed.writeUInt32BE(0, 16); // the width of a PNG
  return changed;
}

async function* hugeXml(): AsyncGenerator<Uint8Array> {
  const head = Buffer.from('<?xml version="1.0" encoding="UTF-8"?>\n<ListBucketResult><Name>');
  yield head;
  const filler = Buffer.alloc(256 * 1024, 0x61);
  for (let left = HUGE_XML_BYTES - head.length; left > 0; left -= filler.length)
    yield filler.subarray(0, Math.min(left, filler.length));
}

async function* dribbling(
  body: OssResponse['body'],
  bytes: number,
  pause: () => Promise<void>,
): AsyncGenerator<Uint8Array> {
  for await (const piece of body instanceof Uint8Array ? [body] : body) {
    for (let at = 0; at < piece.length; at += bytes) {
      await pause();
      yield piece.subarray(at, at + bytes);
    }
  }
}

async function* stalling(
  body: OssResponse['body'],
  afterBytes: number,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  let left = afterBytes;
  for await (const piece of body instanceof Uint8Array ? [body] : body) {
    if (left > 0) yield piece.subarray(0, left);
    left -= piece.length;
    if (left <= 0) break;
  }
  await new Promise((_, reject) => {
    const stop = (): void => reject(new Error('the client went away'));
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}
