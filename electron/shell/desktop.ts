/** What the app does outside its window, each act small and named: choose a folder, show a file we wrote, fill the clipboard. */
import { BrowserWindow, clipboard, dialog, shell, webContents, type OpenDialogOptions } from 'electron';
import type { Desktop } from '#ipc/handlers.ts';

/** The desktop through Electron. */
export function makeDesktop(): Desktop {
  return {
    async chooseFolder(windowId) {
      const contents = webContents.fromId(windowId);
      const window = contents ? BrowserWindow.fromWebContents(contents) : null;
      const asked: OpenDialogOptions = { properties: ['openDirectory', 'createDirectory'] };
      const answer = await (window ? dialog.showOpenDialog(window, asked) : dialog.showOpenDialog(asked));
      return answer.canceled ? null : (answer.filePaths[0] ?? null);
    },
    reveal: (path) => shell.showItemInFolder(path),
    copyPictureAt: (windowId, x, y) => webContents.fromId(windowId)?.copyImageAt(x, y),
    // Synchronous up to Electron 44, a promise since.
    writeClipboard: async (text) => await clipboard.writeText(text),
  };
}
