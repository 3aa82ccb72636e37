/**
 * A real keyring of a test's own (gnome-keyring on a private session bus), and a second program that looks into it,
 * locks it, and stops it from ever answering.
 */
import { execFile } from 'node:child_process';
import { connect } from 'node:net';
import path from 'node:path';
import { promisify } from 'node:util';
import { startDesktop } from '#setup/desktop-session.mjs';
import { test as base } from './fixtures.ts';

const run = promisify(execFile);

/** The password that desktop-session.mjs unlocks its keyring with. */
const PASSWORD = 'throw-away';
/** What the app's entries are filed under. */
const SERVICE = ['service', 'Pagelens'];

/** One keyring, as a second program meets it. */
export interface Keyring {
  /** For `launch`: the app then finds this keyring. */
  env: { DBUS_SESSION_BUS_ADDRESS: string; XDG_RUNTIME_DIR: string };
  /** The secret under an account's id, or null. */
  lookUp(accountId: string): Promise<string | null>;
  /** How many entries of the app there are. */
  count(): Promise<number>;
  clear(accountId: string): Promise<void>;
  lock(): Promise<void>;
  unlock(): Promise<void>;
  /** From now on every call is accepted and none is answered. */
  freeze(): Promise<void>;
  thaw(): void;
}

export const test = base.extend<{ keyring: Keyring }>({
  // Playwright insists on a destructuring pattern here, empty or not.
  // eslint-disable-next-line no-empty-pattern
  keyring: async ({}, use) => {
    const desktop = await startDesktop({ display: false });
    const env = {
      DBUS_SESSION_BUS_ADDRESS: desktop.env.DBUS_SESSION_BUS_ADDRESS ?? '',
      XDG_RUNTIME_DIR: desktop.env.XDG_RUNTIME_DIR ?? '',
    };
    const outside = { ...process.env, ...env };
    const secretTool = (...args: string[]) => run('secret-tool', args, { env: outside });
    const dbusSend = (destination: string, object: string, ...message: string[]) =>
      run('dbus-send', ['--session', '--print-reply', `--dest=${destination}`, object, ...message], { env: outside });
    let frozen: number | null = null;

    function thaw(): void {
      if (frozen !== null) process.kill(frozen, 'SIGCONT');
      frozen = null;
    }

    await use({
      env,
      async lookUp(accountId) {
        // Exit code 1 with nothing on standard error is secret-tool's "there is none".
        const found = await secretTool('lookup', ...SERVICE, 'account', accountId).catch((error: unknown) => {
          if (isNothingFound(error)) return null;
          throw error;
        });
        return found && found.stdout;
      },
      async count() {
        const { stdout, stderr } = await secretTool('search', '--all', ...SERVICE);
        return (stdout + stderr).match(/^attribute\.service = /gm)?.length ?? 0;
      },
      clear: async (accountId) => void (await secretTool('clear', ...SERVICE, 'account', accountId)),
      async lock() {
        const login = '/org/freedesktop/secrets/collection/login';
        const call = ['org.freedesktop.Secret.Service.Lock', `array:objpath:${login}`];
        await dbusSend('org.freedesktop.secrets', '/org/freedesktop/secrets', ...call);
      },
      unlock: () => unlock(path.join(env.XDG_RUNTIME_DIR, 'keyring', 'control')),
      async freeze() {
        const call = ['org.freedesktop.DBus.GetConnectionUnixProcessID', 'string:org.freedesktop.secrets'];
        const { stdout } = await dbusSend('org.freedesktop.DBus', '/org/freedesktop/DBus', ...call);
        frozen = Number(/uint32 (\d+)/.exec(stdout)?.[1]);
        process.kill(frozen, 'SIGSTOP');
      },
      thaw,
    });

    thaw();
    await desktop.end();
  },
});

const isNothingFound = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 1 && 'stderr' in error && error.stderr === '';

/** Unlocks the login keyring as PAM does at log-in: operation 1 with the password, through the daemon's own socket. */
async function unlock(controlSocket: string): Promise<void> {
  const packet = Buffer.alloc(13 + PASSWORD.length); // the first byte carries our uid to the daemon
  packet.writeUInt32BE(packet.length - 1, 1);
  packet.writeUInt32BE(1, 5);
  packet.writeUInt32BE(PASSWORD.length, 9);
  packet.write(PASSWORD, 13);
  const socket = connect(controlSocket);
  const answer = await new Promise<Buffer>((resolve, reject) => {
    socket.once('error', reject).once('data', resolve).write(packet);
  });
  socket.destroy();
  if (answer.readUInt32BE(4) !== 0) throw new Error('The keyring was not unlocked.');
}
