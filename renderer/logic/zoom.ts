/**
 * Zoom: how large a page's picture is drawn. A `scale` is CSS pixels per picture pixel; "100 %" means one picture
 * pixel on one device pixel, because the service decides a picture's size and no zoom can ever fetch a sharper one.
 */
import type { PictureSize } from './page-sizes.ts';

/** One step of the wheel or of a key. */
export const ZOOM_STEP = 1.1;
export const MIN_ZOOM = 0.1;
export const MAX_ZOOM = 8;
/** What the app chooses by itself never enlarges more than this: beyond, pages only get blurry. */
export const AUTO_FIT_LIMIT = 1.25;
/** Pages in view at once may be no more than this: the limit of what is mounted then always covers the view. */
const MAX_PAGES_IN_VIEW = 12;

/** What the zoom follows. `auto` is fit to width as the app chooses it at first; `scale` is the person's own choice. */
export type ZoomMode = { kind: 'auto' } | { kind: 'width' } | { kind: 'page' } | { kind: 'scale'; scale: number };

/** The part of the window that shows pages, CSS px, without scroll bars. */
export interface Frame {
  width: number;
  height: number;
  devicePixelRatio: number;
  /** Pages side by side; 1 unless said. */
  columns?: 1 | 2;
}

/** Room around the pages and between them, CSS px; it does not grow with the zoom. */
export const PAGE_MARGIN = 24;
export const PAGE_GAP = 16;

/** The zoom as people read it: 1 is one picture pixel on one device pixel. */
export function toZoom(scale: number, frame: Frame): number {
  return scale * frame.devicePixelRatio;
}

/** The scale of a zoom. */
export function toScale(zoom: number, frame: Frame): number {
  return zoom / frame.devicePixelRatio;
}

/** Keeps a scale between 10 % and 800 %, and large enough that a view never holds more pages than are mounted. */
export function clampScale(scale: number, frame: Frame, typical: PictureSize): number {
  const rows = MAX_PAGES_IN_VIEW / (frame.columns ?? 1);
  const least = Math.max(toScale(MIN_ZOOM, frame), (frame.height / rows - PAGE_GAP) / typical.heightPx);
  return Math.min(toScale(MAX_ZOOM, frame), Math.max(least, scale));
}

/** The scale at which a picture, or two of its kind side by side, is exactly as wide as the view allows. */
export function fitWidthScale(size: PictureSize, { width, columns = 1 }: Frame): number {
  return Math.max(1, (width - 2 * PAGE_MARGIN - (columns - 1) * PAGE_GAP) / columns) / size.widthPx;
}

/** The scale at which a whole picture is in view. */
export function fitPageScale(size: PictureSize, frame: Frame): number {
  return Math.min(fitWidthScale(size, frame), Math.max(1, frame.height - 2 * PAGE_GAP) / size.heightPx);
}

/** The scale a mode means for pages like `reference` (the page being read when the mode was chosen). */
export function scaleOf(mode: ZoomMode, reference: PictureSize, frame: Frame): number {
  if (mode.kind === 'scale') return mode.scale;
  if (mode.kind === 'page') return clampScale(fitPageScale(reference, frame), frame, reference);
  const fit = fitWidthScale(reference, frame);
  return clampScale(mode.kind === 'auto' ? Math.min(fit, toScale(AUTO_FIT_LIMIT, frame)) : fit, frame, reference);
}

/**
 * The scale of one page: a fit mode means that *every* page fits, so a landscape sheet among upright pages is drawn
 * smaller instead of growing a scroll bar. The person's own scale holds for all pages alike.
 */
export function pageScaleOf(mode: ZoomMode, scale: number, size: PictureSize, frame: Frame): number {
  if (mode.kind === 'scale') return scale;
  return Math.min(scale, mode.kind === 'page' ? fitPageScale(size, frame) : fitWidthScale(size, frame));
}

/** The scale after so many steps in (positive) or out (negative). 100 % is never jumped over by a whisker. */
export function steppedScale(scale: number, steps: number, frame: Frame): number {
  const zoom = toZoom(scale, frame) * ZOOM_STEP ** steps;
  return toScale(Math.abs(zoom - 1) < 0.01 ? 1 : zoom, frame);
}

/** Steps of one wheel event with Ctrl held, and of a pinch on a touchpad, which arrives as many small ones. */
export function wheelSteps(deltaY: number, deltaMode: number): number {
  const pixels = deltaMode === 0 ? deltaY : deltaY * 40;
  return Math.max(-3, Math.min(3, -pixels / 100));
}
