/**
 * Where a document ends. The service has no page count: it draws a page or refuses it as out of range, and some answer
 * past the end with the last page again or with a blank one. What the file says of itself is a hint, or, where all its
 * pages were met in it, the end. Hints in the service's messages are words for people, never proof.
 */
import type { PageCountView, Target } from '#contract/contract.ts';
import { MAX_PAGE_NUMBER } from '#contract/snapshot-url.ts';
import type { PageHint } from '#structure/page-hint.ts';

/**
 * How an end was proven: by the service's refusal of the page after it, by all pages that were met in the file, by 2,000
 * being all there can be; `earlier`: in an earlier run that did not keep how.
 */
export const END_PROOFS = ['refused', 'structure', 'limit', 'earlier'] as const;

export interface ProvenEnd {
  lastPage: number;
  proof: (typeof END_PROOFS)[number];
}

export interface PageCount {
  /** A picture of this page came. `fingerprint` is the same for the same bytes; `isBlank` is absent where nobody looked. */
  sawGood(page: { pageNumber: number; target: Target }, fingerprint: string, isBlank?: boolean): void;
  /**
   * A picture of this page is here from an earlier run. Where nobody looked whether it is blank, it does not speak
   * against what the file says.
   */
  sawKept(page: { pageNumber: number; target: Target }, fingerprint: string, isBlank?: boolean): void;
  /** The service refused this page as out of range. */
  sawRefused(pageNumber: number): void;
  /** What the file itself says. */
  sawHint(hint: PageHint): void;
  /** The end was proven in an earlier run. It holds, its last page here or not, unless what is seen speaks against it. */
  sawEnd(end: ProvenEnd): void;
  /** Doubts a refusal of this very page again, so that it can be asked once more. */
  doubt(pageNumber: number): void;
  /** True when this page cannot exist as far as we know. */
  isPastEnd(pageNumber: number): boolean;
  /** True when this page and the page before it have the same picture, byte for byte. */
  looksLikePageBefore(pageNumber: number): boolean;
  /**
   * True for a page that was leapt to, is behind the number that the file says, or has the picture of a page beside it:
   * whether it is blank matters.
   */
  mayBePastEnd(page: { pageNumber: number; target: Target }, fingerprint: string): boolean;
  /** True for a blank page behind the number that the file says. */
  isBlankPastHint(pageNumber: number): boolean;
  /**
   * True when this page, which was leapt to, is blank or the same picture as the nearest one known below it: then it,
   * and what lies above, counts for nothing until `trust`.
   */
  suspect(pageNumber: number): boolean;
  trust(): void;
  /** The lowest page that was refused; null when none was. */
  refusedFrom(): number | null;
  /** Null while no end is proven. */
  end(): ProvenEnd | null;
  view(): PageCountView;
}

type Pictures = Map<Target, string>;

/** What follows from what was seen. */
interface Known {
  hint: PageHint | null;
  end: ProvenEnd | null;
}

/** Starts knowing nothing. */
export function makePageCount(): PageCount {
  /** Page -> fingerprints of its pictures. */
  const good = new Map<number, Pictures>();
  const blank = new Set<number>();
  /** Pages that were looked at and are not blank. */
  const written = new Set<number>();
  /** Pages of an earlier run that nobody has looked at. */
  const unseen = new Set<number>();
  let highest = 0;
  /** The lowest page that was refused: the document ends before it. */
  let refusedFrom: number | null = null;
  let fileHint: PageHint | null = null;
  /** From here on pages may be what a service shows past the end. */
  let suspectFrom: number | null = null;
  /** The end as it was proven in an earlier run. */
  let keptEnd: ProvenEnd | null = null;

  const pagesBelow = (limit: number): number[] => [...good.keys()].filter((page) => page < limit);
  const atLeast = (): number => (suspectFrom === null ? highest : Math.max(0, ...pagesBelow(suspectFrom)));
  const looksLikePageBefore = (pageNumber: number): boolean =>
    areAlike(good.get(pageNumber), good.get(pageNumber - 1)) === true;
  /** Whether a picture speaks for the page: one that a service may show past the end does not. */
  const speaksForItself = (pageNumber: number): boolean =>
    !blank.has(pageNumber) && !looksLikePageBefore(pageNumber) && (suspectFrom === null || pageNumber < suspectFrom);
  /** What the file says, unless the service has shown it to be wrong. */
  const hint = (): PageHint | null => {
    if (!fileHint) return null;
    const { pages } = fileHint;
    if (refusedFrom !== null && refusedFrom <= pages) return null;
    if (fileHint.kind === 'least') return pages > atLeast() ? fileHint : null;
    const speaks = (page: number): boolean =>
      speaksForItself(page) && (fileHint?.kind === 'exact' || !unseen.has(page));
    return [...good.keys()].some((page) => page > pages && speaks(page)) ? null : fileHint;
  };
  const nearestBelow = (pageNumber: number): number | null => {
    const below = pagesBelow(pageNumber);
    return below.length === 0 ? null : Math.max(...below);
  };
  /** Blank, or the same picture as the nearest page known below it: a service may show such a page past the end. */
  const isSuspicious = (pageNumber: number): boolean => {
    const below = nearestBelow(pageNumber);
    const isAlike = below !== null && areAlike(good.get(pageNumber), good.get(below)) === true;
    return isAlike || blank.has(pageNumber);
  };
  /** The end of an earlier run, unless it has been spoken against since. */
  const standingEnd = (): ProvenEnd | null => {
    if (!keptEnd) return null;
    const { lastPage, proof } = keptEnd;
    if (proof === 'refused' || proof === 'earlier') return refusedFrom === lastPage + 1 ? keptEnd : null;
    const isShorter = refusedFrom !== null && refusedFrom <= lastPage;
    const isLonger = [...good.keys()].some((page) => page > lastPage && speaksForItself(page));
    return isShorter || isLonger ? null : keptEnd;
  };
  const judge = (): Known => {
    const said = hint();
    const standing = standingEnd();
    if (standing) return { hint: said, end: standing };
    const isRefused = highest > 0 && refusedFrom === highest + 1;
    if (isRefused) return { hint: said, end: { lastPage: highest, proof: 'refused' } };
    // A page behind the end by the file's own structure is no page of it, whatever a service shows there.
    const isExact = highest > 0 && said?.kind === 'exact' && said.pages <= MAX_PAGE_NUMBER;
    if (isExact) return { hint: said, end: { lastPage: said.pages, proof: 'structure' } };
    if (highest === MAX_PAGE_NUMBER && suspectFrom === null && !isSuspicious(highest)) {
      return { hint: said, end: { lastPage: highest, proof: 'limit' } };
    }
    return { hint: said, end: null };
  };
  /** Judged anew after every news, as it is asked for much more often. */
  let judged: Known | null = null;
  const known = (): Known => (judged ??= judge());
  /**
   * Only equal pictures up to the highest page may be the end; equal pages with another one after them are not. Answers
   * come in any order and format: what is not here yet, or cannot be compared, speaks neither for nor against.
   */
  const repeatsFrom = (): number | null => {
    const run: Pictures = new Map();
    let first: number | null = null;
    for (let pageNumber = atLeast(); pageNumber > 0; pageNumber -= 1) {
      const pictures = good.get(pageNumber);
      if (!pictures) continue;
      if (areAlike(pictures, run) === false) return first === pageNumber + 1 ? null : first;
      for (const [target, fingerprint] of pictures) run.set(target, fingerprint);
      if (looksLikePageBefore(pageNumber)) first = pageNumber;
    }
    return first;
  };
  /**
   * Of the highest pages with one picture between them the document need have only one: the last, shown again and again.
   * It lies above the highest page with another picture. A blank one may be no page of it at all, and whether one that
   * was leapt to is blank has to be known.
   */
  const sure = (): number => {
    const run: Pictures = new Map();
    const pages: number[] = [];
    let below = 0;
    for (const pageNumber of pagesBelow(atLeast() + 1).sort((a, b) => b - a)) {
      if (areAlike(good.get(pageNumber), run) === false) {
        below = pageNumber;
        break;
      }
      pages.push(pageNumber);
      for (const [target, fingerprint] of good.get(pageNumber) ?? []) run.set(target, fingerprint);
    }
    const isKnown = pages.at(-1) === below + 1 || pages.some((page) => written.has(page));
    return Math.max(1, below + (isKnown && !pages.some((page) => blank.has(page)) ? 1 : 0));
  };
  const isBlankPastHint = (pageNumber: number): boolean => {
    const said = known().hint;
    return said?.kind === 'likely' && pageNumber > said.pages && blank.has(pageNumber);
  };

  const count: PageCount = {
    sawGood({ pageNumber, target }, fingerprint, isBlank) {
      judged = null;
      const pictures: Pictures = good.get(pageNumber) ?? new Map();
      const below = nearestBelow(suspectFrom ?? 0);
      good.set(pageNumber, pictures.set(target, fingerprint));
      unseen.delete(pageNumber);
      if (isBlank) blank.add(pageNumber);
      else blank.delete(pageNumber);
      if (isBlank === false) written.add(pageNumber);
      else written.delete(pageNumber);
      highest = Math.max(highest, pageNumber);
      // Another picture above what was suspected: the document goes on.
      const goesOn = !isBlank && below !== null && areAlike(pictures, good.get(below)) === false;
      if (suspectFrom !== null && pageNumber > suspectFrom && goesOn) suspectFrom = null;
      // A picture is stronger than an older refusal below it.
      if (refusedFrom !== null && refusedFrom <= highest) refusedFrom = null;
    },
    sawKept(page, fingerprint, isBlank) {
      const { pageNumber } = page;
      // What was seen in one format holds for the other.
      const isWritten = isBlank === false || written.has(pageNumber);
      const isPaper = isBlank ?? blank.has(pageNumber);
      count.sawGood(page, fingerprint, isPaper || (isWritten ? false : undefined));
      if (!isPaper && !isWritten) unseen.add(pageNumber);
    },
    sawRefused(pageNumber) {
      // Nobody can ask for a page beyond the limit: that it is not there proves nothing.
      if (pageNumber <= highest || pageNumber > MAX_PAGE_NUMBER) return;
      judged = null;
      suspectFrom = null;
      refusedFrom = Math.min(refusedFrom ?? pageNumber, pageNumber);
    },
    sawHint(said) {
      judged = null;
      fileHint = said;
    },
    sawEnd({ lastPage, proof }) {
      // Of the page after 2,000 nobody can be told that it is not there.
      const isLimit = proof === 'earlier' && lastPage === MAX_PAGE_NUMBER;
      keptEnd = { lastPage, proof: isLimit ? 'limit' : proof };
      if (proof === 'refused' || proof === 'earlier') count.sawRefused(lastPage + 1);
      judged = null;
    },
    doubt(pageNumber) {
      judged = null;
      if (refusedFrom === pageNumber) refusedFrom = null;
    },
    looksLikePageBefore,
    mayBePastEnd({ pageNumber, target }, fingerprint) {
      const isBeside = [pageNumber - 1, pageNumber + 1].some((page) => good.get(page)?.get(target) === fingerprint);
      return isBeside || pageNumber > Math.min(highest + 1, known().hint?.pages ?? MAX_PAGE_NUMBER);
    },
    isBlankPastHint,
    suspect(pageNumber) {
      judged = null;
      if (!isSuspicious(pageNumber)) return false;
      if (nearestBelow(pageNumber) !== pageNumber - 1) suspectFrom = pageNumber;
      return true;
    },
    trust() {
      judged = null;
      suspectFrom = null;
    },
    refusedFrom: () => refusedFrom,
    isPastEnd(pageNumber) {
      const isRefused = refusedFrom !== null && pageNumber >= refusedFrom;
      return pageNumber > MAX_PAGE_NUMBER || isRefused || pageNumber > (known().end?.lastPage ?? MAX_PAGE_NUMBER);
    },
    end: () => known().end,
    view() {
      const { hint: said, end } = known();
      const total = end?.lastPage ?? null;
      const seen = atLeast();
      // Once the end is proven, equal pages are just equal pages.
      const repeats = total === null ? repeatsFrom() : null;
      return {
        atLeast: Math.min(seen, total ?? seen),
        total,
        repeatsFrom: repeats,
        ...(repeats !== null && { sure: sure() }),
        ...(end && end.proof !== 'refused' && { proof: end.proof }),
        ...(total === null && said && { hint: { pages: Math.min(said.pages, MAX_PAGE_NUMBER), kind: toKind(said) } }),
        ...(total === null && isBlankPastHint(seen) && { blankFrom: seen }),
      };
    },
  };
  return count;
}

/** More pages than can be shown are no end that anybody has proven. */
const toKind = ({ kind }: PageHint): 'likely' | 'least' => (kind === 'least' ? 'least' : 'likely');

/** Whether two pages have the same picture; null when they have no format in common. */
function areAlike(one: Pictures | undefined, other: Pictures | undefined): boolean | null {
  const pairs = [...(one ?? [])].flatMap(([target, fingerprint]) => {
    const beside = other?.get(target);
    return beside === undefined ? [] : [fingerprint === beside];
  });
  return pairs.length === 0 ? null : pairs.every(Boolean);
}
