/** One page of a listing as the page may see it: names cut from keys, in columns. */
import type { ObjectColumns, ObjectPageView } from '#contract/objects.ts';
import type { ListedObject, ObjectPage } from './oss-client.ts';

/** Storage classes whose objects may have to be restored. Plain Archive may have real-time access on: none is refused. */
const COLD_CLASSES = new Set(['Archive', 'ColdArchive', 'DeepColdArchive']);

/** The listing of `prefix` for the page. Every key and prefix of it begins with that one. */
export function toObjectPageView(page: ObjectPage, prefix: string): ObjectPageView {
  return {
    folders: page.prefixes.map((folder) => folder.slice(prefix.length, -1)),
    objects: toColumns(page.objects, prefix),
    next: page.next,
  };
}

/** Objects below a prefix, in columns. */
export function toColumns(objects: readonly ListedObject[], prefix: string): ObjectColumns {
  return {
    names: objects.map(({ key }) => key.slice(prefix.length)),
    sizes: objects.map(({ sizeBytes }) => sizeBytes),
    modified: objects.map(({ modifiedAt }) => Date.parse(modifiedAt)),
    archived: objects.flatMap(({ storageClass }, index) => (COLD_CLASSES.has(storageClass) ? [index] : [])),
  };
}
