/** What a row stands on: services, apps and folders of its own, all gone when the row is done. */
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { type ElectronApplication, type Page, _electron } from '@playwright/test';
import { findElectron } from '#setup/electron-runtime.mjs';
import { launchApp, root, samplesFolder, startService, type Launched, type Service } from '../e2e/fixtures.ts';
import { ConnectPage, type BrowserPage } from '../e2e/screens.ts';
import { signedLink } from '../e2e/signed.ts';

/** The bucket of every service that the bench starts. */
export const BUCKET = 'bench';

/** Another app than ours in Electron, with the page of its window. */
export interface OtherApp {
  app: ElectronApplication;
  page: Page;
}

export class Ground {
  readonly #folder: string;
  readonly #ends: (() => Promise<void>)[] = [];
  #count = 0;

  constructor(folder: string) {
    this.#folder = folder;
  }

  static async make(): Promise<Ground> {
    return new Ground(await mkdtemp(path.join(os.tmpdir(), 'pagelens-bench-')));
  }

  /** `end` is called when the row is done; the last one first. */
  atEnd(end: () => Promise<void>): void {
    this.#ends.push(end);
  }

  async end(): Promise<void> {
    for (const end of this.#ends.splice(0).reverse()) await end();
    await rm(this.#folder, { recursive: true, force: true, maxRetries: 3 });
  }

  /** An empty folder. */
  async newFolder(): Promise<string> {
    this.#count += 1;
    const folder = path.join(this.#folder, `${this.#count}`);
    await mkdir(folder);
    return folder;
  }

  /** A local-oss over HTTP with these files, by name, in its one bucket, and with `world` as its world file. */
  async serve(files: Record<string, Buffer>, world?: unknown): Promise<Service> {
    const folder = await this.newFolder();
    const bucket = path.join(folder, BUCKET);
    await mkdir(bucket);
    for (const [name, bytes] of Object.entries(files)) await writeFile(path.join(bucket, name), bytes);
    const args: string[] = [];
    if (world !== undefined) {
      const file = path.join(await this.newFolder(), 'world.json');
      await writeFile(file, JSON.stringify(world));
      args.push('--world', file);
    }
    const service = await startService(folder, args);
    this.atEnd(() => service.stop());
    return service;
  }

  /** Our app, new: nothing was ever opened in it. `appFolder` is another copy of it than the project's own. */
  async openApp(appFolder?: string): Promise<Launched> {
    const other = appFolder === undefined ? {} : { executable: electronOf(), args: [appFolder] };
    const launched = await launchApp(other, await this.newFolder());
    this.atEnd(() => launched.close());
    return launched;
  }

  /** Our app anew, with all it has kept. */
  async openAgain({ userData }: Launched): Promise<Launched> {
    const launched = await launchApp({}, userData);
    this.atEnd(() => launched.close());
    return launched;
  }

  /** Our app, connected to a running service and showing its bucket. The secret is not kept. */
  async openAppOn(service: Service): Promise<Launched & { browser: BrowserPage }> {
    const launched = await this.openApp();
    const browser = await new ConnectPage(launched.page).connectTo(service, { name: 'Bench', keep: 'session' });
    return { ...launched, browser };
  }

  /** The least that Electron can be. */
  async openEmptyApp(): Promise<OtherApp> {
    const app = await _electron.launch({
      executablePath: electronOf(),
      args: [path.join(root, 'test/bench/empty-app'), `--user-data-dir=${await this.newFolder()}`, '--disable-gpu'],
    });
    this.atEnd(() => app.close());
    return { app, page: await app.firstWindow() };
  }

  /** A copy of the built app whose sample account has one more bucket, with these files. */
  async copyAppWithSamples(files: Record<string, Buffer>): Promise<string> {
    const folder = await this.newFolder();
    await cp(path.join(root, 'out'), path.join(folder, 'out'), { recursive: true });
    await cp(path.join(root, 'package.json'), path.join(folder, 'package.json'));
    await symlink(path.join(root, 'node_modules'), path.join(folder, 'node_modules'));
    const bucket = path.join(folder, 'out/samples', BUCKET);
    await mkdir(bucket);
    for (const [name, bytes] of Object.entries(files)) await writeFile(path.join(bucket, name), bytes);
    return folder;
  }
}

/** The Electron that everything here runs in. */
export function electronOf(): string {
  const electron = findElectron();
  if (!electron) throw new Error('There is no Electron here.');
  return electron.executable;
}

/** One of the sample documents, by its path in the bucket. */
export const readSample = (name: string): Promise<Buffer> => readFile(path.join(samplesFolder, name));

/** One page's picture, straight from the service and without the app. */
export async function fetchPage(service: Service, key: string, pageNumber: number): Promise<Buffer> {
  const source = path.extname(key).slice(1);
  const process = `doc/snapshot,target_png,source_${source},page_${pageNumber}`;
  const answer = await fetch(signedLink(service, { bucket: BUCKET, key, query: [['x-oss-process', process]] }));
  if (!answer.ok) {
    const [, message = ''] = /<Message>(.*?)<\/Message>/.exec(await answer.text()) ?? [];
    throw new Error(`Page ${pageNumber} of ${key}: ${answer.status} ${message}`);
  }
  return Buffer.from(await answer.arrayBuffer());
}
