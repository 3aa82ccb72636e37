/** The door between page and main process with the real services behind it: settings on disk, local-oss, a keychain in memory. */
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as waitFor } from 'node:timers/promises';
import type { CallName, In, Out } from '#contract/contract.ts';
import type { Result } from '#contract/errors.ts';
import type { EventFrame } from '#contract/wire.ts';
import { makeHandlers, type Desktop } from '#ipc/handlers.ts';
import { makeRouter, PAGE_ORIGIN, toEventFrame, type Handlers, type Router, type Sender } from '#ipc/router.ts';
import { makeSessions, type Sessions } from '#ipc/sessions.ts';
import { makeLocalOss } from '#local-oss/handle.ts';
import { readWorld } from '#local-oss/world.ts';
import { Credentials } from '#oss/credentials.ts';
import { SAMPLES_ENDPOINT } from '#services/account-views.ts';
import { makeAccounts, type Accounts } from '#services/accounts.ts';
import { makeAssumedRole } from '#services/assumed-role.ts';
import { fixedCredentials, type CredentialSource } from '#services/credential-source.ts';
import { makeCliProfiles } from '#services/cli-profiles.ts';
import { makeDoctorDesk } from '#services/doctor-desk.ts';
import { makeDocuments } from '#services/documents.ts';
import { makeExports } from '#services/exports.ts';
import { makeFolderGrants } from '#services/folder-grants.ts';
import { makeInProcessSend } from '#services/in-process-send.ts';
import { makeKeychain, makeMemoryStore, type SecretStore } from '#services/keychain.ts';
import { makeCost } from '#services/cost.ts';
import { makeLedger } from '#services/ledger.ts';
import { makeLog } from '#services/log.ts';
import type { ClientWay } from '#services/open-accounts.ts';
import { makeOssClient } from '#services/oss-client.ts';
import { makeNetwork } from '#services/network.ts';
import { makeNetworkTest } from '#services/network-test.ts';
import { afterTimeout } from '#services/pace.ts';
import { makeOfflinePages, type OfflinePages } from '#services/offline-pages.ts';
import { makeOutsideLinks } from '#services/outside-links.ts';
import { openPlaces, type Places } from '#services/places.ts';
import { openSettings, type Settings } from '#services/settings.ts';

/** The sample documents, as a folder of buckets. */
const SAMPLES_FOLDER = path.resolve(import.meta.dirname, '../../../electron/local-oss/samples');

export const KEY = { accessKeyId: 'LTAI5tDeskDeskDeskDesk01', accessKeySecret: 'PlantedSecret0123456789abcdefG' };
export const WINDOW = 1;
export const PAGE: Sender = { windowId: WINDOW, isMainFrame: true, url: `${PAGE_ORIGIN}/` };

export interface Desk {
  folder: string;
  router: Router;
  handlers: Handlers;
  sessions: Sessions;
  settings: Settings;
  accounts: Accounts;
  places: Places;
  offline: OfflinePages;
  store: SecretStore;
  /** Everything that left main: event frames, log lines, clipboard. */
  events: EventFrame[];
  logLines: string[];
  clipboard: string[];
  /** A call as the page makes it. */
  call<K extends CallName>(name: K, input: In<K>): Promise<Result<Out<K>>>;
  dispose(): Promise<void>;
}

export interface DeskOptions {
  /** What the dialog for a file answers; absent: it is cancelled. */
  chosenFile?: string;
  /** Kept between two desks to test a restart. */
  folder?: string;
  store?: SecretStore;
  securityToken?: string;
  /** What the service holds besides the samples. */
  world?: object;
  /** Where the profiles of command-line tools are looked for; empty unless said. */
  home?: string;
  later?: typeof afterTimeout;
}

/** Sets everything up over local-oss in this process. No picture is ever asked of it here, so it has no renderer. */
export async function makeDesk(options: DeskOptions = {}): Promise<Desk> {
  const folder = options.folder ?? (await mkdtemp(path.join(tmpdir(), 'pagelens-desk-')));
  const store = options.store ?? makeMemoryStore();
  const events: EventFrame[] = [];
  const logLines: string[] = [];
  const clipboard: string[] = [];
  const time = { now: Date.now, later: options.later ?? afterTimeout };
  const log = makeLog({ level: 'debug', now: time.now, write: (line) => logLines.push(line) });
  const settings = await openSettings(path.join(folder, 'settings.json'), log, time.now);
  const service = makeLocalOss({
    rootFolder: SAMPLES_FOLDER,
    ...(options.world && { world: readWorld(options.world, '.') }),
    region: 'cn-hangzhou',
    keys: [options.securityToken ? { ...KEY, securityToken: options.securityToken } : KEY],
    renderer: { render: () => Promise.reject(new Error('no pictures here')), dispose: async () => undefined },
    now: time.now,
  });
  const send = makeInProcessSend(service);
  const ledger = makeLedger({ ...time, onChange: () => undefined, onCount: (id) => cost.touch(id) });
  const cost = makeCost({
    ...time,
    settings,
    ledger,
    onChange: (view) => events.push(toEventFrame('cost.changed', view)),
    onRaised: (id) => documents.lookAgain(id),
    isThere: (id) => accounts.view().accounts.some((account) => account.id === id),
  });
  const toClient = {
    now: time.now,
    random: () => 0,
    sleep: (ms: number, signal: AbortSignal) => waitFor(ms, undefined, { signal }),
  };
  const clientOf = ({ accountId, ...way }: ClientWay, credentials: CredentialSource) =>
    makeOssClient({ ...toClient, ...way, credentials, send, rawSend: send, onRequest: ledger.of(accountId).record });
  const sampleCredentials = fixedCredentials(new Credentials({ ...KEY, securityToken: options.securityToken }));
  const accounts = makeAccounts({
    ...time,
    settings,
    log,
    randomBytes,
    keychain: makeKeychain(async () => store),
    makeClient: clientOf,
    makeRole: (of) => makeAssumedRole({ ...toClient, ...of, send, newNonce: randomUUID }),
    onRenewed: () => undefined,
    onMoved: () => undefined,
    makeSamplesClient: () => clientOf({ accountId: null, endpoint: SAMPLES_ENDPOINT }, sampleCredentials),
    onChange: (view) => events.push(toEventFrame('accounts.changed', view)),
  });
  const grants = makeFolderGrants({ randomBytes });
  const offline = makeOfflinePages({
    ...time,
    settings,
    keychain: makeKeychain(async () => store),
    randomBytes,
    rootFolder: path.join(folder, 'pages'),
    onChange: (view) => events.push(toEventFrame('kept.changed', view)),
  });
  const documents = makeDocuments({
    ...time,
    kept: offline.kept,
    unlockKept: offline.encryption.unlock,
    randomBytes,
    ledger,
    clientOf: accounts.clientOf,
    cacheFolder: path.join(folder, 'pictures'),
    onPages: (_owner, event) => events.push(toEventFrame('pages.changed', event)),
  });
  const exports = makeExports({
    ...time,
    ...{ randomBytes, documents, grants },
    onChange: () => undefined,
    onOver: cost.endOnce,
  });
  const places = await openPlaces({
    ...time,
    file: path.join(folder, 'places.json'),
    log,
    randomBytes,
    isRemembered: accounts.isRemembered,
    onChange: (view) => events.push(toEventFrame('places.changed', view)),
  });
  const network = makeNetwork({
    settings,
    keychain: makeKeychain(async () => store),
    folder: path.join(folder, 'network'),
    now: time.now,
  });
  network.watch(() => events.push(toEventFrame('network.changed', network.view())));
  const resolveProxy = async (): Promise<string> => 'DIRECT';
  const networkTest = makeNetworkTest({
    resolveProxy,
    scriptUrl: network.scriptUrl,
    signInFor: async () => null,
    authorities: () => [],
    shownBy: () => null,
    send,
    now: time.now,
    sleep: (ms, signal) => waitFor(ms, undefined, { signal }),
  });
  const way = { network, networkTest, resolveProxy };
  const links = makeOutsideLinks({
    randomBytes,
    onChange: (link) => events.push(toEventFrame('links.changed', { link })),
  });
  const desktop: Desktop = {
    chooseFolder: async () => folder,
    chooseSave: async () => path.join(folder, 'chosen.csv'),
    chooseFile: async () => options.chosenFile ?? null,
    reveal: () => undefined,
    copyPictureAt: () => undefined,
    writeClipboard: async (text) => void clipboard.push(text),
    isFullScreen: () => false,
    setFullScreen: () => undefined,
  };
  const appInfo = async (): Promise<Out<'app.info'>> => ({
    version: '0.0.0',
    electronVersion: '25.1.1',
    platform: 'linux',
    systemLanguage: 'en',
    isTestRuntime: true,
    office: { available: false, command: null },
  });
  const doctor = makeDoctorDesk({
    accounts,
    documents,
    testNetwork: networkTest.run,
    onSteps: (_owner, event) => events.push(toEventFrame('doctor.changed', event)),
  });
  const profiles = makeCliProfiles(options.home ?? path.join(folder, 'no-home'));
  const handlers = makeHandlers({
    appInfo,
    settings,
    accounts,
    documents,
    exports,
    grants,
    ledger,
    cost,
    places,
    offline,
    doctor,
    profiles,
    way,
    links,
    desktop,
  });
  const sessions = makeSessions((owner) => documents.closeAll(owner));
  const router = makeRouter({ handlers, sessions, log, newReference: () => 'a1b2c3d4' });
  sessions.open(WINDOW);
  let calls = 0;

  return {
    folder,
    router,
    handlers,
    sessions,
    settings,
    accounts,
    places,
    offline,
    store,
    events,
    logLines,
    clipboard,
    call: async <K extends CallName>(name: K, input: In<K>) =>
      (await router.call(PAGE, { id: `call-${(calls += 1)}`, name, input })) as Result<Out<K>>,
    async dispose() {
      await exports.dispose();
      await documents.dispose();
      await offline.dispose();
      accounts.dispose();
      ledger.dispose();
      await places.flush();
      await settings.flush();
      if (!options.folder) await rm(folder, { recursive: true, force: true });
    },
  };
}

/** What a person types to reach local-oss with the desk's key. */
export const DRAFT: In<'accounts.add'>['draft'] = {
  ...KEY,
  name: 'Desk',
  colour: 'blue',
  region: 'cn-hangzhou',
  endpoint: 'http://localhost',
  scope: '',
};
