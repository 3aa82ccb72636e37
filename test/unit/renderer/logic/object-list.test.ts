import { describe, expect, it } from 'vitest';
import type { ObjectView } from '#contract/contract.ts';
import { MAX_SOURCE_BYTES } from '#contract/source-types.ts';
import {
  COLUMNS,
  crumbsOf,
  filterRows,
  mergeRows,
  parentOf,
  readScope,
  sortRows,
  toRows,
  type ListRow,
} from '#renderer/logic/object-list.ts';

function object(name: string, more: Partial<ObjectView> = {}): ObjectView {
  const extension = /\.([a-z]+)$/.exec(name)?.[1] ?? '';
  return {
    key: name,
    name,
    sizeBytes: 1000,
    modifiedAt: '2026-01-01T00:00:00.000Z',
    etag: 'e',
    storageClass: 'Standard',
    source: extension === 'pdf' || extension === 'docx' ? extension : null,
    extension,
    ...more,
  };
}
const rowsOf = (objects: ObjectView[], folders: string[] = []): ListRow[] =>
  toRows({ objects, folders: folders.map((name) => ({ name, prefix: `${name}/` })) });
const nameOf = (row: ListRow): string => row.name;

describe('toRows', () => {
  it('says what opening would lead to', () => {
    const outlooks = rowsOf(
      [
        object('a.pdf'),
        object('exact.pdf', { sizeBytes: MAX_SOURCE_BYTES }),
        object('over.pdf', { sizeBytes: MAX_SOURCE_BYTES + 1 }),
        object('photo.jpg', { sizeBytes: MAX_SOURCE_BYTES + 1 }),
        object('LICENSE'),
        object('dump', { sizeBytes: MAX_SOURCE_BYTES + 1 }),
      ],
      ['drafts'],
    ).map((row) => row.outlook);
    expect(outlooks).toEqual(['folder', 'pages', 'pages', 'too-large', 'other-format', 'ask-type', 'too-large']);
  });

  it('marks what lies in cold storage without refusing it', () => {
    const [cold, warm] = rowsOf([
      object('a.pdf', { storageClass: 'ColdArchive' }),
      object('b.pdf', { storageClass: 'IA' }),
    ]);
    expect([cold!.isArchived, cold!.outlook, warm!.isArchived]).toEqual([true, 'pages', false]);
  });
});

describe('sortRows', () => {
  const rows = rowsOf(
    [
      object('page 10.pdf', { sizeBytes: 5, modifiedAt: '2026-01-03T00:00:00.000Z' }),
      object('Page 2.pdf', { sizeBytes: 9, modifiedAt: '2026-01-01T00:00:00.000Z' }),
      object('张.docx', { sizeBytes: 9, modifiedAt: '2026-01-02T00:00:00.000Z' }),
      object('安.docx', { sizeBytes: 1, modifiedAt: '2026-01-02T00:00:00.000Z' }),
    ],
    ['zeta', 'alpha'],
  );
  const sorted = (column: (typeof COLUMNS)[number], descending = false): string[] =>
    sortRows(rows, { column, descending }).map(nameOf);

  it('orders names as people do, folders first in both directions', () => {
    expect(sorted('name')).toEqual(['alpha', 'zeta', 'Page 2.pdf', 'page 10.pdf', '安.docx', '张.docx']);
    expect(sorted('name', true)).toEqual(['zeta', 'alpha', '张.docx', '安.docx', 'page 10.pdf', 'Page 2.pdf']);
  });

  it('orders by the other columns, equal ones by name', () => {
    expect(sorted('size')).toEqual(['alpha', 'zeta', '安.docx', 'page 10.pdf', 'Page 2.pdf', '张.docx']);
    expect(sorted('size', true)).toEqual(['alpha', 'zeta', 'Page 2.pdf', '张.docx', 'page 10.pdf', '安.docx']);
    expect(sorted('modified', true)).toEqual(['alpha', 'zeta', 'page 10.pdf', '安.docx', '张.docx', 'Page 2.pdf']);
    expect(sorted('type')).toEqual(['alpha', 'zeta', '安.docx', '张.docx', 'Page 2.pdf', 'page 10.pdf']);
  });

  it('gives the same list whether rows come at once or page by page', () => {
    const many = rowsOf(
      Array.from({ length: 2500 }, (_, n) =>
        object(`file ${(n * 7919) % 2500}${n % 3 ? '.pdf' : '.docx'}`, {
          key: `k${n}`,
          sizeBytes: (n * 31) % 50,
          modifiedAt: new Date(1e12 + ((n * 17) % 90) * 1e7).toISOString(),
        }),
      ),
      Array.from({ length: 30 }, (_, n) => `folder ${n}`),
    );
    for (const column of COLUMNS) {
      for (const descending of [false, true]) {
        const sort = { column, descending };
        let merged: ListRow[] = [];
        for (let at = 0; at < many.length; at += 1000) merged = mergeRows(merged, many.slice(at, at + 1000), sort);
        expect(merged).toEqual(sortRows(many, sort));
      }
    }
  });

  it('compares far less often when rows are already in order', () => {
    const sort = { column: 'modified', descending: false } as const;
    let reads = 0;
    const counted = rowsOf(
      Array.from({ length: 5000 }, (_, n) =>
        object(`f${n}.pdf`, { modifiedAt: new Date(1e12 + ((n * 7919) % 5000) * 1e6).toISOString() }),
      ),
    ).map((row) =>
      Object.defineProperty({ ...row }, 'modifiedAt', {
        enumerable: true,
        get: () => ((reads += 1), row.modifiedAt),
      }),
    );
    const once = sortRows(counted, sort);
    const toSort = reads;
    reads = 0;
    sortRows(once, sort);
    expect(reads).toBeLessThan(toSort / 5);
  });
});

describe('filterRows', () => {
  const rows = rowsOf(
    [object('Annual Report.pdf'), object('annual.png'), object('README'), object('报告ＡＢ.docx')],
    ['annual'],
  );
  const shown = (text: string, documentsOnly = false): string[] =>
    filterRows(rows, { text, documentsOnly }).map(nameOf);

  it('hides other formats and keeps what has no extension', () => {
    expect(shown('', true)).toEqual(['annual', 'Annual Report.pdf', 'README', '报告ＡＢ.docx']);
  });

  it('keeps documents that are too large, so that nobody looks for them in vain', () => {
    const big = rowsOf([object('scan.pdf', { sizeBytes: MAX_SOURCE_BYTES + 1 })]);
    expect(filterRows(big, { text: '', documentsOnly: true })).toHaveLength(1);
  });

  it('needs every word, in any order, whatever the case or width', () => {
    expect(shown('report ANNUAL')).toEqual(['Annual Report.pdf']);
    expect(shown('annual')).toEqual(['annual', 'Annual Report.pdf', 'annual.png']);
    expect(shown('ab 报')).toEqual(['报告ＡＢ.docx']);
    expect(shown('nothing like it')).toEqual([]);
  });

  it('gives the same array when there is nothing to leave out', () => {
    expect(filterRows(rows, { text: '  ', documentsOnly: false })).toBe(rows);
  });
});

describe('paths', () => {
  it('makes crumbs, leaving out what is above the root', () => {
    expect(crumbsOf('', '')).toEqual([]);
    expect(crumbsOf('2026/q3/', '')).toEqual([
      { name: '2026', prefix: '2026/' },
      { name: 'q3', prefix: '2026/q3/' },
    ]);
    expect(crumbsOf('2026/q3/drafts/', '2026/q3/')).toEqual([{ name: 'drafts', prefix: '2026/q3/drafts/' }]);
  });

  it('keeps empty folder names apart', () => {
    expect(crumbsOf('a//b/', '').map((crumb) => crumb.prefix)).toEqual(['a/', 'a//', 'a//b/']);
    expect(parentOf('a//b/', '')).toBe('a//');
    expect(parentOf('a//', '')).toBe('a/');
    expect(parentOf('/', '')).toBe('');
  });

  it('goes up to the root and no further', () => {
    expect(parentOf('a/b/', '')).toBe('a/');
    expect(parentOf('a/', '')).toBe('');
    expect(parentOf('', '')).toBe(null);
    expect(parentOf('a/b/', 'a/b/')).toBe(null);
    expect(parentOf('a/b/c/', 'a/b/')).toBe('a/b/');
  });

  it('reads a scope', () => {
    expect(readScope('')).toBe(null);
    expect(readScope('team-docs/')).toEqual({ bucket: 'team-docs', prefix: '' });
    expect(readScope('team-docs/a/b/')).toEqual({ bucket: 'team-docs', prefix: 'a/b/' });
  });
});
