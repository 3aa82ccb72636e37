/** Composition root: makes the services, binds the router, opens the window. No logic of its own. */
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { setTimeout as waitFor } from 'node:timers/promises';
import { app, protocol, shell } from 'electron';
import { makeHandlers } from '#ipc/handlers.ts';
import { makeRouter } from '#ipc/router.ts';
import { makeSessions } from '#ipc/sessions.ts';
import { makeLocalOss } from '#local-oss/handle.ts';
import { findOffice } from '#local-oss/rendering/office-install.ts';
import { makePageRenderer } from '#local-oss/rendering/render.ts';
import { Credentials } from '#oss/credentials.ts';
import { SAMPLES_ENDPOINT } from '#services/account-views.ts';
import { makeAccounts } from '#services/accounts.ts';
import { makeDocuments } from '#services/documents.ts';
import { makeExports } from '#services/exports.ts';
import { makeFolderGrants } from '#services/folder-grants.ts';
import { makeInProcessSend } from '#services/in-process-send.ts';
import { makeKeytarKeychain } from '#services/keychain-keytar.ts';
import { makeLedger } from '#services/ledger.ts';
import { makeLog, makeLogFile } from '#services/log.ts';
import { makeNodeSend } from '#services/node-send.ts';
import { makeOssClient } from '#services/oss-client.ts';
import { afterTimeout } from '#services/pace.ts';
import { openSettings } from '#services/settings.ts';
import { makeAppInfo } from '#shell/app-info.ts';
import { makeDesktop } from '#shell/desktop.ts';
import { makeEvents } from '#shell/events.ts';
import { hostCalls, hostSession } from '#shell/ipc-host.ts';
import { logUncaught, runApp, type Running } from '#shell/lifecycle.ts';
import { followSettings } from '#shell/menu.ts';
import { SCHEMES, setUpPages } from '#shell/page-session.ts';
import { lockAllNavigation } from '#shell/security.ts';
import { makeSessionSend } from '#shell/session-sender.ts';
import { openWindow } from '#shell/window.ts';

const OUT_FOLDER = path.join(__dirname, '..');
/** Workers, WebAssembly, scripts and samples are opened as real files: unpacked beside the archive in the packaged app. */
const FILES_FOLDER = OUT_FOLDER.replace(/app\.asar(?=[\\/])/, 'app.asar.unpacked');
const devServer = app.isPackaged ? null : (process.env['VITE_DEV_SERVER_URL'] ?? null);
const time = { now: Date.now, later: afterTimeout };

protocol.registerSchemesAsPrivileged(SCHEMES);
lockAllNavigation(app, (url) => void shell.openExternal(url));
runApp(start);

async function start(): Promise<Running> {
  const userData = app.getPath('userData');
  const log = makeLog({ level: 'info', write: makeLogFile(path.join(userData, 'logs')), now: time.now });
  logUncaught(log);
  const settings = await openSettings(path.join(userData, 'settings.json'), log, time.now);
  followSettings(settings);
  const sessions = makeSessions((owner) => documents.closeAll(owner));
  const events = makeEvents(sessions);
  settings.watch((view) => events.toAll('settings.changed', view));

  // The way to OSS. The samples have an OSS of their own in this process: no port, and keys made for this run.
  const ledger = makeLedger({ ...time, onChange: (usage) => events.toAll('usage.changed', usage) });
  const toClient = { ...time, random: Math.random, onRequest: ledger.record, sleep: sleepUnlessAborted };
  const nodeSend = makeNodeSend();
  const send = makeSessionSend();
  const sampleKey = { accessKeyId: 'LTAIpagelenssamples', accessKeySecret: randomBytes(24).toString('hex') };
  const samples = makeLocalOss({
    ...time,
    rootFolder: path.join(FILES_FOLDER, 'samples'),
    region: SAMPLES_ENDPOINT.region,
    keys: [sampleKey],
    renderer: makePageRenderer({
      workFolder: path.join(userData, 'conversions'),
      helperFolder: path.join(FILES_FOLDER, 'main'),
    }),
  });
  const samplesSend = makeInProcessSend(samples);
  const samplesCredentials = new Credentials(sampleKey);
  const keychain = makeKeytarKeychain();
  const accounts = makeAccounts({
    ...time,
    settings,
    keychain,
    log,
    randomBytes,
    makeClient: (endpoint, credentials) =>
      makeOssClient({ ...toClient, endpoint, credentials, send, rawSend: nodeSend.send }),
    makeSamplesClient: () =>
      makeOssClient({
        ...toClient,
        onRequest: () => undefined, // the ledger counts what is billed; the samples are free
        endpoint: SAMPLES_ENDPOINT,
        credentials: () => samplesCredentials,
        send: samplesSend,
        rawSend: samplesSend,
      }),
    onChange: (view) => events.toAll('accounts.changed', view),
  });

  // What people do with it.
  const grants = makeFolderGrants({ randomBytes });
  const documents = makeDocuments({
    ...time,
    randomBytes,
    ledger,
    clientOf: accounts.clientOf,
    cacheFolder: path.join(userData, 'pictures-of-this-run'),
    onPages: (owner, event) => events.toOwner(owner, 'pages.changed', event),
  });
  const exports = makeExports({
    ...time,
    randomBytes,
    documents,
    grants,
    onChange: (job) => events.toAll('exports.changed', job),
  });

  // The door to the page.
  const handlers = makeHandlers({
    appInfo: makeAppInfo(findOffice),
    settings,
    accounts,
    documents,
    exports,
    grants,
    ledger,
    desktop: makeDesktop(),
  });
  hostCalls(makeRouter({ handlers, sessions, log, newReference: () => randomBytes(4).toString('hex') }));
  setUpPages({
    folder: path.join(OUT_FOLDER, 'renderer'),
    devServer,
    findPicture: ({ handle, version, pageNumber, target }) => documents.picture(handle, version, pageNumber, target),
  });
  const open = (): void => hostSession(openWindow(settings, OUT_FOLDER).webContents, sessions);
  open();
  accounts.start();

  return {
    openWindow: open,
    isStuck: keychain.isBusy,
    async stop() {
      await exports.dispose();
      await documents.dispose();
      accounts.dispose();
      ledger.dispose();
      nodeSend.dispose();
      await samples.dispose();
      await settings.flush();
    },
  };
}

const sleepUnlessAborted = (ms: number, signal: AbortSignal): Promise<void> => waitFor(ms, undefined, { signal });
