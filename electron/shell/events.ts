/** Events on their way to the pages: to every page, or to the one page that owns what the event is about. */
import { BrowserWindow, webContents } from 'electron';
import type { EventName, EventOf } from '#contract/contract.ts';
import { toEventFrame } from '#ipc/router.ts';
import type { Sessions } from '#ipc/sessions.ts';
import { push } from './ipc-host.ts';

export interface Events {
  toAll<K extends EventName>(name: K, value: EventOf<K>): void;
  /** Nobody hears it when the owner's page is gone. */
  toOwner<K extends EventName>(owner: string, name: K, value: EventOf<K>): void;
}

export function makeEvents(sessions: Pick<Sessions, 'windowOf'>): Events {
  return {
    toAll(name, value) {
      const frame = toEventFrame(name, value);
      for (const window of BrowserWindow.getAllWindows()) push(window.webContents, frame);
    },
    toOwner(owner, name, value) {
      const windowId = sessions.windowOf(owner);
      const contents = windowId === null ? undefined : webContents.fromId(windowId);
      if (contents) push(contents, toEventFrame(name, value));
    },
  };
}
