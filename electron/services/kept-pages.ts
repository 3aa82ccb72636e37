/**
 * The pages kept across runs: `<root>/<account>/<document>/<page>.<png|jpg>`, each document version in a folder of its
 * own beside `about.json`, which says what it is. Folder and file names tell nothing of buckets or keys. The files are
 * the truth: what this process knows of them is read from them, so a kill at any moment costs a page at most. Two
 * processes on one folder (the app itself allows one) would each keep to the limit alone and never see half a page.
 * Plain and sealed pages lie side by side; a sealed one whose key is not at hand is locked: it takes room and can be
 * removed by hand, but is neither read nor taken for damaged.
 */
import { utimes } from 'node:fs/promises';
import path from 'node:path';
import type { AccountId } from '#contract/ids.ts';
import { KeptDocument, type KeptStanding } from './kept-about.ts';
import { makeKeptFolder, type KeptFolderOptions, type Sealing } from './kept-folder.ts';
import { makeKeptForms, type KeptForms } from './kept-forms.ts';
import { countPages, learnDocument, lockedFiles, removeFolder, type Item } from './kept-item.ts';
import type { PagePicture } from './oss-client.ts';
import { readPageFile, type KeptHead } from './page-files.ts';

export type { KeptDocument } from './kept-about.ts';

/** One kept document version as others may know it. */
export interface KeptVersion {
  id: string;
  document: KeptDocument;
  standing: KeptStanding;
  /** Those that can be read, and were not cleared while it is open: `3.png`, in no order. */
  pages: string[];
  /** On the disk, without what was cleared. */
  bytes: number;
}

export interface KeptPages extends KeptForms {
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
  /** Opens what is open once more, for a job that goes on when its document is closed; the answer closes it again. */
  hold(id: string): () => void;
  /** The document's end is proven, and how; or (null) it is in doubt again. */
  noteEnd(id: string, lastPage: number | null, proof?: KeptStanding['proof']): void;
  /** True when it is on the disk. Never in plain where it is to be sealed. */
  write(id: string, page: string, picture: PagePicture): Promise<boolean>;
  /** Null when it is not here, or locked; a file that fails its proof is removed. */
  read(id: string, page: string): Promise<PagePicture | null>;
  /** A pin keeps also what was cleared and has not gone yet. */
  setPinned(id: string, isPinned: boolean): Promise<void>;
  /**
   * Removes what is here of these documents, from the disk too; their pins as well. Of one that is open it goes when it
   * is closed, as its pages would be bought again under the reader's eyes. What comes after this stays.
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
  /** Makes room for a smaller limit. */
  fit(): Promise<void>;
  /** Ends when everything asked for so far is on the disk. Keeps what is there. */
  dispose(): Promise<void>;
}

/** What `open` answers. */
export interface OpenedPages {
  heads: KeptHead[];
  lastPage: number | null;
  proof?: KeptStanding['proof'];
  /** Pages that are here, and whose key is not at hand. */
  lockedPages: number;
}

/** Without `sealing` pages are written plain, and sealed ones stay locked. */
export type KeptPagesOptions = Omit<KeptFolderOptions, 'sealing'> & Partial<Pick<KeptFolderOptions, 'sealing'>>;

const ALL_PLAIN: Sealing = { writeAs: () => 'plain', findKey: () => null };

/** Looks through the folder in the background. */
export function makeKeptPages(options: KeptPagesOptions): KeptPages {
  const { rootFolder, limitBytes, now, onChange, sealing = ALL_PLAIN } = options;
  const { findKey } = sealing;
  const folder = makeKeptFolder({ ...options, sealing });
  const { items } = folder;
  const keyListeners: (() => void)[] = [];

  const toVersion = (item: Item): KeptVersion | null =>
    item.document && {
      id: item.id,
      document: item.document,
      standing: item.standing,
      pages: folder.readable(item).filter((page) => !item.doomed.has(page)),
      bytes: [...item.files].reduce((sum, [page, file]) => sum + (item.doomed.has(page) ? 0 : file.bytes), 0),
    };

  async function writePage(item: Item, page: string, picture: PagePicture): Promise<boolean> {
    if (items.get(item.id) !== item) return false;
    // What it is comes first: pages that nothing describes would be on no shelf.
    if (item.files.size === 0 || !item.isDescribed) await folder.save(item);
    else await item.saving;
    if (!(await folder.put(item, page, picture))) return false;
    item.doomed.delete(page);
    await folder.fit();
    onChange();
    return true;
  }

  /** What was cleared goes with the last who has the document open; all of it, where nothing came after. */
  async function sweep(item: Item): Promise<void> {
    const pages = [...item.doomed].map((page) =>
      folder.inTurn(item, page, async () => {
        // It may be opened again, pinned or written anew by now.
        if (item.openTimes === 0 && item.doomed.has(page)) await folder.discard(item, page, 'damaged');
      }),
    );
    await Promise.all(pages);
    while (item.turns.size > 0) await Promise.all(item.turns.values());
    const isNothing = item.files.size === 0 && item.openTimes === 0 && !item.standing.isPinned;
    if (isNothing && items.get(item.id) === item) folder.empty(item);
    onChange();
  }
  function close(id: string): void {
    const item = items.get(id);
    if (!item) return;
    item.openTimes -= 1;
    item.standing = { ...item.standing, usedAt: now() };
    if (item.files.size > 0) void folder.save(item);
    if (item.openTimes === 0 && item.doomed.size > 0) void folder.track(sweep(item));
    void folder.track(folder.fit());
  }

  return {
    ...makeKeptForms({ rootFolder, folder, sealing, onChange }),
    async list() {
      await folder.lookedThrough;
      return [...items.values()].flatMap((item) => {
        const version = toVersion(item);
        return version && (version.pages.length > 0 || item.standing.isPinned) ? [version] : [];
      });
    },
    room: () => ({ bytes: folder.bytes(), limitBytes: limitBytes() }),
    async open(id, document, isVerified) {
      let item = await folder.load(document.accountId, id);
      // It may have been taken out while this waited: nothing would be written to it any more.
      while (items.get(id) !== item) item = await folder.load(document.accountId, id);
      item.openTimes += 1;
      item.document ??= KeptDocument.parse(document);
      item.standing = { ...item.standing, usedAt: now(), ...(isVerified && { verifiedAt: now() }) };
      if (item.files.size > 0) void folder.save(item);
      const heads = await folder.headsOf(item);
      onChange();
      const locked = lockedFiles(item, findKey).map(({ name }) => name);
      const { lastPage, proof } = item.standing;
      return { heads, lastPage, proof, lockedPages: countPages(locked) };
    },
    async heads(id) {
      const item = items.get(id);
      return item ? folder.headsOf(item) : [];
    },
    close,
    hold(id) {
      const item = items.get(id);
      if (!item) return () => undefined;
      item.openTimes += 1;
      return () => close(id);
    },
    noteEnd(id, lastPage, proof) {
      const item = items.get(id);
      if (!item || (item.standing.lastPage === lastPage && item.standing.proof === proof)) return;
      item.standing = { ...item.standing, lastPage, proof };
      void folder.save(item);
      onChange();
    },
    write(id, page, picture) {
      const item = items.get(id);
      return item ? folder.inTurn(item, page, () => writePage(item, page, picture)) : Promise.resolve(false);
    },
    async read(id, page) {
      const item = items.get(id);
      const file = item?.files.get(page);
      if (!item || !file) return null;
      const found = await readPageFile(folder.fileOf(item, page), folder.nameOf(item, page), findKey);
      if (found.is === 'whole') {
        file.usedAt = now();
        void folder.track(utimes(folder.fileOf(item, page), new Date(now()), new Date(now())).catch(() => undefined));
        return found.value;
      }
      if (found.is === 'locked') folder.noteLocked(item, page, found.by);
      else
        await folder.inTurn(item, page, async () => {
          if (item.files.get(page) === file) await folder.discard(item, page, found.is);
        });
      onChange();
      return null;
    },
    async setPinned(id, isPinned) {
      const item = items.get(id);
      if (!item) return;
      item.standing = { ...item.standing, isPinned };
      if (isPinned) item.doomed.clear();
      await folder.save(item);
      if (!isPinned) await folder.track(folder.fit());
      onChange();
    },
    async remove(which) {
      await folder.lookedThrough;
      for (const item of [...items.values()]) {
        if (!which(item)) continue;
        item.standing = { ...item.standing, isPinned: false };
        if (item.openTimes === 0) folder.empty(item);
        else {
          for (const page of item.files.keys()) item.doomed.add(page);
          if (item.isDescribed) await folder.save(item);
        }
      }
      await folder.whenRemoved();
      onChange();
    },
    async forgetAccount(accountId) {
      await folder.lookedThrough;
      for (const item of [...items.values()]) if (item.accountId === accountId) folder.drop(item);
      await folder.whenRemoved();
      await folder.track(removeFolder(path.join(rootFolder, accountId)));
      onChange();
    },
    watchGone: folder.watchGone,
    keysChanged() {
      for (const item of items.values()) learnDocument(item, null, findKey);
      for (const listener of keyListeners) listener();
      onChange();
    },
    watchKeys: (listener) => void keyListeners.push(listener),
    fit: () => folder.track(folder.fit()),
    dispose: folder.dispose,
  };
}
