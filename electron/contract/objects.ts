/** Calls about objects: one folder's listing, the search below it, and the versions of one object. */
import { z } from 'zod';
import { AccountId } from './ids.ts';
import { BucketName, call, ObjectKey, Prefix } from './shapes.ts';

/**
 * Objects in columns, one entry of each for every object: a thousand of them cross to the page in a fraction of the time
 * that as many little objects take, and every list of a large folder is made of two hundred such thousands.
 */
const ObjectColumns = z.object({
  /** The key after the prefix listed. */
  names: z.array(z.string()),
  /** Bytes. */
  sizes: z.array(z.number()),
  /** Epoch ms. */
  modified: z.array(z.number()),
  /** Indexes of those in a storage class that may have to be restored before anybody can read them; mostly none. */
  archived: z.array(z.number().int()),
});
export type ObjectColumns = z.infer<typeof ObjectColumns>;

const ObjectPageView = z.object({
  /** Names of folders: the prefix of each is the prefix listed, its name and a slash. */
  folders: z.array(z.string()),
  objects: ObjectColumns,
  /** Opaque; null when the listing is complete. */
  next: z.string().nullable(),
});
export type ObjectPageView = z.infer<typeof ObjectPageView>;

const SearchPageView = z.object({
  /** The objects of this page that match; folders are part of their names. */
  hits: ObjectColumns,
  /** Names that were looked at. */
  scanned: z.number().int(),
  /** Opaque; null when everything below the prefix has been looked at. */
  next: z.string().nullable(),
});
export type SearchPageView = z.infer<typeof SearchPageView>;

/** One version of an object, or the mark that it was deleted then. */
const ObjectVersionView = z.object({
  /** `null`, as text, for what was there before versioning. */
  versionId: z.string(),
  isLatest: z.boolean(),
  isDeleted: z.boolean(),
  /** ISO 8601 UTC. */
  modifiedAt: z.string(),
  /** 0 and empty for the mark of a deletion. */
  sizeBytes: z.number(),
  etag: z.string(),
  storageClass: z.string(),
});
export type ObjectVersionView = z.infer<typeof ObjectVersionView>;

const Next = z.string().max(4096).nullable();
const Folder = z.object({ accountId: AccountId, bucket: BucketName, prefix: Prefix, next: Next });

export const OBJECTS_CALLS = {
  /** One LIST page, at most 1,000 entries. */
  'objects.list': call(Folder, ObjectPageView),
  /**
   * One LIST page of everything below the prefix, at most 1,000 names; answers those that match. Every word of `text`
   * must be in the name or its folders, as the filter of a list reads them.
   */
  'objects.search': call(Folder.extend({ text: z.string().max(256), documentsOnly: z.boolean() }), SearchPageView),
  /** The versions of one object, newest first: one request, at most 1,000 of them. */
  'objects.versions': call(
    z.object({ accountId: AccountId, bucket: BucketName, key: ObjectKey, next: Next }),
    z.object({ versions: z.array(ObjectVersionView), next: z.string().nullable() }),
  ),
} as const;
