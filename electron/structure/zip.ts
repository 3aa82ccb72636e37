/** The files of a ZIP archive, read one by one. Source: APPNOTE.TXT 6.3.10. Archives over 4 GB and encrypted ones: none. */
import type { FileWindow, Piece } from './file-window.ts';
import { inflateZip, inflateZipStart } from './inflate.ts';

export interface ZipEntry {
  name: string;
  packedBytes: number;
  /** Of the head before its bytes. */
  offset: number;
  isDeflated: boolean;
}

const END = 22;
/** The end may be followed by a comment of up to 64 KB; office programs write none. */
const TAIL = 16 * 1024;
const CENTRAL = 46;
const LOCAL = 30;
/** Head and extra fields of a file, at most. */
const LOCAL_ROOM = 1024;
const MAX_ENTRIES = 20_000;

/** The entries by name. Throws for what is no archive, or one that is not to be trusted. */
export async function readZip(file: FileWindow): Promise<Map<string, ZipEntry>> {
  const tailFrom = Math.max(0, file.sizeBytes - TAIL);
  const tail = await file.read(tailFrom, file.sizeBytes);
  const view = viewOf(tail);
  let end = tail.length - END;
  while (end >= 0 && view.getUint32(end, true) !== 0x06054b50) end -= 1;
  if (end < 0) throw new Error('no ZIP archive');
  const count = view.getUint16(end + 10, true);
  const bytes = view.getUint32(end + 12, true);
  const offset = view.getUint32(end + 16, true);
  if (count > MAX_ENTRIES || offset + bytes > tailFrom + end) throw new Error('no directory');
  const directory = await file.read(offset, offset + bytes);
  const heads = viewOf(directory);
  const entries = new Map<string, ZipEntry>();
  for (let index = 0, at = 0; index < count; index += 1) {
    if (heads.getUint32(at, true) !== 0x02014b50) throw new Error('no entry');
    const nameBytes = heads.getUint16(at + 28, true);
    const name = new TextDecoder().decode(directory.subarray(at + CENTRAL, at + CENTRAL + nameBytes));
    const method = heads.getUint16(at + 10, true);
    const isEncrypted = (heads.getUint16(at + 8, true) & 1) !== 0;
    if (!isEncrypted && (method === 0 || method === 8)) {
      const packedBytes = heads.getUint32(at + 20, true);
      entries.set(name, { name, packedBytes, offset: heads.getUint32(at + 42, true), isDeflated: method === 8 });
    }
    at += CENTRAL + nameBytes + heads.getUint16(at + 30, true) + heads.getUint16(at + 32, true);
  }
  return entries;
}

/** Where a file of the archive lies: all of it, or its first packed bytes. */
export function pieceOf({ offset, packedBytes }: ZipEntry, most = Infinity): Piece {
  return { from: offset, to: offset + LOCAL_ROOM + Math.min(packedBytes, most) };
}

/** A file of the archive as text. Throws where it cannot be unpacked. */
export async function readText(file: FileWindow, entry: ZipEntry): Promise<string> {
  const packed = await readPacked(file, entry, entry.packedBytes);
  return toText(entry.isDeflated ? inflateZip(packed) : packed);
}

/** The beginning of a file of the archive: what its first packed bytes come to. */
export async function readStart(file: FileWindow, entry: ZipEntry, packedBytes: number): Promise<string> {
  const packed = await readPacked(file, entry, Math.min(packedBytes, entry.packedBytes));
  return toText(entry.isDeflated ? inflateZipStart(packed) : packed);
}

async function readPacked(file: FileWindow, { offset, name }: ZipEntry, bytes: number): Promise<Uint8Array> {
  const head = viewOf(await file.read(offset, offset + LOCAL));
  if (head.getUint32(0, true) !== 0x04034b50) throw new Error(`no file ${name}`);
  const from = offset + LOCAL + head.getUint16(26, true) + head.getUint16(28, true);
  return file.read(from, from + bytes);
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function toText(bytes: Uint8Array): string {
  const isUtf16 = bytes[0] === 0xff && bytes[1] === 0xfe;
  return new TextDecoder(isUtf16 ? 'utf-16le' : 'utf-8').decode(bytes);
}
