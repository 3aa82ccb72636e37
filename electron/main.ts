/** Composition root: makes the services, binds the router, opens the window. No logic of its own. */
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { app, protocol, shell } from 'electron';
import { makeHandlers } from '#ipc/handlers.ts';
import { makeRouter } from '#ipc/router.ts';
import { makeSessions } from '#ipc/sessions.ts';
import { findOffice } from '#local-oss/rendering/office-install.ts';
import { makeCliProfiles } from '#services/cli-profiles.ts';
import { makeDoctorDesk } from '#services/doctor-desk.ts';
import { openLedgerFile } from '#services/ledger.ts';
import { makeLog, makeLogFile } from '#services/log.ts';
import { makeOutsideLinks } from '#services/outside-links.ts';
import { openPlaces } from '#services/places.ts';
import { openSettings } from '#services/settings.ts';
import { makeAppInfo } from '#shell/app-info.ts';
import { makeDesktop } from '#shell/desktop.ts';
import { makeEvents } from '#shell/events.ts';
import { hostCalls, hostSession } from '#shell/ipc-host.ts';
import { logUncaught, runApp, type Running } from '#shell/lifecycle.ts';
import { hearLinks } from '#shell/links.ts';
import { followSettings } from '#shell/menu.ts';
import { SCHEMES, setUpPages } from '#shell/page-session.ts';
import { lockAllNavigation } from '#shell/security.ts';
import { openWindow } from '#shell/window.ts';
import { makeReading } from './reading.ts';
import { makeWayToOss, time } from './way-to-oss.ts';

const OUT_FOLDER = path.join(__dirname, '..');
/** Workers, WebAssembly, scripts and samples are opened as real files: unpacked beside the archive in the packaged app. */
const FILES_FOLDER = OUT_FOLDER.replace(/app\.asar(?=[\\/])/, 'app.asar.unpacked');
const devServer = app.isPackaged ? null : (process.env['VITE_DEV_SERVER_URL'] ?? null);

protocol.registerSchemesAsPrivileged(SCHEMES);
lockAllNavigation(app, (url) => void shell.openExternal(url));
const outside = hearLinks();
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

  const wayToOss = makeWayToOss({
    settings,
    log,
    userData,
    filesFolder: FILES_FOLDER,
    onAccounts: (view) => events.toAll('accounts.changed', view),
    onRenewed: (id) => documents.goOn(id),
    onMoved: (event) => events.toAll('buckets.moved', event),
    onSkew: (skewMs) => events.toAll('clock.skewed', { skewMs }),
    onUsage: (usage) => events.toAll('usage.changed', usage),
    ledgerFile: await openLedgerFile({ folder: userData, log, now: time.now }),
    onCost: (view) => events.toAll('cost.changed', view),
    onRaised: (id) => documents.lookAgain(id),
  });
  const { accounts, ledger, cost, network } = wayToOss;
  network.watch(() => events.toAll('network.changed', network.view()));

  // What people do with it.
  const places = await openPlaces({
    ...time,
    file: path.join(userData, 'places.json'),
    log,
    randomBytes,
    isRemembered: accounts.isRemembered,
    onChange: (view) => events.toAll('places.changed', view),
  });
  const links = makeOutsideLinks({ randomBytes, onChange: (link) => events.toAll('links.changed', { link }) });
  outside.tell(links.take);
  const reading = makeReading({
    settings,
    way: wayToOss,
    userData,
    filesFolder: FILES_FOLDER,
    onPages: (owner, event) => events.toOwner(owner, 'pages.changed', event),
    onExport: (job) => events.toAll('exports.changed', job),
    onKept: (view) => events.toAll('kept.changed', view),
  });
  const { documents } = reading;

  const doctor = makeDoctorDesk({
    accounts,
    documents,
    testNetwork: wayToOss.networkTest.run,
    onSteps: (owner, event) => events.toOwner(owner, 'doctor.changed', event),
  });

  // The door to the page.
  const handlers = makeHandlers({
    appInfo: makeAppInfo(findOffice),
    settings,
    accounts,
    ...reading,
    ledger,
    cost,
    places,
    doctor,
    way: wayToOss,
    links,
    profiles: makeCliProfiles(app.getPath('home')),
    desktop: makeDesktop(),
  });
  hostCalls(makeRouter({ handlers, sessions, log, newReference: () => randomBytes(4).toString('hex') }));
  setUpPages({
    folder: path.join(OUT_FOLDER, 'renderer'),
    devServer,
    findPicture: ({ handle, version, pageNumber, target, use }) =>
      documents.picture(handle, version, { pageNumber, target }, use === 'page'),
  });
  const open = (): void => hostSession(openWindow(settings, OUT_FOLDER).webContents, sessions);
  open();
  accounts.start();

  return {
    openWindow: open,
    isStuck: wayToOss.isStuck,
    async stop() {
      await reading.dispose();
      await wayToOss.dispose();
      await places.flush();
      await settings.flush();
    },
  };
}
