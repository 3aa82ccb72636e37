/** One folder's listing: loaded page by page until it is complete, sorted and filtered over everything that is here. */
import type { ObjectPageView } from '#contract/objects.ts';
import type { AppError, Result } from '#contract/errors.ts';
import type { AccountId } from '#contract/ids.ts';
import type { Client } from '#renderer/bridge/client.svelte.ts';
import { RowList } from './row-list.svelte.ts';

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

export class ObjectsStore extends RowList {
  readonly #client: Client;
  #place = $state.raw<Place | null>(null);
  #state = $state.raw<ListingState>({ status: 'idle' });
  /** Where the next LIST goes on; null before the first one. */
  #next: string | null = null;
  #abort = new AbortController();

  constructor(client: Client) {
    super(true);
    this.#client = client;
  }

  get place(): Place | null {
    return this.#place;
  }
  get state(): ListingState {
    return this.#state;
  }

  /**
   * Opens a folder and loads it to the end. `activeKey` names the row the keyboard starts on, such as the folder one
   * comes back from. Answers for the folder before are dropped. Resolves when the loading has ended, however it ends.
   */
  async open(place: Place, activeKey: string | null = null): Promise<void> {
    // A filter belongs to the folder it was typed in; loading the same folder again keeps it.
    const filterText = isSamePlace(this.#place, place) ? this.filterText : '';
    this.#place = place;
    this.#next = null;
    this.clear(place.prefix, activeKey, filterText);
    await this.#load();
  }

  /** Loads the open folder again from its start. */
  async refresh(): Promise<void> {
    if (this.#place) await this.open(this.#place, this.activeKey);
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
    this.clear('', null, '');
    this.#state = { status: 'idle' };
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
      this.add(answer.value);
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
