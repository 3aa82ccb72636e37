/**
 * Every request that may cost money, counted as the service bills it: by account, month and item, on disk, and for this
 * run as a whole. It knows no prices (cost.ts) and stops nobody.
 */
import path from 'node:path';
import { z } from 'zod';
import { BILL_ITEMS } from '#contract/bill-items.ts';
import { Counted, KindCount, Month } from '#contract/cost.ts';
import type { UsageView } from '#contract/contract.ts';
import { AccountId } from '#contract/ids.ts';
import { SAMPLES } from './account-views.ts';
import { chargesOf, type ObjectFacts } from './billing.ts';
import { openJsonFile, type JsonFile, type JsonFileOptions } from './json-file.ts';
import type { RequestReport } from './oss-client.ts';
import { afterTimeout, makePace, type Later } from './pace.ts';

const MonthCount = z.object({
  items: z.partialRecord(z.enum(BILL_ITEMS), Counted),
  kinds: z.record(z.string(), KindCount),
  reused: z.number().int().min(0),
});
/** What one account used in one month. */
export type MonthCount = z.infer<typeof MonthCount>;

export const LedgerFile = z.object({
  version: z.literal(1),
  accounts: z.record(AccountId, z.record(Month, MonthCount)),
});
export type LedgerFile = z.infer<typeof LedgerFile>;

/** The ledger's file in the folder of the app's own data. */
export function openLedgerFile({
  folder,
  ...rest
}: { folder: string } & Pick<JsonFileOptions<LedgerFile>, 'log' | 'now'>): Promise<JsonFile<LedgerFile>> {
  return openJsonFile({ file: path.join(folder, 'ledger.json'), schema: LedgerFile, newest: 1, ...rest });
}

/** Who hears of requests: of one account. */
export interface AccountLedger {
  /** One request as it went over the wire; each try of a call is one. */
  record(report: RequestReport): void;
}

export interface Ledger {
  /** The ledger of one account; of null for a key that is only tried and of the samples, which cost nothing. */
  of(accountId: AccountId | null): AccountLedger;
  /** A picture was used once more without being bought again. */
  reused(accountId: AccountId): void;
  /** This run, all accounts. */
  view(): UsageView;
  /** The month of now. */
  month(): string;
  /** Nothing used gives empty counts. */
  count(accountId: AccountId, month: string): MonthCount;
  /** Months with anything in them, newest first. */
  months(accountId: AccountId): string[];
  /** Forgets an account that was removed. */
  forget(accountId: AccountId): void;
  /** Ends when all that was counted so far is on the disk. */
  flush(): Promise<void>;
  /** Stops telling. */
  dispose(): void;
}

export interface LedgerOptions {
  /** Gets the figures of the run after a change, the last state always. */
  onChange: (usage: UsageView) => void;
  /** Something was counted for this account; as often as it happens. */
  onCount?: (accountId: AccountId) => void;
  now: () => number;
  later?: Later;
  /** Where the months are kept; without it they end with the run. */
  file?: JsonFile<LedgerFile>;
}

/** At most this often the page hears of new figures. */
const TELL_EVERY_MS = 250;
/** At most this often the file is written: a kill loses no more than that. */
const WRITE_EVERY_MS = 2000;
/** The service's bill has months of UTC+8, wherever the reader is. */
const BILL_OFFSET_MS = 8 * 3600_000;
const MOST_OBJECTS = 5000;

/** Opens the ledger with what the file holds. */
export function makeLedger(options: LedgerOptions): Ledger {
  const { now, file, onCount = () => undefined } = options;
  const later = options.later ?? afterTimeout;
  const usage: UsageView = { snapshots: 0, unclear: 0, reused: 0, requests: 0 };
  const accounts = new Map<AccountId, Map<string, MonthCount>>();
  for (const [id, months] of Object.entries(file?.found?.accounts ?? {})) {
    accounts.set(AccountId.parse(id), new Map(Object.entries(months)));
  }
  /** Storage class and size of objects, as their HEAD told; the ones asked longest ago are forgotten. */
  const objects = new Map<string, ObjectFacts>();
  let lastWrite: Promise<unknown> = Promise.resolve();

  const tellPace = makePace({ everyMs: TELL_EVERY_MS, now, later, tell: () => options.onChange({ ...usage }) });
  const writePace = makePace({ everyMs: WRITE_EVERY_MS, now, later, tell: () => (lastWrite = write()) });

  async function write(): Promise<void> {
    const all = [...accounts].map(([id, months]) => [id, Object.fromEntries(months)] as const);
    await file?.write({ version: 1, accounts: Object.fromEntries(all) });
  }

  const monthOfNow = (): string => new Date(now() + BILL_OFFSET_MS).toISOString().slice(0, 7);

  function countOf(accountId: AccountId): MonthCount {
    const months = accounts.get(accountId) ?? new Map<string, MonthCount>();
    accounts.set(accountId, months);
    const month = monthOfNow();
    const count = months.get(month) ?? emptyCount();
    months.set(month, count);
    return count;
  }

  function learn(accountId: AccountId, { bucket, key, object }: RequestReport): ObjectFacts | null {
    if (key === undefined) return null;
    const name = JSON.stringify([accountId, bucket, key]);
    const known = object ?? objects.get(name) ?? null;
    if (known === null) return null;
    objects.delete(name);
    objects.set(name, known);
    for (const oldest of objects.keys()) {
      if (objects.size <= MOST_OBJECTS) break;
      objects.delete(oldest);
    }
    return known;
  }

  function counted(accountId: AccountId): void {
    writePace.touch();
    onCount(accountId);
  }

  function enter(accountId: AccountId, report: RequestReport): void {
    const { items, kinds } = countOf(accountId);
    const kind = (kinds[report.kind] ??= { billable: 0, free: 0, unclear: 0, bytes: 0 });
    kind[report.outcome] += 1;
    kind.bytes += report.bytes;
    for (const { item, amount, isUnclear } of chargesOf(report, learn(accountId, report))) {
      const counts = (items[item] ??= { sure: 0, unclear: 0 });
      counts[isUnclear ? 'unclear' : 'sure'] += amount;
    }
    counted(accountId);
  }

  return {
    of: (accountId) => ({
      record(report) {
        const { kind, status, outcome } = report;
        // No status and nothing to pay: the request never left this computer.
        if (status === null && outcome === 'free') return;
        usage.requests += 1;
        if (kind === 'snapshot' && outcome === 'billable') usage.snapshots += 1;
        if (kind === 'snapshot' && outcome === 'unclear') usage.unclear += 1;
        tellPace.touch();
        if (accountId !== null && accountId !== SAMPLES) enter(accountId, report);
      },
    }),
    reused(accountId) {
      usage.reused += 1;
      tellPace.touch();
      if (accountId === SAMPLES) return;
      countOf(accountId).reused += 1;
      counted(accountId);
    },
    view: () => ({ ...usage }),
    month: monthOfNow,
    count: (accountId, month) => structuredClone(accounts.get(accountId)?.get(month) ?? emptyCount()),
    months: (accountId) => [...(accounts.get(accountId)?.keys() ?? [])].sort().reverse(),
    forget(accountId) {
      if (accounts.delete(accountId)) writePace.touch();
    },
    async flush() {
      writePace.flush();
      await lastWrite;
    },
    dispose() {
      tellPace.dispose();
      writePace.dispose();
    },
  };
}

const emptyCount = (): MonthCount => ({ items: {}, kinds: {}, reused: 0 });

/** Pictures of a month: bought for sure, and those that may have been. */
export function picturesOf({ items }: Pick<MonthCount, 'items'>): Counted {
  return items.convert ?? { sure: 0, unclear: 0 };
}
