/** Everything that reads the code without running the app: types, lint, format. */
import { bin } from './run.mjs';

const tsc = (project) => [bin('typescript/bin/tsc'), '--noEmit', '-p', project];

/** Each check: what it is called and what Node runs. */
export const CHECKS = [
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
