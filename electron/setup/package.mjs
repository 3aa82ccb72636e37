/**
 * `npm run package`: an unpacked app in release/, with asar and fuses. `-- --test` opens it to test tools; on the
 * fallback runtime it is always such a TEST build, and `-- --release` is refused.
 */
import fs from 'node:fs';
import path from 'node:path';
import { ensureBuilt } from './build.mjs';
import { SetupError, root, runMain, say } from './run.mjs';
import { setUp } from './set-up.mjs';

await runMain(async () => {
  const args = new Set(process.argv.slice(2));
  const electron = await setUp({ groups: ['electron'], build: false });
  if (electron.isFallback && args.has('--release')) {
    throw new SetupError(
      `No release is made with Electron ${electron.version}: it is an old runtime for tests. ` +
        'Run this where the official Electron can be downloaded.',
    );
  }
  await ensureBuilt();
  const isTest = electron.isFallback || args.has('--test');
  // Imported here and not above: these packages are there only after the set-up.
  const { load } = await import('js-yaml');
  const { build, Platform } = await import('electron-builder');
  const config = load(fs.readFileSync(path.join(root, 'electron-builder.yml'), 'utf8'));
  const wanted = { ...config, ...(isTest ? toTestBuild(config, electron) : {}) };
  const output = path.join(root, wanted.directories.output);
  // Handed over as a file: an object would be merged over electron-builder.yml, and nothing could be taken away.
  const file = path.join(output, 'electron-builder.json');
  fs.mkdirSync(output, { recursive: true });
  fs.writeFileSync(
    file,
    JSON.stringify({ ...wanted, electronDist: electron.folder, electronVersion: electron.version }),
  );
  await build({
    projectDir: root,
    publish: 'never',
    targets: Platform.current().createTarget('dir'),
    config: file,
  });
  say(`The app is in ${output}${isTest ? ' (TEST: not to be given to anybody)' : ''}`);
});

function toTestBuild(config, electron) {
  const electronFuses = { ...config.electronFuses, enableNodeCliInspectArguments: true }; // Playwright drives it that way
  // Electron before 29 has no such fuse, and setting it stops the build.
  if (Number.parseInt(electron.version, 10) < 29) delete electronFuses.grantFileProtocolExtraPrivileges;
  return {
    productName: 'Pagelens TEST',
    extraMetadata: { productName: 'Pagelens TEST' },
    directories: { ...config.directories, output: 'release/test' },
    electronFuses,
  };
}
