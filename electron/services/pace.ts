/** How often the page hears news: many changes in a moment become one message, and the last state is always told. */

/** Runs `run` once after `afterMs`; what it returns calls that off. `setTimeout` in the app, a hand-driven clock in tests. */
export type Later = (run: () => void, afterMs: number) => () => void;

/** The app's `Later`. The timer does not keep the process alive. */
export const afterTimeout: Later = (run, afterMs) => {
  const timer = setTimeout(run, afterMs);
  timer.unref();
  return () => clearTimeout(timer);
};

export interface Pace {
  /** There is news. `tell` runs soon, once for all news until then. */
  touch(): void;
  /** Tells at once what is waiting to be told, if anything. */
  flush(): void;
  /** Tells nothing any more. */
  dispose(): void;
}

/**
 * Calls `tell` after a `touch`, at most once every `everyMs`. The first news after a quiet time is told on the next turn
 * of the event loop, so that changes of one turn travel together without the wait of a fixed batch.
 */
export function makePace(options: { everyMs: number; now: () => number; later: Later; tell: () => void }): Pace {
  const { everyMs, now, later, tell } = options;
  let toldAt = -Infinity;
  let callOff: (() => void) | null = null;
  let isOver = false;

  const speak = (): void => {
    callOff = null;
    toldAt = now();
    tell();
  };
  return {
    touch() {
      if (isOver || callOff) return;
      callOff = later(speak, Math.min(everyMs, Math.max(0, toldAt + everyMs - now())));
    },
    flush() {
      if (!callOff) return;
      callOff();
      speak();
    },
    dispose() {
      isOver = true;
      callOff?.();
      callOff = null;
    },
  };
}
