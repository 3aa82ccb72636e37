/**
 * What lies in the folder of kept pages as this process knows it, and the steps of which all is made that happens
 * there: each file is written in its turn and whole, each page that goes is told of, and what is taken off the disk is
 * waited for before the same place is used again.
 */
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { ABOUT, newestOf, objectOf, sealDocument, writeAbout } from './kept-about.ts';
import { eachAtOnce, readItem, removeFile, removeFolder, type Item } from './kept-item.ts';
import type { PagePicture } from './oss-client.ts';
import { pickToGo } from './page-budget.ts';
import { readPageHead, writePageFile, type FindKey, type KeptHead } from './page-files.ts';
import type { PageKey, PageKeyId } from './sealed-bytes.ts';

/** How pages are written: plain, sealed with this key, or not at all because the key is not at hand. */
export type WriteAs = 'plain' | 'nothing' | PageKey;

/** How pages are sealed, at any moment. */
export interface Sealing {
  writeAs(): WriteAs;
  findKey: FindKey;
}

export interface KeptFolderOptions {
  /** Absolute path; holds nothing else. Made with the first page. */
  rootFolder: string;
  limitBytes: () => number;
  sealing: Sealing;
  /** Epoch ms. */
  now: () => number;
  /** What is known has changed. */
  onChange: () => void;
}

export interface KeptFolder {
  readonly items: ReadonlyMap<string, Item>;
  /** Ends when everything on the disk is known. */
  readonly lookedThrough: Promise<void>;
  bytes(): number;
  /** Pages of an item that can be read. */
  readable(item: Item): string[];
  isLocked(file: { sealedBy: PageKeyId | null }): boolean;
  fileOf(item: Item, page: string): string;
  /** What a page's file is told by, apart from its place: no file can be laid in place of another. */
  nameOf(item: Item, page: string): string;
  /** Reads what a folder holds, once. */
  load(accountId: string, id: string): Promise<Item>;
  /** Every document's folder on the disk now. */
  folders(): AsyncGenerator<{ accountId: string; id: string }>;
  /** Writes what the document is. False: the disk refused, or it may not be written for want of the key. */
  save(item: Item): Promise<boolean>;
  /** Does one thing after the other with the file of a page. */
  inTurn<T>(item: Item, page: string, work: () => Promise<T>): Promise<T>;
  /** Puts a page on the disk in the form of now. In its turn. False: the disk refused, or it is wanted no more. */
  put(item: Item, page: string, picture: PagePicture, usedAt?: number): Promise<boolean>;
  /** Takes a page out that cannot be read; from the disk too, if that is for good. In its turn. */
  discard(item: Item, page: string, why: 'absent' | 'damaged'): Promise<void>;
  /** A file of which the key is not at hand, or another process has sealed meanwhile: it stays. */
  noteLocked(item: Item, page: string, by: PageKeyId): void;
  /** What is here, proven by each file's head; what is not is taken out. */
  headsOf(item: Item): Promise<KeptHead[]>;
  /** Takes a whole document out, and off the disk: nothing of it is kept any more. */
  drop(item: Item): void;
  /** Takes all that is here of a document off the disk. What comes later, as from a request on the wire, is kept. */
  empty(item: Item): void;
  /** Ends when what was dropped is off the disk. */
  whenRemoved(): Promise<void>;
  /** Makes room for a limit that is exceeded: the oldest go first, what is pinned or open stays. */
  fit(): Promise<void>;
  /** Calls `listener` for every page that is here no more. */
  watchGone(listener: (id: string, page: string) => void): void;
  /** Work that `dispose` waits for. */
  track<T>(work: Promise<T>): Promise<T>;
  /** Ends when everything asked for so far is on the disk. */
  dispose(): Promise<void>;
}

const ACCOUNT_FOLDER = /^[a-f0-9]{16}$/;
const DOCUMENT_FOLDER = /^[a-f0-9]{64}$/;

/** Looks through the folder in the background. */
export function makeKeptFolder(options: KeptFolderOptions): KeptFolder {
  const { rootFolder, limitBytes, now, onChange } = options;
  const { writeAs, findKey } = options.sealing;
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
  const isLocked = ({ sealedBy }: { sealedBy: PageKeyId | null }): boolean =>
    sealedBy !== null && findKey(sealedBy) === null;
  const isHeld = (item: Item): boolean => item.openTimes > 0 || item.standing.isPinned;

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
    item.doomed.delete(page);
    bytes -= file.bytes;
    for (const listener of listeners) listener(item.id, page);
  }
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
  function empty(item: Item): void {
    drop(item);
    const anew: Item = {
      ...{ ...item, sealed: null, isDescribed: false, files: new Map(), doomed: new Set(), turns: new Map() },
      saving: removing.get(item.id) ?? Promise.resolve(),
    };
    items.set(item.id, anew);
    loading.set(item.id, Promise.resolve(anew));
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
      if (item.files.size === 0 && items.get(item.id) === item && item.openTimes === 0) empty(item);
      else if (!item.files.has(name)) await track(removeFile(fileOf(item, name)));
    }
  }

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
  function noteLocked(item: Item, page: string, by: PageKeyId): void {
    const file = item.files.get(page);
    if (file) file.sealedBy = by;
  }

  async function discard(item: Item, page: string, why: 'absent' | 'damaged'): Promise<void> {
    forget(item, page);
    if (why === 'damaged') await track(removeFile(fileOf(item, page)));
  }

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

  const lookedThrough = track(lookThrough());

  return {
    items,
    lookedThrough,
    bytes: () => bytes,
    readable: (item) => [...item.files].filter(([, file]) => !isLocked(file)).map(([name]) => name),
    ...{
      isLocked,
      fileOf,
      nameOf,
      load,
      folders,
      save,
      inTurn,
      put,
      discard,
      noteLocked,
      headsOf,
      drop,
      empty,
      fit,
      track,
    },
    async whenRemoved() {
      await Promise.all(removing.values());
    },
    watchGone: (listener) => void listeners.push(listener),
    async dispose() {
      while (working.size > 0) await Promise.all(working);
    },
  };
}
