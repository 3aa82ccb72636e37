/**
 * The signer against every intermediate of the pinned vectors: canonical request, string to sign, key, signature,
 * header, URL.
 */
import { describe, expect, it } from 'vitest';
import {
  additionalHeaders,
  canonicalQuery,
  canonicalRequest,
  canonicalUri,
  encodeKey,
  isUnsendable,
  percentEncode,
  type Query,
} from '#oss/canonical.ts';
import { Credentials } from '#oss/credentials.ts';
import { addressOf, readEndpoint } from '#oss/endpoint.ts';
import {
  cachedKeyCount,
  forgetSigningKeys,
  presignQuery,
  scopeOf,
  signature,
  signHeaders,
  signingKey,
  stringToSign,
  toOssDate,
  type SignableRequest,
} from '#oss/sign-v4.ts';
import { readVectors, type GeneratedVectors, type SdkVector } from './vectors.ts';

const generated: GeneratedVectors = readVectors('v4-generated.json');
const sdk: { vectors: SdkVector[] } = readVectors('v4-sdk.json');

const { constants } = generated;
const timeMs = Date.UTC(2026, 0, 15, 8, 30, 0);
const at = { region: constants.region, timeMs };
const K4 = 'b118f37037abd2c23bd3af4212f8ce6633d5742c0af2b790e96661cfe96eb4f3';
const lasting = { accessKeyId: constants.accessKeyId, accessKeySecret: constants.accessKeySecret };
const plain = new Credentials(lasting);
const temporary = new Credentials({ ...lasting, securityToken: constants.securityToken });
const snapshot: Query = { 'x-oss-process': 'doc/snapshot,target_png,source_docx,page_2' };
const demo = { method: 'GET', bucket: constants.bucket, key: 'exampledir/demo.docx', query: snapshot, headers: {} };

interface Input extends SignableRequest {
  credentials?: Credentials;
  /** Presigned when set. */
  expires?: number;
  endpoint?: string;
}

/** What oss-protocol says in words about each vector. */
const INPUTS: Record<string, Input> = {
  G1: demo,
  G2: { ...demo, expires: 3600 },
  G3: { ...demo, expires: 900, credentials: temporary },
  G4: {
    ...demo,
    key: constants.weirdKey,
    query: { ...snapshot, versionId: 'CAEQNhiBgMDJgZCA0BYiIDc4MGZjZGI2OTBjOTRmNTE5NmU5NmFhZjhjYmY0' },
    expires: 3600,
  },
  G5: { ...demo, method: 'HEAD', key: constants.weirdKey, query: { versionId: 'null' }, credentials: temporary },
  G6: { ...demo, bucket: null, key: null, query: { prefix: 'doc', 'max-keys': '100', marker: 'doc a' } },
  G7: {
    ...demo,
    key: null,
    query: {
      'list-type': '2',
      prefix: '年度 报告/',
      delimiter: '/',
      'encoding-type': 'url',
      'max-keys': '1000',
      'continuation-token': 'CgJiYw--',
      'fetch-owner': 'true',
    },
  },
  G8: { ...demo, key: null, query: { bucketInfo: '' } },
  G9: { ...demo, query: {}, headers: { Host: '127.0.0.1:9000', Range: 'bytes=0-99' }, additional: ['range', 'Host'] },
  G10: { ...demo, expires: 3600, endpoint: 'https://127.0.0.1:9000' },
  G11: {
    ...demo,
    expires: 3600,
    endpoint: 'https://docs.example.com',
    headers: { host: 'docs.example.com' },
    additional: ['host'],
  },
  G12: {
    ...demo,
    key: 'a+b/c d.pptx',
    query: {
      'x-oss-process': 'style/doc+cover',
      'response-cache-control': 'no-cache',
      'response-content-disposition': "attachment; filename*=UTF-8''%E5%B9%B4.png",
    },
    expires: 604_800,
  },
};

describe('generated vectors', () => {
  it('has an input for every vector', () => {
    expect(Object.keys(INPUTS)).toEqual(generated.vectors.map((vector) => vector.id));
  });

  it.each(generated.vectors)('$id $name', (vector) => {
    const input = INPUTS[vector.id];
    if (!input) throw new Error(`no input for ${vector.id}`);
    const credentials = input.credentials ?? plain;
    expect(toOssDate(timeMs)).toBe(constants.dateTime);
    expect(canonicalUri(input)).toBe(vector.canonicalUri);
    const key = signingKey(constants.accessKeySecret, constants.dateTime, constants.region);
    expect(key.toString('hex')).toBe(K4);
    const scope = scopeOf(constants.dateTime, constants.region);
    expect(stringToSign(constants.dateTime, scope, vector.canonicalRequest)).toBe(vector.stringToSign);
    expect(signature(key, vector.stringToSign)).toBe(vector.signature);

    if (input.expires === undefined) {
      const headers = signHeaders(input, credentials, at);
      const additional = additionalHeaders(headers, input.additional ?? []);
      expect(canonicalQuery(input.query)).toBe(vector.canonicalQuery);
      const { authorization, ...unsigned } = headers;
      expect(canonicalRequest({ ...input, headers: unsigned, additional })).toBe(vector.canonicalRequest);
      expect(authorization).toBe(vector.authorization);
      expect(unsigned).toEqual(lowerCaseNames(vector.headers ?? {}));
    } else {
      const query = presignQuery(input, credentials, at, input.expires);
      const typed = readEndpoint(input.endpoint ?? '', constants.region);
      if (!typed.ok) throw new Error(typed.error.message);
      const { endpoint } = typed.value;
      const { host, path } = addressOf(endpoint, input);
      expect(`${endpoint.scheme}://${host}${path}?${query}`).toBe(vector.url);
      expect(query).toBe(`${vector.canonicalQuery}&x-oss-signature=${vector.signature}`);
    }
  });
});

describe("vectors of Alibaba Cloud's SDK tests", () => {
  it.each(sdk.vectors)('$name', (vector) => {
    const sent = new Map(vector.headers.map(([name, value]) => [name.toLowerCase(), value]));
    const query = Object.fromEntries(
      (vector.target.split('?')[1] ?? '').split('&').map((part) => part.split('=').map(decodeURIComponent)),
    ) as Record<string, string>;
    const isPresigned = query['x-oss-signature'] !== undefined;
    const date = query['x-oss-date'] ?? sent.get('x-oss-date') ?? '';
    const authorization = sent.get('authorization') ?? '';
    const credential = query['x-oss-credential'] ?? /Credential=([^,]+)/.exec(authorization)?.[1] ?? '';
    const [, day, region = '', product = ''] = credential.split('/');
    expect(day).toBe(date.slice(0, 8));
    const additional = (query['x-oss-additional-headers'] ?? /AdditionalHeaders=([^,]+)/.exec(authorization)?.[1] ?? '')
      .split(';')
      .filter(Boolean);
    const credentials = new Credentials({
      accessKeyId: vector.ak,
      accessKeySecret: vector.sk,
      securityToken: query['x-oss-security-token'] ?? sent.get('x-oss-security-token'),
    });
    const own = Object.fromEntries([...sent].filter(([name]) => !ADDED_BY_SIGNER.has(name)));
    const asked = Object.fromEntries(Object.entries(query).filter(([name]) => !ADDED_BY_SIGNER.has(name)));
    const request = {
      method: vector.method,
      bucket: vector.bucket,
      key: vector.key,
      query: asked,
      headers: own,
      additional,
    };
    const place = { region, product, timeMs: readOssDate(date) };

    if (isPresigned) {
      const signed = presignQuery(request, credentials, place, Number(query['x-oss-expires']));
      expect(signed.endsWith(`&x-oss-signature=${vector.signature}`)).toBe(true);
      const { ['x-oss-signature']: _, ...unsigned } = query;
      expect(canonicalRequest({ ...request, query: unsigned })).toBe(vector.canonical_request);
    } else {
      const headers = signHeaders(request, credentials, place);
      expect(headers['authorization']).toBe(authorization);
      const { authorization: _, ...unsigned } = headers;
      expect(canonicalRequest({ ...request, headers: unsigned })).toBe(vector.canonical_request);
    }
  });
});

describe('encoding', () => {
  it('leaves exactly the unreserved characters alone', () => {
    const kept = [...Array(128).keys()].map((code) => String.fromCharCode(code)).filter((c) => percentEncode(c) === c);
    expect(kept.join('')).toBe('-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz~');
    expect(percentEncode('/ +年😀')).toBe('%2F%20%2B%E5%B9%B4%F0%9F%98%80');
  });

  it('does not throw on text that is no valid Unicode', () => {
    expect(percentEncode('a\ud800b')).toBe('a%EF%BF%BDb');
  });

  it('keeps slashes and dot segments of keys, and knows which keys others do not send as they are', () => {
    expect(encodeKey('a//../b/./c d')).toBe('a//../b/./c%20d');
    expect(['..', '.', 'a/..', './a', 'a/./b', 'a\0b'].every(isUnsendable)).toBe(true);
    expect(['a..b', '...', '.a/b', 'a./b', 'a\u0001b', ''].some(isUnsendable)).toBe(false);
  });

  it('sorts by encoded name, capitals first, and writes empty values as bare names', () => {
    expect(canonicalQuery({ b: '1', acl: '', B: '2', 'a-b': '3', a: '4' })).toBe('B=2&a=4&a-b=3&acl&b=1');
  });
});

describe('derived keys', () => {
  it('keeps a bounded number of them and still signs right after one fell out', () => {
    forgetSigningKeys();
    for (let day = 0; day < 100; day += 1) {
      signingKey('secret', toOssDate(timeMs + day * 86_400_000), 'cn-hangzhou');
      expect(cachedKeyCount()).toBeLessThanOrEqual(32);
    }
    expect(signingKey(constants.accessKeySecret, constants.dateTime, constants.region).toString('hex')).toBe(K4);
    forgetSigningKeys();
    expect(cachedKeyCount()).toBe(0);
  });

  it('differs by secret, day, region and product', () => {
    const key = (...parts: [string, string, string, string?]): string => signingKey(...parts).toString('hex');
    const all = [
      key('a', '20260115', 'cn-hangzhou'),
      key('b', '20260115', 'cn-hangzhou'),
      key('a', '20260116', 'cn-hangzhou'),
      key('a', '20260115', 'cn-shanghai'),
      key('a', '20260115', 'cn-hangzhou', 'oss-cloudbox'),
    ];
    expect(new Set(all).size).toBe(all.length);
  });
});

const ADDED_BY_SIGNER = new Set([
  'authorization',
  'x-oss-date',
  'x-oss-content-sha256',
  'x-oss-security-token',
  'x-oss-signature-version',
  'x-oss-credential',
  'x-oss-expires',
  'x-oss-signature',
  'x-oss-additional-headers',
]);

function lowerCaseNames(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

function readOssDate(text: string): number {
  const [, y, m, d, h, min, s] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text) ?? [];
  return Date.UTC(Number(y), Number(m) - 1, Number(d), Number(h), Number(min), Number(s));
}
