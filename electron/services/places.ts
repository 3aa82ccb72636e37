/**
 * Pins, recent documents and tabs of all accounts, kept in places.json: names of buckets and objects and page numbers,
 * never a signature or a secret. Clearing the recent ones and removing an account take them off the disk as well.
 */
import { z } from 'zod';
import type { DocumentView } from '#contract/contract.ts';
import { fail, ok, type Result } from '#contract/errors.ts';
import { AccountId, PlaceId } from '#contract/ids.ts';
import { isSamePlace } from '#contract/oss-path.ts';
import {
  MAX_PINS,
  MAX_RECENTS,
  MAX_TABS,
  OpenTab,
  PinView,
  RecentView,
  type Place,
  type PlacesView,
} from '#contract/places.ts';
import { openJsonFile } from './json-file.ts';
import type { Log } from './log.ts';
import { makePace, type Later } from './pace.ts';

type Nothing = Record<string, never>;

export interface Places {
  view(): PlacesView;
  /** Puts the place first; what is pinned already is the same pin. Errors: places.full, file.*. */
  pin(accountId: AccountId, place: Place): Promise<Result<PinView>>;
  unpin(id: PlaceId): Promise<Result<Nothing>>;
  rename(id: PlaceId, name: string | null): Promise<Result<Nothing>>;
  /** Puts a pin before another one; null, or one that is gone: last. */
  move(id: PlaceId, before: PlaceId | null): Promise<Result<Nothing>>;
  /** A document is being read at this page: it is the most recent one. Told and written soon, not at every page. */
  note(document: Omit<DocumentView, 'pages'>, pageNumber: number): void;
  forget(id: PlaceId): Promise<Result<Nothing>>;
  clearRecents(accountId: AccountId): Promise<Result<Nothing>>;
  /** The account's open documents from left to right, as they were told last. */
  tabsOf(accountId: AccountId): OpenTab[];
  /** Told anew and written soon; of too many the first go. Not written for an account of which nothing is remembered. */
  setTabs(accountId: AccountId, tabs: readonly OpenTab[]): void;
  /** The account was removed: nothing of it stays. */
  forgetAccount(accountId: AccountId): Promise<Result<Nothing>>;
  /** Ends when everything is on the disk. */
  flush(): Promise<void>;
}

export interface PlacesOptions {
  file: string;
  log: Log;
  /** Epoch ms. */
  now: () => number;
  randomBytes: (length: number) => Uint8Array;
  later: Later;
  /** Whether the account is there in the next run, key and all: the tabs of no other are written. */
  isRemembered: (accountId: AccountId) => boolean;
  onChange: (view: PlacesView) => void;
}

const PlacesFile = z.object({
  version: z.literal(1),
  pins: z.array(PinView).max(MAX_PINS),
  recents: z.array(RecentView).max(MAX_RECENTS),
  /** Files of before tabs were kept have none. */
  tabs: z.record(AccountId, z.array(OpenTab).max(MAX_TABS)).default({}),
});

/** A page turned is on the disk at most this much later; a crash costs no more. */
const WRITE_EVERY_MS = 1000;

/** Reads the file; one that cannot be understood is set aside and the lists start empty. Never throws. */
export async function openPlaces(options: PlacesOptions): Promise<Places> {
  const { log, now, later, onChange } = options;
  const file = await openJsonFile({ file: options.file, schema: PlacesFile, newest: 1, log, now });
  let pins: readonly PinView[] = file.found?.pins ?? [];
  let recents: readonly RecentView[] = file.found?.recents ?? [];
  const tabs = new Map(
    Object.entries(file.found?.tabs ?? {}).map(([id, ofOne]) => [AccountId.parse(id), ofOne] as const),
  );

  const view = (): PlacesView => ({ pins: [...pins], recents: [...recents] });
  const newId = (): PlaceId => PlaceId.parse(Buffer.from(options.randomBytes(8)).toString('hex'));

  async function changed(): Promise<Result<Nothing>> {
    onChange(view());
    const kept = [...tabs].filter(([id, ofOne]) => ofOne.length > 0 && options.isRemembered(id));
    const written = await file.write({ version: 1, ...view(), tabs: Object.fromEntries(kept) });
    if (!written.ok) log.warn('The places could not be written.', { code: written.error.code });
    return written.ok ? ok({}) : written;
  }
  const pace = makePace({ everyMs: WRITE_EVERY_MS, now, later, tell: () => void changed() });

  return {
    view,
    async pin(accountId, place) {
      const known = pins.find((pin) => pin.accountId === accountId && isSamePlace(pin.place, place));
      if (known) return ok(known);
      if (pins.length >= MAX_PINS) return fail('places.full', `There are ${MAX_PINS} pins.`);
      const pin: PinView = { id: newId(), accountId, place, name: null };
      pins = [pin, ...pins];
      const written = await changed();
      return written.ok ? ok(pin) : written;
    },
    unpin(id) {
      pins = pins.filter((pin) => pin.id !== id);
      return changed();
    },
    rename(id, name) {
      pins = pins.map((pin) => (pin.id === id ? { ...pin, name } : pin));
      return changed();
    },
    move(id, before) {
      const moved = pins.find((pin) => pin.id === id);
      if (moved && before !== id) {
        const others = pins.filter((pin) => pin !== moved);
        const at = others.findIndex((pin) => pin.id === before);
        pins = at < 0 ? [...others, moved] : [...others.slice(0, at), moved, ...others.slice(at)];
      }
      return changed();
    },
    note(document, pageNumber) {
      const { accountId, bucket, key, versionId, source, etag } = document;
      const known = recents.find((recent) => isOf(recent, document));
      const recent = RecentView.safeParse({
        ...{ id: known?.id ?? newId(), readAt: now() },
        ...{ accountId, bucket, key, versionId, source, etag, pageNumber },
      });
      // What a service made up beyond all bounds is not written into a file that could then not be read again.
      if (!recent.success) return;
      recents = [recent.data, ...recents.filter((other) => other !== known)].slice(0, MAX_RECENTS);
      pace.touch();
    },
    forget(id) {
      recents = recents.filter((recent) => recent.id !== id);
      return changed();
    },
    clearRecents(accountId) {
      recents = recents.filter((recent) => recent.accountId !== accountId);
      return changed();
    },
    tabsOf: (accountId) => [...(tabs.get(accountId) ?? [])],
    setTabs(accountId, told) {
      tabs.set(accountId, told.slice(-MAX_TABS));
      pace.touch();
    },
    forgetAccount(accountId) {
      tabs.delete(accountId);
      const isOther = (item: { accountId: AccountId }): boolean => item.accountId !== accountId;
      [pins, recents] = [pins.filter(isOther), recents.filter(isOther)];
      return changed();
    },
    async flush() {
      pace.flush();
      pace.dispose();
      await file.flush();
    },
  };
}

/** The same object in the same version. Read as another type it is still the same document. */
const isOf = (recent: RecentView, document: Omit<DocumentView, 'pages'>): boolean =>
  recent.accountId === document.accountId &&
  recent.bucket === document.bucket &&
  recent.key === document.key &&
  recent.versionId === document.versionId;
