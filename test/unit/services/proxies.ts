/**
 * Small servers for tests of the network, all on 127.0.0.1: a proxy (CONNECT, plain http, Basic sign-in, TLS taken apart
 * with a private authority), a SOCKS 5 proxy, and a TLS front before a plain service.
 */
import http from 'node:http';
import net, { type AddressInfo } from 'node:net';
import tls from 'node:tls';
import type { Made } from './certificates.ts';

export interface Running {
  port: number;
  stop(): Promise<void>;
}

/** What a proxy was asked, in order: `CONNECT host:port`, `GET http://…`; and what it was given to sign in with. */
export interface Proxy extends Running {
  asked: string[];
  signedIn: string[];
}

export interface ProxyOptions {
  /** `user:password`; absent: everybody may pass. */
  signIn?: string;
  /** Where a host and port really is: a port on 127.0.0.1. Absent or null: refused with 502. */
  leadTo(address: string): number | null;
  /** Certificate chain and key that the proxy shows instead of the service's own. */
  intercept?: { certificate: Made; chain?: Made[] };
}

async function listen(server: net.Server | tls.Server): Promise<Running> {
  const sockets = new Set<net.Socket>();
  server.on('connection', (socket: net.Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    stop: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}

/** Passes bytes both ways until either side ends. */
function join(one: net.Socket, other: net.Socket): void {
  for (const [from, to] of [
    [one, other],
    [other, one],
  ] as const) {
    from.on('error', () => to.destroy());
    from.on('close', () => to.destroy());
  }
  one.pipe(other).pipe(one);
}

/** What a TLS server shows: its own certificate, then what it sends along. */
const secretsOf = ({ certificate, chain = [] }: { certificate: Made; chain?: Made[] }): tls.TlsOptions => ({
  key: certificate.keyPem,
  cert: [certificate, ...chain].map(({ pem }) => pem).join('\n'),
});

/** A server of TLS before a plain service. */
export function serveTls(shown: { certificate: Made; chain?: Made[] }, port: number): Promise<Running> {
  const server = tls.createServer(secretsOf(shown), (socket) => {
    socket.on('error', () => undefined);
    join(socket, net.connect(port, '127.0.0.1'));
  });
  server.on('tlsClientError', () => undefined);
  return listen(server);
}

/** A proxy in HTTP. */
export async function serveProxy(options: ProxyOptions): Promise<Proxy> {
  const asked: string[] = [];
  const signedIn: string[] = [];
  const front = options.intercept ? secretsOf(options.intercept) : null;

  function mayPass(request: http.IncomingMessage): boolean {
    asked.push(`${request.method} ${request.url}`);
    const given = /^Basic (.+)$/.exec(request.headers['proxy-authorization'] ?? '')?.[1];
    if (given !== undefined) signedIn.push(Buffer.from(given, 'base64').toString());
    return options.signIn === undefined || signedIn.at(-1) === options.signIn;
  }

  const server = http.createServer((request, response) => {
    if (!mayPass(request)) {
      response.writeHead(407, { 'proxy-authenticate': 'Basic realm="proxy"' }).end('sign in');
      return;
    }
    const [, host = '', target = '/'] = /^http:\/\/([^/]+)(.*)$/.exec(request.url ?? '') ?? [];
    const port = options.leadTo(host.includes(':') ? host : `${host}:80`);
    if (port === null) return void response.writeHead(502).end('not from here');
    const headers = { ...request.headers };
    delete headers['proxy-authorization'];
    delete headers['proxy-connection'];
    http
      .request({ host: '127.0.0.1', port, method: request.method, path: target, headers }, (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
        answer.pipe(response);
      })
      .on('error', () => response.destroy())
      .end();
  });
  server.on('connect', (request: http.IncomingMessage, client: net.Socket) => {
    client.on('error', () => undefined);
    if (!mayPass(request)) {
      return void client.end(
        'HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="proxy"\r\nContent-Length: 0\r\n\r\n',
      );
    }
    const port = options.leadTo(request.url ?? '');
    if (port === null) return void client.end('HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n');
    client.write('HTTP/1.1 200 Connection established\r\n\r\n');
    const inside = front ? new tls.TLSSocket(client, { isServer: true, ...front }) : client;
    inside.on('error', () => undefined);
    join(inside, net.connect(port, '127.0.0.1'));
  });
  return { ...(await listen(server)), asked, signedIn };
}

/** A SOCKS 5 proxy without a password. */
export async function serveSocks(leadTo: (address: string) => number | null): Promise<Running & { asked: string[] }> {
  const asked: string[] = [];
  const server = net.createServer((client) => {
    client.on('error', () => undefined);
    client.once('data', () => {
      client.write(Uint8Array.of(5, 0));
      client.once('data', (ask) => {
        const host = ask.subarray(5, 5 + (ask[4] ?? 0)).toString('latin1');
        const address = `${host}:${ask.readUInt16BE(5 + (ask[4] ?? 0))}`;
        asked.push(address);
        const port = leadTo(address);
        client.write(Uint8Array.of(5, port === null ? 4 : 0, 0, 1, 0, 0, 0, 0, 0, 0));
        if (port === null) client.end();
        else join(client, net.connect(port, '127.0.0.1'));
      });
    });
  });
  return { ...(await listen(server)), asked };
}
