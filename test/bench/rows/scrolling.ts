import type { ElectronApplication, Page } from '@playwright/test';
import { fetchPage, type Ground } from '../ground.ts';
import { ride, SCROLLER, type Ride } from '../in-page.ts';
import { repeated, toFigure, type Figure, type Unit } from '../measure.ts';
import { makeLongPdf } from '../pdf-maker.ts';
import { serveAtFixedLatency, servePdfJs, servePictures } from '../plain-server.ts';

const DOCUMENT = 'Two hundred pages.pdf';
const PAGES = 200;
/** CSS px a frame: a page takes about ten frames. */
const STEP = 150;
const LATENCY_MS = 100;
const SLOW_FRAME_MS = 50;

interface Ridden {
  down: Ride;
  up: Ride;
  rendererMb: number;
  mainMb: number;
}

/**
 * 200 pages down as a reader goes, each screen awaited, and up again without a stop. The pictures were made before and come
 * after 100 ms: a service does its work on other machines. Beside it: one page of 200 lazy <img>, from a server without delay;
 * and pdf.js's viewer, which has the whole PDF and draws it itself.
 */
export async function scrolling(ground: Ground): Promise<Figure[]> {
  const service = await ground.serve({ [DOCUMENT]: makeLongPdf(PAGES) });
  const pictures = await repeated(PAGES, (index) => fetchPage(service, DOCUMENT, index + 1));
  const byNumber = new Map(pictures.map((picture, index) => [index + 1, picture]));
  const front = await serveAtFixedLatency(service.endpoint, LATENCY_MS, byNumber);
  ground.atEnd(() => front.close());
  const { app, page, browser, close } = await ground.openAppOn({ ...service, endpoint: front.endpoint });
  const viewer = await browser.open(DOCUMENT);
  await viewer.seePage(1);
  const ours = await rideAll(app, page);
  await close();

  const server = await servePictures(pictures);
  ground.atEnd(() => server.close());
  const plain = await ground.openEmptyApp();
  await plain.page.evaluate(showPlainly, { endpoint: server.endpoint, pages: PAGES });
  const theirs = await rideAll(plain.app, plain.page);

  const reader = await servePdfJs(makeLongPdf(PAGES));
  ground.atEnd(() => reader.close());
  const pdfJs = await ground.openEmptyApp();
  await pdfJs.page.goto(reader.endpoint);
  await pdfJs.page.locator('.page[data-page-number="1"][data-loaded="true"]').waitFor();
  const pdfJsRidden = await rideAll(pdfJs.app, pdfJs.page);

  const asked = [...front.asked.values()];
  const requests = asked.reduce((sum, times) => sum + times, 0);
  const row = (what: string, unit: Unit, read: (ridden: Ridden) => number): Figure =>
    toFigure(what, unit, [read(ours)], {
      'a plain page of 200 lazy <img>': [read(theirs)],
      'pdf.js’s viewer on the PDF itself': [read(pdfJsRidden)],
    });
  return [
    row('reading down: longest task (0: none of 50 ms)', 'ms', ({ down }) => Math.max(0, ...down.longTasksMs)),
    row(`reading down: frames over ${SLOW_FRAME_MS} ms`, 'count', ({ down }) => countSlow(down)),
    row('reading down: frames', 'count', ({ down }) => down.framesMs.length),
    row('reading down: scroll handler, median', 'ms', ({ down }) => quantile(down.handlersMs, 0.5)),
    row('reading down: scroll handler, 99 of 100 within', 'ms', ({ down }) => quantile(down.handlersMs, 0.99)),
    row('reading down: whole way', 'ms', ({ down }) => down.tookMs),
    row('back up without a stop: longest task (0: none of 50 ms)', 'ms', ({ up }) => Math.max(0, ...up.longTasksMs)),
    row(`back up without a stop: frames over ${SLOW_FRAME_MS} ms`, 'count', ({ up }) => countSlow(up)),
    row('back up without a stop: frames', 'count', ({ up }) => up.framesMs.length),
    row('most pages in the document at once', 'count', ({ down, up }) => Math.max(down.mostMounted, up.mostMounted)),
    row('memory of the page afterwards', 'MB', ({ rendererMb }) => rendererMb),
    row('memory of the main process afterwards', 'MB', ({ mainMb }) => mainMb),
    toFigure('requests for pictures', 'count', [requests], { 'pages in the document': [PAGES] }),
    toFigure('duplicate requests', 'count', [requests - asked.length]),
  ];
}

const countSlow = ({ framesMs }: Ride): number => framesMs.filter((ms) => ms > SLOW_FRAME_MS).length;

/** The value that so large a share of them does not exceed. */
function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}

async function rideAll(app: ElectronApplication, page: Page): Promise<Ridden> {
  const scroller = page.locator(SCROLLER);
  const down = await scroller.evaluate(ride, { step: STEP, goal: PAGES, reads: true });
  const up = await scroller.evaluate(ride, { step: -STEP, goal: 1, reads: false });
  const [mainMb, rendererMb] = await app.evaluate(({ app: { getAppMetrics } }) =>
    ['Browser', 'Tab'].map((type) => {
      const sizes = getAppMetrics().map((metric) => (metric.type === type ? metric.memory.workingSetSize : 0));
      return Math.max(...sizes) / 1024;
    }),
  );
  return { down, up, mainMb: mainMb!, rendererMb: rendererMb! };
}

/** Runs in an empty page: what anybody would write first. */
function showPlainly({ endpoint, pages }: { endpoint: string; pages: number }): void {
  const sections = Array.from({ length: pages }, (_, index) => {
    const image = `<img loading="lazy" decoding="async" src="${endpoint}/${index + 1}" style="width:100%;aspect-ratio:210/297">`;
    return `<section data-page="${index + 1}" style="margin:16px">${image}</section>`;
  });
  document.body.innerHTML = `<main style="height:100%"><div role="group" tabindex="0" style="height:100%;overflow-y:scroll">${sections.join('')}</div></main>`;
}
