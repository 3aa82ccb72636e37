/** The pages kept in this computer, as main tells of them; whether the shelf is shown; and what can be done there. */
import type { DocumentView, Out } from '#contract/contract.ts';
import type { Result } from '#contract/errors.ts';
import type { EncryptionView, KeptPagesView, KeptView } from '#contract/kept-pages.ts';
import type { Client } from '#renderer/bridge/client.svelte.ts';

export const NO_ENCRYPTION: EncryptionView = {
  ...{ isOn: false, allPages: 0, sealedPages: 0, isConverting: false, isStuck: false },
  ...{ lockedPages: 0, lockedBy: null, lostPages: 0, keepsNothing: null },
};
const NOTHING: KeptPagesView = { documents: [], bytes: 0, limitBytes: 0, encryption: NO_ENCRYPTION };

/** An object as the list shows it. */
interface ListedObject {
  accountId: string;
  bucket: string;
  key: string;
  /** ISO 8601 UTC. */
  modifiedAt: string;
}

const nameOf = ({ accountId, bucket, key }: Pick<ListedObject, 'accountId' | 'bucket' | 'key'>): string =>
  JSON.stringify([accountId, bucket, key]);

export class KeptStore {
  /** Whether the offline shelf is open. */
  isShelfOpen = $state(false);
  #view = $state.raw<KeptPagesView>(NOTHING);
  readonly #newest = $derived(
    new Map(
      this.#view.documents
        .filter((document) => document.versionId === null && !document.isOutdated)
        .map((document) => [nameOf(document), document]),
    ),
  );
  readonly #client: Client;
  readonly #stop: () => void;

  constructor(client: Client) {
    this.#client = client;
    this.#stop = client.on('kept.changed', (view) => (this.#view = view));
  }

  async load(): Promise<void> {
    const answer = await this.#client.request('kept.list', {});
    if (answer.ok) this.#view = answer.value;
  }

  /** Pinned ones first, then those read last. */
  get documents(): readonly KeptView[] {
    return this.#view.documents;
  }
  get bytes(): number {
    return this.#view.bytes;
  }
  get limitBytes(): number {
    return this.#view.limitBytes;
  }
  get encryption(): EncryptionView {
    return this.#view.encryption;
  }
  /** Pages that take room and cannot be read: the keychain does not give their key, or has it no more. */
  get unreadablePages(): number {
    const { lockedPages, lockedBy, lostPages } = this.encryption;
    return lostPages + (lockedBy === null ? 0 : lockedPages);
  }
  get pagesHere(): number {
    return this.documents.reduce((sum, document) => sum + document.pagesHere, 0);
  }
  /** Of one account, without what has another content by now. */
  of(accountId: string): readonly KeptView[] {
    return this.documents.filter((document) => document.accountId === accountId && !document.isOutdated);
  }

  /** What is here of the newest version of an object, if it has not changed since the service was last asked; null: nothing. */
  hereOf({ accountId, bucket, key, modifiedAt }: ListedObject): KeptView | null {
    const kept = this.#newest.get(nameOf({ accountId, bucket, key }));
    return kept && kept.pagesHere > 0 && Date.parse(modifiedAt) <= Date.parse(kept.verifiedAt) ? kept : null;
  }

  /** The very content of a document that is open; null while nothing of it is kept. */
  versionOf(document: DocumentView): KeptView | null {
    const isIt = ({ bucket, key, versionId, source }: KeptView): boolean =>
      bucket === document.bucket &&
      key === document.key &&
      versionId === document.versionId &&
      source === document.source;
    return this.of(document.accountId).find(isIt) ?? null;
  }
  /** What keeping a document would buy. Buys nothing. */
  planKeeping({ handle }: DocumentView): Promise<Result<Out<'exports.plan'>>> {
    const selection = [{ from: 1, to: null }];
    return this.#client.request('exports.plan', { handle, selection, target: 'png', template: '{page}', grant: null });
  }
  /** Keeps a document, and buys the rest of it. */
  keep({ handle }: DocumentView): Promise<Result<Out<'exports.keepOffline'>>> {
    return this.#client.request('exports.keepOffline', { handle });
  }

  release({ id }: KeptView): Promise<Result<object>> {
    return this.#client.request('kept.release', { id });
  }
  remove({ id }: KeptView): Promise<Result<object>> {
    return this.#client.request('kept.remove', { id });
  }
  clear(): Promise<Result<object>> {
    return this.#client.request('kept.clear', {});
  }
  /** Ends when the switch is over; pages are rewritten in the background. */
  async setEncryption(isOn: boolean, signal: AbortSignal): Promise<Result<object>> {
    const result = await this.#client.request('kept.setEncryption', { isOn }, { signal });
    await this.load();
    return result;
  }
  /** Asks the keychain once more for the key of what is locked. */
  async unlock(signal: AbortSignal): Promise<Result<object>> {
    const result = await this.#client.request('kept.unlock', {}, { signal });
    await this.load();
    return result;
  }
  /** Removes the pages whose key is gone. */
  async removeLost(signal: AbortSignal): Promise<Result<object>> {
    const result = await this.#client.request('kept.removeLost', {}, { signal });
    await this.load();
    return result;
  }
  setBudget(limitBytes: number): Promise<Result<object>> {
    return this.#client.request('kept.setBudget', { limitBytes });
  }

  dispose(): void {
    this.#stop();
  }
}
