/** Time as stores need it, so that tests hand in their own. */
import type { Timers } from './notices.svelte.ts';

export interface Clock extends Timers {
  /** ms since any fixed moment. */
  now(): number;
}

export const browserClock: Clock = {
  now: () => performance.now(),
  set: (callback, ms) => setTimeout(callback, ms),
  clear: (timer) => clearTimeout(timer as ReturnType<typeof setTimeout>),
};
