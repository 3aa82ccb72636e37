/** Time that moves when a test says so. */
import type { Later } from '#services/pace.ts';

export interface HandClock {
  now(): number;
  later: Later;
  /** Moves time on; what falls due runs in order. */
  pass(ms: number): void;
  /** The computer sleeps: time moves on, and no timer comes nearer. */
  sleep(ms: number): void;
  /** How many timers are set. */
  pending(): number;
}

export function makeHandClock(): HandClock {
  let time = 1_000_000;
  const timers = new Set<{ dueAt: number; run: () => void }>();
  return {
    now: () => time,
    later(run, afterMs) {
      const timer = { dueAt: time + afterMs, run };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    pass(ms) {
      const end = time + ms;
      for (;;) {
        const next = [...timers].filter((timer) => timer.dueAt <= end).sort((a, b) => a.dueAt - b.dueAt)[0];
        if (!next) break;
        timers.delete(next);
        time = next.dueAt;
        next.run();
      }
      time = end;
    },
    sleep(ms) {
      time += ms;
      for (const timer of timers) timer.dueAt += ms;
    },
    pending: () => timers.size,
  };
}
