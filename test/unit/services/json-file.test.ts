import { mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openJsonFile, type JsonFile } from '#services/json-file.ts';
import { makeLog } from '#services/log.ts';

let folder: string;
let file: string;
let lines: string[];
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'json-file-'));
  file = path.join(folder, 'things.json');
  lines = [];
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const Things = z.object({ version: z.literal(3), names: z.array(z.string()) });
const open = (): Promise<JsonFile<z.infer<typeof Things>>> =>
  openJsonFile({
    file,
    schema: Things,
    newest: 3,
    migrations: {
      1: ({ name }) => ({ list: [name] }),
      2: ({ list }) => ({ names: list }),
    },
    log: makeLog({ level: 'debug', now: () => 0, write: (line) => lines.push(line) }),
    now: () => 77,
  });

describe('a JSON file', () => {
  it('is changed step by step from an older version', async () => {
    await writeFile(file, JSON.stringify({ version: 1, name: 'first' }));
    expect((await open()).found).toEqual({ version: 3, names: ['first'] });
    expect(lines).toEqual([]);
  });

  it('writes what a value was when it was told to, in that order', async () => {
    const kept = await open();
    const names: string[] = [];
    for (const name of ['a', 'b', 'c']) {
      names.push(name);
      void kept.write({ version: 3, names });
    }
    names.push('never told');
    await kept.flush();
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual({ version: 3, names: ['a', 'b', 'c'] });
    expect((await open()).found?.names).toEqual(['a', 'b', 'c']);
  });

  it.each([
    ['empty', ''],
    ['a version from before the first', '{ "version": 0 }'],
    ['a migration that leads nowhere', '{ "version": 2, "list": 5 }'],
    ['deep nesting', '['.repeat(50_000)],
  ])('sets one aside that is %s', async (_what, text) => {
    await writeFile(file, text);
    expect((await open()).found).toBe(null);
    expect(await readdir(folder)).toEqual(['things.broken-77.json']);
  });

  it('sets one aside that is too large to be ours, unread', async () => {
    await writeFile(file, '{ "version": 3, "names": [] }');
    await truncate(file, 5 * 1024 * 1024 * 1024);
    expect((await open()).found).toBe(null);
    expect(await readdir(folder)).toEqual(['things.broken-77.json']);
  });

  it('leaves alone what cannot be read, and says so', async () => {
    await mkdir(file);
    expect((await open()).found).toBe(null);
    expect(await readdir(folder)).toEqual(['things.json']);
    expect(lines).toHaveLength(1);
  });
});
