import { describe, expect, it } from 'vitest';
import { makeKeychain, makeMemoryStore, type SecretStore } from '#services/keychain.ts';

const never = new AbortController().signal;

/** A store whose calls hang until they are let go. */
function makeHangingStore(): { store: SecretStore; calls: string[]; letGo(): void } {
  const inner = makeMemoryStore();
  const calls: string[] = [];
  const held: (() => void)[] = [];
  const hold = async <T>(name: string, act: () => Promise<T>): Promise<T> => {
    calls.push(name);
    await new Promise<void>((resolve) => held.push(resolve));
    return act();
  };
  return {
    store: {
      get: (name) => hold(`get ${name}`, () => inner.get(name)),
      set: (name, secret) => hold(`set ${name}`, () => inner.set(name, secret)),
      delete: (name) => hold(`delete ${name}`, () => inner.delete(name)),
    },
    calls,
    letGo: () => held.splice(0).forEach((resolve) => resolve()),
  };
}

/** Lets everything run that needs no outside help. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('a keychain', () => {
  it('reads what was written, and says when it is not there', async () => {
    const keychain = makeKeychain(async () => makeMemoryStore());
    expect(await keychain.read('a', never)).toMatchObject({ ok: false, error: { code: 'keychain.missing' } });
    expect(await keychain.write('a', 's', never)).toEqual({ ok: true, value: null });
    expect(await keychain.read('a', never)).toEqual({ ok: true, value: 's' });
    expect(await keychain.remove('a', never)).toMatchObject({ ok: true });
    expect(await keychain.remove('a', never)).toMatchObject({ ok: true });
    expect(await keychain.read('a', never)).toMatchObject({ ok: false, error: { code: 'keychain.missing' } });
  });

  it('leaves nothing of its probe behind', async () => {
    const names = new Set<string>();
    const inner = makeMemoryStore();
    const keychain = makeKeychain(async () => ({
      ...inner,
      set: async (name, secret) => (names.add(name), inner.set(name, secret)),
      delete: async (name) => (names.delete(name), inner.delete(name)),
    }));
    await keychain.read('gone', never);
    expect([...names]).toEqual([]);
  });

  it('takes "no such entry" of a locked store for locked, and removes nothing', async () => {
    const locked: SecretStore = {
      get: async () => null,
      set: async () => Promise.reject(new Error('Cannot create an item in a locked collection')),
      delete: async () => false,
    };
    const keychain = makeKeychain(async () => locked);
    expect(await keychain.read('a', never)).toMatchObject({ ok: false, error: { code: 'keychain.locked' } });
    expect(await keychain.remove('a', never)).toMatchObject({ ok: false, error: { code: 'keychain.locked' } });
  });

  it.each([
    ['Cannot autolaunch D-Bus without X11 $DISPLAY', 'keychain.unavailable'],
    ['Unknown or unsupported transport “disabled” for address “disabled:”', 'keychain.unavailable'],
    ['Could not connect: No such file or directory', 'keychain.unavailable'],
    ['The name :1.0 was not provided by any .service files', 'keychain.failed'],
    ['The name org.freedesktop.secrets was not provided by any .service files', 'keychain.unavailable'],
    ['Object does not exist at path “/org/freedesktop/secrets/collection/login”', 'keychain.unavailable'],
    ['Failed to load keytar native addon, checked [] on linux-x64', 'keychain.unavailable'],
    ['Prompt was dismissed', 'keychain.locked'],
    ['User interaction is not allowed.', 'keychain.locked'],
    ['Something nobody has seen', 'keychain.failed'],
  ])('knows %j as %s', async (message, code) => {
    const keychain = makeKeychain(async () => ({
      ...makeMemoryStore(),
      get: () => Promise.reject(new Error(message)),
    }));
    expect(await keychain.read('a', never)).toMatchObject({ ok: false, error: { code, message } });
  });

  it('tries anew to open a store that could not be opened', async () => {
    let tries = 0;
    const keychain = makeKeychain(async () => {
      tries += 1;
      if (tries === 1) throw new Error('libsecret-1.so.0: cannot open shared object file');
      return makeMemoryStore();
    });
    expect(await keychain.write('a', 's', never)).toMatchObject({ ok: false, error: { code: 'keychain.unavailable' } });
    expect(await keychain.write('a', 's', never)).toMatchObject({ ok: true });
  });
});

describe('a keychain that does not answer', () => {
  it('is asked one thing at a time, in order', async () => {
    const { store, calls, letGo } = makeHangingStore();
    const keychain = makeKeychain(async () => store);
    const write = keychain.write('a', 'new', never);
    const read = keychain.read('a', never);
    await settle();
    expect(calls).toEqual(['set a']);
    expect(keychain.isBusy()).toBe(true);
    letGo();
    await write;
    await settle();
    expect(calls).toEqual(['set a', 'get a']);
    letGo();
    expect(await read).toEqual({ ok: true, value: 'new' });
    await settle();
    expect(keychain.isBusy()).toBe(false);
  });

  it('lets a waiter go at once, and spares it the call that has not begun', async () => {
    const { store, calls, letGo } = makeHangingStore();
    const keychain = makeKeychain(async () => store);
    const [first, second] = [new AbortController(), new AbortController()];
    const running = keychain.read('a', first.signal);
    const queued = keychain.read('b', second.signal);
    await settle();
    first.abort();
    second.abort();
    expect(await running).toMatchObject({ ok: false, error: { code: 'cancelled' } });
    expect(await queued).toMatchObject({ ok: false, error: { code: 'cancelled' } });
    letGo();
    await settle();
    letGo();
    await settle();
    expect(calls).not.toContain('get b');
  });

  it('asks nothing for somebody who has gone already', async () => {
    const { store, calls } = makeHangingStore();
    const keychain = makeKeychain(async () => store);
    expect(await keychain.read('a', AbortSignal.abort())).toMatchObject({ ok: false, error: { code: 'cancelled' } });
    await settle();
    expect(calls).toEqual([]);
  });
});
