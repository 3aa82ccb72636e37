/** The name that somebody most likely meant. */

/** Letters that may be wrong: a transposition counts as two. */
const MOST_EDITS = 2;

/** The one of `names` nearest to what was typed, at most two letters away; null where there is none or it is the same. */
export function closestName(typed: string, names: readonly string[]): string | null {
  let best: { name: string; edits: number } | null = null;
  for (const name of names) {
    const edits = editsBetween(typed, name);
    if (edits > 0 && edits <= MOST_EDITS && edits < (best?.edits ?? Infinity)) best = { name, edits };
  }
  return best?.name ?? null;
}

/** Levenshtein's distance. */
function editsBetween(one: string, other: string): number {
  if (Math.abs(one.length - other.length) > MOST_EDITS) return Infinity;
  let before = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let at = 1; at <= one.length; at += 1) {
    const row = [at];
    for (let to = 1; to <= other.length; to += 1) {
      const change = (before[to - 1] ?? 0) + (one[at - 1] === other[to - 1] ? 0 : 1);
      row.push(Math.min(change, (before[to] ?? 0) + 1, (row[to - 1] ?? 0) + 1));
    }
    before = row;
  }
  return before[other.length] ?? Infinity;
}
