/**
 * Signature V4 of OSS (`OSS4-HMAC-SHA256`), in headers and in URLs. Time is an input; nothing here reads a clock. The
 * only place that uses the secret. Source: OSS, "Include a V4 signature in the Authorization header" and "Add
 * signatures to URLs"; pinned by test/conformance/v4-generated.json and v4-sdk.json.
 */
import { createHash, createHmac } from 'node:crypto';
import {
  UNSIGNED_PAYLOAD,
  additionalHeaders,
  canonicalQuery,
  canonicalRequest,
  type HeaderMap,
  type Query,
  type Resource,
} from './canonical.ts';
import { Credentials } from './credentials.ts';

const ALGORITHM = 'OSS4-HMAC-SHA256';
const MAX_CACHED_KEYS = 32;

/** What every signature needs to know about where and when. */
export interface SigningScope {
  /** `cn-hangzhou`, for every host form of that region. */
  region: string;
  /** ms since 1970, by the service's clock as well as we know it. */
  timeMs: number;
  /** `oss`; only CloudBox differs, and only the vectors ask for it. */
  product?: string;
}

export interface SignableRequest extends Resource {
  /** Upper case. */
  method: string;
  query: Query;
  /** Only what will really be sent: every `x-oss-*`, `content-type` and `content-md5` among them is signed. */
  headers: HeaderMap;
  /** Further headers to bind, `host` for example. */
  additional?: readonly string[];
}

/** `20260115T083000Z`: how OSS writes the signing time. */
export function toOssDate(timeMs: number): string {
  return new Date(timeMs).toISOString().replace(/\.\d{3}|[-:]/g, '');
}

/** `20260115/cn-hangzhou/oss/aliyun_v4_request` */
export function scopeOf(date: string, region: string, product = 'oss'): string {
  return `${date.slice(0, 8)}/${region}/${product}/aliyun_v4_request`;
}

/** What is really signed: algorithm, time, scope and the hash of the canonical request. `date` as `toOssDate` writes it. */
export function stringToSign(date: string, scope: string, request: string): string {
  return [ALGORITHM, date, scope, createHash('sha256').update(request, 'utf8').digest('hex')].join('\n');
}

const keys = new Map<string, Buffer>();

/**
 * The derived key of one secret, day and region. Four HMACs, so the last few are kept: by a hash of the secret, that no
 * map key ever holds the secret itself.
 */
export function signingKey(accessKeySecret: string, date: string, region: string, product = 'oss'): Buffer {
  const day = date.slice(0, 8);
  const name = createHash('sha256').update([accessKeySecret, day, region, product].join('\n'), 'utf8').digest('hex');
  const known = keys.get(name);
  if (known) return known;
  let key = Buffer.from(`aliyun_v4${accessKeySecret}`, 'utf8');
  for (const part of [day, region, product, 'aliyun_v4_request']) key = createHmac('sha256', key).update(part).digest();
  keys.set(name, key);
  const oldest = keys.keys().next();
  if (keys.size > MAX_CACHED_KEYS && !oldest.done) keys.delete(oldest.value);
  return key;
}

/** How many derived keys are kept now: never more than 32. */
export function cachedKeyCount(): number {
  return keys.size;
}

/** Forgets every derived key, as when an account is left or locked. */
export function forgetSigningKeys(): void {
  keys.clear();
}

/** 64 lower-case hex digits. */
export function signature(key: Buffer, text: string): string {
  return createHmac('sha256', key).update(text, 'utf8').digest('hex');
}

function sign(request: SignableRequest, additional: string[], credentials: Credentials, at: SigningScope): string {
  const date = toOssDate(at.timeMs);
  const scope = scopeOf(date, at.region, at.product);
  const { accessKeySecret } = Credentials.revealSecret(credentials);
  const text = stringToSign(date, scope, canonicalRequest({ ...request, additional }));
  return signature(signingKey(accessKeySecret, date, at.region, at.product), text);
}

/**
 * Signs in headers. Answers all headers to send, lower-case names: the request's own, `x-oss-date`,
 * `x-oss-content-sha256`, the token where there is one, and `authorization`.
 */
export function signHeaders(
  request: SignableRequest,
  credentials: Credentials,
  at: SigningScope,
): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) headers[name.toLowerCase()] = value;
  headers['x-oss-date'] = toOssDate(at.timeMs);
  headers['x-oss-content-sha256'] = UNSIGNED_PAYLOAD;
  const { securityToken } = Credentials.revealSecret(credentials);
  if (securityToken !== null) headers['x-oss-security-token'] = securityToken;

  const additional = additionalHeaders(headers, request.additional ?? []);
  const signed = sign({ ...request, headers }, additional, credentials, at);
  const credential = `${credentials.accessKeyId}/${scopeOf(toOssDate(at.timeMs), at.region, at.product)}`;
  const list = additional.length > 0 ? `AdditionalHeaders=${additional.join(';')},` : '';
  headers['authorization'] = `${ALGORITHM} Credential=${credential},${list}Signature=${signed}`;
  return headers;
}

/** What `signHeaders` signs, as it may be shown beside the service's own reading: the token is not in it. */
export interface SignedText {
  canonicalRequest: string;
  stringToSign: string;
}

/** The texts behind a signature in headers that were made by `signHeaders`. */
export function signedText(
  request: SignableRequest,
  signed: Readonly<Record<string, string>>,
  region: string,
): SignedText {
  const date = signed['x-oss-date'] ?? '';
  const headers = Object.fromEntries(Object.entries(signed).filter(([name]) => name !== 'authorization'));
  const additional = additionalHeaders(headers, request.additional ?? []);
  const text = canonicalRequest({ ...request, headers, additional });
  return {
    canonicalRequest: withoutToken(text),
    stringToSign: stringToSign(date, scopeOf(date, region), text),
  };
}

/** A canonical request without the token in it, whoever wrote it. */
export function withoutToken(canonical: string): string {
  return canonical
    .replace(/^(x-oss-security-token:).*$/gim, '$1[secret]')
    .replace(/(x-oss-security-token=)[^&\n]*/gi, '$1[secret]');
}

/**
 * Signs in the URL. Answers the whole query string to put behind `?`. The link lives `expiresSeconds` (1 to 604,800)
 * from `timeMs`, and with a token never longer than the token.
 */
export function presignQuery(
  request: SignableRequest,
  credentials: Credentials,
  at: SigningScope,
  expiresSeconds: number,
): string {
  const { securityToken } = Credentials.revealSecret(credentials);
  const additional = additionalHeaders(request.headers, request.additional ?? []);
  const date = toOssDate(at.timeMs);
  const query: Record<string, string> = {
    ...request.query,
    'x-oss-signature-version': ALGORITHM,
    'x-oss-credential': `${credentials.accessKeyId}/${scopeOf(date, at.region, at.product)}`,
    'x-oss-date': date,
    'x-oss-expires': String(expiresSeconds),
  };
  if (securityToken !== null) query['x-oss-security-token'] = securityToken;
  if (additional.length > 0) query['x-oss-additional-headers'] = additional.join(';');
  const signed = sign({ ...request, query }, additional, credentials, at);
  return `${canonicalQuery(query)}&x-oss-signature=${signed}`;
}
