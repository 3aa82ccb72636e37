/** Looks into files through signed requests to the real service. */
import { describe, expect, it } from 'vitest';
import type { Result } from '#contract/errors.ts';
import { Credentials } from '#oss/credentials.ts';
import { readEndpoint } from '#oss/endpoint.ts';
import { fixedCredentials } from '#services/credential-source.ts';
import { MAX_PEEK_BYTES, MAX_PEEK_REQUESTS, peekIntoFile, type PeekedDocument } from '#services/file-peek.ts';
import { makeInProcessSend } from '#services/in-process-send.ts';
import { makeOssClient, type RequestReport } from '#services/oss-client.ts';
import type { Send } from '#services/send.ts';
import { KEY, NOW_MS } from '../local-oss/freehand-signer.ts';
import { makeService, type TestServiceOptions } from '../local-oss/service.ts';
import { makeTreePdf } from '../structure/pdf-trees.ts';

const never = new AbortController().signal;
const PDF = makeTreePdf({ pages: 120, weight: 900 });

/** A client of a service with one PDF. `way`: what stands between them. */
async function open(world: TestServiceOptions['world'] = {}, way = (send: Send): Send => send) {
  const made = await makeService({ files: { 'docs/a.pdf': PDF }, now: () => NOW_MS, world });
  const send = way(makeInProcessSend(made.service));
  const endpoint = readEndpoint('127.0.0.1', 'cn-hangzhou', null);
  if (!endpoint.ok) throw new Error(endpoint.error.message);
  const reports: RequestReport[] = [];
  const client = makeOssClient({
    endpoint: endpoint.value.endpoint,
    credentials: fixedCredentials(new Credentials(KEY)),
    send,
    rawSend: send,
    now: () => NOW_MS,
    sleep: (_ms, signal) =>
      new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('stopped')))),
    random: () => 0,
    onRequest: (report) => reports.push(report),
  });
  const at = { bucket: 'docs', key: 'a.pdf', versionId: null };
  const head = await client.headObject(at, never);
  if (!head.ok) throw new Error(head.error.message);
  const { etag, sizeBytes } = head.value;
  const document: PeekedDocument = { ...at, etag, sizeBytes, source: 'pdf' };
  reports.length = 0;
  return { client, document, reports };
}

const valueOf = <T>(result: Result<T>): T => {
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
};

describe('some bytes of an object', () => {
  it('are exactly those asked for, with the ETag and size of what they were read of', async () => {
    const { client, document } = await open();
    const range = valueOf(await client.readRange(document, { from: 100, to: 164 }, never));
    expect(Buffer.from(range.bytes)).toEqual(PDF.subarray(100, 164));
    expect(range).toMatchObject({ etag: document.etag, sizeBytes: PDF.length });
  });
  it('are asked for once, and refused in the words of every other call', async () => {
    const error = { kind: 'error', status: 500, code: 'InternalError', operations: ['GetObject'] };
    const { client, document, reports } = await open({ buckets: { docs: { misfortunes: [error] } } });
    const answer = await client.readRange(document, { from: 0, to: 9 }, never);
    expect(answer).toMatchObject({ ok: false, error: { code: 'oss.unavailable' } });
    expect(reports).toHaveLength(1);
  });
});

describe('a look into a file', () => {
  it('counts the pages within its limits, and tells the ledger of every request', async () => {
    const { client, document, reports } = await open();
    const peeked = await peekIntoFile(client, document, never);
    expect(peeked.hint).toEqual({ kind: 'exact', pages: 120 });
    expect(peeked.requests).toBeLessThanOrEqual(MAX_PEEK_REQUESTS);
    expect(peeked.bytes).toBeLessThanOrEqual(MAX_PEEK_BYTES);
    expect(reports).toHaveLength(peeked.requests);
    expect(reports.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(peeked.bytes);
  });
  it('says nothing of a document that has changed since it was opened', async () => {
    const { client, document } = await open();
    expect((await peekIntoFile(client, { ...document, etag: 'ANOTHER' }, never)).hint).toBeNull();
    expect((await peekIntoFile(client, { ...document, sizeBytes: PDF.length - 1 }, never)).hint).toBeNull();
  });
  it('cuts a service off that sends the whole file whatever it is asked for', async () => {
    const withoutRange =
      (send: Send): Send =>
      (request, signal) => {
        const { range: _, ...headers } = request.headers;
        return send({ ...request, headers }, signal);
      };
    const { client, document, reports } = await open({}, withoutRange);
    expect(await peekIntoFile(client, document, never)).toEqual({ hint: null, requests: 1, bytes: 0 });
    expect(reports).toHaveLength(1);
    expect(reports[0]).toMatchObject({ kind: 'head', outcome: 'unclear' });
  });
});
