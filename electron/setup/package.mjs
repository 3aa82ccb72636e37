/**
 * `npm run package`: an unpacked app in release/, with asar and fuses. `-- --test` opens it to test tools; on the
 * fallback runtime it is always such a TEST build, and `-- --release` is refused.
 */
import fs from 'node:fs';
import path from 'node:path';
import { SetupError, root, runMain, say } from './run.mjs';
import { setUp } from './set-up.mjs';

await runMain(async () => {
  const args = new Set(process.argv.slice(2));
  const electron = await setUp({ groups: ['electron'] });
  if (electron.isFallback && args.has('--release')) {
    throw new SetupError(
      `No release is made with Electron ${electron.version}: it is an old runtime for tests. ` +
        'Run this where the official Electron can be downloaded.',
    );
  }
  const isTest = electron.isFallback || args.has('--test');
  // Imported here and not above: these packages are there only after the set-up.
  const { load } = await import('js-yaml');
  const { build, Platform } = await import('electron-builder');
  const config = load(fs.readFileSync(path.join(root, 'electron-builder.yml'), 'utf8'));
  await build({
    projectDir: root,
    publish: 'never',
    targets: Platform.current().createTarget('dir'),
    config: {
      ...config,
      ...(isTest ? toTestBuild(config, electron) : {}),
      electronDist: electron.folder,
      electronVersion: electron.version,
    },
  });
  say(
    `The app is in ${path.relative(process.cwd(), path.join(root, 'release', isTest ? 'test' : ''))}${isTest ? ' (TEST: not to be given to anybody)' : ''}`,
  );
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
