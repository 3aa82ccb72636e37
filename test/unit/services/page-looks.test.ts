/** The thread that looks at pictures: every kind of PNG and JPEG, broken ones, and the pages of real documents. */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { encode, type PngDataArray } from 'fast-png';
import jpeg from 'jpeg-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { flagsOf } from '#services/page-look.ts';
import { makePageLooks, REST_MS, type PageLooks } from '#services/page-looks.ts';
import { ask, openBench, picture, type Bench } from '../local-oss/renderer-fixture.ts';
import { makeHandClock } from './hand-clock.ts';

const root = path.resolve(import.meta.dirname, '../../..');
let bench: Bench;
let looks: PageLooks;
const clock = makeHandClock();
beforeAll(async () => {
  bench = await openBench({ 'page-look-worker': path.join(root, 'electron/services/page-look-worker.ts') });
  looks = makePageLooks({ ...clock, workerFolder: bench.helperFolder });
});
afterAll(async () => {
  await looks.dispose();
  await bench.close();
});

const WIDTH = 200;
const HEIGHT = 120;
/** A dark field of 20 × 60 px on light paper: 5 % of the page. */
const isDark = (x: number, y: number): boolean => x >= 40 && x < 60 && y >= 30 && y < 90;
const each = <T>(make: (dark: boolean) => T): T[] =>
  Array.from({ length: WIDTH * HEIGHT }, (_, at) => make(isDark(at % WIDTH, Math.floor(at / WIDTH))));

/** Samples of so many bits, packed as PNG has them. */
function packed(depth: 1 | 2 | 4): Uint8Array {
  const rowBytes = (WIDTH * depth) / 8;
  const data = new Uint8Array(rowBytes * HEIGHT);
  for (const [at, dark] of each((is) => is).entries()) {
    const bit = (at % WIDTH) * depth;
    if (!dark) data[Math.floor(at / WIDTH) * rowBytes + (bit >> 3)]! |= (2 ** depth - 1) << (8 - depth - (bit & 7));
  }
  return data;
}
const png = (data: PngDataArray, channels: number, depth: 1 | 2 | 4 | 8 | 16): Uint8Array =>
  encode({ width: WIDTH, height: HEIGHT, data, channels, depth });

describe('every kind of picture is seen alike', () => {
  it.each<[string, () => Uint8Array]>([
    ['grey, 8 bits', () => png(Uint8Array.from(each((dark) => (dark ? 0 : 255))), 1, 8)],
    ['grey, 16 bits', () => png(Uint16Array.from(each((dark) => (dark ? 0 : 65_535))), 1, 16)],
    ['grey, 1 bit', () => png(packed(1), 1, 1)],
    ['grey, 2 bits', () => png(packed(2), 1, 2)],
    ['grey, 4 bits', () => png(packed(4), 1, 4)],
    ['grey and see-through', () => png(Uint8Array.from(each((dark) => [0, dark ? 255 : 0]).flat()), 2, 8)],
    ['RGB', () => png(Uint8Array.from(each((dark) => (dark ? [0, 40, 0] : [255, 250, 255])).flat()), 3, 8)],
    ['RGBA', () => png(Uint8Array.from(each((dark) => (dark ? [0, 0, 0, 255] : [9, 9, 9, 0])).flat()), 4, 8)],
  ])('PNG, %s', async (_, make) => {
    const look = await looks.look({ bytes: make() as Uint8Array<ArrayBuffer>, mediaType: 'image/png' });
    expect(look).toEqual({ widthPx: WIDTH, heightPx: HEIGHT, inkShare: 0.05, cutAt: [], hollowRows: 0 });
  });

  it('JPEG', async () => {
    const data = Buffer.from(each((dark) => (dark ? [0, 0, 0, 255] : [255, 255, 255, 255])).flat());
    const { data: bytes } = jpeg.encode({ data, width: WIDTH, height: HEIGHT }, 95);
    const look = await looks.look({ bytes: new Uint8Array(bytes), mediaType: 'image/jpeg' });
    expect(look).toMatchObject({ widthPx: WIDTH, heightPx: HEIGHT });
    expect(look?.inkShare).toBeCloseTo(0.05, 2);
  });
});

it('answers null for what cannot be decoded, and goes on', async () => {
  const good = png(Uint8Array.from(each((dark) => (dark ? 0 : 255))), 1, 8);
  const huge = Uint8Array.from(good);
  new DataView(huge.buffer).setUint32(16, 65_000);
  new DataView(huge.buffer).setUint32(20, 65_000);
  const pictures = [new Uint8Array(0), new Uint8Array(50), good.slice(0, good.length / 2), huge, good];
  const seen = await Promise.all(
    pictures.map((bytes) => looks.look({ bytes: bytes as Uint8Array<ArrayBuffer>, mediaType: 'image/png' })),
  );
  expect(seen.map((look) => look !== null)).toEqual([false, false, false, false, true]);
});

it('answers null to whoever waits when it ends', async () => {
  const own = makePageLooks({ ...clock, workerFolder: bench.helperFolder });
  const bytes = png(Uint8Array.from(each(() => 255)), 1, 8) as Uint8Array<ArrayBuffer>;
  const waiting = [1, 2, 3].map(() => own.look({ bytes, mediaType: 'image/png' }));
  await own.dispose();
  await Promise.all(waiting);
  expect(await own.look({ bytes, mediaType: 'image/png' })).toBe(null);
});

it('finds nothing in the pages of sound documents but the one that is blank', async () => {
  const samples = path.join(root, 'electron/local-oss/samples/pagelens-samples');
  const renderer = bench.make();
  const flagged: string[] = [];
  const files = (await readdir(samples, { recursive: true })).filter((name) => name.endsWith('.pdf'));
  expect(files.length).toBeGreaterThan(3);
  for (const name of files) {
    const bytes = await readFile(path.join(samples, name));
    for (let pageNumber = 1; pageNumber <= 6; pageNumber += 1) {
      const outcome = await ask(renderer, bytes, 'pdf', { pageNumber });
      if (outcome.kind !== 'picture') break;
      const look = await looks.look({ bytes: new Uint8Array(picture(outcome)), mediaType: 'image/png' });
      const flags = look ? flagsOf(look, { before: null, after: null, isSameAsBefore: false }) : ['undecodable'];
      if (flags.length > 0) flagged.push(`${name} ${pageNumber}: ${flags.join(', ')}`);
    }
  }
  expect(flagged).toEqual(['english/Site plan HL-204-07.pdf 2: nearly-blank']);
});

it('waits until the reader rests', async () => {
  const page = {
    bytes: png(new Uint8Array(WIDTH * HEIGHT), 1, 8) as Uint8Array<ArrayBuffer>,
    mediaType: 'image/png',
  } as const;
  let isSeen = false;
  looks.disturb();
  const look = looks.look(page).then((seen) => {
    isSeen = true;
    return seen;
  });
  clock.pass(REST_MS - 1);
  looks.disturb();
  await looksTakeTurns();
  clock.pass(REST_MS - 1);
  await looksTakeTurns();
  expect([isSeen, clock.pending()]).toEqual([false, 1]);
  clock.pass(1);
  expect(await look).toMatchObject({ widthPx: WIDTH, heightPx: HEIGHT });
});

/** Long enough for everything that waits for nothing. */
const looksTakeTurns = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
