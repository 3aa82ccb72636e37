import { kept } from '#renderer/words/kept.ts';
import { fetchPage, readSample, type Ground } from '../ground.ts';
import { pictureOf, SCROLLER, untilImagePainted, untilPainted, untilPlaced } from '../in-page.ts';
import { repeated, timed, toFigure, type Figure } from '../measure.ts';
import { servePictures } from '../plain-server.ts';

const DOCUMENT = 'Crew manual.pdf';
const PAGES = 16;
const RUNS = 24;

const KEPT = 8;

/** Pages that are here: bought in this run, and kept from an earlier one; and the place of one that is not here yet. */
export async function cachedPage(ground: Ground): Promise<Figure[]> {
  return [...(await inThisRun(ground)), ...(await fromAnEarlierRun(ground)), ...(await placeOfPage(ground))];
}

/** From the click on a document that was never opened to the paper where its page 1 will lie. */
async function placeOfPage(ground: Ground): Promise<Figure[]> {
  const names = Array.from({ length: KEPT }, (_, index) => `new-${index + 1}.pdf`);
  const bytes = await readSample(`english/${DOCUMENT}`);
  const service = await ground.serve(Object.fromEntries(names.map((name) => [name, bytes])));
  const { page, browser } = await ground.openAppOn(service);
  const placed = await repeated(KEPT, async (index) => {
    const row = browser.row(names[index]!);
    await row.waitFor();
    const tookMs = await row.evaluate(untilPlaced, '[data-opening="1"], [data-page="1"]');
    await page.locator(pictureOf(1)).waitFor();
    await page.keyboard.press('Escape');
    await browser.list.waitFor();
    return tookMs;
  });
  const { page: empty } = await ground.openEmptyApp();
  const box = await repeated(KEPT, () => empty.locator('body').evaluate(untilPlaced, null));
  return [
    toFigure('the place of page 1 on the screen, from the click on its document', 'ms', placed, {
      'an empty box put into an empty Electron window': box,
    }),
  ];
}

/**
 * A page kept from an earlier run, without the service: from the click on its document on the shelf to the painted
 * picture. Each document is opened once, so that none is in the app's memory.
 */
async function fromAnEarlierRun(ground: Ground): Promise<Figure[]> {
  const bytes = await readSample(`english/${DOCUMENT}`);
  const names = Array.from({ length: KEPT }, (_, index) => `kept-${index + 1}.pdf`);
  const service = await ground.serve(Object.fromEntries(names.map((name) => [name, bytes])));
  const first = await ground.openAppOn(service);
  for (const name of names) {
    const viewer = await first.browser.open(name);
    await viewer.seePage(1);
    await viewer.back();
  }
  await first.close();
  const picture = await fetchPage(service, names[0]!, 1);
  await service.stop();

  const again = await ground.openAgain(first);
  const shelf = again.page.getByRole('button', { name: new RegExp(`^${kept.en.shelf}`) });
  const shown = await repeated(KEPT, async (index) => {
    await shelf.click();
    const document = again.page.getByRole('dialog').getByRole('button', { name: kept.en.open(names[index]!) });
    const tookMs = await document.evaluate(untilPainted, { picture: pictureOf(1) });
    await again.page.keyboard.press('Escape');
    return tookMs;
  });
  const server = await servePictures([picture]);
  ground.atEnd(() => server.close());
  const { page: empty } = await ground.openEmptyApp();
  const painted = await repeated(KEPT, (run) => empty.evaluate(untilImagePainted, `${server.endpoint}/1?${run}`));
  return [
    toFigure('a page kept from an earlier run, from the click on its document to the screen, offline', 'ms', shown, {
      'the same picture by HTTP in an <img> in an empty Electron window, painted': painted,
    }),
  ];
}

/** A page that was bought before comes back to the screen: from the scroll to the painted picture. */
async function inThisRun(ground: Ground): Promise<Figure[]> {
  const service = await ground.serve({ [DOCUMENT]: await readSample(`english/${DOCUMENT}`) });
  const { page, browser } = await ground.openAppOn(service);
  const viewer = await browser.open(DOCUMENT);
  for (let pageNumber = 1; pageNumber <= PAGES; pageNumber += 1) {
    await viewer.seePage(pageNumber);
    await viewer.goToPage(pageNumber + 1);
  }
  await viewer.seePage(PAGES + 1);
  const scroller = page.locator(SCROLLER);
  const pitch = await scroller.evaluate((box) => {
    const [first, second] = [...box.querySelectorAll<HTMLElement>('section[data-page]')];
    return second!.offsetTop - first!.offsetTop;
  });
  // Five pages away each time: the page left is out of the document by then.
  const order = Array.from({ length: RUNS }, (_, run) => 1 + ((run * 5) % PAGES));
  const shown = await repeated(RUNS, (run) =>
    scroller.evaluate(untilPainted, { picture: pictureOf(order[run]!), top: (order[run]! - 1) * pitch }),
  );

  const pictures = await repeated(PAGES, (index) => fetchPage(service, DOCUMENT, index + 1));
  const server = await servePictures(pictures);
  ground.atEnd(() => server.close());
  const urls = order.map((pageNumber, run) => `${server.endpoint}/${pageNumber}?${run}`);
  const got = await repeated(RUNS, (run) => timed(async () => (await fetch(urls[run]!)).arrayBuffer()));
  const { page: empty } = await ground.openEmptyApp();
  const painted = await repeated(RUNS, (run) => empty.evaluate(untilImagePainted, urls[run]!));
  return [
    toFigure(`a cached page of ${DOCUMENT}, from the scroll to the screen`, 'ms', shown, {
      'bare HTTP GET of the same bytes, not shown': got,
      'the same GET by an <img> in an empty Electron window, painted': painted,
    }),
  ];
}
