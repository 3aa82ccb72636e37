/**
 * Composition of everything between the app and OSS: senders, ledger, the samples' own service, keychain, accounts. It
 * knows no window: whoever composes the app says who hears of changes.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import path from 'node:path';
import { setTimeout as waitFor } from 'node:timers/promises';
import type { AccountsView, EventOf, UsageView } from '#contract/contract.ts';
import type { CostView } from '#contract/cost.ts';
import type { AccountId } from '#contract/ids.ts';
import { makeLocalOss } from '#local-oss/handle.ts';
import { makePageRenderer } from '#local-oss/rendering/render.ts';
import { Credentials } from '#oss/credentials.ts';
import { SAMPLES_ENDPOINT } from '#services/account-views.ts';
import { makeAccounts, type Accounts } from '#services/accounts.ts';
import { makeAssumedRole } from '#services/assumed-role.ts';
import { fixedCredentials } from '#services/credential-source.ts';
import { makeInProcessSend } from '#services/in-process-send.ts';
import type { Keychain } from '#services/keychain.ts';
import { makeKeytarKeychain } from '#services/keychain-keytar.ts';
import { makeCost, type Cost } from '#services/cost.ts';
import type { JsonFile } from '#services/json-file.ts';
import { makeLedger, type Ledger, type LedgerFile } from '#services/ledger.ts';
import type { Log } from '#services/log.ts';
import { makeNodeSend } from '#services/node-send.ts';
import { makeOssClient } from '#services/oss-client.ts';
import { makeNetwork, type Network } from '#services/network.ts';
import { makeNetworkTest, type NetworkTest } from '#services/network-test.ts';
import { afterTimeout } from '#services/pace.ts';
import type { Settings } from '#services/settings.ts';
import { makeOssSession } from '#shell/oss-session.ts';
import { makeSessionSend } from '#shell/session-sender.ts';

export interface WayToOss {
  accounts: Accounts;
  ledger: Ledger;
  cost: Cost;
  network: Network;
  networkTest: NetworkTest;
  /** The one keychain of this process: its calls run one after the other. */
  keychain: Keychain;
  /** The proxy decision for an address, in PAC's words. */
  resolveProxy(url: string): Promise<string>;
  /** True while a call is inside the system's keychain, which nothing can stop. */
  isStuck(): boolean;
  dispose(): Promise<void>;
}

export interface WayToOssOptions {
  settings: Settings;
  log: Log;
  /** The app's own data: conversions of the samples go there. */
  userData: string;
  /** Where workers, WebAssembly and samples lie as real files. */
  filesFolder: string;
  onAccounts(view: AccountsView): void;
  onMoved(event: EventOf<'buckets.moved'>): void;
  onSkew(skewMs: number): void;
  /** An account signs with another secret, or goes another way, from now on. */
  onRenewed(id: AccountId): void;
  onUsage(usage: UsageView): void;
  /** Where the ledger is kept. */
  ledgerFile: JsonFile<LedgerFile>;
  onCost(view: CostView): void;
  /** An account may buy again what it had to leave. */
  onRaised(id: AccountId): void;
}

/** The app's time; tests compose their own parts with a clock of their own. */
export const time = { now: Date.now, later: afterTimeout };

/** Makes the way and opens nothing: the first request does. */
export function makeWayToOss(options: WayToOssOptions): WayToOss {
  const { settings, log } = options;
  const ledger = makeLedger({
    ...time,
    onChange: options.onUsage,
    onCount: (id) => cost.touch(id),
    file: options.ledgerFile,
  });
  const cost = makeCost({
    ...time,
    ...{ settings, ledger, onChange: options.onCost, onRaised: options.onRaised },
    isThere: (id) => accounts.view().accounts.some((account) => account.id === id),
  });
  const toClient = { ...time, random: Math.random, sleep: sleepUnlessAborted };
  const keychain = makeKeytarKeychain();
  const network = makeNetwork({ settings, keychain, folder: path.join(options.userData, 'network'), now: time.now });
  const ossSession = makeOssSession(network, time.now);
  const way = {
    ...ossSession,
    authorities: () => network.authorities().map((certificate) => certificate.toString()),
    async signInFor(proxy: string, signal: AbortSignal) {
      const signIn = await network.signInFor(proxy, signal);
      return signIn.ok ? signIn.value : null;
    },
  };
  const nodeSend = makeNodeSend(way);
  const send = makeSessionSend(ossSession, network);
  const networkTest = makeNetworkTest({
    ...way,
    scriptUrl: network.scriptUrl,
    send,
    now: time.now,
    sleep: sleepUnlessAborted,
  });

  // The samples have an OSS of their own in this process: no port, and keys made for this run.
  const sampleKey = { accessKeyId: 'LTAIpagelenssamples', accessKeySecret: randomBytes(24).toString('hex') };
  const samples = makeLocalOss({
    ...time,
    rootFolder: path.join(options.filesFolder, 'samples'),
    region: SAMPLES_ENDPOINT.region,
    keys: [sampleKey],
    renderer: makePageRenderer({
      workFolder: path.join(options.userData, 'conversions'),
      helperFolder: path.join(options.filesFolder, 'helpers'),
    }),
  });
  const samplesSend = makeInProcessSend(samples);
  const samplesCredentials = fixedCredentials(new Credentials(sampleKey));

  const accounts = makeAccounts({
    ...time,
    settings,
    keychain,
    log,
    randomBytes,
    makeClient: ({ accountId, ...way }, credentials) =>
      makeOssClient({
        ...toClient,
        ...way,
        onRequest: ledger.of(accountId).record,
        onSkew: options.onSkew,
        credentials,
        send,
        rawSend: nodeSend.send,
      }),
    makeRole: (of) => makeAssumedRole({ ...toClient, ...of, send, newNonce: randomUUID }),
    makeSamplesClient: () =>
      makeOssClient({
        ...toClient,
        onRequest: () => undefined, // the ledger counts what is billed; the samples are free
        endpoint: SAMPLES_ENDPOINT,
        credentials: samplesCredentials,
        send: samplesSend,
        rawSend: samplesSend,
      }),
    onChange: options.onAccounts,
    onRenewed: options.onRenewed,
    onMoved: options.onMoved,
  });

  return {
    accounts,
    ledger,
    cost,
    network,
    networkTest,
    keychain,
    resolveProxy: ossSession.resolveProxy,
    isStuck: keychain.isBusy,
    async dispose() {
      accounts.dispose();
      cost.dispose();
      await ledger.flush();
      ledger.dispose();
      nodeSend.dispose();
      await samples.dispose();
    },
  };
}

const sleepUnlessAborted = (ms: number, signal: AbortSignal): Promise<void> => waitFor(ms, undefined, { signal });
