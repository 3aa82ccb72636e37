/** What a figure is, and how the numbers of several runs become one. */

/** The middle, the least and the most of some runs, in the figure's unit. */
export interface Spread {
  median: number;
  least: number;
  most: number;
  runs: number;
}

export type Unit = 'ms' | 'per second' | 'MB' | 'count';

/** One thing that was measured: ours, and beside it what else would do the same job, in the same run. */
export interface Figure {
  what: string;
  unit: Unit;
  pagelens: Spread | null;
  /** The alternatives by what they are; the first is the one that `ratio` is over. */
  beside: Record<string, Spread | null>;
  /** Ours over the first alternative, by medians. */
  ratio: number | null;
  /** Why something is null. */
  reason?: string;
}

/** To three digits: more would be noise. */
const round = (value: number): number => Number(value.toPrecision(3));

/** Makes one number of the runs. */
export function toSpread(values: readonly number[]): Spread {
  if (values.length === 0) throw new Error('Nothing was measured.');
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const median = (sorted[Math.ceil(middle) - 1]! + sorted[Math.floor(middle)]!) / 2;
  return { median: round(median), least: round(sorted[0]!), most: round(sorted.at(-1)!), runs: sorted.length };
}

/** Puts a figure together; without any value of a part that part is null, and `reason` has to say why. */
export function toFigure(
  what: string,
  unit: Unit,
  ours: readonly number[],
  beside: Record<string, readonly number[]> = {},
  reason?: string,
): Figure {
  const spreadOf = (values: readonly number[]): Spread | null => (values.length > 0 ? toSpread(values) : null);
  const others = Object.fromEntries(Object.entries(beside).map(([name, values]) => [name, spreadOf(values)]));
  const pagelens = spreadOf(ours);
  const [first] = Object.values(others);
  const ratio = pagelens && first && first.median > 0 ? round(pagelens.median / first.median) : null;
  return { what, unit, pagelens, beside: others, ratio, ...(reason === undefined ? {} : { reason }) };
}

/** How long one run of `work` takes, ms. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** Runs `work` so often, one after the other, with its number from 0. */
export async function repeated<T>(times: number, work: (run: number) => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  for (let run = 0; run < times; run += 1) results.push(await work(run));
  return results;
}

/** What went wrong, in one line. */
export const toReason = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n', 1)[0]!;

/** Tells how far the bench is, on standard error. */
export const say = (text: string): void => void process.stderr.write(`${text}\n`);
