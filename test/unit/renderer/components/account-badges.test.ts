// @vitest-environment jsdom
import { cleanup, render, screen } from '@testing-library/svelte';
import { tick } from 'svelte';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { AccountView } from '#contract/contract.ts';
import { AccountId } from '#contract/ids.ts';
import AccountBadges from '#renderer/components/AccountBadges.svelte';
import { STORES } from '#renderer/state/context.ts';
import { makeStores } from '#renderer/state/stores.ts';
import { makeScriptedClient } from '../state/scripted-client.ts';

const START_MS = Date.parse('2026-01-15T08:00:00Z');
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

beforeEach(() => vi.useFakeTimers({ now: START_MS }));
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

const still = { isDark: false, isOnline: true, onchange: () => () => {} };
const temporary = (endsAtMs: number | null): AccountView => ({
  id: AccountId.parse('0123456789abcdef'),
  kind: 'access-key',
  name: 'Finance',
  colour: 'violet',
  maskedKeyId: 'STS.…9f',
  region: 'cn-hangzhou',
  endpoint: '',
  scope: '',
  isTemporary: true,
  tokenExpiresAt: endsAtMs === null ? null : new Date(endsAtMs).toISOString(),
  hasTokenEnded: false,
  roleArn: null,
  domains: [],
  secretHome: 'keychain',
});

const show = (account: AccountView) => {
  const stores = makeStores(makeScriptedClient({}), { look: still, network: still });
  return render(AccountBadges, { props: { account, speaks: true }, context: new Map([[STORES, stores]]) });
};
const pass = async (ms: number): Promise<void> => {
  vi.advanceTimersByTime(ms);
  await tick();
};

it('counts the last hour of a temporary key down, says five minutes before that it ends, and that it has', async () => {
  const { rerender } = show(temporary(null));
  expect(screen.getByText('Temporary key, end not known')).toBeTruthy();
  await rerender({ account: temporary(START_MS + 2 * HOUR_MS) });
  expect(screen.getByText(/^Temporary key, ends /)).toBeTruthy();
  await pass(HOUR_MS + 1000);
  expect(screen.getByText('Temporary key, 60 min left')).toBeTruthy();
  await pass(54 * MINUTE_MS);
  expect(screen.getByText('Temporary key, 6 min left')).toBeTruthy();
  expect(screen.getByRole('status').textContent).toBe('');
  await pass(2 * MINUTE_MS);
  expect(screen.getByText('Temporary key, 4 min left')).toBeTruthy();
  expect(screen.getByRole('status').textContent).toContain('less than 5 minutes');
  await pass(5 * MINUTE_MS);
  expect(screen.getByText('Temporary key has ended')).toBeTruthy();
});

it('believes the service when it says that the key has ended', () => {
  show({ ...temporary(START_MS + 2 * HOUR_MS), hasTokenEnded: true });
  expect(screen.getByText('Temporary key has ended')).toBeTruthy();
});

it('names the role that a key takes on', () => {
  show({ ...temporary(null), isTemporary: false, roleArn: 'acs:ram::1:role/reader' });
  expect(screen.getByText('RAM role')).toBeTruthy();
});
