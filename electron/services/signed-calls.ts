/**
 * The machinery under every call to OSS: addressed to where its bucket is, signed by the service's clock, sent, judged, and
 * sent again at most once for each thing that a refusal taught (the clock, the bucket's endpoint, the end of a token that
 * renews itself).
 */
import type { Target } from '#contract/contract.ts';
import { ok, type AppError, type ErrorCode, type Result } from '#contract/errors.ts';
import { canonicalQuery, isUnsendable, type Query, type Resource } from '#oss/canonical.ts';
import type { Credentials } from '#oss/credentials.ts';
import { readLocation } from '#oss/buckets.ts';
import { addressOf, regionOfHost, type Endpoint } from '#oss/endpoint.ts';
import { readFailure, readUnusable, type Asked, type RequestKind } from '#oss/failure.ts';
import { signHeaders, signedText } from '#oss/sign-v4.ts';
import { makeBucketRoutes, type BucketPlace, type BucketRoutes, type BucketRoutesOptions } from './bucket-routes.ts';
import type { CredentialSource } from './credential-source.ts';
import type { HttpRequest, Send } from './send.ts';
import { makeServiceClock, type ServiceClock } from './service-clock.ts';
import { makeTransport, type Answer, type Attempt, type Policy } from './transport.ts';

/** One request as it went over the wire (each try is one), for the ledger. */
export interface RequestReport extends Attempt {
  kind: RequestKind;
  /** Empty for calls without a bucket. */
  bucket: string;
  /** Not for lists. */
  key?: string;
  /** Snapshots only. */
  pageNumber?: number;
  target?: Target;
  /** Where it went, with the bucket in front where that is so. */
  host: string;
  /** What a HEAD, answered well, says of the object. */
  object?: { storageClass: string; sizeBytes: number };
}

/** What a client needs from outside; network, time and chance included. */
export interface SignedCallsOptions extends BucketRoutesOptions {
  /** The account's endpoint, from `readEndpoint` or `regionEndpoint`; its region signs until a bucket's own is known. */
  endpoint: Endpoint;
  credentials: CredentialSource;
  send: Send;
  /** Sends the path byte for byte: for keys that Chromium's stack does not send as they are. */
  rawSend: Send;
  now(): number;
  /** Resolves after `ms`; rejects when the signal aborts. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /** 0 to 1, 1 excluded. */
  random(): number;
  onRequest?(report: RequestReport): void;
  /** A bucket proved to be elsewhere than thought, and is reached there now. */
  onMoved?(bucket: string, place: BucketPlace): void;
  /** Our clock is off by this much, ms in whole minutes (the service's minus ours), and is corrected in here. */
  onSkew?(skewMs: number): void;
}

/** One request before it is addressed and signed. */
export interface Call extends Resource {
  kind: RequestKind;
  method: HttpRequest['method'];
  query: Query;
  policy: Policy;
  pageNumber: number | null;
  target: Target | null;
  /** Further headers; none of them is signed. */
  headers?: Readonly<Record<string, string>>;
  /** Names a failure in an answer with a status of success; null when it is good. */
  check?(answer: Answer): AppError | null;
}

export interface SignedCalls {
  /** Makes one call and reads its answer; what `reader` cannot read is `net.proxy` or `net.badAnswer`. Never throws. */
  read<T>(call: Call, signal: AbortSignal, reader: (answer: Answer) => T | null): Promise<Result<T>>;
  /** The service's clock as the calls have learnt it. */
  clock: ServiceClock;
  /** Where buckets are, as the calls have learnt it. */
  routes: BucketRoutes;
}

/** A clock that is less off than this is nobody's worry. */
const LEAST_TOLD_MINUTES = 2;

/** Refusals that say: not here. */
const PLACE_REFUSED: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['oss.wrongEndpoint', 'oss.wrongRegion']);

/** Makes the calls of one account. */
export function makeSignedCalls(options: SignedCallsOptions): SignedCalls {
  const { endpoint, credentials, onRequest } = options;
  const transport = makeTransport(options);
  const rawTransport = makeTransport({ ...options, send: options.rawSend });
  const clock = makeServiceClock(options.now);
  const routes = makeBucketRoutes(endpoint, options);

  /** Tells of a clock that is off once, and again only when it is off by another minute. */
  let toldMinutes = 0;
  function tellSkew(): void {
    const minutes = Math.round((clock.skewMs() ?? 0) / 60_000);
    if (minutes === toldMinutes || Math.abs(minutes) < LEAST_TOLD_MINUTES) return;
    toldMinutes = minutes;
    options.onSkew?.(minutes * 60_000);
  }

  /** Sends a call to where its bucket is, and again at most once for each thing that the refusal taught. */
  async function perform(call: Call, signal: AbortSignal): Promise<Result<Answer>> {
    let mayCorrectClock = true;
    let mayRedirect = true;
    let mayRenew = true;
    /** The refusal that taught another place, and the way back to the one before. */
    let moved: { refusal: Result<Answer>; undo(): void } | null = null;
    for (;;) {
      const account = await credentials.get(clock.nowMs(), signal);
      if (!account.ok) return account;
      const result = await exchange(call, account.value, signal);
      if (result.ok) {
        if (call.bucket !== null) {
          routes.prove(call.bucket);
          if (moved) options.onMoved?.(call.bucket, routes.placeOf(call.bucket));
        }
        return result;
      }
      const { error } = result;
      if (error.code === 'oss.clockSkewed' && mayCorrectClock) {
        mayCorrectClock = false;
        continue;
      }
      if (mayRedirect && call.bucket !== null) {
        const undo = routes.mark(call.bucket);
        if (await hasLearntWay(error, call.bucket, account.value, signal)) {
          mayRedirect = false;
          moved = { refusal: result, undo };
          continue;
        }
      }
      if (moved && PLACE_REFUSED.has(error.code)) {
        // The place that was named is none for us either: the first refusal tells more.
        moved.undo();
        return moved.refusal;
      }
      if (error.code === 'oss.tokenExpired') {
        const isRenewed = credentials.reportEnded(account.value);
        if (isRenewed && mayRenew) {
          mayRenew = false;
          continue;
        }
      }
      return result;
    }
  }

  /** Whether a refusal for the place taught another one: by the endpoint it names, or by asking where the bucket is. */
  async function hasLearntWay(
    error: AppError,
    bucket: string,
    account: Credentials,
    signal: AbortSignal,
  ): Promise<boolean> {
    if (error.code === 'oss.wrongEndpoint') return routes.redirect(bucket, String(error.detail?.['endpoint'] ?? ''));
    const at = error.code === 'oss.wrongRegion' ? routes.forLocation(bucket) : null;
    if (at === null) return false;
    const located = await exchange(locationCall(bucket), account, signal, at);
    const region = located.ok ? readLocation(toText(located.value.bytes)) : null;
    if (region !== null) return routes.learn(bucket, region);
    // A bucket of another region is refused there, and the refusal says where it is.
    const named = located.ok ? undefined : located.error.detail?.['endpoint'];
    return named !== undefined && routes.learn(bucket, regionOfHost(String(named)) ?? '');
  }

  function exchange(
    call: Call,
    account: Credentials,
    signal: AbortSignal,
    at: Endpoint = call.bucket === null ? routes.service() : routes.of(call.bucket),
  ): Promise<Result<Answer>> {
    const { host, path } = addressOf(at, call);
    const { kind, bucket, key, pageNumber } = call;
    const asked: Asked = { kind, bucket, key, pageNumber, host };
    const search = canonicalQuery(call.query);

    const signable = { ...call, headers: call.headers ?? {} };
    let signed: Record<string, string> = {};
    let object: RequestReport['object'];
    const request = (): HttpRequest => ({
      method: call.method,
      scheme: at.scheme,
      host,
      target: search === '' ? path : `${path}?${search}`,
      headers: (signed = signHeaders(signable, account, { region: at.region, timeMs: clock.nowMs() })),
    });
    const judge = (answer: Answer): AppError | null => {
      clock.learn(answer);
      tellSkew();
      if (kind === 'head' && answer.status === 200) object = readObjectFacts(answer);
      if (answer.status === 200 || answer.status === 206) return call.check?.(answer) ?? null;
      const refusal = { status: answer.status, headers: answer.headers, body: toText(answer.bytes) };
      const error = readFailure(refusal, asked);
      if (error.code === 'oss.signatureMismatch') {
        // Beside the service's own reading, which the refusal brings along: what differs tells what went wrong.
        return { ...error, detail: { ...error.detail, ...signedText(signable, signed, at.region) } };
      }
      if (error.code === 'oss.clockSkewed') clock.correct(answer, String(error.detail?.['serverTime'] ?? ''));
      tellSkew();
      return error.code === 'oss.clockSkewed' ? withSkew(error, clock.skewMs()) : error;
    };
    const onAttempt = (attempt: Attempt): void =>
      onRequest?.({ ...toReport(call, attempt), host, ...(object && { object }) });
    const way = key !== null && isUnsendable(key) ? rawTransport : transport;
    return way.exchange({ request, judge, policy: call.policy, onAttempt }, signal);
  }

  async function read<T>(call: Call, signal: AbortSignal, reader: (answer: Answer) => T | null): Promise<Result<T>> {
    const result = await perform(call, signal);
    if (!result.ok) return result;
    const value = reader(result.value);
    if (value !== null) return ok(value);
    const { status, headers, bytes } = result.value;
    const asked: Asked = { ...call, host: endpoint.host };
    return { ok: false, error: readUnusable({ status, headers, body: toText(bytes) }, asked) };
  }

  return { read, clock, routes };
}

/** GetBucketLocation: a bucket's region. */
export function locationCall(bucket: string): Call {
  const policy = { timeoutMs: 20_000, maxBytes: 256 * 1024, isPaid: false };
  const nothing = { key: null, pageNumber: null, target: null };
  return { kind: 'location', method: 'GET', bucket, ...nothing, query: { location: '' }, policy };
}

/** A body as UTF-8; what is none becomes replacement characters and then fails to be XML. */
export function toText(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

function readObjectFacts({ headers }: Answer): RequestReport['object'] {
  const sizeBytes = Number(headers['content-length']);
  if (!Number.isSafeInteger(sizeBytes) || sizeBytes < 0) return undefined;
  return { storageClass: headers['x-oss-storage-class'] ?? 'Standard', sizeBytes };
}

function toReport(call: Call, attempt: Attempt): Omit<RequestReport, 'host'> {
  return {
    ...attempt,
    kind: call.kind,
    bucket: call.bucket ?? '',
    ...(call.key === null ? {} : { key: call.key }),
    ...(call.pageNumber === null ? {} : { pageNumber: call.pageNumber }),
    ...(call.target === null ? {} : { target: call.target }),
  };
}

function withSkew(error: AppError, skewMs: number | null): AppError {
  return skewMs === null ? error : { ...error, detail: { ...error.detail, skewMs } };
}
