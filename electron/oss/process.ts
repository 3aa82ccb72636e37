/** The `x-oss-process` instruction of a page picture, written and read. Source: OSS, "Document snapshot". */
import { SOURCE_TYPES, type SourceType, type Target } from '#contract/contract.ts';
import { MAX_PAGE_NUMBER } from '#contract/snapshot-url.ts';

export interface Snapshot {
  source: SourceType;
  target: Target;
  /** From 1. */
  pageNumber: number;
}

/** What somebody else's instruction says; what it leaves out has OSS's own defaults. */
export interface ReadSnapshot {
  /** Null: OSS goes by the key's extension. */
  source: SourceType | null;
  target: Target;
  pageNumber: number;
}

/** `doc/snapshot,target_png,source_docx,page_2`; the source is always named, so that an odd extension never decides. */
export function toProcess({ source, target, pageNumber }: Snapshot): string {
  return `doc/snapshot,target_${target},source_${source},page_${pageNumber}`;
}

/** Reads an instruction with its parameters in any order; null when it is no snapshot or says what OSS would refuse. */
export function readProcess(text: string): ReadSnapshot | null {
  const [action, ...parameters] = text.split(',');
  if (action !== 'doc/snapshot') return null;
  const read: ReadSnapshot = { source: null, target: 'png', pageNumber: 1 };
  for (const parameter of parameters) {
    const [, name, value] = /^(target|source|page)_(.+)$/.exec(parameter) ?? [];
    if (name === 'target' && (value === 'png' || value === 'jpg')) read.target = value;
    else if (name === 'source' && isSourceType(value)) read.source = value;
    else if (name === 'page' && isPageNumber(value)) read.pageNumber = Number(value);
    else return null;
  }
  return read;
}

/** The part after the last dot of the last path segment, in lower case; empty when there is none (`.gitignore` has none). */
export function extensionOf(key: string): string {
  const name = key.slice(key.lastIndexOf('/') + 1);
  const dot = name.lastIndexOf('.');
  return dot > 0 ? name.slice(dot + 1).toLowerCase() : '';
}

/** The document type that a key's extension says; null when there is none or OSS cannot convert it. */
export function sourceOfKey(key: string): SourceType | null {
  const extension = extensionOf(key);
  return isSourceType(extension) ? extension : null;
}

function isSourceType(text: string | undefined): text is SourceType {
  return SOURCE_TYPES.some((type) => type === text);
}

function isPageNumber(text: string | undefined): boolean {
  return text !== undefined && /^[1-9]\d{0,3}$/.test(text) && Number(text) <= MAX_PAGE_NUMBER;
}
