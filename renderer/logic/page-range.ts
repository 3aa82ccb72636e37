/**
 * Reads the pages a person typed, such as `1,3-5,8-`. Pure, so that the dialog can read on every keystroke.
 * Digits, commas and dashes may be full width or Chinese: whoever types with an input method should not have to switch.
 */
import type { PageSelection } from '#contract/contract.ts';
import { MAX_PAGE_NUMBER } from '#contract/snapshot-url.ts';

/** More ranges than this the contract does not take. */
const MAX_RANGES = 200;

/** Why a text names no pages. The words for each are in words/export.ts. */
export type PageRangeProblem =
  /** Nothing was typed. */
  | 'empty'
  /** Two commas with nothing between them. */
  | 'empty-part'
  /** Something other than a number, or two numbers with a dash. */
  | 'not-a-page'
  /** A dash with no page before it: `-5` could be meant in two ways. */
  | 'no-start'
  /** Page 0. */
  | 'zero'
  /** `5-3`. */
  | 'backwards'
  /** Beyond the last page of a document whose end is known. */
  | 'past-the-end'
  /** Beyond the service's own limit of 2,000 pages. */
  | 'past-the-limit'
  | 'too-many-ranges';

/** What was read: pages, or the first part that is none. `start` and `end` are offsets into the text as typed. */
export type PageRange =
  { ok: true; selection: PageSelection } | { ok: false; problem: PageRangeProblem; start: number; end: number };

interface Span {
  from: number;
  /** Infinity: to the end. */
  to: number;
}

/**
 * Reads a page range. `lastPage` is the document's proved last page, or null. The ranges come back in the order
 * written, and without pages that an earlier range has already named. A text with any fault in it gives no pages at all.
 */
export function readPageRange(text: string, lastPage: number | null): PageRange {
  if (text.trim() === '') return { ok: false, problem: 'empty', start: 0, end: text.length };
  const plain = toPlain(text);
  const spans: Span[] = [];
  let offset = 0;
  const parts = plain.split(',');
  for (const [index, part] of parts.entries()) {
    const start = offset + (part.length - part.trimStart().length);
    const end = Math.max(start, offset + part.trimEnd().length);
    offset += part.length + 1;
    // A comma at the very end is somebody still typing, not a fault.
    if (part.trim() === '' && index === parts.length - 1) continue;
    const span = readSpan(part.trim(), lastPage);
    if (typeof span === 'string') {
      // An empty part has no letters to mark, so the comma that made it empty is marked.
      return { ok: false, problem: span, start, end: span === 'empty-part' ? start + 1 : end };
    }
    spans.push(...withoutNamed(span, spans));
    if (spans.length > MAX_RANGES) return { ok: false, problem: 'too-many-ranges', start, end };
  }
  if (spans.length === 0) return { ok: false, problem: 'empty-part', start: 0, end: text.length };
  return { ok: true, selection: spans.map(({ from, to }) => ({ from, to: to === Infinity ? null : to })) };
}

/** Full-width and Chinese signs as their plain counterparts, one character for one, so that offsets stay true. */
function toPlain(text: string): string {
  return text
    .replace(/[\uff10-\uff19]/g, (digit) => String.fromCharCode(digit.charCodeAt(0) - 0xfee0))
    .replace(/[，、；;]/g, ',')
    .replace(/[‐‑–—－−～~至到]/g, '-');
}

function readSpan(part: string, lastPage: number | null): Span | PageRangeProblem {
  if (part === '') return 'empty-part';
  const match = /^(\d*)\s*(?:(-)\s*(\d*))?$/.exec(part);
  if (!match) return 'not-a-page';
  const [, first = '', dash, last = ''] = match;
  if (first === '') return 'no-start';
  const from = Number(first);
  const to = dash === undefined ? from : last === '' ? Infinity : Number(last);
  if (from === 0 || to === 0) return 'zero';
  const highest = to === Infinity ? from : Math.max(from, to);
  if (highest > MAX_PAGE_NUMBER) return 'past-the-limit';
  if (lastPage !== null && highest > lastPage) return 'past-the-end';
  if (to < from) return 'backwards';
  return { from, to };
}

/** What is left of `span` when the pages of `named` are taken out of it. */
function withoutNamed(span: Span, named: readonly Span[]): Span[] {
  let left = [span];
  for (const other of named) {
    left = left.flatMap((piece) => {
      if (other.to < piece.from || other.from > piece.to) return [piece];
      return [
        { from: piece.from, to: other.from - 1 },
        { from: other.to + 1, to: piece.to },
      ].filter((rest) => rest.from <= rest.to);
    });
  }
  return left;
}

/** True when some range runs on to an end that the selection does not name. */
export function hasOpenEnd(selection: PageSelection): boolean {
  return selection.some((range) => range.to === null);
}
