/**
 * The documents that are open in this window: a tab each, at most one in front. One is opened at a time; a late answer
 * to an older wish is dropped. Where the window is taken along from one to another, there is a way back;
 * the browser between them is no step of it.
 */
import { tick } from 'svelte';
import type { DocumentView, In } from '#contract/contract.ts';
import type { AppError } from '#contract/errors.ts';
import type { Client } from '#renderer/bridge/client.svelte.ts';
import { emptyTrail, leave, stepBack, stepForward, type Trail } from '#renderer/logic/trail.ts';

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
  /** Pages that are kept and locked are bought again. */
  buysLocked?: boolean;
}

/** What asking the service about a document that is read offline came to. */
export type Checked = 'offline' | 'same' | 'changed' | { error: AppError };

export type DocumentState =
  | { status: 'none' }
  | { status: 'opening'; request: OpenRequest }
  | { status: 'open'; document: DocumentView; startPage: number | undefined }
  | { status: 'failed'; request: OpenRequest; error: AppError };

/** An open document. `id` stays when its content is another one after opening it again. */
export interface Tab {
  readonly id: number;
  readonly document: DocumentView;
}

/** A document the window has been at, enough to open it once more. */
interface Spot {
  accountId: string;
  request: OpenRequest;
}

/** Closed documents that can be opened again, the last one first. */
const REOPENED_AT_MOST = 20;

export class AppDocumentStore {
  #tabs = $state.raw<readonly Tab[]>([]);
  #front = $state<number | null>(null);
  /** The page the one in front begins with; only until it is left. */
  #startPage = $state<number | undefined>(undefined);
  #pending = $state.raw<Exclude<DocumentState, { status: 'open' | 'none' }> | null>(null);
  #trail = $state.raw<Trail<Spot | null>>(emptyTrail);
  #closed = $state.raw<readonly Spot[]>([]);
  #asking: AbortController | null = null;
  #lastId = 0;
  readonly #client: Client;

  constructor(client: Client) {
    this.#client = client;
  }

  /** What the window shows: what is being opened or failed to, else the document in front. */
  get state(): DocumentState {
    if (this.#pending) return this.#pending;
    const tab = this.#tabOf(this.#front);
    return tab ? { status: 'open', document: tab.document, startPage: this.#startPage } : { status: 'none' };
  }
  get tabs(): readonly Tab[] {
    return this.#tabs;
  }
  /** The tab in front; null: the browser. */
  get front(): number | null {
    return this.#front;
  }
  get canReopen(): boolean {
    return this.#closed.length > 0;
  }

  /**
   * Opens a document: one HEAD, no picture is bought. One that has a tab gets no second one; its tab shows what the
   * service says now. Ends in `open`, `failed`, or as before when it was stopped.
   */
  async open(accountId: string, request: OpenRequest): Promise<void> {
    const here = this.#spot;
    if (await this.#open(accountId, request)) this.#leave(here);
  }

  /** Brings a tab to the front (null: the browser), as it was left. */
  show(id: number | null): void {
    const here = this.#spot;
    this.#stopAsking();
    this.#bring(id);
    this.#leave(here);
  }

  /** The tab so many places to the right (or left) of the one in front, round and round; the browser is the first. */
  showNext(step: 1 | -1): void {
    const ids: (number | null)[] = [null, ...this.#tabs.map((tab) => tab.id)];
    this.show(ids[(ids.indexOf(this.#front) + step + ids.length) % ids.length] ?? null);
  }

  /** To where the window was before, whether that document is still open or not. */
  async goBack(): Promise<void> {
    await this.#follow(stepBack);
  }
  async goForward(): Promise<void> {
    await this.#follow(stepForward);
  }

  /** Closes a tab. Its right neighbour comes to the front, else its left one, else the browser. */
  closeTab(id: number): void {
    const index = this.#tabs.findIndex((tab) => tab.id === id);
    const tab = this.#tabs[index];
    if (!tab) return;
    this.#closed = [spotOf(tab), ...this.#closed].slice(0, REOPENED_AT_MOST);
    this.#tabs = this.#tabs.filter((other) => other.id !== id);
    if (this.#front === id) this.#bring((this.#tabs[index] ?? this.#tabs[index - 1])?.id ?? null);
    void this.#client.request('documents.close', { handle: tab.document.handle });
  }

  closeOthers(id: number): void {
    for (const tab of this.#tabs) if (tab.id !== id) this.closeTab(tab.id);
  }

  /** Opens once more what was closed last and is not open. */
  async reopen(): Promise<void> {
    const [last] = this.#closed;
    if (!last) return;
    this.#closed = this.#closed.slice(1);
    await this.open(last.accountId, last.request);
  }

  /** What was learnt of an open document while it was in front: its tab tells as much when it is shown again. */
  learn(document: DocumentView, { pages, here }: Required<Pick<DocumentView, 'pages' | 'here'>>): void {
    this.#tabs = this.#tabs.map((tab) =>
      tab.document === document ? { ...tab, document: { ...document, pages, here } } : tab,
    );
  }

  /** Stops opening, or puts a failure away: the window shows what it did before. */
  dismiss(): void {
    this.#stopAsking();
  }

  /** Asks the service about a document that is read offline; what it says now is shown then. */
  async checkAgain(): Promise<Checked | null> {
    const tab = this.#tabOf(this.#front);
    if (!tab || this.#pending) return null;
    const { document } = tab;
    const { accountId, bucket, key, versionId, source } = document;
    const result = await this.#client.request('documents.open', { accountId, bucket, key, versionId, source });
    if (!result.ok) return { error: result.error };
    const isGone = this.#tabOf(tab.id)?.document !== document;
    // It was opened once more, under the same handle as long as that is open: one of the two is closed again.
    if (isGone || result.value.offline) void this.#client.request('documents.close', { handle: result.value.handle });
    if (isGone) return null;
    if (result.value.offline) return 'offline';
    // The viewer of before is away before the next one asks for pages.
    const isInFront = this.#front === tab.id;
    if (isInFront) this.#front = null;
    await tick();
    const id = this.#put(result.value);
    if (isInFront) this.#bring(id);
    return result.value.version === document.version ? 'same' : 'changed';
  }

  /** Closes everything: the account is left. */
  close(): void {
    this.#stopAsking();
    for (const { document } of this.#tabs) void this.#client.request('documents.close', { handle: document.handle });
    this.#tabs = [];
    this.#closed = [];
    this.#trail = emptyTrail;
    this.#bring(null);
  }

  get #spot(): Spot | null {
    const tab = this.#tabOf(this.#front);
    return tab ? spotOf(tab) : null;
  }

  #tabOf(id: number | null): Tab | undefined {
    return this.#tabs.find((tab) => tab.id === id);
  }

  #bring(id: number | null): void {
    this.#front = id;
    this.#startPage = undefined;
  }

  #stopAsking(): void {
    this.#asking?.abort();
    this.#asking = null;
    this.#pending = null;
  }

  /** Whether it came to a document in front. */
  async #open(accountId: string, request: OpenRequest): Promise<boolean> {
    this.#stopAsking();
    const asking = new AbortController();
    this.#asking = asking;
    this.#pending = { status: 'opening', request };
    const { pageNumber, ...what } = request;
    const result = await this.#client.request('documents.open', { accountId, ...what }, { signal: asking.signal });
    if (this.#asking !== asking) {
      // Nobody waits for it any more, and it is open in main all the same.
      if (result.ok) void this.#client.request('documents.close', { handle: result.value.handle });
      return false;
    }
    this.#asking = null;
    if (!result.ok) {
      this.#pending = result.error.code === 'cancelled' ? null : { status: 'failed', request, error: result.error };
      return false;
    }
    this.#bring(this.#put(result.value));
    this.#startPage = pageNumber ?? undefined;
    this.#pending = null;
    return true;
  }

  /** Gives a document that main has opened its tab: the one it has, or a new last one. Answers the tab's id. */
  #put(document: DocumentView): number {
    const before = this.#tabs.find((tab) => isSameDocument(tab.document, document));
    if (!before) {
      this.#closed = this.#closed.filter(
        ({ accountId, request }) => !isSameDocument({ ...request, accountId }, document),
      );
      this.#tabs = [...this.#tabs, { id: ++this.#lastId, document }];
      return this.#lastId;
    }
    // Opened twice in main, under one handle or two: once is enough.
    void this.#client.request('documents.close', { handle: before.document.handle });
    this.#tabs = this.#tabs.map((tab) => (tab === before ? { ...tab, document } : tab));
    return before.id;
  }

  #leave(here: Spot | null): void {
    if (here && !isSameSpot(here, this.#spot)) this.#trail = leave(this.#trail, here);
  }

  async #follow(step: typeof stepBack<Spot | null>): Promise<void> {
    const here = this.#spot;
    let next = step(this.#trail, here);
    // From the browser, the last step is often to the document that is in front by now.
    while (next && isSameSpot(next.to, here)) next = step(next.trail, here);
    if (!next?.to) return;
    const { to, trail } = next;
    this.#stopAsking();
    const open = this.#tabs.find((tab) => isSameSpot(spotOf(tab), to));
    if (open) this.#bring(open.id);
    else if (!(await this.#open(to.accountId, to.request))) return;
    const distinct = (spots: readonly (Spot | null)[]): Spot[] => spots.filter((spot): spot is Spot => spot !== null);
    this.#trail = { back: distinct(trail.back), forward: distinct(trail.forward) };
  }
}

function spotOf({ document }: Tab): Spot {
  const { accountId, bucket, key, versionId, source, offline } = document;
  return { accountId, request: { bucket, key, versionId, source, pageNumber: null, keptOnly: offline !== undefined } };
}

function isSameSpot(one: Spot | null, other: Spot | null): boolean {
  return one && other ? isSameDocument({ ...one.request, ...one }, { ...other.request, ...other }) : one === other;
}

type Named = Pick<OpenRequest, 'bucket' | 'key' | 'versionId' | 'source'> & { accountId: string };

function isSameDocument(one: Named, other: Named): boolean {
  const names = ['accountId', 'bucket', 'key', 'versionId', 'source'] as const;
  return names.every((name) => one[name] === other[name]);
}
