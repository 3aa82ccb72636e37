/**
 * The real keychain: gnome-keyring on a session bus of our own, asked by keytar in a process of its own and by a second
 * program.
 */
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startDesktop } from '#setup/desktop-session.mjs';

const run = promisify(execFile);
const root = path.resolve(import.meta.dirname, '../../..');

let desktop: Awaited<ReturnType<typeof startDesktop>> | undefined;
beforeAll(async () => {
  if (process.platform !== 'linux') return;
  desktop = await startDesktop({ display: false });
});
afterAll(() => desktop?.end());

/**
 * Runs a few lines against our keychain in a fresh process: libsecret keeps the first bus it met for the life of a
 * process. The answer is what the last line returns.
 */
async function inProcess(lines: string, env: NodeJS.ProcessEnv | undefined = desktop?.env): Promise<unknown> {
  const program = `
    import { createServer } from 'vite';
    const vite = await createServer({ configFile: false, root: ${JSON.stringify(root)}, logLevel: 'silent', server: { middlewareMode: true, ws: false }, optimizeDeps: { noDiscovery: true } });
    const { makeKeytarKeychain } = await vite.ssrLoadModule('/electron/services/keychain-keytar.ts');
    const keychain = makeKeytarKeychain('Pagelens test');
    const never = new AbortController().signal;
    const answer = await (async () => { ${lines} })();
    await vite.close();
    console.log(JSON.stringify(answer));
    process.exit(0);`;
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', program], { env, cwd: root });
  return JSON.parse(stdout) as unknown;
}

const secretTool = (...args: string[]) => run('secret-tool', args, { env: desktop?.env });

describe.runIf(process.platform === 'linux')('the keychain of this computer', () => {
  it('keeps a secret for another process, and gives it up when told', async () => {
    expect(await inProcess(`return keychain.write('one', 'the secret', never)`)).toMatchObject({ ok: true });
    expect(await inProcess(`return keychain.read('one', never)`)).toEqual({ ok: true, value: 'the secret' });
    expect(await inProcess(`return keychain.remove('one', never)`)).toMatchObject({ ok: true });
    expect(await inProcess(`return keychain.read('one', never)`)).toMatchObject({
      error: { code: 'keychain.missing' },
    });
  });

  it('is read and emptied by a second program, and then says that the entry is gone', async () => {
    await inProcess(`return keychain.write('two', 'shared', never)`);
    const entry = ['service', 'Pagelens test', 'account', 'two'];
    expect((await secretTool('lookup', ...entry)).stdout.trim()).toBe('shared');
    await secretTool('clear', ...entry);
    expect(await inProcess(`return keychain.read('two', never)`)).toMatchObject({
      error: { code: 'keychain.missing' },
    });
  });

  it('says locked, not gone, while it is locked', async () => {
    const mine = await startDesktop({ display: false });
    try {
      const lock = [
        '--session',
        '--print-reply',
        '--dest=org.freedesktop.secrets',
        '/org/freedesktop/secrets',
        'org.freedesktop.Secret.Service.Lock',
        'array:objpath:/org/freedesktop/secrets/collection/login',
      ];
      await inProcess(`return keychain.write('three', 'kept', never)`, mine.env);
      await run('dbus-send', lock, { env: mine.env });
      const locked = { ok: false, error: { code: 'keychain.locked' } };
      expect(await inProcess(`return keychain.read('three', never)`, mine.env)).toMatchObject(locked);
      expect(await inProcess(`return keychain.write('four', 'x', never)`, mine.env)).toMatchObject(locked);
      expect(await inProcess(`return keychain.remove('three', never)`, mine.env)).toMatchObject(locked);
    } finally {
      await mine.end();
    }
  });

  it('is unavailable where there is no bus', async () => {
    const { DBUS_SESSION_BUS_ADDRESS: _bus, DISPLAY: _display, ...env } = desktop?.env ?? {};
    const answer = await inProcess(`return keychain.read('one', never)`, { ...env, XDG_RUNTIME_DIR: '/nonexistent' });
    expect(answer).toMatchObject({ ok: false, error: { code: 'keychain.unavailable' } });
  });
});
