/** Objects of a PDF by their numbers, wherever they lie. Source: PDF 1.7 (ISO 32000-1), 7.5. */
import type { FileWindow, Piece } from './file-window.ts';
import { inflateZlib } from './inflate.ts';
import {
  latin1,
  Malformed,
  PdfName,
  PdfReader,
  PdfRef,
  Unfinished,
  type PdfDict,
  type PdfValue,
} from './pdf-syntax.ts';
import { readXrefStream, readXrefTable, type Place, type XrefSection } from './pdf-xref.ts';

/** An object that is longer is none that we want. */
const MAX_OBJECT = 64 * 1024;
const FIRST_LOOK = 1024;
/** Of each update of a file there is one section. */
const MAX_SECTIONS = 64;
/** A file ends with the place of its newest section. */
const TAIL = 8 * 1024;

export interface PdfFile {
  readonly trailer: PdfDict;
  /** Whether every section could be read and is as it should be, so that every reader goes by them. */
  isSound(): Promise<boolean>;
  /** The object behind a reference, or the value itself. Null for an object that does not exist. */
  resolve(value: PdfValue | undefined): Promise<PdfValue>;
  /** Where objects lie, so that they can be gathered before they are resolved. */
  piecesOf(refs: readonly PdfRef[], lookBytes: number): Promise<Piece[]>;
}

/** Opens the file at its newest cross-reference section. Throws where there is none. */
export async function openPdf(file: FileWindow): Promise<PdfFile> {
  const tailFrom = Math.max(0, file.sizeBytes - TAIL);
  const tail = latin1(await file.read(tailFrom, file.sizeBytes));
  // The last one or none: an older one is of the file before it was saved again.
  const start = /^[\r\n]startxref\s+(\d{1,15})\s/.exec(tail.slice(Math.max(1, tail.lastIndexOf('startxref')) - 1))?.[1];
  if (start === undefined) throw new Malformed('no startxref');
  const { sections, isWhole } = await readSections(file, Number(start));
  const [newest] = sections;
  if (!newest) throw new Malformed('no cross-reference section');
  const packs = new Map<number, Promise<Pack>>();

  const placeOf = async (number: number): Promise<Place | null> => {
    let free: Place | null = null;
    for (const section of sections) {
      const place = await section.find(number);
      // What is free in a hybrid table may only be hidden from older readers: the stream behind it says so.
      if (place?.kind === 'free' && section.trailer.has('XRefStm')) free = place;
      else if (place || free) return place ?? free;
    }
    return free;
  };
  const resolve = async (value: PdfValue | undefined, depth = 0): Promise<PdfValue> => {
    if (!(value instanceof PdfRef)) return value ?? null;
    if (depth > 8) throw new Malformed('a reference leads to a reference');
    const place = await placeOf(value.number);
    if (!place || place.kind === 'free') return null;
    if (place.kind === 'packed') return readPacked(await packOf(place.container), value.number);
    if (place.generation !== value.generation) throw new Malformed('another generation');
    const { object } = await readObject(file, place.offset, value.number);
    return object instanceof PdfRef ? resolve(object, depth + 1) : object;
  };
  const packOf = (container: number): Promise<Pack> => {
    const known = packs.get(container);
    if (known) return known;
    const reading = readPack(container);
    packs.set(container, reading);
    return reading;
  };
  const readPack = async (container: number): Promise<Pack> => {
    const place = await placeOf(container);
    if (place?.kind !== 'plain') throw new Malformed('no object stream');
    const { object, streamAt } = await readObject(file, place.offset, container);
    if (!(object instanceof Map) || streamAt === null) throw new Malformed('no object stream');
    const length = await resolve(object.get('Length'));
    const count = object.get('N');
    const first = object.get('First');
    if (typeof length !== 'number' || typeof count !== 'number' || typeof first !== 'number') throw new Malformed();
    return openPack(unpack(object, await file.read(streamAt, streamAt + length)), count, first);
  };

  return {
    trailer: newest.trailer,
    async isSound() {
      for (const section of sections) if (!(await section.isSound())) return false;
      return isWhole;
    },
    resolve,
    async piecesOf(refs, lookBytes) {
      const pieces = new Map<number, Piece>();
      const numbers = refs.map(({ number }) => number);
      await file.gather(sections.flatMap((section) => section.linesOf(numbers)));
      for (const ref of refs) {
        const found = await placeOf(ref.number);
        const isPacked = found?.kind === 'packed';
        const place = isPacked ? await placeOf(found.container) : found;
        if (place?.kind !== 'plain' || (isPacked && packs.has(found.container))) continue;
        const end = isPacked ? nextOffset(sections, place.offset, file.sizeBytes) : place.offset + lookBytes;
        pieces.set(place.offset, { from: place.offset, to: end });
      }
      return [...pieces.values()];
    },
  };
}

/** Sections from the newest to the oldest. */
async function readSections(file: FileWindow, start: number): Promise<{ sections: XrefSection[]; isWhole: boolean }> {
  const sections: XrefSection[] = [];
  const seen = new Set<number>();
  const line = [start];
  try {
    for (let at = line.shift(); at !== undefined; at = line.shift()) {
      if (seen.has(at) || seen.size >= MAX_SECTIONS) throw new Malformed('sections without an end');
      seen.add(at);
      const section = await readSection(file, at);
      sections.push(section);
      // A hybrid file hides what older readers must not see: it counts before the sections of before.
      for (const name of ['XRefStm', 'Prev']) {
        const next = section.trailer.get(name);
        if (next === undefined) continue;
        if (typeof next !== 'number' || !Number.isInteger(next) || next < 0) throw new Malformed(`bad ${name}`);
        line.push(next);
      }
    }
    return { sections, isWhole: true };
  } catch {
    return { sections, isWhole: false };
  }
}

async function readSection(file: FileWindow, at: number): Promise<XrefSection> {
  const start = latin1(await file.read(at, at + 32)).trimStart();
  if (start.startsWith('xref')) return readXrefTable(file, at);
  const number = /^(\d{1,10})\s/.exec(start)?.[1];
  if (number === undefined) throw new Malformed('no section');
  const { object, streamAt } = await readObject(file, at, Number(number));
  if (!(object instanceof Map) || streamAt === null) throw new Malformed('no section');
  const length = object.get('Length');
  if (typeof length !== 'number') throw new Malformed('no length');
  return readXrefStream(object, unpack(object, await file.read(streamAt, streamAt + length)));
}

/** The object that begins at an offset, and where its stream does. Throws when another one stands there. */
async function readObject(
  file: FileWindow,
  offset: number,
  number: number,
): Promise<{ object: PdfValue; streamAt: number | null }> {
  for (let length = FIRST_LOOK; ; length *= 4) {
    const bytes = await file.read(offset, offset + length);
    const reader = new PdfReader(bytes);
    try {
      if (reader.integer() !== number) throw new Malformed('another object');
      reader.integer();
      reader.expect('obj');
      const object = reader.value();
      const word = reader.word();
      if (word !== 'endobj' && word !== 'stream') throw new Malformed('no end');
      if (word === 'endobj') return { object, streamAt: null };
      const lineEnd = bytes[reader.at] === 13 ? 2 : 1;
      return { object, streamAt: offset + reader.at + lineEnd };
    } catch (cause) {
      if (!(cause instanceof Unfinished) || length >= MAX_OBJECT || offset + length >= file.sizeBytes) throw cause;
    }
  }
}

/** The beginning of the object after this one, as far as sections tell without being read for it. */
function nextOffset(sections: readonly XrefSection[], offset: number, end: number): number {
  return sections.reduce((nearest, section) => Math.min(nearest, section.nextAfter(offset) ?? end), end);
}

/** An object stream, unpacked: objects one behind the other, and where each begins. */
interface Pack {
  bytes: Uint8Array;
  offsets: Map<number, number>;
}

const MOST_PACKED = 20_000;

function openPack(content: Uint8Array, count: number, first: number): Pack {
  // Closed with a blank: the last object may be a number that ends with the stream.
  const bytes = new Uint8Array(content.length + 1).fill(32);
  bytes.set(content);
  const head = new PdfReader(bytes);
  const offsets = new Map<number, number>();
  if (count > MOST_PACKED) throw new Malformed('too many objects');
  for (let index = 0; index < count; index += 1) {
    const number = head.integer();
    if (offsets.has(number)) throw new Malformed('an object stands there twice');
    offsets.set(number, first + head.integer());
  }
  return { bytes, offsets };
}

function readPacked({ bytes, offsets }: Pack, number: number): PdfValue {
  const offset = offsets.get(number);
  return offset === undefined ? null : new PdfReader(bytes.subarray(offset, offset + MAX_OBJECT)).value();
}

function unpack(dict: PdfDict, bytes: Uint8Array): Uint8Array {
  const filter = dict.get('Filter');
  const only = Array.isArray(filter) && filter.length === 1 ? filter[0] : filter;
  if (only === undefined || only === null) return bytes;
  if (!(only instanceof PdfName) || only.name !== 'FlateDecode') throw new Malformed('another filter');
  const parms = dict.get('DecodeParms');
  const own = Array.isArray(parms) ? parms[0] : parms;
  const unpacked = inflateZlib(bytes);
  return own instanceof Map ? unpredict(own, unpacked) : unpacked;
}

/** PNG's predictors, row by row. Source: PDF 1.7, 7.4.4.4; PNG, 9. */
function unpredict(parms: PdfDict, bytes: Uint8Array): Uint8Array {
  const predictor = parms.get('Predictor') ?? 1;
  if (predictor === 1) return bytes;
  const columns = parms.get('Columns') ?? 1;
  const isPlain = (parms.get('Colors') ?? 1) === 1 && (parms.get('BitsPerComponent') ?? 8) === 8;
  if (typeof predictor !== 'number' || predictor < 10 || !isPlain) throw new Malformed('another predictor');
  if (typeof columns !== 'number' || !(columns >= 1 && columns <= 64)) throw new Malformed('odd columns');
  const rows = Math.floor(bytes.length / (columns + 1));
  const out = new Uint8Array(rows * columns);
  for (let row = 0; row < rows; row += 1) {
    const kind = bytes[row * (columns + 1)]!;
    for (let column = 0; column < columns; column += 1) {
      const to = row * columns + column;
      const left = column > 0 ? out[to - 1]! : 0;
      const up = row > 0 ? out[to - columns]! : 0;
      const corner = row > 0 && column > 0 ? out[to - columns - 1]! : 0;
      const guess = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][kind];
      if (guess === undefined) throw new Malformed('another predictor');
      out[to] = bytes[row * (columns + 1) + 1 + column]! + guess;
    }
  }
  return out;
}

function paeth(left: number, up: number, corner: number): number {
  const guess = left + up - corner;
  const [a, b, c] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)];
  if (a <= b && a <= c) return left;
  return b <= c ? up : corner;
}
