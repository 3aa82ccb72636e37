/**
 * The sender over Chromium's network stack: the system's proxy, PAC and certificates. Its session is private and in
 * memory: no cookies, no cache, nothing shared with the page. Redirects are answers, not instructions.
 */
import { net, session } from 'electron';
import { SendFailure, type HttpRequest, type HttpResponse, type Send } from '#services/send.ts';
import { messageOf, toSendFailure } from './network-errors.ts';

/** Partition of the sender; without the `persist:` prefix it lives in memory only. */
const SENDER_PARTITION = 'oss-requests';

/** Headers Chromium sets by itself and refuses from us. */
const OWN_HEADERS: ReadonlySet<string> = new Set(['host', 'content-length', 'connection']);

/**
 * Makes the sender. Chromium rewrites `.` and `..` segments of a path; keys that have them go through `makeNodeSend`.
 */
export function makeSessionSend(): Send {
  const sender = session.fromPartition(SENDER_PARTITION, { cache: false });
  return (request, signal) =>
    new Promise<HttpResponse>((resolve, reject) => {
      if (signal.aborted) return reject(new SendFailure('other', 'no', 'aborted'));
      const outgoing = net.request({
        method: request.method,
        url: `${request.scheme}://${request.host}${request.target}`,
        session: sender,
        credentials: 'omit',
        useSessionCookies: false,
        redirect: 'manual',
      });
      for (const [name, value] of headersOf(request)) outgoing.setHeader(name, value);

      const stop = (): void => {
        outgoing.abort();
        reject(new SendFailure('other', 'maybe', 'aborted'));
      };
      const letGo = (): void => signal.removeEventListener('abort', stop);
      signal.addEventListener('abort', stop, { once: true });

      outgoing.on('response', (response) => {
        const body = read(response as unknown as AsyncIterable<Uint8Array>, signal, letGo);
        resolve({ status: response.statusCode, headers: joined(response.headers), body });
      });
      outgoing.on('redirect', (status, _method, _url, headers) => {
        // Chromium keeps the body of a redirect to itself and ends the request.
        letGo();
        resolve({ status, headers: joined(headers), body: read(nothing(), signal, letGo) });
      });
      outgoing.on('error', (reason) => {
        letGo();
        reject(toSendFailure(reason));
      });
      outgoing.end();
    });
}

function headersOf(request: HttpRequest): [string, string][] {
  return Object.entries(request.headers).filter(([name]) => !OWN_HEADERS.has(name));
}

/** Electron's IncomingMessage is a Readable at run time, whatever its declared type: back-pressure comes with it. */
async function* read(
  body: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
  end: () => void,
): AsyncGenerator<Uint8Array> {
  try {
    for await (const piece of body) {
      if (signal.aborted) throw new SendFailure('other', 'maybe', 'aborted');
      yield piece;
    }
  } catch (reason) {
    if (reason instanceof SendFailure) throw reason;
    throw new SendFailure('reset', 'maybe', messageOf(reason));
  } finally {
    end();
  }
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

function joined(headers: Readonly<Record<string, string | string[]>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name.toLowerCase(),
      Array.isArray(value) ? value.join(', ') : value,
    ]),
  );
}
