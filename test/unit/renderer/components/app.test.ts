// @vitest-environment jsdom
/** The frame over a scripted main: which screen stands when, and that words and look follow the settings at once. */
import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { tick } from 'svelte';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { AccountView, Out } from '#contract/contract.ts';
import { fail, ok } from '#contract/errors.ts';
import { AccountId } from '#contract/ids.ts';
import App from '#renderer/App.svelte';
import { makeStores } from '#renderer/state/stores.ts';
import { makeScriptedClient, type Script } from '../state/scripted-client.ts';

afterEach(cleanup);

const finance: AccountView = {
  id: AccountId.parse('0123456789abcdef'),
  kind: 'access-key',
  name: 'Finance',
  colour: 'violet',
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
const accountsView = (more: Partial<Out<'accounts.get'>> = {}): Out<'accounts.get'> => ({
  accounts: [finance],
  activeId: null,
  opening: 'idle',
  problem: null,
  ...more,
});
const still = { isDark: false, isOnline: true, onchange: () => () => {} };

async function setUp(view = accountsView(), script: Script = {}) {
  const client = makeScriptedClient({
    'app.info': () =>
      ok({
        version: '0.1.0',
        electronVersion: '45.0.0',
        platform: 'linux',
        systemLanguage: 'en',
        isTestRuntime: false,
        office: { available: true, command: null },
      }),
    'usage.get': () => ok({ snapshots: 0, unclear: 0, reused: 0, requests: 0 }),
    'settings.get': () =>
      ok({
        language: 'system',
        theme: 'system',
        tint: 'none',
        readsFiles: true,
        failedCallCost: 0.2,
        lookAhead: 'normal',
        letterKeys: true,
      }),
    'settings.set': (change) =>
      ok({
        language: 'system',
        theme: 'system',
        tint: 'none',
        readsFiles: true,
        failedCallCost: 0.2,
        lookAhead: 'normal',
        letterKeys: true,
        ...change,
      }),
    'accounts.get': () => ok(view),
    'accounts.use': () => ok(finance),
    'accounts.leave': () => ok({}),
    'exports.get': () => ok({ jobs: [] }),
    ...script,
  });
  const stores = makeStores(client, { look: still, network: still });
  render(App, { stores });
  await stores.load();
  await tick();
  return { client, stores };
}
const callsOf = (client: { calls: { name: string }[] }): string[] => client.calls.map((call) => call.name);

describe('the first screen', () => {
  it('offers the samples in one click, saved accounts and the form', async () => {
    const { client } = await setUp();
    await fireEvent.click(screen.getByRole('button', { name: 'Try with sample documents, no key' }));
    expect(client.calls.at(-1)).toEqual({ name: 'accounts.use', input: { accountId: 'samples' } });
    await fireEvent.click(screen.getByRole('button', { name: 'Open Finance' }));
    expect(client.calls.at(-1)).toEqual({ name: 'accounts.use', input: { accountId: finance.id } });
    await fireEvent.click(screen.getByRole('button', { name: 'Add another account' }));
    expect(screen.getByRole('heading', { name: 'Connect to your own documents' })).toBeTruthy();
  });

  it('shows the form at once where there is no account, and what is missing where it is missing', async () => {
    const { client } = await setUp(accountsView({ accounts: [] }));
    const before = client.calls.length;
    await fireEvent.click(screen.getByRole('button', { name: 'Connect' }));
    const id = screen.getByLabelText('AccessKey ID');
    expect(id.getAttribute('aria-invalid')).toBe('true');
    const said = document.getElementById(id.getAttribute('aria-describedby') ?? '');
    expect(said?.textContent).toBe('Please fill this in.');
    await vi.waitFor(() => expect(document.activeElement).toBe(id));
    expect(client.calls.length).toBe(before);
  });

  it('hides the secret until it is shown', async () => {
    await setUp(accountsView({ accounts: [] }));
    const secret = screen.getByLabelText<HTMLInputElement>('AccessKey secret');
    expect(secret.type).toBe('password');
    await fireEvent.click(screen.getAllByRole('button', { name: 'Show' })[0]!);
    expect(secret.type).toBe('text');
  });

  it('speaks the other language in one click, and keeps what was typed', async () => {
    await setUp(accountsView({ accounts: [] }));
    await fireEvent.input(screen.getByLabelText('AccessKey ID'), { target: { value: 'LTAI1' } });
    await fireEvent.click(screen.getByRole('button', { name: '简体中文' }));
    await vi.waitFor(() => expect(screen.getByRole('button', { name: '连接' })).toBeTruthy());
    expect(screen.getByLabelText<HTMLInputElement>('AccessKey ID').value).toBe('LTAI1');
    expect(document.documentElement.lang).toBe('zh-CN');
  });

  it('turns dark when main says so', async () => {
    const { client } = await setUp();
    expect(document.documentElement.dataset['theme']).toBe('light');
    client.say('settings.changed', {
      language: 'en',
      theme: 'dark',
      tint: 'none',
      readsFiles: true,
      failedCallCost: 0.2,
      lookAhead: 'normal',
      letterKeys: true,
    });
    await tick();
    expect(document.documentElement.dataset['theme']).toBe('dark');
  });
});

describe('on the way into an account', () => {
  it('shows the accounts, not the form, to who comes back from the account just added', async () => {
    const { client } = await setUp(accountsView({ activeId: null }));
    await fireEvent.click(screen.getByRole('button', { name: 'Add another account' }));
    expect(screen.getByLabelText('AccessKey ID')).toBeTruthy();
    client.say('accounts.changed', accountsView({ activeId: finance.id }));
    await tick();
    client.say('accounts.changed', accountsView({ activeId: null }));
    await tick();
    expect(screen.getByRole('button', { name: `Open ${finance.name}` })).toBeTruthy();
    expect(screen.queryByLabelText('AccessKey ID')).toBe(null);
  });

  it('says that it waits for the keyring, and leaves on Cancel', async () => {
    const { client } = await setUp(accountsView({ activeId: finance.id, opening: 'waiting' }));
    expect(screen.getByRole('heading', { name: 'Waiting for your keyring…' })).toBeTruthy();
    await fireEvent.click(screen.getByRole('button', { name: 'Cancel' }));
    expect(callsOf(client)).toContain('accounts.leave');
  });

  it('takes the secret for this run while the keyring does not answer', async () => {
    const { client } = await setUp(accountsView({ activeId: finance.id, opening: 'waiting' }), {
      'accounts.enterSecret': () => ok(finance),
    });
    await fireEvent.click(screen.getByRole('button', { name: 'Type the secret for this run instead' }));
    await fireEvent.input(screen.getByLabelText('Secret of Finance'), { target: { value: 's3cret' } });
    await fireEvent.click(screen.getByRole('button', { name: 'Open' }));
    await vi.waitFor(() => expect(callsOf(client)).toContain('accounts.enterSecret'));
    expect(client.calls.find((call) => call.name === 'accounts.enterSecret')?.input).toMatchObject({ keep: 'session' });
  });

  it('asks for the secret again where its entry is gone', async () => {
    const { client } = await setUp(
      accountsView({ activeId: finance.id, problem: fail('keychain.missing', 'no entry').error }),
      { 'accounts.enterSecret': () => ok(finance) },
    );
    expect(screen.getByText('The secret of this account is not in the keychain.')).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Try again' })).toBe(null);
    await fireEvent.input(screen.getByLabelText('Secret of Finance'), { target: { value: 's3cret' } });
    await fireEvent.click(screen.getByRole('button', { name: 'Open' }));
    await vi.waitFor(() => expect(callsOf(client)).toContain('accounts.enterSecret'));
    expect(client.calls.find((call) => call.name === 'accounts.enterSecret')?.input).toEqual({
      accountId: finance.id,
      accessKeySecret: 's3cret',
      keep: 'keychain',
    });
  });

  it('does not call a secret removed that was kept for one run only', async () => {
    const problem = fail('keychain.missing', 'raw', { detail: { keep: 'session' } }).error;
    await setUp(accountsView({ activeId: finance.id, problem }));
    expect(screen.getByText('The secret of this account was not kept.')).toBeTruthy();
    expect(screen.queryByText(/removed from outside/)).toBe(null);
    expect(screen.getByRole<HTMLInputElement>('radio', { name: 'Only until I quit' }).checked).toBe(true);
  });

  it('gives up a keychain that does not answer when the person leaves', async () => {
    let given: AbortSignal | undefined;
    const { client } = await setUp(
      accountsView({ activeId: finance.id, problem: fail('keychain.missing', 'no entry').error }),
      {
        'accounts.enterSecret': (_entry, signal) => {
          given = signal;
          return new Promise(() => undefined);
        },
      },
    );
    await fireEvent.input(screen.getByLabelText('Secret of Finance'), { target: { value: 's3cret' } });
    await fireEvent.click(screen.getByRole('button', { name: 'Open' }));
    expect(given?.aborted).toBe(false);
    // Somebody who types the password of the keyring takes longer than our patience: that is no leaving.
    client.say('accounts.changed', accountsView({ activeId: finance.id, opening: 'waiting' }));
    await tick();
    expect(given?.aborted).toBe(false);
    await fireEvent.click(screen.getByRole('button', { name: 'Cancel' }));
    expect(given?.aborted).toBe(true);
  });

  it.each(['keychain.locked', 'keychain.unavailable'] as const)('%s: again, or for this run only', async (code) => {
    await setUp(accountsView({ activeId: finance.id, problem: fail(code, 'raw').error }));
    expect(screen.getByRole('button', { name: 'Try again' })).toBeTruthy();
    expect(screen.getByRole<HTMLInputElement>('radio', { name: 'Only until I quit' }).checked).toBe(true);
  });
});

it('takes no document of one account along into another', async () => {
  const other: AccountView = { ...finance, id: AccountId.parse('fedcba9876543210'), name: 'Archive' };
  const accounts = [finance, other];
  const { client, stores } = await setUp(accountsView({ accounts, activeId: finance.id }), {
    'buckets.list': () => ok({ buckets: [] }),
    'documents.open': () => new Promise(() => undefined),
  });
  const request = { bucket: 'reports', key: 'a.pdf', versionId: null, source: null, pageNumber: null };
  void stores.document.open(finance.id, request);
  await tick();
  expect(screen.getByText('Opening a.pdf…')).toBeTruthy();
  client.say('accounts.changed', accountsView({ accounts, activeId: other.id }));
  await tick();
  expect(stores.document.wish).toBe(null);
  expect(screen.queryByText('Opening a.pdf…')).toBe(null);
});

it('says so when main does not answer at all, and tries again', async () => {
  let isBroken = true;
  await setUp(accountsView(), { 'accounts.get': () => (isBroken ? fail('internal', 'bug') : ok(accountsView())) });
  expect(screen.getByRole('heading', { name: 'Pagelens could not start properly.' })).toBeTruthy();
  isBroken = false;
  await fireEvent.click(screen.getByRole('button', { name: 'Try again' }));
  await vi.waitFor(() => expect(screen.getByRole('button', { name: 'Open Finance' })).toBeTruthy());
});
