/** Time as stores need it, so that tests hand in their own. */

export interface Timers {
  set(callback: () => void, ms: number): unknown;
  /** Calls a timer off; one that is over, or none, is nothing. */
  clear(timer: unknown): void;
}

export interface Clock extends Timers {
  /** ms since any fixed moment. */
  now(): number;
}

/** The window's own. */
export const browserClock: Clock = {
  now: () => performance.now(),
  set: (callback, ms) => setTimeout(callback, ms),
  clear: (timer) => clearTimeout(timer as ReturnType<typeof setTimeout>),
};
