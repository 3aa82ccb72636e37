/** From a request to a case: who asks, for what, whether we have it, and what goes wrong on purpose. */
import { checkAccess, checkAnonymous, type Wish } from './access.ts';
import { refused } from './answer.ts';
import { noSuchBucket, refuse, type OssFailure } from './failure.ts';
import type { OssRequest } from './http.ts';
import { publicEndpointForbidden, throttled, wrongEndpoint, type Fate, type Strokes } from './misfortunes.ts';
import { hasOverrides } from './object-answers.ts';
import { chooseOperation, DATA_OPERATIONS, type Operation } from './operations.ts';
import { publicEndpoint } from './regions.ts';
import type { Bucket, Store } from './store.ts';
import { parameter, readTarget, type Reading, type Target } from './target.ts';
import { verifyV4 } from './verify-v4.ts';
import { isBucketName, MAX_KEY_BYTES, type KeyRecord, type World } from './world.ts';

/** A request whose sender and meaning are known. */
export interface Case {
  request: OssRequest;
  target: Target;
  reading: Reading;
  /** Null: anonymous. */
  key: KeyRecord | null;
  operation: Operation;
  bucket: Bucket | null;
  strokes: Strokes;
}

type Step<T> = ({ ok: true } & T) | { ok: false; failure: OssFailure };

/** What opening a case needs. */
export interface Admission {
  store: Store;
  fate: Fate;
  world: World;
  keys: readonly KeyRecord[];
  /** The service's clock, ms. */
  nowMs: number;
}

/** Who asks, and for what; the signature decides between the readings. */
function identify(
  { store, keys, nowMs }: Admission,
  request: OssRequest,
  target: Target,
): Step<{ key: KeyRecord | null; reading: Reading; region: string | null }> {
  const hostRegion = target.readings[0].hostRegion;
  const isRegion = (region: string): boolean => (hostRegion === null ? store.isRegion(region) : region === hostRegion);
  const verdict = verifyV4(request, target, { keys, nowMs, isRegion });
  if (verdict.kind === 'refused') return refused(verdict.failure);
  if (verdict.kind === 'anonymous') return { ok: true, key: null, reading: target.readings[0], region: null };
  return { ok: true, key: verdict.key, reading: verdict.resource, region: verdict.region };
}

/** Names, bucket and endpoint: is this something that we have, here? */
async function locate(
  { store, world }: Admission,
  reading: Reading,
  region: string | null,
): Promise<Step<{ bucket: Bucket | null }>> {
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
  if (!isBucketName(reading.bucket)) {
    return refused(refuse(400, 'InvalidBucketName', 'The specified bucket is not valid.', '0015-00000001'));
  }
  const bucket = await store.bucket(reading.bucket);
  if (!bucket) return refused(noSuchBucket(reading.bucket));
  const here = reading.hostRegion ?? region;
  return here === null || here === bucket.region
    ? { ok: true, bucket }
    : refused(wrongEndpoint(bucket.name, publicEndpoint(bucket.region)));
}

/**
 * Reads, verifies and places a request. `learn` hears what it is about as soon as that is proved, also when it is
 * refused afterwards. Asks fate once.
 */
export async function openCase(
  admission: Admission,
  request: OssRequest,
  learn: (known: { operation: Operation; bucket: string | null; key: string | null }) => void,
): Promise<Step<{ at: Case }>> {
  const { world, fate } = admission;
  const read = readTarget(request, world.customDomains ?? {});
  if (!read.ok) return read;
  const { target } = read;
  const identified = identify(admission, request, target);
  if (!identified.ok) return identified;
  const { key, reading, region } = identified;
  const chosen = chooseOperation(request.method, reading, target.query);
  if (!chosen.ok) return chosen;
  const { operation } = chosen;
  learn({ operation, bucket: reading.bucket, key: key && reading.key });
  const located = await locate(admission, reading, region);
  if (!located.ok) return located;
  const { bucket } = located;
  const page = /,page_(\d{1,6})(?:,|$)/.exec(parameter(target.query, 'x-oss-process') ?? '')?.[1] ?? '1';
  const occasion = { operation, key: reading.key, pageNumber: operation === 'Snapshot' ? Number(page) : null };
  const misfortunes = [...(world.misfortunes ?? []), ...(bucket?.entry.misfortunes ?? [])];
  const isBill = operation === 'LocalOssBill';
  const strokes = fate.decide(isBill ? [] : misfortunes, occasion);
  return { ok: true, at: { request, target, reading, key, operation, bucket, strokes } };
}

/** Refusals made up on purpose, and those that hang on where the request came in. */
export function refuseOnPurpose({ strokes, bucket, operation, reading, request }: Case): OssFailure | null {
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

/** Whether the sender may do what the case is about; the refusal if not. */
export function checkRights({ operation, reading, target, key, bucket }: Case): OssFailure | null {
  const prefix = parameter(target.query, 'prefix') ?? '';
  const wish: Wish = {
    operation,
    bucket: reading.bucket,
    name: reading.key ?? prefix,
    hasVersionId: parameter(target.query, 'versionId') !== undefined,
  };
  return key ? checkAccess(key, bucket?.entry, wish) : checkAnonymous(bucket?.entry, wish, hasOverrides(target.query));
}
