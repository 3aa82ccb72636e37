/**
 * `npm test`: sets up what is missing, then runs everything: types, lint, format, build, unit, architecture,
 * conformance and exploit tests, the packaged build, end-to-end tests in real Electron. Last line: `N passed, N failed`.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ensureBuilt } from './build.mjs';
import { runChecks } from './checks.mjs';
import { startDesktop } from './desktop-session.mjs';
import { ensureElectron } from './electron-runtime.mjs';
import { SetupError, bin, run, runMain, say } from './run.mjs';
import { setUp } from './set-up.mjs';

const score = { passed: 0, failed: 0 };
const failures = [];
const reports = fs.mkdtempSync(path.join(os.tmpdir(), 'pagelens-reports-'));

function count(name, passed, failed) {
  score.passed += passed;
  score.failed += failed;
  if (failed) failures.push(`${name}: ${failed} failed`);
}

/** One step that either holds or does not. */
async function step(name, work) {
  say(`\n— ${name}`);
  let code;
  try {
    code = await work();
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    say(error.message);
    code = 1;
  }
  count(name, code ? 0 : 1, code ? 1 : 0);
  return !code;
}

/** A test runner that writes a JSON report; without a readable report the whole run counts as one failure. */
async function suite(name, args, env, readReport) {
  say(`\n— ${name}`);
  const report = path.join(reports, `${failures.length}-${score.passed}.json`);
  const code = await run(process.execPath, args(report), { env: { ...env, PLAYWRIGHT_JSON_OUTPUT_FILE: report } });
  if (!fs.existsSync(report)) return count(name, 0, 1);
  const { passed, failed } = readReport(JSON.parse(fs.readFileSync(report, 'utf8')));
  // A runner that fails for another reason than a test (an unhandled error, no test found) has failed all the same.
  count(name, passed, failed === 0 && code !== 0 ? 1 : failed);
}

const vitest = (report) => [
  bin('vitest/vitest.mjs'),
  'run',
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${report}`,
];
const readVitest = (report) => ({
  passed: report.numPassedTests,
  // A test that was left out has not passed.
  failed: report.numFailedTests + report.numPendingTests + report.numTodoTests,
});
const playwright = () => [bin('@playwright/test/cli.js'), 'test', '--config', 'test/playwright.config.ts'];
const readPlaywright = ({ stats }) => ({
  passed: stats.expected,
  failed: stats.unexpected + stats.flaky + stats.skipped,
});

await runMain(async () => {
  const started = Date.now();
  await setUp({ groups: ['electron', 'display', 'keyring', 'office'], electron: false, build: false });
  for (const { name, holds } of await runChecks()) count(name, holds ? 1 : 0, holds ? 0 : 1);
  const isBuilt = await step('build', ensureBuilt);

  const desktop = await startDesktop();
  try {
    if (isBuilt) await suite('unit, architecture, conformance, exploits', vitest, desktop.env, readVitest);
    else count('unit, architecture, conformance, exploits did not run', 0, 1);
    const hasElectron = isBuilt && (await step('Electron', async () => ((await ensureElectron()) ? 0 : 1)));
    const isPackaged =
      hasElectron &&
      (await step('package (test build)', () => run(process.execPath, ['electron/setup/package.mjs', '--test'])));
    if (isPackaged) await suite('end to end', playwright, desktop.env, readPlaywright);
    else count('end to end did not run: there is no build of the app to run', 0, 1);
  } finally {
    await desktop.end();
    fs.rmSync(reports, { recursive: true, force: true });
  }

  const minutes = ((Date.now() - started) / 60_000).toFixed(1);
  say(`\n${minutes} min${failures.length ? `\n${failures.join('\n')}` : ''}`);
  process.stdout.write(`${score.passed} passed, ${score.failed} failed\n`);
  return score.failed || score.passed === 0 ? 1 : 0;
});
