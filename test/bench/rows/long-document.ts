import type { ElectronApplication, Page } from '@playwright/test';
import { fetchPage, type Ground } from '../ground.ts';
import { pictureOf, ride, SCROLLER, untilPainted } from '../in-page.ts';
import { repeated, toFigure, type Figure } from '../measure.ts';
import { makeLongPdf } from '../pdf-maker.ts';
import { serveAtFixedLatency, servePdfJs } from '../plain-server.ts';

const DOCUMENT = 'Two thousand pages.pdf';
const PAGES = 2000;
/** So many different pictures, over and over: what is in them does not matter here. */
const PICTURES = 50;
const LATENCY_MS = 100;
const FAR = 1500;
/** CSS px a frame: a page a frame, as somebody who searches by eye. */
const STEP = 1100;

/**
 * A document of 2,000 pages: a leap to page 1,500, the way through all of them, what is in memory then, and opening it
 * again where page 1 is here. Beside it pdf.js's viewer, which has the whole PDF and draws it itself.
 */
export async function longDocument(ground: Ground): Promise<Figure[]> {
  const pdf = makeLongPdf(PAGES);
  const service = await ground.serve({ [DOCUMENT]: pdf });
  const some = await repeated(PICTURES, (index) => fetchPage(service, DOCUMENT, index + 1));
  const pictures = new Map(Array.from({ length: PAGES }, (_, index) => [index + 1, some[index % PICTURES]!]));
  const front = await serveAtFixedLatency(service.endpoint, LATENCY_MS, pictures);
  ground.atEnd(() => front.close());
  const { app, page, browser } = await ground.openAppOn({ ...service, endpoint: front.endpoint });
  const viewer = await browser.open(DOCUMENT);
  await viewer.seePage(1);
  await viewer.back();
  const opened = await repeated(5, async () => {
    const took = await browser.row(DOCUMENT).evaluate(untilPainted, { picture: pictureOf(1) });
    await viewer.back();
    return took;
  });
  await browser.open(DOCUMENT);
  await viewer.seePage(1);
  const leapt = await leap(page, `section[data-page="${FAR}"] img`, async () => viewer.goToPage(FAR));
  await page.keyboard.press('Home');
  await viewer.seePage(1);
  // The last page is asked for by number, so that all of them are laid out.
  await viewer.goToPage(PAGES);
  await viewer.seePage(PAGES);
  const ours = await rideThrough(app, page, -STEP, 1);

  const reader = await servePdfJs(pdf);
  ground.atEnd(() => reader.close());
  const other = await ground.openEmptyApp();
  const drawn = (pageNumber: number) => `.page[data-page-number="${pageNumber}"][data-loaded="true"]`;
  const openedThere = await repeated(5, async () => {
    const start = performance.now();
    await other.page.goto(reader.endpoint, { waitUntil: 'commit' });
    await other.page.locator(drawn(1)).waitFor();
    return performance.now() - start;
  });
  await other.page.waitForFunction((pages) => document.querySelectorAll('.page').length === pages, PAGES);
  const leaptThere = await leap(other.page, drawn(FAR), () =>
    other.page.evaluate((far) => {
      (globalThis as unknown as { viewer: { currentPageNumber: number } }).viewer.currentPageNumber = far;
    }, FAR),
  );
  await other.page.locator(SCROLLER).evaluate((box) => (box.scrollTop = box.scrollHeight));
  await other.page.locator(drawn(PAGES)).waitFor();
  const theirs = await rideThrough(other.app, other.page, -STEP, 1);

  const beside = (values: readonly number[]) => ({ 'pdf.js’s viewer on the PDF itself': values });
  const asked = [...front.asked.values()];
  return [
    toFigure('opened again, page 1 is here: from the click to the screen', 'ms', opened, beside(openedThere)),
    toFigure(`go to page ${FAR}, which takes the service ${LATENCY_MS} ms`, 'ms', [leapt], beside([leaptThere])),
    toFigure(
      `${PAGES} pages scrolled: longest task (0: none of 50 ms)`,
      'ms',
      [ours.longestMs],
      beside([theirs.longestMs]),
    ),
    toFigure(`${PAGES} pages scrolled: frames over 50 ms`, 'count', [ours.slow], beside([theirs.slow])),
    toFigure(
      `${PAGES} pages scrolled: pages drawn at once, at most`,
      'count',
      [ours.mounted],
      beside([theirs.mounted]),
    ),
    toFigure(`${PAGES} pages scrolled: memory of the page`, 'MB', [ours.rendererMb], beside([theirs.rendererMb])),
    toFigure(`${PAGES} pages scrolled: nodes in the document`, 'count', [ours.nodes], beside([theirs.nodes])),
    toFigure('pages bought by all that', 'count', [asked.reduce((sum, times) => sum + times, 0)]),
    toFigure('pages bought twice', 'count', [asked.filter((times) => times > 1).length]),
  ];
}

/** Ms from the order to the drawn page. */
async function leap(page: Page, drawn: string, order: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await order();
  await page.waitForFunction((selector) => {
    const found = document.querySelector(selector);
    return found instanceof HTMLImageElement ? found.complete && found.naturalWidth > 0 : found !== null;
  }, drawn);
  return performance.now() - start;
}

async function rideThrough(app: ElectronApplication, page: Page, step: number, goal: number) {
  const { longTasksMs, framesMs, mostMounted } = await page
    .locator(SCROLLER)
    .evaluate(ride, { step, goal, reads: false });
  const nodes = await page.evaluate(() => document.querySelectorAll('*').length);
  const rendererMb = await app.evaluate(({ app: { getAppMetrics } }) => {
    const sizes = getAppMetrics().map((metric) => (metric.type === 'Tab' ? metric.memory.workingSetSize : 0));
    return Math.max(...sizes) / 1024;
  });
  return {
    longestMs: Math.max(0, ...longTasksMs),
    slow: framesMs.filter((ms) => ms > 50).length,
    mounted: mostMounted,
    nodes,
    rendererMb,
  };
}
