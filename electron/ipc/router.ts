/**
 * The one door between page and main process: every call goes name -> sender -> frame -> schema -> handler -> schema
 * -> Result, in this order, and every event through its schema. Knows no Electron: the shell hands in who is calling.
 */
import { z } from 'zod';
import {
  CALLS,
  EVENTS,
  type CallName,
  type EventName,
  type EventOf,
  type Out,
  type Parsed,
} from '#contract/contract.ts';
import { AppErrorSchema, fail, type Result } from '#contract/errors.ts';
import type { EventFrame } from '#contract/wire.ts';
import type { Log } from '#services/log.ts';
import { isPlainDataWithin } from './plain-data.ts';
import type { Sessions } from './sessions.ts';

/** The address of our own page. Nothing else may call, about:blank and empty addresses included. */
export const PAGE_ORIGIN = 'app://bundle';

/** A call's name and input together stay under this. */
export const MAX_FRAME_BYTES = 256 * 1024;

/** Who sent a frame, as the shell read it from the event; null where it could not be read (a frame that is gone). */
export interface Sender {
  windowId: number;
  isMainFrame: boolean;
  url: string | null;
}

/** What a handler is told beside its input. */
export interface CallContext {
  windowId: number;
  /** Names the page that called: what it opens is its own, and ends with it. */
  owner: string;
  /** Aborted by the page's cancel, and when the page navigates or its window closes. */
  signal: AbortSignal;
}

/** One handler per call of the contract; input is parsed, output is checked again on its way out. */
export type Handlers = {
  readonly [K in CallName]: (input: Parsed<K>, context: CallContext) => Result<Out<K>> | Promise<Result<Out<K>>>;
};

export interface RouterOptions {
  handlers: Handlers;
  sessions: Sessions;
  log: Log;
  /** A short id that ties the page's `internal` answer to the log line that holds the stack. */
  newReference(): string;
}

export interface Router {
  /** Answers one call frame. Never rejects. Errors of its own: `ipc.forbidden`, `ipc.invalid`, `cancelled`, `internal`. */
  call(sender: Sender, frame: unknown): Promise<Result<unknown>>;
  /** Aborts one running call of this sender; anything malformed is ignored. */
  cancel(sender: Sender, frame: unknown): void;
}

const CallFrame = z.object({ id: z.string().min(1).max(64), name: z.string().max(64), input: z.unknown() });
const CancelFrame = z.object({ id: z.string().min(1).max(64) });

/** Makes the router over one table of handlers. */
export function makeRouter({ handlers, sessions, log, newReference }: RouterOptions): Router {
  const isOurPage = (sender: Sender): boolean =>
    sessions.has(sender.windowId) && sender.isMainFrame && (sender.url?.startsWith(`${PAGE_ORIGIN}/`) ?? false);

  async function run<K extends CallName>(name: K, rawInput: unknown, context: CallContext): Promise<Result<unknown>> {
    const input = CALLS[name].input.safeParse(rawInput);
    if (!input.success) return refuse(`${name}: ${whereWrong(input.error)}`);
    const handler: Handlers[K] = handlers[name];
    const result = await handler(input.data as Parsed<K>, context);
    // Both schemas drop what they do not name: a secret returned by mistake is cut off here.
    if (!result.ok) return { ok: false, error: AppErrorSchema.parse(result.error) };
    return { ok: true, value: CALLS[name].output.parse(result.value) };
  }

  return {
    async call(sender, rawFrame) {
      if (!isOurPage(sender)) return fail('ipc.forbidden', 'This sender may not call.');
      if (!isPlainDataWithin(rawFrame, MAX_FRAME_BYTES)) return refuse('The frame is too large or no plain data.');
      const frame = CallFrame.safeParse(rawFrame);
      if (!frame.success) return refuse('The frame is not a call.');
      const { id, name, input } = frame.data;
      if (!isCallName(name)) return refuse('There is no such call.');
      const running = sessions.begin(sender.windowId, id);
      if (!running) return refuse('A call of this id is running.');
      try {
        return await run(name, input, { windowId: sender.windowId, owner: running.owner, signal: running.signal });
      } catch (bug) {
        if (running.signal.aborted) return fail('cancelled', `${name} was stopped.`);
        const reference = newReference();
        log.error('A handler threw.', { call: name, reference, bug });
        return fail('internal', `Unexpected; reference ${reference}.`, { detail: { reference } });
      } finally {
        running.end();
      }
    },
    cancel(sender, rawFrame) {
      if (!isOurPage(sender) || !isPlainDataWithin(rawFrame, 1024)) return;
      const frame = CancelFrame.safeParse(rawFrame);
      if (frame.success) sessions.cancel(sender.windowId, frame.data.id);
    },
  };
}

/**
 * An event as the frame that goes to the pages; its schema drops what it does not name. Throws on a value that is not
 * the event's: a bug.
 */
export function toEventFrame<K extends EventName>(name: K, value: EventOf<K>): EventFrame {
  return { name, value: EVENTS[name].parse(value) };
}

const refuse = (message: string): Result<never> => fail('ipc.invalid', message);

/** Own keys only: `constructor` and its kin are no calls. */
const isCallName = (name: string): name is CallName => Object.hasOwn(CALLS, name);

/** Names the fields that are wrong, never what was in them: that may be a secret. */
const whereWrong = (error: z.ZodError): string =>
  `wrong input at ${error.issues.map((issue) => issue.path.join('.') || 'its top').join(', ')}`;
