/** Where LibreOffice is on this machine, and how a person gets it where it is not. */
import { execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

export interface OfficeInstall {
  /** The command that starts LibreOffice. */
  soffice: string;
  /** A Python that can steer a running LibreOffice (it has the module uno), or null: then one is started per document. */
  python: string | null;
}

/** Debian's Python: the one that python3-uno is built for, whatever else is first in PATH. */
const SYSTEM_PYTHON = '/usr/bin/python3';
const PYTHON_ANSWER_LIMIT_MS = 20_000;

/**
 * Finds LibreOffice in PATH and in its usual places; null where there is none. Asks anew each time, so that it is found
 * once installed.
 */
export async function locateOffice(): Promise<OfficeInstall | null> {
  const soffice = await firstExecutable(usualPlaces());
  return soffice === null ? null : { soffice, python: (await hasUno()) ? SYSTEM_PYTHON : null };
}

/** Whether Office documents can be shown here, and if not, the command that would change it. */
export async function findOffice(): Promise<{ available: boolean; command: string | null }> {
  const available = (await firstExecutable(usualPlaces())) !== null;
  return { available, command: available ? null : await installCommand() };
}

async function installCommand(): Promise<string | null> {
  if (process.platform === 'darwin') return 'brew install --cask libreoffice';
  if (process.platform === 'win32') return 'winget install TheDocumentFoundation.LibreOffice';
  const sudo = process.getuid?.() === 0 ? '' : 'sudo ';
  const packages = ['writer', 'calc', 'impress'].map((part) => `libreoffice-${part}`);
  if (await firstExecutable(['/usr/bin/apt-get']))
    return `${sudo}apt-get install --no-install-recommends ${packages.map((name) => `${name}-nogui`).join(' ')} python3-uno`;
  if (await firstExecutable(['/usr/bin/dnf'])) return `${sudo}dnf install ${packages.join(' ')}`;
  if (await firstExecutable(['/usr/bin/pacman'])) return `${sudo}pacman -S libreoffice-still`;
  if (await firstExecutable(['/usr/bin/zypper'])) return `${sudo}zypper install ${packages.join(' ')}`;
  return null;
}

function usualPlaces(): string[] {
  if (process.platform === 'win32') {
    const roots = [process.env['ProgramFiles'], process.env['ProgramFiles(x86)']].filter((root) => root !== undefined);
    return roots.map((root) => path.join(root, 'LibreOffice', 'program', 'soffice.exe'));
  }
  const inPath = (process.env['PATH'] ?? '').split(path.delimiter).filter((folder) => path.isAbsolute(folder));
  const commands = inPath.flatMap((folder) => [path.join(folder, 'soffice'), path.join(folder, 'libreoffice')]);
  if (process.platform !== 'darwin') return [...commands, '/usr/bin/soffice', '/usr/lib/libreoffice/program/soffice'];
  const bundle = 'Applications/LibreOffice.app/Contents/MacOS/soffice';
  return [path.join('/', bundle), path.join(os.homedir(), bundle), ...commands];
}

async function firstExecutable(files: string[]): Promise<string | null> {
  for (const file of files) {
    try {
      await access(file, constants.X_OK);
      return file;
    } catch {
      // not here
    }
  }
  return null;
}

/** Only on Linux: elsewhere LibreOffice brings a Python of its own, and ending process groups works differently. */
async function hasUno(): Promise<boolean> {
  if (process.platform !== 'linux') return false;
  return new Promise((resolve) => {
    execFile(SYSTEM_PYTHON, ['-c', 'import uno'], { timeout: PYTHON_ANSWER_LIMIT_MS }, (error) =>
      resolve(error === null),
    );
  });
}
