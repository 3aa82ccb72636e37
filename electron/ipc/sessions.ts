/** What belongs to each window's page: its calls in flight and the name under which it owns things. It ends with the page. */

interface Session {
  /** Which page of this window, counted from 1: a reload is another page. */
  pageNumber: number;
  calls: Map<string, AbortController>;
}

/** Book of the windows we made. `windowId` is whatever the shell numbers its windows by. */
export interface Sessions {
  /** A window is there; only from now on are its calls answered. */
  open(windowId: number): void;
  /** The page of this window was replaced: its calls are aborted, what it owned is let go. */
  reset(windowId: number): void;
  /** The window is gone. */
  close(windowId: number): void;
  has(windowId: number): boolean;
  /** Starts a call; null when this id is running already. `end` when it is over. */
  begin(windowId: number, callId: string): RunningCall | null;
  /** Aborts a running call; an unknown id is nothing. */
  cancel(windowId: number, callId: string): void;
  /** The window whose page owns things under this name; null when that page is gone. */
  windowOf(owner: string): number | null;
}

export interface RunningCall {
  /** Names the page that called; a reloaded page has another name, so nothing of the old one falls to it. */
  owner: string;
  signal: AbortSignal;
  end(): void;
}

/** Makes an empty book. `onPageGone` is told the owner's name of each page that ended. */
export function makeSessions(onPageGone: (owner: string) => void): Sessions {
  const sessions = new Map<number, Session>();
  const ownerOf = (windowId: number, session: Session): string => `${windowId}.${session.pageNumber}`;

  function reset(windowId: number): void {
    const session = sessions.get(windowId);
    if (!session) return;
    const owner = ownerOf(windowId, session);
    for (const controller of session.calls.values()) controller.abort();
    sessions.set(windowId, { pageNumber: session.pageNumber + 1, calls: new Map() });
    onPageGone(owner);
  }

  return {
    open: (windowId) => void sessions.set(windowId, { pageNumber: 1, calls: new Map() }),
    reset,
    close(windowId) {
      reset(windowId);
      sessions.delete(windowId);
    },
    has: (windowId) => sessions.has(windowId),
    begin(windowId, callId) {
      const session = sessions.get(windowId);
      if (!session || session.calls.has(callId)) return null;
      const controller = new AbortController();
      session.calls.set(callId, controller);
      return {
        owner: ownerOf(windowId, session),
        signal: controller.signal,
        end: () => void session.calls.delete(callId),
      };
    },
    cancel: (windowId, callId) => sessions.get(windowId)?.calls.get(callId)?.abort(),
    windowOf(owner) {
      for (const [windowId, session] of sessions) if (ownerOf(windowId, session) === owner) return windowId;
      return null;
    },
  };
}
