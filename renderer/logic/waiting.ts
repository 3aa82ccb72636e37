/** What a person who waits for a page is told, by how long it has been: nothing, a sign of life, words, a choice. */

/**
 * `quiet`: the slot and its number are enough; `spinning`: a spinner; `converting`: and a word; `explaining`: and the
 * reason; `choosing`: and the choice to stop waiting.
 */
export type WaitStage = 'quiet' | 'spinning' | 'converting' | 'explaining' | 'choosing';

const STAGES: readonly { from: number; stage: WaitStage }[] = [
  { from: 0, stage: 'quiet' },
  { from: 400, stage: 'spinning' },
  { from: 1_000, stage: 'converting' },
  { from: 3_000, stage: 'explaining' },
  { from: 10_000, stage: 'choosing' },
];

/** The stage after so many ms of waiting. */
export function waitStage(waitedMs: number): WaitStage {
  return STAGES.filter(({ from }) => waitedMs >= from).at(-1)?.stage ?? 'quiet';
}

/** Time until a waiting page has something new to say, ms: the next stage, then every second. */
export function msToNextWord(waitedMs: number): number {
  const next = STAGES.find(({ from }) => from > waitedMs);
  return next ? next.from - waitedMs : 1_000 - (waitedMs % 1_000);
}
