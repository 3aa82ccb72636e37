/** doc/snapshot as protocol: grammar, refusals in IMM's words, misfortunes, and the bill. */
import { describe, expect, test } from 'vitest';
import type { Bill } from '#local-oss/bill.ts';
import type { Reply, TestService } from './service.ts';
import { element, makeService, paintPng } from './service.ts';

const files = {
  'docs/three.pdf': 'pages: 3',
  'docs/UPPER.DOCX': 'pages: 1',
  'docs/noext': 'pages: 2',
  'docs/notes.txt': 'pages: 1',
  'docs/empty.pdf': '',
};
const objects = [
  { key: 'exact.pdf', zeros: 20 * 1024 * 1024 },
  { key: 'over.pdf', zeros: 20 * 1024 * 1024 + 1 },
  ...['password', 'unreadable', 'wrong-content', 'too-slow', 'office-missing'].map((reason) => ({
    key: `${reason}.pdf`,
    text: `refuse: ${reason}`,
  })),
];
const world = { buckets: { docs: { objects } } };

const buy = (service: TestService, key: string, process: string): Promise<Reply> =>
  service.ask({ bucket: 'docs', key, query: [['x-oss-process', process]] });
const message = (reply: Reply): string => element(reply.text, 'Message') ?? '';
const UUID = '[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}';
const worldWith = (...misfortunes: object[]): unknown => ({ buckets: { docs: { objects, misfortunes } } });

describe('what is asked for', () => {
  test.each([
    ['three.pdf', 'doc/snapshot', 'pdf', 'png', 1],
    ['three.pdf', 'doc/snapshot,page_3,source_pdf,target_jpg', 'pdf', 'jpg', 3],
    ['three.pdf', 'doc/snapshot,target_png,source_docx,page_2', 'docx', 'png', 2],
    ['UPPER.DOCX', 'doc/snapshot', 'docx', 'png', 1],
    ['noext', 'doc/snapshot,source_pptx,page_002', 'pptx', 'png', 2],
    ['notes.txt', 'doc/snapshot,source_xls', 'xls', 'png', 1],
  ] as const)('%s %s', async (key, process, source, target, pageNumber) => {
    const service = await makeService({ files, world });
    const reply = await buy(service, key, process);
    expect(reply.status, reply.text).toBe(200);
    expect(service.renderer.jobs).toMatchObject([{ source, target, pageNumber }]);
    expect(reply.headers['content-type']).toBe(target === 'png' ? 'image/png' : 'image/jpeg');
    expect(reply.headers['content-length']).toBe(String(reply.body.length));
    expect(reply.headers['etag']).toMatch(/^"[0-9A-F]{32}"$/);
    expect(reply.body.equals(paintPng(pageNumber))).toBe(true);
  });

  test('a version by its id', async () => {
    const versions = [
      { versionId: 'CAEQ2222222222222222', text: 'pages: 1' },
      { versionId: 'CAEQ1111111111111111', text: 'pages: 5' },
    ];
    const service = await makeService({
      world: { buckets: { docs: { versioning: 'Enabled', objects: [{ key: 'v.pdf', versions }] } } },
    });
    const old = await service.ask({
      bucket: 'docs',
      key: 'v.pdf',
      query: [
        ['x-oss-process', 'doc/snapshot,page_5'],
        ['versionId', 'CAEQ1111111111111111'],
      ],
    });
    expect(old).toMatchObject({ status: 200, headers: { 'x-oss-version-id': 'CAEQ1111111111111111' } });
    expect((await buy(service, 'v.pdf', 'doc/snapshot,page_5')).status).toBe(400);
  });
});

describe('what is refused', () => {
  test.each([
    ['three.pdf', 'doc/snapshot,page_4', 'InvalidArgument, [page]:4 is out of range, the document has 3 pages.'],
    ['UPPER.DOCX', 'doc/snapshot,page_2', 'InvalidArgument, [page]:2 is out of range, the document has 1 page.'],
    ['three.pdf', 'doc/snapshot,page_0', 'InvalidArgument, [page]:must be a whole number from 1 to 2000.'],
    ['three.pdf', 'doc/snapshot,page_-1', 'InvalidArgument, [page]:must be a whole number from 1 to 2000.'],
    ['three.pdf', 'doc/snapshot,page_1.5', 'InvalidArgument, [page]:must be a whole number from 1 to 2000.'],
    ['three.pdf', 'doc/snapshot,page_', 'InvalidArgument, [page]:must be a whole number from 1 to 2000.'],
    ['three.pdf', 'doc/snapshot,page_2001', 'InvalidArgument, [page]:exceeds the maximum of 2000.'],
    ['three.pdf', 'doc/snapshot,page_1,page_2', 'InvalidArgument, [page]:is given twice.'],
    ['three.pdf', 'doc/snapshot,target_gif', 'InvalidArgument, [target]:must be png or jpg.'],
    ['three.pdf', 'doc/snapshot,target_PNG', 'InvalidArgument, [target]:must be png or jpg.'],
    [
      'three.pdf',
      'doc/snapshot,source_odt',
      'InvalidArgument, [source]:must be one of pdf, docx, doc, xlsx, xls, pptx, ppt.',
    ],
    [
      'noext',
      'doc/snapshot',
      'InvalidArgument, [source]:is required, because the name of the object does not end in a supported extension.',
    ],
    [
      'notes.txt',
      'doc/snapshot',
      'InvalidArgument, [source]:is required, because the name of the object does not end in a supported extension.',
    ],
    ['three.pdf', 'doc/snapshot,width_100', 'InvalidArgument, [width]:is not supported.'],
    ['three.pdf', 'doc/snapshot,', 'InvalidArgument, [parameter]:is not supported.'],
    ['three.pdf', 'doc/preview', 'ResourceNotFound, The specified resource Route is not found.'],
    ['over.pdf', 'doc/snapshot', 'LimitExceededError, source file too large, the maximum is 20971520 bytes.'],
    ['empty.pdf', 'doc/snapshot', 'OfficeFileEmpty, The document has no content.'],
    ['password.pdf', 'doc/snapshot', 'OfficePasswordRequired, Refused because of password.'],
    ['unreadable.pdf', 'doc/snapshot', 'OfficeFileUnreadable, Refused because of unreadable.'],
    ['wrong-content.pdf', 'doc/snapshot', 'OfficeContentMismatch, Refused because of wrong-content.'],
    ['too-slow.pdf', 'doc/snapshot', 'ConvertTimeout, Refused because of too-slow.'],
    ['office-missing.pdf', 'doc/snapshot', 'OfficeEngineMissing, Refused because of office-missing.'],
  ])('%s %s', async (key, process, text) => {
    const service = await makeService({ files, world });
    const reply = await buy(service, key, process);
    expect([reply.status, element(reply.text, 'Code')]).toEqual([400, 'Imm Client']);
    expect(message(reply)).toMatch(new RegExp(`^.* ${UUID}$`));
    expect(message(reply).replace(new RegExp(` ${UUID}$`), '')).toBe(text);
    expect(element(reply.text, 'EC')).toBe(key === 'over.pdf' ? '0056-00000002' : '0056-00000001');
    expect((await buy(service, 'three.pdf', 'doc/snapshot')).status).toBe(200);
    expect(service.service.bill()).toMatchObject({ documentConverts: 1, failures: { 'Imm Client': 1 } });
  });

  test('exactly 20 MiB is accepted', async () => {
    const service = await makeService({ files, world });
    expect((await buy(service, 'exact.pdf', 'doc/snapshot')).status).toBe(200);
  });

  test.each([
    ['style/cover', 404, 'NoSuchStyle'],
    ['image/resize,w_100', 400, 'InvalidArgument'],
  ])('%s', async (process, status, code) => {
    const reply = await buy(await makeService({ files, world }), 'three.pdf', process);
    expect([reply.status, element(reply.text, 'Code')]).toEqual([status, code]);
  });

  test('no object, no bucket, HEAD', async () => {
    const service = await makeService({ files, world });
    expect(element((await buy(service, 'gone.pdf', 'doc/snapshot')).text, 'Code')).toBe('NoSuchKey');
    const head = await service.ask({
      method: 'HEAD',
      bucket: 'docs',
      key: 'three.pdf',
      query: [['x-oss-process', 'doc/snapshot']],
    });
    expect(head.status).toBe(405);
  });
});

describe('misfortunes of the conversion', () => {
  test.each([
    [{ kind: 'imm-not-attached' }, 'ResourceNotFound, The specified resource Attachment is not found.'],
    [{ kind: 'imm-project-gone' }, 'ResourceNotFound, The specified resource Project is not found.'],
    [{ kind: 'imm-role-missing' }, 'Forbidden, the service role AliyunIMMDefaultRole may not read the bucket.'],
    [{ kind: 'imm', code: 'Odd', message: 'something else' }, 'Odd, something else.'],
    [{ kind: 'convert-timeout' }, 'ConvertTimeout, the conversion took longer than its time limit.'],
  ])('%o', async (misfortune, text) => {
    const service = await makeService({ files, world: worldWith(misfortune) });
    const reply = await buy(service, 'three.pdf', 'doc/snapshot');
    expect(message(reply).replace(new RegExp(` ${UUID}$`), '')).toBe(text);
    expect((await service.ask({ bucket: 'docs', key: 'three.pdf' })).status).toBe(200);
  });

  test.each([
    ['refuse', 400, null],
    ['clamp', 200, paintPng(3)],
    ['blank', 200, paintPng(7777)],
  ])('past the end: %s', async (answer, status, picture) => {
    const service = await makeService({ files, world: worldWith({ kind: 'past-the-end', answer }) });
    const reply = await buy(service, 'three.pdf', 'doc/snapshot,page_9');
    expect(reply.status).toBe(status);
    if (picture) expect(reply.body.equals(picture)).toBe(true);
    expect(service.service.bill().documentConverts).toBe(picture ? 1 : 0);
    expect((await buy(service, 'three.pdf', 'doc/snapshot,page_2')).body.equals(paintPng(2))).toBe(true);
  });

  test('a slow conversion sleeps and can be given up', async () => {
    const slept: number[] = [];
    const sleep = (ms: number, signal: AbortSignal): Promise<void> => {
      slept.push(ms);
      return signal.aborted ? Promise.reject(signal.reason as Error) : Promise.resolve();
    };
    const service = await makeService({
      files,
      world: worldWith({ kind: 'slow-conversion', ms: 5000 }, { kind: 'latency', ms: 70 }),
      sleep,
    });
    expect((await buy(service, 'three.pdf', 'doc/snapshot')).status).toBe(200);
    expect(slept).toEqual([70, 5000]);
  });

  test('200 without a picture', async () => {
    const service = await makeService({ files, world: worldWith({ kind: 'not-an-image', pages: [2] }) });
    const reply = await buy(service, 'three.pdf', 'doc/snapshot,page_2');
    expect([reply.status, reply.headers['content-type'], reply.text]).toEqual([
      200,
      'image/png',
      'This is not a picture.',
    ]);
    expect((await buy(service, 'three.pdf', 'doc/snapshot,page_1')).body.equals(paintPng(1))).toBe(true);
  });

  test('forced download on a default domain', async () => {
    const forced = { customDomains: { 'd.example.com': 'docs' }, buckets: { docs: { forceDownload: true } } };
    const service = await makeService({ files, world: forced });
    expect((await buy(service, 'three.pdf', 'doc/snapshot')).headers).toMatchObject({
      'x-oss-force-download': 'true',
      'content-disposition': 'attachment',
    });
    const own = await service.ask({
      bucket: 'docs',
      key: 'three.pdf',
      host: 'd.example.com',
      path: '/three.pdf',
      query: [['x-oss-process', 'doc/snapshot']],
    });
    expect(own.headers['x-oss-force-download']).toBeUndefined();
  });
});

test('the bill: who bought what how often, and what failed', async () => {
  const service = await makeService({ files, world });
  const first = await buy(service, 'three.pdf', 'doc/snapshot,page_1');
  await buy(service, 'three.pdf', 'doc/snapshot,page_1');
  const jpg = await buy(service, 'three.pdf', 'doc/snapshot,page_2,target_jpg');
  await buy(service, 'three.pdf', 'doc/snapshot,page_4');
  await service.ask({ bucket: 'docs', key: 'three.pdf', method: 'HEAD' });
  await service.ask({ bucket: 'docs', key: 'three.pdf' });
  await service.ask({ bucket: 'docs', key: 'gone.pdf' });
  const reply = await service.ask({ query: [['local-oss-bill']] });
  expect(reply.headers['content-type']).toBe('application/json');
  const bill = JSON.parse(reply.text) as Bill;
  const of = { bucket: 'docs', key: 'three.pdf', versionId: null };
  expect(bill).toMatchObject({
    documentConverts: 3,
    getRequests: 5,
    failedRequests: 2,
    failures: { 'Imm Client': 1, NoSuchKey: 1 },
    requests: { Snapshot: 4, HeadObject: 1, GetObject: 2 },
    snapshots: [
      { ...of, pageNumber: 1, target: 'png', times: 2 },
      { ...of, pageNumber: 2, target: 'jpg', times: 1 },
    ],
  });
  const errors = bill.bytesOut - (2 * first.body.length + jpg.body.length + 'pages: 3'.length);
  expect(errors).toBeGreaterThan(0);
  expect(bill.objects.find((one) => one.key === 'three.pdf')).toMatchObject({
    documentConverts: 3,
    getRequests: 5,
    failedRequests: 1,
  });
  expect(service.service.bill()).toEqual(bill);
});
