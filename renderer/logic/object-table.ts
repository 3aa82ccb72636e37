/**
 * The rows of one listing, however many: columns of plain values instead of an object per row, the order of the names
 * kept up with every answer, and the rows to show picked from it. 200,000 rows are about 30 MB, and no step touches more
 * than it must: an answer is merged into the order, a filter is one pass, another column is a radix sort.
 */
import type { ObjectPageView } from '#contract/objects.ts';
import { fold, hasWords, wordsOf } from '#contract/name-match.ts';
import { extensionOf, SOURCE_TYPES, sourceOfKey } from '#contract/source-types.ts';
import { compareNames, outlookOf, OUTLOOKS, type ListFilter, type ListRow, type Sort } from './object-list.ts';
import { mergeSorted, radixSort } from './sorted-ids.ts';

const FOLDER = OUTLOOKS.indexOf('folder');
const OTHER_FORMAT = OUTLOOKS.indexOf('other-format');

/** Row ids are the order in which rows came, from 0; they stay while the table lives. */
export class ObjectTable {
  /** What every key starts with. */
  readonly #prefix: string;
  readonly #names: string[] = [];
  readonly #folded: string[] = [];
  readonly #sizes: number[] = [];
  /** Epoch ms; 0 for folders. */
  readonly #times: number[] = [];
  /** Indexes of OUTLOOKS. */
  readonly #outlooks: number[] = [];
  /** Indexes of SOURCE_TYPES, -1 for none. */
  readonly #sources: number[] = [];
  readonly #archived: boolean[] = [];
  /** Indexes of the extensions met so far, which are few. */
  readonly #extensions: number[] = [];
  readonly #extensionNames: string[] = [];
  readonly #extensionIds = new Map<string, number>();
  /** 1 where a row passes the filter. */
  #passes = new Uint8Array(1024);
  /** Every row: folders first, each part by name. */
  #byName = new Uint32Array(1024);
  /** The rows to show are the first of these; there may be room behind them. */
  #picked = new Uint32Array(1024);
  #shown: Uint32Array = new Uint32Array(0);
  #sort: Sort;
  #filter: ListFilter;

  constructor(prefix: string, sort: Sort, filter: ListFilter) {
    this.#prefix = prefix;
    this.#sort = sort;
    this.#filter = filter;
  }

  /** Rows in the table, shown or not. */
  get count(): number {
    return this.#names.length;
  }
  /** Ids of the rows that pass the filter, in order. After each change another view, and the one before is worth nothing. */
  get shown(): Uint32Array {
    return this.#shown;
  }

  /** Adds the rows of one answer. */
  add(page: Pick<ObjectPageView, 'folders' | 'objects'>): void {
    const from = this.count;
    for (const name of page.folders) this.#addRow(name, 0, 0, true);
    const { names, sizes, modified, archived } = page.objects;
    const firstObject = this.count;
    for (const [index, name] of names.entries()) this.#addRow(name, sizes[index]!, modified[index]!, false);
    for (const index of archived) this.#archived[firstObject + index] = true;
    const fresh = Array.from({ length: this.count - from }, (_, index) => from + index);
    this.#passes = withRoom(this.#passes, this.count);
    this.#byName = withRoom(this.#byName, this.count);
    this.#sift(fresh);
    mergeSorted(this.#byName, from, [...fresh], this.#compareNames);
    const { column } = this.#sort;
    if (column === 'size' || column === 'modified') this.#mergeShown(fresh);
    else this.#pick();
  }

  sortBy(sort: Sort): void {
    this.#sort = sort;
    this.#pick();
  }

  filterBy(filter: ListFilter): void {
    this.#filter = filter;
    this.#sift(this.#byName.subarray(0, this.count));
    this.#pick();
  }

  /** One row as it is shown. Made anew each time: for the few rows on the screen. */
  row(id: number): ListRow {
    const name = this.#names[id]!;
    const outlook = OUTLOOKS[this.#outlooks[id]!]!;
    const isFolder = outlook === 'folder';
    return {
      outlook,
      key: `${this.#prefix}${name}${isFolder ? '/' : ''}`,
      name,
      sizeBytes: this.#sizes[id]!,
      modifiedAt: isFolder ? '' : toIso(this.#times[id]!),
      extension: this.#extensionNames[this.#extensions[id]!]!,
      source: SOURCE_TYPES[this.#sources[id]!] ?? null,
      isArchived: this.#archived[id]!,
    };
  }

  /** The id of the row of that key, or -1. Looks at every row: for a key from outside. */
  idOf(key: string): number {
    if (!key.startsWith(this.#prefix)) return -1;
    const rest = key.slice(this.#prefix.length);
    const isFolder = rest.endsWith('/');
    const name = isFolder ? rest.slice(0, -1) : rest;
    for (let id = this.#names.indexOf(name); id !== -1; id = this.#names.indexOf(name, id + 1)) {
      if ((this.#outlooks[id] === FOLDER) === isFolder) return id;
    }
    return -1;
  }

  #addRow(name: string, sizeBytes: number, timeMs: number, isFolder: boolean): void {
    const extension = isFolder ? '' : extensionOf(name);
    const source = isFolder ? null : sourceOfKey(name);
    const outlook = isFolder ? 'folder' : outlookOf({ source, extension, sizeBytes });
    this.#names.push(name);
    this.#folded.push(fold(name));
    this.#outlooks.push(OUTLOOKS.indexOf(outlook));
    this.#sizes.push(sizeBytes);
    // Orders count from 0 on.
    this.#times.push(Math.max(0, timeMs));
    this.#sources.push(source === null ? -1 : SOURCE_TYPES.indexOf(source));
    this.#archived.push(false);
    this.#extensions.push(this.#extensionId(extension));
  }

  #extensionId(extension: string): number {
    const known = this.#extensionIds.get(extension);
    if (known !== undefined) return known;
    this.#extensionIds.set(extension, this.#extensionNames.length);
    return this.#extensionNames.push(extension) - 1;
  }

  /** Puts new rows among those shown, where rows seldom are equal: the order of names need not be looked at again. */
  #mergeShown(fresh: readonly number[]): void {
    const passing = fresh.filter((id) => this.#passes[id] === 1);
    const count = this.#shown.length;
    this.#picked = withRoom(this.#picked, count + passing.length);
    mergeSorted(this.#picked, count, passing, this.#compareShown);
    this.#shown = this.#picked.subarray(0, count + passing.length);
  }

  readonly #compareShown = (a: number, b: number): number => {
    const { column, descending } = this.#sort;
    const keys = column === 'size' ? this.#sizes : this.#times;
    const isFile = this.#outlooks[a] !== FOLDER && this.#outlooks[b] !== FOLDER;
    const order = isFile ? keys[a]! - keys[b]! : 0;
    return (descending ? -order : order) || this.#compareNames(a, b);
  };

  readonly #compareNames = (a: number, b: number): number => {
    const isFolder = this.#outlooks[a] === FOLDER;
    if (isFolder !== (this.#outlooks[b] === FOLDER)) return isFolder ? -1 : 1;
    return compareNames(this.#names[a]!, this.#names[b]!);
  };

  /** Notes of these rows whether they pass the filter. */
  #sift(ids: Iterable<number>): void {
    const words = wordsOf(this.#filter.text);
    const { documentsOnly } = this.#filter;
    for (const id of ids) {
      const isLeftOut = documentsOnly && this.#outlooks[id] === OTHER_FORMAT;
      this.#passes[id] = !isLeftOut && hasWords(this.#folded[id]!, words) ? 1 : 0;
    }
  }

  /** Picks the rows that pass, in the order asked for. Rows that are equal in it stand in the order of their names. */
  #pick(): void {
    const { column, descending } = this.#sort;
    const picked = withRoom(this.#picked, this.count);
    this.#picked = picked;
    let count = 0;
    let folders = 0;
    for (let at = 0; at < this.count; at += 1) {
      const id = this.#byName[at]!;
      if (this.#passes[id] === 0) continue;
      picked[count++] = id;
      if (this.#outlooks[id] === FOLDER) folders = count;
    }
    const shown = picked.subarray(0, count);
    const files = shown.subarray(folders);
    if (column === 'name') {
      if (descending) {
        shown.subarray(0, folders).reverse();
        files.reverse();
      }
    } else {
      radixSort(files, this.#keysOf(column), descending);
    }
    this.#shown = shown;
  }

  /** What a column sorts by, by row id. */
  #keysOf(column: 'modified' | 'size' | 'type'): (id: number) => number {
    if (column === 'size') return (id) => this.#sizes[id]!;
    if (column === 'modified') return (id) => this.#times[id]!;
    const names = this.#extensionNames;
    const ranks = new Uint32Array(names.length);
    const inOrder = [...names.keys()].sort((a, b) => (names[a]! < names[b]! ? -1 : 1));
    for (const [rank, extension] of inOrder.entries()) ranks[extension] = rank;
    return (id) => ranks[this.#extensions[id]!]!;
  }
}

const toIso = (ms: number): string => new Date(ms).toISOString();

/** The same array, or a copy at least twice as long when it has no room for so many. */
function withRoom<T extends Uint8Array | Uint32Array>(array: T, count: number): T {
  if (count <= array.length) return array;
  const larger = array instanceof Uint8Array ? new Uint8Array(count * 2) : new Uint32Array(count * 2);
  larger.set(array);
  return larger as T;
}
