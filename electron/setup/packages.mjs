/** The packages of the lock file: installed once, again only when the lock file, Node or the system changes. */
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { SetupError, root, run, say } from './run.mjs';

/** Runs `npm ci` when what is installed is not what the lock file names. */
export async function ensurePackages() {
  const stampFile = path.join(root, 'node_modules/.pagelens-installed');
  const stamp = createHash('sha256')
    .update(fs.readFileSync(path.join(root, 'package-lock.json')))
    .update(`${process.versions.node.split('.')[0]} ${process.platform} ${process.arch}`)
    .digest('hex');
  if (fs.existsSync(stampFile) && fs.readFileSync(stampFile, 'utf8') === stamp) return;
  say('Installing the packages of the lock file …');
  const code = await run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (code !== 0) throw new SetupError('npm ci failed: the packages could not be installed (its reason stands above).');
  fs.writeFileSync(stampFile, stamp);
}
