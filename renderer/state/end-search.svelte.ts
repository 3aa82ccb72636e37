/** Finding the end of the open document, when the person asks for it. */
import type { DocumentView, Out } from '#contract/contract.ts';
import type { Result } from '#contract/errors.ts';
import type { Client } from '#renderer/bridge/client.svelte.ts';

export type EndFound = Out<'pages.findEnd'>;

export class EndSearch {
  readonly #client: Client;
  readonly #document: DocumentView;
  #running = $state.raw<AbortController | null>(null);

  constructor(client: Client, document: DocumentView) {
    this.#client = client;
    this.#document = document;
  }

  get isRunning(): boolean {
    return this.#running !== null;
  }

  /** Searches until the end is known, in doubt, or `stop`. Null: stopped, or a search is running already. */
  async run(): Promise<Result<EndFound> | null> {
    if (this.#running) return null;
    const running = new AbortController();
    this.#running = running;
    const input = { handle: this.#document.handle, target: 'png' as const };
    const result = await this.#client.request('pages.findEnd', input, { signal: running.signal });
    if (running.signal.aborted) return null;
    this.#running = null;
    return result;
  }

  /** Asks for nothing more; what is on the wire is kept. */
  stop(): void {
    this.#running?.abort();
    this.#running = null;
  }
}
