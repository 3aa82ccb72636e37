/** The app as an ordinary user runs it: with Chromium's sandbox on. */
import { chmod, chown, cp, link, mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { findElectron } from '#setup/electron-runtime.mjs';
import { expect, type LaunchOptions, root, test } from './fixtures.ts';
import { ConnectPage } from './screens.ts';

/** Debian's `nobody`. */
const NOBODY = 65534;

test('an ordinary user runs the app in the sandbox and sees the samples', async ({ launch }) => {
  const isRoot = process.getuid?.() === 0;
  const place = isRoot ? await makePlaceForNobody() : null;
  const uid = isRoot ? NOBODY : process.getuid?.();
  try {
    const { app, page, close } = await launch({ sandbox: true, ...place?.options });
    const pids = await app.evaluate(({ app: electron }) => ({
      main: process.pid,
      page: electron.getAppMetrics().find(({ type }) => type === 'Tab')?.pid ?? 0,
    }));

    for (const pid of Object.values(pids)) {
      expect((await statusOf(pid))['Uid']?.split(/\s+/)).toEqual(Array(4).fill(String(uid)));
      expect(await readFile(`/proc/${pid}/cmdline`, 'utf8')).not.toContain('--no-sandbox');
    }
    // The page's process: system calls filtered (2), no way to new rights, in namespaces of its own.
    const status = await statusOf(pids.page);
    expect(status).toMatchObject({ Seccomp: '2', NoNewPrivs: '1' });
    expect((status['NSpid'] ?? '').split(/\s+/).length).toBeGreaterThan(1);

    const browser = await new ConnectPage(page).trySamples();
    await browser.openFolder('english', 'Annual report 2025.pdf');
    const viewer = await browser.open('Annual report 2025.pdf');
    await viewer.seePage(1);
    await viewer.back();
    await browser.open('Budget 2026.xlsx');
    await viewer.seePage(1);
    await close();
  } finally {
    await place?.remove();
  }
});

/** `/proc/<pid>/status`, by name. */
async function statusOf(pid: number): Promise<Record<string, string>> {
  const lines = (await readFile(`/proc/${pid}/status`, 'utf8')).trim().split('\n');
  return Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]),
  );
}

/**
 * For a test that runs as root: runtime and app where `nobody` can read them, a home where he can write, and a program
 * that becomes him. It loads Playwright's own script as `launch` does for the development runtime.
 */
async function makePlaceForNobody(): Promise<{ options: LaunchOptions; remove(): Promise<void> }> {
  const electron = findElectron();
  if (!electron) throw new Error('There is no Electron: run npm test, which gets one.');
  const place = await mkdtemp(path.join(os.tmpdir(), 'pagelens-nobody-'));
  const home = path.join(place, 'home');
  const app = path.join(place, 'app');
  const loader = path.join(place, 'loader.cjs');
  await linkTree(electron.folder, path.join(place, 'electron'));
  await mkdir(path.join(app, 'node_modules'), { recursive: true });
  await cp(path.join(root, 'out'), path.join(app, 'out'), { recursive: true });
  await cp(path.join(root, 'package.json'), path.join(app, 'package.json'));
  await cp(path.join(root, 'node_modules/keytar'), path.join(app, 'node_modules/keytar'), { recursive: true });
  await cp(path.join(root, 'node_modules/playwright-core/lib/server/electron/loader.js'), loader);
  await openToAll(place);
  await installSandboxHelper(path.join(place, 'electron/chrome-sandbox'));
  for (const folder of [home, path.join(home, 'run'), path.join(home, 'user-data')]) {
    await mkdir(folder, { mode: 0o700 });
    await chown(folder, NOBODY, NOBODY);
  }

  const program = path.join(place, 'run-as-nobody');
  const executable = path.join(place, 'electron', path.basename(electron.executable));
  const become = `setpriv --reuid=${NOBODY} --regid=${NOBODY} --clear-groups`;
  await writeFile(program, `#!/bin/sh\ncd '${place}' && exec ${become} '${executable}' -r '${loader}' "$@" '${app}'\n`);
  await chmod(program, 0o755);
  const env = { HOME: home, XDG_RUNTIME_DIR: path.join(home, 'run'), DBUS_SESSION_BUS_ADDRESS: undefined };
  return {
    options: { executable: program, userData: path.join(home, 'user-data'), env: { ...env, ...NO_XDG } },
    remove: () => rm(place, { recursive: true, force: true }),
  };
}

/** Whose folders are root's. */
const NO_XDG = { XDG_CONFIG_HOME: undefined, XDG_CACHE_HOME: undefined, XDG_DATA_HOME: undefined };

/** Hard links, which cost neither time nor room; copies where the two folders are on different file systems. */
async function linkTree(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [path.join(from, entry.name), path.join(to, entry.name)];
    if (entry.isDirectory()) await linkTree(source, target);
    else await link(source, target).catch(() => cp(source, target));
  }
}

/** Where the kernel gives ordinary users no namespaces of their own, Chromium needs its helper to be root's and setuid. */
async function installSandboxHelper(file: string): Promise<void> {
  const content = await readFile(file);
  await rm(file); // a link to the runtime's own file, which stays as it is
  await writeFile(file, content);
  await chmod(file, 0o4755);
}

/** Readable for everybody. Of linked files, which are not ours to change, only the folders around them. */
async function openToAll(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const name = path.join(folder, entry.name);
    const { mode, nlink } = await stat(name);
    if (entry.isDirectory()) await openToAll(name);
    else if (nlink === 1) await chmod(name, mode | (mode & 0o100 ? 0o555 : 0o444));
  }
}
