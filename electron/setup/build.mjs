/** Builds page, main process and preload with Vite, and only when a source has changed since the last build. */
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { SetupError, bin, root, run, say } from './run.mjs';

const SOURCES = ['electron', 'renderer', 'vite.config.ts', 'package.json', 'package-lock.json'];

/** Makes sure that `out/` is what the sources say. */
export async function ensureBuilt() {
  const stampFile = path.join(root, 'out/.built');
  const stamp = fingerprint();
  if (fs.existsSync(stampFile) && fs.readFileSync(stampFile, 'utf8') === stamp) return;
  say('Building …');
  const code = await run(process.execPath, [bin('vite/bin/vite.js'), 'build', '--logLevel', 'warn'], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (code !== 0) throw new SetupError('The build failed; its reason stands above.');
  fs.writeFileSync(stampFile, stamp);
}

/** A hash over names and contents: a checkout that only touches times does not cause a build. */
function fingerprint() {
  const hash = createHash('sha256');
  const add = (relative) => {
    const file = path.join(root, relative);
    if (!fs.existsSync(file)) return;
    if (fs.statSync(file).isDirectory()) {
      for (const name of fs.readdirSync(file).sort()) add(path.join(relative, name));
    } else {
      hash.update(`${relative}\0`).update(fs.readFileSync(file)).update('\0');
    }
  };
  for (const source of SOURCES) add(source);
  return hash.digest('hex');
}
