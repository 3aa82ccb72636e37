/** The one window: opens where it was left, in the theme's own colour, and shows itself only when there is something to see. */
import path from 'node:path';
import { BrowserWindow, nativeTheme, screen } from 'electron';
import { PAGE_ORIGIN, toEventFrame } from '#ipc/router.ts';
import type { Settings } from '#services/settings.ts';
import { push } from './ipc-host.ts';
import { pagePreferences } from './security.ts';

const FIRST_SIZE = { widthPx: 1280, heightPx: 800, isMaximized: false };
const LEAST = { width: 900, height: 600 };

/** The page's own ground in both themes (`--surface-desk` of tokens.css), so that opening does not flash. */
const GROUND = { light: '#edf2f2', dark: '#0d1315' };

/** Makes the window and loads the page with the preload of `outFolder`. The size is written to the settings when it closes. */
export function openWindow(settings: Settings, outFolder: string): BrowserWindow {
  const place = settings.current.window ?? FIRST_SIZE;
  const { workAreaSize } = screen.getPrimaryDisplay();
  const window = new BrowserWindow({
    width: Math.max(LEAST.width, Math.min(place.widthPx, workAreaSize.width)),
    height: Math.max(LEAST.height, Math.min(place.heightPx, workAreaSize.height)),
    minWidth: LEAST.width,
    minHeight: LEAST.height,
    show: false,
    title: 'Pagelens',
    autoHideMenuBar: true,
    backgroundColor: nativeTheme.shouldUseDarkColors ? GROUND.dark : GROUND.light,
    webPreferences: pagePreferences(path.join(outFolder, 'preload', 'preload.cjs')),
  });
  if (place.isMaximized) window.maximize();
  window.once('ready-to-show', () => window.show());
  reloadAfterCrash(window);
  const tellFullScreen = (isFullScreen: boolean): void =>
    push(window.webContents, toEventFrame('window.changed', { isFullScreen }));
  window.on('enter-full-screen', () => tellFullScreen(true));
  window.on('leave-full-screen', () => tellFullScreen(false));
  window.on('page-title-updated', (event) => event.preventDefault());
  window.on('close', () => {
    const { width, height } = window.getNormalBounds();
    void settings.update({ window: { widthPx: width, heightPx: height, isMaximized: window.isMaximized() } });
  });
  void window.loadURL(`${PAGE_ORIGIN}/`);
  return window;
}

/** A page that crashed is loaded again, so that the window does not stay blank; not for ever, should it crash each time. */
function reloadAfterCrash(window: BrowserWindow): void {
  let left = 3;
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    left -= 1;
    if (reason !== 'clean-exit' && left >= 0) window.reload();
  });
}
