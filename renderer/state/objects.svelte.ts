/** One folder's listing: loaded page by page until it is complete, sorted and filtered over everything that is here. */
import type { AppError } from '#contract/errors.ts';
import type { AccountId } from '#contract/ids.ts';
import type { Client } from '#renderer/bridge/client.svelte.ts';
import {
  filterRows,
  mergeRows,
  sortRows,
  toRows,
  type Column,
  type ListRow,
  type Sort,
} from '#renderer/logic/object-list.ts';

/** A folder of a bucket; the prefix is empty at the top and else ends in `/`. */
export interface Place {
  readonly accountId: AccountId;
  readonly bucket: string;
  readonly prefix: string;
}

/** How far the listing is. What is loaded stays on the screen in every one of these but `idle`. */
export type ListingState =
  | { readonly status: 'idle' }
  | { readonly status: 'loading' }
  /** The person stopped it; `resume` goes on. */
  | { readonly status: 'stopped' }
  | { readonly status: 'complete' }
  /** `resume` tries again from where it broke off. */
  | { readonly status: 'failed'; readonly error: AppError };

/** Dates and sizes are looked for from the top, names and types are read from A. */
const STARTS_DESCENDING: Record<Column, boolean> = { name: false, modified: true, size: true, type: false };

export class ObjectsStore {
  readonly #client: Client;
  #place = $state.raw<Place | null>(null);
  #rows = $state.raw<readonly ListRow[]>([]);
  #state = $state.raw<ListingState>({ status: 'idle' });
  #sort = $state.raw<Sort>({ column: 'name', descending: false });
  #filterText = $state('');
  #documentsOnly = $state(true);
  #activeKey = $state<string | null>(null);
  /** Scroll position of the list, px: not reactive, kept for a screen that comes back. */
  scrollTopPx = 0;
  /** Where the next LIST goes on; null before the first one. */
  #next: string | null = null;
  #abort = new AbortController();

  readonly #shown = $derived(filterRows(this.#rows, { text: this.#filterText, documentsOnly: this.#documentsOnly }));

  constructor(client: Client) {
    this.#client = client;
  }

  get place(): Place | null {
    return this.#place;
  }
  get state(): ListingState {
    return this.#state;
  }
  /** Rows loaded so far, before the filter. */
  get loadedCount(): number {
    return this.#rows.length;
  }
  /** The rows to show: sorted, filtered. */
  get shown(): readonly ListRow[] {
    return this.#shown;
  }
  get sort(): Sort {
    return this.#sort;
  }
  get filterText(): string {
    return this.#filterText;
  }
  get documentsOnly(): boolean {
    return this.#documentsOnly;
  }
  /** Index among `shown` of the row the keyboard is on, or -1. */
  get activeIndex(): number {
    const key = this.#activeKey;
    return key === null ? -1 : this.#shown.findIndex((row) => row.key === key);
  }

  /**
   * Opens a folder and loads it to the end. `activeKey` names the row the keyboard starts on, such as the folder one
   * comes back from. Answers for the folder before are dropped. Resolves when the loading has ended, however it ends.
   */
  async open(place: Place, activeKey: string | null = null): Promise<void> {
    const isSame = isSamePlace(this.#place, place);
    this.#place = place;
    this.#rows = [];
    this.#next = null;
    this.#activeKey = activeKey;
    this.scrollTopPx = 0;
    // A filter belongs to the folder it was typed in; loading the same folder again keeps it.
    if (!isSame) this.#filterText = '';
    await this.#load();
  }

  /** Loads the open folder again from its start. */
  async refresh(): Promise<void> {
    if (this.#place) await this.open(this.#place, this.#activeKey);
  }

  /** Stops loading and keeps what is here. */
  stop(): void {
    if (this.#state.status !== 'loading') return;
    this.#abort.abort();
    this.#state = { status: 'stopped' };
  }

  /** Goes on from where loading stopped or failed. */
  async resume(): Promise<void> {
    if (this.#state.status === 'stopped' || this.#state.status === 'failed') await this.#load();
  }

  /** Closes the folder and forgets its rows. */
  close(): void {
    this.#abort.abort();
    this.#place = null;
    this.#rows = [];
    this.#next = null;
    this.#activeKey = null;
    this.#filterText = '';
    this.#state = { status: 'idle' };
  }

  /** Sorts by a column over everything loaded; the same column again turns the order around. */
  sortBy(column: Column): void {
    const descending = this.#sort.column === column ? !this.#sort.descending : STARTS_DESCENDING[column];
    this.#sort = { column, descending };
    this.#rows = sortRows(this.#rows, this.#sort);
  }

  filterBy(text: string): void {
    this.#filterText = text;
  }

  showDocumentsOnly(on: boolean): void {
    this.#documentsOnly = on;
  }

  /** Puts the keyboard on a row. */
  activate(row: ListRow): void {
    this.#activeKey = row.key;
  }

  async #load(): Promise<void> {
    const place = this.#place;
    if (!place) return;
    // Aborting the loading before is what makes this the only one: its answers see their signal and go nowhere.
    this.#abort.abort();
    this.#abort = new AbortController();
    const { signal } = this.#abort;
    this.#state = { status: 'loading' };
    for (;;) {
      const answer = await this.#client.request('objects.list', { ...place, next: this.#next }, { signal });
      if (signal.aborted) return;
      if (!answer.ok) {
        this.#state = { status: 'failed', error: answer.error };
        return;
      }
      this.#rows = mergeRows(this.#rows, toRows(answer.value), this.#sort);
      this.#next = answer.value.next;
      if (this.#next === null) {
        this.#state = { status: 'complete' };
        return;
      }
    }
  }
}

function isSamePlace(a: Place | null, b: Place): boolean {
  return a !== null && a.accountId === b.accountId && a.bucket === b.bucket && a.prefix === b.prefix;
}
