/** The client over the real local-oss handler in this process: what it asks, learns, follows, retries and refuses. */
import { describe, expect, it, onTestFinished } from 'vitest';
import { listen } from '#local-oss/carrier.ts';
import type { AppError, Result } from '#contract/errors.ts';
import { Credentials, type CredentialsInput } from '#oss/credentials.ts';
import { fixedCredentials } from '#services/credential-source.ts';
import { readEndpoint, type Endpoint } from '#oss/endpoint.ts';
import { makeInProcessSend } from '#services/in-process-send.ts';
import { makeNodeSend } from '#services/node-send.ts';
import {
  makeOssClient,
  type ObjectPage,
  type OssClient,
  type RequestReport,
  type SnapshotRequest,
  type VersionPage,
} from '#services/oss-client.ts';
import type { HttpRequest, Send } from '#services/send.ts';
import { KEY, NOW_MS } from '../local-oss/freehand-signer.ts';
import { makeService, type TestService, type TestServiceOptions } from '../local-oss/service.ts';
import { makeRandom, oddKey } from '../oss/odd-keys.ts';
import { makeManualTime, until, type ManualTime } from './manual-time.ts';

const never = new AbortController().signal;
const TOKEN = { accessKeyId: 'STS.one', accessKeySecret: 's2+/=', securityToken: 'CAIS+token/==' };

interface Bench extends TestService {
  client: OssClient;
  time: ManualTime;
  reports: RequestReport[];
  /** Every request that went out, and by which sender. */
  sent: (HttpRequest & { by: 'send' | 'raw' })[];
  /** Another account on the same service. */
  clientFor(credentials: CredentialsInput, endpoint?: Endpoint): OssClient;
}

interface BenchOptions extends TestServiceOptions {
  /** As a person types it; 127.0.0.1 unless given. */
  typed?: string;
  /** What a custom domain stands for. */
  bucket?: string;
  /** Our clock minus the service's. */
  aheadMs?: number;
  credentials?: CredentialsInput;
}

function endpointOf(typed: string, bucket: string | null = null): Endpoint {
  const read = readEndpoint(typed, 'cn-hangzhou', bucket);
  if (!read.ok) throw new Error(read.error.message);
  return read.value.endpoint;
}

/** A service with a clock that moves with ours, and an account on it. */
async function bench(options: BenchOptions = {}): Promise<Bench> {
  const { typed = '127.0.0.1', bucket, aheadMs = 0, credentials = KEY, ...service } = options;
  const time = makeManualTime(NOW_MS + aheadMs);
  const made = await makeService({ files: { 'docs/a.pdf': 'pages: 3' }, now: () => time.now() - aheadMs, ...service });
  const inProcess = makeInProcessSend(made.service);
  const sent: Bench['sent'] = [];
  const reports: RequestReport[] = [];
  const record =
    (by: 'send' | 'raw'): Send =>
    (request, signal) => {
      sent.push({ ...request, by });
      return inProcess(request, signal);
    };
  const clientFor = (input: CredentialsInput, endpoint = endpointOf(typed, bucket ?? null)): OssClient => {
    const account = new Credentials(input);
    return makeOssClient({
      endpoint,
      credentials: fixedCredentials(account),
      send: record('send'),
      rawSend: record('raw'),
      now: time.now,
      sleep: time.sleep,
      random: () => 0,
      onRequest: (report) => void reports.push(report),
    });
  };
  return { ...made, client: clientFor(credentials), time, reports, sent, clientFor };
}

function page(key: string, pageNumber = 1, more: Partial<SnapshotRequest> = {}): SnapshotRequest {
  return { bucket: 'docs', key, versionId: null, source: 'docx', target: 'png', pageNumber, ...more };
}
const top = { bucket: 'docs', prefix: '', next: null, maxKeys: 1000 };
const a = { bucket: 'docs', key: 'a.pdf', versionId: null };

function value<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.error.code}: ${result.error.message}`);
  return result.value;
}
function errorOf(result: Result<unknown>): AppError {
  if (result.ok) throw new Error('it succeeded');
  return result.error;
}
const hosts = ({ sent }: Bench): string[] => sent.map(({ host }) => host);
const operations = ({ service }: Bench): Record<string, number> => service.bill().requests;

describe('lists', () => {
  it('lists buckets with their regions, names as text', async () => {
    const one = await bench({
      files: { '0012/x': 'x' },
      world: { buckets: { abc: { region: 'cn-beijing', storageClass: 'IA' } } },
    });
    const buckets = value(await one.client.listBuckets(never));
    expect(buckets.map(({ name, region, storageClass }) => [name, region, storageClass])).toEqual([
      ['0012', 'cn-hangzhou', 'Standard'],
      ['abc', 'cn-beijing', 'IA'],
    ]);
    expect(one.reports).toMatchObject([{ kind: 'list-buckets', bucket: '', status: 200, outcome: 'billable' }]);
  });

  it('goes through every page of a long bucket list', async () => {
    const names = Array.from({ length: 1203 }, (_, at) => `bucket-${String(at).padStart(4, '0')}`);
    const one = await bench({ files: {}, world: { buckets: Object.fromEntries(names.map((name) => [name, {}])) } });
    expect(value(await one.client.listBuckets(never)).map(({ name }) => name)).toEqual(names);
    expect(one.sent).toHaveLength(2);
  });

  it('lists everything below a folder, whatever folder it is in, and below no other', async () => {
    const files = ['in/a.pdf', 'in/deep/er/b.pdf', 'in/z.pdf', 'out/c.pdf'];
    const one = await bench({ files: Object.fromEntries(files.map((name) => [`docs/${name}`, 'x'])) });
    const keys: string[] = [];
    let next: string | null = null;
    do {
      const at = { bucket: 'docs', prefix: 'in/', next, maxKeys: 2 };
      const listed: ObjectPage = value(await one.client.listBelow(at, never));
      expect(listed.prefixes).toEqual([]);
      keys.push(...listed.objects.map(({ key }) => key));
      next = listed.next;
    } while (next !== null);
    expect(keys).toEqual(files.slice(0, 3));
    expect(operations(one)).toEqual({ ListObjectsV2: 2 });
  });

  it('lists the versions of one object, page by page, and of no other that begins like it', async () => {
    const versions = ['3', '2', '1'].map((n) => ({
      versionId: `CAEQ${n.repeat(16)}`,
      modifiedAt: `2026-01-0${n}T00:00:00Z`,
      ...(n === '2' ? { deleteMarker: true } : { text: `pages: ${n}` }),
    }));
    const objects = [
      { key: 'v.docx', versions },
      { key: 'v.docx.bak', text: 'x' },
    ];
    const one = await bench({ files: {}, world: { buckets: { docs: { versioning: 'Enabled', objects } } } });
    const seen: string[] = [];
    let next: string | null = null;
    do {
      const at = { bucket: 'docs', key: 'v.docx', next, maxKeys: 2 };
      const listed: VersionPage = value(await one.client.listVersions(at, never));
      seen.push(...listed.versions.map((version) => `${version.versionId} ${version.isDeleted} ${version.isLatest}`));
      next = listed.next;
    } while (next !== null);
    expect(seen).toEqual([
      `CAEQ${'3'.repeat(16)} false true`,
      `CAEQ${'2'.repeat(16)} true false`,
      `CAEQ${'1'.repeat(16)} false false`,
    ]);
    expect(operations(one)).toEqual({ ListObjectVersions: 2 });
    const bare = await one.client.listVersions({ bucket: 'docs', key: 'gone', next: null, maxKeys: 2 }, never);
    expect(value(bare)).toEqual({ versions: [], next: null });
  });

  it('says which version a picture was drawn from, where the service says it', async () => {
    const ids = ['2', '1'].map((n) => `CAEQ${n.repeat(16)}`);
    const versions = ids.map((versionId) => ({ versionId, text: 'pages: 3' }));
    const world = (misfortunes: object[]): object => ({
      buckets: { docs: { versioning: 'Enabled', misfortunes, objects: [{ key: 'v.docx', versions }] } },
    });
    const answered = async (misfortunes: object[]): Promise<string | undefined> => {
      const one = await bench({ files: {}, world: world(misfortunes) });
      return value(await one.client.snapshot(page('v.docx', 1, { versionId: ids[1]! }), never)).versionId;
    };
    expect(await answered([])).toBe(ids[1]);
    expect(await answered([{ kind: 'ignore-version' }])).toBe(ids[0]);
    expect(await answered([{ kind: 'ignore-version', silent: true }])).toBe(undefined);
  });

  it('lists one folder level and goes on to the end', async () => {
    const files = Object.fromEntries(Array.from({ length: 7 }, (_, at) => [`docs/年度 报告/${at}+ %.pdf`, 'x']));
    const one = await bench({ files: { ...files, 'docs/年度 报告/inner/x.pdf': 'x' } });
    const names: string[] = [];
    let next: string | null = null;
    do {
      const at = { bucket: 'docs', prefix: '年度 报告/', next, maxKeys: 3 };
      const listed: ObjectPage = value(await one.client.listObjects(at, never));
      names.push(...listed.objects.map(({ key }) => key), ...listed.prefixes);
      next = listed.next;
    } while (next !== null);
    expect(names.sort()).toEqual([...Object.keys(files).map((name) => name.slice(5)), '年度 报告/inner/'].sort());
    expect(one.sent).toHaveLength(3);
  });

  it('hides the empty object that consoles make for a folder', async () => {
    const objects = [
      { key: 'f/', text: '' },
      { key: 'f/x.pdf', text: 'x' },
    ];
    const one = await bench({ world: { buckets: { docs: { objects } } } });
    const listed = value(await one.client.listObjects({ ...top, prefix: 'f/' }, never));
    expect(listed.objects.map(({ key }) => key)).toEqual(['f/x.pdf']);
    expect(value(await one.client.listObjects(top, never)).prefixes).toEqual(['f/']);
  });
});

describe('over real sockets', () => {
  it('does the whole line through Node and a port, dot segments included', async () => {
    const one = await bench({
      world: { buckets: { docs: { objects: [{ key: 'a/../b c+.pdf', text: 'pages: 2' }] } } },
    });
    const listening = await listen(one.service, 0);
    const node = makeNodeSend();
    onTestFinished(() => node.dispose());
    onTestFinished(() => listening.close());
    const account = new Credentials(KEY);
    const client = makeOssClient({
      endpoint: endpointOf(listening.endpoint),
      credentials: fixedCredentials(account),
      send: node.send,
      rawSend: node.send,
      now: one.time.now,
      sleep: one.time.sleep,
      random: () => 0,
    });
    expect(value(await client.listBuckets(never)).map(({ name }) => name)).toEqual(['docs']);
    expect(value(await client.listObjects(top, never))).toMatchObject({
      objects: [{ key: 'a.pdf' }],
      prefixes: ['a/'],
    });
    expect(value(await client.headObject({ ...a, key: 'a/../b c+.pdf' }, never)).sizeBytes).toBe(8);
    expect(value(await client.snapshot(page('a/../b c+.pdf', 2), never)).widthPx).toBe(2);
    expect(errorOf(await client.headObject({ ...a, bucket: 'nowhere' }, never)).code).toBe('oss.noSuchBucket');
    expect(errorOf(await client.snapshot(page('a.pdf', 4), never)).detail).toMatchObject({ pageCount: 3 });
  });
});

describe('odd keys', () => {
  it('lists, heads, pictures and links every key it is given', async () => {
    const random = makeRandom(42);
    const keys = [...new Set(Array.from({ length: 120 }, () => oddKey(random)))];
    const objects = keys.map((key, at) => ({ key, text: `pages: ${(at % 5) + 1}` }));
    for (const typed of ['127.0.0.1', 'oss-cn-hangzhou.aliyuncs.com']) {
      const one = await bench({ typed, files: {}, world: { buckets: { docs: { objects } } } });
      for (const [at, key] of keys.entries()) {
        const pageNumber = (at % 5) + 1;
        const head = value(await one.client.headObject({ bucket: 'docs', key, versionId: null }, never));
        expect(head.sizeBytes).toBe(8);
        const picture = value(await one.client.snapshot(page(key, pageNumber), never));
        expect([picture.widthPx, picture.heightPx, picture.mediaType]).toEqual([pageNumber, 1, 'image/png']);
        const { url } = value(await one.client.presignSnapshot(page(key, pageNumber), 60, never));
        const [, host = '', target = ''] = /^https?:\/\/([^/]+)(\/.*)$/.exec(url) ?? [];
        expect((await one.send({ method: 'GET', host, target, headers: {} })).status).toBe(200);
      }
      const folders = new Set(keys.filter((key) => key.includes('/')).map((key) => key.slice(0, key.indexOf('/') + 1)));
      const listed = value(await one.client.listObjects(top, never));
      const flat = keys.filter((key) => !key.includes('/'));
      expect(listed.objects.map(({ key }) => key).sort()).toEqual(flat.sort());
      expect(listed.prefixes.sort()).toEqual([...folders].sort());
    }
  });

  it('sends keys with dot segments by the raw sender, and no others', async () => {
    const objects = ['a/../b.pdf', './c.pdf', 'a/..b.pdf'].map((key) => ({ key, text: 'pages: 1' }));
    const one = await bench({ world: { buckets: { docs: { objects } } } });
    for (const { key } of objects) value(await one.client.headObject({ bucket: 'docs', key, versionId: null }, never));
    expect(one.sent.map(({ by, target }) => [by, target])).toEqual([
      ['raw', '/docs/a/../b.pdf'],
      ['raw', '/docs/./c.pdf'],
      ['send', '/docs/a/..b.pdf'],
    ]);
  });
});

describe('objects', () => {
  it('reads the head of an object and of a version', async () => {
    const versionId = 'CAEQ1111111111111111';
    const versions = [
      { versionId: 'CAEQ2222222222222222', text: 'new one' },
      { versionId, text: 'old', modifiedAt: '2026-01-09T03:04:05Z', storageClass: 'Archive' },
    ];
    const one = await bench({
      world: { buckets: { docs: { versioning: 'Enabled', objects: [{ key: 'v.docx', versions }] } } },
    });
    expect(value(await one.client.headObject({ bucket: 'docs', key: 'v.docx', versionId }, never))).toEqual({
      etag: '149603E6C03516362A8DA23F624DB945',
      sizeBytes: 3,
      modifiedAt: '2026-01-09T03:04:05.000Z',
      storageClass: 'Archive',
      versionId,
    });
    expect(
      value(await one.client.headObject({ bucket: 'docs', key: 'v.docx', versionId: null }, never)).sizeBytes,
    ).toBe(7);
  });

  it('reports each request for the ledger', async () => {
    const one = await bench();
    await one.client.snapshot(page('a.pdf', 2, { target: 'jpg' }), never);
    expect(one.reports).toEqual([
      {
        kind: 'snapshot',
        bucket: 'docs',
        key: 'a.pdf',
        pageNumber: 2,
        target: 'jpg',
        status: 200,
        bytes: expect.any(Number),
        outcome: 'billable',
        host: '127.0.0.1',
      },
    ]);
    expect(one.service.bill()).toMatchObject({
      documentConverts: 1,
      snapshots: [{ key: 'a.pdf', pageNumber: 2, target: 'jpg', times: 1 }],
    });
  });

  it('signs nothing but what it must: no Date, no Content-Type, no Referer', async () => {
    const one = await bench({ credentials: TOKEN, keys: [TOKEN] });
    await one.client.headObject(a, never);
    expect(Object.keys(one.sent[0]?.headers ?? {}).sort()).toEqual([
      'authorization', 'x-oss-content-sha256', 'x-oss-date', 'x-oss-security-token',
    ]); // prettier-ignore
  });
});

describe('refusals', () => {
  const expired = { ...TOKEN, expiresAt: '2026-01-15T08:00:00Z' };
  it.each([
    ['a wrong secret', { ...KEY, accessKeySecret: 'wrong' }, {}, 'oss.signatureMismatch'],
    ['an unknown key', { ...KEY, accessKeyId: 'LTAInobody' }, {}, 'oss.unknownKey'],
    [
      'a disabled key',
      { accessKeyId: 'old', accessKeySecret: 's' },
      { keys: [{ accessKeyId: 'old', accessKeySecret: 's', disabled: true }] },
      'oss.disabledKey',
    ],
    ['an ended token', TOKEN, { keys: [expired] }, 'oss.tokenExpired'],
    ['a wrong token', { ...TOKEN, securityToken: 'other' }, { keys: [TOKEN] }, 'oss.tokenInvalid'],
  ])('names %s, in lists and through the header of a HEAD', async (_, credentials, world, code) => {
    const one = await bench({ credentials, world });
    for (const result of [
      await one.client.listBuckets(never),
      await one.client.listObjects(top, never),
      await one.client.headObject(a, never),
    ]) {
      expect(errorOf(result).code).toBe(code);
      expect(errorOf(result).requestId).toMatch(/^[0-9A-F]{24}$/);
    }
    expect(one.sent).toHaveLength(3); // and tries none of it again
  });

  it('tells the rights apart', async () => {
    const limited = (deny: string[]): CredentialsInput & { deny: string[] } => ({
      accessKeyId: deny.join(),
      accessKeySecret: 's',
      deny,
    });
    const keys = [
      limited(['oss:ListBuckets']),
      limited(['oss:ListObjects']),
      limited(['oss:GetObject']),
      limited(['oss:ProcessImm']),
      limited(['imm:CreateOfficeConversionTask']),
    ].map((key, at) => ({ ...key, accessKeyId: `k${at}` }));
    const one = await bench({ world: { keys } });
    const [buckets, list, get, process, imm] = keys.map((key) => one.clientFor(key));
    expect(errorOf(await buckets!.listBuckets(never)).code).toBe('oss.listBucketsDenied');
    expect(errorOf(await list!.listObjects(top, never)).code).toBe('oss.listDenied');
    expect(errorOf(await get!.headObject(a, never)).code).toBe('oss.readDenied');
    expect(errorOf(await get!.snapshot(page('a.pdf'), never)).code).toBe('oss.readDenied');
    expect(errorOf(await process!.snapshot(page('a.pdf'), never)).code).toBe('oss.processDenied');
    expect(errorOf(await imm!.snapshot(page('a.pdf'), never)).code).toBe('oss.processDenied');
  });

  it('names what is missing, a bucket in a HEAD too', async () => {
    const one = await bench();
    expect(errorOf(await one.client.headObject({ ...a, key: 'none.pdf' }, never))).toMatchObject({
      code: 'oss.noSuchKey',
      detail: { bucket: 'docs', key: 'none.pdf' },
    });
    expect(errorOf(await one.client.headObject({ ...a, bucket: 'nowhere' }, never)).code).toBe('oss.noSuchBucket');
    expect(errorOf(await one.client.headObject({ ...a, versionId: 'CAEQ9999999999999999' }, never)).code).toBe(
      'oss.noSuchVersion',
    );
  });

  it.each([
    ['refuse: password', 'snapshot.unreadable', { reason: 'password' }],
    ['refuse: unreadable', 'snapshot.unreadable', { reason: 'damaged' }],
    ['refuse: wrong-content', 'snapshot.unreadable', { reason: 'wrong-content' }],
    ['refuse: empty', 'snapshot.unreadable', { reason: 'empty' }],
    ['refuse: too-slow', 'snapshot.tooSlow', {}],
    ['refuse: office-missing', 'snapshot.officeMissing', {}],
    ['pages: 6', 'snapshot.pageOutOfRange', { pageCount: 6, lastPage: 6, pageNumber: 7 }],
    ['pages: 1', 'snapshot.pageOutOfRange', { pageCount: 1 }],
  ])('understands what the renderer says of "%s"', async (text, code, detail) => {
    const one = await bench({ files: { 'docs/x.docx': text } });
    expect(errorOf(await one.client.snapshot(page('x.docx', 7), never))).toMatchObject({ code, charged: 'no', detail });
    expect(one.reports.map(({ outcome }) => outcome)).toEqual(['free']);
  });

  it.each([
    [{ kind: 'imm-not-attached' }, 'snapshot.notAttached'],
    [{ kind: 'imm-project-gone' }, 'snapshot.notAttached'],
    [{ kind: 'imm-role-missing' }, 'snapshot.roleMissing'],
    [{ kind: 'convert-timeout' }, 'snapshot.tooSlow'],
    [{ kind: 'archived' }, 'oss.archived'],
    [{ kind: 'kms' }, 'oss.kmsDenied'],
    [{ kind: 'kms', code: 'KeyDisabled' }, 'oss.kmsDenied'],
    [{ kind: 'public-endpoint-forbidden' }, 'oss.publicEndpointForbidden'],
    [{ kind: 'imm', code: 'Surprise', message: 'nobody knows' }, 'snapshot.refused'],
  ])('understands %j', async (misfortune, code) => {
    const one = await bench({ world: { buckets: { docs: { misfortunes: [misfortune] } } } });
    expect(errorOf(await one.client.snapshot(page('a.pdf'), never)).code).toBe(code);
    expect(one.sent).toHaveLength(1);
  });

  it('knows the size limit, and accepts exactly 20 MiB', async () => {
    const objects = [
      { key: 'big.docx', zeros: 20_971_521 },
      { key: 'fits.docx', zeros: 20_971_520 },
    ];
    const one = await bench({ world: { buckets: { docs: { objects } } } });
    const error = errorOf(await one.client.snapshot(page('big.docx'), never));
    expect(error).toMatchObject({ code: 'snapshot.tooLarge', detail: { limitBytes: 20_971_520 } });
    expect((await one.client.snapshot(page('fits.docx'), never)).ok).toBe(true);
  });
});

describe('clocks', () => {
  const HOUR = 3_600_000;
  it.each([HOUR, -HOUR])('corrects a clock %i ms ahead, retries once, and remembers', async (aheadMs) => {
    const one = await bench({ aheadMs });
    expect(value(await one.client.snapshot(page('a.pdf'), never)).widthPx).toBe(1);
    expect(one.reports.map(({ outcome }) => outcome)).toEqual(['free', 'billable']);
    const skew = one.client.clockSkewMs() ?? NaN;
    expect(Math.abs(skew + aheadMs)).toBeLessThanOrEqual(1000);
    await one.client.listObjects(top, never);
    expect(one.sent).toHaveLength(3); // no second refusal
    const { url, expiresAt } = value(await one.client.presignSnapshot(page('a.pdf'), 60, never));
    const [, target = ''] = /^http:\/\/127\.0\.0\.1(\/.*)$/.exec(url) ?? [];
    expect((await one.send({ method: 'GET', host: '127.0.0.1', target, headers: {} })).status).toBe(200);
    expect(Math.abs(Date.parse(expiresAt) - (NOW_MS + 60_000))).toBeLessThanOrEqual(2000);
  });

  it('learns a smaller difference from any answer, before it can hurt', async () => {
    const one = await bench({ aheadMs: 600_000 });
    await one.client.listBuckets(never);
    expect(Math.abs((one.client.clockSkewMs() ?? NaN) + 600_000)).toBeLessThanOrEqual(1000);
    await one.client.listBuckets(never);
    expect(one.sent[1]?.headers['x-oss-date']).toMatch(/^20260115T0(829|830)/);
  });

  it('knows nothing before the first answer, and says zero when the clocks agree', async () => {
    const one = await bench();
    expect(one.client.clockSkewMs()).toBe(null);
    await one.client.listBuckets(never);
    expect(one.client.clockSkewMs()).toBe(0);
  });

  it('gives up with the difference when correcting does not help', async () => {
    const misfortune = { kind: 'error', status: 403, code: 'RequestTimeTooSkewed', message: 'too large' };
    const one = await bench({ aheadMs: HOUR, world: { misfortunes: [misfortune] } });
    const error = errorOf(await one.client.listBuckets(never));
    expect(error.code).toBe('oss.clockSkewed');
    expect(Math.abs(Number(error.detail?.['skewMs']) + HOUR)).toBeLessThanOrEqual(1000);
    expect(one.sent).toHaveLength(2);
  });
});

describe('where buckets are', () => {
  const beijing = { buckets: { north: { region: 'cn-beijing', objects: [{ key: 'a.pdf', text: 'pages: 1' }] } } };

  it('goes to the region that the bucket list told, signed for it', async () => {
    const one = await bench({ typed: 'oss-cn-hangzhou.aliyuncs.com', world: beijing });
    await one.client.listBuckets(never);
    value(await one.client.headObject({ ...a, bucket: 'north' }, never));
    expect(hosts(one)).toEqual(['oss-cn-hangzhou.aliyuncs.com', 'north.oss-cn-beijing.aliyuncs.com']);
    expect(one.sent[1]?.headers['authorization']).toContain('/cn-beijing/oss/');
  });

  it('stays with a service of its own, and signs for the bucket there', async () => {
    const one = await bench({ typed: '127.0.0.1', world: beijing });
    await one.client.listBuckets(never);
    value(await one.client.headObject({ ...a, bucket: 'north' }, never));
    expect(hosts(one)).toEqual(['127.0.0.1', '127.0.0.1']);
    expect(one.sent[1]?.headers['authorization']).toContain('/cn-beijing/oss/');
  });

  it('follows the endpoint that a refusal names, once, and remembers it for this bucket alone', async () => {
    const one = await bench({ typed: 'oss-cn-hangzhou.aliyuncs.com', world: beijing });
    value(await one.client.snapshot(page('a.pdf', 1, { bucket: 'north' }), never));
    value(await one.client.headObject({ ...a, bucket: 'north' }, never));
    value(await one.client.headObject(a, never));
    expect(hosts(one)).toEqual([
      'north.oss-cn-hangzhou.aliyuncs.com',
      'north.oss-cn-beijing.aliyuncs.com',
      'north.oss-cn-beijing.aliyuncs.com',
      'docs.oss-cn-hangzhou.aliyuncs.com',
    ]);
    expect(one.service.bill().documentConverts).toBe(1);
  });

  it.each([
    ['oss-cn-hangzhou.aliyuncs.com', 'evil.example.com'],
    ['oss-cn-hangzhou.aliyuncs.com', 'oss-cn-beijing.aliyuncs.com.evil.com'],
    ['oss-cn-hangzhou.aliyuncs.com', 'evil.aliyuncs.com@evil.com'],
    ['oss-cn-hangzhou.aliyuncs.com', ''],
    ['oss-cn-hangzhou.aliyuncs.com', 'oss-cn-hangzhou.aliyuncs.com'],
  ])('from %s does not follow to %j', async (typed, endpoint) => {
    const message = 'The bucket you are attempting to access must be addressed using the specified endpoint.';
    const world =
      endpoint === '' || typed.startsWith(endpoint)
        ? { kind: 'error', status: 403, code: 'AccessDenied', message }
        : { kind: 'wrong-endpoint', endpoint };
    const one = await bench({ typed, world: { misfortunes: [world] } });
    expect(errorOf(await one.client.listObjects(top, never)).code).toBe('oss.wrongEndpoint');
    expect(one.sent).toHaveLength(1);
  });

  it('takes of a public endpoint that a service of its own names the region alone, and stays where it is', async () => {
    const world = { buckets: { docs: { region: 'cn-beijing' } } };
    const one = await bench({ typed: '127.0.0.1', world });
    expect((await one.client.listObjects(top, never)).ok).toBe(true);
    expect(hosts(one)).toEqual(['127.0.0.1', '127.0.0.1']);
    expect(one.sent[1]?.headers['authorization']).toContain('/cn-beijing/oss/');
    value(await one.client.headObject(a, never));
    expect(one.sent).toHaveLength(3);
  });

  it('does not follow in circles', async () => {
    const misfortunes = [
      { kind: 'wrong-endpoint', endpoint: 'oss-cn-beijing.aliyuncs.com', times: 1 },
      { kind: 'wrong-endpoint', endpoint: 'oss-cn-shanghai.aliyuncs.com', skip: 1 },
    ];
    const one = await bench({ typed: 'oss-cn-hangzhou.aliyuncs.com', world: { misfortunes } });
    expect((await one.client.listObjects(top, never)).ok).toBe(false);
    expect(one.sent).toHaveLength(2);
  });

  it('uses a custom domain for its bucket, and the public service for the rest', async () => {
    const one = await bench({
      typed: 'docs.example.com',
      bucket: 'docs',
      files: { 'docs/a.pdf': 'pages: 1', 'other/a.pdf': 'pages: 1' },
      world: { customDomains: { 'docs.example.com': 'docs' } },
    });
    value(await one.client.snapshot(page('a.pdf'), never));
    value(await one.client.listBuckets(never));
    value(await one.client.headObject({ ...a, bucket: 'other' }, never));
    expect(hosts(one)).toEqual([
      'docs.example.com',
      'oss-cn-hangzhou.aliyuncs.com',
      'other.oss-cn-hangzhou.aliyuncs.com',
    ]);
    expect(one.sent.every(({ scheme }) => scheme === 'https')).toBe(true);
  });
});

describe('links', () => {
  it('asks for the region once, and only when no answer has told it', async () => {
    const one = await bench({ typed: 'oss-cn-hangzhou.aliyuncs.com' });
    const link = value(await one.client.presignSnapshot(page('a.pdf', 3), 900, never));
    expect(link.url).toContain('https://docs.oss-cn-hangzhou.aliyuncs.com/a.pdf?');
    expect(link.expiresAt).toBe(new Date(NOW_MS + 900_000).toISOString());
    value(await one.client.presignSnapshot(page('a.pdf', 4), 900, never));
    expect(operations(one)).toEqual({ GetBucketLocation: 1 });
  });

  it('links to the region where the bucket really is', async () => {
    const world = { buckets: { north: { region: 'cn-beijing', objects: [{ key: 'a.pdf', text: 'pages: 1' }] } } };
    const one = await bench({ typed: 'oss-cn-hangzhou.aliyuncs.com', world });
    const { url } = value(await one.client.presignSnapshot(page('a.pdf', 1, { bucket: 'north' }), 900, never));
    expect(url).toContain('https://north.oss-cn-beijing.aliyuncs.com/');
    expect(url).toContain('%2Fcn-beijing%2Foss%2F');
  });

  it('needs no leave to ask: without it the account region signs', async () => {
    const key = { accessKeyId: 'k', accessKeySecret: 's', deny: ['oss:GetBucketLocation'] };
    const one = await bench({ credentials: key, world: { keys: [key] } });
    const { url } = value(await one.client.presignSnapshot(page('a.pdf'), 900, never));
    const [, target = ''] = /^http:\/\/127\.0\.0\.1(\/.*)$/.exec(url) ?? [];
    expect((await one.send({ method: 'GET', host: '127.0.0.1', target, headers: {} })).status).toBe(200);
  });

  it('never outlives the token, and refuses when that has ended', async () => {
    const soon = await bench({ credentials: { ...TOKEN, expiresAtMs: NOW_MS + 100_000 }, keys: [TOKEN] });
    const link = value(await soon.client.presignSnapshot(page('a.pdf'), 3600, never));
    expect(link.expiresAt).toBe(new Date(NOW_MS + 100_000).toISOString());
    expect(link.url).toContain('x-oss-expires=100&');
    const over = soon.clientFor({ ...TOKEN, expiresAtMs: NOW_MS - 1 });
    expect(errorOf(await over.presignSnapshot(page('a.pdf'), 3600, never)).code).toBe('oss.tokenExpired');
  });

  it.each([0, -1, 604_801, 1.5, NaN])('refuses a life of %d seconds', async (seconds) => {
    const one = await bench();
    expect(errorOf(await one.client.presignSnapshot(page('a.pdf'), seconds, never)).code).toBe('oss.badRequest');
  });
});

describe('bad roads', () => {
  it('waits as long as a throttled service asks, and then goes on', async () => {
    const misfortunes = [{ kind: 'throttle', delayMs: 1500, times: 2 }];
    const one = await bench({ world: { misfortunes } });
    const result = one.client.headObject(page('a.pdf'), never);
    for (const tries of [1, 2]) {
      await until(() => one.time.asleep().includes(1500));
      await one.time.advance(1499);
      expect(one.sent).toHaveLength(tries);
      await one.time.advance(1);
    }
    expect((await result).ok).toBe(true);
  });

  it('tells whoever buys pages at once that the service is too busy, and for how long', async () => {
    const one = await bench({ world: { misfortunes: [{ kind: 'throttle', delayMs: 1500, times: 1 }] } });
    const error = { code: 'oss.throttled', retryAfterMs: 1500, charged: 'no' };
    expect(errorOf(await one.client.snapshot(page('a.pdf'), never))).toMatchObject(error);
    expect(one.sent).toHaveLength(1);
  });

  it('never buys a page again that may have been paid', async () => {
    const one = await bench({ world: { misfortunes: [{ kind: 'reset', afterWork: true, operations: ['Snapshot'] }] } });
    expect(errorOf(await one.client.snapshot(page('a.pdf'), never))).toMatchObject({
      code: 'snapshot.unclear',
      charged: 'unclear',
      retryable: false,
    });
    expect(one.service.bill().documentConverts).toBe(1);
    expect(one.reports.map(({ outcome }) => outcome)).toEqual(['unclear']);
  });

  it('does not take part of a picture for a picture', async () => {
    const one = await bench({
      world: { misfortunes: [{ kind: 'truncate', afterBytes: 40, operations: ['Snapshot'] }] },
    });
    expect(errorOf(await one.client.snapshot(page('a.pdf'), never)).code).toBe('snapshot.unclear');
    expect(one.sent).toHaveLength(1);
  });

  it('reads a list again that broke off', async () => {
    const one = await bench({ world: { misfortunes: [{ kind: 'truncate', afterBytes: 40, times: 2 }] } });
    const result = one.client.listObjects(top, never);
    for (const tries of [1, 2]) {
      await until(() => one.sent.length === tries && one.time.asleep().includes(0));
      await one.time.advance(0);
    }
    expect(value(await result).objects).toHaveLength(1);
    expect(one.sent).toHaveLength(3);
  });

  it('says that something which is no picture may have been paid', async () => {
    const one = await bench({ world: { misfortunes: [{ kind: 'not-an-image' }] } });
    expect(errorOf(await one.client.snapshot(page('a.pdf'), never))).toMatchObject({
      code: 'snapshot.notAnImage',
      charged: 'unclear',
    });
    expect(one.reports.map(({ outcome }) => outcome)).toEqual(['unclear']);
  });

  it('knows the page of a proxy in the place of a picture, which may have been made behind it', async () => {
    const one = await bench({ world: { misfortunes: [{ kind: 'html', status: 200 }] } });
    expect(errorOf(await one.client.snapshot(page('a.pdf'), never))).toMatchObject({
      code: 'net.proxy',
      charged: 'unclear',
    });
    expect(one.reports.map(({ outcome }) => outcome)).toEqual(['unclear']);
  });

  it.each([200, 403])('knows the page of a proxy, status %i', async (status) => {
    const one = await bench({ world: { misfortunes: [{ kind: 'html', status }] } });
    expect(['net.proxy', 'net.badAnswer']).toContain(errorOf(await one.client.listObjects(top, never)).code);
    expect(errorOf(await one.client.listBuckets(never)).code).toMatch(/^net\./);
  });

  it('cancels', async () => {
    const one = await bench({ world: { misfortunes: [{ kind: 'latency', ms: 60_000 }] } });
    const controller = new AbortController();
    const result = one.client.listObjects(top, controller.signal);
    controller.abort();
    expect(errorOf(await result).code).toBe('cancelled');
    expect(one.time.asleep()).toEqual([]);
  });

  it('ends a list after 20 s and a page picture after 90 s', async () => {
    const one = await bench({
      world: { misfortunes: [{ kind: 'latency', ms: 600_000 }] },
      sleep: () => new Promise(() => undefined),
    });
    const list = one.client.listObjects(top, never);
    const picture = one.client.snapshot(page('a.pdf'), never);
    await one.time.advance(20_000);
    expect(errorOf(await list).code).toBe('net.timeout');
    await one.time.advance(69_999);
    expect(one.reports).toHaveLength(1);
    await one.time.advance(1);
    expect(errorOf(await picture)).toMatchObject({ code: 'snapshot.unclear', detail: { reason: 'timeout' } });
  });
});

describe('secrets', () => {
  it('puts neither secret nor token into results, reports or URLs of requests', async () => {
    const planted = { accessKeyId: 'STS.planted', accessKeySecret: 'PLANTEDsecret0', securityToken: 'PLANTEDtoken0' };
    const one = await bench({ credentials: planted, keys: [{ ...planted, accessKeySecret: 'another' }] });
    const results = [
      await one.client.listBuckets(never),
      await one.client.headObject(a, never),
      await one.client.snapshot(page('a.pdf'), never),
    ];
    expect(results.map(errorOf).map(({ code }) => code)).toEqual(Array(3).fill('oss.signatureMismatch'));
    const seen = JSON.stringify([results, one.reports, one.sent.map(({ host, target }) => [host, target])]);
    expect(seen).not.toContain('PLANTED');
  });
});
