/** The behaviours that make reading feel right, each with its number, in the app as it is. */
import type { Locator } from '@playwright/test';
import { common } from '#renderer/words/common.ts';
import { heat } from '#renderer/words/heat.ts';
import { counting } from '#renderer/words/count.ts';
import { read } from '#renderer/words/read.ts';
import { settingsWords } from '#renderer/words/settings.ts';
import { seeded } from '../unit/renderer/seeded.ts';
import { makeMixedPdf, makeNumberedPdf, toObject } from './documents.ts';
import { expect, test } from './fixtures.ts';
import { watchShifts } from './layout-shifts.ts';
import { readBought } from './money.ts';
import { ConnectPage, errorCard } from './screens.ts';
import { readBill } from './signed.ts';

const MOST_MOUNTED = 15;
const MOST_DECODED_BYTES = 256 * 1024 * 1024;

const MIXED = { buckets: { mixed: { objects: [toObject('mixed.pdf', makeMixedPdf(2000))] } } };

interface Way {
  mounted: number;
  decodedBytes: number;
}

/**
 * Scrolls by `share` of a screen at a time until page `goal` is in view; with `reads` each screen is awaited, as a
 * reader does. Answers the most pages that were in the DOM at once, and the most bytes their pictures take decoded.
 */
function scrollTo(scroller: Locator, way: { goal: number; share: number; reads: boolean }): Promise<Way> {
  return scroller.evaluate(async (box, { goal, share, reads }) => {
    const nextFrame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve));
    const inView = (slot: Element): boolean => {
      const view = box.getBoundingClientRect();
      const { top, bottom } = slot.getBoundingClientRect();
      return bottom > view.top + 1 && top < view.bottom - 1;
    };
    const slots = (): HTMLElement[] => [...box.querySelectorAll<HTMLElement>('section[data-page]')];
    const isDrawn = (slot: Element): boolean => slot.querySelector('img')?.complete === true;
    const most = { mounted: 0, decodedBytes: 0 };
    const look = (): void => {
      const images = new Map([...document.images].map((image) => [image.src, image]));
      const pixels = [...images.values()].reduce((sum, image) => sum + image.naturalWidth * image.naturalHeight, 0);
      most.mounted = Math.max(most.mounted, slots().length);
      most.decodedBytes = Math.max(most.decodedBytes, 4 * pixels);
    };
    for (;;) {
      const stoppedAt = performance.now();
      do {
        await nextFrame();
        look();
        if (performance.now() - stoppedAt > 60_000)
          throw new Error(
            `Never drawn: ${slots()
              .filter(inView)
              .map((slot) => slot.outerHTML.slice(0, 600))
              .join('\n')}`,
          );
      } while (reads && !slots().filter(inView).every(isDrawn));
      if (slots().some((slot) => Number(slot.dataset['page']) === goal && inView(slot))) return most;
      box.scrollTop += share * box.clientHeight;
    }
  }, way);
}

test('200 pages of mixed sizes: nothing moves; 2,000: never more than 15 in the DOM, nor 256 MB decoded', async ({
  launch,
  serve,
}) => {
  test.setTimeout(300_000);
  const service = await serve({ world: MIXED });
  const { page } = await launch();
  const browser = await new ConnectPage(page).connectTo(service, { keep: 'session' });
  const viewer = await browser.openAt('oss://mixed/mixed.pdf');
  await viewer.seePage(1);
  const shifts = await watchShifts(page);
  const read200 = await scrollTo(viewer.scroller, { goal: 200, share: 0.9, reads: true });
  expect(await shifts()).toEqual([]);

  // The last page is asked for by number, so that all of them are laid out.
  await viewer.goToPage(2000);
  await viewer.seePage(2000);
  const flown = await scrollTo(viewer.scroller, { goal: 1, share: -2.5, reads: false });
  await viewer.seePage(1);
  for (const { mounted, decodedBytes } of [read200, flown]) {
    expect(mounted).toBeGreaterThan(1);
    expect(mounted).toBeLessThanOrEqual(MOST_MOUNTED);
    expect(decodedBytes).toBeLessThanOrEqual(MOST_DECODED_BYTES);
  }
  expect(read200.decodedBytes).toBeGreaterThan(0);

  // Far out, where most pages fit in a view.
  for (let step = 0; step < 30; step += 1) await page.keyboard.press('Control+Minus');
  await expect(page.getByRole('button', { name: read.en.zoomOut, exact: true })).toBeDisabled();
  expect(await viewer.mounted.count()).toBeLessThanOrEqual(MOST_MOUNTED);

  // The observer does see a shift where there is one.
  const before = (await shifts()).length;
  await page.evaluate(() => (document.body.style.paddingTop = '80px'));
  await expect.poll(async () => (await shifts()).length).toBeGreaterThan(before);
});

test('whatever is known of the end, the tools stand where they stood', async ({ launch, serve }) => {
  const few = toObject('few.pdf', makeNumberedPdf(3));
  const service = await serve({ world: { buckets: { mixed: { objects: [...MIXED.buckets.mixed.objects, few] } } } });
  const { page } = await launch();
  const browser = await new ConnectPage(page).connectTo(service, { keep: 'session' });
  const nextPage = page.getByRole('button', { name: read.en.nextPage });
  const few3 = await browser.openAt('oss://mixed/few.pdf');
  await few3.total(3).waitFor();
  const boxes = (count: Locator) => Promise.all([nextPage.boundingBox(), count.locator('..').boundingBox()]);
  const before = await boxes(few3.total(3));
  await page.keyboard.press('Escape');
  await browser.openAt('oss://mixed/mixed.pdf');
  await page.getByRole('button', { name: counting.en.findEnd }).waitFor();
  expect(await boxes(page.getByText(counting.en.badge('about', 2000), { exact: true }))).toEqual(before);
});

test('pictures of large sheets stay under 256 MB decoded, and the list of pages adds none', async ({
  launch,
  serve,
}) => {
  // A2 at 150 dpi: 35 MB each.
  const sheets = makeNumberedPdf(12, { widthPoints: 1191, heightPoints: 1684 });
  const service = await serve({ world: { buckets: { large: { objects: [toObject('sheets.pdf', sheets)] } } } });
  const { page } = await launch();
  const browser = await new ConnectPage(page).connectTo(service, { keep: 'session' });
  const viewer = await browser.openAt('oss://large/sheets.pdf');
  await viewer.seePage(1);
  await page.keyboard.press('Control+0');
  for (let pageNumber = 2; pageNumber <= 12; pageNumber += 1) {
    await page.keyboard.press('n');
    await viewer.seePage(pageNumber);
  }
  const rail = page.getByRole('navigation', { name: read.en.thumbnails });
  await rail.locator('canvas[data-drawn]').first().waitFor();
  expect(await rail.locator('img').count()).toBe(0);
  for (const pageNumber of [12, 6, 1]) {
    await viewer.goToPage(pageNumber);
    await viewer.seePage(pageNumber);
    const bytes = await page.evaluate(() => {
      const sizes = new Map([...document.images].map((image) => [image.src, image.naturalWidth * image.naturalHeight]));
      return 4 * [...sizes.values()].reduce((sum, pixels) => sum + pixels, 0);
    });
    expect(bytes).toBeLessThanOrEqual(MOST_DECODED_BYTES);
    expect(bytes).toBeGreaterThan(MOST_DECODED_BYTES / 3);
  }
});

test('a wild session buys nothing twice, and a fling no more than the view and its neighbours', async ({
  launch,
  serve,
}) => {
  const service = await serve({ world: MIXED });
  const { page } = await launch();
  const browser = await new ConnectPage(page).connectTo(service, { keep: 'session' });
  let viewer = await browser.openAt('oss://mixed/mixed.pdf');
  await viewer.seePage(1);
  const random = seeded(15);
  const between = (least: number, most: number): number => least + Math.floor(random() * (most - least + 1));
  const wheel = async (deltaY: number): Promise<void> => {
    await viewer.scroller.hover();
    await page.mouse.wheel(0, deltaY);
  };
  const press = (key: string): Promise<void> => page.keyboard.press(key);
  const acts: (() => Promise<void>)[] = [
    () => viewer.goToPage(between(1, 400)),
    () => wheel(between(-4000, 4000)),
    () => press(random() < 0.5 ? 'n' : 'p'),
    () => press(random() < 0.5 ? 'Control+Equal' : 'Control+Minus'),
    () => press(random() < 0.5 ? 'Control+0' : 'Control+2'),
    () => press(random() < 0.5 ? 'Alt+ArrowLeft' : 'Alt+ArrowRight'),
    () => press(random() < 0.5 ? 'Home' : 'End'),
    () => press('t'),
    async () => {
      const [shown] = await viewer.pagesInView();
      await viewer.seePage(shown!);
    },
    async () => {
      await viewer.back();
      await browser.root.waitFor();
      viewer = await browser.openAt('oss://mixed/mixed.pdf');
    },
  ];
  for (let act = 0; act < 80; act += 1) await acts[between(0, acts.length - 1)]!();
  const isQuiet = async (): Promise<boolean> => {
    const inView = await viewer.pagesInView();
    const here = new Set((await readBought(service, 'mixed.pdf')).map(({ pageNumber }) => pageNumber));
    return inView.every((shown) => here.has(shown)) && here.has(Math.max(...inView) + 2);
  };
  await press('Control+2');
  await viewer.goToPage(1200);
  await viewer.seePage(1200);
  await expect.poll(isQuiet).toBe(true);
  await viewer.goToPage(600);
  await viewer.seePage(600);
  await expect.poll(isQuiet).toBe(true);
  await expect
    .poll(async () => (await readBought(service, 'mixed.pdf')).some((one) => one.pageNumber === 599))
    .toBe(true);

  const before = (await readBought(service, 'mixed.pdf')).map(({ pageNumber }) => pageNumber);
  await viewer.scroller.evaluate(async (box) => {
    for (let frame = 0; frame < 90; frame += 1) {
      box.scrollTop += 4000;
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
  });
  await expect.poll(isQuiet).toBe(true);
  const inView = await viewer.pagesInView();
  const bought = await readBought(service, 'mixed.pdf');
  const news = bought.map(({ pageNumber }) => pageNumber).filter((pageNumber) => !before.includes(pageNumber));
  expect(Math.min(...inView)).toBeGreaterThan(700);
  for (const pageNumber of news) {
    expect(pageNumber).toBeGreaterThanOrEqual(Math.min(...inView) - 1);
    expect(pageNumber).toBeLessThanOrEqual(Math.max(...inView) + 2);
  }
  expect(bought.filter(({ times }) => times > 1)).toEqual([]);
});

test('the point under the pointer stays within 1 px over 40 zooms, and no picture goes white', async ({
  launch,
  serve,
}) => {
  const service = await serve({ world: MIXED });
  const { page } = await launch();
  const browser = await new ConnectPage(page).connectTo(service, { keep: 'session' });
  const viewer = await browser.openAt('oss://mixed/mixed.pdf');
  await viewer.seePage(1);
  await viewer.goToPage(60);
  for (const pageNumber of [60, 61, 62]) {
    await viewer.goToPage(pageNumber);
    await viewer.seePage(pageNumber);
  }
  await page.keyboard.press('Control+1');
  for (let step = 0; step < 7; step += 1) await page.keyboard.press('Control+Equal');
  const view = (await viewer.scroller.boundingBox())!;
  const random = seeded(40);

  interface Spot {
    pageNumber: string;
    x: number;
    y: number;
    hasPicture: boolean;
  }
  /** The spot of a page at a point of the window; null in a gap. Its pictures are marked, to be known again. */
  const spotAt = (at: { x: number; y: number }): Promise<Spot | null> =>
    viewer.scroller.evaluate((box, point) => {
      for (const image of box.querySelectorAll('img')) image.dataset['seen'] = String(image.complete);
      for (const slot of box.querySelectorAll<HTMLElement>('section[data-page]')) {
        const { left, top, width, height } = slot.getBoundingClientRect();
        const [x, y] = [(point.x - left) / width, (point.y - top) / height];
        if (x < 0 || x > 1 || y < 0 || y > 1) continue;
        return { pageNumber: slot.dataset['page']!, x, y, hasPicture: slot.querySelector('img')?.complete === true };
      }
      return null;
    }, at);
  /** How far the spot is from the point now, and whether the view had room to keep it. */
  const missOf = (spot: Spot, at: { x: number; y: number }) =>
    viewer.scroller.evaluate(
      (box, { spot: { pageNumber, x, y, hasPicture }, point }) => {
        const slot = box.querySelector(`section[data-page="${pageNumber}"]`)!;
        const { left, top, width, height } = slot.getBoundingClientRect();
        const hasRoom = box.scrollLeft > 0 && box.scrollLeft < box.scrollWidth - box.clientWidth;
        const image = slot.querySelector('img');
        return {
          x: hasRoom ? Math.abs(left + x * width - point.x) : 0,
          y: Math.abs(top + y * height - point.y),
          hasRoom,
          isWhite: hasPicture && image?.dataset['seen'] !== 'true',
        };
      },
      { spot, point: at },
    );

  let withPicture = 0;
  let withRoom = 0;
  await page.keyboard.down('Control');
  for (let zoom = 0; zoom < 40; zoom += 1) {
    let at = { x: 0, y: 0 };
    let spot: Spot | null = null;
    while (!spot) {
      at = { x: view.x + view.width * (0.1 + 0.8 * random()), y: view.y + view.height * (0.1 + 0.8 * random()) };
      spot = await spotAt(at);
    }
    await page.mouse.move(at.x, at.y);
    const percent = Number((await page.getByRole('button', { name: /^Zoom: / }).textContent())!.replace(/\D/g, ''));
    const isIn = percent < 130 || (percent < 500 && random() < 0.5);
    await page.mouse.wheel(0, (isIn ? -1 : 1) * Math.round(20 + random() * 200));
    await expect
      .poll(async () => Number((await page.getByRole('button', { name: /^Zoom: / }).textContent())!.replace(/\D/g, '')))
      .not.toBe(percent);
    const miss = await missOf(spot, at);
    expect(miss.x).toBeLessThanOrEqual(1);
    expect(miss.y).toBeLessThanOrEqual(1);
    expect(miss.isWhite).toBe(false);
    withPicture += Number(spot.hasPicture);
    withRoom += Number(miss.hasRoom);
  }
  await page.keyboard.up('Control');
  expect(withPicture).toBeGreaterThan(20);
  expect(withRoom).toBeGreaterThan(10);
});

test('go to page 300: there at once, buys it and its neighbours, back to the very spot; look ahead none: only it', async ({
  launch,
  serve,
}) => {
  const service = await serve({
    world: { buckets: { many: { objects: [toObject('many.pdf', makeNumberedPdf(900))] } } },
  });
  const { page } = await launch();
  const browser = await new ConnectPage(page).connectTo(service, { keep: 'session' });
  const viewer = await browser.openAt('oss://many/many.pdf');
  await viewer.seePage(1);
  const bought = async (): Promise<number[]> =>
    (await readBought(service, 'many.pdf')).map(({ pageNumber }) => pageNumber).sort((a, b) => a - b);
  await expect.poll(bought).toEqual([1, 2, 3]);
  const spot = await viewer.scroller.evaluate((box) => (box.scrollTop = 333));

  await page.evaluate(() => {
    addEventListener(
      'keydown',
      ({ key }) => {
        if (key !== 'Enter') return;
        const start = performance.now();
        const look = (): void => {
          const slot = document.querySelector('section[data-page="300"]')?.getBoundingClientRect();
          if (slot && slot.top < innerHeight && slot.bottom > 0)
            Object.assign(globalThis, { tookMs: performance.now() - start });
          else requestAnimationFrame(look);
        };
        look();
      },
      { capture: true, once: true },
    );
  });
  await viewer.goToPage(300);
  await viewer.seePage(300);
  expect(await page.evaluate(() => (globalThis as unknown as { tookMs: number }).tookMs)).toBeLessThan(100);
  await expect.poll(bought).toEqual([1, 2, 3, 299, 300, 301, 302]);
  await page.keyboard.press('Alt+ArrowLeft');
  await expect.poll(() => viewer.scroller.evaluate((box) => box.scrollTop)).toBe(spot);

  await page.getByRole('button', { name: common.en.settings, exact: true }).click();
  const settings = page.getByRole('dialog', { name: settingsWords.en.title });
  await settings.getByText(settingsWords.en.lookAheadNone, { exact: true }).click();
  await expect(settings.getByText(settingsWords.en.lookAheadHints.none, { exact: true })).toBeVisible();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+0');
  await viewer.goToPage(600);
  await viewer.seePage(600);
  await viewer.goToPage(700);
  await viewer.seePage(700);
  expect(await bought()).toEqual([1, 2, 3, 299, 300, 301, 302, 600, 700]);
  expect((await readBill(service)).snapshots.filter(({ times }) => times > 1)).toEqual([]);
});

for (const [width, height] of [
  [1024, 700],
  [1680, 1050],
] as const) {
  test(`before the service has said a word, paper lies where page 1 will be, ${width} x ${height}`, async ({
    launch,
    serve,
  }) => {
    const misfortunes = [{ kind: 'latency', ms: 600_000, operations: ['HeadObject'], times: 1 }];
    const objects = [toObject('three.pdf', makeNumberedPdf(3, { widthPoints: 595, heightPoints: 842 }))];
    const service = await serve({ world: { buckets: { slow: { misfortunes, objects } } } });
    const { app, page } = await launch();
    const size = { width, height };
    await app.evaluate(
      ({ BrowserWindow }, to) => BrowserWindow.getAllWindows()[0]!.setContentSize(to.width, to.height),
      size,
    );
    const browser = await new ConnectPage(page).connectTo(service, { keep: 'session' });
    await browser.go('oss://slow/');
    await browser.row('three.pdf').click();
    const paper = page.locator('[data-opening="1"]');
    const place = await paper.boundingBox();
    await expect(page.getByRole('button', { name: read.en.back })).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(paper).toHaveCount(0);
    await expect(browser.list).toBeFocused();

    const viewer = await browser.open('three.pdf');
    await viewer.seePage(1);
    expect(await viewer.slot(1).boundingBox()).toEqual(place);
  });
}

test('waiting is said after 1, 3 and 10 seconds, and the slot is there before', async ({ launch, serve }) => {
  const misfortunes = [{ kind: 'slow-conversion', ms: 600_000 }];
  const service = await serve({
    world: { buckets: { slow: { misfortunes, objects: [toObject('slow.pdf', makeNumberedPdf(2))] } } },
  });
  const { page } = await launch();
  const browser = await new ConnectPage(page).connectTo(service, { keep: 'session' });
  await browser.go('oss://slow/');
  await browser.row('slow.pdf').waitFor();
  const { converting, slowest, keepWaiting } = read.en;
  await page.evaluate(
    (texts) => {
      const times: Record<string, number> = {};
      Object.assign(globalThis, { times });
      addEventListener('click', () => (times['click'] ??= performance.now()), { capture: true });
      new MutationObserver(() => {
        if (document.querySelector('[data-opening="1"]')) times['paper'] ??= performance.now();
        const slot = document.querySelector<HTMLElement>('section[data-page="1"]');
        if (!slot) return;
        for (const text of ['1', ...texts]) if (slot.innerText.includes(text)) times[text] ??= performance.now();
      }).observe(document.body, { subtree: true, childList: true, characterData: true });
    },
    [converting, slowest, keepWaiting],
  );
  const viewer = await browser.open('slow.pdf');
  await viewer.slot(1).waitFor();
  const shifts = await watchShifts(page);
  await viewer.slot(1).getByRole('button', { name: keepWaiting, exact: true }).waitFor();
  expect(await shifts()).toEqual([]);
  const times = await page.evaluate(() => (globalThis as unknown as { times: Record<string, number> }).times);
  const since = (text: string, start: string): number => times[text]! - times[start]!;
  // 100 ms for a person; here two tests and their services share two cores.
  expect(since('paper', 'click')).toBeLessThan(200);
  for (const [text, ms] of [
    [converting, 1000],
    [slowest, 3000],
    [keepWaiting, 10_000],
  ] as const) {
    expect(since(text, '1')).toBeGreaterThan(ms - 50);
    expect(since(text, '1')).toBeLessThan(ms + 400);
  }
});

test('keys are answered within 200 ms in a document of 2,000 pages', async ({ launch, serve }) => {
  const service = await serve({ world: MIXED });
  const { page } = await launch();
  const browser = await new ConnectPage(page).connectTo(service, { keep: 'session' });
  const viewer = await browser.openAt('oss://mixed/mixed.pdf');
  await viewer.seePage(1);
  await viewer.goToPage(2000);
  await viewer.seePage(2000);
  await page.keyboard.press('Home');
  await viewer.seePage(1);
  await page.evaluate(() => {
    const durations: number[] = [];
    Object.assign(globalThis, { durations });
    new PerformanceObserver((list) => {
      for (const { name, duration } of list.getEntries()) if (name === 'keydown') durations.push(duration);
    }).observe({ type: 'event', durationThreshold: 16 } as PerformanceObserverInit);
  });
  const keys = [
    'n',
    'n',
    'Space',
    'p',
    'j',
    'Control+Equal',
    'Control+Minus',
    'End',
    'Home',
    'Control+0',
    'Control+2',
    't',
  ];
  // Another test shares the two cores: a run that it disturbed is made again, by the same measure.
  await expect(async () => {
    await page.evaluate(() => void ((globalThis as unknown as { durations: number[] }).durations.length = 0));
    for (let round = 0; round < 5; round += 1) for (const key of keys) await page.keyboard.press(key);
    await viewer.seePage(1);
    const durations = await page.evaluate(() => (globalThis as unknown as { durations: number[] }).durations);
    expect(durations.length).toBeGreaterThan(0);
    // As INP counts: of 60 presses the slowest one may be an accident of the machine.
    const [, second = 0] = durations.sort((a, b) => b - a);
    expect(second).toBeLessThanOrEqual(200);
  }).toPass({ timeout: 60_000 });
});

test('the strip beside the scroll bar shows what was bought and leads there without buying what is passed', async ({
  launch,
  serve,
}) => {
  const misfortunes = [{ kind: 'truncate', afterBytes: 90, pages: [300] }];
  const objects = [toObject('many.pdf', makeNumberedPdf(400))];
  const service = await serve({ world: { buckets: { many: { misfortunes, objects } } } });
  const { page } = await launch();
  const browser = await new ConnectPage(page).connectTo(service, { keep: 'session' });
  const viewer = await browser.openAt('oss://many/many.pdf');
  await viewer.seePage(1);
  await viewer.goToPage(400);
  await viewer.seePage(400);
  await viewer.goToPage(300);
  await errorCard(viewer.slot(300), 'snapshot.unclear').waitFor();
  await page.keyboard.press('Home');
  const bought = async (): Promise<number[]> =>
    (await readBought(service, 'many.pdf')).map(({ pageNumber }) => pageNumber).sort((a, b) => a - b);
  const before = await bought();

  const strip = viewer.root.locator('.strip canvas');
  const frame = (await strip.boundingBox())!;
  const colours = (): Promise<string[]> =>
    strip.evaluate((canvas: HTMLCanvasElement) => {
      const pen = canvas.getContext('2d')!;
      const names = ['missing', 'here', 'making', 'flagged', 'failed'];
      const known = new Map(
        names.map((name) => {
          pen.save();
          pen.fillStyle = getComputedStyle(canvas).getPropertyValue(`--heat-${name}`);
          const colour = String(pen.fillStyle);
          pen.restore();
          return [colour, name];
        }),
      );
      const { data } = pen.getImageData(1, 0, 1, canvas.height);
      const found: string[] = [];
      for (let at = 0; at < data.length; at += 4) {
        const hex = `#${[...data.slice(at, at + 3)].map((part) => part.toString(16).padStart(2, '0')).join('')}`;
        const name = known.get(hex) ?? hex;
        if (found.at(-1) !== name) found.push(name);
      }
      return found;
    });
  await expect.poll(colours).toEqual(['here', 'missing', 'failed', 'missing', 'here']);

  const at = (share: number) => ({ x: frame.x + frame.width / 2, y: frame.y + frame.height * share });
  await page.mouse.move(at(0.3).x, at(0.3).y);
  // Some page near 30 % of 400; which one exactly is a matter of the pixel.
  const tip = heat.en.at(120, heat.en.heats.missing).replace('120', '1[12]\\d');
  await expect(page.getByText(new RegExp(`^${tip}$`))).toBeVisible();
  await page.mouse.down();
  for (let share = 0.3; share < 0.62; share += 0.01) await page.mouse.move(at(share).x, at(share).y);
  await page.mouse.up();
  const [landed] = await viewer.pagesInView();
  expect(landed).toBeGreaterThan(235);
  await viewer.seePage(landed!);
  const inView = await viewer.pagesInView();
  await expect.poll(async () => (await bought()).includes(Math.max(...inView) + 2)).toBe(true);
  const news = (await bought()).filter((pageNumber) => !before.includes(pageNumber));
  for (const pageNumber of news) {
    expect(pageNumber).toBeGreaterThanOrEqual(Math.min(...inView) - 1);
    expect(pageNumber).toBeLessThanOrEqual(Math.max(...inView) + 2);
  }
  await page.keyboard.press('Alt+ArrowLeft');
  await expect(viewer.pageBox).toHaveValue('1');
});
