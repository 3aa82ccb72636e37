/** What doc, ppt and xls say about their pages. Source: [MS-OLEPS], [MS-OSHARED] 2.3.3.2, [MS-XLS] 2.4.28. */
import { openCompoundFile, type CompoundFile } from './compound-file.ts';
import type { FileWindow } from './file-window.ts';
import { toHint, toWordHint, type PageHint } from './page-hint.ts';
import { countSlides } from './ppt-slides.ts';

/** Properties lie in the beginning of their stream. */
const PROPERTIES = 16 * 1024;
const PAGE_COUNT = 14;
const SLIDE_COUNT = 7;
const HIDDEN_COUNT = 9;
/** The list of sheets comes before the long parts of a workbook. */
const GLOBALS = 96 * 1024;
const BOUND_SHEET = 0x85;
const FILE_PASS = 0x2f;
const END_OF_FILE = 0x0a;

/** The number of pages when Word last counted them. */
export async function peekDoc(file: FileWindow): Promise<PageHint | null> {
  const properties = await readProperties(await openCompoundFile(file), '\u0005summaryinformation');
  return toWordHint(properties.get(PAGE_COUNT));
}

/** The slides without those that are hidden, as PowerPoint counted them; other programs only wrote the list. */
export async function peekPpt(file: FileWindow): Promise<PageHint | null> {
  const compound = await openCompoundFile(file);
  const properties = await readProperties(compound, '\u0005documentsummaryinformation');
  const slides = properties.get(SLIDE_COUNT);
  if (slides) return toHint('likely', slides - (properties.get(HIDDEN_COUNT) ?? 0));
  return toHint('likely', await countSlides(compound));
}

/** The sheets that are to be seen: one of them makes a page, and most make one at least. */
export async function peekXls(file: FileWindow): Promise<PageHint | null> {
  const compound = await openCompoundFile(file);
  const bytes = (await compound.readStream('workbook', GLOBALS)) ?? (await compound.readStream('book', GLOBALS));
  if (!bytes) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let sheets = 0;
  for (let at = 0; at + 4 <= bytes.length; at += 4 + view.getUint16(at + 2, true)) {
    const kind = view.getUint16(at, true);
    if (kind === FILE_PASS) return null;
    if (kind === END_OF_FILE) break;
    if (kind !== BOUND_SHEET || at + 10 > bytes.length) continue;
    const isVisible = (view.getUint8(at + 8) & 3) === 0;
    const isSheetOrChart = [0, 2].includes(view.getUint8(at + 9));
    if (isVisible && isSheetOrChart) sheets += 1;
  }
  return toHint('least', sheets);
}

/** Whole numbers of the first property set of a stream, by their ids; empty where there is none. */
async function readProperties(compound: CompoundFile, stream: string): Promise<Map<number, number>> {
  const bytes = await compound.readStream(stream, PROPERTIES);
  const found = new Map<number, number>();
  if (!bytes || bytes.length < 48) return found;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const set = view.getUint32(44, true);
  const count = Math.min(view.getUint32(set + 4, true), 200);
  for (let index = 0; index < count; index += 1) {
    const id = view.getUint32(set + 8 + index * 8, true);
    const at = set + view.getUint32(set + 12 + index * 8, true);
    if (at + 8 <= bytes.length && view.getUint16(at, true) === 3) found.set(id, view.getInt32(at + 4, true));
  }
  return found;
}
