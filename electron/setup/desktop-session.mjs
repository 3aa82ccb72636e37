/**
 * A desktop of our own, for tests and for machines without a screen (Linux): Xvfb, a private D-Bus session bus and an
 * unlocked throw-away keyring, all ended by pid. As a program: `node desktop-session.mjs [--no-keyring] [--no-bus] -- command …`.
 */
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { run, runMain } from './run.mjs';

const READY_TIMEOUT_MS = 15_000;
const END_TIMEOUT_MS = 3_000;

/**
 * Starts the parts asked for. Answers the environment in which a program meets them, and `end()`, which stops every
 * part and removes its folder.
 */
export async function startDesktop({ display = true, bus = true, keyring = 'unlocked', screen = '1680x1050x24' } = {}) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'pagelens-desktop-'));
  fs.chmodSync(folder, 0o700);
  const children = [];
  const env = { ...process.env };

  function start(command, args, { stdio, environment, input, output }) {
    return new Promise((resolve, reject) => {
      const child = spawn(command, args, { stdio, env: environment });
      children.push(child);
      const timer = setTimeout(() => reject(new Error(`${command} was not ready in 15 s`)), READY_TIMEOUT_MS);
      child.once('error', (error) => reject(new Error(`${command}: ${error.message}`)));
      child.once('exit', (code, signal) => reject(new Error(`${command} ended early (${code ?? signal})`)));
      if (input !== undefined) child.stdin.end(input);
      let text = '';
      output(child).on('data', (chunk) => {
        text += chunk;
        if (!text.includes('\n')) return;
        clearTimeout(timer);
        resolve(text.slice(0, text.indexOf('\n')).trim());
      });
    });
  }

  async function end() {
    const ends = children
      .filter((child) => child.exitCode === null && child.signalCode === null)
      .map((child) => {
        const gone = new Promise((resolve) => child.once('close', resolve));
        const timer = setTimeout(() => child.kill('SIGKILL'), END_TIMEOUT_MS);
        child.kill('SIGTERM');
        return gone.then(() => clearTimeout(timer));
      });
    await Promise.all(ends); // waiting reaps them: a container's pid 1 often does not
    fs.rmSync(folder, { recursive: true, force: true });
  }

  try {
    if (bus) {
      // Bus and keyring get no display: a prompt for the password then fails at once instead of blocking for good.
      const busEnvironment = {
        ...env,
        XDG_RUNTIME_DIR: folder,
        XDG_DATA_HOME: path.join(folder, 'data'),
        XDG_CACHE_HOME: path.join(folder, 'cache'),
      };
      delete busEnvironment.DISPLAY;
      delete busEnvironment.WAYLAND_DISPLAY;
      env.XDG_RUNTIME_DIR = folder;
      env.DBUS_SESSION_BUS_ADDRESS = await start(
        'dbus-daemon',
        ['--session', '--nofork', '--nopidfile', '--print-address=1', `--address=unix:path=${folder}/bus`],
        { stdio: ['ignore', 'pipe', 'ignore'], environment: busEnvironment, output: (child) => child.stdout },
      );
      if (keyring !== 'none') {
        await start(
          'gnome-keyring-daemon',
          ['--foreground', '--unlock', '--components=secrets', `--control-directory=${folder}/keyring`],
          {
            stdio: ['pipe', 'pipe', 'ignore'],
            environment: { ...busEnvironment, DBUS_SESSION_BUS_ADDRESS: env.DBUS_SESSION_BUS_ADDRESS },
            input: 'throw-away',
            output: (child) => child.stdout,
          },
        );
      }
    } else {
      delete env.DBUS_SESSION_BUS_ADDRESS;
    }
    if (display) {
      const number = await start('Xvfb', ['-displayfd', '3', '-screen', '0', screen, '-nolisten', 'tcp', '-noreset'], {
        stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
        environment: env,
        output: (child) => child.stdio[3],
      });
      env.DISPLAY = `:${number}`;
      delete env.WAYLAND_DISPLAY;
    }
  } catch (error) {
    await end();
    throw error;
  }
  return { env, end };
}

/** Runs `work` with the environment of a desktop of its own on Linux, and in the person's own desktop elsewhere. */
export async function inDesktop(work, parts = {}) {
  if (process.platform !== 'linux') return work(process.env);
  const desktop = await startDesktop(parts);
  try {
    return await work(desktop.env);
  } finally {
    await desktop.end();
  }
}

async function main() {
  const args = process.argv.slice(2);
  const cut = args.indexOf('--');
  const [command, ...rest] = args.slice(cut + 1);
  const desktop = await startDesktop({
    bus: !args.slice(0, cut).includes('--no-bus'),
    keyring: args.slice(0, cut).includes('--no-keyring') ? 'none' : 'unlocked',
  });
  try {
    return await run(command, rest, { env: desktop.env });
  } finally {
    await desktop.end();
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await runMain(main);
