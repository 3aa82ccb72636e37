/** What size each page's picture has, known or guessed, so that every slot has its final size before its picture comes. */
import type { SourceType } from '#contract/contract.ts';

/** A picture's own size in its own pixels. */
export interface PictureSize {
  widthPx: number;
  heightPx: number;
}

/** Up to this difference a picture is fitted into the box that is already there; beyond it the page gets its own box. */
export const BOX_TOLERANCE = 0.025;

/** Guess for a document of which nothing is known: A4 upright at 150 dpi, or a 16:9 slide. */
export function guessSize(source: SourceType): PictureSize {
  return source === 'ppt' || source === 'pptx' ? { widthPx: 2000, heightPx: 1125 } : { widthPx: 1240, heightPx: 1754 };
}

/**
 * The sizes of one document's pages. `pictures` are true sizes, `boxes` those the layout uses: a picture that is
 * nearly as large as its box leaves the box alone, so that scans a few pixels apart do not move what is being read.
 */
export interface PageSizes {
  /** The box of pages not seen yet: page 1's, or the first page that came, or the guess. */
  readonly fallback: PictureSize;
  /** True once `fallback` is a real picture's size. */
  readonly isMeasured: boolean;
  readonly pictures: ReadonlyMap<number, PictureSize>;
  readonly boxes: ReadonlyMap<number, PictureSize>;
}

/** Sizes of a document whose pages have not been seen. */
export function emptySizes(source: SourceType): PageSizes {
  return { fallback: guessSize(source), isMeasured: false, pictures: new Map(), boxes: new Map() };
}

/** The box the layout gives a page. */
export function boxOf(sizes: PageSizes, pageNumber: number): PictureSize {
  return sizes.boxes.get(pageNumber) ?? sizes.fallback;
}

/**
 * Takes in the true size of a page that arrived. `tolerance` 0 asks for the exact box (at 100 % a pixel is a pixel).
 * Returns the same object when nothing is new. The first picture, and page 1 whenever it comes, sets the fallback.
 */
export function withPicture(sizes: PageSizes, pageNumber: number, size: PictureSize, tolerance: number): PageSizes {
  const known = sizes.pictures.get(pageNumber);
  if (known && known.widthPx === size.widthPx && known.heightPx === size.heightPx) return sizes;
  const pictures = new Map(sizes.pictures).set(pageNumber, size);
  const setsFallback = !sizes.isMeasured || pageNumber === 1;
  const fallback = setsFallback ? size : sizes.fallback;
  const box = sizes.boxes.get(pageNumber) ?? fallback;
  const boxes = new Map(sizes.boxes).set(pageNumber, isAlike(box, size, tolerance) ? box : size);
  return { fallback, isMeasured: true, pictures, boxes };
}

/**
 * Every page seen, or each of these, gets exactly its picture's size; for moments when everything is laid out anew, as
 * after a zoom, or when the page is out of view.
 */
export function settleBoxes(sizes: PageSizes, pages?: readonly number[]): PageSizes {
  if (!pages) return { ...sizes, boxes: sizes.pictures };
  const boxes = new Map(sizes.boxes);
  for (const page of pages) boxes.set(page, sizes.pictures.get(page) ?? sizes.fallback);
  return { ...sizes, boxes };
}

/** Whether a picture fits a box so well that the difference is not worth a move: in proportion and in width. */
export function isAlike(box: PictureSize, size: PictureSize, tolerance: number): boolean {
  const ratioError = Math.abs(size.heightPx / size.widthPx / (box.heightPx / box.widthPx) - 1);
  const widthError = Math.abs(size.widthPx / box.widthPx - 1);
  return ratioError <= tolerance && widthError <= tolerance;
}
