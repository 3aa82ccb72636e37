/** Pages from a real OSS service with a real PDF engine, over signed requests, to the screen's door and into files. */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import type { DocumentView, JobView } from '#contract/contract.ts';
import { ok } from '#contract/errors.ts';
import { AccountId } from '#contract/ids.ts';
import { makeLocalOss, type LocalOss } from '#local-oss/handle.ts';
import type { PageRenderer } from '#local-oss/rendering/page-renderer.ts';
import { readWorld } from '#local-oss/world.ts';
import { Credentials } from '#oss/credentials.ts';
import { fixedCredentials } from '#services/credential-source.ts';
import { makeDocuments, type Documents } from '#services/documents.ts';
import { makeExports, type Exports } from '#services/exports.ts';
import { makeFolderGrants } from '#services/folder-grants.ts';
import { makeInProcessSend } from '#services/in-process-send.ts';
import { makeLedger, type Ledger } from '#services/ledger.ts';
import { makeOssClient } from '#services/oss-client.ts';
import { openBench, type Bench } from '../local-oss/renderer-fixture.ts';
import { makePdf } from '../local-oss/tiny-documents.ts';
import { settle } from './oss-twin.ts';

const PAGES = 7;
const KEY = { accessKeyId: 'LTAIflow', accessKeySecret: 'flow-secret' };
const never = new AbortController().signal;

let bench: Bench;
let renderer: PageRenderer;
let world: string;
beforeAll(async () => {
  bench = await openBench();
  renderer = bench.make();
  world = await mkdtemp(path.join(tmpdir(), 'page-flow-'));
  await mkdir(path.join(world, 'reports'));
  const pages = Array.from({ length: PAGES }, (_, index) => ({ content: `0 g ${index * 40} 0 72 72 re f` }));
  await writeFile(path.join(world, 'reports', '年报.pdf'), makePdf(pages));
});
afterAll(async () => {
  await bench.close();
  await rm(world, { recursive: true, force: true });
});

interface Flow {
  oss: LocalOss;
  ledger: Ledger;
  documents: Documents;
  exports: Exports;
  opened: DocumentView;
  folder: string;
  /** Exports all pages and answers the job once it can go no further by itself. */
  exportAll(): Promise<JobView>;
  rest(jobId: string): Promise<JobView>;
}

async function openFlow(misfortunes: object[] = []): Promise<Flow> {
  const root = await mkdtemp(path.join(tmpdir(), 'page-flow-out-'));
  const folder = path.join(root, 'out');
  await mkdir(folder);
  let seed = 0;
  const time = { now: Date.now, randomBytes: (length: number) => Buffer.alloc(length, (seed += 1)) };
  const ledger = makeLedger({ ...time, onChange: () => undefined });
  const oss = makeLocalOss({
    ...time,
    rootFolder: world,
    region: 'cn-hangzhou',
    keys: [KEY],
    world: readWorld({ buckets: { reports: { misfortunes } } }, world),
    renderer,
  });
  const send = makeInProcessSend(oss);
  const client = makeOssClient({
    endpoint: { scheme: 'http', host: 'localhost', style: 'path', region: 'cn-hangzhou', bucket: null },
    credentials: fixedCredentials(new Credentials(KEY)),
    send,
    rawSend: send,
    now: Date.now,
    // Time-outs wait their time, pauses between tries none.
    sleep: (ms, signal) => sleep(ms >= 10_000 ? ms : 0, undefined, { signal }),
    random: () => 0.5,
    onRequest: ledger.of(null).record,
  });
  // Waiting after "too many requests" is cut short: nothing here depends on how long it is.
  const later = (run: () => void): (() => void) => {
    const soon = setImmediate(run);
    return () => clearImmediate(soon);
  };
  const documents = makeDocuments({
    ...time,
    later,
    clientOf: () => ok(client),
    ledger,
    cacheFolder: path.join(root, 'cache'),
    onPages: () => undefined,
  });
  const grants = makeFolderGrants(time);
  const exports = makeExports({ ...time, later, documents, grants, onChange: () => undefined });
  onTestFinished(async () => {
    await exports.dispose();
    await documents.dispose();
    await rm(root, { recursive: true, force: true });
  });
  const opened = await documents.open(
    'window',
    { accountId: AccountId.parse('samples'), bucket: 'reports', key: '年报.pdf', versionId: null, source: null },
    never,
  );
  if (!opened.ok) throw new Error(JSON.stringify(opened.error));
  const rest = async (jobId: string): Promise<JobView> => {
    for (;;) {
      const job = exports.get().find((one) => one.id === jobId);
      if (job && job.state !== 'running') return job;
      await settle();
    }
  };
  return {
    oss,
    ledger,
    documents,
    exports,
    opened: opened.value,
    folder,
    rest,
    async exportAll() {
      const started = await exports.start({
        handle: opened.value.handle,
        selection: [{ from: 1, to: null }],
        target: 'png',
        template: '{name}-p{page}',
        grant: grants.grant(folder).grant,
        ifExists: 'ask',
      });
      if (!started.ok) throw new Error(JSON.stringify(started.error));
      return rest(started.value.id);
    },
  };
}
/** Wants pages and waits until none of them is on its way any more. */
async function show({ documents, opened }: Flow, pages: number[]): Promise<string[]> {
  for (;;) {
    const wanted = documents.want(opened.handle, 'png', pages);
    if (!wanted.ok) throw new Error(wanted.error.message);
    const states = wanted.value.pages.map((page) => page.status);
    if (!states.some((status) => status === 'queued' || status === 'converting')) return states;
    await sleep(5);
  }
}

it('buys each page once for screen and files, and the ledger equals the service’s own bill', async () => {
  const flow = await openFlow();
  expect(flow.oss.bill().documentConverts).toBe(0);
  expect(await show(flow, [2, 3, 1])).toEqual(['ready', 'ready', 'ready']);
  const shown = await flow.documents.picture(
    flow.opened.handle,
    flow.opened.version,
    { pageNumber: 2, target: 'png' },
    true,
  );
  expect(shown).toMatchObject({ mediaType: 'image/png', widthPx: 1275, heightPx: 1650 });
  expect(await flow.exportAll()).toMatchObject({ state: 'done', written: PAGES, bought: PAGES - 3, failures: [] });

  const names = Array.from({ length: PAGES }, (_, index) => `年报-p000${index + 1}.png`);
  expect((await readdir(flow.folder)).sort()).toEqual(names);
  expect(await readFile(path.join(flow.folder, '年报-p0002.png'))).toEqual(Buffer.from(shown!.bytes));
  expect(new Set(await Promise.all(names.map((name) => readFile(path.join(flow.folder, name), 'hex')))).size).toBe(
    PAGES,
  );

  const bill = flow.oss.bill();
  expect(bill.snapshots.map((page) => page.times)).toEqual(Array(PAGES).fill(1));
  expect(flow.ledger.view()).toMatchObject({ snapshots: bill.documentConverts, unclear: 0 });
  expect(flow.ledger.view().requests).toBe(bill.getRequests + bill.failedRequests);
  expect(flow.documents.view(flow.opened.handle)).toMatchObject({ value: { pages: { atLeast: PAGES, total: PAGES } } });
});

it('tells a service that repeats its last page from one that ends', async () => {
  const flow = await openFlow([{ kind: 'past-the-end', answer: 'clamp' }]);
  const job = await flow.exportAll();
  expect(job).toMatchObject({ state: 'asking', question: { kind: 'same-picture', pageNumber: PAGES + 1 } });
  expect(flow.documents.view(flow.opened.handle)).toMatchObject({
    value: { pages: { total: null, repeatsFrom: PAGES + 1 } },
  });
  flow.exports.answer(job.id, 'stop-here');
  expect(await flow.rest(job.id)).toMatchObject({ state: 'done', written: PAGES });
  expect(await readdir(flow.folder)).toHaveLength(PAGES);
});

it('never pays twice for a page in doubt without being told to', async () => {
  const flow = await openFlow([{ kind: 'truncate', afterBytes: 100, operations: ['Snapshot'], pages: [2], times: 1 }]);
  expect(await show(flow, [1, 2, 3])).toEqual(['ready', 'failed', 'ready']);
  expect(await show(flow, [2])).toEqual(['failed']);
  const job = await flow.exportAll();
  expect(job).toMatchObject({
    state: 'finished-with-gaps',
    written: PAGES - 1,
    failures: [{ pageNumber: 2, error: { code: 'snapshot.unclear', charged: 'unclear' } }],
  });
  expect(flow.ledger.view()).toMatchObject({ snapshots: PAGES - 1, unclear: 1 });
  flow.exports.retry(job.id);
  expect(await flow.rest(job.id)).toMatchObject({ state: 'done', written: PAGES });
  expect(
    flow.oss
      .bill()
      .snapshots.map(({ pageNumber, times }) => [pageNumber, times])
      .sort(),
  ).toEqual(Array.from({ length: PAGES }, (_, index) => [index + 1, index + 1 === 2 ? 2 : 1]));
});

it('outlasts a service that is too busy for a while', async () => {
  const flow = await openFlow([{ kind: 'throttle', delayMs: 300, operations: ['Snapshot'], times: 12 }]);
  expect(await flow.exportAll()).toMatchObject({ state: 'done', written: PAGES, failures: [] });
  expect(flow.oss.bill().documentConverts).toBe(PAGES);
});

it('stops at once where page pictures are not switched on', async () => {
  const flow = await openFlow([{ kind: 'imm-not-attached' }]);
  expect(await flow.exportAll()).toMatchObject({
    state: 'failed',
    written: 0,
    error: { code: 'snapshot.notAttached' },
  });
  expect(flow.oss.bill().failedRequests).toBeLessThanOrEqual(4);
  expect(await readdir(flow.folder)).toEqual([]);
});
