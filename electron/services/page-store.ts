/**
 * The pages of one version of one document: which pictures are here, which are being made, which failed and why.
 * Everybody who wants a page, viewer and export alike, comes here, so that a page is asked of the service once.
 */
import { createHash } from 'node:crypto';
import type { PageStateView, Target } from '#contract/contract.ts';
import { fail, ok, type AppError, type Result } from '#contract/errors.ts';
import { isBlankPicture } from './blank-picture.ts';
import type { OssClient, PagePicture, SnapshotRequest } from './oss-client.ts';
import type { PageHint } from '#structure/page-hint.ts';
import type { PageCache } from './page-cache.ts';
import { makePageCount, type PageCount, type ProvenEnd } from './page-count.ts';
import { makePageFlags, type PageFlags } from './page-flags.ts';
import type { PageLooks } from './page-looks.ts';
import type { Lane, PageScheduler, PageSource, RunEnd } from './page-scheduler.ts';

/** One page in one format: what is bought, kept and shown as one thing. */
export interface PageName {
  target: Target;
  /** From 1. */
  pageNumber: number;
}

/** A picture for an export, and whether it was bought for it just now. */
export interface FetchedPage {
  picture: PagePicture;
  isBought: boolean;
}

/** Somebody with a view of the document: an open document of a window. */
export interface PageViewer {
  /** The pages wanted now, most wanted first; replaces the list before. */
  want(pages: readonly PageName[]): void;
  /** Wants nothing more and hears nothing more. What is on the wire is finished and kept. */
  leave(): void;
}

export interface PageStore {
  readonly count: PageCount;
  state(page: PageName): PageStateView;
  /** Every page that is here, being made or failed. */
  touched(): PageName[];
  isHere(page: PageName): boolean;
  /** Why no page is bought for anybody now; what is wanted waits. Null: pages are bought. */
  held(): AppError | null;
  /** Adds a viewer; `onChange` is called for every page whose state may have changed. */
  view(onChange: (page: PageName) => void): PageViewer;
  /**
   * The picture if it is here, or as soon as the request that is on its way for it ends. Never asks the service. Null:
   * not here. `isUse`: without it the picture would have been bought now; it counts as used again.
   */
  read(page: PageName, isUse: boolean): Promise<PagePicture | null>;
  /**
   * The picture for an export: from here, from a request that runs already, or bought after all pages in view. A page
   * that failed without cost is asked again; one that may have been paid answers its failure until `retry`. Aborting
   * takes the page out of the line with `cancelled`; a request on the wire is waited for, as it costs either way.
   * Errors: as OssClient.snapshot.
   */
  fetch(page: PageName, signal: AbortSignal): Promise<Result<FetchedPage>>;
  /** Takes in pages of earlier runs that could not be read when the document was opened. Who waits for one has it. */
  learn(pages: KeptFromBefore['pages']): void;
  /** Forgets the failure of one page. */
  retry(page: PageName): void;
  /** Forgets the failures that cost nothing: the document was opened anew. */
  forgetFreeFailures(): void;
}

/** How often a page that was answered "too many requests" goes back into the line before that is its failure. */
const THROTTLED_TRIES = 10;

/** The format that the viewer shows, and pages are judged in. */
const LOOKED_AT: Target = 'png';

const CANCELLED = fail('cancelled', 'The page was taken out of the line.');

interface Waiter {
  readonly signal: AbortSignal;
  give(end: Result<FetchedPage>): void;
}

interface Entry {
  readonly page: PageName;
  /** The request on the wire, resolved when its end is booked. */
  running: Promise<void> | null;
  /** When that request was sent, epoch ms. */
  sinceMs: number;
  failure: AppError | null;
  throttledTimes: number;
  /** Bought and not used yet: the first use is what it was bought for, every further one is saved money. */
  isFresh: boolean;
  /** Of an earlier run, and not shown in this one yet: it is looked at when it is. */
  isFromBefore: boolean;
  /** Exports that wait for it, first come first. */
  readonly waiting: Set<Waiter>;
}

/** Pages of a document version that came in earlier runs, and its end where that was proven. */
export interface KeptFromBefore {
  pages: readonly (PageName & { fingerprint: string; isBlank?: boolean | undefined })[];
  end: ProvenEnd | null;
}

/** What a store needs to know of its document and its surroundings. */
export interface PageStoreOptions {
  /** Start of this document version's names in the cache; no other version has it. */
  cacheName: string;
  document: Omit<SnapshotRequest, 'target' | 'pageNumber'>;
  client: () => Result<OssClient>;
  cache: PageCache;
  scheduler: PageScheduler;
  now: () => number;
  /** A picture was used again without being bought again. */
  onReuse: () => void;
  /** What is here from earlier runs. */
  kept?: KeptFromBefore;
  /** The end is proven; or (null) it is not, or in doubt again. */
  onEnd?: (end: ProvenEnd | null) => void;
  /** A picture was bought. `fingerprint` is the same for the same bytes; `versionId` is the one that the answer named. */
  onBought: (page: PageName, fingerprint: string, versionId: string | null) => void;
  /** Ends requests on the wire: only when the app quits. */
  lifetime: AbortSignal;
  /**
   * Looks into the document's own bytes for its number of pages: once, when the first page was asked for. Null: not now.
   */
  peek?: () => Promise<PageHint | null> | null;
  /** Looks at the pictures that the viewer shows; without it no page has flags. */
  looks?: Pick<PageLooks, 'look'>;
}

/** Opens the pages of one document version, for the rest of the run. */
export function makePageStore(options: PageStoreOptions): PageStore {
  const { cache, scheduler, now, lifetime } = options;
  const count = makePageCount();
  const entries = new Map<string, Entry>();
  const viewers = new Set<{ wanted: readonly PageName[]; onChange: (page: PageName) => void }>();
  /** Pages that exports wait for and nobody has asked the service for yet, in the order they came. */
  let exportLine: PageName[] = [];

  const flags: PageFlags | null = options.looks
    ? makePageFlags({
        looks: options.looks,
        read: (pageNumber) => cache.read(cacheNameOf({ target: LOOKED_AT, pageNumber })),
        isSameAsBefore: count.looksLikePageBefore,
        onChange: (pageNumber) => tell({ target: LOOKED_AT, pageNumber }),
      })
    : null;
  /** Only what somebody has before them is looked at, in the format that the viewer shows. */
  const lookAt = ({ target, pageNumber }: PageName): void => {
    if (viewers.size > 0 && target === LOOKED_AT) flags?.saw(pageNumber);
  };

  const idOf = (page: PageName): string => `${page.pageNumber}.${page.target}`;
  const cacheNameOf = (page: PageName): string => `${options.cacheName}-${idOf(page)}`;
  const isHere = (page: PageName): boolean => cache.facts(cacheNameOf(page)) !== null;
  const entryOf = (page: PageName): Entry => {
    const id = idOf(page);
    const known = entries.get(id);
    if (known) return known;
    const entry: Entry = {
      page: { target: page.target, pageNumber: page.pageNumber },
      running: null,
      sinceMs: 0,
      failure: null,
      throttledTimes: 0,
      isFresh: false,
      isFromBefore: false,
      waiting: new Set(),
    };
    entries.set(id, entry);
    return entry;
  };
  const tell = (page: PageName): void => {
    for (const viewer of viewers) viewer.onChange(page);
  };
  const isWanted = (page: PageName): boolean => {
    const id = idOf(page);
    return [...viewers].some((viewer) => viewer.wanted.some((wanted) => idOf(wanted) === id));
  };
  /** True when the next step of this page is to ask the service. */
  const isToBuy = (page: PageName): boolean => {
    const entry = entries.get(idOf(page));
    return !entry?.running && !entry?.failure && !isHere(page) && !count.isPastEnd(page.pageNumber);
  };
  const pastEnd = (page: PageName): AppError => {
    const { total } = count.view();
    const detail: AppError['detail'] = total === null ? {} : { lastPage: total };
    return fail('snapshot.pageOutOfRange', `Page ${page.pageNumber} is past the end.`, { detail }).error;
  };
  const use = (entry: Entry): void => {
    if (entry.isFresh) entry.isFresh = false;
    else options.onReuse();
  };
  const joinExportLine = (page: PageName): void => {
    const id = idOf(page);
    if (!exportLine.some((other) => idOf(other) === id)) exportLine.push(page);
  };
  const leaveExportLine = (page: PageName): void => {
    const id = idOf(page);
    exportLine = exportLine.filter((other) => idOf(other) !== id);
  };
  const giveAll = (entry: Entry, end: Result<PagePicture>, isBought: boolean): void => {
    let isFirst = true;
    for (const { give } of entry.waiting) {
      if (end.ok) use(entry);
      give(end.ok ? ok({ picture: end.value, isBought: isBought && isFirst }) : end);
      isFirst = false;
    }
    entry.waiting.clear();
  };
  /** Answers those who wait for a page that came from the disk meanwhile. One that cannot be read is bought after all. */
  const giveKept = async (entry: Entry): Promise<void> => {
    const picture = await cache.read(cacheNameOf(entry.page));
    if (picture) {
      leaveExportLine(entry.page);
      giveAll(entry, ok(picture), false);
    } else if (entry.waiting.size > 0 && !entry.running) {
      joinExportLine(entry.page);
      scheduler.wake(source, 'export');
    }
    tell(entry.page);
  };
  const drop = (entry: Entry, waiter: Waiter): void => {
    entry.waiting.delete(waiter);
    if (entry.waiting.size === 0) leaveExportLine(entry.page);
    tell(entry.page);
    waiter.give(CANCELLED);
  };
  /** A refusal settles every later page too: whoever waits for one of them is answered without a request. */
  const settlePagesPastEnd = (): void => {
    for (const entry of entries.values()) {
      if (entry.running || !count.isPastEnd(entry.page.pageNumber)) continue;
      leaveExportLine(entry.page);
      giveAll(entry, { ok: false, error: entry.failure ?? pastEnd(entry.page) }, false);
      tell(entry.page);
    }
    for (const viewer of viewers) for (const page of viewer.wanted) if (count.isPastEnd(page.pageNumber)) tell(page);
  };

  /** True for a refusal that says nothing about the page: too many requests, or a token that has ended. */
  const isBackInLine = (entry: Entry, error: AppError): boolean => {
    if (error.code === 'oss.tokenExpired') return true;
    if (error.code !== 'oss.throttled') return false;
    entry.throttledTimes += 1;
    return entry.throttledTimes <= THROTTLED_TRIES;
  };

  const book = (entry: Entry, lane: Lane, end: Result<PagePicture>): void => {
    const { page } = entry;
    entry.running = null;
    if (end.ok) {
      const hash = createHash('sha256').update(end.value.bytes).digest('base64');
      const isBlank = count.mayBePastEnd(page, hash) ? isBlankPicture(end.value) : undefined;
      cache.keep(cacheNameOf(page), { ...end.value, ...(isBlank !== undefined && { isBlank }) });
      count.sawGood(page, hash, isBlank);
      options.onBought(page, hash, end.value.versionId ?? null);
      entry.isFresh = true;
      lookAt(page);
      giveAll(entry, end, lane === 'export');
    } else if (isHere(page)) {
      void giveKept(entry);
    } else if (isBackInLine(entry, end.error)) {
      // Nothing was made and nothing paid: back into the line, before the pages that came later.
      for (const waiter of entry.waiting) if (waiter.signal.aborted) drop(entry, waiter);
      if (entry.waiting.size > 0) exportLine = [page, ...exportLine];
    } else if (end.error.code === 'cancelled') {
      giveAll(entry, end, false);
    } else {
      entry.failure = end.error;
      giveAll(entry, end, false);
      if (end.error.code === 'snapshot.pageOutOfRange') {
        count.sawRefused(page.pageNumber);
        settlePagesPastEnd();
      }
    }
    options.onEnd?.(count.end());
    tell(page);
  };
  const buy = async (entry: Entry, lane: Lane): Promise<RunEnd> => {
    const ask = async (): Promise<Result<PagePicture>> => {
      const client = options.client();
      return client.ok ? client.value.snapshot({ ...options.document, ...entry.page }, lifetime) : client;
    };
    leaveExportLine(entry.page);
    entry.sinceMs = now();
    const asked = ask();
    let booked = (): void => undefined;
    entry.running = new Promise((resolve) => (booked = resolve));
    tell(entry.page);
    const end = await asked;
    book(entry, lane, end);
    booked();
    return { error: end.ok ? null : end.error };
  };

  let isPeeked = false;
  const peek = async (): Promise<void> => {
    if (isPeeked || count.view().total !== null) return;
    const looking = options.peek?.() ?? null;
    if (!looking) return;
    isPeeked = true;
    const hint = await looking;
    if (!hint || lifetime.aborted) return;
    count.sawHint(hint);
    settlePagesPastEnd();
    options.onEnd?.(count.end());
    tell({ target: LOOKED_AT, pageNumber: 1 });
  };

  const source: PageSource = {
    next(lane) {
      const wanted = lane === 'view' ? [...viewers].reverse().flatMap((viewer) => viewer.wanted) : exportLine;
      const page = wanted.find(isToBuy);
      return page ? () => buy(entryOf(page), lane) : null;
    },
  };
  scheduler.add(source);
  const takeIn = ({ fingerprint, isBlank, ...page }: KeptFromBefore['pages'][number]): Entry => {
    const entry = entryOf(page);
    entry.isFromBefore = true;
    count.sawKept(page, fingerprint, isBlank);
    return entry;
  };
  for (const page of options.kept?.pages ?? []) takeIn(page);
  if (options.kept?.end) count.sawEnd(options.kept.end);

  return {
    count,
    isHere,
    held: () => scheduler.held(),
    touched: () =>
      [...entries.values()]
        .filter((entry) => entry.running !== null || entry.failure !== null || isHere(entry.page))
        .map((entry) => entry.page),
    state(page) {
      const { target, pageNumber } = page;
      const entry = entries.get(idOf(page));
      const facts = cache.facts(cacheNameOf(page));
      if (facts) {
        const { widthPx, heightPx, sizeBytes } = facts;
        const found = target === LOOKED_AT ? (flags?.of(pageNumber) ?? []) : [];
        const more = found.length > 0 ? { flags: found } : {};
        return { target, pageNumber, status: 'ready', widthPx, heightPx, sizeBytes, ...more };
      }
      if (entry?.running) return { target, pageNumber, status: 'converting', sinceMs: entry.sinceMs };
      if (entry?.failure) return { target, pageNumber, status: 'failed', error: entry.failure };
      if (count.isPastEnd(pageNumber)) return { target, pageNumber, status: 'failed', error: pastEnd(page) };
      return { target, pageNumber, status: entry?.waiting.size || isWanted(page) ? 'queued' : 'idle' };
    },
    view(onChange) {
      const viewer = { wanted: [] as readonly PageName[], onChange };
      viewers.add(viewer);
      for (const { page, isFromBefore } of entries.values()) if (!isFromBefore && isHere(page)) lookAt(page);
      const replace = (pages: readonly PageName[]): void => {
        const before = viewer.wanted;
        viewer.wanted = pages;
        for (const page of [...before, ...pages]) if (isToBuy(page)) tell(page);
      };
      return {
        want(pages) {
          replace(pages);
          scheduler.wake(source, 'view');
          // Behind the first page, which it must not hold up.
          if (pages.length > 0) void peek();
        },
        leave() {
          replace([]);
          viewers.delete(viewer);
        },
      };
    },
    async read(page, isUse) {
      const entry = entryOf(page);
      await entry.running;
      if (!isHere(page)) return null;
      const picture = await cache.read(cacheNameOf(page));
      if (!picture) tell(page);
      else {
        if (isUse) use(entry);
        entry.isFromBefore = false;
        lookAt(page);
      }
      return picture;
    },
    async fetch(page, signal) {
      const entry = entryOf(page);
      // It may go, and come again with its key, while it is read.
      while (isHere(page)) {
        const kept = await cache.read(cacheNameOf(page));
        if (signal.aborted) return CANCELLED;
        if (!kept) continue;
        use(entry);
        return ok({ picture: kept, isBought: false });
      }
      if (signal.aborted) return CANCELLED;
      const { failure } = entry;
      if (failure && (failure.charged === 'unclear' || failure.code === 'snapshot.pageOutOfRange')) {
        // It was refused, whatever has been doubted since.
        if (failure.code === 'snapshot.pageOutOfRange') count.sawRefused(page.pageNumber);
        return { ok: false, error: failure };
      }
      if (count.isPastEnd(page.pageNumber)) return { ok: false, error: pastEnd(page) };
      entry.failure = null;
      return new Promise((resolve) => {
        const stop = (): void => {
          if (!entry.running) drop(entry, waiter);
        };
        const give = (end: Result<FetchedPage>): void => {
          signal.removeEventListener('abort', stop);
          resolve(end);
        };
        const waiter = { signal, give };
        signal.addEventListener('abort', stop, { once: true });
        if (!entry.running) joinExportLine(entry.page);
        entry.waiting.add(waiter);
        tell(page);
        scheduler.wake(source, 'export');
      });
    },
    learn(pages) {
      for (const entry of pages.map(takeIn)) {
        entry.failure = null;
        // What is on the wire is paid: who waits for it has that picture, or this one if it fails.
        if (entry.waiting.size > 0 && !entry.running) void giveKept(entry);
        tell(entry.page);
      }
      settlePagesPastEnd();
      options.onEnd?.(count.end());
    },
    retry(page) {
      const entry = entryOf(page);
      entry.failure = null;
      entry.throttledTimes = 0;
      count.doubt(page.pageNumber);
      tell(page);
      scheduler.wake(source, 'view');
    },
    forgetFreeFailures() {
      for (const entry of entries.values()) {
        if (!entry.failure || entry.failure.charged === 'unclear') continue;
        if (entry.failure.code === 'snapshot.pageOutOfRange') continue;
        entry.failure = null;
        entry.throttledTimes = 0;
        tell(entry.page);
      }
    },
  };
}
