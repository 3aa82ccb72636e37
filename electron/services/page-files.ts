/**
 * One kept page picture as one file: a head that proves itself, then the picture; both plain, or both sealed with a
 * key. A file is written aside and renamed, so that whatever ends the process leaves the whole page or none; one that
 * was damaged later is found out when read.
 */
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { PagePicture } from './oss-client.ts';
import { PageKeyId, seal, SEAL_BYTES, unseal, type PageKey } from './sealed-bytes.ts';

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
  /** Whether it is nothing but paper; absent where nobody looked, or by an app that kept no such word. */
  isBlank: z.boolean().optional(),
});

/** What the head of a file says of the picture behind it. */
export type KeptHead = z.infer<typeof Head>;

/** How a file begins; then one byte, the format. */
const MAGIC = Buffer.from('PLPAGE\r\n\x00', 'latin1');
/** SHA-256 of the rest of the head; the facts. Then the picture. */
const PLAIN = 1;
/** Id of the key; the facts, sealed. Then the picture, sealed: bound to its head by the head's own nonce. */
const SEALED = 2;
const FORM_AT = MAGIC.length;
const SUM_AT = FORM_AT + 1;
const LENGTH_AT = SUM_AT + 32;
const KEY_ID_BYTES = 8;
const BOX_AT = FORM_AT + 1 + KEY_ID_BYTES;
export const HEAD_BYTES = 1024;

/** Finds a key that is at hand; null: it is not. */
export type FindKey = (id: PageKeyId) => PageKey | null;

/** A file that is being written: the process it belongs to stands in its name. */
const PART = /\.(\d+)-[a-f0-9]{16}\.part$/;

/** The process that writes, or wrote, this file aside; null for a file that is none of those. */
export function writerOf(fileName: string): number | null {
  const pid = PART.exec(fileName)?.[1];
  return pid === undefined ? null : Number(pid);
}

/** SHA-256 in base64: the same for the same bytes. */
export const fingerprintOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('base64');

export interface WriteOptions {
  /** Null: the page is written plain. */
  key: PageKey | null;
  /** When the page was used last, epoch ms, where that is not now. */
  usedAt?: number;
}

/** Writes one page whole or not at all, readable by its owner only; answers the bytes it takes on the disk. Rejects as Node. */
export async function writePageFile(
  file: string,
  name: string,
  picture: PagePicture,
  { key, usedAt }: WriteOptions,
): Promise<number> {
  const { bytes, mediaType, widthPx, heightPx, isBlank } = picture;
  const versionId = picture.versionId ?? null;
  const facts = {
    ...{ name, mediaType, widthPx, heightPx, sizeBytes: bytes.length, fingerprint: fingerprintOf(bytes) },
    // No service names versions as long as that; the head has its bounds.
    versionId: versionId !== null && versionId.length > 200 ? null : versionId,
    isBlank,
  };
  const head = key ? toSealedHead(key, facts) : toPlainHead(facts);
  const body = key ? seal(key, bytes, pictureIn(head, name)) : bytes;
  await writeWhole(file, [head, body], usedAt);
  return head.length + body.length;
}

/**
 * Temp file of a name nobody else makes, fsync, rename; `changedAt` (epoch ms) is the time that the file shall bear.
 * Rejects as Node; nothing is left aside then.
 */
export async function writeWhole(file: string, parts: readonly Uint8Array[], changedAt?: number): Promise<void> {
  const aside = `${file}.${process.pid}-${randomBytes(8).toString('hex')}.part`;
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  try {
    const handle = await open(aside, 'wx', 0o600);
    try {
      for (const part of parts) await handle.writeFile(part);
      if (changedAt !== undefined) await handle.utimes(changedAt / 1000, changedAt / 1000);
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

/**
 * What is in a file, or why nothing is: `damaged` is for good; `absent` may be a disk that is away, or a newer app's
 * file; `locked` is sealed with a key that is not at hand, and says nothing of what is in it.
 */
export type Found<T> =
  { is: 'whole'; value: T } | { is: 'damaged' } | { is: 'absent' } | { is: 'locked'; by: PageKeyId };

const DAMAGED = { is: 'damaged' } as const;
const ABSENT = { is: 'absent' } as const;

/** What a file is, by its first bytes, which prove nothing: its size, when it was used, and the key that it is sealed with. */
export interface FileForm {
  bytes: number;
  /** Epoch ms. */
  usedAt: number;
  /** Null: plain, or nothing of ours. */
  sealedBy: PageKeyId | null;
}

/** Null when there is no such file. */
export async function readFileForm(file: string): Promise<FileForm | null> {
  try {
    const handle = await open(file, 'r');
    try {
      const { size, mtimeMs } = await handle.stat();
      const start = Buffer.alloc(BOX_AT);
      const { bytesRead } = await handle.read(start, 0, BOX_AT, 0);
      return { bytes: size, usedAt: mtimeMs, sealedBy: sealerOf(start.subarray(0, bytesRead)) };
    } finally {
      await handle.close();
    }
  } catch {
    return null;
  }
}

/** Reads and proves the head alone, and that the file is as long as it says. */
export async function readPageHead(file: string, name: string, findKey: FindKey): Promise<Found<KeptHead>> {
  try {
    const handle = await open(file, 'r');
    try {
      const bytes = Buffer.alloc(HEAD_BYTES);
      const { bytesRead } = await handle.read(bytes, 0, HEAD_BYTES, 0);
      const start = bytes.subarray(0, bytesRead);
      const head = readHead(start, name, findKey);
      if (head.is !== 'whole') return head;
      const length = HEAD_BYTES + head.value.sizeBytes + (sealerOf(start) === null ? 0 : SEAL_BYTES);
      return (await handle.stat()).size === length ? head : DAMAGED;
    } finally {
      await handle.close();
    }
  } catch {
    return ABSENT;
  }
}

/** Reads a page and proves all of it. */
export async function readPageFile(file: string, name: string, findKey: FindKey): Promise<Found<PagePicture>> {
  const all = await readFile(file).catch(() => null);
  if (!all) return ABSENT;
  const start = all.subarray(0, HEAD_BYTES);
  const head = readHead(start, name, findKey);
  if (head.is !== 'whole') return head;
  const sealer = sealerOf(start);
  const key = sealer && findKey(sealer);
  const body = all.subarray(HEAD_BYTES);
  const picture = key ? unseal(key, body, pictureIn(start, name)) : body;
  const isWhole = picture?.length === head.value.sizeBytes && fingerprintOf(picture) === head.value.fingerprint;
  return isWhole ? { is: 'whole', value: toPicture(head.value, new Uint8Array(picture)) } : DAMAGED;
}

function toPicture(head: KeptHead, bytes: PagePicture['bytes']): PagePicture {
  const { mediaType, widthPx, heightPx, versionId, isBlank } = head;
  return {
    ...{ bytes, mediaType, widthPx, heightPx },
    ...(versionId !== null && { versionId }),
    ...(isBlank !== undefined && { isBlank }),
  };
}

function toPlainHead(facts: KeptHead): Buffer {
  const head = startHead(PLAIN);
  toBlock(facts, HEAD_BYTES - LENGTH_AT).copy(head, LENGTH_AT);
  sumOf(head).copy(head, SUM_AT);
  return head;
}

function toSealedHead(key: PageKey, facts: KeptHead): Buffer {
  const head = startHead(SEALED);
  Buffer.from(key.id, 'hex').copy(head, FORM_AT + 1);
  seal(key, toBlock(facts, HEAD_BYTES - BOX_AT - SEAL_BYTES), headOf(facts.name)).copy(head, BOX_AT);
  return head;
}

function startHead(form: number): Buffer {
  const head = Buffer.alloc(HEAD_BYTES);
  MAGIC.copy(head);
  head[FORM_AT] = form;
  return head;
}

/** Length of the JSON; JSON; zeros: always as long, so that the length of what is sealed tells nothing. */
function toBlock(facts: KeptHead, length: number): Buffer {
  const json = Buffer.from(JSON.stringify(facts));
  const block = Buffer.alloc(length);
  if (4 + json.length > length) throw new Error('the facts of a page do not fit');
  block.writeUInt32BE(json.length);
  json.copy(block, 4);
  return block;
}

/** What is sealed is bound to its format, to what it is, and to the name that the page is kept under. */
const headOf = (name: string): string => `page ${SEALED} head ${name}`;
/** And a picture to the one writing of its head. */
const pictureIn = (head: Buffer, name: string): string =>
  `page ${SEALED} picture ${name} ${head.toString('hex', BOX_AT, BOX_AT + SEAL_BYTES)}`;

/** The key that a file is sealed with, by how it begins. */
function sealerOf(start: Buffer): PageKeyId | null {
  const isSealed = start.length >= BOX_AT && startsAsOurs(start) && start[FORM_AT] === SEALED;
  return isSealed ? PageKeyId.parse(start.toString('hex', FORM_AT + 1, BOX_AT)) : null;
}

const startsAsOurs = (start: Buffer): boolean => start.subarray(0, MAGIC.length).equals(MAGIC);

function readHead(head: Buffer, name: string, findKey: FindKey): Found<KeptHead> {
  const form = head[FORM_AT];
  if (startsAsOurs(head) && form !== undefined && form !== PLAIN && form !== SEALED) return ABSENT;
  if (!startsAsOurs(head) || head.length !== HEAD_BYTES) return DAMAGED;
  const sealer = sealerOf(head);
  const key = sealer && findKey(sealer);
  if (sealer && !key) return { is: 'locked', by: sealer };
  const block = key ? unseal(key, head.subarray(BOX_AT), headOf(name)) : readPlainBlock(head);
  const facts = block && Head.safeParse(parseJson(block.toString('utf8', 4, 4 + block.readUInt32BE())));
  return facts?.success && facts.data.name === name ? { is: 'whole', value: facts.data } : DAMAGED;
}

const readPlainBlock = (head: Buffer): Buffer | null =>
  sumOf(head).equals(head.subarray(SUM_AT, LENGTH_AT)) ? head.subarray(LENGTH_AT) : null;

const sumOf = (head: Buffer): Buffer => createHash('sha256').update(head.subarray(LENGTH_AT)).digest();

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
