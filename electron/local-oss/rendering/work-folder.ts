/** Folders for temporary files that can tell whose they are, so that what a killed process left can be cleared away. */
import { createHash, randomBytes } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { readProcess } from './running-process.ts';

/** A profile folder of LibreOffice is called this and a number. */
export const PROFILE_PREFIX = 'office-profile-';
/** `<process id>-<start time>-<random>`: a process id alone is given out again. */
const FOLDER_NAME = /^(\d+)-(\d+)-[0-9a-f]{8}$/;

/**
 * Makes a folder for this process inside `parent`, readable by its user only. Call {@link sweepWorkFolder} first. Rejects
 * when `parent` is another user's, or a link: who made it could put their own files in the place of ours.
 */
export async function makeWorkFolder(parent: string): Promise<string> {
  await fs.mkdir(parent, { recursive: true, mode: 0o700 });
  const found = await fs.lstat(parent);
  const user = process.getuid?.() ?? found.uid; // Windows has no such ids
  if (!found.isDirectory() || found.uid !== user) throw new Error(`${parent} is not a folder of this user`);
  const name = `${process.pid}-${readProcess(process.pid)?.startedAt ?? 0}-${randomBytes(4).toString('hex')}`;
  const folder = path.join(parent, name);
  await fs.mkdir(folder, { recursive: true, mode: 0o700 });
  return folder;
}

/** Removes the folders of processes that are gone, and ends any LibreOffice that still works in one. Leaves all else alone. */
export async function sweepWorkFolder(parent: string): Promise<void> {
  const names = await fs.readdir(parent).catch(() => []);
  const dead = names
    .filter((name) => FOLDER_NAME.test(name) && !ownerLives(name))
    .map((name) => path.join(parent, name));
  if (dead.length === 0) return;
  await endOfficesIn(dead);
  for (const folder of dead) {
    for (const name of await fs.readdir(folder).catch(() => []))
      if (name.startsWith(PROFILE_PREFIX)) await removeOfficeTraces(path.join(folder, name));
    await fs.rm(folder, { recursive: true, force: true });
  }
}

/** The name of the pipe on which the LibreOffice with this profile listens. */
export function officePipeName(profileFolder: string): string {
  return `pagelens${profileHash(profileFolder)}`;
}

/** The socket files that a killed LibreOffice leaves in /tmp: its own and the one that we told it to open. None on Windows. */
export function officeSockets(profileFolder: string): string[] {
  const user = process.getuid?.();
  if (user === undefined) return [];
  const names = [`SingleOfficeIPC_${profileHash(profileFolder)}`, officePipeName(profileFolder)];
  return names.map((name) => `/tmp/OSL_PIPE_${user}_${name}`);
}

/** Removes what a LibreOffice that was ended leaves: its profile and its sockets. */
export async function removeOfficeTraces(profileFolder: string): Promise<void> {
  await fs.rm(profileFolder, { recursive: true, force: true, maxRetries: 3 });
  for (const socket of officeSockets(profileFolder)) await fs.rm(socket, { force: true });
}

/**
 * LibreOffice tells its instances apart by the MD5 of the profile's URL in UTF-16, and writes its bytes without leading
 * zeros.
 */
function profileHash(profileFolder: string): string {
  const hash = createHash('md5')
    .update(Buffer.from(pathToFileURL(profileFolder).href, 'utf16le'))
    .digest();
  return Array.from(hash, (byte) => byte.toString(16)).join('');
}

function ownerLives(name: string): boolean {
  const [, pid, started] = FOLDER_NAME.exec(name)!;
  const now = readProcess(Number(pid));
  if (now !== null) return now.startedAt === started;
  try {
    process.kill(Number(pid), 0);
    return process.platform !== 'linux'; // no /proc entry, yet it can be signalled: only elsewhere is that a live owner
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function endOfficesIn(folders: string[]): Promise<void> {
  const urls = folders.map((folder) => `-env:UserInstallation=${pathToFileURL(folder).href}/`);
  for (const pid of await fs.readdir('/proc').catch(() => [])) {
    if (!/^\d+$/.test(pid)) continue;
    const command = await fs.readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (!urls.some((url) => command.includes(url))) continue;
    try {
      process.kill(Number(pid), 'SIGKILL');
    } catch {
      // gone already
    }
  }
}
