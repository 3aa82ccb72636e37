/** `npm start`: sets up what is missing, builds what has changed, opens the app. */
import { inDesktop } from './desktop-session.mjs';
import { SetupError, isRoot, root, run, runMain, say } from './run.mjs';
import { setUp } from './set-up.mjs';
import { hasDisplay, hasVirtualDisplay } from './system-packages.mjs';

const HELP = `npm start [-- options]

Sets up what is missing, builds what has changed and opens Pagelens.

  --setup-only           set up and build, but do not open the app
  --no-system-packages   do not install Debian packages, only say which are missing
  --user-data-dir=DIR    keep settings in DIR instead of the usual place
  --help                 this text

Other options are handed to Electron.

Environment: ELECTRON_MIRROR and ELECTRON_OVERRIDE_DIST_PATH as for Electron itself.
`;

await runMain(async () => {
  const args = process.argv.slice(2);
  if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(HELP);
    return 0;
  }
  const own = new Set(['--setup-only', '--no-system-packages']);
  const handedOn = args.filter((arg) => !own.has(arg));

  const groups = ['electron', 'office', ...(hasDisplay() ? [] : ['display'])];
  const electron = await setUp({ groups: args.includes('--no-system-packages') ? [] : groups });
  if (args.includes('--setup-only')) return 0;

  const command = ['.', ...(isRoot ? ['--no-sandbox'] : []), ...handedOn];
  if (hasDisplay()) return run(electron.executable, command, { cwd: root });
  if (!hasVirtualDisplay()) throw new SetupError('There is no display and no Xvfb: start this in a desktop session.');
  say('No display here: the app runs under Xvfb, unseen. Ctrl+C ends it.');
  // Xvfb has no GPU: without looking for one the start is quicker and quieter.
  const unseen = [...command, '--disable-gpu'];
  return inDesktop((env) => run(electron.executable, unseen, { cwd: root, env }), { bus: false });
});
