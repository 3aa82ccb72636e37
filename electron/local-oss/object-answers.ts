/** HeadObject, GetObjectMeta and GetObject: which version, its headers, conditions and ranges. */
import { bytesAnswer, EMPTY, refused, type Outcome } from './answer.ts';
import { invalidArgument, methodNotAllowed, noSuchKey, noSuchVersion, refuse, type OssFailure } from './failure.ts';
import type { HostStyle, QueryParameter } from './target.ts';
import { parameter } from './target.ts';
import { isReadable, type Bucket, type ReadableVersion, type Store } from './store.ts';
import { toHttpTime } from './timestamps.ts';
import { VERSION_ID } from './world.ts';

const ARCHIVES = new Set(['Archive', 'ColdArchive', 'DeepColdArchive']);
/** Query parameters that replace headers of the answer. */
const OVERRIDES = {
  'response-content-type': 'content-type',
  'response-content-language': 'content-language',
  'response-expires': 'expires',
  'response-cache-control': 'cache-control',
  'response-content-disposition': 'content-disposition',
  'response-content-encoding': 'content-encoding',
} as const;

/** Whether a request asks to replace headers of its answer. */
export const hasOverrides = (query: readonly QueryParameter[]): boolean =>
  query.some((one) => Object.hasOwn(OVERRIDES, one.name));

/** The version that a request is about: the one it names, or the current one. */
export async function findVersion(
  store: Store,
  bucket: Bucket,
  key: string,
  query: readonly QueryParameter[],
  method: string,
): Promise<{ ok: true; version: ReadableVersion } | { ok: false; failure: OssFailure }> {
  const wanted = parameter(query, 'versionId');
  if (wanted === '') {
    return refused(invalidArgument('Version id can not be the empty string.', 'versionId', ''));
  }
  if (wanted !== undefined && !VERSION_ID.test(wanted)) {
    return refused(invalidArgument('Invalid version id specified.', 'versionId', wanted));
  }
  const versions = await store.versions(bucket, key);
  const version = wanted === undefined ? versions[0] : versions.find((one) => (one.versionId ?? 'null') === wanted);
  if (!version) return refused(wanted === undefined ? noSuchKey(key) : noSuchVersion(key, wanted));
  if (isReadable(version)) return { ok: true, version };
  const headers = { 'x-oss-delete-marker': 'true', 'x-oss-version-id': version.versionId ?? 'null' };
  return refused(
    wanted === undefined
      ? noSuchKey(key, headers)
      : methodNotAllowed(method, 'DeleteMarker', { ...headers, allow: 'DELETE' }),
  );
}

/** Whether the bytes can only be had after a restore. */
export function isArchived(bucket: Bucket, version: ReadableVersion): boolean {
  if (!ARCHIVES.has(version.storageClass) || bucket.entry.archiveDirectRead === true) return false;
  return version.entry.restore?.includes('ongoing-request="false"') !== true;
}

/** The headers that say what is stored, without type and length. */
export async function identityHeaders(store: Store, version: ReadableVersion): Promise<Record<string, string>> {
  const { encryption } = version.entry;
  return {
    etag: `"${await store.etag(version)}"`,
    'last-modified': toHttpTime(version.modifiedAtMs),
    'x-oss-object-type': 'Normal',
    'x-oss-storage-class': version.storageClass,
    ...(version.versionId === null ? {} : { 'x-oss-version-id': version.versionId }),
    ...(version.entry.restore === undefined ? {} : { 'x-oss-restore': version.entry.restore }),
    ...(encryption && { 'x-oss-server-side-encryption': encryption.algorithm }),
    ...(encryption?.keyId !== undefined && { 'x-oss-server-side-encryption-key-id': encryption.keyId }),
  };
}

async function fullHeaders(store: Store, version: ReadableVersion): Promise<Record<string, string>> {
  const meta = Object.entries(version.entry.meta ?? {}).map(([name, value]) => [`x-oss-meta-${name}`, value]);
  return {
    ...(await identityHeaders(store, version)),
    'content-type': version.contentType,
    'content-md5': Buffer.from(await store.checksum('md5', version), 'hex').toString('base64'),
    'x-oss-hash-crc64ecma': await store.checksum('crc64', version),
    'accept-ranges': 'bytes',
    ...Object.fromEntries(meta),
  };
}

/** Pictures, pages and scripts from a default domain are forced into a download for newer buckets. */
export function downloadHeaders(bucket: Bucket, style: HostStyle, mediaType: string): Record<string, string> {
  const isForced = bucket.entry.forceDownload === true && style !== 'custom-domain';
  return isForced && /^(image\/|text\/html)/.test(mediaType)
    ? { 'x-oss-force-download': 'true', 'content-disposition': 'attachment' }
    : {};
}

const isListed = (list: string, etag: string): boolean =>
  list.split(',').some((one) => one.trim() === '*' || one.trim().replace(/^W\//, '').replace(/^"|"$/g, '') === etag);

/** What the conditional headers decide: go on, 304 or 412. */
function checkConditions(
  headers: Readonly<Record<string, string>>,
  etag: string,
  modifiedAtMs: number,
): 'go-on' | 'not-modified' | OssFailure {
  const seconds = Math.floor(modifiedAtMs / 1000) * 1000;
  const failed = (condition: string): OssFailure =>
    refuse(
      412,
      'PreconditionFailed',
      'At least one of the pre-conditions you specified did not hold.',
      '0021-00000101',
      { extra: [['Condition', condition]] },
    );
  const time = (name: string): number => Date.parse(headers[name] ?? '');
  const ifMatch = headers['if-match'];
  if (ifMatch !== undefined && !isListed(ifMatch, etag)) return failed('If-Match');
  if (ifMatch === undefined && seconds > time('if-unmodified-since')) return failed('If-Unmodified-Since');
  const ifNoneMatch = headers['if-none-match'];
  if (ifNoneMatch !== undefined) return isListed(ifNoneMatch, etag) ? 'not-modified' : 'go-on';
  return seconds <= time('if-modified-since') ? 'not-modified' : 'go-on';
}

/**
 * The part that a Range header asks for; null for the whole. OSS answers a range it cannot serve in full with the
 * whole object, unless `x-oss-range-behavior: standard`; of several ranges it serves the first.
 */
function readRange(
  headers: Readonly<Record<string, string>>,
  sizeBytes: number,
): { from: number; to: number } | null | 'unsatisfiable' {
  const match = /^bytes=(\d*)-(\d*)(?:,.*)?$/.exec(headers['range']?.replaceAll(' ', '') ?? '');
  if (!match || (match[1] === '' && match[2] === '')) return null;
  const isStandard = headers['x-oss-range-behavior'] === 'standard';
  const outside = isStandard ? 'unsatisfiable' : null;
  const last = match[2] === '' ? sizeBytes - 1 : Number(match[2]);
  if (match[1] === '') {
    if (last === 0 || sizeBytes === 0) return outside;
    if (last > sizeBytes && !isStandard) return null;
    return { from: Math.max(0, sizeBytes - last), to: sizeBytes };
  }
  const first = Number(match[1]);
  if (last < first && match[2] !== '') return null;
  if (first >= sizeBytes) return outside;
  if (last >= sizeBytes && !isStandard) return null;
  return { from: first, to: Math.min(last, sizeBytes - 1) + 1 };
}

/** What HeadObject and GetObject need of their request. */
export interface ObjectRequest {
  method: string;
  headers: Readonly<Record<string, string>>;
  query: readonly QueryParameter[];
  style: HostStyle;
}

/** HeadObject and GetObject: the same headers, with or without the bytes. */
export async function readObject(
  store: Store,
  bucket: Bucket,
  version: ReadableVersion,
  request: ObjectRequest,
): Promise<Outcome> {
  const { method, headers, query } = request;
  const condition = checkConditions(headers, await store.etag(version), version.modifiedAtMs);
  if (condition === 'not-modified') {
    const answer = { status: 304, headers: await identityHeaders(store, version), body: EMPTY };
    return { ok: true, answer };
  }
  if (condition !== 'go-on') return refused(condition);

  const own = await fullHeaders(store, version);
  for (const [name, header] of Object.entries(OVERRIDES)) {
    const value = parameter(query, name);
    if (value !== undefined && value !== '') own[header] = value;
  }
  Object.assign(own, downloadHeaders(bucket, request.style, own['content-type'] ?? ''));

  const { content } = version;
  const range = method === 'HEAD' ? null : readRange(headers, content.sizeBytes);
  if (range === 'unsatisfiable') {
    const more = { headers: { 'content-range': `bytes */${content.sizeBytes}` } };
    return refused(refuse(416, 'InvalidRange', 'The requested range cannot be satisfied.', '0026-00000103', more));
  }
  const { from, to } = range ?? { from: 0, to: content.sizeBytes };
  own['content-length'] = String(to - from);
  if (range) own['content-range'] = `bytes ${from}-${to - 1}/${content.sizeBytes}`;
  const body = method === 'HEAD' ? EMPTY : content.read(from, to);
  return { ok: true, answer: { status: range ? 206 : 200, headers: own, body } };
}

/** GetObjectMeta: the few headers that cost nothing to know. */
export async function objectMeta(store: Store, version: ReadableVersion): Promise<Outcome> {
  const { etag, ...identity } = await identityHeaders(store, version);
  const versionId = identity['x-oss-version-id'];
  return bytesAnswer(EMPTY, {
    etag: etag ?? '',
    'last-modified': identity['last-modified'] ?? '',
    'content-length': String(version.content.sizeBytes),
    ...(versionId === undefined ? {} : { 'x-oss-version-id': versionId }),
  });
}
