/** Which kept pages go when they take more room than they may. */

/** One document version on the disk, as far as room is concerned. */
export interface KeptRoom {
  id: string;
  /** Pinned, or open: nothing of it goes. */
  isHeld: boolean;
  /** The object has another content by now: the first to go. */
  isOutdated: boolean;
  /** Epoch ms. */
  usedAt: number;
  pages: readonly { name: string; bytes: number; usedAt: number }[];
}

/**
 * The pages to remove so that at most `limitBytes` stay, in the order they go: outdated documents first, then those
 * used longest ago, and of each the pages used longest ago. What is held stays even where that is over the limit.
 */
export function pickToGo(documents: readonly KeptRoom[], limitBytes: number): { id: string; name: string }[] {
  let total = 0;
  for (const { pages } of documents) for (const { bytes } of pages) total += bytes;
  const going: { id: string; name: string }[] = [];
  if (total <= limitBytes) return going;
  const order = documents
    .filter((document) => !document.isHeld)
    .sort((a, b) => Number(b.isOutdated) - Number(a.isOutdated) || a.usedAt - b.usedAt);
  for (const { id, pages } of order) {
    for (const { name, bytes } of [...pages].sort((a, b) => a.usedAt - b.usedAt)) {
      if (total <= limitBytes) return going;
      going.push({ id, name });
      total -= bytes;
    }
  }
  return going;
}
