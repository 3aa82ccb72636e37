// @vitest-environment jsdom
/** Prices before something is bought, over a scripted main: what is likely, what it can come to, what the budget leaves. */
import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { AccountView, DocumentView, ExportPlanView, JobView } from '#contract/contract.ts';
import type { CostView } from '#contract/cost.ts';
import { fail, ok } from '#contract/errors.ts';
import { AccountId, DocumentHandle, JobId, PictureVersion } from '#contract/ids.ts';
import BudgetBanner from '#renderer/components/BudgetBanner.svelte';
import ExportCost from '#renderer/components/ExportCost.svelte';
import JobCard from '#renderer/components/JobCard.svelte';
import KeepOfflineDialog from '#renderer/components/KeepOfflineDialog.svelte';
import PriceForm from '#renderer/components/PriceForm.svelte';
import { STORES } from '#renderer/state/context.ts';
import { makeStores } from '#renderer/state/stores.ts';
import { makeScriptedClient } from '../state/scripted-client.ts';

afterEach(cleanup);

const still = { isDark: false, isOnline: true, onchange: () => () => {} };
const ACCOUNT = AccountId.parse('0123456789abcdef');

/** A picture is two cents; nothing else has a price. */
function costs(more: Partial<CostView> = {}): CostView {
  return {
    ...{ accountId: ACCOUNT, currency: 'CNY', prices: { convert: 20_000_000 }, failuresMayCost: false },
    month: { month: '2026-11', items: [], reused: 0, requests: 0, total: { likely: 0, atMost: 0 }, saved: 0 },
    ...{ budget: { unit: 'pictures', warnAt: null, stopAt: null }, budgetState: 'fine', budgetUsed: 0, allowed: 0 },
    ...more,
  };
}
const stopAt = (pictures: number): Partial<CostView> => ({
  budget: { unit: 'pictures', warnAt: null, stopAt: pictures },
});

const EXACT: ExportPlanView = {
  ...{ pageCount: 13, isAtMost: false, alreadyHere: 1, hereAsOther: 0, toBuy: 12 },
  ...{ exampleNames: ['a-p01.png'], existing: 0 },
};
const OPEN: ExportPlanView = { ...EXACT, pageCount: 2000, isAtMost: true, toBuy: 1999 };
const LIKELY: ExportPlanView = { ...OPEN, likely: { pageCount: 9, toBuy: 8 } };

const DOCUMENT: DocumentView = {
  ...{ handle: DocumentHandle.parse('a'.repeat(32)), version: PictureVersion.parse('b'.repeat(16)) },
  ...{ accountId: ACCOUNT, bucket: 'reports', key: 'annual.pdf', name: 'annual.pdf', versionId: null, source: 'pdf' },
  ...{ sizeBytes: 1000, modifiedAt: '2026-01-01T00:00:00.000Z', etag: 'e' },
  pages: { atLeast: 1, total: null, repeatsFrom: null },
};

async function storesOf(plan: ExportPlanView, view: CostView) {
  const client = makeScriptedClient({ 'cost.get': () => ok(view), 'exports.plan': () => ok(plan) });
  const stores = makeStores(client, { look: still, network: still });
  await stores.cost.load(ACCOUNT);
  return { client, context: new Map([[STORES, stores]]) };
}
const textOf = (element: Element | null): string => element?.textContent?.replace(/\s+/g, ' ').trim() ?? '';

/** All that the export dialog says about the cost of this plan. */
async function exportCost(plan: ExportPlanView, more: Partial<CostView> = {}, isFree = false): Promise<string> {
  const { context } = await storesOf(plan, costs(more));
  const { container } = render(ExportCost, { props: { plan, accountId: ACCOUNT, isFree, isStale: false }, context });
  return textOf(container);
}
/** What the keep offline dialog says of the pages and their price. */
async function keepDialog(plan: ExportPlanView, more: Partial<CostView> = {}): Promise<string> {
  const { context } = await storesOf(plan, costs(more));
  render(KeepOfflineDialog, { props: { document: DOCUMENT, onclose: () => {} }, context });
  await screen.findByText(/here already/);
  return textOf(screen.getByRole('dialog'));
}

describe('the price of an export', () => {
  it('is that of the pages to buy where their number is known', async () => {
    const said = await exportCost(EXACT);
    expect(said).toContain('12 to buy ≈ ¥0.24');
    expect(said).not.toContain('at most');
  });
  it('is "at most" that where pages that cannot be made may be charged too', async () => {
    const said = await exportCost(EXACT, { failuresMayCost: true });
    expect(said).toContain('12 to buy at most ¥0.24');
    expect(said).not.toContain('≈');
  });
  it.each([true, false])(
    'of a likely end is the likely one, and what it comes to if the file is wrong (%s)',
    async (failuresMayCost) => {
      expect(await exportCost(LIKELY, { failuresMayCost })).toContain('about 8 to buy ≈ ¥0.16 · at most ¥39.98');
    },
  );
  it.each([true, false])('of an end that nobody knows is only "at most" (%s)', async (failuresMayCost) => {
    const said = await exportCost(OPEN, { failuresMayCost });
    expect(said).toContain('at most 1,999 to buy at most ¥39.98');
    expect(said).not.toContain('≈');
  });
  it('warns of the budget by the likely number, and only supposes it where the end is open', async () => {
    const enough = await exportCost(LIKELY, stopAt(8));
    expect(enough).toContain('8 pictures of the budget left');
    expect(enough).not.toMatch(/[Mm]ore than the budget/);
    expect(await exportCost(LIKELY, stopAt(7))).toContain('More than the budget has left: it would pause there.');
    expect(await exportCost(EXACT, stopAt(11))).toContain('More than the budget has left: it would pause there.');
    expect(await exportCost(OPEN, stopAt(11))).toContain('This may be more than the budget has left');
  });
  it('says that another format is bought again only where it is', async () => {
    const plan = { ...EXACT, hereAsOther: 4 };
    expect(await exportCost(plan)).toContain('4 of these pages are here as JPG. A page in the other format is bought');
    expect(await exportCost(plan, {}, true)).not.toContain('is bought again');
  });
  it('is held against a budget in money too', async () => {
    const budget = { unit: 'money', warnAt: null, stopAt: 160_000 } as const;
    expect(await exportCost(LIKELY, { budget })).not.toMatch(/[Mm]ore than the budget/);
    expect(await exportCost(LIKELY, { budget, budgetUsed: 1 })).toContain('More than the budget has left');
  });
});

describe('the price of keeping offline', () => {
  it('is exact where the number of pages is', async () => {
    const said = await keepDialog(EXACT);
    expect(said).toContain('1 page here already · 12 pages to buy ≈ ¥0.24');
    expect(said).toContain('Buy 12 pages and keep');
    expect(said).not.toContain('at most');
  });
  it('is about that of the number that the file says', async () => {
    const said = await keepDialog(LIKELY);
    expect(said).toContain('1 page here already · about 8 pages to buy ≈ ¥0.16 · at most ¥39.98');
    expect(said).toContain('The file says that it has about 9 pages.');
    expect(said).not.toContain('Buy 8 pages and keep');
  });
  it('is only "at most" where nobody knows', async () => {
    expect(await keepDialog(OPEN)).toContain('at most 1,999 pages to buy at most ¥39.98');
  });
});

describe('going on once with a job that the budget holds up', () => {
  const paused = (toBuy: JobView['toBuy']): JobView => ({
    ...{ id: JobId.parse('1'.repeat(16)), accountId: ACCOUNT, documentName: 'annual.pdf', folderLabel: 'Pictures' },
    ...{ target: 'png', state: 'paused', pageCount: 2000, isAtMost: true, written: 1, skipped: 0, bought: 1 },
    ...{ failures: [], question: null, error: fail('cost.budgetReached', 'As told.').error, toBuy },
  });
  async function goOn(toBuy: JobView['toBuy'], more: Partial<CostView> = {}) {
    const { client, context } = await storesOf(OPEN, costs(more));
    const { container } = render(JobCard, { props: { job: paused(toBuy), problem: null }, context });
    const button = screen.getByRole('button', { name: /more$/ });
    const said = textOf(container.querySelector('.budget'));
    await fireEvent.click(button);
    return { said, input: client.calls.find(({ name }) => name === 'cost.goOnOnce')?.input };
  }
  it('lets the account of the job buy what it still takes, with its price, until the job is over', async () => {
    // No account is open here at all: that of the job is meant.
    const { said, input } = await goOn({ likely: 1200, atMost: 1200 });
    expect(said).toContain('Buy up to 1,200 more ≈ ¥24.00');
    expect(input).toEqual({ accountId: ACCOUNT, pictures: 1200, jobId: '1'.repeat(16) });
  });
  it('lets it buy only some where nobody knows how many that would be', async () => {
    const { said, input } = await goOn({ likely: null, atMost: 1999 });
    expect(said).toContain('Buy up to 20 more ≈ ¥0.40');
    expect(input).toMatchObject({ pictures: 20 });
  });
  it('counts refused pages behind the end where they may be charged', async () => {
    const { said, input } = await goOn({ likely: 8, atMost: 1999 }, { failuresMayCost: true });
    expect(said).toContain('Buy up to 8 more ≈ ¥0.16 · at most ¥0.34');
    expect(input).toMatchObject({ pictures: 8 });
  });
});

describe('the warning of a budget', () => {
  async function banner(more: Partial<CostView>): Promise<string> {
    const view = costs({ budgetState: 'warned', ...more });
    const { context } = await storesOf(EXACT, view);
    render(BudgetBanner, { props: { view }, context });
    return textOf(screen.getByRole('status'));
  }
  it('says how much of the budget is used, and that nothing is bought ahead', async () => {
    const said = await banner({ budgetUsed: 3, budget: { unit: 'pictures', warnAt: 3, stopAt: 5 } });
    expect(said).toContain('Used this month: 3 pictures, of a budget of 5 pictures.');
    expect(said).toContain('only when you look at them: none ahead');
  });
  it('speaks of no budget where only a warning is set', async () => {
    const said = await banner({ budgetUsed: 10, budget: { unit: 'pictures', warnAt: 3, stopAt: null } });
    expect(said).toContain('Used this month: 10 pictures. You set a warning at 3 pictures.');
  });
});

describe('the price list', () => {
  const account: AccountView = {
    ...{
      id: ACCOUNT,
      kind: 'access-key',
      name: 'Reports',
      colour: 'blue',
      maskedKeyId: 'LTAI…',
      region: 'cn-hangzhou',
    },
    ...{ endpoint: '', scope: '', isTemporary: false, tokenExpiresAt: null, hasTokenEnded: false, roleArn: null },
    ...{ domains: [], secretHome: 'keychain' },
  };
  it('says whose budget stands against a change, and keeps what was typed', async () => {
    const view = costs();
    const detail = { accountId: ACCOUNT };
    const client = makeScriptedClient({
      'cost.get': () => ok(view),
      'cost.setPrices': () => fail('cost.budgetInMoney', 'As told.', { detail }),
      'accounts.get': () => ok({ accounts: [account], activeId: null, opening: 'idle', problem: null }),
    });
    const stores = makeStores(client, { look: still, network: still });
    await stores.accounts.load();
    render(PriceForm, { props: { view }, context: new Map([[STORES, stores]]) });
    const price = screen.getByRole('textbox', { name: /DocumentConvert/ });
    await fireEvent.input(price, { target: { value: '' } });
    // What jsdom lacks: it lays nothing out.
    const brought: Element[] = [];
    Element.prototype.scrollIntoView = function () {
      brought.push(this);
    };
    await fireEvent.click(screen.getByRole('button', { name: 'Apply prices' }));
    const alert = await screen.findByRole('alert');
    expect(textOf(alert)).toContain('The budget of Reports counts in money');
    await vi.waitFor(() => expect(brought).toEqual([alert]));
    expect(screen.getByText(/^For all accounts/)).toBeTruthy();
    expect((price as HTMLInputElement).value).toBe('');
  });
});
