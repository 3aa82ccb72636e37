import { describe, expect, it } from 'vitest';
import { fail, type AppError } from '#contract/errors.ts';
import {
  makePageScheduler,
  type Lane,
  type PageScheduler,
  type PageSource,
  type RunEnd,
} from '#services/page-scheduler.ts';
import { makeHandClock } from './hand-clock.ts';
import { settle } from './oss-twin.ts';

const THROTTLED = fail('oss.throttled', 'Too many requests.', { status: 503, retryable: true }).error;

/** A source with a list for each lane; every request waits until the test ends it. */
function makeSource(name: string, scheduler: PageScheduler, log: string[]) {
  const lists: Record<Lane, string[]> = { view: [], export: [] };
  const ends: ((end: RunEnd) => void)[] = [];
  const source: PageSource = {
    next(lane) {
      const page = lists[lane].shift();
      if (page === undefined) return null;
      return () => {
        log.push(`${name}${page}`);
        return new Promise((resolve) => ends.push(resolve));
      };
    },
  };
  scheduler.add(source);
  return {
    want(lane: Lane, ...pages: (number | string)[]) {
      lists[lane] = pages.map(String);
      scheduler.wake(source, lane);
    },
    async end(count = 1, error: AppError | null = null) {
      for (const end of ends.splice(0, count)) end({ error });
      await settle();
    },
    running: () => ends.length,
  };
}

describe('the page scheduler', () => {
  it('starts pages in the order wanted, four at a time', async () => {
    const log: string[] = [];
    const a = makeSource('a', makePageScheduler(), log);
    a.want('view', 7, 8, 6, 9, 5, 10);
    expect(log).toEqual(['a7', 'a8', 'a6', 'a9']);
    await a.end();
    expect(log.at(-1)).toBe('a5');
    expect(a.running()).toBe(4);
  });
  it('drops what left the list without a trace', async () => {
    const log: string[] = [];
    const a = makeSource('a', makePageScheduler(), log);
    a.want('view', 1, 2, 3, 4, 5, 6, 7);
    a.want('view', 50, 51);
    await a.end(4);
    expect(log).toEqual(['a1', 'a2', 'a3', 'a4', 'a50', 'a51']);
  });
  it('serves pages in view before exports, and the document that spoke last first', async () => {
    const log: string[] = [];
    const scheduler = makePageScheduler({ mostAtOnce: 1 });
    const a = makeSource('a', scheduler, log);
    const b = makeSource('b', scheduler, log);
    a.want('export', 1, 2, 3);
    a.want('view', 10, 11);
    b.want('view', 20);
    for (let turn = 0; turn < 6; turn += 1) {
      await a.end();
      await b.end();
    }
    expect(log).toEqual(['a1', 'b20', 'a10', 'a11', 'a2', 'a3']);
  });
  it('lets exports take turns', async () => {
    const log: string[] = [];
    const scheduler = makePageScheduler({ mostAtOnce: 1 });
    const a = makeSource('a', scheduler, log);
    const b = makeSource('b', scheduler, log);
    a.want('export', 1, 2, 3);
    b.want('export', 1, 2);
    for (let turn = 0; turn < 5; turn += 1) {
      await a.end();
      await b.end();
    }
    expect(log).toEqual(['a1', 'b1', 'a2', 'b2', 'a3']);
  });
  it('halves once for a burst of refusals, waits, and grows back to four', async () => {
    const clock = makeHandClock();
    const log: string[] = [];
    const scheduler = makePageScheduler({ later: clock.later });
    const a = makeSource('a', scheduler, log);
    a.want('view', ...Array.from({ length: 60 }, (_, index) => index + 1));
    await a.end(4, THROTTLED);
    expect(scheduler.atOnce()).toBe(2);
    expect(a.running()).toBe(0);
    clock.pass(1000);
    expect(a.running()).toBe(2);
    await a.end(2, { ...THROTTLED, retryAfterMs: 5000 });
    expect(scheduler.atOnce()).toBe(1);
    clock.pass(4999);
    expect(a.running()).toBe(0);
    clock.pass(1);
    expect(a.running()).toBe(1);
    await a.end(1, { ...THROTTLED, retryAfterMs: 1 });
    clock.pass(199);
    expect(a.running()).toBe(0);
    clock.pass(1);
    expect(a.running()).toBe(1);
    for (let answer = 0; answer < 8; answer += 1) await a.end();
    expect(scheduler.atOnce()).toBe(2);
    for (let answer = 0; answer < 30; answer += 1) await a.end();
    expect(scheduler.atOnce()).toBe(4);
    expect(a.running()).toBe(4);
  });
  it('starts nothing after its end', async () => {
    const log: string[] = [];
    const scheduler = makePageScheduler({ mostAtOnce: 1 });
    const a = makeSource('a', scheduler, log);
    a.want('view', 1, 2);
    scheduler.dispose();
    await a.end();
    expect(log).toEqual(['a1']);
  });
});
