/** What belongs to each window: its calls in flight and the documents it holds open. It all ends with the page. */
import type { DocumentHandle } from '#contract/ids.ts';

interface Session {
  calls: Map<string, AbortController>;
  handles: Set<DocumentHandle>;
}

/** Book of the windows we made. `windowId` is whatever the shell numbers its windows by. */
export interface Sessions {
  /** A window is there; only from now on are its calls answered. */
  open(windowId: number): void;
  /** The page of this window navigated or reloaded: its calls are aborted, its documents closed. */
  reset(windowId: number): void;
  /** The window is gone. */
  close(windowId: number): void;
  has(windowId: number): boolean;
  /** Starts a call; null when this id is running already. Call `end` when it is over. */
  begin(windowId: number, callId: string): { signal: AbortSignal; end(): void } | null;
  /** Aborts a running call; an unknown id is nothing. */
  cancel(windowId: number, callId: string): void;
  keepHandle(windowId: number, handle: DocumentHandle): void;
  dropHandle(windowId: number, handle: DocumentHandle): void;
  ownsHandle(windowId: number, handle: DocumentHandle): boolean;
  /** Whether any live window holds this handle: what a picture address has to prove. */
  isHandleLive(handle: string): boolean;
}

/** Makes an empty book. `closeDocument` is called once for each handle whose window no longer holds it. */
export function makeSessions(closeDocument: (handle: DocumentHandle) => void): Sessions {
  const sessions = new Map<number, Session>();

  const isHandleLive = (handle: string): boolean =>
    [...sessions.values()].some((session) => (session.handles as Set<string>).has(handle));

  function reset(windowId: number): void {
    const session = sessions.get(windowId);
    if (!session) return;
    for (const controller of session.calls.values()) controller.abort();
    session.calls.clear();
    const handles = [...session.handles];
    session.handles.clear();
    for (const handle of handles) if (!isHandleLive(handle)) closeDocument(handle);
  }

  return {
    open: (windowId) => void sessions.set(windowId, { calls: new Map(), handles: new Set() }),
    reset,
    close(windowId) {
      reset(windowId);
      sessions.delete(windowId);
    },
    has: (windowId) => sessions.has(windowId),
    begin(windowId, callId) {
      const calls = sessions.get(windowId)?.calls;
      if (!calls || calls.has(callId)) return null;
      const controller = new AbortController();
      calls.set(callId, controller);
      return {
        signal: controller.signal,
        // A reload may have put a new call of the same id in our place: that one is not ours to end.
        end: () => void (calls.get(callId) === controller && calls.delete(callId)),
      };
    },
    cancel: (windowId, callId) => sessions.get(windowId)?.calls.get(callId)?.abort(),
    keepHandle: (windowId, handle) => void sessions.get(windowId)?.handles.add(handle),
    dropHandle: (windowId, handle) => void sessions.get(windowId)?.handles.delete(handle),
    ownsHandle: (windowId, handle) => sessions.get(windowId)?.handles.has(handle) ?? false,
    isHandleLive,
  };
}
