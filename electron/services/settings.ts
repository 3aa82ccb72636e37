/**
 * The settings file: language, theme, window size and the labels of accounts. Never a secret. A versioned JSON file,
 * checked when read, changed stepwise from older versions, written whole or not at all.
 */
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { SettingsView } from '#contract/contract.ts';
import { fail, ok, type Result } from '#contract/errors.ts';
import { AccountId } from '#contract/ids.ts';
import type { Log } from './log.ts';
import { systemCode } from './system-error.ts';

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
  keep: z.enum(['keychain', 'session']),
});
export type AccountLabel = z.infer<typeof AccountLabel>;

const WindowPlace = z.object({
  widthPx: z.number().int(),
  heightPx: z.number().int(),
  isMaximized: z.boolean(),
});

/** Shape of the newest version. Every field has a default, so an empty object is a valid file. */
const SettingsFile = z.object({
  version: z.literal(1),
  language: z.enum(['system', 'en', 'zh-CN']).default('system'),
  theme: z.enum(['system', 'light', 'dark']).default('system'),
  window: WindowPlace.nullable().default(null),
  accounts: z.array(AccountLabel).default([]),
  /** The account that opens by itself at the next start. */
  lastAccountId: AccountId.nullable().default(null),
});
export type SettingsFile = z.infer<typeof SettingsFile>;

const NEWEST = 1;
/** `MIGRATIONS[n]` turns version n into n + 1. There is one version so far. */
const MIGRATIONS: Readonly<Record<number, (old: Record<string, unknown>) => Record<string, unknown>>> = {};

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
  let current = await read(file, log, now);
  let lastWrite: Promise<unknown> = Promise.resolve();
  const listeners: ((view: SettingsView) => void)[] = [];
  const view = (): SettingsView => ({ language: current.language, theme: current.theme });

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
      const { language, theme } = current;
      if (language !== before.language || theme !== before.theme) for (const listener of listeners) listener(view());
      const text = `${JSON.stringify(current, null, 2)}\n`;
      const written = lastWrite.then(() => writeWhole(file, text));
      lastWrite = written;
      return written;
    },
    flush: async () => void (await lastWrite),
  };
}

async function read(file: string, log: Log, now: () => number): Promise<SettingsFile> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (reason) {
    // Not there: a first start. Not readable: start with defaults too, but say so; the first change will fail openly.
    if (systemCode(reason) !== 'ENOENT') log.warn('The settings file cannot be read.', { reason });
    return SettingsFile.parse({ version: NEWEST });
  }
  const settings = toNewest(text);
  if (settings) return settings;
  const aside = path.join(path.dirname(file), `settings.broken-${now()}.json`);
  log.warn('The settings file is not understood and was set aside.', { aside: path.basename(aside) });
  await rename(file, aside).catch((reason: unknown) => log.warn('Setting it aside failed.', { reason }));
  return SettingsFile.parse({ version: NEWEST });
}

function toNewest(text: string): SettingsFile | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  const versioned = z.looseObject({ version: z.number().int().min(1) }).safeParse(value);
  if (!versioned.success) return null;
  let settings: Record<string, unknown> & { version: number } = versioned.data;
  while (settings.version < NEWEST) {
    const migrate = MIGRATIONS[settings.version];
    if (!migrate) return null;
    settings = { ...migrate(settings), version: settings.version + 1 };
  }
  const parsed = SettingsFile.safeParse(settings);
  return parsed.success ? parsed.data : null;
}

/** Temp file, fsync, rename: a crash leaves the old file or the new one. */
async function writeWhole(file: string, text: string): Promise<Result<null>> {
  const temporary = `${file}.new`;
  try {
    await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
    const handle = await open(temporary, 'w', 0o600);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
    return ok(null);
  } catch (reason) {
    await rm(temporary, { force: true }).catch(() => undefined);
    const message = reason instanceof Error ? reason.message : String(reason);
    return fail(systemCode(reason) === 'ENOSPC' ? 'file.noSpace' : 'file.noAccess', message);
  }
}
