/** Node's own requests and the network test through real proxies and TLS servers on 127.0.0.1. */
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { setTimeout as waitFor } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeNodeSend, type NodeWay } from '#services/node-send.ts';
import { makeNetworkTest } from '#services/network-test.ts';
import { SendFailure, type HttpRequest } from '#services/send.ts';
import { readProxyDecision } from '#services/tunnel.ts';
import { makeCertificate, type Made } from './certificates.ts';
import { serveProxy, serveSocks, serveTls, type ProxyOptions } from './proxies.ts';

const never = new AbortController().signal;
const HOST = 'documents.oss-cn-hangzhou.aliyuncs.com';
const RAW = '/a/../b/./%2E%2E//c%20d?x=%2F';
const cleanUps: (() => unknown)[] = [];
/** The plain service behind everything, and the targets it was asked for. */
let port: number;
let targets: string[];
let answer: (response: http.ServerResponse) => void;
let root: Made;
let leaf: Made;

beforeEach(async () => {
  targets = [];
  answer = (response) => response.writeHead(403, { 'x-oss-request-id': 'ID1' }).end('no');
  const server = http.createServer((request, response) => {
    targets.push(`${request.headers.host}${request.url}`);
    if (request.headers['proxy-authorization']) targets.push('LEAKED');
    answer(response);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  cleanUps.push(() => server.close().closeAllConnections());
  port = (server.address() as AddressInfo).port;
  root = await makeCertificate({ name: 'Corp Root' });
  leaf = await makeCertificate({ name: HOST, issuer: root, hosts: [HOST] });
});
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

async function proxy(options: Partial<ProxyOptions> = {}) {
  const made = await serveProxy({ leadTo: () => port, ...options });
  cleanUps.push(made.stop);
  return made;
}

/** The way as settings would name it. */
function wayOver(decision: string, more: Partial<NodeWay> = {}): NodeWay {
  return { resolveProxy: async () => decision, signInFor: async () => null, authorities: () => [root.pem], ...more };
}
const mia = { signInFor: async () => ({ user: 'mia', password: 'right' }) };
const get = (scheme: 'http' | 'https', host = HOST): HttpRequest => ({
  method: 'GET',
  scheme,
  host,
  target: RAW,
  headers: {},
});

function sender(way?: NodeWay) {
  const node = makeNodeSend(way);
  cleanUps.push(() => node.dispose());
  return node.send;
}

async function failure(work: Promise<unknown>): Promise<SendFailure> {
  const cause: unknown = await work.catch((reason: unknown) => reason);
  if (!(cause instanceof SendFailure)) throw new Error(`no SendFailure: ${String(cause)}`);
  return cause;
}

describe('a raw path', () => {
  it('goes through the proxy as it is, plain and in TLS, signed in', async () => {
    const made = await proxy({ signIn: 'mia:right' });
    const plain = await sender(wayOver(`PROXY 127.0.0.1:${made.port}`, mia))(get('http'), never);
    expect(plain.status).toBe(403);
    const secure = await proxy({ signIn: 'mia:right', intercept: { certificate: leaf } });
    const answered = await sender(wayOver(`PROXY 127.0.0.1:${secure.port}`, mia))(get('https'), never);
    expect(answered.status).toBe(403);
    expect(targets).toEqual([`${HOST}${RAW}`, `${HOST}${RAW}`]);
    expect(made.asked).toEqual([`GET http://${HOST}${RAW}`]);
    expect(secure.asked).toEqual([`CONNECT ${HOST}:443`]);
  });

  it('goes through SOCKS 5, the name looked up there', async () => {
    const made = await serveSocks(() => port);
    cleanUps.push(made.stop);
    expect((await sender(wayOver(`SOCKS5 127.0.0.1:${made.port}`))(get('http'), never)).status).toBe(403);
    expect(made.asked).toEqual([`${HOST}:80`]);
    const front = await serveTls({ certificate: leaf }, port);
    cleanUps.push(front.stop);
    const secure = await serveSocks(() => front.port);
    cleanUps.push(secure.stop);
    expect((await sender(wayOver(`SOCKS5 127.0.0.1:${secure.port}`))(get('https'), never)).status).toBe(403);
    const closed = await serveSocks(() => null);
    cleanUps.push(closed.stop);
    const refused = await failure(sender(wayOver(`SOCKS5 127.0.0.1:${closed.port}`))(get('http'), never));
    expect(refused).toMatchObject({ reason: 'proxyRefused', sent: 'no' });
  });

  it('takes the next of a decision when a proxy is not there', async () => {
    const gone = await proxy();
    await gone.stop();
    const made = await proxy();
    const decision = `PROXY 127.0.0.1:${gone.port}; PROXY 127.0.0.1:${made.port}`;
    expect((await sender(wayOver(decision))(get('http'), never)).status).toBe(403);
    expect(
      (await sender(wayOver(`PROXY 127.0.0.1:${gone.port}; DIRECT`))(get('http', `127.0.0.1:${port}`), never)).status,
    ).toBe(403);
    expect(await failure(sender(wayOver(`PROXY 127.0.0.1:${gone.port}`))(get('http'), never))).toMatchObject({
      reason: 'proxyUnreachable',
      sent: 'no',
      detail: { proxy: `http://127.0.0.1:${gone.port}` },
    });
  });

  it.each(['http', 'https'] as const)('is told what the proxy wants: %s', async (scheme) => {
    const made = await proxy({ signIn: 'mia:right' });
    const missing = await failure(sender(wayOver(`PROXY 127.0.0.1:${made.port}`))(get(scheme), never));
    expect(missing).toMatchObject({ reason: 'proxyAuth', sent: 'no', detail: { reason: 'missing' } });
    const wrong = { signInFor: async () => ({ user: 'mia', password: 'wrong' }) };
    const refused = await failure(sender(wayOver(`PROXY 127.0.0.1:${made.port}`, wrong))(get(scheme), never));
    expect(refused).toMatchObject({ reason: 'proxyAuth', detail: { reason: 'refused' } });
    expect(targets).toEqual([]);
  });

  it('is told that the proxy does not lead there', async () => {
    const made = await proxy({ leadTo: () => null });
    expect(await failure(sender(wayOver(`PROXY 127.0.0.1:${made.port}`))(get('https'), never))).toMatchObject({
      reason: 'proxyRefused',
      detail: { host: HOST, status: 502 },
    });
  });

  it('trusts the added authority and no other', async () => {
    const made = await proxy({ intercept: { certificate: leaf } });
    const decision = `PROXY 127.0.0.1:${made.port}`;
    expect((await sender(wayOver(decision))(get('https'), never)).status).toBe(403);
    const stranger = await failure(sender(wayOver(decision, { authorities: () => [] }))(get('https'), never));
    expect(stranger).toMatchObject({ reason: 'tls', sent: 'no', detail: { host: HOST, reason: 'unknown-authority' } });
    const expired = await proxy({
      intercept: {
        certificate: await makeCertificate({
          name: 'x',
          issuer: root,
          hosts: [HOST],
          notBeforeDays: -9,
          notAfterDays: -1,
        }),
      },
    });
    expect(await failure(sender(wayOver(`PROXY 127.0.0.1:${expired.port}`))(get('https'), never))).toMatchObject({
      reason: 'tls',
      detail: { reason: 'expired' },
    });
    const other = await proxy({
      intercept: { certificate: await makeCertificate({ name: 'x', issuer: root, hosts: ['a.example'] }) },
    });
    expect(await failure(sender(wayOver(`PROXY 127.0.0.1:${other.port}`))(get('https'), never))).toMatchObject({
      reason: 'tls',
      detail: { reason: 'wrong-host' },
    });
  });

  it('never carries the proxy’s password to the service', async () => {
    const made = await proxy({ signIn: 'mia:right', intercept: { certificate: leaf } });
    await sender(wayOver(`PROXY 127.0.0.1:${made.port}`, mia))(get('https'), never);
    expect(targets).not.toContain('LEAKED');
  });
});

describe('the network test', () => {
  function tester(way: NodeWay, script: string | null = null) {
    return makeNetworkTest({
      ...way,
      scriptUrl: () => script,
      send: sender(way),
      shownBy: () => ({ issuer: 'Corp Root' }),
      now: Date.now,
      sleep: (ms, signal) => waitFor(ms, undefined, { signal }),
    });
  }
  async function states(way: NodeWay, scheme: 'http' | 'https', host = HOST): Promise<string[]> {
    const report = await tester(way).run({ scheme, host }, never);
    return report.steps.map(({ state, error }) => (error ? `${state} ${error.code}` : state));
  }

  it('is good straight and through a proxy, and costs one unsigned request', async () => {
    const n = 'not-needed';
    expect(await states(wayOver('DIRECT'), 'http', `127.0.0.1:${port}`)).toEqual(['good', n, 'good', n, n, 'good']);
    const made = await proxy({ signIn: 'mia:right', intercept: { certificate: leaf } });
    const way = wayOver(`PROXY 127.0.0.1:${made.port}`, mia);
    expect(await states(way, 'https')).toEqual(['good', n, 'good', 'good', 'good', 'good']);
    expect(targets).toHaveLength(2);
    const report = await tester(way).run({ scheme: 'https', host: HOST }, never);
    expect(report.steps.map(({ fact }) => fact)).toEqual([
      `http://127.0.0.1:${made.port}`,
      '',
      `127.0.0.1:${made.port}`,
      'mia',
      'Corp Root',
      'ID1',
    ]);
  });

  it('names the hop that fails, and tries no further', async () => {
    const n = 'not-needed';
    const gone = await proxy();
    await gone.stop();
    const rest = ['not-tried', 'not-tried'];
    expect(await states(wayOver(`PROXY 127.0.0.1:${gone.port}`), 'https')).toEqual([
      'good',
      n,
      'failed net.proxyUnreachable',
      'not-tried',
      ...rest,
    ]);
    expect(await states(wayOver('PROXY no-such-proxy.invalid:1'), 'https')).toEqual([
      'good',
      'failed net.offline',
      'not-tried',
      'not-tried',
      ...rest,
    ]);
    const strict = await proxy({ signIn: 'mia:right' });
    const decision = `PROXY 127.0.0.1:${strict.port}`;
    expect(await states(wayOver(decision), 'https')).toEqual(['good', n, 'good', 'failed net.proxyAuth', ...rest]);
    expect((await states(wayOver(decision), 'http'))[3]).toBe('failed net.proxyAuth');
    const closed = await proxy({ leadTo: () => null });
    expect((await states(wayOver(`PROXY 127.0.0.1:${closed.port}`), 'https'))[3]).toBe('failed net.proxyRefused');
    const strange = await proxy({ intercept: { certificate: leaf } });
    const untrusting = wayOver(`PROXY 127.0.0.1:${strange.port}`, { authorities: () => [] });
    expect((await states(untrusting, 'https')).slice(3)).toEqual(['good', 'failed net.tls', 'not-tried']);
    expect(await states(wayOver('DIRECT'), 'http', `127.0.0.1:${gone.port}`)).toEqual([
      'good',
      n,
      'failed net.refused',
      'not-tried',
      ...rest,
    ]);
  });

  it('knows OSS by its request id: a sign-in page of the network is none', async () => {
    answer = (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Welcome</h1>');
    expect((await states(wayOver('DIRECT'), 'http', `127.0.0.1:${port}`)).at(-1)).toBe('failed net.proxy');
  });

  it('asks for a proxy script itself, because without one everything would go past the proxy unseen', async () => {
    const url = `http://127.0.0.1:${port}`;
    const run = (script: string) =>
      tester(wayOver('DIRECT'), script).run({ scheme: 'http', host: `127.0.0.1:${port}` }, never);
    const refused = await run(`${url}/missing.pac`);
    expect(refused.steps[0]).toMatchObject({ state: 'failed', error: { code: 'net.pacUnreadable' } });
    expect((await run('http://no-such-host.invalid/p.pac')).steps[0]?.error?.code).toBe('net.pacUnreadable');
    answer = (response) => response.writeHead(200, { 'x-oss-request-id': 'ID' }).end('function FindProxyForURL() {}');
    expect((await run(`${url}/proxy.pac`)).steps.at(-1)?.state).toBe('good');
  });

  it('stops when it is given up', async () => {
    const stop = new AbortController();
    answer = () => stop.abort();
    const report = await tester(wayOver('DIRECT')).run({ scheme: 'http', host: `127.0.0.1:${port}` }, stop.signal);
    expect(report.steps.at(-1)?.state).toBe('not-tried');
  });
});

describe('a decision in PAC’s words', () => {
  it.each([
    ['DIRECT', [null]],
    ['PROXY a:3128; DIRECT', [{ kind: 'http', host: 'a', port: 3128 }, null]],
    [
      'HTTPS b:443;SOCKS5 [::1]:1080',
      [
        { kind: 'https', host: 'b', port: 443 },
        { kind: 'socks5', host: '::1', port: 1080 },
      ],
    ],
    ['SOCKS old:1; QUIC x:2', []],
    ['PROXY a:0; PROXY a b', [{ kind: 'http', host: 'a', port: 80 }]],
    ['', []],
  ])('%s', (text, hops) => {
    expect(readProxyDecision(text)).toEqual(hops);
  });
});
