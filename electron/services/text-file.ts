/** Writes a text file where the person said; whole or not at all. */
import { rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fail, ok, type Result } from '#contract/errors.ts';
import { systemCode } from './system-error.ts';

/** Answers the file's name. Errors: `file.noSpace`, `file.noAccess`. */
export async function writeTextFile(file: string, text: string): Promise<Result<{ fileName: string }>> {
  const aside = `${file}.part`;
  try {
    await writeFile(aside, text);
    await rename(aside, file);
    return ok({ fileName: path.basename(file) });
  } catch (reason) {
    await rm(aside, { force: true }).catch(() => undefined);
    const code = systemCode(reason) === 'ENOSPC' ? 'file.noSpace' : 'file.noAccess';
    return fail(code, reason instanceof Error ? reason.message : String(reason));
  }
}
