import { describe, expect, it } from 'vitest';
import { toSearchPage } from '#services/object-search.ts';

const page = (...keys: string[]) => ({
  objects: keys.map((key) => ({
    key,
    sizeBytes: 1,
    modifiedAt: '2026-01-01T00:00:00.000Z',
    etag: 'e',
    storageClass: 'Standard',
  })),
  prefixes: [],
  next: 'more',
});
const KEYS = [
  'in/2025/Annual Report.pdf',
  'in/annual/2024.PNG',
  'in/annual/',
  'in/annual/notes',
  'in/ＡＮＮＵＡＬ.docx',
];
const namesOf = (text: string, documentsOnly = false): string[] =>
  toSearchPage(page(...KEYS), { prefix: 'in/', text, documentsOnly }).hits.names;

describe('toSearchPage', () => {
  it('finds words in names and in folders, in any order, case and width', () => {
    expect(namesOf('annual 2025')).toEqual(['2025/Annual Report.pdf']);
    expect(namesOf('annual')).toEqual([
      '2025/Annual Report.pdf',
      'annual/2024.PNG',
      'annual/notes',
      'ＡＮＮＵＡＬ.docx',
    ]);
    expect(namesOf('in')).toEqual([]);
  });

  it('leaves out other formats where only documents are wanted', () => {
    expect(namesOf('annual', true)).toEqual(['2025/Annual Report.pdf', 'annual/notes', 'ＡＮＮＵＡＬ.docx']);
  });

  it('counts every name it looked at, and says where it goes on', () => {
    const found = toSearchPage(page(...KEYS), { prefix: 'in/', text: 'nothing', documentsOnly: false });
    expect(found).toEqual({ hits: { names: [], sizes: [], modified: [], archived: [] }, scanned: 5, next: 'more' });
  });
});
