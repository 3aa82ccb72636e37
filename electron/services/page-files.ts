/**
 * One kept page picture as one file: a head that proves itself, then the picture. A file is written aside and renamed,
 * so that whatever ends the process leaves the whole page or none; one that was damaged later is found out when read.
 */
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { PagePicture } from './oss-client.ts';

const Head = z.object({
  /** The name the page is kept under: a file that was moved to another page's place is none of that page. */
  name: z.string(),
  mediaType: z.enum(['image/png', 'image/jpeg']),
  widthPx: z.number().int().positive(),
  heightPx: z.number().int().positive(),
  sizeBytes: z.number().int().positive(),
  /** SHA-256 of the picture's bytes, base64. */
  fingerprint: z.string(),
  /** The version that the service's answer named. */
  versionId: z.string().nullable(),
});

/** What the head of a file says of the picture behind it. */
export type KeptHead = z.infer<typeof Head>;

/** Magic, of which the last byte is the format's version; SHA-256 of the rest of the head; length of its JSON; JSON; zeros. */
const MAGIC = Buffer.from('PLPAGE\r\n\x00\x01', 'latin1');
const SUM_AT = MAGIC.length;
const LENGTH_AT = SUM_AT + 32;
const JSON_AT = LENGTH_AT + 4;
export const HEAD_BYTES = 1024;

/** A file that is being written: the process it belongs to stands in its name. */
const PART = /\.(\d+)-[a-f0-9]{16}\.part$/;

/** The process that writes, or wrote, this file aside; null for a file that is none of those. */
export function writerOf(fileName: string): number | null {
  const pid = PART.exec(fileName)?.[1];
  return pid === undefined ? null : Number(pid);
}

/** SHA-256 in base64: the same for the same bytes. */
export const fingerprintOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('base64');

/** Writes one page whole or not at all, readable by its owner only; answers the bytes it takes on the disk. Rejects as Node. */
export async function writePageFile(file: string, name: string, picture: PagePicture): Promise<number> {
  const { bytes, mediaType, widthPx, heightPx } = picture;
  const versionId = picture.versionId ?? null;
  const head = toHead({
    ...{ name, mediaType, widthPx, heightPx, sizeBytes: bytes.length, fingerprint: fingerprintOf(bytes) },
    // No service names versions as long as that; the head has its bounds.
    versionId: versionId !== null && versionId.length > 200 ? null : versionId,
  });
  await writeWhole(file, [head, bytes]);
  return head.length + bytes.length;
}

/** Temp file of a name nobody else makes, fsync, rename. Rejects as Node; nothing is left aside then. */
export async function writeWhole(file: string, parts: readonly Uint8Array[]): Promise<void> {
  const aside = `${file}.${process.pid}-${randomBytes(8).toString('hex')}.part`;
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  try {
    const handle = await open(aside, 'wx', 0o600);
    try {
      for (const part of parts) await handle.writeFile(part);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(aside, file);
  } catch (reason) {
    await rm(aside, { force: true }).catch(() => undefined);
    throw reason;
  }
}

/** What is in a file, or why nothing is: `damaged` is for good; `absent` may be a disk that is away, or a newer app's file. */
export type Found<T> = { is: 'whole'; value: T } | { is: 'damaged' } | { is: 'absent' };

const DAMAGED = { is: 'damaged' } as const;
const ABSENT = { is: 'absent' } as const;

/** Reads and proves the head alone, and that the file is as long as it says. */
export async function readPageHead(file: string, name: string): Promise<Found<KeptHead>> {
  try {
    const handle = await open(file, 'r');
    try {
      const bytes = Buffer.alloc(HEAD_BYTES);
      const { bytesRead } = await handle.read(bytes, 0, HEAD_BYTES, 0);
      const head = readHead(bytes.subarray(0, bytesRead), name);
      if (head.is !== 'whole') return head;
      return (await handle.stat()).size === HEAD_BYTES + head.value.sizeBytes ? head : DAMAGED;
    } finally {
      await handle.close();
    }
  } catch {
    return ABSENT;
  }
}

/** Reads a page and proves all of it. */
export async function readPageFile(file: string, name: string): Promise<Found<PagePicture>> {
  const all = await readFile(file).catch(() => null);
  if (!all) return ABSENT;
  const head = readHead(all.subarray(0, HEAD_BYTES), name);
  if (head.is !== 'whole') return head;
  const bytes = new Uint8Array(all.subarray(HEAD_BYTES));
  const isWhole = bytes.length === head.value.sizeBytes && fingerprintOf(bytes) === head.value.fingerprint;
  return isWhole ? { is: 'whole', value: toPicture(head.value, bytes) } : DAMAGED;
}

function toPicture(head: KeptHead, bytes: PagePicture['bytes']): PagePicture {
  const { mediaType, widthPx, heightPx, versionId } = head;
  return { bytes, mediaType, widthPx, heightPx, ...(versionId !== null && { versionId }) };
}

function toHead(facts: KeptHead): Buffer {
  const json = Buffer.from(JSON.stringify(facts));
  const head = Buffer.alloc(HEAD_BYTES);
  if (JSON_AT + json.length > HEAD_BYTES) throw new Error('the facts of a page do not fit');
  MAGIC.copy(head);
  head.writeUInt32BE(json.length, LENGTH_AT);
  json.copy(head, JSON_AT);
  sumOf(head).copy(head, SUM_AT);
  return head;
}

function readHead(head: Buffer, name: string): Found<KeptHead> {
  const magic = head.subarray(0, MAGIC.length);
  const isOurs = magic.subarray(0, -1).equals(MAGIC.subarray(0, -1));
  if (isOurs && magic.at(-1) !== MAGIC.at(-1)) return ABSENT;
  if (!isOurs || head.length !== HEAD_BYTES || !sumOf(head).equals(head.subarray(SUM_AT, LENGTH_AT))) return DAMAGED;
  const facts = Head.safeParse(parseJson(head.toString('utf8', JSON_AT, JSON_AT + head.readUInt32BE(LENGTH_AT))));
  return facts.success && facts.data.name === name ? { is: 'whole', value: facts.data } : DAMAGED;
}

const sumOf = (head: Buffer): Buffer => createHash('sha256').update(head.subarray(LENGTH_AT)).digest();

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
