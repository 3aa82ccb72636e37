/**
 * `npm run --silent local-oss -- --root DIR …`: serves folders as OSS buckets on 127.0.0.1. Standard output is the
 * server's own.
 */
import path from 'node:path';
import { root, run, runMain } from './run.mjs';
import { setUp } from './set-up.mjs';

await runMain(async () => {
  const args = process.argv.slice(2);
  await setUp({ groups: args.includes('--help') ? [] : ['office'], electron: false });
  return run(process.execPath, [path.join(root, 'out/helpers/local-oss.cjs'), ...args], { cwd: process.cwd() });
});
