/** Cross-reference sections: in which place each object lies. Source: PDF 1.7 (ISO 32000-1), 7.5.4 and 7.5.8. */
import type { FileWindow, Piece } from './file-window.ts';
import { latin1, Malformed, PdfReader, Unfinished, type PdfDict } from './pdf-syntax.ts';

export type Place =
  | { kind: 'free' }
  | { kind: 'plain'; offset: number; generation: number }
  /** In an object stream, which is an object too. */
  | { kind: 'packed'; container: number };

export interface XrefSection {
  readonly trailer: PdfDict;
  /** Whether all of it is as it should be, also what nobody asked for: readers that find damage go by other rules. */
  isSound(): Promise<boolean>;
  /** What has to be read of the file to find these objects. */
  linesOf(numbers: readonly number[]): Piece[];
  /** Where the next object after this place begins; null where that would have to be read. */
  nextAfter(offset: number): number | null;
  /** Null: this section says nothing of that object. */
  find(number: number): Promise<Place | null>;
}

const LINE = 20;
const MAX_SUBSECTIONS = 500;
const MAX_ENTRIES = 500_000;
const MAX_SORTED = 50_000;

/** A table of lines of 20 bytes; only those asked for are read. */
export async function readXrefTable(file: FileWindow, start: number): Promise<XrefSection> {
  const parts: { first: number; count: number; at: number }[] = [];
  let at = start + skipKeyword(await file.read(start, start + 32));
  for (;;) {
    const head = await file.read(at, at + 64);
    const text = latin1(head);
    const blank = /^\s*/.exec(text)![0].length;
    if (text.startsWith('trailer', blank)) {
      at += blank + 'trailer'.length;
      break;
    }
    const found = /^(\d{1,10}) +(\d{1,10})[ \t]*(\r\n|\n|\r)/.exec(text.slice(blank));
    if (!found || parts.length >= MAX_SUBSECTIONS) throw new Malformed('no subsection');
    const part = { first: Number(found[1]), count: Number(found[2]), at: at + blank + found[0].length };
    if (part.count > MAX_ENTRIES) throw new Malformed('too many objects');
    parts.push(part);
    at = part.at + part.count * LINE;
  }
  const lineOf = (number: number): number | null => {
    const part = parts.find(({ first, count }) => number >= first && number < first + count);
    return part ? part.at + (number - part.first) * LINE : null;
  };
  const trailer = await readTrailer(file, at);
  return {
    trailer,
    async isSound() {
      const size = trailer.get('Size');
      if (typeof size !== 'number' || parts.some(({ first, count }) => first + count > size)) return false;
      if (!(await file.gather(parts.map((part) => ({ from: part.at, to: part.at + part.count * LINE }))))) return false;
      for (const part of parts) {
        if (part.count === 0) continue;
        const lines = latin1(await file.read(part.at, part.at + part.count * LINE));
        for (let from = 0; from < lines.length || from < part.count * LINE; from += LINE) {
          const place = readLine(lines.slice(from, from + LINE));
          if (!place) return false;
          // Of two generations some readers take the newer save's, others the higher number.
          if (place.kind === 'plain' && (place.offset >= file.sizeBytes || place.generation !== 0)) return false;
        }
      }
      return true;
    },
    linesOf(numbers) {
      const starts = numbers.map(lineOf).filter((from) => from !== null);
      return starts.map((from) => ({ from, to: from + LINE }));
    },
    nextAfter: () => null,
    async find(number) {
      const from = lineOf(number);
      if (from === null) return null;
      const place = readLine(latin1(await file.read(from, from + LINE)));
      if (!place) throw new Malformed('no line of a table');
      return place;
    },
  };
}

function readLine(text: string): Place | null {
  const line = /^(\d{10}) (\d{5}) ([nf])[ \r][\r\n]$/.exec(text);
  if (!line) return null;
  return line[3] === 'f' ? { kind: 'free' } : { kind: 'plain', offset: Number(line[1]), generation: Number(line[2]) };
}

function skipKeyword(head: Uint8Array): number {
  const found = /^\s*xref[ \t]*(\r\n|\n|\r)/.exec(latin1(head));
  if (!found) throw new Malformed('no table');
  return found[0].length;
}

async function readTrailer(file: FileWindow, at: number): Promise<PdfDict> {
  for (let length = 512; ; length *= 4) {
    const bytes = await file.read(at, at + length);
    const reader = new PdfReader(bytes);
    try {
      const trailer = reader.value();
      if (!(trailer instanceof Map)) throw new Malformed('no trailer');
      return trailer;
    } catch (cause) {
      if (!(cause instanceof Unfinished) || length > 16 * 1024 || at + length >= file.sizeBytes) throw cause;
    }
  }
}

/** A stream of entries of fixed width, unpacked. */
export function readXrefStream(dict: PdfDict, bytes: Uint8Array): XrefSection {
  const widths = toNumbers(dict.get('W'));
  const size = dict.get('Size');
  const index = dict.has('Index') ? toNumbers(dict.get('Index')) : [0, size];
  if (widths.length !== 3 || widths.some((width) => width > 7) || index.length % 2 !== 0) throw new Malformed();
  const [kindWidth = 0, secondWidth = 0, thirdWidth = 0] = widths;
  const width = kindWidth + secondWidth + thirdWidth;
  if (width < 1) throw new Malformed('entries without width');
  const parts: { first: number; count: number; at: number }[] = [];
  let at = 0;
  for (let part = 0; part < index.length; part += 2) {
    const [first, count] = [index[part], index[part + 1]];
    if (typeof first !== 'number' || typeof count !== 'number' || count > MAX_ENTRIES) throw new Malformed();
    parts.push({ first, count, at });
    at += count * width;
  }
  if (at > bytes.length || parts.length > MAX_SUBSECTIONS) throw new Malformed('the section breaks off');
  const placeAt = (start: number): Place => {
    const kind = kindWidth === 0 ? 1 : readNumber(bytes, start, kindWidth);
    const second = readNumber(bytes, start + kindWidth, secondWidth);
    return toPlace(kind, second, readNumber(bytes, start + kindWidth + secondWidth, thirdWidth));
  };
  let rising: number[] | null = null;
  return {
    trailer: dict,
    isSound() {
      const isInside = parts.every(({ first, count }) => typeof size === 'number' && first + count <= size);
      return Promise.resolve(isInside && at === bytes.length);
    },
    linesOf: () => [],
    nextAfter(offset) {
      rising ??= Array.from({ length: Math.min(at / width, MAX_SORTED) }, (_, line) => placeAt(line * width))
        .flatMap((place) => (place.kind === 'plain' ? [place.offset] : []))
        .sort((a, b) => a - b);
      return rising.find((next) => next > offset) ?? null;
    },
    find(number) {
      const part = parts.find(({ first, count }) => number >= first && number < first + count);
      return Promise.resolve(part ? placeAt(part.at + (number - part.first) * width) : null);
    },
  };
}

function toPlace(kind: number, second: number, third: number): Place {
  if (kind === 1) return { kind: 'plain', offset: second, generation: third };
  return kind === 2 ? { kind: 'packed', container: second } : { kind: 'free' };
}

function readNumber(bytes: Uint8Array, at: number, width: number): number {
  let number = 0;
  for (let index = 0; index < width; index += 1) number = number * 256 + bytes[at + index]!;
  return number;
}

function toNumbers(value: unknown): number[] {
  if (!Array.isArray(value)) throw new Malformed('no list');
  return value.map((one) => {
    if (typeof one !== 'number' || !Number.isInteger(one) || one < 0) throw new Malformed('no number');
    return one;
  });
}
