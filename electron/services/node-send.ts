/**
 * The sender over Node's own http and https: the raw path goes out byte for byte, dot segments included. For tests, the
 * command line, and the few keys that Chromium's network stack would rewrite.
 */
import http from 'node:http';
import https from 'node:https';
import { SendFailure, type HttpRequest, type HttpResponse, type Send } from './send.ts';
import { systemCode } from './system-error.ts';

export interface NodeSend {
  send: Send;
  /** Closes idle and running connections. */
  dispose(): void;
}

/** Makes the sender with its own keep-alive connections. Verification of certificates cannot be turned off. */
export function makeNodeSend(): NodeSend {
  const plain = new http.Agent({ keepAlive: true });
  const secure = new https.Agent({ keepAlive: true });

  const send: Send = (request, signal) =>
    new Promise<HttpResponse>((resolve, reject) => {
      if (signal.aborted) return reject(new SendFailure('other', 'no', 'aborted'));
      const { name, port } = splitHost(request.host);
      const isSecure = request.scheme === 'https';
      const outgoing = (isSecure ? https : http).request({
        agent: isSecure ? secure : plain,
        host: name,
        ...(port === null ? {} : { port }),
        method: request.method,
        path: request.target,
        headers: { ...request.headers, host: request.host },
        setHost: false,
      });
      const isConnected = watchConnection(outgoing, isSecure);
      const stop = (): void =>
        void outgoing.destroy(new SendFailure('other', isConnected() ? 'maybe' : 'no', 'aborted'));
      signal.addEventListener('abort', stop, { once: true });
      outgoing.on('error', (error) => {
        signal.removeEventListener('abort', stop);
        reject(toSendFailure(error, isConnected()));
      });
      outgoing.on('response', (incoming) => {
        incoming.on('close', () => signal.removeEventListener('abort', stop));
        resolve({ status: incoming.statusCode ?? 0, headers: joinHeaders(incoming), body: readChunks(incoming) });
      });
      outgoing.end();
    });

  return {
    send,
    dispose() {
      plain.destroy();
      secure.destroy();
    },
  };
}

/** Tells whether bytes of the request can have left: a socket was connected (and for TLS trusted), or taken over alive. */
function watchConnection(outgoing: http.ClientRequest, isSecure: boolean): () => boolean {
  let isConnected = false;
  outgoing.once('socket', (socket) => {
    if (outgoing.reusedSocket) isConnected = true;
    else socket.once(isSecure ? 'secureConnect' : 'connect', () => (isConnected = true));
  });
  return () => isConnected;
}

async function* readChunks(incoming: http.IncomingMessage): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of incoming) {
      if (chunk instanceof Uint8Array) yield chunk;
    }
  } catch (error) {
    throw toSendFailure(error, true);
  }
}

/** Every value of a name, joined; Node itself drops repeated ones of some names. */
function joinHeaders(incoming: http.IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {};
  for (let at = 0; at + 1 < incoming.rawHeaders.length; at += 2) {
    const name = (incoming.rawHeaders[at] ?? '').toLowerCase();
    const value = incoming.rawHeaders[at + 1] ?? '';
    const before = headers[name];
    headers[name] = before === undefined ? value : `${before}, ${value}`;
  }
  return headers;
}

function splitHost(host: HttpRequest['host']): { name: string; port: number | null } {
  const match = /^(.*?)(?::(\d+))?$/.exec(host);
  const name = (match?.[1] ?? host).replace(/^\[|\]$/g, '');
  return { name, port: match?.[2] === undefined ? null : Number(match[2]) };
}

const OFFLINE = new Set([
  'ENOTFOUND',
  'EAI_AGAIN',
  'EAI_FAIL',
  'ENETUNREACH',
  'EHOSTUNREACH',
  'ENETDOWN',
  'EADDRNOTAVAIL',
]);
const RESET = new Set(['ECONNRESET', 'EPIPE', 'ECONNABORTED', 'ERR_STREAM_PREMATURE_CLOSE']);
const TLS = /^(CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|ERR_TLS_|ERR_SSL_|HOSTNAME_MISMATCH|INVALID_CA|EPROTO$)/;

function toSendFailure(error: unknown, isConnected: boolean): SendFailure {
  if (error instanceof SendFailure) return error;
  const code = readCode(error);
  const message = error instanceof Error ? error.message : String(error);
  const sent = isConnected ? 'maybe' : 'no';
  if (OFFLINE.has(code)) return new SendFailure('offline', sent, message);
  if (code === 'ECONNREFUSED') return new SendFailure('refused', sent, message);
  if (code === 'ETIMEDOUT') return new SendFailure('timeout', sent, message);
  if (TLS.test(code)) return new SendFailure('tls', sent, message);
  if (RESET.has(code)) return new SendFailure('reset', sent, message);
  return new SendFailure('other', sent, message);
}

/** The error's code; of several failed addresses (IPv6 and IPv4 tried in turn) the last one's. */
function readCode(error: unknown): string {
  const code = systemCode(error);
  return code === '' && error instanceof AggregateError ? readCode(error.errors.at(-1)) : code;
}
