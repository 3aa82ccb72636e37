/** What finding the end of a document can come to. */
import type { PageCountView } from '#contract/contract.ts';

export type MostToFind = NonNullable<PageCountView['toFindMost']>;

/**
 * The most that a search can take from there: `here` is there, `gone` is not, `next` is the search's own choice of the
 * page to ask for, null when the end is known. `refusedCost` is the price of a refused call as a share of a picture's.
 */
export function mostToFind(
  here: number,
  gone: number,
  next: (here: number, gone: number) => number | null,
  refusedCost: number,
): MostToFind {
  const most = { pictures: 0, withRefused: 0 };
  /** Ends of branches of the search that are still to be looked at, with what it took to come there. */
  const line: [here: number, gone: number, pictures: number, refused: number][] = [[here, gone, 0, 0]];
  for (let branch = line.pop(); branch; branch = line.pop()) {
    const [low, high, pictures, refused] = branch;
    const at = next(low, high);
    if (at !== null) line.push([at, high, pictures + 1, refused], [low, at, pictures, refused + 1]);
    most.pictures = Math.max(most.pictures, pictures);
    most.withRefused = Math.max(most.withRefused, pictures + refused * refusedCost);
  }
  return most;
}
