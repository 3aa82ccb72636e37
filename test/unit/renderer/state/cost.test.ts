/** What the page knows of an account's budget, and what that means for pages nobody looks at. */
import { describe, expect, it } from 'vitest';
import type { CostView } from '#contract/cost.ts';
import { ok } from '#contract/errors.ts';
import { AccountId } from '#contract/ids.ts';
import { CostStore } from '#renderer/state/cost.svelte.ts';
import { ReadingMemory } from '#renderer/state/reading-memory.ts';
import { ViewerStore } from '#renderer/state/viewer.svelte.ts';
import { makeScriptedClient } from './scripted-client.ts';
import { DOCUMENT, HandClock, HandMain } from './viewer-main.ts';

const ACCOUNT = AccountId.parse('0123456789abcdef');

function views(more: Partial<CostView>): CostView {
  return {
    ...{ accountId: ACCOUNT, currency: 'CNY', prices: {}, failuresMayCost: true },
    month: { month: '2026-11', items: [], reused: 0, requests: 0, total: null, saved: null },
    ...{ budget: { unit: 'pictures', warnAt: 3, stopAt: 5 }, budgetState: 'fine', budgetUsed: 0, allowed: 0 },
    ...more,
  };
}
async function storeOf(more: Partial<CostView>): Promise<CostStore> {
  const cost = new CostStore(makeScriptedClient({ 'cost.get': () => ok(views(more)) }));
  await cost.load(ACCOUNT);
  return cost;
}

describe('pages ahead of the reader', () => {
  it.each([
    ['there is no trouble', {}, [1, 2, 3]],
    ['the budget warns', { budgetState: 'warned' }, [1]],
    ['only what was allowed once is left', { allowed: 4 }, [1]],
  ] as const)('are bought or not where %s', async (_when, more, bought) => {
    const cost = await storeOf(more);
    const [main, clock] = [new HandMain(9), new HandClock()];
    const document = { ...DOCUMENT, accountId: ACCOUNT, pages: main.count };
    const looksAhead = (): boolean => !cost.isTight(document.accountId);
    const viewer = new ViewerStore(main, document, new ReadingMemory(), undefined, clock, looksAhead);
    viewer.resize({ width: 1000, height: 800, devicePixelRatio: 1 });
    for (let time = 0; time < 4; time += 1) {
      await main.serve();
      clock.pass(1000);
    }
    expect(main.bought).toEqual(bought);
    viewer.dispose();
  });
  it('are not held back where nobody has asked for the figures, and never of the samples', async () => {
    const cost = await storeOf({ budgetState: 'stopped' });
    expect([cost.isTight(ACCOUNT), cost.isTight('f'.repeat(16)), cost.isTight('samples')]).toEqual([
      true,
      false,
      false,
    ]);
  });
});
