import { expect, it } from 'vitest';
import { pickToGo, type KeptRoom } from '#services/page-budget.ts';
import { seeded } from '../renderer/seeded.ts';

const room = (id: string, usedAt: number, more: Partial<KeptRoom> = {}): KeptRoom => ({
  ...{ id, usedAt, isHeld: false, isOutdated: false },
  pages: [1, 2, 3].map((page) => ({ name: `${page}.png`, bytes: 10, usedAt: usedAt + page })),
  ...more,
});
const names = (going: { id: string; name: string }[]): string[] => going.map(({ id, name }) => `${id} ${name}`);

it('takes nothing while there is room', () => {
  expect(pickToGo([room('a', 1), room('b', 2)], 60)).toEqual([]);
});
it('takes the pages used longest ago of the document used longest ago', () => {
  expect(names(pickToGo([room('new', 50), room('old', 10)], 45))).toEqual(['old 1.png', 'old 2.png']);
});
it('takes what is outdated before all else, and nothing that is held', () => {
  const rooms = [room('old', 10), room('outdated', 99, { isOutdated: true }), room('held', 1, { isHeld: true })];
  expect(names(pickToGo(rooms, 50))).toEqual(['outdated 1.png', 'outdated 2.png', 'outdated 3.png', 'old 1.png']);
  expect(names(pickToGo(rooms, 0))).toHaveLength(6);
});
it('whatever is kept: what stays fits, or all of it is held; nothing newer goes before something older', () => {
  const random = seeded(20_261);
  for (let run = 0; run < 300; run += 1) {
    const rooms = Array.from({ length: Math.floor(random() * 12) }, (_, index): KeptRoom => ({
      id: `${index}`,
      isHeld: random() < 0.3,
      isOutdated: random() < 0.3,
      usedAt: Math.floor(random() * 50),
      pages: Array.from({ length: Math.floor(random() * 9) }, (__, page) => ({
        ...{ name: `${page}.png`, bytes: Math.floor(random() * 100), usedAt: Math.floor(random() * 50) },
      })),
    }));
    const limit = Math.floor(random() * 2000);
    const going = pickToGo(rooms, limit);
    const isGoing = (id: string, name: string): boolean => going.some((one) => one.id === id && one.name === name);
    const all = rooms.flatMap((one) => one.pages.map((page) => ({ ...page, of: one })));
    const staying = all.filter((page) => !isGoing(page.of.id, page.name));
    const bytesOf = (pages: { bytes: number }[]): number => pages.reduce((sum, page) => sum + page.bytes, 0);
    expect(going).toHaveLength(all.length - staying.length);
    expect(bytesOf(staying) <= limit || staying.every((page) => page.of.isHeld)).toBe(true);
    // The last one to go was needed.
    const last =
      going.at(-1) && all.find((page) => page.of.id === going.at(-1)!.id && page.name === going.at(-1)!.name);
    if (last) expect(bytesOf([...staying, last])).toBeGreaterThan(limit);
    for (const gone of all.filter((page) => !staying.includes(page))) {
      expect(gone.of.isHeld).toBe(false);
      for (const { of } of staying.filter((page) => !page.of.isHeld && page.of !== gone.of)) {
        expect(gone.of.isOutdated || !of.isOutdated).toBe(true);
        if (gone.of.isOutdated === of.isOutdated) expect(gone.of.usedAt).toBeLessThanOrEqual(of.usedAt);
      }
    }
  }
});
