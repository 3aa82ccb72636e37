/**
 * local-oss: an OSS-compatible service as one function from request to response, without a socket. The app calls it in
 * its own process for the samples; `carrier.ts` puts it behind node:http.
 */
import { randomBytes as nodeRandomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { mayDecrypt } from './access.ts';
import { checkRights, openCase, refuseOnPurpose, type Case } from './admission.ts';
import { bytesAnswer, failureAnswer, refused, type Outcome } from './answer.ts';
import { withBrokenBody, withDribble, withStall } from './broken-bodies.ts';
import { Cashier, counted, type Bill, type Charge } from './bill.ts';
import { invalidArgument, noSuchBucket, refuse } from './failure.ts';
import type { OssRequest, OssResponse } from './http.ts';
import { listObjects } from './listing.ts';
import { archived, BROKEN, Fate, htmlPage, kmsFailure } from './misfortunes.ts';
import { findVersion, isArchived, objectMeta, readObject } from './object-answers.ts';
import type { PageRenderer } from './rendering/page-renderer.ts';
import { accessControl, bucketInfo, bucketLocation, describeRegions, listBuckets } from './service-answers.ts';
import { snapshot } from './snapshot.ts';
import { Store, type Bucket } from './store.ts';
import { makeSts } from './sts.ts';
import { parameter } from './target.ts';
import { toHttpTime } from './timestamps.ts';
import { listVersions } from './version-listing.ts';
import { EMPTY_WORLD, type KeyRecord, type World } from './world.ts';

export interface LocalOssOptions {
  /** Each folder directly in it, named as buckets may be, is a bucket. */
  rootFolder: string;
  /** `cn-hangzhou`: where folders' buckets live and what service requests are signed for. */
  region: string;
  /** The keys that work here, besides those of the world. */
  keys: readonly KeyRecord[];
  /** What the folders cannot hold, from `readWorld` or `readWorldFile`. */
  world?: World;
  renderer: PageRenderer;
  /** ms since 1970 */
  now(): number;
  /** For request ids. */
  randomBytes?(count: number): Uint8Array;
  /** For latency and slow conversions on purpose. Rejects when the signal aborts. */
  sleep?(ms: number, signal: AbortSignal): Promise<void>;
}

export interface LocalOss {
  /**
   * Answers one request; whatever is wrong with it becomes an OSS error. Rejects only with the signal's reason. A body
   * that is no Uint8Array throws when its file vanishes or shrinks while it is read; the carrier then breaks the connection.
   */
  handle(request: OssRequest, signal: AbortSignal): Promise<OssResponse>;
  /** The names of all buckets. */
  bucketNames(): Promise<string[]>;
  /** What would have been billed so far. */
  bill(): Bill;
  /** Ends the renderer with all it started. */
  dispose(): Promise<void>;
}

/** The answer as the misfortunes of its head and body leave it. `sleep` rejects when the client goes away. */
async function misshape(
  good: OssResponse,
  { strokes, request }: Case,
  signal: AbortSignal,
  sleep: (ms: number, signal: AbortSignal) => Promise<void>,
): Promise<OssResponse> {
  const answer = { ...good, headers: { ...good.headers, ...strokes.find('headers')?.set } };
  if (request.method === 'HEAD') return answer;
  const body = strokes.find('body');
  const label: Record<string, string> = body?.contentType === undefined ? {} : { 'content-type': body.contentType };
  const shaped =
    body === undefined || body.as === 'same'
      ? { ...answer, headers: { ...answer.headers, ...label } }
      : await withBrokenBody(answer, body.as, body.contentType);
  const stall = strokes.find('stall');
  if (stall) return withStall(shaped, stall.afterBytes, signal);
  const dribble = strokes.find('dribble');
  return dribble ? withDribble(shaped, dribble.bytes, () => sleep(dribble.ms, signal)) : shaped;
}

const toHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex').toUpperCase();
const toUuid = (bytes: Uint8Array): string =>
  toHex(bytes).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');

/** Makes the service. It starts nothing by itself and holds no port. */
export function makeLocalOss(options: LocalOssOptions): LocalOss {
  const world = options.world ?? EMPTY_WORLD;
  const keys = [...options.keys, ...(world.keys ?? [])];
  const now = (): number => options.now() + (world.clockOffsetMs ?? 0);
  const randomBytes = options.randomBytes ?? nodeRandomBytes;
  const sleep = options.sleep ?? ((ms: number, signal: AbortSignal) => delay(ms, undefined, { signal }));
  const store = new Store({ rootFolder: options.rootFolder, region: options.region, world, startedAtMs: now() });
  const fate = new Fate();
  const cashier = new Cashier();
  const sts = makeSts({ keys, roles: world.roles ?? [], now, randomBytes });
  const tools = { store, renderer: options.renderer, cashier, sleep };

  async function answerObject(at: Case, bucket: Bucket, name: string, signal: AbortSignal): Promise<Outcome> {
    const { operation, request, target, strokes, reading } = at;
    const { query } = target;
    const found = await findVersion(store, bucket, name, query, request.method);
    if (!found.ok) return found;
    const ignored = operation === 'Snapshot' ? strokes.find('ignore-version') : undefined;
    const latest = ignored ? await findVersion(store, bucket, name, [], request.method) : found;
    const { version } = latest.ok ? latest : found;
    if (operation === 'GetObjectAcl') return accessControl('default');
    if (operation === 'GetObjectMeta') return objectMeta(store, version);
    const { style } = reading;
    const object = { method: request.method, headers: request.headers, query, style };
    if (operation === 'HeadObject') return readObject(store, bucket, version, object);

    if (strokes.find('archived') || isArchived(bucket, version)) return refused(archived(name));
    const kms = strokes.find('kms');
    if (kms) return refused(kmsFailure(kms.code));
    const isKms = version.entry.encryption?.algorithm === 'KMS';
    if (isKms && !mayDecrypt(at.key, bucket.entry)) return refused(kmsFailure());
    if (operation === 'GetObject') return readObject(store, bucket, version, object);
    const process = parameter(query, 'x-oss-process') ?? '';
    const uuid = toUuid(randomBytes(16));
    return snapshot(tools, { bucket, version, process, uuid, style, strokes }, signal);
  }

  async function answer(at: Case, signal: AbortSignal): Promise<Outcome> {
    const { operation, bucket, target, reading } = at;
    if (operation === 'LocalOssBill') {
      const bill = Buffer.from(JSON.stringify(cashier.bill()), 'utf8');
      return bytesAnswer(bill, { 'content-type': 'application/json' });
    }
    if (operation === 'ListBuckets') {
      return reading.style === 'custom-domain'
        ? refused(invalidArgument('Buckets cannot be listed through a custom domain.', 'Host', at.request.host))
        : listBuckets(store, target.query);
    }
    if (operation === 'DescribeRegions') return describeRegions(target.query, options.region);
    if (!bucket) return refused(noSuchBucket(reading.bucket ?? ''));
    switch (operation) {
      case 'GetBucketInfo':
        return bucketInfo(bucket);
      case 'GetBucketLocation':
        return bucketLocation(bucket);
      case 'GetBucketAcl':
        return accessControl(bucket.entry.acl ?? 'private');
      case 'ListObjects':
        return listObjects(store, bucket, target.query, 1);
      case 'ListObjectsV2':
        return listObjects(store, bucket, target.query, 2);
      case 'ListObjectVersions':
        return listVersions(store, bucket, target.query);
      default:
        return answerObject(at, bucket, reading.key ?? '', signal);
    }
  }

  return {
    bucketNames: () => store.bucketNames(),
    bill: () => cashier.bill(),
    dispose: () => options.renderer.dispose(),

    async handle(request, signal) {
      signal.throwIfAborted();
      const startedAtMs = now();
      const requestId = toHex(randomBytes(12));
      const charge: Charge = { operation: null, bucket: null, key: null };
      const ofSts = sts.answer(request, requestId);
      if (ofSts) {
        charge.operation = 'AssumeRole';
        if (ofSts.code === null) cashier.succeeded(charge);
        else cashier.failed(charge, ofSts.code);
        return ofSts.response;
      }
      const finish = (outcome: Outcome): OssResponse => {
        const common = {
          server: 'AliyunOSS',
          date: toHttpTime(now()),
          'x-oss-request-id': requestId,
          'x-oss-server-time': String(Math.max(0, Math.round(now() - startedAtMs))),
        };
        const { status, headers, body } = outcome.ok
          ? outcome.answer
          : failureAnswer(outcome.failure, requestId, request);
        if (charge.operation !== 'LocalOssBill') {
          if (outcome.ok) cashier.succeeded(charge);
          else cashier.failed(charge, outcome.failure.code);
        }
        return { status, headers: { ...common, ...headers }, body };
      };

      try {
        const opened = await openCase({ store, fate, world, keys, nowMs: startedAtMs }, request, (known) =>
          Object.assign(charge, known),
        );
        if (!opened.ok) return finish(opened);
        const { at } = opened;
        const latencyMs = at.strokes.delayMs('latency');
        if (latencyMs > 0) await sleep(latencyMs, signal);
        const reset = at.strokes.find('reset');
        const html = at.strokes.find('html');
        if ((reset && reset.afterWork !== true) || html) {
          cashier.failed(charge, reset ? 'reset' : 'html');
          return reset ? BROKEN : htmlPage(html?.status ?? 502);
        }
        const failure = refuseOnPurpose(at) ?? checkRights(at);
        const outcome = failure ? refused(failure) : await answer(at, signal);
        signal.throwIfAborted();
        const response = await misshape(finish(outcome), at, signal, sleep);
        if (reset) return { ...response, cutAfterBytes: -1 };
        const cut = at.strokes.find('truncate')?.afterBytes;
        const isBilled = charge.operation !== 'LocalOssBill';
        return {
          ...response,
          ...(isBilled && { body: counted(response.body, cut, (bytes) => cashier.sent(charge, bytes)) }),
          ...(cut !== undefined && { cutAfterBytes: cut }),
        };
      } catch (error) {
        signal.throwIfAborted();
        const text = error instanceof Error ? error.message : String(error);
        return finish(refused(refuse(500, 'InternalError', `local-oss failed: ${text}`, '0001-00000501')));
      }
    },
  };
}
