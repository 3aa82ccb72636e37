/** Real OSS clients vary; each way of asking here is one that some client uses against the real service. */
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { OssRequest } from '#local-oss/http.ts';
import {
  canonicalQuery,
  canonicalRequest,
  encode,
  isoBasic,
  KEY,
  NOW_MS,
  presigned,
  REGION,
  signCanonical,
  signed,
  type Draft,
} from '../unit/local-oss/freehand-signer.ts';
import { element, elements, makeService } from '../unit/local-oss/service.ts';

const FILES = {
  'docs/年度 报告/Q1 (final)!+100%~a&b=c#d.docx': 'pages: 2',
  'docs/a/b.txt': 'hello',
  'docs/top.pdf': 'x',
};
const WEIRD = '年度 报告/Q1 (final)!+100%~a&b=c#d.docx';
const scope = `${isoBasic(NOW_MS).slice(0, 8)}/${REGION}/oss/aliyun_v4_request`;

/** Signs a request of which every part is written out. */
function signBy(
  draft: Draft & { target: string; canonicalQuery: string; timestamp: string; headers: Record<string, string> },
  separator = ',',
): OssRequest {
  const { method = 'GET', host = '127.0.0.1:9000' } = draft;
  const headers: Record<string, string> = { host, ...draft.headers };
  const canonical = canonicalRequest(draft, headers, draft.canonicalQuery);
  const signature = signCanonical(canonical, draft.timestamp, scope, KEY.accessKeySecret);
  const items = [`Credential=${KEY.accessKeyId}/${scope}`, `Signature=${signature}`];
  headers['authorization'] = `OSS4-HMAC-SHA256 ${items.join(separator)}`;
  return { method, host, target: draft.target, headers };
}

const plainHeaders = { 'x-oss-date': isoBasic(NOW_MS), 'x-oss-content-sha256': 'UNSIGNED-PAYLOAD' };
const timestamp = isoBasic(NOW_MS);

describe('signatures', () => {
  test('only Date in RFC 1123, which is then the second line of the string to sign', async () => {
    const { send } = await makeService({ files: FILES });
    const date = new Date(NOW_MS).toUTCString();
    const headers = { date, 'x-oss-content-sha256': 'UNSIGNED-PAYLOAD' };
    const draft = { bucket: 'docs', key: 'a/b.txt', target: '/docs/a/b.txt', canonicalQuery: '', headers };
    expect(await send(signBy({ ...draft, timestamp: date }))).toMatchObject({ status: 200, text: 'hello' });
    const asIso = await send(signBy({ ...draft, timestamp }));
    expect(element(asIso.text, 'Code')).toBe('SignatureDoesNotMatch');
    expect(element(asIso.text, 'StringToSign')?.split('\n')[1]).toBe(date);
  });

  test('no date at all, and a date that is none', async () => {
    const { send } = await makeService({ files: FILES });
    const request = signBy({ bucket: 'docs', target: '/docs', canonicalQuery: '', timestamp, headers: {} });
    for (const headers of [request.headers, { ...request.headers, date: 'Thu, 31 Feb 2026 08:30:00 GMT' }]) {
      const reply = await send({ ...request, headers });
      expect(reply.status).toBe(400);
      expect(element(reply.text, 'EC')).toBe('0002-00000503');
    }
  });

  test('Authorization with and without a space after its commas', async () => {
    const { send } = await makeService({ files: FILES });
    for (const separator of [',', ', ', ' , ']) {
      const draft = {
        bucket: 'docs',
        key: 'a/b.txt',
        target: '/docs/a/b.txt',
        canonicalQuery: '',
        headers: plainHeaders,
        timestamp,
      };
      expect((await send(signBy(draft, separator))).status, separator).toBe(200);
    }
  });

  test('an empty value signed with and without its equals sign, bare sub-resources beside it', async () => {
    const { send } = await makeService({ files: FILES, world: { buckets: { docs: { versioning: 'Enabled' } } } });
    const list = { bucket: 'docs', headers: plainHeaders, timestamp };
    const target = '/docs/?list-type=2&prefix=&delimiter=';
    for (const canonical of ['delimiter&list-type=2&prefix', 'delimiter=&list-type=2&prefix=']) {
      const reply = await send(signBy({ ...list, target, canonicalQuery: canonical }));
      expect(elements(reply.text, 'Key'), canonical).toHaveLength(3);
    }
    // ali-oss signs the sub-resource bare, the empty prefix with its sign, and sends both with it.
    const versions = await send(
      signBy({ ...list, target: '/docs/?versions=&prefix=', canonicalQuery: 'prefix=&versions' }),
    );
    expect(elements(versions.text, 'Key')).toHaveLength(3);
    const asSent = await send(
      signBy({ ...list, target: '/docs/?versions=&prefix', canonicalQuery: 'prefix&versions=' }),
    );
    expect(elements(asSent.text, 'Key')).toHaveLength(3);
  });

  test('Content-Type and Content-MD5 on GET are signed', async () => {
    const { ask, send } = await makeService({ files: FILES });
    const md5 = createHash('md5').update('').digest('base64');
    const headers = { 'content-type': 'application/octet-stream', 'content-md5': md5 };
    expect((await ask({ bucket: 'docs', key: 'a/b.txt', headers })).status).toBe(200);
    const request = signed({ bucket: 'docs', key: 'a/b.txt' });
    const reply = await send({ ...request, headers: { ...request.headers, ...headers } });
    expect(element(reply.text, 'Code')).toBe('SignatureDoesNotMatch');
  });

  test('AdditionalHeaders, in the header and in the query', async () => {
    const { send, ask } = await makeService({ files: FILES });
    const draft: Draft = {
      bucket: 'docs',
      key: 'a/b.txt',
      headers: { range: 'bytes=0-1' },
      additionalHeaders: ['host', 'range'],
    };
    expect(await ask(draft)).toMatchObject({ status: 206, text: 'he' });
    expect(await send(presigned(draft))).toMatchObject({ status: 206, text: 'he' });
    for (const request of [signed(draft), presigned(draft)]) {
      const reply = await send({ ...request, headers: { ...request.headers, range: 'bytes=0-2' } });
      expect(element(reply.text, 'Code')).toBe('SignatureDoesNotMatch');
    }
  });

  test('a session: with its token, without it, with another, expired, and its token in the wrong place', async () => {
    const session = { accessKeyId: 'STS.one', accessKeySecret: 's', securityToken: 'CAIS+/==' };
    const late = { ...session, accessKeyId: 'STS.late', securityToken: 'late', expiresAt: '2026-01-15T08:30:00Z' };
    const disabled = { accessKeyId: 'LTAIold', accessKeySecret: 's', disabled: true };
    const { ask, send } = await makeService({ files: FILES, world: { keys: [session, late, disabled] } });
    const draft = { bucket: 'docs', key: 'a/b.txt', ...session };
    expect((await ask(draft)).status).toBe(200);
    expect((await send(presigned(draft))).status).toBe(200);
    const codeOf = async (request: OssRequest): Promise<string | undefined> =>
      element((await send(request)).text, 'Code');
    const { securityToken: _, ...bare } = draft;
    expect(await codeOf(signed(bare))).toBe('InvalidAccessKeyId');
    expect(await codeOf(signed({ ...draft, securityToken: 'nobody' }))).toBe('InvalidSecurityToken');
    expect(await codeOf(signed({ ...draft, securityToken: 'late' }))).toBe('AccessKeyIdAndSecurityTokenNotMatch');
    expect(await codeOf(signed({ ...draft, ...late }))).toBe('SecurityTokenExpired');
    expect(await codeOf(presigned({ ...draft, ...late }))).toBe('SecurityTokenExpired');
    expect(await codeOf(presigned({ ...bare, headers: { 'x-oss-security-token': 'CAIS+/==' } }))).toBe(
      'InvalidRequest',
    );
    expect(await codeOf(signed({ ...bare, ...disabled }))).toBe('InvalidAccessKeyId');
    expect(await codeOf(signed({ ...bare, accessKeyId: 'LTAInobody' }))).toBe('InvalidAccessKeyId');
  });

  test.each([
    ['region', { region: 'cn-nowhere' }, '0002-00000226'],
    ['secret', { accessKeySecret: 'other' }, '0002-00000201'],
  ])('a wrong %s', async (_, wrong, ec) => {
    const { ask } = await makeService({ files: FILES });
    const reply = await ask({ bucket: 'docs', key: 'a/b.txt', ...wrong });
    expect(reply.headers['x-oss-ec']).toBe(ec);
    expect(element(reply.text, 'EC')).toBe(ec);
  });

  test.each([
    ['OSS LTAI:c2ln', 'Authorization header is invalid.'],
    ['OSS4-HMAC-SHA256 Credentials=a', 'Unknown parameter in Authorization header.'],
    ['OSS4-HMAC-SHA256 Credential=a/20260115/cn-hangzhou/oss/aliyun_v4_request', 'Authorization header is invalid.'],
    ['OSS4-HMAC-SHA256 Credential=a/b,Signature=00', 'Invalid credential in Authorization header.'],
    [
      'OSS4-HMAC-SHA256 Credential=a/20260115/cn-hangzhou/s3/aliyun_v4_request,Signature=00',
      'Invalid signing product in Authorization header.',
    ],
    [
      'OSS4-HMAC-SHA256 Credential=a/20260114/cn-hangzhou/oss/aliyun_v4_request,Signature=00',
      'Invalid signing date in Authorization header.',
    ],
  ])('a malformed Authorization: %s', async (authorization, message) => {
    const { send } = await makeService({ files: FILES });
    const headers = { ...plainHeaders, authorization };
    const reply = await send({ method: 'GET', host: 'localhost', target: '/docs/top.pdf', headers });
    expect(reply.status).toBe(400);
    expect(element(reply.text, 'Code')).toBe('InvalidArgument');
    expect(element(reply.text, 'Message')).toBe(message);
  });

  test.each([
    ['x-oss-expires', '0002-00000215'],
    ['x-oss-credential', '0002-00000217'],
    ['x-oss-signature', '0002-00000219'],
    ['x-oss-date', '0002-00000216'],
    ['x-oss-signature-version', '0002-00000213'],
  ])('a presigned URL without %s', async (name, ec) => {
    const { send } = await makeService({ files: FILES });
    const request = presigned({ bucket: 'docs', key: 'top.pdf' });
    const target = request.target.replace(new RegExp(`([?&])${name}=[^&]*`), '$1');
    expect(target).not.toBe(request.target);
    expect((await send({ ...request, target })).headers['x-oss-ec']).toBe(ec);
  });

  test.each([0, 604_801, -1, 1.5])('a presigned URL for %d seconds', async (seconds) => {
    const { send } = await makeService({ files: FILES });
    const reply = await send(presigned({ bucket: 'docs', key: 'top.pdf' }, seconds));
    expect(reply.headers['x-oss-ec']).toBe('0002-00000232');
  });
});

describe('addresses', () => {
  const draft = { bucket: 'docs', key: 'a/b.txt' };

  test.each([
    ['IP', '127.0.0.1:9000', '/docs/a/b.txt'],
    ['localhost', 'localhost:9000', '/docs/a/b.txt'],
    ['no Host at all', '', '/docs/a/b.txt'],
    ['virtual host on localhost', 'docs.localhost:9000', '/a/b.txt'],
    ['virtual host on an endpoint of localhost', 'docs.oss-cn-hangzhou.localhost:9000', '/a/b.txt'],
    ['virtual host on an IP', 'docs.127.0.0.1:9000', '/a/b.txt'],
    ['path on the public endpoint', 'oss-cn-hangzhou.aliyuncs.com', '/docs/a/b.txt'],
    ['virtual host on the public endpoint', 'docs.oss-cn-hangzhou.aliyuncs.com', '/a/b.txt'],
    ['internal endpoint', 'docs.oss-cn-hangzhou-internal.aliyuncs.com', '/a/b.txt'],
    ['dual stack', 'docs.cn-hangzhou.oss.aliyuncs.com', '/a/b.txt'],
    ['acceleration', 'docs.oss-accelerate.aliyuncs.com', '/a/b.txt'],
    ['upper case', 'DOCS.OSS-CN-HANGZHOU.ALIYUNCS.COM', '/a/b.txt'],
    ['custom domain', 'files.example.com', '/a/b.txt'],
    ['made up for an IP endpoint, bucket in the path too', 'docs.oss-cn-hangzhou.aliyuncs.com', '/docs/a/b.txt'],
    ['the slash as %2F', '127.0.0.1', '/docs/a%2Fb.txt'],
  ])('%s', async (_, host, path) => {
    const { send } = await makeService({ files: FILES, world: { customDomains: { 'files.example.com': 'docs' } } });
    expect(await send(signed({ ...draft, host, path }))).toMatchObject({ status: 200, text: 'hello' });
    expect(await send(presigned({ ...draft, host, path }))).toMatchObject({ status: 200, text: 'hello' });
  });

  test('an object whose path begins with its bucket’s name is not taken for the path style', async () => {
    const { send } = await makeService({ files: { 'docs/docs/a/b.txt': 'inner', 'docs/a/b.txt': 'outer' } });
    const host = 'docs.oss-cn-hangzhou.aliyuncs.com';
    const path = '/docs/a/b.txt';
    expect((await send(signed({ bucket: 'docs', key: 'docs/a/b.txt', host, path }))).text).toBe('inner');
    expect((await send(signed({ bucket: 'docs', key: 'a/b.txt', host, path }))).text).toBe('outer');
  });

  test('ListBuckets through the Host that ali-oss makes up for an IP endpoint', async () => {
    const { send } = await makeService({ files: FILES });
    const reply = await send(signed({ host: 'undefined.oss-cn-hangzhou.aliyuncs.com' }));
    expect(elements(reply.text, 'Name')).toEqual(['docs']);
  });

  test('a foreign host, and buckets through a custom domain', async () => {
    const { send } = await makeService({ files: FILES, world: { customDomains: { 'files.example.com': 'docs' } } });
    const foreign = await send(signed({ ...draft, host: 'example.com' }));
    expect([foreign.status, element(foreign.text, 'Code')]).toEqual([403, 'NonStandardHostForbidden']);
    const domain = await send(signed({ bucket: 'docs', host: 'files.example.com', path: '/' }));
    expect(element(domain.text, 'Name')).toBe('docs');
  });

  test('path style can be forbidden as the public service does', async () => {
    const { send } = await makeService({ files: FILES, world: { strictHostStyle: true } });
    expect(element((await send(signed(draft))).text, 'Code')).toBe('SecondLevelDomainForbidden');
    expect((await send(signed({ ...draft, host: 'docs.localhost', path: '/a/b.txt' }))).status).toBe(200);
    expect((await send(signed({}))).status).toBe(200);
  });

  test('odd keys: spaces, CJK, all kinds of signs, escaped as each client does', async () => {
    const { send } = await makeService({ files: FILES });
    const strict = `/docs/${WEIRD.split('/').map(encode).join('/')}`;
    const likeAliOss = `/docs/${WEIRD.split('/').map(encodeURIComponent).join('/')}`;
    for (const path of [strict, likeAliOss, strict.toLowerCase().replace('q1', 'Q1')]) {
      expect((await send(signed({ bucket: 'docs', key: WEIRD, path }))).text, path).toBe('pages: 2');
    }
  });

  test('a space in the query as +', async () => {
    const { send } = await makeService({ files: FILES });
    const query = [
      ['list-type', '2'],
      ['prefix', '年度 报告/'],
    ] as const;
    const request = signed({ bucket: 'docs', query });
    const target = request.target.replace('%20', '+');
    expect(target).not.toBe(request.target);
    expect(elements((await send({ ...request, target })).text, 'Key')).toEqual([WEIRD.replace('&', '&amp;')]);
    expect(canonicalQuery(query)).toContain('%20');
  });

  test.each(['/docs/%zz', '/docs/%FF', 'docs/a', '/docs/a?x=%C3%28', '/docs/a?x=1&x=2'])(
    'unreadable: %s',
    async (target) => {
      const { send } = await makeService({ files: FILES });
      const reply = await send({ ...signed({ bucket: 'docs', key: 'a' }), target });
      expect(reply.status).toBe(400);
      expect(reply.text).toContain('<Error>');
    },
  );
});

describe('HEAD', () => {
  test('an error comes in x-oss-err and x-oss-ec, with the length its body would have', async () => {
    const { ask } = await makeService({ files: FILES });
    const reply = await ask({ method: 'HEAD', bucket: 'docs', key: 'nowhere.pdf' });
    expect([reply.status, reply.body.length]).toEqual([404, 0]);
    const xml = Buffer.from(reply.headers['x-oss-err'] ?? '', 'base64').toString('utf8');
    expect(xml).toContain('\r\n  <Code>NoSuchKey</Code>\r\n');
    expect(element(xml, 'Key')).toBe('nowhere.pdf');
    expect(element(xml, 'RequestId')).toBe(reply.headers['x-oss-request-id']);
    expect(reply.headers['x-oss-ec']).toBe(element(xml, 'EC'));
    expect(reply.headers['content-length']).toBe(String(Buffer.byteLength(xml)));
  });
});
