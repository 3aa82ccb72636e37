import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { exporting } from '#renderer/words/export.ts';
import { expect } from '../../e2e/fixtures.ts';
import { answerFolderDialog } from '../../e2e/screens.ts';
import { fetchPage, readSample, type Ground } from '../ground.ts';
import { repeated, timed, toFigure, type Figure } from '../measure.ts';
import { serveAtFixedLatency } from '../plain-server.ts';

const DOCUMENT = 'Crew manual.pdf';
const PAGES = 50;
/** The first pages are bought by looking at the document; those exported are new. */
const FROM = 51;
const LATENCY_MS = 100;
/** As many requests at a time as the app makes; see electron/services/page-scheduler.ts. */
const AT_ONCE = 4;
const RUNS = 3;

/** 50 pages to files from a service that needs exactly 100 ms for each. */
export async function exportPages(ground: Ground): Promise<Figure[]> {
  const service = await ground.serve({ [DOCUMENT]: await readSample(`english/${DOCUMENT}`) });
  const numbers = Array.from({ length: PAGES }, (_, index) => FROM + index);
  const pictures = new Map<number, Buffer>();
  for (const pageNumber of [1, 2, 3, ...numbers])
    pictures.set(pageNumber, await fetchPage(service, DOCUMENT, pageNumber));
  const front = await serveAtFixedLatency(service.endpoint, LATENCY_MS, pictures);
  ground.atEnd(() => front.close());

  const ours = await repeated(RUNS, () => byApp(ground, { ...service, endpoint: front.endpoint }));
  const bare = await repeated(RUNS, async () => byLoop(front.endpoint, numbers, await ground.newFolder()));
  const ideal = Math.ceil(PAGES / AT_ONCE) * LATENCY_MS;
  return [
    toFigure(`export of ${PAGES} pages, ${LATENCY_MS} ms each`, 'ms', ours, {
      [`the ideal for ${AT_ONCE} at a time`]: [ideal],
      'a bare loop, GET and write, as many at a time': bare,
    }),
  ];
}

async function byApp(ground: Ground, service: Parameters<Ground['openAppOn']>[0]): Promise<number> {
  const { app, page, browser, close } = await ground.openAppOn(service);
  const viewer = await browser.open(DOCUMENT);
  await viewer.seePage(1);
  await answerFolderDialog(app, await ground.newFolder());
  const dialog = await viewer.export();
  await dialog.choosePages({ range: `${FROM}-${FROM + PAGES - 1}` });
  await dialog.chooseFolder();
  await expect(dialog.startButton).toHaveText(exporting.en.start(PAGES));
  const ms = await dialog.startButton.evaluate(untilText, exporting.en.states.done);
  await expect(page.getByText(exporting.en.written(PAGES), { exact: true })).toBeVisible();
  await close();
  return ms;
}

async function byLoop(endpoint: string, numbers: readonly number[], folder: string): Promise<number> {
  const left = [...numbers];
  const work = async (): Promise<void> => {
    for (let pageNumber = left.shift(); pageNumber !== undefined; pageNumber = left.shift()) {
      const answer = await fetch(`${endpoint}/?x-oss-process=page_${pageNumber}`);
      await writeFile(path.join(folder, `${pageNumber}.png`), Buffer.from(await answer.arrayBuffer()));
    }
  };
  return timed(() => Promise.all(Array.from({ length: AT_ONCE }, work)));
}

/** Runs in the page: clicks and answers the ms until an element says exactly `text`. */
async function untilText(button: Element, text: string): Promise<number> {
  const start = performance.now();
  if (button instanceof HTMLElement) button.click();
  while (![...document.querySelectorAll('article span')].some((element) => element.textContent === text)) {
    await new Promise((resolve) => requestAnimationFrame(resolve));
  }
  return performance.now() - start;
}
