/** The buckets of one account. */
import type { BucketView } from '#contract/contract.ts';
import type { AppError } from '#contract/errors.ts';
import type { AccountId } from '#contract/ids.ts';
import type { Client } from '#renderer/bridge/client.svelte.ts';

/** How far the list of buckets is. */
export type BucketsState =
  | { readonly status: 'idle' }
  | { readonly status: 'loading' }
  | { readonly status: 'ready'; readonly buckets: readonly BucketView[] }
  | { readonly status: 'failed'; readonly error: AppError };

/** Lists buckets, for people whose key may. Late answers for another account are dropped. */
export class BucketsStore {
  readonly #client: Client;
  #state = $state.raw<BucketsState>({ status: 'idle' });
  #abort = new AbortController();

  constructor(client: Client) {
    this.#client = client;
  }

  get state(): BucketsState {
    return this.#state;
  }

  /** Lists the account's buckets again. Resolves when the list is there, has failed, or another one was asked for. */
  async load(accountId: AccountId): Promise<void> {
    this.#stop();
    const { signal } = this.#abort;
    this.#state = { status: 'loading' };
    const answer = await this.#client.request('buckets.list', { accountId }, { signal });
    if (signal.aborted) return;
    this.#state = answer.ok
      ? { status: 'ready', buckets: answer.value.buckets }
      : { status: 'failed', error: answer.error };
  }

  /** Forgets the list, for an account that may not have one. */
  clear(): void {
    this.#stop();
    this.#state = { status: 'idle' };
  }

  #stop(): void {
    this.#abort.abort();
    this.#abort = new AbortController();
  }
}
