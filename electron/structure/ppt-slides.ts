/** The list of slides of a ppt, found as PowerPoint finds it. Source: [MS-PPT] 2.1.2, 2.3.2 to 2.3.5, 2.4.14, 2.6.6. */
import type { CompoundFile } from './compound-file.ts';

const DOCUMENT = 'powerpoint document';
const USER_EDIT = 0x0ff5;
const PERSIST_DIRECTORY = 0x1772;
const DOCUMENT_CONTAINER = 0x03e8;
const SLIDE_LIST = 0x0ff0;
const SLIDE_PERSIST = 0x03f3;
const SLIDE_SHOW_INFO = 0x03f9;
const MOST_EDITS = 20;
const MOST_SLIDES = 4000;
const DIRECTORY_BYTES = 20 * 1024;
const DOCUMENT_BYTES = 64 * 1024;
/** A slide begins with what it is and how it is shown. */
const SLIDE_BYTES = 64;

/** Slides that are shown; null where the file does not tell. */
export async function countSlides(compound: CompoundFile): Promise<number | null> {
  const user = await compound.readStream('current user', 64);
  if (!user || user.length < 20) return null;
  const persisted = new Map<number, number>();
  let documentId: number | null = null;
  let editAt = viewOf(user).getUint32(16, true);
  for (let edits = 0; edits < MOST_EDITS; edits += 1) {
    const edit = await record(compound, editAt, 36, USER_EDIT);
    documentId ??= edit.getUint32(24, true);
    const directory = await record(compound, edit.getUint32(20, true), DIRECTORY_BYTES, PERSIST_DIRECTORY);
    readDirectory(directory, persisted);
    editAt = edit.getUint32(16, true);
    if (editAt === 0) break;
  }
  const documentAt = documentId === null ? undefined : persisted.get(documentId);
  if (documentAt === undefined) return null;
  const slides = listSlides(await record(compound, documentAt, DOCUMENT_BYTES, DOCUMENT_CONTAINER));
  if (!slides) return null;
  const places = slides.flatMap((id) => persisted.get(id) ?? []);
  if (places.length !== slides.length || places.length === 0) return null;
  const heads = await compound.readPieces(DOCUMENT, places, SLIDE_BYTES).catch(() => null);
  return slides.length - (heads ?? []).filter(isHidden).length;
}

/** The record at an offset, as much of it as `most` bytes. Throws when another one stands there. */
async function record(compound: CompoundFile, offset: number, most: number, kind: number): Promise<DataView> {
  const [head] = (await compound.readPieces(DOCUMENT, [offset], 8)) ?? [];
  if (!head || viewOf(head).getUint16(2, true) !== kind) throw new Error('another record');
  const length = Math.min(8 + viewOf(head).getUint32(4, true), most);
  const [whole] = (await compound.readPieces(DOCUMENT, [offset], length)) ?? [];
  return viewOf(whole!);
}

/** What a newer edit has put elsewhere counts. */
function readDirectory(directory: DataView, persisted: Map<number, number>): void {
  for (let at = 8; at + 4 <= directory.byteLength;) {
    const head = directory.getUint32(at, true);
    at += 4;
    for (let index = 0; index < head >>> 20 && at + 4 <= directory.byteLength; index += 1, at += 4) {
      const id = (head & 0xfffff) + index;
      if (!persisted.has(id)) persisted.set(id, directory.getUint32(at, true));
    }
  }
}

/** Ids of the slides of the presentation; masters and notes have lists of their own. */
function listSlides(container: DataView): number[] | null {
  for (let at = 8; at + 8 <= container.byteLength; at += 8 + container.getUint32(at + 4, true)) {
    const isSlides = container.getUint16(at + 2, true) === SLIDE_LIST && container.getUint16(at, true) >> 4 === 0;
    if (!isSlides) continue;
    const end = at + 8 + container.getUint32(at + 4, true);
    if (end > container.byteLength) return null;
    const ids: number[] = [];
    for (let child = at + 8; child + 12 <= end; child += 8 + container.getUint32(child + 4, true)) {
      if (container.getUint16(child + 2, true) === SLIDE_PERSIST) ids.push(container.getUint32(child + 8, true));
    }
    return ids.length <= MOST_SLIDES ? ids : null;
  }
  return null;
}

function isHidden(head: Uint8Array): boolean {
  const view = viewOf(head);
  for (let at = 8; at + 8 <= view.byteLength; at += 8 + view.getUint32(at + 4, true)) {
    const isInfo = view.getUint16(at + 2, true) === SLIDE_SHOW_INFO && at + 20 <= view.byteLength;
    if (isInfo) return (view.getUint16(at + 8 + 10, true) & 4) !== 0;
  }
  return false;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
