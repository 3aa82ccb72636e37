/** What is known of a document's end, and how many slots that makes. */
import { MAX_PAGE_NUMBER } from '#contract/snapshot-url.ts';

/** What main knows of the end (the contract's PageCountView). */
export interface PageCount {
  atLeast: number;
  total: number | null;
  repeatsFrom: number | null;
  sure?: number | undefined;
  proof?: 'structure' | 'limit' | 'earlier' | undefined;
  hint?: { pages: number; kind: 'likely' | 'least' } | undefined;
  blankFrom?: number | undefined;
  toFind?: number | undefined;
  toFindMost?: { pictures: number; withRefused: number } | undefined;
}

/** How the number of pages is known, and the number. */
export interface Knowledge {
  kind: 'proven' | 'structure' | 'limit' | 'earlier' | 'about' | 'least' | 'open' | 'repeated';
  pages: number;
}

/** What the badge says; null while nothing is known. */
export function knowledgeOf(count: PageCount): Knowledge | null {
  const { total, proof, hint, atLeast, sure } = count;
  if (total !== null) return { kind: proof ?? 'proven', pages: total };
  if (atLeast === 0) return null;
  if (hint?.kind === 'likely') return { kind: 'about', pages: hint.pages };
  if (hint && hint.pages > atLeast) return { kind: 'least', pages: hint.pages };
  if (sure !== undefined) return { kind: 'repeated', pages: sure };
  return { kind: 'open', pages: atLeast };
}

export interface Extent {
  count: PageCount;
  /** The page the person asked for by number, which may lie beyond what is known; null when none. */
  asked: number | null;
  /** Lowest page the service refused as out of range; null when none. */
  refusedFrom: number | null;
  /** Whether a page was tried in vain, by a failure other than being out of range: the reader may pass it by. */
  isHeld(pageNumber: number): boolean;
}

/**
 * Slots to lay out: all pages when the end is known; else the known ones, those after them that failed, and one more
 * where there may be a page; up to the page that was asked for, or that the file says there is: the reader sees how long
 * the document is, and a slot alone buys nothing. At least 1, at most 2,000.
 */
export function slotCount({ count, asked, refusedFrom, isHeld }: Extent): number {
  if (count.total !== null) return Math.max(1, Math.min(MAX_PAGE_NUMBER, count.total));
  const limit = Math.min(MAX_PAGE_NUMBER, refusedFrom === null ? MAX_PAGE_NUMBER : refusedFrom - 1);
  let next = count.atLeast + 1;
  while (next < limit && isHeld(next)) next += 1;
  return Math.max(1, Math.min(limit, Math.max(next, asked ?? 0, count.hint?.pages ?? 0)));
}

/** Last page known to exist: where End goes. */
export function lastKnownPage(count: PageCount): number {
  return Math.max(1, count.total ?? count.atLeast);
}

/** Whether a page is known to be there; others are drawn dotted. */
export function isProven(count: PageCount, pageNumber: number): boolean {
  return pageNumber <= Math.max(1, count.total ?? count.atLeast);
}

/**
 * Whether a page must not be bought unasked: pages before it repeat, or are blank behind what the file says, which is how
 * some services answer past the end. `goneOnAt` is the page that the person asked for all the same.
 */
export function isDoubtful(count: PageCount, goneOnAt: number | null, pageNumber: number): boolean {
  const { total, repeatsFrom, blankFrom } = count;
  const doubtFrom = repeatsFrom ?? blankFrom ?? null;
  return total === null && doubtFrom !== null && pageNumber > doubtFrom && pageNumber !== goneOnAt;
}
