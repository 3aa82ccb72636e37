/** `npm run tour`: sets up what is missing, then does the main job in the real app, unattended, and writes docs/tour/. */
import fs from 'node:fs';
import path from 'node:path';
import { inDesktop } from './desktop-session.mjs';
import { bin, root, run, runMain } from './run.mjs';
import { setUp } from './set-up.mjs';

await runMain(async () => {
  await setUp({ groups: ['electron', 'display', 'keyring', 'office'] });
  const pictures = path.join(root, 'docs/tour');
  fs.rmSync(pictures, { recursive: true, force: true }); // a picture of a former look must not stay
  fs.mkdirSync(pictures, { recursive: true });
  const playwright = [bin('@playwright/test/cli.js'), 'test', '--config', 'test/tour/playwright.config.ts'];
  // The tests' fixtures bring the screen.
  return inDesktop((env) => run(process.execPath, [...playwright, ...process.argv.slice(2)], { env }), {
    display: false,
  });
});
