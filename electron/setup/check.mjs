/** `npm run check`: types, lint, format. */
import { CHECKS } from './checks.mjs';
import { run, runMain, say } from './run.mjs';
import { setUp } from './set-up.mjs';

await runMain(async () => {
  await setUp({ electron: false, build: false });
  let failed = 0;
  for (const check of CHECKS) {
    say(`— ${check.name}`);
    if ((await run(process.execPath, check.args)) !== 0) failed += 1;
  }
  say(failed ? `${failed} of ${CHECKS.length} checks failed` : `${CHECKS.length} checks passed`);
  return failed ? 1 : 0;
});
