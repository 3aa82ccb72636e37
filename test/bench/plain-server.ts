/** HTTP servers that do as little as a server can: what the service's answers are measured beside. */
import { readFile } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { root } from '../e2e/fixtures.ts';

export interface PlainServer {
  endpoint: string;
  close(): Promise<void>;
}

async function listen(handle: http.RequestListener): Promise<PlainServer> {
  const server = http.createServer(handle);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Serves these PNG pictures as `/1`, `/2` …; whatever follows a `?` is ignored, and nothing may be kept. */
export function servePictures(pictures: readonly Buffer[]): Promise<PlainServer> {
  return listen((request, response) => {
    const picture = pictures[Number.parseInt(request.url?.slice(1) ?? '', 10) - 1];
    response.writeHead(picture ? 200 : 404, { 'content-type': 'image/png', 'cache-control': 'no-store' });
    response.end(picture);
  });
}

const PDF_JS = path.join(root, 'node_modules/pdfjs-dist/legacy');
const TYPES: Record<string, string> = { '.mjs': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' };

/** pdf.js's own viewer, as its examples put it together, with this PDF in it. */
export function servePdfJs(pdf: Buffer): Promise<PlainServer> {
  return listen((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://127.0.0.1');
    const send = (type: string, body: Buffer | string): void => {
      response.writeHead(200, { 'content-type': type });
      response.end(body);
    };
    if (pathname === '/') return send('text/html', PDF_JS_PAGE);
    if (pathname === '/document.pdf') return send('application/pdf', pdf);
    readFile(path.join(PDF_JS, path.posix.normalize(pathname))).then(
      (body) => send(TYPES[path.extname(pathname)] ?? 'application/octet-stream', body),
      () => response.writeHead(404).end(),
    );
  });
}

const PDF_JS_PAGE = `<!doctype html>
<meta charset="utf-8" />
<link rel="stylesheet" href="/web/pdf_viewer.css" />
<style>html, body { height: 100%; margin: 0; } [role="group"] { position: absolute; inset: 0; overflow: auto; }</style>
<main><div role="group" tabindex="0" id="viewerContainer"><div id="viewer" class="pdfViewer"></div></div></main>
<script type="module">
  import * as pdfjs from '/build/pdf.mjs';
  globalThis.pdfjsLib = pdfjs;
  const { EventBus, PDFLinkService, PDFViewer } = await import('/web/pdf_viewer.mjs');
  pdfjs.GlobalWorkerOptions.workerSrc = '/build/pdf.worker.mjs';
  const eventBus = new EventBus();
  const linkService = new PDFLinkService({ eventBus });
  const viewer = new PDFViewer({ container: document.getElementById('viewerContainer'), eventBus, linkService });
  linkService.setViewer(viewer);
  eventBus.on('pagesinit', () => (viewer.currentScaleValue = 'page-width'));
  globalThis.viewer = viewer;
  const pdf = await pdfjs.getDocument({ url: '/document.pdf' }).promise;
  viewer.setDocument(pdf);
  linkService.setDocument(pdf);
</script>`;

export interface FixedServer extends PlainServer {
  /** How often each page was asked for, by its number. */
  asked: ReadonlyMap<number, number>;
}

/**
 * Stands in front of a service and answers snapshots from `pictures` (by page number) after exactly so long, as a service
 * does whose work is done on other machines; all else goes through untouched.
 */
export async function serveAtFixedLatency(
  behind: string,
  latencyMs: number,
  pictures: ReadonlyMap<number, Buffer>,
): Promise<FixedServer> {
  const { hostname, port } = new URL(behind);
  const asked = new Map<number, number>();
  const server = await listen((request, response) => {
    const pageNumber = Number(/x-oss-process=[^&]*page_(\d+)/.exec(request.url ?? '')?.[1]);
    const picture = pictures.get(pageNumber);
    if (picture) {
      asked.set(pageNumber, (asked.get(pageNumber) ?? 0) + 1);
      void wait(latencyMs).then(() => {
        response.writeHead(200, { 'content-type': 'image/png', 'content-length': picture.length });
        response.end(picture);
      });
      return;
    }
    const { method, url, headers } = request;
    const onward = http.request({ hostname, port, method, path: url, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    request.pipe(onward);
  });
  return { ...server, asked };
}

/** Stands in front of a service and keeps every listing it answers: asked for again, it is there at once. */
export async function serveListings(behind: string): Promise<PlainServer> {
  const { hostname, port } = new URL(behind);
  const kept = new Map<string, Buffer>();
  return listen((request, response) => {
    const { method, url = '', headers } = request;
    const known = kept.get(url);
    if (known) {
      response.writeHead(200, { 'content-type': 'application/xml', 'content-length': known.length });
      response.end(known);
      return;
    }
    const onward = http.request({ hostname, port, method, path: url, headers }, (answer) => {
      const pieces: Buffer[] = [];
      answer.on('data', (piece: Buffer) => pieces.push(piece));
      answer.on('end', () => {
        const body = Buffer.concat(pieces);
        if (answer.statusCode === 200 && url.includes('list-type=2')) kept.set(url, body);
        response.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
        response.end(body);
      });
    });
    onward.on('error', () => response.destroy());
    request.pipe(onward);
  });
}
