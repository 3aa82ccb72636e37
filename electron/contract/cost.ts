/**
 * What reading costs: OSS's and IMM's own billable items, the prices a person gave them, the budget. Money is in
 * millionths of the currency, whole numbers only, so that sums are exact.
 */
import { z } from 'zod';
import { BILL_ITEMS } from './bill-items.ts';
import { AccountId, JobId } from './ids.ts';
import { call, Nothing } from './shapes.ts';

const BillItem = z.enum(BILL_ITEMS);

/** At most 10,000 of the currency for one lot. */
const Price = z.number().int().min(0).max(10_000_000_000);
/** Millionths of the currency for one lot of each item; an item without a price is counted and not valued. */
export const PriceTable = z.partialRecord(BillItem, Price);
export type PriceTable = z.infer<typeof PriceTable>;

/** Of all bytes of an amount that is not valued for sure: the service may have done the work. */
export const Counted = z.object({ sure: z.number().int().min(0), unclear: z.number().int().min(0) });
export type Counted = z.infer<typeof Counted>;

/** Requests of one kind by how they ended, and the bytes that came. */
export const KindCount = z.object({
  billable: z.number().int().min(0),
  free: z.number().int().min(0),
  unclear: z.number().int().min(0),
  bytes: z.number().int().min(0),
});
export type KindCount = z.infer<typeof KindCount>;

/** Money that is owed for sure, and with everything that may have been charged too. */
const Money = z.object({ likely: z.number().int(), atMost: z.number().int() });
export type Money = z.infer<typeof Money>;

/** `2026-11`, as the service's bill has it: months of UTC+8. */
export const Month = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/);

const BilledItem = z.object({
  item: BillItem,
  amount: Counted,
  /** Null while the item has no price. */
  money: Money.nullable(),
});

export const MonthView = z.object({
  month: Month,
  items: z.array(BilledItem),
  /** Times a page was used again instead of bought again. */
  reused: z.number().int(),
  /** Requests of all kinds, refused ones too. */
  requests: z.number().int(),
  /** Of items that have a price; null while page pictures have none. */
  total: Money.nullable(),
  /** What the pages used again would have cost; null while page pictures have no price. */
  saved: z.number().int().nullable(),
});
export type MonthView = z.infer<typeof MonthView>;

/** In pictures of a month, or in millionths of the currency. Null: no such limit. */
export const Budget = z.object({
  unit: z.enum(['pictures', 'money']),
  warnAt: z.number().int().min(0).nullable(),
  stopAt: z.number().int().min(0).nullable(),
});
export type Budget = z.infer<typeof Budget>;

export const Currency = z.enum(['CNY', 'USD']);

export const CostView = z.object({
  accountId: AccountId,
  currency: Currency,
  prices: PriceTable,
  /** Whether a page that could not be made is counted with a price "at most". */
  failuresMayCost: z.boolean(),
  month: MonthView,
  budget: Budget,
  /** `warned`: beyond the warning; `stopped`: no further page is bought this month. */
  budgetState: z.enum(['fine', 'warned', 'stopped']),
  /** Of the budget's unit, everything that may have been charged included. */
  budgetUsed: z.number().int(),
  /** Pictures that may still be bought beyond the stop, as the person allowed. */
  allowed: z.number().int(),
});
export type CostView = z.infer<typeof CostView>;

const OfAccount = z.object({ accountId: AccountId });

export const COST_CALLS = {
  'cost.get': call(OfAccount, CostView),
  /** Months with anything in them, newest first. */
  'cost.months': call(OfAccount, z.object({ months: z.array(MonthView) })),
  'cost.setPrices': call(z.object({ currency: Currency, prices: PriceTable, failuresMayCost: z.boolean() }), Nothing),
  'cost.setBudget': call(OfAccount.extend({ budget: Budget }), CostView),
  /** Lets so many more pictures of this month pass beyond the stop; those for a job only until it is over. */
  'cost.goOnOnce': call(
    OfAccount.extend({ pictures: z.number().int().min(1).max(2000), jobId: JobId.optional() }),
    CostView,
  ),
  /** Asks where to save in the system's dialog and writes all months as CSV; null when the person cancels. Errors: `file.*`. */
  'cost.exportCsv': call(OfAccount, z.object({ fileName: z.string() }).nullable()),
} as const;

export const COST_EVENTS = { 'cost.changed': CostView } as const;
