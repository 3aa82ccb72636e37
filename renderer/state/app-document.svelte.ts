/** The document that is being looked at: opened, shown, closed. One at a time; a late answer to an older wish is dropped. */
import { tick } from 'svelte';
import type { DocumentView, In } from '#contract/contract.ts';
import type { AppError } from '#contract/errors.ts';
import type { Client } from '#renderer/bridge/client.svelte.ts';

/** What to open, as the browser names it. */
export interface OpenRequest {
  bucket: string;
  key: string;
  versionId: string | null;
  /** The person's choice where the name does not say; else null. */
  source: In<'documents.open'>['source'];
  /** The page to begin with, from an address that names one. */
  pageNumber: number | null;
  /** Only what is kept in this computer: nobody is asked. */
  keptOnly?: boolean;
}

/** What asking the service about a document that is read offline came to. */
export type Checked = 'offline' | 'same' | 'changed' | { error: AppError };

export type DocumentState =
  | { status: 'none' }
  | { status: 'opening'; request: OpenRequest }
  | { status: 'open'; document: DocumentView; startPage: number | undefined }
  | { status: 'failed'; request: OpenRequest; error: AppError };

export class AppDocumentStore {
  #state = $state.raw<DocumentState>({ status: 'none' });
  #asking: AbortController | null = null;
  readonly #client: Client;

  constructor(client: Client) {
    this.#client = client;
  }

  get state(): DocumentState {
    return this.#state;
  }

  /** Opens a document: one HEAD, no picture is bought. Ends in `open`, `failed`, or `none` when it was stopped. */
  async open(accountId: string, request: OpenRequest): Promise<void> {
    this.close();
    const asking = new AbortController();
    this.#asking = asking;
    this.#state = { status: 'opening', request };
    const { pageNumber, ...what } = request;
    const result = await this.#client.request('documents.open', { accountId, ...what }, { signal: asking.signal });
    if (this.#asking !== asking) return;
    this.#asking = null;
    if (result.ok) this.#state = { status: 'open', document: result.value, startPage: pageNumber ?? undefined };
    else
      this.#state =
        result.error.code === 'cancelled' ? { status: 'none' } : { status: 'failed', request, error: result.error };
  }

  /** Asks the service about a document that is read offline; what it says now is shown then. */
  async checkAgain(): Promise<Checked | null> {
    if (this.#state.status !== 'open') return null;
    const { document } = this.#state;
    const { accountId, bucket, key, versionId, source } = document;
    const result = await this.#client.request('documents.open', { accountId, bucket, key, versionId, source });
    if (!result.ok) return { error: result.error };
    const isGone = this.#state.status !== 'open' || this.#state.document !== document;
    // It was opened once more, under the same handle as long as that is open: one of the two is closed again.
    if (isGone || result.value.offline) void this.#client.request('documents.close', { handle: result.value.handle });
    if (isGone) return null;
    if (result.value.offline) return 'offline';
    // The viewer of before is away before the next one asks for pages.
    this.#state = { status: 'none' };
    await tick();
    void this.#client.request('documents.close', { handle: document.handle });
    this.#state = { status: 'open', document: result.value, startPage: undefined };
    return result.value.version === document.version ? 'same' : 'changed';
  }

  /** Back to the browser, from whatever there is: stops opening, closes what is open, puts a failure away. */
  close(): void {
    this.#asking?.abort();
    this.#asking = null;
    if (this.#state.status === 'open')
      void this.#client.request('documents.close', { handle: this.#state.document.handle });
    this.#state = { status: 'none' };
  }
}
