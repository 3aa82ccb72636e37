/**
 * Signs requests by hand, each part of the signature open to variation: real clients differ in what they put there.
 * A third reading of the protocol beside the app's signer and the service's verifier.
 */
import { createHash, createHmac } from 'node:crypto';
import type { OssRequest } from '#local-oss/http.ts';

export const KEY = { accessKeyId: 'LTAI5tTestKey', accessKeySecret: 'TestSecret/+=' };
export const REGION = 'cn-hangzhou';
/** 2026-01-15T08:30:00Z */
export const NOW_MS = Date.UTC(2026, 0, 15, 8, 30, 0);

/** A query parameter; without a value it is sent and signed bare. */
export type Parameter = readonly [name: string, value?: string];

/** One request, and how it is to be signed. Everything but the resource may be left out. */
export interface Draft {
  method?: string;
  bucket?: string;
  key?: string;
  query?: readonly Parameter[];
  /** Sent, and signed as far as the protocol signs headers. */
  headers?: Record<string, string>;
  host?: string;
  /** Path as sent; `/bucket/key` in strict encoding unless given. */
  path?: string;
  accessKeyId?: string;
  accessKeySecret?: string;
  securityToken?: string;
  region?: string;
  signedAtMs?: number;
  additionalHeaders?: readonly string[];
}

/** Strict RFC 3986. */
export const encode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

export const isoBasic = (ms: number): string => new Date(ms).toISOString().replace(/[-:]|\.\d{3}/g, '');

const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();

/** The signature over a canonical request; `timestamp` is the second line of the string to sign. */
export function signCanonical(canonical: string, timestamp: string, scope: string, secret: string): string {
  const [date, region, product] = scope.split('/') as [string, string, string];
  const hash = createHash('sha256').update(canonical).digest('hex');
  const chain = [region, product, 'aliyun_v4_request'];
  const signingKey = chain.reduce((key, part) => hmac(key, part), hmac(`aliyun_v4${secret}`, date));
  return hmac(signingKey, ['OSS4-HMAC-SHA256', timestamp, scope, hash].join('\n')).toString('hex');
}

export const canonicalQuery = (query: readonly Parameter[]): string =>
  query
    .map(([name, value]) => (value === undefined ? encode(name) : `${encode(name)}=${encode(value)}`))
    .sort((a, b) => (a.split('=', 1)[0]! < b.split('=', 1)[0]! ? -1 : 1))
    .join('&');

export function canonicalRequest(draft: Draft, headers: Record<string, string>, query: string): string {
  const additional = [...(draft.additionalHeaders ?? [])].sort();
  const isSigned = (name: string): boolean =>
    name.startsWith('x-oss-') || ['content-type', 'content-md5', ...additional].includes(name);
  const lines = Object.keys(headers)
    .filter(isSigned)
    .sort()
    .map((name) => `${name}:${headers[name]!.trim()}\n`);
  const uri = draft.bucket === undefined ? '/' : `/${draft.bucket}/${draft.key ?? ''}`;
  const path = uri.split('/').map(encode).join('/');
  return [draft.method ?? 'GET', path, query, lines.join(''), additional.join(';'), 'UNSIGNED-PAYLOAD'].join('\n');
}

const sentPath = (draft: Draft): string =>
  draft.path ??
  (draft.bucket === undefined ? '/' : `/${draft.bucket}/${(draft.key ?? '').split('/').map(encode).join('/')}`);

const scopeOf = (draft: Draft): string =>
  `${isoBasic(draft.signedAtMs ?? NOW_MS).slice(0, 8)}/${draft.region ?? REGION}/oss/aliyun_v4_request`;

/** A header-signed request as the official SDKs send it. */
export function signed(draft: Draft): OssRequest {
  const { method = 'GET', host = '127.0.0.1:9000', query = [], securityToken } = draft;
  const timestamp = isoBasic(draft.signedAtMs ?? NOW_MS);
  const headers: Record<string, string> = {
    host,
    'x-oss-date': timestamp,
    'x-oss-content-sha256': 'UNSIGNED-PAYLOAD',
    ...(securityToken === undefined ? {} : { 'x-oss-security-token': securityToken }),
    ...draft.headers,
  };
  const queryText = canonicalQuery(query);
  const scope = scopeOf(draft);
  const secret = draft.accessKeySecret ?? KEY.accessKeySecret;
  const signature = signCanonical(canonicalRequest(draft, headers, queryText), timestamp, scope, secret);
  const additional = draft.additionalHeaders
    ? `,AdditionalHeaders=${[...draft.additionalHeaders].sort().join(';')}`
    : '';
  headers['authorization'] =
    `OSS4-HMAC-SHA256 Credential=${draft.accessKeyId ?? KEY.accessKeyId}/${scope}${additional},Signature=${signature}`;
  return { method, host, target: `${sentPath(draft)}${queryText && `?${queryText}`}`, headers };
}

/** A presigned request as the official SDKs make it. */
export function presigned(draft: Draft, lifeSeconds = 900): OssRequest {
  const { method = 'GET', host = '127.0.0.1:9000', headers = {}, securityToken, additionalHeaders } = draft;
  const timestamp = isoBasic(draft.signedAtMs ?? NOW_MS);
  const scope = scopeOf(draft);
  const query: Parameter[] = [
    ...(draft.query ?? []),
    ['x-oss-signature-version', 'OSS4-HMAC-SHA256'],
    ['x-oss-credential', `${draft.accessKeyId ?? KEY.accessKeyId}/${scope}`],
    ['x-oss-date', timestamp],
    ['x-oss-expires', String(lifeSeconds)],
  ];
  if (securityToken !== undefined) query.push(['x-oss-security-token', securityToken]);
  if (additionalHeaders) query.push(['x-oss-additional-headers', [...additionalHeaders].sort().join(';')]);
  const all = { host, ...headers };
  const secret = draft.accessKeySecret ?? KEY.accessKeySecret;
  const canonical = canonicalRequest(draft, all, canonicalQuery(query));
  query.push(['x-oss-signature', signCanonical(canonical, timestamp, scope, secret)]);
  return { method, host, target: `${sentPath(draft)}?${canonicalQuery(query)}`, headers: all };
}
