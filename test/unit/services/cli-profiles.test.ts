import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { makeCliProfiles } from '#services/cli-profiles.ts';

async function makeHome(files: Record<string, string | Buffer>) {
  const home = await mkdtemp(path.join(tmpdir(), 'home-'));
  onTestFinished(() => rm(home, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(home, name)), { recursive: true });
    await writeFile(path.join(home, name), text);
  }
  return { home, profiles: makeCliProfiles(home) };
}
const aliyun = (profiles: object[]) => ({ '.aliyun/config.json': JSON.stringify({ current: 'default', profiles }) });
const own = { name: '', colour: 'teal', scope: '' } as const;

describe('profiles of the aliyun CLI', () => {
  it('are listed with what would be taken, and never with a secret', async () => {
    const { profiles } = await makeHome(
      aliyun([
        {
          name: 'prod',
          mode: 'AK',
          access_key_id: 'LTAI5tProdKey',
          access_key_secret: 'hush-1',
          region_id: 'cn-beijing',
        },
        {
          name: 'guest',
          mode: 'StsToken',
          access_key_id: 'STS.Guest1',
          access_key_secret: 'hush-2',
          sts_token: 'hush-3',
        },
        {
          name: 'reader',
          mode: 'RamRoleArn',
          access_key_id: 'LTAI5tBase',
          access_key_secret: 'hush-4',
          ram_role_arn: 'acs:ram::1:role/reader',
          ram_session_name: 'me',
          expired_seconds: 1800,
        },
        { name: 'machine', mode: 'EcsRamRole', ram_role_name: 'web' },
        { name: 'half', mode: 'AK', access_key_id: 'LTAI5tHalf' },
      ]),
    );
    const list = await profiles.list();
    expect(JSON.stringify(list)).not.toContain('hush');
    expect(list.problems).toEqual([]);
    expect(
      list.profiles.map(({ name, kind, obstacle, mode, region }) => ({ name, kind, obstacle, mode, region })),
    ).toEqual([
      { name: 'prod', kind: 'access-key', obstacle: null, mode: 'AK', region: 'cn-beijing' },
      { name: 'guest', kind: 'temporary', obstacle: null, mode: 'StsToken', region: '' },
      { name: 'reader', kind: 'role', obstacle: null, mode: 'RamRoleArn', region: '' },
      { name: 'machine', kind: null, obstacle: 'mode', mode: 'EcsRamRole', region: '' },
      { name: 'half', kind: null, obstacle: 'incomplete', mode: 'AK', region: '' },
    ]);
    expect(list.profiles[0]?.maskedKeyId).not.toBe('LTAI5tProdKey');
    const draft = await profiles.draftOf({ ...own, id: 'aliyun:reader', scope: 'docs/' });
    expect(draft).toEqual({
      ok: true,
      value: {
        name: 'reader',
        colour: 'teal',
        accessKeyId: 'LTAI5tBase',
        accessKeySecret: 'hush-4',
        role: { arn: 'acs:ram::1:role/reader', sessionName: 'me', durationSeconds: 1800, stsEndpoint: '' },
        region: 'cn-hangzhou',
        endpoint: '',
        scope: 'docs/',
      },
    });
  });

  it('that cannot be taken, or are not there any more, are refused', async () => {
    const { profiles } = await makeHome(aliyun([{ name: 'machine', mode: 'EcsRamRole' }]));
    for (const id of ['aliyun:machine', 'aliyun:gone'])
      expect(await profiles.draftOf({ ...own, id })).toMatchObject({ ok: false, error: { code: 'account.invalid' } });
  });
});

describe('profiles of ossutil', () => {
  it('are read from its first and from its second format', async () => {
    const first = await makeHome({
      '.ossutilconfig':
        '[Credentials]\nlanguage=EN\nendpoint=oss-cn-shenzhen.aliyuncs.com\naccessKeyID=LTAI5tOne\naccessKeySecret=hush\n',
    });
    expect((await first.profiles.list()).profiles).toMatchObject([
      { id: 'ossutil:default', kind: 'access-key', endpoint: 'oss-cn-shenzhen.aliyuncs.com' },
    ]);
    const second = await makeHome({
      '.ossutilconfig': [
        '# mine',
        '[default]',
        'access-key-id = LTAI5tTwo',
        'access-key-secret = "hush"',
        'region = cn-shanghai',
        '[profile guest]',
        'accessKeyID=STS.x',
        'accessKeySecret=hush',
        'stsToken=hush==',
        '[profile role]',
        'mode=RamRoleArn',
        'source-profile=default',
        'roleArn=acs:ram::1:role/r',
      ].join('\r\n'),
    });
    expect((await second.profiles.list()).profiles).toMatchObject([
      { name: 'default', kind: 'access-key', region: 'cn-shanghai' },
      { name: 'guest', kind: 'temporary' },
      { name: 'role', kind: 'role', region: 'cn-shanghai', roleArn: 'acs:ram::1:role/r' },
    ]);
    expect(await second.profiles.draftOf({ ...own, id: 'ossutil:guest' })).toMatchObject({
      value: { securityToken: 'hush==', accessKeySecret: 'hush' },
    });
  });
});

describe('files that give nothing', () => {
  it('no file is no problem', async () => {
    const { profiles } = await makeHome({});
    expect(await profiles.list()).toEqual({ profiles: [], problems: [] });
  });

  it.each([
    ['not JSON', '{"profiles": [', 'not-understood'],
    ['a list', '[]', 'not-understood'],
    ['profiles of another shape', '{"profiles": "x"}', 'not-understood'],
    ['binary', Buffer.from([0, 255, 254, 0]), 'not-understood'],
    ['two megabytes', Buffer.alloc(2 * 1024 * 1024, 0x20), 'too-large'],
  ])('%s', async (_what, content, reason) => {
    const { profiles } = await makeHome({ '.aliyun/config.json': content });
    expect(await profiles.list()).toEqual({ profiles: [], problems: [{ file: '~/.aliyun/config.json', reason }] });
  });

  it('a folder in its place, and a link that leads round in a circle', async () => {
    const { home, profiles } = await makeHome({ '.aliyun/config.json/x': '' });
    await symlink(path.join(home, '.ossutilconfig'), path.join(home, '.ossutilconfig'));
    expect((await profiles.list()).problems).toEqual([
      { file: '~/.aliyun/config.json', reason: 'not-understood' },
      { file: '~/.ossutilconfig', reason: 'no-access' },
    ]);
  });

  it('hostile names and values stay text', async () => {
    const { profiles } = await makeHome({
      ...aliyun([
        { name: '__proto__', mode: 'AK', access_key_id: 'a'.repeat(3000), access_key_secret: {}, region_id: [] },
      ]),
      '.ossutilconfig': '[constructor]\nmode=__proto__\n[]\n=\n==\n[profile toString]\naccessKeyID=x',
    });
    const { profiles: list } = await profiles.list();
    expect(list.map(({ name, obstacle }) => [name, obstacle])).toEqual([
      ['__proto__', 'incomplete'],
      ['constructor', 'mode'],
      ['toString', 'incomplete'],
    ]);
  });
});
