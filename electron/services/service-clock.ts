/** The service's clock as learnt from its answers: signatures are refused when ours is 15 minutes off. */

/** What an answer tells about time. */
export interface TimedAnswer {
  headers: Readonly<Record<string, string>>;
  /** Our clock when the request went out and when the head came in, ms. */
  sentAtMs: number;
  headAtMs: number;
}

export interface ServiceClock {
  /** The service's time, ms since 1970, as well as we know it. */
  nowMs(): number;
  /** Service clock minus ours as last learnt, ms; null while unknown. */
  skewMs(): number | null;
  /** Learns from any answer of the service; a difference under 30 s is none, so that signing does not flicker. */
  learn(answer: TimedAnswer): void;
  /**
   * Learns from a refusal for the clock, however small the difference looks. `serverTime`: what the refusal's body says
   * the time is; it counts more than the Date header, which somebody in between may have written: where the two disagree,
   * the header is not listened to until a refusal says that they agree.
   */
  correct(answer: TimedAnswer, serverTime?: string): void;
}

const TOLERATED_MS = 30_000;
/** Signature V4 is younger than the one, and what is beyond the other is no clock. */
const EARLIEST_MS = Date.UTC(2015, 0);
const LATEST_MS = Date.UTC(2100, 0);

/** Makes a clock on top of ours. Only answers with OSS's request id count: a portal's clock is nobody's business. */
export function makeServiceClock(now: () => number): ServiceClock {
  let skew: number | null = null;
  let offset = 0;
  /** False once a refusal has told another time than the Date header beside it. */
  let isDateHonest = true;

  /** How far the service's time lies outside the span in which it was written; null when the answer does not say. */
  function measure({ headers, sentAtMs, headAtMs }: TimedAnswer, time = headers['date'] ?? ''): number | null {
    const date = Date.parse(time);
    const isSane = date > EARLIEST_MS && date < LATEST_MS;
    if (!isSane || headers['x-oss-request-id'] === undefined) return null;
    if (date + 999 < sentAtMs) return date - sentAtMs; // Date is cut to the second
    return date > headAtMs ? date - headAtMs : 0;
  }

  return {
    nowMs: () => now() + offset,
    skewMs: () => skew,
    learn(answer) {
      const measured = isDateHonest ? measure(answer) : null;
      if (measured === null) return;
      skew = measured;
      offset = Math.abs(measured) > TOLERATED_MS ? measured : 0;
    },
    correct(answer, serverTime = '') {
      const [told, dated] = [measure(answer, serverTime), measure(answer)];
      if (told !== null && dated !== null) isDateHonest = Math.abs(told - dated) <= TOLERATED_MS;
      const measured = told ?? dated;
      if (measured !== null) skew = offset = measured;
    },
  };
}
