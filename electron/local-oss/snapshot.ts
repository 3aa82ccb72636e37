/** `?x-oss-process=doc/snapshot…`: from a stored document to the answer with one page's picture. */
import { createHash } from 'node:crypto';
import { bytesAnswer, refused, type Outcome } from './answer.ts';
import type { Cashier } from './bill.ts';
import { invalidArgument, refuse, type OssFailure } from './failure.ts';
import {
  immFailure,
  MAX_SOURCE_BYTES,
  readSnapshotOrder,
  renderFailure,
  sourceTooLarge,
  type SnapshotOrder,
} from './imm.ts';
import type { Strokes } from './misfortunes.ts';
import { downloadHeaders, identityHeaders } from './object-answers.ts';
import type { PageJob, PageRenderer, RenderOutcome } from './rendering/page-renderer.ts';
import type { Bucket, ReadableVersion, Store } from './store.ts';
import type { HostStyle } from './target.ts';

/** What a snapshot needs besides its document. */
export interface SnapshotTools {
  store: Store;
  renderer: PageRenderer;
  cashier: Cashier;
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/** One snapshot request. `process` is the value of x-oss-process; `uuid` the request's id at IMM. */
export interface SnapshotRequest {
  bucket: Bucket;
  version: ReadableVersion;
  process: string;
  uuid: string;
  style: HostStyle;
  strokes: Strokes;
}

/** A PDF of one empty A4 page. No cross-reference table: readers rebuild it, and there is nothing to miscount. */
const BLANK_PDF = Buffer.from(
  '%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n' +
    '3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n',
  'latin1',
);
const BLANK_HASH = createHash('sha256').update(BLANK_PDF).digest('hex');

/** Which processing is asked for: ours, or the refusal that OSS has for it. */
function refuseOtherProcess(process: string, uuid: string): OssFailure | null {
  const operation = process.split(',', 1)[0] ?? '';
  if (operation === 'doc/snapshot') return null;
  if (operation.startsWith('style/')) return refuse(404, 'NoSuchStyle', 'No Such Image Style.', '0014-00000101');
  if (operation.startsWith('doc/')) {
    return immFailure('ResourceNotFound', 'The specified resource Route is not found', uuid);
  }
  return invalidArgument('The x-oss-process operation is not supported.', 'x-oss-process', process);
}

/** What the bucket's IMM project is made to answer. */
function immMisfortune(strokes: Strokes, uuid: string): OssFailure | null {
  const notFound = (resource: string): OssFailure =>
    immFailure('ResourceNotFound', `The specified resource ${resource} is not found`, uuid);
  if (strokes.find('imm-not-attached')) return notFound('Attachment');
  if (strokes.find('imm-project-gone')) return notFound('Project');
  if (strokes.find('imm-role-missing')) {
    return immFailure('Forbidden', 'the service role AliyunIMMDefaultRole may not read the bucket', uuid);
  }
  const other = strokes.find('imm');
  if (other) return immFailure(other.code, other.message, uuid);
  return strokes.find('convert-timeout')
    ? immFailure('ConvertTimeout', 'the conversion took longer than its time limit', uuid)
    : null;
}

async function readWhole(version: ReadableVersion): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of version.content.read(0, version.content.sizeBytes)) pieces.push(piece);
  return Buffer.concat(pieces);
}

async function render(
  tools: SnapshotTools,
  version: ReadableVersion,
  order: SnapshotOrder,
  strokes: Strokes,
  signal: AbortSignal,
): Promise<RenderOutcome> {
  const job: PageJob = {
    contentHash: await tools.store.checksum('sha256', version),
    read: () => readWhole(version),
    ...order,
  };
  const outcome = await tools.renderer.render(job, signal);
  const pastTheEnd = strokes.find('past-the-end')?.answer ?? 'refuse';
  if (outcome.kind === 'picture' || outcome.reason !== 'page-out-of-range' || pastTheEnd === 'refuse') return outcome;
  if (pastTheEnd === 'clamp') {
    const { pageCount } = outcome;
    return pageCount === undefined || pageCount < 1
      ? outcome
      : tools.renderer.render({ ...job, pageNumber: pageCount }, signal);
  }
  const blank: PageJob = {
    contentHash: BLANK_HASH,
    read: () => Promise.resolve(BLANK_PDF),
    source: 'pdf',
    target: order.target,
    pageNumber: 1,
  };
  return tools.renderer.render(blank, signal);
}

/** Makes one page picture, or says in IMM's words why not. Counts what is billed. Aborting rejects. */
export async function snapshot(tools: SnapshotTools, request: SnapshotRequest, signal: AbortSignal): Promise<Outcome> {
  const { bucket, version, uuid, strokes } = request;
  const other = refuseOtherProcess(request.process, uuid) ?? immMisfortune(strokes, uuid);
  if (other) return refused(other);
  const read = readSnapshotOrder(request.process, version.key, uuid);
  if (!read.ok) return read;
  const { order } = read;
  const { sizeBytes } = version.content;
  if (sizeBytes > MAX_SOURCE_BYTES) return refused(sourceTooLarge(uuid));
  if (sizeBytes === 0) {
    return refused(renderFailure({ reason: 'empty', message: 'The document has no content' }, order.pageNumber, uuid));
  }

  const delayMs = strokes.delayMs('slow-conversion');
  if (delayMs > 0) await tools.sleep(delayMs, signal);
  const outcome = await render(tools, version, order, strokes, signal);
  if (outcome.kind === 'refused') return refused(renderFailure(outcome, order.pageNumber, uuid));

  const { pageNumber, target } = order;
  tools.cashier.converted({ bucket: bucket.name, key: version.key, versionId: version.versionId, pageNumber, target });
  const body = strokes.find('not-an-image') ? Buffer.from('This is not a picture.') : outcome.bytes;
  const identity = await identityHeaders(tools.store, version);
  if (strokes.find('ignore-version')?.silent === true) delete identity['x-oss-version-id'];
  return bytesAnswer(body, {
    ...identity,
    'content-type': outcome.mediaType,
    ...downloadHeaders(bucket, request.style, outcome.mediaType),
  });
}
