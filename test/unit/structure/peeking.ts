/** Looks into bytes in memory as the app looks into an object, and counts what that takes. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { SourceType } from '#contract/source-types.ts';
import { openFileWindow } from '#structure/file-window.ts';
import { peek } from '#structure/peek.ts';
import type { PageHint } from '#structure/page-hint.ts';

export const MAX_BYTES = 256 * 1024;
export const MAX_REQUESTS = 8;

export interface Peeked {
  hint: PageHint | null;
  requests: number;
  bytes: number;
}

export async function peekInto(source: SourceType, file: Buffer): Promise<Peeked> {
  let requests = 0;
  let bytes = 0;
  const window = openFileWindow({
    sizeBytes: file.length,
    maxBytes: MAX_BYTES,
    maxRequests: MAX_REQUESTS,
    async fetch(from, to) {
      requests += 1;
      bytes += to - from;
      return file.subarray(from, to);
    },
  });
  return { hint: await peek(source, window), requests, bytes };
}

const samples = path.resolve(import.meta.dirname, '../../../electron/local-oss/samples/pagelens-samples');
/** A sample document, by its path in the bucket. */
export const readSample = (name: string): Promise<Buffer> => readFile(path.join(samples, name));
