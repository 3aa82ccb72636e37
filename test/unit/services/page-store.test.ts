import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fail, ok } from '#contract/errors.ts';
import { makePageCache, type PageCache } from '#services/page-cache.ts';
import { makePageScheduler } from '#services/page-scheduler.ts';
import { makePageStore, type PageName, type PageStore } from '#services/page-store.ts';
import { makeHandClock, type HandClock } from './hand-clock.ts';
import { makeOssTwin, pictureOf, settle, type OssTwin, type TwinDocument } from './oss-twin.ts';

const png = (...pages: number[]): PageName[] => pages.map((pageNumber) => ({ pageNumber, target: 'png' }));
const page = (pageNumber: number): PageName => ({ pageNumber, target: 'png' });
const never = new AbortController().signal;
const UNAVAILABLE = fail('oss.unavailable', 'Internal error.', { status: 500, retryable: true }).error;
const UNCLEAR = fail('snapshot.unclear', 'No whole answer.', { charged: 'unclear' }).error;
const THROTTLED = fail('oss.throttled', 'Too many requests.', { status: 503, retryable: true }).error;

let folder: string;
let cache: PageCache;
let clock: HandClock;
let reused: number;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'page-store-'));
  cache = makePageCache({ rootFolder: folder });
  clock = makeHandClock();
  reused = 0;
});
afterEach(async () => {
  await cache.dispose();
  await rm(folder, { recursive: true, force: true });
});

function openStore(
  document: Partial<TwinDocument> = {},
  atOnce = 4,
): { oss: OssTwin; store: PageStore; end: () => void } {
  const oss = makeOssTwin({ 'a.pdf': { pageCount: 37, ...document } });
  const life = new AbortController();
  const store = makePageStore({
    cacheName: 'a',
    document: { bucket: 'reports', key: 'a.pdf', versionId: null, source: 'pdf' },
    client: () => ok(oss),
    cache,
    scheduler: makePageScheduler({ mostAtOnce: atOnce, later: clock.later }),
    now: clock.now,
    onReuse: () => (reused += 1),
    onBought: () => undefined,
    lifetime: life.signal,
  });
  return { oss, store, end: () => life.abort() };
}
const statusOf = (store: PageStore, ...pages: number[]): string[] =>
  png(...pages).map((one) => store.state(one).status);

describe('pages in view', () => {
  it('are bought in the order wanted and become ready with their size', async () => {
    const { oss, store } = openStore();
    const heard: number[] = [];
    oss.hold();
    const viewer = store.view(({ pageNumber }) => heard.push(pageNumber));
    viewer.want(png(3, 4, 2, 5, 6));
    expect(oss.asked).toEqual(['a.pdf 3.png', 'a.pdf 4.png', 'a.pdf 2.png', 'a.pdf 5.png']);
    expect(statusOf(store, 3, 6, 7)).toEqual(['converting', 'queued', 'idle']);
    expect(store.state(page(3))).toMatchObject({ sinceMs: clock.now() });
    await oss.release();
    expect(store.state(page(6))).toEqual({
      pageNumber: 6,
      target: 'png',
      status: 'ready',
      widthPx: 1240,
      heightPx: 1754,
      sizeBytes: pictureOf('a.pdf A 6.png').bytes.length,
    });
    expect(new Set(heard)).toEqual(new Set([2, 3, 4, 5, 6]));
  });
  it('that left the list are not bought; what is on the wire is finished and kept', async () => {
    const { oss, store } = openStore();
    oss.hold();
    const viewer = store.view(() => undefined);
    viewer.want(png(1, 2, 3, 4, 5, 6));
    viewer.want(png(30));
    expect(statusOf(store, 1, 5, 30)).toEqual(['converting', 'idle', 'queued']);
    await oss.release();
    expect(oss.sold).toEqual(['a.pdf 1.png', 'a.pdf 2.png', 'a.pdf 3.png', 'a.pdf 4.png', 'a.pdf 30.png']);
    expect(statusOf(store, 1, 5, 30)).toEqual(['ready', 'idle', 'ready']);
  });
  it('are never bought twice, however often they are wanted', async () => {
    const { oss, store } = openStore();
    const viewer = store.view(() => undefined);
    for (let round = 0; round < 20; round += 1) {
      viewer.want(png(1, 2, 3));
      viewer.want(png(2, 3, 4));
      if (round % 3 === 0) await settle();
    }
    await settle();
    expect(oss.asked.toSorted()).toEqual(['a.pdf 1.png', 'a.pdf 2.png', 'a.pdf 3.png', 'a.pdf 4.png']);
  });
  it('as PNG and as JPG are two purchases', async () => {
    const { oss, store } = openStore();
    store.view(() => undefined).want([page(1), { pageNumber: 1, target: 'jpg' }]);
    await settle();
    expect(oss.sold).toEqual(['a.pdf 1.png', 'a.pdf 1.jpg']);
  });
  it('that failed stay failed until they are retried', async () => {
    const { oss, store } = openStore({ misfortunes: new Map([[2, [UNAVAILABLE]]]) });
    const viewer = store.view(() => undefined);
    viewer.want(png(1, 2));
    await settle();
    expect(store.state(page(2))).toMatchObject({ status: 'failed', error: { code: 'oss.unavailable' } });
    viewer.want(png(2, 1));
    await settle();
    expect(oss.asked).toHaveLength(2);
    store.retry(page(2));
    await settle();
    expect(statusOf(store, 2)).toEqual(['ready']);
  });
  it('beyond a refused page are answered without asking', async () => {
    const { oss, store } = openStore({ pageCount: 3 });
    const viewer = store.view(() => undefined);
    viewer.want(png(1, 2, 3, 4));
    await settle();
    expect(store.count.view()).toEqual({ atLeast: 3, total: 3, repeatsFrom: null });
    viewer.want(png(9, 4, 3));
    await settle();
    expect(oss.asked).toHaveLength(4);
    expect(store.state(page(9))).toMatchObject({
      status: 'failed',
      error: { code: 'snapshot.pageOutOfRange', detail: { lastPage: 3 } },
    });
  });
  it('that the service is too busy for go back into the line and are not failures', async () => {
    const { oss, store } = openStore({ misfortunes: new Map([[1, [THROTTLED, THROTTLED]]]) });
    store.view(() => undefined).want(png(1));
    await settle();
    expect(statusOf(store, 1)).toEqual(['queued']);
    clock.pass(1000);
    await settle();
    clock.pass(1000);
    await settle();
    expect(statusOf(store, 1)).toEqual(['ready']);
    expect(oss.asked).toHaveLength(3);
  });
  it('are a failure when the service stays too busy', async () => {
    const { store } = openStore({ misfortunes: new Map([[1, Array.from({ length: 11 }, () => THROTTLED)]]) });
    store.view(() => undefined).want(png(1));
    for (let round = 0; round < 11; round += 1) {
      await settle();
      clock.pass(1000);
    }
    expect(store.state(page(1))).toMatchObject({ status: 'failed', error: { code: 'oss.throttled' } });
  });
  it('are wanted by nobody once their viewer left', async () => {
    const { oss, store } = openStore({}, 1);
    oss.hold();
    const viewer = store.view(() => undefined);
    viewer.want(png(1, 2, 3));
    viewer.leave();
    await oss.release();
    expect(oss.sold).toEqual(['a.pdf 1.png']);
    expect(statusOf(store, 1, 2)).toEqual(['ready', 'idle']);
  });
});

describe('reading a picture', () => {
  it('never buys it', async () => {
    const { oss, store } = openStore();
    expect(await store.read(page(1), true)).toBeNull();
    expect(oss.asked).toEqual([]);
  });
  it('waits for the request that is on its way', async () => {
    const { oss, store } = openStore();
    oss.hold();
    store.view(() => undefined).want(png(1));
    const reading = store.read(page(1), true);
    await oss.release();
    expect(await reading).toEqual(pictureOf('a.pdf A 1.png'));
  });
  it('counts every use but the one it was bought for as saved', async () => {
    const { store } = openStore();
    store.view(() => undefined).want(png(1));
    await settle();
    await store.read(page(1), true);
    expect(reused).toBe(0);
    await store.read(page(1), true);
    await store.fetch(page(1), never);
    expect(reused).toBe(2);
  });
});

describe('fetching for an export', () => {
  it('joins the request that the viewer has on the wire', async () => {
    const { oss, store } = openStore();
    oss.hold();
    store.view(() => undefined).want(png(1));
    const fetching = store.fetch(page(1), never);
    await oss.release();
    expect(await fetching).toEqual(ok({ picture: pictureOf('a.pdf A 1.png'), isBought: false }));
    expect(oss.asked).toEqual(['a.pdf 1.png']);
  });
  it('of one page by many is one purchase, on the bill of the first', async () => {
    const { oss, store } = openStore();
    const fetched = await Promise.all([1, 2, 3].map(() => store.fetch(page(1), never)));
    expect(fetched.map((one) => one.ok && one.value.isBought)).toEqual([true, false, false]);
    expect(oss.asked).toEqual(['a.pdf 1.png']);
  });
  it('waits behind pages in view', async () => {
    const { oss, store } = openStore({}, 1);
    oss.hold();
    const all = [1, 2, 3].map((one) => store.fetch(page(one), never));
    store.view(() => undefined).want(png(20, 3));
    await oss.release();
    await Promise.all(all);
    expect(oss.sold).toEqual(['a.pdf 1.png', 'a.pdf 20.png', 'a.pdf 3.png', 'a.pdf 2.png']);
  });
  it('can be taken out of the line; on the wire it is waited for', async () => {
    const { oss, store } = openStore({}, 1);
    oss.hold();
    const stopper = new AbortController();
    const first = store.fetch(page(1), stopper.signal);
    const second = store.fetch(page(2), stopper.signal);
    await settle();
    stopper.abort();
    expect(await second).toMatchObject({ ok: false, error: { code: 'cancelled' } });
    await oss.release();
    expect(await first).toMatchObject({ ok: true, value: { isBought: true } });
    expect(oss.asked).toEqual(['a.pdf 1.png']);
    expect(await store.fetch(page(3), AbortSignal.abort())).toMatchObject({ error: { code: 'cancelled' } });
    expect(oss.asked).toHaveLength(1);
  });
  it('that was stopped is not bought after "too many requests"', async () => {
    const { oss, store } = openStore({ misfortunes: new Map([[1, [THROTTLED]]]) });
    oss.hold();
    const stopper = new AbortController();
    const fetching = store.fetch(page(1), stopper.signal);
    await settle();
    stopper.abort();
    await oss.release();
    expect(await fetching).toMatchObject({ ok: false, error: { code: 'cancelled' } });
    clock.pass(10_000);
    await settle();
    expect(oss.asked).toHaveLength(1);
  });
  it('asks again what failed for free, but not what may have been paid', async () => {
    const { oss, store } = openStore({
      misfortunes: new Map([
        [1, [UNAVAILABLE]],
        [2, [UNCLEAR]],
      ]),
    });
    store.view(() => undefined).want(png(1, 2));
    await settle();
    expect(await store.fetch(page(1), never)).toMatchObject({ ok: true });
    expect(await store.fetch(page(2), never)).toMatchObject({ ok: false, error: { code: 'snapshot.unclear' } });
    expect(oss.asked).toHaveLength(3);
    store.retry(page(2));
    expect(await store.fetch(page(2), never)).toMatchObject({ ok: true });
  });
  it('settles all waiting pages past the end with one refusal', async () => {
    const { oss, store } = openStore({ pageCount: 1 }, 1);
    const all = await Promise.all([1, 2, 3, 4, 5].map((one) => store.fetch(page(one), never)));
    expect(all.map((one) => (one.ok ? 'ok' : one.error.code))).toEqual([
      'ok',
      ...Array(4).fill('snapshot.pageOutOfRange'),
    ]);
    expect(oss.asked).toEqual(['a.pdf 1.png', 'a.pdf 2.png']);
  });
  it('is cancelled when the app quits', async () => {
    const { oss, store, end } = openStore();
    oss.hold();
    const fetching = store.fetch(page(1), never);
    await settle();
    end();
    expect(await fetching).toMatchObject({ ok: false, error: { code: 'cancelled' } });
    expect(statusOf(store, 1)).toEqual(['idle']);
  });
});

describe('opening the document anew', () => {
  it('forgets what failed for free and keeps what may have been paid', async () => {
    const { store } = openStore({
      misfortunes: new Map([
        [1, [UNAVAILABLE]],
        [2, [UNCLEAR]],
      ]),
    });
    store.view(() => undefined).want(png(1, 2));
    await settle();
    store.forgetFreeFailures();
    await settle();
    expect(store.state(page(2))).toMatchObject({ status: 'failed' });
    expect(statusOf(store, 1)).not.toContain('failed');
  });
});
