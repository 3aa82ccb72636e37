/**
 * A link on its way to where it leads: handed over by the system, or dropped on the window. It waits until an account is
 * open. One from the system asks before it shows a document: whoever clicked it may not know that pages cost money.
 */
import type { Out } from '#contract/contract.ts';
import type { AppError } from '#contract/errors.ts';
import type { LinkView } from '#contract/links.ts';
import { toOssPath } from '#contract/oss-path.ts';
import type { Client } from '#renderer/bridge/client.svelte.ts';
import type { OpenRequest } from './app-document.svelte.ts';

export interface Link {
  /** As the path box reads it. A dropped signed link is in here whole: never show it without `labelOf`. */
  readonly text: string;
  /** Of a link from the system; null for one the person dropped. */
  readonly id: LinkView['id'] | null;
  /** What it leads to, where that is known already. */
  readonly request?: OpenRequest;
}

export type LinkState =
  | { readonly status: 'none' }
  /** What came is no link that can be read. */
  | { readonly status: 'unreadable'; readonly link: Link }
  | { readonly status: 'waiting'; readonly link: Link }
  | { readonly status: 'resolving'; readonly link: Link }
  /** The person decides whether the document is opened. */
  | { readonly status: 'asking'; readonly link: Link; readonly request: OpenRequest }
  | { readonly status: 'failed'; readonly link: Link; readonly error: AppError };

/** Where a link leads, once nothing is left to ask. */
export type Arrival =
  | { readonly kind: 'folder'; readonly bucket: string; readonly prefix: string }
  | { readonly kind: 'document'; readonly request: OpenRequest };

export class LinksStore {
  #state = $state.raw<LinkState>({ status: 'none' });
  #asking = new AbortController();
  readonly #client: Client;
  readonly #stop: () => void;

  constructor(client: Client) {
    this.#client = client;
    this.#stop = client.on('links.changed', ({ link }) => this.#take(link));
  }

  get state(): LinkState {
    return this.#state;
  }

  /** Asks for a link that came before the page was there. */
  async load(): Promise<void> {
    const answer = await this.#client.request('links.get', {});
    if (answer.ok) this.#take(answer.value.link);
  }

  /** The person dropped a link on the window; it takes the place of one that waits. */
  drop(text: string): void {
    this.#finish();
    this.#state = { status: 'waiting', link: { text, id: null } };
  }

  /** A document to be opened as soon as its account is: one that was read before. */
  openLater(request: OpenRequest): void {
    this.#finish();
    this.#state = { status: 'waiting', link: { text: toOssPath(request), id: null, request } };
  }

  /** Follows the link that waits, as this account sees it. Null when it asks first, failed, or another one came meanwhile. */
  async follow(accountId: string): Promise<Arrival | null> {
    if (this.#state.status !== 'waiting') return null;
    const { link } = this.#state;
    if (link.request) {
      this.#finish();
      return { kind: 'document', request: link.request };
    }
    const { signal } = (this.#asking = new AbortController());
    this.#state = { status: 'resolving', link };
    const answer = await this.#client.request('addresses.resolve', { accountId, text: link.text }, { signal });
    if (signal.aborted) return null;
    if (!answer.ok) {
      this.#state = { status: 'failed', link, error: answer.error };
      return null;
    }
    const arrival = toArrival(answer.value);
    if (arrival.kind === 'document' && link.id !== null) {
      this.#state = { status: 'asking', link, request: arrival.request };
      return null;
    }
    this.#finish();
    return arrival;
  }

  /** The account went before the link arrived: it waits for the next one. */
  wait(): void {
    const { state } = this;
    if (state.status !== 'resolving' && state.status !== 'asking') return;
    this.#asking.abort();
    this.#state = { status: 'waiting', link: state.link };
  }

  /** The person has decided, or does not want it: it is over. */
  dismiss(): void {
    this.#finish();
  }

  dispose(): void {
    this.#asking.abort();
    this.#stop();
  }

  #take(view: LinkView | null): void {
    const { state } = this;
    if (view === null) {
      // Done from here, or by another window.
      if (state.status !== 'none' && state.link.id !== null) this.#end();
      return;
    }
    if (state.status !== 'none' && state.link.id === view.id) return;
    this.#asking.abort();
    const link = { text: view.path ?? '', id: view.id };
    this.#state = { status: view.path === null ? 'unreadable' : 'waiting', link };
  }

  #finish(): void {
    const { state } = this;
    this.#end();
    if (state.status !== 'none' && state.link.id !== null)
      void this.#client.request('links.done', { id: state.link.id });
  }

  #end(): void {
    this.#asking.abort();
    this.#state = { status: 'none' };
  }
}

function toArrival(found: Out<'addresses.resolve'>): Arrival {
  if (found.kind === 'folder') return found;
  const { bucket, key, versionId, source, pageNumber } = found;
  return { kind: 'document', request: { bucket, key, versionId, source, pageNumber } };
}
