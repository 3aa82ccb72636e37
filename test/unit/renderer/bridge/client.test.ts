import { describe, expect, it } from 'vitest';
import { fail, ok } from '#contract/errors.ts';
import type { Bridge, CallFrame, CancelFrame, EventFrame } from '#contract/wire.ts';
import { makeClient } from '#renderer/bridge/client.svelte.ts';

function setUp(answer: (frame: CallFrame) => Promise<unknown>) {
  const calls: CallFrame[] = [];
  const cancels: CancelFrame[] = [];
  const listeners = new Set<(frame: EventFrame) => void>();
  const bridge: Bridge = {
    request(frame) {
      calls.push(structuredClone(frame)); // what cannot be cloned could not cross the bridge either
      return answer(frame);
    },
    cancel: (frame) => void cancels.push(frame),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  const push = (frame: EventFrame): void => listeners.forEach((listener) => listener(frame));
  return { client: makeClient(bridge), calls, cancels, push, listeners };
}

const settings = { language: 'system', theme: 'dark' } as const;

describe('request', () => {
  it('hands over name and input under an id of its own, and answers what main answers', async () => {
    const { client, calls } = setUp(async () => ok(settings));
    expect(await client.request('settings.set', { theme: 'dark' })).toEqual(ok(settings));
    await client.request('settings.get', {});
    expect(calls.map(({ name, input }) => [name, input])).toEqual([
      ['settings.set', { theme: 'dark' }],
      ['settings.get', {}],
    ]);
    expect(new Set(calls.map((call) => call.id)).size).toBe(2);
  });

  it('passes failures on as they are', async () => {
    const failure = fail('net.offline', 'no route');
    const { client } = setUp(async () => failure);
    expect(await client.request('usage.get', {})).toEqual(failure);
  });

  it('never rejects: a broken bridge is an internal failure', async () => {
    const rejecting = setUp(() => Promise.reject(new Error('gone')));
    expect(await rejecting.client.request('usage.get', {})).toMatchObject({
      ok: false,
      error: { code: 'internal', message: 'gone', charged: 'no' },
    });
    const throwing = setUp(() => {
      throw new Error('thrown');
    });
    expect(await throwing.client.request('usage.get', {})).toMatchObject({ ok: false, error: { code: 'internal' } });
  });

  it.each([undefined, null, 'yes', {}, { ok: true }, { ok: false }, { ok: 1, value: 2 }])(
    'takes %j for no answer',
    async (nonsense) => {
      const { client } = setUp(async () => nonsense);
      expect(await client.request('usage.get', {})).toMatchObject({ ok: false, error: { code: 'internal' } });
    },
  );

  it('copies reactive state into plain data', async () => {
    const { client, calls } = setUp(async () => ok(settings));
    const proxied = new Proxy({ theme: 'light' as const }, {});
    await client.request('settings.set', proxied);
    expect(calls[0]?.input).toEqual({ theme: 'light' });
  });
});

describe('abort', () => {
  it('answers at once, tells main, and drops the late answer', async () => {
    let answerLate: (value: unknown) => void = () => {};
    const { client, calls, cancels } = setUp(() => new Promise((resolve) => (answerLate = resolve)));
    const stop = new AbortController();
    const asking = client.request('accounts.leave', {}, { signal: stop.signal });
    stop.abort();
    expect(await asking).toMatchObject({ ok: false, error: { code: 'cancelled' } });
    expect(cancels).toEqual([{ id: calls[0]?.id }]);
    answerLate(ok({}));
    stop.abort();
    expect(cancels).toHaveLength(1);
  });

  it('sends nothing when it was stopped before', async () => {
    const { client, calls } = setUp(async () => ok({}));
    const result = await client.request('accounts.leave', {}, { signal: AbortSignal.abort() });
    expect(result).toMatchObject({ ok: false, error: { code: 'cancelled' } });
    expect(calls).toEqual([]);
  });

  it('cancels nothing once the answer is there', async () => {
    const { client, cancels } = setUp(async () => ok({}));
    const stop = new AbortController();
    await client.request('accounts.leave', {}, { signal: stop.signal });
    await Promise.resolve();
    stop.abort();
    expect(cancels).toEqual([]);
  });
});

describe('events', () => {
  it('reach those who listen to their name, until they stop', () => {
    const { client, push } = setUp(async () => ok({}));
    const heard: unknown[] = [];
    const stop = client.on('settings.changed', (value) => heard.push(value));
    client.on('usage.changed', () => heard.push('usage'));
    push({ name: 'settings.changed', value: settings });
    push({ name: 'toString', value: 1 });
    stop();
    push({ name: 'settings.changed', value: settings });
    expect(heard).toEqual([settings]);
  });

  it('stop altogether when the client is disposed', () => {
    const { client, listeners } = setUp(async () => ok({}));
    expect(listeners.size).toBe(1);
    client.dispose();
    expect(listeners.size).toBe(0);
  });
});
