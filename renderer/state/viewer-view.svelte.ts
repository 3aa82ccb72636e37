/**
 * The view onto a document: sizes, zoom and scroll position, all in one place so that they change together. Whatever
 * changes a page's size keeps a spot of the document where it is: under the pointer for the wheel, at the centre for
 * keys, at the upper edge when a picture turns out to have other proportions.
 */
import {
  anchorAt,
  bottomOf,
  currentPage,
  distanceTo,
  layOut,
  mountedRange,
  pageTurned,
  pointOf,
  rangeOf,
  slotOf,
  topOfPage,
  visibleRange,
  type Anchor,
  type PageLayout,
  type PageRange,
  type Slot,
} from '#renderer/logic/page-layout.ts';
import {
  BOX_TOLERANCE,
  boxOf,
  settleBoxes,
  withPicture,
  type PageSizes,
  type PictureSize,
} from '#renderer/logic/page-sizes.ts';
import { turnedSize, turnedSpot, type QuarterTurns } from '#renderer/logic/rotation.ts';
import { emptyTrail, leave, stepBack, stepForward, type Trail } from '#renderer/logic/trail.ts';
import { boxHeight, maxTop, readScroll, restShift, type ScrollSpan } from '#renderer/logic/scroll-map.ts';
import {
  AUTO_FIT_LIMIT,
  clampScale,
  pageScaleOf,
  scaleOf,
  steppedScale,
  toScale,
  toZoom,
  type Frame,
  type ZoomMode,
} from '#renderer/logic/zoom.ts';

/** Room below the last page, CSS px: the end of the document is said there. */
const TAIL = 56;

/** How a document is looked at, kept with its place. */
export interface ViewerLook {
  mode: ZoomMode;
  quarterTurns: QuarterTurns;
  columns: 1 | 2;
}

interface Position {
  /** Offset of the view in the document, CSS px, on whole device pixels: a scroll box would round it anyway. */
  top: number;
  left: number;
  /** See scroll-map.ts. */
  shift: number;
}

export class ViewerView {
  #frame = $state.raw<Frame>({ width: 0, height: 0, devicePixelRatio: 1 });
  #mode = $state.raw<ZoomMode>({ kind: 'auto' });
  #sizes = $state.raw<PageSizes>() as PageSizes;
  #count = $state(1);
  /** The page the fit modes were computed for: fit does not jump while one scrolls past a wider page. */
  #reference = $state(1);
  #position = $state.raw<Position>({ top: 0, left: 0, shift: 0 });
  /** The document is not laid out shorter than this while somebody looks at its lower end; 0 when not needed. */
  #heldHeight = $state(0);
  /** The page just gone to; it is the current one while it is in view. */
  #aimed = $state<number | null>(null);
  #trail = $state.raw<Trail<Anchor>>(emptyTrail);
  #start: Anchor | number;
  /** Pages in a box that is not their own, see `takeSize`. */
  readonly #squeezed = new Set<number>();
  /** The spot of the last zoom and where it left the view: a pinch of many small steps must not add up its roundings. */
  #zoomed: { x: number; y: number; spot: Anchor; position: Position } | null = null;

  /** Quarter turns clockwise that all pages are shown in. */
  #quarterTurns = $state<QuarterTurns>(0);
  #columns = $state<1 | 2>(1);

  readonly #scale = $derived(scaleOf(this.#mode, this.boxOf(this.#reference), this.frame));
  readonly #layout: PageLayout = $derived.by(() => this.#layOut());
  readonly #visibleFrom = $derived(visibleRange(this.#layout, this.#position.top, this.#frame.height).from);
  readonly #visibleTo = $derived(visibleRange(this.#layout, this.#position.top, this.#frame.height).to);
  readonly #mountedFrom = $derived(mountedRange(this.#layout, this.#position.top, this.#frame.height).from);
  readonly #mountedTo = $derived(mountedRange(this.#layout, this.#position.top, this.#frame.height).to);
  // Ranges by their ends: a scroll event that leaves them as they are updates nothing.
  readonly #visible: PageRange = $derived({ from: this.#visibleFrom, to: this.#visibleTo });
  readonly #mounted: readonly number[] = $derived(rangeOf({ from: this.#mountedFrom, to: this.#mountedTo }));
  // Slots hang on it and not on the position: scrolling lays nothing out anew.
  readonly #shift = $derived(this.#position.shift);
  readonly #current = $derived(currentPage(this.#layout, this.#position.top, this.#frame.height, this.#aimed));

  /** `start` is the page to show first, or the spot where the document was left. */
  constructor(
    sizes: PageSizes,
    count: number,
    start: Anchor | number,
    look: Partial<ViewerLook> = {},
    trail: Trail<Anchor> = emptyTrail,
  ) {
    this.#trail = trail;
    const { mode = { kind: 'auto' }, quarterTurns = 0, columns = 1 } = look;
    this.#quarterTurns = quarterTurns;
    this.#columns = columns;
    this.#sizes = sizes;
    this.#count = count;
    this.#start = start;
    this.#mode = mode;
    this.#reference = typeof start === 'number' ? start : start.pageNumber;
  }

  /** False until the room for pages has been measured. */
  get isMeasured(): boolean {
    return this.#frame.width > 0;
  }
  get frame(): Frame {
    return { ...this.#frame, columns: this.#columns };
  }
  get quarterTurns(): QuarterTurns {
    return this.#quarterTurns;
  }
  /** Pages side by side. */
  get columns(): 1 | 2 {
    return this.#columns;
  }
  /** How large a page is, turned as it is shown, in its picture's pixels. */
  boxOf(pageNumber: number): PictureSize {
    return turnedSize(boxOf(this.#sizes, pageNumber), this.#quarterTurns);
  }
  get layout(): PageLayout {
    return this.#layout;
  }
  get sizes(): PageSizes {
    return this.#sizes;
  }
  get mode(): ZoomMode {
    return this.#mode;
  }
  get top(): number {
    return this.#position.top;
  }
  get left(): number {
    return this.#position.left;
  }
  /** Pages of which any part is in view. */
  get visible(): PageRange {
    return this.#visible;
  }
  /** Pages to have in the DOM. */
  get mounted(): readonly number[] {
    return this.#mounted;
  }
  /** The page being read. */
  get current(): number {
    return this.#current;
  }
  /** 1 is one picture pixel on one device pixel; of the page being read. */
  get zoom(): number {
    return toZoom(this.scaleOfPage(this.#current), this.#frame);
  }
  /** Whether pages are as wide as the view by a fit mode; the app's own choice may stop short of it. */
  get fitsWidth(): boolean {
    if (this.#mode.kind === 'width') return true;
    return this.#mode.kind === 'auto' && toZoom(this.#scale, this.#frame) < AUTO_FIT_LIMIT - 1e-6;
  }
  get trail(): Trail<Anchor> {
    return this.#trail;
  }
  get canGoForward(): boolean {
    return this.#trail.forward.length > 0;
  }
  get canGoBack(): boolean {
    return this.#trail.back.length > 0;
  }
  get canZoomIn(): boolean {
    return this.#limited(this.scaleOfPage(this.#current) * 1.01) > this.scaleOfPage(this.#current);
  }
  get canZoomOut(): boolean {
    return this.#limited(this.scaleOfPage(this.#current) * 0.99) < this.scaleOfPage(this.#current);
  }

  /** Height of the scrolled box, CSS px. */
  get boxHeight(): number {
    return boxHeight(this.#span);
  }
  /** Where the scroll box has to be for this view. */
  get scrollTop(): number {
    return this.#position.top - this.#position.shift;
  }
  /** A page's slot inside the scrolled box. */
  slot(pageNumber: number): Slot {
    const slot = slotOf(this.#layout, pageNumber);
    return { ...slot, top: slot.top - this.#shift };
  }
  /** Where the last page ends inside the scrolled box. */
  get endTop(): number {
    return bottomOf(this.#layout) - this.#shift;
  }
  /** How far a page's middle is from the middle of the view, CSS px. */
  distanceOf(pageNumber: number): number {
    return distanceTo(slotOf(this.#layout, pageNumber), this.#position.top + this.#frame.height / 2);
  }
  scaleOfPage(pageNumber: number): number {
    return pageScaleOf(this.#mode, this.#scale, this.boxOf(pageNumber), this.frame);
  }
  /** The spot at the upper left corner, to come back to. */
  get spot(): Anchor {
    return anchorAt(this.#layout, this.#position.left, this.#position.top);
  }

  /** The room for pages was measured, for the first time or anew. Fit modes follow. */
  resize(frame: Frame): void {
    if (!this.isMeasured) {
      this.#frame = frame;
      if (typeof this.#start !== 'number') return this.#show(this.#start);
      this.#aimed = this.#start;
      return this.#moveTo(this.#start === 1 ? 0 : topOfPage(this.#layout, this.#start), 0);
    }
    this.#keeping(frame.width / 2, 0, () => {
      if (this.#mode.kind === 'scale') {
        const zoom = toZoom(this.#mode.scale, this.#frame);
        this.#mode = { kind: 'scale', scale: toScale(zoom, frame) };
      }
      this.#reference = this.#current;
      this.#frame = frame;
    });
  }

  /**
   * The number of slots changed: the end became known, or more pages did. What is looked at stays where it is; where
   * nothing of it is left, the end of the document comes into view.
   */
  setCount(count: number): void {
    if (count === this.#count) return;
    const { top } = this.#position;
    const isCut = count < this.#count;
    this.#count = count;
    if (isCut && top < bottomOf(this.#layout)) this.#heldHeight = top + this.#frame.height;
    if (this.#position.top > maxTop(this.#span)) this.#moveTo(this.#position.top, this.#position.left);
  }

  /**
   * A picture's true size became known. At 100 % every page gets its exact box at once. No picture in view moves: one
   * that comes above others grows upwards, one that comes between two is fitted into the room it has until it is out
   * of view.
   */
  takeSize(pageNumber: number, size: PictureSize): void {
    const { from, to } = this.#visible;
    const shown = rangeOf({ from, to }).filter((page) => page !== pageNumber && this.#sizes.pictures.has(page));
    const [first, last] = [shown[0] ?? Infinity, shown.at(-1) ?? -Infinity];
    const isBetween = first < pageNumber && pageNumber < last;
    const tolerance = isBetween ? Infinity : this.#tolerance;
    const sizes = withPicture(this.#sizes, pageNumber, size, tolerance);
    if (sizes === this.#sizes) return;
    if (isBetween) this.#squeezed.add(pageNumber);
    const y = pageNumber < first && first <= to ? Math.max(0, slotOf(this.#layout, first).top - this.#position.top) : 0;
    this.#keeping(this.#frame.width / 2, y, () => (this.#sizes = sizes));
  }

  /** The person scrolled: the box is now here. Tells how far the document moved, CSS px; our own moves come back too. */
  scrolled(scrollTop: number, scrollLeft: number): { moved: number; isOurs: boolean } {
    const { top, left, shift } = this.#position;
    // A scroll box may round differently: what it tells of our own moves is less exact than what we know.
    if (Math.abs(scrollTop - this.scrollTop) < 1 && Math.abs(scrollLeft - left) < 1) return { moved: 0, isOurs: true };
    const next = readScroll(this.#span, scrollTop, this.scrollTop, shift);
    this.#position = { ...next, left: scrollLeft };
    if (next.top !== top) this.#aimed = null;
    this.#releaseHeight();
    return { moved: next.top - top, isOurs: false };
  }

  /** The view came to rest: what is out of view gets its own box, a very tall document's scroll bar tells the truth again. */
  rest(): void {
    this.#easeSqueezed();
    const { top, left, shift } = this.#position;
    const truth = restShift(this.#span, top);
    if (truth !== shift) this.#position = { top, left, shift: truth };
  }

  /** Fit width, fit page or a zoom, around the view's centre. */
  zoomTo(mode: { kind: 'width' } | { kind: 'page' } | { kind: 'zoom'; zoom: number }): void {
    const { width, height } = this.#frame;
    const next: ZoomMode =
      mode.kind === 'zoom' ? { kind: 'scale', scale: this.#limited(toScale(mode.zoom, this.#frame)) } : mode;
    const whole = mode.kind === 'page' ? this.#current : null;
    this.#setMode(next, width / 2, height / 2);
    if (whole !== null) this.#aim(whole);
  }

  /** Turns all pages by quarters, clockwise (1) or back (-1), around the view's centre. Fit modes follow. */
  rotate(quarters: 1 | -1): void {
    const { width, height } = this.#frame;
    const spot = turnedSpot(this.#spotAt(width / 2, height / 2), quarters);
    const { current } = this;
    const change = (): void => {
      this.#reference = current;
      this.#heldHeight = 0;
      this.#quarterTurns = ((this.#quarterTurns + quarters + 4) % 4) as QuarterTurns;
    };
    this.#keeping(width / 2, height / 2, change, spot);
  }

  /** One page beside the other, or one below the other. The page being read stays in view. */
  showColumns(columns: 1 | 2): void {
    if (columns === this.#columns) return;
    const { current } = this;
    this.#reference = current;
    this.#heldHeight = 0;
    this.#columns = columns;
    this.#aim(current);
  }

  /** The page a turn (1) on or (-1) back, of two pages the left one; null where there is none. */
  turned(turns: 1 | -1): number | null {
    return pageTurned(this.#layout, this.current, turns);
  }

  /** Steps in or out, around a point of the view (CSS px) or its centre. */
  zoomBy(steps: number, at?: { x: number; y: number }): void {
    const { width, height } = this.#frame;
    const scale = this.#limited(steppedScale(this.scaleOfPage(this.#current), steps, this.#frame));
    this.#setMode({ kind: 'scale', scale }, at?.x ?? width / 2, at?.y ?? height / 2);
  }

  /** Shows a page from its top. */
  goTo(pageNumber: number): void {
    this.#aim(Math.min(this.#count, Math.max(1, pageNumber)));
  }

  /** Keeps this spot for `goBack`. */
  remember(): void {
    this.#trail = leave(this.#trail, this.spot);
  }

  goBack(): void {
    this.#follow(stepBack(this.#trail, this.spot));
  }

  goForward(): void {
    this.#follow(stepForward(this.#trail, this.spot));
  }

  #follow(step: { to: Anchor; trail: Trail<Anchor> } | null): void {
    if (!step) return;
    this.#trail = step.trail;
    this.#show(step.to);
  }

  get #span(): ScrollSpan {
    const { height, devicePixelRatio } = this.#frame;
    return { total: this.#layout.totalHeight, view: height, devicePixelRatio };
  }

  #layOut(): PageLayout {
    const { frame } = this;
    const input = {
      count: this.#count,
      columns: this.#columns,
      boxOf: (pageNumber: number) => this.boxOf(pageNumber),
      scaleOf: (box: PictureSize) => pageScaleOf(this.#mode, this.#scale, box, frame),
      viewWidth: frame.width,
      devicePixelRatio: frame.devicePixelRatio,
      tail: TAIL,
    };
    const layout = layOut(input);
    return { ...layout, totalHeight: Math.max(layout.totalHeight, this.#heldHeight) };
  }

  /** Pages that were fitted into a box of another shape get their own once they are out of view. */
  #easeSqueezed(): void {
    const { from, to } = this.#visible;
    const away = [...this.#squeezed].filter((page) => page < from || page > to);
    if (away.length === 0) return;
    for (const page of away) this.#squeezed.delete(page);
    const sizes = settleBoxes(this.#sizes, away);
    this.#keeping(this.#frame.width / 2, 0, () => (this.#sizes = sizes));
  }

  get #tolerance(): number {
    return Math.abs(this.zoom - 1) < 1e-6 ? 0 : BOX_TOLERANCE;
  }

  #limited(scale: number): number {
    return clampScale(scale, this.frame, this.boxOf(this.#current));
  }

  #setMode(mode: ZoomMode, x: number, y: number): void {
    const last = this.#zoomed;
    const isSame = last !== null && last.position === this.#position && last.x === x && last.y === y;
    const spot = isSame ? last.spot : this.#spotAt(x, y);
    const change = (): void => {
      this.#reference = this.#current;
      this.#sizes = settleBoxes(this.#sizes);
      this.#squeezed.clear();
      this.#heldHeight = 0;
      this.#mode = mode;
    };
    this.#keeping(x, y, change, spot);
    this.#zoomed = { x, y, spot, position: this.#position };
  }

  #spotAt(x: number, y: number): Anchor {
    return anchorAt(this.#layout, this.#position.left + x, this.#position.top + y);
  }

  /** Makes a change and puts the spot that was at this point of the view back to it. */
  #keeping(x: number, y: number, change: () => void, spot: Anchor = this.#spotAt(x, y)): void {
    change();
    const point = pointOf(this.#layout, spot);
    this.#moveTo(point.y - y, point.x - x);
  }

  #show(spot: Anchor): void {
    const point = pointOf(this.#layout, spot);
    // Left at the top of a page, that page is the one being read again, however much of another is in view.
    const tops = [spot.pageNumber, Math.min(this.#count, spot.pageNumber + 1)];
    this.#aimed = tops.find((page) => Math.abs(topOfPage(this.#layout, page) - point.y) < 1) ?? null;
    this.#moveTo(point.y, point.x);
  }

  #aim(pageNumber: number): void {
    this.#aimed = pageNumber;
    this.#moveTo(topOfPage(this.#layout, pageNumber), this.#position.left);
  }

  #moveTo(top: number, left: number): void {
    const span = this.#span;
    const { devicePixelRatio, width } = this.#frame;
    const snap = (px: number): number => Math.round(px * devicePixelRatio) / devicePixelRatio;
    const reached = Math.min(maxTop(span), Math.max(0, snap(top)));
    this.#position = {
      top: reached,
      left: Math.min(Math.max(0, this.#layout.contentWidth - width), Math.max(0, snap(left))),
      shift: restShift(span, reached),
    };
    this.#releaseHeight();
  }

  /** The held height goes as soon as nobody looks at what it holds. */
  #releaseHeight(): void {
    if (this.#heldHeight === 0) return;
    const needed = this.#position.top + this.#frame.height;
    const natural = bottomOf(this.#layout) + TAIL;
    this.#heldHeight = needed <= natural ? 0 : Math.min(this.#heldHeight, needed);
  }
}
