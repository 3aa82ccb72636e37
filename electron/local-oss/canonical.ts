/** Canonical request, string to sign and signature: every way in which a claim may have been signed. */
import { createHash, createHmac } from 'node:crypto';
import { ALGORITHM, PAYLOAD, type Claim } from './claim.ts';
import type { OssRequest } from './http.ts';
import { percentEncode, percentEncodePath } from './percent.ts';
import type { QueryParameter, Resource } from './target.ts';

/** What was computed, for the body of SignatureDoesNotMatch and for comparing with published vectors. */
export interface SignatureParts {
  canonicalRequest: string;
  stringToSign: string;
  signature: string;
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
export const toBytes = (text: string): Buffer =>
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

const canonicalUri = ({ bucket, key }: Resource): string =>
  bucket === null ? '/' : percentEncodePath(`/${bucket}/${key ?? ''}`);

/** Every way in which the claim may have been signed, the official reading of the likeliest resource first. */
export function* candidates<R extends Resource>(
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
