import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeWorkFolder, officeSockets, sweepWorkFolder } from '#local-oss/rendering/work-folder.ts';

let parent: string;
beforeEach(async () => {
  parent = await fs.mkdtemp(path.join(os.tmpdir(), 'pagelens-sweep-'));
});
afterEach(() => fs.rm(parent, { recursive: true }));

test('a folder is private and survives a sweep while its process lives', async () => {
  const [one, two] = [await makeWorkFolder(parent), await makeWorkFolder(parent)];
  expect((await fs.stat(one)).mode & 0o777).toBe(0o700);
  await sweepWorkFolder(parent);
  expect((await fs.readdir(parent)).toSorted()).toEqual([path.basename(one), path.basename(two)].toSorted());
});

test('the folder of a process that is gone is swept, and so is that of an earlier process with our id', async () => {
  const dead = spawn('/bin/true');
  await once(dead, 'exit');
  await fs.mkdir(path.join(parent, `${dead.pid}-123-0a0b0c0d`));
  await fs.mkdir(path.join(parent, `${process.pid}-1-0a0b0c0d`));
  await sweepWorkFolder(parent);
  expect(await fs.readdir(parent)).toEqual([]);
});

test('a parent that somebody else could have put there is not used', async () => {
  const elsewhere = path.join(parent, 'elsewhere');
  await fs.mkdir(elsewhere);
  await fs.symlink(elsewhere, path.join(parent, 'link'));
  await expect(makeWorkFolder(path.join(parent, 'link'))).rejects.toThrow('is not a folder of this user');
  expect(await fs.readdir(elsewhere)).toEqual([]);
});

test('what is not ours stays', async () => {
  for (const name of ['notes', '12-34', '12-34-xyz']) await fs.mkdir(path.join(parent, name));
  await sweepWorkFolder(parent);
  expect((await fs.readdir(parent)).toSorted()).toEqual(['12-34', '12-34-xyz', 'notes']);
});

test('a program that still works in a swept folder is ended, and its sockets go', async () => {
  const folder = path.join(parent, `${process.pid}-1-0a0b0c0d`);
  const profile = path.join(folder, 'office-profile-1');
  await fs.mkdir(profile, { recursive: true });
  const office = spawn('/bin/sleep', ['600'], { argv0: `-env:UserInstallation=${pathToFileURL(profile).href}` });
  const exit = once(office, 'exit');
  const sockets = officeSockets(profile);
  for (const socket of sockets) await fs.writeFile(socket, '');
  await sweepWorkFolder(parent);
  expect(await exit).toEqual([null, 'SIGKILL']);
  for (const socket of sockets) await expect(fs.access(socket)).rejects.toThrow('ENOENT');
});

test('no folder to sweep is no error', async () => {
  await expect(sweepWorkFolder(path.join(parent, 'not', 'there'))).resolves.toBeUndefined();
});
