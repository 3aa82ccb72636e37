/** How places are written as text, for both sides. Without schemas, so that the page can run it too. */
import type { Place } from './places.ts';

/** The path as the path box reads it: literal, nothing in it is an escape. */
export function toOssPath(place: { bucket: string; prefix: string } | { bucket: string; key: string }): string {
  return `oss://${place.bucket}/${'prefix' in place ? place.prefix : place.key}`;
}

/** Whether a pin of one is a pin of the other. The type a document is read as does not count. */
export function isSamePlace(one: Place, other: Place): boolean {
  if (one.bucket !== other.bucket) return false;
  if (one.kind === 'folder' || other.kind === 'folder')
    return one.kind === 'folder' && other.kind === 'folder' && one.prefix === other.prefix;
  return one.key === other.key && one.versionId === other.versionId && one.pageNumber === other.pageNumber;
}

/** A longer link is none of ours: the longest key, every byte escaped, is far below. */
const MAX_LINK_CHARACTERS = 8192;

/**
 * Reads an `oss://bucket/key` link as it comes from outside the window: from the system, or dropped as a link. Whoever
 * hands a link over escapes it, browsers always do, so the key is unescaped once where every escape in it is whole and
 * the bytes are UTF-8; else it is taken as it stands. `?` and `#` are parts of the key, as in the path box, and dot
 * segments stay what they are. Answers the literal path, or null for what is no such link or holds raw control
 * characters. Never throws, whatever the text.
 */
export function readOssLink(text: string): string | null {
  if (text.length > MAX_LINK_CHARACTERS || /[\p{Cc}\p{Cs}]/u.test(text)) return null;
  const [, bucket, key = ''] = /^oss:\/\/([a-z0-9][a-z0-9-]{1,61}[a-z0-9])(?:\/(.*))?$/isu.exec(text.trim()) ?? [];
  return bucket === undefined ? null : toOssPath({ bucket: bucket.toLowerCase(), key: unescaped(key) });
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
