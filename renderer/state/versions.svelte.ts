/** The versions of one object, asked for when somebody wants to see them. */
import type { ObjectVersionView } from '#contract/objects.ts';
import type { AppError } from '#contract/errors.ts';
import type { AccountId } from '#contract/ids.ts';
import type { Client } from '#renderer/bridge/client.svelte.ts';

/** The object whose versions are meant. */
export interface VersionsOf {
  readonly accountId: AccountId;
  readonly bucket: string;
  readonly key: string;
}

export type VersionsState =
  | { readonly status: 'loading' }
  | { readonly status: 'ready' }
  | { readonly status: 'failed'; readonly error: AppError };

export class VersionsStore {
  readonly #client: Client;
  readonly #of: VersionsOf;
  #state = $state.raw<VersionsState>({ status: 'loading' });
  #versions = $state.raw<readonly ObjectVersionView[]>([]);
  #next = $state<string | null>(null);
  readonly #abort = new AbortController();

  constructor(client: Client, of: VersionsOf) {
    this.#client = client;
    this.#of = of;
  }

  get state(): VersionsState {
    return this.#state;
  }
  /** Newest first, as far as they are loaded. */
  get versions(): readonly ObjectVersionView[] {
    return this.#versions;
  }
  /** Whether the service has older ones that are not here yet. */
  get hasMore(): boolean {
    return this.#next !== null;
  }
  /** Whether the object has but the one content from before any versioning. */
  get isUnversioned(): boolean {
    const [only, second] = this.#versions;
    return this.#state.status === 'ready' && only?.versionId === 'null' && second === undefined;
  }

  /** Asks for the first versions, for the next ones, or again for those that failed: one request. */
  async load(): Promise<void> {
    const { signal } = this.#abort;
    this.#state = { status: 'loading' };
    const { accountId, bucket, key } = this.#of;
    const input = { accountId, bucket, key, next: this.#next };
    const answer = await this.#client.request('objects.versions', input, { signal });
    if (signal.aborted) return;
    if (!answer.ok) {
      this.#state = { status: 'failed', error: answer.error };
      return;
    }
    this.#versions = [...this.#versions, ...answer.value.versions];
    this.#next = answer.value.next;
    this.#state = { status: 'ready' };
  }

  /** Wants no more answers. */
  dispose(): void {
    this.#abort.abort();
  }
}
