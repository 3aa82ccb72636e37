/** Looks at a document's own bytes before any engine does: LibreOffice would happily show noise as forty pages of text. */
import { isCompoundFile, readCompoundEntries, type CompoundEntry } from './compound-file.ts';
import type { OfficeFamily } from './office-process.ts';
import type { DocumentType } from './page-renderer.ts';
import { isZip, readZipNames } from './zip-names.ts';

/** What the bytes are: ready for an engine, or the reason why not, with a sentence for a person. */
export type ContentFinding =
  | { kind: 'pdf' }
  | {
      kind: 'office';
      family: OfficeFamily;
      /** The ending that tells LibreOffice the container, whatever the object is called. */
      extension: string;
      /** Encrypted by the looks of it. Some such files open without a password: if the engine fails, this is why. */
      isEncrypted: boolean;
    }
  | { kind: 'refused'; reason: 'empty' | 'wrong-content' | 'unreadable'; message: string };

const FAMILIES: Record<Exclude<DocumentType, 'pdf'>, OfficeFamily> = {
  docx: 'text',
  doc: 'text',
  xlsx: 'sheet',
  xls: 'sheet',
  pptx: 'slides',
  ppt: 'slides',
};

interface Marks {
  /** The folder in an OOXML package. */
  folder: string;
  /** Streams of which an OLE file has one, in lower case. */
  streams: readonly string[];
  oleExtension: string;
  ooxmlExtension: string;
  inWords: string;
}

const MARKS: Record<OfficeFamily, Marks> = {
  text: {
    folder: 'word/',
    streams: ['worddocument'],
    oleExtension: 'doc',
    ooxmlExtension: 'docx',
    inWords: 'a Word document',
  },
  sheet: {
    folder: 'xl/',
    streams: ['workbook', 'book'],
    oleExtension: 'xls',
    ooxmlExtension: 'xlsx',
    inWords: 'an Excel workbook',
  },
  slides: {
    folder: 'ppt/',
    streams: ['powerpoint document'],
    oleExtension: 'ppt',
    ooxmlExtension: 'pptx',
    inWords: 'a PowerPoint presentation',
  },
};

/** The PDF reference lets other bytes come before the header, and readers look this far. */
const PDF_HEADER_WITHIN = 1_024;

/**
 * Says what a document that was announced as `source` really is. A new-format file under an old-format name, or the other
 * way round, is let through: people rename. Another family, or anything that is no document, is not.
 */
export function checkContent(bytes: Uint8Array, source: DocumentType): ContentFinding {
  if (bytes.length === 0)
    return { kind: 'refused', reason: 'empty', message: 'The document is empty: it has no bytes.' };
  if (source === 'pdf') return isPdf(bytes) ? { kind: 'pdf' } : wrongContent('a PDF');

  const family = FAMILIES[source];
  const { folder, streams, oleExtension, ooxmlExtension, inWords } = MARKS[family];
  if (isZip(bytes)) {
    const { names, isComplete } = readZipNames(bytes);
    const isPackage = names.has('[content_types].xml') || !isComplete; // some writers put it last
    const isFamily = isPackage && [...names].some((name) => name.startsWith(folder));
    return isFamily ? { kind: 'office', family, extension: ooxmlExtension, isEncrypted: false } : wrongContent(inWords);
  }
  if (!isCompoundFile(bytes)) return wrongContent(inWords);

  const entries = readCompoundEntries(bytes);
  if (entries.has('encryptedpackage')) return { kind: 'office', family, extension: ooxmlExtension, isEncrypted: true };
  if (entries.size === 0)
    return { kind: 'refused', reason: 'unreadable', message: 'The document is damaged and cannot be opened.' };
  if (!streams.some((name) => entries.has(name))) return wrongContent(inWords);
  return { kind: 'office', family, extension: oleExtension, isEncrypted: looksEncrypted(entries) };
}

function isPdf(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, PDF_HEADER_WITHIN)).includes('%PDF-');
}

function wrongContent(inWords: string): ContentFinding {
  const message = `The object's content is not that of ${inWords}, whatever its name says.`;
  return { kind: 'refused', reason: 'wrong-content', message };
}

/**
 * The marks of encryption in the three old formats. Sources: [MS-DOC] 2.5.2 (fEncrypted), [MS-XLS] 2.4.117 (FilePass),
 * [MS-PPT] 2.1.
 */
function looksEncrypted(entries: Map<string, CompoundEntry>): boolean {
  const word = entries.get('worddocument')?.firstBytes;
  if (word && word.length > 0x0b && (word[0x0b]! & 0x01) !== 0) return true;
  const book = (entries.get('workbook') ?? entries.get('book'))?.firstBytes;
  if (book && book.length > 4) {
    const view = new DataView(book.buffer, book.byteOffset, book.byteLength);
    const second = 4 + view.getUint16(2, true); // FilePass comes right after the BOF record
    if (second + 2 <= book.length && view.getUint16(second, true) === 0x2f) return true;
  }
  return entries.has('encryptedsummary');
}
