/** ali-oss, a client that none of us wrote, against local-oss over HTTP with the real renderer. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import OSS from 'ali-oss';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listen, type Listening } from '#local-oss/carrier.ts';
import { makeLocalOss, type LocalOss } from '#local-oss/handle.ts';
import { makePageRenderer } from '#local-oss/rendering/render.ts';
import { readWorld } from '#local-oss/world.ts';
import { buildHelpers } from '../unit/local-oss/build-helpers.ts';
import { makePdf } from '../unit/local-oss/tiny-documents.ts';

const KEY = { accessKeyId: 'LTAI5tAliOss', accessKeySecret: 'ali+oss/secret=' };
const SESSION = { accessKeyId: 'STS.aliOss', accessKeySecret: 's', securityToken: 'CAIS+token/==' };
const ODD = "年度 报告/Q1 (final)!+100%'s *~a&b=c?#d.pdf";
const PROCESS = 'doc/snapshot,target_png,source_pdf,page_2';
const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

let helpers = '';
let root = '';
let service: LocalOss;
let listening: Listening;

beforeAll(async () => {
  helpers = await buildHelpers();
  root = await mkdtemp(path.join(os.tmpdir(), 'ali-oss-'));
  const docs = path.join(root, 'docs');
  await mkdir(path.join(docs, path.dirname(ODD)), { recursive: true });
  const pdf = makePdf([{}, { widthPoints: 300, heightPoints: 300 }]);
  await writeFile(path.join(docs, 'demo.pdf'), pdf);
  await writeFile(path.join(docs, ODD), pdf);
  await writeFile(path.join(docs, 'hello.txt'), 'hello world');
  const renderer = makePageRenderer({ workFolder: path.join(helpers, 'work'), helperFolder: helpers });
  const versions = [
    { versionId: 'CAEQ2222222222222222', text: 'two' },
    { versionId: 'CAEQ1111111111111111', text: 'one' },
  ];
  const world = readWorld(
    { buckets: { versioned: { versioning: 'Enabled', objects: [{ key: 'v.txt', versions }] } }, keys: [SESSION] },
    root,
  );
  service = makeLocalOss({ rootFolder: root, region: 'cn-hangzhou', keys: [KEY], world, renderer, now: Date.now });
  listening = await listen(service, 0);
});

afterAll(async () => {
  await listening.close();
  await service.dispose();
  await rm(root, { recursive: true, force: true });
  await rm(helpers, { recursive: true, force: true });
});

/** Where its published types are wrong or silent. */
interface AliOss extends Omit<OSS, 'listBuckets'> {
  listBuckets(query: object): Promise<{ buckets: { name: string }[] }>;
  getBucketVersions(query: object): Promise<{ objects: { name: string; versionId: string }[] }>;
  getObjectMeta(name: string): Promise<{ status: number }>;
}

const connect = (more: Partial<OSS.Options> = {}): AliOss =>
  new OSS({
    ...KEY,
    region: 'oss-cn-hangzhou',
    endpoint: `http://localhost:${listening.port}`,
    sldEnable: true,
    authorizationV4: true,
    bucket: 'docs',
    ...more,
  } as OSS.Options) as unknown as AliOss;

interface Fetched {
  status: number;
  type: string | undefined;
  body: Buffer;
}

/** GETs a URL over 127.0.0.1 as it stands, with another Host if wanted. */
function fetchRaw(url: string, host?: string): Promise<Fetched> {
  const [, urlHost = '', target = ''] = /^http:\/\/([^/]+)(\/.*)$/.exec(url)!;
  const headers = { host: host ?? urlHost };
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port: listening.port, path: target, headers, agent: false };
    http
      .get(options, (response) => {
        const pieces: Buffer[] = [];
        response.on('data', (piece: Buffer) => pieces.push(piece));
        response.on('error', reject);
        response.on('end', () => {
          const { statusCode = 0, headers: got } = response;
          resolve({ status: statusCode, type: got['content-type'], body: Buffer.concat(pieces) });
        });
      })
      .on('error', reject);
  });
}

describe('ali-oss', () => {
  test('lists buckets', async () => {
    const { buckets } = await connect().listBuckets({ prefix: '' });
    expect(buckets.map((bucket) => bucket.name)).toEqual(['docs', 'versioned']);
  });

  test('lists objects, V1 and V2, all at once and page by page', async () => {
    const client = connect();
    const names = ['demo.pdf', 'hello.txt', ODD];
    const first = await client.list({ 'max-keys': '1000' } as OSS.ListObjectsQuery, {});
    expect(first.objects.map((object) => object.name)).toEqual(names);
    const second = await client.listV2({ 'max-keys': '1000' }, {});
    expect(second.objects.map((object) => object.name)).toEqual(names);
    const paged: string[] = [];
    let token: string | undefined;
    do {
      const page = await client.listV2({ 'max-keys': '1', ...(token && { 'continuation-token': token }) }, {});
      paged.push(...(page.objects ?? []).map((object) => object.name));
      token = (page as unknown as { nextContinuationToken?: string }).nextContinuationToken;
    } while (token);
    expect(paged).toEqual(names);
    const folders = await client.listV2({ delimiter: '/', prefix: '' }, {});
    expect(folders.prefixes).toEqual(['年度 报告/']);
  });

  test('lists versions', async () => {
    const client = connect({ bucket: 'versioned' });
    const { objects } = await client.getBucketVersions({ prefix: 'v' });
    expect(objects.map((object) => object.versionId)).toEqual(['CAEQ2222222222222222', 'CAEQ1111111111111111']);
    const old = await client.get('v.txt', { versionId: 'CAEQ1111111111111111' } as OSS.GetObjectOptions);
    expect((old.content as Buffer).toString()).toBe('one');
  });

  test('says where a bucket is and what it is', async () => {
    const client = connect();
    expect((await client.getBucketLocation('docs')) as { location: string }).toMatchObject({
      location: 'oss-cn-hangzhou',
    });
    const { bucket } = (await client.getBucketInfo('docs')) as { bucket: { Name: string; StorageClass: string } };
    expect(bucket).toMatchObject({ Name: 'docs', StorageClass: 'Standard' });
  });

  test('reads heads and bodies, odd keys too', async () => {
    const client = connect();
    const head = await client.head('hello.txt');
    expect([head.status, (head.res.headers as Record<string, string>)['content-length']]).toEqual([200, '11']);
    expect(((await client.get('hello.txt')).content as Buffer).toString()).toBe('hello world');
    expect((await client.head(ODD)).status).toBe(200);
    const meta = await client.getObjectMeta(ODD);
    expect(meta.status).toBe(200);
    const pdf = await client.get(ODD);
    expect((pdf.content as Buffer).subarray(0, 5).toString()).toBe('%PDF-');
  });

  test('reads ranges', async () => {
    const { content, res } = await connect().get('hello.txt', { headers: { Range: 'bytes=6-10' } });
    expect([res.status, (content as Buffer).toString()]).toEqual([206, 'world']);
  });

  test('understands what is refused', async () => {
    const client = connect();
    await expect(client.head('nowhere.pdf')).rejects.toMatchObject({ status: 404, code: 'NoSuchKey' });
    await expect(client.get('nowhere.pdf')).rejects.toMatchObject({ status: 404, code: 'NoSuchKey' });
    const wrong = connect({ accessKeySecret: 'wrong' });
    await expect(wrong.get('hello.txt')).rejects.toMatchObject({ status: 403, code: 'SignatureDoesNotMatch' });
    await expect(client.get('demo.pdf', { process: 'doc/snapshot,page_3' })).rejects.toMatchObject({
      status: 400,
      code: 'Imm Client',
      message: expect.stringContaining('the document has 2 pages'),
    });
    await expect(client.put('new.txt', Buffer.from('x'))).rejects.toMatchObject({ status: 405 });
  });

  test('works with a session', async () => {
    const { accessKeyId, accessKeySecret, securityToken } = SESSION;
    const client = connect({ accessKeyId, accessKeySecret, stsToken: securityToken });
    expect(((await client.get('hello.txt')).content as Buffer).toString()).toBe('hello world');
  });

  test('gets a page picture, signed in the header', async () => {
    for (const key of ['demo.pdf', ODD]) {
      const { content, res } = await connect().get(key, { process: PROCESS });
      expect(res.status).toBe(200);
      const bytes = content as Buffer;
      expect(bytes.subarray(0, 8)).toEqual(PNG);
      // 300 points at 150 dpi
      expect([bytes.readUInt32BE(16), bytes.readUInt32BE(20)]).toEqual([625, 625]);
    }
  });

  test.each(['demo.pdf', ODD])('gets a page picture by a presigned URL: %s', async (key) => {
    const url = await connect().signatureUrlV4('GET', 60, { queries: { 'x-oss-process': PROCESS } }, key);
    const answer = await fetchRaw(url);
    expect([answer.status, answer.type]).toEqual([200, 'image/png']);
    expect(answer.body.subarray(0, 8)).toEqual(PNG);
    const jpg = await connect().signatureUrlV4(
      'GET',
      60,
      { queries: { 'x-oss-process': 'doc/snapshot,target_jpg' } },
      key,
    );
    const second = await fetchRaw(jpg);
    expect([second.status, second.type, second.body.subarray(0, 3).toString('hex')]).toEqual([
      200,
      'image/jpeg',
      'ffd8ff',
    ]);
  });

  test('gets a page picture through a virtual host', async () => {
    const client = connect({ sldEnable: false } as Partial<OSS.Options>);
    const url = await client.signatureUrlV4('GET', 60, { queries: { 'x-oss-process': PROCESS } }, 'demo.pdf');
    const host = `docs.localhost:${listening.port}`;
    expect(url.startsWith(`http://${host}/demo.pdf?`)).toBe(true);
    expect((await fetchRaw(url)).body.subarray(0, 8)).toEqual(PNG);
    const publicHost = 'docs.oss-cn-hangzhou.aliyuncs.com';
    expect((await fetchRaw(url, publicHost)).body.subarray(0, 8)).toEqual(PNG);
  });

  test('reads through an IP endpoint, whose Host it makes up', async () => {
    const client = connect({ endpoint: `http://127.0.0.1:${listening.port}` });
    expect(((await client.get('hello.txt')).content as Buffer).toString()).toBe('hello world');
    const plain = connect({ endpoint: `http://127.0.0.1:${listening.port}`, sldEnable: false } as Partial<OSS.Options>);
    expect(((await plain.get('hello.txt')).content as Buffer).toString()).toBe('hello world');
    const { objects } = await plain.listV2({ 'max-keys': '10' }, {});
    expect(objects).toHaveLength(3);
    const { buckets } = await plain.listBuckets({ prefix: 'd' });
    expect(buckets).toHaveLength(1);
  });
});
