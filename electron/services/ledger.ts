/** Every request that may cost money, counted as the service bills it. This run only; prices and history have room here. */
import type { UsageView } from '#contract/contract.ts';
import type { RequestReport } from './oss-client.ts';
import { afterTimeout, makePace, type Later } from './pace.ts';

export interface Ledger {
  /** One request as it went over the wire; each try of a call is one. */
  record(report: RequestReport): void;
  /** A picture was used once more without being bought again. */
  reused(): void;
  view(): UsageView;
  /** Stops telling. */
  dispose(): void;
}

/** At most this often the page hears of new figures. */
const TELL_EVERY_MS = 250;

/** Starts an empty ledger; `onChange` gets the figures after a change, the last state always. */
export function makeLedger(options: {
  onChange: (usage: UsageView) => void;
  now: () => number;
  later?: Later;
}): Ledger {
  const usage: UsageView = { snapshots: 0, unclear: 0, reused: 0, requests: 0 };
  const pace = makePace({
    everyMs: TELL_EVERY_MS,
    now: options.now,
    later: options.later ?? afterTimeout,
    tell: () => options.onChange({ ...usage }),
  });
  return {
    record({ kind, status, outcome }) {
      // No status and nothing to pay: the request never left this computer.
      if (status === null && outcome === 'free') return;
      usage.requests += 1;
      if (kind === 'snapshot' && outcome === 'billable') usage.snapshots += 1;
      if (kind === 'snapshot' && outcome === 'unclear') usage.unclear += 1;
      pace.touch();
    },
    reused() {
      usage.reused += 1;
      pace.touch();
    },
    view: () => ({ ...usage }),
    dispose: () => pace.dispose(),
  };
}
