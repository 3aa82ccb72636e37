/**
 * Where a document ends, by proof alone. The service has no page count: it draws a page or refuses it as out of range.
 * Hints in the service's messages are words for people, never proof.
 */
import type { PageCountView, Target } from '#contract/contract.ts';
import { MAX_PAGE_NUMBER } from '#contract/snapshot-url.ts';

export interface PageCount {
  /** A picture of this page came. `fingerprint` is the same for the same bytes. */
  sawGood(page: { pageNumber: number; target: Target }, fingerprint: string): void;
  /** The service refused this page as out of range. */
  sawRefused(pageNumber: number): void;
  /** Doubts a refusal of this very page again, so that it can be asked once more. */
  doubt(pageNumber: number): void;
  /** True when this page cannot exist as far as we know. */
  isPastEnd(pageNumber: number): boolean;
  /** True when this page and the page before it have the same picture, byte for byte. */
  looksLikePageBefore(pageNumber: number): boolean;
  view(): PageCountView;
}

type Pictures = Map<Target, string>;

/** Starts knowing nothing. */
export function makePageCount(): PageCount {
  /** Page -> fingerprints of its pictures. */
  const good = new Map<number, Pictures>();
  let atLeast = 0;
  /** The lowest page that was refused: the document ends before it. */
  let refusedFrom: number | null = null;

  const looksLikePageBefore = (pageNumber: number): boolean =>
    areAlike(good.get(pageNumber), good.get(pageNumber - 1)) === true;
  /**
   * Only equal pictures up to the highest page may be the end; equal pages with another one after them are not. Answers
   * come in any order and format: what is not here yet, or cannot be compared, speaks neither for nor against.
   */
  const repeatsFrom = (): number | null => {
    const run: Pictures = new Map();
    let first: number | null = null;
    for (let pageNumber = atLeast; pageNumber > 0; pageNumber -= 1) {
      const pictures = good.get(pageNumber);
      if (!pictures) continue;
      if (areAlike(pictures, run) === false) return first === pageNumber + 1 ? null : first;
      for (const [target, fingerprint] of pictures) run.set(target, fingerprint);
      if (looksLikePageBefore(pageNumber)) first = pageNumber;
    }
    return first;
  };

  return {
    sawGood({ pageNumber, target }, fingerprint) {
      const pictures: Pictures = good.get(pageNumber) ?? new Map();
      good.set(pageNumber, pictures.set(target, fingerprint));
      atLeast = Math.max(atLeast, pageNumber);
      // A picture is stronger than an older refusal below it.
      if (refusedFrom !== null && refusedFrom <= atLeast) refusedFrom = null;
    },
    sawRefused(pageNumber) {
      if (pageNumber <= atLeast) return;
      refusedFrom = Math.min(refusedFrom ?? pageNumber, pageNumber);
    },
    doubt(pageNumber) {
      if (refusedFrom === pageNumber) refusedFrom = null;
    },
    looksLikePageBefore,
    isPastEnd: (pageNumber) => pageNumber > MAX_PAGE_NUMBER || (refusedFrom !== null && pageNumber >= refusedFrom),
    view() {
      const isProven = atLeast > 0 && (refusedFrom === atLeast + 1 || atLeast === MAX_PAGE_NUMBER);
      return {
        atLeast,
        total: isProven ? atLeast : null,
        // Once the end is proven, equal pages are just equal pages.
        repeatsFrom: isProven ? null : repeatsFrom(),
      };
    },
  };
}

/** Whether two pages have the same picture; null when they have no format in common. */
function areAlike(one: Pictures | undefined, other: Pictures | undefined): boolean | null {
  const pairs = [...(one ?? [])].flatMap(([target, fingerprint]) => {
    const beside = other?.get(target);
    return beside === undefined ? [] : [fingerprint === beside];
  });
  return pairs.length === 0 ? null : pairs.every(Boolean);
}
