/**
 * The pictures that were bought: the latest in memory, all on disk. Those of documents that are kept across runs go to
 * kept-pages.ts; all others into a folder of this run, where nothing is thrown away before the run ends.
 */
import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { PagePicture } from './oss-client.ts';
import type { KeptDocument, KeptPages, OpenedPages } from './kept-pages.ts';
import type { KeptHead } from './page-files.ts';
import { isAlive } from './system-error.ts';

/** What is known of a picture without reading it. */
export type PictureFacts = Omit<PagePicture, 'bytes'> & { sizeBytes: number };

export interface PageCache {
  /**
   * From now on pictures whose name begins with `id` are kept across runs. Answers those that are here from earlier
   * ones, the last page where the document's end was proven, and how many pages are locked.
   */
  open(id: string, document: KeptDocument, isVerified: boolean): Promise<OpenedPages>;
  /** Null when this picture was never kept. */
  facts(name: string): PictureFacts | null;
  /**
   * Keeps a picture. It can be read at once; the disk follows. Never fails: what the disk refuses stays in memory, and
   * is tried again, where it is to outlive the run, when the disk takes another one and at the end.
   */
  keep(name: string, picture: PagePicture): void;
  /** Null when it was never kept, or when somebody removed the file; it is then forgotten. */
  read(name: string): Promise<PagePicture | null>;
  /** Calls `listener` for pages of earlier runs that can be read from now on and could not before, by document. */
  watchLearned(listener: (id: string, heads: readonly KeptHead[]) => void): void;
  /** Resolves when all that was kept so far is on the disk, or was refused by it. */
  whenWritten(): Promise<void>;
  /** Ends all writing and removes the folder. */
  dispose(): Promise<void>;
}

/** Compressed pictures in memory: some 100 pages of text, so that scrolling back does not touch the disk. */
const MEMORY_BYTES = 64 * 1024 * 1024;
const RUN_FOLDER = /^run-(\d+)-[a-f0-9]{12}$/;

/** A name as it is kept: the id of a document version, then the page. */
const KEPT_NAME = /^([a-f0-9]{64})-(\d+\.(?:png|jpg))$/;

export interface PageCacheOptions {
  rootFolder: string;
  memoryBytes?: number;
  /** Where pages stay across runs. Without it `open` keeps nothing. */
  kept?: KeptPages;
}

/**
 * Opens the cache of this run under `rootFolder`, which holds nothing else, and sweeps what runs that are dead left
 * there. One cache for each process and root folder. `name` is a plain file name that the caller keeps unique.
 */
export function makePageCache(options: PageCacheOptions): PageCache {
  const { kept } = options;
  const memoryBytes = options.memoryBytes ?? MEMORY_BYTES;
  const folder = path.join(options.rootFolder, `run-${process.pid}-${randomBytes(6).toString('hex')}`);
  const known = new Map<string, PictureFacts>();
  /** Document versions that are kept across runs. */
  const keptIds = new Set<string>();
  /** Those of which some could not be read for want of their key. */
  const lockedIds = new Set<string>();
  const learnListeners: ((id: string, heads: readonly KeptHead[]) => void)[] = [];
  /** Not on disk (yet, or never): these must not leave the memory. */
  const onlyHere = new Map<string, PagePicture>();
  /** Those that were to outlive the run when the disk refused them. */
  const refused = new Set<string>();
  /** On disk as well, oldest use first. */
  const recent = new Map<string, PagePicture>();
  let recentBytes = 0;
  const writing = new Set<Promise<void>>();
  /** False where no folder can be made: memory is all there is. */
  const folderReady = openFolder(options.rootFolder, folder);

  const forgetRecent = (name: string): void => {
    const picture = recent.get(name);
    if (!picture) return;
    recent.delete(name);
    recentBytes -= picture.bytes.length;
  };
  const remember = (name: string, picture: PagePicture): void => {
    forgetRecent(name);
    recent.set(name, picture);
    recentBytes += picture.bytes.length;
    for (const oldest of recent.keys()) {
      if (recentBytes <= memoryBytes) break;
      forgetRecent(oldest);
    }
  };
  const keptAs = (name: string): { kept: KeptPages; id: string; page: string } | null => {
    const [, id, page] = KEPT_NAME.exec(name) ?? [];
    return kept && id !== undefined && page !== undefined && keptIds.has(id) ? { kept, id, page } : null;
  };
  const writeToRun = async (name: string, picture: PagePicture): Promise<boolean> => {
    if (!(await folderReady)) return false;
    const file = path.join(folder, name);
    try {
      await writeFile(`${file}.part`, picture.bytes, { mode: 0o600 });
      await rename(`${file}.part`, file);
      return true;
    } catch {
      await rm(`${file}.part`, { force: true }).catch(() => undefined);
      return false;
    }
  };
  const writeToDisk = async (name: string, picture: PagePicture): Promise<void> => {
    const at = keptAs(name);
    const isWritten = at ? await at.kept.write(at.id, at.page, picture) : await writeToRun(name, picture);
    if (isWritten && onlyHere.get(name) === picture) {
      onlyHere.delete(name);
      remember(name, picture);
    }
    // Disk full or folder gone: the picture stays in memory.
    if (at && !isWritten) refused.add(name);
    else if (at) tryAgain();
  };
  const tryAgain = (): void => {
    const names = [...refused];
    refused.clear();
    for (const name of names) {
      const picture = onlyHere.get(name);
      if (picture) startWriting(name, picture);
    }
  };
  const startWriting = (name: string, picture: PagePicture): void => {
    refused.delete(name);
    const write = writeToDisk(name, picture).finally(() => writing.delete(write));
    writing.add(write);
  };
  const readFromRun = async (name: string, { sizeBytes, ...head }: PictureFacts): Promise<PagePicture | null> => {
    const bytes = await readFile(path.join(folder, name)).catch(() => null);
    return bytes?.length === sizeBytes ? { ...head, bytes } : null;
  };

  kept?.watchGone((id, page) => {
    const name = `${id}-${page}`;
    if (!keptIds.has(id) || onlyHere.has(name)) return;
    known.delete(name);
    forgetRecent(name);
  });
  const learn = (id: string, heads: readonly KeptHead[]): void => {
    const news = heads.filter(({ name }) => !known.has(name));
    for (const { name, fingerprint: _, versionId: __, isBlank: ___, ...facts } of news) known.set(name, facts);
    if (news.length > 0) for (const listener of learnListeners) listener(id, news);
  };
  kept?.watchKeys(() => {
    for (const [name, picture] of onlyHere) if (keptAs(name)) startWriting(name, picture);
    // Pages that could not be read when their document was opened need not be bought any more.
    for (const id of lockedIds) void kept.heads(id).then((heads) => learn(id, heads));
  });

  const whenWritten = async (): Promise<void> => {
    while (writing.size > 0) await Promise.all(writing);
  };

  return {
    whenWritten,
    async open(id, document, isVerified) {
      if (!kept) return { heads: [], lastPage: null, lockedPages: 0 };
      const opened = await kept.open(id, document, isVerified);
      keptIds.add(id);
      learn(id, opened.heads);
      if (opened.lockedPages > 0) lockedIds.add(id);
      // What came while nothing of the document was kept.
      for (const [name, picture] of onlyHere) if (keptAs(name)?.id === id) startWriting(name, picture);
      return opened;
    },
    watchLearned: (listener) => void learnListeners.push(listener),
    facts: (name) => known.get(name) ?? null,
    keep(name, picture) {
      const { bytes, ...facts } = picture;
      known.set(name, { ...facts, sizeBytes: bytes.length });
      onlyHere.set(name, picture);
      startWriting(name, picture);
    },
    async read(name) {
      const facts = known.get(name);
      const inMemory = onlyHere.get(name) ?? recent.get(name);
      if (!facts) return null;
      if (inMemory) {
        if (recent.has(name)) remember(name, inMemory);
        return inMemory;
      }
      const at = keptAs(name);
      const picture = at ? await at.kept.read(at.id, at.page) : await readFromRun(name, facts);
      if (picture) remember(name, picture);
      else known.delete(name);
      return picture;
    },
    async dispose() {
      await folderReady;
      await whenWritten();
      tryAgain();
      await whenWritten();
      known.clear();
      onlyHere.clear();
      recent.clear();
      await rm(folder, { recursive: true, force: true }).catch(() => undefined);
    },
  };
}

/** Makes the folder of this run, for this user alone, and removes those of dead runs. False when it cannot be made. */
async function openFolder(rootFolder: string, folder: string): Promise<boolean> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
  } catch {
    return false;
  }
  for (const name of await readdir(rootFolder).catch(() => [])) {
    const pid = Number(RUN_FOLDER.exec(name)?.[1] ?? Number.NaN);
    if (Number.isNaN(pid) || path.join(rootFolder, name) === folder) continue;
    // A folder with our own process number is of an earlier process of that number: containers count from 1 again.
    if (pid !== process.pid && isAlive(pid)) continue;
    await rm(path.join(rootFolder, name), { recursive: true, force: true }).catch(() => undefined);
  }
  return true;
}
