/**
 * What a file's own structure says about its number of pages. `exact`: every page was met and counted; `likely`: the
 * program that wrote it says so; `least`: there should be at least so many.
 */
export interface PageHint {
  pages: number;
  kind: 'exact' | 'likely' | 'least';
}

/** What nobody would write by hand or by program; a larger number is damage. */
const MOST_PAGES = 1_000_000;

/** A hint, unless the number is none that a document can have. */
export function toHint(kind: PageHint['kind'], pages: unknown): PageHint | null {
  const isCount = typeof pages === 'number' && Number.isInteger(pages) && pages >= 1 && pages <= MOST_PAGES;
  return isCount ? { kind, pages } : null;
}

/** The pages that Word counted when it saved. One page is what programs write that never counted any: it says nothing. */
export function toWordHint(pages: unknown): PageHint | null {
  return pages === 1 ? null : toHint('likely', pages);
}
