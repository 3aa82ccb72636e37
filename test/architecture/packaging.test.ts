/** What ships, and with which rights: reads electron-builder.yml and package.json as the packager does. */
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { load } from 'js-yaml';
import { describe, expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');
const require = createRequire(import.meta.url);
const read = (name: string): string => fs.readFileSync(path.join(root, name), 'utf8');
const config = load(read('electron-builder.yml')) as Record<string, unknown>;
const manifest = JSON.parse(read('package.json')) as {
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
};

describe('packaging', () => {
  it('is accepted by the check that the packager itself makes, for every system', async () => {
    const { validateConfiguration } = require('app-builder-lib/out/util/config/config') as {
      validateConfiguration(config: unknown, log: unknown): Promise<void>;
    };
    const { DebugLogger } = require('builder-util') as { DebugLogger: new (isEnabled: boolean) => unknown };
    await validateConfiguration(config, new DebugLogger(false));
    await expect(validateConfiguration({ ...config, noSuchKey: true }, new DebugLogger(false))).rejects.toThrow();
  });

  it('closes every fuse', () => {
    expect(config['electronFuses']).toEqual({
      runAsNode: false,
      enableCookieEncryption: true,
      enableNodeOptionsEnvironmentVariable: false,
      enableNodeCliInspectArguments: false,
      enableEmbeddedAsarIntegrityValidation: true,
      onlyLoadAppFromAsar: true,
      grantFileProtocolExtraPrivileges: false,
    });
    expect(config['asar']).toBe(true);
  });

  it('ships one package as it is, everything else bundled', () => {
    expect(Object.keys(manifest.dependencies)).toEqual(['keytar']);
  });

  it('keeps outside the archive what is opened by path', () => {
    expect(config['asarUnpack']).toEqual(
      // Nothing of out/main: what the app itself runs is inside, where its integrity is checked.
      ['**/*.node', 'out/helpers/**', 'out/samples/**'],
    );
  });

  it('says that it opens oss:// links, and no others', () => {
    // The packager makes CFBundleURLTypes and MimeType=x-scheme-handler/oss of it.
    expect(config['protocols']).toEqual([{ name: expect.any(String), schemes: ['oss'] }]);
  });

  it('names no registry', () => {
    for (const name of ['package-lock.json', '.npmrc', 'package.json']) {
      expect(read(name)).not.toMatch(/https?:\/\/[^\s"]*(registry|npmjs|npmmirror)/);
    }
  });

  it('pins the current official Electron', () => {
    expect(manifest.devDependencies['electron']).toMatch(/^45\.\d+\.\d+$/);
  });
});
