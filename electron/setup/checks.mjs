/** Everything that reads the code without running the app: types, lint, format. */
import { bin, runAside, say } from './run.mjs';

const tsc = (project) => [bin('typescript/bin/tsc'), '--noEmit', '-p', project];

/** Each check: what it is called and what Node runs. */
const CHECKS = [
  { name: 'types of electron/ (current Electron)', args: tsc('electron') },
  { name: 'types of electron/ (fallback Electron 25)', args: tsc('electron/tsconfig.electron-25.json') },
  { name: 'types of test/', args: tsc('test') },
  {
    name: 'types of renderer/ (svelte-check)',
    args: [bin('svelte-check/bin/svelte-check'), '--tsconfig', 'renderer/tsconfig.json', '--fail-on-warnings'],
  },
  {
    name: 'lint',
    args: [bin('eslint/bin/eslint.js'), '--config', 'test/eslint.config.js', '--max-warnings', '0', '.'],
  },
  {
    name: 'format',
    args: [bin('prettier/bin/prettier.cjs'), '--check', '--log-level', 'warn', '.', '!test/conformance/*.json'],
  },
];

/** So many at a time: each keeps one core busy. */
const LANES = 2;

/** Runs every check and prints its words when it has ended; answers for each its name and whether it holds. */
export async function runChecks() {
  const waiting = [...CHECKS];
  const results = [];
  const workOff = async () => {
    for (let check = waiting.shift(); check; check = waiting.shift()) {
      const { code, text } = await runAside(process.execPath, check.args);
      say(`\n— ${check.name}: ${code === 0 ? 'holds' : 'FAILED'}`);
      process.stderr.write(text);
      results.push({ name: check.name, holds: code === 0 });
    }
  };
  await Promise.all(Array.from({ length: LANES }, workOff));
  return results;
}
