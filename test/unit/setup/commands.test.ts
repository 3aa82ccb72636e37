/** The commands of package.json as a person types them, as far as they can run without setting anything up. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '../../..');
const node = (args: string[], env: Record<string, string> = {}) =>
  spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8', env: { ...process.env, ...env } });

describe('npm start', () => {
  it('--help lists the options on standard output and does nothing else', () => {
    const { status, stdout, stderr } = node(['electron/setup/start.mjs', '--help']);
    expect(status).toBe(0);
    expect(stderr).toBe('');
    for (const option of ['--setup-only', '--no-system-packages', '--user-data-dir', '--help'])
      expect(stdout).toContain(option);
  });
});

describe('npm run package', () => {
  it('makes no release with the fallback runtime', () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'pagelens-electron-'));
    try {
      writeFileSync(path.join(folder, 'electron'), '');
      writeFileSync(path.join(folder, 'version'), '25.1.1');
      const release = node(['electron/setup/package.mjs', '--release'], { ELECTRON_OVERRIDE_DIST_PATH: folder });
      expect(release.status).toBe(1);
      expect(release.stderr).toContain('No release is made with Electron 25.1.1');
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
