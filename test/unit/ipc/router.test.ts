import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CALLS, type CallName } from '#contract/contract.ts';
import { fail, ok } from '#contract/errors.ts';
import { makeRouter, toEventFrame, type Handlers, type Router } from '#ipc/router.ts';
import { makeSessions, type Sessions } from '#ipc/sessions.ts';
import { makeLog } from '#services/log.ts';
import { PAGE, WINDOW } from './desk.ts';

const refuseAll = Object.fromEntries(
  Object.keys(CALLS).map((name) => [name, () => fail('internal', `${name} was not expected here.`)]),
) as unknown as Handlers;

let sessions: Sessions;
let logLines: string[];
beforeEach(() => {
  sessions = makeSessions(() => undefined);
  sessions.open(WINDOW);
  logLines = [];
});

function routerOf(handlers: Partial<Handlers>): Router {
  const log = makeLog({ level: 'debug', now: () => 0, write: (line) => logLines.push(line) });
  return makeRouter({ handlers: { ...refuseAll, ...handlers }, sessions, log, newReference: () => 'ref-1' });
}

describe('a call', () => {
  it('gets the parsed input to the handler and the checked output back', async () => {
    const router = routerOf({
      'settings.set': (change) =>
        ok({
          language: 'en',
          theme: change.theme ?? 'system',
          tint: 'none',
          readsFiles: true,
          failedCallCost: 0.2,
          lookAhead: 'normal',
          letterKeys: true,
        }),
    });
    const frame = { id: '1', name: 'settings.set', input: { theme: 'dark', unknown: 'dropped' } };
    expect(await router.call(PAGE, frame)).toEqual({
      ok: true,
      value: {
        language: 'en',
        theme: 'dark',
        tint: 'none',
        readsFiles: true,
        failedCallCost: 0.2,
        lookAhead: 'normal',
        letterKeys: true,
      },
    });
  });

  it('passes a failure on as it is', async () => {
    const failure = fail('oss.throttled', 'slow down', { retryable: true, requestId: 'R1' });
    const router = routerOf({ 'usage.get': () => failure });
    expect(await router.call(PAGE, { id: '1', name: 'usage.get', input: {} })).toEqual(failure);
  });

  it('cuts off what the contract does not name', async () => {
    const leaky = {
      language: 'en',
      theme: 'dark',
      tint: 'none',
      readsFiles: true,
      failedCallCost: 0.2,
      lookAhead: 'normal',
      letterKeys: true,
      accessKeySecret: 'must not travel',
    } as const;
    const router = routerOf({ 'settings.get': () => ok(leaky) });
    const answer = await router.call(PAGE, { id: '1', name: 'settings.get', input: {} });
    expect(answer).toEqual({
      ok: true,
      value: {
        language: 'en',
        theme: 'dark',
        tint: 'none',
        readsFiles: true,
        failedCallCost: 0.2,
        lookAhead: 'normal',
        letterKeys: true,
      },
    });
  });

  it('answers a bug with a reference only, and logs the stack under it', async () => {
    const router = routerOf({
      'settings.get': () => {
        throw new Error('the inner reason');
      },
    });
    const answer = await router.call(PAGE, { id: '1', name: 'settings.get', input: {} });
    expect(answer).toMatchObject({ ok: false, error: { code: 'internal', detail: { reference: 'ref-1' } } });
    expect(JSON.stringify(answer)).not.toContain('inner reason');
    expect(logLines.join()).toContain('the inner reason');
    expect(logLines.join()).toContain('ref-1');
  });

  it('answers an output that is not the contract as a bug', async () => {
    const router = routerOf({
      'settings.get': (() => ok({ language: 'klingon' })) as unknown as Handlers['settings.get'],
    });
    expect(await router.call(PAGE, { id: '1', name: 'settings.get', input: {} })).toMatchObject({
      ok: false,
      error: { code: 'internal' },
    });
  });

  it('drops what a failure says that the contract does not name', async () => {
    const { error } = fail('oss.unknownKey', 'No such key.', { status: 403 });
    const router = routerOf({ 'settings.get': () => ({ ok: false, error: { ...error, accessKeySecret: 's3cret' } }) });
    const answer = await router.call(PAGE, { id: '1', name: 'settings.get', input: {} });
    expect(answer).toEqual({ ok: false, error });
  });

  it('says which field of an input is wrong, not what was in it', async () => {
    const answer = await routerOf({}).call(PAGE, { id: '1', name: 'accounts.rename', input: { name: 'tell-tale' } });
    expect(answer).toMatchObject({ ok: false, error: { code: 'ipc.invalid' } });
    expect(JSON.stringify(answer)).toContain('accountId');
    expect(JSON.stringify(answer)).not.toContain('tell-tale');
  });
});

describe('cancelling', () => {
  /** A handler that ends only when its signal says so. */
  const untilAborted: Handlers['buckets.list'] = (_input, { signal }) =>
    new Promise((resolve) => {
      signal.addEventListener('abort', () => resolve(fail('cancelled', 'stopped')), { once: true });
    });
  const frame = (id: string) => ({ id, name: 'buckets.list', input: { accountId: 'samples' } });

  let router: Router;
  beforeEach(() => {
    router = routerOf({ 'buckets.list': untilAborted });
  });
  afterEach(() => sessions.close(WINDOW));

  it('reaches the call of that id and no other', async () => {
    const first = router.call(PAGE, frame('1'));
    const second = router.call(PAGE, frame('2'));
    router.cancel(PAGE, { id: '1' });
    expect(await first).toMatchObject({ error: { code: 'cancelled' } });
    router.cancel(PAGE, { id: '2' });
    expect(await second).toMatchObject({ error: { code: 'cancelled' } });
  });

  it('happens by itself when the page is replaced', async () => {
    const running = router.call(PAGE, frame('1'));
    sessions.reset(WINDOW);
    expect(await running).toMatchObject({ error: { code: 'cancelled' } });
  });

  it('does not reach the calls of another window', async () => {
    sessions.open(2);
    const running = router.call(PAGE, frame('1'));
    router.cancel({ ...PAGE, windowId: 2 }, { id: '1' });
    const order: string[] = [];
    void running.then(() => order.push('ended'));
    await Promise.resolve();
    expect(order).toEqual([]);
    router.cancel(PAGE, { id: '1' });
    await running;
  });

  it('answers a handler that throws on abort as cancelled, not as a bug', async () => {
    router = routerOf({
      'buckets.list': (_input, { signal }) =>
        new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('aborted')))),
    });
    const running = router.call(PAGE, frame('1'));
    router.cancel(PAGE, { id: '1' });
    expect(await running).toMatchObject({ error: { code: 'cancelled' } });
    expect(logLines).toEqual([]);
  });

  it('refuses a second call under an id that is running', async () => {
    const running = router.call(PAGE, frame('1'));
    expect(await router.call(PAGE, frame('1'))).toMatchObject({ error: { code: 'ipc.invalid' } });
    router.cancel(PAGE, { id: '1' });
    await running;
    const again = router.call(PAGE, frame('1'));
    router.cancel(PAGE, { id: '1' });
    expect(await again).toMatchObject({ error: { code: 'cancelled' } });
  });
});

describe('an event', () => {
  it('drops what the contract does not name', () => {
    const value = {
      language: 'en',
      theme: 'dark',
      tint: 'none',
      readsFiles: true,
      failedCallCost: 0.2,
      lookAhead: 'normal',
      letterKeys: true,
      secret: 'x',
    } as const;
    expect(toEventFrame('settings.changed', value)).toEqual({
      name: 'settings.changed',
      value: {
        language: 'en',
        theme: 'dark',
        tint: 'none',
        readsFiles: true,
        failedCallCost: 0.2,
        lookAhead: 'normal',
        letterKeys: true,
      },
    });
  });
});

describe('the table', () => {
  it('has one handler for each call of the contract', async () => {
    const { makeDesk } = await import('./desk.ts');
    const desk = await makeDesk();
    const names: CallName[] = Object.keys(CALLS) as CallName[];
    expect(Object.keys(desk.handlers).sort()).toEqual([...names].sort());
    await desk.dispose();
  });
});
