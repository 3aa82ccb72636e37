/**
 * Reading one document: joins the view (where one looks) with the pages (what is here) and decides what is bought.
 * Nothing else in the page of the app asks for pictures.
 */
import type { DocumentView, Out, PageStateView } from '#contract/contract.ts';
import type { AppError, Result } from '#contract/errors.ts';
import { MAX_PAGE_NUMBER, toSnapshotUrl } from '#contract/snapshot-url.ts';
import type { Client } from '#renderer/bridge/client.svelte.ts';
import { decodedBytes, picturesWithin } from '#renderer/logic/decoded.ts';
import { isDoubtful, isProven, lastKnownPage, slotCount } from '#renderer/logic/page-count.ts';
import { boxOf, emptySizes } from '#renderer/logic/page-sizes.ts';
import { HELD_STILL_AFTER_MS, STILL_AFTER_MS, stillWanted, wantedPages } from '#renderer/logic/priority.ts';
import type { Frame } from '#renderer/logic/zoom.ts';
import { Announcer } from './announcer.svelte.ts';
import { browserClock, type Clock } from './clock.ts';
import { EndSearch } from './end-search.svelte.ts';
import type { ReadingMemory, ReadyPage } from './reading-memory.ts';
import { ViewerPages, type Waiting } from './viewer-pages.svelte.ts';
import { ViewerView } from './viewer-view.svelte.ts';

/** News for somebody who listens instead of looking; the components have the words. */
export type Announcement =
  | { kind: 'page'; pageNumber: number; isHere: boolean }
  | { kind: 'shown'; pageNumber: number }
  | { kind: 'failed'; pageNumber: number; error: AppError }
  | { kind: 'end'; total: number }
  | { kind: 'rotated'; degrees: number }
  | { kind: 'columns'; columns: 1 | 2 };

/** A page was asked for by number that the document does not have. */
export interface PastEnd {
  asked: number;
  /** The last page: proven, or what the service's message says; null when nobody knows. */
  lastPage: number | null;
}

export class ViewerStore {
  readonly document: DocumentView;
  readonly view: ViewerView;
  readonly pages: ViewerPages;
  readonly ends: EndSearch;
  readonly #client: Client;
  readonly #memory: ReadingMemory;
  readonly #clock: Clock;
  readonly #announcer: Announcer<Announcement>;
  readonly #looksAhead: () => boolean;

  #direction: 1 | -1 = 1;
  #isMoving = false;
  /** A pointer takes the view along. */
  #isHeld = false;
  /** A page asked for by number, beyond what is known to exist. */
  #asked = $state<number | null>(null);
  /** The page that was asked for although pages before it repeat. */
  #goneOnAt = $state<number | null>(null);
  #pastEnd = $state.raw<PastEnd | null>(null);
  #resting = $state(1);
  #stillTimer: unknown = null;

  readonly #pictures = $derived.by(() => this.#choosePictures());

  /** `startPage` leads over the spot where the document was left before; `looksAhead`: see settings. */
  constructor(
    client: Client,
    document: DocumentView,
    memory: ReadingMemory,
    startPage?: number,
    clock: Clock = browserClock,
    looksAhead: () => boolean = () => true,
  ) {
    this.#looksAhead = looksAhead;
    this.document = document;
    this.#client = client;
    this.#memory = memory;
    this.#clock = clock;
    this.#announcer = new Announcer(clock);
    this.ends = new EndSearch(client, document);
    const kept = memory.recall(document);
    this.pages = new ViewerPages(client, document, kept?.ready ?? [], clock, (changed) => this.#hear(changed));
    const start = startPage ?? kept?.spot ?? this.#firstToSee();
    const firstPage = typeof start === 'number' ? start : start.pageNumber;
    if (firstPage > this.lastKnown) this.#asked = firstPage;
    this.#resting = firstPage;
    this.view = new ViewerView(kept?.sizes ?? emptySizes(document.source), this.slots, start, kept?.look, kept?.trail);
    const isNew = ({ pageNumber }: ReadyPage): boolean => !kept?.sizes.pictures.has(pageNumber);
    for (const page of this.pages.ready.filter(isNew)) this.view.takeSize(page.pageNumber, page);
  }

  /** Pages laid out: all that are known, and one more while the end is not. */
  get slots(): number {
    const { count, refusedFrom } = this.pages;
    const isHeld = (page: number): boolean => this.pages.standingOf(page) === 'held';
    return slotCount({ count, asked: this.#asked, refusedFrom, isHeld });
  }
  /** Null until the end is proven. */
  get total(): number | null {
    return this.pages.count.total;
  }
  get lastKnown(): number {
    return lastKnownPage(this.pages.count);
  }
  /** The current page when the view last came to rest: the thumbnails follow it, not every page flown over. */
  get restingPage(): number {
    return this.#resting;
  }
  get pastEnd(): PastEnd | null {
    return this.#pastEnd;
  }
  /** The last news; a new object for each. */
  get announcement(): Announcement | null {
    return this.#announcer.told;
  }
  /** Why the document cannot be shown at all: it is closed, or page 1 fails and no other page is here. */
  get failure(): AppError | null {
    if (this.pages.failure) return this.pages.failure;
    const error = this.pages.errorOf(1);
    return error && this.pages.ready.length === 0 ? error : null;
  }
  isProven(pageNumber: number): boolean {
    return isProven(this.pages.count, pageNumber) || this.pages.readyPage(pageNumber) !== null;
  }
  /** Whether a page is not asked for because the pages before it repeat. */
  isDoubtful(pageNumber: number): boolean {
    const isHeldBack = isDoubtful(this.pages.count, this.#goneOnAt, pageNumber);
    return isHeldBack && this.pages.standingOf(pageNumber) === 'missing' && !this.waiting(pageNumber);
  }
  /** Whether a page is the same picture as the one before it, at the end of what is known. */
  isRepeated(pageNumber: number): boolean {
    const { repeatsFrom, atLeast, total } = this.pages.count;
    return total === null && repeatsFrom !== null && pageNumber >= repeatsFrom && pageNumber <= atLeast;
  }
  /** How long somebody has waited for a page; null when nobody does. */
  waiting(pageNumber: number): Waiting | null {
    return this.pages.waiting(pageNumber);
  }
  /** The address of a page's picture when it is here and may be decoded now; null: the slot stays paper. */
  pictureUrl(pageNumber: number): string | null {
    return this.#pictures.has(pageNumber) ? this.thumbnailUrl(pageNumber) : null;
  }
  /** The address of a page's picture when it is here. Never buys. */
  thumbnailUrl(pageNumber: number): string | null {
    const { handle, version } = this.document;
    return this.pages.readyPage(pageNumber) ? toSnapshotUrl({ handle, version, pageNumber, target: 'png' }) : null;
  }

  /** The room for pages was measured. */
  resize(frame: Frame): void {
    const isFirst = !this.view.isMeasured;
    this.view.resize(frame);
    if (isFirst) this.#settle();
    else this.#move();
  }

  /** The person scrolled. Nothing is bought until the view has been still for a moment. */
  scrolled(scrollTop: number, scrollLeft: number): void {
    const { moved, isOurs } = this.view.scrolled(scrollTop, scrollLeft);
    if (isOurs) return;
    if (moved !== 0) this.#direction = moved > 0 ? 1 : -1;
    this.#pastEnd = null;
    this.#move();
  }

  zoomTo(mode: Parameters<ViewerView['zoomTo']>[0]): void {
    this.view.zoomTo(mode);
    this.#move();
  }

  /** Steps in or out, around a point of the view (CSS px) or its centre. */
  zoomBy(steps: number, at?: { x: number; y: number }): void {
    this.view.zoomBy(steps, at);
    this.#move();
  }

  /** Leaps to a page and asks for it at once; the pages between are neither mounted nor bought. */
  goTo(pageNumber: number): void {
    const { refusedFrom } = this.pages;
    const isRefused = refusedFrom !== null && pageNumber >= refusedFrom;
    if (isRefused || pageNumber > (this.total ?? MAX_PAGE_NUMBER)) {
      this.#pastEnd = { asked: pageNumber, lastPage: this.total };
      return;
    }
    this.#pastEnd = null;
    this.view.remember();
    this.#asked = pageNumber > this.lastKnown ? pageNumber : null;
    this.view.setCount(this.slots);
    this.view.goTo(pageNumber);
    this.#settle();
  }

  /** All pages a quarter to the right (1) or left (-1). */
  rotate(quarters: 1 | -1): void {
    this.view.rotate(quarters);
    this.#announcer.tell({ kind: 'rotated', degrees: this.view.quarterTurns * 90 });
    this.#move();
  }

  /** One page, or two side by side. */
  showColumns(columns: 1 | 2): void {
    this.view.showColumns(columns);
    this.#announcer.tell({ kind: 'columns', columns });
    this.#move();
  }

  /** One page on (1) or back (-1), two where two are side by side. Held down it is a fling, and buys as little. */
  turn(step: 1 | -1): void {
    const next = this.view.turned(step);
    if (next === null) return;
    this.#direction = step;
    this.#pastEnd = null;
    this.view.goTo(next);
    this.#move();
  }

  /** A pointer takes the view along over the document; the way back leads to where it began. */
  takeOff(): void {
    this.#isHeld = true;
    this.view.remember();
  }
  /** On the way: it buys only where the pointer stays for a look. */
  flyTo(pageNumber: number): void {
    this.#direction = pageNumber < this.view.current ? -1 : 1;
    this.#pastEnd = null;
    this.view.goTo(pageNumber);
    this.#move();
  }
  /** The pointer let go: here is where the person wanted to be. */
  land(): void {
    this.#isHeld = false;
    this.#settle();
  }

  /** To the next page that is worth a look, after the last one to the first again. */
  goToNextFlagged(): void {
    const { flagged } = this.pages;
    const next = flagged.find((page) => page > this.view.current) ?? flagged[0];
    if (next !== undefined) this.goTo(next);
  }

  goToStart(): void {
    this.goTo(1);
  }
  /** To the last page that is known to exist. */
  goToEnd(): void {
    this.goTo(this.lastKnown);
  }
  /** To exactly where one was before the last leap. */
  goBack(): void {
    this.view.goBack();
    this.#settle();
  }
  goForward(): void {
    this.view.goForward();
    this.#settle();
  }

  /** Asks for this page although pages before it repeat. */
  goOnPastRepeat(pageNumber: number): void {
    this.#goneOnAt = pageNumber;
    this.#plan();
  }

  dismissPastEnd(): void {
    this.#pastEnd = null;
  }

  /** Puts the picture at this point of the window (CSS px) on the clipboard. */
  copyPicture(x: number, y: number): Promise<Result<Out<'pages.copyPicture'>>> {
    return this.#client.request('pages.copyPicture', { x: Math.round(x), y: Math.round(y) });
  }

  /** Puts a signed link of a page on the clipboard. */
  copyLink(pageNumber: number, lifetimeSeconds: number): Promise<Result<Out<'pages.copyLink'>>> {
    const { handle } = this.document;
    return this.#client.request('pages.copyLink', { handle, target: 'png', pageNumber, lifetimeSeconds });
  }

  /** Remembers where the document was left, wants nothing more and hears nothing more. */
  dispose(): void {
    if (this.view.isMeasured) {
      const { spot, mode, quarterTurns, columns, sizes, trail } = this.view;
      const look = { mode, quarterTurns, columns };
      this.#memory.keep(this.document, { spot, look, trail, sizes, ready: this.pages.ready });
    }
    this.#clock.clear(this.#stillTimer);
    this.#announcer.dispose();
    this.ends.stop();
    this.pages.dispose();
  }

  /** Where to begin a document that is new to this window: offline with a page that is here. */
  #firstToSee(): number {
    const here = this.pages.ready.map((page) => page.pageNumber);
    return this.document.offline && here.length > 0 ? Math.min(...here) : 1;
  }

  /** The view moves: what left it is wanted no more, and nothing new is until it rests. */
  #move(): void {
    this.#isMoving = true;
    this.#plan();
    this.#clock.clear(this.#stillTimer);
    // On a busy computer frames come late, and with them the news of scrolling: without them nothing is still.
    const seem = (): void => void (this.#stillTimer = this.#clock.drawn(() => this.#settle()));
    this.#stillTimer = this.#clock.set(seem, this.#isHeld ? HELD_STILL_AFTER_MS : STILL_AFTER_MS);
  }

  #settle(): void {
    this.#clock.clear(this.#stillTimer);
    this.#isMoving = false;
    this.view.rest();
    const { current } = this.view;
    if (current !== this.#resting) {
      this.#resting = current;
      this.#announcer.tell({ kind: 'page', pageNumber: current, isHere: this.pages.readyPage(current) !== null });
    }
    this.#plan();
  }

  /** Tells main what is wanted now. */
  #plan(): void {
    const { pages, view } = this;
    if (!view.isMeasured || pages.failure) return;
    if (this.#isMoving) return pages.want(stillWanted(pages.wanted, view.visible));
    const { count, refusedFrom } = pages;
    pages.want(
      wantedPages({
        visible: view.visible,
        distanceOf: (page) => view.distanceOf(page),
        looksAhead: this.#looksAhead(),
        direction: this.#direction,
        standingOf: (page) => pages.standingOf(page),
        provenTo: count.total ?? count.atLeast,
        mayReach: count.total ?? (refusedFrom === null ? MAX_PAGE_NUMBER : refusedFrom - 1),
        isDoubtful: (page) => isDoubtful(count, this.#goneOnAt, page),
      }),
    );
  }

  /** News of pages: sizes, the end, failures. */
  #hear(changed: readonly PageStateView[]): void {
    const before = this.view.layout.count;
    for (const state of changed) {
      if (state.status === 'ready') this.view.takeSize(state.pageNumber, state);
      if (state.pageNumber !== this.view.current) continue;
      if (state.status === 'ready') this.#announcer.tell({ kind: 'shown', pageNumber: state.pageNumber });
      const isShown = state.status === 'failed' && state.error.code !== 'snapshot.pageOutOfRange';
      if (isShown) this.#announcer.tell({ kind: 'failed', pageNumber: state.pageNumber, error: state.error });
    }
    this.#answerAsked();
    this.view.setCount(this.slots);
    if (this.total !== null && this.total < before && this.view.current >= this.total) {
      this.#announcer.tell({ kind: 'end', total: this.total });
    }
    this.#plan();
  }

  /** The page asked for turned out to exist, or not to: then the reader is taken back to where they were. */
  #answerAsked(): void {
    const asked = this.#asked;
    if (asked === null) return;
    const { refusedFrom, count } = this.pages;
    const isRefused = refusedFrom !== null && asked >= refusedFrom;
    if (isRefused || (count.total !== null && asked > count.total)) {
      const { detail } = this.pages.errorOf(asked) ?? {};
      const hint = detail?.['lastPage'] ?? detail?.['pageCount'];
      this.#asked = null;
      this.#pastEnd = { asked, lastPage: count.total ?? (typeof hint === 'number' ? hint : null) };
      if (this.view.canGoBack) this.view.goBack();
      else this.view.goTo(this.lastKnown);
      this.#resting = this.view.current;
    } else if (count.atLeast >= asked) {
      this.#asked = null;
    }
  }

  /** All pictures in view, and as many of the others nearby as the budget for decoded pictures allows. */
  #choosePictures(): ReadonlySet<number> {
    const { from, to } = this.view.visible;
    const middle = (from + to) / 2;
    const byNearness = (a: number, b: number): number => Math.abs(a - middle) - Math.abs(b - middle);
    return picturesWithin(
      [...this.view.mounted].sort(byNearness),
      (page) => page >= from && page <= to,
      (page) => decodedBytes(this.pages.readyPage(page) ?? boxOf(this.view.sizes, page)),
    );
  }
}
