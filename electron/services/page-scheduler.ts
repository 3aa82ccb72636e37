/**
 * Which page is asked of the service next, and how many at a time: one scheduler for each account. It keeps no queue of
 * its own: whenever a place is free it asks its sources what they want most now, so a page that is no longer wanted
 * has nothing to be removed from.
 */
import type { AppError } from '#contract/errors.ts';
import { afterTimeout, type Later } from './pace.ts';

/** Pages in view go before pages of an export. */
export type Lane = 'view' | 'export';

/** How one request ended, as far as the scheduler cares. */
export type RunEnd = { error: AppError | null };

/** Somebody who wants pages. */
export interface PageSource {
  /** The work wanted most now in this lane, or null. Whoever is asked must be ready to start it: it is run at once. */
  next(lane: Lane): (() => Promise<RunEnd>) | null;
}

export interface PageScheduler {
  /** Adds a source, for the rest of the run: one that wants nothing costs a question. */
  add(source: PageSource): void;
  /** This source wants something new in this lane. In view, the source that spoke last is served first. */
  wake(source: PageSource, lane: Lane): void;
  /** How many may run at once now. */
  atOnce(): number;
  /** Why nothing is started at all: the account's token has ended, or its budget is used up. Null: it works. */
  held(): AppError | null;
  /** What held everything up is mended, or what is wanted may be tried anew. */
  goOn(): void;
  /** What may be asked has changed: the budget was raised. */
  lookAgain(): void;
  /** Starts nothing more. */
  dispose(): void;
}

/** Requests at a time when the service keeps up. OSS documents 5 a second for document processing in most regions. */
const START_AT_ONCE = 4;
/** So many good answers in a row bring one place back. */
const GOOD_ANSWERS_PER_PLACE = 8;
/** How long nothing new starts after "too many requests" without a word on how long to wait. */
const PAUSE_MS = 1000;
/** At least so long, whatever the service says: a page is asked again only so many times. */
const LEAST_PAUSE_MS = 200;

/**
 * Starts a scheduler without sources. It runs at most `mostAtOnce` (4) requests, halves that on `oss.throttled`, waits
 * as long as the service asked, and takes one place back for every 8 good answers. On `oss.tokenExpired` it starts
 * nothing more until `goOn`: every other page would meet the same refusal; and nothing while `refusal` names a reason.
 * `onHold` hears when it is held up, and when no more.
 */
export function makePageScheduler(
  options: {
    mostAtOnce?: number;
    later?: Later;
    onHold?: () => void;
    /** Why no further request may be sent while so many are on the wire; null: one more may. */
    refusal?: (running: number) => AppError | null;
  } = {},
): PageScheduler {
  const most = options.mostAtOnce ?? START_AT_ONCE;
  const later = options.later ?? afterTimeout;
  /** In view the one that spoke last is first; exports take turns. */
  const order: Record<Lane, PageSource[]> = { view: [], export: [] };
  let places = most;
  let running = 0;
  let goodAnswers = 0;
  let endPause: (() => void) | null = null;
  let held: AppError | null = null;
  /** How often it went on: a request from before the last time says nothing about the token of now. */
  let era = 0;
  let isOver = false;
  let isRefused = false;

  const without = (sources: PageSource[], one: PageSource): PageSource[] => sources.filter((source) => source !== one);
  const take = (): (() => Promise<RunEnd>) | null => {
    for (const lane of ['view', 'export'] as const) {
      for (const source of order[lane]) {
        const run = source.next(lane);
        if (!run) continue;
        if (lane === 'export') order.export = [...without(order.export, source), source];
        return run;
      }
    }
    return null;
  };
  const settle = ({ error }: RunEnd, begunIn: number): void => {
    running -= 1;
    if (error?.code === 'oss.tokenExpired') {
      if (held === null && begunIn === era) {
        held = error;
        options.onHold?.();
      }
    } else if (error?.code === 'oss.throttled') {
      goodAnswers = 0;
      // Answers of one burst come together: only the first of them halves.
      if (!endPause) {
        places = Math.max(1, Math.floor(places / 2));
        endPause = later(
          () => {
            endPause = null;
            start();
          },
          Math.max(LEAST_PAUSE_MS, error.retryAfterMs ?? PAUSE_MS),
        );
      }
    } else if (!error) {
      goodAnswers += 1;
      if (goodAnswers >= GOOD_ANSWERS_PER_PLACE && places < most) {
        goodAnswers = 0;
        places += 1;
      }
    }
    start();
  };
  const refusal = (): AppError | null => options.refusal?.(running) ?? null;
  const start = (): void => {
    while (!isOver && !endPause && !held && !refusal() && running < places) {
      const run = take();
      if (!run) break;
      running += 1;
      const begunIn = era;
      // Who waited for it hears first, and may want no other any more.
      void run().then((end) => setImmediate(() => settle(end, begunIn)));
    }
    const isRefusedNow = refusal() !== null;
    if (isRefusedNow === isRefused) return;
    isRefused = isRefusedNow;
    options.onHold?.();
  };

  return {
    add(source) {
      order.view = [source, ...order.view];
      order.export = [...order.export, source];
    },
    wake(source, lane) {
      if (lane === 'view') order.view = [source, ...without(order.view, source)];
      start();
    },
    atOnce: () => places,
    held: () => held ?? refusal(),
    lookAgain: start,
    goOn() {
      era += 1;
      if (held !== null) {
        held = null;
        options.onHold?.();
      }
      start();
    },
    dispose() {
      isOver = true;
      endPause?.();
      endPause = null;
    },
  };
}
