/** What the app does outside its window, each act small and named: choose a folder or file, show a file we wrote, fill the clipboard, fill the screen. */
import { BrowserWindow, clipboard, dialog, shell, webContents, type OpenDialogOptions } from 'electron';
import type { Desktop } from '#ipc/handlers.ts';
import type { NetworkFile } from '#ipc/network-handlers.ts';

/** Endings that such files have; everything else can be chosen too, for files named otherwise. */
const ENDINGS: Readonly<Record<NetworkFile, string[]>> = {
  certificate: ['pem', 'crt', 'cer', 'der', 'ca-bundle'],
  pac: ['pac', 'js', 'dat'],
};

/** The desktop through Electron. */
export function makeDesktop(): Desktop {
  return {
    chooseFolder(windowId) {
      return choose(windowId, { properties: ['openDirectory', 'createDirectory'] });
    },
    chooseFile(windowId, kind) {
      const ending = ENDINGS[kind];
      const named = { name: ending.map((end) => `*.${end}`).join(' '), extensions: ending };
      return choose(windowId, { properties: ['openFile'], filters: [named, { name: '*', extensions: ['*'] }] });
    },
    async chooseSave(windowId, suggestedName) {
      const window = windowOf(windowId);
      const asked = { defaultPath: suggestedName };
      const answer = await (window ? dialog.showSaveDialog(window, asked) : dialog.showSaveDialog(asked));
      return answer.canceled ? null : (answer.filePath ?? null);
    },
    reveal: (path) => shell.showItemInFolder(path),
    copyPictureAt: (windowId, x, y) => webContents.fromId(windowId)?.copyImageAt(x, y),
    // Synchronous up to Electron 44, a promise since.
    writeClipboard: async (text) => await clipboard.writeText(text),
    isFullScreen: (windowId) => windowOf(windowId)?.isFullScreen() ?? false,
    setFullScreen: (windowId, isOn) => windowOf(windowId)?.setFullScreen(isOn),
  };
}

function windowOf(windowId: number): BrowserWindow | null {
  const contents = webContents.fromId(windowId);
  return contents ? BrowserWindow.fromWebContents(contents) : null;
}

/** Asks in the system's dialog over this window: an absolute path, or null when it was cancelled. */
async function choose(windowId: number, asked: OpenDialogOptions): Promise<string | null> {
  const window = windowOf(windowId);
  const answer = await (window ? dialog.showOpenDialog(window, asked) : dialog.showOpenDialog(asked));
  return answer.canceled ? null : (answer.filePaths[0] ?? null);
}
