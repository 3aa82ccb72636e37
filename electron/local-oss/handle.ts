/**
 * local-oss: an OSS-compatible service as one function from request to response, without a socket. The app calls it in
 * its own process for the samples; `carrier.ts` puts it behind node:http.
 */
import { randomBytes as nodeRandomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { checkAccess, checkAnonymous, mayDecrypt, type Wish } from './access.ts';
import { bytesAnswer, EMPTY, failureXml, refused, type Answer, type Outcome } from './answer.ts';
import { Cashier, type Bill, type Charge } from './bill.ts';
import { invalidArgument, noSuchBucket, refuse, type OssFailure } from './failure.ts';
import type { OssRequest, OssResponse } from './http.ts';
import { listObjects, listVersions } from './listing.ts';
import {
  archived,
  Fate,
  kmsFailure,
  publicEndpointForbidden,
  throttled,
  wrongEndpoint,
  type Strokes,
} from './misfortunes.ts';
import { findVersion, hasOverrides, isArchived, objectMeta, readObject } from './object-answers.ts';
import { chooseOperation, DATA_OPERATIONS, type Operation } from './operations.ts';
import type { PageRenderer } from './page-renderer.ts';
import { publicEndpoint } from './regions.ts';
import { accessControl, bucketInfo, bucketLocation, describeRegions, listBuckets } from './service-answers.ts';
import { snapshot } from './snapshot.ts';
import { Store, type Bucket } from './store.ts';
import { parameter, readTarget, type Reading, type Target } from './target.ts';
import { toHttpTime } from './timestamps.ts';
import { verifyV4 } from './verify-v4.ts';
import { EMPTY_WORLD, MAX_KEY_BYTES, type KeyRecord, type World } from './world.ts';

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

const toHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex').toUpperCase();
const toUuid = (bytes: Uint8Array): string =>
  toHex(bytes).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');

/** A request whose sender and meaning are known. */
interface Case {
  request: OssRequest;
  target: Target;
  reading: Reading;
  /** Null: anonymous. */
  key: KeyRecord | null;
  operation: Operation;
  bucket: Bucket | null;
  strokes: Strokes;
}

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
  const tools = { store, renderer: options.renderer, cashier, sleep };

  /** Who asks, and for what; the signature decides between the readings. */
  function identify(
    request: OssRequest,
    target: Target,
  ): { ok: true; key: KeyRecord | null; reading: Reading; region: string | null } | { ok: false; failure: OssFailure } {
    const hostRegion = target.readings[0].hostRegion;
    const isRegion = (region: string): boolean =>
      hostRegion === null ? store.isRegion(region) : region === hostRegion;
    const verdict = verifyV4(request, target, { keys, nowMs: now(), isRegion });
    if (verdict.kind === 'refused') return refused(verdict.failure);
    if (verdict.kind === 'anonymous') return { ok: true, key: null, reading: target.readings[0], region: null };
    return { ok: true, key: verdict.key, reading: verdict.resource, region: verdict.region };
  }

  /** Names, bucket and endpoint: is this something that we have, here? */
  async function locate(
    reading: Reading,
    region: string | null,
  ): Promise<{ ok: true; bucket: Bucket | null } | { ok: false; failure: OssFailure }> {
    if (reading.bucket === null) return { ok: true, bucket: null };
    if (world.strictHostStyle === true && reading.style === 'path') {
      return refused(
        refuse(
          403,
          'SecondLevelDomainForbidden',
          'The bucket you are attempting to access must be addressed using OSS third level domain.',
          '0016-00000901',
        ),
      );
    }
    const { key } = reading;
    if (key !== null && (/^[/\\]/.test(key) || Buffer.byteLength(key) > MAX_KEY_BYTES)) {
      return refused(refuse(400, 'InvalidObjectName', 'The specified object is not valid.', '0017-00000104'));
    }
    const bucket = await store.bucket(reading.bucket);
    if (!bucket) return refused(noSuchBucket(reading.bucket));
    const here = reading.hostRegion ?? region;
    return here === null || here === bucket.region
      ? { ok: true, bucket }
      : refused(wrongEndpoint(bucket.name, publicEndpoint(bucket.region)));
  }

  /** Refusals made up on purpose, and those that hang on where the request came in. */
  function refuseOnPurpose({ strokes, bucket, operation, reading, request }: Case): OssFailure | null {
    const throttle = strokes.find('throttle');
    if (throttle) return throttled(throttle);
    const error = strokes.find('error');
    if (error) return refuse(error.status, error.code, error.message ?? error.code, error.ec ?? '0000-00000000');
    const elsewhere = strokes.find('wrong-endpoint');
    if (elsewhere && bucket && !request.host.endsWith(elsewhere.endpoint)) {
      return wrongEndpoint(bucket.name, elsewhere.endpoint);
    }
    const isPublic = reading.style !== 'custom-domain' && DATA_OPERATIONS.has(operation);
    return strokes.find('public-endpoint-forbidden') && isPublic ? publicEndpointForbidden() : null;
  }

  function checkRights({ operation, reading, target, key, bucket }: Case): OssFailure | null {
    const prefix = parameter(target.query, 'prefix') ?? '';
    const wish: Wish = {
      operation,
      bucket: reading.bucket,
      name: reading.key ?? prefix,
      hasVersionId: parameter(target.query, 'versionId') !== undefined,
    };
    return key
      ? checkAccess(key, bucket?.entry, wish)
      : checkAnonymous(bucket?.entry, wish, hasOverrides(target.query));
  }

  async function answerObject(at: Case, bucket: Bucket, name: string, signal: AbortSignal): Promise<Outcome> {
    const { operation, request, target, strokes, reading } = at;
    const { query } = target;
    const found = await findVersion(store, bucket, name, query, request.method);
    if (!found.ok) return found;
    const { version } = found;
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

  /** Everything up to the point where the operation, its sender and its misfortunes are known. */
  async function open(
    request: OssRequest,
    charge: Charge,
  ): Promise<{ ok: true; at: Case } | { ok: false; failure: OssFailure }> {
    const read = readTarget(request, world.customDomains ?? {});
    if (!read.ok) return read;
    const { target } = read;
    const identified = identify(request, target);
    if (!identified.ok) return identified;
    const { key, reading, region } = identified;
    const chosen = chooseOperation(request.method, reading, target.query);
    if (!chosen.ok) return chosen;
    const { operation } = chosen;
    Object.assign(charge, { operation, bucket: reading.bucket, key: key && reading.key } satisfies Charge);
    const located = await locate(reading, region);
    if (!located.ok) return located;
    const { bucket } = located;
    const page = /,page_(\d{1,6})(?:,|$)/.exec(parameter(target.query, 'x-oss-process') ?? '')?.[1] ?? '1';
    const occasion = { operation, key: reading.key, pageNumber: operation === 'Snapshot' ? Number(page) : null };
    const misfortunes = [...(world.misfortunes ?? []), ...(bucket?.entry.misfortunes ?? [])];
    const isBill = operation === 'LocalOssBill';
    const strokes = fate.decide(isBill ? [] : misfortunes, occasion);
    return { ok: true, at: { request, target, reading, key, operation, bucket, strokes } };
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
        const opened = await open(request, charge);
        if (!opened.ok) return finish(opened);
        const { at } = opened;
        const latencyMs = at.strokes.delayMs('latency');
        if (latencyMs > 0) await sleep(latencyMs, signal);
        const reset = at.strokes.find('reset');
        if (reset && reset.afterWork !== true) return brokenBeforeHead();
        const html = at.strokes.find('html');
        if (html) return htmlPage(html.status ?? 502);
        const failure = refuseOnPurpose(at) ?? checkRights(at);
        const outcome = failure ? refused(failure) : await answer(at, signal);
        signal.throwIfAborted();
        const response = finish(outcome);
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

/** A refusal as an answer. HEAD has no body: its XML goes into x-oss-err, and Content-Length tells how long it is. */
function failureAnswer(failure: OssFailure, requestId: string, request: OssRequest): Answer {
  const xml = failureXml(failure, requestId, request.host.replace(/:\d+$/, ''));
  const headers = { 'content-type': 'application/xml', 'x-oss-ec': failure.ec, ...failure.headers };
  if (request.method !== 'HEAD') {
    const { answer } = bytesAnswer(Buffer.from(xml, 'utf8'), headers);
    return { ...answer, status: failure.status };
  }
  const bytes = Buffer.from(xml.replaceAll('\n', '\r\n'), 'utf8');
  const error = { 'content-length': String(bytes.length), 'x-oss-err': bytes.toString('base64') };
  return { status: failure.status, headers: { ...headers, ...error }, body: EMPTY };
}

const brokenBeforeHead = (): OssResponse => ({ status: 200, headers: {}, body: EMPTY, cutAfterBytes: -1 });

/** What a proxy or a portal says instead of OSS. */
function htmlPage(status: number): OssResponse {
  const body = Buffer.from(
    `<!DOCTYPE html>\n<html><head><title>${status}</title></head><body><h1>${status} Bad Gateway</h1></body></html>\n`,
  );
  const headers = { server: 'nginx', 'content-type': 'text/html', 'content-length': String(body.length) };
  return { status, headers, body };
}

/** Tells how many bytes of a body go out, up to where it is cut. */
function counted(
  body: Uint8Array | AsyncIterable<Uint8Array>,
  cut: number | undefined,
  count: (bytes: number) => void,
): Uint8Array | AsyncIterable<Uint8Array> {
  if (body instanceof Uint8Array) {
    count(Math.min(body.length, cut ?? Infinity));
    return body;
  }
  return (async function* () {
    for await (const piece of body) {
      count(piece.length);
      yield piece;
    }
  })();
}
