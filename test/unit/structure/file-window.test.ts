import { describe, expect, it } from 'vitest';
import { openFileWindow, OutOfReach, type FileWindow } from '#structure/file-window.ts';
import { seeded } from '../renderer/seeded.ts';

const FILE = Uint8Array.from({ length: 100_000 }, (_, index) => (index * 31) % 251);

function open(limits: { maxBytes?: number; maxRequests?: number } = {}): {
  window: FileWindow;
  asked: [number, number][];
} {
  const asked: [number, number][] = [];
  const window = openFileWindow({
    sizeBytes: FILE.length,
    maxBytes: limits.maxBytes ?? 64 * 1024,
    maxRequests: limits.maxRequests ?? 8,
    async fetch(from, to) {
      asked.push([from, to]);
      return FILE.subarray(from, to);
    },
  });
  return { window, asked };
}

describe('a window on a file', () => {
  it('reads each piece once, and a little more than was asked for', async () => {
    const { window, asked } = open();
    expect(await window.read(1000, 1010)).toEqual(FILE.slice(1000, 1010));
    expect(await window.read(1005, 8000)).toEqual(FILE.slice(1005, 8000));
    expect(asked).toHaveLength(1);
    expect(await window.read(99_990, 200_000)).toEqual(FILE.slice(99_990));
    expect(asked).toHaveLength(2);
  });
  it('gathers far pieces in as few requests as are left, or reads nothing', async () => {
    const { window, asked } = open({ maxRequests: 3 });
    const far = [0, 20_000, 21_000, 40_000, 41_000].map((from) => ({ from, to: from + 100 }));
    expect(await window.gather(far)).toBe(true);
    expect(asked).toHaveLength(3);
    expect(await window.gather(far)).toBe(true);
    expect(await window.read(21_050, 21_060)).toEqual(FILE.slice(21_050, 21_060));
    expect(await window.gather([{ from: 90_000, to: 90_010 }])).toBe(false);
    expect(asked).toHaveLength(3);
    const tight = open({ maxBytes: 4096 });
    expect(await tight.window.gather([{ from: 0, to: 9000 }])).toBe(false);
    expect(tight.asked).toEqual([]);
  });
  it('never reads more bytes, or more often, than it may, whatever is asked of it', async () => {
    const random = seeded(99);
    for (let round = 0; round < 200; round += 1) {
      const limits = { maxBytes: 1024 + Math.floor(random() * 60_000), maxRequests: 1 + Math.floor(random() * 6) };
      const { window, asked } = open(limits);
      for (let step = 0; step < 20; step += 1) {
        const from = Math.floor(random() * 110_000) - 5000;
        const to = from + Math.floor(random() * 9000) - 100;
        if (random() < 0.5)
          await window.gather([
            { from: Math.max(0, from), to },
            { from: to + 300, to: to + 900 },
          ]);
        else {
          const bytes = await window.read(from, to).catch((error: unknown) => {
            expect(error).toBeInstanceOf(OutOfReach);
            return null;
          });
          if (bytes) expect(Buffer.compare(bytes, FILE.subarray(from, to))).toBe(0);
        }
      }
      const total = asked.reduce((sum, [from, to]) => sum + to - from, 0);
      expect(asked.length).toBeLessThanOrEqual(limits.maxRequests);
      expect(total).toBeLessThanOrEqual(limits.maxBytes);
    }
  });
  it('does not take a file for whole that has become shorter', async () => {
    const window = openFileWindow({
      sizeBytes: 5000,
      maxBytes: 9999,
      maxRequests: 3,
      fetch: async () => FILE.subarray(0, 10),
    });
    await expect(window.read(0, 100)).rejects.toThrow(OutOfReach);
  });
});
