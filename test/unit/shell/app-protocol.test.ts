import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  CONTENT_SECURITY_POLICY,
  serveBuiltPage,
  serveDevPage,
  WORKER_SECURITY_POLICY,
  type PageHandler,
} from '#shell/app-protocol.ts';

let folder: string;
let serve: PageHandler;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'page-'));
  await mkdir(path.join(folder, 'renderer/assets'), { recursive: true });
  await writeFile(path.join(folder, 'renderer/index.html'), '<!doctype html><title>page</title>');
  await writeFile(path.join(folder, 'renderer/assets/a b.js'), 'export {}');
  await mkdir(path.join(folder, 'renderer/workers'));
  await writeFile(path.join(folder, 'renderer/workers/thread.js'), 'export {}');
  await writeFile(path.join(folder, 'renderer/notes.txt'), 'not served');
  await writeFile(path.join(folder, 'secret.js'), 'outside');
  await mkdir(path.join(folder, 'renderer-2'));
  await writeFile(path.join(folder, 'renderer-2/x.js'), 'a neighbour');
  serve = serveBuiltPage(path.join(folder, 'renderer'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const get = (url: string, method = 'GET'): Promise<Response> => serve(new Request(url, { method }));

describe('app://', () => {
  it('serves the page and its parts, each under the policy and as what it is', async () => {
    const page = await get('app://bundle/');
    expect(await page.text()).toContain('<title>page</title>');
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(page.headers.get('content-security-policy')).toBe(CONTENT_SECURITY_POLICY);
    const script = await get('app://bundle/assets/a%20b.js?v=1');
    expect(script.status).toBe(200);
    expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(script.headers.get('x-content-type-options')).toBe('nosniff');
  });

  it.each([
    'app://bundle/../secret.js',
    'app://bundle/%2e%2e/secret.js',
    'app://bundle/..%2fsecret.js',
    'app://bundle/assets/..%2f..%2fsecret.js',
    'app://bundle/..%5csecret.js',
    'app://bundle/..%2frenderer-2%2fx.js',
    'app://bundle//etc/passwd.js',
    'app://bundle/%00.js',
    'app://bundle/%zz.js',
    'app://bundle/notes.txt',
    'app://bundle/nothing.js',
    'app://bundle/assets',
    'app://elsewhere/index.html',
  ])('%s is an empty 404', async (url) => {
    const answer = await get(url);
    expect(answer.status).toBe(404);
    expect((await answer.arrayBuffer()).byteLength).toBe(0);
  });

  it.each(['POST', 'HEAD', 'PUT'])('is not there for %s', async (method) => {
    expect((await get('app://bundle/', method)).status).toBe(404);
  });
});

describe('the policy', () => {
  it('of the built page allows no network, no inline, no eval, no frames', () => {
    expect(CONTENT_SECURITY_POLICY).toContain("default-src 'none'");
    expect(CONTENT_SECURITY_POLICY).toContain("script-src 'self'");
    expect(CONTENT_SECURITY_POLICY).toContain("connect-src 'none'");
    expect(CONTENT_SECURITY_POLICY).toContain("img-src 'self' snapshot:");
    expect(CONTENT_SECURITY_POLICY).not.toMatch(/unsafe|nonce|ws:|wss:|http|data:|blob:|\*/);
  });

  it('of a thread allows it to read page pictures and nothing else', async () => {
    const thread = await get('app://bundle/workers/thread.js');
    expect(thread.headers.get('content-security-policy')).toBe(WORKER_SECURITY_POLICY);
    expect(WORKER_SECURITY_POLICY).toBe("default-src 'none'; script-src 'self'; connect-src snapshot:");
    const page = await get('app://bundle/assets/a%20b.js?file=/workers/thread.js&worker_file');
    expect(page.headers.get('content-security-policy')).toBe(CONTENT_SECURITY_POLICY);
  });
});

describe('the page in development', () => {
  it("is Vite's, under the same policy but for its web socket and the styles it adds", async () => {
    const vite = http.createServer((request, response) => {
      const isPage = request.url === '/';
      response.setHeader('content-type', isPage ? 'text/html' : 'text/javascript');
      response.end(isPage ? '<html><head><title>dev</title></head></html>' : `"${request.url}"`);
    });
    await new Promise<void>((resolve) => vite.listen(0, '127.0.0.1', resolve));
    const address = `127.0.0.1:${(vite.address() as AddressInfo).port}`;
    try {
      const serveDev = serveDevPage(`http://${address}/`);
      const page = await serveDev(new Request('app://bundle/'));
      const policy = page.headers.get('content-security-policy') ?? '';
      const nonce = /nonce="([^"]+)"/.exec(await page.text())?.[1];
      expect(policy).toContain(`connect-src ws://${address}`);
      expect(policy).toContain(`style-src 'self' 'nonce-${nonce}'`);
      expect(policy).toContain("script-src 'self'");
      expect(policy).not.toContain('unsafe');
      const script = await serveDev(new Request('app://bundle/@vite/client?t=1'));
      expect(await script.text()).toBe('"/@vite/client?t=1"');
      const thread = await serveDev(new Request('app://bundle/state/thread.ts?worker_file&type=module'));
      expect(thread.headers.get('content-security-policy')).toBe(
        WORKER_SECURITY_POLICY.replace('snapshot:', `snapshot: ws://${address}`),
      );
    } finally {
      vite.close();
    }
  });
});
