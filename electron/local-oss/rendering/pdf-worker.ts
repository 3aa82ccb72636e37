/** The thread that renders PDF pages: one request in, one picture or refusal out. Built to pdf-worker.cjs. */
import fs from 'node:fs';
import path from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { encodeJpeg } from './jpeg.ts';
import { PdfRenderer } from './pdfium.ts';
import { encodePng } from './png.ts';
import type { RenderOutcome } from './page-renderer.ts';

/** What the thread is started with. */
export interface PdfWorkerData {
  /** Where pdfium.wasm lies. */
  helperFolder: string;
}

/** One page of a PDF on disk. `key` stands for the file's content, so that an open document is used again. */
export interface PdfRequest {
  key: string;
  file: string;
  pageNumber: number;
  target: 'png' | 'jpg';
}

/** `ready` once, then one for each request, in their order. `broken`: the engine threw; the thread must be thrown away. */
export type PdfReply =
  | { kind: 'ready' }
  | { kind: 'outcome'; outcome: RenderOutcome; heapBytes: number }
  | { kind: 'broken'; error: string };

if (parentPort) serve(parentPort, workerData as PdfWorkerData);

function serve(port: NonNullable<typeof parentPort>, { helperFolder }: PdfWorkerData): void {
  const send = (reply: PdfReply, transfer: ArrayBuffer[] = []): void => port.postMessage(reply, transfer);
  const fail = (error: unknown): void => send({ kind: 'broken', error: String(error) });
  // A copy, because the engine wants a buffer of its own and Node's may be part of a pool.
  const loading = PdfRenderer.load(new Uint8Array(fs.readFileSync(path.join(helperFolder, 'pdfium.wasm'))));
  loading.then(() => send({ kind: 'ready' }), fail);
  const answer = (renderer: PdfRenderer, request: PdfRequest): void => {
    const outcome = render(renderer, request);
    const transfer = outcome.kind === 'picture' ? [outcome.bytes.buffer as ArrayBuffer] : [];
    send({ kind: 'outcome', outcome, heapBytes: renderer.heapBytes }, transfer);
  };
  port.on('message', (request: PdfRequest) => {
    loading.then((renderer) => answer(renderer, request)).catch(fail);
  });
}

function render(renderer: PdfRenderer, { key, file, pageNumber, target }: PdfRequest): RenderOutcome {
  const result = renderer.page(key, file, pageNumber, target === 'png' ? encodePng : encodeJpeg);
  if (result.kind === 'refused') return result;
  return { kind: 'picture', bytes: result.value, mediaType: target === 'png' ? 'image/png' : 'image/jpeg' };
}
