/** From the look into a file to what the page of the app is told, and to an export of all pages. */
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DocumentView, PageCountView } from '#contract/contract.ts';
import { fail, ok, type AppError } from '#contract/errors.ts';
import { AccountId } from '#contract/ids.ts';
import { makeDocuments, type Documents } from '#services/documents.ts';
import { makeExports, type Exports } from '#services/exports.ts';
import { makeFolderGrants, type FolderGrants } from '#services/folder-grants.ts';
import { makeTreePdf } from '../structure/pdf-trees.ts';
import { makeHandClock } from './hand-clock.ts';
import { makeOssTwin, settle, type OssTwin } from './oss-twin.ts';

const never = new AbortController().signal;
/** The tree has so many pages, its head says another number. */
const hinted = (pages: number): Buffer => makeTreePdf({ pages, linearized: { claims: pages - 1 } });

let folder: string;
let oss: OssTwin;
let documents: Documents;
let exports: Exports;
let grants: FolderGrants;
let readsFiles: boolean;
let refused: AppError | null;
let told: PageCountView[];
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'counting-'));
  await mkdir(path.join(folder, 'out'));
  const { now, later } = makeHandClock();
  oss = makeOssTwin({
    'exact.pdf': { pageCount: 9, file: makeTreePdf({ pages: 9 }) },
    'hinted.pdf': { pageCount: 9, file: hinted(9) },
    'filled.pdf': { pageCount: 9, file: hinted(9), pastTheEnd: 'blank' },
  });
  readsFiles = true;
  refused = null;
  told = [];
  let seed = 0;
  const randomBytes = (length: number): Buffer => Buffer.alloc(length, (seed += 1));
  documents = makeDocuments({
    clientOf: () => ok(oss),
    ledger: { reused: () => undefined },
    cacheFolder: path.join(folder, 'cache'),
    onPages: (_owner, event) => told.push(event.count),
    refusal: () => refused,
    now,
    later,
    randomBytes,
    counting: () => ({ readsFiles, failedCallCost: 0.2 }),
  });
  grants = makeFolderGrants({ randomBytes });
  exports = makeExports({ documents, grants, now, later, randomBytes, onChange: () => undefined });
});
afterEach(async () => {
  await exports.dispose();
  await documents.dispose();
  await rm(folder, { recursive: true, force: true });
});

async function open(key: string): Promise<DocumentView> {
  const input = { accountId: AccountId.parse('samples'), bucket: 'reports', key, versionId: null, source: null };
  const opened = await documents.open('window', input, never);
  if (!opened.ok) throw new Error(opened.error.message);
  return opened.value;
}
const countOf = ({ handle }: DocumentView): PageCountView => {
  const view = documents.view(handle);
  if (!view.ok) throw new Error(view.error.message);
  return view.value.pages;
};

describe('a look into the file', () => {
  it('begins behind the request for the first page, once for each version of a document', async () => {
    const view = await open('exact.pdf');
    expect(oss.read).toEqual([]);
    documents.want(view.handle, 'png', [1]);
    expect(oss.asked).toEqual(['exact.pdf 1.png']);
    await settle();
    expect(countOf(view)).toEqual({ atLeast: 1, total: 9, repeatsFrom: null, proof: 'structure' });
    const reads = oss.read.length;
    expect(reads).toBeGreaterThan(0);
    expect(reads).toBeLessThanOrEqual(8);
    documents.want(view.handle, 'png', [2]);
    documents.close(view.handle);
    const again = await open('exact.pdf');
    documents.want(again.handle, 'png', [3]);
    await settle();
    expect(oss.read).toHaveLength(reads);
    // Nobody asks for a page behind an end that was counted.
    documents.want(again.handle, 'png', [10]);
    await settle();
    expect(oss.asked).not.toContain('exact.pdf 10.png');
  });
  it('does not hold up the first page, and one that ends after it is told then', async () => {
    const view = await open('hinted.pdf');
    oss.hold();
    documents.want(view.handle, 'png', [1]);
    await settle();
    // The look is over, but no page came yet: nothing is said of the end.
    expect(oss.read.length).toBeGreaterThan(0);
    expect(countOf(view).total).toBeNull();
    await oss.release();
    expect(countOf(view)).toMatchObject({ total: null, hint: { kind: 'likely', pages: 9 }, toFind: 1 });
  });
  it('is not taken where the person forbids it', async () => {
    readsFiles = false;
    const view = await open('exact.pdf');
    documents.want(view.handle, 'png', [1]);
    await settle();
    expect(oss.read).toEqual([]);
    expect(countOf(view).total).toBeNull();
  });
});

describe('an export of all pages', () => {
  const input = (view: DocumentView) => ({
    handle: view.handle,
    selection: [{ from: 1, to: null }],
    target: 'png' as const,
    template: '{name}-p{page}',
  });
  const grant = () => grants.grant(path.join(folder, 'out')).grant;

  it('says the likely number, proves the end first and buys nothing beyond it', async () => {
    const view = await open('hinted.pdf');
    documents.want(view.handle, 'png', [1]);
    await settle();
    expect(await exports.plan({ ...input(view), grant: null })).toMatchObject({
      value: { isAtMost: true, pageCount: 2000, likely: { pageCount: 9, toBuy: 8 } },
    });
    const job = await exports.start({ ...input(view), grant: grant(), ifExists: 'replace' });
    if (!job.ok) throw new Error(job.error.message);
    await settle();
    await expect.poll(() => exports.get()[0]).toMatchObject({ state: 'done', written: 9, bought: 8, isAtMost: false });
    expect(oss.asked.slice(1, 3)).toEqual(['hinted.pdf 9.png', 'hinted.pdf 10.png']);
    expect(oss.sold).toHaveLength(9);
    expect(oss.asked).toHaveLength(10);
  });
  it('that the budget holds up says how many pictures are likely still to be bought', async () => {
    const view = await open('hinted.pdf');
    documents.want(view.handle, 'png', [1]);
    await settle();
    refused = fail('cost.budgetReached', 'As told.').error;
    await exports.start({ ...input(view), grant: grant(), ifExists: 'replace' });
    await settle();
    expect(exports.get()[0]).toMatchObject({ state: 'paused', toBuy: { likely: 8, atMost: 1999 } });
  });
  it('asks at a blank page behind the number that the file says, and buys no second one', async () => {
    const view = await open('filled.pdf');
    documents.want(view.handle, 'png', [1]);
    await settle();
    const job = await exports.start({ ...input(view), grant: grant(), ifExists: 'replace' });
    if (!job.ok) throw new Error(job.error.message);
    await expect
      .poll(() => exports.get()[0])
      .toMatchObject({ state: 'asking', question: { kind: 'blank', pageNumber: 10 } });
    exports.answer(job.value.id, 'stop-here');
    await expect.poll(() => exports.get()[0]).toMatchObject({ state: 'done', written: 9 });
    expect(oss.sold).toHaveLength(10);
    expect(await readdir(path.join(folder, 'out'))).toHaveLength(9);
    expect(countOf(view).total).toBeNull();
  });
});
