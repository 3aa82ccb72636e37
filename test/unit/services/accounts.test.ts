import { mkdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Out } from '#contract/contract.ts';
import type { Result } from '#contract/errors.ts';
import { KEYCHAIN_PATIENCE_MS } from '#services/account-secrets.ts';
import { SAMPLES } from '#services/account-views.ts';
import { makeMemoryStore, type SecretStore } from '#services/keychain.ts';
import { DRAFT, KEY, makeDesk, type Desk, type DeskOptions } from '../ipc/desk.ts';
import { makeHandClock } from './hand-clock.ts';

const never = new AbortController().signal;
const desks: Desk[] = [];
afterEach(async () => {
  for (const desk of desks.splice(0).reverse()) await desk.dispose();
});

async function desk(options?: DeskOptions): Promise<Desk> {
  const made = await makeDesk(options);
  desks.push(made);
  return made;
}

/** The same settings and keychain in a new run. */
async function restart(before: Desk): Promise<Desk> {
  before.accounts.dispose();
  await before.settings.flush();
  const after = await desk({ folder: before.folder, store: before.store });
  after.accounts.start();
  return after;
}

function valueOf<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.error.code}: ${result.error.message}`);
  return result.value;
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const lastView = ({ events }: Desk): Out<'accounts.get'> => {
  const told = events.filter((frame) => frame.name === 'accounts.changed');
  return told.at(-1)?.value as Out<'accounts.get'>;
};

/** A store that does not answer until it is told to. */
function makeSleepingStore(): SecretStore & { wake(): void } {
  const inner = makeMemoryStore();
  let wake = (): void => undefined;
  const awake = new Promise<void>((resolve) => (wake = resolve));
  return {
    get: async (name) => (await awake, inner.get(name)),
    set: async (name, secret) => (await awake, inner.set(name, secret)),
    delete: async (name) => (await awake, inner.delete(name)),
    wake: () => wake(),
  };
}

describe('where an account is', () => {
  const WORLD = { buckets: { fresh: { region: 'xx-new-9', objects: [{ key: 'in/a.pdf', text: 'a' }] } } };

  it('can be changed without its secret; what leads nowhere is not kept, unless the person says so', async () => {
    const { accounts, settings, store } = await desk({ world: WORLD });
    const { id } = valueOf(await accounts.add(DRAFT, 'keychain', never));
    const place = {
      accountId: id,
      region: 'cn-hangzhou',
      endpoint: DRAFT.endpoint,
      scope: '',
      domains: [],
      untested: false,
    };
    expect(await accounts.setPlace({ ...place, scope: 'nowhere/' }, never)).toMatchObject({
      ok: false,
      error: { code: 'oss.noSuchBucket' },
    });
    expect(await accounts.setPlace({ ...place, endpoint: 'a b' }, never)).toMatchObject({
      error: { code: 'account.invalid', detail: { field: 'endpoint' } },
    });
    const domains = [{ bucket: 'fresh', domain: 'oss-cn-beijing.aliyuncs.com' }];
    expect(await accounts.setPlace({ ...place, domains }, never)).toMatchObject({
      error: { code: 'account.invalid', detail: { field: 'domain' } },
    });
    expect(settings.current.accounts[0]).toMatchObject({ scope: '', domains: [] });
    expect(valueOf(await accounts.setPlace({ ...place, scope: 'pagelens-samples/english' }, never)).scope).toBe(
      'pagelens-samples/english/',
    );
    expect(valueOf(await accounts.setPlace({ ...place, scope: 'nowhere/', untested: true }, never)).scope).toBe(
      'nowhere/',
    );
    expect(await store.get(id)).toContain(KEY.accessKeySecret);
  });

  it('offers regions that are newer than the app, as the service and its buckets name them', async () => {
    const { accounts, settings } = await desk({ world: WORLD });
    const { id } = valueOf(await accounts.add(DRAFT, 'session', never));
    expect(settings.current.regions).toEqual([]);
    valueOf(await valueOf(accounts.clientOf(id)).listBuckets(never));
    expect(settings.current.regions).toEqual(['xx-new-9']);
  });

  it('remembers the region of a bucket that proved to be elsewhere', async () => {
    const { accounts, settings } = await desk({ world: WORLD });
    const { id } = valueOf(await accounts.add(DRAFT, 'session', never));
    const at = { bucket: 'fresh', prefix: '', next: null, maxKeys: 1 };
    valueOf(await valueOf(accounts.clientOf(id)).listObjects(at, never));
    expect(settings.current.accounts[0]?.moved).toEqual([{ bucket: 'fresh', region: 'xx-new-9', host: null }]);
  });
});

describe('accounts', () => {
  it('start with the samples alone, which need no key', async () => {
    const { accounts } = await desk();
    expect(accounts.view()).toMatchObject({
      accounts: [{ id: SAMPLES, kind: 'samples', secretHome: 'none-needed' }],
      activeId: null,
      opening: 'idle',
    });
    expect(await accounts.use(SAMPLES, never)).toMatchObject({ ok: true });
    const client = valueOf(accounts.clientOf(SAMPLES));
    expect(valueOf(await client.listBuckets(never)).map(({ name }) => name)).toEqual(['pagelens-samples']);
  });

  it('are added keychain first, then settings, and are in use at once', async () => {
    const { accounts, store, settings } = await desk();
    const added = valueOf(await accounts.add(DRAFT, 'keychain', never));
    expect(added).toMatchObject({ name: 'Desk', secretHome: 'keychain', maskedKeyId: 'LTAI5t…sk01' });
    expect(await store.get(added.id)).toBe(JSON.stringify({ accessKeySecret: KEY.accessKeySecret }));
    expect(accounts.view()).toMatchObject({ activeId: added.id, problem: null });
    expect(settings.current.lastAccountId).toBe(added.id);
    expect(valueOf(await valueOf(accounts.clientOf(added.id)).listBuckets(never))).toHaveLength(1);
  });

  it('are still connected after a restart', async () => {
    const first = await desk();
    const { id } = valueOf(await first.accounts.add(DRAFT, 'keychain', never));
    const second = await restart(first);
    expect(second.accounts.view()).toMatchObject({ activeId: id, opening: 'opening' });
    valueOf(await second.accounts.use(id, never));
    expect(second.accounts.view()).toMatchObject({ activeId: id, opening: 'idle', problem: null });
    expect(second.accounts.clientOf(id).ok).toBe(true);
  });

  it('ask for the secret again when the entry is gone, and keep the label', async () => {
    const first = await desk();
    const { id } = valueOf(await first.accounts.add(DRAFT, 'keychain', never));
    await first.store.delete(id);
    const second = await restart(first);
    expect(await second.accounts.use(id, never)).toMatchObject({ ok: false, error: { code: 'keychain.missing' } });
    const view = second.accounts.view();
    expect(view).toMatchObject({ activeId: id, problem: { code: 'keychain.missing' } });
    expect(view.accounts.at(-1)).toMatchObject({ id, secretHome: 'absent' });

    const entry = { accountId: id, accessKeySecret: KEY.accessKeySecret, keep: 'keychain' as const };
    expect(valueOf(await second.accounts.enterSecret(entry, never))).toMatchObject({ secretHome: 'keychain' });
    expect(second.accounts.view()).toMatchObject({ activeId: id, problem: null });
    expect(await second.store.get(id)).toContain(KEY.accessKeySecret);
  });

  it('take an entry that is not ours for none', async () => {
    const first = await desk();
    const { id } = valueOf(await first.accounts.add(DRAFT, 'keychain', never));
    await first.store.set(id, 'not JSON');
    const second = await restart(first);
    expect(await second.accounts.use(id, never)).toMatchObject({ ok: false, error: { code: 'keychain.missing' } });
  });

  it('are switched without typing again', async () => {
    const { accounts } = await desk();
    const one = valueOf(await accounts.add({ ...DRAFT, name: 'One' }, 'keychain', never));
    const two = valueOf(await accounts.add({ ...DRAFT, name: 'Two' }, 'session', never));
    for (const { id } of [one, two, one]) {
      valueOf(await accounts.use(id, never));
      expect(accounts.view().activeId).toBe(id);
      expect(accounts.clientOf(id).ok).toBe(true);
    }
  });

  it('drop secrets read from the keychain on leaving, and keep those of this session', async () => {
    const { accounts, settings } = await desk();
    const kept = valueOf(await accounts.add(DRAFT, 'keychain', never));
    const session = valueOf(await accounts.add(DRAFT, 'session', never));
    valueOf(await accounts.leave());
    expect(accounts.view().activeId).toBeNull();
    expect(settings.current.lastAccountId).toBeNull();
    expect(accounts.clientOf(kept.id)).toMatchObject({ ok: false, error: { code: 'account.unknown' } });
    expect(accounts.clientOf(session.id).ok).toBe(true);
  });

  it('are removed with their keychain entry', async () => {
    const { accounts, store, settings } = await desk();
    const { id } = valueOf(await accounts.add(DRAFT, 'keychain', never));
    valueOf(await accounts.remove(id, never));
    expect(await store.get(id)).toBeNull();
    expect(settings.current.accounts).toEqual([]);
    expect(accounts.view()).toMatchObject({ activeId: null });
    expect(accounts.clientOf(id)).toMatchObject({ ok: false });
    expect(await accounts.remove(id, never)).toMatchObject({ ok: false, error: { code: 'account.unknown' } });
  });

  it('keep the label of an entry that could not be removed', async () => {
    const store = makeMemoryStore();
    const { accounts, settings } = await desk({
      store: { ...store, delete: () => Promise.reject(new Error('Cannot delete in a locked collection')) },
    });
    const { id } = valueOf(await accounts.add(DRAFT, 'keychain', never));
    expect(await accounts.remove(id, never)).toMatchObject({ ok: false, error: { code: 'keychain.locked' } });
    expect(settings.current.accounts).toHaveLength(1);
  });

  it('that last only until quit leave a label and ask again in the next run', async () => {
    const first = await desk();
    const { id } = valueOf(await first.accounts.add(DRAFT, 'session', never));
    expect(await first.store.get(id)).toBeNull();
    const second = await restart(first);
    expect(second.accounts.view()).toMatchObject({ activeId: null, opening: 'idle' });
    expect(second.accounts.view().accounts.at(-1)).toMatchObject({ id, secretHome: 'absent' });
    const missing = { code: 'keychain.missing', detail: { keep: 'session' } };
    expect(await second.accounts.use(id, never)).toMatchObject({ ok: false, error: missing });
  });

  it('keep an older keychain entry removable when a session secret is typed over it', async () => {
    const { accounts, store } = await desk();
    const { id } = valueOf(await accounts.add(DRAFT, 'keychain', never));
    const entry = { accountId: id, accessKeySecret: KEY.accessKeySecret, keep: 'session' as const };
    expect(valueOf(await accounts.enterSecret(entry, never))).toMatchObject({ secretHome: 'session' });
    valueOf(await accounts.remove(id, never));
    expect(await store.get(id)).toBeNull();
  });

  it('renew temporary credentials under the same label', async () => {
    const { accounts, settings } = await desk();
    const tokenExpiresAt = '2020-01-01T00:00:00Z';
    const expired = { ...DRAFT, accessKeyId: 'STS.old', securityToken: 'old', tokenExpiresAt };
    const { id, ...view } = valueOf(await accounts.add(expired, 'session', never));
    expect(view).toMatchObject({ isTemporary: true, tokenExpiresAt: '2020-01-01T00:00:00.000Z' });
    const entry = { accountId: id, ...KEY, keep: 'session' as const };
    expect(valueOf(await accounts.enterSecret(entry, never))).toMatchObject({
      isTemporary: false,
      tokenExpiresAt: null,
    });
    expect(settings.current.accounts).toMatchObject([{ id, name: 'Desk', accessKeyId: KEY.accessKeyId }]);
    expect((await valueOf(accounts.clientOf(id)).listBuckets(never)).ok).toBe(true);
  });

  it('are renamed', async () => {
    const { accounts } = await desk();
    const { id } = valueOf(await accounts.add(DRAFT, 'session', never));
    expect(valueOf(await accounts.rename(id, 'Fresh', 'red'))).toMatchObject({ name: 'Fresh', colour: 'red' });
  });

  it('refuse an id that is none of theirs', async () => {
    const { accounts } = await desk();
    const unknown = { ok: false, error: { code: 'account.unknown' } };
    const id = '0123456789abcdef' as typeof SAMPLES;
    expect(await accounts.use(id, never)).toMatchObject(unknown);
    expect(await accounts.rename(id, 'x', 'red')).toMatchObject(unknown);
    expect(accounts.clientOf(id)).toMatchObject(unknown);
    expect(accounts.endpointOf(id)).toMatchObject(unknown);
  });

  it('do not add what could not be written down, and take its secret back', async () => {
    const made = await desk();
    // A folder with something in it where the file should be: renaming over it fails, whoever we are.
    await mkdir(path.join(made.folder, 'settings.json', 'in the way'), { recursive: true });
    expect(await made.accounts.add(DRAFT, 'keychain', never)).toMatchObject({
      ok: false,
      error: { code: 'file.noAccess' },
    });
    expect(made.accounts.view().accounts).toHaveLength(1);
    await rm(path.join(made.folder, 'settings.json'), { recursive: true });
  });
});

describe('testing a connection', () => {
  it('tells in facts what a harmless request learnt, and keeps nothing', async () => {
    const { accounts, settings } = await desk();
    const buckets = valueOf(await accounts.test(DRAFT, never));
    expect(buckets).toMatchObject({ tested: 'list-buckets', bucketCount: 1, bucketsHidden: false, skewMs: null });
    const folder = valueOf(await accounts.test({ ...DRAFT, scope: 'oss://pagelens-samples/english' }, never));
    expect(folder).toMatchObject({ tested: 'list-folder', bucketCount: null });
    expect(settings.current.accounts).toEqual([]);
  });

  it.each([
    ['a wrong secret', { accessKeySecret: 'wrong' }, 'oss.signatureMismatch'],
    ['an unknown key', { accessKeyId: 'LTAInobody' }, 'oss.unknownKey'],
    ['no bucket of that name', { scope: 'nowhere-at-all/x/' }, 'oss.noSuchBucket'],
    ['a scope that is none', { scope: 'No Bucket' }, 'account.invalid'],
    ['an endpoint that is none', { endpoint: 'ht!tp:/' }, 'account.invalid'],
    ['a date that is none', { tokenExpiresAt: 'tomorrow-ish' }, 'account.invalid'],
  ])('says what is wrong: %s', async (_what, change, code) => {
    const { accounts } = await desk();
    expect(await accounts.test({ ...DRAFT, ...change }, never)).toMatchObject({ ok: false, error: { code } });
  });
});

describe('a keyring that keeps us waiting', () => {
  it('loses nothing that is changed meanwhile', async () => {
    const store = makeSleepingStore();
    const { accounts, settings } = await desk({ store });
    const { id } = valueOf(await accounts.add(DRAFT, 'session', never));
    const entry = { accountId: id, accessKeySecret: KEY.accessKeySecret, keep: 'keychain' } as const;
    const entering = accounts.enterSecret(entry, never);
    await settle(); // the write is inside the keychain now
    valueOf(await accounts.rename(id, 'Fresh', 'red'));
    store.wake();
    expect(valueOf(await entering)).toMatchObject({ name: 'Fresh', colour: 'red' });
    expect(settings.current.accounts).toMatchObject([{ name: 'Fresh', keep: 'keychain' }]);
  });

  it('keeps no secret for an account that was removed meanwhile', async () => {
    const store = makeSleepingStore();
    const { accounts } = await desk({ store });
    const { id } = valueOf(await accounts.add(DRAFT, 'session', never));
    const entry = { accountId: id, accessKeySecret: KEY.accessKeySecret, keep: 'keychain' } as const;
    const entering = accounts.enterSecret(entry, never);
    await settle();
    valueOf(await accounts.remove(id, never));
    store.wake();
    expect(await entering).toMatchObject({ ok: false, error: { code: 'account.unknown' } });
    await settle();
    expect(await store.get(id)).toBe(null);
    expect(accounts.view().activeId).toBe(null);
  });

  it('is told after a while, can be given up, and what it did in vain is undone', async () => {
    const clock = makeHandClock();
    const store = makeSleepingStore();
    const made = await desk({ store, later: clock.later });
    const stop = new AbortController();
    const adding = made.accounts.add(DRAFT, 'keychain', stop.signal);
    await settle(); // the write is inside the keychain now
    clock.pass(KEYCHAIN_PATIENCE_MS - 1);
    expect(made.accounts.view().opening).toBe('idle');
    clock.pass(1);
    expect(lastView(made).opening).toBe('waiting');
    stop.abort();
    expect(await adding).toMatchObject({ ok: false, error: { code: 'cancelled' } });
    expect(lastView(made)).toMatchObject({ opening: 'idle', activeId: null });
    expect(made.settings.current.accounts).toEqual([]);
    // The person unlocks the keyring after all: the entry comes to be, and is taken back.
    const removed: string[] = [];
    const remove = store.delete;
    store.delete = async (name) => (removed.push(name), remove(name));
    store.wake();
    await settle();
    await settle();
    expect(removed).toHaveLength(1);
    expect(await store.get(removed[0] ?? '')).toBeNull();
  });

  it('holds up neither the start nor the samples', async () => {
    const first = await desk();
    const { id } = valueOf(await first.accounts.add(DRAFT, 'keychain', never));
    await first.settings.flush();
    const clock = makeHandClock();
    const second = await desk({ folder: first.folder, store: makeSleepingStore(), later: clock.later });
    second.accounts.start();
    expect(second.accounts.view()).toMatchObject({ activeId: id, opening: 'opening' });
    clock.pass(KEYCHAIN_PATIENCE_MS);
    expect(lastView(second)).toMatchObject({ activeId: id, opening: 'waiting' });
    valueOf(await second.accounts.use(SAMPLES, never));
    await settle();
    expect(second.accounts.view()).toMatchObject({ activeId: SAMPLES, opening: 'idle', problem: null });
  });

  it('is given up by the one who waits with it: the call is cancelled and no account is chosen', async () => {
    const first = await desk();
    const { id } = valueOf(await first.accounts.add(DRAFT, 'keychain', never));
    await first.settings.flush();
    const second = await desk({ folder: first.folder, store: makeSleepingStore() });
    second.accounts.start();
    const stop = new AbortController();
    const joined = second.accounts.use(id, stop.signal);
    stop.abort();
    expect(await joined).toMatchObject({ ok: false, error: { code: 'cancelled' } });
    await settle();
    expect(second.accounts.view()).toMatchObject({ activeId: null, opening: 'idle', problem: null });
  });

  it('does not open an account behind the back of somebody who left', async () => {
    const first = await desk();
    const { id } = valueOf(await first.accounts.add(DRAFT, 'keychain', never));
    await first.settings.flush();
    const store = makeSleepingStore();
    const second = await desk({ folder: first.folder, store });
    second.accounts.start();
    valueOf(await second.accounts.leave());
    store.wake();
    await settle();
    await settle();
    expect(second.accounts.clientOf(id).ok).toBe(false);
    expect(second.accounts.view().activeId).toBeNull();
  });
});

describe('the settings file', () => {
  it('holds labels and no secret', async () => {
    const { accounts, settings, folder } = await desk();
    await accounts.add(DRAFT, 'keychain', never);
    await settings.flush();
    const text = await readFile(path.join(folder, 'settings.json'), 'utf8');
    expect(JSON.parse(text)).toMatchObject({
      version: 1,
      accounts: [{ accessKeyId: KEY.accessKeyId, keep: 'keychain' }],
    });
    expect(text).not.toContain(KEY.accessKeySecret);
  });
});
