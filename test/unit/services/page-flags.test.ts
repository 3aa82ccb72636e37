/** Pages are looked at one by one as they come, once, and told of again only when that changes something. */
import { expect, it } from 'vitest';
import { makePageFlags } from '#services/page-flags.ts';
import type { PageLook } from '#services/page-look.ts';
import type { PagePicture } from '#services/oss-client.ts';
import { settle } from './manual-time.ts';

const sound: PageLook = { widthPx: 800, heightPx: 1100, inkShare: 0.1, cutAt: [], hollowRows: 0 };

function makeBook(pages: Record<number, PageLook | null>) {
  const changed: number[] = [];
  const lookedAt: number[] = [];
  const missing = new Set<number>();
  let running = 0;
  const flags = makePageFlags({
    read: (pageNumber) => {
      lookedAt.push(pageNumber);
      // The picture stands for its number: nothing else of it is used here.
      const picture = { widthPx: pageNumber } as PagePicture;
      return Promise.resolve(missing.has(pageNumber) ? null : picture);
    },
    looks: {
      async look(picture) {
        running += 1;
        expect(running).toBe(1);
        await settle();
        running -= 1;
        return pages[(picture as PagePicture).widthPx] ?? null;
      },
    },
    isSameAsBefore: (pageNumber) => pageNumber === 9,
    onChange: (pageNumber) => changed.push(pageNumber),
  });
  const rest = async (): Promise<void> => {
    for (let turn = 0; turn < 20; turn += 1) await settle();
  };
  return { flags, changed, lookedAt, missing, rest };
}

it('tells of pages with flags alone, and looks at each once', async () => {
  const { flags, changed, lookedAt, rest } = makeBook({ 1: sound, 2: { ...sound, inkShare: 0 }, 9: sound });
  for (const page of [1, 2, 9, 2, 1]) flags.saw(page);
  expect(flags.of(2)).toEqual([]);
  await rest();
  expect(lookedAt).toEqual([1, 2, 9]);
  expect(changed).toEqual([2, 9]);
  expect([1, 2, 3, 9].map(flags.of)).toEqual([[], ['nearly-blank'], [], ['same-as-before']]);
});

it('judges how a page stands when both its neighbours are known, whichever came last', async () => {
  const { flags, changed, rest } = makeBook({ 1: sound, 2: { ...sound, widthPx: 1500 }, 3: sound });
  for (const page of [2, 3]) flags.saw(page);
  await rest();
  expect(changed).toEqual([]);
  flags.saw(1);
  await rest();
  expect(changed).toEqual([2]);
  expect(flags.of(2)).toEqual(['turned']);
});

it('looks again at a page whose picture was not there, or could not be read', async () => {
  const { flags, lookedAt, missing, rest } = makeBook({ 1: { ...sound, hollowRows: 1 }, 2: null });
  missing.add(1);
  for (const page of [1, 2]) flags.saw(page);
  await rest();
  missing.delete(1);
  for (const page of [1, 2]) flags.saw(page);
  await rest();
  expect(lookedAt).toEqual([1, 2, 1, 2]);
  expect(flags.of(1)).toEqual(['missing-glyphs']);
});
