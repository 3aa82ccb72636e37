/** Documents over pages that are kept across runs: each run is a new set of services on the same folder. */
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { DocumentView, Parsed } from '#contract/contract.ts';
import { ok, type AppError } from '#contract/errors.ts';
import { AccountId } from '#contract/ids.ts';
import { makeDocuments, type Documents } from '#services/documents.ts';
import type { KeptPages } from '#services/kept-pages.ts';
import { ACCOUNT, makeFolder, startKept } from './kept-fixture.ts';
import { makeOssTwin, pictureOf, settle, type OssTwin } from './oss-twin.ts';
import { until } from './manual-time.ts';

const never = new AbortController().signal;
const KEY = 'q3/board.pptx';

interface Run {
  oss: OssTwin;
  documents: Documents;
  kept: KeptPages;
  /** Why the account has no client; null: it has one. */
  locked: AppError | null;
  opened(more?: Partial<Parsed<'documents.open'>>): Promise<DocumentView>;
  /** Wants pages and answers their states when none of them is on its way. */
  show(document: DocumentView, ...pages: number[]): Promise<string[]>;
  quit(): Promise<void>;
}

function startRun(folder: string, oss: OssTwin = makeOssTwin({ [KEY]: { pageCount: 5 } })): Run {
  const kept = startKept(path.join(folder, 'pages'));
  let seed = 0;
  const documents = makeDocuments({
    clientOf: () => (run.locked ? { ok: false, error: run.locked } : ok(oss)),
    ledger: { reused: () => undefined },
    cacheFolder: path.join(folder, 'run'),
    kept,
    onPages: () => undefined,
    now: Date.now,
    randomBytes: (length) => Buffer.alloc(length, (seed += 1)),
  });
  onTestFinished(() => documents.dispose());
  const run: Run = {
    oss,
    documents,
    kept,
    locked: null,
    async opened(more = {}) {
      const input = { accountId: ACCOUNT, bucket: 'reports', key: KEY, versionId: null, source: null, ...more };
      const opened = await documents.open('window', input, never);
      if (!opened.ok) throw new Error(opened.error.code);
      return opened.value;
    },
    async show({ handle }, ...pages) {
      for (;;) {
        const wanted = documents.want(handle, 'png', pages);
        if (!wanted.ok) throw new Error(wanted.error.code);
        const states = wanted.value.pages.map(({ status }) => status);
        if (!states.some((status) => status === 'queued' || status === 'converting')) return states;
        await settle();
      }
    },
    async quit() {
      await documents.dispose();
      await kept.dispose();
    },
  };
  return run;
}

describe('a document that was read in an earlier run', () => {
  it('shows its pages and its end again without asking for any', async () => {
    const folder = await makeFolder();
    const first = startRun(folder);
    expect(await first.show(await first.opened(), 4, 5, 6)).toEqual(['ready', 'ready', 'failed']);
    await first.quit();

    const second = startRun(folder);
    const document = await second.opened();
    expect(document.pages).toEqual({ atLeast: 5, total: 5, repeatsFrom: null });
    expect(await second.show(document, 4, 5, 6)).toEqual(['ready', 'ready', 'failed']);
    const { handle, version } = document;
    expect(await second.documents.picture(handle, version, 4, 'png')).toMatchObject({
      bytes: new Uint8Array(pictureOf(`${KEY} A 4.png`).bytes),
      widthPx: 1240,
    });
    expect(second.oss.asked).toEqual([]);
    expect(await second.show(document, 3)).toEqual(['ready']);
    expect(second.oss.asked).toEqual([`${KEY} 3.png`]);
  });
  it('is told to the window with the pages that are here', async () => {
    const folder = await makeFolder();
    const first = startRun(folder);
    await first.show(await first.opened(), 1, 2);
    await first.quit();
    const second = startRun(folder);
    const held = second.documents.hold((await second.opened()).handle);
    expect(held.ok && held.value.pages.touched()).toHaveLength(2);
  });
  it('never shows a page of another content of the object', async () => {
    const folder = await makeFolder();
    const first = startRun(folder);
    await first.show(await first.opened(), 1);
    await first.quit();

    const second = startRun(folder, makeOssTwin({ [KEY]: { pageCount: 5, etag: 'B' } }));
    const changed = await second.opened();
    expect(changed.pages.atLeast).toBe(0);
    expect(await second.documents.picture(changed.handle, changed.version, 1, 'png')).toBeNull();
    expect(await second.show(changed, 1)).toEqual(['ready']);
    expect(second.oss.asked).toEqual([`${KEY} 1.png`]);
    // Changed back: the pages of that content are still its own.
    second.oss.documents.get(KEY)!.etag = 'A';
    const back = await second.opened();
    expect(await second.show(back, 1)).toEqual(['ready']);
    expect(second.oss.asked).toHaveLength(1);
  });
  it('keeps a page that comes after the window was closed', async () => {
    const folder = await makeFolder();
    const first = startRun(folder);
    first.oss.hold();
    const document = await first.opened();
    first.documents.want(document.handle, 'png', [2]);
    first.documents.close(document.handle);
    await first.oss.release();
    await until(() => first.kept.room().bytes > 0);
    await first.quit();
    const second = startRun(folder);
    expect(await second.show(await second.opened(), 2)).toEqual(['ready']);
    expect(second.oss.asked).toEqual([]);
  });
  it('keeps nothing of the samples: they cost nothing', async () => {
    const folder = await makeFolder();
    const first = startRun(folder);
    await first.show(await first.opened({ accountId: AccountId.parse('samples') }), 1);
    await first.quit();
    expect(await startKept(path.join(folder, 'pages')).list()).toEqual([]);
  });
});
