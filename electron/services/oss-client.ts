/** Signed calls to OSS in the words of OSS: the port that everybody uses, and `makeOssClient`, which speaks the protocol. */
import { MAX_LINK_SECONDS, type SourceType, type Target } from '#contract/shapes.ts';
import { fail, ok, type AppError, type Result } from '#contract/errors.ts';
import {
  listBucketsQuery,
  readBuckets,
  readLocation,
  readRegions,
  REGIONS_QUERY,
  type Bucket,
  type BucketPage,
} from '#oss/buckets.ts';
import { addressOf } from '#oss/endpoint.ts';
import {
  listObjectsQuery,
  readListing,
  toIsoTime,
  withoutQuotes,
  type ListedObject,
  type ObjectPage,
} from '#oss/listing.ts';
import { listVersionsQuery, readVersions, type ObjectVersion, type VersionPage } from '#oss/versions.ts';
import { readUnusable, type Asked } from '#oss/failure.ts';
import { toProcess } from '#oss/process.ts';
import { presignQuery } from '#oss/sign-v4.ts';
import { readImageHead } from './image-head.ts';
import {
  locationCall,
  makeSignedCalls,
  toText,
  type Call,
  type RequestReport,
  type SignedCallsOptions,
} from './signed-calls.ts';
import type { Answer, Policy } from './transport.ts';

export type { Bucket, ListedObject, ObjectPage, ObjectVersion, RequestReport, VersionPage };
/** Endpoint, credentials, senders, time and chance: everything the client does not make itself. */
export interface OssClientOptions extends SignedCallsOptions {
  /** Regions in which the account has buckets, as a list of them told. */
  onRegions?(ids: string[]): void;
}

export interface ObjectHead {
  etag: string;
  sizeBytes: number;
  /** ISO 8601 UTC */
  modifiedAt: string;
  storageClass: string;
  versionId: string | null;
}
/** What one byte of an object tells. */
export interface ObjectProbe {
  sizeBytes: number;
  storageClass: string;
  /** `AES256`, `KMS`, `SM4`, or empty. */
  encryption: string;
}
/** Some bytes of an object. */
export interface ObjectRange {
  bytes: Uint8Array<ArrayBuffer>;
  /** Of the object that they were read of, and its size. */
  etag: string;
  sizeBytes: number;
}
export interface ObjectName {
  bucket: string;
  key: string;
  versionId: string | null;
}
export interface SnapshotRequest extends ObjectName {
  source: SourceType;
  target: Target;
  /** From 1. */
  pageNumber: number;
}
/** A whole page picture, its header checked: really PNG or JPEG, really complete. */
export interface PagePicture {
  bytes: Uint8Array<ArrayBuffer>;
  mediaType: 'image/png' | 'image/jpeg';
  widthPx: number;
  heightPx: number;
  /** The version that the answer says it was drawn from; absent where it says nothing. */
  versionId?: string;
  /** Whether it is nothing but paper; absent where nobody looked. */
  isBlank?: boolean;
}

/** One account's way to OSS. Every method answers a Result, never throws; aborting gives `cancelled`. */
export interface OssClient {
  /** All buckets, every page of the list. A custom domain cannot list; then the region's public endpoint is asked. */
  listBuckets(signal: AbortSignal): Promise<Result<Bucket[]>>;
  /** One page of ListObjectsV2 with delimiter `/` and encoding-type url. `next` null starts over. */
  listObjects(
    at: { bucket: string; prefix: string; next: string | null; maxKeys: number },
    signal: AbortSignal,
  ): Promise<Result<ObjectPage>>;
  /** One page of ListObjectsV2 without a delimiter: every key below the prefix, whatever folder it is in. */
  listBelow(
    at: { bucket: string; prefix: string; next: string | null; maxKeys: number },
    signal: AbortSignal,
  ): Promise<Result<ObjectPage>>;
  /** One page of one object's versions, newest first. */
  listVersions(
    at: { bucket: string; key: string; next: string | null; maxKeys: number },
    signal: AbortSignal,
  ): Promise<Result<VersionPage>>;
  /** The ids of the service's regions; a key may lack the right to ask. */
  listRegions(signal: AbortSignal): Promise<Result<string[]>>;
  headObject(at: ObjectName, signal: AbortSignal): Promise<Result<ObjectHead>>;
  /** Reads the first byte: the service then has to be allowed to, to decrypt it, and to have it at hand. */
  probeObject(at: ObjectName, signal: AbortSignal): Promise<Result<ObjectProbe>>;
  /**
   * Reads bytes `from` to `to` (excluded), exactly these, in one try. A service that sends anything else, or all of the
   * object, is cut off and answers `net.badAnswer`.
   */
  readRange(at: ObjectName, range: { from: number; to: number }, signal: AbortSignal): Promise<Result<ObjectRange>>;
  /** Buys one page picture. Retried by itself only on a 5xx answer or when nothing was sent; not on `oss.throttled`. */
  snapshot(request: SnapshotRequest, signal: AbortSignal): Promise<Result<PagePicture>>;
  /** A presigned link; `expiresAt` ISO 8601 UTC. Knows buckets' regions from earlier answers, asks once if it must. */
  presignSnapshot(
    request: SnapshotRequest,
    lifetimeSeconds: number,
    signal: AbortSignal,
  ): Promise<Result<{ url: string; expiresAt: string }>>;
  /** Service clock minus ours, ms, as last learnt; null while unknown. */
  clockSkewMs(): number | null;
}

const LIST: Policy = { timeoutMs: 20_000, maxBytes: 16 * 1024 * 1024, isPaid: false };
/** A range that a service does not honour brings the whole object, which nobody wants here: it is cut off. */
const PROBE: Policy = { timeoutMs: 20_000, maxBytes: 1, isPaid: false };
const RANGE_TIMEOUT_MS = 20_000;
const SNAPSHOT: Policy = { timeoutMs: 90_000, maxBytes: 64 * 1024 * 1024, isPaid: true };
/** 1,000 buckets a page; nobody has more pages, and a service that repeats itself must not hold us for ever. */
const MAX_BUCKET_PAGES = 50;

/**
 * Makes one account's client. It learns as it goes: the difference of the clocks (corrected, and after a refusal for it
 * retried once), each bucket's region, and the endpoint that the service names for a bucket (followed once, and only
 * within the public service or to the configured host).
 */
export function makeOssClient(options: OssClientOptions): OssClient {
  const { read, clock, routes } = makeSignedCalls(options);

  async function learnRegion(bucket: string, signal: AbortSignal): Promise<Result<null>> {
    const region = await read(locationCall(bucket), signal, (answer) => readLocation(toText(answer.bytes)));
    if (region.ok) routes.learn(bucket, region.value);
    // Not being allowed to ask is no failure: the account's own region is then the best we know.
    return region.ok || region.error.code !== 'cancelled' ? ok(null) : region;
  }

  async function listPage(
    at: Parameters<typeof listObjectsQuery>[0] & { bucket: string },
    signal: AbortSignal,
  ): Promise<Result<ObjectPage>> {
    const call: Call = { ...plainCall('list', at.bucket), query: listObjectsQuery(at) };
    return read(call, signal, (answer) => readListing(toText(answer.bytes), at.prefix));
  }

  return {
    async listBuckets(signal) {
      const buckets: Bucket[] = [];
      let marker: string | null = null;
      for (let page = 0; page < MAX_BUCKET_PAGES; page += 1) {
        const call: Call = { ...plainCall('list-buckets', null), query: listBucketsQuery(marker) };
        const result: Result<BucketPage> = await read(call, signal, ({ bytes }) => readBuckets(toText(bytes)));
        if (!result.ok) return result;
        const { buckets: more, next } = result.value;
        for (const { name, region } of more) routes.learn(name, region);
        buckets.push(...more);
        if (next === null) {
          options.onRegions?.([...new Set(buckets.map(({ region }) => region).filter((region) => region !== ''))]);
          return ok(buckets);
        }
        if (next === marker) break;
        marker = next;
      }
      return fail('net.badAnswer', 'The list of buckets does not come to an end.');
    },

    listObjects: (at, signal) => listPage({ ...at, delimiter: '/' }, signal),
    listBelow: (at, signal) => listPage({ ...at, delimiter: '' }, signal),

    async listVersions(at, signal) {
      const call: Call = { ...plainCall('list', at.bucket), query: listVersionsQuery(at) };
      return read(call, signal, (answer) => readVersions(toText(answer.bytes), at.key));
    },

    async listRegions(signal) {
      const call: Call = { ...plainCall('location', null), query: REGIONS_QUERY };
      return read(call, signal, ({ bytes }) => readRegions(toText(bytes)));
    },

    async headObject(at, signal) {
      const call: Call = { ...plainCall('head', at.bucket), method: 'HEAD', key: at.key, query: versionQuery(at) };
      return read(call, signal, readHead);
    },

    async probeObject(at, signal) {
      const { bucket, key } = at;
      const headers = { range: 'bytes=0-0' };
      const call: Call = { ...plainCall('head', bucket), key, query: versionQuery(at), headers, policy: PROBE };
      return read(call, signal, readProbe);
    },

    async readRange(at, { from, to }, signal) {
      const policy: Policy = { timeoutMs: RANGE_TIMEOUT_MS, maxBytes: to - from, isPaid: false, tries: 1 };
      const { bucket, key } = at;
      const headers = { range: `bytes=${from}-${to - 1}` };
      const call: Call = { ...plainCall('head', bucket), key, query: versionQuery(at), headers, policy };
      return read(call, signal, (answer) => readRange(answer, from, to));
    },

    async snapshot(request, signal) {
      const query = { ...versionQuery(request), 'x-oss-process': toProcess(request) };
      const { bucket, key, pageNumber, target } = request;
      const asked = { kind: 'snapshot' as const, bucket, key, pageNumber, host: options.endpoint.host };
      const check = (answer: Answer): AppError | null => (toPicture(answer) ? null : notAnImage(answer, asked));
      const call: Call = {
        kind: 'snapshot',
        method: 'GET',
        bucket,
        key,
        query,
        policy: SNAPSHOT,
        pageNumber,
        target,
        check,
      };
      return read(call, signal, toPicture);
    },

    async presignSnapshot(request, lifetimeSeconds, signal) {
      if (!Number.isInteger(lifetimeSeconds) || lifetimeSeconds < 1 || lifetimeSeconds > MAX_LINK_SECONDS) {
        return fail('oss.badRequest', `A signed link lives 1 to ${MAX_LINK_SECONDS} seconds.`);
      }
      const { bucket, key } = request;
      if (!routes.isKnown(bucket)) {
        const learnt = await learnRegion(bucket, signal);
        if (!learnt.ok) return learnt;
      }
      const timeMs = clock.nowMs();
      const credentials = await options.credentials.get(timeMs, signal);
      if (!credentials.ok) return credentials;
      const account = credentials.value;
      const tokenSeconds = account.expiresAtMs === null ? Infinity : Math.floor((account.expiresAtMs - timeMs) / 1000);
      if (tokenSeconds < 1) return fail('oss.tokenExpired', 'The temporary token has ended.');
      const seconds = Math.min(lifetimeSeconds, tokenSeconds);
      const at = routes.of(bucket);
      const { host, path } = addressOf(at, request);
      const query = { ...versionQuery(request), 'x-oss-process': toProcess(request) };
      const signable = { method: 'GET', bucket, key, query, headers: {} };
      const search = presignQuery(signable, account, { region: at.region, timeMs }, seconds);
      // The signing time is written in whole seconds, so the life is counted from there.
      const expiresAtMs = Math.floor(timeMs / 1000) * 1000 + seconds * 1000;
      return ok({ url: `${at.scheme}://${host}${path}?${search}`, expiresAt: new Date(expiresAtMs).toISOString() });
    },

    clockSkewMs: () => clock.skewMs(),
  };
}

function plainCall(kind: Call['kind'], bucket: string | null): Omit<Call, 'query'> {
  return { kind, method: 'GET', bucket, key: null, policy: LIST, pageNumber: null, target: null };
}

function versionQuery({ versionId }: ObjectName): Record<string, string> {
  return versionId === null ? {} : { versionId };
}

function readHead({ headers }: Answer): ObjectHead | null {
  const length = headers['content-length'];
  const modifiedAt = toIsoTime(headers['last-modified'] ?? null);
  if (length === undefined || !/^\d{1,15}$/.test(length) || modifiedAt === null) return null;
  return {
    etag: withoutQuotes(headers['etag'] ?? ''),
    sizeBytes: Number(length),
    modifiedAt,
    storageClass: headers['x-oss-storage-class'] ?? 'Standard',
    versionId: headers['x-oss-version-id'] ?? null,
  };
}

function readProbe({ headers }: Answer): ObjectProbe | null {
  const total = /\/(\d{1,15})$/.exec(headers['content-range'] ?? '')?.[1] ?? headers['content-length'];
  if (total === undefined || !/^\d{1,15}$/.test(total)) return null;
  return {
    sizeBytes: Number(total),
    storageClass: headers['x-oss-storage-class'] ?? 'Standard',
    encryption: headers['x-oss-server-side-encryption'] ?? '',
  };
}

function readRange({ status, headers, bytes }: Answer, from: number, to: number): ObjectRange | null {
  const sent = /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15})$/.exec(headers['content-range'] ?? '');
  if (status !== 206 || !sent || Number(sent[1]) !== from || Number(sent[2]) !== to - 1) return null;
  if (bytes.byteLength !== to - from) return null;
  return { bytes, etag: withoutQuotes(headers['etag'] ?? ''), sizeBytes: Number(sent[3]) };
}

function toPicture({ bytes, headers }: Answer): PagePicture | null {
  const head = readImageHead(bytes);
  const versionId = headers['x-oss-version-id'];
  return head && { bytes, ...head, ...(versionId !== undefined && { versionId }) };
}

/** A proxy may have put its page in the place of a picture that was made: this, too, may have been paid. */
function notAnImage(answer: Answer, asked: Asked): AppError {
  const { status, headers, bytes } = answer;
  const unusable = readUnusable({ status, headers, body: toText(bytes) }, asked);
  if (unusable.code === 'net.proxy') return { ...unusable, charged: 'unclear' };
  const requestId = headers['x-oss-request-id'];
  return {
    code: 'snapshot.notAnImage',
    message: 'The service answered with something that is no whole PNG or JPEG.',
    retryable: false,
    charged: 'unclear',
    status,
    ...(requestId === undefined ? {} : { requestId }),
  };
}
