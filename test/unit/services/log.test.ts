import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeLog, makeLogFile } from '#services/log.ts';

describe('the log', () => {
  const write = (act: (log: ReturnType<typeof makeLog>) => void, level: 'debug' | 'info' = 'info'): string[] => {
    const lines: string[] = [];
    act(makeLog({ level, now: () => Date.UTC(2026, 0, 2, 3, 4, 5), write: (line) => lines.push(line) }));
    return lines;
  };

  it('writes one JSON line with time, level, message and facts', () => {
    expect(write((log) => log.warn('odd', { code: 'net.reset', tries: 3 }))).toEqual([
      '{"at":"2026-01-02T03:04:05.000Z","level":"warn","message":"odd","code":"net.reset","tries":3}',
    ]);
  });

  it('keeps quiet below its level', () => {
    expect(write((log) => log.debug('object reports/secret plans.docx'))).toEqual([]);
    expect(write((log) => log.debug('x'), 'debug')).toHaveLength(1);
  });

  it('writes an error with its stack, on one line, its secrets taken out', () => {
    const [line = ''] = write((log) => log.error('bug', { bug: new Error('accessKeySecret=abc123') }));
    expect(line).toContain('log.test.ts');
    expect(line).not.toContain('abc123');
    expect(line).not.toContain('\n');
  });

  it('never writes a field that is named like a secret', () => {
    const [line = ''] = write((log) => log.info('x', { accessKeySecret: 'abc', securityToken: { deep: 'def' } }));
    expect(JSON.parse(line)).toMatchObject({ accessKeySecret: '[secret]', securityToken: '[secret]' });
  });

  it('does not bring the app down when it cannot be written', () => {
    const log = makeLog({
      level: 'info',
      now: () => 0,
      write: () => {
        throw new Error('ENOSPC');
      },
    });
    expect(() => log.error('full')).not.toThrow();
    const loop: Record<string, unknown> = {};
    loop['self'] = loop;
    expect(() => log.error('loop', { loop })).not.toThrow();
  });
});

describe('the log file', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'log-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('is made with its folder when the first line comes, for its owner only', async () => {
    const inside = path.join(folder, 'logs');
    const write = makeLogFile(inside);
    write('one');
    write('two');
    expect(await readFile(path.join(inside, 'pagelens.log'), 'utf8')).toBe('one\ntwo\n');
    if (process.platform !== 'win32') {
      expect((await stat(path.join(inside, 'pagelens.log'))).mode & 0o777).toBe(0o600);
    }
  });

  it('goes on where the run before stopped, and keeps one older file', async () => {
    await writeFile(path.join(folder, 'pagelens.log'), 'x'.repeat(90));
    const write = makeLogFile(folder, 100);
    write('y'.repeat(20));
    write('z');
    expect(await readFile(path.join(folder, 'pagelens.1.log'), 'utf8')).toBe(`${'x'.repeat(90)}${'y'.repeat(20)}\n`);
    expect(await readFile(path.join(folder, 'pagelens.log'), 'utf8')).toBe('z\n');
  });
});
