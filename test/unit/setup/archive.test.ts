import { execFileSync } from 'node:child_process';
import {
  createReadStream,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { extractFile, listPackage } from '@electron/asar';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { packAsar, untar } from '#setup/archive.mjs';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'pagelens-archive-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Packs `files` with the system's tar in one of its formats. */
function makeTar(format: 'gnu' | 'pax' | 'ustar', files: Record<string, string | Buffer>): string {
  const source = path.join(folder, 'source');
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(path.join(source, path.dirname(name)), { recursive: true });
    writeFileSync(path.join(source, name), content, { mode: name.endsWith('.sh') ? 0o755 : 0o644 });
  }
  const archive = path.join(folder, 'archive.tar');
  execFileSync('tar', ['--format', format, '-cf', archive, '-C', source, '.']);
  return archive;
}

describe('untar', () => {
  const long = `${'deep/'.repeat(30)}${'n'.repeat(90)}.txt`;
  const files = { 'empty.txt': '', 'run.sh': 'echo', 'block.bin': Buffer.alloc(1024, 7), [long]: 'long name' };

  it.each(['gnu', 'pax'] as const)('reads what tar wrote in its %s format: names, contents, modes', async (format) => {
    const to = path.join(folder, 'to');
    await untar(createReadStream(makeTar(format, files)), (name: string) => ({ file: path.join(to, name) }));
    for (const [name, content] of Object.entries(files)) {
      expect(readFileSync(path.join(to, name)), name).toEqual(Buffer.from(content));
    }
    expect(statSync(path.join(to, 'run.sh')).mode & 0o777).toBe(0o755);
  });

  it('reads the same from pieces of any size', async () => {
    const bytes = readFileSync(makeTar('pax', files));
    for (const size of [1, 511, 513, 4096]) {
      const to = path.join(folder, `pieces-${size}`);
      const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
        bytes.subarray(i * size, (i + 1) * size),
      );
      await untar(Readable.from(pieces), (name: string) => ({ file: path.join(to, name) }));
      expect(readFileSync(path.join(to, 'block.bin'))).toEqual(files['block.bin']);
      expect(readFileSync(path.join(to, long), 'utf8')).toBe('long name');
    }
  });

  it('passes over what is not picked', async () => {
    const to = path.join(folder, 'to');
    await untar(createReadStream(makeTar('ustar', { 'a.txt': 'a', 'b.txt': 'b' })), (name: string) =>
      name.endsWith('b.txt') ? { file: path.join(to, name) } : null,
    );
    expect(readdirSync(to)).toEqual(['b.txt']);
  });
});

describe('packAsar', () => {
  it("writes what Electron's own library reads", () => {
    const archive = path.join(folder, 'app.asar');
    const files = { 'package.json': Buffer.from('{"main":"main.js"}'), 'main.js': Buffer.from('// 主\n') };
    writeFileSync(archive, packAsar(files));
    expect(listPackage(archive, { isPack: false })).toEqual(['/package.json', '/main.js']);
    for (const [name, content] of Object.entries(files)) expect(extractFile(archive, name)).toEqual(content);
  });
});
