/** Listings: buckets, objects in both versions, versions; order, paging and odd names. */
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { compareUtf8 } from '#local-oss/percent.ts';
import type { Parameter } from './freehand-signer.ts';
import { element, elements, makeService, type TestService } from './service.ts';

const files = Object.fromEntries(
  ['a-b.txt', 'a.txt', 'a/1.txt', 'a/2/3.txt', 'a/2/4.txt', 'b.txt', 'z/9.txt'].map((name) => [`docs/${name}`, name]),
);
const IN_ORDER = ['a-b.txt', 'a.txt', 'a/1.txt', 'a/2/3.txt', 'a/2/4.txt', 'b.txt', 'z/9.txt'];

async function list(
  service: TestService,
  ...query: Parameter[]
): Promise<{ keys: string[]; prefixes: string[]; xml: string }> {
  const { text, status } = await service.ask({ bucket: 'docs', query: [['list-type', '2'], ...query] });
  expect(status, text).toBe(200);
  const prefixes = [...text.matchAll(/<CommonPrefixes>\s*<Prefix>([^<]*)</g)].map((match) => match[1]!);
  return { keys: elements(text, 'Key'), prefixes, xml: text };
}

/** All names of a listing, page by page: keys and common prefixes, as a client walks it. */
async function walk(service: TestService, maxKeys: number, version: 1 | 2, ...query: Parameter[]): Promise<string[][]> {
  const pages: string[][] = [];
  let next: string | undefined;
  do {
    const all: Parameter[] = [...query, ['max-keys', String(maxKeys)]];
    if (version === 2) all.push(['list-type', '2']);
    if (next !== undefined) all.push([version === 2 ? 'continuation-token' : 'marker', next]);
    const { text } = await service.ask({ bucket: 'docs', query: all });
    const prefixes = [...text.matchAll(/<CommonPrefixes>\s*<Prefix>([^<]*)</g)].map((match) => match[1]!);
    pages.push([...elements(text, 'Key'), ...prefixes].sort(compareUtf8));
    next = element(text, version === 2 ? 'NextContinuationToken' : 'NextMarker');
    expect(element(text, 'IsTruncated')).toBe(String(next !== undefined));
  } while (next !== undefined && pages.length < 50);
  return pages;
}

describe('ListObjects', () => {
  test('keys in byte order, folders and files interleaved as their full names are', async () => {
    const service = await makeService({ files });
    expect((await list(service)).keys).toEqual(IN_ORDER);
  });

  test('delimiter and prefix', async () => {
    const service = await makeService({ files });
    const top = await list(service, ['delimiter', '/']);
    expect([top.keys, top.prefixes]).toEqual([
      ['a-b.txt', 'a.txt', 'b.txt'],
      ['a/', 'z/'],
    ]);
    expect(element(top.xml, 'KeyCount')).toBe('5');
    const inner = await list(service, ['delimiter', '/'], ['prefix', 'a/']);
    expect([inner.keys, inner.prefixes]).toEqual([['a/1.txt'], ['a/2/']]);
    const partial = await list(service, ['delimiter', '/'], ['prefix', 'a']);
    expect([partial.keys, partial.prefixes]).toEqual([['a-b.txt', 'a.txt'], ['a/']]);
    const other = await list(service, ['delimiter', '.t']);
    expect(other.prefixes).toEqual(['a-b.t', 'a.t', 'a/1.t', 'a/2/3.t', 'a/2/4.t', 'b.t', 'z/9.t']);
    expect((await list(service, ['prefix', 'nothing'])).keys).toEqual([]);
  });

  test.each([1, 2] as const)('V%d pages of every size give the same names', async (version) => {
    const service = await makeService({ files });
    for (const maxKeys of [1, 2, 3, 7, 8]) {
      const flat = await walk(service, maxKeys, version);
      expect(flat.flat()).toEqual(IN_ORDER);
      expect(
        flat
          .map((page) => page.length)
          .slice(0, -1)
          .every((length) => length === maxKeys),
      ).toBe(true);
      const grouped = await walk(service, maxKeys, version, ['delimiter', '/']);
      expect(grouped.flat()).toEqual(['a-b.txt', 'a.txt', 'a/', 'b.txt', 'z/']);
    }
  });

  test('start-after and marker are exclusive', async () => {
    const service = await makeService({ files });
    expect((await list(service, ['start-after', 'a/2/3.txt'])).keys).toEqual(['a/2/4.txt', 'b.txt', 'z/9.txt']);
    expect((await list(service, ['start-after', 'a/2/'])).keys).toEqual(['a/2/3.txt', 'a/2/4.txt', 'b.txt', 'z/9.txt']);
    const { text } = await service.ask({ bucket: 'docs', query: [['marker', 'b.txt']] });
    expect(elements(text, 'Key')).toEqual(['z/9.txt']);
  });

  test('what each object says of itself', async () => {
    const service = await makeService({
      world: {
        buckets: {
          docs: {
            objects: [
              {
                key: 'x.txt',
                text: 'hello',
                modifiedAt: '2026-01-10T03:04:05Z',
                storageClass: 'IA',
                restore: 'ongoing-request="true"',
              },
            ],
          },
        },
      },
    });
    const { xml } = await list(service, ['fetch-owner', 'true']);
    expect(element(xml, 'LastModified')).toBe('2026-01-10T03:04:05.000Z');
    expect(element(xml, 'ETag')).toBe('"5D41402ABC4B2A76B9719D911017C592"');
    expect(element(xml, 'Size')).toBe('5');
    expect(element(xml, 'StorageClass')).toBe('IA');
    expect(element(xml, 'RestoreInfo')).toBe('ongoing-request="true"');
    expect(element(xml, 'ID')).toBe('1000000000000001');
    expect((await list(service)).xml).not.toContain('<Owner>');
  });

  test('keys no file can have, escaped as asked', async () => {
    const keys = [
      'a\u0001b',
      '../../x',
      './y',
      'ＡＢＣ',
      '😀.pdf',
      'long'.repeat(255) + 'xyz',
      'a&<b>',
      '\u{fffd}',
      '\u{10000}',
    ];
    const objects = keys.map((key) => ({ key, text: key }));
    const service = await makeService({ files, world: { buckets: { docs: { objects } } } });
    const encoded = await list(service, ['encoding-type', 'url']);
    const decoded = encoded.keys.map(decodeURIComponent);
    expect(decoded).toEqual([...IN_ORDER, ...keys].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))));
    const raw = await list(service);
    expect(raw.keys).toContain('a&#x1;b');
    expect(raw.keys).toContain('a&amp;&lt;b&gt;');
    for (const key of keys) {
      const read = await service.ask({
        bucket: 'docs',
        key,
        path: `/docs/${[...Buffer.from(key)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('')}`,
      });
      expect(read.text, key).toBe(key);
    }
    expect((await walk(service, 2, 2, ['encoding-type', 'url'])).flat()).toHaveLength(decoded.length);
  });

  test.each([
    ['max-keys', '0'],
    ['max-keys', '1001'],
    ['max-keys', 'x'],
    ['encoding-type', 'base64'],
    ['list-type', '3'],
    ['continuation-token', 'nonsense'],
    ['continuation-token', ''],
    ['prefix', 'x'.repeat(1024)],
  ])('refuses %s=%s', async (name, value) => {
    const { ask } = await makeService({ files });
    const query: Parameter[] =
      name === 'list-type'
        ? [[name, value]]
        : [
            ['list-type', '2'],
            [name, value],
          ];
    const reply = await ask({ bucket: 'docs', query });
    expect([reply.status, element(reply.text, 'Code'), element(reply.text, 'ArgumentName')]).toEqual([
      400,
      'InvalidArgument',
      name,
    ]);
  });

  test('folders without files are no prefixes; links that leave the root are not there', async () => {
    const service = await makeService({ files });
    const { rootFolder } = service;
    const docs = path.join(rootFolder, 'docs');
    await mkdir(path.join(docs, 'empty/inner'), { recursive: true });
    const outside = path.join(rootFolder, '..', path.basename(rootFolder) + '-secret.txt');
    await symlink('/etc/hostname', path.join(docs, 'leaves.txt'));
    await symlink(outside, path.join(docs, 'dangling.txt'));
    await symlink(docs, path.join(docs, 'circle'));
    await symlink(path.join(docs, 'b.txt'), path.join(docs, 'inside.txt'));
    await writeFile(path.join(rootFolder, 'loose.txt'), 'not in a bucket');
    expect((await list(service)).keys).toEqual([...IN_ORDER, 'inside.txt'].sort());
    expect((await list(service, ['delimiter', '/'])).prefixes).toEqual(['a/', 'z/']);
    for (const key of [
      'leaves.txt',
      'dangling.txt',
      'circle',
      'circle/b.txt',
      '../loose.txt',
      'a/../b.txt',
      'a//1.txt',
      'a',
      'a/',
    ]) {
      expect((await service.ask({ bucket: 'docs', key })).status, key).toBe(404);
    }
    expect((await service.ask({ bucket: 'docs', key: 'inside.txt' })).text).toBe('b.txt');
  });

  test('a bucket that is a link, or has no bucket’s name, is none', async () => {
    const service = await makeService({ files: { ...files, 'Not_a_Bucket/x.txt': 'x' } });
    await symlink('/etc', path.join(service.rootFolder, 'linked'));
    expect(await service.service.bucketNames()).toEqual(['docs']);
    const linked = await service.ask({ bucket: 'linked', key: 'hostname' });
    expect([linked.status, element(linked.text, 'Code')]).toEqual([404, 'NoSuchBucket']);
    expect(element(linked.text, 'BucketName')).toBe('linked');
    for (const bucket of ['Not_a_Bucket', '..']) {
      const reply = await service.ask({ bucket, key: 'hostname' });
      expect([reply.status, element(reply.text, 'Code')], bucket).toEqual([400, 'InvalidBucketName']);
    }
  });
});

describe('ListObjectVersions', () => {
  const id = (digit: number): string => `CAEQ${String(digit).repeat(16)}`;
  const world = {
    buckets: {
      docs: {
        versioning: 'Enabled',
        objects: [
          {
            key: 'a.docx',
            versions: [
              { versionId: id(3), deleteMarker: true },
              { versionId: id(2), text: 'two' },
              { versionId: id(1), text: 'one' },
            ],
          },
          {
            key: 'b.docx',
            versions: [
              { versionId: id(5), text: 'five' },
              { versionId: 'null', text: 'four' },
            ],
          },
          { key: 'sub/c.docx', versions: [{ versionId: id(6), text: 'six' }] },
        ],
      },
    },
  };

  test('keys in order, newest first, delete markers among them', async () => {
    const { ask } = await makeService({ world, files: { 'docs/plain.txt': 'plain' } });
    const { text } = await ask({ bucket: 'docs', query: [['versions']] });
    expect(elements(text, 'VersionId')).toEqual([id(3), id(2), id(1), id(5), 'null', 'null', id(6)]);
    expect(elements(text, 'IsLatest')).toEqual(['true', 'false', 'false', 'true', 'false', 'true', 'true']);
    expect(elements(text, 'Key').filter((key) => key === 'a.docx')).toHaveLength(3);
    expect([...text.matchAll(/<DeleteMarker>/g)]).toHaveLength(1);
  });

  test('pages of every size give the same versions', async () => {
    const { ask } = await makeService({ world });
    for (const maxKeys of [1, 2, 3, 4, 6, 7]) {
      const ids: string[] = [];
      let markers: Parameter[] = [];
      for (let page = 0; page < 10; page++) {
        const { text } = await ask({
          bucket: 'docs',
          query: [['versions'], ['max-keys', String(maxKeys)], ...markers],
        });
        ids.push(...elements(text, 'VersionId'));
        if (element(text, 'IsTruncated') === 'false') break;
        markers = [
          ['key-marker', element(text, 'NextKeyMarker')],
          ['version-id-marker', element(text, 'NextVersionIdMarker')],
        ];
      }
      expect(ids, String(maxKeys)).toEqual([id(3), id(2), id(1), id(5), 'null', id(6)]);
    }
  });

  test('delimiter, and a version marker without a key marker', async () => {
    const { ask } = await makeService({ world });
    const { text } = await ask({ bucket: 'docs', query: [['versions'], ['delimiter', '/']] });
    expect(elements(text, 'VersionId')).toHaveLength(5);
    expect(text).toMatch(/<CommonPrefixes>\s*<Prefix>sub\/</);
    expect((await ask({ bucket: 'docs', query: [['versions'], ['version-id-marker', id(1)]] })).status).toBe(400);
  });

  test('deleted objects are not in a plain listing', async () => {
    const service = await makeService({ world });
    expect((await list(service)).keys).toEqual(['b.docx', 'sub/c.docx']);
  });
});

describe('the service and its buckets', () => {
  const world = {
    buckets: {
      'b-two': {
        region: 'cn-beijing',
        storageClass: 'IA',
        createdAt: '2024-03-01T02:11:09Z',
        acl: 'public-read',
        versioning: 'Suspended',
      },
      'b-three': {},
    },
  };

  test('ListBuckets: a whole list has no paging elements, a partial one has', async () => {
    const { ask } = await makeService({ world, files: { 'a-one/x.txt': '' } });
    const all = (await ask({})).text;
    expect(elements(all, 'Name')).toEqual(['a-one', 'b-three', 'b-two']);
    expect(elements(all, 'Region')).toEqual(['cn-hangzhou', 'cn-hangzhou', 'cn-beijing']);
    expect(elements(all, 'Location')).toEqual(['oss-cn-hangzhou', 'oss-cn-hangzhou', 'oss-cn-beijing']);
    expect(all).not.toContain('IsTruncated');
    const first = (
      await ask({
        query: [
          ['prefix', 'b-'],
          ['max-keys', '1'],
        ],
      })
    ).text;
    expect([elements(first, 'Name'), element(first, 'IsTruncated'), element(first, 'NextMarker')]).toEqual([
      ['b-three'],
      'true',
      'b-three',
    ]);
    const rest = (
      await ask({
        query: [
          ['prefix', 'b-'],
          ['marker', 'b-three'],
        ],
      })
    ).text;
    expect([elements(rest, 'Name'), element(rest, 'IsTruncated')]).toEqual([['b-two'], 'false']);
    expect((await ask({ query: [['max-keys', '1001']] })).status).toBe(400);
  });

  test('GetBucketInfo, GetBucketLocation, ?acl', async () => {
    const { ask } = await makeService({ world });
    const info = (await ask({ bucket: 'b-two', region: 'cn-beijing', query: [['bucketInfo']] })).text;
    expect(element(info, 'Versioning')).toBe('Suspended');
    expect(element(info, 'CreationDate')).toBe('2024-03-01T02:11:09.000Z');
    expect(element(info, 'ExtranetEndpoint')).toBe('oss-cn-beijing.aliyuncs.com');
    expect(element(info, 'Grant')).toBe('public-read');
    const location = (await ask({ bucket: 'b-three', query: [['location']] })).text;
    expect(location).toContain('<LocationConstraint>oss-cn-hangzhou</LocationConstraint>');
    expect(element((await ask({ bucket: 'b-three', query: [['acl']] })).text, 'Grant')).toBe('private');
  });

  test('DescribeRegions: all, one, none', async () => {
    const { ask } = await makeService({ world });
    const all = elements((await ask({ query: [['regions']] })).text, 'Region');
    expect(all).toContain('oss-cn-shanghai');
    expect(elements((await ask({ query: [['regions', 'oss-cn-beijing']] })).text, 'InternetEndpoint')).toEqual([
      'oss-cn-beijing.aliyuncs.com',
    ]);
    expect((await ask({ query: [['regions', 'oss-xx']] })).status).toBe(404);
  });

  test('a bucket of another region says where it is, and is there when signed for', async () => {
    const { ask } = await makeService({ world });
    const reply = await ask({ bucket: 'b-two', query: [['list-type', '2']] });
    expect([reply.status, element(reply.text, 'EC'), element(reply.text, 'Endpoint')]).toEqual([
      403,
      '0003-00001403',
      'oss-cn-beijing.aliyuncs.com',
    ]);
    expect((await ask({ bucket: 'b-two', region: 'cn-beijing', query: [['list-type', '2']] })).status).toBe(200);
    const host = 'b-two.oss-cn-beijing.aliyuncs.com';
    expect((await ask({ bucket: 'b-two', region: 'cn-beijing', host, path: '/' })).status).toBe(200);
    const wrong = await ask({ bucket: 'b-two', host, path: '/' });
    expect(element(wrong.text, 'EC')).toBe('0002-00000226');
  });

  test.each([
    ['PUT', { bucket: 'b-three', key: 'x' }, 405, 'MethodNotAllowed'],
    ['DELETE', { bucket: 'b-three' }, 405, 'MethodNotAllowed'],
    ['POST', {}, 405, 'MethodNotAllowed'],
    ['GET', { bucket: 'b-three', query: [['lifecycle']] }, 400, 'NotImplemented'],
    ['GET', { bucket: 'b-three', key: 'x', query: [['tagging']] }, 400, 'NotImplemented'],
    ['GET', { bucket: 'b-three', key: 'x', query: [['objectMeta']] }, 405, 'MethodNotAllowed'],
    ['GET', { bucket: 'b-three', key: '/x' }, 400, 'InvalidObjectName'],
    ['GET', { bucket: 'b-three', key: '\\x' }, 400, 'InvalidObjectName'],
    ['GET', { bucket: 'b-three', key: 'x'.repeat(1024) }, 400, 'InvalidObjectName'],
    ['GET', { bucket: 'nobody-has-it', key: 'x' }, 404, 'NoSuchBucket'],
    ['GET', { bucket: 'No_Bucket', key: 'x' }, 400, 'InvalidBucketName'],
  ] as const)('%s %o is refused in OSS’s words', async (method, draft, status, code) => {
    const { ask } = await makeService({ world });
    const reply = await ask({ method, ...draft });
    expect([reply.status, element(reply.text, 'Code')]).toEqual([status, code]);
    expect(reply.headers).toMatchObject({
      server: 'AliyunOSS',
      'content-type': 'application/xml',
      date: 'Thu, 15 Jan 2026 08:30:00 GMT',
      'x-oss-server-time': '0',
    });
    expect(reply.headers['x-oss-request-id']).toMatch(/^[0-9A-F]{24}$/);
    expect(element(reply.text, 'RequestId')).toBe(reply.headers['x-oss-request-id']);
    expect(element(reply.text, 'HostId')).toBe('127.0.0.1');
    expect(reply.text.startsWith('<?xml version="1.0" encoding="UTF-8"?>\n<Error>\n  <Code>')).toBe(true);
  });
});
