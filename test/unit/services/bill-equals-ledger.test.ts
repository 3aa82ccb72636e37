/**
 * Whatever a reader does, the ledger says what the service's own bill says, and no picture is bought twice: random
 * sequences of opening, scrolling, closing, exporting, changing objects, going offline, failures and budgets, over the
 * real documents, exports and client, against the real service with a quick renderer.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { DocumentView } from '#contract/contract.ts';
import { ok } from '#contract/errors.ts';
import { AccountId, type DocumentHandle } from '#contract/ids.ts';
import type { Bill } from '#local-oss/bill.ts';
import { makeLocalOss } from '#local-oss/handle.ts';
import { readWorld } from '#local-oss/world.ts';
import { Credentials } from '#oss/credentials.ts';
import { makeCost } from '#services/cost.ts';
import { fixedCredentials } from '#services/credential-source.ts';
import { makeDocuments } from '#services/documents.ts';
import { makeExports } from '#services/exports.ts';
import { makeFolderGrants } from '#services/folder-grants.ts';
import { makeInProcessSend } from '#services/in-process-send.ts';
import { makeLedger, picturesOf } from '#services/ledger.ts';
import { makeLog } from '#services/log.ts';
import { makeOssClient } from '#services/oss-client.ts';
import { SendFailure, type Send } from '#services/send.ts';
import { openSettings } from '#services/settings.ts';
import { TextRenderer } from '../local-oss/service.ts';
import { seeded } from '../renderer/seeded.ts';
import { settle } from './oss-twin.ts';

const KEY = { accessKeyId: 'LTAIbill', accessKeySecret: 'bill-secret' };
const ACCOUNT = AccountId.parse('0123456789abcdef');
const NAMES = ['a.pdf', 'b.docx', 'c.xlsx'];
const STEPS = 40;
const never = new AbortController().signal;

/** Remembers every picture it has made. */
class CountingRenderer extends TextRenderer {
  readonly made = new Map<string, number>();

  override async render(...[job, signal]: Parameters<TextRenderer['render']>): ReturnType<TextRenderer['render']> {
    const outcome = await super.render(job, signal);
    const name = `${job.contentHash} ${job.pageNumber}.${job.target}`;
    if (outcome.kind === 'picture') this.made.set(name, (this.made.get(name) ?? 0) + 1);
    return outcome;
  }
}

async function openGround(random: () => number, misfortunes: object[]) {
  const root = await mkdtemp(path.join(tmpdir(), 'bill-'));
  const bucket = path.join(root, 'buckets', 'docs');
  await mkdir(bucket, { recursive: true });
  const out = path.join(root, 'out');
  await mkdir(out);
  let revision = 0;
  /** Another object under the same key: other bytes, another ETag. */
  const change = async (name: string): Promise<void> => {
    revision += 1;
    await writeFile(path.join(bucket, name), `pages: ${1 + Math.floor(random() * 9)} revision ${revision}`);
  };
  for (const name of NAMES) await change(name);
  const renderer = new CountingRenderer();
  const oss = makeLocalOss({
    now: Date.now,
    rootFolder: path.join(root, 'buckets'),
    region: 'cn-hangzhou',
    keys: [KEY],
    world: readWorld({ buckets: { docs: { misfortunes } } }, root),
    renderer,
  });
  let isOnline = true;
  const direct = makeInProcessSend(oss);
  let onTheWire = 0;
  const send: Send = async (request, signal) => {
    if (!isOnline) throw new SendFailure('offline', 'no', 'no network');
    onTheWire += 1;
    try {
      const response = await direct(request, signal);
      const pieces: Uint8Array[] = [];
      let broken: unknown = null;
      try {
        for await (const piece of response.body) pieces.push(piece);
      } catch (reason) {
        broken = reason;
      }
      return { ...response, body: replay(pieces, broken) };
    } finally {
      onTheWire -= 1;
    }
  };
  const later = (run: () => void): (() => void) => {
    const soon = setImmediate(run);
    return () => clearImmediate(soon);
  };
  const log = makeLog({ level: 'debug', now: Date.now, write: () => undefined });
  const settings = await openSettings(path.join(root, 'settings.json'), log, Date.now);
  const ledger = makeLedger({ now: Date.now, later, onChange: () => undefined, onCount: (id) => cost.touch(id) });
  const cost = makeCost({
    settings,
    ledger,
    now: Date.now,
    // Waits for another month are long: this month's test does not live to see them.
    later: (run, afterMs) => (afterMs > 60_000 ? () => undefined : later(run)),
    onChange: () => undefined,
    onRaised: (id) => documents.lookAgain(id),
    isThere: () => true,
  });
  const client = makeOssClient({
    endpoint: { scheme: 'http', host: 'localhost', style: 'path', region: 'cn-hangzhou', bucket: null },
    credentials: fixedCredentials(new Credentials(KEY)),
    send,
    rawSend: send,
    now: Date.now,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        // Time-outs end with their request; pauses between tries take no time.
        if (ms < 20_000) setImmediate(resolve);
        signal.addEventListener('abort', () => reject(new Error('aborted')), { once: true });
      }),
    random: () => 0.5,
    onRequest: ledger.of(ACCOUNT).record,
  });
  const randomBytes = (length: number): Uint8Array =>
    Buffer.from(Array.from({ length }, () => Math.floor(random() * 256)));
  const documents = makeDocuments({
    now: Date.now,
    later,
    randomBytes,
    clientOf: () => ok(client),
    ledger,
    refusal: cost.refusal,
    counting: () => settings.current,
    cacheFolder: path.join(root, 'cache'),
    onPages: () => undefined,
  });
  const grants = makeFolderGrants({ randomBytes });
  const exports = makeExports({ now: Date.now, later, randomBytes, documents, grants, onChange: () => undefined });
  onTestFinished(async () => {
    await exports.dispose();
    await documents.dispose();
    cost.dispose();
    ledger.dispose();
    await rm(root, { recursive: true, force: true });
  });
  return {
    ...{ oss, renderer, ledger, cost, client, documents, exports, change },
    isOnline: () => isOnline,
    onTheWire: () => onTheWire,
    grant: grants.grant(out).grant,
    network: (isThere: boolean): void => void (isOnline = isThere),
  };
}

type Ground = Awaited<ReturnType<typeof openGround>>;

/** A body that was read already, and how it broke. */
async function* replay(pieces: readonly Uint8Array[], broken: unknown): AsyncGenerator<Uint8Array> {
  yield* pieces;
  if (broken) throw broken;
}

/** Waits until nothing is on its way any more: nothing on the wire, nothing new counted, no export at work. */
async function untilQuiet({ exports, ledger, onTheWire }: Ground): Promise<void> {
  for (let before = -1; ;) {
    for (let turn = 0; turn < 5; turn += 1) await settle();
    const { requests } = ledger.view();
    const isAtWork = onTheWire() > 0 || exports.get().some(({ state }) => state === 'running');
    if (requests === before && !isAtWork) return;
    before = isAtWork ? -1 : requests;
  }
}

async function act(ground: Ground, random: () => number, open: Map<DocumentHandle, DocumentView>): Promise<void> {
  const { documents, exports, cost } = ground;
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  const view = open.size > 0 ? pick([...open.values()]) : null;
  const some = (): number => 1 + Math.floor(random() * 10);
  switch (
    pick([
      'open',
      'open',
      'scroll',
      'scroll',
      'scroll',
      'close',
      'export',
      'change',
      'list',
      'network',
      'budget',
      'retry',
    ])
  ) {
    case 'open': {
      const input = { accountId: ACCOUNT, bucket: 'docs', key: pick(NAMES), versionId: null, source: null };
      const opened = await documents.open(pick(['one window', 'another']), input, never);
      if (opened.ok) open.set(opened.value.handle, opened.value);
      return;
    }
    case 'scroll': {
      const first = some();
      if (view) documents.want(view.handle, pick(['png', 'png', 'png', 'jpg']), [first, first + 1, first + 2]);
      return;
    }
    case 'close':
      if (!view) return;
      documents.close(view.handle);
      if (documents.ownerOf(view.handle) === null) open.delete(view.handle);
      return;
    case 'export': {
      if (!view) return;
      const from = some();
      const selection = [{ from, to: pick([from + 3, null]) }];
      const order = {
        handle: view.handle,
        selection,
        target: pick(['png', 'jpg'] as const),
        template: '{name}-p{page}',
      };
      await exports.start({ ...order, grant: ground.grant, ifExists: 'replace' });
      return;
    }
    case 'change': {
      // What is asked before a document is opened anew comes from the new object under the old name: nobody can tell.
      if (!ground.isOnline()) return;
      await untilQuiet(ground);
      const name = pick(NAMES);
      await ground.change(name);
      for (const { handle, accountId, bucket, key, versionId, source } of open.values()) {
        const owner = documents.ownerOf(handle);
        if (key !== name || owner === null) continue;
        await documents.open(owner, { accountId, bucket, key, versionId, source }, never);
        documents.close(handle);
      }
      return;
    }
    case 'list':
      await ground.client.listObjects({ bucket: 'docs', prefix: '', next: null, maxKeys: 2 }, never);
      return;
    case 'network':
      ground.network(random() < 0.7);
      return documents.goOn(ACCOUNT);
    case 'budget': {
      const { sure, unclear } = picturesOf(ground.ledger.count(ACCOUNT, ground.ledger.month()));
      const stopAt = random() < 0.5 ? null : sure + unclear + Math.floor(random() * 3);
      await cost.setBudget(ACCOUNT, { unit: 'pictures', warnAt: null, stopAt });
      if (random() < 0.3) cost.goOnOnce(ACCOUNT, 2);
      return;
    }
    case 'retry':
      if (view) documents.retry(view.handle, 'png', some());
  }
}

/** What the ledger has of this month, as the service's bill names it; `unclear` may or may not be on the bill. */
function totals({ ledger }: Ground) {
  const { items } = ledger.count(ACCOUNT, ledger.month());
  const gets = [items.get, items.getIa, items.getArchive];
  return {
    pictures: picturesOf({ items }),
    gets: gets.reduce((sum, one) => sum + (one?.sure ?? 0), 0),
    unclearGets: gets.reduce((sum, one) => sum + (one?.unclear ?? 0), 0),
    bytes: items.traffic?.sure ?? 0,
    lists: items.list?.sure ?? 0,
  };
}

async function live(seed: number, misfortunes: object[] = []): Promise<{ ground: Ground; bill: Bill }> {
  const random = seeded(seed);
  const ground = await openGround(random, misfortunes);
  const open = new Map<DocumentHandle, DocumentView>();
  for (let step = 0; step < STEPS; step += 1) {
    await act(ground, random, open);
    // Now and then the next thing happens while the last is still on its way.
    if (random() < 0.5) await untilQuiet(ground);
    else await settle();
  }
  ground.network(true);
  await untilQuiet(ground);
  return { ground, bill: ground.oss.bill() };
}

const SEEDS = Array.from({ length: 30 }, (_, index) => index + 1);

it.each(SEEDS)('the ledger equals the bill, and nothing is bought twice (seed %i)', async (seed) => {
  const { ground, bill } = await live(seed);
  const { pictures, gets, bytes, lists } = totals(ground);
  expect({ pictures, gets, bytes, lists }).toEqual({
    pictures: { sure: bill.documentConverts, unclear: 0 },
    gets: bill.getRequests,
    bytes: bill.bytesOut,
    lists: bill.requests.ListObjectsV2 ?? 0,
  });
  expect([...ground.renderer.made].filter(([, times]) => times > 1)).toEqual([]);
  expect(ground.renderer.made.size).toBe(bill.documentConverts);
});

it.each(SEEDS.slice(0, 10))(
  'with failures the bill lies between what is sure and what may be (seed %i)',
  async (seed) => {
    const operations = ['Snapshot'];
    const { ground, bill } = await live(seed + 1000, [
      { kind: 'throttle', operations, skip: 3, times: 2 },
      { kind: 'error', status: 500, code: 'InternalError', message: 'x', operations, skip: 6, times: 2 },
      { kind: 'truncate', afterBytes: 20, operations, skip: 8, times: 2 },
      { kind: 'reset', afterWork: true, operations, skip: 10, times: 1 },
      { kind: 'reset', operations, skip: 12, times: 1 },
    ]);
    const { pictures, gets, unclearGets, bytes } = totals(ground);
    expect(bill.documentConverts).toBeGreaterThanOrEqual(pictures.sure);
    expect(bill.documentConverts).toBeLessThanOrEqual(pictures.sure + pictures.unclear);
    expect(bill.getRequests).toBeGreaterThanOrEqual(gets);
    expect(bill.getRequests).toBeLessThanOrEqual(gets + unclearGets);
    expect(bytes).toBeLessThanOrEqual(bill.bytesOut);
  },
);
