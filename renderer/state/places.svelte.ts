/** Pins and recent documents as main keeps them, of all accounts; and what can be done with them. */
import type { DocumentView } from '#contract/contract.ts';
import type { AppError, Result } from '#contract/errors.ts';
import { isSamePlace } from '#contract/oss-path.ts';
import type { PinView, Place, PlacesView, RecentView } from '#contract/places.ts';
import type { Client } from '#renderer/bridge/client.svelte.ts';

/** What became of a press on a star. `failed` with `file.*`: it holds for this run only. */
export type Pinning = { readonly done: 'pinned' | 'unpinned' } | { readonly done: 'failed'; readonly error: AppError };

export class PlacesStore {
  /** Which sections of the sidebar are folded; for the run. */
  readonly folded = $state({ buckets: false, pins: false, recents: false });
  #view = $state.raw<PlacesView>({ pins: [], recents: [] });
  readonly #client: Client;
  readonly #stop: () => void;

  constructor(client: Client) {
    this.#client = client;
    this.#stop = client.on('places.changed', (view) => (this.#view = view));
  }

  async load(): Promise<void> {
    const answer = await this.#client.request('places.get', {});
    if (answer.ok) this.#view = answer.value;
  }

  /** Of one account, in the person's order. */
  pinsOf(accountId: string): readonly PinView[] {
    return this.#view.pins.filter((pin) => pin.accountId === accountId);
  }
  /** Of one account, or of all with null; the one read last first. */
  recentsOf(accountId: string | null): readonly RecentView[] {
    return this.#view.recents.filter((recent) => accountId === null || recent.accountId === accountId);
  }
  pinOf(accountId: string, place: Place): PinView | null {
    return this.pinsOf(accountId).find((pin) => isSamePlace(pin.place, place)) ?? null;
  }

  /** Pins a place, or takes its pin away. */
  async toggle(accountId: string, place: Place): Promise<Pinning> {
    const pin = this.pinOf(accountId, place);
    const answer: Result<unknown> = pin
      ? await this.#client.request('places.unpin', { id: pin.id })
      : await this.#client.request('places.pin', { accountId, place });
    return answer.ok ? { done: pin ? 'unpinned' : 'pinned' } : { done: 'failed', error: answer.error };
  }

  /** An empty name gives the place its own name back. */
  rename(pin: PinView, name: string): Promise<Result<object>> {
    const typed = name.trim().slice(0, 120);
    return this.#client.request('places.rename', { id: pin.id, name: typed === '' ? null : typed });
  }

  /** One step up (-1) or down (1) among the pins of its account; at the end nothing happens. */
  async move(pin: PinView, step: -1 | 1): Promise<void> {
    const pins = this.pinsOf(pin.accountId);
    const at = pins.findIndex(({ id }) => id === pin.id);
    if (at < 0 || !pins[at + step]) return;
    const before = pins[step === -1 ? at - 1 : at + 2]?.id ?? null;
    await this.#client.request('places.move', { id: pin.id, before });
  }

  unpin(pin: PinView): Promise<Result<object>> {
    return this.#client.request('places.unpin', { id: pin.id });
  }

  forget(recent: RecentView): Promise<Result<object>> {
    return this.#client.request('places.forget', { id: recent.id });
  }

  clearRecents(accountId: string): Promise<Result<object>> {
    return this.#client.request('places.clearRecents', { accountId });
  }

  /** Where a document was left, perhaps in an earlier run; null for one that was never read. */
  lastReadingOf(
    document: Pick<DocumentView, 'bucket' | 'key' | 'versionId'> & { accountId: string },
  ): RecentView | null {
    const isIt = (recent: RecentView): boolean =>
      recent.bucket === document.bucket && recent.key === document.key && recent.versionId === document.versionId;
    return this.recentsOf(document.accountId).find(isIt) ?? null;
  }

  /** An open document is being read at this page. Main keeps it; a failure costs only this convenience. */
  note({ handle }: DocumentView, pageNumber: number): void {
    void this.#client.request('places.note', { handle, pageNumber });
  }

  dispose(): void {
    this.#stop();
  }
}
