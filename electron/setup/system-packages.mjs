/** What Debian and its kin must have. As root they are installed; else the exact command is printed and we go on. */
import fs from 'node:fs';
import { SetupError, ask, isRoot, run, say } from './run.mjs';

const NEEDS = {
  electron: ['libgtk-3-0', 'libnss3', 'libasound2', 'libgbm1', 'libsecret-1-0'],
  display: ['xvfb'],
  keyring: ['dbus-daemon', 'gnome-keyring', 'libsecret-tools'],
  office: [
    'libreoffice-writer-nogui',
    'libreoffice-calc-nogui',
    'libreoffice-impress-nogui',
    'python3-uno',
    'fonts-liberation',
    'fonts-noto-cjk',
  ],
  // What `npm run bench` compares with: the same pages made by hand.
  bench: ['poppler-utils'],
};

/** Installs what is missing of these groups (names of NEEDS). Not on Debian: says nothing and does nothing. */
export async function ensureSystemPackages(groups) {
  if (process.platform !== 'linux' || ask('dpkg-query', ['--version']) === null) {
    if (groups.includes('office')) adviseOffice();
    return;
  }
  const missing = groups.flatMap((group) => NEEDS[group]).filter((name) => !isInstalled(name));
  if (missing.length === 0) return;

  const install = ['install', '-y', '--no-install-recommends', ...missing];
  if (!isRoot) {
    say(`Missing on this system: ${missing.join(' ')}\nTo install them, run:\n  sudo apt-get ${install.join(' ')}`);
    return;
  }
  say(`Installing ${missing.length} system packages: ${missing.join(' ')} …`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const quiet = { env, stdio: ['ignore', 'ignore', 'inherit'] };
  if ((await run('apt-get', ['update', '-qq'], quiet)) !== 0)
    say('apt-get update failed; trying with the lists that are here.');
  if ((await run('apt-get', ['-qq', ...(await renamed(install))], quiet)) !== 0) {
    throw new SetupError(`apt-get failed. The command was:\n  apt-get ${install.join(' ')}`);
  }
}

/** Where we install nothing: PDF works without LibreOffice, Office documents of the samples do not. */
function adviseOffice() {
  const [place, command] = {
    darwin: ['/Applications/LibreOffice.app', 'brew install --cask libreoffice'],
    win32: ['C:\\Program Files\\LibreOffice', 'winget install TheDocumentFoundation.LibreOffice'],
  }[process.platform] ?? ['/usr/bin/soffice', "your system's package manager (the packages are called libreoffice)"];
  if (fs.existsSync(place)) return;
  say(`LibreOffice is not installed: PDF works, the Office samples do not. To add it, use: ${command}`);
}

/** A package counts as there also under its 64-bit-time name (Debian 13, Ubuntu 24) and, for LibreOffice, with its window. */
function isInstalled(name) {
  return [name, `${name}t64`, name.replace(/-nogui$/, '')].some(
    (alternative) => ask('dpkg-query', ['-W', '-f=${db:Status-Status}', alternative]) === 'installed',
  );
}

/** Newer systems know some packages only by their `t64` name. */
async function renamed(args) {
  return args.map((name) => {
    if (!name.startsWith('lib') || name.startsWith('libreoffice')) return name;
    const isKnown = (candidate) => /Candidate: \d/.test(ask('apt-cache', ['policy', candidate]) ?? '');
    return !isKnown(name) && isKnown(`${name}t64`) ? `${name}t64` : name;
  });
}

/** True when this process can reach a display of its own. */
export function hasDisplay() {
  if (process.platform !== 'linux') return true;
  return Boolean(process.env.WAYLAND_DISPLAY ?? process.env.DISPLAY);
}

/** True when Xvfb is there to stand in for a display. */
export const hasVirtualDisplay = () => fs.existsSync('/usr/bin/Xvfb');
