/** What reading may cost, computed apart from the app: the policy of the pages in view, ahead and behind. */
import type { BoughtPage } from '#local-oss/bill.ts';
import type { Service } from './fixtures.ts';
import { type ViewerPage } from './screens.ts';
import { expect } from './fixtures.ts';
import { readBill } from './signed.ts';

const AHEAD = 2;
const BEHIND = 1;

/** The pages of one document that were bought, each with how often. */
export async function readBought(service: Service, key: string): Promise<BoughtPage[]> {
  return (await readBill(service)).snapshots.filter((page) => page.key === key);
}

/** Follows a reader: whenever the view rests, the pages bought so far must be exactly those that all rests allow. */
export class Purse {
  readonly #expected = new Set<number>();
  constructor(
    private readonly service: Service,
    private readonly viewer: ViewerPage,
    private readonly key: string,
    private readonly pageCount: number,
  ) {}

  /** The view rests, after moving towards the end (1) or the start (-1). */
  async rest(direction: 1 | -1 = 1): Promise<void> {
    await expect(async () => {
      const inView = await this.viewer.pagesInView();
      const [before, after] = direction === 1 ? [BEHIND, AHEAD] : [AHEAD, BEHIND];
      const from = Math.max(1, Math.min(...inView) - before);
      const to = Math.min(this.pageCount, Math.max(...inView) + after);
      const allowed = new Set(this.#expected);
      for (let page = from; page <= to; page += 1) allowed.add(page);
      const bought = await readBought(this.service, this.key);
      expect(bought.map(({ pageNumber }) => pageNumber).sort((a, b) => a - b)).toEqual(
        [...allowed].sort((a, b) => a - b),
      );
      expect(bought.filter(({ times }) => times !== 1)).toEqual([]);
      for (const page of allowed) this.#expected.add(page);
    }).toPass({ timeout: 30_000 });
  }

  /** Pages bought so far, in order. */
  get pages(): number[] {
    return [...this.#expected].sort((a, b) => a - b);
  }
}
