/**
 * The sender over Node's own http and https: the raw path goes out byte for byte, dot segments included. For tests, the
 * command line, and the few keys that Chromium's network stack would rewrite. It takes the way that the network settings
 * name: the same proxy, with the same sign-in, and the same added authorities. The system's authorities are in force
 * where Node can read them (22.15 and newer, so in Electron 45); on older ones, and so on the fallback runtime, only
 * those that come with Node and the added ones are.
 */
import http from 'node:http';
import https from 'node:https';
import { isIP, type Socket } from 'node:net';
import tls from 'node:tls';
import { SendFailure, type HttpRequest, type HttpResponse, type Send } from './send.ts';
import { systemCode } from './system-error.ts';
import { isTlsCode, toTlsReason } from './tls-problem.ts';
import {
  connectToProxy,
  joinHostAndPort,
  openTunnel,
  proxyAuthorization,
  readProxyDecision,
  signInFailure,
  type HostAndPort,
  type ProxyHop,
  type ProxySignIn,
} from './tunnel.ts';

export interface NodeSend {
  send: Send;
  /** Closes idle and running connections. */
  dispose(): void;
}

/** The way to the service as the settings say; absent: straight there. */
export interface NodeWay {
  /** The decision for an address, in PAC's words. */
  resolveProxy(url: string): Promise<string>;
  /** Name and password for a proxy, `host:port`; null where there is none for it. */
  signInFor(proxy: string, signal: AbortSignal): Promise<ProxySignIn | null>;
  /** Authorities that the person added, PEM. */
  authorities(): string[];
  /** What a host's certificate is known to say, for the words of a failure. */
  shownBy?(host: string): { issuer: string; subject: string } | null;
}

/** How a request leaves: over which connection, under which address. */
type Way = Pick<https.RequestOptions, 'agent' | 'createConnection' | 'host' | 'port' | 'path'> & {
  headers?: Record<string, string>;
  /** The HTTP proxy that gets the request itself. */
  proxy?: { hop: ProxyHop; hasSignedIn: boolean };
};

/** Makes the sender with its own keep-alive connections. Verification of certificates cannot be turned off. */
export function makeNodeSend(nodeWay?: NodeWay): NodeSend {
  const plain = new http.Agent({ keepAlive: true });
  const secure = new https.Agent({ keepAlive: true });

  /** The authorities to verify with; undefined leaves it to Node. An agent keeps connections of other lists apart. */
  const trusted = (): string[] | undefined => listAuthorities(nodeWay?.authorities() ?? []);

  /** Tries the ways that the decision names, in order, until one is open. */
  async function findWay(request: HttpRequest, signal: AbortSignal): Promise<Way> {
    const isSecure = request.scheme === 'https';
    const target = splitHost(request.host, isSecure);
    const straight: Way = { agent: isSecure ? secure : plain, ...target };
    if (!nodeWay) return straight;
    const hops = readProxyDecision(await nodeWay.resolveProxy(`${request.scheme}://${request.host}/`));
    let failure: unknown = new SendFailure('proxyUnreachable', 'no', 'The proxy is of a kind that is not known.');
    for (const hop of hops) {
      if (!hop) return straight;
      try {
        return await wayThrough(hop, request, target, signal);
      } catch (reason) {
        if (!(reason instanceof SendFailure) || reason.reason !== 'proxyUnreachable') throw reason;
        failure = reason;
      }
    }
    throw failure;
  }

  async function wayThrough(
    hop: ProxyHop,
    request: HttpRequest,
    target: HostAndPort,
    signal: AbortSignal,
  ): Promise<Way> {
    const signIn = (await nodeWay?.signInFor(joinHostAndPort(hop), signal)) ?? null;
    const socket = await connectToProxy(hop, signal, trusted());
    if (request.scheme === 'http' && hop.kind !== 'socks5') {
      // Without TLS the proxy itself takes the request, under its whole address, which stays as raw as it is.
      return {
        createConnection: () => socket,
        ...target,
        path: `http://${request.host}${request.target}`,
        headers: signIn ? { 'proxy-authorization': proxyAuthorization(signIn) } : {},
        proxy: { hop, hasSignedIn: signIn !== null },
      };
    }
    const tunnel = await openTunnel(socket, hop, target, signIn, signal);
    return { createConnection: () => overTunnel(tunnel, request.scheme, target, trusted()), ...target };
  }

  const send: Send = async (request, signal) => {
    if (signal.aborted) throw new SendFailure('other', 'no', 'aborted');
    const way = await findWay(request, signal);
    return new Promise<HttpResponse>((resolve, reject) => {
      if (signal.aborted) return reject(new SendFailure('other', 'no', 'aborted'));
      const isSecure = request.scheme === 'https';
      const { headers, proxy, ...toOptions } = way;
      const ca = trusted();
      const outgoing = (isSecure ? https : http).request({
        path: request.target,
        ...toOptions,
        ...(isSecure && ca ? { ca } : {}),
        method: request.method,
        headers: { ...request.headers, ...headers, host: request.host },
        setHost: false,
      });
      const isConnected = watchConnection(outgoing, isSecure);
      const stop = (): void =>
        void outgoing.destroy(new SendFailure('other', isConnected() ? 'maybe' : 'no', 'aborted'));
      signal.addEventListener('abort', stop, { once: true });
      outgoing.on('error', (error) => {
        signal.removeEventListener('abort', stop);
        reject(withCertificate(toSendFailure(error, isConnected()), error, request, nodeWay));
      });
      outgoing.on('response', (incoming) => {
        if (proxy && incoming.statusCode === 407) {
          signal.removeEventListener('abort', stop);
          incoming.destroy();
          return reject(signInFailure(proxy.hop, proxy.hasSignedIn));
        }
        incoming.on('close', () => signal.removeEventListener('abort', stop));
        resolve({ status: incoming.statusCode ?? 0, headers: joinHeaders(incoming), body: readChunks(incoming) });
      });
      outgoing.end();
    });
  };

  return {
    send,
    dispose() {
      plain.destroy();
      secure.destroy();
    },
  };
}

/** The authorities of Node, of the system where Node can read them, and the added ones; undefined: as Node does by itself. */
function listAuthorities(added: string[]): string[] | undefined {
  const list = (tls as { getCACertificates?(kind: 'default' | 'system'): string[] }).getCACertificates;
  if (list) return [...new Set([...list('default'), ...list('system'), ...added])];
  return added.length > 0 ? [...tls.rootCertificates, ...added] : undefined;
}

function overTunnel(tunnel: Socket, scheme: string, { host }: HostAndPort, ca?: string[]): Socket {
  if (scheme !== 'https') return tunnel;
  return tls.connect({ socket: tunnel, host, ...(isIP(host) ? {} : { servername: host }), ...(ca ? { ca } : {}) });
}

/** Adds to a failure of TLS whose certificate it was and what is wrong with it. */
function withCertificate(failure: SendFailure, error: unknown, request: HttpRequest, way?: NodeWay): SendFailure {
  if (failure.reason !== 'tls' || failure.detail) return failure;
  const { host } = splitHost(request.host, true);
  const shown = way?.shownBy?.(host);
  return new SendFailure('tls', failure.sent, failure.message, {
    host,
    ...(shown ? { issuer: shown.issuer, subject: shown.subject } : {}),
    reason: toTlsReason(readCode(error)),
  });
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

function splitHost(host: HttpRequest['host'], isSecure: boolean): HostAndPort {
  const match = /^(.*?)(?::(\d+))?$/.exec(host);
  const name = (match?.[1] ?? host).replace(/^\[|\]$/g, '');
  return { host: name, port: match?.[2] === undefined ? (isSecure ? 443 : 80) : Number(match[2]) };
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

function toSendFailure(error: unknown, isConnected: boolean): SendFailure {
  if (error instanceof SendFailure) return error;
  const code = readCode(error);
  const message = error instanceof Error ? error.message : String(error);
  const sent = isConnected ? 'maybe' : 'no';
  if (OFFLINE.has(code)) return new SendFailure('offline', sent, message);
  if (code === 'ECONNREFUSED') return new SendFailure('refused', sent, message);
  if (code === 'ETIMEDOUT') return new SendFailure('timeout', sent, message);
  if (isTlsCode(code)) return new SendFailure('tls', sent, message);
  if (RESET.has(code)) return new SendFailure('reset', sent, message);
  return new SendFailure('other', sent, message);
}

/** The error's code; of several failed addresses (IPv6 and IPv4 tried in turn) the last one's. */
function readCode(error: unknown): string {
  const code = systemCode(error);
  return code === '' && error instanceof AggregateError ? readCode(error.errors.at(-1)) : code;
}
