/** What a folder's listing looks like as rows: what can be said of each before any click, their order, and the filter. */
import type { ObjectPageView, ObjectView, SourceType } from '#contract/contract.ts';
import { MAX_SOURCE_BYTES } from '#contract/source-types.ts';

/**
 * What opening a row would lead to, known without asking the service: pictures; the question of its type; nothing,
 * because it is over 20 MB; nothing, because it is no document that OSS converts.
 */
export type Outlook = 'folder' | 'pages' | 'ask-type' | 'too-large' | 'other-format';

/** One row. Everything that sorting and filtering need is worked out once, when the row is made. */
export interface ListRow {
  readonly outlook: Outlook;
  /** Prefix of a folder, key of an object: unique in the list, because a prefix ends in `/` and a listed key does not. */
  readonly key: string;
  readonly name: string;
  readonly sizeBytes: number;
  /** ISO 8601 UTC, empty for folders. */
  readonly modifiedAt: string;
  /** Extension in lower case, empty for folders and where there is none. */
  readonly extension: string;
  readonly source: SourceType | null;
  /** True when the bytes must be restored before anything can read them. */
  readonly isArchived: boolean;
  /** The name as the filter compares it. */
  readonly folded: string;
}

export const COLUMNS = ['name', 'modified', 'size', 'type'] as const;
export type Column = (typeof COLUMNS)[number];
export interface Sort {
  readonly column: Column;
  readonly descending: boolean;
}

/** Storage classes whose objects cannot be read before they are restored. Plain Archive may have real-time access on. */
const COLD_CLASSES = new Set(['Archive', 'ColdArchive', 'DeepColdArchive']);

/** A text as the filter compares it: case, width and composed accents do not count. */
export function fold(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}

/** The rows of one LIST answer. */
export function toRows(page: Pick<ObjectPageView, 'folders' | 'objects'>): ListRow[] {
  return [...page.folders.map(toFolderRow), ...page.objects.map(toObjectRow)];
}

function toFolderRow(folder: { prefix: string; name: string }): ListRow {
  return {
    outlook: 'folder',
    key: folder.prefix,
    name: folder.name,
    sizeBytes: 0,
    modifiedAt: '',
    extension: '',
    source: null,
    isArchived: false,
    folded: fold(folder.name),
  };
}

function toObjectRow(object: ObjectView): ListRow {
  return {
    outlook: outlookOf(object),
    key: object.key,
    name: object.name,
    sizeBytes: object.sizeBytes,
    modifiedAt: object.modifiedAt,
    extension: object.extension,
    source: object.source,
    isArchived: COLD_CLASSES.has(object.storageClass),
    folded: fold(object.name),
  };
}

function outlookOf(object: ObjectView): Outlook {
  // A file without an extension may be anything, so its size is said only once it is known to be no other format.
  if (object.source === null && object.extension !== '') return 'other-format';
  if (object.sizeBytes > MAX_SOURCE_BYTES) return 'too-large';
  return object.source === null ? 'ask-type' : 'pages';
}

/** Compares names as people order them: `page 2` before `page 10`, `É` with `e`, Chinese by Pinyin in either language. */
const names = new Intl.Collator('zh-CN', { numeric: true });

/**
 * Chinese, Japanese and Korean names stand behind all others, as in the file managers of most computers. The Chinese
 * collation alone would put them first, and a list that loads page by page would then grow at its top.
 */
const isEastAsian = ({ name }: ListRow): boolean => {
  const code = name.charCodeAt(0);
  return code >= 0x2e80 && code < 0xd800;
};

function compareNames(a: ListRow, b: ListRow): number {
  if (isEastAsian(a) !== isEastAsian(b)) return isEastAsian(a) ? 1 : -1;
  // Names that the collator holds equal still need one order, or the list would jump between loads.
  return names.compare(a.name, b.name) || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0);
}

const COMPARE: Record<Column, (a: ListRow, b: ListRow) => number> = {
  name: () => 0,
  modified: (a, b) => (a.modifiedAt < b.modifiedAt ? -1 : a.modifiedAt > b.modifiedAt ? 1 : 0),
  size: (a, b) => a.sizeBytes - b.sizeBytes,
  type: (a, b) => (a.extension < b.extension ? -1 : a.extension > b.extension ? 1 : 0),
};

/**
 * Sorts rows, folders always first, equal rows by name. Rows that are in this order already cost only one pass, and a
 * sorted list with new rows behind it costs little more: the engine's sort finds and merges runs. So a list of 10,000
 * stays sorted while it loads without ever being sorted from the start.
 */
export function sortRows(rows: readonly ListRow[], sort: Sort): ListRow[] {
  const by = COMPARE[sort.column];
  const sign = sort.descending ? -1 : 1;
  return [...rows].sort((a, b) => {
    const aIsFolder = a.outlook === 'folder';
    if (aIsFolder !== (b.outlook === 'folder')) return aIsFolder ? -1 : 1;
    const order = aIsFolder ? 0 : by(a, b);
    if (order !== 0) return order * sign;
    // Only the name column turns the names around; in the others they are the second order and stay ascending.
    return compareNames(a, b) * (sort.column === 'name' ? sign : 1);
  });
}

/** Adds the rows of one more LIST answer to a list that `sortRows` has sorted. */
export function mergeRows(sorted: readonly ListRow[], more: readonly ListRow[], sort: Sort): ListRow[] {
  return sortRows([...sorted, ...sortRows(more, sort)], sort);
}

/** What the person wants to see. */
export interface ListFilter {
  /** Words that must all be in the name, in any order. */
  readonly text: string;
  /** Leave out objects of other formats. Documents that are too large stay, and say so. */
  readonly documentsOnly: boolean;
}

/** The rows that pass the filter, in the order they have. */
export function filterRows(rows: readonly ListRow[], filter: ListFilter): readonly ListRow[] {
  const words = fold(filter.text)
    .split(/\s+/)
    .filter((word) => word !== '');
  if (words.length === 0 && !filter.documentsOnly) return rows;
  return rows.filter(
    (row) =>
      !(filter.documentsOnly && row.outlook === 'other-format') && words.every((word) => row.folded.includes(word)),
  );
}

/** A step of the way to a folder. */
export interface Crumb {
  readonly name: string;
  readonly prefix: string;
}

/** The folders on the way to `prefix`, outermost first; those above `root` are left out, as the person may not list them. */
export function crumbsOf(prefix: string, root: string): Crumb[] {
  const crumbs: Crumb[] = [];
  for (let end = prefix.indexOf('/'); end !== -1; end = prefix.indexOf('/', end + 1)) {
    const upTo = prefix.slice(0, end + 1);
    if (upTo.length <= root.length) continue;
    const start = prefix.slice(0, end).lastIndexOf('/') + 1;
    crumbs.push({ name: prefix.slice(start, end), prefix: upTo });
  }
  return crumbs;
}

/** The folder around `prefix`, or null when that is the topmost one the person may see. */
export function parentOf(prefix: string, root: string): string | null {
  if (prefix.length <= root.length) return null;
  const parent = prefix.slice(0, prefix.slice(0, -1).lastIndexOf('/') + 1);
  return parent.length < root.length ? root : parent;
}

/** Reads an account's scope as main keeps it, `bucket/` or `bucket/folder/`; null for one that is not limited to a place. */
export function readScope(scope: string): { bucket: string; prefix: string } | null {
  const slash = scope.indexOf('/');
  return slash === -1 ? null : { bucket: scope.slice(0, slash), prefix: scope.slice(slash + 1) };
}
