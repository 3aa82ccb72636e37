/** Fonts of the machine for PDFs that name a font without carrying it. */
import type { Pdfium } from './pdfium.ts';

/** placeholder until the engine core runs */
export function installHostFonts(_pdfium: Pdfium): void {}
