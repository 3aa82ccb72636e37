/** What the counts of the ledger come to: prices, money, and the budget that can stop further purchases. */
import { BILL_ITEMS, LOTS, type BillItem } from '#contract/bill-items.ts';
import type { Budget, Counted, CostView, Money, MonthView, PriceTable } from '#contract/cost.ts';
import { fail, ok, type AppError, type Result } from '#contract/errors.ts';
import type { AccountId, JobId } from '#contract/ids.ts';
import { SAMPLES } from './account-views.ts';
import { toCsv } from './cost-csv.ts';
import { picturesOf, type Ledger, type MonthCount } from './ledger.ts';
import { afterTimeout, makePace, type Later, type Pace } from './pace.ts';
import type { Settings } from './settings.ts';

export interface Cost {
  /** For the page, which from then on hears of it when the month is another one. */
  view(accountId: AccountId): CostView;
  /** Months with anything in them, newest first. */
  months(accountId: AccountId): MonthView[];
  /**
   * For all accounts. Errors: `cost.budgetInMoney` where the currency changes, or page pictures lose their price, while a
   * budget is in money: it would mean another sum, or stop nothing; `file.*` when it cannot be kept.
   */
  setPrices(change: Pick<CostView, 'currency' | 'prices' | 'failuresMayCost'>): Promise<Result<null>>;
  /** Errors: `cost.budgetInMoney` for one in money while page pictures have no price; `file.*` when it cannot be kept. */
  setBudget(accountId: AccountId, budget: Budget): Promise<Result<CostView>>;
  /** Lets so many more pictures of this month pass beyond the stop, instead of what was left of those allowed before. */
  goOnOnce(accountId: AccountId, pictures: number, jobId?: JobId): CostView;
  /** A job is over: what is left of the pictures allowed for it is allowed no more. */
  endOnce(accountId: AccountId, jobId: JobId): void;
  /** Why no further picture is bought while `onTheWire` are being made; null: one more may be. */
  refusal(accountId: AccountId, onTheWire: number): AppError | null;
  /** All months as CSV. */
  csv(accountId: AccountId): string;
  /** Something was counted for this account. */
  touch(accountId: AccountId): void;
  forget(accountId: AccountId): void;
  dispose(): void;
}

export interface CostOptions {
  settings: Settings;
  ledger: Pick<Ledger, 'count' | 'month' | 'months' | 'forget'>;
  /** The figures of an account have changed; at most four times a second, the last state always. */
  onChange(view: CostView): void;
  /** A stop may be over: the budget was raised, it is another month, or the person goes on once. */
  onRaised(accountId: AccountId): void;
  /** Whether there is such an account: budgets of those for one session stay behind when the app quits. */
  isThere(accountId: AccountId): boolean;
  now(): number;
  later?: Later;
}

const TELL_EVERY_MS = 250;
/** A month ends without anybody's doing, asleep too: it is seen so long after waking at the latest. */
const LOOK_EVERY_MS = 15_000;
const NO_BUDGET: Budget = { unit: 'pictures', warnAt: null, stopAt: null };

export function makeCost(options: CostOptions): Cost {
  const { settings, ledger, now, later = afterTimeout } = options;
  /** Pictures allowed beyond the stop, counted from the first of the month: another month begins without. */
  const allowances = new Map<AccountId, { month: string; pictures: number; jobId: JobId | undefined }>();
  const paces = new Map<AccountId, Pace>();
  /** Accounts that buy nothing now. */
  const stopped = new Set<AccountId>();
  /** The month that the page has of each account. */
  const shown = new Map<AccountId, string>();
  let endLooking: (() => void) | null = null;

  const budgetOf = (id: AccountId): Budget => settings.current.cost.budgets[id] ?? NO_BUDGET;

  function toMonth(month: string, count: MonthCount): MonthView {
    const { prices } = settings.current.cost;
    const items = BILL_ITEMS.flatMap((item) => {
      const amount = count.items[item];
      return amount ? [{ item, amount, money: moneyOf(item, amount, prices) }] : [];
    });
    const hasPrice = prices.convert !== undefined;
    return {
      month,
      items,
      reused: count.reused,
      requests: Object.values(count.kinds).reduce(
        (sum, { billable, free, unclear }) => sum + billable + free + unclear,
        0,
      ),
      total: hasPrice ? items.reduce(addMoney, { likely: 0, atMost: 0 }) : null,
      saved: hasPrice ? priceOf('convert', count.reused, prices) : null,
    };
  }

  /** How much of the budget is used, with `onTheWire` pictures that are being made. */
  function used(id: AccountId, { unit }: Budget, onTheWire: number): number {
    const { prices } = settings.current.cost;
    const count = ledger.count(id, ledger.month());
    const { sure, unclear } = picturesOf(count);
    if (unit === 'pictures') return sure + unclear + onTheWire;
    const { total } = toMonth(ledger.month(), count);
    return (total?.atMost ?? 0) + (priceOf('convert', onTheWire, prices) ?? 0);
  }

  /** Pictures that may still be bought beyond the stop. */
  function allowedOf(id: AccountId): number {
    const allowance = allowances.get(id);
    if (allowance?.month !== ledger.month()) return 0;
    const { sure, unclear } = picturesOf(ledger.count(id, allowance.month));
    return Math.max(0, allowance.pictures - sure - unclear);
  }

  /** The page is told where it has the figures of another month. */
  function seeMonth(id: AccountId): void {
    const month = shown.get(id);
    if (month !== undefined && month !== ledger.month()) touch(id);
  }

  function look(): void {
    for (const id of shown.keys()) seeMonth(id);
    endLooking = later(look, LOOK_EVERY_MS);
  }

  function remember(id: AccountId): void {
    shown.set(id, ledger.month());
    endLooking ??= later(look, LOOK_EVERY_MS);
  }

  function refusal(id: AccountId, onTheWire: number): AppError | null {
    if (id === SAMPLES) return null;
    seeMonth(id);
    const budget = budgetOf(id);
    const { stopAt } = budget;
    if (stopAt === null || allowedOf(id) > onTheWire) return null;
    // One more must fit in: a stop is never overshot, however many are asked for at once.
    if (used(id, budget, onTheWire + 1) <= stopAt) return null;
    return fail('cost.budgetReached', 'The budget of this month is used up.', {
      detail: { unit: budget.unit, stopAt, currency: settings.current.cost.currency },
    }).error;
  }

  function view(accountId: AccountId): CostView {
    const { currency, prices, failuresMayCost } = settings.current.cost;
    const month = ledger.month();
    const budget = budgetOf(accountId);
    const budgetUsed = used(accountId, budget, 0);
    const isWarned = budget.warnAt !== null && budgetUsed >= budget.warnAt;
    const budgetState = refusal(accountId, 0) ? 'stopped' : isWarned ? 'warned' : 'fine';
    return {
      ...{ accountId, currency, prices, failuresMayCost, budget, budgetState, budgetUsed },
      month: toMonth(month, ledger.count(accountId, month)),
      allowed: allowedOf(accountId),
    };
  }

  function tell(accountId: AccountId): void {
    remember(accountId);
    const told = view(accountId);
    const wasStopped = stopped.delete(accountId);
    if (told.budgetState === 'stopped') stopped.add(accountId);
    else if (wasStopped) options.onRaised(accountId);
    options.onChange(told);
  }

  function touch(accountId: AccountId): void {
    const pace = paces.get(accountId) ?? makePace({ everyMs: TELL_EVERY_MS, now, later, tell: () => tell(accountId) });
    paces.set(accountId, pace);
    pace.touch();
  }

  return {
    view(accountId) {
      // Of another month it is told as well: who waits for the stop to be over has to hear of it.
      seeMonth(accountId);
      if (!shown.has(accountId)) remember(accountId);
      return view(accountId);
    },
    refusal,
    touch,
    months: (id) => ledger.months(id).map((month) => toMonth(month, ledger.count(id, month))),
    async setPrices(change) {
      const { cost } = settings.current;
      const inMoney = (Object.keys(cost.budgets) as AccountId[]).find(
        (id) => isInMoney(budgetOf(id)) && options.isThere(id),
      );
      if (inMoney && (change.currency !== cost.currency || change.prices.convert === undefined)) {
        return budgetInMoney(inMoney);
      }
      const written = await settings.update({ cost: { ...cost, ...change } });
      for (const id of paces.keys()) tell(id);
      return written;
    },
    async setBudget(accountId, budget) {
      const { cost } = settings.current;
      if (isInMoney(budget) && cost.prices.convert === undefined) return budgetInMoney(accountId);
      const written = await settings.update({ cost: { ...cost, budgets: { ...cost.budgets, [accountId]: budget } } });
      options.onRaised(accountId);
      touch(accountId);
      return written.ok ? ok(view(accountId)) : written;
    },
    goOnOnce(accountId, pictures, jobId) {
      const month = ledger.month();
      const { sure, unclear } = picturesOf(ledger.count(accountId, month));
      allowances.set(accountId, { month, pictures: sure + unclear + pictures, jobId });
      options.onRaised(accountId);
      touch(accountId);
      return view(accountId);
    },
    endOnce(accountId, jobId) {
      if (allowances.get(accountId)?.jobId !== jobId) return;
      allowances.delete(accountId);
      touch(accountId);
    },
    csv: (id) =>
      toCsv(
        ledger
          .months(id)
          .map((month) => ({ ...toMonth(month, ledger.count(id, month)), kinds: ledger.count(id, month).kinds })),
        settings.current.cost,
      ),
    forget(accountId) {
      ledger.forget(accountId);
      allowances.delete(accountId);
      stopped.delete(accountId);
      shown.delete(accountId);
      paces.get(accountId)?.dispose();
      paces.delete(accountId);
      const { [accountId]: _, ...budgets } = settings.current.cost.budgets;
      void settings.update({ cost: { ...settings.current.cost, budgets } });
    },
    dispose() {
      for (const pace of paces.values()) pace.dispose();
      endLooking?.();
    },
  };
}

function isInMoney({ unit, warnAt, stopAt }: Budget): boolean {
  return unit === 'money' && (warnAt !== null || stopAt !== null);
}

function budgetInMoney(accountId: AccountId): Result<never> {
  const detail = { accountId };
  return fail('cost.budgetInMoney', 'A budget in money needs its currency and the price of pictures.', { detail });
}

/** The price of an amount, rounded to the nearest millionth; null while the item has no price. */
export function priceOf(item: BillItem, amount: number, prices: PriceTable): number | null {
  const price = prices[item];
  if (price === undefined) return null;
  const lot = BigInt(LOTS[item].size);
  // Bytes times millionths leave the whole numbers that a double can hold.
  return Number((BigInt(amount) * BigInt(price) * 2n + lot) / (2n * lot));
}

function moneyOf(item: BillItem, { sure, unclear }: Counted, prices: PriceTable): Money | null {
  const likely = priceOf(item, sure, prices);
  const atMost = priceOf(item, sure + unclear, prices);
  return likely === null || atMost === null ? null : { likely, atMost };
}

function addMoney(sum: Money, { money }: { money: Money | null }): Money {
  return { likely: sum.likely + (money?.likely ?? 0), atMost: sum.atMost + (money?.atMost ?? 0) };
}
