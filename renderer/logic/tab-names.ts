/** What tells open documents of the same name apart. */

export interface TabName {
  title: string;
  bucket: string;
  key: string;
  versionId: string | null;
}

/** Letters of a version's id that are shown: as many as differ, as a rule. */
const VERSION_LETTERS = 6;

/**
 * What stands behind the name of `one` among `all`: nothing where no other has it (null); else its bucket, its folder in it
 * where the bucket is the same, the beginning of its version's id where the key is.
 */
export function placeBehind(all: readonly TabName[], one: TabName): string | null {
  const others = all.filter((other) => other !== one && other.title === one.title);
  if (others.length === 0) return null;
  const near = others.filter((other) => other.bucket === one.bucket);
  if (near.length === 0) return one.bucket;
  const same = near.filter((other) => other.key === one.key);
  if (same.length === 0) {
    const isTold = near.every((other) => lastFolderOf(other) !== lastFolderOf(one));
    return (isTold ? lastFolderOf(one) : foldersOf(one).join('/')) ?? one.bucket;
  }
  return one.versionId?.slice(0, VERSION_LETTERS) ?? null;
}

const foldersOf = ({ key }: TabName): string[] => key.split('/').slice(0, -1);
const lastFolderOf = (name: TabName): string | undefined => foldersOf(name).at(-1);
