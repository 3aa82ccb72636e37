/** From what the person wrote to pages in order. */
import type { PageSelection } from '#contract/contract.ts';
import { MAX_PAGE_NUMBER } from '#contract/snapshot-url.ts';

export interface SelectedPage {
  pageNumber: number;
  /** Only meant by "to the end": it is no failure when this page does not exist. */
  isOpen: boolean;
}

/**
 * The pages in the order written, each once. A page that is named and also meant by an open range counts as named, and
 * so does the very first: an export that finds nothing says so. A range that runs backwards holds no page.
 */
export function selectPages(selection: PageSelection): SelectedPage[] {
  const pages = new Map<number, SelectedPage>();
  for (const { from, to } of selection) {
    for (let pageNumber = from; pageNumber <= (to ?? MAX_PAGE_NUMBER); pageNumber += 1) {
      const known = pages.get(pageNumber);
      if (!known) pages.set(pageNumber, { pageNumber, isOpen: to === null && pages.size > 0 });
      else if (to !== null) known.isOpen = false;
    }
  }
  return [...pages.values()];
}
