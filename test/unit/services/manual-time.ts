/** Time that moves only when a test moves it: clock and sleep for everything that takes them from outside. */

export interface ManualTime {
  now(): number;
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /** Moves the clock on and wakes who is due, in order. */
  advance(ms: number): Promise<void>;
  /** How long each sleeper that is still asleep has asked for, in the order they lay down. */
  asleep(): number[];
}

/** Starts at `startMs`. Between wake-ups every microtask and I/O callback that is ready gets its turn. */
export function makeManualTime(startMs: number): ManualTime {
  let time = startMs;
  let sleepers: { at: number; ms: number; wake(): void }[] = [];
  return {
    now: () => time,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal.aborted) return reject(new Error('aborted'));
        const stop = (): void => {
          sleepers = sleepers.filter((other) => other !== sleeper);
          reject(new Error('aborted'));
        };
        const wake = (): void => {
          signal.removeEventListener('abort', stop);
          resolve();
        };
        const sleeper = { at: time + ms, ms, wake };
        sleepers.push(sleeper);
        signal.addEventListener('abort', stop, { once: true });
      }),
    async advance(ms) {
      const end = time + ms;
      for (;;) {
        await settle();
        const next = sleepers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
        if (!next) break;
        time = next.at;
        sleepers = sleepers.filter((other) => other !== next);
        next.wake();
      }
      time = end;
      await settle();
    },
    asleep: () => sleepers.map(({ ms }) => ms),
  };
}

/** Lets everything run that is ready to run. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** Waits, a turn of the event loop at a time, for something that real I/O brings about. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}
