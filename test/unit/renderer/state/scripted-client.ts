/** A client for tests of stores: each call is answered by a function the test gives, and every call is written down. */
import type { CallName, EventName, EventOf, In, Out } from '#contract/contract.ts';
import { fail, type Result } from '#contract/errors.ts';
import type { Client } from '#renderer/bridge/client.svelte.ts';

type Answer<T> = Result<T> | Promise<Result<T>>;
export type Script = { [K in CallName]?: (input: In<K>, signal: AbortSignal | undefined) => Answer<Out<K>> };

export interface ScriptedClient extends Client {
  readonly calls: { name: CallName; input: unknown }[];
  /** Says an event to everybody who listens. */
  say<K extends EventName>(name: K, value: EventOf<K>): void;
}

/** Behaves as the real client does: an aborted call answers `cancelled` at once, a call without a script is `internal`. */
export function makeScriptedClient(script: Script): ScriptedClient {
  const calls: ScriptedClient['calls'] = [];
  const listeners = new Map<EventName, Set<(value: never) => void>>();
  return {
    calls,
    async request(name, input, { signal } = {}) {
      if (signal?.aborted) return fail('cancelled', 'before it was sent');
      calls.push({ name, input: structuredClone(input) });
      const answer = script[name];
      if (!answer) return fail('internal', `no script for ${name}`);
      const cancelled = new Promise<Result<never>>((resolve) => {
        signal?.addEventListener('abort', () => resolve(fail('cancelled', 'stopped')), { once: true });
      });
      return Promise.race([answer(input, signal), cancelled]);
    },
    on(name, listener) {
      const known = listeners.get(name) ?? new Set();
      listeners.set(name, known.add(listener as (value: never) => void));
      return () => known.delete(listener as (value: never) => void);
    },
    say(name, value) {
      for (const listener of listeners.get(name) ?? []) listener(value as never);
    },
    dispose() {},
  };
}

/** A promise with its handle outside, for answers that come when the test says. */
export function makeLater<T>(): { readonly promise: Promise<T>; resolve(value: T): void } {
  let settle: (value: T) => void = () => {};
  const promise = new Promise<T>((resolve) => (settle = resolve));
  return { promise, resolve: (value) => settle(value) };
}
