/** The table of a listing: order, filter and rows, whatever comes in whatever pieces. */
import { describe, expect, it } from 'vitest';
import { extensionOf, MAX_SOURCE_BYTES, sourceOfKey } from '#contract/source-types.ts';
import { fold } from '#contract/name-match.ts';
import { COLUMNS, compareNames, type ListFilter, type Sort } from '#renderer/logic/object-list.ts';
import { ObjectTable } from '#renderer/logic/object-table.ts';
import { toColumns, type ListedName } from '../columns.ts';
import { seeded } from '../seeded.ts';

const BY_NAME: Sort = { column: 'name', descending: false };
const ALL: ListFilter = { text: '', documentsOnly: false };

const object = (name: string, more: Partial<ListedName> = {}): ListedName => ({ name, ...more });
function tableOf(objects: ListedName[], folders: string[] = [], sort = BY_NAME, filter = ALL): ObjectTable {
  const table = new ObjectTable('', sort, filter);
  table.add({ objects: toColumns(objects), folders });
  return table;
}
const rowsOf = (table: ObjectTable) => Array.from(table.shown, (id) => table.row(id));
const namesOf = (table: ObjectTable): string[] => rowsOf(table).map((row) => row.name);

describe('rows', () => {
  it('say what opening would lead to', () => {
    const table = new ObjectTable('', BY_NAME, ALL);
    table.add({
      folders: ['drafts'],
      objects: toColumns([
        object('a.pdf'),
        object('exact.pdf', { sizeBytes: MAX_SOURCE_BYTES }),
        object('over.pdf', { sizeBytes: MAX_SOURCE_BYTES + 1 }),
        object('photo.jpg', { sizeBytes: MAX_SOURCE_BYTES + 1 }),
        object('LICENSE'),
        object('dump', { sizeBytes: MAX_SOURCE_BYTES + 1 }),
      ]),
    });
    const outlooks = [0, 1, 2, 3, 4, 5, 6].map((id) => table.row(id).outlook);
    expect(outlooks).toEqual(['folder', 'pages', 'pages', 'too-large', 'other-format', 'ask-type', 'too-large']);
  });

  it('mark what lies in cold storage without refusing it', () => {
    const table = tableOf([object('a.pdf', { isArchived: true }), object('b.pdf')]);
    const [cold, warm] = rowsOf(table);
    expect([cold!.isArchived, cold!.outlook, warm!.isArchived]).toEqual([true, 'pages', false]);
  });

  it('have their whole key, and are found by it', () => {
    const table = new ObjectTable('in/', BY_NAME, ALL);
    table.add({ folders: ['a'], objects: toColumns([object('a'), object('b.pdf')]) });
    expect(rowsOf(table)).toEqual([
      {
        outlook: 'folder',
        key: 'in/a/',
        name: 'a',
        sizeBytes: 0,
        modifiedAt: '',
        extension: '',
        source: null,
        isArchived: false,
      },
      expect.objectContaining({ key: 'in/a', outlook: 'ask-type', modifiedAt: '2026-01-01T00:00:00.000Z' }),
      expect.objectContaining({ key: 'in/b.pdf', source: 'pdf', extension: 'pdf', sizeBytes: 1000 }),
    ]);
    expect(['in/a/', 'in/a', 'in/b.pdf', 'in/c', 'b.pdf'].map((key) => table.idOf(key))).toEqual([0, 1, 2, -1, -1]);
  });
});

describe('order', () => {
  const objects = [
    object('page 10.pdf', { sizeBytes: 5, modifiedAt: '2026-01-03T00:00:00.000Z' }),
    object('Page 2.pdf', { sizeBytes: 9, modifiedAt: '2026-01-01T00:00:00.000Z' }),
    object('张.docx', { sizeBytes: 9, modifiedAt: '2026-01-02T00:00:00.000Z' }),
    object('安.docx', { sizeBytes: 1, modifiedAt: '2026-01-02T00:00:00.000Z' }),
  ];
  const sorted = (column: Sort['column'], descending = false): string[] =>
    namesOf(tableOf(objects, ['zeta', 'alpha'], { column, descending }));

  it('is that of people, folders first in both directions', () => {
    expect(sorted('name')).toEqual(['alpha', 'zeta', 'Page 2.pdf', 'page 10.pdf', '安.docx', '张.docx']);
    expect(sorted('name', true)).toEqual(['zeta', 'alpha', '张.docx', '安.docx', 'page 10.pdf', 'Page 2.pdf']);
  });

  it('is that of the other columns, equal ones by name', () => {
    expect(sorted('size')).toEqual(['alpha', 'zeta', '安.docx', 'page 10.pdf', 'Page 2.pdf', '张.docx']);
    expect(sorted('size', true)).toEqual(['alpha', 'zeta', 'Page 2.pdf', '张.docx', 'page 10.pdf', '安.docx']);
    expect(sorted('modified', true)).toEqual(['alpha', 'zeta', 'page 10.pdf', '安.docx', '张.docx', 'Page 2.pdf']);
    expect(sorted('type')).toEqual(['alpha', 'zeta', '安.docx', '张.docx', 'Page 2.pdf', 'page 10.pdf']);
  });

  it('tells sizes apart that no 32 bits can hold', () => {
    const sizes = [2 ** 45 + 1, 3, 2 ** 45, 2 ** 32, 2 ** 32 - 1];
    const table = tableOf(
      sizes.map((sizeBytes) => object(`${sizeBytes}`, { sizeBytes })),
      [],
      { column: 'size', descending: true },
    );
    expect(rowsOf(table).map((row) => row.sizeBytes)).toEqual([...sizes].sort((a, b) => b - a));
  });
});

describe('filter', () => {
  const objects = ['Annual Report.pdf', 'annual.png', 'README', '报告ＡＢ.docx'].map((name) => object(name));
  const shown = (text: string, documentsOnly = false): string[] =>
    namesOf(tableOf(objects, ['annual'], BY_NAME, { text, documentsOnly }));

  it('hides other formats and keeps what has no extension', () => {
    expect(shown('', true)).toEqual(['annual', 'Annual Report.pdf', 'README', '报告ＡＢ.docx']);
  });

  it('keeps documents that are too large, so that nobody looks for them in vain', () => {
    const big = [object('scan.pdf', { sizeBytes: MAX_SOURCE_BYTES + 1 })];
    expect(namesOf(tableOf(big, [], BY_NAME, { text: '', documentsOnly: true }))).toEqual(['scan.pdf']);
  });

  it('needs every word, in any order, whatever the case or width', () => {
    expect(shown('report ANNUAL')).toEqual(['Annual Report.pdf']);
    expect(shown('annual')).toEqual(['annual', 'Annual Report.pdf', 'annual.png']);
    expect(shown('ab 报')).toEqual(['报告ＡＢ.docx']);
    expect(shown('nothing like it')).toEqual([]);
  });
});

describe('a list that grows', () => {
  /** What the table must show, worked out the plain way. */
  function expected(
    objects: ListedName[],
    folders: string[],
    { column, descending }: Sort,
    filter: ListFilter,
  ): string[] {
    const words = fold(filter.text)
      .split(' ')
      .filter((word) => word !== '');
    const passes = (name: string): boolean => words.every((word) => fold(name).includes(word));
    const sign = descending ? -1 : 1;
    const keyOf = {
      modified: (one: ListedName) => one.modifiedAt ?? '',
      type: (one: ListedName) => extensionOf(one.name),
    };
    const files = objects
      .filter(
        (one) =>
          passes(one.name) && !(filter.documentsOnly && sourceOfKey(one.name) === null && extensionOf(one.name) !== ''),
      )
      .sort((a, b) => compareNames(a.name, b.name) * (column === 'name' ? sign : 1));
    if (column === 'size') files.sort((a, b) => ((a.sizeBytes ?? 0) - (b.sizeBytes ?? 0)) * sign);
    else if (column !== 'name') {
      const key = keyOf[column];
      files.sort((a, b) => (key(a) < key(b) ? -sign : key(a) > key(b) ? sign : 0));
    }
    const sortedFolders = folders.filter(passes).sort((a, b) => compareNames(a, b) * (column === 'name' ? sign : 1));
    return [...sortedFolders, ...files.map((one) => one.name)];
  }

  it('shows the same rows in the same order as one that is there at once, whatever is asked of it on the way', () => {
    for (let seed = 1; seed <= 60; seed += 1) {
      const random = seeded(seed);
      const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
      const name = (n: number): string =>
        `${pick(['a', 'B', '报', 'é', 'Z'])} ${Math.floor(random() * 40)}-${n}${pick(['.pdf', '.TXT', '', '.docx'])}`;
      const all = Array.from({ length: 1 + Math.floor(random() * 400) }, (_, n) =>
        object(name(n), {
          sizeBytes: Math.floor(random() * 20) * 2 ** Math.floor(random() * 40),
          modifiedAt: new Date(1.6e12 + Math.floor(random() * 30) * 1e9).toISOString(),
        }),
      );
      const folderNames = Array.from({ length: Math.floor(random() * 20) }, (_, n) => `${name(n)} folder`);
      let sort: Sort = BY_NAME;
      let filter: ListFilter = ALL;
      const table = new ObjectTable('', sort, filter);
      let objects = 0;
      let folders = 0;
      const check = (): void =>
        expect(namesOf(table), `seed ${seed}`).toEqual(
          expected(all.slice(0, objects), folderNames.slice(0, folders), sort, filter),
        );
      while (objects < all.length || folders < folderNames.length) {
        const moreObjects = Math.floor(random() * 90);
        const moreFolders = Math.floor(random() * 8);
        table.add({
          objects: toColumns(all.slice(objects, objects + moreObjects)),
          folders: folderNames.slice(folders, folders + moreFolders),
        });
        objects = Math.min(all.length, objects + moreObjects);
        folders = Math.min(folderNames.length, folders + moreFolders);
        if (random() < 0.4) table.sortBy((sort = { column: pick(COLUMNS), descending: random() < 0.5 }));
        if (random() < 0.4) {
          table.filterBy(
            (filter = { text: pick(['', 'a', '1 a', '报', 'É', 'folder']), documentsOnly: random() < 0.5 }),
          );
        }
        check();
      }
    }
  });

  it('compares little where the next answer belongs at the end', () => {
    const collator = Intl.Collator.prototype;
    const table = new ObjectTable('', BY_NAME, ALL);
    const page = (from: number) => ({
      folders: [],
      objects: toColumns(
        Array.from({ length: 1000 }, (_, n) => object(`scan ${String(from + n).padStart(6, '0')}.pdf`)),
      ),
    });
    for (let from = 0; from < 20_000; from += 1000) table.add(page(from));
    let compared = 0;
    const compare = Object.getOwnPropertyDescriptor(collator, 'compare')!;
    Object.defineProperty(collator, 'compare', {
      ...compare,
      get() {
        compared += 1;
        return compare.get!.call(this) as unknown;
      },
    });
    try {
      table.add(page(20_000));
    } finally {
      Object.defineProperty(collator, 'compare', compare);
    }
    expect(compared).toBeLessThan(1500);
  });
});
