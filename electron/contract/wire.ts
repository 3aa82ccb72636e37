/** The three channels between page and main process, and the frames on them. The preload knows this and nothing else. */

/** invoke: CallFrame -> Result */
export const CALL = 'pagelens:call';
/** send: CancelFrame */
export const CANCEL = 'pagelens:cancel';
/** main -> page: EventFrame */
export const PUSH = 'pagelens:push';

/** One call. `id` is the page's own and unique within it. */
export interface CallFrame {
  id: string;
  name: string;
  input: unknown;
}
/** Asks for one running call to stop. */
export interface CancelFrame {
  id: string;
}
/** An event. */
export interface EventFrame {
  name: string;
  value: unknown;
}

/** What the preload puts on `window.pagelens`: the whole of what the page can reach. */
export interface Bridge {
  request(frame: CallFrame): Promise<unknown>;
  cancel(frame: CancelFrame): void;
  /** Calls `listener` for every event; returns how to stop. */
  subscribe(listener: (frame: EventFrame) => void): () => void;
}
