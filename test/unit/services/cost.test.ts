import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CostView, PriceTable } from '#contract/cost.ts';
import { AccountId, JobId } from '#contract/ids.ts';
import { SAMPLES } from '#services/account-views.ts';
import { makeCost, priceOf } from '#services/cost.ts';
import { toDecimal } from '#services/cost-csv.ts';
import { makeLedger } from '#services/ledger.ts';
import { makeLog } from '#services/log.ts';
import { openSettings } from '#services/settings.ts';
import { makeHandClock } from './hand-clock.ts';

const ACCOUNT = AccountId.parse('0123456789abcdef');
const HOST = 'docs.oss-cn-hangzhou.aliyuncs.com';
/** ¥ 7 for 1,000 pictures. */
const PRICED: PriceTable = { convert: 7_000_000, get: 10_000, traffic: 500_000 };

/** An account of an earlier session. */
const GONE = AccountId.parse('f'.repeat(16));

let folder: string;
beforeEach(async () => void (folder = await mkdtemp(path.join(tmpdir(), 'cost-'))));
afterEach(() => rm(folder, { recursive: true, force: true }));

async function openCost() {
  const clock = makeHandClock();
  const log = makeLog({ level: 'debug', now: clock.now, write: () => undefined });
  const settings = await openSettings(path.join(folder, 'settings.json'), log, clock.now);
  const told: CostView[] = [];
  const raised: string[] = [];
  const ledger = makeLedger({
    now: clock.now,
    later: clock.later,
    onChange: () => undefined,
    onCount: (id) => cost.touch(id),
  });
  const cost = makeCost({
    settings,
    ledger,
    now: clock.now,
    later: clock.later,
    onChange: (view) => told.push(view),
    onRaised: (id) => raised.push(id),
    isThere: (id) => id !== GONE,
  });
  const buy = (pages: number, outcome: 'billable' | 'unclear' = 'billable'): void => {
    for (let page = 1; page <= pages; page += 1) {
      ledger.of(ACCOUNT).record({
        ...{ kind: 'snapshot', bucket: 'docs', key: 'a.pdf', pageNumber: page, target: 'png', host: HOST },
        ...{ status: 200, bytes: 1000, outcome },
      });
    }
  };
  return { clock, settings, ledger, cost, told, raised, buy };
}

describe('money', () => {
  it('is exact: sums of millionths, rounded once for each item', () => {
    expect(priceOf('convert', 1, { convert: 7_000_000 })).toBe(7000);
    expect(priceOf('get', 1, { get: 10_000 })).toBe(1);
    expect(priceOf('get', 4999, { get: 1 })).toBe(0);
    expect(priceOf('get', 5000, { get: 1 })).toBe(1);
    // A petabyte: beyond what a double would hold before dividing.
    expect(priceOf('traffic', 2 ** 50, { traffic: 500_000 })).toBe(2 ** 20 * 500_000);
    expect(priceOf('list', 9, {})).toBeNull();
  });
  it('is written as a decimal without loss', () => {
    expect([0, 1, 500_000, 7_000_000, 12_345_678].map(toDecimal)).toEqual(['0', '0.000001', '0.5', '7', '12.345678']);
  });
  it('is not shown until page pictures have a price, which nobody invents', async () => {
    const { cost, buy } = await openCost();
    buy(3);
    expect(cost.view(ACCOUNT).prices.convert).toBeUndefined();
    expect(cost.view(ACCOUNT).month).toMatchObject({ total: null, saved: null });
    await cost.setPrices({ currency: 'CNY', prices: PRICED, failuresMayCost: true });
    buy(1, 'unclear');
    expect(cost.view(ACCOUNT).month).toMatchObject({
      items: [
        { item: 'convert', amount: { sure: 3, unclear: 1 }, money: { likely: 21_000, atMost: 28_000 } },
        { item: 'get', money: { likely: 3, atMost: 4 } },
        { item: 'traffic', amount: { sure: 4000, unclear: 0 }, money: { likely: 2, atMost: 2 } },
      ],
      total: { likely: 21_005, atMost: 28_006 },
      requests: 4,
    });
  });
  it('saved is what the pages used again would have cost', async () => {
    const { cost, ledger, buy } = await openCost();
    await cost.setPrices({ currency: 'CNY', prices: PRICED, failuresMayCost: true });
    buy(1);
    for (let time = 0; time < 5; time += 1) ledger.reused(ACCOUNT);
    expect(cost.view(ACCOUNT).month.saved).toBe(35_000);
  });
});

describe('the budget', () => {
  it('warns, then stops, counting what may have been charged and what is on the wire', async () => {
    const { cost, buy } = await openCost();
    await cost.setBudget(ACCOUNT, { unit: 'pictures', warnAt: 5, stopAt: 10 });
    buy(4);
    expect(cost.view(ACCOUNT).budgetState).toBe('fine');
    buy(1, 'unclear');
    expect(cost.view(ACCOUNT).budgetState).toBe('warned');
    expect(cost.refusal(ACCOUNT, 4)).toBeNull();
    expect(cost.refusal(ACCOUNT, 5)).toMatchObject({ code: 'cost.budgetReached', charged: 'no' });
    buy(5);
    expect(cost.view(ACCOUNT)).toMatchObject({ budgetState: 'stopped', budgetUsed: 10 });
    expect(cost.refusal(ACCOUNT, 0)?.detail).toEqual({ unit: 'pictures', stopAt: 10, currency: 'CNY' });
  });
  it('in money stops before a picture that would not fit', async () => {
    const { cost, buy } = await openCost();
    await cost.setPrices({ currency: 'USD', prices: { convert: 7_000_000 }, failuresMayCost: true });
    await cost.setBudget(ACCOUNT, { unit: 'money', warnAt: null, stopAt: 20_000 });
    buy(1);
    expect(cost.refusal(ACCOUNT, 0)).toBeNull();
    expect(cost.refusal(ACCOUNT, 1)).not.toBeNull();
    buy(1);
    expect(cost.refusal(ACCOUNT, 0)?.detail).toMatchObject({ unit: 'money', stopAt: 20_000, currency: 'USD' });
  });
  it('in money keeps its currency and the price of pictures: without them it would stop nothing', async () => {
    const { cost, buy } = await openCost();
    const priced = { currency: 'USD', prices: { convert: 7_000_000, get: 10_000 }, failuresMayCost: true } as const;
    const inMoney = { unit: 'money', warnAt: null, stopAt: 7000 } as const;
    const refused = { error: { code: 'cost.budgetInMoney', detail: { accountId: ACCOUNT } } };
    expect(await cost.setBudget(ACCOUNT, inMoney)).toMatchObject(refused);
    await cost.setPrices(priced);
    expect((await cost.setBudget(ACCOUNT, inMoney)).ok).toBe(true);
    buy(1);
    expect(await cost.setPrices({ ...priced, prices: { get: 10_000 } })).toMatchObject(refused);
    expect(await cost.setPrices({ ...priced, currency: 'CNY' })).toMatchObject(refused);
    expect(cost.view(ACCOUNT)).toMatchObject({ ...priced, budgetState: 'stopped' });
    // Another price is what prices are for.
    expect((await cost.setPrices({ ...priced, prices: { convert: 1_000_000 } })).ok).toBe(true);
    expect(cost.view(ACCOUNT).budgetState).toBe('fine');
    await cost.setBudget(ACCOUNT, { unit: 'money', warnAt: null, stopAt: null });
    expect((await cost.setPrices({ ...priced, currency: 'CNY', prices: {} })).ok).toBe(true);
  });
  it('in money of an account that is no more stands against nothing', async () => {
    const { cost } = await openCost();
    await cost.setPrices({ currency: 'USD', prices: PRICED, failuresMayCost: true });
    await cost.setBudget(GONE, { unit: 'money', warnAt: 1, stopAt: null });
    expect((await cost.setPrices({ currency: 'CNY', prices: {}, failuresMayCost: true })).ok).toBe(true);
  });
  it('lets exactly so many pass as the person allows, once, and tells who waits', async () => {
    const { clock, cost, buy, raised, told } = await openCost();
    await cost.setBudget(ACCOUNT, { unit: 'pictures', warnAt: null, stopAt: 2 });
    buy(2);
    clock.pass(300);
    expect(told.at(-1)?.budgetState).toBe('stopped');
    raised.length = 0;
    expect(cost.goOnOnce(ACCOUNT, 3)).toMatchObject({ allowed: 3, budgetState: 'fine' });
    expect(raised).toContain(ACCOUNT);
    expect(cost.refusal(ACCOUNT, 2)).toBeNull();
    expect(cost.refusal(ACCOUNT, 3)).not.toBeNull();
    buy(3);
    expect(cost.view(ACCOUNT)).toMatchObject({ allowed: 0, budgetState: 'stopped' });
  });
  it('takes back what a job was allowed and did not need, and only that', async () => {
    const { clock, cost, buy, told } = await openCost();
    const [job, other] = [JobId.parse('1'.repeat(16)), JobId.parse('2'.repeat(16))];
    await cost.setBudget(ACCOUNT, { unit: 'pictures', warnAt: null, stopAt: 2 });
    buy(2);
    cost.goOnOnce(ACCOUNT, 30, job);
    buy(3);
    cost.endOnce(ACCOUNT, other);
    expect(cost.view(ACCOUNT)).toMatchObject({ allowed: 27, budgetState: 'fine' });
    cost.endOnce(ACCOUNT, job);
    expect(cost.refusal(ACCOUNT, 0)).not.toBeNull();
    clock.pass(300);
    expect(told.at(-1)).toMatchObject({ allowed: 0, budgetState: 'stopped' });
    // What the reader was allowed ends with no job.
    cost.goOnOnce(ACCOUNT, 5);
    cost.endOnce(ACCOUNT, job);
    expect(cost.view(ACCOUNT).allowed).toBe(5);
  });
  it('begins anew with the month, the allowance too', async () => {
    const { clock, cost, buy, raised } = await openCost();
    await cost.setBudget(ACCOUNT, { unit: 'pictures', warnAt: null, stopAt: 2 });
    buy(2);
    cost.goOnOnce(ACCOUNT, 5);
    buy(5);
    clock.pass(300);
    raised.length = 0;
    clock.pass(32 * 24 * 3600_000);
    expect(cost.view(ACCOUNT)).toMatchObject({ budgetState: 'fine', budgetUsed: 0, allowed: 0 });
    expect(raised).toEqual([ACCOUNT]);
  });
  it('of a new month holds at its first purchase, which tells the page, also when the computer slept meanwhile', async () => {
    const { clock, cost, buy, raised, told } = await openCost();
    await cost.setBudget(ACCOUNT, { unit: 'pictures', warnAt: null, stopAt: 2 });
    buy(2);
    clock.pass(300);
    expect(told.at(-1)).toMatchObject({ budgetState: 'stopped', month: { month: '1970-01' } });
    [raised.length, told.length] = [0, 0];
    clock.sleep(32 * 24 * 3600_000);
    expect(cost.refusal(ACCOUNT, 0)).toBeNull();
    clock.pass(250);
    expect(told.map(({ budgetState, month }) => [budgetState, month.month])).toEqual([['fine', '1970-02']]);
    expect(raised).toEqual([ACCOUNT]);
  });
  it('is shown anew a quarter of a minute after waking in another month, though nothing is bought', async () => {
    const { clock, cost, told } = await openCost();
    expect(cost.view(ACCOUNT).month.month).toBe('1970-01');
    clock.pass(60_000);
    expect(told).toEqual([]);
    clock.sleep(32 * 24 * 3600_000);
    clock.pass(15_250);
    expect(told.map(({ month }) => month.month)).toEqual(['1970-02']);
    clock.pass(60_000);
    expect(told).toHaveLength(1);
    cost.dispose();
    expect(clock.pending()).toBe(0);
  });
  it('lets who waits go on also when the page asks first in the new month', async () => {
    const { clock, cost, buy, raised } = await openCost();
    await cost.setBudget(ACCOUNT, { unit: 'pictures', warnAt: null, stopAt: 2 });
    buy(2);
    clock.pass(300);
    raised.length = 0;
    clock.sleep(32 * 24 * 3600_000);
    expect(cost.view(ACCOUNT).budgetState).toBe('fine');
    clock.pass(250);
    expect(raised).toEqual([ACCOUNT]);
  });
  it('does not hold the samples', async () => {
    const { cost } = await openCost();
    await cost.setBudget(SAMPLES, { unit: 'pictures', warnAt: null, stopAt: 0 });
    expect(cost.refusal(SAMPLES, 0)).toBeNull();
  });
  it('goes with the account', async () => {
    const { cost, ledger, settings, buy } = await openCost();
    await cost.setBudget(ACCOUNT, { unit: 'pictures', warnAt: null, stopAt: 2 });
    buy(2);
    cost.forget(ACCOUNT);
    await settings.flush();
    expect([settings.current.cost.budgets, ledger.months(ACCOUNT)]).toEqual([{}, []]);
  });
});

describe('the table for spreadsheets', () => {
  it('has every item and every kind of request of every month', async () => {
    const { cost, ledger, buy } = await openCost();
    await cost.setPrices({ currency: 'CNY', prices: { convert: 7_000_000 }, failuresMayCost: true });
    buy(2);
    buy(1, 'unclear');
    ledger.reused(ACCOUNT);
    const lines = cost.csv(ACCOUNT).split('\r\n');
    expect(lines[0]!.charCodeAt(0)).toBe(0xfeff);
    expect(lines[0]!.slice(1)).toBe(
      'month,kind,name,amount,amount_unclear,refused,unit,price_per_lot,lot,money,money_at_most,currency',
    );
    expect(lines.slice(1)).toEqual([
      '1970-01,item,convert,2,1,,pictures,7,1000,0.014,0.021,CNY',
      '1970-01,item,get,2,1,,requests,,10000,,,',
      '1970-01,item,traffic,3000,0,,bytes,,1073741824,,,',
      '1970-01,request,snapshot,2,1,0,requests,,,,,',
      '1970-01,saved,reused,1,,,pictures,,,,,',
      '',
    ]);
  });
});
