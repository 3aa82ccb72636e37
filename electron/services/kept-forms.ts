/**
 * In which form kept pages lie on the disk: plain, or sealed with which key. What pages are in another form than those
 * written now is told and brought into that one; what no key opens any more is removed when the person says so.
 */
import path from 'node:path';
import { ABOUT } from './kept-about.ts';
import type { KeptFolder, Sealing } from './kept-folder.ts';
import { countPages, readSealers, removeFile, type Item } from './kept-item.ts';
import { readPageFile } from './page-files.ts';
import type { PageKeyId } from './sealed-bytes.ts';

/** What has another form than it is to have: a page, or what a document is. */
export interface Unconverted {
  id: string;
  /** `3.png`, or `about.json`. */
  name: string;
}

export interface KeptForms {
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
}

export interface KeptFormsOptions {
  rootFolder: string;
  folder: KeptFolder;
  sealing: Sealing;
  onChange: () => void;
}

export function makeKeptForms({ rootFolder, folder, sealing, onChange }: KeptFormsOptions): KeptForms {
  const { items } = folder;
  const { writeAs, findKey } = sealing;

  async function convertPage(item: Item, page: string): Promise<boolean> {
    const file = item.files.get(page);
    if (!file || items.get(item.id) !== item) return true;
    const found = await readPageFile(folder.fileOf(item, page), folder.nameOf(item, page), findKey);
    if (found.is === 'locked') folder.noteLocked(item, page, found.by);
    else if (found.is !== 'whole') await folder.discard(item, page, found.is);
    else if (!(await folder.put(item, page, found.value, file.usedAt)) && item.files.get(page) === file) return false;
    onChange();
    return true;
  }

  return {
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
        const pages = [...item.files].filter(([, file]) => file.sealedBy !== wanted && !folder.isLocked(file));
        const isAbout = item.document && item.isDescribed && (item.sealed?.by ?? null) !== wanted;
        return [...(isAbout ? [ABOUT] : []), ...pages.map(([name]) => name)].map((name) => ({ id: item.id, name }));
      });
    },
    async convert({ id, name }) {
      const item = items.get(id);
      if (!item) return true;
      return name === ABOUT ? folder.save(item) : folder.inTurn(item, name, () => convertPage(item, name));
    },
    async neededKeys() {
      const needed = new Set<PageKeyId>();
      for await (const { accountId, id } of folder.folders()) {
        for (const sealer of await readSealers(path.join(rootFolder, accountId, id))) needed.add(sealer);
      }
      return needed;
    },
    async removeSealed(by) {
      await folder.lookedThrough;
      for (const item of [...items.values()]) {
        for (const page of [...item.files.keys()])
          await folder.inTurn(item, page, async () => {
            const sealedBy = item.files.get(page)?.sealedBy ?? null;
            if (sealedBy !== null && by.has(sealedBy)) await folder.discard(item, page, 'damaged');
          });
        if (item.sealed && by.has(item.sealed.by)) {
          await item.saving;
          item.sealed = null;
          item.isDescribed = false;
          await removeFile(path.join(item.folder, ABOUT));
        }
        if (item.files.size === 0 && item.openTimes === 0 && items.get(item.id) === item) folder.empty(item);
      }
      await folder.whenRemoved();
      onChange();
    },
  };
}
