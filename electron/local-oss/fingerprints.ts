/** Checksums of stored bytes, each computed once, in pieces that leave the event loop room, and remembered. */
import { createHash } from 'node:crypto';
import { Crc64 } from './crc64.ts';

export type ChecksumKind = 'md5' | 'sha256' | 'crc64';

/** Bytes that can be read again and again, and a name that changes when they do. */
export interface Content {
  /** `path|mtime|size` or the like; two contents of one identity have the same bytes. */
  identity: string;
  sizeBytes: number;
  /** Reads `[from, to)`. Throws when the bytes are no longer there. */
  read(from: number, to: number): AsyncIterable<Uint8Array>;
}

const LIMIT = 50_000;

async function compute(kind: ChecksumKind, content: Content): Promise<string> {
  if (kind === 'crc64') {
    const crc = new Crc64();
    for await (const piece of content.read(0, content.sizeBytes)) crc.update(piece);
    return crc.toString();
  }
  const hash = createHash(kind);
  for await (const piece of content.read(0, content.sizeBytes)) hash.update(piece);
  return hash.digest('hex');
}

/** MD5 and SHA-256 in lower-case hex, CRC-64 in decimal. */
export class Fingerprints {
  readonly #known = new Map<string, Promise<string>>();

  /** One checksum of one content; concurrent askers share the work. Throws what reading throws, and forgets it. */
  of(kind: ChecksumKind, content: Content): Promise<string> {
    const name = `${kind}|${content.identity}`;
    const known = this.#known.get(name);
    if (known) return known;
    const computed = compute(kind, content);
    this.#known.set(name, computed);
    computed.catch(() => this.#known.delete(name));
    const oldest = this.#known.keys().next();
    if (this.#known.size > LIMIT && !oldest.done) this.#known.delete(oldest.value);
    return computed;
  }
}
