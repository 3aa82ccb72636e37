/** A renderer on real engines in a folder of its own, and short ways to ask it for pages. */
import { createHash } from 'node:crypto';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { inflateSync } from 'node:zlib';
import { decode } from 'jpeg-js';
import type { DocumentType, RenderOutcome } from '#local-oss/rendering/page-renderer.ts';
import { makePageRenderer, type CountingPageRenderer, type PageRendererOptions } from '#local-oss/rendering/render.ts';
import { buildHelpers } from './build-helpers.ts';

export interface Picture {
  widthPx: number;
  heightPx: number;
  /** Red, green, blue of one pixel. */
  at(x: number, y: number): [number, number, number];
}

export interface Bench {
  helperFolder: string;
  workFolder: string;
  make(options?: Partial<PageRendererOptions>): CountingPageRenderer;
  /** A work folder of its own for one renderer: what it leaves can be told from what others do. */
  makeWorkFolder(): Promise<string>;
  /** Disposes of every renderer made here, and removes both folders. */
  close(): Promise<void>;
}

/** `programs`: what else to build beside the helpers. */
export async function openBench(programs: Record<string, string> = {}): Promise<Bench> {
  const helperFolder = await buildHelpers(programs);
  const workFolder = await fs.mkdtemp(path.join(os.tmpdir(), 'pagelens-work-'));
  const renderers: CountingPageRenderer[] = [];
  return {
    helperFolder,
    workFolder,
    make(options) {
      const renderer = makePageRenderer({ workFolder, helperFolder, ...options });
      renderers.push(renderer);
      return renderer;
    },
    makeWorkFolder: () => fs.mkdtemp(path.join(workFolder, 'own-')),
    async close() {
      await Promise.all(renderers.map((renderer) => renderer.dispose()));
      await fs.rm(helperFolder, { recursive: true });
      await fs.rm(workFolder, { recursive: true });
    },
  };
}

export interface Ask {
  pageNumber?: number;
  target?: 'png' | 'jpg';
  signal?: AbortSignal;
  read?: () => Promise<Uint8Array>;
}

/** Asks for one page, of the first page as PNG by default. */
export function ask(
  renderer: CountingPageRenderer,
  bytes: Uint8Array,
  source: DocumentType,
  {
    pageNumber = 1,
    target = 'png',
    signal = new AbortController().signal,
    read = () => Promise.resolve(bytes),
  }: Ask = {},
): Promise<RenderOutcome> {
  const contentHash = createHash('sha256').update(bytes).digest('hex');
  return renderer.render({ contentHash, read, source, target, pageNumber }, signal);
}

/** The picture's bytes; throws with the outcome if it is a refusal. */
export function picture(outcome: RenderOutcome): Uint8Array {
  if (outcome.kind !== 'picture') throw new Error(`Refused: ${JSON.stringify(outcome)}`);
  return outcome.bytes;
}

/** Reads a PNG of the kind that we write (8-bit RGB, filter 0) with nothing but zlib, or a JPEG with jpeg-js. */
export function decodePicture(bytes: Uint8Array): Picture {
  if (bytes[0] === 0xff) {
    const { width, height, data } = decode(bytes, { useTArray: true });
    return { widthPx: width, heightPx: height, at: (x, y) => triple(data, (y * width + x) * 4) };
  }
  const png = Buffer.from(bytes);
  const widthPx = png.readUInt32BE(16);
  const heightPx = png.readUInt32BE(20);
  const start = png.indexOf('IDAT') + 4;
  const rows = inflateSync(png.subarray(start, start + png.readUInt32BE(start - 8)));
  return { widthPx, heightPx, at: (x, y) => triple(rows, y * (widthPx * 3 + 1) + 1 + x * 3) };
}

function triple(data: Uint8Array, at: number): [number, number, number] {
  return [data[at]!, data[at + 1]!, data[at + 2]!];
}

/** The commands of all living processes that mention the text. */
export async function processesWith(text: string): Promise<string[]> {
  const found: string[] = [];
  for (const pid of await fs.readdir('/proc')) {
    if (!/^\d+$/.test(pid)) continue;
    // The dead who wait to be reaped have no command line any more.
    const command = await fs.readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (command.includes(text)) found.push(`${pid} ${command.replaceAll('\0', ' ')}`);
  }
  return found;
}

/** Waits for a condition that somebody else brings about, looking every few milliseconds until the limit. */
export async function eventually(limitMs: number, condition: () => Promise<boolean>): Promise<boolean> {
  const deadline = performance.now() + limitMs;
  while (performance.now() < deadline) {
    if (await condition()) return true;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return condition();
}
