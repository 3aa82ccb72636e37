/** The buckets: folders on disk, and what the world file adds to them or says about them. */
import { readdir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { Fingerprints, type ChecksumKind, type Content } from './fingerprints.ts';
import { BucketFolder, fileContent, isLeftOut, type Walk } from './folder.ts';
import { toMediaType } from './media-types.ts';
import { compareUtf8 } from './percent.ts';
import { generate } from './generated.ts';
import { isBucketName, type BucketEntry, type ObjectEntry, type VersionEntry, type World } from './world.ts';

/** One bucket as every operation sees it. */
export interface Bucket {
  name: string;
  region: string;
  storageClass: string;
  createdAtMs: number;
  /** What the world file says of it. */
  entry: BucketEntry;
  folder: BucketFolder | null;
  /** The world's objects by key, and their keys in byte order. */
  extra: ReadonlyMap<string, ObjectEntry>;
  extraKeys: readonly string[];
}

/** One version of an object, or a delete marker (then without content). */
export interface StoredVersion {
  key: string;
  /** Null in a bucket that never had versioning. */
  versionId: string | null;
  isLatest: boolean;
  modifiedAtMs: number;
  storageClass: string;
  contentType: string;
  entry: Partial<ObjectEntry & VersionEntry>;
  content: Content | null;
}

/** A version with bytes. */
export type ReadableVersion = StoredVersion & { content: Content };

/** Whether a version has bytes, that is, is no delete marker. */
export const isReadable = (version: StoredVersion): version is ReadableVersion => version.content !== null;

const ZEROS = new Uint8Array(64 * 1024);

async function* slices(bytes: Uint8Array, from: number, to: number): AsyncGenerator<Uint8Array> {
  if (from < to) yield bytes.subarray(from, to);
}

async function* zeros(count: number): AsyncGenerator<Uint8Array> {
  for (let left = count; left > 0; left -= ZEROS.length) yield ZEROS.subarray(0, Math.min(left, ZEROS.length));
}

/** So many zeros are the same bytes wherever they stand: their checksums are made once. */
const zerosContent = (sizeBytes: number): Content => ({
  identity: `zeros|${sizeBytes}`,
  sizeBytes,
  read: (from, to) => zeros(to - from),
});

/**
 * Index of the first key at `from` or behind it that is in the walk; the length where there is none. Keys are in byte
 * order, so what is left out lies together and is jumped over: a page of a long listing costs as much as a short one's.
 */
function firstInWalk(keys: readonly string[], walk: Walk, from: number): number {
  const { prefix, after, skipPrefix } = walk;
  const behind = (start: number, isBefore: (key: string) => boolean): number => {
    let low = start;
    let high = keys.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (isBefore(keys[middle]!)) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  const isBeforePrefix = (key: string, text: string): boolean => !key.startsWith(text) && compareUtf8(key, text) < 0;
  let at = from;
  const key = keys[at];
  if (key !== undefined && !isLeftOut(walk, key)) return at;
  if (after !== null) at = behind(at, (one) => compareUtf8(one, after) <= 0);
  if (prefix !== '') at = behind(at, (one) => isBeforePrefix(one, prefix));
  if (skipPrefix !== null && keys[at]?.startsWith(skipPrefix)) {
    at = behind(at, (one) => one.startsWith(skipPrefix) || isBeforePrefix(one, skipPrefix));
  }
  return keys[at]?.startsWith(prefix) ? at : keys.length;
}

/** All buckets of one service. */
export class Store {
  readonly #rootFolder: string;
  readonly #region: string;
  readonly #world: World;
  readonly #startedAtMs: number;
  readonly #fingerprints = new Fingerprints();
  /** World entries do not change, so what was made of them is kept. */
  readonly #extras = new Map<string, Pick<Bucket, 'extra' | 'extraKeys'>>();
  readonly #inline = new Map<object, Content>();

  constructor(options: { rootFolder: string; region: string; world: World; startedAtMs: number }) {
    this.#rootFolder = options.rootFolder;
    this.#region = options.region;
    this.#world = options.world;
    this.#startedAtMs = options.startedAtMs;
  }

  /** Every region some bucket lives in, and the service's own. */
  isRegion(region: string): boolean {
    return (
      region === this.#region || Object.values(this.#world.buckets ?? {}).some((bucket) => bucket.region === region)
    );
  }

  /** The names of all buckets in order. */
  async bucketNames(): Promise<string[]> {
    const entries = await readdir(this.#rootFolder, { withFileTypes: true }).catch(() => []);
    const folders = entries.filter((entry) => entry.isDirectory() && isBucketName(entry.name));
    const names = new Set([...folders.map((entry) => entry.name), ...Object.keys(this.#world.buckets ?? {})]);
    return [...names].sort(compareUtf8);
  }

  /** One bucket; null where there is none. */
  async bucket(name: string): Promise<Bucket | null> {
    if (!isBucketName(name)) return null;
    const buckets = this.#world.buckets ?? {};
    const entry = Object.hasOwn(buckets, name) ? buckets[name] : undefined;
    const root = await realpath(this.#rootFolder).catch(() => null);
    const folder = root === null ? '' : path.join(root, name);
    const found = root === null ? null : await stat(folder).catch(() => null);
    const isFolder = found?.isDirectory() === true && (await realpath(folder).catch(() => null)) === folder;
    if (entry === undefined && !isFolder) return null;
    const createdAtMs = entry?.createdAt !== undefined ? Date.parse(entry.createdAt) : undefined;
    return {
      name,
      region: entry?.region ?? this.#region,
      storageClass: entry?.storageClass ?? 'Standard',
      createdAtMs: createdAtMs ?? found?.birthtimeMs ?? this.#startedAtMs,
      entry: entry ?? {},
      folder: isFolder && root !== null ? new BucketFolder(root, folder) : null,
      ...this.#extraOf(name, entry),
    };
  }

  /** All versions of a key, newest first; empty where there is no such object. */
  async versions(bucket: Bucket, key: string): Promise<StoredVersion[]> {
    const entry = bucket.extra.get(key);
    if (entry?.versions) {
      const versions = entry.versions.map((version, index) => this.#fromWorld(bucket, key, version, index === 0));
      return Promise.all(versions);
    }
    const hasBytes = entry && [entry.text, entry.base64, entry.file, entry.zeros].some((one) => one !== undefined);
    if (entry && hasBytes) return [await this.#fromWorld(bucket, key, entry, true)];
    const file = await bucket.folder?.find(key);
    if (!file) return [];
    return [this.#describe(bucket, key, entry ?? {}, file.content, file.modifiedAtMs, true)];
  }

  /** The keys of a walk in byte order, folder and world together. */
  async *keys(bucket: Bucket, walk: Walk): AsyncGenerator<string> {
    const files = bucket.folder?.keys(walk)[Symbol.asyncIterator]();
    const nextFile = async (): Promise<string | undefined> => {
      const next = await files?.next();
      return next === undefined || next.done ? undefined : next.value;
    };
    let file = await nextFile();
    const { extraKeys } = bucket;
    for (let at = firstInWalk(extraKeys, walk, 0); at < extraKeys.length; at = firstInWalk(extraKeys, walk, at + 1)) {
      const extra = extraKeys[at]!;
      while (file !== undefined && compareUtf8(file, extra) < 0) {
        if (!isLeftOut(walk, file)) yield file;
        file = await nextFile();
      }
      if (file === extra) file = await nextFile();
      // Looked at again: a file before it may have hidden its whole folder.
      if (!isLeftOut(walk, extra)) yield extra;
    }
    while (file !== undefined) {
      if (!isLeftOut(walk, file)) yield file;
      file = await nextFile();
    }
  }

  /** One checksum of a version's bytes. */
  checksum(kind: ChecksumKind, version: ReadableVersion): Promise<string> {
    return this.#fingerprints.of(kind, version.content);
  }

  /** The ETag without quotes: MD5 in upper-case hex, as OSS gives objects that were written in one piece. */
  async etag(version: ReadableVersion): Promise<string> {
    return (await this.checksum('md5', version)).toUpperCase();
  }

  #extraOf(name: string, entry: BucketEntry | undefined): Pick<Bucket, 'extra' | 'extraKeys'> {
    const known = this.#extras.get(name);
    if (known) return known;
    const objects = [...(entry?.generated ?? []).flatMap(generate), ...(entry?.objects ?? [])];
    const extra = new Map(objects.map((object) => [object.key, object]));
    const made = { extra, extraKeys: [...extra.keys()].sort(compareUtf8) };
    this.#extras.set(name, made);
    return made;
  }

  async #fromWorld(
    bucket: Bucket,
    key: string,
    entry: ObjectEntry | VersionEntry,
    isLatest: boolean,
  ): Promise<StoredVersion> {
    if ('deleteMarker' in entry && entry.deleteMarker) {
      return this.#describe(bucket, key, entry, null, this.#startedAtMs, isLatest);
    }
    if (entry.file !== undefined) {
      const { content, modifiedAtMs } = await fileContent(path.resolve(this.#world.folder, entry.file));
      return this.#describe(bucket, key, entry, content, modifiedAtMs, isLatest);
    }
    const content = entry.zeros === undefined ? this.#inlineContent(entry) : zerosContent(entry.zeros);
    return this.#describe(bucket, key, entry, content, this.#startedAtMs, isLatest);
  }

  #inlineContent(entry: ObjectEntry | VersionEntry): Content {
    const known = this.#inline.get(entry);
    if (known) return known;
    const identity = `inline|${this.#inline.size}`;
    const bytes =
      entry.text !== undefined ? Buffer.from(entry.text, 'utf8') : Buffer.from(entry.base64 ?? '', 'base64');
    const content: Content = { identity, sizeBytes: bytes.length, read: (from, to) => slices(bytes, from, to) };
    this.#inline.set(entry, content);
    return content;
  }

  #describe(
    bucket: Bucket,
    key: string,
    entry: Partial<ObjectEntry & VersionEntry>,
    content: Content | null,
    modifiedAtMs: number,
    isLatest: boolean,
  ): StoredVersion {
    const plainId = bucket.entry.versioning === undefined ? null : 'null';
    return {
      key,
      versionId: entry.versionId ?? plainId,
      isLatest,
      modifiedAtMs: entry.modifiedAt === undefined ? modifiedAtMs : Date.parse(entry.modifiedAt),
      storageClass: entry.storageClass ?? bucket.storageClass,
      contentType: entry.contentType ?? toMediaType(key),
      entry,
      content,
    };
  }
}
