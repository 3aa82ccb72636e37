/** The sender over real sockets on 127.0.0.1: raw paths, honest failures, nothing left open. */
import http from 'node:http';
import net, { type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { makeNodeSend } from '#services/node-send.ts';
import { SendFailure, type HttpRequest } from '#services/send.ts';

const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

const never = new AbortController().signal;

async function serve(listener: http.RequestListener): Promise<string> {
  const server = http.createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanUps.push(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A server that does as it likes with the bytes of a connection. */
async function serveRaw(onSocket: (socket: net.Socket) => void): Promise<string> {
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    onSocket(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanUps.push(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function sender(): ReturnType<typeof makeNodeSend> {
  const node = makeNodeSend();
  cleanUps.push(() => node.dispose());
  return node;
}

function get(host: string, more: Partial<HttpRequest> = {}): HttpRequest {
  return { method: 'GET', scheme: 'http', host, target: '/', headers: {}, ...more };
}

async function text(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

async function failure(work: Promise<unknown>): Promise<SendFailure> {
  const cause: unknown = await work.then(
    () => null,
    (error: unknown) => error,
  );
  if (!(cause instanceof SendFailure)) throw new Error(`no SendFailure: ${String(cause)}`);
  return cause;
}

describe('makeNodeSend', () => {
  it('sends path, query and headers exactly as given, and nothing that would be signed', async () => {
    const seen: { url: string | undefined; headers: http.IncomingHttpHeaders; method: string | undefined }[] = [];
    const host = await serve((request, response) => {
      seen.push({ url: request.url, headers: request.headers, method: request.method });
      response.end('ok');
    });
    const target = '/b/a/../c/./%2E%2E//d%20e%2Bf?acl&x=%2F+1';
    const { send } = sender();
    const response = await send(get(host, { target, headers: { 'x-oss-date': '20260115T083000Z' } }), never);
    expect(await text(response.body)).toBe('ok');
    expect(seen[0]?.url).toBe(target);
    expect(seen[0]?.headers).toEqual({ 'x-oss-date': '20260115T083000Z', host, connection: 'keep-alive' });
  });

  it('sends the Host it is told, as virtual hosts need', async () => {
    const host = await serve((request, response) => response.end(request.headers.host));
    const { send } = sender();
    expect(await text((await send(get(host), never)).body)).toBe(host);
  });

  it('gives status, lower-case headers with repeated ones joined, and the body of a HEAD as nothing', async () => {
    const host = await serve((_, response) => {
      response.writeHead(
        404,
        [
          ['X-Twice', 'a'],
          ['X-Twice', 'b'],
          ['Content-Length', '7'],
          ['ETag', '"E"'],
        ].flat(),
      );
      response.end('ignored');
    });
    const { send } = sender();
    const response = await send(get(host, { method: 'HEAD' }), never);
    expect(response.status).toBe(404);
    expect(response.headers).toMatchObject({ 'x-twice': 'a, b', 'content-length': '7', etag: '"E"' });
    expect(await text(response.body)).toBe('');
  });

  it('does not follow redirects', async () => {
    const host = await serve((_, response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end());
    const { send } = sender();
    expect((await send(get(host), never)).status).toBe(302);
  });

  it('uses a connection again', async () => {
    const ports = new Set<number | undefined>();
    const host = await serve((request, response) => {
      ports.add(request.socket.remotePort);
      response.end('x');
    });
    const { send } = sender();
    for (let turn = 0; turn < 3; turn += 1) await text((await send(get(host), never)).body);
    expect(ports.size).toBe(1);
  });

  it('says that nothing was sent when nobody listens', async () => {
    const host = await serveRaw(() => undefined);
    await cleanUps.pop()?.();
    expect(await failure(sender().send(get(host), never))).toMatchObject({ reason: 'refused', sent: 'no' });
  });

  it('says that nothing was sent when the name does not exist', async () => {
    const result = await failure(sender().send(get('does-not-exist.invalid'), never));
    expect(result).toMatchObject({ reason: 'offline', sent: 'no' });
  });

  it('says that nothing was sent when TLS fails', async () => {
    const host = await serve((_, response) => response.end('plain'));
    expect(await failure(sender().send(get(host, { scheme: 'https' }), never))).toMatchObject({
      reason: 'tls',
      sent: 'no',
    });
  });

  it('says that the request may have arrived when the connection breaks after it', async () => {
    const host = await serveRaw((socket) => socket.once('data', () => socket.resetAndDestroy()));
    expect(await failure(sender().send(get(host), never))).toMatchObject({ reason: 'reset', sent: 'maybe' });
  });

  it('says so too for an answer that is no HTTP', async () => {
    const host = await serveRaw((socket) => socket.once('data', () => socket.end('hello\r\n\r\n')));
    expect(await failure(sender().send(get(host), never))).toMatchObject({ sent: 'maybe' });
  });

  it('fails from the body when that breaks off', async () => {
    const host = await serveRaw((socket) =>
      socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\npart')),
    );
    const response = await sender().send(get(host), never);
    expect(response.status).toBe(200);
    expect(await failure(text(response.body))).toMatchObject({ reason: 'reset', sent: 'maybe' });
  });

  it('stops waiting for the head when aborted, and closes the connection', async () => {
    const controller = new AbortController();
    let onClosed = (): void => undefined;
    const closed = new Promise<void>((resolve) => (onClosed = resolve));
    const host = await serveRaw((socket) => {
      socket.once('close', () => onClosed());
      socket.once('data', () => controller.abort());
    });
    expect(await failure(sender().send(get(host), controller.signal))).toMatchObject({ sent: 'maybe' });
    await closed;
  });

  it('stops in the middle of a body when aborted', async () => {
    const host = await serve((_, response) => {
      response.writeHead(200, { 'content-length': '1000' });
      response.write('part');
    });
    const controller = new AbortController();
    const response = await sender().send(get(host), controller.signal);
    const work = failure(text(response.body));
    controller.abort();
    expect(await work).toBeInstanceOf(SendFailure);
  });

  it('sends nothing when aborted before', async () => {
    let count = 0;
    const host = await serve((_, response) => {
      count += 1;
      response.end();
    });
    expect(await failure(sender().send(get(host), AbortSignal.abort()))).toMatchObject({ sent: 'no' });
    expect(count).toBe(0);
  });
});
