/** `npm run dev`: the app with hot reload. */
import { inDesktop } from './desktop-session.mjs';
import { bin, run, runMain, say } from './run.mjs';
import { setUp } from './set-up.mjs';
import { hasDisplay } from './system-packages.mjs';

await runMain(async () => {
  await setUp({ groups: ['electron', 'office', ...(hasDisplay() ? [] : ['display'])], build: false });
  const vite = [bin('vite/bin/vite.js'), ...process.argv.slice(2)];
  if (hasDisplay()) return run(process.execPath, vite);
  say('No display here: the app runs under Xvfb, unseen. Ctrl+C ends it.');
  return inDesktop((env) => run(process.execPath, vite, { env }), { bus: false });
});
