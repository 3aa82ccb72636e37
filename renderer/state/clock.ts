/** Time as stores need it, so that tests hand in their own. */

export interface Timers {
  set(callback: () => void, ms: number): unknown;
  /** Calls a timer off; one that is over, or none, is nothing. */
  clear(timer: unknown): void;
}

export interface Clock extends Timers {
  /** ms since any fixed moment. */
  now(): number;
  /**
   * Calls back when the next two frames are drawn, at once where nobody sees any: by then everything that was scrolled
   * before has been told, however late frames are. Called off by `clear`.
   */
  drawn(callback: () => void): unknown;
}

interface Drawing {
  frame: number;
}

/** The window's own. */
export const browserClock: Clock = {
  now: () => performance.now(),
  set: (callback, ms) => setTimeout(callback, ms),
  drawn(callback) {
    if (document.hidden) return setTimeout(callback, 0);
    const drawing: Drawing = { frame: 0 };
    drawing.frame = requestAnimationFrame(() => (drawing.frame = requestAnimationFrame(callback)));
    return drawing;
  },
  clear(timer) {
    if (typeof timer === 'object' && timer !== null && 'frame' in timer) cancelAnimationFrame((timer as Drawing).frame);
    else clearTimeout(timer as ReturnType<typeof setTimeout>);
  },
};
