/** A look into a document's own bytes, by small pieces, for what they say of its number of pages. No picture is bought. */
import type { SourceType } from '#contract/shapes.ts';
import { openFileWindow } from '#structure/file-window.ts';
import { peek } from '#structure/peek.ts';
import type { PageHint } from '#structure/page-hint.ts';
import type { ObjectName, OssClient } from './oss-client.ts';

/** At most so much is read of a file, whatever it says. */
export const MAX_PEEK_BYTES = 256 * 1024;
export const MAX_PEEK_REQUESTS = 8;

export interface FilePeek {
  /** Null where the file says nothing, or could not be read. */
  hint: PageHint | null;
  requests: number;
  bytes: number;
}

/** What is looked into: one version of a document, as it was opened. */
export interface PeekedDocument extends ObjectName {
  source: SourceType;
  etag: string;
  sizeBytes: number;
}

/** Looks. Never throws; a document that has changed meanwhile says nothing. */
export async function peekIntoFile(
  client: Pick<OssClient, 'readRange'>,
  document: PeekedDocument,
  signal: AbortSignal,
): Promise<FilePeek> {
  const { etag, sizeBytes, source } = document;
  let requests = 0;
  let bytes = 0;
  /** What failed once is not tried on another piece. */
  let isOver = false;
  const file = openFileWindow({
    sizeBytes,
    maxBytes: MAX_PEEK_BYTES,
    maxRequests: MAX_PEEK_REQUESTS,
    async fetch(from, to) {
      if (isOver) throw new Error('The look is over.');
      requests += 1;
      const read = await client.readRange(document, { from, to }, signal);
      bytes += read.ok ? read.value.bytes.length : 0;
      isOver = !read.ok || read.value.etag !== etag || read.value.sizeBytes !== sizeBytes;
      if (!read.ok || isOver) throw new Error(read.ok ? 'The document has changed.' : read.error.code);
      return read.value.bytes;
    },
  });
  const hint = await peek(source, file);
  return { hint, requests, bytes };
}
