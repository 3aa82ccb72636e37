/** The stand-alone service as a program, and HTTP itself: one line, clean ends, broken connections. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import http from 'node:http';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { listen } from '#local-oss/carrier.ts';
import { buildHelpers } from './build-helpers.ts';
import { signed, type Draft } from './freehand-signer.ts';
import { element, makeService } from './service.ts';
import { makePdf } from './tiny-documents.ts';

interface Ready {
  endpoint: string;
  region: string;
  accessKeyId: string;
  accessKeySecret: string;
  buckets: string[];
}

interface Response {
  status: number;
  headers: http.IncomingHttpHeaders;
  body: Buffer;
}

/** Sends a request with its raw path; rejects when the connection breaks. */
function request(endpoint: string, draft: Draft): Promise<Response> {
  const { method, target, headers, host } = signed({ signedAtMs: Date.now(), ...draft });
  const { hostname, port } = new URL(endpoint);
  return new Promise((resolve, reject) => {
    const sent = http.request(
      { hostname, port, method, path: target, headers: { ...headers, host }, agent: false },
      (response) => {
        const pieces: Buffer[] = [];
        response.on('data', (piece: Buffer) => pieces.push(piece));
        response.on('error', reject);
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(pieces) }),
        );
      },
    );
    sent.on('error', reject).end();
  });
}

let helpers = '';
let root = '';
beforeAll(async () => {
  helpers = await buildHelpers({ 'local-oss': 'electron/local-oss/serve.ts' });
  root = await mkdtemp(path.join(os.tmpdir(), 'local-oss-program-'));
  await mkdir(path.join(root, 'docs'));
  await mkdir(path.join(root, 'empty-one'));
  await writeFile(path.join(root, 'docs/a.txt'), 'hello');
});
afterAll(async () => {
  await rm(helpers, { recursive: true, force: true });
  await rm(root, { recursive: true, force: true });
});

const program = (): string => path.join(helpers, 'local-oss.cjs');

interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

/** Starts any program and collects what it says. */
function start(command: string, args: string[]): { child: ChildProcess; line: Promise<string>; ended: Promise<Ended> } {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (piece: Buffer) => (stdout += piece.toString()));
  child.stderr.on('data', (piece: Buffer) => (stderr += piece.toString()));
  const ended = new Promise<Ended>((resolve) =>
    child.once('close', (code, signal) => resolve({ code, signal, stdout, stderr })),
  );
  const line = new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', resolve);
    void ended.then(() => reject(new Error(stderr)));
  });
  line.catch(() => undefined);
  onTestFinished(() => void child.kill('SIGKILL'));
  return { child, line, ended };
}

const serve = (...args: string[]): ReturnType<typeof start> => start(process.execPath, [program(), ...args]);

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

describe('the program', () => {
  test.each(['SIGINT', 'SIGTERM'] as const)(
    'one line when ready, the service behind it, and a clean end on %s',
    async (signal) => {
      const { child, line, ended } = serve('--root', root);
      const ready = JSON.parse(await line) as Ready;
      expect(Object.keys(ready)).toEqual(['endpoint', 'region', 'accessKeyId', 'accessKeySecret', 'buckets']);
      expect(ready).toMatchObject({ region: 'cn-hangzhou', buckets: ['docs', 'empty-one'] });
      expect(ready.endpoint).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
      const { accessKeyId, accessKeySecret } = ready;
      const response = await request(ready.endpoint, { bucket: 'docs', key: 'a.txt', accessKeyId, accessKeySecret });
      expect([response.status, response.body.toString()]).toEqual([200, 'hello']);
      child.kill(signal);
      child.kill(signal);
      const { code, stdout } = await ended;
      expect([code, stdout.split('\n').length]).toEqual([0, 2]);
      await expect(request(ready.endpoint, { accessKeyId, accessKeySecret })).rejects.toThrow(/ECONNREFUSED/);
    },
  );

  test('the key, the region and the world of the command line', async () => {
    const world = path.join(root, 'world.json');
    await writeFile(world, JSON.stringify({ buckets: { extra: { objects: [{ key: 'x', text: 'from the world' }] } } }));
    const key = { accessKeyId: 'LTAIgiven', accessKeySecret: 'given/secret=' };
    const { line } = serve(
      '--root',
      root,
      '--access-key-id',
      key.accessKeyId,
      '--access-key-secret',
      key.accessKeySecret,
      '--region',
      'cn-beijing',
      '--world',
      world,
    );
    const ready = JSON.parse(await line) as Ready;
    expect(ready).toMatchObject({ ...key, region: 'cn-beijing', buckets: ['docs', 'empty-one', 'extra'] });
    const response = await request(ready.endpoint, { bucket: 'extra', key: 'x', region: 'cn-beijing', ...key });
    expect(response.body.toString()).toBe('from the world');
  });

  test('a page picture, by the real renderer in its own files', async () => {
    await writeFile(path.join(root, 'docs/page.pdf'), makePdf([{ widthPoints: 144, heightPoints: 72 }]));
    const { child, line, ended } = serve('--root', root);
    const { endpoint, accessKeyId, accessKeySecret } = JSON.parse(await line) as Ready;
    const key = { accessKeyId, accessKeySecret };
    const query = [['x-oss-process', 'doc/snapshot']] as const;
    const { status, headers, body } = await request(endpoint, { bucket: 'docs', key: 'page.pdf', query, ...key });
    expect([status, headers['content-type']], body.toString('latin1', 0, 500)).toEqual([200, 'image/png']);
    expect([body.readUInt32BE(16), body.readUInt32BE(20)]).toEqual([300, 150]);
    const bill = await request(endpoint, { query: [['local-oss-bill']], ...key });
    expect(JSON.parse(bill.body.toString())).toMatchObject({ documentConverts: 1, bytesOut: body.length });
    child.kill('SIGTERM');
    expect(await ended).toMatchObject({ code: 0 });
  });

  test('--help', async () => {
    const { code, stdout } = await serve('--help').ended;
    expect([code, stdout.includes('--root DIR')]).toEqual([0, true]);
  });

  test.each([
    [['--rot', 'x'], "local-oss: Unknown option '--rot'\n"],
    [['--root', '/nowhere/at/all'], 'local-oss: --root must be a folder: there is none at /nowhere/at/all.\n'],
    [['--root', '.', '--world', '/nowhere.json'], 'local-oss: The world file /nowhere.json cannot be read (ENOENT).\n'],
  ])('%j: one plain sentence and 2', async (args, sentence) => {
    expect(await serve(...args).ended).toMatchObject({ code: 2, stdout: '', stderr: sentence });
  });

  test('a taken port: one plain sentence and 1', async () => {
    const { service } = await makeService();
    const listening = await listen(service, 0);
    onTestFinished(() => listening.close());
    const { code, stderr } = await serve('--root', root, '--port', String(listening.port)).ended;
    expect([code, stderr]).toEqual([1, 'local-oss: the port is taken: choose another with --port, or none.\n']);
  });

  test('it ends when the pipe to its standard input is closed', async () => {
    const { child, line, ended } = serve('--root', root);
    await line;
    child.stdin!.end();
    expect(await ended).toMatchObject({ code: 0, stderr: expect.stringContaining('whoever started this is gone') });
  });

  test.runIf(process.platform === 'linux')('it ends when its parent is killed, whatever its streams are', async () => {
    const script = `
      const { spawn } = require('node:child_process');
      const child = spawn(process.execPath, ${JSON.stringify([program(), '--root', root])}, { stdio: ['ignore', 'pipe', 'inherit'] });
      child.stdout.on('data', (text) => process.stdout.write(JSON.stringify({ pid: child.pid, ready: String(text) }) + '\\n'));`;
    const { child, line, ended } = start(process.execPath, ['-e', script]);
    const { pid } = JSON.parse(await line) as { pid: number };
    onTestFinished(() => void (isAlive(pid) && process.kill(pid, 'SIGKILL')));
    expect(isAlive(pid)).toBe(true);
    child.kill('SIGKILL');
    // The service holds our standard error, so that the parent's streams close only when it has ended too.
    const { stderr } = await ended;
    expect(stderr).toContain('whoever started this is gone');
    await expect.poll(() => isAlive(pid), { timeout: 10_000 }).toBe(false);
  });
});

describe('HTTP', () => {
  const files = { 'docs/a.txt': 'hello', 'docs/big.bin': Buffer.alloc(1_000_000, 7) };
  const carry = async (world: unknown = {}): Promise<{ endpoint: string; port: number; faults: unknown[] }> => {
    const { service } = await makeService({ files, world, now: Date.now });
    const faults: unknown[] = [];
    const listening = await listen(service, 0, (error) => faults.push(error));
    onTestFinished(() => listening.close());
    return { ...listening, faults };
  };
  const misfortune = (...misfortunes: object[]): unknown => ({ buckets: { docs: { misfortunes } } });
  const A: Draft = { bucket: 'docs', key: 'a.txt' };

  test('bodies, HEAD with the length of GET, 304 without body', async () => {
    const { endpoint } = await carry();
    const big = await request(endpoint, { bucket: 'docs', key: 'big.bin' });
    expect([big.status, big.body.length, big.headers['content-length']]).toEqual([200, 1_000_000, '1000000']);
    const head = await request(endpoint, { bucket: 'docs', key: 'big.bin', method: 'HEAD' });
    expect([head.status, head.body.length, head.headers['content-length']]).toEqual([200, 0, '1000000']);
    const gone = await request(endpoint, { bucket: 'docs', key: 'no', method: 'HEAD' });
    expect([gone.status, Number(gone.headers['content-length']) > 100, gone.body.length]).toEqual([404, true, 0]);
    const etag = head.headers.etag!;
    const same = await request(endpoint, { bucket: 'docs', key: 'big.bin', headers: { 'if-none-match': etag } });
    expect([same.status, same.body.length]).toEqual([304, 0]);
  });

  test('keys with dot segments arrive as they were sent', async () => {
    const world = { buckets: { docs: { objects: [{ key: 'a/../b/./c', text: 'dots' }] } } };
    const { endpoint } = await carry(world);
    for (const path of ['/docs/a/../b/./c', '/docs/a/%2E%2E/b/%2e/c']) {
      expect((await request(endpoint, { bucket: 'docs', key: 'a/../b/./c', path })).body.toString()).toBe('dots');
    }
  });

  test('several headers of one name are signed joined by a comma', async () => {
    const { endpoint, port } = await carry();
    const { method, target, headers } = signed({
      ...A,
      signedAtMs: Date.now(),
      headers: { 'x-oss-meta-a': 'one,two' },
    });
    const lines = Object.entries(headers)
      .filter(([name]) => name !== 'x-oss-meta-a')
      .map(([name, value]) => `${name}: ${value}`);
    const text = [
      `${method} ${target} HTTP/1.1`,
      ...lines,
      'x-oss-meta-a: one',
      'x-oss-meta-a:  two ',
      'Connection: close',
      '',
      '',
    ].join('\r\n');
    expect(await talk(port, text)).toMatch(/^HTTP\/1\.1 200 /);
    expect(endpoint).toContain(String(port));
  });

  test.each([
    ['NONSENSE\r\n\r\n'],
    ['GET / HTTP/1.1\r\nbad header\r\n\r\n'],
    [`GET / HTTP/1.1\r\nx: ${'y'.repeat(70_000)}\r\n\r\n`],
  ])('what is no HTTP is refused in OSS’s form: %.20s', async (text) => {
    const { port } = await carry();
    const answer = await talk(port, text);
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).toContain('<Error>');
  });

  test('a request with a body is refused without hanging', async () => {
    const { port } = await carry();
    const body = 'x'.repeat(100_000);
    const answer = await talk(
      port,
      `PUT /docs/new HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 405 /);
    expect(element(answer, 'Code')).toBe('MethodNotAllowed');
  });

  test('reset before the head, and cut within the body', async () => {
    const { endpoint, faults } = await carry(
      misfortune({ kind: 'reset', times: 1 }, { kind: 'truncate', afterBytes: 3 }),
    );
    await expect(request(endpoint, A)).rejects.toMatchObject({ code: 'ECONNRESET' });
    await expect(request(endpoint, A)).rejects.toMatchObject({ code: 'ECONNRESET' });
    await expect(request(endpoint, { bucket: 'docs', key: 'big.bin' })).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(faults).toEqual([]);
  });

  test('a client that goes away stops the work', async () => {
    const { port, faults } = await carry(misfortune({ kind: 'latency', ms: 3_600_000, times: 1 }));
    const { method, target, headers } = signed({ ...A, signedAtMs: Date.now() });
    const socket = net.connect(port, '127.0.0.1');
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
    socket.write([`${method} ${target} HTTP/1.1`, ...lines, '', ''].join('\r\n'), () => socket.destroy());
    await new Promise((resolve) => socket.once('close', resolve));
    expect((await request(`http://127.0.0.1:${port}`, A)).status).toBe(200);
    expect(faults).toEqual([]);
  });
});

/** Sends text over a plain connection and collects the answer until its end. */
function talk(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(port, '127.0.0.1', () => socket.write(text));
    let answer = '';
    socket.on('data', (piece) => (answer += piece.toString()));
    socket.on('error', reject);
    socket.on('close', () => resolve(answer));
  });
}
