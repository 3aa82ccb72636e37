import { describe, expect, it } from 'vitest';
import { makeServiceClock } from '#services/service-clock.ts';

const NOW_MS = Date.UTC(2026, 0, 15, 8, 30);
const HOUR_MS = 3_600_000;
const answer = (date: string, isOss = true) => ({
  headers: { date, ...(isOss && { 'x-oss-request-id': 'R1' }) },
  sentAtMs: NOW_MS,
  headAtMs: NOW_MS,
});
const toDate = (ms: number): string => new Date(ms).toUTCString();

describe('the service clock', () => {
  it.each([HOUR_MS, -HOUR_MS, 20 * 60_000, 10 * 365 * 24 * HOUR_MS])('is off by %i ms', (offMs) => {
    const clock = makeServiceClock(() => NOW_MS);
    clock.learn(answer(toDate(NOW_MS + offMs)));
    expect(Math.abs(clock.nowMs() - NOW_MS - offMs)).toBeLessThanOrEqual(1000);
    expect(Math.abs((clock.skewMs() ?? 0) - offMs)).toBeLessThanOrEqual(1000);
  });

  it('believes the time in a refusal before the one in its head', () => {
    const clock = makeServiceClock(() => NOW_MS);
    clock.correct(answer('Thu, 01 Jan 1970 00:00:00 GMT'), new Date(NOW_MS + HOUR_MS).toISOString());
    expect(clock.nowMs()).toBe(NOW_MS + HOUR_MS);
  });

  it('does not listen any more to a Date that a refusal has shown to be wrong', () => {
    const clock = makeServiceClock(() => NOW_MS);
    const wrong = answer(toDate(NOW_MS + 24 * HOUR_MS));
    clock.learn(wrong);
    clock.correct(wrong, new Date(NOW_MS + HOUR_MS).toISOString());
    clock.learn(wrong);
    expect([clock.nowMs(), clock.skewMs()]).toEqual([NOW_MS + HOUR_MS, HOUR_MS]);
  });

  it.each(['Thu, 01 Jan 1970 00:00:00 GMT', 'Fri, 01 Jan 2150 00:00:00 GMT', 'soon', ''])(
    'does not believe %j',
    (date) => {
      const clock = makeServiceClock(() => NOW_MS);
      clock.learn(answer(date));
      clock.correct(answer(date), date);
      expect([clock.nowMs(), clock.skewMs()]).toEqual([NOW_MS, null]);
    },
  );

  it('learns nothing from somebody else', () => {
    const clock = makeServiceClock(() => NOW_MS);
    clock.learn(answer(toDate(NOW_MS + HOUR_MS), false));
    expect(clock.nowMs()).toBe(NOW_MS);
  });
});
