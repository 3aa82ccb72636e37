/**
 * Checks Signature V4, in the Authorization header and in presigned URLs, from our own reading of the protocol. It
 * shares no line with the app's signer on purpose: two readings that agree are worth more than one that agrees with
 * itself. Source: OSS documentation, "Include a V4 signature", "Add signatures to URLs".
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { invalidArgument, refuse, type OssFailure } from './failure.ts';
import type { OssRequest } from './http.ts';
import { percentEncode, percentEncodePath } from './percent.ts';
import type { QueryParameter, Resource } from './target.ts';
import { readTimestamp, toIsoBasic, toXmlTime } from './timestamps.ts';
import type { KeyRecord } from './world.ts';

const ALGORITHM = 'OSS4-HMAC-SHA256';
const PAYLOAD = 'UNSIGNED-PAYLOAD';
/** How far a request's clock may be off, ms. */
const MAX_SKEW_MS = 15 * 60 * 1000;
/** The longest life of a presigned URL, seconds. */
const MAX_LIFE_SECONDS = 604_800;

/** What is in a signed request, before anything of it is believed. */
interface Claim {
  presigned: boolean;
  accessKeyId: string;
  /** `20260115/cn-hangzhou/oss/aliyun_v4_request` */
  scope: string;
  scopeDate: string;
  region: string;
  product: string;
  /** As sent: the second line of the string to sign. */
  timestamp: string;
  signedAtMs: number;
  signature: string;
  additionalHeaders: string[];
  securityToken: string | undefined;
}

/** Who asks, and for what: proved. `region` is the signing region. */
export type Verdict<R extends Resource> =
  | { kind: 'signed'; key: KeyRecord; resource: R; region: string; presigned: boolean }
  | { kind: 'anonymous' }
  | { kind: 'refused'; failure: OssFailure };

export interface VerifyOptions {
  keys: readonly KeyRecord[];
  /** The service's clock, ms. */
  nowMs: number;
  /** Whether requests may be signed for this region here. */
  isRegion(region: string): boolean;
  /** `oss`; an option because the SDKs' own vectors include another. */
  product?: string;
}

/** What was computed, for the body of SignatureDoesNotMatch and for comparing with published vectors. */
export interface SignatureParts {
  canonicalRequest: string;
  stringToSign: string;
  signature: string;
}

const no = (failure: OssFailure): { kind: 'refused'; failure: OssFailure } => ({ kind: 'refused', failure });
const badHeader = (message: string, value: string, ec = '0002-00000202'): OssFailure =>
  invalidArgument(message, 'Authorization', value, ec);

/** `AK/date/region/product/aliyun_v4_request`; an access key id holds no slash. */
function readCredential(
  text: string,
): Pick<Claim, 'accessKeyId' | 'scope' | 'scopeDate' | 'region' | 'product'> | null {
  const [accessKeyId, scopeDate, region, product, end, ...rest] = text.split('/');
  if (!accessKeyId || !region || !product || end !== 'aliyun_v4_request' || rest.length > 0) return null;
  if (!scopeDate || !/^\d{8}$/.test(scopeDate)) return null;
  return { accessKeyId, scopeDate, region, product, scope: `${scopeDate}/${region}/${product}/${end}` };
}

const readNames = (text: string): string[] =>
  text
    .split(';')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '');

function readHeaderClaim(request: OssRequest, authorization: string): Claim | OssFailure {
  if (!authorization.startsWith(`${ALGORITHM} `)) {
    return badHeader('Authorization header is invalid.', authorization.split(' ', 1)[0] ?? '');
  }
  const items = new Map<string, string>();
  for (const item of authorization.slice(ALGORITHM.length).split(',')) {
    const at = item.indexOf('=');
    const name = item.slice(0, Math.max(at, 0)).trim();
    if (!['Credential', 'AdditionalHeaders', 'Signature'].includes(name) || items.has(name)) {
      return badHeader('Unknown parameter in Authorization header.', name, '0002-00000203');
    }
    items.set(name, item.slice(at + 1).trim());
  }
  const credential = readCredential(items.get('Credential') ?? '');
  if (!credential) return badHeader('Invalid credential in Authorization header.', 'Credential', '0002-00000204');
  const signature = items.get('Signature');
  if (!signature) return badHeader('Authorization header is invalid.', 'Signature', '0002-00000206');

  const timestamp = request.headers['x-oss-date'] ?? request.headers['date'];
  const signedAtMs = timestamp === undefined ? null : readTimestamp(timestamp.trim());
  if (timestamp === undefined || signedAtMs === null) {
    return invalidArgument('OSS authentication requires a valid Date.', 'Date', timestamp ?? '', '0002-00000503');
  }
  const payload = request.headers['x-oss-content-sha256'];
  if (payload !== undefined && payload.trim() !== PAYLOAD) {
    return invalidArgument('Invalid x-oss-content-sha256.', 'x-oss-content-sha256', payload, '0002-00000211');
  }
  return {
    ...credential,
    presigned: false,
    timestamp: timestamp.trim(),
    signedAtMs,
    signature,
    additionalHeaders: readNames(items.get('AdditionalHeaders') ?? ''),
    securityToken: request.headers['x-oss-security-token'],
  };
}

function readQueryClaim(
  request: OssRequest,
  query: readonly QueryParameter[],
): { claim: Claim; lifeSeconds: number } | OssFailure {
  const value = (name: string): string | undefined => query.find((one) => one.name === name)?.value || undefined;
  const missing = (name: string, ec: string): OssFailure =>
    invalidArgument(`Missing ${name} in the query string.`, name, '', ec);
  const version = value('x-oss-signature-version');
  if (version !== ALGORITHM) {
    return invalidArgument('Invalid signature version.', 'x-oss-signature-version', version ?? '', '0002-00000213');
  }
  const credentialText = value('x-oss-credential');
  if (credentialText === undefined) return missing('x-oss-credential', '0002-00000217');
  const signature = value('x-oss-signature');
  if (signature === undefined) return missing('x-oss-signature', '0002-00000219');
  const expires = value('x-oss-expires');
  if (expires === undefined) return missing('x-oss-expires', '0002-00000215');
  const timestamp = value('x-oss-date');
  if (timestamp === undefined) return missing('x-oss-date', '0002-00000216');

  const credential = readCredential(credentialText);
  if (!credential) return invalidArgument('Invalid credential.', 'x-oss-credential', credentialText, '0002-00000218');
  const signedAtMs = /Z$/.test(timestamp) ? readTimestamp(timestamp) : null;
  if (signedAtMs === null) return invalidArgument('Invalid date.', 'x-oss-date', timestamp, '0002-00000231');
  const lifeSeconds = /^\d{1,9}$/.test(expires) ? Number(expires) : 0;
  if (lifeSeconds < 1 || lifeSeconds > MAX_LIFE_SECONDS) {
    return invalidArgument(
      `x-oss-expires must be a whole number from 1 to ${MAX_LIFE_SECONDS}.`,
      'x-oss-expires',
      expires,
      '0002-00000232',
    );
  }
  const securityToken = value('x-oss-security-token');
  if (securityToken === undefined && request.headers['x-oss-security-token'] !== undefined) {
    return refuse(400, 'InvalidRequest', 'Security-token must be provided by query string parameter.', '0002-00000220');
  }
  const additionalHeaders = readNames(value('x-oss-additional-headers') ?? '');
  return {
    claim: { ...credential, presigned: true, timestamp, signedAtMs, signature, additionalHeaders, securityToken },
    lifeSeconds,
  };
}

function checkTime(claim: Claim, lifeSeconds: number | null, nowMs: number): OssFailure | null {
  if (lifeSeconds === null) {
    if (Math.abs(nowMs - claim.signedAtMs) <= MAX_SKEW_MS) return null;
    return refuse(
      403,
      'RequestTimeTooSkewed',
      'The difference between the request time and the current time is too large.',
      '0002-00000504',
      {
        extra: [
          ['MaxAllowedSkewMilliseconds', String(MAX_SKEW_MS)],
          ['RequestTime', toXmlTime(claim.signedAtMs)],
          ['ServerTime', toXmlTime(nowMs)],
        ],
      },
    );
  }
  if (claim.signedAtMs - nowMs > MAX_SKEW_MS) {
    return refuse(403, 'AccessDenied', 'Request is not valid yet.', '0002-00000235', {
      extra: [['ServerTime', toXmlTime(nowMs)]],
    });
  }
  const expiresAtMs = claim.signedAtMs + lifeSeconds * 1000;
  if (nowMs <= expiresAtMs) return null;
  return refuse(403, 'AccessDenied', 'Request has expired.', '0002-00000236', {
    extra: [
      ['Expires', toXmlTime(expiresAtMs)],
      ['ServerTime', toXmlTime(nowMs)],
    ],
  });
}

/** Finds the key and checks that it and its session are in force. */
function checkKey(claim: Claim, options: VerifyOptions): KeyRecord | OssFailure {
  const unknown = (message: string, ec: string): OssFailure =>
    refuse(403, 'InvalidAccessKeyId', message, ec, { extra: [['OSSAccessKeyId', claim.accessKeyId]] });
  const key = options.keys.find((one) => one.accessKeyId === claim.accessKeyId);
  const token = claim.securityToken?.trim();
  // The service does not know ids of sessions without their token.
  if (!key || (key.securityToken !== undefined && token === undefined)) {
    return unknown('The OSS Access Key Id you provided does not exist in our records.', '0002-00000902');
  }
  if (key.disabled === true) return unknown('The OSS Access Key Id you provided is disabled.', '0002-00000904');
  if (token === undefined || token === key.securityToken) {
    const isExpired = key.expiresAt !== undefined && Date.parse(key.expiresAt) <= options.nowMs;
    return isExpired
      ? refuse(403, 'SecurityTokenExpired', 'The security token you provided has expired.', '0002-00000906')
      : key;
  }
  return options.keys.some((one) => one.securityToken === token)
    ? refuse(
        403,
        'AccessKeyIdAndSecurityTokenNotMatch',
        'The OSS access key id and security token you provided does not match.',
        '0002-00000907',
      )
    : refuse(403, 'InvalidSecurityToken', 'The security token you provided is invalid.', '0002-00000905');
}

const isSignedAnyway = (name: string): boolean =>
  name.startsWith('x-oss-') || name === 'content-type' || name === 'content-md5';

/** Parameters that are names of sub-resources: clients that sign `prefix=` still sign these bare. */
const SUBRESOURCES = new Set(['acl', 'bucketInfo', 'location', 'objectMeta', 'regions', 'versions', 'local-oss-bill']);

/**
 * The canonical query in every way clients sign empty values. OSS's rule is the bare name; ali-oss signs `prefix=` and
 * works in production, so the service must take both.
 */
function canonicalQueries(query: readonly QueryParameter[]): Set<string> {
  const signed = query
    .filter((one) => one.name !== 'x-oss-signature')
    .map((one) => ({ ...one, encoded: percentEncode(one.name) }))
    .sort((a, b) => (a.encoded < b.encoded ? -1 : 1));
  const write = (isBare: (one: QueryParameter) => boolean): string =>
    signed
      .map((one) => (one.value === '' && isBare(one) ? one.encoded : `${one.encoded}=${percentEncode(one.value)}`))
      .join('&');
  return new Set([
    write(() => true),
    write((one) => one.bare),
    write((one) => SUBRESOURCES.has(one.name)),
    write(() => false),
  ]);
}

function canonicalHeaders(request: OssRequest, additional: readonly string[]): { lines: string; list: string } {
  const extra = [...new Set(additional)].filter((name) => !isSignedAnyway(name)).sort();
  const headers: Record<string, string> = { ...request.headers, host: request.host };
  const names = Object.keys(headers).filter((name) => isSignedAnyway(name) || extra.includes(name));
  const lines = names
    .sort()
    .map((name) => `${name}:${headers[name]!.trim()}\n`)
    .join('');
  return { lines, list: extra.join(';') };
}

/** node:http hands header bytes over as Latin-1; hashing must see those bytes again. */
const toBytes = (text: string): Buffer =>
  // eslint-disable-next-line no-control-regex -- all of Latin-1 is meant
  Buffer.from(text, /^[\u0000-\u00ff]*$/.test(text) ? 'latin1' : 'utf8');

const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text, 'utf8').digest();

function computeSignature(claim: Claim, secret: string, canonicalRequest: string): SignatureParts {
  const hash = createHash('sha256').update(toBytes(canonicalRequest)).digest('hex');
  const stringToSign = [ALGORITHM, claim.timestamp, claim.scope, hash].join('\n');
  const ofDate = hmac(`aliyun_v4${secret}`, claim.scopeDate);
  const ofRegion = hmac(ofDate, claim.region);
  const ofProduct = hmac(ofRegion, claim.product);
  const signingKey = hmac(ofProduct, 'aliyun_v4_request');
  return { canonicalRequest, stringToSign, signature: hmac(signingKey, stringToSign).toString('hex') };
}

function isEqual(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

const canonicalUri = ({ bucket, key }: Resource): string =>
  bucket === null ? '/' : percentEncodePath(`/${bucket}/${key ?? ''}`);

/** Every way in which the claim may have been signed, the official reading of the likeliest resource first. */
function* candidates<R extends Resource>(
  request: OssRequest,
  readings: readonly R[],
  query: readonly QueryParameter[],
  claim: Claim,
  secret: string,
): Generator<SignatureParts & { resource: R }> {
  const { lines, list } = canonicalHeaders(request, claim.additionalHeaders);
  for (const resource of readings) {
    for (const queryText of canonicalQueries(query)) {
      const canonical = [request.method, canonicalUri(resource), queryText, lines, list, PAYLOAD].join('\n');
      yield { ...computeSignature(claim, secret, canonical), resource };
    }
  }
}

function mismatch(claim: Claim, parts: SignatureParts): OssFailure {
  const bytes = toBytes(parts.stringToSign)
    .toString('hex')
    .toUpperCase()
    .replace(/(..)(?=.)/g, '$1 ');
  return refuse(
    403,
    'SignatureDoesNotMatch',
    'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
    '0002-00000201',
    {
      extra: [
        ['OSSAccessKeyId', claim.accessKeyId],
        ['SignatureProvided', claim.signature],
        ['StringToSign', parts.stringToSign],
        ['StringToSignBytes', bytes],
        ['CanonicalRequest', parts.canonicalRequest],
      ],
    },
  );
}

/**
 * Decides who made a request and what it is about. Order of the checks: form, scope, region, times, key, token, and
 * the signature last, in constant time. Header requests are valid for 15 minutes around their date, presigned ones
 * from 15 minutes before it until their end.
 */
export function verifyV4<R extends Resource>(
  request: OssRequest,
  target: { readings: readonly [R, ...R[]]; query: readonly QueryParameter[] },
  options: VerifyOptions,
): Verdict<R> {
  const { readings, query } = target;
  const authorization = request.headers['authorization'];
  const isPresigned = query.some((one) => one.name === 'x-oss-signature-version' || one.name === 'x-oss-signature');
  if (authorization !== undefined && isPresigned) {
    return no(badHeader('Only one way of authentication may be used.', 'Authorization'));
  }
  if (authorization === undefined && !isPresigned) {
    const isV1 = query.some((one) => one.name === 'Signature' || one.name === 'OSSAccessKeyId');
    return isV1
      ? no(invalidArgument('Signature version 1 is not supported.', 'Signature', '', '0002-00000214'))
      : { kind: 'anonymous' };
  }

  let claim: Claim;
  let lifeSeconds: number | null = null;
  if (authorization !== undefined) {
    const read = readHeaderClaim(request, authorization.trim());
    if ('code' in read) return no(read);
    claim = read;
  } else {
    const read = readQueryClaim(request, query);
    if ('code' in read) return no(read);
    ({ claim, lifeSeconds } = read);
  }

  const where = claim.presigned ? 'x-oss-credential' : 'Authorization header';
  if (toIsoBasic(claim.signedAtMs).slice(0, 8) !== claim.scopeDate) {
    return no(badHeader(`Invalid signing date in ${where}.`, claim.scopeDate, '0002-00000225'));
  }
  if (claim.product !== (options.product ?? 'oss')) {
    return no(badHeader(`Invalid signing product in ${where}.`, claim.product, '0002-00000227'));
  }
  if (!options.isRegion(claim.region)) {
    return no(badHeader(`Invalid signing region in ${where}.`, claim.region, '0002-00000226'));
  }
  const late = checkTime(claim, lifeSeconds, options.nowMs);
  if (late) return no(late);
  const key = checkKey(claim, options);
  if ('code' in key) return no(key);

  let first: SignatureParts | undefined;
  for (const parts of candidates(request, readings, query, claim, key.accessKeySecret)) {
    if (isEqual(parts.signature, claim.signature)) {
      const { region, presigned } = claim;
      return { kind: 'signed', key, resource: parts.resource, region, presigned };
    }
    first ??= parts;
  }
  return no(first ? mismatch(claim, first) : badHeader('Authorization header is invalid.', ''));
}
