/**
 * The pages kept across runs: `<root>/<account>/<document>/<page>.<png|jpg>`, each document version in a folder of its
 * own beside `about.json`, which says what it is. Folder and file names tell nothing of buckets or keys. The files are
 * the truth: what this process knows of them is read from them, so a kill at any moment costs a page at most. Two
 * processes on one folder (the app itself allows one) would each keep to the limit alone and never see half a page.
 * Plain and sealed pages lie side by side; a sealed one whose key is not at hand is locked: it takes room and can be
 * removed by hand, but is neither read nor taken for damaged.
 */
import { readdir, utimes } from 'node:fs/promises';
import path from 'node:path';
import type { AccountId } from '#contract/ids.ts';
import { ABOUT, KeptDocument, sealDocument, writeAbout, type KeptStanding } from './kept-about.ts';
import {
  countPages,
  eachAtOnce,
  learnDocument,
  lockedFiles,
  readItem,
  readSealers,
  removeFile,
  removeFolder,
  type Item,
} from './kept-item.ts';
import type { PagePicture } from './oss-client.ts';
import { pickToGo } from './page-budget.ts';
import { readPageFile, readPageHead, writePageFile, type FindKey, type KeptHead } from './page-files.ts';
import type { PageKey, PageKeyId } from './sealed-bytes.ts';

export type { KeptDocument } from './kept-about.ts';

/** One kept document version as others may know it. */
export interface KeptVersion {
  id: string;
  document: KeptDocument;
  standing: KeptStanding;
  /** Those that can be read: `3.png`, in no order. */
  pages: string[];
  /** On the disk. */
  bytes: number;
}

/** How pages are written: plain, sealed with this key, or not at all because the key is not at hand. */
export type WriteAs = 'plain' | 'nothing' | PageKey;

/** How pages are sealed, at any moment. */
export interface Sealing {
  writeAs(): WriteAs;
  findKey: FindKey;
}

/** What has another form than it is to have: a page, or what a document is. */
export interface Unconverted {
  id: string;
  /** `3.png`, or `about.json`. */
  name: string;
}

export interface KeptPages {
  /** Every document version with its pages. Waits until the disk was looked through. */
  list(): Promise<KeptVersion[]>;
  /** Bytes of all pages now, and how many there may be. */
  room(): { bytes: number; limitBytes: number };
  /**
   * Begins to keep pages of a document, or goes on: from now until as many `close` nothing of it goes by itself.
   * Answers what is here, proven by each file's head, where the document ended, and how many pages are locked.
   */
  open(id: string, document: KeptDocument, isVerified: boolean): Promise<OpenedPages>;
  /** What is here now of a document that is open. */
  heads(id: string): Promise<KeptHead[]>;
  close(id: string): void;
  /** Whether pages of this document version are kept: it was opened in this run. */
  holds(id: string): boolean;
  /** The document's end is proven, or (null) in doubt again. */
  noteEnd(id: string, lastPage: number | null): void;
  /** True when it is on the disk. Never in plain where it is to be sealed. */
  write(id: string, page: string, picture: PagePicture): Promise<boolean>;
  /** Null when it is not here, or locked; a file that fails its proof is removed. */
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
  /** Keys came to hand, or pages are written in another way: what a key opens is known from now on. */
  keysChanged(): void;
  /** Calls `listener` at each `keysChanged`: what could not be written may be written now. */
  watchKeys(listener: () => void): void;
  /** The keys that files need, as far as is known here. */
  sealers(): Set<PageKeyId>;
  /** Ends when what is being written now is on the disk. */
  whenSettled(): Promise<void>;
  /** How many pages are plain (null) or sealed with which key. */
  forms(): Map<PageKeyId | null, number>;
  /** All that can be read and is not in the form that is written now. */
  unconverted(): Unconverted[];
  /** Writes one of them in that form, whole or not at all, its place in the order of use kept. False: the disk refused. */
  convert(what: Unconverted): Promise<boolean>;
  /** The keys that any file on the disk needs, looked up anew: other processes may have written. */
  neededKeys(): Promise<Set<PageKeyId>>;
  /** Removes the pages that are sealed with these keys, pinned and open ones as well. */
  removeSealed(by: ReadonlySet<PageKeyId>): Promise<void>;
  /** Makes room for a smaller limit. */
  fit(): Promise<void>;
  /** Ends when everything asked for so far is on the disk. Keeps what is there. */
  dispose(): Promise<void>;
}

/** What `open` answers. */
export interface OpenedPages {
  heads: KeptHead[];
  lastPage: number | null;
  /** Pages that are here, and whose key is not at hand. */
  lockedPages: number;
}

export interface KeptPagesOptions {
  /** Absolute path; holds nothing else. Made with the first page. */
  rootFolder: string;
  limitBytes: () => number;
  /** Without it pages are written plain, and sealed ones stay locked. */
  sealing?: Sealing;
  /** Epoch ms. */
  now: () => number;
  /** What `list` answers has changed. */
  onChange: () => void;
}

const ACCOUNT_FOLDER = /^[a-f0-9]{16}$/;
const DOCUMENT_FOLDER = /^[a-f0-9]{64}$/;
const ALL_PLAIN: Sealing = { writeAs: () => 'plain', findKey: () => null };

/** Looks through the folder in the background. */
export function makeKeptPages(options: KeptPagesOptions): KeptPages {
  const { rootFolder, limitBytes, now, onChange } = options;
  const { writeAs, findKey } = options.sealing ?? ALL_PLAIN;
  const listeners: ((id: string, page: string) => void)[] = [];
  const keyListeners: (() => void)[] = [];
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
  const isLocked = ({ sealedBy }: { sealedBy: PageKeyId | null }): boolean =>
    sealedBy !== null && findKey(sealedBy) === null;
  const readable = (item: Item): string[] =>
    [...item.files].filter(([, file]) => !isLocked(file)).map(([name]) => name);
  const isHeld = (item: Item): boolean => item.openTimes > 0 || item.standing.isPinned;

  /** Reads what a folder holds, once. */
  function load(accountId: string, id: string): Promise<Item> {
    const known = loading.get(id);
    if (known) return known;
    const loaded = readIn(accountId, id);
    loading.set(id, loaded);
    return loaded;
  }
  async function readIn(accountId: string, id: string): Promise<Item> {
    await removing.get(id);
    const item = await readItem(rootFolder, accountId, id, findKey);
    for (const file of item.files.values()) bytes += file.bytes;
    items.set(id, item);
    return item;
  }
  async function* folders(): AsyncGenerator<{ accountId: string; id: string }> {
    for (const accountId of await readdir(rootFolder).catch(() => [])) {
      if (!ACCOUNT_FOLDER.test(accountId)) continue;
      for (const id of await readdir(path.join(rootFolder, accountId)).catch(() => []))
        if (DOCUMENT_FOLDER.test(id)) yield { accountId, id };
    }
  }
  async function lookThrough(): Promise<void> {
    for await (const { accountId, id } of folders()) {
      const item = await load(accountId, id);
      if (item.files.size === 0 && !isHeld(item)) drop(item);
    }
    await fit();
    onChange();
  }

  /** False: the disk refused, or it may not be written for want of the key. */
  function save(item: Item): Promise<boolean> {
    const as = writeAs();
    const { document, standing } = item;
    const isSealable = document !== null && as !== 'nothing';
    // What is sealed stays so without the key; how it stands can be told.
    if (!isSealable && !item.sealed) return Promise.resolve(false);
    const sealed = !isSealable ? item.sealed : as === 'plain' ? null : sealDocument(as, item.id, document);
    const saved = item.saving.then(async () => {
      try {
        await writeAbout(path.join(item.folder, ABOUT), { document, sealed, standing });
        item.sealed = sealed;
        item.isDescribed = true;
        return true;
      } catch {
        // A description that cannot be written costs the place on the shelf, not the pages.
        return false;
      }
    });
    item.saving = track(saved);
    return saved;
  }
  /** Does one thing after the other with the file of a page. */
  function inTurn<T>(item: Item, page: string, work: () => Promise<T>): Promise<T> {
    const turn = (item.turns.get(page) ?? Promise.resolve()).then(work);
    const ended = track(turn.catch(() => undefined)).then(() => {
      if (item.turns.get(page) === ended) item.turns.delete(page);
    });
    item.turns.set(page, ended);
    return turn;
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
    // What is being written is waited for: it would make the folder anew.
    const written = Promise.all([item.saving, ...item.turns.values()]);
    const removed = track(written.then(() => removeFolder(item.folder)));
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
      pages: [...item.files].map(([name, file]) => ({ ...file, name })),
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
      pages: readable(item),
      bytes: [...item.files.values()].reduce((sum, file) => sum + file.bytes, 0),
    };

  const lookedThrough = track(lookThrough());

  return {
    async list() {
      await lookedThrough;
      return [...items.values()].flatMap((item) => {
        const isThere = !item.isDoomed && (readable(item).length > 0 || item.standing.isPinned);
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
      const heads = await headsOf(item);
      onChange();
      const locked = lockedFiles(item, findKey).map(({ name }) => name);
      return { heads, lastPage: item.standing.lastPage, lockedPages: countPages(locked) };
    },
    async heads(id) {
      const item = items.get(id);
      return item ? headsOf(item) : [];
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
      return item ? inTurn(item, page, () => writePage(item, page, picture)) : Promise.resolve(false);
    },
    async read(id, page) {
      const item = items.get(id);
      const file = item?.files.get(page);
      if (!item || !file) return null;
      const found = await readPageFile(fileOf(item, page), nameOf(item, page), findKey);
      if (found.is === 'whole') {
        file.usedAt = now();
        void track(utimes(fileOf(item, page), new Date(now()), new Date(now())).catch(() => undefined));
        return found.value;
      }
      if (found.is === 'locked') noteLocked(item, page, found.by);
      else
        await inTurn(item, page, async () => {
          if (item.files.get(page) === file) await discard(item, page, found.is);
        });
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
    keysChanged() {
      for (const item of items.values()) learnDocument(item, null, findKey);
      for (const listener of keyListeners) listener();
      onChange();
    },
    watchKeys: (listener) => void keyListeners.push(listener),
    sealers() {
      const all = [...items.values()].flatMap(({ files, sealed }) => [
        sealed?.by ?? null,
        ...[...files.values()].map(({ sealedBy }) => sealedBy),
      ]);
      return new Set(all.filter((id): id is PageKeyId => id !== null));
    },
    async whenSettled() {
      await Promise.all([...items.values()].flatMap(({ saving, turns }) => [saving, ...turns.values()]));
    },
    forms() {
      const forms = new Map<PageKeyId | null, number>();
      for (const item of items.values()) {
        const keys = new Set([...item.files.values()].map(({ sealedBy }) => sealedBy));
        for (const key of keys) {
          const names = [...item.files].filter(([, { sealedBy }]) => sealedBy === key).map(([name]) => name);
          forms.set(key, (forms.get(key) ?? 0) + countPages(names));
        }
      }
      return forms;
    },
    unconverted() {
      const as = writeAs();
      if (as === 'nothing') return [];
      const wanted = as === 'plain' ? null : as.id;
      return [...items.values()].flatMap((item) => {
        const pages = [...item.files].filter(([, file]) => file.sealedBy !== wanted && !isLocked(file));
        const isAbout = item.document && item.isDescribed && (item.sealed?.by ?? null) !== wanted;
        return [...(isAbout ? [ABOUT] : []), ...pages.map(([name]) => name)].map((name) => ({ id: item.id, name }));
      });
    },
    async convert({ id, name }) {
      const item = items.get(id);
      if (!item) return true;
      return name === ABOUT ? save(item) : inTurn(item, name, () => convertPage(item, name));
    },
    async neededKeys() {
      const needed = new Set<PageKeyId>();
      for await (const { accountId, id } of folders()) {
        for (const sealer of await readSealers(path.join(rootFolder, accountId, id))) needed.add(sealer);
      }
      return needed;
    },
    async removeSealed(by) {
      await lookedThrough;
      for (const item of [...items.values()]) {
        for (const page of [...item.files.keys()])
          await inTurn(item, page, async () => {
            const sealedBy = item.files.get(page)?.sealedBy ?? null;
            if (sealedBy !== null && by.has(sealedBy)) await discard(item, page, 'damaged');
          });
        if (item.sealed && by.has(item.sealed.by)) {
          await item.saving;
          item.sealed = null;
          item.isDescribed = false;
          await removeFile(path.join(item.folder, ABOUT));
        }
        if (item.files.size === 0 && item.openTimes === 0 && items.get(item.id) === item) drop(item);
      }
      await Promise.all(removing.values());
      onChange();
    },
    fit: () => track(fit()),
    async dispose() {
      while (working.size > 0) await Promise.all(working);
    },
  };

  /** What is here, proven by each file's head; what is not is taken out. */
  async function headsOf(item: Item): Promise<KeptHead[]> {
    const heads: KeptHead[] = [];
    await eachAtOnce([...item.files.keys()], async (page) => {
      const head = await readPageHead(fileOf(item, page), nameOf(item, page), findKey);
      if (head.is === 'whole') heads.push(head.value);
      else if (head.is === 'locked') noteLocked(item, page, head.by);
      else await inTurn(item, page, () => discard(item, page, head.is));
    });
    return heads;
  }

  /** A file of which the key is not at hand, or another process has sealed meanwhile: it stays. */
  function noteLocked(item: Item, page: string, by: PageKeyId): void {
    const file = item.files.get(page);
    if (file) file.sealedBy = by;
  }
  /** Takes a page out that cannot be read; from the disk too, if that is for good. */
  async function discard(item: Item, page: string, why: 'absent' | 'damaged'): Promise<void> {
    forget(item, page);
    if (why === 'damaged') await track(removeFile(fileOf(item, page)));
  }

  /** Puts a page on the disk in the form of now. */
  async function put(item: Item, page: string, picture: PagePicture, usedAt?: number): Promise<boolean> {
    const as = writeAs();
    if (as === 'nothing') return false;
    const key = as === 'plain' ? null : as;
    const before = item.files.get(page);
    let size: number;
    try {
      size = await writePageFile(fileOf(item, page), nameOf(item, page), picture, {
        key,
        ...(usedAt !== undefined && { usedAt }),
      });
    } catch {
      return false;
    }
    const isGone = items.get(item.id) !== item || item.files.get(page) !== before;
    if (isGone) {
      await removeFile(fileOf(item, page));
      return false;
    }
    bytes += size - (before?.bytes ?? 0);
    item.files.set(page, { bytes: size, usedAt: usedAt ?? now(), sealedBy: key?.id ?? null });
    return true;
  }
  async function writePage(item: Item, page: string, picture: PagePicture): Promise<boolean> {
    if (items.get(item.id) !== item) return false;
    // What it is comes first: pages that nothing describes would be on no shelf.
    if (item.files.size === 0 || !item.isDescribed) await save(item);
    else await item.saving;
    if (!(await put(item, page, picture))) return false;
    await fit();
    onChange();
    return true;
  }
  /** A page that is in another form than those written now, in that form. */
  async function convertPage(item: Item, page: string): Promise<boolean> {
    const file = item.files.get(page);
    if (!file || items.get(item.id) !== item) return true;
    const found = await readPageFile(fileOf(item, page), nameOf(item, page), findKey);
    if (found.is === 'locked') noteLocked(item, page, found.by);
    else if (found.is !== 'whole') await discard(item, page, found.is);
    else if (!(await put(item, page, found.value, file.usedAt)) && item.files.get(page) === file) return false;
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
