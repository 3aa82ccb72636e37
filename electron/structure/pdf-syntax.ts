/** The syntax of PDF objects, as far as a page tree needs it. Source: PDF 1.7 (ISO 32000-1), 7.2 and 7.3. */

/** The bytes end before the object does. */
export class Unfinished extends Error {}
/** This is no PDF object. */
export class Malformed extends Error {}

export class PdfName {
  constructor(readonly name: string) {}
}
export class PdfRef {
  constructor(
    readonly number: number,
    readonly generation: number,
  ) {}
}
export type PdfDict = Map<string, PdfValue>;
/** Strings are nobody's business here: all of them read as this one. */
export const TEXT = Symbol('text');
export type PdfValue = number | boolean | null | PdfName | PdfRef | PdfDict | PdfValue[] | typeof TEXT;

const MAX_DEPTH = 24;

const WHITE = new Set([0, 9, 10, 12, 13, 32]);
const DELIMITERS = new Set([...'()<>[]{}/%'].map((char) => char.charCodeAt(0)));

/** Reads objects one after another. Throws Unfinished or Malformed. */
export class PdfReader {
  constructor(
    private readonly bytes: Uint8Array,
    public at = 0,
  ) {}

  skipWhite(): void {
    for (;;) {
      const byte = this.bytes[this.at];
      if (byte === 0x25) while (this.at < this.bytes.length && !isLineEnd(this.bytes[this.at]!)) this.at += 1;
      else if (byte !== undefined && WHITE.has(byte)) this.at += 1;
      else return;
    }
  }

  /** The next run of ordinary characters; empty before a delimiter. Throws Unfinished when it touches the end. */
  word(): string {
    this.skipWhite();
    const from = this.at;
    while (this.at < this.bytes.length && isOrdinary(this.bytes[this.at]!)) this.at += 1;
    if (this.at >= this.bytes.length) throw new Unfinished();
    return latin1(this.bytes.subarray(from, this.at));
  }

  /** Reads exactly this keyword. */
  expect(keyword: string): void {
    if (this.word() !== keyword) throw new Malformed(`no ${keyword}`);
  }

  /** A whole number without sign, at most 15 digits. */
  integer(): number {
    const word = this.word();
    if (!/^\d{1,15}$/.test(word)) throw new Malformed('no number');
    return Number(word);
  }

  value(depth = 0): PdfValue {
    if (depth > MAX_DEPTH) throw new Malformed('too deep');
    this.skipWhite();
    const byte = this.peek();
    if (byte === 0x2f) return this.name();
    if (byte === 0x28) return this.literalString();
    if (byte === 0x5b) return this.array(depth);
    if (byte === 0x3c) return this.peek(1) === 0x3c ? this.dict(depth) : this.hexString();
    const word = this.word();
    if (word === 'true') return true;
    if (word === 'false') return false;
    if (word === 'null') return null;
    if (!/^[+-]?(\d+\.?\d*|\.\d+)$/.test(word)) throw new Malformed('no value');
    return this.reference(word) ?? Number(word);
  }

  dict(depth = 0): PdfDict {
    const dict: PdfDict = new Map();
    this.at += 2;
    for (;;) {
      this.skipWhite();
      if (this.peek() === 0x3e && this.peek(1) === 0x3e) {
        this.at += 2;
        return dict;
      }
      const key = this.name().name;
      // The first one counts for some readers, the last one for others: nothing can be built on either.
      if (dict.has(key)) throw new Malformed('a key stands there twice');
      dict.set(key, this.value(depth + 1));
    }
  }

  private array(depth: number): PdfValue[] {
    const values: PdfValue[] = [];
    this.at += 1;
    for (;;) {
      this.skipWhite();
      if (this.peek() === 0x5d) {
        this.at += 1;
        return values;
      }
      values.push(this.value(depth + 1));
    }
  }

  private name(): PdfName {
    if (this.peek() !== 0x2f) throw new Malformed('no name');
    this.at += 1;
    const from = this.at;
    while (this.at < this.bytes.length && isOrdinary(this.bytes[this.at]!)) this.at += 1;
    if (this.at >= this.bytes.length) throw new Unfinished();
    const text = latin1(this.bytes.subarray(from, this.at));
    return new PdfName(text.replace(/#([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16))));
  }

  private literalString(): typeof TEXT {
    let open = 0;
    for (;;) {
      const byte = this.peek();
      this.at += 1;
      if (byte === 0x5c) this.at += 1;
      else if (byte === 0x28) open += 1;
      else if (byte === 0x29 && (open -= 1) === 0) return TEXT;
    }
  }

  private hexString(): typeof TEXT {
    while (this.peek() !== 0x3e) this.at += 1;
    this.at += 1;
    return TEXT;
  }

  /** `12 0 R`, when that is what stands here. */
  private reference(first: string): PdfRef | null {
    if (!/^\d{1,10}$/.test(first)) return null;
    const back = this.at;
    const generation = this.word();
    if (/^\d{1,5}$/.test(generation) && this.word() === 'R') return new PdfRef(Number(first), Number(generation));
    this.at = back;
    return null;
  }

  private peek(ahead = 0): number {
    const byte = this.bytes[this.at + ahead];
    if (byte === undefined) throw new Unfinished();
    return byte;
  }
}

/** Bytes as characters, one for one. */
export function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

const isLineEnd = (byte: number): boolean => byte === 10 || byte === 13;
const isOrdinary = (byte: number): boolean => !WHITE.has(byte) && !DELIMITERS.has(byte);
