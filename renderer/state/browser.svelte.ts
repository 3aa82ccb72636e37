/** Where the person is: which account, which bucket, which folder, and the ways from there to another place or document. */
import type { AccountView } from '#contract/contract.ts';
import type { AppError } from '#contract/errors.ts';
import type { Client } from '#renderer/bridge/client.svelte.ts';
import { parentOf, readScope } from '#renderer/logic/object-list.ts';
import type { OpenRequest } from './app-document.svelte.ts';
import { BucketsStore } from './buckets.svelte.ts';
import { ObjectsStore } from './objects.svelte.ts';
import { SearchStore } from './search.svelte.ts';

/** What became of the last typed address. */
export type AddressState =
  | { readonly status: 'idle' }
  | { readonly status: 'resolving' }
  | { readonly status: 'failed'; readonly error: AppError };

export class BrowserStore {
  readonly buckets: BucketsStore;
  readonly objects: ObjectsStore;
  readonly search: SearchStore;
  readonly #client: Client;
  #account = $state.raw<AccountView | null>(null);
  #address = $state.raw<AddressState>({ status: 'idle' });
  #addressAbort = new AbortController();

  constructor(client: Client) {
    this.#client = client;
    this.buckets = new BucketsStore(client);
    this.objects = new ObjectsStore(client);
    this.search = new SearchStore(client);
  }

  /** The only folder this account may see, or null. */
  get scope(): { bucket: string; prefix: string } | null {
    return this.#account ? readScope(this.#account.scope) : null;
  }
  /** The prefix above which the open bucket shows nothing. */
  get root(): string {
    const scope = this.scope;
    return scope !== null && scope.bucket === this.objects.place?.bucket ? scope.prefix : '';
  }
  get address(): AddressState {
    return this.#address;
  }
  /** True where `up` leads somewhere. */
  get canGoUp(): boolean {
    const place = this.objects.place;
    return place !== null && parentOf(place.prefix, this.root) !== null;
  }

  /**
   * Shows an account: the folder of one who may see only that, else the buckets, and the first of them where it is
   * the only one. An account that is shown already stays where it is; what failed is tried again, as its key may be
   * another one now.
   */
  async openAccount(account: AccountView): Promise<void> {
    const isShown = this.#account?.id === account.id && this.#account.scope === account.scope;
    this.#account = account;
    if (isShown) {
      // Told of anew, perhaps with another secret: what failed may work now.
      if (this.objects.state.status === 'failed') void this.objects.resume();
      if (this.buckets.state.status !== 'failed') return;
    } else {
      this.objects.close();
      this.search.close();
      this.forgetAddress();
      const scope = readScope(account.scope);
      if (scope) {
        this.buckets.clear();
        return this.objects.open({ accountId: account.id, ...scope });
      }
    }
    await this.buckets.load(account.id);
    // By id: the same account may have been told of anew meanwhile, as another object.
    if (this.#account?.id !== account.id || this.objects.place !== null) return;
    if (this.buckets.state.status !== 'ready') return;
    const [only, second] = this.buckets.state.buckets;
    if (only && !second) await this.openFolder(only.name, '');
  }

  /** Lists the buckets again. */
  async reloadBuckets(): Promise<void> {
    if (this.#account) await this.buckets.load(this.#account.id);
  }

  /** Opens a folder. Coming back to one that holds the folder open now starts the keyboard on that one. */
  async openFolder(bucket: string, prefix: string): Promise<void> {
    if (!this.#account) return;
    this.search.hide();
    const from = this.objects.place;
    const isBack = from?.bucket === bucket && from.prefix !== prefix && from.prefix.startsWith(prefix);
    const activeKey = isBack ? from.prefix.slice(0, from.prefix.indexOf('/', prefix.length) + 1) : null;
    await this.objects.open({ accountId: this.#account.id, bucket, prefix }, activeKey);
  }

  /** Searches the open folder and everything below it. Ends when the search has, however it ends. */
  async searchBelow(text: string, documentsOnly: boolean): Promise<void> {
    const place = this.objects.place;
    if (place) await this.search.start({ ...place, text, documentsOnly });
  }

  /** Opens the folder that an object lies in, with the keyboard on it; results of a search are put away. */
  async showInFolder(bucket: string, key: string): Promise<void> {
    if (!this.#account) return;
    this.search.hide();
    const prefix = key.slice(0, key.lastIndexOf('/') + 1);
    await this.objects.open({ accountId: this.#account.id, bucket, prefix }, key);
  }

  /** Opens the folder around the one that is open. */
  async up(): Promise<void> {
    const place = this.objects.place;
    const parent = place ? parentOf(place.prefix, this.root) : null;
    if (place && parent !== null) await this.openFolder(place.bucket, parent);
  }

  /**
   * Goes where a typed or pasted address leads. A folder is opened here and the answer is 'folder'; a document is
   * answered for the caller to open; null when the address leads nowhere, with the reason in `address`.
   */
  async goTo(text: string): Promise<OpenRequest | 'folder' | null> {
    const account = this.#account;
    if (!account) return null;
    this.forgetAddress();
    const { signal } = this.#addressAbort;
    this.#address = { status: 'resolving' };
    const input = { accountId: account.id, text: text.trim() };
    const answer = await this.#client.request('addresses.resolve', input, { signal });
    if (signal.aborted) return null;
    if (!answer.ok) {
      this.#address = { status: 'failed', error: answer.error };
      return null;
    }
    this.#address = { status: 'idle' };
    const found = answer.value;
    if (found.kind === 'folder') {
      void this.openFolder(found.bucket, found.prefix);
      return 'folder';
    }
    const { bucket, key, versionId, source, pageNumber } = found;
    return { bucket, key, versionId, source, pageNumber };
  }

  /** Stops looking an address up and forgets what was wrong with it. */
  forgetAddress(): void {
    this.#addressAbort.abort();
    this.#addressAbort = new AbortController();
    this.#address = { status: 'idle' };
  }
}
