import { describe, expect, it } from 'vitest';
import { formatDate, formatSize, showName } from '#renderer/logic/format.ts';

describe('formatSize', () => {
  const MB = 1024 * 1024;
  it.each([
    [0, '0 kB'],
    [1, '1 kB'],
    [1024, '1 kB'],
    [1025, '2 kB'],
    [3.1 * MB, '3.1 MB'],
    [20 * MB, '20 MB'],
    [20 * MB + 1, '20.1 MB'],
    [1024 * MB - 1, '1 GB'],
    [1024 ** 5 * 3, '3,072 TB'],
  ])('%d bytes is %s', (bytes, expected) => {
    expect(formatSize(bytes, 'en')).toBe(expected);
  });

  it('follows the locale', () => {
    expect(formatSize(1234, 'zh-CN')).toBe('2 kB');
    expect(formatSize(3.1 * MB, 'de')).toBe('3,1 MB');
  });
});

describe('formatDate', () => {
  it('follows the locale', () => {
    expect(formatDate('2025-11-21T12:00:00.000Z', 'en')).toMatch(/^Nov 2\d, 2025, /);
    expect(formatDate('2025-11-21T12:00:00.000Z', 'zh-CN')).toMatch(/^2025年11月2\d日/);
  });

  it('says nothing where there is no date', () => {
    expect(formatDate('', 'en')).toBe('');
    expect(formatDate('soon', 'en')).toBe('');
  });
});

describe('showName', () => {
  it('leaves ordinary names of every script alone', () => {
    for (const name of ['report 2026.pdf', '季度报告（终稿）.docx', 'émigré.ppt', '📄 plan.xlsx', 'عقد.pdf']) {
      expect(showName(name)).toBe(name);
    }
  });

  it('shows what would break the line or turn the text around', () => {
    expect(showName('a\nb\tc\u007f')).toBe('a␊b␉c␡');
    expect(showName('annual\u202efdp.exe')).toBe('annual\ufffdfdp.exe');
  });
});
