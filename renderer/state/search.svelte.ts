/**
 * A search by name for everything below a folder. The service has none, so every name there is listed, page by page:
 * what that costs is counted, and it can be stopped and gone on with at any page.
 */
import type { ObjectColumns, SearchPageView } from '#contract/objects.ts';
import type { AppError, Result } from '#contract/errors.ts';
import type { Client } from '#renderer/bridge/client.svelte.ts';
import type { Place } from './objects.svelte.ts';
import { RowList } from './row-list.svelte.ts';

export type SearchState =
  | { readonly status: 'none' }
  | { readonly status: 'searching' }
  /** The person stopped it; `resume` goes on. */
  | { readonly status: 'stopped' }
  /** Every name below the folder has been looked at. */
  | { readonly status: 'complete' }
  /** `MAX_HITS` are here; more are not kept. */
  | { readonly status: 'full' }
  /** `resume` tries again from where it broke off. */
  | { readonly status: 'failed'; readonly error: AppError };

/** What is looked for and where. */
export interface Wanted extends Place {
  readonly text: string;
  readonly documentsOnly: boolean;
}

/** More than anybody reads through; a search that finds so much asks for more words. */
export const MAX_HITS = 10_000;

export class SearchStore extends RowList {
  readonly #client: Client;
  #wanted = $state.raw<Wanted | null>(null);
  #state = $state.raw<SearchState>({ status: 'none' });
  #scanned = $state(0);
  #requests = $state(0);
  #isShown = $state(false);
  #next: string | null = null;
  #abort = new AbortController();

  constructor(client: Client) {
    // What is left out is left out in main already.
    super(false);
    this.#client = client;
  }

  get wanted(): Wanted | null {
    return this.#wanted;
  }
  get place(): Place | null {
    return this.#wanted;
  }
  get state(): SearchState {
    return this.#state;
  }
  /** Names looked at so far. */
  get scanned(): number {
    return this.#scanned;
  }
  /** LIST requests that were answered so far. */
  get requests(): number {
    return this.#requests;
  }
  /** Whether what was found is on the screen; put away, it stays until the next search. */
  get isShown(): boolean {
    return this.#isShown;
  }

  /** Starts anew. Resolves when the search has ended, however it ends. */
  async start(wanted: Wanted): Promise<void> {
    this.#wanted = wanted;
    this.#scanned = 0;
    this.#requests = 0;
    this.#next = null;
    this.#isShown = true;
    this.clear(wanted.prefix, null, '');
    await this.#run();
  }

  /** Stops and keeps what was found. */
  stop(): void {
    if (this.#state.status !== 'searching') return;
    this.#abort.abort();
    this.#state = { status: 'stopped' };
  }

  /** Goes on from where the search stopped or failed. */
  async resume(): Promise<void> {
    if (this.#state.status === 'stopped' || this.#state.status === 'failed') await this.#run();
  }

  show(): void {
    this.#isShown = this.#wanted !== null;
  }

  /** Puts the results away. A search that nobody looks at does not go on. */
  hide(): void {
    this.stop();
    this.#isShown = false;
  }

  /** Forgets the search and what it found. */
  close(): void {
    this.#abort.abort();
    this.#wanted = null;
    this.#isShown = false;
    this.#state = { status: 'none' };
    this.clear('', null, '');
  }

  async #run(): Promise<void> {
    const wanted = this.#wanted;
    if (!wanted) return;
    this.#abort.abort();
    this.#abort = new AbortController();
    const { signal } = this.#abort;
    this.#state = { status: 'searching' };
    for (;;) {
      const input = { ...wanted, next: this.#next };
      const answer: Result<SearchPageView> = await this.#client.request('objects.search', input, { signal });
      if (signal.aborted) return;
      if (!answer.ok) {
        this.#state = { status: 'failed', error: answer.error };
        return;
      }
      const { hits, scanned, next } = answer.value;
      this.#requests += 1;
      this.#scanned += scanned;
      this.#next = next;
      const room = MAX_HITS - this.loadedCount;
      const found = hits.names.length;
      this.add({ folders: [], objects: firstOf(hits, room) });
      if (found > room || (found === room && next !== null)) {
        this.#state = { status: 'full' };
        return;
      }
      if (next === null) {
        this.#state = { status: 'complete' };
        return;
      }
    }
  }
}

/** The first so many objects. */
function firstOf({ names, sizes, modified, archived }: ObjectColumns, count: number): ObjectColumns {
  return {
    names: names.slice(0, count),
    sizes: sizes.slice(0, count),
    modified: modified.slice(0, count),
    archived: archived.filter((index) => index < count),
  };
}
