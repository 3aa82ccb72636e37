/** File names of exported pages: valid on Windows, macOS and Linux whatever the object is called. */
import type { Target } from '#contract/contract.ts';

/** Leaves room for ` (2)`, `.part` and a random part under the 255 bytes that file systems allow. */
const MAX_NAME_BYTES = 200;
const FALLBACK_STEM = 'document';
/** Page numbers have this width while the end is not known: 2,000 is the last page there can be. */
const WIDTH_OF_UNKNOWN_END = 4;

/**
 * Refused by Windows, or without a look of their own: separators, controls, marks that turn the reading direction, half
 * pairs.
 */
const UNUSABLE =
  // eslint-disable-next-line no-control-regex -- control characters are what this is about
  /[<>:"/\\|?*\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\uffff]|\p{Surrogate}/gu;
/** Device names: Windows opens the device whatever extension follows. */
const DEVICE = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)[ .]*(\.|$)/i;

/** What the names of one export have in common. */
export interface NameParts {
  /** `{name}`, `{page}` and `{key}` are replaced; all else stays. */
  template: string;
  /** The object's key; `{name}` is its last part without the extension. */
  key: string;
  target: Target;
  /** Digits of a page number. */
  pageWidth: number;
  /** The export is this one page: its name needs no number to be its own. */
  isOnlyPage: boolean;
}

/** How many digits page numbers get: those of the last page, or 4 while the end is not known. */
export function toPageWidth(total: number | null): number {
  return total === null ? WIDTH_OF_UNKNOWN_END : String(total).length;
}

/**
 * The name of one page's file: at most 200 bytes of UTF-8, no path, never empty, never hidden. Names of two pages of
 * one export differ, also where case does not count: a template without `{page}` gets the number at its end, and so
 * does a name that has to be cut.
 */
export function toFileName(parts: NameParts, pageNumber: number): string {
  const page = String(pageNumber).padStart(parts.pageWidth, '0');
  const values: Record<string, string> = { name: stemOf(parts.key), key: parts.key, page };
  // One pass: a document called `{page}` is not a template.
  const text = parts.template.replace(/\{(name|key|page)\}/g, (_, field: string) => values[field] ?? '');
  const stem = toSafeStem(text);
  const extension = `.${parts.target}`;
  const ending = `-p${page}${extension}`;
  const isDistinct = parts.isOnlyPage || parts.template.includes('{page}');
  if (isDistinct && Buffer.byteLength(stem + extension) <= MAX_NAME_BYTES) return stem + extension;
  return cutToBytes(stem, MAX_NAME_BYTES - ending.length) + ending;
}

/** The same name with a number: `report-p1 (2).png`. */
export function toNumberedName(name: string, number: number): string {
  const dot = name.lastIndexOf('.');
  return `${name.slice(0, dot)} (${number})${name.slice(dot)}`;
}

/** Equal for names that are one file where case or Unicode composition does not count (Windows, macOS). */
export function foldName(name: string): string {
  return name.normalize('NFC').toLowerCase();
}

/** The last part of a key without its extension; `.pdf` alone is a name. */
function stemOf(key: string): string {
  const name = key.split('/').findLast((part) => part !== '') ?? '';
  const dot = name.lastIndexOf('.');
  return dot > 0 ? name.slice(0, dot) : name;
}

function toSafeStem(text: string): string {
  // Windows drops dots and spaces at the end; a dot at the start hides the file elsewhere.
  const stem = text
    .normalize('NFC')
    .replace(UNUSABLE, '_')
    .replace(/^[ .]+|[ .]+$/g, '');
  if (stem === '') return FALLBACK_STEM;
  return DEVICE.test(stem) ? `_${stem}` : stem;
}

/** Cut between code points, so that no character is halved, and clean at the end again. */
function cutToBytes(stem: string, maxBytes: number): string {
  let bytes = 0;
  let cut = '';
  for (const character of stem) {
    bytes += Buffer.byteLength(character);
    if (bytes > maxBytes) break;
    cut += character;
  }
  return cut.replace(/[ .]+$/, '');
}
