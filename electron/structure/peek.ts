/** A look into a file by small pieces: what it says about its number of pages. */
import type { SourceType } from '#contract/source-types.ts';
import type { FileWindow } from './file-window.ts';
import { peekDoc, peekPpt, peekXls } from './old-office.ts';
import { peekDocx, peekPptx, peekXlsx } from './ooxml.ts';
import type { PageHint } from './page-hint.ts';
import { peekPdf } from './pdf.ts';

const READERS: Record<SourceType, (file: FileWindow) => Promise<PageHint | null>> = {
  pdf: peekPdf,
  docx: peekDocx,
  doc: peekDoc,
  pptx: peekPptx,
  ppt: peekPpt,
  xlsx: peekXlsx,
  xls: peekXls,
};

/**
 * The hint; null where the file says nothing, is not what its name says, is damaged or encrypted, or would need a longer
 * look. Never throws. Only a PDF's can be `exact`.
 */
export async function peek(source: SourceType, file: FileWindow): Promise<PageHint | null> {
  return READERS[source](file).catch(() => null);
}
