import { describe, expect, it } from 'vitest';
import type { Out } from '#contract/contract.ts';
import { fail, ok } from '#contract/errors.ts';
import { LinkId } from '#contract/ids.ts';
import type { LinkView } from '#contract/links.ts';
import { LinksStore } from '#renderer/state/links.svelte.ts';
import { makeLater, makeScriptedClient, type Script } from './scripted-client.ts';

const ACCOUNT = '0123456789abcdef';
const view = (digit: string, path: string | null): LinkView => ({ id: LinkId.parse(digit.repeat(16)), path });
const folder: Out<'addresses.resolve'> = { kind: 'folder', bucket: 'reports', prefix: 'q3/' };
const request = { bucket: 'reports', key: 'a.pdf', versionId: null, source: 'pdf' as const, pageNumber: 4 };
const document: Out<'addresses.resolve'> = { kind: 'document', ...request };

async function setUp(waiting: LinkView | null, script: Script = {}) {
  const client = makeScriptedClient({
    'links.get': () => ok({ link: waiting }),
    'links.done': () => ok({}),
    'addresses.resolve': () => ok(document),
    ...script,
  });
  const links = new LinksStore(client);
  await links.load();
  const done = (): unknown[] => client.calls.filter(({ name }) => name === 'links.done').map(({ input }) => input);
  return { client, links, done };
}

describe('a link from the system', () => {
  it('waits for an account, then asks before the document is opened', async () => {
    const { links, client, done } = await setUp(view('1', 'oss://reports/a.pdf'));
    expect(links.state).toMatchObject({ status: 'waiting', link: { text: 'oss://reports/a.pdf' } });
    expect(await links.follow(ACCOUNT)).toBe(null);
    expect(links.state).toMatchObject({ status: 'asking', request });
    expect(client.calls.at(-1)).toEqual({
      name: 'addresses.resolve',
      input: { accountId: ACCOUNT, text: 'oss://reports/a.pdf' },
    });
    expect(done()).toEqual([]);
    links.dismiss();
    expect(links.state.status).toBe('none');
    expect(done()).toEqual([{ id: '1'.repeat(16) }]);
  });

  it('leads to a folder without a question', async () => {
    const { links, done } = await setUp(view('1', 'oss://reports/q3/'), { 'addresses.resolve': () => ok(folder) });
    expect(await links.follow(ACCOUNT)).toEqual(folder);
    expect(links.state.status).toBe('none');
    expect(done()).toHaveLength(1);
  });

  it('that cannot be read is said to be so, and asks nobody', async () => {
    const { links, client } = await setUp(view('1', null));
    expect(links.state.status).toBe('unreadable');
    expect(await links.follow(ACCOUNT)).toBe(null);
    expect(client.calls.map(({ name }) => name)).toEqual(['links.get']);
  });

  it('that leads nowhere keeps the reason until it is put away', async () => {
    const denied = fail('oss.noSuchKey', 'gone');
    const { links, done } = await setUp(view('1', 'oss://reports/x'), { 'addresses.resolve': () => denied });
    expect(await links.follow(ACCOUNT)).toBe(null);
    expect(links.state).toMatchObject({ status: 'failed', error: denied.error });
    links.dismiss();
    expect(done()).toHaveLength(1);
  });

  it('gives way to one that comes later, whose answer counts', async () => {
    const late = makeLater<ReturnType<typeof ok<Out<'addresses.resolve'>>>>();
    const { links, client } = await setUp(view('1', 'oss://reports/old'), { 'addresses.resolve': () => late.promise });
    const following = links.follow(ACCOUNT);
    client.say('links.changed', { link: view('2', 'oss://reports/new') });
    late.resolve(ok(folder));
    expect(await following).toBe(null);
    expect(links.state).toMatchObject({ status: 'waiting', link: { text: 'oss://reports/new' } });
  });

  it('that main tells of again, or as done, changes nothing that is under way or ends it', async () => {
    const link = view('1', 'oss://reports/a.pdf');
    const { links, client } = await setUp(link);
    await links.follow(ACCOUNT);
    client.say('links.changed', { link });
    expect(links.state.status).toBe('asking');
    client.say('links.changed', { link: null });
    expect(links.state.status).toBe('none');
  });

  it('waits again when the account goes', async () => {
    const { links } = await setUp(view('1', 'oss://reports/a.pdf'));
    await links.follow(ACCOUNT);
    links.wait();
    expect(links.state.status).toBe('waiting');
  });
});

describe('a dropped link', () => {
  it('opens its document at once: whoever drops it here means it', async () => {
    const { links, client } = await setUp(null);
    links.drop('https://reports.oss-cn-hangzhou.aliyuncs.com/a.pdf?x-oss-signature=s');
    expect(await links.follow(ACCOUNT)).toEqual({ kind: 'document', request });
    expect(links.state.status).toBe('none');
    expect(client.calls.map(({ name }) => name)).toEqual(['links.get', 'addresses.resolve']);
  });

  it('takes the place of a link from the system, which is then done; main’s news of that does not take it away', async () => {
    const { links, client, done } = await setUp(view('1', 'oss://reports/a.pdf'));
    links.drop('oss://reports/b.pdf');
    expect(done()).toHaveLength(1);
    client.say('links.changed', { link: null });
    expect(links.state).toMatchObject({ status: 'waiting', link: { text: 'oss://reports/b.pdf', id: null } });
  });
});
