import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { EVENTS, type DocumentView, type EventOf, type Parsed } from '#contract/contract.ts';
import { MAX_SOURCE_BYTES } from '#contract/source-types.ts';
import { fail, ok, type Result } from '#contract/errors.ts';
import { AccountId } from '#contract/ids.ts';
import { makeDocuments, type Documents } from '#services/documents.ts';
import { makeHandClock, type HandClock } from './hand-clock.ts';
import { makeOssTwin, pictureOf, settle, type OssTwin } from './oss-twin.ts';

const ACCOUNT = AccountId.parse('samples');
const never = new AbortController().signal;

let folder: string;
let oss: OssTwin;
let clock: HandClock;
let documents: Documents;
let told: { owner: string; event: EventOf<'pages.changed'> }[];
let isSignedIn: boolean;
let reused: number;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'documents-'));
  clock = makeHandClock();
  oss = makeOssTwin({ 'q3/board.pptx': { pageCount: 14 }, notes: { pageCount: 2 } });
  told = [];
  isSignedIn = true;
  reused = 0;
  let seed = 0;
  documents = makeDocuments({
    clientOf: () => (isSignedIn ? ok(oss) : fail('keychain.missing', 'No secret.')),
    ledger: { reused: () => (reused += 1) },
    cacheFolder: folder,
    onPages: (owner, event) => told.push({ owner, event }),
    now: clock.now,
    later: clock.later,
    randomBytes: (length) => Buffer.alloc(length, (seed += 1)),
  });
});
afterEach(async () => {
  await documents.dispose();
  await rm(folder, { recursive: true, force: true });
});

const openInput = (more: Partial<Parsed<'documents.open'>> = {}): Parsed<'documents.open'> => ({
  accountId: ACCOUNT,
  bucket: 'reports',
  key: 'q3/board.pptx',
  versionId: null,
  source: null,
  ...more,
});
const open = (more: Partial<Parsed<'documents.open'>> = {}, owner = 'window 1'): Promise<Result<DocumentView>> =>
  documents.open(owner, openInput(more), never);
async function opened(more: Partial<Parsed<'documents.open'>> = {}, owner?: string): Promise<DocumentView> {
  const result = await open(more, owner);
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

describe('opening a document', () => {
  it('answers what the page of the app needs and buys nothing', async () => {
    expect(await open()).toEqual(
      ok({
        handle: '01'.repeat(16),
        version: expect.stringMatching(/^[a-f0-9]{16}$/),
        accountId: 'samples',
        bucket: 'reports',
        key: 'q3/board.pptx',
        name: 'board.pptx',
        versionId: null,
        source: 'pptx',
        sizeBytes: 1000,
        modifiedAt: '2026-01-15T08:30:00.000Z',
        etag: 'A',
        pages: { atLeast: 0, total: null, repeatsFrom: null },
        here: [],
      }),
    );
    expect(oss.asked).toEqual([]);
  });
  it('needs a type, from the name or from the person', async () => {
    expect(await open({ key: 'notes' })).toMatchObject({ ok: false, error: { code: 'snapshot.typeUnknown' } });
    expect(await open({ key: 'notes', source: 'docx' })).toMatchObject({ ok: true, value: { source: 'docx' } });
  });
  it('takes exactly 20 MB and not a byte more', async () => {
    oss.documents.set('big.pdf', { pageCount: 1, sizeBytes: MAX_SOURCE_BYTES });
    expect(await open({ key: 'big.pdf' })).toMatchObject({ ok: true });
    oss.documents.set('big.pdf', { pageCount: 1, sizeBytes: MAX_SOURCE_BYTES + 1 });
    expect(await open({ key: 'big.pdf' })).toMatchObject({ ok: false, error: { code: 'snapshot.tooLarge' } });
    expect(oss.asked).toEqual([]);
  });
  it('passes on why the account or the object cannot be read', async () => {
    expect(await open({ key: 'gone.pdf' })).toMatchObject({ ok: false, error: { code: 'oss.noSuchKey' } });
    isSignedIn = false;
    expect(await open()).toMatchObject({ ok: false, error: { code: 'keychain.missing' } });
  });
  it('twice in one window is one handle, closed when closed twice', async () => {
    const first = await opened();
    const second = await opened();
    expect(second.handle).toBe(first.handle);
    documents.close(first.handle);
    expect(documents.ownerOf(first.handle)).toBe('window 1');
    documents.close(first.handle);
    expect(documents.ownerOf(first.handle)).toBeNull();
    expect(documents.view(first.handle)).toMatchObject({ ok: false, error: { code: 'document.closed' } });
  });
  it('in two windows, or as another type, is two handles', async () => {
    const handles = [await opened(), await opened({}, 'window 2'), await opened({ source: 'ppt' })].map(
      (one) => one.handle,
    );
    expect(new Set(handles).size).toBe(3);
    documents.closeAll('window 1');
    expect(handles.map((handle) => documents.ownerOf(handle))).toEqual([null, 'window 2', null]);
  });
});

describe('wanted pages', () => {
  it('are answered with their states and told as they change, together', async () => {
    const { handle } = await opened();
    oss.hold();
    expect(documents.want(handle, 'png', [1, 2, 3, 4, 5])).toMatchObject({
      ok: true,
      value: { count: { atLeast: 0 }, pages: [1, 2, 3, 4, 5].map((pageNumber) => ({ pageNumber })) },
    });
    clock.pass(0);
    expect(told).toHaveLength(1);
    expect(told[0]?.event.pages.map((page) => page.status)).toEqual([...Array(4).fill('converting'), 'queued']);
    await oss.release();
    expect(told).toHaveLength(1);
    clock.pass(50);
    expect(told).toHaveLength(2);
    expect(told[1]?.event.pages.map((page) => page.status)).toEqual(Array(5).fill('ready'));
    expect(told[1]).toMatchObject({ owner: 'window 1', event: { handle, count: { atLeast: 5, total: null } } });
    for (const { event } of told) expect(EVENTS['pages.changed'].parse(event)).toEqual(event);
  });
  it('prove the end when the page after it is refused', async () => {
    const { handle } = await opened();
    documents.want(handle, 'png', [14, 15]);
    await settle();
    expect(documents.view(handle)).toMatchObject({ value: { pages: { atLeast: 14, total: 14 } } });
  });
  it('are as closed as their document', async () => {
    const { handle } = await opened();
    documents.close(handle);
    const closed = { ok: false, error: { code: 'document.closed' } };
    expect(documents.want(handle, 'png', [1])).toMatchObject(closed);
    expect(documents.retry(handle, 'png', 1)).toMatchObject(closed);
    expect(documents.hold(handle)).toMatchObject(closed);
    expect(await documents.presign(handle, { target: 'png', pageNumber: 1 }, 60, never)).toMatchObject(closed);
    expect(oss.asked).toEqual([]);
  });
  it('that failed for free are tried again when the document is opened anew', async () => {
    const offline = fail('net.offline', 'No route.', { retryable: true }).error;
    oss.documents.set('q3/board.pptx', { pageCount: 14, misfortunes: new Map([[1, [offline]]]) });
    const first = await opened();
    documents.want(first.handle, 'png', [1]);
    await settle();
    const second = await opened();
    expect(documents.want(second.handle, 'png', [1])).toMatchObject({ value: { pages: [{ status: 'failed' }] } });
    documents.close(first.handle);
    documents.close(first.handle);
    documents.want((await opened()).handle, 'png', [1]);
    await settle();
    expect(oss.sold).toEqual(['q3/board.pptx 1.png']);
  });
  it('are given up when the app quits', async () => {
    const { handle } = await opened();
    oss.hold();
    documents.want(handle, 'png', [1, 2]);
    expect(oss.running()).toBe(2);
    await documents.dispose();
    await settle();
    expect(oss.running()).toBe(0);
    expect(oss.sold).toEqual([]);
  });
  it('of an account without a secret fail with the reason', async () => {
    const { handle } = await opened();
    isSignedIn = false;
    documents.want(handle, 'png', [1]);
    await settle();
    expect(documents.want(handle, 'png', [1])).toMatchObject({
      value: { pages: [{ status: 'failed', error: { code: 'keychain.missing' } }] },
    });
  });
});

describe('an old version', () => {
  it('is doubted, and told so, when its pages are those of the current one', async () => {
    const doubts = (handle: string): unknown[] =>
      told.filter(({ event }) => event.handle === handle).map(({ event }) => event.versionDoubt);
    const now = await opened();
    documents.want(now.handle, 'png', [1]);
    await settle();
    clock.pass(1000);
    // The twin draws the same picture of an object whatever its version; only the version's own head differs.
    oss.headObject = async () =>
      ok({ etag: 'old', sizeBytes: 900, modifiedAt: '2025-01-15T08:30:00.000Z', storageClass: 'IA', versionId: 'v1' });
    const old = await opened({ versionId: 'v1' });
    expect(old.handle).not.toBe(now.handle);
    documents.want(old.handle, 'png', [1]);
    await settle();
    clock.pass(1000);
    expect(doubts(old.handle).at(-1)).toBe('same-pictures');
    expect(doubts(now.handle).every((doubt) => doubt === undefined)).toBe(true);
    // Opened anew, when nothing is bought any more, it is told again.
    documents.close(old.handle);
    const again = await opened({ versionId: 'v1' });
    clock.pass(1000);
    expect(doubts(again.handle).at(-1)).toBe('same-pictures');
  });
});

describe('what was bought', () => {
  it('is served by handle, version and page, and only what is here', async () => {
    const { handle, version } = await opened();
    documents.want(handle, 'png', [1]);
    await settle();
    expect(await documents.picture(handle, version, { pageNumber: 1, target: 'png' }, true)).toEqual(
      pictureOf('q3/board.pptx A 1.png'),
    );
    expect(await documents.picture(handle, version, { pageNumber: 2, target: 'png' }, true)).toBeNull();
    expect(await documents.picture(handle, version, { pageNumber: 1, target: 'jpg' }, true)).toBeNull();
    expect(await documents.picture(handle, '0'.repeat(16), { pageNumber: 1, target: 'png' }, true)).toBeNull();
    expect(await documents.picture('f'.repeat(32), version, { pageNumber: 1, target: 'png' }, true)).toBeNull();
    expect(oss.asked).toHaveLength(1);
  });
  it('is used again once for each time that the document is opened, and not by a small copy', async () => {
    const page = { pageNumber: 1, target: 'png' } as const;
    const { handle, version } = await opened();
    documents.want(handle, 'png', [1]);
    await settle();
    await documents.picture(handle, version, page, false);
    for (const _scrolledBy of [1, 2, 3]) await documents.picture(handle, version, page, true);
    expect(reused).toBe(0);
    documents.close(handle);
    const again = await opened();
    await documents.picture(again.handle, version, page, false);
    expect(reused).toBe(0);
    for (const _scrolledBy of [1, 2, 3]) await documents.picture(again.handle, version, page, true);
    expect(reused).toBe(1);
  });
  it('is still here, with what is known of the end, when the document is opened again', async () => {
    const first = await opened();
    documents.want(first.handle, 'png', [13, 14, 15]);
    await settle();
    documents.close(first.handle);
    clock.pass(1000);
    told = [];
    const again = await opened();
    expect(again.handle).not.toBe(first.handle);
    expect(again).toMatchObject({ version: first.version, pages: { atLeast: 14, total: 14 } });
    clock.pass(0);
    expect(told[0]?.event.pages.map((page) => [page.pageNumber, page.status])).toEqual([
      [13, 'ready'],
      [14, 'ready'],
      [15, 'failed'],
    ]);
    documents.want(again.handle, 'png', [13, 14, 15, 16]);
    await settle();
    expect(oss.asked).toHaveLength(3);
  });
  it('of an object that changed is no longer shown: same handle, new version', async () => {
    const before = await opened();
    documents.want(before.handle, 'png', [1]);
    await settle();
    oss.documents.set('q3/board.pptx', { pageCount: 3, etag: 'B' });
    const after = await opened();
    expect(after.handle).toBe(before.handle);
    expect(after.version).not.toBe(before.version);
    expect(after.pages).toEqual({ atLeast: 0, total: null, repeatsFrom: null });
    expect(await documents.picture(after.handle, before.version, { pageNumber: 1, target: 'png' }, true)).toBeNull();
    documents.want(after.handle, 'png', [1]);
    await settle();
    expect(await documents.picture(after.handle, after.version, { pageNumber: 1, target: 'png' }, true)).toEqual(
      pictureOf('q3/board.pptx B 1.png'),
    );
  });
  it('of an object that changed is no longer bought either', async () => {
    const { handle } = await opened();
    oss.hold();
    documents.want(handle, 'png', [1, 2, 3, 4, 5, 6]);
    oss.documents.set('q3/board.pptx', { pageCount: 3, etag: 'B' });
    await opened();
    await oss.release();
    expect(oss.asked).toHaveLength(4);
  });
  it('lies in files whose names say nothing, and is gone after the end', async () => {
    const { handle } = await opened();
    documents.want(handle, 'png', [1]);
    // Written beside what is going on: a busy disk takes its time.
    const [run] = await vi.waitFor(async () => {
      const found = await readdir(folder);
      expect(found).toHaveLength(1);
      return found;
    });
    for (const file of await readdir(path.join(folder, run!))) expect(file).toMatch(/^[a-f0-9]{64}-1\.png(\.part)?$/);
    await documents.dispose();
    expect(await readdir(folder)).toEqual([]);
  });
  it('in a window that was closed is not told to anybody', async () => {
    const { handle } = await opened();
    oss.hold();
    documents.want(handle, 'png', [1]);
    documents.closeAll('window 1');
    await oss.release();
    clock.pass(1000);
    expect(told).toEqual([]);
    expect(oss.sold).toHaveLength(1);
  });
});
