/** What main is to the viewer: a hand-made client over a document of so many pages, and a clock that tests turn. */
import type { DocumentView, EventOf, In, Out, PageStateView } from '#contract/contract.ts';
import { fail, ok, type AppError, type Result } from '#contract/errors.ts';
import { AccountId, DocumentHandle, PictureVersion } from '#contract/ids.ts';
import type { Client } from '#renderer/bridge/client.svelte.ts';
import type { Clock } from '#renderer/state/clock.ts';
import { ReadingMemory } from '#renderer/state/reading-memory.ts';
import { ViewerStore } from '#renderer/state/viewer.svelte.ts';

export const DOCUMENT: DocumentView = {
  handle: DocumentHandle.parse('0'.repeat(32)),
  version: PictureVersion.parse('a'.repeat(16)),
  accountId: AccountId.parse('samples'),
  bucket: 'reports',
  key: 'annual.pdf',
  name: 'annual.pdf',
  versionId: null,
  source: 'pdf',
  sizeBytes: 1000,
  modifiedAt: '2026-01-01T00:00:00Z',
  etag: '"1"',
  pages: { atLeast: 0, total: null, repeatsFrom: null },
};

/** Time that only moves when told to. */
export class HandClock implements Clock {
  #now = 0;
  #lastId = 0;
  readonly #timers = new Map<number, { at: number; callback: () => void }>();

  now(): number {
    return this.#now;
  }
  set(callback: () => void, ms: number): unknown {
    this.#timers.set(++this.#lastId, { at: this.#now + ms, callback });
    return this.#lastId;
  }
  /** Frames come at once. */
  drawn(callback: () => void): unknown {
    return this.set(callback, 0);
  }
  clear(timer: unknown): void {
    this.#timers.delete(timer as number);
  }
  pass(ms: number): void {
    const end = this.#now + ms;
    for (;;) {
      const due = [...this.#timers].filter(([, { at }]) => at <= end).sort(([, a], [, b]) => a.at - b.at)[0];
      if (!due) break;
      this.#timers.delete(due[0]);
      this.#now = Math.max(this.#now, due[1].at);
      due[1].callback();
    }
    this.#now = end;
  }
}

/** Answers like main: pages are bought in the order wanted when the test lets them come. */
export class HandMain implements Client {
  /** Every list sent, in order. */
  readonly lists: number[][] = [];
  /** Every page the service was asked for, in order. */
  readonly bought: number[] = [];
  readonly states = new Map<number, PageStateView>();
  readonly requests: { name: string; input: unknown }[] = [];
  refusal: Result<never> | null = null;
  sizeOf: (page: number) => { widthPx: number; heightPx: number } = () => ({ widthPx: 1240, heightPx: 1754 });
  /** Pages of this number and after have the same picture as the one before. */
  clampFrom = Infinity;
  #wanted: number[] = [];
  #atLeast = 0;
  #refusedFrom = Infinity;
  #listeners = new Set<(event: EventOf<'pages.changed'>) => void>();
  readonly total: number;

  constructor(total: number) {
    this.total = total;
  }

  get count(): EventOf<'pages.changed'>['count'] {
    const isProven = this.#refusedFrom === this.#atLeast + 1;
    const repeats = !isProven && this.#atLeast >= this.clampFrom ? this.clampFrom : null;
    return { atLeast: this.#atLeast, total: isProven ? this.#atLeast : null, repeatsFrom: repeats };
  }

  async request<K extends Parameters<Client['request']>[0]>(name: K, input: In<K>): Promise<Result<Out<K>>> {
    this.requests.push({ name, input });
    if (this.refusal) return this.refusal;
    return ok(this.#answer(name, input)) as Result<Out<K>>;
  }
  on(name: string, listener: (value: never) => void): () => void {
    if (name !== 'pages.changed') return () => {};
    const known = listener as unknown as (event: EventOf<'pages.changed'>) => void;
    this.#listeners.add(known);
    return () => this.#listeners.delete(known);
  }
  dispose(): void {}

  /** Lets the pages wanted now be converted, one after the other, until nothing more is wanted. */
  async serve(most = 100): Promise<void> {
    for (let n = 0; n < most; n += 1) {
      await settled();
      const page = this.#wanted.find((wanted) => !this.states.has(wanted));
      if (page === undefined) return;
      this.bought.push(page);
      if (page > this.total) {
        this.#refusedFrom = Math.min(this.#refusedFrom, page);
        this.tell(page, failed(page, fail('snapshot.pageOutOfRange', 'page is out of range').error));
      } else {
        this.#atLeast = Math.max(this.#atLeast, page);
        this.tell(page, { pageNumber: page, target: 'png', status: 'ready', sizeBytes: 1, ...this.sizeOf(page) });
      }
    }
  }

  /** A page's state as an event. */
  tell(page: number, state: PageStateView): void {
    this.states.set(page, state);
    for (const listener of this.#listeners) {
      listener({ handle: DOCUMENT.handle, pages: [state], count: this.count });
    }
  }

  #answer(name: string, input: unknown): unknown {
    if (name === 'pages.want') {
      this.#wanted = (input as In<'pages.want'>).pages;
      this.lists.push(this.#wanted);
      const pages = this.#wanted.map(
        (page) => this.states.get(page) ?? ({ pageNumber: page, target: 'png', status: 'queued' } as const),
      );
      return { pages, count: this.count };
    }
    if (name === 'pages.retry') this.states.delete((input as In<'pages.retry'>).pageNumber);
    return {};
  }
}

export function failed(pageNumber: number, error: AppError): PageStateView {
  return { pageNumber, target: 'png', status: 'failed', error };
}

/** All answers that are under way have arrived. */
export async function settled(): Promise<void> {
  for (let n = 0; n < 5; n += 1) await Promise.resolve();
}

export interface Opened {
  main: HandMain;
  clock: HandClock;
  memory: ReadingMemory;
  store: ViewerStore;
}

/** Opens a document in a view of 1000 x 800; pages at 125 % are far taller than the view. */
export function open(
  total: number,
  more: { startPage?: number; memory?: ReadingMemory; main?: HandMain } = {},
): Opened {
  const main = more.main ?? new HandMain(total);
  const clock = new HandClock();
  const memory = more.memory ?? new ReadingMemory();
  const store = new ViewerStore(main, { ...DOCUMENT, pages: main.count }, memory, more.startPage, clock);
  store.resize({ width: 1000, height: 800, devicePixelRatio: 1 });
  return { main, clock, memory, store };
}
