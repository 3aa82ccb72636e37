/**
 * `npm run --silent bench [-- --documents DIR] [-- --rows a,b]`: sets up what is missing, then measures the app beside
 * its alternatives. One JSON object on standard output, everything else on standard error.
 */
import { inDesktop } from './desktop-session.mjs';
import { run, runMain } from './run.mjs';
import { setUp } from './set-up.mjs';

await runMain(async () => {
  const args = process.argv.slice(2);
  const isHelp = args.includes('--help');
  await setUp(isHelp ? {} : { groups: ['electron', 'display', 'keyring', 'office', 'bench'] });
  return inDesktop((env) => run(process.execPath, ['test/bench/run.mjs', ...args], { env }));
});
