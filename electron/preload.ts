/** The bridge: one frozen object over three fixed channels. It knows no call by name and hands no event object on. */
import { contextBridge, ipcRenderer } from 'electron';
import { CALL, CANCEL, PUSH, type Bridge, type EventFrame } from '#contract/wire.ts';

const bridge: Bridge = {
  request: (frame) => ipcRenderer.invoke(CALL, frame),
  cancel: (frame) => ipcRenderer.send(CANCEL, frame),
  subscribe(listener) {
    const onPush = (_event: unknown, frame: EventFrame): void => listener(frame);
    ipcRenderer.on(PUSH, onPush);
    return () => void ipcRenderer.removeListener(PUSH, onPush);
  },
};

// Also frozen on the page's side: contextBridge copies the object and makes its own copy read-only.
contextBridge.exposeInMainWorld('pagelens', Object.freeze(bridge));
