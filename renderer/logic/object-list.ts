/** One row of a folder's listing: what can be said of it before any click, how names are ordered, how the filter reads. */
import type { SourceType } from '#contract/shapes.ts';
import { MAX_SOURCE_BYTES } from '#contract/source-types.ts';

/**
 * What opening a row would lead to, known without asking the service: pictures; the question of its type; nothing,
 * because it is over 20 MB; nothing, because it is no document that OSS converts.
 */
export const OUTLOOKS = ['folder', 'pages', 'ask-type', 'too-large', 'other-format'] as const;
export type Outlook = (typeof OUTLOOKS)[number];

/** One row as it is shown. */
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
  /** True when the bytes may have to be restored before anything can read them. */
  readonly isArchived: boolean;
}

export const COLUMNS = ['name', 'modified', 'size', 'type'] as const;
export type Column = (typeof COLUMNS)[number];
export interface Sort {
  readonly column: Column;
  readonly descending: boolean;
}

/** What opening an object would lead to. */
export function outlookOf(object: Pick<ListRow, 'source' | 'extension' | 'sizeBytes'>): Outlook {
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
const isEastAsian = (name: string): boolean => {
  const code = name.charCodeAt(0);
  return code >= 0x2e80 && code < 0xd800;
};

/** The order of two names in the list. Names that the collator holds equal still have one, or the list would jump. */
export function compareNames(a: string, b: string): number {
  if (isEastAsian(a) !== isEastAsian(b)) return isEastAsian(a) ? 1 : -1;
  return names.compare(a, b) || (a < b ? -1 : a > b ? 1 : 0);
}

/** What the person wants to see. */
export interface ListFilter {
  /** Words that must all be in the name, in any order. */
  readonly text: string;
  /** Leave out objects of other formats. Documents that are too large stay, and say so. */
  readonly documentsOnly: boolean;
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
