/** `npm run check`: types, lint, format. */
import { runChecks } from './checks.mjs';
import { runMain, say } from './run.mjs';
import { setUp } from './set-up.mjs';

await runMain(async () => {
  await setUp({ electron: false, build: false });
  const results = await runChecks();
  const failed = results.filter(({ holds }) => !holds).length;
  say(failed ? `\n${failed} of ${results.length} checks failed` : `\n${results.length} checks passed`);
  return failed ? 1 : 0;
});
