/** Finding ends through signed requests to the real service with its real PDF engine. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { ok } from '#contract/errors.ts';
import { AccountId } from '#contract/ids.ts';
import { makeLocalOss } from '#local-oss/handle.ts';
import type { PageRenderer } from '#local-oss/rendering/page-renderer.ts';
import { readWorld } from '#local-oss/world.ts';
import { Credentials } from '#oss/credentials.ts';
import { fixedCredentials } from '#services/credential-source.ts';
import { makeDocuments } from '#services/documents.ts';
import { makeInProcessSend } from '#services/in-process-send.ts';
import { makeOssClient } from '#services/oss-client.ts';
import { openBench, type Bench } from '../local-oss/renderer-fixture.ts';
import { makeTreePdf } from '../structure/pdf-trees.ts';

const PAGES = 6;
const KEY = { accessKeyId: 'LTAIends', accessKeySecret: 'ends-secret' };
const never = new AbortController().signal;

let bench: Bench;
let renderer: PageRenderer;
let world: string;
beforeAll(async () => {
  bench = await openBench();
  renderer = bench.make();
  world = await mkdtemp(path.join(tmpdir(), 'end-flow-'));
  await mkdir(path.join(world, 'reports'));
  // One that can be counted, and one whose head says another number than its tree.
  await writeFile(path.join(world, 'reports', 'counted.pdf'), makeTreePdf({ pages: PAGES, form: 'packed' }));
  await writeFile(
    path.join(world, 'reports', 'hinted.pdf'),
    makeTreePdf({ pages: PAGES, linearized: { claims: PAGES - 1 } }),
  );
});
afterAll(async () => {
  await bench.close();
  await rm(world, { recursive: true, force: true });
});

async function open(key: string, answer: 'refuse' | 'clamp' | 'blank') {
  const folder = await mkdtemp(path.join(tmpdir(), 'end-flow-cache-'));
  const misfortunes = [{ kind: 'past-the-end', answer }];
  let seed = 0;
  const oss = makeLocalOss({
    now: Date.now,
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
    sleep: (_ms, signal) =>
      new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('over')), { once: true })),
    random: () => 0,
  });
  const documents = makeDocuments({
    clientOf: () => ok(client),
    ledger: { reused: () => undefined },
    cacheFolder: folder,
    onPages: () => undefined,
    now: Date.now,
    randomBytes: (length) => Buffer.alloc(length, (seed += 1)),
    counting: () => ({ readsFiles: true, failedCallCost: 0.2 }),
  });
  onTestFinished(async () => {
    await documents.dispose();
    await rm(folder, { recursive: true, force: true });
  });
  const input = { accountId: AccountId.parse('samples'), bucket: 'reports', key, versionId: null, source: null };
  const opened = await documents.open('window', input, never);
  if (!opened.ok) throw new Error(opened.error.message);
  const { handle } = opened.value;
  documents.want(handle, 'png', [1]);
  const count = () => {
    const view = documents.view(handle);
    if (!view.ok) throw new Error(view.error.message);
    return view.value.pages;
  };
  return { oss, documents, handle, count };
}

for (const answer of ['refuse', 'clamp', 'blank'] as const) {
  it(`a file that was counted needs no call at all, whatever the service answers past the end: ${answer}`, async () => {
    const { oss, documents, handle, count } = await open('counted.pdf', answer);
    await expect.poll(() => count().total, { timeout: 10_000 }).toBe(PAGES);
    expect(count().proof).toBe('structure');
    expect(await documents.findEnd(handle, 'png', never)).toEqual(ok({ kind: 'found', total: PAGES, bought: 0 }));
    expect(oss.bill()).toMatchObject({ documentConverts: 1, failedRequests: 0 });
  });

  it(`a hint is proven, or left in doubt, by two calls: ${answer}`, async () => {
    const { oss, documents, handle, count } = await open('hinted.pdf', answer);
    await expect.poll(() => count().hint, { timeout: 10_000 }).toEqual({ pages: PAGES, kind: 'likely' });
    const found = await documents.findEnd(handle, 'png', never);
    const isRefused = answer === 'refuse';
    expect(found).toEqual(
      ok(isRefused ? { kind: 'found', total: PAGES, bought: 1 } : { kind: 'doubt', pageNumber: PAGES + 1, bought: 2 }),
    );
    expect(count().total).toBe(isRefused ? PAGES : null);
    expect(oss.bill().snapshots.map(({ pageNumber }) => pageNumber)).toEqual(
      isRefused ? [1, PAGES] : [1, PAGES, PAGES + 1],
    );
  });
}
