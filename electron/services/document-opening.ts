/**
 * What a document is when it is opened: by the service's word now, or by what is kept of it where the service cannot
 * be asked; and the pages of it that are kept, the keychain asked for their key.
 */
import type { DocumentView, Parsed } from '#contract/contract.ts';
import { fail, ok, type AppError, type Result } from '#contract/errors.ts';
import type { AccountId } from '#contract/ids.ts';
import { MAX_SOURCE_BYTES } from '#contract/source-types.ts';
import { SAMPLES } from './account-views.ts';
import { cacheNameOf, watchedAs } from './document-names.ts';
import { newestOf, objectOf } from './kept-about.ts';
import type { KeptPages, KeptVersion } from './kept-pages.ts';
import type { OssClient } from './oss-client.ts';
import type { PageCache } from './page-cache.ts';
import type { KeptHead } from './page-files.ts';
import type { KeptFromBefore } from './page-store.ts';
import type { VersionWatch } from './version-watch.ts';

/** What is kept of a document, and how many of its pages are locked. */
export interface OpenedKept extends KeptFromBefore {
  lockedPages: number;
}

export interface DocumentOpeningOptions {
  /** The account's client, or why it has none right now. */
  clientOf: (accountId: AccountId) => Result<OssClient>;
  /** Where pages stay across runs; without it they do not. */
  kept: KeptPages | undefined;
  cache: PageCache;
  watch: VersionWatch;
  /** Asks the keychain for the keys of pages that are kept and locked. Errors: keychain.*, cancelled. */
  unlockKept: ((signal: AbortSignal) => Promise<Result<unknown>>) | undefined;
}

export interface DocumentOpening {
  /**
   * What the document is by the service's word now; or what is kept of it, where the service cannot be asked. Errors:
   * snapshot.tooLarge, account.*, keychain.*, net.*, oss.*, cancelled; those of a document with kept pages say how many.
   */
  lookUp(
    input: Parsed<'documents.open'>,
    source: DocumentView['source'],
    signal: AbortSignal,
  ): Promise<Result<Pick<DocumentView, 'etag' | 'sizeBytes' | 'modifiedAt' | 'offline'>>>;
  /** The pages behind these heads of a document's kept files; the version watch hears of them. */
  pagesOf(view: Omit<DocumentView, 'pages' | 'handle'>, heads: readonly KeptHead[]): KeptFromBefore['pages'];
  /** Gets at what is kept of a document. From now on it is kept, and stays while it is open. */
  openKept(view: Omit<DocumentView, 'pages' | 'handle'>): Promise<OpenedKept | null>;
  /** The same, the keychain asked for the key of what is locked. kept.locked where that stays so: nothing is left open. */
  openUnlocked(view: Omit<DocumentView, 'pages' | 'handle'>, signal: AbortSignal): Promise<Result<OpenedKept | null>>;
}

export function makeDocumentOpening(options: DocumentOpeningOptions): DocumentOpening {
  const { clientOf, kept, cache, watch, unlockKept } = options;

  const pagesOf: DocumentOpening['pagesOf'] = (view, heads) =>
    heads.map((head) => {
      const page = toKeptPage(head);
      watch.saw({ ...watchedAs(view), ...page, answeredVersionId: head.versionId });
      return page;
    });
  const openKept = async (view: Omit<DocumentView, 'pages' | 'handle'>): Promise<OpenedKept | null> => {
    if (view.accountId === SAMPLES) return null;
    const {
      heads,
      lastPage,
      proof = 'earlier',
      lockedPages,
    } = await cache.open(cacheNameOf(view), view, view.offline === undefined);
    return { pages: pagesOf(view, heads), end: lastPage === null ? null : { lastPage, proof }, lockedPages };
  };
  const openUnlocked = async (
    view: Omit<DocumentView, 'pages' | 'handle'>,
    signal: AbortSignal,
  ): Promise<Result<OpenedKept | null>> => {
    const first = await openKept(view);
    if (!first?.lockedPages) return ok(first);
    kept?.close(cacheNameOf(view));
    const unlocked = await unlockKept?.(signal);
    const second = await openKept(view);
    if (!second?.lockedPages) return ok(second);
    kept?.close(cacheNameOf(view));
    const reason = unlocked?.ok === false ? unlocked.error.code : 'keychain.missing';
    const detail = { lockedPages: second.lockedPages, reason };
    return fail('kept.locked', 'Pages of this document are kept, and their key is not at hand.', {
      retryable: true,
      detail,
    });
  };

  /** The version of the document that the service confirmed last, of those with pages here. */
  const findKept = async (input: Pick<DocumentView, 'accountId' | 'bucket' | 'key' | 'versionId' | 'source'>) => {
    const versions = await kept?.list();
    const isIt = (version: KeptVersion): boolean =>
      objectOf(version.document) === objectOf({ ...version.document, ...input });
    const [newest] = newestOf((versions ?? []).filter((version) => isIt(version) && version.pages.length > 0)).values();
    return newest ?? null;
  };
  const lookUp = async (
    input: Parsed<'documents.open'>,
    source: DocumentView['source'],
    signal: AbortSignal,
  ): Promise<Result<Pick<DocumentView, 'etag' | 'sizeBytes' | 'modifiedAt' | 'offline'>>> => {
    const { accountId, bucket, key, versionId } = input;
    const client = clientOf(accountId);
    const head = input.keptOnly
      ? fail('net.offline', 'Nobody was asked.')
      : client.ok
        ? await client.value.headObject({ bucket, key, versionId }, signal)
        : client;
    if (head.ok && head.value.sizeBytes <= MAX_SOURCE_BYTES) {
      const { etag, sizeBytes, modifiedAt } = head.value;
      return ok({ etag, sizeBytes, modifiedAt });
    }
    if (!head.ok && head.error.code === 'cancelled') return head;
    const object = { accountId, bucket, key, versionId, source };
    let version = await findKept(object);
    if (!version) {
      // It may be among those that only their key can name.
      await unlockKept?.(signal);
      version = await findKept(object);
    }
    const keptPages: AppError['detail'] = version ? { keptPages: version.pages.length } : {};
    if (head.ok) {
      const { sizeBytes } = head.value;
      const detail = { bucket, key, sizeBytes, limitBytes: MAX_SOURCE_BYTES, ...keptPages };
      return fail('snapshot.tooLarge', `The document has ${sizeBytes} bytes, the limit is ${MAX_SOURCE_BYTES}.`, {
        detail,
      });
    }
    if (!version) return head;
    if (!isUnreachable(head.error))
      return { ok: false, error: { ...head.error, detail: { ...head.error.detail, ...keptPages } } };
    const { etag, sizeBytes, modifiedAt } = version.document;
    const verifiedAt = new Date(version.standing.verifiedAt).toISOString();
    return ok({ etag, sizeBytes, modifiedAt, offline: { verifiedAt } });
  };

  return { lookUp, pagesOf, openKept, openUnlocked };
}

/** A page as it is kept, by its name `<id>-<page>.<png|jpg>`. */
function toKeptPage({ name, fingerprint, isBlank }: KeptHead): KeptFromBefore['pages'][number] {
  const page = name.slice(name.lastIndexOf('-') + 1);
  const target = page.endsWith('.jpg') ? 'jpg' : 'png';
  return { pageNumber: Number.parseInt(page, 10), target, fingerprint, isBlank };
}

/** Whether a failure means that the service, or the way to its answer, was not there: nothing is said of the document. */
const isUnreachable = ({ code }: AppError): boolean => /^(net|keychain)\./.test(code) || code === 'account.unknown';
