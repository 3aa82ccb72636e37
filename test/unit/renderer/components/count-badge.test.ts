// @vitest-environment jsdom
/** The badge's way to find the end, over a scripted main: what it can come to is said, and asked about beyond a few pictures. */
import { cleanup, fireEvent, render, screen, within } from '@testing-library/svelte';
import { afterEach, describe, expect, it } from 'vitest';
import type { PageCountView } from '#contract/contract.ts';
import type { CostView } from '#contract/cost.ts';
import { fail, ok } from '#contract/errors.ts';
import { AccountId } from '#contract/ids.ts';
import CountBadge from '#renderer/components/CountBadge.svelte';
import { STORES } from '#renderer/state/context.ts';
import { ReadingMemory } from '#renderer/state/reading-memory.ts';
import { makeStores } from '#renderer/state/stores.ts';
import { ViewerStore } from '#renderer/state/viewer.svelte.ts';
import { makeScriptedClient } from '../state/scripted-client.ts';
import { DOCUMENT, HandClock } from '../state/viewer-main.ts';

afterEach(cleanup);

const still = { isDark: false, isOnline: true, onchange: () => () => {} };
const ACCOUNT = AccountId.parse('0123456789abcdef');

/** A picture is two cents. */
function costs(failuresMayCost: boolean): CostView {
  return {
    ...{ accountId: ACCOUNT, currency: 'CNY', prices: { convert: 20_000_000 }, failuresMayCost },
    month: { month: '2026-11', items: [], reused: 0, requests: 0, total: { likely: 0, atMost: 0 }, saved: 0 },
    ...{ budget: { unit: 'pictures', warnAt: null, stopAt: null }, budgetState: 'fine', budgetUsed: 0, allowed: 0 },
  };
}
async function show(more: Partial<PageCountView>, failuresMayCost = false, accountId = ACCOUNT) {
  const client = makeScriptedClient({
    'cost.get': () => ok(costs(failuresMayCost)),
    'pages.findEnd': () => fail('net.offline', 'As told.'),
  });
  const stores = makeStores(client, { look: still, network: still });
  await stores.cost.load(accountId);
  const pages = { atLeast: 3, total: null, repeatsFrom: null, ...more };
  const document = { ...DOCUMENT, accountId, pages };
  const viewer = new ViewerStore(client, document, new ReadingMemory(), undefined, new HandClock());
  render(CountBadge, { props: { viewer }, context: new Map([[STORES, stores]]) });
  const searches = (): number => client.calls.filter(({ name }) => name === 'pages.findEnd').length;
  return { searches, button: screen.queryByRole('button', { name: /^Find the end:/ }) };
}

describe('finding the end', () => {
  it('says about how many pictures it takes, and how many at most, with both prices', async () => {
    const { button } = await show({ toFind: 4, toFindMost: { pictures: 9, withRefused: 11.5 } });
    expect(button?.getAttribute('aria-label')).toBe(
      'Find the end: About 4 pictures, at most 9. What is bought is kept for reading. ≈ ¥0.08 · at most ¥0.18',
    );
  });
  it('counts refused calls where they may be charged', async () => {
    const { button } = await show({ toFind: 0, toFindMost: { pictures: 3, withRefused: 3.5 } }, true);
    expect(button?.getAttribute('aria-label')).toContain(
      'Most likely nothing is bought, at most 3 pictures. ≈ ¥0.00 · at most ¥0.07',
    );
  });
  it('asks first where more than a few pictures may be bought', async () => {
    const { button, searches } = await show({ toFind: 4, toFindMost: { pictures: 9, withRefused: 9 } });
    await fireEvent.click(button!);
    const dialog = within(await screen.findByRole('dialog', { name: 'Find the end of this document?' }));
    expect(dialog.getByText(/About 4 pictures, at most 9/)).toBeTruthy();
    expect(dialog.getByText('≈ ¥0.08 · at most ¥0.18')).toBeTruthy();
    expect(searches()).toBe(0);
    await fireEvent.click(dialog.getByRole('button', { name: 'Find the end' }));
    expect(searches()).toBe(1);
    expect(screen.queryByRole('dialog')).toBeNull();
  });
  it('does not ask for a few, nor for the samples', async () => {
    const few = await show({ toFind: 1, toFindMost: { pictures: 5, withRefused: 5 } });
    await fireEvent.click(few.button!);
    expect(few.searches()).toBe(1);
    cleanup();
    const most = { pictures: 9, withRefused: 9 };
    const samples = await show({ toFind: 4, toFindMost: most }, true, AccountId.parse('samples'));
    expect(samples.button?.getAttribute('aria-label')).not.toMatch(/picture|¥/);
    await fireEvent.click(samples.button!);
    expect(samples.searches()).toBe(1);
  });
  it('is not offered before it is known what it can come to', async () => {
    expect((await show({ toFind: 1 })).button).toBeNull();
  });
});
