/**
 * Open documents. The page of the app holds an opaque handle; bucket, key, account and version stay here. What was
 * bought of a document version stays, whether the document is open or not; of the samples, which cost nothing, for the
 * run.
 */
import type { DocumentView, EventOf, PageCountView, PageStateView, Parsed, Target } from '#contract/contract.ts';
import { fail, ok, type AppError, type Result } from '#contract/errors.ts';
import { DocumentHandle, PictureVersion, type AccountId } from '#contract/ids.ts';
import { extensionOf, sourceOfKey } from '#contract/source-types.ts';
import type { PageHint } from '#structure/page-hint.ts';
import { cacheNameOf, hashOf, nameOf, watchedAs } from './document-names.ts';
import { makeDocumentOpening } from './document-opening.ts';
import { makeEndFinder, type EndFound } from './end-search.ts';
import { peekIntoFile } from './file-peek.ts';
import type { Ledger } from './ledger.ts';
import type { OssClient, PagePicture } from './oss-client.ts';
import type { KeptPages } from './kept-pages.ts';
import { makePageCache } from './page-cache.ts';
import type { PageLooks } from './page-looks.ts';
import { makePageScheduler, type PageScheduler } from './page-scheduler.ts';
import { makePageStore, type KeptFromBefore, type PageName, type PageStore } from './page-store.ts';
import { jpgInstead, keptPagesOf, stateOf, type ShownVersion } from './shown-version.ts';
import { makeVersionWatch } from './version-watch.ts';
import { afterTimeout, makePace, type Later, type Pace } from './pace.ts';
import { SAMPLES } from './account-views.ts';

/** Who opened a document: one window, by an id that the shell makes. */
export type Owner = string;

/** A document for a job that outlives its window: it stays readable after the handle was closed. */
export interface HeldDocument {
  view: DocumentView;
  pages: PageStore;
  /** From now on, until the answer is called, nothing that is kept of it goes by itself. */
  stay(): () => void;
}

export interface Documents {
  /**
   * Opens a document with one HEAD; no picture is bought. The same document opened again by the same owner is the same
   * handle, with a new `version` when the object has changed; it is closed when it was closed as often as opened. Where
   * the service cannot be asked, what is kept of the document opens instead: `offline`, and no page of it is bought.
   * Where pages of it are kept and locked, the keychain is asked for their key; without it nothing opens unless the
   * person knows that they are bought again. Errors: snapshot.typeUnknown, snapshot.tooLarge, kept.locked, account.*,
   * keychain.*, net.*, oss.*, cancelled.
   */
  open(owner: Owner, input: Parsed<'documents.open'>, signal: AbortSignal): Promise<Result<DocumentView>>;
  close(handle: DocumentHandle): void;
  /** Closes everything of one owner: its window was reloaded or is gone. */
  closeAll(owner: Owner): void;
  /** Null when no such handle is open. */
  ownerOf(handle: string): Owner | null;
  /** What `documents.open` answered, with what is known of the pages now. Errors: document.closed. */
  view(handle: DocumentHandle): Result<DocumentView>;
  /** The pages wanted now, most wanted first; replaces the list before. Errors: document.closed. */
  want(
    handle: DocumentHandle,
    target: Target,
    pages: readonly number[],
  ): Result<{ pages: PageStateView[]; count: PageCountView }>;
  /** Forgets the failure of one page; if it is wanted, it is asked again. Errors: document.closed. */
  retry(handle: DocumentHandle, target: Target, pageNumber: number): Result<Record<string, never>>;
  /**
   * The picture for snapshot://. Waits for a request that is on its way and never starts one: only `want` and exports
   * buy. Null when the handle is closed, the version is another one, or the picture is not here. Somebody who looks at
   * it uses it: once for each time that the document was opened, however often the page is scrolled by.
   */
  picture(handle: string, version: string, page: PageName, isUse: boolean): Promise<PagePicture | null>;
  /** A signed link of one page; `expiresAt` ISO 8601 UTC. Errors: document.closed, account.*, keychain.*, net.*, oss.*. */
  presign(
    handle: DocumentHandle,
    page: { target: Target; pageNumber: number },
    lifetimeSeconds: number,
    signal: AbortSignal,
  ): Promise<Result<{ url: string; expiresAt: string }>>;
  /** Finds the last page for as little as can be. Errors: document.closed, and as PageStore.fetch. */
  findEnd(handle: DocumentHandle, target: Target, signal: AbortSignal): Promise<Result<EndFound>>;
  /** From now on nothing of the document goes by itself. Errors: document.closed, kept.notHere where nothing is kept. */
  pinOffline(handle: DocumentHandle): Promise<Result<null>>;
  /** The document for a job. Errors: document.closed. */
  hold(handle: DocumentHandle): Result<HeldDocument>;
  /**
   * The account signs with another secret, or goes another way: pages that waited for that are bought, and those that
   * failed without cost are tried again if they are wanted.
   */
  goOn(accountId: AccountId): void;
  /** What an account may buy has changed: pages that waited for that are bought. */
  lookAgain(accountId: AccountId): void;
  /** Ends requests on the wire and removes the pictures of this run. */
  dispose(): Promise<void>;
}

/** At most this often the page hears of one document's pages. */
const TELL_EVERY_MS = 50;

/** One document opened by one window. */
interface OpenDocument extends ShownVersion {
  readonly handle: DocumentHandle;
  readonly owner: Owner;
  /** Account, object and source: what makes two openings the same document. */
  readonly identity: string;
  timesOpened: number;
  /** Pages whose state the window has not heard yet. */
  readonly untold: Map<string, PageName>;
  readonly pace: Pace;
}

export interface DocumentsOptions {
  /** The account's client, or why it has none right now. */
  clientOf: (accountId: AccountId) => Result<OssClient>;
  ledger: Pick<Ledger, 'reused'>;
  /** Holds the pictures of the run and nothing else; made when needed, swept at start. */
  cacheFolder: string;
  /** Where pages stay across runs; without it they do not. */
  kept?: KeptPages;
  /** Asks the keychain for the keys of pages that are kept and locked. Errors: keychain.*, cancelled. */
  unlockKept?: (signal: AbortSignal) => Promise<Result<unknown>>;
  /** At most every 50 ms for one document, the last state always. */
  onPages: (owner: Owner, event: EventOf<'pages.changed'>) => void;
  /** Pages of an account have begun to wait for another token, or wait no longer. */
  onHold?: () => void;
  /** Why an account buys no further page while so many are on the wire; null: one more may be bought. */
  refusal?: (accountId: AccountId, onTheWire: number) => AppError | null;
  /** Epoch ms. */
  now: () => number;
  randomBytes: (length: number) => Uint8Array;
  /** Looks at pages for what may be wrong with them. */
  looks?: Pick<PageLooks, 'look' | 'disturb'>;
  later?: Later;
  /** What the person allows and reckons with; without it no document is looked into. */
  counting?: () => { readsFiles: boolean; failedCallCost: number };
}

/** Starts with nothing open and no pictures. */
export function makeDocuments(options: DocumentsOptions): Documents {
  const { clientOf, ledger, now } = options;
  const later = options.later ?? afterTimeout;
  const lifetime = new AbortController();
  const { kept } = options;
  const cache = makePageCache({ rootFolder: options.cacheFolder, ...(kept && { kept }) });
  const schedulers = new Map<AccountId, PageScheduler>();
  /** One for each document version seen in this run. */
  const stores = new Map<string, { store: PageStore; view: Omit<DocumentView, 'pages'> }>();
  const open = new Map<string, OpenDocument>();
  const watch = makeVersionWatch();
  const opening = makeDocumentOpening({ clientOf, kept, cache, watch, unlockKept: options.unlockKept });

  cache.watchLearned((id, heads) => {
    const known = stores.get(id);
    known?.store.learn(opening.pagesOf(known.view, heads));
  });

  const schedulerOf = (accountId: AccountId): PageScheduler => {
    const known = schedulers.get(accountId);
    if (known) return known;
    const scheduler = makePageScheduler({
      later,
      ...(options.onHold && { onHold: options.onHold }),
      refusal: (running) => options.refusal?.(accountId, running) ?? null,
    });
    schedulers.set(accountId, scheduler);
    return scheduler;
  };
  const peekInto = async (view: Omit<DocumentView, 'pages'>): Promise<PageHint | null> => {
    const client = clientOf(view.accountId);
    return client.ok ? (await peekIntoFile(client.value, view, lifetime.signal)).hint : null;
  };
  /** Whether somebody reads this version with the service: of an offline copy alone nothing is asked. */
  const isAsked = (cacheName: string): boolean =>
    [...open.values()].some(({ view }) => !view.offline && cacheNameOf(view) === cacheName);
  const ends = makeEndFinder({
    failedCallCost: () => options.counting?.().failedCallCost ?? 1,
    onReady: () => {
      for (const document of open.values()) document.pace.touch();
    },
  });
  const storeOf = (view: Omit<DocumentView, 'pages'>, before: KeptFromBefore | null): PageStore => {
    const { accountId, bucket, key, versionId, source } = view;
    const cacheName = cacheNameOf(view);
    const known = stores.get(cacheName);
    // Of pages that it did not know of, the cache has told.
    if (known) return known.store;
    const store = makePageStore({
      ...(before && { kept: before, onEnd: (end) => kept?.noteEnd(cacheName, end?.lastPage ?? null, end?.proof) }),
      cacheName,
      document: { bucket, key, versionId, source },
      client: () => clientOf(accountId),
      cache,
      scheduler: schedulerOf(accountId),
      now,
      onReuse: () => ledger.reused(accountId),
      onBought: ({ pageNumber, target }, fingerprint, answeredVersionId) =>
        watch.saw({ ...watchedAs(view), pageNumber, target, fingerprint, answeredVersionId }),
      lifetime: lifetime.signal,
      peek: () => (options.counting?.().readsFiles && isAsked(cacheName) ? peekInto(view) : null),
      ...(options.looks && { looks: options.looks }),
    });
    stores.set(cacheName, { store, view });
    return store;
  };
  /**
   * This version of the document for a window that keeps `untold`: it hears of the pages from now on, of those here to
   * begin with.
   */
  const shownTo = (
    { untold, pace }: Pick<OpenDocument, 'untold' | 'pace'>,
    view: OpenDocument['view'],
    before: KeptFromBefore | null,
  ): ShownVersion => {
    const pages = storeOf(view, before);
    const hear = (page: PageName): void => {
      untold.set(`${page.pageNumber}.${page.target}`, page);
      pace.touch();
    };
    untold.clear();
    for (const page of pages.touched()) hear(page);
    return { view, pages, asPng: new Set(), used: new Set(), viewer: pages.view(hear) };
  };
  const tell = (document: OpenDocument): void => {
    const { handle, owner, pages, untold } = document;
    const states = [...untold.values()].map((page) => stateOf(document, page));
    untold.clear();
    const doubt = watch.doubtOf(watchedAs(document.view));
    options.onPages(owner, {
      handle,
      pages: states,
      count: ends.view(pages),
      ...(doubt !== null && { versionDoubt: doubt }),
    });
  };
  const shut = (document: OpenDocument): void => {
    open.delete(document.handle);
    document.viewer.leave();
    document.pace.dispose();
    kept?.close(cacheNameOf(document.view));
  };
  const find = (handle: DocumentHandle): Result<OpenDocument> => {
    const document = open.get(handle);
    return document ? ok(document) : fail('document.closed', 'The document is no longer open.');
  };
  const toView = (document: OpenDocument): DocumentView => ({ ...document.view, pages: ends.view(document.pages) });

  const openNew = (
    owner: Owner,
    identity: string,
    view: Omit<DocumentView, 'pages' | 'handle'>,
    before: KeptFromBefore | null,
  ): OpenDocument => {
    const handle = DocumentHandle.parse(Buffer.from(options.randomBytes(16)).toString('hex'));
    const untold = new Map<string, PageName>();
    const pace = makePace({ everyMs: TELL_EVERY_MS, now, later, tell: () => tell(document) });
    const shown = shownTo({ untold, pace }, { ...view, handle }, before);
    const document: OpenDocument = { handle, owner, identity, timesOpened: 0, untold, pace, ...shown };
    open.set(handle, document);
    return document;
  };

  return {
    async open(owner, input, signal) {
      const { accountId, bucket, key, versionId } = input;
      const source = input.source ?? sourceOfKey(key);
      if (!source) {
        const detail = { bucket, key, extension: extensionOf(key) };
        return fail('snapshot.typeUnknown', 'Neither the name nor the person says what kind of document this is.', {
          detail,
        });
      }
      const found = await opening.lookUp(input, source, signal);
      if (!found.ok) return found;
      const { etag } = found.value;
      const version = PictureVersion.parse(
        hashOf([etag, versionId ?? '', `doc/snapshot,source_${source}`]).slice(0, 16),
      );
      const view = { accountId, bucket, key, versionId, source, version, name: nameOf(key), ...found.value };
      const identity = hashOf([accountId, bucket, key, versionId ?? '', source]);
      const findOpen = (): OpenDocument | undefined =>
        [...open.values()].find((one) => one.owner === owner && one.identity === identity);
      const isBuying = findOpen()?.view.version === version && findOpen()?.view.offline === undefined;
      // Offline nothing is bought; and what is open already was opened knowing it.
      const mayStayLocked = input.buysLocked || view.offline !== undefined || isBuying;
      const opened = mayStayLocked ? ok(await opening.openKept(view)) : await opening.openUnlocked(view, signal);
      if (!opened.ok && !signal.aborted) return opened;
      if (!opened.ok || signal.aborted) {
        if (opened.ok) kept?.close(cacheNameOf(view));
        return fail('cancelled', 'The document is not wanted any more.');
      }
      const before = opened.value;
      const known = findOpen();
      const document = known ?? openNew(owner, identity, view, before);
      if (known) kept?.close(cacheNameOf(known.view));
      if (known && known.view.version !== version) {
        known.viewer.leave();
        Object.assign(known, shownTo(known, { ...view, handle: known.handle }, before));
      } else if (known) known.view = { ...view, handle: known.handle };
      // Opening it anew is the person's word to try again; what may have been paid still waits for the page's own Retry.
      if (document.timesOpened === 0) document.pages.forgetFreeFailures();
      document.timesOpened += 1;
      const here = document.pages
        .touched()
        .filter(document.pages.isHere)
        .map(({ pageNumber }) => stateOf(document, { target: 'png', pageNumber }));
      return ok({ ...toView(document), here });
    },
    close(handle) {
      const document = open.get(handle);
      if (!document) return;
      document.timesOpened -= 1;
      if (document.timesOpened === 0) shut(document);
    },
    closeAll(owner) {
      for (const document of [...open.values()]) if (document.owner === owner) shut(document);
    },
    ownerOf: (handle) => open.get(handle)?.owner ?? null,
    view(handle) {
      const document = find(handle);
      return document.ok ? ok(toView(document.value)) : document;
    },
    want(handle, target, pageNumbers) {
      options.looks?.disturb();
      const document = find(handle);
      if (!document.ok) return document;
      const { viewer, pages } = document.value;
      const wanted = pageNumbers.map((pageNumber) => ({ target, pageNumber }));
      const isToBuy = (page: PageName): boolean => !document.value.view.offline && !jpgInstead(document.value, page);
      viewer.want(wanted.filter((page) => pages.isHere(page) || isToBuy(page)));
      return ok({ pages: wanted.map((page) => stateOf(document.value, page)), count: ends.view(pages) });
    },
    retry(handle, target, pageNumber) {
      const document = find(handle);
      if (!document.ok) return document;
      if (document.value.view.offline) return ok({});
      document.value.asPng.add(pageNumber);
      document.value.pages.retry({ target, pageNumber });
      return ok({});
    },
    async picture(handle, version, page, isUse) {
      const document = open.get(handle);
      if (document?.view.version !== version) return null;
      const shown = jpgInstead(document, page) ?? page;
      const name = `${shown.pageNumber}.${shown.target}`;
      const isFirst = isUse && !document.used.has(name);
      const picture = await document.pages.read(shown, isFirst);
      if (picture && isFirst) document.used.add(name);
      return picture;
    },
    async presign(handle, page, lifetimeSeconds, signal) {
      const document = find(handle);
      if (!document.ok) return document;
      const { accountId, bucket, key, versionId, source } = document.value.view;
      const client = clientOf(accountId);
      if (!client.ok) return client;
      return client.value.presignSnapshot({ bucket, key, versionId, source, ...page }, lifetimeSeconds, signal);
    },
    async findEnd(handle, target, signal) {
      const document = find(handle);
      if (!document.ok) return document;
      const { view, pages } = document.value;
      return ends.find(view.offline ? keptPagesOf(pages) : pages, target, signal);
    },
    async pinOffline(handle) {
      const document = find(handle);
      if (!document.ok) return document;
      const { view } = document.value;
      if (!kept || view.offline || view.accountId === SAMPLES)
        return fail('kept.notHere', 'Nothing of this document is kept.');
      await kept.setPinned(cacheNameOf(view), true);
      return ok(null);
    },
    hold(handle) {
      const document = find(handle);
      if (!document.ok) return document;
      const { view, pages } = document.value;
      const stay = (): (() => void) => kept?.hold(cacheNameOf(view)) ?? (() => undefined);
      return ok({ view: toView(document.value), pages: view.offline ? keptPagesOf(pages) : pages, stay });
    },
    goOn(accountId) {
      for (const document of open.values())
        if (document.view.accountId === accountId) document.pages.forgetFreeFailures();
      schedulers.get(accountId)?.goOn();
    },
    lookAgain: (accountId) => schedulers.get(accountId)?.lookAgain(),
    async dispose() {
      for (const document of [...open.values()]) shut(document);
      for (const scheduler of schedulers.values()) scheduler.dispose();
      lifetime.abort();
      await cache.dispose();
    },
  };
}
