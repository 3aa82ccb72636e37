/**
 * The documents that are open in this window: a tab each, at most one in front. One is opened at a time; a late answer
 * to an older wish is dropped. Where the window is taken along from one to another, there is a way back;
 * the browser between them is no step of it. The tabs of an account are there again when it is opened again, in a later
 * run too; about each of them somebody is asked when it comes to the front.
 */
import { tick } from 'svelte';
import type { DocumentView, EventOf, In, PageStateView } from '#contract/contract.ts';
import type { AppError } from '#contract/errors.ts';
import type { OpenTab } from '#contract/places.ts';
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

/** How a document that could not be opened is opened all the same. */
export type Way = Pick<OpenRequest, 'keptOnly' | 'buysLocked'>;

/** What asking the service about a document that is read offline came to. */
export type Checked = 'offline' | 'same' | 'changed' | { error: AppError };

/** What is in front: the browser, an open document, or the tab of one that has not been opened in this run. */
export type DocumentState =
  | { status: 'none' }
  | { status: 'open'; document: DocumentView; startPage: number | undefined }
  | { status: 'unopened'; tab: Tab };

/** A document that is being opened, or could not be. `tabId`: the tab in front that waits for it. */
export type Wish =
  | { status: 'opening'; accountId: string; request: OpenRequest; tabId: number | null }
  | { status: 'failed'; request: OpenRequest; tabId: number | null; error: AppError };

/** What makes two documents the same one. */
type Named = OpenTab & { accountId: string };

/**
 * An open document. `id` stays when its content is another one after opening it again. `document` is null until
 * somebody was asked about it in this run.
 */
export interface Tab {
  readonly id: number;
  readonly name: Named;
  readonly document: DocumentView | null;
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
  #wish = $state.raw<Wish | null>(null);
  #trail = $state.raw<Trail<Spot | null>>(emptyTrail);
  #closed = $state.raw<readonly Spot[]>([]);
  #asking: AbortController | null = null;
  /** The account whose tabs these are; null: none is open. */
  #account: string | null = null;
  /** Its tabs as main has them, as text; null until main has said. */
  #told: string | null = null;
  #lastId = 0;
  readonly #client: Client;

  constructor(client: Client) {
    this.#client = client;
    client.on('pages.changed', (event) => this.#hear(event));
  }

  get state(): DocumentState {
    const tab = this.#tabOf(this.#front);
    if (!tab) return { status: 'none' };
    const { document } = tab;
    return document ? { status: 'open', document, startPage: this.#startPage } : { status: 'unopened', tab };
  }
  /** What shall come to the front. Until it is known, and where it cannot be, what is there stays. */
  get wish(): Wish | null {
    return this.#wish;
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

  /** An account was opened: the tabs it had are there again, none of them in front. */
  async restore(accountId: string): Promise<void> {
    this.#account = accountId;
    const answer = await this.#client.request('places.getTabs', { accountId });
    if (!answer.ok || this.#account !== accountId || this.#told !== null) return;
    this.#told = JSON.stringify(answer.value.tabs);
    const names = answer.value.tabs.map((tab): Named => ({ accountId, ...tab }));
    const before = names.filter((name) => !this.#tabs.some((tab) => isSameDocument(tab.name, name)));
    this.#setTabs([...before.map((name) => ({ id: ++this.#lastId, name, document: null })), ...this.#tabs]);
  }

  /**
   * Opens a document: one HEAD, no picture is bought. One that has a tab gets no second one; its tab shows what the
   * service says now. Until then, and when it fails or is stopped, what is in front stays.
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
    this.#setTabs(this.#tabs.filter((other) => other.id !== id));
    if (this.#wish?.tabId === id) this.#stopAsking();
    if (this.#front === id) this.#bring((this.#tabs[index] ?? this.#tabs[index - 1])?.id ?? null);
    this.#closeInMain(tab);
  }

  /** None of those that close comes to the front on the way. */
  closeOthers(id: number): void {
    if (this.#front !== null && this.#front !== id) this.#bring(id);
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

  /** Pages are bought in the background too, by an export. The tab in front has a viewer, which hears of them itself. */
  #hear({ handle, pages, count }: EventOf<'pages.changed'>): void {
    const tab = this.#tabs.find(({ document }) => document?.handle === handle);
    if (!tab?.document || tab.id === this.#front) return;
    const document = { ...tab.document, pages: count, here: withReady(tab.document.here ?? [], pages) };
    this.#tabs = this.#tabs.map((other) => (other === tab ? { ...tab, document } : other));
  }

  /** Stops opening, or puts a failure away. A tab that waited for it is left for the browser. */
  dismiss(): void {
    const isWaitedFor = this.#wish !== null && this.#wish.tabId === this.#front;
    this.#stopAsking();
    if (isWaitedFor) this.#bring(null);
  }

  /** Asks once more about the tab in front, which could not be opened, or opens it in another way. */
  async openFront(way: Way = {}): Promise<void> {
    const tab = this.#tabOf(this.#front);
    if (tab && !tab.document) await this.#openTab(tab, way);
  }

  /** Asks the service about a document that is read offline; what it says now is shown then. */
  async checkAgain(): Promise<Checked | null> {
    const tab = this.#tabOf(this.#front);
    if (!tab?.document || this.#wish) return null;
    const { document } = tab;
    const { accountId, bucket, key, versionId, source } = document;
    const result = await this.#client.request('documents.open', { accountId, bucket, key, versionId, source });
    if (!result.ok) return { error: result.error };
    const isGone = this.#tabOf(tab.id)?.document !== document;
    // It was opened once more, under the same handle as long as that is open: one of the two is closed again.
    if (isGone || result.value.offline) void this.#client.request('documents.close', { handle: result.value.handle });
    if (isGone) return null;
    if (result.value.offline) return 'offline';
    const isInFront = this.#front === tab.id;
    await this.#letGo(tab.id);
    const id = this.#put(result.value);
    if (isInFront) this.#bring(id);
    return result.value.version === document.version ? 'same' : 'changed';
  }

  /** Closes everything: the account is left. */
  close(): void {
    this.#stopAsking();
    // First: that they are closed with their account is no news of them.
    this.#account = null;
    this.#told = null;
    for (const tab of this.#tabs) this.#closeInMain(tab);
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

  #setTabs(tabs: readonly Tab[]): void {
    this.#tabs = tabs;
    const accountId = this.#account;
    if (accountId === null || this.#told === null) return;
    const open = tabs
      .filter(({ name }) => name.accountId === accountId)
      .map(({ name: { bucket, key, versionId, source } }): OpenTab => ({ bucket, key, versionId, source }));
    const now = JSON.stringify(open);
    if (now === this.#told) return;
    this.#told = now;
    // A failure costs only this convenience.
    void this.#client.request('places.setTabs', { accountId, tabs: open });
  }

  #closeInMain({ document }: Tab): void {
    if (document) void this.#client.request('documents.close', { handle: document.handle });
  }

  #bring(id: number | null): void {
    this.#front = id;
    this.#startPage = undefined;
    const tab = this.#tabOf(id);
    if (tab && !tab.document) void this.#openTab(tab, {});
  }

  async #openTab(tab: Tab, way: Way): Promise<void> {
    const { accountId, request } = spotOf(tab);
    await this.#open(accountId, { ...request, ...way }, tab.id);
  }

  #stopAsking(): void {
    this.#asking?.abort();
    this.#asking = null;
    this.#wish = null;
  }

  /** The viewer of a tab is away before the next one of the same tab asks for pages. */
  async #letGo(id: number): Promise<void> {
    if (this.#front === id) this.#front = null;
    await tick();
  }

  /** Whether it came to a document in front. `tabId`: the tab in front that waits for it. */
  async #open(accountId: string, request: OpenRequest, tabId: number | null = null): Promise<boolean> {
    this.#stopAsking();
    const asking = new AbortController();
    this.#asking = asking;
    this.#wish = { status: 'opening', accountId, request, tabId };
    const { pageNumber, ...what } = request;
    const result = await this.#client.request('documents.open', { accountId, ...what }, { signal: asking.signal });
    if (this.#asking !== asking) {
      // Nobody waits for it any more, and it is open in main all the same.
      if (result.ok) void this.#client.request('documents.close', { handle: result.value.handle });
      return false;
    }
    if (!result.ok) {
      this.#asking = null;
      this.#wish = { status: 'failed', request, tabId, error: result.error };
      if (result.error.code === 'cancelled') this.dismiss();
      return false;
    }
    const before = this.#tabs.find((tab) => isSameDocument(tab.name, result.value));
    if (before) await this.#letGo(before.id);
    this.#stopAsking();
    this.#bring(this.#put(result.value));
    this.#startPage = pageNumber ?? undefined;
    return true;
  }

  /** Gives a document that main has opened its tab: the one it has, or a new last one. Answers the tab's id. */
  #put(document: DocumentView): number {
    const name = nameOf(document);
    const before = this.#tabs.find((tab) => isSameDocument(tab.name, name));
    if (!before) {
      this.#closed = this.#closed.filter(
        ({ accountId, request }) => !isSameDocument({ ...request, accountId }, document),
      );
      this.#setTabs([...this.#tabs, { id: ++this.#lastId, name, document }]);
      return this.#lastId;
    }
    // Opened twice in main, under one handle or two: once is enough.
    this.#closeInMain(before);
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

/** What a tab is called: the last part of the key that says something, as main names documents. */
export function titleOf({ name, document }: Tab): string {
  return document?.name ?? name.key.split('/').filter(Boolean).at(-1) ?? name.key;
}

/** The pages that are here, with those that have come. The viewer shows PNG. */
function withReady(here: readonly PageStateView[], news: readonly PageStateView[]): PageStateView[] {
  const ready = news.filter(({ status, target }) => status === 'ready' && target === 'png');
  const numbers = new Set(ready.map(({ pageNumber }) => pageNumber));
  return [...here.filter(({ pageNumber }) => !numbers.has(pageNumber)), ...ready];
}

function nameOf({ accountId, bucket, key, versionId, source }: DocumentView): Named {
  return { accountId, bucket, key, versionId, source };
}

function spotOf({ name, document }: Tab): Spot {
  const { accountId, ...what } = name;
  return { accountId, request: { ...what, pageNumber: null, keptOnly: document?.offline !== undefined } };
}

function isSameSpot(one: Spot | null, other: Spot | null): boolean {
  return one && other ? isSameDocument({ ...one.request, ...one }, { ...other.request, ...other }) : one === other;
}

type MaybeNamed = Pick<OpenRequest, 'bucket' | 'key' | 'versionId' | 'source'> & { accountId: string };

function isSameDocument(one: MaybeNamed, other: MaybeNamed): boolean {
  const names = ['accountId', 'bucket', 'key', 'versionId', 'source'] as const;
  return names.every((name) => one[name] === other[name]);
}
