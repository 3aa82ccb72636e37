/** The version of a document that a window has before it, and what the window may know of its pages. */
import type { DocumentView, PageStateView } from '#contract/contract.ts';
import { fail } from '#contract/errors.ts';
import type { PageName, PageStore, PageViewer } from './page-store.ts';

/** Its pages are shared by all who opened it. */
export interface ShownVersion {
  view: Omit<DocumentView, 'pages' | 'here'>;
  pages: PageStore;
  /** Pages whose PNG was asked for although their JPG is here. */
  readonly asPng: Set<number>;
  /** Pages that were looked at since it was opened: `3.png`. */
  readonly used: Set<string>;
  viewer: PageViewer;
}

const notKept = (pageNumber: number) => fail('kept.notHere', `Page ${pageNumber} is not among those that are kept.`);

/** A page of an open document as its window may know it. Of what is read offline a page is here or not to be had. */
export function stateOf(version: ShownVersion, page: PageName): PageStateView {
  const { view, pages } = version;
  const { target, pageNumber } = page;
  const instead = jpgInstead(version, page);
  const jpg = instead && pages.state(instead);
  if (jpg?.status === 'ready') return { ...jpg, target, isJpg: true };
  const state = pages.state(page);
  const isEnd = state.status === 'failed' && state.error.code === 'snapshot.pageOutOfRange';
  if (!view.offline || state.status === 'ready' || isEnd) return state;
  return { target, pageNumber, status: 'failed', error: notKept(pageNumber).error };
}

/** The JPG of a page whose PNG is wanted to be seen and is not here; null: there is none, or the PNG was asked for. */
export function jpgInstead({ pages, asPng, view }: ShownVersion, page: PageName): PageName | null {
  if (page.target !== 'png' || pages.isHere(page) || (asPng.has(page.pageNumber) && !view.offline)) return null;
  const jpg: PageName = { ...page, target: 'jpg' };
  return pages.isHere(jpg) ? jpg : null;
}

/** The pages of a document that is read offline, for a job: none is bought. */
export function keptPagesOf(pages: PageStore): PageStore {
  return {
    ...pages,
    fetch: async (page, signal) => (pages.isHere(page) ? pages.fetch(page, signal) : notKept(page.pageNumber)),
  };
}
