/** Finding ends, and never a wrong one: services that refuse, clamp or fill with blank pages; twins and blanks at the end. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ok } from '#contract/errors.ts';
import { mostToFind } from '#services/end-price.ts';
import { findEnd, makeEndFinder, nextProbe, type EndFound } from '#services/end-search.ts';
import { makePageCount } from '#services/page-count.ts';
import { makePageCache, type PageCache } from '#services/page-cache.ts';
import { makePageScheduler } from '#services/page-scheduler.ts';
import { makePageStore, type PageStore } from '#services/page-store.ts';
import { splitPointsFor, type SplitPoints } from '#services/split-points.ts';
import type { PageHint } from '#structure/page-hint.ts';
import { seeded } from '../renderer/seeded.ts';
import { makeHandClock } from './hand-clock.ts';
import { makeOssTwin, settle, type OssTwin, type TwinDocument } from './oss-twin.ts';

const COST = 0.2;
const never = new AbortController().signal;

let folder: string;
let cache: PageCache;
let points: SplitPoints;
let stores = 0;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'end-search-'));
  cache = makePageCache({ rootFolder: folder });
  points = await splitPointsFor(COST);
});
afterAll(async () => {
  await cache.dispose();
  await rm(folder, { recursive: true, force: true });
});

interface Opened {
  oss: OssTwin;
  store: PageStore;
  find(): Promise<EndFound>;
}

/** A document of which page 1 is here and of which the file says `hint`. */
async function open(document: TwinDocument, hint: PageHint | null = null): Promise<Opened> {
  const oss = makeOssTwin({ 'a.pdf': document });
  const { now, later } = makeHandClock();
  const store = makePageStore({
    cacheName: `a${(stores += 1)}`,
    document: { bucket: 'reports', key: 'a.pdf', versionId: null, source: 'pdf' },
    client: () => ok(oss),
    cache,
    scheduler: makePageScheduler({ later }),
    now,
    onReuse: () => undefined,
    onBought: () => undefined,
    lifetime: never,
  });
  await store.fetch({ target: 'png', pageNumber: 1 }, never);
  if (hint) store.count.sawHint(hint);
  const find = async (): Promise<EndFound> => {
    const found = await findEnd({ pages: store, target: 'png', points }, never);
    if (!found.ok) throw new Error(found.error.code);
    return found.value;
  };
  return { oss, store, find };
}

/** Pictures and failed calls by the table alone, from page 1 on. */
function byTable(total: number): { pictures: number; failures: number } {
  const gone: { here: number; gone: number; hint: null } = { here: 1, gone: 2001, hint: null };
  let [pictures, failures] = [0, 0];
  for (let at = nextProbe(gone, points); at !== null; at = nextProbe(gone, points)) {
    if (at <= total) [gone.here, pictures] = [at, pictures + 1];
    else [gone.gone, failures] = [at, failures + 1];
  }
  return { pictures, failures };
}

describe('finding the end', () => {
  it('with a true hint takes the picture of the last page and one failed call', async () => {
    for (const pageCount of [2, 37, 1999]) {
      const { oss, find } = await open({ pageCount }, { kind: 'likely', pages: pageCount });
      expect(await find()).toEqual({ kind: 'found', total: pageCount, bought: 1 });
      expect(oss.asked.slice(1)).toEqual([`a.pdf ${pageCount}.png`, `a.pdf ${pageCount + 1}.png`]);
    }
  });
  it('with a hint that is a little wrong stays near it', async () => {
    for (const [said, pageCount] of [
      [46, 49],
      [46, 41],
      [9, 10],
      [2, 1],
    ] as const) {
      const { oss, find } = await open({ pageCount }, { kind: 'likely', pages: said });
      expect(await find()).toMatchObject({ kind: 'found', total: pageCount });
      expect(oss.sold.length - 1).toBeLessThanOrEqual(5);
    }
  });
  it('asks nothing at all where the file itself was counted, and nothing twice', async () => {
    const counted = await open({ pageCount: 37 }, { kind: 'exact', pages: 37 });
    expect(await counted.find()).toEqual({ kind: 'found', total: 37, bought: 0 });
    expect(counted.oss.asked).toHaveLength(1);
    const { oss, store, find } = await open({ pageCount: 37 });
    await find();
    await find();
    expect(new Set(oss.asked).size).toBe(oss.asked.length);
    for (const sold of oss.sold)
      expect(store.isHere({ target: 'png', pageNumber: Number(/ (\d+)/.exec(sold)![1]) })).toBe(true);
  });
  it('stops when it is told to, and a failure is its end', async () => {
    const { oss, store } = await open({ pageCount: 500 });
    oss.hold();
    const stopper = new AbortController();
    const search = findEnd({ pages: store, target: 'png', points }, stopper.signal);
    await settle();
    stopper.abort();
    await oss.release();
    await search;
    const asked = oss.asked.length;
    expect(asked).toBeLessThanOrEqual(2);
    await settle();
    expect(oss.asked).toHaveLength(asked);
  });
  it('ends where an answer moves nothing, whatever the reason', async () => {
    const { store } = await open({ pageCount: 7 });
    // Nobody tells this count of what comes.
    const deaf = { count: makePageCount(), fetch: store.fetch };
    expect(await findEnd({ pages: deaf, target: 'png', points }, never)).toEqual({
      ok: true,
      value: { kind: 'doubt', pageNumber: 1, bought: 0 },
    });
    deaf.count.sawGood({ target: 'png', pageNumber: 1 }, 'p1');
    deaf.count.sawHint({ kind: 'likely', pages: 9 });
    expect(await findEnd({ pages: deaf, target: 'png', points }, never)).toMatchObject({
      error: { code: 'snapshot.pageOutOfRange' },
    });
  });
  it('goes by a page that was refused although one below it is to be asked again', async () => {
    const { oss, store, find } = await open({ pageCount: 7 }, { kind: 'likely', pages: 9 });
    for (const pageNumber of [9, 8]) await store.fetch({ target: 'png', pageNumber }, never);
    store.retry({ target: 'png', pageNumber: 8 });
    expect(await find()).toMatchObject({ kind: 'found', total: 7 });
    expect(oss.asked.filter((page) => page === 'a.pdf 9.png')).toHaveLength(1);
  });
  it('says beforehand about how many pictures it takes', async () => {
    const finder = makeEndFinder({ failedCallCost: () => COST, onReady: () => undefined });
    const { store } = await open({ pageCount: 37 }, { kind: 'likely', pages: 37 });
    expect(finder.view(store).toFind).toBe(1);
    await store.fetch({ target: 'png', pageNumber: 37 }, never);
    expect(finder.view(store).toFind).toBe(0);
    const unknown = await open({ pageCount: 37 });
    finder.view(unknown.store);
    await settle();
    expect(finder.view(unknown.store).toFind).toBe(3);
  });
});

describe('what finding an end can come to', () => {
  /** What a search for each end takes, from page 1 on. */
  function searchAll(hint: number | null, split: SplitPoints): { pictures: number; refused: number }[] {
    return Array.from({ length: 2000 }, (_, index) => {
      let [here, gone, pictures, refused] = [1, 2001, 0, 0];
      for (let at = nextProbe({ here, gone, hint }, split); at; at = nextProbe({ here, gone, hint }, split)) {
        if (at <= index + 1) [here, pictures] = [at, pictures + 1];
        else [gone, refused] = [at, refused + 1];
      }
      return { pictures, refused };
    });
  }
  it.each([null, 1, 9, 200, 1999])(
    'is what the worst document takes, and no document more, with the hint %s',
    (hint) => {
      const all = searchAll(hint, points);
      const next = (here: number, gone: number): number | null => nextProbe({ here, gone, hint }, points);
      expect(mostToFind(1, 2001, next, COST)).toEqual({
        pictures: Math.max(...all.map(({ pictures }) => pictures)),
        withRefused: Math.max(...all.map(({ pictures, refused }) => pictures + refused * COST)),
      });
    },
  );
  // The list of jobs says so much at most for them.
  it.each([0.05, 0.2, 1])('is never more than nine pictures for refused calls, where one costs %s', async (cost) => {
    const split = await splitPointsFor(cost);
    for (const hint of [null, 9, 200]) {
      const most = Math.max(...searchAll(hint, split).map(({ refused }) => refused));
      expect(most * cost).toBeLessThanOrEqual(9);
    }
  });
  it('is said as soon as it is reckoned, with a hint and without', async () => {
    const finder = makeEndFinder({ failedCallCost: () => COST, onReady: () => undefined });
    const hinted = await open({ pageCount: 37 }, { kind: 'likely', pages: 37 });
    expect(finder.view(hinted.store)).not.toHaveProperty('toFindMost');
    await settle();
    const { toFind, toFindMost } = finder.view(hinted.store);
    expect(toFindMost!.pictures).toBeGreaterThan(toFind!);
    expect(toFindMost!.withRefused).toBeGreaterThanOrEqual(toFindMost!.pictures);
    expect(finder.view((await open({ pageCount: 37 })).store).toFindMost!.pictures).toBeGreaterThan(3);
  });
});

describe('an end is never a wrong one', () => {
  const random = seeded(20_260_115);
  const few = [1, 2, 3, 5, 8, 13, 29, 60];
  const all = [...Array.from({ length: 60 }, (_, index) => index + 1), 61, 99, 240, 500, 777, 1250, 1998, 1999, 2000];
  const seededTotals = Array.from({ length: 20 }, () => 61 + Math.floor(random() * 1939));
  const ENDS = ['plain', 'twin', 'blank', 'blank twins'] as const;
  const toDocument = (pageCount: number, end: (typeof ENDS)[number], pastTheEnd: TwinDocument['pastTheEnd']) => ({
    pageCount,
    ...(pastTheEnd && { pastTheEnd }),
    repeats: end === 'twin' && pageCount > 1 ? [pageCount] : [],
    blanks: end === 'blank' ? [pageCount] : end === 'blank twins' ? [pageCount - 1, pageCount] : [],
  });

  it('where the service refuses: found for every number, for as much as the table says', async () => {
    for (const pageCount of [...all, ...seededTotals]) {
      const { oss, store, find } = await open({ pageCount });
      expect(await find()).toMatchObject({ kind: 'found', total: pageCount });
      expect(store.count.view().total).toBe(pageCount);
      const { pictures, failures } = byTable(pageCount);
      expect([oss.sold.length - 1, oss.asked.length - oss.sold.length]).toEqual([pictures, failures]);
    }
  }, 60_000);

  for (const pastTheEnd of ['refuse', 'clamp', 'blank'] as const) {
    it(`whatever is known, with twins and blank pages at the end: a service that answers ${pastTheEnd}`, async () => {
      for (const pageCount of [...few, ...seededTotals.slice(0, 4), 2000]) {
        for (const end of ENDS) {
          const hints: (PageHint | null)[] = [
            null,
            { kind: 'likely', pages: pageCount },
            { kind: 'likely', pages: Math.max(1, pageCount - 3) },
            { kind: 'likely', pages: pageCount + 4 },
            { kind: 'least', pages: Math.max(1, Math.floor(pageCount / 2)) },
            { kind: 'exact', pages: pageCount },
          ];
          for (const hint of hints) {
            const { oss, store, find } = await open(toDocument(pageCount, end, pastTheEnd), hint);
            const check = (): void => {
              const { total, proof } = store.count.view();
              if (total === null) return;
              expect({ pageCount, end, hint, proof, total }).toEqual({ pageCount, end, hint, proof, total: pageCount });
            };
            check();
            for (let times = 0; times < 3; times += 1) {
              const found = await find();
              check();
              if (found.kind === 'found') expect(found.total).toBe(pageCount);
            }
            // Page 2,001 cannot be asked for: a last page like another one proves nothing there.
            const isProvable = pageCount < 2000 || end === 'plain';
            if ((pastTheEnd === 'refuse' && isProvable) || hint?.kind === 'exact') {
              expect(store.count.view().total).toBe(pageCount);
            }
            // Reading on past the end, as somebody does who goes on in spite of the doubt.
            const { atLeast } = store.count.view();
            for (let page = atLeast + 1; page <= Math.min(atLeast + 3, 2000); page += 1) {
              await store.fetch({ target: 'png', pageNumber: page }, never);
              check();
            }
            expect(new Set(oss.asked).size).toBe(oss.asked.length);
          }
        }
      }
    }, 120_000);
  }

  it('where a service never refuses, a search ends after few pictures', async () => {
    for (const pastTheEnd of ['clamp', 'blank'] as const) {
      for (const pageCount of [1, 7, 37, 900]) {
        const blind = await open({ pageCount, pastTheEnd });
        expect((await blind.find()).kind).toBe('doubt');
        expect(blind.oss.sold.length - 1).toBeLessThanOrEqual(byTable(pageCount).pictures + 2);
        const hinted = await open({ pageCount, pastTheEnd }, { kind: 'likely', pages: pageCount });
        expect((await hinted.find()).kind).toBe('doubt');
        expect(hinted.oss.sold.length - 1).toBeLessThanOrEqual(2);
        expect(hinted.store.count.view()).toMatchObject({ total: null, hint: { kind: 'likely', pages: pageCount } });
      }
    }
  });
});
