import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EVENTS, type JobView, type PageSelection, type Parsed } from '#contract/contract.ts';
import { fail, ok, type AppError, type ErrorCode } from '#contract/errors.ts';
import { AccountId, FolderGrant, type DocumentHandle } from '#contract/ids.ts';
import { makeDocuments, type Documents } from '#services/documents.ts';
import { makeExports, type Exports } from '#services/exports.ts';
import { makeFolderGrants } from '#services/folder-grants.ts';
import { makeHandClock, type HandClock } from './hand-clock.ts';
import { makeOssTwin, settle, type OssTwin, type TwinDocument } from './oss-twin.ts';

const never = new AbortController().signal;
const ALL: PageSelection = [{ from: 1, to: null }];
const failure = (code: ErrorCode, charged: 'no' | 'unclear' = 'no') => fail(code, 'As told.', { charged }).error;

/** The same failure waits on each of these pages. */
const onPages = (from: number, to: number, code: ErrorCode): Map<number, AppError[]> =>
  new Map(Array.from({ length: to - from + 1 }, (_, index) => [from + index, [failure(code)]]));

let root: string;
let folder: string;
let grant: FolderGrant;
let oss: OssTwin;
let clock: HandClock;
let documents: Documents;
let exports: Exports;
let told: JobView[];
let over: string[];
/** Why nothing is bought now. */
let refused: AppError | null;
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'exports-'));
  folder = path.join(root, 'out');
  await mkdir(folder);
  clock = makeHandClock();
  oss = makeOssTwin();
  told = [];
  over = [];
  refused = null;
  let seed = 0;
  const randomBytes = (length: number): Uint8Array => Buffer.alloc(length, (seed += 1));
  documents = makeDocuments({
    clientOf: () => ok(oss),
    ledger: { reused: () => undefined },
    cacheFolder: path.join(root, 'cache'),
    onPages: () => undefined,
    refusal: () => refused,
    now: clock.now,
    later: clock.later,
    randomBytes,
  });
  const grants = makeFolderGrants({ randomBytes });
  grant = grants.grant(folder).grant;
  exports = makeExports({
    documents,
    grants,
    onChange: (job) => told.push(job),
    onOver: (_account, jobId) => over.push(jobId),
    now: clock.now,
    later: clock.later,
    randomBytes,
  });
});
afterEach(async () => {
  await exports.dispose();
  await documents.dispose();
  await rm(root, { recursive: true, force: true });
});

async function openDocument(document: TwinDocument, key = 'a/report.pdf'): Promise<DocumentHandle> {
  oss.documents.set(key, document);
  const input = { accountId: AccountId.parse('samples'), bucket: 'reports', key, versionId: null, source: null };
  const opened = await documents.open('window', input, never);
  if (!opened.ok) throw new Error(opened.error.message);
  return opened.value.handle;
}
type Start = Parsed<'exports.start'>;
const order = (handle: DocumentHandle, selection: PageSelection, more: Partial<Start> = {}): Start => ({
  handle,
  selection,
  target: 'png',
  template: '{name}-p{page}',
  grant,
  ifExists: 'ask',
  ...more,
});
async function start(handle: DocumentHandle, selection: PageSelection, more: Partial<Start> = {}): Promise<JobView> {
  const started = await exports.start(order(handle, selection, more));
  if (!started.ok) throw new Error(started.error.message);
  return started.value;
}
const now = (job: JobView): JobView => {
  const found = exports.get().find((one) => one.id === job.id);
  if (!found) throw new Error('The job is off the list.');
  return found;
};
/** The job's state once it can go no further by itself. */
async function rest(job: JobView): Promise<JobView> {
  while (now(job).state === 'running') await settle();
  await settle();
  return now(job);
}
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await settle();
}
const files = async (): Promise<string[]> => (await readdir(folder)).sort();
const pagesOf = (...pages: number[]): string[] => pages.map((page) => `report-p${String(page).padStart(4, '0')}.png`);
async function prove(handle: DocumentHandle, total: number): Promise<void> {
  documents.want(handle, 'png', [total, total + 1]);
  await settle();
}

describe('the plan', () => {
  it('counts pages, what is here, what is to be bought and what is in the folder', async () => {
    const handle = await openDocument({ pageCount: 37 });
    documents.want(handle, 'png', [3, 4]);
    await settle();
    await writeFile(path.join(folder, 'REPORT-p0005.png'), 'old');
    const plan = await exports.plan(order(handle, [{ from: 3, to: 6 }]));
    expect(plan).toEqual(
      ok({
        pageCount: 4,
        isAtMost: false,
        alreadyHere: 2,
        hereAsOther: 0,
        toBuy: 2,
        exampleNames: pagesOf(3, 4, 5),
        existing: 1,
      }),
    );
    expect(oss.asked).toHaveLength(2);
  });
  it('says "at most" while the end is open, and the number once it is proven', async () => {
    const handle = await openDocument({ pageCount: 37 });
    const plan = (): ReturnType<Exports['plan']> => exports.plan({ ...order(handle, ALL), grant: null });
    expect(await plan()).toMatchObject({ value: { pageCount: 2000, isAtMost: true, toBuy: 2000, existing: 0 } });
    await prove(handle, 37);
    expect(await plan()).toMatchObject({
      value: {
        pageCount: 37,
        isAtMost: false,
        toBuy: 36,
        exampleNames: ['report-p01.png', 'report-p02.png', 'report-p03.png'],
      },
    });
  });
  it('refuses what holds no page, a folder never chosen and a closed document', async () => {
    const handle = await openDocument({ pageCount: 3 });
    await prove(handle, 3);
    expect(await exports.plan(order(handle, [{ from: 4, to: null }]))).toMatchObject({
      error: { code: 'export.nothing' },
    });
    expect(await exports.plan(order(handle, [{ from: 3, to: 1 }]))).toMatchObject({
      error: { code: 'export.nothing' },
    });
    const forged = FolderGrant.parse('f'.repeat(32));
    expect(await exports.plan(order(handle, ALL, { grant: forged }))).toMatchObject({ error: { code: 'file.gone' } });
    documents.close(handle);
    expect(await exports.plan(order(handle, ALL))).toMatchObject({ error: { code: 'document.closed' } });
  });
});

describe('an export', () => {
  it('writes the pictures as the service made them', async () => {
    const handle = await openDocument({ pageCount: 37 });
    const job = await start(handle, [
      { from: 2, to: 3 },
      { from: 1, to: 1 },
    ]);
    expect(job).toMatchObject({
      state: 'running',
      documentName: 'report.pdf',
      pageCount: 3,
      isAtMost: false,
      written: 0,
    });
    expect(await rest(job)).toMatchObject({
      state: 'done',
      written: 3,
      bought: 3,
      skipped: 0,
      failures: [],
      error: null,
    });
    expect(await files()).toEqual(pagesOf(1, 2, 3));
    expect(await readFile(path.join(folder, 'report-p0002.png'), 'utf8')).toBe('picture of a/report.pdf A 2.png');
    expect(exports.whereIs(job.id)).toMatch(/report-p000[123]\.png$/);
  });
  it('takes what is here without buying it, and JPG for JPG', async () => {
    const handle = await openDocument({ pageCount: 5 });
    documents.want(handle, 'png', [1, 2]);
    await settle();
    expect(await rest(await start(handle, [{ from: 1, to: 3 }]))).toMatchObject({ written: 3, bought: 1 });
    expect(await rest(await start(handle, [{ from: 1, to: 1 }], { target: 'jpg' }))).toMatchObject({ bought: 1 });
    expect(await files()).toEqual(['report-p0001.jpg', ...pagesOf(1, 2, 3)]);
  });
  it('runs four pages at a time, behind the pages in view', async () => {
    const handle = await openDocument({ pageCount: 37 });
    oss.hold();
    const job = await start(handle, [{ from: 1, to: 12 }]);
    await until(() => oss.asked.length === 4);
    documents.want(handle, 'png', [30]);
    await oss.release(1);
    expect(oss.asked.slice(0, 5)).toEqual([1, 2, 3, 4, 30].map((page) => `a/report.pdf ${page}.png`));
    await oss.release();
    expect(await rest(job)).toMatchObject({ state: 'done', written: 12 });
    expect(oss.mostAtOnce()).toBe(4);
    expect(new Set(oss.asked).size).toBe(oss.asked.length);
  });
  it('goes on when its document is closed', async () => {
    const handle = await openDocument({ pageCount: 37 });
    const job = await start(handle, [{ from: 1, to: 12 }]);
    documents.close(handle);
    expect(await rest(job)).toMatchObject({ state: 'done', written: 12 });
  });
  it('tells how it goes at most ten times a second, the end always', async () => {
    const handle = await openDocument({ pageCount: 300 });
    const job = await start(handle, [{ from: 1, to: 300 }]);
    await rest(job);
    clock.pass(0);
    clock.pass(100);
    expect(told.length).toBeLessThanOrEqual(2);
    expect(told.at(-1)).toEqual(now(job));
    expect(told.at(-1)).toMatchObject({ state: 'done', written: 300 });
    expect(EVENTS['exports.changed'].parse(told.at(-1))).toEqual(told.at(-1));
  });
});

describe('a job that the budget holds up', () => {
  const SAMPLES = AccountId.parse('samples');
  it('says whose budget that is, and how many pictures it still takes', async () => {
    const handle = await openDocument({ pageCount: 37 });
    documents.want(handle, 'png', [2]);
    await settle();
    await writeFile(path.join(folder, 'report-p0003.png'), 'old');
    refused = failure('cost.budgetReached');
    const job = await start(handle, [{ from: 1, to: 8 }], { ifExists: 'skip' });
    await until(() => now(job).written === 1);
    expect(now(job)).toMatchObject({ state: 'paused', accountId: SAMPLES, toBuy: { likely: 6, atMost: 6 } });
    refused = null;
    documents.lookAgain(SAMPLES);
    expect(await rest(job)).toMatchObject({ state: 'done', bought: 6, accountId: SAMPLES });
    expect(now(job)).not.toHaveProperty('toBuy');
  });
  it('does not pretend to know how many where the end is open', async () => {
    const handle = await openDocument({ pageCount: 37 });
    refused = failure('cost.budgetReached');
    const job = await start(handle, ALL);
    await settle();
    expect(now(job)).toMatchObject({ state: 'paused', toBuy: { likely: null, atMost: 2000 } });
  });
  it('is over for the budget when it is done and when it is stopped, and not before', async () => {
    const handle = await openDocument({ pageCount: 37 });
    const done = await start(handle, [{ from: 1, to: 2 }]);
    await rest(done);
    refused = failure('cost.budgetReached');
    const stopped = await start(handle, [{ from: 3, to: 4 }]);
    clock.pass(200);
    await settle();
    expect([...new Set(over)]).toEqual([done.id]);
    exports.cancel(stopped.id);
    clock.pass(200);
    expect([...new Set(over)]).toEqual([done.id, stopped.id]);
  });
});

describe('an open end', () => {
  it('ends with the first refusal, which proves the number of pages', async () => {
    const handle = await openDocument({ pageCount: 9 });
    const job = await start(handle, ALL);
    expect(job).toMatchObject({ pageCount: 2000, isAtMost: true });
    expect(await rest(job)).toMatchObject({
      state: 'done',
      pageCount: 9,
      isAtMost: false,
      written: 9,
      bought: 9,
      failures: [],
    });
    expect(await files()).toEqual(pagesOf(1, 2, 3, 4, 5, 6, 7, 8, 9));
    expect(documents.view(handle)).toMatchObject({ value: { pages: { total: 9 } } });
    // Four are on the way together: at most three ask past the refusal.
    expect(oss.asked.length).toBeLessThanOrEqual(9 + 4);
  });
  it('is no failure behind named pages, but an export that finds nothing says so', async () => {
    const handle = await openDocument({ pageCount: 5 });
    const some = await start(handle, [
      { from: 1, to: 2 },
      { from: 8, to: null },
    ]);
    expect(await rest(some)).toMatchObject({ state: 'done', written: 2, pageCount: 2 });
    const nothing = await start(handle, [{ from: 7, to: null }]);
    expect(await rest(nothing)).toMatchObject({
      state: 'finished-with-gaps',
      written: 0,
      failures: [{ pageNumber: 7, error: { code: 'snapshot.pageOutOfRange' } }],
    });
  });
  it('asks when a picture repeats; "stop here" keeps one of the two', async () => {
    const handle = await openDocument({ pageCount: 6, pastTheEnd: 'clamp' });
    const job = await start(handle, ALL);
    await rest(job);
    expect(now(job)).toMatchObject({
      state: 'asking',
      question: { kind: 'same-picture', pageNumber: 7 },
      isAtMost: true,
    });
    const askedSoFar = oss.asked.length;
    expect(askedSoFar).toBeLessThanOrEqual(6 + 4);
    exports.answer(job.id, 'stop-here');
    expect(await rest(job)).toMatchObject({ state: 'done', written: 6, pageCount: 6, question: null, failures: [] });
    expect(await files()).toEqual(pagesOf(1, 2, 3, 4, 5, 6));
    expect(oss.asked).toHaveLength(askedSoFar);
  });
  describe('at a service that takes one page at a time', () => {
    /** An export to the end that has been slowed down, and asks about the page that is the last one again. */
    async function startSlowed(): Promise<JobView> {
      // Two bursts of "too many requests": of four places one is left.
      const busy = failure('oss.throttled');
      const misfortunes = new Map([1, 2, 3, 4].map((page) => [page, page === 1 ? [busy, busy] : [busy]]));
      const handle = await openDocument({ pageCount: 4, pastTheEnd: 'clamp', misfortunes });
      const job = await start(handle, ALL);
      while (now(job).state === 'running') {
        await settle();
        clock.pass(1000);
      }
      await settle();
      expect(oss.asked.length).toBeLessThan(20);
      return job;
    }
    const soldBehind = (page: number): number =>
      oss.sold.filter((name) => Number(/ (\d+)\.png$/.exec(name)?.[1]) > page).length;

    it('the pages behind the doubt leave the line while the question stands, and "stop here" buys none of them', async () => {
      const job = await startSlowed();
      expect(now(job)).toMatchObject({ state: 'asking', question: { kind: 'same-picture', pageNumber: 5 } });
      expect(soldBehind(5)).toBe(0);
      exports.answer(job.id, 'stop-here');
      expect(await rest(job)).toMatchObject({ state: 'done', written: 4, bought: oss.sold.length });
      expect(soldBehind(5)).toBe(0);
    });
    it('they are asked for again when the person goes on', async () => {
      const job = await startSlowed();
      exports.answer(job.id, 'go-on');
      await until(() => soldBehind(5) >= 3);
      exports.cancel(job.id);
      expect(await rest(job)).toMatchObject({ state: 'cancelled', error: null, failures: [] });
      expect(new Set(oss.sold).size).toBe(oss.sold.length);
    });
  });
  it('buys nothing behind a repeat that was seen before the start', async () => {
    const handle = await openDocument({ pageCount: 2, pastTheEnd: 'clamp' });
    documents.want(handle, 'png', [1, 2, 3]);
    await settle();
    const job = await start(handle, ALL);
    expect(await rest(job)).toMatchObject({ state: 'asking', question: { pageNumber: 3 }, bought: 0 });
    exports.answer(job.id, 'go-on');
    await until(() => oss.asked.length > 8);
    exports.cancel(job.id);
  });
  it('asks once: "go on" takes everything to page 2,000', async () => {
    const handle = await openDocument({ pageCount: 1990, pastTheEnd: 'clamp' });
    const job = await start(handle, [{ from: 1985, to: null }]);
    expect(await rest(job)).toMatchObject({ state: 'asking', question: { pageNumber: 1991 } });
    exports.answer(job.id, 'go-on');
    expect(await rest(job)).toMatchObject({ state: 'done', written: 16, pageCount: 16 });
    expect(new Set(oss.asked).size).toBe(oss.asked.length);
  });
  it.each([
    ['an open page', 2, [3, 4, 1, 2], 3],
    ['a named page', 1, [2, 3, 4, 1], 2],
  ])('sees the repeat of %s also when answers come out of order', async (_, pageCount, answers, askedAbout) => {
    const handle = await openDocument({ pageCount, pastTheEnd: 'clamp' });
    oss.hold();
    const job = await start(handle, ALL);
    await until(() => oss.asked.length === 4);
    await oss.letGo(...answers);
    await oss.release();
    expect(await rest(job)).toMatchObject({ state: 'asking', question: { pageNumber: askedAbout } });
    exports.answer(job.id, 'stop-here');
    expect(await rest(job)).toMatchObject({ state: 'done', written: pageCount });
    expect(await files()).toHaveLength(pageCount);
  });
  it('does not ask about equal pages before an end that is proven', async () => {
    const handle = await openDocument({ pageCount: 5, repeats: [3] });
    await prove(handle, 5);
    expect(await rest(await start(handle, ALL))).toMatchObject({ state: 'done', written: 5 });
  });
  it('does not ask about pages that were named', async () => {
    const handle = await openDocument({ pageCount: 4, pastTheEnd: 'clamp' });
    expect(await rest(await start(handle, [{ from: 3, to: 7 }]))).toMatchObject({ state: 'done', written: 5 });
  });
});

describe('gaps', () => {
  it('are listed, the rest is written, and retry runs only them', async () => {
    const misfortunes = new Map([
      [2, [failure('net.reset')]],
      [4, [failure('snapshot.unclear', 'unclear')]],
    ]);
    const handle = await openDocument({ pageCount: 6, misfortunes });
    const job = await start(handle, [{ from: 1, to: 6 }]);
    expect(await rest(job)).toMatchObject({
      state: 'finished-with-gaps',
      written: 4,
      failures: [
        { pageNumber: 2, error: { code: 'net.reset' } },
        { pageNumber: 4, error: { code: 'snapshot.unclear' } },
      ],
    });
    expect(oss.asked).toHaveLength(6);
    exports.retry(job.id);
    expect(await rest(job)).toMatchObject({ state: 'done', written: 6, bought: 6, failures: [] });
    expect(oss.asked.slice(6)).toEqual(['a/report.pdf 2.png', 'a/report.pdf 4.png']);
  });
  it('past the end are listed in one go, without asking for each', async () => {
    const handle = await openDocument({ pageCount: 3 });
    const job = await start(handle, [{ from: 1, to: 500 }]);
    const end = await rest(job);
    expect(end).toMatchObject({ state: 'finished-with-gaps', written: 3, pageCount: 500 });
    expect(end.failures.map((gap) => gap.pageNumber)).toEqual(Array.from({ length: 497 }, (_, index) => index + 4));
    expect(oss.asked.length).toBeLessThanOrEqual(3 + 4);
  });
  it('of a reason that every page would meet stop the job instead', async () => {
    const misfortunes = onPages(3, 50, 'oss.kmsDenied');
    const handle = await openDocument({ pageCount: 50, misfortunes });
    const job = await start(handle, [{ from: 1, to: 50 }]);
    expect(await rest(job)).toMatchObject({ state: 'failed', error: { code: 'oss.kmsDenied' }, failures: [] });
    expect(oss.asked.length).toBeLessThanOrEqual(8);
    misfortunes.clear();
    exports.retry(job.id);
    expect(await rest(job)).toMatchObject({ state: 'done', written: 50, error: null });
    expect(new Set(oss.sold).size).toBe(oss.sold.length);
  });
  it('of a document that no page ever came from stop the job as well', async () => {
    const misfortunes = onPages(1, 50, 'snapshot.unreadable');
    const handle = await openDocument({ pageCount: 50, misfortunes });
    expect(await rest(await start(handle, ALL))).toMatchObject({
      state: 'failed',
      error: { code: 'snapshot.unreadable' },
    });
    expect(oss.asked.length).toBeLessThanOrEqual(4);
  });
});

describe('files that are there', () => {
  it('are asked about before the start', async () => {
    const handle = await openDocument({ pageCount: 5 });
    await writeFile(path.join(folder, 'report-p0002.png'), 'old');
    expect(await exports.start(order(handle, [{ from: 1, to: 3 }]))).toMatchObject({
      ok: false,
      error: { code: 'ipc.invalid', detail: { existing: 1 } },
    });
    expect(exports.get()).toEqual([]);
    expect(oss.asked).toEqual([]);
  });
  it('are skipped before anything is bought', async () => {
    const handle = await openDocument({ pageCount: 5 });
    await writeFile(path.join(folder, 'Report-p0002.png'), 'old');
    const job = await start(handle, [{ from: 1, to: 3 }], { ifExists: 'skip' });
    expect(await rest(job)).toMatchObject({ state: 'done', written: 2, skipped: 1, bought: 2 });
    expect(oss.asked).toEqual(['a/report.pdf 1.png', 'a/report.pdf 3.png']);
    expect(await readFile(path.join(folder, 'Report-p0002.png'), 'utf8')).toBe('old');
  });
  it('are replaced, or kept beside the new ones', async () => {
    const handle = await openDocument({ pageCount: 5 });
    await writeFile(path.join(folder, 'report-p0001.png'), 'old');
    await rest(await start(handle, [{ from: 1, to: 1 }], { ifExists: 'keep-both' }));
    expect(await files()).toEqual(['report-p0001 (2).png', 'report-p0001.png']);
    expect(await readFile(path.join(folder, 'report-p0001.png'), 'utf8')).toBe('old');
    await rest(await start(handle, [{ from: 1, to: 1 }], { ifExists: 'replace' }));
    expect(await readFile(path.join(folder, 'report-p0001.png'), 'utf8')).toBe('picture of a/report.pdf A 1.png');
    expect(await files()).toEqual(['report-p0001 (2).png', 'report-p0001.png']);
  });
  it('that appear after the start are kept, and so is ours', async () => {
    const handle = await openDocument({ pageCount: 5 });
    oss.hold();
    const job = await start(handle, [{ from: 1, to: 1 }]);
    await until(() => oss.asked.length === 1);
    await writeFile(path.join(folder, 'report-p0001.png'), 'somebody else’s');
    await oss.release();
    expect(await rest(job)).toMatchObject({ state: 'done', written: 1 });
    expect(await files()).toEqual(['report-p0001 (2).png', 'report-p0001.png']);
  });
  it.each([
    ['a path', '../../x.pdf'],
    ['a device', 'CON.pdf'],
    ['1,000 characters', 'x'.repeat(1000) + '.pdf'],
    ['emoji', '😀'.repeat(250) + '.pdf'],
  ])('are never outside the folder, whatever the object is called: %s', async (_, key) => {
    const handle = await openDocument({ pageCount: 2 }, key);
    const job = await start(handle, [{ from: 1, to: 2 }], { template: '{key}{name}' });
    expect(await rest(job)).toMatchObject({ state: 'done', written: 2 });
    expect(await files()).toHaveLength(2);
    expect(await readdir(root)).toEqual(expect.arrayContaining(['out']));
    expect((await readdir(root)).filter((name) => name !== 'out' && name !== 'cache')).toEqual([]);
  });
});

describe('a job that is stopped', () => {
  it('by the person buys nothing more, keeps what is on the wire, and can go on', async () => {
    const handle = await openDocument({ pageCount: 37 });
    const job = await start(handle, [{ from: 1, to: 20 }]);
    await until(() => now(job).written > 0);
    oss.hold();
    const before = oss.asked.length;
    exports.cancel(job.id);
    await oss.release();
    const end = await rest(job);
    expect(end).toMatchObject({ state: 'cancelled', failures: [], error: null });
    expect(oss.asked).toHaveLength(before);
    expect(end.bought).toBe(oss.sold.length);
    expect(await files()).toHaveLength(end.written);
    exports.retry(job.id);
    expect(await rest(job)).toMatchObject({ state: 'done', written: 20, bought: 20 });
    expect(await files()).toHaveLength(20);
    expect(oss.sold).toHaveLength(20);
  });
  it('while four are on the wire is over at once and books them when they come', async () => {
    const handle = await openDocument({ pageCount: 37 });
    oss.hold();
    const job = await start(handle, [{ from: 1, to: 20 }]);
    await until(() => oss.asked.length === 4);
    exports.cancel(job.id);
    expect(now(job)).toMatchObject({ state: 'cancelled', written: 0 });
    await oss.release();
    expect(now(job)).toMatchObject({ state: 'cancelled', written: 0, bought: 4 });
    expect(await files()).toEqual([]);
  });
  it('before it looked at the folder leaves everything as it was', async () => {
    const handle = await openDocument({ pageCount: 37 });
    await writeFile(path.join(folder, 'report-p0001.png'), 'old');
    const job = await start(handle, [{ from: 1, to: 3 }], { ifExists: 'skip' });
    exports.cancel(job.id);
    await settle();
    expect(now(job)).toMatchObject({ state: 'cancelled', skipped: 0 });
    expect(oss.asked).toEqual([]);
  });
  it('while it asks is cancelled', async () => {
    const handle = await openDocument({ pageCount: 2, pastTheEnd: 'clamp' });
    const job = await start(handle, ALL);
    await rest(job);
    exports.cancel(job.id);
    expect(await rest(job)).toMatchObject({ state: 'cancelled', question: null });
    expect(await files()).toEqual(pagesOf(1, 2));
  });
  it('by a folder that vanished says so, and goes on when it is back', async () => {
    const handle = await openDocument({ pageCount: 37 });
    oss.hold();
    const job = await start(handle, [{ from: 1, to: 8 }]);
    await until(() => oss.asked.length === 4);
    await oss.release(2);
    await until(() => now(job).written === 2);
    await rename(folder, `${folder}-away`);
    await oss.release();
    expect(await rest(job)).toMatchObject({ state: 'failed', error: { code: 'file.gone' }, written: 2, failures: [] });
    expect(await readdir(root)).not.toContain('out');
    await rename(`${folder}-away`, folder);
    exports.retry(job.id);
    expect(await rest(job)).toMatchObject({ state: 'done', written: 8, bought: 8 });
    expect(await files()).toEqual(pagesOf(1, 2, 3, 4, 5, 6, 7, 8));
    expect(oss.sold).toHaveLength(8);
  });
  it('at once by a folder that is gone buys nothing', async () => {
    const handle = await openDocument({ pageCount: 3 });
    await rm(folder, { recursive: true });
    expect(await exports.start(order(handle, ALL))).toMatchObject({ ok: false, error: { code: 'file.gone' } });
    expect(oss.asked).toEqual([]);
  });
  it('by the end of the app leaves whole files only', async () => {
    const handle = await openDocument({ pageCount: 200 });
    const job = await start(handle, ALL);
    await until(() => now(job).written > 5);
    await exports.dispose();
    const left = await files();
    expect(left.filter((name) => name.endsWith('.part'))).toEqual([]);
    await documents.dispose();
    await settle();
    expect(await files()).toEqual(left);
  });
});

describe('the list of jobs', () => {
  it('has the newest first, and loses a job only when it is over', async () => {
    const handle = await openDocument({ pageCount: 5 });
    const first = await start(handle, [{ from: 1, to: 1 }]);
    await rest(first);
    oss.hold();
    const second = await start(handle, [{ from: 2, to: 2 }]);
    expect(exports.get().map((job) => job.id)).toEqual([second.id, first.id]);
    exports.dismiss(second.id);
    exports.dismiss(first.id);
    expect(exports.get().map((job) => job.id)).toEqual([second.id]);
    expect(exports.whereIs(first.id)).toBeNull();
    expect(exports.whereIs(second.id)).toBe(folder);
    expect(await files()).toEqual(pagesOf(1));
    await oss.release();
    await rest(second);
  });
});
