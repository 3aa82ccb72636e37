/** What docx, pptx and xlsx say about their pages. Source: ECMA-376, parts 1 (13.3, 19.2, 18.2) and 2. */
import type { FileWindow } from './file-window.ts';
import { toHint, toWordHint, type PageHint } from './page-hint.ts';
import { pieceOf, readStart, readText, readZip, type ZipEntry } from './zip.ts';

/** So many packed bytes of a slide or sheet say whether it is hidden or empty. */
const LOOK = 600;
const MOST_PARTS = 4000;

type Entries = ReadonlyMap<string, ZipEntry>;

/** The number of pages when Word, or whoever wrote it, last counted them. */
export async function peekDocx(file: FileWindow): Promise<PageHint | null> {
  const entry = (await readZip(file)).get('docProps/app.xml');
  if (!entry) return null;
  const pages = /<(?:\w+:)?Pages>\s*(\d{1,9})\s*</.exec(await readText(file, entry))?.[1];
  return toWordHint(Number(pages));
}

/** The slides of the list, without those that are hidden. */
export async function peekPptx(file: FileWindow): Promise<PageHint | null> {
  const entries = await readZip(file);
  const slides = await readParts(file, entries, 'ppt', 'presentation.xml', 'sldId');
  if (!slides) return null;
  const starts = await readStarts(file, entries, slides);
  const hidden = starts.filter((text) => /<(?:\w+:)?sld\b[^<>]*\sshow\s*=\s*["'](0|false)["']/.test(text));
  return toHint('likely', slides.length - hidden.length);
}

/** The sheets that are to be seen and hold something: a sheet makes one page at least. */
export async function peekXlsx(file: FileWindow): Promise<PageHint | null> {
  const entries = await readZip(file);
  const sheets = await readParts(file, entries, 'xl', 'workbook.xml', 'sheet');
  if (!sheets) return null;
  const seen = sheets.filter(({ tag }) => !/\sstate\s*=\s*["'](hidden|veryHidden)["']/.test(tag));
  const starts = await readStarts(file, entries, seen);
  // Without a look at them nobody knows whether they hold anything; one does, or there would be no page at all.
  const full = starts.filter((text) => /<(?:\w+:)?(c|drawing|legacyDrawing|picture)[\s>/]/.test(text));
  return toHint('least', Math.max(1, full.length));
}

interface Part {
  /** The tag that names it in the list. */
  tag: string;
  entry: ZipEntry | undefined;
}

/** The parts that a list in the main part names, in its order; null where there is no list. */
async function readParts(
  file: FileWindow,
  entries: Entries,
  folder: string,
  main: string,
  listed: string,
): Promise<Part[] | null> {
  const list = entries.get(`${folder}/${main}`);
  const relations = entries.get(`${folder}/_rels/${main}.rels`);
  if (!list) return null;
  await file.gather([list, relations].flatMap((entry) => (entry ? [pieceOf(entry)] : [])));
  const tags =
    withoutComments(await readText(file, list)).match(new RegExp(`<(?:\\w+:)?${listed}\\s[^<>]*>`, 'g')) ?? [];
  if (tags.length === 0 || tags.length > MOST_PARTS) return null;
  const targets = relations ? await readTargets(file, relations) : new Map<string, string>();
  return tags.map((tag) => {
    const target = targets.get(attribute(tag, '\\w+:id') ?? '') ?? '';
    return { tag, entry: entries.get(target.startsWith('/') ? target.slice(1) : `${folder}/${target}`) };
  });
}

async function readTargets(file: FileWindow, relations: ZipEntry): Promise<Map<string, string>> {
  const tags = (await readText(file, relations)).match(/<(?:\w+:)?Relationship\s[^<>]*>/g) ?? [];
  return new Map(tags.map((tag) => [attribute(tag, 'Id') ?? '', attribute(tag, 'Target') ?? '']));
}

/** The beginnings of parts; none where they do not fit into the limits. */
async function readStarts(file: FileWindow, entries: Entries, parts: readonly Part[]): Promise<string[]> {
  const found = parts.flatMap(({ entry }) => (entry && entries.has(entry.name) ? [entry] : []));
  if (!(await file.gather(found.map((entry) => pieceOf(entry, LOOK))))) return [];
  const starts: string[] = [];
  for (const entry of found) starts.push(await readStart(file, entry, LOOK).catch(() => ''));
  return starts;
}

function attribute(tag: string, name: string): string | undefined {
  return new RegExp(`\\s${name}\\s*=\\s*["']([^"']*)["']`).exec(tag)?.[1];
}

/** Cut by hand: an expression would look for the end of every comment that has none. */
function withoutComments(xml: string): string {
  const kept: string[] = [];
  for (let at = 0; at < xml.length;) {
    const from = xml.indexOf('<!--', at);
    const end = from < 0 ? -1 : xml.indexOf('-->', from);
    kept.push(xml.slice(at, from < 0 ? xml.length : from));
    at = end < 0 ? xml.length : end + 3;
  }
  return kept.join('');
}
