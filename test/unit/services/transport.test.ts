/** One call: retried where that is harmless, ended in time, whole or not at all, and honest about money. */
import { describe, expect, it } from 'vitest';
import { fail, type AppError } from '#contract/errors.ts';
import { SendFailure, type HttpRequest, type HttpResponse, type Send } from '#services/send.ts';
import { makeTransport, type Answer, type Attempt, type Policy } from '#services/transport.ts';
import { makeManualTime, settle, type ManualTime } from './manual-time.ts';

const LIST: Policy = { timeoutMs: 20_000, maxBytes: 1000, isPaid: false };
const PAID: Policy = { timeoutMs: 90_000, maxBytes: 1000, isPaid: true };
const REQUEST: HttpRequest = { method: 'GET', scheme: 'http', host: 'h', target: '/', headers: {} };

type Step = (signal: AbortSignal) => Promise<HttpResponse>;

/** Answers `status` with a body in the given pieces; a piece may be a failure in mid-body. */
function answer(status: number, pieces: (string | Error)[] = ['ok'], headers: Record<string, string> = {}): Step {
  return () =>
    Promise.resolve({
      status,
      headers,
      body: (async function* () {
        for (const piece of pieces) {
          await Promise.resolve();
          if (piece instanceof Error) throw piece;
          yield Buffer.from(piece);
        }
      })(),
    });
}
const broken =
  (reason: SendFailure['reason'], sent: SendFailure['sent']): Step =>
  () =>
    Promise.reject(new SendFailure(reason, sent, `${reason} ${sent}`));
/** Never answers; ends when the signal does. */
const silent: Step = (signal) =>
  new Promise((_, reject) =>
    signal.addEventListener('abort', () => reject(new SendFailure('other', 'maybe', 'aborted'))),
  );
/** Never answers and does not obey the signal either. */
const deaf: Step = () => new Promise(() => undefined);

interface Run {
  time: ManualTime;
  attempts: Attempt[];
  requests: number;
  result: Promise<Awaited<ReturnType<ReturnType<typeof makeTransport>['exchange']>>>;
  abort(): void;
}

function run(policy: Policy, steps: Step[], judge: (answer: Answer) => AppError | null = judgeByStatus): Run {
  const time = makeManualTime(1_000_000);
  const controller = new AbortController();
  const run: Run = {
    time,
    attempts: [],
    requests: 0,
    result: Promise.reject(new Error('not started')),
    abort: () => controller.abort(),
  };
  run.result.catch(() => undefined);
  const send: Send = (_, signal) => {
    const step = steps[run.requests++];
    return step ? step(signal) : Promise.reject(new Error('one request too many'));
  };
  const transport = makeTransport({ send, now: time.now, sleep: time.sleep, random: () => 0.999 });
  const exchange = {
    request: () => REQUEST,
    judge,
    policy,
    onAttempt: (attempt: Attempt) => void run.attempts.push(attempt),
  };
  run.result = transport.exchange(exchange, controller.signal);
  return run;
}

function judgeByStatus({ status }: Answer): AppError | null {
  if (status < 300) return null;
  const isBusy = status >= 500;
  return fail(isBusy ? 'oss.unavailable' : 'oss.badRequest', `HTTP ${status}`, { retryable: isBusy }).error;
}

describe('retry', () => {
  it('answers at once when all is well', async () => {
    const { result, attempts } = run(LIST, [answer(200, ['a', 'b'])]);
    const whole = await result;
    expect(whole.ok && Buffer.from(whole.value.bytes).toString()).toBe('ab');
    expect(attempts).toEqual([{ status: 200, bytes: 2, outcome: 'billable' }]);
  });

  it.each([
    ['a reset', broken('reset', 'maybe')],
    ['a refused connection', broken('refused', 'no')],
    ['a 503', answer(503)],
    ['a body that breaks off', answer(200, ['a', new SendFailure('reset', 'maybe', 'cut')])],
    ['a body shorter than it says', answer(200, ['abc'], { 'content-length': '4' })],
  ])('gets over %s twice, with a growing pause', async (_, step) => {
    const one = run(LIST, [step, step, answer(200)]);
    await settle();
    expect(one.time.asleep()).toEqual([20_000, 199]);
    await one.time.advance(199);
    expect(one.time.asleep()).toEqual([20_000, 399]);
    await one.time.advance(399);
    expect((await one.result).ok).toBe(true);
    expect(one.requests).toBe(3);
    expect(one.time.asleep()).toEqual([]); // the time-out's timer is gone too
  });

  it('gives up after three tries', async () => {
    const one = run(LIST, [answer(500), answer(500), answer(500), answer(200)]);
    await one.time.advance(10_000);
    expect(await one.result).toMatchObject({ ok: false, error: { code: 'oss.unavailable' } });
    expect(one.requests).toBe(3);
  });

  it.each([
    ['a refusal', answer(400), 'oss.badRequest'],
    ['a bad certificate', broken('tls', 'no'), 'net.tls'],
    ['a proxy', broken('proxy', 'no'), 'net.proxy'],
    ['an answer without end', answer(200, ['x'.repeat(600), 'x'.repeat(600)]), 'net.badAnswer'],
  ])('does not try %s again', async (_, step, code) => {
    const one = run(LIST, [step]);
    expect(await one.result).toMatchObject({ ok: false, error: { code } });
    expect(one.requests).toBe(1);
  });

  it('waits as long as the service asks', async () => {
    const busy = fail('oss.throttled', 'slow down', { retryable: true, retryAfterMs: 3000 }).error;
    const one = run(LIST, [answer(503), answer(200)], ({ status }) => (status === 503 ? busy : null));
    await settle();
    expect(one.time.asleep()).toEqual([20_000, 3000]);
    await one.time.advance(3000);
    expect((await one.result).ok).toBe(true);
  });

  it('does not wait beyond its time', async () => {
    const busy = fail('oss.throttled', 'slow down', { retryable: true, retryAfterMs: 30_000 }).error;
    const one = run(LIST, [answer(503)], () => busy);
    expect(await one.result).toMatchObject({ ok: false, error: { code: 'oss.throttled' } });
  });

  it('caps the body of a refusal, and still says that it was one', async () => {
    const one = run(LIST, [answer(400, ['x'.repeat(300_000)])]);
    expect(await one.result).toMatchObject({ ok: false, error: { code: 'net.badAnswer', status: 400 } });
    expect(one.attempts[0]?.outcome).toBe('free');
  });
});

describe('time and cancelling', () => {
  it.each([
    ['obeys', silent],
    ['does not obey', deaf],
  ])('ends in time over a sender that %s', async (_, step) => {
    const one = run(LIST, [step]);
    await one.time.advance(19_999);
    expect(one.attempts).toEqual([]);
    await one.time.advance(1);
    expect(await one.result).toMatchObject({
      ok: false,
      error: { code: 'net.timeout', retryable: true, charged: 'no' },
    });
    expect(one.requests).toBe(1);
  });

  it('counts all tries against one time', async () => {
    const slow: Step = (signal) =>
      new Promise((_, reject) =>
        signal.addEventListener('abort', () => reject(new SendFailure('other', 'maybe', 'x'))),
      );
    const one = run(LIST, [answer(500), slow]);
    await one.time.advance(20_000);
    expect(await one.result).toMatchObject({ ok: false, error: { code: 'net.timeout' } });
  });

  it.each([
    ['obeys', silent],
    ['does not obey', deaf],
  ])('cancels at once over a sender that %s', async (_, step) => {
    const one = run(LIST, [step]);
    await settle();
    one.abort();
    expect(await one.result).toMatchObject({ ok: false, error: { code: 'cancelled', charged: 'no' } });
    expect(one.time.asleep()).toEqual([]);
  });

  it('cancels while it waits to try again', async () => {
    const one = run(LIST, [answer(500)]);
    await settle();
    one.abort();
    expect(await one.result).toMatchObject({ ok: false, error: { code: 'cancelled' } });
  });

  it('sends nothing when it was cancelled before', async () => {
    const time = makeManualTime(0);
    const send: Send = () => Promise.reject(new Error('sent'));
    const transport = makeTransport({ send, now: time.now, sleep: time.sleep, random: () => 0 });
    const attempts: Attempt[] = [];
    const exchange = {
      request: () => REQUEST,
      judge: () => null,
      policy: PAID,
      onAttempt: (a: Attempt) => void attempts.push(a),
    };
    const result = await transport.exchange(exchange, AbortSignal.abort());
    expect(result).toMatchObject({ ok: false, error: { code: 'cancelled', charged: 'no' } });
    expect(attempts).toEqual([]);
  });
});

describe('paid requests', () => {
  it.each([
    ['a 5xx answer', answer(503), 'free'],
    ['nothing sent', broken('offline', 'no'), 'free'],
    ['a 5xx answer that breaks off', answer(500, [new SendFailure('reset', 'maybe', 'cut')]), 'free'],
  ])('are tried again after %s', async (_, step, outcome) => {
    const one = run(PAID, [step, answer(200)]);
    await one.time.advance(1000);
    expect((await one.result).ok).toBe(true);
    expect(one.attempts.map((attempt) => attempt.outcome)).toEqual([outcome, 'billable']);
  });

  it.each([
    ['a reset on the way', broken('reset', 'maybe'), 'broken'],
    ['a body that breaks off', answer(200, ['a', new SendFailure('reset', 'maybe', 'cut')]), 'broken'],
    ['a body shorter than it says', answer(200, ['a'], { 'content-length': '2' }), 'broken'],
    ['a body without end', answer(200, ['x'.repeat(2000)]), 'broken'],
  ])('are never tried again after %s', async (_, step, reason) => {
    const one = run(PAID, [step, answer(200)]);
    const result = await one.result;
    expect(result).toMatchObject({
      ok: false,
      error: { code: 'snapshot.unclear', charged: 'unclear', retryable: false, detail: { reason } },
    });
    expect(one.requests).toBe(1);
    expect(one.attempts.map((attempt) => attempt.outcome)).toEqual(['unclear']);
  });

  it('are not tried again after a refusal, whatever it says', async () => {
    const busy = fail('oss.throttled', 'slow down', { retryable: true }).error;
    const one = run(PAID, [answer(429)], () => busy);
    expect(await one.result).toMatchObject({ ok: false, error: { code: 'oss.throttled', charged: 'no' } });
  });

  it('leave it to their line when to ask a service again that is too busy', async () => {
    const busy = fail('oss.throttled', 'slow down', { retryable: true, retryAfterMs: 300 }).error;
    const one = run(PAID, [answer(503), answer(200)], ({ status }) => (status === 503 ? busy : null));
    expect(await one.result).toEqual({ ok: false, error: busy });
    expect(one.requests).toBe(1);
  });

  it('are unclear after a time-out or when cancelled on the wire', async () => {
    const late = run(PAID, [silent]);
    await late.time.advance(90_000);
    expect(await late.result).toMatchObject({
      error: { code: 'snapshot.unclear', charged: 'unclear', detail: { reason: 'timeout' } },
    });
    const stopped = run(PAID, [silent]);
    await settle();
    stopped.abort();
    expect(await stopped.result).toMatchObject({ error: { code: 'cancelled', charged: 'unclear' } });
    expect(stopped.attempts.map((attempt) => attempt.outcome)).toEqual(['unclear']);
  });

  it('count as unclear when the judge cannot accept a whole answer', async () => {
    const odd = fail('snapshot.notAnImage', 'odd', { charged: 'unclear' }).error;
    const one = run(PAID, [answer(200)], () => odd);
    expect(await one.result).toEqual({ ok: false, error: odd });
    expect(one.attempts).toEqual([{ status: 200, bytes: 2, outcome: 'unclear' }]);
  });
});

describe('bodies', () => {
  it('does not compare lengths where they cannot agree', async () => {
    const zipped = run(LIST, [answer(200, ['abc'], { 'content-length': '2', 'content-encoding': 'gzip' })]);
    expect((await zipped.result).ok).toBe(true);
  });
});
