/** Streams of an OLE compound file, the container of doc, xls and ppt. Source: [MS-CFB]. */
import type { FileWindow } from './file-window.ts';

export interface CompoundFile {
  /** The first `most` bytes of a stream of the root, by its name in lower case; null when there is none. */
  readStream(name: string, most: number): Promise<Uint8Array | null>;
  /** Pieces out of a long stream, at these offsets, each of so many bytes; null when there is no such stream. */
  readPieces(name: string, offsets: readonly number[], bytes: number): Promise<Uint8Array[] | null>;
}

const MAGIC = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
const HEADER = 512;
const FATS_IN_HEADER = 109;
const ENTRY = 128;
const SMALL_SECTOR = 64;
const LAST_SECTOR = 0xfffffffa;
const MOST_ENTRIES = 1000;
/** 20 MB, the most that the service takes, in sectors of 512 bytes. */
const LONGEST_CHAIN = 41_000;
const STREAM = 2;
const ROOT = 5;

interface Entry {
  type: number;
  first: number;
  sizeBytes: number;
}

/** Opens the file by its head and directory. Throws for what is none. */
export async function openCompoundFile(file: FileWindow): Promise<CompoundFile> {
  const header = viewOf(await file.read(0, HEADER));
  if (header.byteLength < HEADER || MAGIC.some((byte, at) => header.getUint8(at) !== byte)) throw new Error('no magic');
  const shift = header.getUint16(0x1e, true);
  if (shift !== 9 && shift !== 12) throw new Error('odd sectors');
  const sectorBytes = 1 << shift;
  const smallLimit = header.getUint32(0x38, true);
  const offsetOf = (sector: number): number => (sector + 1) * sectorBytes;
  const readSector = async (sector: number): Promise<DataView> =>
    viewOf(await file.read(offsetOf(sector), offsetOf(sector + 1)));

  /** The FAT sector that says how chains go on in these sectors. */
  const fatSectorOf = async (index: number): Promise<number> => {
    if (index < FATS_IN_HEADER) return header.getUint32(0x4c + index * 4, true);
    const perSector = sectorBytes / 4 - 1;
    let list = header.getUint32(0x44, true);
    for (let skip = Math.floor((index - FATS_IN_HEADER) / perSector); skip > 0 && list < LAST_SECTOR; skip -= 1) {
      list = (await readSector(list)).getUint32(sectorBytes - 4, true);
    }
    if (list >= LAST_SECTOR) return LAST_SECTOR;
    return (await readSector(list)).getUint32(((index - FATS_IN_HEADER) % perSector) * 4, true);
  };
  const after = async (sector: number): Promise<number> => {
    const perSector = sectorBytes / 4;
    const fat = await fatSectorOf(Math.floor(sector / perSector));
    if (fat >= LAST_SECTOR) throw new Error('no table');
    return (await readSector(fat)).getUint32((sector % perSector) * 4, true);
  };
  /** The sectors of a chain, as many as `most` bytes fill. */
  const follow = async (first: number, most: number): Promise<number[]> => {
    const sectors: number[] = [];
    for (let sector = first; sector < LAST_SECTOR && sectors.length * sectorBytes < most;) {
      if (sectors.length >= LONGEST_CHAIN) throw new Error('a chain without an end');
      sectors.push(sector);
      // What one more sector would be is asked for only where it is wanted.
      if (sectors.length * sectorBytes < most) sector = await after(sector);
    }
    return sectors;
  };
  /** Sectors one behind the other. Those that are neighbours in the file are asked for at once. */
  const readSectors = async (sectors: readonly number[]): Promise<Uint8Array> => {
    if (!(await file.gather(sectors.map((sector) => ({ from: offsetOf(sector), to: offsetOf(sector + 1) }))))) {
      throw new Error('the stream does not fit into the limits');
    }
    const pieces: Uint8Array[] = [];
    for (const sector of sectors) pieces.push(await file.read(offsetOf(sector), offsetOf(sector + 1)));
    return Buffer.concat(pieces);
  };
  const readChain = async (first: number, most: number): Promise<Uint8Array> =>
    (await readSectors(await follow(first, most))).subarray(0, most);

  const directory = await readChain(header.getUint32(0x30, true), MOST_ENTRIES * ENTRY);
  const entries = readEntries(directory);
  const root = entries.get('root entry');

  /** The first `most` bytes of a stream that lies in the small stream, in sectors of 64 bytes. */
  const readSmall = async (first: number, most: number): Promise<Uint8Array> => {
    if (!root) throw new Error('no root');
    const sectors: number[] = [];
    const table = viewOf(await readChain(header.getUint32(0x3c, true), 64 * 1024));
    for (let sector = first; sector < LAST_SECTOR && sectors.length * SMALL_SECTOR < most;) {
      if (sectors.length >= LONGEST_CHAIN) throw new Error('a chain without an end');
      sectors.push(sector);
      sector = table.getUint32(sector * 4, true);
    }
    const end = (Math.max(...sectors) + 1) * SMALL_SECTOR;
    const stream = await readChain(root.first, end);
    const pieces = sectors.map((sector) => stream.subarray(sector * SMALL_SECTOR, (sector + 1) * SMALL_SECTOR));
    return Buffer.concat(pieces).subarray(0, most);
  };

  return {
    async readPieces(name, offsets, bytes) {
      const entry = entries.get(name);
      if (entry?.type !== STREAM || entry.sizeBytes < smallLimit) return null;
      const sectors = await follow(entry.first, Math.min(entry.sizeBytes, Math.max(...offsets) + bytes));
      const spans = offsets.map((offset) =>
        sectors.slice(Math.floor(offset / sectorBytes), Math.ceil((offset + bytes) / sectorBytes)),
      );
      await readSectors([...new Set(spans.flat())]);
      const pieces: Uint8Array[] = [];
      for (const [index, span] of spans.entries()) {
        const start = offsets[index]! % sectorBytes;
        pieces.push((await readSectors(span)).subarray(start, start + bytes));
      }
      return pieces;
    },
    async readStream(name, most) {
      const entry = entries.get(name);
      if (entry?.type !== STREAM) return null;
      const bytes = Math.min(most, entry.sizeBytes);
      return entry.sizeBytes < smallLimit ? readSmall(entry.first, bytes) : readChain(entry.first, bytes);
    },
  };
}

/** By name, of all folders alike; the first of each name counts, which is the root's where a program wrote in order. */
function readEntries(directory: Uint8Array): Map<string, Entry> {
  const view = viewOf(directory);
  const entries = new Map<string, Entry>();
  for (let at = 0; at + ENTRY <= directory.length; at += ENTRY) {
    const nameBytes = view.getUint16(at + 0x40, true);
    if (nameBytes < 4 || nameBytes > 64) continue;
    const name = Buffer.from(directory.buffer, directory.byteOffset + at, nameBytes - 2).toString('utf16le');
    const type = view.getUint8(at + 0x42);
    if ((type !== STREAM && type !== ROOT) || entries.has(name.toLowerCase())) continue;
    const first = view.getUint32(at + 0x74, true);
    entries.set(name.toLowerCase(), { type, first, sizeBytes: view.getUint32(at + 0x78, true) });
  }
  return entries;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
