import { describe, expect, it, vi } from 'vitest';
import type { AccountView, Out } from '#contract/contract.ts';
import { fail, ok, type Result } from '#contract/errors.ts';
import { AccountId } from '#contract/ids.ts';
import { BrowserStore } from '#renderer/state/browser.svelte.ts';
import { toColumns } from '../columns.ts';
import { makeLater, makeScriptedClient, type Script } from './scripted-client.ts';

function account(more: Partial<AccountView> = {}): AccountView {
  return {
    id: AccountId.parse('0123456789abcdef'),
    kind: 'access-key',
    name: 'Finance',
    colour: 'teal',
    maskedKeyId: 'LTAI…9f',
    region: 'cn-hangzhou',
    endpoint: '',
    scope: '',
    isTemporary: false,
    tokenExpiresAt: null,
    hasTokenEnded: false,
    roleArn: null,
    domains: [],
    secretHome: 'keychain',
    ...more,
  };
}
const buckets = (...names: string[]): Result<Out<'buckets.list'>> =>
  ok({ buckets: names.map((name) => ({ name, region: 'cn-hangzhou', storageClass: 'Standard', createdAt: null })) });
const folder = (...prefixes: string[]): Result<Out<'objects.list'>> =>
  ok({ folders: prefixes.map((prefix) => prefix.split('/').at(-2)!), objects: toColumns([]), next: null });

function setUp(script: Script = {}) {
  const client = makeScriptedClient({
    'buckets.list': () => buckets('a-one', 'b-two'),
    'objects.list': () => folder(),
    ...script,
  });
  return { client, store: new BrowserStore(client) };
}
const callsOf = (client: ReturnType<typeof setUp>['client']): string[] => client.calls.map((call) => call.name);

describe('BrowserStore', () => {
  it('lists the buckets and leaves the choice to the person', async () => {
    const { store, client } = setUp();
    await store.openAccount(account());
    expect(store.buckets.state.status).toBe('ready');
    expect(store.objects.place).toBe(null);
    expect(callsOf(client)).toEqual(['buckets.list']);
  });

  it('opens a bucket that is the only one', async () => {
    const { store } = setUp({ 'buckets.list': () => buckets('a-one') });
    await store.openAccount(account());
    expect(store.objects.place).toMatchObject({ bucket: 'a-one', prefix: '' });
  });

  it('opens the only one also when the account is told of anew meanwhile', async () => {
    const slow = makeLater<Result<Out<'buckets.list'>>>();
    const { store } = setUp({ 'buckets.list': () => slow.promise });
    const opened = store.openAccount(account());
    await store.openAccount(account());
    slow.resolve(buckets('a-one'));
    await opened;
    expect(store.objects.place).toMatchObject({ bucket: 'a-one', prefix: '' });
  });

  it('starts people who may see one folder there, and never lists buckets', async () => {
    const { store, client } = setUp();
    await store.openAccount(account({ scope: 'team-docs/reports/' }));
    expect(callsOf(client)).toEqual(['objects.list']);
    expect(store.objects.place).toMatchObject({ bucket: 'team-docs', prefix: 'reports/' });
    expect([store.canGoUp, store.root]).toEqual([false, 'reports/']);
    await store.openFolder('team-docs', 'reports/2026/');
    expect(store.canGoUp).toBe(true);
    await store.up();
    expect(store.objects.place?.prefix).toBe('reports/');
  });

  it('tries again what failed when the account is told of anew: its key may be another one', async () => {
    let isRefused = true;
    const refused = fail('oss.signatureMismatch', 'no');
    const { store } = setUp({
      'buckets.list': () => (isRefused ? refused : buckets('a-one', 'b-two')),
      'objects.list': () => (isRefused ? refused : folder('x/')),
    });
    await store.openAccount(account());
    await store.openFolder('a-one', '');
    expect([store.buckets.state.status, store.objects.state.status]).toEqual(['failed', 'failed']);
    isRefused = false;
    await store.openAccount(account());
    await vi.waitFor(() => expect(store.buckets.state.status).toBe('ready'));
    await vi.waitFor(() => expect(store.objects.state.status).toBe('complete'));
  });

  it('stays where it is when the same account is shown again', async () => {
    const { store, client } = setUp();
    await store.openAccount(account());
    await store.openFolder('a-one', 'x/');
    await store.openAccount(account({ name: 'renamed' }));
    expect(store.objects.place?.prefix).toBe('x/');
    expect(callsOf(client)).toEqual(['buckets.list', 'objects.list']);
  });

  it('tries again what failed when the same account is shown with another secret', async () => {
    let isRight = false;
    const { store, client } = setUp({
      'buckets.list': () => (isRight ? buckets('a-one') : fail('oss.signatureMismatch', 'wrong secret')),
      'objects.list': () => (isRight ? folder('x/') : fail('oss.signatureMismatch', 'wrong secret')),
    });
    await store.openAccount(account());
    await store.openFolder('a-one', '');
    expect([store.buckets.state.status, store.objects.state.status]).toEqual(['failed', 'failed']);
    isRight = true;
    await store.openAccount(account());
    expect([store.buckets.state.status, store.objects.state.status]).toEqual(['ready', 'complete']);
    await store.openAccount(account({ name: 'renamed' }));
    expect(callsOf(client)).toHaveLength(4);
  });

  it('shows nothing of the account before', async () => {
    const slow = makeLater<Result<Out<'buckets.list'>>>();
    let isFirst = true;
    const { store } = setUp({
      'buckets.list': () => {
        if (!isFirst) return buckets('new-one', 'new-two');
        isFirst = false;
        return slow.promise;
      },
    });
    const first = store.openAccount(account());
    await store.openAccount(account({ id: AccountId.parse('fedcba9876543210') }));
    slow.resolve(buckets('old-one'));
    await first;
    const { state } = store.buckets;
    expect(state.status === 'ready' && state.buckets.map((bucket) => bucket.name)).toEqual(['new-one', 'new-two']);
    expect(store.objects.place).toBe(null);
  });

  it('keeps the reason why buckets are not listed', async () => {
    const { store } = setUp({ 'buckets.list': () => fail('oss.listBucketsDenied', 'no right') });
    await store.openAccount(account());
    expect(store.buckets.state).toMatchObject({ status: 'failed', error: { code: 'oss.listBucketsDenied' } });
  });

  it('puts the keyboard on the folder one comes back from', async () => {
    const { store } = setUp({
      'objects.list': (input) => (input.prefix === 'a/' ? folder('a/b/', 'a/c/') : folder('a/')),
    });
    await store.openAccount(account());
    await store.openFolder('a-one', 'a/c/deep/');
    await store.openFolder('a-one', 'a/');
    expect(store.objects.activeIndex).toBe(1);
  });

  describe('goTo', () => {
    it('opens a folder', async () => {
      const { store } = setUp({ 'addresses.resolve': () => ok({ kind: 'folder', bucket: 'b-two', prefix: 'q3/' }) });
      await store.openAccount(account());
      expect(await store.goTo(' oss://b-two/q3/ ')).toBe('folder');
      expect(store.objects.place).toMatchObject({ bucket: 'b-two', prefix: 'q3/' });
    });

    it('answers a document with its page', async () => {
      const found = { bucket: 'b-two', key: 'a.pdf', versionId: null, source: 'pdf' as const, pageNumber: 12 };
      const { store, client } = setUp({ 'addresses.resolve': () => ok({ kind: 'document', ...found }) });
      await store.openAccount(account());
      expect(await store.goTo('  https://b-two.oss-cn-hangzhou.aliyuncs.com/a.pdf?x ')).toEqual(found);
      expect(client.calls.at(-1)?.input).toMatchObject({ text: 'https://b-two.oss-cn-hangzhou.aliyuncs.com/a.pdf?x' });
    });

    it('says why an address leads nowhere, until it is changed', async () => {
      const { store } = setUp({ 'addresses.resolve': () => fail('address.invalid', 'not an address') });
      await store.openAccount(account());
      expect(await store.goTo('what?')).toBe(null);
      expect(store.address).toMatchObject({ status: 'failed', error: { code: 'address.invalid' } });
      store.forgetAddress();
      expect(store.address).toEqual({ status: 'idle' });
    });

    it('leads nowhere once the person has given it up', async () => {
      const slow = makeLater<Result<Out<'addresses.resolve'>>>();
      const { store } = setUp({ 'addresses.resolve': () => slow.promise });
      await store.openAccount(account());
      const going = store.goTo('oss://b-two/q3/');
      store.forgetAddress();
      slow.resolve(ok({ kind: 'folder', bucket: 'b-two', prefix: 'q3/' }));
      expect(await going).toBe(null);
      expect(store.objects.place).toBe(null);
    });
  });
});
