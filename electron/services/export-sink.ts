/** Where exported pages go. A folder today; an archive or a PDF are other sinks of the same shape. */
import { constants } from 'node:fs';
import { access, link, lstat, open, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import type { IfExists } from '#contract/contract.ts';
import { fail, ok, type AppError, type Result } from '#contract/errors.ts';
import { foldName, toNumberedName } from './file-names.ts';
import { systemCode } from './system-error.ts';

/** What to do where a file of the name is there. */
export type IfTaken = Exclude<IfExists, 'ask'>;

export interface ExportSink {
  /** Which of these names are taken, case not counting. Fails where nothing can be written. Errors: file.*. */
  findTaken(names: readonly string[]): Promise<Result<ReadonlySet<string>>>;
  /**
   * Writes one picture, whole or not at all. Answers the name it got, or null when it was left alone because the name
   * is taken. `replace` is the only way to lose an existing file. Errors: file.*.
   */
  put(name: string, bytes: Uint8Array, ifTaken: IfTaken): Promise<Result<string | null>>;
}

/** Writes nothing: the pages were wanted here, and are kept. */
export const NO_FILES: ExportSink = {
  findTaken: async () => ok(new Set<string>()),
  put: async (name) => ok(name),
};

/** A partial file lies beside its later place, so that giving it its name is one step of the file system. */
const PART = '.part';

/** Writes into one folder and nowhere else. Names are plain file names; the folder must exist and is never made again. */
export function makeFolderSink(options: { folder: string; randomBytes: (length: number) => Uint8Array }): ExportSink {
  const { folder, randomBytes } = options;
  const at = (name: string): string => {
    if (path.basename(name) !== name || name === '' || name === '.' || name === '..')
      throw new Error('Not a plain file name.');
    return path.join(folder, name);
  };

  /** Writes and syncs a partial file; answers its path. Somebody else's file of that name is left alone. */
  const writePart = async (name: string, bytes: Uint8Array): Promise<string> => {
    const first = at(`${name}${PART}`);
    const second = at(`${name}.${Buffer.from(randomBytes(4)).toString('hex')}${PART}`);
    const [part, file] = await open(first, 'wx').then(
      (opened) => [first, opened] as const,
      async (error: unknown) => {
        if (systemCode(error) !== 'EEXIST') throw error;
        return [second, await open(second, 'wx')] as const;
      },
    );
    try {
      await file.writeFile(bytes);
      await file.sync();
    } catch (error) {
      await file.close().catch(() => undefined);
      await discard(part);
      throw error;
    }
    await file.close();
    return part;
  };

  /** Gives the part its name if that is free. A hard link is the one step that never overwrites; FAT has none. */
  const placeIfFree = async (part: string, file: string): Promise<boolean> => {
    try {
      await link(part, file);
    } catch (error) {
      if (systemCode(error) === 'EEXIST' || (await isThere(file))) return false;
      await rename(part, file);
      return true;
    }
    await discard(part);
    return true;
  };

  const place = async (part: string, name: string, ifTaken: IfTaken): Promise<string | null> => {
    if (ifTaken === 'replace') {
      await rename(part, at(name));
      return name;
    }
    for (let number = 1; ; number += 1) {
      const candidate = number === 1 ? name : toNumberedName(name, number);
      if (await placeIfFree(part, at(candidate))) return candidate;
      if (ifTaken === 'skip') return null;
    }
  };

  return {
    async findTaken(names) {
      try {
        await access(folder, constants.W_OK);
        const present = new Set((await readdir(folder)).map(foldName));
        return ok(new Set(names.filter((name) => present.has(foldName(name)))));
      } catch (error) {
        return toFailure(error, folder);
      }
    },
    async put(name, bytes, ifTaken) {
      try {
        const part = await writePart(name, bytes);
        const placed = await place(part, name, ifTaken).catch(async (error: unknown) => {
          await discard(part);
          throw error;
        });
        if (placed === null) await discard(part);
        return ok(placed);
      } catch (error) {
        return toFailure(error, folder);
      }
    },
  };
}

/** Nothing more can be done about a partial file that cannot be removed. */
async function discard(part: string): Promise<void> {
  await rm(part, { force: true }).catch(() => undefined);
}

async function isThere(file: string): Promise<boolean> {
  return lstat(file).then(
    () => true,
    () => false,
  );
}

/** What the system said, as one of three things a person can do something about. Anything but a system error is a bug. */
function toFailure(error: unknown, folder: string): { ok: false; error: AppError } {
  const code = systemCode(error);
  if (!/^E[A-Z0-9]+$/.test(code)) throw error;
  const more = { retryable: true, detail: { folder, system: code } };
  if (code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG')
    return fail('file.noSpace', `No space left (${code}).`, more);
  if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ENODEV' || code === 'EIO') {
    return fail('file.gone', `The folder is not there (${code}).`, more);
  }
  return fail('file.noAccess', `The folder cannot be written to (${code}).`, more);
}
