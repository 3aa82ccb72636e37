/** The strip beside the scroll bar: what is known of every page, as runs of one colour over the strip's height. */
import { pageAt, slotOf, type PageLayout } from './page-layout.ts';

/** From the plainest to what has to be seen even where many pages share one pixel. */
export const HEATS = ['missing', 'here', 'making', 'flagged', 'failed'] as const;
export type Heat = (typeof HEATS)[number];

/** Pixels from `top` on that look alike, px of the strip. */
export interface HeatRun {
  top: number;
  height: number;
  heat: Heat;
}

/** A single page of a long document is still drawn this high, px. */
const LEAST_HEIGHT = 2;

/**
 * The strip of a document from its upper to its lower end; runs touch each other and fill `heightPx`. `known` are the
 * pages of which anything is known, in any order; all others are missing. Where pages share a pixel the one that has
 * to be seen wins.
 */
export function toHeatRuns(
  layout: PageLayout,
  known: Iterable<{ pageNumber: number; heat: Heat }>,
  heightPx: number,
): HeatRun[] {
  const ranks = new Uint8Array(Math.max(0, Math.floor(heightPx)));
  const perPx = layout.totalHeight / Math.max(1, ranks.length);
  for (const { pageNumber, heat } of known) {
    if (pageNumber > layout.count) continue;
    const slot = slotOf(layout, pageNumber);
    const from = Math.min(Math.floor(slot.top / perPx), ranks.length - LEAST_HEIGHT);
    const to = Math.max(Math.round((slot.top + slot.height) / perPx), from + LEAST_HEIGHT);
    const rank = HEATS.indexOf(heat);
    for (let at = Math.max(0, from); at < Math.min(to, ranks.length); at += 1) ranks[at] = Math.max(ranks[at]!, rank);
  }
  const runs: HeatRun[] = [];
  for (const [top, rank] of ranks.entries()) {
    const last = runs.at(-1);
    if (last && last.heat === HEATS[rank]) last.height += 1;
    else runs.push({ top, height: 1, heat: HEATS[rank]! });
  }
  return runs;
}

/** The page at a height of the strip, px; above and below it the first and the last page. */
export function pageOnStrip(layout: PageLayout, y: number, heightPx: number): number {
  return pageAt(layout, (Math.min(Math.max(0, y), heightPx) / Math.max(1, heightPx)) * layout.totalHeight);
}
