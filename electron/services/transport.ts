/**
 * One call to the service, made to succeed or to fail in words: overall time-out, size cap, whole-body proof, and retry
 * where it is harmless. A page picture costs money, so for it "harmless" means: the service answered 5xx, or nothing was
 * sent. A page that the service was too busy for is not tried again here: it goes back into its line, where the others
 * that would meet the same answer wait too.
 */
import { fail, ok, type AppError, type ErrorCode, type Result } from '#contract/errors.ts';
import { SendFailure, type HttpRequest, type HttpResponse, type Send, type SendProblem } from './send.ts';

/** A whole answer. */
export interface Answer {
  status: number;
  /** Lower-case names. */
  headers: Readonly<Record<string, string>>;
  /** The whole body; empty for a HEAD. */
  bytes: Uint8Array<ArrayBuffer>;
  /** Our clock when the request went out and when the head came in, ms. */
  sentAtMs: number;
  headAtMs: number;
}

/** One try and how it ended, for the ledger. */
export interface Attempt {
  /** Null when no status line came. */
  status: number | null;
  /** Bytes of the body that came. */
  bytes: number;
  /** `unclear`: the service may have done the work, but no whole answer came. */
  outcome: 'billable' | 'free' | 'unclear';
}

export interface Policy {
  /** For all tries together. */
  timeoutMs: number;
  /** Of a 2xx body; a refusal's body is capped at 256 kB. */
  maxBytes: number;
  /** True for page pictures: every answered request is paid. */
  isPaid: boolean;
  /** Tries at most; three unless said otherwise. */
  tries?: number;
}

export interface Exchange {
  /** Called for every try, because a signature carries the time. */
  request(): HttpRequest;
  /** Names the failure in a whole answer; null when it is the success asked for. */
  judge(answer: Answer): AppError | null;
  policy: Policy;
  /** Told about every try that may have reached the service or failed to. */
  onAttempt(attempt: Attempt): void;
}

export interface TransportOptions {
  send: Send;
  now(): number;
  /** Resolves after `ms`; rejects when the signal aborts. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /** 0 to 1, 1 excluded. */
  random(): number;
}

export interface Transport {
  /** Errors: `net.*`, what `judge` names, `snapshot.unclear` for paid requests, `cancelled`. Never throws. */
  exchange(exchange: Exchange, signal: AbortSignal): Promise<Result<Answer>>;
}

const TRIES = 3;
const FIRST_BACKOFF_MS = 200;
const LONGEST_BACKOFF_MS = 20_000;
const MAX_REFUSAL_BYTES = 256 * 1024;

/** How one try ended: in a whole answer that was asked for, in one that was not, or broken off. */
type Try =
  | { kind: 'good'; answer: Answer }
  | { kind: 'refused'; status: number; error: AppError }
  /** `sent`: whether the service may have done the work. */
  | { kind: 'broken'; error: AppError; sent: 'no' | 'maybe' };

/** Makes a transport over a sender. Time, chance and network come in from outside. */
export function makeTransport({ send, now, sleep, random }: TransportOptions): Transport {
  /** One try: sends, reads the body to its end, proves that it is whole, and has it judged. */
  async function attempt(exchange: Exchange, signal: AbortSignal): Promise<Try> {
    const { policy, onAttempt } = exchange;
    const request = exchange.request();
    const sentAtMs = now();
    let status: number | null = null;
    let received = 0;
    try {
      const response = await orAbort(send(request, signal), signal);
      status = response.status;
      const headAtMs = now();
      const cap = isSuccess(status) ? policy.maxBytes : MAX_REFUSAL_BYTES;
      const bytes = await orAbort(
        readBody(response, request.method, cap, (count) => (received = count)),
        signal,
      );
      const answer = { status, headers: response.headers, bytes, sentAtMs, headAtMs };
      const error = exchange.judge(answer);
      const outcome = !isSuccess(status) ? 'free' : error?.charged === 'unclear' ? 'unclear' : 'billable';
      onAttempt({ status, bytes: received, outcome });
      return error ? { kind: 'refused', status, error } : { kind: 'good', answer };
    } catch (cause) {
      // A refusal is free even if its body broke off: the status line has said it.
      const isFree = status === null ? cause instanceof SendFailure && cause.sent === 'no' : !isSuccess(status);
      onAttempt({ status, bytes: received, outcome: isFree ? 'free' : 'unclear' });
      return { kind: 'broken', error: toError(cause, status), sent: isFree ? 'no' : 'maybe' };
    }
  }

  /** Waits before the next try: full jitter from 200 ms, at least what the service asked. False: the time is over. */
  async function pause(tries: number, error: AppError, endsAtMs: number, until: AbortSignal): Promise<boolean> {
    const ceilingMs = Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** (tries - 1));
    const waitMs = Math.max(error.retryAfterMs ?? 0, Math.floor(random() * ceilingMs));
    if (now() + waitMs >= endsAtMs) return false;
    return sleep(waitMs, until).then(
      () => true,
      () => false,
    );
  }

  return {
    async exchange(exchange, signal) {
      const { policy } = exchange;
      if (signal.aborted) return fail('cancelled', 'Cancelled before anything was sent.');
      const endsAtMs = now() + policy.timeoutMs;
      const deadline = makeDeadline(policy.timeoutMs, sleep, signal);
      try {
        for (let tries = 1; ; tries += 1) {
          const end = await attempt(exchange, deadline.signal);
          if (end.kind === 'good') return ok(end.answer);
          const error = end.kind === 'broken' ? nameBroken(end, policy, deadline, signal) : end.error;
          const isHarmless = !policy.isPaid || end.kind === 'broken' || end.status >= 500;
          const hasLine = policy.isPaid && error.code === 'oss.throttled';
          const mayRetry =
            error.retryable && isHarmless && !hasLine && tries < (policy.tries ?? TRIES) && !deadline.signal.aborted;
          if (!mayRetry) return { ok: false, error };
          if (!(await pause(tries, error, endsAtMs, deadline.signal))) {
            return signal.aborted ? fail('cancelled', 'Cancelled before the next try.') : { ok: false, error };
          }
        }
      } finally {
        deadline.clear();
      }
    },
  };
}

/** Waits for work, but not longer than the signal lets: a sender that does not obey it must not hold up anybody. */
async function orAbort<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let stop = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(new SendFailure('other', 'maybe', 'aborted'));
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
    work.catch(() => undefined); // the loser of the race may still fail
    aborted.catch(() => undefined);
  }
}

/** The failure to answer with: whose fault the end was, and what it may have cost. */
function nameBroken(
  broken: Extract<Try, { kind: 'broken' }>,
  policy: Policy,
  deadline: Deadline,
  signal: AbortSignal,
): AppError {
  const { error, sent } = broken;
  const isUnclear = policy.isPaid && sent === 'maybe';
  const charged = isUnclear ? 'unclear' : 'no';
  if (signal.aborted) return { code: 'cancelled', message: 'Cancelled.', retryable: false, charged };
  const message = deadline.isOver() ? `No whole answer within ${policy.timeoutMs / 1000} s.` : error.message;
  if (isUnclear) {
    const reason = deadline.isOver() ? 'timeout' : 'broken';
    return { ...error, code: 'snapshot.unclear', message, retryable: false, charged, detail: { reason } };
  }
  return deadline.isOver() ? { ...error, code: 'net.timeout', message, retryable: true } : error;
}

interface Deadline {
  /** Aborts when the time is over or the caller aborts. */
  signal: AbortSignal;
  isOver(): boolean;
  clear(): void;
}

/** Joins the caller's signal and a time-out. (AbortSignal.any is not there on the fallback runtime's Node 18.) */
function makeDeadline(timeoutMs: number, sleep: TransportOptions['sleep'], signal: AbortSignal): Deadline {
  const both = new AbortController();
  const timer = new AbortController();
  let isOver = false;
  const onAbort = (): void => both.abort(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  sleep(timeoutMs, timer.signal).then(
    () => {
      isOver = true;
      both.abort(new Error('time-out'));
    },
    () => undefined, // cleared
  );
  return {
    signal: both.signal,
    isOver: () => isOver,
    clear() {
      signal.removeEventListener('abort', onAbort);
      timer.abort();
    },
  };
}

/** The answer came, but is longer than any honest one or shorter than it says. */
class BadBody extends Error {}

async function readBody(
  response: HttpResponse,
  method: HttpRequest['method'],
  maxBytes: number,
  onCount: (bytes: number) => void,
): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let count = 0;
  for await (const chunk of response.body) {
    count += chunk.byteLength;
    onCount(count);
    if (count > maxBytes) throw new BadBody(`The answer is longer than ${maxBytes} bytes.`);
    chunks.push(chunk);
  }
  const declared = response.headers['content-length'];
  const isComparable = method === 'GET' && declared !== undefined && !response.headers['content-encoding'];
  if (isComparable && Number(declared) !== count) {
    throw new SendFailure('reset', 'maybe', `The answer broke off after ${count} of ${declared} bytes.`);
  }
  const whole = new Uint8Array(count);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.byteLength;
  }
  return whole;
}

const REASONS: Readonly<Record<SendProblem, ErrorCode>> = {
  offline: 'net.offline',
  refused: 'net.refused',
  reset: 'net.reset',
  tls: 'net.tls',
  proxy: 'net.proxy',
  proxyAuth: 'net.proxyAuth',
  proxyRefused: 'net.proxyRefused',
  proxyUnreachable: 'net.proxyUnreachable',
  pacUnreadable: 'net.pacUnreadable',
  timeout: 'net.timeout',
  other: 'net.badAnswer',
};
/** A second try right away can help against these; a certificate or a proxy's page stays what it is. */
const PASSING: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'net.offline',
  'net.refused',
  'net.reset',
  'net.timeout',
  'net.proxyUnreachable',
]);

/** What is no SendFailure is a sender's own mistake and counts as a broken connection. */
export function toError(cause: unknown, status: number | null): AppError {
  const message = cause instanceof Error ? cause.message : String(cause);
  const reason = cause instanceof SendFailure ? REASONS[cause.reason] : null;
  const isBusy = status !== null && status >= 500;
  const code = isBusy ? 'oss.unavailable' : (reason ?? (cause instanceof BadBody ? 'net.badAnswer' : 'net.reset'));
  const error: AppError = { code, message, retryable: isBusy || PASSING.has(code), charged: 'no' };
  if (cause instanceof SendFailure && cause.detail) error.detail = { ...cause.detail };
  return status === null ? error : { ...error, status };
}

function isSuccess(status: number): boolean {
  return status >= 200 && status < 300;
}
