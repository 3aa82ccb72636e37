/** Brings kept pages into the form that is written now, one after the other, while everything else goes on. */
import type { KeptPages } from './kept-pages.ts';

export interface PageConversion {
  /** Begins, or looks once more when it has come to its end. */
  start(): void;
  isRunning(): boolean;
  /** The disk took no more: the rest is tried at the next start, or `start`. */
  isStuck(): boolean;
  /** Ends after the page that is being written. What is left goes on at the next start. */
  dispose(): Promise<void>;
}

export interface PageConversionOptions {
  kept: Pick<KeptPages, 'unconverted' | 'convert' | 'whenSettled'>;
  /** Whether pages are to be brought into the form of now at all. */
  isWanted: () => boolean;
  /** Everything that can be read has the form of now. */
  onDone: () => Promise<void>;
  onChange: () => void;
}

/** Does nothing before `start`. */
export function makePageConversion(options: PageConversionOptions): PageConversion {
  const { kept, isWanted, onDone, onChange } = options;
  let running: Promise<void> | null = null;
  let isToLookAgain = false;
  let isStuck = false;
  let isOver = false;

  /** False: it was stopped, or the disk refused. */
  async function convertAll(): Promise<boolean> {
    for (;;) {
      // A page that was on its way when the form changed comes in the form of before.
      await kept.whenSettled();
      const rest = kept.unconverted();
      if (rest.length === 0) return true;
      for (const what of rest) {
        if (isOver || !isWanted()) return false;
        if (await kept.convert(what)) continue;
        isStuck = true;
        return false;
      }
    }
  }
  async function run(): Promise<void> {
    do {
      isToLookAgain = false;
      isStuck = false;
      if (isWanted() && (await convertAll())) await onDone();
    } while (isToLookAgain && !isOver);
    running = null;
    onChange();
  }

  return {
    start() {
      isToLookAgain = true;
      if (!isOver) running ??= Promise.resolve().then(run);
    },
    isRunning: () => running !== null,
    isStuck: () => isStuck,
    async dispose() {
      isOver = true;
      await running;
    },
  };
}
