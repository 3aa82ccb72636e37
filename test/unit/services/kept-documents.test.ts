/** Documents over pages that are kept across runs: each run is a new set of services on the same folder. */
import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { DocumentView, EventOf, JobView, Parsed } from '#contract/contract.ts';
import { fail, ok, type AppError, type Result } from '#contract/errors.ts';
import { AccountId } from '#contract/ids.ts';
import { makeDocuments, type Documents } from '#services/documents.ts';
import { makeExports, type Exports } from '#services/exports.ts';
import { makeFolderGrants } from '#services/folder-grants.ts';
import type { KeptPages } from '#services/kept-pages.ts';
import { toPageKey, type PageKey } from '#services/sealed-bytes.ts';
import { makeTreePdf } from '../structure/pdf-trees.ts';
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
  /** What the window was told of pages. */
  told: EventOf<'pages.changed'>[];
  open(more?: Partial<Parsed<'documents.open'>>): Promise<Result<DocumentView>>;
  opened(more?: Partial<Parsed<'documents.open'>>): Promise<DocumentView>;
  /** Wants pages and answers their states when none of them is on its way. */
  show(document: DocumentView, ...pages: number[]): Promise<string[]>;
  exports: Exports;
  /** Waits until a job goes no further by itself. */
  rest(id: string): Promise<JobView>;
  quit(): Promise<void>;
}

/** A key for pages, and whether the keychain gives it. */
interface PageLock {
  key: PageKey;
  isOpen: boolean;
}

function startRun(
  folder: string,
  oss: OssTwin = makeOssTwin({ [KEY]: { pageCount: 5 } }),
  lock: PageLock | null = null,
): Run {
  let atHand: PageKey | null = null;
  const sealing = { writeAs: () => atHand ?? ('nothing' as const), findKey: () => atHand };
  const kept = startKept(path.join(folder, 'pages'), { now: Date.now, ...(lock && { sealing }) });
  const unlockKept = async (): Promise<Result<unknown>> => {
    if (!lock?.isOpen) return fail('keychain.locked', 'It is locked.');
    atHand = lock.key;
    kept.keysChanged();
    return ok(null);
  };
  let seed = 0;
  const documents = makeDocuments({
    clientOf: () => (run.locked ? { ok: false, error: run.locked } : ok(oss)),
    ledger: { reused: () => undefined },
    cacheFolder: path.join(folder, 'run'),
    kept,
    ...(lock && { unlockKept }),
    counting: () => ({ readsFiles: true, failedCallCost: 0.2 }),
    onPages: (_owner, event) => run.told.push(event),
    now: Date.now,
    randomBytes: (length) => Buffer.alloc(length, (seed += 1)),
  });
  const exports = makeExports({
    documents,
    grants: makeFolderGrants({ randomBytes: (length) => Buffer.alloc(length, (seed += 1)) }),
    onChange: () => undefined,
    now: Date.now,
    randomBytes: (length) => Buffer.alloc(length, (seed += 1)),
  });
  onTestFinished(async () => {
    await exports.dispose();
    await documents.dispose();
  });
  const run: Run = {
    oss,
    documents,
    kept,
    locked: null,
    told: [],
    open(more = {}) {
      const input = { accountId: ACCOUNT, bucket: 'reports', key: KEY, versionId: null, source: null, ...more };
      return documents.open('window', input, never);
    },
    async opened(more = {}) {
      const opened = await run.open(more);
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
    exports,
    async rest(id) {
      for (;;) {
        const job = exports.get().find((one) => one.id === id);
        if (job && job.state !== 'running') return job;
        await settle();
      }
    },
    async quit() {
      await exports.dispose();
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
    expect(await second.documents.picture(handle, version, { pageNumber: 4, target: 'png' }, true)).toMatchObject({
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
  /** Where the only document of a folder has its files. */
  async function onlyFolder(folder: string, kept: KeptPages): Promise<string> {
    const [version] = await kept.list();
    return path.join(folder, 'pages', ACCOUNT, version!.id);
  }
  it('has its end although the last page itself is here no more, and keeps it whatever is bought', async () => {
    const folder = await makeFolder();
    const first = startRun(folder);
    await first.show(await first.opened(), 1, 5, 6);
    await first.quit();
    const files = await onlyFolder(folder, first.kept);
    await rm(path.join(files, '5.png'));

    const end = { atLeast: 1, total: 5, repeatsFrom: null };
    const second = startRun(folder);
    const document = await second.opened();
    expect(document.pages).toEqual(end);
    expect(await second.documents.findEnd(document.handle, 'png', never)).toEqual(
      ok({ kind: 'found', total: 5, bought: 0 }),
    );
    expect(second.oss.asked).toEqual([]);
    await second.show(document, 2);
    expect(second.documents.view(document.handle)).toMatchObject({ value: { pages: { ...end, atLeast: 2 } } });
    await second.quit();
    expect((await startRun(folder).opened()).pages).toEqual({ ...end, atLeast: 2 });
  });
  it('says how its end was proven, and of one from an app that kept no such word only that it was', async () => {
    const folder = await makeFolder();
    const oss = (): OssTwin => makeOssTwin({ 'exact.pdf': { pageCount: 9, file: makeTreePdf({ pages: 9 }) } });
    const key = 'exact.pdf';
    const counted = { atLeast: 1, total: 9, repeatsFrom: null, proof: 'structure' };
    const first = startRun(folder, oss());
    const document = await first.opened({ key });
    await first.show(document, 1);
    // It is kept when it is known, whether or not a page comes after it.
    await until(() => first.told.at(-1)?.count.total === 9);
    await first.quit();
    const files = await onlyFolder(folder, first.kept);

    const second = startRun(folder, oss());
    const again = await second.opened({ key });
    expect(again.pages).toEqual(counted);
    await second.show(again, 2);
    await second.quit();
    expect(second.oss.read).toEqual([]);
    const about = path.join(files, 'about.json');
    const kept = JSON.parse(await readFile(about, 'utf8')) as { standing: { lastPage: number; proof?: string } };
    expect(kept.standing).toMatchObject({ lastPage: 9, proof: 'structure' });
    delete kept.standing.proof;
    await writeFile(about, JSON.stringify(kept));

    const third = startRun(folder, oss());
    expect((await third.opened({ key })).pages).toEqual({ ...counted, atLeast: 2, proof: 'earlier' });
    expect(third.oss.read).toEqual([]);
  });
  it('is in doubt again at a blank page behind the number that its file says', async () => {
    const folder = await makeFolder();
    const key = 'filled.pdf';
    // The tree has so many pages, its head says another number.
    const file = makeTreePdf({ pages: 9, linearized: { claims: 8 } });
    const oss = (): OssTwin => makeOssTwin({ [key]: { pageCount: 9, file, pastTheEnd: 'blank' } });
    const doubt = { atLeast: 10, total: null, blankFrom: 10, hint: { kind: 'likely', pages: 9 } };
    const first = startRun(folder, oss());
    const document = await first.opened({ key });
    await first.show(document, 1);
    await until(() => first.told.at(-1)?.count.hint?.pages === 9);
    await first.show(document, 9, 10);
    expect(first.documents.view(document.handle)).toMatchObject({ value: { pages: doubt } });
    await first.quit();

    const second = startRun(folder, oss());
    const again = await second.opened({ key });
    await second.show(again, 9, 10);
    await until(() => second.told.at(-1)?.count.hint !== undefined);
    expect(second.documents.view(again.handle)).toMatchObject({ value: { pages: doubt } });
    expect(second.oss.asked).toEqual([]);
  });
  it('never shows a page of another content of the object', async () => {
    const folder = await makeFolder();
    const first = startRun(folder);
    await first.show(await first.opened(), 1);
    await first.quit();

    const second = startRun(folder, makeOssTwin({ [KEY]: { pageCount: 5, etag: 'B' } }));
    const changed = await second.opened();
    expect(changed.pages.atLeast).toBe(0);
    expect(
      await second.documents.picture(changed.handle, changed.version, { pageNumber: 1, target: 'png' }, true),
    ).toBeNull();
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

const OFFLINE = fail('net.offline', 'No route.', { retryable: true }).error;

/** A folder with pages 1 and 3 of the document, read in a run that is over. */
async function readBefore(): Promise<string> {
  const folder = await makeFolder();
  const run = startRun(folder);
  await run.show(await run.opened(), 1, 3);
  await run.quit();
  return folder;
}

describe('a document that cannot be asked for', () => {
  it.each([
    ['there is no network', OFFLINE],
    ['nobody listens', fail('net.refused', '').error],
    ['the account is signed out', fail('account.unknown', '').error],
    ['the keychain is locked', fail('keychain.locked', '').error],
    ['the secret is gone', fail('keychain.missing', '').error],
  ])('opens with what is kept when %s, and buys nothing', async (_when, error) => {
    const run = startRun(await readBefore());
    run.locked = error;
    const document = await run.opened();
    expect(document.offline).toEqual({ verifiedAt: expect.stringMatching(/^20\d\d-.*Z$/) });
    expect(document.here?.map(({ pageNumber }) => pageNumber).sort()).toEqual([1, 3]);
    expect(await run.show(document, 1, 2, 3)).toEqual(['ready', 'failed', 'ready']);
    const wanted = run.documents.want(document.handle, 'png', [2]);
    expect(wanted).toMatchObject({ value: { pages: [{ status: 'failed', error: { code: 'kept.notHere' } }] } });
    expect(
      await run.documents.picture(document.handle, document.version, { pageNumber: 3, target: 'png' }, true),
    ).toMatchObject({ widthPx: 1240 });
    // The way is there again, and still nothing is bought for a document whose content nobody has confirmed.
    run.locked = null;
    run.documents.retry(document.handle, 'png', 2);
    expect(await run.show(document, 2, 4)).toEqual(['failed', 'failed']);
    const held = run.documents.hold(document.handle);
    expect(held.ok && (await held.value.pages.fetch({ pageNumber: 2, target: 'png' }, never))).toMatchObject({
      error: { code: 'kept.notHere' },
    });
    expect(held.ok && (await held.value.pages.fetch({ pageNumber: 3, target: 'png' }, never))).toMatchObject({
      value: { isBought: false },
    });
    expect(run.oss.asked).toEqual([]);
  });
  it('goes on as an ordinary one when it is checked again and has not changed', async () => {
    const run = startRun(await readBefore());
    run.locked = OFFLINE;
    const offline = await run.opened();
    run.locked = null;
    const online = await run.opened();
    expect(online).toMatchObject({ handle: offline.handle, version: offline.version });
    expect(online.offline).toBeUndefined();
    expect(await run.show(online, 1, 2)).toEqual(['ready', 'ready']);
    expect(run.oss.asked).toEqual([`${KEY} 2.png`]);
  });
  it('shows its new content when it is checked again and has changed', async () => {
    const run = startRun(await readBefore());
    run.locked = OFFLINE;
    const offline = await run.opened();
    run.locked = null;
    run.oss.documents.get(KEY)!.etag = 'B';
    const online = await run.opened();
    expect(online.handle).toBe(offline.handle);
    expect(online.version).not.toBe(offline.version);
    expect(online.here).toEqual([]);
    expect(
      await run.documents.picture(online.handle, offline.version, { pageNumber: 1, target: 'png' }, true),
    ).toBeNull();
  });
  it('opens the content that was confirmed last', async () => {
    const folder = await readBefore();
    const second = startRun(folder, makeOssTwin({ [KEY]: { pageCount: 5, etag: 'B' } }));
    await second.show(await second.opened(), 2);
    await second.quit();
    const third = startRun(folder);
    third.locked = OFFLINE;
    expect(await third.opened()).toMatchObject({ etag: 'B', here: [{ pageNumber: 2 }] });
  });
  it('fails as it is where nothing of it is kept', async () => {
    const run = startRun(await makeFolder());
    run.locked = OFFLINE;
    expect(await run.open()).toEqual({ ok: false, error: OFFLINE });
  });
});

describe('a document of which pages are kept and locked', () => {
  const twin = () => makeOssTwin({ [KEY]: { pageCount: 5 } });
  async function sealedBefore(lock: PageLock): Promise<string> {
    const folder = await makeFolder();
    const run = startRun(folder, twin(), lock);
    // The key comes to hand with the first that needs it, as at a start.
    await run.open({ keptOnly: true });
    await run.show(await run.opened(), 1, 3);
    await run.quit();
    return folder;
  }
  const makeLock = (): PageLock => ({ key: toPageKey(Buffer.alloc(32, 3)), isOpen: true });

  it('shows them without buying, the keychain asked when it is opened', async () => {
    const lock = makeLock();
    const run = startRun(await sealedBefore(lock), twin(), lock);
    const document = await run.opened();
    expect(document.here?.map(({ pageNumber }) => pageNumber).sort()).toEqual([1, 3]);
    expect(await run.show(document, 1, 3)).toEqual(['ready', 'ready']);
    expect(run.oss.asked).toEqual([]);
  });
  it('does not open while the keychain is locked unless the person says so, and then buys no page twice', async () => {
    const lock = makeLock();
    const folder = await sealedBefore(lock);
    lock.isOpen = false;
    const run = startRun(folder, twin(), lock);
    expect(await run.open()).toMatchObject({
      error: { code: 'kept.locked', retryable: true, detail: { lockedPages: 2, reason: 'keychain.locked' } },
    });
    expect(run.oss.asked).toEqual([]);

    const document = await run.opened({ buysLocked: true });
    expect(await run.show(document, 1, 2)).toEqual(['ready', 'ready']);
    expect(run.oss.asked).toEqual([`${KEY} 1.png`, `${KEY} 2.png`]);
    // Opened again while it is open: it was said. Its second page is there as soon as the key is.
    expect((await run.opened()).handle).toBe(document.handle);
    await run.kept.whenSettled();
    lock.isOpen = true;
    await run.opened({ key: 'other.pdf', keptOnly: true }).catch(() => null);
    await until(() => {
      const wanted = run.documents.want(document.handle, 'png', []);
      const held = run.documents.hold(document.handle);
      return wanted.ok && held.ok && held.value.pages.isHere({ pageNumber: 3, target: 'png' });
    });
    expect(await run.show(document, 1, 3)).toEqual(['ready', 'ready']);
    expect(run.oss.asked).toHaveLength(2);
    await run.quit();

    // What was bought while nothing could be kept is kept by now.
    const next = startRun(folder, twin(), lock);
    expect(await next.show(await next.opened(), 1, 2, 3)).toEqual(['ready', 'ready', 'ready']);
    expect(next.oss.asked).toEqual([]);
  });
  /** Opened as the person said, all the same; and what has the key come. */
  async function openedLocked(
    twinNow: OssTwin,
  ): Promise<{ run: Run; document: DocumentView; unlock(): Promise<void> }> {
    const lock = makeLock();
    const folder = await sealedBefore(lock);
    lock.isOpen = false;
    const run = startRun(folder, twinNow, lock);
    const document = await run.opened({ buysLocked: true });
    const unlock = async (): Promise<void> => {
      lock.isOpen = true;
      await run.open({ key: 'other.pdf', keptOnly: true });
    };
    return { run, document, unlock };
  }
  it('counts them, tells of them and buys none of them to find the end, when the key comes later', async () => {
    const { run, document, unlock } = await openedLocked(twin());
    expect(document.pages.atLeast).toBe(0);
    await unlock();
    await until(() => run.told.some(({ pages }) => pages.some(({ pageNumber }) => pageNumber === 3)));
    expect(run.told.at(-1)).toMatchObject({ count: { atLeast: 3 } });
    expect(run.documents.view(document.handle)).toMatchObject({ value: { pages: { atLeast: 3, total: null } } });
    expect((await run.opened()).here?.map(({ pageNumber }) => pageNumber).sort()).toEqual([1, 3]);
    expect(await run.documents.findEnd(document.handle, 'png', never)).toMatchObject({
      value: { kind: 'found', total: 5 },
    });
    expect(run.oss.asked).not.toContain(`${KEY} 1.png`);
    expect(run.oss.asked).not.toContain(`${KEY} 3.png`);
  });
  it('gives one to the export that waits in line for it, when the key comes later', async () => {
    const oss = makeOssTwin({ [KEY]: { pageCount: 9 } });
    const { run, document, unlock } = await openedLocked(oss);
    oss.hold();
    const held = run.documents.hold(document.handle);
    if (!held.ok) throw new Error(held.error.code);
    const fetched = [2, 4, 5, 6, 3].map((pageNumber) => held.value.pages.fetch({ target: 'png', pageNumber }, never));
    await until(() => oss.running() === 4);
    await unlock();
    expect(await fetched[4]).toMatchObject({ value: { isBought: false } });
    await oss.release();
    expect(await Promise.all(fetched)).toMatchObject(Array(5).fill({ ok: true }));
    expect(oss.asked).toEqual([2, 4, 5, 6].map((page) => `${KEY} ${page}.png`));
  });
  it('gives one to the export whose request for it failed, when the key came meanwhile', async () => {
    const busy = fail('oss.throttled', 'Too many requests.', { status: 503, retryable: true }).error;
    const oss = makeOssTwin({ [KEY]: { pageCount: 9, misfortunes: new Map([[3, [busy]]]) } });
    const { run, document, unlock } = await openedLocked(oss);
    oss.hold();
    const held = run.documents.hold(document.handle);
    if (!held.ok) throw new Error(held.error.code);
    const fetched = held.value.pages.fetch({ target: 'png', pageNumber: 3 }, never);
    await until(() => oss.running() === 1);
    await unlock();
    await until(() => held.value.pages.isHere({ target: 'png', pageNumber: 3 }));
    await oss.release();
    expect(await fetched).toMatchObject({ value: { isBought: false } });
    expect(oss.asked).toEqual([`${KEY} 3.png`]);
  });
  it('is found offline once the keychain gives the key', async () => {
    const lock = makeLock();
    const folder = await sealedBefore(lock);
    lock.isOpen = false;
    const run = startRun(folder, twin(), lock);
    run.locked = OFFLINE;
    expect(await run.open()).toMatchObject({ error: { code: 'net.offline' } });
    lock.isOpen = true;
    const document = await run.opened();
    expect(document.offline).toBeDefined();
    expect(await run.show(document, 1, 2, 3)).toEqual(['ready', 'failed', 'ready']);
  });
});

describe('a document that the service refuses', () => {
  it('is not taken for one that cannot be asked for, but says how many pages are kept', async () => {
    const run = startRun(await readBefore());
    run.oss.documents.delete(KEY);
    expect(await run.open()).toMatchObject({ error: { code: 'oss.noSuchKey', detail: { keptPages: 2 } } });
    // And opens from there, once the person says so.
    const document = await run.opened({ keptOnly: true });
    expect(document.offline).toBeDefined();
    expect(await run.show(document, 1, 2)).toEqual(['ready', 'failed']);
    expect(run.oss.asked).toEqual([]);
  });
});

describe('keeping a document offline', () => {
  it('buys what is not here, writes no file, and the whole document is there without the service', async () => {
    const folder = await readBefore();
    const second = startRun(folder);
    const document = await second.opened();
    const started = await second.exports.keepOffline(document.handle);
    if (!started.ok) throw new Error(started.error.code);
    // It goes on although the window is closed.
    second.documents.close(document.handle);
    expect(await second.rest(started.value.id)).toMatchObject({ kind: 'keep', state: 'done', written: 5, bought: 3 });
    expect(second.oss.sold.sort()).toEqual([2, 4, 5].map((page) => `${KEY} ${page}.png`));
    expect(second.exports.whereIs(started.value.id)).toBeNull();
    await second.quit();

    const third = startRun(folder);
    third.locked = OFFLINE;
    const offline = await third.opened();
    expect(offline.pages.total).toBe(5);
    expect(await third.show(offline, 1, 2, 3, 4, 5)).toEqual(Array(5).fill('ready'));
    expect(await third.kept.list()).toMatchObject([{ standing: { isPinned: true } }]);
    expect(third.oss.asked).toEqual([]);
  });
  it('stops buying when it is cancelled, and keeps what came', async () => {
    const run = startRun(await makeFolder());
    const document = await run.opened();
    run.oss.hold();
    const started = await run.exports.keepOffline(document.handle);
    if (!started.ok) throw new Error(started.error.code);
    await until(() => run.oss.running() === 4);
    run.exports.cancel(started.value.id);
    await run.oss.release();
    await until(() => run.kept.room().bytes > 0);
    expect(await run.rest(started.value.id)).toMatchObject({ state: 'cancelled' });
    expect(run.oss.asked).toHaveLength(4);
    expect(await run.show(document, 1, 2, 3, 4)).toEqual(Array(4).fill('ready'));
    expect(run.oss.asked).toHaveLength(4);
  });
  it('keeps all that it buys of a document that was cleared from the shelf before', async () => {
    const folder = await readBefore();
    const run = startRun(folder);
    const document = await run.opened();
    await run.kept.remove(() => true);
    const started = await run.exports.keepOffline(document.handle);
    if (!started.ok) throw new Error(started.error.code);
    expect(await run.rest(started.value.id)).toMatchObject({ state: 'done', bought: 3 });
    run.documents.close(document.handle);
    await run.quit();
    const [kept] = await startKept(path.join(folder, 'pages')).list();
    expect(kept).toMatchObject({ standing: { isPinned: true } });
    expect(kept?.pages).toHaveLength(5);
  });
  it('keeps what it buys after the document was closed and its pages were removed, and is held until it ends', async () => {
    const folder = await readBefore();
    const run = startRun(folder);
    const document = await run.opened();
    run.oss.hold();
    const started = await run.exports.keepOffline(document.handle);
    if (!started.ok) throw new Error(started.error.code);
    await until(() => run.oss.running() > 0);
    run.documents.close(document.handle);
    await run.kept.remove(() => true);
    // Those that are here stay until the job has ended: it would buy them again.
    expect(run.kept.room().bytes).toBeGreaterThan(0);
    await run.oss.release();
    expect(await run.rest(started.value.id)).toMatchObject({ state: 'done', bought: 3 });
    await run.quit();
    const [kept] = await startKept(path.join(folder, 'pages')).list();
    expect(kept?.pages.sort()).toEqual([2, 4, 5].map((page) => `${page}.png`));
  });
  it('is not for samples, nor for what is read offline', async () => {
    const run = startRun(await readBefore());
    const sample = await run.opened({ accountId: AccountId.parse('samples') });
    expect(await run.exports.keepOffline(sample.handle)).toMatchObject({ error: { code: 'kept.notHere' } });
    run.locked = OFFLINE;
    expect(await run.exports.keepOffline((await run.opened()).handle)).toMatchObject({
      error: { code: 'kept.notHere' },
    });
    expect(run.oss.asked).toEqual([]);
  });
});

describe('a page that is here as JPG from an export', () => {
  it('is shown as that, and its PNG is bought only when that is said', async () => {
    const folder = await makeFolder();
    const first = startRun(folder);
    const held = first.documents.hold((await first.opened()).handle);
    if (!held.ok) throw new Error(held.error.code);
    await held.value.pages.fetch({ pageNumber: 2, target: 'jpg' }, never);
    await first.quit();

    const run = startRun(folder);
    const document = await run.opened();
    expect(document.here).toMatchObject([{ pageNumber: 2, target: 'png', status: 'ready', isJpg: true }]);
    expect(await run.show(document, 2)).toEqual(['ready']);
    expect(
      await run.documents.picture(document.handle, document.version, { pageNumber: 2, target: 'png' }, true),
    ).toMatchObject({
      bytes: new Uint8Array(pictureOf(`${KEY} A 2.jpg`).bytes),
    });
    const plan = { handle: document.handle, selection: [{ from: 1, to: 3 }], template: '{page}', grant: null };
    expect(await run.exports.plan({ ...plan, target: 'png' })).toMatchObject({
      value: { alreadyHere: 0, toBuy: 3, hereAsOther: 1 },
    });
    expect(await run.exports.plan({ ...plan, target: 'jpg' })).toMatchObject({
      value: { alreadyHere: 1, toBuy: 2, hereAsOther: 0 },
    });
    expect(run.oss.asked).toEqual([]);

    run.documents.retry(document.handle, 'png', 2);
    expect(await run.show(document, 2)).toEqual(['ready']);
    expect(run.oss.asked).toEqual([`${KEY} 2.png`]);
    expect(
      await run.documents.picture(document.handle, document.version, { pageNumber: 2, target: 'png' }, true),
    ).toMatchObject({
      bytes: pictureOf(`${KEY} A 2.png`).bytes,
    });
  });
});
