import { describe, expect, it } from 'vitest';
import { foldName, toFileName, toNumberedName, toPageWidth, type NameParts } from '#services/file-names.ts';

const name = (parts: Partial<NameParts>, pageNumber = 3): string =>
  toFileName(
    { template: '{name}-p{page}', key: 'a/report.pdf', target: 'png', pageWidth: 4, isOnlyPage: false, ...parts },
    pageNumber,
  );

/** What Windows accepts as a file name. Source: Microsoft, "Naming Files, Paths, and Namespaces". */
function isValidOnWindows(text: string): boolean {
  // eslint-disable-next-line no-control-regex -- control characters are refused by Windows
  if (text === '' || /[<>:"/\\|?*\u0000-\u001f]/.test(text) || /[. ]$/.test(text)) return false;
  const device = text.split('.')[0]?.trimEnd().toUpperCase() ?? '';
  return !/^(CON|PRN|AUX|NUL|COM[0-9¹²³]|LPT[0-9¹²³]|CONIN\$|CONOUT\$)$/.test(device);
}

const NASTY_KEYS = [
  '../../x',
  '..',
  '.',
  '/',
  '',
  'a/b/',
  'CON.pdf',
  'con',
  'nul.tar.pdf',
  'COM1 .pdf',
  'lpt².docx',
  'CONIN$',
  'a<b>c:d"e/f\\g|h?i*j.pdf',
  'tab\there\u0000null\u0085next.pdf',
  'ends in dots....pdf',
  'ends in space .pdf',
  '.hidden',
  '...',
  'gpj\u202efdp.exe.pdf',
  'x'.repeat(1000) + '.pdf',
  '合同'.repeat(300) + '.docx',
  '😀'.repeat(250) + '.pptx',
  '\ud83d lone half.pdf',
  '{page}{name}{key}.pdf',
  'Cafe\u0301.pdf',
];

describe('names of exported pages', () => {
  it('follow the template, the page number padded', () => {
    expect(name({})).toBe('report-p0003.png');
    expect(name({ template: '{page} of {name}', pageWidth: 2, target: 'jpg' })).toBe('03 of report.jpg');
    expect(name({ template: '{key}_{page}' })).toBe('a_report.pdf_0003.png');
    expect(name({ key: 'archive.tar.pdf' })).toBe('archive.tar-p0003.png');
  });
  it('pad to the width of the last page, or to 4 while the end is open', () => {
    expect([null, 7, 37, 120, 2000].map(toPageWidth)).toEqual([4, 1, 2, 3, 4]);
  });
  it('never replace what comes from the object itself', () => {
    expect(name({ key: '{page}.pdf' })).toBe('{page}-p0003.png');
  });
  it.each(NASTY_KEYS)('are valid whatever the object is called: %j', (key) => {
    for (const template of ['{name}-p{page}', '{name}', '{key} {page}', '{page}', '.{name}. ', 'CON']) {
      for (const isOnlyPage of [true, false]) {
        const made = name({ key, template, isOnlyPage });
        expect(isValidOnWindows(made), made).toBe(true);
        expect(Buffer.byteLength(made)).toBeLessThanOrEqual(200);
        expect(made).not.toMatch(/^\.|[\u202a-\u202e\u2066-\u2069]/);
        expect(made).not.toMatch(/\p{Surrogate}/u);
        expect(made).toMatch(/^.+\.png$/s);
      }
    }
  });
  it('differ from page to page, also where the template has no number or the name is cut', () => {
    for (const key of NASTY_KEYS) {
      for (const template of [
        '{name}',
        '{name}-p{page}',
        '{page}{name}',
        'x'.repeat(120),
        '😀'.repeat(60) + '{page}',
      ]) {
        const made = Array.from({ length: 30 }, (_, index) =>
          foldName(name({ key, template, pageWidth: 2 }, index + 1)),
        );
        expect(new Set(made).size).toBe(30);
      }
    }
  });
  it('need no number where there is one page', () => {
    expect(name({ template: '{name}', isOnlyPage: true })).toBe('report.png');
    expect(name({ template: '{name}', isOnlyPage: false })).toBe('report-p0003.png');
  });
  it('are cut between characters', () => {
    const made = name({ key: '😀'.repeat(250) + '.pptx' });
    expect(made).toMatch(/^(😀)+-p0003\.png$/u);
    expect(Buffer.byteLength(made)).toBeGreaterThan(195);
  });
  it('escape the devices of Windows', () => {
    expect(name({ key: 'CON.pdf', template: '{name}', isOnlyPage: true })).toBe('_CON.png');
    expect(name({ key: 'x.pdf', template: 'com{page}', pageWidth: 1 }, 1)).toBe('_com1.png');
    expect(name({ key: 'console.pdf', template: '{name}', isOnlyPage: true })).toBe('console.png');
  });
  it('get a number before the extension', () => {
    expect(toNumberedName('a.b-p1.png', 2)).toBe('a.b-p1 (2).png');
  });
  it('are one name where case and composition do not count', () => {
    expect(foldName('CAFÉ.PNG')).toBe(foldName('cafe\u0301.png'));
  });
});
