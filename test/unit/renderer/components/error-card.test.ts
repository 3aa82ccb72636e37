// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { afterEach, expect, it, vi } from 'vitest';
import type { AccountView } from '#contract/contract.ts';
import { fail, ok, type AppError } from '#contract/errors.ts';
import { AccountId } from '#contract/ids.ts';
import ErrorCard from '#renderer/components/ErrorCard.svelte';
import { STORES } from '#renderer/state/context.ts';
import { makeStores } from '#renderer/state/stores.ts';
import { makeScriptedClient } from '../state/scripted-client.ts';

afterEach(cleanup);

const still = { isDark: false, isOnline: true, onchange: () => () => {} };
const error: AppError = {
  ...fail('snapshot.unclear', 'socket hang up').error,
  charged: 'unclear',
  ossCode: 'Imm Client',
  ec: '0056-00000001',
  requestId: '6551DF1C',
};

function show(props: { error: AppError; onretry?: () => void }) {
  const stores = makeStores(
    makeScriptedClient({
      'settings.get': () =>
        ok({
          language: 'en',
          theme: 'system',
          tint: 'none',
          readsFiles: true,
          failedCallCost: 0.2,
          lookAhead: 'normal',
          letterKeys: true,
        }),
    }),
    {
      look: still,
      network: still,
    },
  );
  render(ErrorCard, { props, context: new Map([[STORES, stores]]) });
  return stores;
}

it('says what is so, what to do and what it cost; codes only in the fold', () => {
  show({ error });
  const card = screen.getByRole('alert');
  expect(card.querySelector('.title')?.textContent).toBe('The picture of this page did not arrive.');
  expect(card.textContent).toContain('may already have been charged');
  expect(card.querySelector('details')?.open).toBe(false);
  expect(card.querySelector('details')?.textContent).toContain('0056-00000001');
  expect(screen.queryByRole('button', { name: 'Try again' })).toBe(null);
});

it('copies the facts of the fold and says so', async () => {
  const written: string[] = [];
  vi.stubGlobal('navigator', { clipboard: { writeText: async (text: string) => void written.push(text) } });
  const stores = show({ error });
  await fireEvent.click(screen.getByText('Copy details'));
  await vi.waitFor(() => expect(stores.notices.all.map((notice) => notice.text)).toEqual(['Copied.']));
  expect(written).toEqual(['Code: Imm Client\nEC: 0056-00000001\nRequest ID: 6551DF1C\nMessage: socket hang up']);
  stores.notices.dispose();
  vi.unstubAllGlobals();
});

it('tries again when there is something to try', async () => {
  const onretry = vi.fn();
  show({ error, onretry });
  await fireEvent.click(screen.getByRole('button', { name: 'Try again' }));
  expect(onretry).toHaveBeenCalledOnce();
});

it('offers another secret where the key of the account in use is refused, and only there', async () => {
  const refused = fail('oss.signatureMismatch', 'no').error;
  const stores = show({ error: refused });
  expect(screen.queryByRole('button', { name: 'Enter the secret again…' })).toBe(null);
  cleanup();

  const account: AccountView = {
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
  };
  const inUse = ok({ accounts: [account], activeId: account.id, opening: 'idle' as const, problem: null });
  const client = makeScriptedClient({ 'accounts.get': () => inUse });
  const open = makeStores(client, { look: still, network: still });
  await open.accounts.load();
  render(ErrorCard, { props: { error: refused }, context: new Map([[STORES, open]]) });
  await fireEvent.click(screen.getByRole('button', { name: 'Enter the secret again…' }));
  expect([stores.accounts.wantsSecret, open.accounts.wantsSecret]).toEqual([false, true]);
  cleanup();

  render(ErrorCard, { props: { error }, context: new Map([[STORES, open]]) });
  expect(screen.queryByRole('button', { name: 'Enter the secret again…' })).toBe(null);
});
