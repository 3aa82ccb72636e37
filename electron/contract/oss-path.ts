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
