/** A sender to an OSS service in this very process: the samples need no port, no socket and no network. */
import { SendFailure, type HttpResponse, type Send } from './send.ts';

/** What such a service answers: `local-oss/handle.ts`, known here by its shape only. */
export interface InProcessService {
  handle(
    request: { method: string; host: string; target: string; headers: Readonly<Record<string, string>> },
    signal: AbortSignal,
  ): Promise<{
    status: number;
    headers: Readonly<Record<string, string>>;
    body: Uint8Array | AsyncIterable<Uint8Array>;
    cutAfterBytes?: number;
  }>;
}

/** Sends by calling the service. A misfortune of the service (`cutAfterBytes`) breaks the answer as a socket would. */
export function makeInProcessSend(service: InProcessService): Send {
  return async (request, signal): Promise<HttpResponse> => {
    if (signal.aborted) throw new SendFailure('other', 'no', 'aborted');
    const { method, host, target, headers } = request;
    const answer = await unlessAborted(service.handle({ method, host, target, headers }, signal), signal);
    const { status, body, cutAfterBytes } = answer;
    if (cutAfterBytes !== undefined && cutAfterBytes < 0)
      throw new SendFailure('reset', 'maybe', 'The service broke the connection.');
    return {
      status,
      headers: answer.headers,
      body: method === 'HEAD' ? pieces([]) : stream(body, cutAfterBytes, signal),
    };
  };
}

async function* pieces(list: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* list;
}

async function* stream(
  body: Uint8Array | AsyncIterable<Uint8Array>,
  cutAfterBytes: number | undefined,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  let left = cutAfterBytes ?? Infinity;
  for await (const piece of body instanceof Uint8Array ? pieces([body]) : body) {
    if (signal.aborted) throw new SendFailure('other', 'maybe', 'aborted');
    yield piece.subarray(0, Math.min(piece.byteLength, left));
    left -= piece.byteLength;
    if (left <= 0 && cutAfterBytes !== undefined) throw new SendFailure('reset', 'maybe', 'The service broke off.');
  }
}

/** The service may need a while to notice; the caller is let go at once. */
function unlessAborted<T>(answer: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(new SendFailure('other', 'maybe', 'aborted'));
    signal.addEventListener('abort', stop, { once: true });
    answer.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
