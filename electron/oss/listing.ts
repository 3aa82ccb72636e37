/** ListObjectsV2: the query we ask with and the page we read. Source: OSS, "ListObjectsV2 (GetBucketV2)". */
import type { Query } from './canonical.ts';
import { childrenOf, readXmlList, textOf, type XmlElement } from './xml.ts';

export interface ListedObject {
  key: string;
  sizeBytes: number;
  /** ISO 8601 UTC */
  modifiedAt: string;
  /** Without quotes. */
  etag: string;
  storageClass: string;
}

export interface ObjectPage {
  objects: ListedObject[];
  /** Common prefixes, each ending in `/`. */
  prefixes: string[];
  /** Null when the listing is complete. */
  next: string | null;
}

/**
 * Asks for one level of folders, or with an empty delimiter for every key below the prefix. `encoding-type=url` always, because keys may hold characters that XML cannot.
 * `maxKeys` 1 to 1,000.
 */
export function listObjectsQuery(at: {
  prefix: string;
  delimiter: '/' | '';
  next: string | null;
  maxKeys: number;
}): Query {
  const query: Record<string, string> = {
    'list-type': '2',
    'encoding-type': 'url',
    'max-keys': String(at.maxKeys),
    prefix: at.prefix,
  };
  if (at.delimiter !== '') query['delimiter'] = at.delimiter;
  if (at.next !== null) query['continuation-token'] = at.next;
  return query;
}

/**
 * Reads one page. The zero-byte object that consoles make for a folder and that equals the prefix asked for is left
 * out. Null for what is no whole listing: an entry we cannot read makes the page unreadable, because a list that
 * silently lacks an object would be a lie.
 */
export function readListing(xml: string, prefix: string): ObjectPage | null {
  const document = readXmlList(xml, 'Contents');
  if (document?.name !== 'ListBucketResult') return null;
  const { root } = document;
  const isEncoded = textOf(root, 'EncodingType')?.toLowerCase() === 'url';
  const decode = isEncoded ? decodeListed : (text: string): string => text;

  const objects: ListedObject[] = [];
  for (const element of document.list) {
    const object = readObject(element, decode);
    if (!object) return null;
    if (object.key === prefix && object.sizeBytes === 0) continue;
    objects.push(object);
  }
  const prefixes: string[] = [];
  for (const element of childrenOf(root, 'CommonPrefixes')) {
    const text = textOf(element, 'Prefix');
    if (text === null) return null;
    prefixes.push(decode(text));
  }

  if (textOf(root, 'IsTruncated') !== 'true') return { objects, prefixes, next: null };
  const token = textOf(root, 'NextContinuationToken');
  if (!token) return null; // more to come, but no way to ask for it
  return { objects, prefixes, next: isEncoded ? decodeToken(token) : token };
}

function readObject(element: XmlElement, decode: (text: string) => string): ListedObject | null {
  const key = textOf(element, 'Key');
  const size = textOf(element, 'Size');
  const modified = toIsoTime(textOf(element, 'LastModified'));
  if (!key || size === null || !/^\d{1,15}$/.test(size) || modified === null) return null;
  return {
    key: decode(key),
    sizeBytes: Number(size),
    modifiedAt: modified,
    etag: withoutQuotes(textOf(element, 'ETag') ?? ''),
    storageClass: textOf(element, 'StorageClass') || 'Standard',
  };
}

/** Percent-decodes UTF-8, `+` as a space: servers differ in how they write one, and a plus is always `%2B`. */
export function decodeListed(text: string): string {
  return percentDecode(text.includes('+') ? text.replaceAll('+', ' ') : text) ?? text;
}

/** A token holds no space, so here a `+` is a plus that somebody did not encode. */
function decodeToken(text: string): string {
  return percentDecode(text) ?? text;
}

/** Percent-decodes as UTF-8; null when an escape is broken or the bytes are no UTF-8. */
export function percentDecode(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

/** ISO 8601 UTC from the times OSS writes, in XML or in headers; null for anything else. */
export function toIsoTime(text: string | null): string | null {
  const ms = text === null ? NaN : Date.parse(text);
  return Number.isNaN(ms) ? null : new Date(ms).toISOString();
}

/** An ETag without the quotes around it. */
export function withoutQuotes(etag: string): string {
  return etag.replace(/^"(.*)"$/, '$1');
}
