/** The only place that touches ipcMain: reads who is calling from Electron's event and hands the frame to the router. */
import { ipcMain, type WebContents, type WebFrameMain } from 'electron';
import { CALL, CANCEL, PUSH, type EventFrame } from '#contract/wire.ts';
import type { Router, Sender } from '#ipc/router.ts';
import type { Sessions } from '#ipc/sessions.ts';

/** Opens the two channels that a page may use. */
export function hostCalls(router: Router): void {
  ipcMain.handle(CALL, (event, frame: unknown) => router.call(toSender(event.sender, event.senderFrame), frame));
  ipcMain.on(CANCEL, (event, frame: unknown) => router.cancel(toSender(event.sender, event.senderFrame), frame));
}

/** Ties a window's page to its session: a new page in it, or its end, ends what the old page had running. */
export function hostSession(contents: WebContents, sessions: Sessions): void {
  const windowId = contents.id;
  sessions.open(windowId);
  contents.on('did-navigate', () => sessions.reset(windowId));
  contents.on('render-process-gone', () => sessions.reset(windowId));
  contents.once('destroyed', () => sessions.close(windowId));
}

/** Sends one frame to a page that is still there. */
export function push(contents: WebContents, frame: EventFrame): void {
  if (!contents.isDestroyed()) contents.send(PUSH, frame);
}

function toSender(contents: WebContents, frame: WebFrameMain | null): Sender {
  const nobody: Sender = { windowId: contents.id, isMainFrame: false, url: null };
  if (!frame) return nobody;
  try {
    const main = contents.mainFrame;
    const isMainFrame = frame.routingId === main.routingId && frame.processId === main.processId;
    return { windowId: contents.id, isMainFrame, url: frame.url };
  } catch {
    // The frame went while its message was on the way; reading it throws.
    return nobody;
  }
}
