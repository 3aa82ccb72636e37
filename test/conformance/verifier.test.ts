/** local-oss's own reading of Signature V4 against every published vector, and what must not pass. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { OssRequest } from '#local-oss/http.ts';
import { readTarget } from '#local-oss/target.ts';
import { readTimestamp } from '#local-oss/timestamps.ts';
import { verifyV4 } from '#local-oss/verify-v4.ts';

interface Generated {
  constants: Record<'accessKeyId' | 'accessKeySecret' | 'securityToken' | 'dateTime' | 'weirdKey', string>;
  vectors: {
    id: string;
    name: string;
    canonicalRequest: string;
    signature: string;
    authorization?: string;
    headers?: Record<string, string>;
    url?: string;
  }[];
}
interface Sdk {
  vectors: {
    name: string;
    method: string;
    host: string;
    target: string;
    headers: [string, string][];
    ak: string;
    sk: string;
    bucket: string;
    key: string;
  }[];
}
const read = (name: string): unknown => JSON.parse(readFileSync(path.join(import.meta.dirname, name), 'utf8'));
const generated = read('v4-generated.json') as Generated;
const sdk = read('v4-sdk.json') as Sdk;
const { accessKeyId, accessKeySecret, securityToken, dateTime } = generated.constants;
const SIGNED_AT_MS = readTimestamp(dateTime)!;
const HOST = 'examplebucket.oss-cn-hangzhou.aliyuncs.com';
const DOMAINS = { 'docs.example.com': 'examplebucket' };

const lower = (headers: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

/** The request that a vector was signed for, as it stands on the wire. */
function toRequest(vector: Generated['vectors'][number]): OssRequest {
  const [method = '', canonicalUri = '', query = ''] = vector.canonicalRequest.split('\n');
  if (vector.url !== undefined) {
    const [, host = '', target = ''] = /^https:\/\/([^/]+)(\/.*)$/.exec(vector.url)!;
    return { method, host, target, headers: { host } };
  }
  const headers = lower({ ...vector.headers, Authorization: vector.authorization! });
  const isService = canonicalUri === '/';
  const byPath = headers['host'] !== undefined;
  const host = headers['host'] ?? (isService ? 'oss-cn-hangzhou.aliyuncs.com' : HOST);
  const uri = isService || byPath ? canonicalUri : canonicalUri.slice('/examplebucket'.length);
  return { method, host, target: query === '' ? uri : `${uri}?${query}`, headers };
}

interface Circumstances {
  nowMs?: number;
  secret?: string;
  token?: string;
}

/** `examplebucket/key` when the request passes, else OSS's code. */
function check(request: OssRequest, { nowMs = SIGNED_AT_MS, secret, token }: Circumstances = {}): string {
  const read = readTarget(request, DOMAINS);
  if (!read.ok) return read.failure.code;
  const hasToken = /security-token/.test(`${request.target}${Object.keys(request.headers).join()}`);
  const key = {
    accessKeyId,
    accessKeySecret: secret ?? accessKeySecret,
    ...(hasToken && { securityToken: token ?? securityToken }),
  };
  const verdict = verifyV4(request, read.target, {
    keys: [key],
    nowMs,
    isRegion: (region) => region === 'cn-hangzhou',
  });
  if (verdict.kind === 'refused') return verdict.failure.code;
  if (verdict.kind === 'anonymous') return 'anonymous';
  return [verdict.resource.bucket, verdict.resource.key].filter((part) => part !== null).join('/');
}

const byId = (id: string): OssRequest => toRequest(generated.vectors.find((vector) => vector.id === id)!);
const RESOURCES: Record<string, string> = {
  G4: `examplebucket/${generated.constants.weirdKey}`,
  G5: `examplebucket/${generated.constants.weirdKey}`,
  G6: '',
  G7: 'examplebucket',
  G8: 'examplebucket',
  G12: 'examplebucket/a+b/c d.pptx',
};

describe('published vectors', () => {
  test('all twelve generated ones are there', () => {
    expect(generated.vectors.map((vector) => vector.id)).toEqual(Array.from({ length: 12 }, (_, i) => `G${i + 1}`));
  });

  test.each(generated.vectors.map((vector) => [vector.id, vector] as const))('%s verifies', (id, vector) => {
    expect(check(toRequest(vector))).toBe(RESOURCES[id] ?? 'examplebucket/exampledir/demo.docx');
  });

  test.each(generated.vectors.map((vector) => [vector.id, vector] as const))('%s with another secret', (_, vector) => {
    expect(check(toRequest(vector), { secret: `${accessKeySecret}x` })).toBe('SignatureDoesNotMatch');
  });

  test.each(sdk.vectors.map((vector) => [vector.name, vector] as const))('SDK: %s verifies', (_, vector) => {
    const { method, host, target, ak, sk } = vector;
    const headers = lower(Object.fromEntries(vector.headers));
    const request = { method, host, target, headers };
    const parsed = readTarget(request, {});
    if (!parsed.ok) throw new Error(parsed.failure.message);
    const date = headers['x-oss-date'] ?? /x-oss-date=(\w+)/.exec(target)![1]!;
    const hasToken = headers['x-oss-security-token'] !== undefined || target.includes('x-oss-security-token');
    const verdict = verifyV4(request, parsed.target, {
      keys: [{ accessKeyId: ak, accessKeySecret: sk, ...(hasToken && { securityToken: 'token' }) }],
      nowMs: readTimestamp(date)!,
      isRegion: (region) => region === 'cn-hangzhou' || region === 'cb-123',
      product: (headers['authorization'] ?? '').includes('oss-cloudbox') ? 'oss-cloudbox' : 'oss',
    });
    expect(verdict).toMatchObject({ kind: 'signed', resource: { bucket: 'bucket', key: '1234+-/123/1.txt' } });
  });
});

describe('what must not verify', () => {
  const change = (id: string, edit: (request: OssRequest) => Partial<OssRequest>): OssRequest => {
    const request = byId(id);
    return { ...request, ...edit(request) };
  };
  const replaceInTarget = (id: string, from: string, to: string): OssRequest =>
    change(id, ({ target }) => {
      expect(target).toContain(from);
      return { target: target.replace(from, to) };
    });

  test.each([
    ['a byte of the key', 'G2', 'demo.docx', 'demp.docx'],
    ['a byte of a query value', 'G2', 'page_2', 'page_3'],
    ['a byte of the token', 'G3', 'CAISexample', 'CAISexampld'],
    ['the expiry', 'G2', 'x-oss-expires=3600', 'x-oss-expires=3601'],
    ['a dropped x-oss-process', 'G2', '&x-oss-process=doc%2Fsnapshot%2Ctarget_png%2Csource_docx%2Cpage_2', ''],
    ['a dropped versionId', 'G4', 'versionId=CAEQNhiBgMDJgZCA0BYiIDc4MGZjZGI2OTBjOTRmNTE5NmU5NmFhZjhjYmY0&', ''],
    ['a byte of the signature', 'G2', 'x-oss-signature=5041', 'x-oss-signature=5042'],
    ['an upper-case signature', 'G2', 'x-oss-signature=5041c55009cab', 'x-oss-signature=5041C55009CAB'],
  ])('%s', (_, id, from, to) => {
    const got = check(replaceInTarget(id, from, to));
    expect(got).toBe(from === 'CAISexample' ? 'InvalidSecurityToken' : 'SignatureDoesNotMatch');
  });

  test('a changed token that the service knows is still not the signed one', () => {
    const request = replaceInTarget('G3', 'CAISexample', 'CAISexampld');
    const token = securityToken.replace('CAISexample', 'CAISexampld');
    expect(check(request, { token })).toBe('SignatureDoesNotMatch');
  });

  test('an x-oss-process appended to a signed URL, and a second one beside the first', () => {
    const plain = replaceInTarget('G2', '&x-oss-process=doc%2Fsnapshot%2Ctarget_png%2Csource_docx%2Cpage_2', '');
    expect(check({ ...plain, target: `${plain.target}&x-oss-process=doc%2Fsnapshot` })).toBe('SignatureDoesNotMatch');
    const twice = change('G2', ({ target }) => ({ target: `${target}&x-oss-process=doc%2Fsnapshot%2Cpage_9` }));
    expect(check(twice)).toBe('InvalidArgument');
  });

  test('a URL signed for GET used with HEAD', () => {
    expect(check(change('G2', () => ({ method: 'HEAD' })))).toBe('SignatureDoesNotMatch');
  });

  test('an extra x-oss-meta header, a Content-Type and a Content-MD5 that were not signed', () => {
    for (const name of ['x-oss-meta-foo', 'content-type', 'content-md5']) {
      const request = change('G2', ({ headers }) => ({ headers: { ...headers, [name]: 'x' } }));
      expect(check(request), name).toBe('SignatureDoesNotMatch');
    }
  });

  test('another host, where the host is signed', () => {
    const domains = { ...DOMAINS, 'other.example.com': 'examplebucket' };
    const request = change('G11', () => ({ host: 'other.example.com', headers: { host: 'other.example.com' } }));
    const target = readTarget(request, domains);
    if (!target.ok) throw new Error(target.failure.message);
    const options = { keys: [{ accessKeyId, accessKeySecret }], nowMs: SIGNED_AT_MS, isRegion: () => true };
    expect(verifyV4(request, target.target, options)).toMatchObject({ failure: { code: 'SignatureDoesNotMatch' } });
  });

  test('a bucket of another name', () => {
    const host = 'otherbucket.oss-cn-hangzhou.aliyuncs.com';
    expect(check(change('G2', () => ({ host, headers: { host } })))).toBe('SignatureDoesNotMatch');
  });
});

describe('what must verify all the same', () => {
  const DEMO = 'examplebucket/exampledir/demo.docx';
  const withTarget = (id: string, edit: (target: string) => string): OssRequest => {
    const request = byId(id);
    const target = edit(request.target);
    expect(target).not.toBe(request.target);
    return { ...request, target };
  };

  test('query parameters in another order', () => {
    const reversed = withTarget('G2', (target) => {
      const [uri = '', query = ''] = target.split('?');
      return `${uri}?${query.split('&').reverse().join('&')}`;
    });
    expect(check(reversed)).toBe(DEMO);
  });

  test("lower-case escapes, and !'()* unescaped as ali-oss sends them", () => {
    const lowered = withTarget('G4', (target) => target.replace(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase()));
    expect(check(lowered)).toBe(RESOURCES['G4']);
    const bare = withTarget('G4', (target) =>
      target.replace(/%(21|27|28|29|2A)/g, (escape) => decodeURIComponent(escape)),
    );
    expect(check(bare)).toBe(RESOURCES['G4']);
  });

  test('the commas and slashes of x-oss-process unescaped', () => {
    expect(check(withTarget('G2', (target) => target.replace(/%2C/g, ',').replace('doc%2F', 'doc/')))).toBe(DEMO);
  });

  test('the slash of a key as %2F', () => {
    expect(check(withTarget('G2', (target) => target.replace('exampledir/', 'exampledir%2F')))).toBe(DEMO);
  });

  test('?bucketInfo= against a signature for ?bucketInfo', () => {
    expect(check(withTarget('G8', (target) => `${target}=`))).toBe('examplebucket');
  });

  test('another host style, where the host is not signed', () => {
    for (const host of [
      'docs.example.com',
      'examplebucket.oss-cn-hangzhou-internal.aliyuncs.com',
      'examplebucket.localhost:9000',
    ]) {
      expect(check({ ...byId('G2'), host, headers: { host } }), host).toBe(DEMO);
    }
  });

  test('headers that are not signed', () => {
    const request = byId('G2');
    const headers = { ...request.headers, range: 'bytes=0-9', 'if-none-match': '"x"', 'user-agent': 'x' };
    expect(check({ ...request, headers })).toBe(DEMO);
  });
});

describe('time', () => {
  const MINUTE = 60_000;
  test('a header-signed request is good for 15 minutes to both sides', () => {
    const request = byId('G1');
    for (const offset of [-15 * MINUTE, 15 * MINUTE]) {
      expect(check(request, { nowMs: SIGNED_AT_MS + offset })).toBe('examplebucket/exampledir/demo.docx');
      expect(check(request, { nowMs: SIGNED_AT_MS + offset + Math.sign(offset) })).toBe('RequestTimeTooSkewed');
    }
  });

  test('a presigned URL is good from 15 minutes before its date to its end', () => {
    const request = byId('G2');
    expect(check(request, { nowMs: SIGNED_AT_MS + 3600_000 })).toBe('examplebucket/exampledir/demo.docx');
    expect(check(request, { nowMs: SIGNED_AT_MS + 3600_001 })).toBe('AccessDenied');
    expect(check(request, { nowMs: SIGNED_AT_MS - 15 * MINUTE })).toBe('examplebucket/exampledir/demo.docx');
    expect(check(request, { nowMs: SIGNED_AT_MS - 15 * MINUTE - 1 })).toBe('AccessDenied');
    expect(check(byId('G12'), { nowMs: SIGNED_AT_MS + 604_800_000 })).toBe('examplebucket/a+b/c d.pptx');
  });
});
