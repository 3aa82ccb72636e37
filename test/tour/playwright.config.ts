import { defineConfig } from '@playwright/test';

/** `npm run tour`: one walk after the other, and every step with its time. */
export default defineConfig({
  testDir: '.',
  testMatch: '*.tour.ts',
  outputDir: '../../test-results/tour',
  timeout: 300_000,
  expect: { timeout: 30_000 },
  workers: 1,
  forbidOnly: true,
  reporter: './reporter.ts',
});
