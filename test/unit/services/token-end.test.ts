/** A temporary key ends in the middle of work: pages and exports wait, go on with a new one, and nothing is bought twice. */
import { mkdtemp, mkdir, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { AccountsView, JobView } from '#contract/contract.ts';
import type { Result } from '#contract/errors.ts';
import { listen } from '#local-oss/carrier.ts';
import { makeLocalOss } from '#local-oss/handle.ts';
import { readWorld } from '#local-oss/world.ts';
import { makeAccounts } from '#services/accounts.ts';
import { makeDocuments } from '#services/documents.ts';
import { makeExports } from '#services/exports.ts';
import { makeFolderGrants } from '#services/folder-grants.ts';
import { makeKeychain, makeMemoryStore } from '#services/keychain.ts';
import { makeLedger } from '#services/ledger.ts';
import { makeLog } from '#services/log.ts';
import { makeNodeSend } from '#services/node-send.ts';
import { makeOssClient } from '#services/oss-client.ts';
import { afterTimeout } from '#services/pace.ts';
import { openSettings } from '#services/settings.ts';
import { TextRenderer } from '../local-oss/service.ts';
import { until } from './manual-time.ts';

const START_MS = Date.UTC(2026, 0, 15, 8, 30);
const never = new AbortController().signal;
const PAGES = 40;

function value<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}

async function makeGround() {
  let nowMs = START_MS;
  const now = () => nowMs;
  const folder = await mkdtemp(path.join(tmpdir(), 'token-end-'));
  await mkdir(path.join(folder, 'out'));
  const session = (n: number, endsInMinutes: number) => ({
    accessKeyId: `STS.${n}`,
    accessKeySecret: `secret-${n}`,
    securityToken: `token-${n}`,
    expiresAt: new Date(START_MS + endsInMinutes * 60_000).toISOString(),
  });
  const service = makeLocalOss({
    rootFolder: '/nowhere',
    region: 'cn-hangzhou',
    keys: [session(1, 10), session(2, 600)],
    world: readWorld({ buckets: { docs: { objects: [{ key: 'a.pdf', text: `pages: ${PAGES}` }] } } }, '.'),
    renderer: new TextRenderer(),
    now,
  });
  const listening = await listen(service, 0);
  const node = makeNodeSend();
  const log = makeLog({ level: 'error', now, write: () => undefined });
  const settings = await openSettings(path.join(folder, 'settings.json'), log, now);
  let seed = 0;
  const randomBytes = (length: number) => Buffer.alloc(length, (seed += 1));
  const common = { now, randomBytes, later: afterTimeout };
  const ledger = makeLedger({ ...common, onChange: () => undefined });
  const jobs: JobView[] = [];
  let accountsView: AccountsView | null = null;
  const accounts = makeAccounts({
    ...common,
    settings,
    log,
    keychain: makeKeychain(async () => makeMemoryStore()),
    makeClient: (way, credentials) =>
      makeOssClient({
        ...way,
        credentials,
        send: node.send,
        rawSend: node.send,
        now,
        // Time-outs end with their request; nothing here pauses between tries.
        sleep: (_ms, signal) =>
          new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('aborted')))),
        random: () => 0,
        onRequest: ledger.of(null).record,
      }),
    makeRole: () => {
      throw new Error('no role here');
    },
    makeSamplesClient: () => {
      throw new Error('no samples here');
    },
    onChange: (view) => (accountsView = view),
    onRenewed: (id) => documents.goOn(id),
    onMoved: () => undefined,
  });
  const documents = makeDocuments({
    ...common,
    ledger,
    clientOf: accounts.clientOf,
    cacheFolder: path.join(folder, 'cache'),
    onPages: () => undefined,
    onHold: () => exports.tellAll(),
  });
  const grants = makeFolderGrants({ randomBytes });
  const exports = makeExports({ ...common, documents, grants, onChange: (job) => void jobs.push(job) });
  onTestFinished(async () => {
    await exports.dispose();
    await documents.dispose();
    node.dispose();
    await listening.close();
    await rm(folder, { recursive: true, force: true });
  });

  const account = value(
    await accounts.add(
      {
        name: 'Guest',
        colour: 'blue',
        ...session(1, 10),
        region: 'cn-hangzhou',
        endpoint: listening.endpoint,
        scope: 'docs/',
      },
      'session',
      never,
    ),
  );
  return {
    service,
    accounts,
    documents,
    exports,
    account,
    jobs,
    seen: () => accountsView,
    pass: (minutes: number) => (nowMs += minutes * 60_000),
    grant: grants.grant(path.join(folder, 'out')).grant,
    files: () => readdir(path.join(folder, 'out')),
    renew: () =>
      accounts.enterSecret(
        {
          accountId: account.id,
          accessKeyId: 'STS.2',
          accessKeySecret: 'secret-2',
          securityToken: 'token-2',
          keep: 'session',
        },
        never,
      ),
  };
}

it('pages wait for another token and come with it; the service is not asked again and again', async () => {
  const { service, accounts, documents, account, seen, pass, renew } = await makeGround();
  const { handle } = value(
    await documents.open(
      'w',
      { accountId: account.id, bucket: 'docs', key: 'a.pdf', versionId: null, source: null },
      never,
    ),
  );
  const states = (pages: number[]) =>
    value(documents.want(handle, 'png', pages)).pages.map((page: { status: string }) => page.status);
  const areReady = (pages: number[]) => states(pages).every((status: string) => status === 'ready');
  await until(() => areReady([1, 2]));

  pass(11);
  const wanted = [1, 2, 3, 4, 5, 6, 7, 8];
  states(wanted);
  await until(() => seen()?.accounts.find(({ id }) => id === account.id)?.hasTokenEnded === true);
  await until(() => states(wanted).every((status: string) => status === 'ready' || status === 'queued'));
  expect(states(wanted)).toEqual(['ready', 'ready', ...Array<string>(6).fill('queued')]);
  const refused = service.bill().failures['SecurityTokenExpired'] ?? 0;
  expect(refused).toBeGreaterThan(0);
  expect(refused).toBeLessThanOrEqual(4); // those that were on their way together
  states([9, 10]);
  states(wanted);
  expect(service.bill().failures['SecurityTokenExpired']).toBe(refused);

  expect((await renew()).ok).toBe(true);
  await until(() => areReady(wanted));
  expect(accounts.view().accounts.find(({ id }) => id === account.id)?.hasTokenEnded).toBe(false);
  expect(service.bill().documentConverts).toBe(8);
  expect(service.bill().snapshots.every(({ times }) => times === 1)).toBe(true);
});

it('an export pauses, says why, and ends with every page once', async () => {
  const { service, documents, exports, account, jobs, pass, grant, files, renew } = await makeGround();
  const { handle } = value(
    await documents.open(
      'w',
      { accountId: account.id, bucket: 'docs', key: 'a.pdf', versionId: null, source: null },
      never,
    ),
  );
  const job = value(
    await exports.start({
      handle,
      selection: [{ from: 1, to: PAGES }],
      target: 'png',
      template: '{name}-p{page}',
      grant,
      ifExists: 'ask',
    }),
  );
  const now = () => exports.get().find(({ id }) => id === job.id)!;
  await until(() => now().written >= 3);
  pass(11);
  await until(() => now().state === 'paused');
  expect(now()).toMatchObject({ state: 'paused', error: { code: 'oss.tokenExpired' }, failures: [] });
  await until(() => jobs.at(-1)?.state === 'paused');

  expect((await renew()).ok).toBe(true);
  await until(() => now().state !== 'running' && now().state !== 'paused');
  expect(now()).toMatchObject({ state: 'done', written: PAGES, error: null, failures: [] });
  expect(await files()).toHaveLength(PAGES);
  expect(service.bill().snapshots.every(({ times }) => times === 1)).toBe(true);
  expect(service.bill().documentConverts).toBe(PAGES);
});

it('a paused export can be cancelled', async () => {
  const { documents, exports, account, pass, grant } = await makeGround();
  const { handle } = value(
    await documents.open(
      'w',
      { accountId: account.id, bucket: 'docs', key: 'a.pdf', versionId: null, source: null },
      never,
    ),
  );
  pass(11);
  const job = value(
    await exports.start({
      handle,
      selection: [{ from: 1, to: 5 }],
      target: 'png',
      template: '{name}-p{page}',
      grant,
      ifExists: 'ask',
    }),
  );
  const now = () => exports.get().find(({ id }) => id === job.id)!;
  await until(() => now().state === 'paused');
  exports.cancel(job.id);
  await until(() => now().state === 'cancelled');
  expect(now().error).toBeNull();
});
