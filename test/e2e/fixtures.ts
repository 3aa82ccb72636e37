/** What every end-to-end test stands on: the real app, the real service over HTTP, a world of its own per test. */
import { type ChildProcess, spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { type ElectronApplication, type Page, _electron, test as base, expect } from '@playwright/test';
import { startDesktop } from '#setup/desktop-session.mjs';
import { findElectron } from '#setup/electron-runtime.mjs';

export const root = path.resolve(import.meta.dirname, '../..');
/** The sample bucket's folder in the sources. */
export const samplesFolder = path.join(root, 'electron/local-oss/samples/pagelens-samples');

/** A running local-oss, as its one line on standard output describes it. */
export interface Service {
  endpoint: string;
  region: string;
  accessKeyId: string;
  accessKeySecret: string;
  buckets: string[];
  /** The folder whose folders are the buckets. */
  rootFolder: string;
  stop(): Promise<void>;
}

export interface LaunchOptions {
  /** Kept between two launches to test a restart. */
  userData?: string;
  env?: Record<string, string | undefined>;
  args?: string[];
  /** Another program than the development runtime: the packaged app. Then no app folder is handed over. */
  executable?: string;
  /** The working directory; the project's folder unless said. */
  cwd?: string;
  /** Chromium's sandbox: on, unless we are root, for whom there is none. */
  sandbox?: boolean;
  /** False: the settings of this launch forbid to look into files, so that ends are found by asking only. */
  readsFiles?: boolean;
  language?: 'en' | 'zh-CN';
  theme?: 'light' | 'dark';
}

export interface Launched {
  app: ElectronApplication;
  page: Page;
  userData: string;
  /** Ends the app as a person does and checks that nothing went wrong in its pages. */
  close(): Promise<void>;
}

interface Fixtures {
  /** A folder of this test's own, removed afterwards. */
  folder: string;
  launch(options?: LaunchOptions): Promise<Launched>;
  /** Starts local-oss over HTTP with a bucket `documents` that holds the samples; `world` is its world file's content. */
  serve(options?: { world?: unknown; args?: string[]; buckets?: Record<string, string> }): Promise<Service>;
}

interface WorkerFixtures {
  /** A screen for the tests of this worker alone (Linux): focus and clipboard belong to a whole screen. */
  display: NodeJS.ProcessEnv;
}

export const test = base.extend<Fixtures, WorkerFixtures>({
  display: [
    // eslint-disable-next-line no-empty-pattern
    async ({}, use) => {
      if (process.platform !== 'linux') return use({});
      const desktop = await startDesktop({ bus: false, screen: '1920x1200x24' }); // room for the tour's largest window
      await use({ DISPLAY: desktop.env['DISPLAY'], WAYLAND_DISPLAY: undefined });
      await desktop.end();
    },
    { scope: 'worker' },
  ],

  // Playwright insists on a destructuring pattern here, empty or not.
  // eslint-disable-next-line no-empty-pattern
  folder: async ({}, use) => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'pagelens-e2e-'));
    await use(folder);
    await rm(folder, { recursive: true, force: true });
  },

  launch: async ({ folder, display }, use) => {
    const running: Launched[] = [];
    let count = 0;
    await use(async (options = {}) => {
      count += 1;
      const ready = { ...options, env: { ...display, ...options.env } };
      const launched = await launchApp(ready, options.userData ?? path.join(folder, `user-data-${count}`));
      running.push(launched);
      return launched;
    });
    for (const launched of running) await launched.close();
  },

  serve: async ({ folder }, use) => {
    const services: Service[] = [];
    await use(async ({ world, args = [], buckets = { documents: samplesFolder } } = {}) => {
      const rootFolder = path.join(folder, `oss-${services.length}`);
      await mkdir(rootFolder, { recursive: true });
      for (const [name, from] of Object.entries(buckets))
        await cp(from, path.join(rootFolder, name), { recursive: true });
      const worldArgs: string[] = [];
      if (world !== undefined) {
        const file = path.join(folder, `world-${services.length}.json`);
        await writeFile(file, JSON.stringify(world));
        worldArgs.push('--world', file);
      }
      const service = await startService(rootFolder, [...worldArgs, ...args]);
      services.push(service);
      return service;
    });
    for (const service of services) await service.stop();
  },
});

export { expect };

/** Starts the stand-alone program and waits for its line. */
export async function startService(rootFolder: string, args: string[] = []): Promise<Service> {
  const program = path.join(root, 'out/helpers/local-oss.cjs');
  const child = spawn(process.execPath, [program, '--root', rootFolder, ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const line = await firstLine(child);
  return { ...(JSON.parse(line) as Omit<Service, 'rootFolder' | 'stop'>), rootFolder, stop: () => end(child) };
}

function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`local-oss ended with ${code} before it was ready`)));
    createInterface({ input: child.stdout! }).once('line', resolve);
  });
}

function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
  });
}

/** Starts the real app with its settings in `userData`, and loads its page once more with a listener for refusals of its policy. */
export async function launchApp(options: LaunchOptions, userData: string): Promise<Launched> {
  if (!options.executable && !findElectron()) throw new Error('There is no Electron: run npm test, which gets one.');
  await mkdir(userData, { recursive: true });
  if (options.readsFiles === false) {
    await writeFile(path.join(userData, 'settings.json'), JSON.stringify({ version: 1, readsFiles: false }));
  }
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries({ ...process.env, ...options.env }))
    if (value !== undefined) env[name] = value;
  const app = await start({
    ...(options.executable ? { executablePath: options.executable } : {}),
    chromiumSandbox: options.sandbox ?? process.getuid?.() !== 0,
    cwd: options.cwd ?? root,
    env,
    args: [
      ...(options.executable ? [] : ['.']),
      `--user-data-dir=${userData}`,
      `--lang=${options.language === 'zh-CN' ? 'zh-CN' : 'en-US'}`,
      '--disable-gpu',
      ...(options.args ?? []),
    ],
  });
  const troubles: string[] = [];
  await app.context().addInitScript(watchForViolations);
  const page = await app.firstWindow();
  page.on('pageerror', (error) => troubles.push(`page error: ${error.message}`));
  const lookingAgain: Promise<void>[] = [];
  page.on('console', (message) => {
    if (message.type() !== 'error') return;
    const { url } = message.location();
    const trouble = `console: ${message.text()}`;
    // A picture on its way while its document is closed comes too late for anybody; one that is still shown must not.
    if (url.startsWith('snapshot:'))
      lookingAgain.push(isShown(page, url).then((is) => void (is && troubles.push(trouble))));
    else troubles.push(trouble);
  });
  await page.emulateMedia({ colorScheme: options.theme ?? 'light' });
  // The first document may have loaded before the listener was there: load it once more with it.
  await page.reload();

  let hasEnded = false;
  app.once('close', () => (hasEnded = true));
  let isClosed = false;
  const close = async (): Promise<void> => {
    if (isClosed) return;
    isClosed = true;
    if (hasEnded) return expect(troubles).toEqual([]);
    if (!page.isClosed()) {
      const violations = await page.evaluate(
        () => (globalThis as unknown as { violations?: string[] }).violations ?? [],
      );
      troubles.push(...violations.map((text) => `policy: ${text}`));
    }
    await Promise.all(lookingAgain);
    const pid = app.process().pid;
    const timer = setTimeout(() => pid && process.kill(pid, 'SIGKILL'), 15_000);
    await app.close();
    clearTimeout(timer);
    expect(troubles).toEqual([]);
  };
  return { app, page, userData, close };
}

type Start = NonNullable<Parameters<typeof _electron.launch>[0]>;

/**
 * Into the development runtime Playwright loads a script that holds the app back until it has attached itself. Another
 * executable gets none: about once in twenty starts its window comes up while Playwright attaches, which then waits
 * for ever. Such a start is ended and made again.
 */
async function start(options: Start, tries = options.executablePath ? 4 : 1): Promise<ElectronApplication> {
  try {
    return await _electron.launch({ ...options, timeout: tries > 1 ? 15_000 : 60_000 });
  } catch (error) {
    if (tries === 1) throw error;
    return start(options, tries - 1);
  }
}

/** Whether a picture of this address is in the page; false when the page is gone. */
const isShown = (page: Page, url: string): Promise<boolean> =>
  page.evaluate((src) => [...document.images].some((image) => image.src === src), url).catch(() => false);

/** Runs in the page before its own scripts: collects what the Content-Security-Policy refused. */
function watchForViolations(): void {
  const found: string[] = [];
  (globalThis as unknown as { violations: string[] }).violations = found;
  addEventListener('securitypolicyviolation', (event) => {
    found.push(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`);
  });
}
