import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ensureElectron, findElectron } from '#setup/electron-runtime.mjs';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'pagelens-electron-'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

describe('ELECTRON_OVERRIDE_DIST_PATH', () => {
  it('is the runtime that is used, whatever else there is', async () => {
    writeFileSync(path.join(folder, 'electron'), '');
    writeFileSync(path.join(folder, 'version'), 'v45.4.1\n');
    vi.stubEnv('ELECTRON_OVERRIDE_DIST_PATH', folder);
    const expected = { version: '45.4.1', folder, executable: path.join(folder, 'electron'), isFallback: false };
    expect(findElectron()).toEqual(expected);
    expect(await ensureElectron()).toEqual(expected);
  });

  it('that holds no Electron is said, not passed over', async () => {
    vi.stubEnv('ELECTRON_OVERRIDE_DIST_PATH', folder);
    expect(findElectron()).toBeNull();
    await expect(ensureElectron()).rejects.toThrow(`holds no Electron: ${folder}`);
  });
});

describe('the fallback', () => {
  it('is told apart from an official runtime', () => {
    writeFileSync(path.join(folder, 'electron'), '');
    writeFileSync(path.join(folder, 'version'), '25.1.1');
    vi.stubEnv('ELECTRON_OVERRIDE_DIST_PATH', folder);
    expect(findElectron()?.isFallback).toBe(true);
  });
});
