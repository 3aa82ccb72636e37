/** One kept document version as this process knows it, and what is read of its folder to begin with. */
import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import {
  ABOUT,
  readAbout,
  unsealDocument,
  type KeptDocument,
  type KeptStanding,
  type SealedDocument,
} from './kept-about.ts';
import { readFileForm, writerOf, type FileForm, type FindKey } from './page-files.ts';
import type { PageKeyId } from './sealed-bytes.ts';
import { isAlive } from './system-error.ts';

export interface Item {
  readonly id: string;
  readonly accountId: string;
  readonly folder: string;
  /** Null: its about.json is gone, damaged, or sealed with a key that is not at hand. Opening the document tells again. */
  document: KeptDocument | null;
  /** The document as it stands sealed in about.json; null: it stands there plain, or not at all. */
  sealed: SealedDocument | null;
  /** Whether there is an about.json that says what it is. */
  isDescribed: boolean;
  standing: KeptStanding;
  readonly files: Map<string, FileForm>;
  openTimes: number;
  /** Pages that were cleared while it was open: they go when it is closed. */
  readonly doomed: Set<string>;
  /** about.json is written one after the other. */
  saving: Promise<unknown>;
  /** So is each page. */
  readonly turns: Map<string, Promise<unknown>>;
}

const PAGE_FILE = /^[1-9]\d{0,3}\.(png|jpg)$/;
/** Files read at once. */
export const AT_ONCE = 16;

/** Reads what a folder holds, and sweeps what dead processes left aside in it. */
export async function readItem(rootFolder: string, accountId: string, id: string, findKey: FindKey): Promise<Item> {
  const folder = path.join(rootFolder, accountId, id);
  const about = await readAbout(path.join(folder, ABOUT));
  const item: Item = {
    ...{ id, accountId, folder, document: null, sealed: about?.sealed ?? null, isDescribed: about !== null },
    standing: about?.standing ?? { lastPage: null, verifiedAt: 0, usedAt: 0, isPinned: false },
    ...{ files: new Map(), openTimes: 0, doomed: new Set(), saving: Promise.resolve(), turns: new Map() },
  };
  learnDocument(item, about?.document ?? null, findKey);
  for (const name of await readdir(folder).catch(() => [])) {
    const writer = writerOf(name);
    // Our own number: of an earlier process of that number, as nothing was written here before this was read.
    if (writer !== null && (writer === process.pid || !isAlive(writer))) await removeFile(path.join(folder, name));
  }
  for (const [name, form] of await readForms(folder)) item.files.set(name, form);
  return item;
}

/** The pages in a folder, by their first bytes. */
async function readForms(folder: string): Promise<Map<string, FileForm>> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => PAGE_FILE.test(name));
  const forms = new Map<string, FileForm>();
  await eachAtOnce(names, async (name) => {
    const form = await readFileForm(path.join(folder, name));
    if (form) forms.set(name, form);
  });
  return forms;
}

/** The keys that the files of a folder are sealed with. */
export async function readSealers(folder: string): Promise<PageKeyId[]> {
  const sealed = (await readAbout(path.join(folder, ABOUT)))?.sealed ?? null;
  const pages = [...(await readForms(folder)).values()].flatMap(({ sealedBy }) => sealedBy ?? []);
  return sealed ? [sealed.by, ...pages] : pages;
}

/** Takes in what its about.json says in the clear, or sealed with a key that is at hand; of another account it is none. */
export function learnDocument(item: Item, plain: KeptDocument | null, findKey: FindKey): void {
  const document = plain ?? (item.sealed && unsealDocument(item.sealed, item.id, findKey));
  if (document?.accountId === item.accountId) item.document ??= document;
}

/** Pages by number: one that is here in both formats is one page. */
export function countPages(names: Iterable<string>): number {
  return new Set(Array.from(names, (name) => Number.parseInt(name, 10))).size;
}

/** The names of an item's files that are sealed with a key that is not at hand, by that key. */
export function lockedFiles(item: Item, findKey: FindKey): { name: string; by: PageKeyId }[] {
  return [...item.files].flatMap(([name, { sealedBy }]) =>
    sealedBy !== null && findKey(sealedBy) === null ? [{ name, by: sealedBy }] : [],
  );
}

/** Does something with all of them, some at once. */
export async function eachAtOnce<T>(all: readonly T[], work: (one: T) => Promise<void>): Promise<void> {
  for (let at = 0; at < all.length; at += AT_ONCE) await Promise.all(all.slice(at, at + AT_ONCE).map(work));
}

export const removeFile = (file: string): Promise<void> => rm(file, { force: true }).catch(() => undefined);
export const removeFolder = (folder: string): Promise<void> =>
  rm(folder, { recursive: true, force: true }).catch(() => undefined);
