/** A file of which only pieces are read: each piece once, together at most so many bytes in so many requests. */

/** Thrown where reading on would go over the limits, or where the file ends before its structure does. */
export class OutOfReach extends Error {}

export interface FileWindow {
  readonly sizeBytes: number;
  /** Bytes `from` to `to` (excluded), cut at the file's end. Throws OutOfReach, and what fetching throws. */
  read(from: number, to: number): Promise<Uint8Array>;
  /** Reads many pieces in as few requests as the limits ask for; false, and nothing read, where they do not fit. */
  gather(pieces: readonly Piece[]): Promise<boolean>;
}

/** `to` is excluded. */
export interface Piece {
  from: number;
  to: number;
}

export interface FileWindowOptions {
  sizeBytes: number;
  /** Asks for these bytes, all of them; throws when they do not come. */
  fetch(from: number, to: number): Promise<Uint8Array>;
  maxBytes: number;
  maxRequests: number;
}

/** Bytes are kept in blocks of this size. */
const BLOCK = 512;
/** A request brings at least this much: what is read next mostly lies behind what was read last. */
const LEAST_BYTES = 8 * 1024;
/** So much between two pieces is read along rather than asked for apart. */
const SMALL_GAP = 4 * 1024;

/** Opens a window on a file; nothing is read yet. */
export function openFileWindow({ sizeBytes, fetch, maxBytes, maxRequests }: FileWindowOptions): FileWindow {
  const blocks = new Map<number, Uint8Array>();
  let bytesLeft = maxBytes;
  let requestsLeft = maxRequests;

  const load = async ({ from, to }: Piece): Promise<void> => {
    const end = Math.min(to, sizeBytes);
    if (requestsLeft < 1 || end - from > bytesLeft) throw new OutOfReach('The limits of a look are reached.');
    requestsLeft -= 1;
    bytesLeft -= end - from;
    const bytes = await fetch(from, end);
    if (bytes.byteLength !== end - from) throw new OutOfReach('The file is shorter than it was.');
    for (let at = from; at < end; at += BLOCK) {
      blocks.set(at / BLOCK, bytes.subarray(at - from, Math.min(at - from + BLOCK, end - from)));
    }
  };
  /** Whole blocks that are not here yet, as pieces that do not touch. */
  const missing = (pieces: readonly Piece[]): Piece[] => {
    const wanted = new Set<number>();
    for (const { from, to } of pieces) {
      const last = Math.ceil(Math.min(to, sizeBytes) / BLOCK);
      for (let block = Math.floor(Math.max(0, from) / BLOCK); block < last; block += 1) {
        if (!blocks.has(block)) wanted.add(block);
      }
    }
    return join([...wanted].sort((a, b) => a - b).map((block) => ({ from: block * BLOCK, to: (block + 1) * BLOCK })));
  };

  return {
    sizeBytes,
    async read(from, to) {
      if (!(from >= 0 && from <= to && from < sizeBytes)) throw new OutOfReach('There is no such place in the file.');
      const end = Math.min(to, sizeBytes);
      if (end - from > maxBytes) throw new OutOfReach('More than may be looked at.');
      const gaps = missing([{ from, to: end }]);
      const [first] = gaps;
      if (first) {
        const last = gaps.at(-1)!.to;
        const ahead = Math.min(Math.max(last, first.from + LEAST_BYTES), first.from + bytesLeft - (bytesLeft % BLOCK));
        await load({ from: first.from, to: Math.max(last, ahead) });
      }
      const bytes = new Uint8Array(end - from);
      for (let at = from; at < end;) {
        const block = blocks.get(Math.floor(at / BLOCK))!;
        const piece = block.subarray(at % BLOCK, (at % BLOCK) + end - at);
        bytes.set(piece, at - from);
        at += piece.byteLength;
      }
      return bytes;
    },
    async gather(pieces) {
      const gaps = missing(pieces);
      while (gaps.length > 1) {
        const widths = gaps.slice(1).map((gap, index) => gap.from - gaps[index]!.to);
        const least = widths.indexOf(Math.min(...widths));
        if (widths[least]! > SMALL_GAP && gaps.length <= requestsLeft) break;
        gaps.splice(least, 2, { from: gaps[least]!.from, to: gaps[least + 1]!.to });
      }
      const total = gaps.reduce((sum, { from, to }) => sum + Math.min(to, sizeBytes) - from, 0);
      if (total > bytesLeft || gaps.length > requestsLeft) return false;
      for (const gap of gaps) await load(gap);
      return true;
    },
  };
}

function join(sorted: readonly Piece[]): Piece[] {
  const joined: Piece[] = [];
  for (const piece of sorted) {
    const last = joined.at(-1);
    if (last?.to === piece.from) last.to = piece.to;
    else joined.push({ ...piece });
  }
  return joined;
}
