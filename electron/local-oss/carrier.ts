/** Puts the handler behind node:http on the loopback interface, and acts out the misfortunes that need a connection. */
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { failureXml } from './answer.ts';
import { refuse } from './failure.ts';
import type { LocalOss } from './handle.ts';
import type { OssRequest, OssResponse } from './http.ts';

export interface Listening {
  /** `http://127.0.0.1:PORT` */
  endpoint: string;
  port: number;
  /** Stops listening and breaks what is still running. */
  close(): Promise<void>;
}

/** Longer than clients keep idle connections, so that it is they who close them and never a request that meets a closed one. */
const IDLE_MS = 120_000;
/** Room for a session's token in a presigned URL beside the longest key. */
const MAX_HEAD_BYTES = 64 * 1024;

/** The request as the handler takes it. Several headers of one name are joined as Signature V4 joins them. */
function toOssRequest(incoming: http.IncomingMessage): OssRequest {
  const headers: Record<string, string> = {};
  for (let i = 0; i + 1 < incoming.rawHeaders.length; i += 2) {
    const name = incoming.rawHeaders[i]!.toLowerCase();
    const value = incoming.rawHeaders[i + 1]!;
    headers[name] = headers[name] === undefined ? value : `${headers[name]},${value.trim()}`;
  }
  const { method = 'GET', url = '/' } = incoming;
  return { method, host: headers['host'] ?? '', target: url, headers };
}

/** A form for STS. Every other body is not looked at, but must not stop the connection. */
async function readForm(incoming: http.IncomingMessage): Promise<{ form?: string }> {
  const isForm = /^application\/x-www-form-urlencoded\b/i.test(incoming.headers['content-type'] ?? '');
  if (incoming.method !== 'POST' || !isForm) {
    incoming.resume();
    return {};
  }
  let form = '';
  for await (const piece of incoming.setEncoding('latin1')) {
    if (form.length < MAX_HEAD_BYTES) form += String(piece);
  }
  return { form };
}

async function send(response: OssResponse, outgoing: http.ServerResponse): Promise<void> {
  const { status, headers, body, cutAfterBytes } = response;
  if (cutAfterBytes !== undefined && cutAfterBytes < 0) {
    outgoing.socket?.resetAndDestroy();
    return;
  }
  outgoing.writeHead(status, headers);
  if (cutAfterBytes !== undefined) {
    await sendPart(body, cutAfterBytes, outgoing);
  } else if (body instanceof Uint8Array) {
    outgoing.end(body);
  } else {
    await pipeline(Readable.from(body), outgoing);
  }
}

/** Sends the head and the first bytes, then closes the connection although more was promised. */
async function sendPart(body: OssResponse['body'], limit: number, outgoing: http.ServerResponse): Promise<void> {
  outgoing.flushHeaders();
  let left = limit;
  for await (const piece of body instanceof Uint8Array ? [body] : body) {
    if (left <= 0) break;
    outgoing.write(piece.subarray(0, left));
    left -= piece.length;
  }
  outgoing.socket?.end();
}

/** What cannot even be read as HTTP is refused in OSS's form too. */
function refuseUnreadable(
  error: NodeJS.ErrnoException,
  socket: { writable: boolean; end(text: string): void; destroy(): void },
): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const isTooLong = error.code === 'HPE_HEADER_OVERFLOW';
  const failure = isTooLong
    ? refuse(400, 'RequestHeaderSectionTooLarge', 'The request header section is too large.', '0002-00000103')
    : refuse(400, 'InvalidRequest', 'The request is not HTTP.', '0002-00000104');
  const xml = failureXml(failure, '000000000000000000000000', '');
  const head = [
    'HTTP/1.1 400 Bad Request',
    'Server: AliyunOSS',
    'Content-Type: application/xml',
    `Content-Length: ${Buffer.byteLength(xml)}`,
    `x-oss-ec: ${failure.ec}`,
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${xml}`);
}

/**
 * Listens on 127.0.0.1; port 0 takes a free one. Requests whose client goes away are aborted. Rejects when the port is
 * taken. `onFault` hears of bodies that broke off and of bugs; nothing of it reaches the client.
 */
export function listen(
  service: Pick<LocalOss, 'handle'>,
  port: number,
  onFault: (error: unknown) => void = () => undefined,
): Promise<Listening> {
  const server = http.createServer(
    { maxHeaderSize: MAX_HEAD_BYTES, requireHostHeader: false, keepAliveTimeout: IDLE_MS },
    (incoming, outgoing) => {
      const gone = new AbortController();
      outgoing.once('close', () => gone.abort());
      readForm(incoming)
        .then((form) => service.handle({ ...toOssRequest(incoming), ...form }, gone.signal))
        .then((response) => send(response, outgoing))
        .catch((error: unknown) => {
          if (!gone.signal.aborted) onFault(error);
          outgoing.destroy();
        });
    },
  );
  server.on('clientError', refuseUnreadable);
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const taken = (server.address() as AddressInfo).port;
      resolve({
        endpoint: `http://127.0.0.1:${taken}`,
        port: taken,
        close: () =>
          new Promise((closed) => {
            server.close(() => closed());
            server.closeAllConnections();
          }),
      });
    });
  });
}
