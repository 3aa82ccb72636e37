import { describe, expect, it } from 'vitest';
import { maskKeyId, redact } from '#services/redact.ts';

const SECRET = 'yL9aKs0dQw3eRt6yUi8oPa2sDf4gHj';
const STS_SECRET = 'Hy3kLm9PqRs7TuVwXyZ2AbCdEf5GhJkMnPqRsTuVw8Yz';
const TOKEN = `CAIS${'gA1b2C3d4'.repeat(30)}==`;
const SIGNATURE = '0d1e2f3a4b5c6d7e8f90'.repeat(4).slice(0, 64);

describe('redact', () => {
  it.each<[string, string, string]>([
    [
      'a V4 header',
      `OSS4-HMAC-SHA256 Credential=LTAI5tAbc/20260101/cn-hangzhou/oss/aliyun_v4_request,Signature=${SIGNATURE}`,
      SIGNATURE,
    ],
    ['a V1 header', 'OSS LTAI5tAbcdef:bWFkZSB1cCBmb3IgdGhpcyB0ZXN0', 'bWFkZSB1cCBmb3IgdGhpcyB0ZXN0'],
    ['a signed link', `https://b.oss-cn-hangzhou.aliyuncs.com/k?x-oss-signature=${SIGNATURE}&x=1`, SIGNATURE],
    ['a link inside a link', `u=https%3A%2F%2Fx%3Fx-oss-signature%3Dshort1&y=2`, 'short1'],
    ['a token parameter', 'x?x-oss-security-token=abc%2Fdef&y=2', 'abc%2Fdef'],
    ['a token', `token was ${TOKEN} there`, TOKEN],
    ['JSON', `{"accessKeySecret":"short"}`, 'short'],
    ['JSON inside JSON', JSON.stringify({ body: JSON.stringify({ accessKeySecret: 'short' }) }), 'short'],
    ['a bare secret', `Invalid header value: ${SECRET}`, SECRET],
    ['a bare STS secret', `got ${STS_SECRET}!`, STS_SECRET],
    ['an AccessKey ID', 'key LTAI5tAbcdefGhij0123 is disabled', 'tAbcdefGhij0123'],
    ['an STS key ID', 'STS.NUgYrLnoC37mZZCNnAbez gone', 'NUgYrLnoC37mZZCNnAbez'],
    ['a proxy with a password', 'via http://jane:hunter2@proxy:8080/', 'hunter2'],
    ['a derived key', `key ${'ab'.repeat(32)}`, 'ab'.repeat(32)],
  ])('takes it out of %s', (_what, text, secret) => {
    expect(redact(text)).not.toContain(secret);
  });

  it.each([
    'GET /reports/2026/q3.docx -> 403 AccessDenied 0003-00000001 request 66F1A2B3C4D5E6F708192A3B',
    'A handler threw. at run (/opt/pagelens/resources/app.asar/out/main/index.cjs:1204:17)',
    'The settings file is not understood and was set aside.',
    'handle 0123456789abcdef0123456789abcdef is closed',
    'https://oss-cn-hangzhou.aliyuncs.com/?max-keys=1',
  ])('leaves alone: %s', (text) => {
    expect(redact(text)).toBe(text);
  });
});

describe('maskKeyId', () => {
  it.each([
    ['LTAI5tAbcdefGhij0123abcd', 'LTAI5t…abcd'],
    ['STS.NUgYrLnoC37mZZCNnAbez', 'STS.NU…Abez'],
    ['short', 'sh…'],
    ['x', '…'],
  ])('%s is shown as %s', (id, shown) => expect(maskKeyId(id)).toBe(shown));
});
