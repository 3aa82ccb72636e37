/** The calls of `contract/cost.ts`. */
import { ok } from '#contract/errors.ts';
import type { Cost } from '#services/cost.ts';
import { writeTextFile } from '#services/text-file.ts';
import type { Handlers } from './router.ts';

/** The system's dialog for a file to be written: an absolute path, or null when it was cancelled. */
export interface SaveDesk {
  chooseSave(windowId: number, suggestedName: string): Promise<string | null>;
}

const DONE = ok<Record<string, never>>({});

export function makeCostHandlers(cost: Cost, desk: SaveDesk) {
  return {
    'cost.get': ({ accountId }) => ok(cost.view(accountId)),
    'cost.months': ({ accountId }) => ok({ months: cost.months(accountId) }),
    'cost.setPrices': async (change) => {
      const written = await cost.setPrices(change);
      return written.ok ? DONE : written;
    },
    'cost.setBudget': ({ accountId, budget }) => cost.setBudget(accountId, budget),
    'cost.goOnOnce': ({ accountId, pictures, jobId }) => ok(cost.goOnOnce(accountId, pictures, jobId)),
    'cost.exportCsv': async ({ accountId }, { windowId }) => {
      const file = await desk.chooseSave(windowId, `pagelens-${cost.view(accountId).month.month}.csv`);
      return file === null ? ok(null) : writeTextFile(file, cost.csv(accountId));
    },
  } satisfies Partial<Handlers>;
}
