/** One folder's listing: loaded page by page until it is complete, sorted and filtered over everything that is here. */
import type { ObjectPageView } from '#contract/contract.ts';
import type { AppError, Result } from '#contract/errors.ts';
import type { AccountId } from '#contract/ids.ts';
import type { Client } from '#renderer/bridge/client.svelte.ts';
import type { Column, ListRow, Sort } from '#renderer/logic/object-list.ts';
import { ObjectTable } from '#renderer/logic/object-table.ts';

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

/** More rows than any screen holds at once. */
const MADE_ROWS = 1000;

export class ObjectsStore {
  readonly #client: Client;
  #place = $state.raw<Place | null>(null);
  #table: ObjectTable;
  /** Ids of the rows to show; the table has the rows. */
  #shown = $state.raw<Uint32Array>(new Uint32Array(0));
  #loadedCount = $state(0);
  #state = $state.raw<ListingState>({ status: 'idle' });
  #sort = $state.raw<Sort>({ column: 'name', descending: false });
  #filterText = $state('');
  #documentsOnly = $state(true);
  #activeKey = $state<string | null>(null);
  /** Rows made for the screen: the same row stays the same object while it is looked at. */
  readonly #made = new Map<number, ListRow>();
  /** Where the view is in the list, px: not reactive, kept for a screen that comes back. */
  listTopPx = 0;
  /** Where the next LIST goes on; null before the first one. */
  #next: string | null = null;
  #abort = new AbortController();

  readonly #activeId = $derived.by(() => {
    void this.#loadedCount;
    return this.#activeKey === null ? -1 : this.#table.idOf(this.#activeKey);
  });
  readonly #activeIndex = $derived(this.#activeId === -1 ? -1 : this.#shown.indexOf(this.#activeId));

  constructor(client: Client) {
    this.#client = client;
    this.#table = this.#emptyTable('');
  }

  get place(): Place | null {
    return this.#place;
  }
  get state(): ListingState {
    return this.#state;
  }
  /** Rows loaded so far, before the filter. */
  get loadedCount(): number {
    return this.#loadedCount;
  }
  /** How many rows there are to show: those that pass the filter. */
  get shownCount(): number {
    return this.#shown.length;
  }
  /** The rows to show from one index to before another: sorted, filtered. Only for as many as a screen holds. */
  rows(from: number, end: number): ListRow[] {
    return Array.from(this.#shown.subarray(from, end), (id) => this.#rowOf(id));
  }
  /** The row at an index of those shown; undefined beyond them. */
  row(index: number): ListRow | undefined {
    const id = this.#shown[index];
    return id === undefined ? undefined : this.#rowOf(id);
  }
  /** What stays the same of the row at an index while others come before it; -1 beyond the rows shown. */
  idAt(index: number): number {
    return this.#shown[index] ?? -1;
  }
  /** Where the row of that id is now among those shown, or -1. */
  indexOf(id: number): number {
    return this.#shown.indexOf(id);
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
  /** Index among the rows shown of the one the keyboard is on, or -1. */
  get activeIndex(): number {
    return this.#activeIndex;
  }

  /**
   * Opens a folder and loads it to the end. `activeKey` names the row the keyboard starts on, such as the folder one
   * comes back from. Answers for the folder before are dropped. Resolves when the loading has ended, however it ends.
   */
  async open(place: Place, activeKey: string | null = null): Promise<void> {
    const isSame = isSamePlace(this.#place, place);
    this.#place = place;
    this.#next = null;
    this.#activeKey = activeKey;
    this.listTopPx = 0;
    // A filter belongs to the folder it was typed in; loading the same folder again keeps it.
    if (!isSame) this.#filterText = '';
    this.#table = this.#emptyTable(place.prefix);
    this.#show();
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
    this.#next = null;
    this.#activeKey = null;
    this.#filterText = '';
    this.#table = this.#emptyTable('');
    this.#show();
    this.#state = { status: 'idle' };
  }

  /** Sorts by a column over everything loaded; the same column again turns the order around. */
  sortBy(column: Column): void {
    const descending = this.#sort.column === column ? !this.#sort.descending : STARTS_DESCENDING[column];
    this.#sort = { column, descending };
    this.#table.sortBy(this.#sort);
    this.#show();
  }

  filterBy(text: string): void {
    this.#filterText = text;
    this.#filter();
  }

  showDocumentsOnly(on: boolean): void {
    this.#documentsOnly = on;
    this.#filter();
  }

  /** Puts the keyboard on a row. */
  activate(row: ListRow): void {
    this.#activeKey = row.key;
  }

  /** Puts the keyboard on the row of a key, once it is loaded. */
  activateKey(key: string): void {
    this.#activeKey = key;
  }

  async #load(): Promise<void> {
    const place = this.#place;
    if (!place) return;
    // Aborting the loading before is what makes this the only one: its answers see their signal and go nowhere.
    this.#abort.abort();
    this.#abort = new AbortController();
    const { signal } = this.#abort;
    this.#state = { status: 'loading' };
    const ask = (): Promise<Result<ObjectPageView>> =>
      this.#client.request('objects.list', { ...place, next: this.#next }, { signal });
    let asked = ask();
    for (;;) {
      const answer = await asked;
      if (signal.aborted) return;
      if (!answer.ok) {
        this.#state = { status: 'failed', error: answer.error };
        return;
      }
      this.#next = answer.value.next;
      // Asked for before this one is put in its place: main and the service work meanwhile.
      if (this.#next !== null) asked = ask();
      this.#table.add(answer.value);
      this.#show();
      if (this.#next === null) {
        this.#state = { status: 'complete' };
        return;
      }
    }
  }

  #emptyTable(prefix: string): ObjectTable {
    this.#made.clear();
    return new ObjectTable(prefix, this.#sort, { text: this.#filterText, documentsOnly: this.#documentsOnly });
  }

  #filter(): void {
    this.#table.filterBy({ text: this.#filterText, documentsOnly: this.#documentsOnly });
    this.#show();
  }

  /** Shows what the table has now. */
  #show(): void {
    this.#shown = this.#table.shown;
    this.#loadedCount = this.#table.count;
  }

  #rowOf(id: number): ListRow {
    const known = this.#made.get(id);
    if (known) return known;
    if (this.#made.size > MADE_ROWS) this.#made.clear();
    const made = this.#table.row(id);
    this.#made.set(id, made);
    return made;
  }
}

function isSamePlace(a: Place | null, b: Place): boolean {
  return a !== null && a.accountId === b.accountId && a.bucket === b.bucket && a.prefix === b.prefix;
}
