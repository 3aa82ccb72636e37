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
  secretHome: 'keychain',
});

it('says that a temporary key has ended when it has, also one that was entered later', async () => {
  const stores = makeStores(makeScriptedClient({}), { look: still, network: still });
  const { rerender } = render(AccountBadges, {
    props: { account: temporary(null) },
    context: new Map([[STORES, stores]]),
  });
  expect(screen.getByText('Temporary key')).toBeTruthy();
  vi.advanceTimersByTime(HOUR_MS);
  await rerender({ account: temporary(START_MS + 2 * HOUR_MS) });
  vi.advanceTimersByTime(HOUR_MS - 1000);
  await tick();
  expect(screen.getByText(/^Temporary key, ends /)).toBeTruthy();
  vi.advanceTimersByTime(2000);
  await tick();
  expect(screen.getByText('Temporary key has ended')).toBeTruthy();
});
