/**
 * Credentials of a RAM role: asked of STS when needed, kept in memory only, renewed five minutes early, and once for
 * all requests that wait for them.
 */
import { fail, ok, type AppError, type Result } from '#contract/errors.ts';
import type { Credentials } from '#oss/credentials.ts';
import { assumeRoleQuery, readAssumedRole, readStsFailure, type Role } from '#oss/sts.ts';
import type { CredentialSource } from './credential-source.ts';
import { toText } from './signed-calls.ts';
import { makeTransport, type Answer, type Policy, type TransportOptions } from './transport.ts';

/** Credentials are renewed when they have this long to go. */
const EARLY_MS = 5 * 60_000;
/** After a failed renewal the credentials that are still good are used this long before STS is asked again. */
const PATIENCE_MS = 30_000;
const ASSUME: Policy = { timeoutMs: 20_000, maxBytes: 256 * 1024, isPaid: false };

export interface AssumedRoleOptions extends TransportOptions {
  role: Role;
  /** The lasting key that the role trusts. */
  base: Credentials;
  /** Where STS is. */
  at: { scheme: 'http' | 'https'; host: string };
  /** Another text each time. */
  newNonce(): string;
}

export interface AssumedRole extends CredentialSource {
  /** Gives up a renewal that is on its way and forgets what it has. */
  dispose(): void;
}

/** Errors of `get`: sts.*, oss.unknownKey, oss.signatureMismatch …, net.*, cancelled. */
export function makeAssumedRole(options: AssumedRoleOptions): AssumedRole {
  const { role, base, at, now } = options;
  const transport = makeTransport(options);
  const lifetime = new AbortController();
  let current: Credentials | null = null;
  let renewing: Promise<Result<Credentials>> | null = null;
  let failedAtMs = -Infinity;
  /** STS's clock minus ours, as a refusal for the time has taught. */
  let offsetMs = 0;

  async function ask(): Promise<Result<Credentials>> {
    let skewed: Answer | null = null;
    const judge = (answer: Answer): AppError | null => {
      const body = toText(answer.bytes);
      if (answer.status === 200 && readAssumedRole(body)) return null;
      const error = readStsFailure({ status: answer.status, headers: answer.headers, body }, role, at.host);
      skewed = error.code === 'oss.clockSkewed' ? answer : null;
      return error;
    };
    const request = () => ({
      method: 'GET' as const,
      scheme: at.scheme,
      host: at.host,
      target: `/?${assumeRoleQuery(role, base, now() + offsetMs, options.newNonce())}`,
      headers: { accept: 'application/json' },
    });
    const send = () =>
      transport.exchange({ request, judge, policy: ASSUME, onAttempt: () => undefined }, lifetime.signal);
    let answer = await send();
    if (!answer.ok && skewed && learnClock(skewed)) answer = await send();
    if (!answer.ok) return answer;
    const credentials = readAssumedRole(toText(answer.value.bytes));
    return credentials ? ok(credentials) : fail('net.badAnswer', 'STS gave no credentials.');
  }

  function learnClock(answer: Answer): boolean {
    const date = Date.parse(answer.headers['date'] ?? '');
    if (Number.isNaN(date)) return false;
    offsetMs = date - answer.headAtMs;
    return true;
  }

  function renew(): Promise<Result<Credentials>> {
    renewing ??= ask().then((result) => {
      renewing = null;
      if (result.ok) current = result.value;
      else failedAtMs = now();
      return result;
    });
    return renewing;
  }

  return {
    async get(serviceNowMs, signal) {
      const leftMs = current === null ? -Infinity : (current.expiresAtMs ?? Infinity) - serviceNowMs;
      const mayWait = leftMs > 0 && now() - failedAtMs < PATIENCE_MS;
      if (current && (leftMs > EARLY_MS || mayWait)) return ok(current);
      const renewed = await unlessAborted(renew(), signal);
      if (renewed.ok || renewed.error.code === 'cancelled') return renewed;
      // Still good for a while: a failed renewal is not yet anybody's failure.
      return current && leftMs > 0 ? ok(current) : renewed;
    },
    reportEnded(credentials) {
      if (current === credentials) current = null;
      return true;
    },
    dispose() {
      lifetime.abort();
      current = null;
    },
  };
}

/** One waiter gives up; the renewal goes on for the others. */
function unlessAborted(renewal: Promise<Result<Credentials>>, signal: AbortSignal): Promise<Result<Credentials>> {
  const cancelled = fail('cancelled', 'Cancelled while the role was being taken on.');
  if (signal.aborted) return Promise.resolve(cancelled);
  return new Promise((resolve) => {
    const stop = (): void => resolve(cancelled);
    signal.addEventListener('abort', stop, { once: true });
    void renewal.then((result) => {
      signal.removeEventListener('abort', stop);
      resolve(result);
    });
  });
}
