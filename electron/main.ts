/** Composition root: makes the services, binds the router, opens the window. No logic of its own. */
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { app, BrowserWindow, ipcMain, nativeTheme, protocol, session, shell } from 'electron';
import { makeHandlers } from '#ipc/handlers.ts';
import { makeRouter, toEventFrame } from '#ipc/router.ts';
import { makeSessions } from '#ipc/sessions.ts';
import type { EventName, EventOf } from '#contract/contract.ts';
import { makeLog, makeLogFile } from '#services/log.ts';
import { openSettings } from '#services/settings.ts';
import { serveBuiltPage, serveDevPage } from '#shell/app-protocol.ts';
import { hostCalls, hostSession, push } from '#shell/ipc-host.ts';
import { setMenu } from '#shell/menu.ts';
import { cancelDownloads, cutNetwork, denyPermissions, lockAllNavigation } from '#shell/security.ts';
import { openWindow } from '#shell/window.ts';

const OUT_FOLDER = path.join(__dirname, '..');
const PRELOAD_FILE = path.join(OUT_FOLDER, 'preload', 'preload.cjs');
const devServer = app.isPackaged ? null : (process.env['VITE_DEV_SERVER_URL'] ?? null);

protocol.registerSchemesAsPrivileged([
  { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } },
  { scheme: 'snapshot', privileges: { standard: true, secure: true, stream: true } },
]);
lockAllNavigation(app, (url) => void shell.openExternal(url));

async function start(): Promise<void> {
  const userData = app.getPath('userData');
  const log = makeLog({ level: 'info', write: makeLogFile(path.join(userData, 'logs')), now: Date.now });
  const settings = await openSettings(path.join(userData, 'settings.json'), log, Date.now);
  const systemLanguage = app.getLocale().toLowerCase().startsWith('zh') ? 'zh-CN' : 'en';

  const applySettings = (): void => {
    const { language, theme } = settings.view();
    nativeTheme.themeSource = theme;
    setMenu(language === 'system' ? systemLanguage : language, !app.isPackaged);
  };
  applySettings();

  const publish = <K extends EventName>(name: K, value: EventOf<K>): void => {
    const frame = toEventFrame(name, value);
    for (const window of BrowserWindow.getAllWindows()) push(window.webContents, frame);
  };

  const sessions = makeSessions(() => undefined);
  const router = makeRouter({
    handlers: makeHandlers({
      info: {
        version: app.getVersion(),
        electronVersion: process.versions.electron,
        platform: process.platform,
        systemLanguage,
        isTestRuntime: Number.parseInt(process.versions.electron, 10) < 45,
      },
      settings,
      onSettings: () => {
        applySettings();
        publish('settings.changed', settings.view());
      },
    }),
    sessions,
    log,
    newReference: () => randomBytes(4).toString('hex'),
  });
  hostCalls(ipcMain, router);

  const pages = session.defaultSession;
  denyPermissions(pages);
  cancelDownloads(pages);
  cutNetwork(pages, devServer);
  pages.protocol.handle('app', devServer ? serveDevPage(devServer) : serveBuiltPage(path.join(OUT_FOLDER, 'renderer')));

  const open = (): void => hostSession(openWindow(settings, PRELOAD_FILE).webContents, sessions);
  open();
  app.on('activate', () => {
    if (BrowserWindow.getAllWindows().length === 0) open();
  });
}

app.on('window-all-closed', () => {
  if (process.platform !== 'darwin') app.quit();
});

if (app.requestSingleInstanceLock()) {
  app.on('second-instance', () => {
    const [window] = BrowserWindow.getAllWindows();
    if (window?.isMinimized()) window.restore();
    window?.focus();
  });
  void app.whenReady().then(start);
} else {
  app.quit();
}
