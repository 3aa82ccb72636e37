/**
 * Finds a document's last page for as little as can be: asks for the page that the file hints at and the one after it;
 * without a hint at points that weigh a picture against a failed call. All that is bought is kept as if it was looked at.
 */
import type { PageCountView } from '#contract/contract.ts';
import { ok, type Result } from '#contract/errors.ts';
import type { Target } from '#contract/shapes.ts';
import { MAX_PAGE_NUMBER } from '#contract/snapshot-url.ts';
import { mostToFind, type MostToFind } from './end-price.ts';
import type { PageCount } from './page-count.ts';
import type { PageStore } from './page-store.ts';
import { splitPointsFor, type SplitPoints } from './split-points.ts';

/** What is known before the next question. */
export interface Bounds {
  /** The highest page that is there. */
  here: number;
  /** The lowest page that is not; 2,001 is never there. */
  gone: number;
  /** What the file says; null where it says nothing. */
  hint: number | null;
}

/**
 * `found`: the end is proven; `doubt`: this page is blank, or the same picture as one before, or says nothing new: the
 * document may have ended, which nobody can tell.
 */
export type EndFound =
  { kind: 'found'; total: number; bought: number } | { kind: 'doubt'; pageNumber: number; bought: number };

/** Beyond a hint that was wrong the end is near, mostly: so far from it is looked first, as a share of it. */
const NEAR = 0.1;

/** The page to ask for next; null when the end is known. */
export function nextProbe({ here, gone, hint }: Bounds, points: SplitPoints): number | null {
  if (gone - here < 2) return null;
  return nearHint({ here, gone, hint }) ?? points.next(here, gone);
}

/** The page to ask for where the file says something; null where it does not, or has been tried. */
function nearHint({ here, gone, hint }: Bounds): number | null {
  if (hint === null || hint >= MAX_PAGE_NUMBER) return null;
  const step = Math.max(2, Math.ceil(hint * NEAR));
  const probes = [hint, hint + 1, here >= hint ? hint + step : hint - step];
  return probes.find((page) => page > here && page < gone) ?? null;
}

function boundsOf(count: PageCount, hint: number | null): Bounds {
  return { here: Math.max(1, count.view().atLeast), gone: count.refusedFrom() ?? MAX_PAGE_NUMBER + 1, hint };
}

const hintOf = (count: PageCount): number | null => {
  const { hint } = count.view();
  return hint?.kind === 'likely' ? hint.pages : null;
};

export interface EndSearchOptions {
  pages: Pick<PageStore, 'count' | 'fetch'>;
  target: Target;
  points: SplitPoints;
}

/**
 * Searches until the end is known or in doubt, or a page fails. Of a document of which nothing is known page 1 is asked
 * for first. Ends in any case: an answer that moves nothing is the last one. Errors: as PageStore.fetch;
 * `snapshot.pageOutOfRange` when not even page 1 is there, or a page that was refused before is in doubt again.
 */
export async function findEnd(options: EndSearchOptions, signal: AbortSignal): Promise<Result<EndFound>> {
  const { pages, target, points } = options;
  const { count } = pages;
  let bought = 0;
  // What the person has seen, and asks to go on from, is in doubt no more.
  count.trust();
  const trusted = count.view().atLeast;
  // It leads also where it has been shown to be wrong: the end is mostly near it.
  const hint = hintOf(count);
  for (;;) {
    const { total, atLeast } = count.view();
    const refusedFrom = count.refusedFrom();
    if (total !== null) return ok({ kind: 'found', total, bought });
    const probe = atLeast === 0 ? 1 : nextProbe(boundsOf(count, hint), points);
    if (probe === null) return ok({ kind: 'doubt', pageNumber: atLeast, bought });
    const fetched = await pages.fetch({ target, pageNumber: probe }, signal);
    if (fetched.ok) {
      bought += fetched.value.isBought ? 1 : 0;
      if (probe > trusted && count.suspect(probe)) return ok({ kind: 'doubt', pageNumber: probe, bought });
    } else if (fetched.error.code !== 'snapshot.pageOutOfRange' || probe === 1) return fetched;
    const now = count.view();
    const isMoved = now.total !== total || now.atLeast !== atLeast || count.refusedFrom() !== refusedFrom;
    // The same question again would have the same answer, for ever.
    if (!isMoved) return fetched.ok ? ok({ kind: 'doubt', pageNumber: probe, bought }) : fetched;
  }
}

export interface EndFinder {
  /** What is known of a document's end, and what finding it takes. */
  view(pages: Pick<PageStore, 'count' | 'isHere'>): PageCountView;
  find(pages: EndSearchOptions['pages'], target: Target, signal: AbortSignal): Promise<Result<EndFound>>;
}

/** The format that the viewer shows: what is here in it does not have to be bought. */
const SHOWN: Target = 'png';

/** Finds ends by the price that the person reckons with. `onReady`: what `view` says has become more. */
export function makeEndFinder(options: { failedCallCost: () => number; onReady: () => void }): EndFinder {
  const ready = new Map<number, SplitPoints | null>();
  /** Null until the points have been computed for the first time. */
  const pointsNow = (): SplitPoints | null => {
    const cost = options.failedCallCost();
    const known = ready.get(cost);
    if (known === undefined) {
      ready.set(cost, null);
      void splitPointsFor(cost).then((points) => {
        ready.set(cost, points);
        options.onReady();
      });
    }
    return known ?? null;
  };
  const toFind = ({ count, isHere }: Pick<PageStore, 'count' | 'isHere'>): number | null => {
    const hint = hintOf(count);
    const bounds = boundsOf(count, hint);
    const near = nearHint(bounds);
    if (near !== null && near === hint) return isHere({ target: SHOWN, pageNumber: near }) ? 0 : 1;
    if (near !== null && near - 1 === hint) return 0;
    const pictures = pointsNow()?.expected(bounds.here, bounds.gone).pictures;
    return pictures === undefined ? null : Math.max(1, Math.round(pictures));
  };
  /** Every event of a page asks, most of them with the same bounds. */
  let reckoned: { of: string; most: MostToFind } | null = null;
  const mostFor = (count: PageCount): Pick<PageCountView, 'toFindMost'> => {
    const points = pointsNow();
    if (!points) return {};
    const hint = hintOf(count);
    const { here, gone } = boundsOf(count, hint);
    const refusedCost = options.failedCallCost();
    const of = [here, gone, hint, refusedCost].join();
    if (reckoned?.of !== of) {
      const next = (low: number, high: number): number | null => nextProbe({ here: low, gone: high, hint }, points);
      reckoned = { of, most: mostToFind(here, gone, next, refusedCost) };
    }
    return { toFindMost: reckoned.most };
  };
  return {
    view(pages) {
      const view = pages.count.view();
      if (view.total !== null || view.atLeast === 0) return view;
      const pictures = toFind(pages);
      return pictures === null ? view : { ...view, toFind: pictures, ...mostFor(pages.count) };
    },
    async find(pages, target, signal) {
      const points = await splitPointsFor(options.failedCallCost());
      return findEnd({ pages, target, points }, signal);
    },
  };
}
