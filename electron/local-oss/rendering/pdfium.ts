/** PDFium as WebAssembly: PDF bytes in, page bitmaps out. Runs in a worker thread; every call here blocks. */
import fs from 'node:fs';
import { init } from '@embedpdf/pdfium';
import { installHostFonts, type Pdfium } from './host-fonts.ts';
import type { RgbBitmap } from './png.ts';

/** What OSS's doc/snapshot pictures look like: sharp on a screen, not meant for print. */
const DOTS_PER_INCH = 150;
const POINTS_PER_INCH = 72;
/**
 * No picture is longer than this. An A2 sheet still gets its full 150 dpi; above that a page needs more than 48 MB as a
 * bitmap, and browsers on weak graphics chips cannot take textures over 4,096.
 */
const LONGEST_SIDE_PX = 4_000;

const OPEN_DOCUMENTS = 8;
const OPEN_BYTES = 64 * 1024 ** 2;

// Names and values of PDFium's public headers (fpdfview.h).
const FPDFBitmap_BGR = 2;
const FPDF_ANNOT = 0x01;
const FPDF_REVERSE_BYTE_ORDER = 0x10;
const FPDF_ERR_PASSWORD = 4;
const FPDF_ERR_SECURITY = 5;
const WHITE = 0xffffffff;

interface OpenDocument {
  handle: number;
  form: number;
  formInfo: number;
  dataPointer: number;
  sizeBytes: number;
  pageCount: number;
}

/** What one page came to. The bitmap's pixels are only good inside the `use` function of {@link PdfRenderer.page}. */
export type PageResult<T> =
  | { kind: 'page'; value: T; pageCount: number }
  | { kind: 'refused'; reason: 'password' | 'unreadable' | 'page-out-of-range'; message: string; pageCount?: number };

/**
 * Renders pages of PDF files and keeps the last few documents open, so that the next page of a long one costs a few
 * milliseconds. A throw means that the engine itself is broken: this object, and the thread around it, must be replaced.
 */
export class PdfRenderer {
  readonly #pdfium: Pdfium;
  /** The least recently used first. */
  readonly #open = new Map<string, OpenDocument>();

  private constructor(pdfium: Pdfium) {
    this.#pdfium = pdfium;
  }

  /** Starts PDFium from the bytes of its pdfium.wasm. */
  static async load(wasmBinary: Uint8Array<ArrayBuffer>): Promise<PdfRenderer> {
    const pdfium = (await init({ wasmBinary: wasmBinary.buffer })) as Pdfium;
    pdfium.PDFiumExt_Init();
    installHostFonts(pdfium);
    return new PdfRenderer(pdfium);
  }

  /** How much memory the engine holds; it never gives any back. */
  get heapBytes(): number {
    return this.#pdfium.pdfium.HEAPU8.byteLength;
  }

  /**
   * Renders one page of a file and hands the bitmap to `use` while its memory lasts.
   *
   * `key` names the content: a document that is still open under the key is not read again.
   */
  page<T>(key: string, file: string, pageNumber: number, use: (bitmap: RgbBitmap) => T): PageResult<T> {
    const document = this.#open.get(key) ?? this.#load(file);
    if ('reason' in document) return { kind: 'refused', ...document };
    this.#keep(key, document);

    const { pageCount } = document;
    if (pageNumber > pageCount) {
      const pages = pageCount === 1 ? 'only one page' : `only ${pageCount} pages`;
      const message = `The document has ${pages}; there is no page ${pageNumber}.`;
      return { kind: 'refused', reason: 'page-out-of-range', message, pageCount };
    }
    const page = this.#pdfium.FPDF_LoadPage(document.handle, pageNumber - 1);
    if (page === 0) {
      const message = `Page ${pageNumber} of the document is damaged and cannot be shown.`;
      return { kind: 'refused', reason: 'unreadable', message, pageCount };
    }
    try {
      return { kind: 'page', value: this.#draw(document, page, use), pageCount };
    } finally {
      this.#pdfium.FPDF_ClosePage(page);
    }
  }

  #load(file: string): OpenDocument | { reason: 'password' | 'unreadable'; message: string } {
    const pdfium = this.#pdfium;
    const { pointer: dataPointer, sizeBytes } = this.#read(file);
    const handle = pdfium.FPDF_LoadMemDocument64(dataPointer, sizeBytes, '');
    if (handle === 0) {
      const error = pdfium.FPDF_GetLastError();
      pdfium.pdfium.wasmExports.free(dataPointer);
      return error === FPDF_ERR_PASSWORD || error === FPDF_ERR_SECURITY
        ? { reason: 'password', message: 'The document is protected by a password.' }
        : { reason: 'unreadable', message: 'The PDF is damaged and cannot be opened.' };
    }
    const formInfo = pdfium.PDFiumExt_OpenFormFillInfo();
    const form = pdfium.PDFiumExt_InitFormFillEnvironment(handle, formInfo);
    pdfium.FPDF_SetFormFieldHighlightAlpha(form, 0); // fields as they print, without the tint of a form filler
    const document = { handle, form, formInfo, dataPointer, sizeBytes, pageCount: pdfium.FPDF_GetPageCount(handle) };
    if (document.pageCount > 0) return document;
    this.#close(document);
    return { reason: 'unreadable', message: 'The PDF has no pages that can be read.' };
  }

  /** Reads a file straight into the engine's memory; PDFium goes on reading from there while the document is open. */
  #read(file: string): { pointer: number; sizeBytes: number } {
    const descriptor = fs.openSync(file, 'r');
    try {
      const sizeBytes = fs.fstatSync(descriptor).size;
      const pointer = this.#pdfium.pdfium.wasmExports.malloc(sizeBytes);
      if (pointer === 0) throw new Error('PDFium is out of memory');
      const heap = this.#pdfium.pdfium.HEAPU8; // taken after malloc, which may move it
      for (let done = 0; done < sizeBytes;) {
        const count = fs.readSync(descriptor, heap, pointer + done, sizeBytes - done, done);
        if (count === 0) throw new Error('The file became shorter while it was read');
        done += count;
      }
      return { pointer, sizeBytes };
    } finally {
      fs.closeSync(descriptor);
    }
  }

  #draw<T>(document: OpenDocument, page: number, use: (bitmap: RgbBitmap) => T): T {
    const pdfium = this.#pdfium;
    const { widthPx, heightPx } = pictureSize(pdfium.FPDF_GetPageWidthF(page), pdfium.FPDF_GetPageHeightF(page));
    const bitmap = pdfium.FPDFBitmap_CreateEx(widthPx, heightPx, FPDFBitmap_BGR, 0, 0);
    if (bitmap === 0) throw new Error('PDFium is out of memory');
    try {
      pdfium.FPDFBitmap_FillRect(bitmap, 0, 0, widthPx, heightPx, WHITE);
      const flags = FPDF_ANNOT | FPDF_REVERSE_BYTE_ORDER; // no FPDF_LCD_TEXT: its colour fringes belong to one screen only
      pdfium.FPDF_RenderPageBitmap(bitmap, page, 0, 0, widthPx, heightPx, 0, flags);
      pdfium.FORM_OnAfterLoadPage(page, document.form);
      pdfium.FPDF_FFLDraw(document.form, bitmap, page, 0, 0, widthPx, heightPx, 0, flags);
      pdfium.FORM_OnBeforeClosePage(page, document.form);
      const strideBytes = pdfium.FPDFBitmap_GetStride(bitmap);
      const start = pdfium.FPDFBitmap_GetBuffer(bitmap);
      const pixels = pdfium.pdfium.HEAPU8.subarray(start, start + strideBytes * heightPx);
      return use({ widthPx, heightPx, strideBytes, pixels });
    } finally {
      pdfium.FPDFBitmap_Destroy(bitmap);
    }
  }

  /** Makes a document the most recently used one and closes those that no longer fit. */
  #keep(key: string, document: OpenDocument): void {
    this.#open.delete(key);
    this.#open.set(key, document);
    let bytes = 0;
    for (const { sizeBytes } of this.#open.values()) bytes += sizeBytes;
    for (const [oldKey, old] of this.#open) {
      if (old === document || (this.#open.size <= OPEN_DOCUMENTS && bytes <= OPEN_BYTES)) return;
      this.#open.delete(oldKey);
      bytes -= old.sizeBytes;
      this.#close(old);
    }
  }

  #close(document: OpenDocument): void {
    this.#pdfium.PDFiumExt_ExitFormFillEnvironment(document.form);
    this.#pdfium.PDFiumExt_CloseFormFillInfo(document.formInfo);
    this.#pdfium.FPDF_CloseDocument(document.handle);
    this.#pdfium.pdfium.wasmExports.free(document.dataPointer);
  }
}

/** The picture's size for a page of the given size in points: 150 dpi, smaller where the longest side would pass the limit. */
export function pictureSize(widthPoints: number, heightPoints: number): { widthPx: number; heightPx: number } {
  const scale = Math.min(DOTS_PER_INCH / POINTS_PER_INCH, LONGEST_SIDE_PX / Math.max(widthPoints, heightPoints, 1));
  const pixels = (points: number): number => Math.max(1, Math.round(points * scale));
  return { widthPx: pixels(widthPoints), heightPx: pixels(heightPoints) };
}
