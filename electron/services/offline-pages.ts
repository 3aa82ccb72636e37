/** The offline shelf: the pages kept across runs, as the page sees them, and what a person does with them. */
import { ok, type Result } from '#contract/errors.ts';
import { KeptId, type AccountId } from '#contract/ids.ts';
import type { KeptPagesView, KeptView } from '#contract/kept-pages.ts';
import { newestOf, objectOf } from './kept-about.ts';
import { makeKeptPages, type KeptPages, type KeptVersion } from './kept-pages.ts';
import type { Keychain } from './keychain.ts';
import { makePace, type Later } from './pace.ts';
import { makePageEncryption, sealingOf, type PageEncryption } from './page-encryption.ts';
import { makePageKeys } from './page-keys.ts';
import type { Settings } from './settings.ts';

type Nothing = Record<string, never>;
const DONE = ok<Nothing>({});

export interface OfflinePages {
  /** Where documents keep their pages. */
  readonly kept: KeptPages;
  /** Whether they are sealed. */
  readonly encryption: Omit<PageEncryption, 'view' | 'pagesRemoved' | 'dispose'>;
  view(): Promise<KeptPagesView>;
  release(id: KeptId): Promise<Result<Nothing>>;
  remove(id: KeptId): Promise<Result<Nothing>>;
  clear(): Promise<Result<Nothing>>;
  /** Errors: file.*; the limit then holds for this run. */
  setBudget(limitBytes: number): Promise<Result<Nothing>>;
  /** The account was removed: nothing of it stays. */
  forgetAccount(accountId: AccountId): Promise<void>;
  /** Tells nothing any more, and ends when all is on the disk. */
  dispose(): Promise<void>;
}

export interface OfflinePagesOptions {
  /** Absolute path; holds nothing else. */
  rootFolder: string;
  settings: Pick<Settings, 'current' | 'update'>;
  /** Has the keys of sealed pages. */
  keychain: Keychain;
  randomBytes: (length: number) => Uint8Array;
  onChange: (view: KeptPagesView) => void;
  /** Epoch ms. */
  now: () => number;
  later: Later;
}

/** At most this often the page hears of what is kept. */
const TELL_EVERY_MS = 1000;

/** Looks through what is kept in the background. */
export function makeOfflinePages(options: OfflinePagesOptions): OfflinePages {
  const { rootFolder, settings, keychain, randomBytes, now, later } = options;
  const lifetime = new AbortController();
  const limitBytes = (): number => settings.current.pages.limitBytes;
  const onChange = (): void => pace.touch();
  const keys = makePageKeys({ keychain, randomBytes, lifetime: lifetime.signal });
  const kept = makeKeptPages({ rootFolder, limitBytes, sealing: sealingOf(settings, keys), now, onChange });

  async function view(): Promise<KeptPagesView> {
    const versions = await kept.list();
    const newest = newestOf(versions);
    const documents = versions
      .sort(
        (a, b) => Number(b.standing.isPinned) - Number(a.standing.isPinned) || b.standing.usedAt - a.standing.usedAt,
      )
      .map((version) => toView(version, newest.get(objectOf(version.document)) !== version));
    return { documents, ...kept.room(), encryption: encryption.view() };
  }
  const pace = makePace({
    everyMs: TELL_EVERY_MS,
    now,
    later,
    tell: () => void view().then((latest) => options.onChange(latest)),
  });
  const encryption = makePageEncryption({ settings, keys, kept, lifetime: lifetime.signal, onChange });

  return {
    kept,
    encryption,
    view,
    async release(id) {
      await kept.setPinned(id, false);
      return DONE;
    },
    async remove(id) {
      await kept.remove((document) => document.id === id);
      encryption.pagesRemoved();
      return DONE;
    },
    async clear() {
      await kept.remove(() => true);
      encryption.pagesRemoved();
      return DONE;
    },
    async setBudget(limitBytes) {
      const written = await settings.update({ pages: { ...settings.current.pages, limitBytes } });
      await kept.fit();
      pace.touch();
      return written.ok ? DONE : written;
    },
    async forgetAccount(accountId) {
      await kept.forgetAccount(accountId);
      encryption.pagesRemoved();
    },
    async dispose() {
      pace.dispose();
      lifetime.abort();
      await encryption.dispose();
      await kept.dispose();
    },
  };
}

function toView({ id, document, standing, pages, bytes }: KeptVersion, isOutdated: boolean): KeptView {
  const { accountId, bucket, key, versionId, source } = document;
  return {
    ...{ id: KeptId.parse(id), accountId, bucket, key, versionId, source },
    // A page that is here in both formats is one page.
    pagesHere: new Set(pages.map((page) => Number.parseInt(page, 10))).size,
    total: standing.lastPage,
    bytes,
    verifiedAt: new Date(standing.verifiedAt).toISOString(),
    isPinned: standing.isPinned,
    isOutdated,
  };
}
