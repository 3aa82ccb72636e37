/** How many pages a PDF has, by its page tree. Source: PDF 1.7 (ISO 32000-1), 7.7.3 and annex F. */
import type { FileWindow } from './file-window.ts';
import { toHint, type PageHint } from './page-hint.ts';
import { openPdf, type PdfFile } from './pdf-file.ts';
import { latin1, PdfName, PdfReader, PdfRef, type PdfDict, type PdfValue } from './pdf-syntax.ts';

/** Pages beyond these cannot be shown, and are not worth a walk. */
const MOST_WALKED = 2000;
const MAX_DEPTH = 32;
const HEAD = 1024;
/** Of a page only what it is has to be read. */
const LOOK = 512;

/** Exact when the whole tree was walked and agrees with what it says of itself; else what the tree or the head says. */
export async function peekPdf(file: FileWindow): Promise<PageHint | null> {
  const said = await readSaid(file).catch(() => null);
  const head = await readHead(file).catch(() => null);
  if (!said) return head?.linearizedPages ? toHint('likely', head.linearizedPages) : null;
  const likely = toHint('likely', said.count);
  if (!likely || !head?.isPdf || said.pdf.trailer.has('Encrypt')) return likely;
  if (head.linearizedPages !== null && head.linearizedPages !== said.count) return likely;
  const walked = await count(said.pdf, file, said.root).catch(() => null);
  return walked === said.count ? toHint('exact', walked) : likely;
}

interface Said {
  pdf: PdfFile;
  root: PdfRef;
  count: number;
}

async function readSaid(file: FileWindow): Promise<Said | null> {
  const pdf = await openPdf(file);
  const catalog = await pdf.resolve(pdf.trailer.get('Root'));
  const root = catalog instanceof Map ? catalog.get('Pages') : undefined;
  if (!(root instanceof PdfRef)) return null;
  const pages = await pdf.resolve(root);
  const count = pages instanceof Map ? await pdf.resolve(pages.get('Count')) : null;
  return typeof count === 'number' ? { pdf, root, count } : null;
}

async function count(pdf: PdfFile, file: FileWindow, root: PdfRef): Promise<number | null> {
  return (await pdf.isSound()) ? walk(pdf, file, root) : null;
}

/** Counts the pages below a node, level by level. Null where the tree is not as it should be. */
async function walk(pdf: PdfFile, file: FileWindow, root: PdfRef): Promise<number | null> {
  const met = new Set<number>([root.number]);
  let level: PdfRef[] = [root];
  /** Pages that each node promises must be those that it has; counted from the leaves up it is their sum. */
  let promised = 0;
  let total = 0;
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > MAX_DEPTH) return null;
    if (!(await file.gather(await pdf.piecesOf(level, LOOK)))) return null;
    const next: PdfRef[] = [];
    let below = 0;
    let leaves = 0;
    for (const ref of level) {
      const node = await pdf.resolve(ref);
      if (!(node instanceof Map)) return null;
      const type = node.get('Type');
      if (!(type instanceof PdfName)) return null;
      if (type.name === 'Page' && depth > 0 && !node.has('Kids')) {
        leaves += 1;
        continue;
      }
      const kids = type.name === 'Pages' ? await kidsOf(pdf, node) : null;
      const count = await pdf.resolve(node.get('Count'));
      if (!kids || typeof count !== 'number' || !Number.isInteger(count) || count < 0) return null;
      if (!areNew(kids, met)) return null;
      below += count;
      next.push(...kids);
    }
    if (depth > 0 && promised !== leaves + below) return null;
    promised = below;
    total += leaves;
    if (total + next.length > MOST_WALKED) return null;
    level = next;
  }
  return total;
}

async function kidsOf(pdf: PdfFile, node: PdfDict): Promise<PdfRef[] | null> {
  const kids: PdfValue = await pdf.resolve(node.get('Kids'));
  if (!Array.isArray(kids) || kids.length > MOST_WALKED) return null;
  return kids.every((kid) => kid instanceof PdfRef) ? kids : null;
}

/** No node stands in a tree twice. */
function areNew(kids: readonly PdfRef[], met: Set<number>): boolean {
  for (const { number } of kids) {
    if (met.has(number)) return false;
    met.add(number);
  }
  return true;
}

interface Head {
  /** It begins as a PDF does, so that places in the file are what they say. */
  isPdf: boolean;
  /** What the head of a linearized file says, if it is of this very file. */
  linearizedPages: number | null;
}

async function readHead(file: FileWindow): Promise<Head> {
  const bytes = await file.read(0, HEAD);
  const text = latin1(bytes);
  const isPdf = /^%PDF-[12]\.\d/.test(text);
  const at = /\d+\s+\d+\s+obj\s*(?=<<)/.exec(text);
  const none: Head = { isPdf, linearizedPages: null };
  if (!at || !text.includes('/Linearized')) return none;
  const reader = new PdfReader(bytes, at.index + at[0].length);
  let dict: PdfValue;
  try {
    dict = reader.value();
  } catch {
    return { isPdf: false, linearizedPages: null };
  }
  if (!(dict instanceof Map) || !dict.has('Linearized') || dict.get('L') !== file.sizeBytes) return none;
  const pages = dict.get('N');
  return { isPdf, linearizedPages: typeof pages === 'number' ? pages : null };
}
