/** Finding things again: what the person pinned, which documents were read last and how far, and which are open. */
import { z } from 'zod';
import { AccountId, DocumentHandle, PlaceId } from './ids.ts';
import { BucketName, call, Nothing, ObjectKey, PageNumber, Prefix, SourceType } from './shapes.ts';

/** Pins kept at most. One more is refused: none is ever dropped in silence. */
export const MAX_PINS = 500;
/** Recent documents kept at most; the one read longest ago goes first. */
export const MAX_RECENTS = 200;

/** Tabs of one account that are there again in the next run. */
export const MAX_TABS = 50;

const VersionId = z.string().min(1).max(256);

/** What can be pinned: a folder (with an empty prefix a whole bucket), a document, or one page of a document. */
export const Place = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('folder'), bucket: BucketName, prefix: Prefix }),
  z.object({
    kind: z.literal('document'),
    bucket: BucketName,
    key: ObjectKey,
    versionId: VersionId.nullable(),
    /** Null where neither the name nor the person has said yet. */
    source: SourceType.nullable(),
    /** The pinned page; null for the document as a whole. */
    pageNumber: PageNumber.nullable(),
  }),
]);
export type Place = z.infer<typeof Place>;

const PinName = z.string().trim().min(1).max(120);

/** One pin. `name` is the person's own name for it. */
export const PinView = z.object({ id: PlaceId, accountId: AccountId, place: Place, name: PinName.nullable() });
export type PinView = z.infer<typeof PinView>;

/** A document that was read, and the page it was left at. */
export const RecentView = z.object({
  id: PlaceId,
  accountId: AccountId,
  bucket: BucketName,
  key: ObjectKey,
  versionId: VersionId.nullable(),
  source: SourceType,
  /** Of the object as it was read: with another one today, the page may hold something else. */
  etag: z.string().max(256),
  pageNumber: PageNumber,
  /** When it was last looked at, epoch ms. */
  readAt: z.number(),
});
export type RecentView = z.infer<typeof RecentView>;

/** An open document of an account: enough to open it once more. */
export const OpenTab = z.object({
  bucket: BucketName,
  key: ObjectKey,
  versionId: z.string().max(256).nullable(),
  source: SourceType,
});
export type OpenTab = z.infer<typeof OpenTab>;

/** Of all accounts: pins in the person's order, recent documents from the last one read. */
const PlacesView = z.object({ pins: z.array(PinView), recents: z.array(RecentView) });
export type PlacesView = z.infer<typeof PlacesView>;

/** The calls of this area. Changes hold for this run even where they cannot be written: then they answer `file.*`. */
export const PLACES_CALLS = {
  'places.get': call(Nothing, PlacesView),
  /** Puts it first. What is pinned already is the same pin. Errors: account.unknown, places.full, file.*. */
  'places.pin': call(z.object({ accountId: AccountId, place: Place }), PinView),
  'places.unpin': call(z.object({ id: PlaceId }), Nothing),
  /** Null: back to the place's own name. */
  'places.rename': call(z.object({ id: PlaceId, name: PinName.nullable() }), Nothing),
  /** Puts a pin before another one; null: last. */
  'places.move': call(z.object({ id: PlaceId, before: PlaceId.nullable() }), Nothing),
  /** An open document is being read at this page. */
  'places.note': call(z.object({ handle: DocumentHandle, pageNumber: PageNumber }), Nothing),
  /** Takes one document off the list of recent ones. */
  'places.forget': call(z.object({ id: PlaceId }), Nothing),
  /** Forgets every recent document of one account. */
  'places.clearRecents': call(z.object({ accountId: AccountId }), Nothing),
  /** The tabs of an account as they were told last, from left to right. Asks nobody about them. */
  'places.getTabs': call(z.object({ accountId: AccountId }), z.object({ tabs: z.array(OpenTab) })),
  /**
   * Tells all tabs of an account anew; of too many the first go. Of an account whose key is kept for the run only, they
   * are kept no longer either.
   */
  'places.setTabs': call(z.object({ accountId: AccountId, tabs: z.array(OpenTab) }), Nothing),
} as const;

export const PLACES_EVENTS = { 'places.changed': PlacesView } as const;
