/** Reading objects: headers, conditions, ranges, overrides, versions, archives and encryption. */
import { createHash } from 'node:crypto';
import { truncate, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { Crc64 } from '#local-oss/crc64.ts';
import { presigned, type Draft } from './freehand-signer.ts';
import { element, makeService } from './service.ts';

const TEXT = '0123456789';
const world = {
  buckets: {
    docs: {
      objects: [
        { key: 'x.txt', text: TEXT, modifiedAt: '2026-01-10T03:04:05Z', meta: { author: 'li' } },
        { key: 'kms.pdf', text: 'secret', encryption: { algorithm: 'KMS', keyId: 'k-1' } },
        { key: 'cold.pdf', text: 'cold', storageClass: 'Archive' },
        {
          key: 'warm.pdf',
          text: 'warm',
          storageClass: 'ColdArchive',
          restore: 'ongoing-request="false", expiry-date="Fri, 16 Jan 2026 00:00:00 GMT"',
        },
        { key: 'empty.txt', text: '' },
        { key: 'zeros.bin', zeros: 200_000 },
      ],
    },
    open: { acl: 'public-read', objects: [{ key: 'x.txt', text: TEXT }] },
  },
};
const X: Draft = { bucket: 'docs', key: 'x.txt' };

test('CRC-64/XZ of its check string', () => {
  const crc = new Crc64();
  crc.update(Buffer.from('12345'));
  crc.update(Buffer.from('6789'));
  expect(crc.toString()).toBe('11051210869376104954');
  expect(new Crc64().toString()).toBe('0');
});

describe('headers', () => {
  test('HEAD and GET say the same of an object', async () => {
    const { ask } = await makeService({ world });
    const [head, get] = [await ask({ ...X, method: 'HEAD' }), await ask(X)];
    const md5 = createHash('md5').update(TEXT);
    expect(get.text).toBe(TEXT);
    expect(head.body).toHaveLength(0);
    expect(head.headers).toMatchObject({
      'content-length': '10',
      'content-type': 'text/plain',
      etag: `"${md5.copy().digest('hex').toUpperCase()}"`,
      'content-md5': md5.digest('base64'),
      'last-modified': 'Sat, 10 Jan 2026 03:04:05 GMT',
      'x-oss-object-type': 'Normal',
      'x-oss-storage-class': 'Standard',
      'x-oss-meta-author': 'li',
      'accept-ranges': 'bytes',
    });
    const { 'x-oss-request-id': _a, ...ofHead } = head.headers;
    const { 'x-oss-request-id': _b, ...ofGet } = get.headers;
    expect(ofGet).toEqual(ofHead);
  });

  test('GetObjectMeta is the short form', async () => {
    const { ask } = await makeService({ world });
    const { headers } = await ask({ ...X, method: 'HEAD', query: [['objectMeta']] });
    expect(headers).toMatchObject({ 'content-length': '10', etag: expect.stringMatching(/^"[0-9A-F]{32}"$/) });
    expect(headers['content-type']).toBeUndefined();
  });

  test('a file that changes gets another ETag', async () => {
    const { ask, rootFolder } = await makeService({ files: { 'docs/f.txt': 'one' } });
    const first = (await ask({ bucket: 'docs', key: 'f.txt' })).headers['etag'];
    await writeFile(path.join(rootFolder, 'docs/f.txt'), 'two');
    await utimes(path.join(rootFolder, 'docs/f.txt'), 1, 1);
    const second = await ask({ bucket: 'docs', key: 'f.txt' });
    expect(second.text).toBe('two');
    expect(second.headers['etag']).toBe('"B8A9F715DBB64FD5C56E7783C6820A61"');
    expect(first).not.toBe(second.headers['etag']);
    expect(second.headers['last-modified']).toBe('Thu, 01 Jan 1970 00:00:01 GMT');
  });

  test('overrides, and none for the anonymous', async () => {
    const { ask, send } = await makeService({ world });
    const query = [
      ['response-content-type', 'a/b'],
      ['response-content-disposition', 'attachment; filename="年.txt"'],
      ['response-cache-control', 'no-cache'],
    ] as const;
    const { headers } = await ask({ ...X, query });
    expect(headers).toMatchObject({ 'content-type': 'a/b', 'cache-control': 'no-cache' });
    const anonymous = await send({
      method: 'GET',
      host: 'localhost',
      target: '/open/x.txt?response-content-type=a%2Fb',
      headers: {},
    });
    expect([anonymous.status, element(anonymous.text, 'Code')]).toEqual([400, 'InvalidRequest']);
  });
});

describe('conditions', () => {
  const etag = `"${createHash('md5').update(TEXT).digest('hex').toUpperCase()}"`;
  const before = 'Sat, 10 Jan 2026 03:04:04 GMT';
  const same = 'Sat, 10 Jan 2026 03:04:05 GMT';
  test.each([
    [{ 'if-none-match': etag }, 304],
    [{ 'if-none-match': etag.replaceAll('"', '') }, 304],
    [{ 'if-none-match': '"other", ' + etag }, 304],
    [{ 'if-none-match': '"other"' }, 200],
    [{ 'if-match': etag }, 200],
    [{ 'if-match': '"other"' }, 412],
    [{ 'if-modified-since': same }, 304],
    [{ 'if-modified-since': before }, 200],
    [{ 'if-unmodified-since': same }, 200],
    [{ 'if-unmodified-since': before }, 412],
    [{ 'if-modified-since': 'nonsense' }, 200],
    [{ 'if-none-match': '"other"', 'if-modified-since': same }, 200],
  ])('%o -> %d', async (headers, status) => {
    const { ask } = await makeService({ world });
    for (const method of ['GET', 'HEAD']) {
      const reply = await ask({ ...X, method, headers });
      expect(reply.status).toBe(status);
      if (status === 304) expect([reply.body.length, reply.headers['etag']]).toEqual([0, etag]);
    }
  });
});

describe('ranges', () => {
  const standard = { 'x-oss-range-behavior': 'standard' };
  test.each([
    ['bytes=0-3', {}, 206, '0123', 'bytes 0-3/10'],
    ['bytes=4-', {}, 206, '456789', 'bytes 4-9/10'],
    ['bytes=-3', {}, 206, '789', 'bytes 7-9/10'],
    ['bytes=9-9', {}, 206, '9', 'bytes 9-9/10'],
    ['bytes=0-1,4-5', {}, 206, '01', 'bytes 0-1/10'],
    ['bytes=5-20', {}, 200, TEXT, undefined],
    ['bytes=5-20', standard, 206, '56789', 'bytes 5-9/10'],
    ['bytes=10-', {}, 200, TEXT, undefined],
    ['bytes=-20', {}, 200, TEXT, undefined],
    ['bytes=-20', standard, 206, TEXT, 'bytes 0-9/10'],
    ['bytes=5-3', {}, 200, TEXT, undefined],
    ['byte=0-3', {}, 200, TEXT, undefined],
    ['bytes=-', {}, 200, TEXT, undefined],
    ['bytes=a-b', standard, 200, TEXT, undefined],
  ] as const)('%s %o', async (range, more, status, text, contentRange) => {
    const { ask } = await makeService({ world });
    const reply = await ask({ ...X, headers: { range, ...more } });
    expect([reply.status, reply.text, reply.headers['content-range']]).toEqual([status, text, contentRange]);
    expect(reply.headers['content-length']).toBe(String(text.length));
  });

  test('an unsatisfiable one, where the standard is asked for', async () => {
    const { ask } = await makeService({ world });
    const reply = await ask({ ...X, headers: { range: 'bytes=10-', ...standard } });
    expect([reply.status, element(reply.text, 'Code'), reply.headers['content-range']]).toEqual([
      416,
      'InvalidRange',
      'bytes */10',
    ]);
    const empty = await ask({ bucket: 'docs', key: 'empty.txt', headers: { range: 'bytes=0-' } });
    expect([empty.status, empty.text]).toEqual([200, '']);
  });

  test('of a file and of generated bytes', async () => {
    const { ask } = await makeService({ world, files: { 'docs/f.txt': TEXT } });
    expect((await ask({ bucket: 'docs', key: 'f.txt', headers: { range: 'bytes=2-4' } })).text).toBe('234');
    const zeros = await ask({ bucket: 'docs', key: 'zeros.bin', headers: { range: 'bytes=100000-199999' } });
    expect(zeros.body.equals(Buffer.alloc(100_000))).toBe(true);
  });
});

test('a file that shrinks while it is read breaks the body instead of ending it well', async () => {
  const { service, rootFolder } = await makeService({ files: { 'docs/f.bin': Buffer.alloc(300_000) } });
  const request = presigned({ bucket: 'docs', key: 'f.bin' });
  const { body } = await service.handle(request, new AbortController().signal);
  await truncate(path.join(rootFolder, 'docs/f.bin'), 10);
  const readAll = async (): Promise<void> => {
    for await (const piece of body as AsyncIterable<Uint8Array>) expect(piece.length).toBeGreaterThan(0);
  };
  await expect(readAll()).rejects.toThrow(/shorter/);
});

describe('versions', () => {
  const versions = [
    { versionId: 'CAEQ3333333333333333', deleteMarker: true },
    { versionId: 'CAEQ2222222222222222', text: 'two' },
    { versionId: 'null', text: 'old' },
  ];
  const versioned = { buckets: { docs: { versioning: 'Enabled', objects: [{ key: 'v.txt', versions }] } } };
  const at = (versionId?: string, method = 'GET'): Draft => ({
    bucket: 'docs',
    key: 'v.txt',
    method,
    query: versionId === undefined ? [] : [['versionId', versionId]],
  });

  test('each by its id', async () => {
    const { ask } = await makeService({ world: versioned });
    expect(await ask(at('CAEQ2222222222222222'))).toMatchObject({
      text: 'two',
      headers: { 'x-oss-version-id': 'CAEQ2222222222222222' },
    });
    expect(await ask(at('null'))).toMatchObject({ text: 'old', headers: { 'x-oss-version-id': 'null' } });
  });

  test('behind a delete marker there is nothing without an id', async () => {
    const { ask } = await makeService({ world: versioned });
    const reply = await ask(at());
    expect([reply.status, element(reply.text, 'Code')]).toEqual([404, 'NoSuchKey']);
    expect(reply.headers).toMatchObject({ 'x-oss-delete-marker': 'true', 'x-oss-version-id': 'CAEQ3333333333333333' });
  });

  test('the delete marker itself can only be deleted', async () => {
    const { ask } = await makeService({ world: versioned });
    const reply = await ask(at('CAEQ3333333333333333'));
    expect([reply.status, reply.headers['allow'], element(reply.text, 'ResourceType')]).toEqual([
      405,
      'DELETE',
      'DeleteMarker',
    ]);
  });

  test.each([
    ['CAEQ9999999999999999', 404, 'NoSuchVersion', 'The specified version does not exist.'],
    ['not an id', 400, 'InvalidArgument', 'Invalid version id specified.'],
    ['', 400, 'InvalidArgument', 'Version id can not be the empty string.'],
  ])('versionId %j', async (versionId, status, code, message) => {
    const { ask } = await makeService({ world: versioned });
    const reply = await ask(at(versionId));
    expect([reply.status, element(reply.text, 'Code'), element(reply.text, 'Message')]).toEqual([
      status,
      code,
      message,
    ]);
  });
});

describe('archives and encryption', () => {
  test('archived objects can be seen and not read, restored ones both', async () => {
    const { ask } = await makeService({ world });
    expect((await ask({ bucket: 'docs', key: 'cold.pdf', method: 'HEAD' })).headers['x-oss-storage-class']).toBe(
      'Archive',
    );
    const cold = await ask({ bucket: 'docs', key: 'cold.pdf' });
    expect([cold.status, element(cold.text, 'Code')]).toEqual([403, 'InvalidObjectState']);
    const snapshot = await ask({ bucket: 'docs', key: 'cold.pdf', query: [['x-oss-process', 'doc/snapshot']] });
    expect(element(snapshot.text, 'Code')).toBe('InvalidObjectState');
    const warm = await ask({ bucket: 'docs', key: 'warm.pdf' });
    expect(warm).toMatchObject({
      status: 200,
      text: 'warm',
      headers: { 'x-oss-restore': expect.stringContaining('false') },
    });
  });

  test('direct read of archives', async () => {
    const direct = { buckets: { docs: { ...world.buckets.docs, archiveDirectRead: true } } };
    expect((await (await makeService({ world: direct })).ask({ bucket: 'docs', key: 'cold.pdf' })).text).toBe('cold');
  });

  test('SSE-KMS objects need kms:Decrypt', async () => {
    const denied = { buckets: { docs: { ...world.buckets.docs, deny: ['kms:Decrypt'] } } };
    const kms = { bucket: 'docs', key: 'kms.pdf' };
    const allowed = await (await makeService({ world })).ask(kms);
    expect(allowed).toMatchObject({
      status: 200,
      headers: { 'x-oss-server-side-encryption': 'KMS', 'x-oss-server-side-encryption-key-id': 'k-1' },
    });
    const { ask } = await makeService({ world: denied });
    const reply = await ask(kms);
    expect([reply.status, element(reply.text, 'Message')]).toEqual([403, 'This request is forbidden by kms.']);
    expect((await ask(X)).status).toBe(200);
    expect((await ask({ ...kms, method: 'HEAD' })).status).toBe(200);
  });
});

test('the anonymous read what is public and nothing else', async () => {
  const { send } = await makeService({ world });
  const get = (target: string, method = 'GET'): ReturnType<typeof send> =>
    send({ method, host: 'localhost', target, headers: {} });
  expect((await get('/open/x.txt')).text).toBe(TEXT);
  expect((await get('/open/?list-type=2')).status).toBe(200);
  for (const target of [
    '/docs/x.txt',
    '/docs/',
    '/',
    '/open/?bucketInfo',
    '/open/x.txt?x-oss-process=doc%2Fsnapshot',
    '/?local-oss-bill',
  ]) {
    const reply = await get(target);
    expect([reply.status, element(reply.text, 'Code')], target).toEqual([403, 'AccessDenied']);
  }
});
