/**
 * What a page looks like, without anything to compare it with: how much ink, whether ink is cut off at an edge, rows of
 * hollow boxes where glyphs are missing. From its picture alone; runs in a thread of its own (page-look-worker.ts).
 */
import { PageFlag } from '#contract/page-flags.ts';
import { findHollowRows, type Ink } from './hollow-boxes.ts';

/** Grey levels, row by row, 0 black to 255 white. */
export interface GreyPicture {
  widthPx: number;
  heightPx: number;
  pixels: Uint8Array;
}

export const EDGES = ['top', 'right', 'bottom', 'left'] as const;
export type Edge = (typeof EDGES)[number];

export interface PageLook {
  widthPx: number;
  heightPx: number;
  /** Share of pixels that are not paper, faint ones too, 0 to 1. */
  inkShare: number;
  /** Edges at which ink that looks like writing or lines goes on beyond the picture. */
  cutAt: Edge[];
  /** Rows of boxes that stand where letters are missing. */
  hollowRows: number;
}

/** So far from the paper's grey is something drawn or written, however faint; noise of a JPEG stays below. */
const FAINT_DISTANCE = 20;
/** So far from the paper's grey counts as ink; lighter shades are the soft rim of a letter, or a tint. */
const INK_DISTANCE = 56;
/** Paper is the grey that most pixels have, when it is most of the page: else the page is a picture as a whole. */
const LEAST_PAPER_SHARE = 0.5;

/** Looks at one picture. Never throws. */
export function lookAt(picture: GreyPicture): PageLook {
  const { widthPx, heightPx } = picture;
  const ink = findInk(picture);
  if (!ink) return { widthPx, heightPx, inkShare: 1, cutAt: [], hollowRows: 0 };
  return {
    widthPx,
    heightPx,
    inkShare: ink.drawn / Math.max(1, ink.marks.length),
    cutAt: EDGES.filter((edge) => isCutAt(ink, edge)),
    hollowRows: findHollowRows(ink),
  };
}

/** What is not paper; null for a page that has none, such as a photograph up to its edges. */
function findInk({ widthPx, heightPx, pixels }: GreyPicture): (Ink & { drawn: number }) | null {
  const counts = new Uint32Array(256);
  for (const grey of pixels) counts[grey]! += 1;
  const paper = counts.indexOf(Math.max(...counts));
  let near = 0;
  for (let grey = paper - 8; grey <= paper + 8; grey += 1) near += counts[grey] ?? 0;
  if (near < pixels.length * LEAST_PAPER_SHARE) return null;
  const marks = new Uint8Array(pixels.length);
  let drawn = 0;
  for (let at = 0; at < pixels.length; at += 1) {
    const distance = Math.abs(pixels[at]! - paper);
    if (distance >= FAINT_DISTANCE) drawn += 1;
    if (distance >= INK_DISTANCE) marks[at] = 1;
  }
  return { widthPx, heightPx, marks, drawn };
}

/** Ink that ends at an edge ends there on purpose when it is one or two things: a bar, a rule, a crop mark. */
const LEAST_PIECES = 3;
/** A piece of ink longer than this share of the edge is an area, not writing. */
const LONGEST_PIECE_SHARE = 0.03;
/** More ink than this share of the edge is a picture that goes to the edge, or a border. */
const MOST_INK_SHARE = 0.4;

/** Whether writing goes on beyond an edge: several short pieces of ink touch it and go on inwards. */
function isCutAt(ink: Ink, edge: Edge): boolean {
  const { widthPx, heightPx } = ink;
  const isUpright = edge === 'left' || edge === 'right';
  const length = isUpright ? heightPx : widthPx;
  const depth = Math.min(4, isUpright ? widthPx : heightPx);
  if (length < 100 || depth < 4) return false;
  const markAt = (along: number, inwards: number): boolean => {
    const x = isUpright ? (edge === 'left' ? inwards : widthPx - 1 - inwards) : along;
    const y = isUpright ? along : edge === 'top' ? inwards : heightPx - 1 - inwards;
    return ink.marks[y * widthPx + x] === 1;
  };
  /** Ink of this piece that is still there some pixels further in: less would be a speck, or the rim of a frame. */
  const goesOn = (from: number, to: number): boolean => {
    for (let along = from; along <= to; along += 1) if (markAt(along, depth - 1)) return true;
    return false;
  };
  let pieces = 0;
  let total = 0;
  for (let along = 0; along < length; along += 1) {
    if (!markAt(along, 0)) continue;
    const from = along;
    while (along + 1 < length && markAt(along + 1, 0)) along += 1;
    const long = along - from + 1;
    total += long;
    if (long > length * LONGEST_PIECE_SHARE) return false;
    if (goesOn(from, along)) pieces += 1;
  }
  return pieces >= LEAST_PIECES && total <= length * MOST_INK_SHARE;
}

/** A page with less ink than this is blank but for a page number, a speck or a short word. */
const NEARLY_BLANK_SHARE = 0.0003;

/**
 * The reasons to look at a page, in the order of `PageFlag`. `before` and `after` are the looks of its neighbours where
 * these are known; a page is `turned` when both of them stand the other way.
 */
export function flagsOf(
  look: PageLook,
  around: { before: PageLook | null; after: PageLook | null; isSameAsBefore: boolean },
): PageFlag[] {
  const { before, after } = around;
  const isTurned = before !== null && after !== null && standing(before) === standing(after);
  const found: Record<PageFlag, boolean> = {
    'nearly-blank': look.inkShare < NEARLY_BLANK_SHARE,
    'same-as-before': around.isSameAsBefore,
    'cut-off': look.cutAt.length > 0,
    turned: isTurned && standing(look) !== standing(before) && standing(look) !== 'square',
    'missing-glyphs': look.hollowRows > 0,
  };
  return PageFlag.options.filter((flag) => found[flag]);
}

function standing({ widthPx, heightPx }: PageLook): 'upright' | 'wide' | 'square' {
  if (widthPx > heightPx * 1.05) return 'wide';
  return heightPx > widthPx * 1.05 ? 'upright' : 'square';
}
