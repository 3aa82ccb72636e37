/** Reads the directory of an OLE compound file, the container of doc, xls and ppt and of encrypted OOXML. Source: [MS-CFB]. */

/** One stream or storage; of a stream the first bytes, at least 64 where the file is whole. */
export interface CompoundEntry {
  firstBytes: Uint8Array;
}

const MAGIC = Uint8Array.of(0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1);
const HEADER_BYTES = 512;
const FAT_SECTORS_IN_HEADER = 109;
const ENTRY_BYTES = 128;
const SMALL_STREAM_BYTES = 4_096; // below this a stream lies in the small stream, in sectors of 64 bytes
const SMALL_SECTOR_BYTES = 64;
const STREAM = 2;
const ROOT = 5;
const LAST_SECTOR = 0xfffffffa; // above it are marks: end of chain, free, FAT
/** A chain is not followed any further: a damaged one may run in circles. */
const LONGEST_CHAIN = 50_000;

/** Whether the bytes begin as a compound file does. */
export function isCompoundFile(bytes: Uint8Array): boolean {
  return MAGIC.every((byte, index) => bytes[index] === byte);
}

/**
 * The entries of a compound file under their names in lower case, of all its folders alike, as far as the directory can
 * be followed: what is damaged is left out, and an unreadable file has none. Never throws.
 */
export function readCompoundEntries(bytes: Uint8Array): Map<string, CompoundEntry> {
  const entries = new Map<string, CompoundEntry>();
  if (bytes.length < HEADER_BYTES) return entries;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const shift = view.getUint16(0x1e, true);
  if (shift !== 9 && shift !== 12) return entries;
  const sectors: Sectors = { view, sectorBytes: 1 << shift };
  const fat = readFatSectors(sectors);

  let smallStream = LAST_SECTOR;
  let sector = view.getUint32(0x30, true);
  for (let count = 0; isInside(sectors, sector) && count < LONGEST_CHAIN; count++) {
    const start = offsetOf(sectors, sector);
    for (let at = start; at < start + sectors.sectorBytes; at += ENTRY_BYTES) {
      const nameBytes = view.getUint16(at + 0x40, true);
      if (nameBytes < 4 || nameBytes > 64) continue; // free entries have 0; the count includes a closing zero
      const name = Buffer.from(bytes.buffer, bytes.byteOffset + at, nameBytes - 2)
        .toString('utf16le')
        .toLowerCase();
      const type = view.getUint8(at + 0x42);
      const first = view.getUint32(at + 0x74, true);
      if (type === ROOT) smallStream = first;
      const isSmall = view.getUint32(at + 0x78, true) < SMALL_STREAM_BYTES;
      const place =
        type === STREAM ? (isSmall ? smallPlace(sectors, fat, smallStream, first) : largePlace(sectors, first)) : null;
      entries.set(name, { firstBytes: place ? bytes.subarray(...place) : new Uint8Array(0) });
    }
    sector = nextSector(sectors, fat, sector);
  }
  return entries;
}

type Place = [start: number, end: number];

function largePlace(sectors: Sectors, first: number): Place | null {
  return isInside(sectors, first) ? [offsetOf(sectors, first), offsetOf(sectors, first + 1)] : null;
}

/** The root entry, whose content is the small stream, comes before all others. */
function smallPlace(sectors: Sectors, fat: number[], smallStream: number, first: number): Place | null {
  const offset = first * SMALL_SECTOR_BYTES;
  let sector = smallStream;
  for (let skip = Math.floor(offset / sectors.sectorBytes); skip > 0 && isInside(sectors, sector); skip--)
    sector = nextSector(sectors, fat, sector);
  if (!isInside(sectors, sector)) return null;
  const start = offsetOf(sectors, sector) + (offset % sectors.sectorBytes);
  return [start, start + SMALL_SECTOR_BYTES];
}

interface Sectors {
  view: DataView;
  sectorBytes: number;
}

/** Sector 0 follows the header, which fills a whole sector. */
function offsetOf({ sectorBytes }: Sectors, sector: number): number {
  return (sector + 1) * sectorBytes;
}

function isInside(sectors: Sectors, sector: number): boolean {
  return sector < LAST_SECTOR && offsetOf(sectors, sector + 1) <= sectors.view.byteLength;
}

/** Which sectors hold the FAT: the first 109 are listed in the header, more in a chain of sectors of their own. */
function readFatSectors(sectors: Sectors): number[] {
  const { view, sectorBytes } = sectors;
  const list: number[] = [];
  for (let i = 0; i < FAT_SECTORS_IN_HEADER; i++) list.push(view.getUint32(0x4c + i * 4, true));
  let sector = view.getUint32(0x44, true);
  for (let count = 0; isInside(sectors, sector) && count < LONGEST_CHAIN / sectorBytes; count++) {
    const next = offsetOf(sectors, sector + 1) - 4;
    for (let at = offsetOf(sectors, sector); at < next; at += 4) list.push(view.getUint32(at, true));
    sector = view.getUint32(next, true);
  }
  return list;
}

function nextSector(sectors: Sectors, fat: number[], sector: number): number {
  const perSector = sectors.sectorBytes / 4;
  const fatSector = fat[Math.floor(sector / perSector)] ?? LAST_SECTOR;
  if (!isInside(sectors, fatSector)) return LAST_SECTOR;
  return sectors.view.getUint32(offsetOf(sectors, fatSector) + (sector % perSector) * 4, true);
}
