/**
 * Which pages are wanted, in which order. Every page not here costs money once, so this list is the app's whole
 * buying policy: pages in view, nearest the centre first; when these are done, two ahead in the scroll direction, one
 * after the other; then one behind, unless the person wants no page that is not looked at. Never more than one page beyond
 * what is known to exist.
 */
import { rangeOf, type PageRange } from './page-layout.ts';

/** Pages read ahead of the view, and kept ready behind it. */
export const LOOK_AHEAD = 2;
export const LOOK_BEHIND = 1;
/** A position counts as reached when it has not moved for this long, ms: a fling buys nothing. */
export const STILL_AFTER_MS = 150;
/** While a pointer holds the view: letting go says at once that it is there, so that a pause has to be a look, not a falter. */
export const HELD_STILL_AFTER_MS = 600;

/**
 * `here`: the picture is in this computer; `missing`: not yet, whether asked for or not; `held`: failed, or the person
 * stopped waiting.
 */
export type Standing = 'here' | 'missing' | 'held';

export interface Wish {
  visible: PageRange;
  /** How far a page is from the view's centre. */
  distanceOf(pageNumber: number): number;
  /** Whether pages out of view are wanted at all. */
  looksAhead: boolean;
  /** 1: towards the end, -1: towards the start. */
  direction: 1 | -1;
  standingOf(pageNumber: number): Standing;
  /** Highest page known to exist. */
  provenTo: number;
  /** Highest page that may exist at all: the total, or what the service has not refused. */
  mayReach: number;
  /** Whether a page is not bought unasked, because pages before it repeat. */
  isDoubtful(pageNumber: number): boolean;
}

/** The pages to ask for now, most wanted first; pages that are here are not in it. */
export function wantedPages(wish: Wish): number[] {
  const inView = rangeOf(wish.visible)
    .filter((page) => page <= wish.mayReach)
    .sort((a, b) => wish.distanceOf(a) - wish.distanceOf(b) || a - b);
  const wanted = atMostOneUnproven(
    wish,
    inView.filter((page) => mayBuy(wish, page)),
  );
  if (wanted.length > 0 || !wish.looksAhead) return wanted;
  // Looking ahead from a page that failed, or that somebody stopped, would only spend more on the same trouble.
  if (inView.length === 0 || inView.some((page) => wish.standingOf(page) === 'held')) return [];
  const { from, to } = wish.visible;
  const [ahead, behind] = wish.direction === 1 ? [to, from] : [from, to];
  const next =
    nextInChain(wish, ahead, wish.direction, LOOK_AHEAD) ?? nextInChain(wish, behind, -wish.direction, LOOK_BEHIND);
  return next === null ? [] : [next];
}

/** While the view moves nothing new is wanted, and what has left the view is wanted no more. */
export function stillWanted(pages: readonly number[], visible: PageRange): number[] {
  return pages.filter((page) => page >= visible.from && page <= visible.to);
}

/** First page of the chain that is not here yet; null when the chain is done, meets trouble, or may not go on. */
function nextInChain(wish: Wish, origin: number, step: number, length: number): number | null {
  for (let n = 1; n <= length; n += 1) {
    const page = origin + n * step;
    if (page < 1 || page > wish.mayReach || page > wish.provenTo + 1) return null;
    const standing = wish.standingOf(page);
    if (standing === 'held') return null;
    if (standing === 'missing') return mayBuy(wish, page) ? page : null;
  }
  return null;
}

function mayBuy(wish: Wish, page: number): boolean {
  return wish.standingOf(page) === 'missing' && !wish.isDoubtful(page);
}

function atMostOneUnproven(wish: Wish, pages: number[]): number[] {
  const first = pages.find((page) => page > wish.provenTo);
  return pages.filter((page) => page <= wish.provenTo || page === first);
}
