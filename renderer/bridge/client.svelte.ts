/**
 * The page's only way to main: typed calls and events over `window.pagelens`. Answers are values; nothing here throws
 * or rejects, whatever the other side does.
 */
import type { CallName, EventName, EventOf, In, Out } from '#contract/contract.ts';
import type { AppError, Result } from '#contract/errors.ts';
import type { Bridge, EventFrame } from '#contract/wire.ts';

export interface RequestOptions {
  /** Aborting sends a cancel frame; the answer is then `cancelled` at once, and main's late answer is dropped. */
  signal?: AbortSignal;
}

/** What stores are given. Tests hand in their own. */
export interface Client {
  /** Makes one call. Errors: those of the call, `cancelled`, and `internal` when the bridge itself fails. Never throws. */
  request<K extends CallName>(name: K, input: In<K>, options?: RequestOptions): Promise<Result<Out<K>>>;
  /** Listens to one event; returns how to stop. */
  on<K extends EventName>(name: K, listener: (value: EventOf<K>) => void): () => void;
  /** Stops listening to main. */
  dispose(): void;
}

/** Makes the client of one window. Call names and shapes come from the contract by type only: zod stays out of the page. */
export function makeClient(bridge: Bridge): Client {
  let lastId = 0;
  const listeners = new Map<string, Set<(value: never) => void>>();
  const stop = bridge.subscribe((frame: EventFrame) => {
    for (const listener of listeners.get(frame.name) ?? []) listener(frame.value as never);
  });

  async function request<K extends CallName>(
    name: K,
    input: In<K>,
    { signal }: RequestOptions = {},
  ): Promise<Result<Out<K>>> {
    if (signal?.aborted) return failure('cancelled', 'stopped before it was sent');
    const id = `c${++lastId}`;
    try {
      // Proxies of $state cannot be cloned across the bridge; a snapshot can.
      const answer = bridge.request({ id, name, input: $state.snapshot(input) });
      const result = signal ? await orCancelled(answer, signal, () => bridge.cancel({ id })) : await answer;
      return isResult<Out<K>>(result) ? result : failure('internal', `no result from ${name}`);
    } catch (thrown) {
      return failure('internal', thrown instanceof Error ? thrown.message : String(thrown));
    }
  }

  function on<K extends EventName>(name: K, listener: (value: EventOf<K>) => void): () => void {
    const known = listeners.get(name) ?? new Set();
    listeners.set(name, known.add(listener));
    return () => known.delete(listener);
  }

  return { request, on, dispose: stop };
}

/** The answer, or `cancelled` as soon as the signal says so. */
function orCancelled(answer: Promise<unknown>, signal: AbortSignal, cancel: () => void): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => {
      cancel();
      resolve(failure('cancelled', 'stopped by the person'));
    };
    signal.addEventListener('abort', onAbort, { once: true });
    answer.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}

function failure(code: 'cancelled' | 'internal', message: string): { ok: false; error: AppError } {
  return { ok: false, error: { code, message, retryable: false, charged: 'no' } };
}

/** Main checks its answers against the contract before they leave; here only the envelope is looked at. */
function isResult<T>(value: unknown): value is Result<T> {
  if (typeof value !== 'object' || value === null || !('ok' in value)) return false;
  return value.ok === true ? 'value' in value : value.ok === false && 'error' in value;
}
