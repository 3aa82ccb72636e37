import { describe, expect, it } from 'vitest';
import { turnedSize, turnedSpot } from '#renderer/logic/rotation.ts';

const spot = { pageNumber: 7, shareX: 0.2, shareY: 0.9, beyondX: 0, beyondY: 0 };

describe('rotation', () => {
  it('swaps width and height with every other quarter', () => {
    const size = { widthPx: 1240, heightPx: 1754 };
    const across = { widthPx: 1754, heightPx: 1240 };
    expect(([0, 1, 2, 3] as const).map((turns) => turnedSize(size, turns))).toEqual([size, across, size, across]);
  });

  it('takes a spot along: clockwise the lower left corner goes to the upper left one', () => {
    expect(turnedSpot({ ...spot, shareX: 0, shareY: 1 }, 1)).toMatchObject({ shareX: 0, shareY: 0 });
    expect(turnedSpot({ ...spot, shareX: 0, shareY: 1 }, -1)).toMatchObject({ shareX: 1, shareY: 1 });
  });

  it('is undone by a quarter back, and by three more', () => {
    const back = turnedSpot(turnedSpot(spot, 1), -1);
    const round = [1, 1, 1, 1].reduce((turned) => turnedSpot(turned, 1), spot);
    for (const turned of [back, round]) {
      expect(turned.shareX).toBeCloseTo(0.2, 9);
      expect(turned.shareY).toBeCloseTo(0.9, 9);
    }
  });
});
