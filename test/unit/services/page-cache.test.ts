import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { KeptPages } from '#services/kept-pages.ts';
import { makePageCache, type PageCache } from '#services/page-cache.ts';
import { documentOf, idOf, makeFolder, startKept } from './kept-fixture.ts';
import { pictureOf } from './oss-twin.ts';

let root: string;
let caches: PageCache[];
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'page-cache-'));
  caches = [];
});
afterEach(async () => {
  for (const cache of caches) await cache.dispose();
  await rm(root, { recursive: true, force: true });
});

function openCache(options: { rootFolder?: string; memoryBytes?: number; kept?: KeptPages } = {}): PageCache {
  const cache = makePageCache({ rootFolder: root, ...options });
  caches.push(cache);
  return cache;
}
const runFolders = (): Promise<string[]> => readdir(root);
/** The files of the only run folder, once all is written. */
async function filesOf(cache: PageCache): Promise<string[]> {
  await cache.whenWritten();
  const [folder] = await runFolders();
  return (await readdir(path.join(root, folder!))).sort();
}

describe('the page cache', () => {
  it('gives back what it keeps, at once and from the disk', async () => {
    const cache = openCache({ memoryBytes: 0 });
    cache.keep('a-1.png', pictureOf('1'));
    expect(await cache.read('a-1.png')).toEqual(pictureOf('1'));
    expect(await filesOf(cache)).toEqual(['a-1.png']);
    // No memory at all: this one comes from the file.
    expect(await cache.read('a-1.png')).toEqual(pictureOf('1'));
    expect(cache.facts('a-1.png')).toEqual({ mediaType: 'image/png', widthPx: 1240, heightPx: 1754, sizeBytes: 12 });
    expect(cache.facts('a-2.png')).toBeNull();
    expect(await cache.read('a-2.png')).toBeNull();
  });
  it('keeps its folder to this user and removes it at the end', async () => {
    const cache = openCache();
    cache.keep('a-1.png', pictureOf('1'));
    await cache.whenWritten();
    const [folder] = await runFolders();
    if (process.platform !== 'win32') expect((await stat(path.join(root, folder!))).mode & 0o777).toBe(0o700);
    await cache.dispose();
    expect(await runFolders()).toEqual([]);
  });
  it('serves from memory while it fits, the oldest use goes first', async () => {
    const cache = openCache({ memoryBytes: 24 });
    for (const page of ['1', '2']) cache.keep(page, pictureOf(page));
    await cache.whenWritten();
    await cache.read('1');
    cache.keep('3', pictureOf('3'));
    await cache.whenWritten();
    const [folder] = await runFolders();
    await rm(path.join(root, folder!), { recursive: true });
    expect(await cache.read('1')).toEqual(pictureOf('1'));
    expect(await cache.read('3')).toEqual(pictureOf('3'));
    expect(await cache.read('2')).toBeNull();
    expect(cache.facts('2')).toBeNull();
  });
  it('keeps everything in memory where the disk takes nothing', async () => {
    const file = path.join(root, 'file');
    await writeFile(file, 'not a folder');
    const cache = openCache({ rootFolder: file, memoryBytes: 0 });
    for (let page = 1; page <= 20; page += 1) cache.keep(`${page}`, pictureOf(`${page}`));
    await cache.whenWritten();
    for (let page = 1; page <= 20; page += 1) expect(await cache.read(`${page}`)).toEqual(pictureOf(`${page}`));
  });
  it('does not show a file that somebody cut short', async () => {
    const cache = openCache({ memoryBytes: 0 });
    cache.keep('1', pictureOf('1'));
    await cache.whenWritten();
    const [folder] = await runFolders();
    await writeFile(path.join(root, folder!, '1'), 'half');
    expect(await cache.read('1')).toBeNull();
  });
  it('sweeps the folders of dead runs and leaves those of living ones and strangers', async () => {
    const dead = spawnSync(process.execPath, ['-e', '']).pid;
    const names = [
      `run-${dead}-0123456789ab`,
      `run-${process.pid}-0123456789ab`,
      `run-${process.ppid}-0123456789ab`,
      'mine',
    ];
    for (const name of names) await mkdir(path.join(root, name));
    const cache = openCache();
    cache.keep('1', pictureOf('1'));
    await cache.read('1');
    await cache.dispose();
    expect((await runFolders()).sort()).toEqual(['mine', `run-${process.ppid}-0123456789ab`].sort());
  });
});

describe('a page of a kept document that the disk refused', () => {
  const A = documentOf('a.pdf');
  const nameOf = (page: number): string => `${idOf(A)}-${page}.png`;

  /** A cache with page 1 in memory only: a folder lay in its place. */
  async function refusedOnce() {
    const folder = await makeFolder();
    const kept = startKept(folder);
    const cache = openCache({ kept });
    await cache.open(idOf(A), A, true);
    const place = path.join(folder, A.accountId, idOf(A), '1.png');
    await mkdir(path.join(place, 'in the way'), { recursive: true });
    cache.keep(nameOf(1), pictureOf('1'));
    await cache.whenWritten();
    expect((await kept.list()).flatMap(({ pages }) => pages)).toEqual([]);
    const makeWay = (): Promise<void> => rm(place, { recursive: true });
    /** What the next run finds. */
    const found = async (): Promise<string[]> => {
      await kept.dispose();
      const { heads } = await startKept(folder).open(idOf(A), A, true);
      return heads.map(({ name }) => name).sort();
    };
    return { cache, kept, makeWay, found };
  }

  it('is written when the disk takes the next one', async () => {
    const { cache, makeWay, found } = await refusedOnce();
    cache.keep(nameOf(2), pictureOf('2'));
    await cache.whenWritten();
    await makeWay();
    cache.keep(nameOf(3), pictureOf('3'));
    await cache.whenWritten();
    expect(await found()).toEqual([1, 2, 3].map(nameOf));
  });
  it('is written at the end', async () => {
    const { cache, makeWay, found } = await refusedOnce();
    await makeWay();
    await cache.dispose();
    expect(await found()).toEqual([nameOf(1)]);
  });
});
