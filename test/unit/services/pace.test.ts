import { describe, expect, it } from 'vitest';
import { makePace } from '#services/pace.ts';
import { makeHandClock } from './hand-clock.ts';

function makeTold() {
  const clock = makeHandClock();
  const told: number[] = [];
  let state = 0;
  const pace = makePace({ everyMs: 50, now: clock.now, later: clock.later, tell: () => told.push(state) });
  const change = (): void => {
    state += 1;
    pace.touch();
  };
  return { clock, told, pace, change };
}

describe('a pace', () => {
  it('tells the first news at once and the changes of one turn together', () => {
    const { clock, told, change } = makeTold();
    change();
    change();
    expect(told).toEqual([]);
    clock.pass(0);
    expect(told).toEqual([2]);
  });
  it('then tells at most once in its time, the last state always', () => {
    const { clock, told, change } = makeTold();
    for (let step = 0; step < 100; step += 1) {
      change();
      clock.pass(10);
    }
    clock.pass(1000);
    // 1,000 ms of changes: one at the start, one for each 50 ms.
    expect(told.length).toBeLessThanOrEqual(21);
    expect(told.at(-1)).toBe(100);
    expect(clock.pending()).toBe(0);
  });
  it('flushes what is waiting and nothing else', () => {
    const { clock, told, pace, change } = makeTold();
    pace.flush();
    expect(told).toEqual([]);
    change();
    pace.flush();
    clock.pass(100);
    expect(told).toEqual([1]);
  });
  it('is silent after its end', () => {
    const { clock, told, pace, change } = makeTold();
    change();
    pace.dispose();
    change();
    clock.pass(100);
    expect(told).toEqual([]);
    expect(clock.pending()).toBe(0);
  });
});
