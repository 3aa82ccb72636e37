/** The doctor against the real local-oss over HTTP: every red there is, with the requests it took and what it cost. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { AccountView } from '#contract/contract.ts';
import type { DoctorCheck, DoctorInput, DoctorReport } from '#contract/doctor.ts';
import { fail, ok, type Result } from '#contract/errors.ts';
import { AccountId } from '#contract/ids.ts';
import { listen } from '#local-oss/carrier.ts';
import { makeLocalOss } from '#local-oss/handle.ts';
import { readWorld } from '#local-oss/world.ts';
import { Credentials } from '#oss/credentials.ts';
import { policyFor, type Action } from '#oss/policy.ts';
import { SAMPLES_VIEW } from '#services/account-views.ts';
import { fixedCredentials } from '#services/credential-source.ts';
import { makeDoctorDesk } from '#services/doctor-desk.ts';
import { makeDocuments } from '#services/documents.ts';
import { makeNetworkTest } from '#services/network-test.ts';
import { makeNodeSend } from '#services/node-send.ts';
import { makeOssClient } from '#services/oss-client.ts';
import { TextRenderer } from '../local-oss/service.ts';
import { makeManualTime } from './manual-time.ts';

const KEY = { accessKeyId: 'LTAIdoctor', accessKeySecret: 'doctor-secret' };
const ID = AccountId.parse('0123456789abcdef');
const NOW_MS = Date.UTC(2026, 0, 15, 8, 30);
const never = new AbortController().signal;

interface Ground {
  /** The bucket's entry beside its objects. */
  bucket?: object;
  world?: object;
  scope?: string;
  secret?: string;
  keyId?: string;
  object?: object;
}

async function makeGround({ bucket, world, scope = '', secret, keyId, object }: Ground = {}) {
  const time = makeManualTime(NOW_MS);
  const folder = await mkdtemp(path.join(tmpdir(), 'doctor-'));
  const objects = [{ key: 'in/a.pdf', text: 'pages: 3', ...object }];
  const service = makeLocalOss({
    rootFolder: '/nowhere',
    region: 'cn-hangzhou',
    keys: [KEY],
    world: readWorld({ buckets: { docs: { objects, ...bucket } }, ...world }, '.'),
    renderer: new TextRenderer(),
    now: time.now,
  });
  const listening = await listen(service, 0);
  const node = makeNodeSend();
  const host = listening.endpoint.slice('http://'.length);
  const endpoint = { scheme: 'http', host, style: 'path', region: 'cn-hangzhou', bucket: null } as const;
  const key = new Credentials({
    accessKeyId: keyId ?? KEY.accessKeyId,
    accessKeySecret: secret ?? KEY.accessKeySecret,
  });
  const tools = { send: node.send, now: time.now, sleep: time.sleep, random: () => 0 };
  const client = makeOssClient({ ...tools, endpoint, credentials: fixedCredentials(key), rawSend: node.send });
  let seed = 0;
  const documents = makeDocuments({
    clientOf: () => ok(client),
    ledger: { reused: () => undefined },
    cacheFolder: path.join(folder, 'cache'),
    onPages: () => undefined,
    now: time.now,
    randomBytes: (length) => Buffer.alloc(length, (seed += 1)),
  });
  onTestFinished(async () => {
    await documents.dispose();
    node.dispose();
    await listening.close();
    await rm(folder, { recursive: true, force: true });
  });
  const account: AccountView = {
    ...SAMPLES_VIEW,
    id: ID,
    kind: 'access-key',
    region: 'cn-hangzhou',
    maskedKeyId: 'LT…or',
    scope,
  };
  const networkTest = makeNetworkTest({
    ...tools,
    resolveProxy: async () => 'DIRECT',
    scriptUrl: () => null,
    signInFor: async () => null,
    authorities: () => [],
    shownBy: () => null,
  });
  const ladders: string[] = [];
  const doctor = makeDoctorDesk({
    accounts: {
      clientOf: () => ok(client),
      endpointOf: () => ok(endpoint),
      view: () => ({ accounts: [account], activeId: ID, opening: 'idle', problem: null }),
    },
    documents,
    testNetwork: networkTest.run,
    onSteps: (_owner, { steps }) => ladders.push(steps.map(({ state }) => state[0]).join('')),
  });
  const examine = async (more: Partial<DoctorInput> = {}): Promise<DoctorReport> => {
    const input = { runId: 'r', accountId: ID, bucket: 'docs', key: 'in/a.pdf', versionId: null, source: null };
    const report: Result<DoctorReport> = await doctor.examine(
      'w',
      { ...input, known: null, mayBuy: false, ...more },
      never,
    );
    if (!report.ok) throw new Error(JSON.stringify(report.error));
    return report.value;
  };
  return { examine, service, ladders, listening };
}

const states = (report: DoctorReport): Partial<Record<DoctorCheck, string>> =>
  Object.fromEntries(report.steps.map(({ check, state }) => [check, state]));
const bad = (report: DoctorReport): [string, string | undefined][] =>
  report.steps.filter(({ state }) => state === 'bad').map(({ check, error }) => [check, error?.code]);
const denied = (...actions: string[]): Ground => ({ bucket: { deny: actions } });

describe('the doctor', () => {
  it('finds nothing wrong, buys nothing unasked, and one page when it may', async () => {
    const { examine, service, ladders } = await makeGround();
    const report = await examine();
    expect(states(report)).toEqual({
      network: 'good',
      clock: 'good',
      key: 'good',
      signature: 'good',
      buckets: 'good',
      list: 'good',
      read: 'good',
      kms: 'not-needed',
      archive: 'not-needed',
      process: 'not-checked',
      imm: 'not-checked',
      convert: 'not-checked',
      picture: 'not-checked',
    });
    expect(report).toMatchObject({ asksToBuy: true, bought: 0, request: null });
    const { requests } = service.bill();
    // One of the two is the stranger's question that proves the way to the service.
    expect(requests).toEqual({ ListBuckets: 2, ListObjectsV2: 1, GetObject: 1 });
    expect(service.bill().documentConverts).toBe(0);
    expect(ladders.length).toBeGreaterThan(5);

    const whole = await examine({ mayBuy: true });
    expect(whole).toMatchObject({ asksToBuy: false, bought: 1, request: null });
    expect(whole.steps.filter(({ state }) => state === 'bad' || state === 'not-checked')).toEqual([]);
    expect(service.bill().documentConverts).toBe(1);
    // The picture was kept: looked at again, it costs nothing.
    expect((await examine({ mayBuy: true })).bought).toBe(0);
    expect(service.bill().documentConverts).toBe(1);
  });

  it('asks nobody for the list of buckets where the account has one folder', async () => {
    const { examine, service } = await makeGround({ scope: 'docs/in/', world: { keys: [] } });
    expect(states(await examine())).toMatchObject({ buckets: 'not-needed', list: 'good' });
    expect(service.bill()).toMatchObject({ requests: { ListBuckets: 1 }, failedRequests: 1 }); // the stranger's alone
  });

  it.each<[string, Ground, [DoctorCheck, string][], Partial<DoctorInput>?]>([
    ['an unknown key', { keyId: 'LTAInobody' }, [['key', 'oss.unknownKey']]],
    ['a wrong secret', { secret: 'wrong' }, [['signature', 'oss.signatureMismatch']]],
    ['no list', denied('oss:ListObjects'), [['list', 'oss.listDenied']]],
    ['no read', denied('oss:GetObject'), [['read', 'oss.readDenied']]],
    ['a document that is not there', {}, [['read', 'oss.noSuchKey']], { key: 'in/b.pdf' }],
    ['a bucket that is not there', {}, [['list', 'oss.noSuchBucket']], { bucket: 'nowhere' }],
    [
      'KMS',
      { bucket: { deny: ['kms:Decrypt'] }, object: { encryption: { algorithm: 'KMS', keyId: 'k-1' } } },
      [['kms', 'oss.kmsDenied']],
    ],
    ['cold storage', { object: { storageClass: 'ColdArchive' } }, [['archive', 'oss.archived']]],
    [
      'a document of 21 MB',
      { object: { text: undefined, zeros: 21 * 1024 * 1024 } },
      [['picture', 'snapshot.tooLarge']],
    ],
  ])('%s', async (_what, ground, wanted, more) => {
    const { examine, service } = await makeGround(ground);
    expect(bad(await examine(more))).toEqual(wanted);
    expect(service.bill().documentConverts).toBe(0);
  });

  it.each<[string, Ground, [DoctorCheck, string][], Action[]]>([
    ['no ProcessImm', denied('oss:ProcessImm'), [['process', 'oss.processDenied']], ['oss:ProcessImm']],
    [
      'no conversion',
      denied('imm:CreateOfficeConversionTask'),
      [['convert', 'oss.processDenied']],
      ['imm:CreateOfficeConversionTask'],
    ],
    [
      'no IMM project',
      { bucket: { misfortunes: [{ kind: 'imm-not-attached' }] } },
      [['imm', 'snapshot.notAttached']],
      [],
    ],
  ])('%s is met by the picture that was agreed to, and costs nothing', async (_what, ground, wanted, actions) => {
    const { examine, service } = await makeGround(ground);
    const report = await examine({ mayBuy: true });
    expect(bad(report)).toEqual(wanted);
    expect(report).toMatchObject({ bought: 0, request: { actions, needsImm: actions.length === 0 } });
    expect(service.bill().documentConverts).toBe(0);
  });

  it('believes the failure that led to it, without another request', async () => {
    const { examine, service } = await makeGround();
    const known = fail('oss.processDenied', 'why', { requestId: 'R1', detail: { action: 'oss:ProcessImm' } }).error;
    const report = await examine({ known });
    expect(bad(report)).toEqual([['process', 'oss.processDenied']]);
    expect(report).toMatchObject({ asksToBuy: false, request: { actions: ['oss:ProcessImm'], requestIds: ['R1'] } });
    expect(service.bill().requests.Snapshot).toBeUndefined();
  });

  it('says that a clock was corrected, and stops at a service that cannot be reached', async () => {
    const skewed = await makeGround({ world: { clockOffsetMs: 62 * 60_000 } });
    const report = await skewed.examine();
    expect(states(report)).toMatchObject({ clock: 'good', key: 'good', signature: 'good', read: 'good' });
    expect(Number(report.steps.find(({ check }) => check === 'clock')?.fact)).toBeGreaterThan(60 * 60_000);

    const gone = await makeGround();
    await gone.listening.close();
    const unreachable = await gone.examine();
    expect(bad(unreachable).map(([check]) => check)).toEqual(['network']);
    expect(unreachable.steps.filter(({ state }) => state === 'not-checked')).toHaveLength(12);
  });

  it('hands out a policy that grants exactly what was missing: with it the document opens', async () => {
    const rights: Action[] = ['oss:ListObjects', 'oss:GetObject', 'oss:ProcessImm', 'imm:CreateOfficeConversionTask'];
    let missing: string[] = [...rights];
    const granted: string[] = [];
    // As an administrator would: grants what the policy says, and looks again.
    for (let round = 0; round < 6; round += 1) {
      const { examine } = await makeGround(denied(...missing));
      const report = await examine({ mayBuy: true });
      if (report.request === null) break;
      const policy = JSON.parse(report.request.policy) as { Statement: { Action: string[] }[] };
      const actions = policy.Statement.flatMap(({ Action: list }) => list);
      expect(actions.length).toBeGreaterThan(0);
      for (const action of actions) expect(missing).toContain(action);
      granted.push(...actions);
      missing = missing.filter((action) => !actions.includes(action));
    }
    expect(missing).toEqual([]);
    expect([...granted].sort()).toEqual([...rights].sort());
  });

  it('lays both readings of a refused signature side by side, without token or secret', async () => {
    const { examine } = await makeGround({ secret: 'wrong' });
    const error = (await examine()).steps.find(({ check }) => check === 'signature')?.error;
    expect(error?.detail?.['canonicalRequest']).toContain('GET\n');
    expect(error?.detail?.['serviceCanonicalRequest']).toBe(error?.detail?.['canonicalRequest']);
    expect(error?.detail?.['serviceStringToSign']).toBe(error?.detail?.['stringToSign']);
    expect(JSON.stringify(error)).not.toContain('wrong');
  });
});

describe('policyFor', () => {
  it('limits to the folder that the account may see', () => {
    const at = { bucket: 'docs', prefix: 'team-a/', region: 'cn-beijing', kmsKeyId: null };
    expect(policyFor(['oss:ListObjects', 'oss:GetObject'], at)).toEqual({
      Version: '1',
      Statement: [
        {
          Effect: 'Allow',
          Action: ['oss:ListObjects'],
          Resource: ['acs:oss:*:*:docs'],
          Condition: { StringLike: { 'oss:Prefix': ['team-a', 'team-a/*'] } },
        },
        { Effect: 'Allow', Action: ['oss:GetObject'], Resource: ['acs:oss:*:*:docs/team-a/*'] },
      ],
    });
    expect(policyFor([], at)).toBeNull();
  });
});
