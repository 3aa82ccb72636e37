/** What people paste into the path box, the traps in it, and what is refused. */
import { describe, expect, it } from 'vitest';
import { readAddress, readScope } from '#oss/address.ts';
import { Credentials } from '#oss/credentials.ts';
import { addressOf, readEndpoint, type Endpoint } from '#oss/endpoint.ts';
import { extensionOf, sourceOfKey } from '#contract/source-types.ts';
import { readProcess, toProcess } from '#oss/process.ts';
import { presignQuery } from '#oss/sign-v4.ts';
import { makeRandom, oddKey } from './odd-keys.ts';

function endpoint(text: string, bucket: string | null = null): Endpoint {
  const typed = readEndpoint(text, 'cn-hangzhou', bucket);
  if (!typed.ok) throw new Error(typed.error.message);
  return typed.value.endpoint;
}
const publicService = endpoint('');
const local = endpoint('127.0.0.1:9000');
const domain = endpoint('docs.example.com', 'reports');

function read(text: string, at = publicService) {
  const result = readAddress(text, at);
  return result.ok ? result.value : result.error.code;
}

describe('oss:// paths', () => {
  it.each([
    ['oss://reports', { bucket: 'reports', key: '', names: 'folder' }],
    ['oss://reports/', { bucket: 'reports', key: '', names: 'folder' }],
    ['  OSS://reports/2026/年度/ ', { bucket: 'reports', key: '2026/年度/', names: 'folder' }],
    ['oss://0012/a b+c%20d?e#f.DOCX', { bucket: '0012', key: 'a b+c%20d?e#f.DOCX', names: 'document', source: 'docx' }],
    ['oss://reports/a/../b/./c.pdf', { bucket: 'reports', key: 'a/../b/./c.pdf', names: 'document', source: 'pdf' }],
    ['oss://reports/a\\b.pdf', { bucket: 'reports', key: 'a\\b.pdf', names: 'document' }],
    ['oss://reports/minutes', { bucket: 'reports', key: 'minutes', names: 'unclear', source: null }],
    ['reports/2026/', { bucket: 'reports', key: '2026/', names: 'folder' }],
    ['reports/a b.pdf', { bucket: 'reports', key: 'a b.pdf', names: 'document', source: 'pdf' }],
    ['reports', { bucket: 'reports', key: '', names: 'folder' }],
    ['oss://reports/picture.png', { bucket: 'reports', key: 'picture.png', names: 'unclear', source: null }],
  ])('%j, literally', (text, expected) => {
    for (const at of [publicService, local, domain]) expect(read(text, at)).toMatchObject(expected);
  });
});

describe('object URLs', () => {
  it.each([
    [
      'https://reports.oss-cn-hangzhou.aliyuncs.com/a%2Fb/%E5%B9%B4%20+.pdf',
      publicService,
      { bucket: 'reports', key: 'a/b/年 +.pdf' },
    ],
    [
      'http://REPORTS.oss-cn-shanghai-internal.aliyuncs.com:80/x.pdf#page=2',
      publicService,
      { bucket: 'reports', key: 'x.pdf' },
    ],
    ['https://reports.cn-beijing.oss.aliyuncs.com/x.pdf', publicService, { bucket: 'reports', key: 'x.pdf' }],
    ['https://reports.oss-cn-hangzhou.aliyuncs.com', publicService, { bucket: 'reports', key: '', names: 'folder' }],
    ['https://reports.oss-cn-hangzhou.aliyuncs.com/a/%2E%2E/b%5Cc.pdf', publicService, { key: 'a/../b\\c.pdf' }],
    ['https://reports.oss-cn-hangzhou.aliyuncs.com/x.pdf?versionId=CAE%2BQ', publicService, { versionId: 'CAE+Q' }],
    ['http://127.0.0.1:9000/reports/a%2Fb.pdf', local, { bucket: 'reports', key: 'a/b.pdf' }],
    ['http://127.0.0.1:9000/reports', local, { bucket: 'reports', key: '', names: 'folder' }],
    ['https://docs.example.com/a/b.pdf', domain, { bucket: 'reports', key: 'a/b.pdf' }],
    ['https://reports.oss-cn-hangzhou.aliyuncs.com/x.pdf', domain, { bucket: 'reports', key: 'x.pdf' }],
  ])('%s', (text, at, expected) => expect(read(text, at)).toMatchObject(expected));

  it.each([
    ['http://127.0.0.1:9001/reports/a.pdf', local],
    ['http://127.0.0.1:9000/reports/a.pdf', publicService],
    ['https://reports.oss-cn-hangzhou.aliyuncs.com/a.pdf', local],
    ['https://docs.example.com/a.pdf', endpoint('docs.example.com')],
  ])('%s belongs to another service', (text, at) => expect(read(text, at)).toBe('address.noBucketHere'));
});

describe('signed snapshot links', () => {
  it('takes bucket, key, version, source and page, and leaves the signature', () => {
    const credentials = new Credentials({ accessKeyId: 'id', accessKeySecret: 'secret', securityToken: 'token' });
    const random = makeRandom(11);
    for (let round = 0; round < 200; round += 1) {
      const key = oddKey(random).replace(/[/\s]+$/, '') || 'a';
      const pageNumber = 1 + Math.floor(random() * 2000);
      const query = {
        'x-oss-process': toProcess({ source: 'pptx', target: 'jpg', pageNumber }),
        versionId: 'CAEQ+/=',
      };
      for (const at of [publicService, local, domain]) {
        const request = { method: 'GET', bucket: 'reports', key, query, headers: {} };
        const search = presignQuery(request, credentials, { region: 'cn-hangzhou', timeMs: 0 }, 900);
        const { host, path } = addressOf(at, request);
        const address = read(`${at.scheme}://${host}${path}?${search}`, at);
        expect(address).toEqual({
          bucket: 'reports',
          key,
          names: 'document',
          versionId: 'CAEQ+/=',
          source: 'pptx',
          pageNumber,
        });
        expect(JSON.stringify(address)).not.toMatch(/signature|token|x-oss/);
      }
    }
  });
});

describe('refused', () => {
  it.each([
    '',
    'Reports/2026',
    '/reports/2026',
    'C:\\a.pdf',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'snapshot://page/x/y/1.png',
    'oss://',
    'oss:///a.pdf',
    'oss://Reports/a.pdf',
    'oss://reports//a.pdf',
    'oss://reports/\\a.pdf',
    `oss://reports/${'年'.repeat(342)}`,
    'https://example.com/a.pdf',
    'https://reports.oss-cn-hangzhou.aliyuncs.com.evil.com/a.pdf',
    'https://user:pass@reports.oss-cn-hangzhou.aliyuncs.com/a.pdf',
    'https://oss-cn-hangzhou.aliyuncs.com/reports/a.pdf',
    'https://reports.oss-cn-hangzhou.aliyuncs.com/a%GG.pdf',
    'https://reports.oss-cn-hangzhou.aliyuncs.com/a%FF.pdf',
    'https://reports.oss-cn-hangzhou.aliyuncs.com/a.pdf?versionId=%',
    'https://reports.oss-cn-hangzhou.aliyuncs.com/folder/?x-oss-process=doc/snapshot,page_1',
    'https:///a.pdf',
    'https://reports.oss-cn-hangzhou.aliyuncs.com\\@evil.com/a.pdf',
  ])('%j', (text) => expect(read(text)).toBe('address.invalid'));
});

describe('scopes', () => {
  it.each([
    ['', null],
    ['reports', { bucket: 'reports', prefix: '' }],
    ['reports/', { bucket: 'reports', prefix: '' }],
    ['reports/2026', { bucket: 'reports', prefix: '2026/' }],
    [' oss://reports/a b/ ', { bucket: 'reports', prefix: 'a b/' }],
  ])('%j', (text, expected) => expect(readScope(text)).toEqual({ ok: true, value: expected }));

  it.each(['Reports/', '/a', 'reports//a', 'a'])('refuses %j and names the field', (text) => {
    expect(readScope(text)).toMatchObject({
      ok: false,
      error: { code: 'account.invalid', detail: { field: 'scope' } },
    });
  });
});

describe('process instructions', () => {
  it('writes what OSS documents', () => {
    expect(toProcess({ source: 'docx', target: 'png', pageNumber: 2 })).toBe(
      'doc/snapshot,target_png,source_docx,page_2',
    );
  });

  it('reads parameters in any order and fills in the defaults', () => {
    expect(readProcess('doc/snapshot,page_7,source_xls,target_jpg')).toEqual({
      source: 'xls',
      target: 'jpg',
      pageNumber: 7,
    });
    expect(readProcess('doc/snapshot')).toEqual({ source: null, target: 'png', pageNumber: 1 });
  });

  it.each([
    '',
    'image/resize,w_1',
    'doc/preview',
    'doc/snapshot,page_0',
    'doc/snapshot,page_2001',
    'doc/snapshot,page_1e1',
    'doc/snapshot,target_gif',
    'doc/snapshot,source_txt',
    'doc/snapshot,dpi_300',
  ])('refuses %j', (text) => expect(readProcess(text)).toBe(null));

  it('goes by the last extension, in any case', () => {
    expect(['a/B.DOCX', 'x.tar.pdf', 'a.pdf/b', '.pdf', 'a.', 'b.txt', 'toString.constructor'].map(sourceOfKey)).toEqual([
      'docx', 'pdf', null, null, null, null, null,
    ]); // prettier-ignore
    expect(['a/B.DOCX', 'a.pdf/b', '.pdf', 'a.'].map(extensionOf)).toEqual(['docx', '', '', '']);
  });
});
