/**
 * Finds what a font draws where it has no glyph: hollow boxes of one size, side by side on one line. Check boxes stand
 * alone or below one another, cells of a table share their borders: neither makes a row.
 */

/** Ink or paper, row by row: 1 where a pixel differs from the paper. */
export interface Ink {
  widthPx: number;
  heightPx: number;
  marks: Uint8Array;
}

/** A piece of ink that hangs together, by its bounds; `right` and `bottom` are the last pixels of it. */
interface Piece {
  left: number;
  top: number;
  right: number;
  bottom: number;
  /** Pixels of it. */
  count: number;
}

/** Sizes of letters, px: 8 pt on a small picture to 40 pt on a large one. */
const LEAST_SIDE_PX = 5;
const MOST_SIDE_PX = 90;
/** Height for width of a missing glyph. */
const SLIMMEST = 3;
const FLATTEST = 0.7;
/** So many side by side are a row of them. */
const LEAST_IN_ROW = 5;

/** The number of rows of hollow boxes. */
export function findHollowRows(ink: Ink): number {
  const boxes = findPieces(ink).filter((piece) => isHollowBox(ink, piece));
  boxes.sort((a, b) => a.bottom - b.bottom || a.left - b.left);
  let rows = 0;
  const taken = new Set<Piece>();
  for (const [at, first] of boxes.entries()) {
    if (taken.has(first)) continue;
    const line: Piece[] = [];
    for (let other = at; other < boxes.length && boxes[other]!.bottom <= first.bottom + 1; other += 1) {
      const box = boxes[other]!;
      if (!taken.has(box) && isAlike(first, box)) line.push(box);
    }
    for (const run of runsOf(line, 1.2 * widthOf(first))) {
      if (run.length < LEAST_IN_ROW) continue;
      rows += 1;
      for (const box of run) taken.add(box);
    }
  }
  return rows;
}

/** Boxes of one line, parted where a gap is wider than `gapPx`. */
function runsOf(line: Piece[], gapPx: number): Piece[][] {
  const runs: Piece[][] = [];
  for (const box of line.sort((a, b) => a.left - b.left)) {
    const run = runs.at(-1);
    const last = run?.at(-1);
    if (run && last && box.left - last.right <= gapPx) run.push(box);
    else runs.push([box]);
  }
  return runs;
}

const widthOf = ({ left, right }: Piece): number => right - left + 1;
const heightOf = ({ top, bottom }: Piece): number => bottom - top + 1;

/** On one line and of one size, but for a pixel of rounding. */
function isAlike(one: Piece, other: Piece): boolean {
  return (
    Math.abs(one.bottom - other.bottom) <= 1 &&
    Math.abs(widthOf(one) - widthOf(other)) <= 1 &&
    Math.abs(heightOf(one) - heightOf(other)) <= 1
  );
}

/** A closed frame with nothing in it. */
function isHollowBox({ widthPx, marks }: Ink, piece: Piece): boolean {
  const { left, top, right, bottom, count } = piece;
  const [width, height] = [widthOf(piece), heightOf(piece)];
  if (width < LEAST_SIDE_PX || height < LEAST_SIDE_PX || width > MOST_SIDE_PX || height > MOST_SIDE_PX) return false;
  if (height > SLIMMEST * width || height < FLATTEST * width) return false;
  // The frame alone is much less than the whole of it: letters that fill their box fall out here.
  const thickest = Math.max(2, Math.round(Math.min(width, height) / 5));
  if (count > 2 * thickest * (width + height)) return false;
  let frame = 0;
  let onFrame = 0;
  let within = 0;
  for (let y = top; y <= bottom; y += 1) {
    for (let x = left; x <= right; x += 1) {
      const fromRim = Math.min(x - left, right - x, y - top, bottom - y);
      const isInk = marks[y * widthPx + x] === 1;
      if (fromRim === 0) {
        frame += 1;
        if (isInk) onFrame += 1;
      } else if (fromRim >= thickest && isInk) {
        within += 1;
      }
    }
  }
  // Corners may be soft; an O or a D leaves far more of its frame open.
  return within === 0 && onFrame >= frame * 0.9;
}

/** The pieces of ink in the sizes of letters and all others, by runs of pixels that touch, corners included. */
function findPieces({ widthPx, heightPx, marks }: Ink): Piece[] {
  const pieces: Piece[] = [];
  /** Of each piece the one it was joined to; itself while it stands for all of them. */
  const leaders: number[] = [];
  const leaderOf = (piece: number): number => {
    let at = piece;
    while (leaders[at] !== at) at = leaders[at] = leaders[leaders[at]!]!;
    return at;
  };
  const join = (one: number, other: number): number => {
    const [into, from] = [leaderOf(one), leaderOf(other)];
    if (into === from) return into;
    const [a, b] = [pieces[into]!, pieces[from]!];
    a.left = Math.min(a.left, b.left);
    a.top = Math.min(a.top, b.top);
    a.right = Math.max(a.right, b.right);
    a.bottom = Math.max(a.bottom, b.bottom);
    a.count += b.count;
    leaders[from] = into;
    return into;
  };

  type Run = { from: number; to: number; piece: number };
  let above: Run[] = [];
  for (let y = 0; y < heightPx; y += 1) {
    const runs: Run[] = [];
    let next = 0;
    const row = marks.subarray(y * widthPx, (y + 1) * widthPx);
    for (let from = row.indexOf(1); from >= 0; from = row.indexOf(1, from)) {
      let to = from;
      while (row[to + 1] === 1) to += 1;
      let piece = pieces.push({ left: from, top: y, right: to, bottom: y, count: to - from + 1 }) - 1;
      leaders.push(piece);
      while (next < above.length && above[next]!.to < from - 1) next += 1;
      for (let over = next; over < above.length && above[over]!.from <= to + 1; over += 1)
        piece = join(above[over]!.piece, piece);
      runs.push({ from, to, piece });
      from = to + 1;
    }
    above = runs;
  }
  return pieces.filter((_, piece) => leaders[piece] === piece);
}
