/** The one window: opens where it was left, in the theme's own colour, and shows itself only when there is something to see. */
import path from 'node:path';
import { BrowserWindow, nativeTheme, screen } from 'electron';
import { PAGE_ORIGIN } from '#ipc/router.ts';
import type { Settings } from '#services/settings.ts';
import { pagePreferences } from './security.ts';

const FIRST_SIZE = { widthPx: 1280, heightPx: 800, isMaximized: false };
const LEAST = { width: 900, height: 600 };

/** The page's own ground in both themes (`--surface-desk` of tokens.css), so that opening does not flash. */
const GROUND = { light: '#edf2f2', dark: '#0d1315' };

/**
 * Makes the window and loads the page with the preload of `outFolder`. The size is written to the settings when it
 * closes. `onFullScreen` hears whether it fills the screen: at every change, and for every page that loads.
 */
export function openWindow(
  settings: Settings,
  outFolder: string,
  onFullScreen: (isFullScreen: boolean) => void,
): BrowserWindow {
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
  window.on('enter-full-screen', () => onFullScreen(true));
  window.on('leave-full-screen', () => onFullScreen(false));
  window.webContents.on('did-finish-load', () => onFullScreen(window.isFullScreen()));
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
