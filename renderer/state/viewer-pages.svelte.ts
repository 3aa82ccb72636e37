/** The pages of one open document as main tells of them, and what is asked of main. */
import type { DocumentView, Out, PageStateView, VersionDoubt } from '#contract/contract.ts';
import type { AppError, Result } from '#contract/errors.ts';
import type { PageFlag } from '#contract/page-flags.ts';
import { SvelteMap, SvelteSet } from 'svelte/reactivity';
import type { Client } from '#renderer/bridge/client.svelte.ts';
import type { Heat } from '#renderer/logic/heat-strip.ts';
import type { PageCount } from '#renderer/logic/page-count.ts';
import type { Standing } from '#renderer/logic/priority.ts';
import { msToNextWord, waitStage, type WaitStage } from '#renderer/logic/waiting.ts';
import type { Clock } from './clock.ts';
import type { ReadyPage } from './reading-memory.ts';

/** What a person who waits for a page is told. */
export interface Waiting {
  stage: WaitStage;
  waitedMs: number;
}

/** The viewer shows PNG; JPG is a matter of exports. */
const TARGET = 'png';

export class ViewerPages {
  readonly #states = new SvelteMap<number, PageStateView>();
  #count = $state.raw<PageCount>({ atLeast: 0, total: null, repeatsFrom: null });
  /** Pages the person stopped waiting for. */
  readonly #stopped = new SvelteSet<number>();
  /** Pages whose "stop waiting?" was answered with "keep waiting". */
  readonly #patient = new SvelteSet<number>();
  /** Pages whose picture could not be drawn although it is here; once each is asked again by itself. */
  readonly #undrawn = new Set<number>();
  #since = $state.raw<ReadonlyMap<number, number>>(new Map());
  #now = $state(0);
  #wanted: readonly number[] = [];
  #versionDoubt = $state<VersionDoubt | null>(null);
  #failure = $state.raw<AppError | null>(null);
  #generation = 0;
  #timer: unknown = null;
  readonly #stop: () => void;

  readonly #client: Client;
  readonly #document: DocumentView;
  readonly #clock: Clock;
  readonly #onchange: (changed: readonly PageStateView[]) => void;

  /** `ready` are pages known from an earlier look in this run, where main does not say what is here. `onchange` hears every news of pages or end. */
  constructor(
    client: Client,
    document: DocumentView,
    ready: readonly ReadyPage[],
    clock: Clock,
    onchange: (changed: readonly PageStateView[]) => void,
  ) {
    this.#client = client;
    this.#document = document;
    this.#clock = clock;
    this.#onchange = onchange;
    this.#count = document.pages;
    for (const page of document.here ?? ready) {
      if (page.target === TARGET) this.#states.set(page.pageNumber, page);
    }
    this.#stop = client.on('pages.changed', (event) => {
      if (event.handle !== document.handle) return;
      // Pages that differ after all take a mere suspicion back; what the service itself said stands.
      if (this.#versionDoubt !== 'other-version') this.#versionDoubt = event.versionDoubt ?? null;
      this.#take(event);
    });
  }

  get count(): PageCount {
    return this.#count;
  }
  /** Of an old version: why these pages may not be its own. */
  get versionDoubt(): VersionDoubt | null {
    return this.#versionDoubt;
  }
  /** Why the document as a whole cannot be shown: it was closed, or main does not answer. */
  get failure(): AppError | null {
    return this.#failure;
  }
  /** The list last sent. */
  get wanted(): readonly number[] {
    return this.#wanted;
  }
  /** Pages whose pictures are here, in any order. */
  get ready(): ReadyPage[] {
    return [...this.#states.values()].filter((state) => state.status === 'ready');
  }
  state(pageNumber: number): PageStateView {
    return this.#states.get(pageNumber) ?? { pageNumber, target: TARGET, status: 'idle' };
  }
  /** The picture's facts when it is here. */
  readyPage(pageNumber: number): ReadyPage | null {
    const state = this.#states.get(pageNumber);
    return state?.status === 'ready' ? state : null;
  }
  /** Why a page may be worth a look; empty for most. */
  flagsOf(pageNumber: number): readonly PageFlag[] {
    return this.readyPage(pageNumber)?.flags ?? [];
  }
  /** The pages that are worth a look, in their order. */
  get flagged(): number[] {
    const found = this.ready.filter((page) => (page.flags ?? []).length > 0);
    return found.map((page) => page.pageNumber).sort((a, b) => a - b);
  }
  /** What a page's place in the strip beside the scroll bar shows. */
  heatOf(pageNumber: number): Heat {
    const state = this.state(pageNumber);
    if (state.status === 'ready') return this.flagsOf(pageNumber).length > 0 ? 'flagged' : 'here';
    if (state.status === 'failed') return isPastEnd(state) ? 'missing' : 'failed';
    return state.status === 'idle' ? 'missing' : 'making';
  }
  /** Of all pages that anything is known of. */
  get heats(): { pageNumber: number; heat: Heat }[] {
    return [...this.#states.keys()].map((pageNumber) => ({ pageNumber, heat: this.heatOf(pageNumber) }));
  }
  errorOf(pageNumber: number): AppError | null {
    const state = this.#states.get(pageNumber);
    return state?.status === 'failed' ? state.error : null;
  }
  isStopped(pageNumber: number): boolean {
    return this.#stopped.has(pageNumber);
  }
  /** Whether "keep waiting" was said for a page. */
  isPatient(pageNumber: number): boolean {
    return this.#patient.has(pageNumber);
  }
  /** Lowest page the service refused as past the end; null when none. */
  get refusedFrom(): number | null {
    let lowest: number | null = null;
    for (const state of this.#states.values()) {
      if (isPastEnd(state) && (lowest === null || state.pageNumber < lowest)) lowest = state.pageNumber;
    }
    return lowest;
  }
  standingOf(pageNumber: number): Standing {
    const { status } = this.state(pageNumber);
    if (status === 'ready') return 'here';
    return status === 'failed' || this.#stopped.has(pageNumber) ? 'held' : 'missing';
  }
  /** How long somebody has waited for a page; null when nobody does. */
  /** The service has been asked for this page and has not answered yet. */
  isConverting(pageNumber: number): boolean {
    return this.#states.get(pageNumber)?.status === 'converting';
  }
  waiting(pageNumber: number): Waiting | null {
    const since = this.#since.get(pageNumber);
    const waitedMs = Math.max(0, this.#now - (since ?? 0));
    return since === undefined ? null : { stage: waitStage(waitedMs), waitedMs };
  }

  /** Tells main which pages are wanted now, if that is another list than before. */
  want(pages: readonly number[]): void {
    if (pages.join() === this.#wanted.join()) return;
    void this.#send(pages);
  }

  /** Asks for a failed page again. The person has been told if that may cost twice. */
  async retry(pageNumber: number): Promise<void> {
    const result = await this.#client.request('pages.retry', {
      handle: this.#document.handle,
      target: TARGET,
      pageNumber,
    });
    if (!result.ok) return this.#fail(result.error, [pageNumber]);
    this.#undrawn.delete(pageNumber);
    this.#failure = null;
    this.#states.delete(pageNumber);
    // The list may be the same as before; main has to hear it again all the same.
    this.#wanted = [];
    this.#onchange([]);
  }

  /** No more waiting for a page; what is on its way still comes, is paid once, and is shown when it is here. */
  stopWaiting(pageNumber: number): void {
    this.#stopped.add(pageNumber);
    this.#watchTime();
    this.#onchange([]);
  }
  /** Waits on without asking again. */
  keepWaiting(pageNumber: number): void {
    this.#patient.add(pageNumber);
  }
  resume(pageNumber: number): void {
    this.#stopped.delete(pageNumber);
    this.#watchTime();
    this.#onchange([]);
  }

  /** The picture of a page that should be here could not be drawn: asked for once more, then a failure like any other. */
  reportUndrawn(pageNumber: number): void {
    if (this.#undrawn.has(pageNumber)) {
      const message = 'The picture is here but the window cannot draw it.';
      return this.#fail({ code: 'snapshot.notAnImage', message, retryable: false, charged: 'no' }, [pageNumber]);
    }
    this.#undrawn.add(pageNumber);
    this.#states.delete(pageNumber);
    this.#wanted = [];
    this.#onchange([]);
  }

  dispose(): void {
    this.#stop();
    this.#generation += 1;
    this.#clock.clear(this.#timer);
    if (this.#wanted.length > 0) void this.#ask([]);
  }

  #ask(pages: readonly number[]): Promise<Result<Out<'pages.want'>>> {
    return this.#client.request('pages.want', { handle: this.#document.handle, target: TARGET, pages: [...pages] });
  }

  async #send(pages: readonly number[]): Promise<void> {
    const generation = ++this.#generation;
    this.#wanted = pages;
    this.#watchTime();
    const result = await this.#ask(pages);
    if (generation !== this.#generation) return;
    if (result.ok) this.#take(result.value);
    else this.#fail(result.error, pages);
  }

  #take({ pages, count }: Out<'pages.want'>): void {
    const changed = pages.filter(({ target, pageNumber, status }) => {
      // A picture never goes away within a run; an older word of main may only be late.
      return target === TARGET && (status === 'ready' || this.state(pageNumber).status !== 'ready');
    });
    for (const state of changed) {
      this.#states.set(state.pageNumber, state);
      if (state.status === 'ready') this.#stopped.delete(state.pageNumber);
    }
    this.#count = count;
    // A refusal of a page that turned out to be within the document was wrong.
    for (const [page, state] of this.#states) {
      if (page <= count.atLeast && isPastEnd(state)) this.#states.delete(page);
    }
    this.#watchTime();
    this.#onchange(changed);
  }

  #fail(error: AppError, pages: readonly number[]): void {
    if (error.code === 'document.closed') this.#failure = error;
    const failed = pages.map((pageNumber): PageStateView => ({ pageNumber, target: TARGET, status: 'failed', error }));
    for (const state of failed) this.#states.set(state.pageNumber, state);
    this.#watchTime();
    this.#onchange(failed);
  }

  /** Keeps the time of the pages waited for, and wakes when one of them has something new to say. */
  #watchTime(): void {
    const now = this.#clock.now();
    const waitedFor = new Set(this.#wanted);
    for (const [page, { status }] of this.#states) if (status === 'converting') waitedFor.add(page);
    const since = new Map<number, number>();
    for (const page of waitedFor) {
      if (this.standingOf(page) === 'missing') since.set(page, this.#since.get(page) ?? now);
    }
    this.#since = since;
    this.#now = now;
    this.#clock.clear(this.#timer);
    this.#timer = null;
    if (since.size === 0) return;
    const wakeIn = Math.min(...[...since.values()].map((began) => msToNextWord(now - began)));
    this.#timer = this.#clock.set(() => this.#watchTime(), wakeIn);
  }
}

function isPastEnd(state: PageStateView): boolean {
  return state.status === 'failed' && state.error.code === 'snapshot.pageOutOfRange';
}
