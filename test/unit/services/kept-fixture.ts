/** Kept pages on a real folder: documents to keep and pictures that say what they are of. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createHash } from 'node:crypto';
import { onTestFinished } from 'vitest';
import { AccountId } from '#contract/ids.ts';
import { makeKeptPages, type KeptDocument, type KeptPages, type KeptPagesOptions } from '#services/kept-pages.ts';

export const ACCOUNT = AccountId.parse('a1b2c3d4e5f60718');

export function documentOf(key: string, more: Partial<KeptDocument> = {}): KeptDocument {
  return {
    ...{ accountId: ACCOUNT, bucket: 'reports', key, versionId: null, source: 'pdf', etag: 'A' },
    ...{ sizeBytes: 1000, modifiedAt: '2026-01-15T08:30:00.000Z' },
    ...more,
  };
}

/** Any id that no other document has. */
export const idOf = (document: KeptDocument): string =>
  createHash('sha256').update(JSON.stringify(document)).digest('hex');

/** A folder of the test's own, away when it ends. */
export async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'kept-pages-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Starts as the app does: anew over what is on the disk. */
export function startKept(rootFolder: string, more: Partial<KeptPagesOptions> = {}): KeptPages {
  let time = 1_000_000;
  const kept = makeKeptPages({
    rootFolder,
    limitBytes: () => Infinity,
    now: () => (time += 1000),
    onChange: () => undefined,
    ...more,
  });
  onTestFinished(() => kept.dispose());
  return kept;
}
