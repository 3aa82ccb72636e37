import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { UsageView } from '#contract/contract.ts';
import { AccountId } from '#contract/ids.ts';
import { makeLedger, openLedgerFile, type LedgerOptions } from '#services/ledger.ts';
import { SAMPLES } from '#services/account-views.ts';
import { makeLog } from '#services/log.ts';
import type { RequestReport } from '#services/oss-client.ts';
import { makeHandClock } from './hand-clock.ts';

const ACCOUNT = AccountId.parse('0123456789abcdef');
const HEAD = { kind: 'head', bucket: 'reports', key: 'a.pdf', host: 'reports.oss-cn-hangzhou.aliyuncs.com' } as const;
const snapshot = (more: Partial<RequestReport>): RequestReport => ({
  kind: 'snapshot',
  bucket: 'reports',
  key: 'a.pdf',
  pageNumber: 1,
  target: 'png',
  host: 'reports.oss-cn-hangzhou.aliyuncs.com',
  status: 200,
  bytes: 5000,
  outcome: 'billable',
  ...more,
});

function openLedger() {
  const clock = makeHandClock();
  const told: UsageView[] = [];
  const ledger = makeLedger({ onChange: (usage) => told.push(usage), now: clock.now, later: clock.later });
  return { clock, told, ledger };
}

describe('the ledger', () => {
  it('counts pictures bought, pictures in doubt, requests and what was saved', () => {
    const { ledger } = openLedger();
    ledger.of(ACCOUNT).record(snapshot({}));
    ledger.of(ACCOUNT).record(snapshot({ status: 503, outcome: 'free' }));
    ledger.of(ACCOUNT).record(snapshot({ status: null, outcome: 'unclear' }));
    ledger.of(ACCOUNT).record(snapshot({ status: 200, outcome: 'unclear' }));
    ledger.of(ACCOUNT).record({ ...HEAD, status: 200, bytes: 0, outcome: 'billable' });
    ledger.reused(ACCOUNT);
    expect(ledger.view()).toEqual({ snapshots: 1, unclear: 2, reused: 1, requests: 5 });
  });
  it('does not count a request that never left this computer', () => {
    const { ledger } = openLedger();
    ledger.of(ACCOUNT).record(snapshot({ status: null, outcome: 'free' }));
    expect(ledger.view()).toEqual({ snapshots: 0, unclear: 0, reused: 0, requests: 0 });
  });
  it('tells a storm of requests in a few words, the last state always', () => {
    const { clock, told, ledger } = openLedger();
    for (let request = 0; request < 100; request += 1) {
      ledger.of(ACCOUNT).record(snapshot({}));
      clock.pass(10);
    }
    clock.pass(1000);
    expect(told.length).toBeLessThanOrEqual(6);
    expect(told.at(-1)?.snapshots).toBe(100);
  });
  it('hands out copies: nobody can change the books', () => {
    const { ledger } = openLedger();
    ledger.view().snapshots = 99;
    expect(ledger.view().snapshots).toBe(0);
  });
});

describe('months', () => {
  let folder: string;
  beforeEach(async () => void (folder = await mkdtemp(path.join(tmpdir(), 'ledger-'))));
  afterEach(() => rm(folder, { recursive: true, force: true }));

  /** Ten minutes before November begins in UTC+8. */
  const BEFORE_NOVEMBER = Date.UTC(2026, 9, 31, 15, 50);
  const OTHER = AccountId.parse('fedcba9876543210');

  async function openAt(startMs: number, more: Partial<LedgerOptions> = {}) {
    const clock = makeHandClock();
    const now = (): number => startMs - 1_000_000 + clock.now();
    const log = makeLog({ level: 'debug', now, write: () => undefined });
    const file = await openLedgerFile({ folder, log, now });
    const ledger = makeLedger({ onChange: () => undefined, now, later: clock.later, file, ...more });
    return { clock, ledger };
  }

  it('begin when the bill’s do, in UTC+8, and are kept apart by account', async () => {
    const { clock, ledger } = await openAt(BEFORE_NOVEMBER);
    ledger.of(ACCOUNT).record(snapshot({ bytes: 700 }));
    clock.pass(11 * 60_000);
    ledger.of(ACCOUNT).record(snapshot({ bytes: 30 }));
    ledger.of(ACCOUNT).record(snapshot({ bytes: 5, status: 200, outcome: 'unclear' }));
    ledger.of(OTHER).record({ ...HEAD, status: 404, bytes: 9, outcome: 'free' });
    ledger.reused(OTHER);
    expect(ledger.months(ACCOUNT)).toEqual(['2026-11', '2026-10']);
    expect(ledger.count(ACCOUNT, '2026-10')).toEqual({
      items: { convert: { sure: 1, unclear: 0 }, get: { sure: 1, unclear: 0 }, traffic: { sure: 700, unclear: 0 } },
      kinds: { snapshot: { billable: 1, free: 0, unclear: 0, bytes: 700 } },
      reused: 0,
    });
    expect(ledger.count(ACCOUNT, '2026-11')).toMatchObject({
      items: { convert: { sure: 1, unclear: 1 }, traffic: { sure: 35, unclear: 0 } },
    });
    expect(ledger.count(OTHER, '2026-11')).toEqual({
      items: { traffic: { sure: 9, unclear: 0 } },
      kinds: { head: { billable: 0, free: 1, unclear: 0, bytes: 9 } },
      reused: 1,
    });
  });

  it('do not count the samples, nor a key that is only tried', async () => {
    const { ledger } = await openAt(BEFORE_NOVEMBER);
    ledger.of(SAMPLES).record(snapshot({}));
    ledger.of(null).record(snapshot({}));
    ledger.reused(SAMPLES);
    expect([ledger.months(SAMPLES), ledger.view().snapshots]).toEqual([[], 2]);
  });

  it('outlive the run, a kill but for its last two seconds', async () => {
    const first = await openAt(BEFORE_NOVEMBER);
    first.ledger.of(ACCOUNT).record(snapshot({}));
    first.clock.pass(2000);
    await first.ledger.flush();
    first.ledger.of(ACCOUNT).record(snapshot({}));
    // Killed here: neither flushed nor disposed of.
    const second = await openAt(BEFORE_NOVEMBER);
    expect(second.ledger.count(ACCOUNT, '2026-10').items.convert).toEqual({ sure: 1, unclear: 0 });
    second.ledger.of(ACCOUNT).record(snapshot({}));
    await second.ledger.flush();
    second.ledger.forget(OTHER);
    const third = await openAt(BEFORE_NOVEMBER);
    expect(third.ledger.count(ACCOUNT, '2026-10').items.convert).toEqual({ sure: 2, unclear: 0 });
    third.ledger.forget(ACCOUNT);
    await third.ledger.flush();
    expect((await openAt(BEFORE_NOVEMBER)).ledger.months(ACCOUNT)).toEqual([]);
  });

  it('set a broken file aside and count on', async () => {
    await writeFile(path.join(folder, 'ledger.json'), '{ "version": 1, "accounts": { "x": ');
    const { ledger } = await openAt(BEFORE_NOVEMBER);
    ledger.of(ACCOUNT).record(snapshot({}));
    await ledger.flush();
    expect(JSON.parse(await readFile(path.join(folder, 'ledger.json'), 'utf8'))).toMatchObject({
      accounts: { [ACCOUNT]: { '2026-10': { items: { convert: { sure: 1 } } } } },
    });
  });
});
