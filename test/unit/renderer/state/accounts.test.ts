import { describe, expect, it, vi } from 'vitest';
import type { AccountDraft, AccountView, Out } from '#contract/contract.ts';
import { fail, ok } from '#contract/errors.ts';
import { AccountId } from '#contract/ids.ts';
import { AccountForm } from '#renderer/state/accounts-form.svelte.ts';
import { AccountsStore } from '#renderer/state/accounts.svelte.ts';
import type { Timers } from '#renderer/state/clock.ts';
import { makeLater, makeScriptedClient, type Script } from './scripted-client.ts';

const id = AccountId.parse('0123456789abcdef');
const finance: AccountView = {
  id,
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
};
const samples: AccountView = { ...finance, id: AccountId.parse('samples'), kind: 'samples', secretHome: 'none-needed' };
const view = (more: Partial<Out<'accounts.get'>> = {}): Out<'accounts.get'> => ({
  accounts: [samples, finance],
  activeId: null,
  opening: 'idle',
  problem: null,
  ...more,
});
const report = { tested: 'list-buckets', bucketCount: 1, bucketsHidden: false, tookMs: 5, skewMs: null } as const;
const problem = fail('keychain.locked', 'locked').error;

function setUp(script: Script = {}) {
  const client = makeScriptedClient({
    'accounts.get': () => ok(view()),
    'accounts.use': () => ok(finance),
    'accounts.add': () => ok(finance),
    'accounts.test': () => ok(report),
    'accounts.leave': () => ok({}),
    ...script,
  });
  return { client, accounts: new AccountsStore(client), calls: () => client.calls.map((call) => call.name) };
}

describe('AccountsStore', () => {
  it('knows nothing until main has told, then tells saved accounts from the samples', async () => {
    const { accounts } = setUp();
    expect(accounts.status).toBe('loading');
    await accounts.load();
    expect([accounts.status, accounts.saved, accounts.active]).toEqual(['ready', [finance], null]);
  });

  it('has an account in use only when it is open and without a problem', () => {
    const { client, accounts } = setUp();
    client.say('accounts.changed', view({ activeId: id, opening: 'waiting' }));
    expect([accounts.chosen?.name, accounts.active, accounts.opening]).toEqual(['Finance', null, 'waiting']);
    client.say('accounts.changed', view({ activeId: id, problem }));
    expect([accounts.active, accounts.problem?.code]).toEqual([null, 'keychain.locked']);
    client.say('accounts.changed', view({ activeId: id }));
    expect(accounts.active?.id).toBe(id);
  });

  it('says why main could not tell, and recovers', async () => {
    let isBroken = true;
    const { accounts } = setUp({ 'accounts.get': () => (isBroken ? fail('internal', 'bug') : ok(view())) });
    await accounts.load();
    expect([accounts.status, accounts.failure?.code]).toEqual(['failed', 'internal']);
    isBroken = false;
    await accounts.load();
    expect([accounts.status, accounts.failure]).toEqual(['ready', null]);
  });

  it('a second wish stops the first', async () => {
    const { accounts } = setUp({ 'accounts.use': () => new Promise(() => {}) });
    const first = accounts.use('samples');
    void accounts.use(id);
    expect(await first).toMatchObject({ ok: false, error: { code: 'cancelled' } });
  });

  it('goes back to the first screen when the waiting is stopped', async () => {
    const { accounts, calls } = setUp({ 'accounts.use': () => new Promise(() => {}) });
    const opening = accounts.use(id);
    void accounts.leave();
    expect(await opening).toMatchObject({ ok: false, error: { code: 'cancelled' } });
    expect(calls()).toEqual(['accounts.use', 'accounts.leave']);
  });
});

describe('AccountForm', () => {
  function makeTimers() {
    const running = new Map<number, () => void>();
    let last = 0;
    const timers: Timers = {
      set: (callback) => {
        running.set(++last, callback);
        return last;
      },
      clear: (timer) => void running.delete(timer as number),
    };
    return { timers, fire: () => [...running.values()].forEach((callback) => callback()), running };
  }
  function fillIn(form: AccountForm): void {
    form.accessKeyId = ' LTAI5tKey ';
    form.accessKeySecret = ' s3cret ';
  }
  function setUpForm(script: Script = {}) {
    const { client, accounts } = setUp(script);
    const time = makeTimers();
    const form = new AccountForm(accounts, time.timers);
    return { client, form, ...time };
  }

  it('sends nothing while something is missing, and says what only after a try', async () => {
    const { client, form } = setUpForm();
    expect(form.problems).toEqual({});
    expect(await form.connect('Hangzhou')).toBe(false);
    expect(form.problems).toEqual({ accessKeyId: 'missing', accessKeySecret: 'missing' });
    form.accessKeyId = 'LTAI';
    expect(form.problems).toEqual({ accessKeySecret: 'missing' });
    expect(client.calls).toEqual([]);
  });

  it.each([
    ['region', 'Hang zhou', { region: 'region' }],
    ['scope', 'Bucket/a', { scope: 'scope' }],
    ['scope', 'oss://team-docs/报告/', {}],
    ['scope', 'team-docs', {}],
    ['endpoint', 'my host', { endpoint: 'endpoint' }],
    ['tokenEnds', 'tomorrow', { tokenExpiresAt: 'time' }],
  ] as const)('%s = %j', async (field, value, problems) => {
    const { form } = setUpForm({ 'accounts.test': () => fail('net.offline', 'none') });
    fillIn(form);
    if (field === 'tokenEnds') Object.assign(form, { way: 'temporary', securityToken: 'CAIS' });
    form[field] = value;
    await form.test();
    expect(form.problems).toEqual(problems);
  });

  it('trims what was pasted, names the account by its place, and forgets the secret', async () => {
    const { form, client } = setUpForm();
    fillIn(form);
    expect(await form.connect('China (Hangzhou)')).toBe(true);
    expect(client.calls.map((call) => call.name)).toEqual(['accounts.test', 'accounts.add']);
    expect(client.calls[1]?.input).toEqual({
      draft: {
        name: 'China (Hangzhou)',
        colour: 'teal',
        accessKeyId: 'LTAI5tKey',
        accessKeySecret: 's3cret',
        region: 'cn-hangzhou',
        endpoint: '',
        scope: '',
      },
      keep: 'keychain',
    });
    expect([form.accessKeySecret, form.securityToken]).toEqual(['', '']);
  });

  it('keeps what was typed when the keychain is not there, and offers to go without it', async () => {
    const keeps: string[] = [];
    const { form } = setUpForm({
      'accounts.add': ({ keep }) => {
        keeps.push(keep);
        return keep === 'keychain' ? fail('keychain.unavailable', 'no store') : ok(finance);
      },
    });
    fillIn(form);
    expect(await form.connect('x')).toBe(false);
    expect(form.work).toMatchObject({ status: 'failed', error: { code: 'keychain.unavailable' } });
    expect(form.accessKeySecret).toBe(' s3cret ');
    expect(await form.connectUnasked('x', 'session')).toBe(true);
    expect(keeps).toEqual(['keychain', 'session']);
  });

  it('says that it waits for the keychain, and lets go when told to', async () => {
    const adding = makeLater<Out<'accounts.add'>>();
    const { form, fire, running } = setUpForm({ 'accounts.add': async () => ok(await adding.promise) });
    fillIn(form);
    const connecting = form.connect('x');
    await vi.waitFor(() => expect(form.work).toEqual({ status: 'connecting', isWaiting: false }));
    fire();
    expect(form.work).toEqual({ status: 'connecting', isWaiting: true });
    form.cancel();
    expect(form.work).toEqual({ status: 'idle' });
    expect(await connecting).toBe(false);
    expect([form.work.status, running.size, form.accessKeySecret]).toEqual(['idle', 0, ' s3cret ']);
  });

  it.each(['oss.signatureMismatch', 'oss.unknownKey', 'net.tls'] as const)(
    'keeps no account after %s',
    async (code) => {
      const { form, client } = setUpForm({ 'accounts.test': () => fail(code, 'no') });
      fillIn(form);
      expect(await form.connect('x')).toBe(false);
      expect(form.work).toMatchObject({ status: 'failed', mayGoOn: false, error: { code } });
      expect(client.calls.map((call) => call.name)).toEqual(['accounts.test']);
      expect(form.accessKeySecret).toBe(' s3cret ');
    },
  );

  it('keeps an account that could not be tried, when told to', async () => {
    const { form, client } = setUpForm({ 'accounts.test': () => fail('net.offline', 'no network') });
    fillIn(form);
    expect(await form.connect('x')).toBe(false);
    expect(form.work).toMatchObject({ status: 'failed', mayGoOn: true });
    expect(await form.connectUnasked('x')).toBe(true);
    expect(client.calls.map((call) => call.name)).toEqual(['accounts.test', 'accounts.add']);
  });

  it('says that it waits for the service, and lets go when told to', async () => {
    const { form, fire, client } = setUpForm({ 'accounts.test': () => new Promise(() => {}) });
    fillIn(form);
    const connecting = form.connect('x');
    expect(form.work).toEqual({ status: 'checking', isWaiting: false });
    fire();
    expect(form.work).toEqual({ status: 'checking', isWaiting: true });
    form.cancel();
    expect(await connecting).toBe(false);
    expect([form.work.status, client.calls.length]).toEqual(['idle', 1]);
  });

  it('shows only the answer to the last test', async () => {
    const slow = makeLater<Out<'accounts.test'>>();
    let count = 0;
    const { form } = setUpForm({
      'accounts.test': async () => (++count === 1 ? ok(await slow.promise) : ok({ ...report, bucketCount: 2 })),
    });
    fillIn(form);
    const first = form.test();
    await form.test();
    slow.resolve(report);
    await first;
    expect(form.work).toEqual({ status: 'tested', report: { ...report, bucketCount: 2 } });
  });

  it('sends what belongs to the way that is chosen, and nothing typed for another one', async () => {
    const drafts: AccountDraft[] = [];
    const { form } = setUpForm({
      'accounts.test': (draft) => {
        drafts.push(draft as AccountDraft);
        return fail('net.offline', 'none');
      },
    });
    fillIn(form);
    Object.assign(form, {
      tokenEnds: '2026-05-01T10:00',
      securityToken: 'CAIS',
      roleArn: ' acs:ram::1:role/reader ',
      durationSeconds: 900,
    });
    for (const way of ['access-key', 'temporary', 'role'] as const) {
      form.way = way;
      await form.test();
    }
    expect(drafts.map((draft) => Object.keys(draft).filter((name) => /token|role/i.test(name)))).toEqual([
      [],
      ['securityToken', 'tokenExpiresAt'],
      ['role'],
    ]);
    expect(drafts[1]).toMatchObject({
      securityToken: 'CAIS',
      tokenExpiresAt: new Date('2026-05-01T10:00').toISOString(),
    });
    expect(drafts[2]?.role).toEqual({
      arn: 'acs:ram::1:role/reader',
      sessionName: '',
      durationSeconds: 900,
      stsEndpoint: '',
    });
  });

  it('takes a profile of this computer by its name, without a secret', async () => {
    const { form, client } = setUpForm({
      'profiles.test': () => ok(report),
      'profiles.take': () => fail('keychain.unavailable', 'none'),
    });
    form.way = 'profile';
    expect(await form.connect('x')).toBe(false);
    expect(form.problems).toEqual({ profile: 'missing' });
    form.profileId = 'aliyun:prod';
    form.scope = 'docs/';
    expect(await form.connect('x')).toBe(false);
    expect(client.calls).toEqual([
      { name: 'profiles.test', input: { id: 'aliyun:prod', name: '', colour: 'teal', scope: 'docs/' } },
      {
        name: 'profiles.take',
        input: { id: 'aliyun:prod', name: '', colour: 'teal', scope: 'docs/', keep: 'keychain' },
      },
    ]);
    expect(form.work).toMatchObject({ status: 'failed', error: { code: 'keychain.unavailable' } });
  });
});
