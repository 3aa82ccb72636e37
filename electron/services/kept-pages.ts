/**
 * The pages kept across runs: `<root>/<account>/<document>/<page>.<png|jpg>`, each document version in a folder of its
 * own beside `about.json`, which says what it is. Folder and file names tell nothing of buckets or keys. The files are
 * the truth: what this process knows of them is read from them, so a kill at any moment costs a page at most. Two
 * processes on one folder (the app itself allows one) would each keep to the limit alone and never see half a page.
 */
import { readdir, readFile, rm, stat, utimes } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { AccountId } from '#contract/ids.ts';
import { SourceType } from '#contract/shapes.ts';
import type { PagePicture } from './oss-client.ts';
import { pickToGo } from './page-budget.ts';
import { readPageFile, readPageHead, writePageFile, writerOf, writeWhole, type KeptHead } from './page-files.ts';
import { isAlive } from './system-error.ts';

/** A document version as it was when its pages were made. */
const KeptDocument = z.object({
  accountId: AccountId,
  bucket: z.string(),
  key: z.string(),
  versionId: z.string().nullable(),
  source: SourceType,
  etag: z.string(),
  sizeBytes: z.number(),
  modifiedAt: z.string(),
});
export type KeptDocument = z.infer<typeof KeptDocument>;

/** What changes of it, and is kept as well. */
const KeptStanding = z.object({
  /** The last page, when its end was proven. */
  lastPage: z.number().int().nullable(),
  /** When the service last said that this is the object's content, epoch ms. */
  verifiedAt: z.number(),
  usedAt: z.number(),
  isPinned: z.boolean(),
});
export type KeptStanding = z.infer<typeof KeptStanding>;

const AboutFile = z.object({ version: z.literal(1), document: KeptDocument, standing: KeptStanding });
const ABOUT = 'about.json';
/** An about.json is a few hundred bytes; one beyond this is none of ours. */
const MAX_ABOUT_BYTES = 64 * 1024;

/** One kept document version as others may know it. */
export interface KeptVersion {
  id: string;
  document: KeptDocument;
  standing: KeptStanding;
  /** `3.png`, in no order. */
  pages: string[];
  /** On the disk. */
  bytes: number;
}

export interface KeptPages {
  /** Every document version with its pages. Waits until the disk was looked through. */
  list(): Promise<KeptVersion[]>;
  /** Bytes of all pages now, and how many there may be. */
  room(): { bytes: number; limitBytes: number };
  /**
   * Begins to keep pages of a document, or goes on: from now until as many `close` nothing of it goes by itself.
   * Answers what is here, proven by each file's head, and where the document ended.
   */
  open(
    id: string,
    document: KeptDocument,
    isVerified: boolean,
  ): Promise<{ heads: KeptHead[]; lastPage: number | null }>;
  close(id: string): void;
  /** Whether pages of this document version are kept: it was opened in this run. */
  holds(id: string): boolean;
  /** The document's end is proven, or (null) in doubt again. */
  noteEnd(id: string, lastPage: number | null): void;
  /** True when it is on the disk. */
  write(id: string, page: string, picture: PagePicture): Promise<boolean>;
  /** Null when it is not here; a file that fails its proof is removed. */
  read(id: string, page: string): Promise<PagePicture | null>;
  setPinned(id: string, isPinned: boolean): Promise<void>;
  /**
   * Removes these documents, from the disk too; pinned ones as well. One that is open goes when it is closed, as its
   * pages would be bought again under the reader's eyes.
   */
  remove(which: (document: { id: string; accountId: string }) => boolean): Promise<void>;
  /** The account was removed: nothing of it stays, open or not. */
  forgetAccount(accountId: AccountId): Promise<void>;
  /** Calls `listener` for every page that is here no more. */
  watchGone(listener: (id: string, page: string) => void): void;
  /** Makes room for a smaller limit. */
  fit(): Promise<void>;
  /** Ends when everything asked for so far is on the disk. Keeps what is there. */
  dispose(): Promise<void>;
}

export interface KeptPagesOptions {
  /** Absolute path; holds nothing else. Made with the first page. */
  rootFolder: string;
  limitBytes: () => number;
  /** Epoch ms. */
  now: () => number;
  /** What `list` answers has changed. */
  onChange: () => void;
}

interface Item {
  readonly id: string;
  readonly accountId: string;
  readonly folder: string;
  /** Null: its about.json is gone or damaged. Its pages are found again by opening the document. */
  document: KeptDocument | null;
  standing: KeptStanding;
  readonly files: Map<string, { bytes: number; usedAt: number }>;
  openTimes: number;
  /** Goes when it is closed. */
  isDoomed: boolean;
  /** about.json is written one after the other. */
  saving: Promise<void>;
}

const ACCOUNT_FOLDER = /^[a-f0-9]{16}$/;
const DOCUMENT_FOLDER = /^[a-f0-9]{64}$/;
const PAGE_FILE = /^[1-9]\d{0,3}\.(png|jpg)$/;
/** Heads read at once. */
const AT_ONCE = 16;

/** Looks through the folder in the background. */
export function makeKeptPages(options: KeptPagesOptions): KeptPages {
  const { rootFolder, limitBytes, now, onChange } = options;
  const listeners: ((id: string, page: string) => void)[] = [];
  const items = new Map<string, Item>();
  const loading = new Map<string, Promise<Item>>();
  /** Folders on their way off the disk: nothing is read or made there before. */
  const removing = new Map<string, Promise<void>>();
  const working = new Set<Promise<unknown>>();
  let bytes = 0;

  const track = <T>(work: Promise<T>): Promise<T> => {
    const tracked = work.finally(() => working.delete(tracked));
    working.add(tracked);
    return tracked;
  };
  const fileOf = (item: Item, page: string): string => path.join(item.folder, page);
  const nameOf = (item: Item, page: string): string => `${item.id}-${page}`;
  const isHeld = (item: Item): boolean => item.openTimes > 0 || item.standing.isPinned;

  /** Reads what a folder holds, once. */
  function load(accountId: string, id: string): Promise<Item> {
    const known = loading.get(id);
    if (known) return known;
    const loaded = readItem(accountId, id);
    loading.set(id, loaded);
    return loaded;
  }
  async function readItem(accountId: string, id: string): Promise<Item> {
    await removing.get(id);
    const folder = path.join(rootFolder, accountId, id);
    const about = await readAbout(path.join(folder, ABOUT));
    const standing = about?.standing ?? { lastPage: null, verifiedAt: 0, usedAt: 0, isPinned: false };
    const document = about?.document.accountId === accountId ? about.document : null;
    const item: Item = {
      ...{ id, accountId, folder, document, standing },
      ...{ files: new Map(), openTimes: 0, isDoomed: false, saving: Promise.resolve() },
    };
    for (const name of await readdir(folder).catch(() => [])) {
      const writer = writerOf(name);
      // Our own number: of an earlier process of that number, as nothing was written here before this was read.
      if (writer !== null && (writer === process.pid || !isAlive(writer))) await removeFile(path.join(folder, name));
      if (!PAGE_FILE.test(name)) continue;
      const found = await stat(path.join(folder, name)).catch(() => null);
      if (!found) continue;
      item.files.set(name, { bytes: found.size, usedAt: found.mtimeMs });
      bytes += found.size;
    }
    items.set(id, item);
    return item;
  }
  async function lookThrough(): Promise<void> {
    for (const accountId of await readdir(rootFolder).catch(() => [])) {
      if (!ACCOUNT_FOLDER.test(accountId)) continue;
      for (const id of await readdir(path.join(rootFolder, accountId)).catch(() => [])) {
        if (!DOCUMENT_FOLDER.test(id)) continue;
        const item = await load(accountId, id);
        if (item.files.size === 0 && !isHeld(item)) drop(item);
      }
    }
    await fit();
    onChange();
  }

  function save(item: Item): Promise<void> {
    const { document, standing } = item;
    if (!document) return item.saving;
    const text = `${JSON.stringify({ version: 1, document, standing } satisfies z.infer<typeof AboutFile>)}\n`;
    // A description that cannot be written costs the place on the shelf, not the pages.
    item.saving = track(
      item.saving.then(() => writeWhole(path.join(item.folder, ABOUT), [Buffer.from(text)])).catch(() => undefined),
    );
    return item.saving;
  }

  /** Takes one page out of what is known; its file is the caller's business. */
  function forget(item: Item, page: string): void {
    const file = item.files.get(page);
    if (!file) return;
    item.files.delete(page);
    bytes -= file.bytes;
    for (const listener of listeners) listener(item.id, page);
  }
  /** Takes a whole document out, and off the disk. */
  function drop(item: Item): void {
    for (const page of [...item.files.keys()]) forget(item, page);
    items.delete(item.id);
    loading.delete(item.id);
    const removed = track(item.saving.then(() => removeFolder(item.folder)));
    removing.set(item.id, removed);
    void removed.then(() => removing.get(item.id) === removed && removing.delete(item.id));
  }

  async function fit(): Promise<void> {
    if (bytes <= limitBytes()) return;
    const newest = newestOf(items.values());
    const rooms = [...items.values()].map((item) => ({
      id: item.id,
      isHeld: isHeld(item),
      isOutdated: item.document !== null && newest.get(objectOf(item.document)) !== item,
      usedAt: item.standing.usedAt,
      pages: [...item.files].map(([name, file]) => ({ name, ...file })),
    }));
    const going = pickToGo(rooms, limitBytes()).flatMap(({ id, name }) => {
      const item = items.get(id);
      if (!item) return [];
      forget(item, name);
      return [{ item, name }];
    });
    if (going.length === 0) return;
    onChange();
    for (const { item, name } of going) {
      if (item.files.size === 0 && items.get(item.id) === item && item.openTimes === 0) drop(item);
      else if (!item.files.has(name)) await track(removeFile(fileOf(item, name)));
    }
  }

  const toVersion = (item: Item): KeptVersion | null =>
    item.document && {
      id: item.id,
      document: item.document,
      standing: item.standing,
      pages: [...item.files.keys()],
      bytes: [...item.files.values()].reduce((sum, file) => sum + file.bytes, 0),
    };

  const lookedThrough = track(lookThrough());

  return {
    async list() {
      await lookedThrough;
      return [...items.values()].flatMap((item) => {
        const isThere = !item.isDoomed && (item.files.size > 0 || item.standing.isPinned);
        const version = isThere ? toVersion(item) : null;
        return version ? [version] : [];
      });
    },
    room: () => ({ bytes, limitBytes: limitBytes() }),
    async open(id, document, isVerified) {
      const item = await load(document.accountId, id);
      item.openTimes += 1;
      item.document ??= KeptDocument.parse(document);
      item.standing = { ...item.standing, usedAt: now(), ...(isVerified && { verifiedAt: now() }) };
      if (item.files.size > 0) void save(item);
      const heads: KeptHead[] = [];
      const names = [...item.files.keys()];
      for (let at = 0; at < names.length; at += AT_ONCE) {
        const some = names.slice(at, at + AT_ONCE).map(async (page) => {
          const head = await readPageHead(fileOf(item, page), nameOf(item, page));
          if (head.is === 'whole') return heads.push(head.value);
          forget(item, page);
          if (head.is === 'damaged') await track(removeFile(fileOf(item, page)));
          return 0;
        });
        await Promise.all(some);
      }
      onChange();
      return { heads, lastPage: item.standing.lastPage };
    },
    close(id) {
      const item = items.get(id);
      if (!item) return;
      item.openTimes -= 1;
      item.standing = { ...item.standing, usedAt: now() };
      if (item.isDoomed && item.openTimes === 0) return drop(item);
      if (item.files.size > 0) void save(item);
      void track(fit());
    },
    holds: (id) => items.has(id),
    noteEnd(id, lastPage) {
      const item = items.get(id);
      if (!item || item.standing.lastPage === lastPage) return;
      item.standing = { ...item.standing, lastPage };
      void save(item);
      onChange();
    },
    write(id, page, picture) {
      const item = items.get(id);
      return item ? track(writePage(item, page, picture)) : Promise.resolve(false);
    },
    async read(id, page) {
      const item = items.get(id);
      const file = item?.files.get(page);
      if (!item || !file) return null;
      const found = await readPageFile(fileOf(item, page), nameOf(item, page));
      if (found.is === 'whole') {
        file.usedAt = now();
        void track(utimes(fileOf(item, page), new Date(now()), new Date(now())).catch(() => undefined));
        return found.value;
      }
      if (item.files.get(page) === file) forget(item, page);
      if (found.is === 'damaged') await track(removeFile(fileOf(item, page)));
      onChange();
      return null;
    },
    async setPinned(id, isPinned) {
      const item = items.get(id);
      if (!item) return;
      item.standing = { ...item.standing, isPinned };
      await save(item);
      if (!isPinned) await track(fit());
      onChange();
    },
    async remove(which) {
      await lookedThrough;
      for (const item of [...items.values()]) {
        if (!which(item)) continue;
        item.standing = { ...item.standing, isPinned: false };
        if (item.openTimes === 0) drop(item);
        else item.isDoomed = true;
      }
      await Promise.all(removing.values());
      onChange();
    },
    async forgetAccount(accountId) {
      await lookedThrough;
      for (const item of [...items.values()]) if (item.accountId === accountId) drop(item);
      await Promise.all(removing.values());
      await track(removeFolder(path.join(rootFolder, accountId)));
      onChange();
    },
    watchGone: (listener) => void listeners.push(listener),
    fit: () => track(fit()),
    async dispose() {
      while (working.size > 0) await Promise.all(working);
    },
  };

  async function writePage(item: Item, page: string, picture: PagePicture): Promise<boolean> {
    // What it is comes first: pages that nothing describes would be on no shelf.
    if (item.files.size === 0) await save(item);
    else await item.saving;
    let size: number;
    try {
      size = await writePageFile(fileOf(item, page), nameOf(item, page), picture);
    } catch {
      return false;
    }
    if (items.get(item.id) !== item) {
      await removeFile(fileOf(item, page));
      return false;
    }
    bytes += size - (item.files.get(page)?.bytes ?? 0);
    item.files.set(page, { bytes: size, usedAt: now() });
    await fit();
    onChange();
    return true;
  }
}

/** What makes two kept versions the same document as a person names it. */
export const objectOf = ({ accountId, bucket, key, versionId, source }: KeptDocument): string =>
  JSON.stringify([accountId, bucket, key, versionId, source]);

/** Of each object the version that the service confirmed last. */
export function newestOf<V extends { document: KeptDocument | null; standing: KeptStanding }>(
  versions: Iterable<V>,
): Map<string, V> {
  const newest = new Map<string, V>();
  for (const version of versions) {
    if (!version.document) continue;
    const object = objectOf(version.document);
    const other = newest.get(object);
    if (!other || other.standing.verifiedAt <= version.standing.verifiedAt) newest.set(object, version);
  }
  return newest;
}

async function readAbout(file: string): Promise<z.infer<typeof AboutFile> | null> {
  try {
    if ((await stat(file)).size > MAX_ABOUT_BYTES) return null;
    const about = AboutFile.safeParse(JSON.parse(await readFile(file, 'utf8')));
    return about.success ? about.data : null;
  } catch {
    return null;
  }
}

const removeFile = (file: string): Promise<void> => rm(file, { force: true }).catch(() => undefined);
const removeFolder = (folder: string): Promise<void> =>
  rm(folder, { recursive: true, force: true }).catch(() => undefined);
