import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeLog } from '#services/log.ts';
import { openSettings, type Settings } from '#services/settings.ts';

let folder: string;
let file: string;
let lines: string[];
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'settings-'));
  file = path.join(folder, 'settings.json');
  lines = [];
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const open = (): Promise<Settings> =>
  openSettings(file, makeLog({ level: 'debug', now: () => 0, write: (line) => lines.push(line) }), () => 1234);

describe('settings', () => {
  it('start with defaults where there is no file, and say nothing of it', async () => {
    const settings = await open();
    expect(settings.view()).toEqual({
      language: 'system',
      theme: 'system',
      tint: 'none',
      readsFiles: true,
      failedCallCost: 0.2,
      lookAhead: 'normal',
      letterKeys: true,
    });
    expect(lines).toEqual([]);
    expect(await readdir(folder)).toEqual([]);
  });

  it('are there again after a restart, readable by their owner only', async () => {
    const settings = await open();
    expect(await settings.update({ theme: 'dark' })).toMatchObject({ ok: true });
    expect((await open()).view()).toEqual({
      language: 'system',
      theme: 'dark',
      tint: 'none',
      readsFiles: true,
      failedCallCost: 0.2,
      lookAhead: 'normal',
      letterKeys: true,
    });
    expect(await readdir(folder)).toEqual(['settings.json']);
    if (process.platform !== 'win32') expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  it('are written in the order they were changed', async () => {
    const settings = await open();
    for (const theme of ['dark', 'light', 'dark', 'light', 'system', 'dark'] as const) void settings.update({ theme });
    await settings.flush();
    expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ theme: 'dark' });
  });

  it('tell who watches: now, and when language or theme changes', async () => {
    const settings = await open();
    const heard: unknown[] = [];
    settings.watch((view) => heard.push(view));
    await settings.update({ language: 'zh-CN' });
    await settings.update({ lastAccountId: null });
    await settings.update({ language: 'zh-CN' });
    expect(heard).toEqual([
      {
        language: 'system',
        theme: 'system',
        tint: 'none',
        readsFiles: true,
        failedCallCost: 0.2,
        lookAhead: 'normal',
        letterKeys: true,
      },
      {
        language: 'zh-CN',
        theme: 'system',
        tint: 'none',
        readsFiles: true,
        failedCallCost: 0.2,
        lookAhead: 'normal',
        letterKeys: true,
      },
    ]);
  });

  it.each([
    ['no JSON', '{ "version": 1, "theme"'],
    ['no object', '[]'],
    ['no version', '{ "theme": "dark" }'],
    ['a newer version', '{ "version": 2, "theme": "dark" }'],
    ['a value that is none', '{ "version": 1, "theme": "pink" }'],
    ['an account id with a path in it', '{ "version": 1, "lastAccountId": "../../x" }'],
  ])('set a file with %s aside and start anew', async (_what, text) => {
    await writeFile(file, text);
    const settings = await open();
    expect(settings.view()).toEqual({
      language: 'system',
      theme: 'system',
      tint: 'none',
      readsFiles: true,
      failedCallCost: 0.2,
      lookAhead: 'normal',
      letterKeys: true,
    });
    expect(await readFile(path.join(folder, 'settings.broken-1234.json'), 'utf8')).toBe(text);
    expect(lines).toHaveLength(1);
    await settings.update({ theme: 'light' });
    expect((await readdir(folder)).sort()).toEqual(['settings.broken-1234.json', 'settings.json']);
  });

  it('keep the old file when the new one cannot be written, and leave no rest', async () => {
    const settings = await open();
    await settings.update({ theme: 'dark' });
    await mkdir(`${file}.new`);
    expect(await settings.update({ theme: 'light' })).toMatchObject({ ok: false, error: { code: 'file.noAccess' } });
    expect(settings.view().theme).toBe('light');
    expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ theme: 'dark' });
  });

  it('drop fields of other programs', async () => {
    await writeFile(file, JSON.stringify({ version: 1, theme: 'dark', stray: true }));
    const settings = await open();
    expect(settings.current).not.toHaveProperty('stray');
  });
});
