import { describe, expect, it } from 'vitest';
import type { UsageView } from '#contract/contract.ts';
import { makeLedger } from '#services/ledger.ts';
import type { RequestReport } from '#services/oss-client.ts';
import { makeHandClock } from './hand-clock.ts';

const snapshot = (more: Partial<RequestReport>): RequestReport => ({
  kind: 'snapshot',
  bucket: 'reports',
  key: 'a.pdf',
  pageNumber: 1,
  target: 'png',
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
    ledger.record(snapshot({}));
    ledger.record(snapshot({ status: 503, outcome: 'free' }));
    ledger.record(snapshot({ status: null, outcome: 'unclear' }));
    ledger.record(snapshot({ status: 200, outcome: 'unclear' }));
    ledger.record({ kind: 'head', bucket: 'reports', key: 'a.pdf', status: 200, bytes: 0, outcome: 'billable' });
    ledger.reused();
    expect(ledger.view()).toEqual({ snapshots: 1, unclear: 2, reused: 1, requests: 5 });
  });
  it('does not count a request that never left this computer', () => {
    const { ledger } = openLedger();
    ledger.record(snapshot({ status: null, outcome: 'free' }));
    expect(ledger.view()).toEqual({ snapshots: 0, unclear: 0, reused: 0, requests: 0 });
  });
  it('tells a storm of requests in a few words, the last state always', () => {
    const { clock, told, ledger } = openLedger();
    for (let request = 0; request < 100; request += 1) {
      ledger.record(snapshot({}));
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
