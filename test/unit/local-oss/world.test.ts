/** The world file and the command line: what is wrong is said in one sentence that names the place. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { ArgumentsError, HELP, readArguments } from '#local-oss/arguments.ts';
import { readWorld, readWorldFile, WorldError } from '#local-oss/world.ts';
import { readFileSync } from 'node:fs';
import { makeService } from './service.ts';

const objects = (...entries: object[]): unknown => ({ buckets: { docs: { objects: entries } } });

describe('the world file', () => {
  test('the example in its documentation is a world', () => {
    const source = readFileSync(path.resolve(import.meta.dirname, '../../../electron/local-oss/world.ts'), 'utf8');
    const example = /```json\n([\s\S]*?)```/.exec(source)![1]!.replace(/^ \* ?/gm, '');
    const world = readWorld(JSON.parse(example), '.');
    expect(Object.keys(world.buckets?.['contracts'] ?? {})).toContain('objects');
    expect(world.keys).toHaveLength(3);
  });

  test.each([
    [[], 'the file: '],
    [{ bucket: {} }, 'the file: '],
    [{ buckets: { Docs: {} } }, 'buckets.Docs: '],
    [{ buckets: { docs: { region: 'CN' } } }, 'buckets.docs.region: must be a region such as cn-hangzhou'],
    [objects({ text: 'x' }), 'buckets.docs.objects[0].key: '],
    [objects({ key: '' }), 'buckets.docs.objects[0].key: '],
    [objects({ key: '年'.repeat(342) }), 'buckets.docs.objects[0].key: must be at most 1,023 bytes'],
    [objects({ key: '\ud800' }), 'buckets.docs.objects[0].key: must be whole characters'],
    [objects({ key: 'a', text: 'x', zeros: 1 }), 'buckets.docs.objects[0]: may have only one of'],
    [objects({ key: 'a' }, { key: 'a' }), 'buckets.docs.objects[1].key: is there twice'],
    [objects({ key: 'a', base64: '***' }), 'buckets.docs.objects[0].base64: '],
    [
      objects({ key: 'a', versions: [{ versionId: 'null', text: '' }] }),
      'buckets.docs.objects[0].versions: the bucket needs "versioning"',
    ],
    [
      objects({ key: 'a', versions: [{ versionId: 'x', text: '' }] }),
      'buckets.docs.objects[0].versions[0].versionId: ',
    ],
    [
      objects({ key: 'a', versions: [{ versionId: 'null' }] }),
      'buckets.docs.objects[0].versions[0]: needs exactly one of',
    ],
    [{ keys: [{ accessKeyId: 'a' }] }, 'keys[0].accessKeySecret: '],
    [
      { keys: [{ accessKeyId: 'a', accessKeySecret: 'b', expiresAt: '2026-01-15T08:30:00Z' }] },
      'keys[0].expiresAt: only a key with a securityToken can expire',
    ],
    [
      {
        keys: [
          { accessKeyId: 'a', accessKeySecret: 'b' },
          { accessKeyId: 'a', accessKeySecret: 'c' },
        ],
      },
      'keys[1].accessKeyId: is there twice',
    ],
    [{ misfortunes: [{ kind: 'rain' }] }, 'misfortunes[0].kind: '],
    [{ misfortunes: [{ kind: 'latency' }] }, 'misfortunes[0].ms: '],
    [{ misfortunes: [{ kind: 'reset', often: 1 }] }, 'misfortunes[0]: '],
    [{ misfortunes: [{ kind: 'throttle', operations: ['Sleep'] }] }, 'misfortunes[0].operations[0]: '],
  ])('%j', (value, start) => {
    const read = (): unknown => readWorld(value, '.');
    expect(read).toThrow(WorldError);
    expect(read).toThrow(start);
  });

  test('1,023 bytes are a key', () => {
    expect(() => readWorld(objects({ key: '年'.repeat(341) }), '.')).not.toThrow();
  });

  test('files: relative to the world file, and there when it is read', async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'world-test-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const file = path.join(folder, 'world.json');
    await expect(readWorldFile(file)).rejects.toThrow(`The world file ${file} cannot be read (ENOENT).`);
    await writeFile(file, '{ "buckets": ');
    await expect(readWorldFile(file)).rejects.toThrow(`The world file ${file} is not JSON: `);
    await writeFile(file, JSON.stringify(objects({ key: 'a.pdf', file: 'a.pdf' })));
    await expect(readWorldFile(file)).rejects.toThrow(
      `The world file ${file} is wrong at buckets.docs.objects[0]: there is no file a.pdf.`,
    );
    await writeFile(path.join(folder, 'a.pdf'), 'from the file');
    const world = await readWorldFile(file);
    const { folder: _, ...plain } = world;
    const service = await makeService({
      world: { ...plain, buckets: { docs: { objects: [{ key: 'a.pdf', file: path.join(folder, 'a.pdf') }] } } },
    });
    expect((await service.ask({ bucket: 'docs', key: 'a.pdf' })).text).toBe('from the file');
  });

  test('an entry without bytes describes the file of that name', async () => {
    const { ask } = await makeService({
      files: { 'docs/f.pdf': 'x' },
      world: objects({ key: 'f.pdf', storageClass: 'IA' }, { key: 'gone.pdf' }),
    });
    expect((await ask({ bucket: 'docs', key: 'f.pdf' })).headers['x-oss-storage-class']).toBe('IA');
    expect((await ask({ bucket: 'docs', key: 'gone.pdf' })).status).toBe(404);
    expect((await ask({ bucket: 'docs' })).text).not.toContain('gone.pdf');
  });
});

describe('the command line', () => {
  test('all of it', () => {
    const args = [
      '--root',
      'd',
      '--port',
      '9000',
      '--access-key-id',
      'a',
      '--access-key-secret=-s',
      '--region',
      'cn-beijing',
      '--world',
      'w.json',
      '--conversion-timeout',
      '5',
    ];
    expect(readArguments(args)).toEqual({
      rootFolder: 'd',
      port: 9000,
      key: { accessKeyId: 'a', accessKeySecret: '-s' },
      region: 'cn-beijing',
      worldFile: 'w.json',
      conversionTimeoutMs: 5000,
    });
    expect(readArguments(['--root', 'd'])).toEqual({
      rootFolder: 'd',
      port: 0,
      key: null,
      region: 'cn-hangzhou',
      worldFile: null,
      conversionTimeoutMs: 60_000,
    });
    expect(readArguments(['--help'])).toBe('help');
  });

  test('the help names every option', () => {
    for (const option of [
      '--root',
      '--port',
      '--access-key-id',
      '--access-key-secret',
      '--region',
      '--world',
      '--conversion-timeout',
    ])
      expect(HELP).toContain(option);
  });

  test.each([
    [[], '--root DIR is needed'],
    [['--rot', 'd'], "Unknown option '--rot'"],
    [['d'], "Unexpected argument 'd'"],
    [['--root', 'd', '--port', '70000'], '--port must be a whole number from 0 to 65535, not "70000".'],
    [['--root', 'd', '--port', 'x'], '--port must be a whole number'],
    [['--root', 'd', '--access-key-id', 'a'], 'belong together'],
    [['--root', 'd', '--access-key-id', 'a/b', '--access-key-secret', 's'], '--access-key-id must be'],
    [['--root', 'd', '--region', 'CN'], '--region must look like cn-hangzhou'],
    [['--root', 'd', '--conversion-timeout', '0'], '--conversion-timeout must be'],
    [['--root'], '--root'],
  ])('%j', (args, text) => {
    const read = (): unknown => readArguments(args);
    expect(read).toThrow(ArgumentsError);
    expect(read).toThrow(text);
  });
});
