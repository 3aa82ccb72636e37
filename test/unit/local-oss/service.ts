/** A real local-oss over a folder of the test's own, with a renderer that needs no engines. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import { onTestFinished } from 'vitest';
import { makeLocalOss, type LocalOss, type LocalOssOptions } from '#local-oss/handle.ts';
import type { OssRequest } from '#local-oss/http.ts';
import type { PageJob, PageRenderer, RenderOutcome } from '#local-oss/rendering/page-renderer.ts';
import { readWorld } from '#local-oss/world.ts';
import { KEY, NOW_MS, REGION, signed, type Draft } from './freehand-signer.ts';

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const ends = Buffer.alloc(8);
  ends.writeUInt32BE(data.length, 0);
  ends.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([ends.subarray(0, 4), body, ends.subarray(4)]);
}

/** A whole grey PNG, one pixel high, as wide as the page's number: every page is another picture. */
export function paintPng(widthPx: number): Buffer {
  const head = Buffer.from([0, 0, 0, 0, 0, 0, 0, 1, 8, 0, 0, 0, 0]);
  head.writeUInt32BE(widthPx, 0);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const rows = deflateSync(Buffer.alloc(1 + widthPx, 0x80));
  return Buffer.concat([signature, chunk('IHDR', head), chunk('IDAT', rows), chunk('IEND', Buffer.alloc(0))]);
}

/**
 * A second renderer behind the port, for tests of the protocol: documents are texts such as `pages: 3` or
 * `refuse: password`, and their pages are painted by `paintPng`.
 */
export class TextRenderer implements PageRenderer {
  readonly jobs: Pick<PageJob, 'source' | 'target' | 'pageNumber' | 'contentHash'>[] = [];
  isDisposed = false;

  async render(job: PageJob, signal: AbortSignal): Promise<RenderOutcome> {
    signal.throwIfAborted();
    const { source, target, pageNumber, contentHash } = job;
    this.jobs.push({ source, target, pageNumber, contentHash });
    const text = Buffer.from(await job.read()).toString('latin1');
    const reason = /refuse: ([a-z-]+)/.exec(text)?.[1] as Exclude<RenderOutcome, { kind: 'picture' }>['reason'];
    if (reason) return { kind: 'refused', reason, message: `Refused because of ${reason}.` };
    const pageCount = Number(/pages: (\d+)/.exec(text)?.[1] ?? 1);
    if (pageNumber > pageCount) {
      return { kind: 'refused', reason: 'page-out-of-range', message: 'There is no such page.', pageCount };
    }
    const mediaType = target === 'png' ? 'image/png' : 'image/jpeg';
    return { kind: 'picture', bytes: paintPng(text.startsWith('%PDF') ? 7777 : pageNumber), mediaType };
  }

  dispose(): Promise<void> {
    this.isDisposed = true;
    return Promise.resolve();
  }
}

/** What came back, its body read to the end. */
export interface Reply {
  status: number;
  headers: Record<string, string>;
  body: Buffer;
  text: string;
  cutAfterBytes?: number;
}

export interface TestService {
  service: LocalOss;
  renderer: TextRenderer;
  /** The folder whose folders are the buckets. */
  rootFolder: string;
  /** Sends any request. */
  send(request: OssRequest, signal?: AbortSignal): Promise<Reply>;
  /** Signs a request and sends it. */
  ask(draft: Draft): Promise<Reply>;
}

export interface TestServiceOptions extends Partial<Omit<LocalOssOptions, 'world' | 'renderer'>> {
  /** `bucket/path` -> content. */
  files?: Record<string, string | Buffer>;
  /** A world as its file would hold it. */
  world?: unknown;
}

/** Makes a service over a new folder, which goes when the test is over. */
export async function makeService({
  files = {},
  world = {},
  ...options
}: TestServiceOptions = {}): Promise<TestService> {
  const rootFolder = await mkdtemp(path.join(os.tmpdir(), 'local-oss-test-'));
  onTestFinished(() => rm(rootFolder, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(rootFolder, name)), { recursive: true });
    await writeFile(path.join(rootFolder, name), content);
  }
  const renderer = new TextRenderer();
  const service = makeLocalOss({
    rootFolder,
    region: REGION,
    keys: [KEY],
    now: () => NOW_MS,
    ...options,
    world: readWorld(world, rootFolder),
    renderer,
  });
  const send = async (request: OssRequest, signal = new AbortController().signal): Promise<Reply> => {
    const { status, headers, body, cutAfterBytes } = await service.handle(request, signal);
    const pieces: Uint8Array[] = [];
    for await (const piece of body instanceof Uint8Array ? [body] : body) pieces.push(piece);
    const bytes = Buffer.concat(pieces);
    const cut = cutAfterBytes === undefined ? {} : { cutAfterBytes };
    return { status, headers, body: bytes, text: bytes.toString('utf8'), ...cut };
  };
  return { service, renderer, rootFolder, send, ask: (draft) => send(signed(draft)) };
}

/** The text of the first element of a name, entities undone. */
export function element(xml: string, name: string): string | undefined {
  const text = new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1];
  return text
    ?.replace(/&quot;/g, '"')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&amp;/g, '&');
}

/** The texts of all elements of a name. */
export const elements = (xml: string, name: string): string[] =>
  [...xml.matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, 'g'))].map((match) => match[1]!);
