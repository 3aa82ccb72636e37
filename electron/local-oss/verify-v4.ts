/**
 * Checks Signature V4, in the Authorization header and in presigned URLs, from our own reading of the protocol. It
 * shares no line with the app's signer on purpose: two readings that agree are worth more than one that agrees with
 * itself. Source: OSS documentation, "Include a V4 signature", "Add signatures to URLs".
 */
import { timingSafeEqual } from 'node:crypto';
import { candidates, toBytes, type SignatureParts } from './canonical.ts';
import { badHeader, readClaim, type Claim } from './claim.ts';
import { refuse, type OssFailure } from './failure.ts';
import type { OssRequest } from './http.ts';
import type { QueryParameter, Resource } from './target.ts';
import { toIsoBasic, toXmlTime } from './timestamps.ts';
import type { KeyRecord } from './world.ts';

/** How far a request's clock may be off, ms. */
const MAX_SKEW_MS = 15 * 60 * 1000;

/** Who asks, and for what: proved. `region` is the signing region. */
export type Verdict<R extends Resource> =
  | { kind: 'signed'; key: KeyRecord; resource: R; region: string }
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

const no = (failure: OssFailure): { kind: 'refused'; failure: OssFailure } => ({ kind: 'refused', failure });
function checkTime(claim: Claim, nowMs: number): OssFailure | null {
  if (claim.lifeSeconds === null) {
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
  const expiresAtMs = claim.signedAtMs + claim.lifeSeconds * 1000;
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

function isEqual(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
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
  const claim = readClaim(request, query);
  if (claim === null) return { kind: 'anonymous' };
  if ('code' in claim) return no(claim);

  const where = claim.lifeSeconds !== null ? 'x-oss-credential' : 'Authorization header';
  if (toIsoBasic(claim.signedAtMs).slice(0, 8) !== claim.scopeDate) {
    return no(badHeader(`Invalid signing date in ${where}.`, claim.scopeDate, '0002-00000225'));
  }
  if (claim.product !== (options.product ?? 'oss')) {
    return no(badHeader(`Invalid signing product in ${where}.`, claim.product, '0002-00000227'));
  }
  if (!options.isRegion(claim.region)) {
    return no(badHeader(`Invalid signing region in ${where}.`, claim.region, '0002-00000226'));
  }
  const late = checkTime(claim, options.nowMs);
  if (late) return no(late);
  const key = checkKey(claim, options);
  if ('code' in key) return no(key);

  let first: SignatureParts | undefined;
  for (const parts of candidates(request, readings, query, claim, key.accessKeySecret)) {
    if (isEqual(parts.signature, claim.signature)) {
      return { kind: 'signed', key, resource: parts.resource, region: claim.region };
    }
    first ??= parts;
  }
  return no(first ? mismatch(claim, first) : badHeader('Authorization header is invalid.', ''));
}
