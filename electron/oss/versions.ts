/** ListObjectVersions for one object. Source: OSS, "ListObjectVersions (GetBucketVersions)". */
import type { Query } from './canonical.ts';
import { decodeListed, toIsoTime, withoutQuotes } from './listing.ts';
import { readXml, childrenOf, textOf, type XmlElement } from './xml.ts';

/** One version of an object, or the mark that it was deleted then. */
export interface ObjectVersion {
  /** `null`, as text, for what was there before versioning. */
  versionId: string;
  isLatest: boolean;
  isDeleted: boolean;
  /** ISO 8601 UTC */
  modifiedAt: string;
  /** 0 for the mark of a deletion; so are the texts below empty. */
  sizeBytes: number;
  /** Without quotes. */
  etag: string;
  storageClass: string;
}

export interface VersionPage {
  /** Newest first. */
  versions: ObjectVersion[];
  /** Where this object's versions go on; null when these are all. */
  next: string | null;
}

/** `next` is a version id: the page after it. OSS has no question for one key, so the key is the prefix of many. */
export function listVersionsQuery(at: { key: string; next: string | null; maxKeys: number }): Query {
  const query: Record<string, string> = {
    versions: '',
    'encoding-type': 'url',
    'max-keys': String(at.maxKeys),
    prefix: at.key,
  };
  if (at.next !== null) {
    query['key-marker'] = at.key;
    query['version-id-marker'] = at.next;
  }
  return query;
}

/** Reads what a page says of this key and of no other that begins like it. Null for what is no whole listing. */
export function readVersions(xml: string, key: string): VersionPage | null {
  const document = readXml(xml);
  if (document?.name !== 'ListVersionsResult') return null;
  const { root } = document;
  const decode = textOf(root, 'EncodingType')?.toLowerCase() === 'url' ? decodeListed : (text: string): string => text;
  const versions: ObjectVersion[] = [];
  for (const name of ['Version', 'DeleteMarker']) {
    for (const element of childrenOf(root, name)) {
      const listed = textOf(element, 'Key');
      if (listed === null) return null;
      if (decode(listed) !== key) continue;
      const version = readVersion(element, name === 'DeleteMarker');
      if (!version) return null;
      versions.push(version);
    }
  }
  // Versions and deletions come as two lists; each is in order, and so becomes the one that both make.
  versions.sort(
    (a, b) =>
      Number(b.isLatest) - Number(a.isLatest) ||
      (a.modifiedAt < b.modifiedAt ? 1 : a.modifiedAt > b.modifiedAt ? -1 : 0),
  );
  if (textOf(root, 'IsTruncated') !== 'true') return { versions, next: null };
  const nextKey = textOf(root, 'NextKeyMarker');
  if (nextKey === null || decode(nextKey) !== key) return { versions, next: null };
  const nextVersion = textOf(root, 'NextVersionIdMarker');
  return nextVersion ? { versions, next: nextVersion } : null;
}

function readVersion(element: XmlElement, isDeleted: boolean): ObjectVersion | null {
  const size = isDeleted ? '0' : textOf(element, 'Size');
  const modifiedAt = toIsoTime(textOf(element, 'LastModified'));
  if (size === null || !/^\d{1,15}$/.test(size) || modifiedAt === null) return null;
  return {
    // A bucket that never had versioning writes nothing here, or the word.
    versionId: textOf(element, 'VersionId') || 'null',
    isLatest: textOf(element, 'IsLatest') === 'true',
    isDeleted,
    modifiedAt,
    sizeBytes: Number(size),
    etag: withoutQuotes(textOf(element, 'ETag') ?? ''),
    storageClass: isDeleted ? '' : textOf(element, 'StorageClass') || 'Standard',
  };
}
