/**
 * One versioned JSON file of the app's own: checked when read, changed stepwise from older versions, written whole or
 * not at all. What it holds and what its fields mean is its owner's business.
 */
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { fail, ok, type Result } from '#contract/errors.ts';
import type { Log } from './log.ts';
import { systemCode } from './system-error.ts';

/** Beyond this a file is none of ours: nothing the app keeps comes near it, and reading it would only take memory. */
const MAX_FILE_BYTES = 16 * 1024 * 1024;

export interface JsonFileOptions<T> {
  /** Absolute path. Its folder is made with the first write. */
  file: string;
  /** The shape of the newest version, `version` among its fields. */
  schema: z.ZodType<T>;
  newest: number;
  /** `migrations[n]` turns version n into n + 1. */
  migrations?: Readonly<Record<number, (old: Record<string, unknown>) => Record<string, unknown>>>;
  log: Log;
  now: () => number;
}

export interface JsonFile<T> {
  /** What was in the file; null where there was none or it had to be set aside. */
  readonly found: T | null;
  /** Writes the whole value, readable by its owner only; in the order of the calls. Errors: `file.noSpace`, `file.noAccess`. */
  write(value: T): Promise<Result<null>>;
  /** Ends when everything asked for so far is on the disk. */
  flush(): Promise<void>;
}

/**
 * Reads the file. One that cannot be understood, or is of a newer Pagelens, is set aside beside it
 * (`<name>.broken-<time>.json`), not overwritten. Never throws.
 */
export async function openJsonFile<T>(options: JsonFileOptions<T>): Promise<JsonFile<T>> {
  const { file } = options;
  const found = await read(options);
  let lastWrite: Promise<unknown> = Promise.resolve();
  return {
    found,
    write(value) {
      // Now, not when its turn comes: the value may be changed meanwhile.
      const text = `${JSON.stringify(value, null, 2)}\n`;
      const written = lastWrite.then(() => writeWhole(file, text));
      lastWrite = written;
      return written;
    },
    flush: async () => void (await lastWrite),
  };
}

async function read<T>(options: JsonFileOptions<T>): Promise<T | null> {
  const { file, log, now } = options;
  const name = path.basename(file);
  let text = '';
  try {
    if ((await stat(file)).size <= MAX_FILE_BYTES) text = await readFile(file, 'utf8');
  } catch (reason) {
    // Not there: a first start. Not readable: start anew too, but say so; the first write will fail openly.
    if (systemCode(reason) !== 'ENOENT') log.warn(`${name} cannot be read.`, { reason });
    return null;
  }
  const value = toNewest(text, options);
  if (value !== null) return value;
  const aside = path.join(path.dirname(file), `${path.basename(file, '.json')}.broken-${now()}.json`);
  log.warn(`${name} is not understood and was set aside.`, { aside: path.basename(aside) });
  await rename(file, aside).catch((reason: unknown) => log.warn('Setting it aside failed.', { reason }));
  return null;
}

function toNewest<T>(text: string, { schema, newest, migrations = {} }: JsonFileOptions<T>): T | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  const versioned = z.looseObject({ version: z.number().int().min(1) }).safeParse(value);
  if (!versioned.success) return null;
  let held: Record<string, unknown> & { version: number } = versioned.data;
  while (held.version < newest) {
    const migrate = migrations[held.version];
    if (!migrate) return null;
    held = { ...migrate(held), version: held.version + 1 };
  }
  const parsed = schema.safeParse(held);
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
