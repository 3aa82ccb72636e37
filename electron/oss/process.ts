/** The `x-oss-process` instruction of a page picture, written and read. Source: OSS, "Document snapshot". */
import type { SourceType, Target } from '#contract/contract.ts';
import { MAX_PAGE_NUMBER } from '#contract/snapshot-url.ts';
import { isSourceType } from '#contract/source-types.ts';

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

function isPageNumber(text: string | undefined): boolean {
  return text !== undefined && /^[1-9]\d{0,3}$/.test(text) && Number(text) <= MAX_PAGE_NUMBER;
}
