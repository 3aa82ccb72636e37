/**
 * The settings file: language, theme, window size and the labels of accounts. Never a secret. A versioned JSON file,
 * checked when read, changed stepwise from older versions, written whole or not at all.
 */
import { z } from 'zod';
import type { SettingsView } from '#contract/contract.ts';
import { FailedCallCost } from '#contract/shapes.ts';
import type { Result } from '#contract/errors.ts';
import { AccountId } from '#contract/ids.ts';
import { Budget, Currency, PriceTable } from '#contract/cost.ts';
import { ProxyKind, ProxyMode } from '#contract/network.ts';
import { openJsonFile } from './json-file.ts';
import type { Log } from './log.ts';
import { PageKeyId } from './sealed-bytes.ts';

/** A RAM role that the account's key takes on before anything else. */
const AccountRole = z.object({
  arn: z.string(),
  sessionName: z.string(),
  durationSeconds: z.number().int(),
  /** Host, or scheme and host, of STS; empty: the public one, or the account's own service. */
  stsEndpoint: z.string(),
});

/** A bucket of an account that is not where the account's own way leads. */
const BucketPlace = z.object({ bucket: z.string(), region: z.string(), host: z.string().nullable() });

/** The label of one AccessKey account. The secret is in the keychain under `id`, or nowhere (`keep: 'session'`). */
const AccountLabel = z.object({
  id: AccountId,
  name: z.string(),
  colour: z.enum(['blue', 'teal', 'green', 'amber', 'red', 'violet', 'grey']),
  accessKeyId: z.string(),
  region: z.string(),
  endpoint: z.string(),
  scope: z.string(),
  isTemporary: z.boolean(),
  /** ISO 8601 UTC. */
  tokenExpiresAt: z.string().nullable(),
  role: AccountRole.nullable().default(null),
  /** Domains that are bound to single buckets, as typed. */
  domains: z.array(z.object({ bucket: z.string(), domain: z.string() })).default([]),
  /** Where buckets proved to be, newest last. */
  moved: z.array(BucketPlace).default([]),
  keep: z.enum(['keychain', 'session']),
});
export type AccountLabel = z.infer<typeof AccountLabel>;

const WindowPlace = z.object({
  widthPx: z.number().int(),
  heightPx: z.number().int(),
  isMaximized: z.boolean(),
});

/** What a manual proxy is passed by for, until the person says otherwise: this computer itself. */
const LOOPBACK = 'localhost, *.localhost, 127.0.0.0/8, [::1]';

/** How the service is reached (services/network.ts). The proxy's password is in the keychain, or nowhere. */
const NetworkSettings = z.object({
  mode: ProxyMode.default('system'),
  manual: z
    .object({ kind: ProxyKind, host: z.string(), port: z.number().int().nullable(), bypass: z.string() })
    .default({ kind: 'http', host: '', port: null, bypass: LOOPBACK }),
  pac: z
    .object({ source: z.enum(['url', 'file']), url: z.string(), fileName: z.string() })
    .default({ source: 'url', url: '', fileName: '' }),
  signIn: z
    .object({
      user: z.string(),
      /** `host:port` of the one proxy that gets it. */
      proxy: z.string(),
      keep: z.enum(['keychain', 'session']),
    })
    .nullable()
    .default(null),
  /** Authorities that the person trusts beside the system's, PEM. Certificates are public. */
  certificates: z.array(z.string()).default([]),
});

/**
 * Prices and budgets (services/cost.ts). Prices known to us are those of mainland China's regions, from the product's
 * documentation; page pictures have none, because the documentation names none.
 */
const CostSettings = z.object({
  currency: Currency.default('CNY'),
  prices: PriceTable.default({ get: 10_000, getIa: 100_000, getArchive: 100_000, traffic: 500_000 }),
  /** Documents disagree whether a page that could not be made is charged: "at most" counts it. */
  failuresMayCost: z.boolean().default(true),
  budgets: z.record(AccountId, Budget).default({}),
});

/** Shape of the newest version. Every field has a default, so an empty object is a valid file. */
const SettingsFile = z.object({
  version: z.literal(1),
  language: z.enum(['system', 'en', 'zh-CN']).default('system'),
  theme: z.enum(['system', 'light', 'dark']).default('system'),
  readsFiles: z.boolean().default(true),
  failedCallCost: FailedCallCost.default(0.2),
  tint: z.enum(['none', 'sepia', 'dark']).default('none'),
  lookAhead: z.enum(['normal', 'none']).default('normal'),
  letterKeys: z.boolean().default(true),
  window: WindowPlace.nullable().default(null),
  accounts: z.array(AccountLabel).default([]),
  /** Regions that the service named and our own table lacks. */
  regions: z.array(z.string()).default([]),
  /** The account that opens by itself at the next start. */
  lastAccountId: AccountId.nullable().default(null),
  network: NetworkSettings.prefault({}),
  cost: CostSettings.prefault({}),
  /** Pages kept across runs: how much room they may take (services/kept-pages.ts). */
  pages: z
    .object({
      limitBytes: z
        .number()
        .int()
        .min(0)
        .default(2 * 1024 ** 3),
      /** Whether they are sealed, and with which key; off with a key: not all of them are plain again yet. */
      encryption: z.object({ isOn: z.boolean(), keyId: PageKeyId.nullable() }).default({ isOn: false, keyId: null }),
    })
    .prefault({}),
});
export type SettingsFile = z.infer<typeof SettingsFile>;

const NEWEST = 1;

export interface Settings {
  readonly current: SettingsFile;
  /** What the page may see of them. */
  view(): SettingsView;
  /** Applies a change at once and writes it; changes are written in order. Errors: `file.noSpace`, `file.noAccess`. */
  update(change: Partial<Omit<SettingsFile, 'version'>>): Promise<Result<null>>;
  /** Calls `listener` now and after every change of what the page may see. */
  watch(listener: (view: SettingsView) => void): void;
  /** Ends when everything asked for so far is on the disk. */
  flush(): Promise<void>;
}

/**
 * Opens the settings in `file`. No file gives the defaults. One that cannot be understood, or is of a newer Pagelens,
 * is set aside beside it (`settings.broken-<time>.json`), not overwritten. Never throws.
 */
export async function openSettings(file: string, log: Log, now: () => number): Promise<Settings> {
  const kept = await openJsonFile({ file, schema: SettingsFile, newest: NEWEST, log, now });
  let current = kept.found ?? SettingsFile.parse({ version: NEWEST });
  const listeners: ((view: SettingsView) => void)[] = [];
  const view = (): SettingsView => {
    const { language, theme, tint, readsFiles, failedCallCost, lookAhead, letterKeys } = current;
    return { language, theme, tint, readsFiles, failedCallCost, lookAhead, letterKeys };
  };

  return {
    get current() {
      return current;
    },
    view,
    watch(listener) {
      listeners.push(listener);
      listener(view());
    },
    update(change) {
      const before = view();
      current = { ...current, ...change };
      const after = view();
      const isOther = Object.entries(before).some(([name, value]) => after[name as keyof SettingsView] !== value);
      if (isOther) for (const listener of listeners) listener(after);
      return kept.write(current);
    },
    flush: () => kept.flush(),
  };
}
