/** STS of local-oss as any RPC client meets it: signatures made here by hand, never by the app's own code. */
import { createHmac } from 'node:crypto';
import { describe, expect, it, onTestFinished } from 'vitest';
import { listen } from '#local-oss/carrier.ts';
import { makeLocalOss } from '#local-oss/handle.ts';
import { readWorld } from '#local-oss/world.ts';
import { TextRenderer } from './service.ts';

const ARN = 'acs:ram::1000000000000001:role/reader';
const NOW_MS = Date.UTC(2026, 0, 15, 8, 30);

async function start() {
  const service = makeLocalOss({
    rootFolder: '/nowhere',
    region: 'cn-hangzhou',
    keys: [{ accessKeyId: 'LTAIa', accessKeySecret: 'sa' }],
    world: readWorld({ roles: [{ arn: ARN }] }, '.'),
    renderer: new TextRenderer(),
    now: () => NOW_MS,
  });
  const listening = await listen(service, 0);
  onTestFinished(() => listening.close());
  return { service, url: listening.endpoint };
}

function sign(method: 'GET' | 'POST', more: Record<string, string> = {}, secret = 'sa'): string {
  const encode = (text: string) =>
    encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
  const parameters: Record<string, string> = {
    Action: 'AssumeRole',
    Version: '2015-04-01',
    AccessKeyId: 'LTAIa',
    RoleArn: ARN,
    RoleSessionName: "it's*me".replace(/['*]/g, '_'),
    SignatureMethod: 'HMAC-SHA1',
    SignatureVersion: '1.0',
    SignatureNonce: 'one',
    Timestamp: '2026-01-15T08:30:00Z',
    ...more,
  };
  const text = Object.keys(parameters)
    .sort()
    .map((name) => `${encode(name)}=${encode(parameters[name]!)}`)
    .join('&');
  const signature = createHmac('sha1', `${secret}&`)
    .update(`${method}&%2F&${encode(text)}`)
    .digest('base64');
  return `${text}&Signature=${encode(signature)}`;
}

const get = async (url: string, query: string) => {
  const answer = await fetch(`${url}/?${query}`);
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
};

describe('AssumeRole of local-oss', () => {
  it('gives credentials to GET and to POST', async () => {
    const { url, service } = await start();
    const got = await get(url, sign('GET'));
    expect(got).toMatchObject({
      status: 200,
      body: {
        AssumedRoleUser: { Arn: 'acs:ram::1000000000000001:assumed-role/reader/it_s_me' },
        Credentials: { AccessKeyId: expect.stringMatching(/^STS\./), Expiration: '2026-01-15T09:30:00Z' },
      },
    });
    const posted = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: sign('POST', { SignatureNonce: 'two' }),
    });
    expect(posted.status).toBe(200);
    expect(service.bill().requests).toEqual({ AssumeRole: 2 });
  });

  it.each([
    ['a signature of another secret', 400, 'SignatureDoesNotMatch', sign('GET', {}, 'other')],
    ['an unknown key', 404, 'InvalidAccessKeyId.NotFound', sign('GET', { AccessKeyId: 'LTAIx' })],
    ['an old time', 400, 'InvalidTimeStamp.Expired', sign('GET', { Timestamp: '2026-01-15T08:00:00Z' })],
    ['a session name with a space', 400, 'InvalidParameter.RoleSessionName', sign('GET', { RoleSessionName: 'a b' })],
    ['another role', 404, 'EntityNotExist.Role', sign('GET', { RoleArn: `${ARN}x` })],
    ['five minutes', 400, 'InvalidParameter.DurationSeconds', sign('GET', { DurationSeconds: '300' })],
  ])('refuses %s', async (_what, status, code, query) => {
    const { url } = await start();
    expect(await get(url, query)).toMatchObject({ status, body: { Code: code } });
  });

  it('takes a recorded request once', async () => {
    const { url } = await start();
    const query = sign('GET');
    expect((await get(url, query)).status).toBe(200);
    expect(await get(url, query)).toMatchObject({ status: 400, body: { Code: 'SignatureNonceUsed' } });
  });

  it('leaves what is none of its business to OSS', async () => {
    const { url } = await start();
    expect((await fetch(`${url}/`)).status).toBe(403);
    expect((await fetch(url, { method: 'POST', body: 'Action=AssumeRole' })).status).toBe(405);
  });
});
