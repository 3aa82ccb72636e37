import { expect, it } from 'vitest';
import { toObjectPageView } from '#services/object-page.ts';

it('cuts names from keys and marks what lies in cold storage, in columns', () => {
  const object = (key: string, storageClass: string) => ({
    key,
    sizeBytes: key.length,
    modifiedAt: '2026-01-02T03:04:05.000Z',
    etag: 'e',
    storageClass,
  });
  const objects = ['Standard', 'Archive', 'IA', 'ColdArchive', 'DeepColdArchive'].map((one) =>
    object(`in/${one}`, one),
  );
  const page = toObjectPageView({ objects, prefixes: ['in/a/', 'in/ü /'], next: 'more' }, 'in/');
  expect(page).toEqual({
    folders: ['a', 'ü '],
    objects: {
      names: ['Standard', 'Archive', 'IA', 'ColdArchive', 'DeepColdArchive'],
      sizes: objects.map(({ sizeBytes }) => sizeBytes),
      modified: objects.map(() => Date.UTC(2026, 0, 2, 3, 4, 5)),
      archived: [1, 3, 4],
    },
    next: 'more',
  });
});
