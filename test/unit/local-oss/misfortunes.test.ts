/** Rights and misfortunes: who is refused what, and what goes wrong on purpose. */
import { describe, expect, test } from 'vitest';
import { KEY, type Draft } from './freehand-signer.ts';
import { element, makeService } from './service.ts';

const files = { 'docs/a.pdf': 'pages: 1', 'docs/team-a/b.pdf': 'pages: 1', 'other/c.pdf': 'pages: 1' };
const A: Draft = { bucket: 'docs', key: 'a.pdf' };
const SNAPSHOT: Draft = { ...A, query: [['x-oss-process', 'doc/snapshot']] };
const LIST: Draft = { bucket: 'docs', query: [['list-type', '2']] };

describe('RAM', () => {
  test.each<[string, Draft, Draft | null]>([
    ['oss:ListBuckets', {}, LIST],
    ['oss:DescribeRegions', { query: [['regions']] }, {}],
    ['oss:GetBucketInfo', { bucket: 'docs', query: [['bucketInfo']] }, LIST],
    ['oss:GetBucketLocation', { bucket: 'docs', query: [['location']] }, LIST],
    ['oss:ListObjects', LIST, A],
    ['oss:ListObjects', { bucket: 'docs' }, A],
    ['oss:ListObjectVersions', { bucket: 'docs', query: [['versions']] }, LIST],
    ['oss:GetObject', A, LIST],
    ['oss:GetObject', { ...A, method: 'HEAD' }, LIST],
    ['oss:GetObject', SNAPSHOT, LIST],
    ['oss:GetObjectVersion', { ...A, query: [['versionId', 'null']] }, A],
    ['oss:ProcessImm', SNAPSHOT, A],
    ['imm:CreateOfficeConversionTask', SNAPSHOT, A],
  ])('a key without %s: %o', async (action, denied, allowed) => {
    const key = { accessKeyId: 'LTAIlimited', accessKeySecret: 's', deny: [action] };
    const { ask } = await makeService({ files, world: { keys: [key] } });
    const reply = await ask({ ...denied, ...key });
    expect(reply.status).toBe(403);
    if (denied.method !== 'HEAD') {
      expect(element(reply.text, 'Code')).toBe('AccessDenied');
      expect(element(reply.text, 'EC')).toBe('0003-00000201');
      expect(element(reply.text, 'AuthAction')).toBe(action);
      expect(element(reply.text, 'NoPermissionType')).toBe('ExplicitDeny');
    }
    if (allowed) expect((await ask({ ...allowed, ...key })).status).toBe(200);
    expect((await ask(denied)).status).toBe(200);
  });

  test('a denial of the bucket hits every key, and oss:* everything', async () => {
    const { ask } = await makeService({ files, world: { buckets: { docs: { deny: ['oss:*'] } } } });
    for (const draft of [A, LIST, SNAPSHOT]) expect((await ask(draft)).status).toBe(403);
    expect((await ask({ bucket: 'other', key: 'c.pdf' })).status).toBe(200);
  });

  test('a key for one folder of one bucket', async () => {
    const key = { accessKeyId: 'LTAIteam', accessKeySecret: 's', buckets: ['docs'], onlyUnder: ['team-a/'] };
    const { ask } = await makeService({ files, world: { keys: [key] } });
    const status = async (draft: Draft): Promise<number> => (await ask({ ...draft, ...key })).status;
    const list = (prefix: string): Draft => ({
      bucket: 'docs',
      query: [
        ['list-type', '2'],
        ['prefix', prefix],
      ],
    });
    expect(await status(list('team-a/'))).toBe(200);
    expect(await status(list('team-a'))).toBe(200);
    expect(await status(list('team-a/x'))).toBe(200);
    expect(await status({ bucket: 'docs', key: 'team-a/b.pdf' })).toBe(200);
    expect(await status({ bucket: 'docs', query: [['bucketInfo']] })).toBe(200);
    for (const prefix of ['', 'team', 'team-b/', 'team-ab']) expect(await status(list(prefix)), prefix).toBe(403);
    expect(await status(A)).toBe(403);
    expect(await status({ bucket: 'other', key: 'c.pdf' })).toBe(403);
  });
});

describe('misfortunes', () => {
  const withMisfortunes = (...misfortunes: object[]): unknown => ({ buckets: { docs: { misfortunes } } });

  test('throttling, twice and then never again', async () => {
    const throttle = { kind: 'throttle', delayMs: 300, skip: 1, times: 2 };
    const { ask } = await makeService({ files, world: withMisfortunes(throttle) });
    const replies = [await ask(A), await ask(A), await ask(A), await ask(A)];
    expect(replies.map((reply) => reply.status)).toEqual([200, 503, 503, 200]);
    expect(replies[1]?.headers['x-oss-qos-delay-time']).toBe('300');
    expect(element(replies[1]?.text ?? '', 'Code')).toBe('CpuLimitExceeded');
  });

  test('conditions: key, prefix, operations', async () => {
    const world = withMisfortunes(
      { kind: 'error', status: 500, code: 'InternalError', key: 'a.pdf', operations: ['GetObject'] },
      { kind: 'throttle', code: 'ServiceUnavailable', prefix: 'team-a/' },
    );
    const { ask } = await makeService({ files, world });
    expect((await ask(A)).status).toBe(500);
    expect((await ask({ ...A, method: 'HEAD' })).status).toBe(200);
    expect((await ask(SNAPSHOT)).status).toBe(200);
    expect((await ask({ bucket: 'docs', key: 'team-a/b.pdf' })).status).toBe(503);
    expect((await ask(LIST)).status).toBe(200);
    expect((await ask({ bucket: 'other', key: 'c.pdf' })).status).toBe(200);
  });

  test('the whole service', async () => {
    const world = {
      misfortunes: [{ kind: 'throttle', code: 'MetaOperationQpsLimitExceeded', operations: ['ListBuckets'], times: 1 }],
    };
    const { ask } = await makeService({ files, world });
    expect([(await ask({})).status, (await ask({})).status]).toEqual([503, 200]);
  });

  test('a wrong endpoint, until the right one is asked', async () => {
    const { ask } = await makeService({
      files,
      world: withMisfortunes({ kind: 'wrong-endpoint', endpoint: 'elsewhere.localhost:9000' }),
    });
    const reply = await ask(A);
    expect([
      reply.status,
      element(reply.text, 'EC'),
      element(reply.text, 'Bucket'),
      element(reply.text, 'Endpoint'),
    ]).toEqual([403, '0003-00001403', 'docs', 'elsewhere.localhost:9000']);
    const host = 'oss-cn-hangzhou.aliyuncs.com';
    const right = await makeService({ files, world: withMisfortunes({ kind: 'wrong-endpoint', endpoint: host }) });
    expect((await right.ask({ ...A, host: `docs.${host}`, path: '/a.pdf' })).status).toBe(200);
  });

  test('the public endpoint forbidden: data only through the custom domain', async () => {
    const world = {
      customDomains: { 'd.example.com': 'docs' },
      buckets: { docs: { misfortunes: [{ kind: 'public-endpoint-forbidden' }] } },
    };
    const { ask } = await makeService({ files, world });
    for (const draft of [A, LIST, SNAPSHOT]) {
      const reply = await ask(draft);
      expect([reply.status, element(reply.text, 'Code'), element(reply.text, 'EC')]).toEqual([
        400,
        'PublicEndpointForbidden',
        '0048-00000401',
      ]);
    }
    expect((await ask({ bucket: 'docs', query: [['bucketInfo']] })).status).toBe(200);
    expect((await ask({})).status).toBe(200);
    expect((await ask({ ...A, host: 'd.example.com', path: '/a.pdf' })).status).toBe(200);
  });

  test.each([
    [{ kind: 'archived' }, 403, 'InvalidObjectState'],
    [{ kind: 'kms' }, 403, 'AccessDenied'],
    [{ kind: 'kms', code: 'KmsServiceNotEnabled' }, 400, 'KmsServiceNotEnabled'],
    [{ kind: 'kms', code: 'KeyDisabled' }, 409, 'KeyDisabled'],
  ])('%o', async (misfortune, status, code) => {
    const { ask } = await makeService({ files, world: withMisfortunes(misfortune) });
    for (const draft of [A, SNAPSHOT]) {
      const reply = await ask(draft);
      expect([reply.status, element(reply.text, 'Code')]).toEqual([status, code]);
    }
    expect((await ask({ ...A, method: 'HEAD' })).status).toBe(200);
  });

  test('HTML instead of XML', async () => {
    const { ask, service } = await makeService({ files, world: withMisfortunes({ kind: 'html' }) });
    const reply = await ask(LIST);
    expect([reply.status, reply.headers['content-type'], reply.headers['server']]).toEqual([502, 'text/html', 'nginx']);
    expect(reply.text).toContain('<html>');
    expect(service.bill()).toMatchObject({ failedRequests: 1, failures: { html: 1 } });
  });

  test('broken connections are told to the carrier, with and without the work done', async () => {
    const { ask, service } = await makeService({
      files,
      world: withMisfortunes(
        { kind: 'reset', times: 1 },
        { kind: 'reset', afterWork: true, skip: 1, times: 1 },
        { kind: 'truncate', afterBytes: 5 },
      ),
    });
    expect((await ask(SNAPSHOT)).cutAfterBytes).toBe(-1);
    expect(service.bill().documentConverts).toBe(0);
    expect((await ask(SNAPSHOT)).cutAfterBytes).toBe(-1);
    expect(service.bill().documentConverts).toBe(1);
    expect((await ask(SNAPSHOT)).cutAfterBytes).toBe(5);
    expect(service.bill()).toMatchObject({ documentConverts: 2, bytesOut: 5 });
  });

  test('a body in pieces, and headers that are not true', async () => {
    const slept: number[] = [];
    const { ask, service } = await makeService({
      files,
      world: withMisfortunes(
        { kind: 'dribble', bytes: 3, ms: 7, skip: 1 },
        { kind: 'headers', set: { 'content-encoding': 'gzip', date: 'soon' }, skip: 1 },
      ),
      sleep: (ms) => Promise.resolve(void slept.push(ms)),
    });
    const whole = await ask(A);
    expect([whole.text, slept]).toEqual(['pages: 1', []]);
    const inPieces = await ask(A);
    expect([inPieces.text, slept]).toEqual(['pages: 1', [7, 7, 7]]);
    expect(inPieces.headers).toMatchObject({ 'content-encoding': 'gzip', date: 'soon', 'content-length': '8' });
    expect((await ask({ ...A, method: 'HEAD' })).headers).toMatchObject({ 'content-encoding': 'gzip', date: 'soon' });
    expect(service.bill().bytesOut).toBe(16);
  });

  test('a scrambled picture has its length, its head and its end', async () => {
    const { ask } = await makeService({
      files,
      world: withMisfortunes({ kind: 'body', as: 'scrambled-picture', skip: 1 }),
    });
    const [good, bad] = [await ask(SNAPSHOT), await ask(SNAPSHOT)];
    expect(bad.body).toHaveLength(good.body.length);
    expect(bad.body.equals(good.body)).toBe(false);
    expect(bad.body.subarray(0, 33).equals(good.body.subarray(0, 33))).toBe(true);
    expect(bad.body.subarray(-12).equals(good.body.subarray(-12))).toBe(true);
  });

  test('latency, and giving up while it lasts', async () => {
    const { service } = await makeService({ files, world: withMisfortunes({ kind: 'latency', ms: 3_600_000 }) });
    const { signed } = await import('./freehand-signer.ts');
    const stop = new AbortController();
    const waiting = service.handle(signed(A), stop.signal);
    stop.abort(new Error('given up'));
    await expect(waiting).rejects.toThrow('given up');
    await expect(service.handle(signed(A), stop.signal)).rejects.toThrow('given up');
  });
});

test('a clock that is wrong on purpose', async () => {
  const { ask } = await makeService({ files, world: { clockOffsetMs: 20 * 60_000 } });
  const reply = await ask(A);
  expect(element(reply.text, 'Code')).toBe('RequestTimeTooSkewed');
  expect(reply.headers['date']).toBe('Thu, 15 Jan 2026 08:50:00 GMT');
  expect(element(reply.text, 'ServerTime')).toBe('2026-01-15T08:50:00.000Z');
});

test('disposing ends the renderer', async () => {
  const { service, renderer } = await makeService({ keys: [KEY] });
  await service.dispose();
  expect(renderer.isDisposed).toBe(true);
});
