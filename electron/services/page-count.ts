/**
 * Where a document ends, by proof alone. The service has no page count: it draws a page or refuses it as out of range.
 * Hints in the service's messages are words for people, never proof.
 */
import type { PageCountView } from '#contract/contract.ts';
import { MAX_PAGE_NUMBER } from '#contract/snapshot-url.ts';

export interface PageCount {
  /** A picture of this page came. `fingerprint` is the same for the same bytes and the same target. */
  sawGood(pageNumber: number, fingerprint: string): void;
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

/** Starts knowing nothing. */
export function makePageCount(): PageCount {
  /** Page -> fingerprints of its pictures (one per target). */
  const good = new Map<number, Set<string>>();
  let atLeast = 0;
  /** The lowest page that was refused: the document ends before it. */
  let refusedFrom: number | null = null;

  const looksLike = (one: number, other: number): boolean => {
    const fingerprints = good.get(other);
    return [...(good.get(one) ?? [])].some((fingerprint) => fingerprints?.has(fingerprint));
  };
  const looksLikePageBefore = (pageNumber: number): boolean => looksLike(pageNumber, pageNumber - 1);
  /**
   * Only equal pictures up to the highest page may be the end; equal pages with another one after them are not. Answers
   * come in any order: pages of the run that are not here yet are passed over.
   */
  const repeatsFrom = (): number | null => {
    let first: number | null = null;
    for (let pageNumber = atLeast; pageNumber > 1; pageNumber -= 1) {
      if (!good.has(pageNumber)) continue;
      if (!looksLike(pageNumber, atLeast)) break;
      if (looksLikePageBefore(pageNumber)) first = pageNumber;
    }
    return first;
  };

  return {
    sawGood(pageNumber, fingerprint) {
      const fingerprints = good.get(pageNumber) ?? new Set();
      good.set(pageNumber, fingerprints.add(fingerprint));
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
