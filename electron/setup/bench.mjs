/**
 * `npm run --silent bench [-- --documents DIR] [-- --rows a,b]`: sets up what is missing, then measures the app beside
 * its alternatives. One JSON object on standard output, everything else on standard error.
 */
import { inDesktop } from './desktop-session.mjs';
import { run, runMain } from './run.mjs';
import { setUp } from './set-up.mjs';

await runMain(async () => {
  const bench = ['test/bench/run.mjs', ...process.argv.slice(2)];
  if (bench.includes('--help')) {
    await setUp({ electron: false, build: false });
    return run(process.execPath, bench);
  }
  await setUp({ groups: ['electron', 'display', 'keyring', 'office', 'bench'] });
  return inDesktop((env) => run(process.execPath, bench, { env }));
});
