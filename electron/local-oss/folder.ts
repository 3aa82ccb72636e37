/**
 * One folder on disk as the objects of a bucket: file names are keys, `/` between them. Links to files are served when
 * they stay within the root of all buckets; links to folders never are, so no key leads out and no walk goes in circles.
 */
import { createReadStream } from 'node:fs';
import { lstat, readdir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Content } from './fingerprints.ts';
import { compareUtf8 } from './percent.ts';
import { MAX_KEY_BYTES } from './world.ts';

/** A file as an object. */
export interface FileObject {
  key: string;
  modifiedAtMs: number;
  content: Content;
}

/** Where a walk over keys starts, and what it may leave out while it runs. */
export interface Walk {
  prefix: string;
  /** Only keys after this one; null for all. */
  after: string | null;
  /** Set while walking: keys that begin with this are left out, their folders unread. */
  skipPrefix: string | null;
}

/** Whether a key is outside the walk. */
export const isLeftOut = (walk: Walk, key: string): boolean =>
  !key.startsWith(walk.prefix) ||
  (walk.skipPrefix !== null && key.startsWith(walk.skipPrefix)) ||
  (walk.after !== null && compareUtf8(key, walk.after) <= 0);

/** Whether no key below this folder (`a/b/`) can be in the walk. */
function isFolderLeftOut(walk: Walk, folder: string): boolean {
  if (!folder.startsWith(walk.prefix) && !walk.prefix.startsWith(folder)) return true;
  if (walk.skipPrefix !== null && folder.startsWith(walk.skipPrefix)) return true;
  return walk.after !== null && !walk.after.startsWith(folder) && compareUtf8(folder, walk.after) < 0;
}

/** A segment that names exactly one entry of one folder on every system. */
const isPlainSegment = (segment: string): boolean =>
  segment !== '' &&
  segment !== '.' &&
  segment !== '..' &&
  !segment.includes('\0') &&
  !segment.includes('\ufffd') &&
  !(process.platform === 'win32' && /[\\:*?"<>|]|[. ]$/.test(segment));

/** Reads `[from, to)` of a file; a file that has become shorter ends the stream with an error. */
async function* readFileRange(file: string, from: number, to: number): AsyncGenerator<Uint8Array> {
  if (from >= to) return;
  let left = to - from;
  for await (const piece of createReadStream(file, { start: from, end: to - 1 })) {
    const bytes = piece as Uint8Array;
    left -= bytes.length;
    yield bytes;
  }
  if (left > 0) throw new Error('The file has become shorter while it was read.');
}

/** The content of any file, such as one that a world file names. Throws when there is none. */
export async function fileContent(file: string): Promise<{ content: Content; modifiedAtMs: number }> {
  const found = await stat(file);
  if (!found.isFile()) throw new Error(`${file} is not a file.`);
  return {
    modifiedAtMs: found.mtimeMs,
    content: {
      identity: `${file}|${found.mtimeMs}|${found.ctimeMs}|${found.size}`,
      sizeBytes: found.size,
      read: (from, to) => readFileRange(file, from, to),
    },
  };
}

/** A bucket's folder. `rootFolder` and `folder` are real paths. */
export class BucketFolder {
  readonly #root: string;
  readonly #folder: string;

  constructor(rootFolder: string, folder: string) {
    this.#root = rootFolder;
    this.#folder = folder;
  }

  /** The file that a key names; null where there is none or where it may not be served. */
  async find(key: string): Promise<FileObject | null> {
    const segments = key.split('/');
    if (!segments.every(isPlainSegment) || Buffer.byteLength(key) > MAX_KEY_BYTES) return null;
    const file = path.join(this.#folder, ...segments);
    try {
      const parent = path.dirname(file);
      // A folder reached by another way than its name is a link or another spelling of the name: not this key.
      if ((await realpath(parent)) !== parent) return null;
      const entry = await lstat(file);
      if (entry.isSymbolicLink() && !(await this.#isInside(file))) return null;
      if (!entry.isFile() && !entry.isSymbolicLink()) return null;
      return { key, ...(await fileContent(file)) };
    } catch {
      return null;
    }
  }

  /** The keys of the walk in byte order, each folder read only when the walk comes to it. */
  async *keys(walk: Walk, folderKey = ''): AsyncGenerator<string> {
    if (isFolderLeftOut(walk, folderKey) && folderKey !== '') return;
    const entries = await readdir(path.join(this.#folder, folderKey), { withFileTypes: true }).catch(() => []);
    const children = entries
      .filter((entry) => isPlainSegment(entry.name))
      .map((entry) => ({ entry, key: `${folderKey}${entry.name}${entry.isDirectory() ? '/' : ''}` }))
      .sort((a, b) => compareUtf8(a.key, b.key));
    for (const { entry, key } of children) {
      if (entry.isDirectory()) yield* this.keys(walk, key);
      else if (!isLeftOut(walk, key) && Buffer.byteLength(key) <= MAX_KEY_BYTES) {
        if (entry.isFile() || (entry.isSymbolicLink() && (await this.find(key)))) yield key;
      }
    }
  }

  async #isInside(file: string): Promise<boolean> {
    const relative = path.relative(this.#root, await realpath(file));
    return relative !== '' && !relative.startsWith(`..${path.sep}`) && relative !== '..' && !path.isAbsolute(relative);
  }
}
