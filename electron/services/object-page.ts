/** One page of a listing as the page may see it: names cut from keys, types read from names. */
import type { ObjectPageView, ObjectView } from '#contract/contract.ts';
import { extensionOf, sourceOfKey } from '#contract/source-types.ts';
import type { ListedObject, ObjectPage } from './oss-client.ts';

/** The listing of `prefix` for the page. Keys stay whole; names are what follows the prefix. */
export function toObjectPageView(page: ObjectPage, prefix: string): ObjectPageView {
  return {
    folders: page.prefixes.map((folder) => ({ prefix: folder, name: folder.slice(prefix.length, -1) })),
    objects: page.objects.map((object) => toObjectView(object, prefix)),
    next: page.next,
  };
}

/** One object of a listing of `prefix`. */
export function toObjectView(object: ListedObject, prefix: string): ObjectView {
  const { key, sizeBytes, modifiedAt, etag, storageClass } = object;
  const name = key.slice(prefix.length);
  return {
    key,
    name,
    sizeBytes,
    modifiedAt,
    etag,
    storageClass,
    source: sourceOfKey(key),
    extension: extensionOf(key),
  };
}
