/** A RAM role taken on from the real local-oss over HTTP: how often STS is asked, when, and by whom. */
import { describe, expect, it, onTestFinished } from 'vitest';
import { listen } from '#local-oss/carrier.ts';
import { makeLocalOss } from '#local-oss/handle.ts';
import { readWorld } from '#local-oss/world.ts';
import { Credentials } from '#oss/credentials.ts';
import { makeAssumedRole } from '#services/assumed-role.ts';
import { makeNodeSend } from '#services/node-send.ts';
import { makeOssClient } from '#services/oss-client.ts';
import { TextRenderer } from '../local-oss/service.ts';
import { makeManualTime } from './manual-time.ts';

const ARN = 'acs:ram::1000000000000001:role/reader';
const KEY = { accessKeyId: 'LTAIbase', accessKeySecret: 'base-secret' };
const START_MS = Date.UTC(2026, 0, 15, 8, 30);
const MINUTE_MS = 60_000;
const never = new AbortController().signal;

async function makeGround(world: object = {}, own: { arn?: string; durationSeconds?: number; secret?: string } = {}) {
  const time = makeManualTime(START_MS);
  const service = makeLocalOss({
    rootFolder: '/nowhere',
    region: 'cn-hangzhou',
    keys: [KEY],
    world: readWorld(
      {
        roles: [{ arn: ARN, maxDurationSeconds: 3600 }],
        buckets: { docs: { objects: [{ key: 'a.pdf', text: 'pages: 3' }] } },
        ...world,
      },
      '.',
    ),
    renderer: new TextRenderer(),
    now: time.now,
  });
  const listening = await listen(service, 0);
  const node = makeNodeSend();
  onTestFinished(async () => {
    node.dispose();
    await listening.close();
  });
  const host = listening.endpoint.slice('http://'.length);
  const tools = { send: node.send, now: time.now, sleep: time.sleep, random: () => 0 };
  let nonce = 0;
  const role = makeAssumedRole({
    ...tools,
    role: { arn: own.arn ?? ARN, sessionName: 'pagelens', durationSeconds: own.durationSeconds ?? 3600 },
    base: new Credentials({ ...KEY, accessKeySecret: own.secret ?? KEY.accessKeySecret }),
    at: { scheme: 'http', host },
    newNonce: () => `n${(nonce += 1)}`,
  });
  const endpoint = { scheme: 'http', host, style: 'path', region: 'cn-hangzhou', bucket: null } as const;
  const client = makeOssClient({ ...tools, endpoint, credentials: role, rawSend: node.send });
  const list = (bucket = 'docs') => client.listObjects({ bucket, prefix: '', next: null, maxKeys: 10 }, never);
  const asked = () => service.bill().requests.AssumeRole ?? 0;
  return { time, role, client, list, asked, service };
}

describe('a RAM role', () => {
  it('is taken on once for a hundred requests that wait for it', async () => {
    const { list, asked, service } = await makeGround();
    const answers = await Promise.all(Array.from({ length: 100 }, () => list()));
    expect(answers.every((answer) => answer.ok)).toBe(true);
    expect(asked()).toBe(1);
    expect(service.bill().requests.ListObjectsV2).toBe(100);
  });

  it('is renewed five minutes early, once, and not before', async () => {
    const { time, list, asked } = await makeGround();
    await list();
    await time.advance(54 * MINUTE_MS);
    await list();
    expect(asked()).toBe(1);
    await time.advance(2 * MINUTE_MS);
    await Promise.all([list(), list(), list()]);
    expect(asked()).toBe(2);
  });

  it('goes on with what is still good when the renewal fails, and asks again later', async () => {
    const { time, list, asked, role } = await makeGround({
      roles: [{ arn: ARN, maxDurationSeconds: 3600, trusts: ['LTAIbase'] }],
    });
    await list();
    const first = await role.get(time.now(), never);
    await time.advance(56 * MINUTE_MS);
    const given = new AbortController();
    given.abort();
    expect(await role.get(time.now(), given.signal)).toMatchObject({ ok: false, error: { code: 'cancelled' } });
    const renewed = await role.get(time.now(), never);
    expect(renewed.ok && first.ok && renewed.value !== first.value).toBe(true);
    expect(asked()).toBe(2);
  });

  it('is taken on anew when the service ends a session early, and the request is made again once', async () => {
    const { time, list, asked, service } = await makeGround({ roles: [{ arn: ARN, endsAfterSeconds: 600 }] });
    await list();
    await time.advance(11 * MINUTE_MS);
    expect((await list()).ok).toBe(true);
    expect(asked()).toBe(2);
    expect(service.bill().failures).toEqual({});
  });

  it('may do only what the role may', async () => {
    const { list } = await makeGround({ roles: [{ arn: ARN, deny: ['oss:ListObjects'] }] });
    expect(await list()).toMatchObject({ ok: false, error: { code: 'oss.listDenied' } });
  });

  it('gives a signed link no longer life than the session', async () => {
    const { client, time } = await makeGround();
    const link = await client.presignSnapshot(
      { bucket: 'docs', key: 'a.pdf', versionId: null, source: 'pdf', target: 'png', pageNumber: 1 },
      7200,
      never,
    );
    expect(link.ok && Date.parse(link.value.expiresAt)).toBe(time.now() + 3600_000);
  });

  it.each([
    ['no such role', {}, { arn: 'acs:ram::1000000000000001:role/other' }, 'sts.noSuchRole'],
    ['a role that does not trust the key', { roles: [{ arn: ARN, trusts: ['LTAIother'] }] }, {}, 'sts.roleDenied'],
    ['a session too long for the role', {}, { durationSeconds: 7200 }, 'sts.badDuration'],
    ['a wrong secret', {}, { secret: 'wrong' }, 'oss.signatureMismatch'],
  ] as const)('%s: the request ends with that, and OSS is not asked', async (_name, world, own, code) => {
    const { list, service } = await makeGround(world, own);
    expect(await list()).toMatchObject({ ok: false, error: { code, charged: 'no' } });
    expect(service.bill().requests).toEqual({ AssumeRole: 1 });
  });

  it('corrects a clock that is wrong, once', async () => {
    const { list, asked } = await makeGround({ clockOffsetMs: 62 * MINUTE_MS });
    expect((await list()).ok).toBe(true);
    expect(asked()).toBe(2);
  });
});
