/** The app's life: one instance, a start, and an end that stops what was started but waits for nothing that may never end. */
import { app, BrowserWindow, dialog } from 'electron';
import type { Log } from '#services/log.ts';

/** A polite end gets this long; then the app goes anyway. */
const STOP_WITHIN_MS = 5_000;

export interface Running {
  /** Opens another window: macOS asks for one when the last was closed. */
  openWindow(): void;
  /** Ends jobs, processes and files of this run. */
  stop(): Promise<void>;
  /** True when something that nothing can stop (a call into the system's keychain) would keep the process from ending. */
  isStuck(): boolean;
}

/** Starts the app, or brings the running one to the front. `start` must not wait for network, keychain or page. */
export function runApp(start: () => Promise<Running>): void {
  if (!app.requestSingleInstanceLock()) {
    app.quit();
    return;
  }
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });
  app.whenReady().then(start).then(follow).catch(giveUp);
}

/** Hears from now on what the system wants of the running app. */
function follow(running: Running): void {
  const show = (): void => {
    const [window] = BrowserWindow.getAllWindows();
    if (!window) return running.openWindow();
    if (window.isMinimized()) window.restore();
    window.focus();
  };
  app.on('second-instance', show);
  app.on('activate', show);
  let isStopping = false;
  app.on('will-quit', (event) => {
    event.preventDefault();
    if (isStopping) return;
    isStopping = true;
    void Promise.race([running.stop(), new Promise((resolve) => setTimeout(resolve, STOP_WITHIN_MS))]).finally(() =>
      end(running.isStuck()),
    );
  });
}

/** A bug at the start: without a window nobody would see it, and an app that stays unseen is in the way of the next. */
function giveUp(bug: unknown): void {
  dialog.showErrorBox('Pagelens could not start', bug instanceof Error ? bug.message : String(bug));
  app.exit(1);
}

/** A bug that nobody caught is written down and the app goes on: it only reads, and what it writes is whole or not there. */
export function logUncaught(log: Log): void {
  process.on('unhandledRejection', (reason) => log.error('A rejection was not handled.', { reason }));
  process.on('uncaughtException', (reason) => log.error('An exception was not caught.', { reason }));
}

/** Leaving in the ordinary way joins Node's worker threads; one that waits in the keychain for ever would hold the process. */
function end(isStuck: boolean): void {
  if (isStuck && process.platform !== 'win32') process.kill(process.pid, 'SIGKILL');
  app.exit(0);
}
