import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ok } from '#contract/errors.ts';
import { makeFolderSink } from '#services/export-sink.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'export-sink-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const bytes = (text: string): Uint8Array => Buffer.from(text);
const textOf = (name: string): Promise<string> => readFile(path.join(folder, name), 'utf8');
let seed = 0;
const sinkFor = (to = folder) =>
  makeFolderSink({ folder: to, randomBytes: (length) => Buffer.alloc(length, (seed += 1)) });

describe('the folder sink', () => {
  it('writes whole files and leaves no partial one', async () => {
    expect(await sinkFor().put('p1.png', bytes('one'), 'skip')).toEqual(ok('p1.png'));
    expect(await textOf('p1.png')).toBe('one');
    expect(await readdir(folder)).toEqual(['p1.png']);
  });
  it('leaves, replaces or keeps beside, as told', async () => {
    await writeFile(path.join(folder, 'p1.png'), 'old');
    expect(await sinkFor().put('p1.png', bytes('new'), 'skip')).toEqual(ok(null));
    expect(await textOf('p1.png')).toBe('old');
    expect(await sinkFor().put('p1.png', bytes('new'), 'keep-both')).toEqual(ok('p1 (2).png'));
    expect(await sinkFor().put('p1.png', bytes('newer'), 'keep-both')).toEqual(ok('p1 (3).png'));
    expect(await textOf('p1.png')).toBe('old');
    expect(await sinkFor().put('p1.png', bytes('newest'), 'replace')).toEqual(ok('p1.png'));
    expect(await textOf('p1.png')).toBe('newest');
    expect((await readdir(folder)).sort()).toEqual(['p1 (2).png', 'p1 (3).png', 'p1.png']);
  });
  it('finds names that are taken, case not counting', async () => {
    await writeFile(path.join(folder, 'P1.PNG'), 'old');
    expect(await sinkFor().findTaken(['p1.png', 'p2.png'])).toEqual(ok(new Set(['p1.png'])));
  });
  it('leaves a stranger’s .part alone', async () => {
    await writeFile(path.join(folder, 'p1.png.part'), 'somebody else’s');
    expect(await sinkFor().put('p1.png', bytes('one'), 'replace')).toEqual(ok('p1.png'));
    expect(await textOf('p1.png.part')).toBe('somebody else’s');
    expect((await readdir(folder)).sort()).toEqual(['p1.png', 'p1.png.part']);
  });
  it('gives two writers of one name two files', async () => {
    const put = await Promise.all(['a', 'b', 'c'].map((text) => sinkFor().put('p1.png', bytes(text), 'keep-both')));
    expect(put.map((one) => one.ok && one.value).sort()).toEqual(['p1 (2).png', 'p1 (3).png', 'p1.png']);
    expect((await readdir(folder)).length).toBe(3);
  });
  it('does not follow a link out of the folder', async () => {
    const outside = await mkdtemp(path.join(tmpdir(), 'outside-'));
    await symlink(path.join(outside, 'stolen'), path.join(folder, 'p1.png'));
    await symlink(path.join(outside, 'stolen'), path.join(folder, 'p2.png.part'));
    await sinkFor().put('p1.png', bytes('one'), 'replace');
    await sinkFor().put('p2.png', bytes('two'), 'skip');
    expect(await readdir(outside)).toEqual([]);
    expect(await textOf('p1.png')).toBe('one');
    expect(await textOf('p2.png')).toBe('two');
    await rm(outside, { recursive: true });
  });
  it.each(['../x.png', 'a/b.png', '/etc/x.png', '..', '.', ''])('is never handed a path: %j', async (name) => {
    await expect(sinkFor().put(name, bytes('x'), 'replace')).rejects.toThrow('plain file name');
    expect(await readdir(folder)).toEqual([]);
  });
  it('says that the folder is gone, and does not make it again', async () => {
    const gone = path.join(folder, 'gone');
    const failure = { ok: false, error: { code: 'file.gone', detail: { folder: gone, system: 'ENOENT' } } };
    expect(await sinkFor(gone).findTaken(['p1.png'])).toMatchObject(failure);
    expect(await sinkFor(gone).put('p1.png', bytes('one'), 'skip')).toMatchObject(failure);
    expect(await readdir(folder)).toEqual([]);
  });
  it('says that a name cannot be written, and cleans up', async () => {
    await mkdir(path.join(folder, 'p1.png'));
    expect(await sinkFor().put('p1.png', bytes('one'), 'replace')).toMatchObject({ error: { code: 'file.noAccess' } });
    expect(await readdir(folder)).toEqual(['p1.png']);
  });
});
