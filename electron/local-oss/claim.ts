/** Reads what a signed request claims: its Authorization header or its x-oss- query parameters, in form only. */
import { invalidArgument, refuse, type OssFailure } from './failure.ts';
import type { OssRequest } from './http.ts';
import type { QueryParameter } from './target.ts';
import { readTimestamp } from './timestamps.ts';

/** The one algorithm there is. */
export const ALGORITHM = 'OSS4-HMAC-SHA256';
/** The hash of the payload, in every request: OSS takes no other. */
export const PAYLOAD = 'UNSIGNED-PAYLOAD';
/** The longest life of a presigned URL, seconds. */
const MAX_LIFE_SECONDS = 604_800;

/** What is in a signed request, before anything of it is believed. */
export interface Claim {
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
  /** The life of a presigned URL; null for the header. */
  lifeSeconds: number | null;
}

/** 400 for what is wrong with the Authorization header or its twin in the query. */
export const badHeader = (message: string, value: string, ec = '0002-00000202'): OssFailure =>
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
    timestamp: timestamp.trim(),
    signedAtMs,
    signature,
    additionalHeaders: readNames(items.get('AdditionalHeaders') ?? ''),
    securityToken: request.headers['x-oss-security-token'],
    lifeSeconds: null,
  };
}

function readQueryClaim(request: OssRequest, query: readonly QueryParameter[]): Claim | OssFailure {
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
    ...credential,
    timestamp,
    signedAtMs,
    signature,
    additionalHeaders,
    securityToken,
    lifeSeconds,
  };
}

/** The claim of a request; null when it is not signed. One way of signing at a time, and version 4 only. */
export function readClaim(request: OssRequest, query: readonly QueryParameter[]): Claim | OssFailure | null {
  const authorization = request.headers['authorization'];
  const has = (...names: string[]): boolean => query.some((one) => names.includes(one.name));
  const isPresigned = has('x-oss-signature-version', 'x-oss-signature');
  if (authorization !== undefined) {
    return isPresigned
      ? badHeader('Only one way of authentication may be used.', 'Authorization')
      : readHeaderClaim(request, authorization.trim());
  }
  if (isPresigned) return readQueryClaim(request, query);
  return has('Signature', 'OSSAccessKeyId')
    ? invalidArgument('Signature version 1 is not supported.', 'Signature', '', '0002-00000214')
    : null;
}
