/**
 * Every fault × (list, open, page, export), against the real local-oss over HTTP: what the person is told, how often the
 * service was asked, and what its own bill says. Time is driven by hand, so that even a time-out of 90 s takes none.
 */
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { fail, ok, type ErrorCode, type Result } from '#contract/errors.ts';
import { AccountId } from '#contract/ids.ts';
import { listen } from '#local-oss/carrier.ts';
import { makeLocalOss } from '#local-oss/handle.ts';
import { readWorld } from '#local-oss/world.ts';
import { Credentials } from '#oss/credentials.ts';
import { toErrorWords } from '#renderer/words/errors.ts';
import { fixedCredentials } from '#services/credential-source.ts';
import { makeDocuments } from '#services/documents.ts';
import { makeExports } from '#services/exports.ts';
import { makeFolderGrants } from '#services/folder-grants.ts';
import { makeLedger } from '#services/ledger.ts';
import { makeNodeSend } from '#services/node-send.ts';
import { makeOssClient } from '#services/oss-client.ts';
import { TextRenderer } from '../local-oss/service.ts';
import { makeHandClock } from './hand-clock.ts';
import { makeManualTime, until } from './manual-time.ts';

const KEY = { accessKeyId: 'LTAIfault', accessKeySecret: 'fault-secret' };
const ACCOUNT = AccountId.parse('0123456789abcdef');
/** Of lists and HEADs, and of page pictures. */
const TIMEOUTS_MS = [20_000, 90_000];
const never = new AbortController().signal;
type Act = 'list' | 'open' | 'page' | 'export';
const OPERATION = { list: 'ListObjectsV2', open: 'HeadObject', page: 'Snapshot', export: 'Snapshot' } as const;

/** How an act ends: in a failure, or well. `asked`: requests of its operation; `bought`: pictures on the service's bill. */
interface End {
  is: ErrorCode | 'good';
  asked: number;
  bought: number;
  /** The person has to be told that it may have been paid. */
  isUnclear?: true;
}
const end = (is: End['is'], asked: number, bought = 0, isUnclear?: true): End => ({
  is,
  asked,
  bought,
  ...(isUnclear && { isUnclear }),
});

/** One fault for every request it meets, and how each act ends. Acts that are left out cannot meet it. */
interface Fault {
  name: string;
  misfortune: { kind: string; [field: string]: unknown };
  ends: Partial<Record<Act, End>>;
}

/** The same refusal whatever was asked, once: not to be repeated. */
const refused = (status: number, code: string, message: string, is: ErrorCode, picture: ErrorCode = is): Fault => ({
  name: `${status} ${code}`,
  misfortune: { kind: 'error', status, code, message },
  ends: { list: end(is, 1), open: end(is, 1), page: end(picture, 1), export: end(picture, 1) },
});
/** A throttle: lists and HEADs try three times; a page goes back into its line ten times. */
const throttle = (code: string): Fault => ({
  name: `503 ${code}`,
  misfortune: { kind: 'throttle', code, delayMs: 50 },
  ends: {
    list: end('oss.throttled', 3),
    open: end('oss.throttled', 3),
    page: end('oss.throttled', 11),
    export: end('oss.throttled', 11),
  },
});
/** Trouble that passes: three tries for everything, since nothing is billed. */
const busy = (name: string, misfortune: Fault['misfortune']): Fault => ({
  name,
  misfortune,
  ends: {
    list: end('oss.unavailable', 3),
    open: end('oss.unavailable', 3),
    page: end('oss.unavailable', 3),
    export: end('oss.unavailable', 3),
  },
});
/** An answer of 200 that is no list, and no picture either: lists are free, a picture may have been paid. */
const nonsense = (as: string): Fault => ({
  name: `200 with ${as}`,
  misfortune: { kind: 'body', as },
  ends: {
    list: end('net.badAnswer', 1),
    page: end('snapshot.notAnImage', 1, 1, true),
    export: end('snapshot.notAnImage', 1, 1, true),
  },
});

const FAULTS: readonly Fault[] = [
  {
    name: 'connection reset before the answer',
    misfortune: { kind: 'reset' },
    ends: {
      list: end('net.reset', 3),
      open: end('net.reset', 3),
      page: end('snapshot.unclear', 1, 0, true),
      export: end('snapshot.unclear', 1, 0, true),
    },
  },
  {
    name: 'connection reset after the work',
    misfortune: { kind: 'reset', afterWork: true },
    ends: { page: end('snapshot.unclear', 1, 1, true), export: end('snapshot.unclear', 1, 1, true) },
  },
  {
    name: 'body cut off',
    misfortune: { kind: 'truncate', afterBytes: 20 },
    ends: {
      list: end('net.reset', 3),
      page: end('snapshot.unclear', 1, 1, true),
      export: end('snapshot.unclear', 1, 1, true),
    },
  },
  {
    name: 'body that stops for ever',
    misfortune: { kind: 'stall', afterBytes: 20 },
    ends: {
      list: end('net.timeout', 1),
      page: end('snapshot.unclear', 1, 1, true),
      export: end('snapshot.unclear', 1, 1, true),
    },
  },
  {
    name: 'body that trickles for ever',
    misfortune: { kind: 'dribble', bytes: 1, ms: 10_000 },
    ends: {
      list: end('net.timeout', 1),
      page: end('snapshot.unclear', 1, 1, true),
      export: end('snapshot.unclear', 1, 1, true),
    },
  },
  {
    name: 'body that trickles and comes',
    misfortune: { kind: 'dribble', bytes: 100, ms: 500 },
    ends: { list: end('good', 1), page: end('good', 1, 1), export: end('good', 1, 1) },
  },
  {
    name: 'no answer in time',
    misfortune: { kind: 'latency', ms: 200_000 },
    ends: {
      // Who goes away before there is an answer is on nobody's bill.
      list: end('net.timeout', 0),
      open: end('net.timeout', 0),
      page: end('snapshot.unclear', 0, 0, true),
      export: end('snapshot.unclear', 0, 0, true),
    },
  },
  {
    name: 'a page of a proxy, 200',
    misfortune: { kind: 'html', status: 200 },
    ends: {
      list: end('net.proxy', 1),
      page: end('net.proxy', 1, 0, true),
      export: end('net.proxy', 1, 0, true),
    },
  },
  {
    name: 'a page of a proxy, 403',
    misfortune: { kind: 'html', status: 403 },
    ends: { list: end('net.proxy', 1), page: end('net.proxy', 1), export: end('net.proxy', 1) },
  },
  busy('a page of a gateway, 502', { kind: 'html', status: 502 }),
  busy('a page of a gateway, 504', { kind: 'html', status: 504 }),
  busy('500 InternalError', { kind: 'error', status: 500, code: 'InternalError' }),
  busy('503 without a throttle code', { kind: 'error', status: 503, code: 'SomethingElse' }),
  throttle('CpuLimitExceeded'),
  throttle('TotalQpsLimitExceeded'),
  throttle('MetaOperationQpsLimitExceeded'),
  throttle('DownloadTrafficRateLimitExceeded'),
  throttle('ActiveRequestLimitExceeded'),
  throttle('ServiceUnavailable'),
  nonsense('empty'),
  nonsense('json'),
  nonsense('unclosed-xml'),
  nonsense('other-root'),
  nonsense('doctype'),
  nonsense('not-utf8'),
  {
    name: '50 MB of XML',
    misfortune: { kind: 'body', as: 'huge-xml' },
    ends: {
      list: end('net.badAnswer', 1),
      page: end('snapshot.notAnImage', 1, 1, true),
      export: end('snapshot.notAnImage', 1, 1, true),
    },
  },
  {
    name: 'a picture without its end',
    misfortune: { kind: 'body', as: 'cut-picture', operations: ['Snapshot'] },
    ends: { page: end('snapshot.notAnImage', 1, 1, true), export: end('snapshot.notAnImage', 1, 1, true) },
  },
  {
    name: 'a picture with other bytes in its middle',
    misfortune: { kind: 'body', as: 'scrambled-picture', operations: ['Snapshot'] },
    ends: { page: end('snapshot.notAnImage', 1, 1, true), export: end('snapshot.notAnImage', 1, 1, true) },
  },
  {
    name: 'a picture without a size',
    misfortune: { kind: 'body', as: 'no-size-picture', operations: ['Snapshot'] },
    ends: { page: end('snapshot.notAnImage', 1, 1, true), export: end('snapshot.notAnImage', 1, 1, true) },
  },
  {
    name: 'bytes that are no picture',
    misfortune: { kind: 'not-an-image' },
    ends: { page: end('snapshot.notAnImage', 1, 1, true), export: end('snapshot.notAnImage', 1, 1, true) },
  },
  {
    name: 'the right body under a wrong label',
    misfortune: { kind: 'body', as: 'same', contentType: 'text/html' },
    ends: { list: end('good', 1), page: end('good', 1, 1), export: end('good', 1, 1) },
  },
  {
    // Chromium does not take it; see faults.e2e.ts.
    name: 'a body that is not packed as it says',
    misfortune: { kind: 'headers', set: { 'content-encoding': 'gzip' } },
    ends: { list: end('good', 1), open: end('good', 1), page: end('good', 1, 1), export: end('good', 1, 1) },
  },
  {
    name: 'a Date that is not the time',
    misfortune: { kind: 'headers', set: { date: 'Thu, 01 Jan 2099 00:00:00 GMT' } },
    ends: { list: end('good', 1), open: end('good', 1), page: end('good', 1, 1), export: end('good', 1, 1) },
  },
  refused(403, 'InvalidAccessKeyId', 'The OSS Access Key Id you provided is disabled.', 'oss.disabledKey'),
  refused(403, 'InvalidObjectState', "The operation is not valid for the object's state", 'oss.archived'),
  refused(404, 'NoSuchBucket', 'The specified bucket does not exist.', 'oss.noSuchBucket'),
  refused(403, 'UserDisable', 'UserDisable', 'oss.accountDisabled'),
  refused(400, 'InvalidArgument', 'Something is wrong.', 'oss.badRequest'),
  refused(418, 'Teapot', 'Nobody knows this one.', 'oss.unknown'),
  {
    name: 'Imm Client with words nobody knows',
    misfortune: { kind: 'imm', code: 'SomethingNew', message: 'words' },
    ends: { page: end('snapshot.refused', 1), export: end('snapshot.refused', 1) },
  },
];

async function makeGround(misfortune: Fault['misfortune'], act: Act) {
  // The other slow ones sleep by our clock; who stalls does nothing at all.
  const isSlow = misfortune.kind === 'stall';
  const time = makeManualTime(Date.UTC(2026, 0, 15, 8, 30));
  const clock = makeHandClock();
  const folder = await mkdtemp(path.join(tmpdir(), 'faults-'));
  await mkdir(path.join(folder, 'out'));
  // An open document was opened before its pages went wrong.
  const operations = [OPERATION[act]];
  const service = makeLocalOss({
    rootFolder: '/nowhere',
    region: 'cn-hangzhou',
    keys: [KEY],
    world: readWorld(
      {
        buckets: {
          docs: { objects: [{ key: 'a.pdf', text: 'pages: 3' }], misfortunes: [{ operations, ...misfortune }] },
        },
      },
      '.',
    ),
    renderer: new TextRenderer(),
    now: time.now,
    sleep: time.sleep,
  });
  const listening = await listen(service, 0);
  const node = makeNodeSend();
  const host = listening.endpoint.slice('http://'.length);
  const ledger = makeLedger({ now: time.now, later: clock.later, onChange: () => undefined });
  const client = makeOssClient({
    endpoint: { scheme: 'http', host, style: 'path', region: 'cn-hangzhou', bucket: null },
    credentials: fixedCredentials(new Credentials(KEY)),
    send: node.send,
    rawSend: node.send,
    now: time.now,
    sleep: time.sleep,
    random: () => 0.5,
    onRequest: ledger.of(ACCOUNT).record,
  });
  let seed = 0;
  const common = {
    now: time.now,
    later: clock.later,
    randomBytes: (length: number) => Buffer.alloc(length, (seed += 1)),
  };
  const documents = makeDocuments({
    ...common,
    clientOf: () => ok(client),
    ledger,
    cacheFolder: path.join(folder, 'cache'),
    onPages: () => undefined,
  });
  const grants = makeFolderGrants(common);
  const exports = makeExports({ ...common, documents, grants, onChange: () => undefined });
  onTestFinished(async () => {
    await exports.dispose();
    await documents.dispose();
    node.dispose();
    await listening.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** Moves both clocks on until something has come to its end: time-outs, pauses between tries, pauses of the line. */
  async function drive<T>(work: Promise<T>, isOfFault = true): Promise<T> {
    let isDone = false;
    void work.finally(() => (isDone = true));
    // Real sockets answer in their own time; ours only moves when they have nothing left to say.
    for (let idle = 0; !isDone; idle += 1) {
      await new Promise((resolve) => setImmediate(resolve));
      if (idle % 40 !== 39) continue;
      clock.pass(1000);
      // A time-out is only let run out where it is the fault: a busy machine must not be taken for a slow service.
      const isPausing = time.asleep().some((ms) => !TIMEOUTS_MS.includes(ms));
      if (isPausing || (isSlow && isOfFault)) await time.advance(1000);
    }
    return work;
  }
  return {
    service,
    documents,
    exports,
    client,
    ledger,
    drive,
    folder,
    grant: grants.grant(path.join(folder, 'out')).grant,
  };
}

type Ground = Awaited<ReturnType<typeof makeGround>>;

async function openDocument({ documents, drive }: Ground, isOfFault: boolean) {
  const input = { accountId: ACCOUNT, bucket: 'docs', key: 'a.pdf', versionId: null, source: null };
  return drive(documents.open('w', input, never), isOfFault);
}

/** Does one thing as the app does it, and answers how it ended. */
async function act(ground: Ground, what: Act): Promise<Result<unknown>> {
  const { client, documents, exports, drive, grant } = ground;
  if (what === 'list') {
    return drive(client.listObjects({ bucket: 'docs', prefix: '', next: null, maxKeys: 10 }, never));
  }
  const opened = await openDocument(ground, what === 'open');
  if (what === 'open' || !opened.ok) return opened;
  const { handle } = opened.value;
  if (what === 'page') {
    const state = () => documents.want(handle, 'png', [2]);
    const settled = () => {
      const wanted = state();
      const [page] = wanted.ok ? wanted.value.pages : [];
      return page?.status === 'failed' || page?.status === 'ready' ? page : null;
    };
    state();
    await drive(until(() => settled() !== null));
    const page = settled();
    return page?.status === 'failed' ? { ok: false, error: page.error } : ok(page);
  }
  const selection = [{ from: 2, to: 2 }];
  const order = { handle, selection, target: 'png', template: '{name}-p{page}', grant, ifExists: 'ask' } as const;
  const job = await drive(exports.start({ ...order, selection: [...selection] }), false);
  if (!job.ok) return job;
  const now = () => exports.get().find(({ id }) => id === job.value.id);
  await drive(until(() => now()?.state !== 'running'));
  const view = now();
  const error = view?.error ?? view?.failures[0]?.error;
  return error ? { ok: false, error } : view?.state === 'done' ? ok(view) : fail('internal', String(view?.state));
}

const CASES = FAULTS.flatMap(({ name, misfortune, ends }) =>
  (Object.keys(ends) as Act[]).map((what) => ({ name, what, misfortune, wanted: ends[what]! })),
);

async function filesUnder(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isFile()).map((entry) => entry.name);
}

describe('fault matrix', () => {
  it.each(CASES)('$name: $what', async ({ what, misfortune, wanted }) => {
    const ground = await makeGround(misfortune, what);
    const result = await act(ground, what);
    expect(result.ok ? 'good' : result.error.code).toBe(wanted.is);

    // How often the service was asked, and what it bills: its own count, not ours.
    const bill = ground.service.bill();
    expect(bill.requests[OPERATION[what]] ?? 0).toBe(wanted.asked);
    expect(bill.documentConverts).toBe(wanted.bought);
    // Ours never says less than the service bills.
    const usage = ground.ledger.view();
    expect(usage.snapshots + usage.unclear).toBeGreaterThanOrEqual(bill.documentConverts);

    // A broken picture is nowhere: not on the disk, not in the folder of the export.
    const cached = await filesUnder(path.join(ground.folder, 'cache'));
    const written = await readdir(path.join(ground.folder, 'out'));
    const isGoodPicture = wanted.is === 'good' && (what === 'page' || what === 'export');
    expect(written).toHaveLength(wanted.is === 'good' && what === 'export' ? 1 : 0);
    if (!isGoodPicture) expect(cached).toEqual([]);
    if (result.ok) return;

    expect(result.error.charged).toBe(wanted.isUnclear ? 'unclear' : 'no');
    for (const language of ['en', 'zh-CN'] as const) {
      const words = toErrorWords(result.error, language, what === 'page' || what === 'export');
      expect([words.title, words.meaning, words.next].every((sentence) => sentence !== '')).toBe(true);
      expect(JSON.stringify(words)).not.toMatch(/\bat .+:\d+:\d+|Error:|undefined|\[object/);
      if (what === 'page' || what === 'export') expect(words.money).not.toBe('');
    }
  });

  it('what passes is not noticed: two failures of the service, then a picture, bought once', async () => {
    const ground = await makeGround({ kind: 'error', status: 500, code: 'InternalError', times: 2 }, 'page');
    expect((await act(ground, 'page')).ok).toBe(true);
    expect(ground.service.bill()).toMatchObject({ documentConverts: 1, requests: { Snapshot: 3 } });
  });
});
