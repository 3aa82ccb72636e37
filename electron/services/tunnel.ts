/**
 * The way through a proxy for Node's own connections: HTTP CONNECT or SOCKS 5, to one host, as Chromium would take it.
 * For the few requests that Chromium cannot make (raw paths) and for the test that names the failing hop.
 */
import http from 'node:http';
import net from 'node:net';
import tls from 'node:tls';
import { SendFailure } from './send.ts';
import { systemCode } from './system-error.ts';
import { isTlsCode, toTlsReason } from './tls-problem.ts';

/** One proxy as Chromium's decision names it. */
export interface ProxyHop {
  kind: 'http' | 'https' | 'socks5';
  host: string;
  port: number;
}

/** Name and password for a proxy. Never logged, never sent to anything but that proxy. */
export interface ProxySignIn {
  user: string;
  password: string;
}

/** A host and port without brackets, as sockets take them. */
export interface HostAndPort {
  host: string;
  port: number;
}

const KINDS: Readonly<Record<string, ProxyHop['kind'] | undefined>> = {
  PROXY: 'http',
  HTTP: 'http',
  HTTPS: 'https',
  SOCKS5: 'socks5',
};

/**
 * Reads a decision in PAC's words, `PROXY a:3128; SOCKS5 b:1080; DIRECT`: the hops to try in order, null for none.
 * Kinds that are not spoken here (SOCKS 4, QUIC) are left out.
 */
export function readProxyDecision(text: string): (ProxyHop | null)[] {
  return text.split(';').flatMap((part): (ProxyHop | null)[] => {
    const [word = '', address = ''] = part.trim().split(/\s+/);
    if (word.toUpperCase() === 'DIRECT') return [null];
    const kind = KINDS[word.toUpperCase()];
    const at = kind ? readHostAndPort(address, kind === 'https' ? 443 : 80) : null;
    return kind && at ? [{ kind, ...at }] : [];
  });
}

/** Reads `host:port`, `[::1]:port` or `host`; null when it is neither. */
export function readHostAndPort(text: string, defaultPort: number): HostAndPort | null {
  const match = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::(\d{1,5}))?$/i.exec(text.trim());
  if (!match?.[1]) return null;
  const port = match[2] === undefined ? defaultPort : Number(match[2]);
  return port >= 1 && port <= 65_535 ? { host: match[1].replace(/^\[|\]$/g, '').toLowerCase(), port } : null;
}

/** `host:port`, with brackets around an IPv6 address. */
export const joinHostAndPort = ({ host, port }: HostAndPort): string =>
  `${net.isIPv6(host) ? `[${host}]` : host}:${port}`;

/** `http://host:port`, as the page and the person see a proxy. */
export const nameOfProxy = (hop: ProxyHop): string => `${hop.kind}://${joinHostAndPort(hop)}`;

/** Connects to the proxy itself. Throws `SendFailure`: `proxyUnreachable`, or `tls` for one that is spoken to in TLS. */
export function connectToProxy(hop: ProxyHop, signal: AbortSignal, ca?: string[]): Promise<net.Socket> {
  const { host, port } = hop;
  const isSecure = hop.kind === 'https';
  const socket = isSecure
    ? tls.connect({ host, port, ...(net.isIP(host) ? {} : { servername: host }), ...(ca ? { ca } : {}) })
    : net.connect({ host, port });
  return new Promise((resolve, reject) => {
    const done = (): void => {
      signal.removeEventListener('abort', stop);
      socket.removeAllListeners('error');
    };
    const stop = (): void => {
      done();
      socket.on('error', () => undefined);
      socket.destroy();
      reject(new SendFailure('other', 'no', 'aborted'));
    };
    if (signal.aborted) return stop();
    signal.addEventListener('abort', stop, { once: true });
    socket.once('error', (error) => {
      done();
      const code = systemCode(error);
      const isTls = isSecure && isTlsCode(code);
      const detail = { proxy: nameOfProxy(hop), host };
      reject(
        isTls
          ? new SendFailure('tls', 'no', error.message, { ...detail, reason: toTlsReason(code) })
          : new SendFailure('proxyUnreachable', 'no', error.message, detail),
      );
    });
    socket.once(isSecure ? 'secureConnect' : 'connect', () => {
      done();
      resolve(socket);
    });
  });
}

/**
 * Asks the proxy at the other end of `socket` for a tunnel to `target`; the same socket then leads there. Throws
 * `SendFailure`: `proxyAuth` (407), `proxyRefused` (any other no), `proxyUnreachable` (it hung up).
 */
export function openTunnel(
  socket: net.Socket,
  hop: ProxyHop,
  target: HostAndPort,
  signIn: ProxySignIn | null,
  signal: AbortSignal,
): Promise<net.Socket> {
  const opened = hop.kind === 'socks5' ? openSocks(socket, hop, target) : openConnect(socket, hop, target, signIn);
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      socket.destroy();
      reject(new SendFailure('other', 'no', 'aborted'));
    };
    if (signal.aborted) return stop();
    signal.addEventListener('abort', stop, { once: true });
    opened.then(resolve, (reason: unknown) => {
      socket.destroy();
      reject(reason instanceof Error ? reason : new Error(String(reason)));
    });
    void opened.catch(() => undefined).then(() => signal.removeEventListener('abort', stop));
  });
}

/** The header that signs in to an HTTP proxy (RFC 7617). */
export const proxyAuthorization = ({ user, password }: ProxySignIn): string =>
  `Basic ${Buffer.from(`${user}:${password}`, 'utf8').toString('base64')}`;

/** What a proxy that asks for a name, or does not take the one it got, comes to. */
export function signInFailure(hop: ProxyHop, wasGiven: boolean): SendFailure {
  const message = wasGiven
    ? 'The proxy does not take this name and password.'
    : 'The proxy asks for name and password.';
  const detail = { proxy: nameOfProxy(hop), reason: wasGiven ? 'refused' : 'missing' };
  return new SendFailure('proxyAuth', 'no', message, detail);
}

function openConnect(
  socket: net.Socket,
  hop: ProxyHop,
  target: HostAndPort,
  signIn: ProxySignIn | null,
): Promise<net.Socket> {
  const address = joinHostAndPort(target);
  return new Promise((resolve, reject) => {
    const asking = http.request({
      createConnection: () => socket,
      method: 'CONNECT',
      path: address,
      headers: { host: address, ...(signIn ? { 'proxy-authorization': proxyAuthorization(signIn) } : {}) },
    });
    const refuse = (status: number): void =>
      reject(
        status === 407
          ? signInFailure(hop, signIn !== null)
          : new SendFailure('proxyRefused', 'no', `The proxy answered ${status} to CONNECT.`, {
              proxy: nameOfProxy(hop),
              host: target.host,
              status,
            }),
      );
    asking.once('connect', (answer, tunnel, head) => {
      if (answer.statusCode !== 200) return refuse(answer.statusCode ?? 0);
      if (head.byteLength > 0) tunnel.unshift(head);
      resolve(tunnel);
    });
    asking.once('response', (answer) => refuse(answer.statusCode ?? 0));
    asking.once('error', (error) => reject(hungUp(hop, error.message)));
    asking.end();
  });
}

const hungUp = (hop: ProxyHop, message: string): SendFailure =>
  new SendFailure('proxyUnreachable', 'no', message, { proxy: nameOfProxy(hop) });

/** SOCKS 5 without a password, as Chromium speaks it, the proxy looking up the name (RFC 1928). */
async function openSocks(socket: net.Socket, hop: ProxyHop, target: HostAndPort): Promise<net.Socket> {
  const take = makeTaker(socket, hop);
  socket.write(Uint8Array.of(5, 1, 0));
  const [version, method] = await take(2);
  if (version !== 5) throw hungUp(hop, 'This is no SOCKS 5 proxy.');
  if (method !== 0) throw signInFailure(hop, false);
  const name = Buffer.from(target.host, 'latin1');
  socket.write(Buffer.concat([Uint8Array.of(5, 1, 0, 3, name.byteLength), name, portBytes(target.port)]));
  const [, reply = 255, , kind] = await take(4);
  if (reply !== 0) {
    const detail = { proxy: nameOfProxy(hop), host: target.host, status: reply };
    throw new SendFailure('proxyRefused', 'no', `The SOCKS proxy answered ${reply}.`, detail);
  }
  const addressLength = kind === 1 ? 4 : kind === 4 ? 16 : ((await take(1))[0] ?? 0);
  await take(addressLength + 2);
  return socket;
}

const portBytes = (port: number): Uint8Array => Uint8Array.of(port >> 8, port & 255);

/** Takes exactly so many bytes off a socket, leaving what follows on it. */
function makeTaker(socket: net.Socket, hop: ProxyHop): (length: number) => Promise<Buffer> {
  return (length) =>
    new Promise((resolve, reject) => {
      const onReadable = (): void => {
        const bytes = socket.read(length) as Buffer | null;
        if (bytes === null || bytes.byteLength < length) return;
        letGo();
        resolve(bytes);
      };
      const onEnd = (): void => {
        letGo();
        reject(hungUp(hop, 'The SOCKS proxy closed the connection.'));
      };
      const letGo = (): void => {
        socket.off('readable', onReadable).off('end', onEnd).off('error', onEnd).off('close', onEnd);
      };
      socket.on('readable', onReadable).on('end', onEnd).on('error', onEnd).on('close', onEnd);
      onReadable();
    });
}
