import type { ElectronApplication } from '@playwright/test';
import OSS from 'ali-oss';
import { browse } from '#renderer/words/browse.ts';
import type { Service } from '../../e2e/fixtures.ts';
import { BUCKET, type Ground } from '../ground.ts';
import { repeated, timed, toFigure, type Figure } from '../measure.ts';
import { serveListings } from '../plain-server.ts';

const COUNT = 200_000;
const RUNS = 3;
const FOLDER = 'scans';
const nameOf = (n: number): string => `page ${String(n).padStart(6, '0')}.pdf`;

interface Listed {
  first: number;
  all: number;
  rows: number;
  longestTask: number;
  slowFrames: number;
}

/**
 * A folder of 200,000 objects: until the first rows and until all are in the list, scrolling down it all the while; then
 * another order and a filter over all of them. The answers are made before and replayed: no service is measured.
 */
export async function bigFolder(ground: Ground): Promise<Figure[]> {
  const generated = [{ prefix: `${FOLDER}/page `, count: COUNT }];
  const service = await ground.serve({}, { buckets: { [BUCKET]: { generated } } });
  const front = await serveListings(service.endpoint);
  ground.atEnd(() => front.close());
  const client = aliOss({ ...service, endpoint: front.endpoint });
  await listAll(client);
  const collected = await repeated(RUNS, () => timed(() => listAll(client)));
  const firstPage = await repeated(RUNS, () => timed(() => listPage(client)));

  const { app, page, browser } = await ground.openAppOn({ ...service, endpoint: front.endpoint });
  await browser.row(FOLDER).waitFor();
  const before = await memoryOf(app);
  await browser.row(FOLDER).click();
  await page.getByText(browse.en.allLoaded(COUNT)).first().waitFor({ timeout: 120_000 });
  const reload = page.getByRole('button', { name: browse.en.refresh });
  const wanted = { first: nameOf(0), last: nameOf(COUNT - 1), all: browse.en.allLoaded(COUNT) };
  const shown = await repeated(RUNS, () => reload.evaluate(untilListed, wanted));
  const after = await memoryOf(app);
  const newestFirst = page.getByRole('columnheader', { name: browse.en.columns.modified }).getByRole('button');
  const sorted = await repeated(RUNS, () => newestFirst.evaluate(untilSorted));
  const filtered = await repeated(RUNS, () =>
    browser.filter.evaluate(untilFiltered, { text: '777', found: 'page 000777' }),
  );

  const loop = 'ali-oss listV2 loop that keeps all, nothing shown';
  const row = (what: string, unit: Figure['unit'], read: (listed: Listed) => number, beside = {}): Figure =>
    toFigure(`${COUNT} objects: ${what}`, unit, shown.map(read), beside);
  return [
    row('the first rows on the screen', 'ms', ({ first }) => first, { 'ali-oss, its first page': firstPage }),
    row('all loaded, scrolled through to the last row', 'ms', ({ all }) => all, { [loop]: collected }),
    row('longest task meanwhile (0: none of 50 ms)', 'ms', ({ longestTask }) => longestTask),
    row('frames over 50 ms meanwhile', 'count', ({ slowFrames }) => slowFrames),
    row('rows in the document', 'count', ({ rows }) => rows),
    toFigure(`${COUNT} objects: another order`, 'ms', sorted),
    toFigure(`${COUNT} objects: a filter`, 'ms', filtered),
    toFigure(`${COUNT} objects: memory of the page`, 'MB', [after.renderer], {
      'before the folder was opened': [before.renderer],
    }),
    toFigure(`${COUNT} objects: memory of the main process`, 'MB', [after.main], {
      'before the folder was opened': [before.main],
    }),
  ];
}

function aliOss(service: Service): OSS {
  return new OSS({
    region: `oss-${service.region}`,
    accessKeyId: service.accessKeyId,
    accessKeySecret: service.accessKeySecret,
    endpoint: service.endpoint.replace('127.0.0.1', 'localhost'),
    sldEnable: true,
    authorizationV4: true,
    bucket: BUCKET,
  } as OSS.Options);
}

async function listPage(client: OSS, token?: string): Promise<{ objects: unknown[]; next: string | undefined }> {
  const query = {
    'max-keys': '1000',
    delimiter: '/',
    prefix: `${FOLDER}/`,
    ...(token ? { 'continuation-token': token } : {}),
  };
  const answer = await client.listV2(query, {});
  return { objects: answer.objects, next: answer.nextContinuationToken };
}

async function listAll(client: OSS): Promise<void> {
  const all: unknown[] = [];
  let token: string | undefined;
  do {
    const { objects, next } = await listPage(client, token);
    all.push(...objects);
    token = next;
  } while (token);
  if (all.length !== COUNT) throw new Error(`ali-oss listed ${all.length} objects.`);
}

async function memoryOf(app: ElectronApplication): Promise<{ main: number; renderer: number }> {
  const [main, renderer] = await app.evaluate(({ app: { getAppMetrics } }) =>
    ['Browser', 'Tab'].map((type) => {
      const sizes = getAppMetrics().map((metric) => (metric.type === type ? metric.memory.workingSetSize : 0));
      return Math.max(...sizes) / 1024;
    }),
  );
  return { main: main!, renderer: renderer! };
}

/** Runs in the page: loads the folder again and scrolls down without a stop until its last row is on the screen. */
async function untilListed(
  button: Element,
  { first, last, all }: { first: string; last: string; all: string },
): Promise<Listed> {
  const nextFrame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve));
  const grid = (): Element | null => document.querySelector('[role="grid"]');
  let longestTask = 0;
  const observer = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) longestTask = Math.max(longestTask, duration);
  });
  observer.observe({ type: 'longtask' });
  const start = performance.now();
  if (button instanceof HTMLElement) button.click();
  while (grid()?.textContent?.includes(first)) await nextFrame();
  while (!grid()?.textContent?.includes(first)) await nextFrame();
  const firstAt = performance.now() - start;
  const scroller = grid()!;
  let slowFrames = 0;
  let before = await nextFrame();
  let isLoaded = false;
  while (!scroller.textContent?.includes(last)) {
    // A quick hand on the wheel; once all is here, on to the end.
    isLoaded ||= document.querySelector('footer')?.textContent?.includes(all) ?? false;
    scroller.scrollTop = isLoaded ? scroller.scrollHeight : scroller.scrollTop + 300;
    const now = await nextFrame();
    if (now - before > 50) slowFrames += 1;
    before = now;
  }
  await nextFrame();
  const allAt = performance.now() - start;
  observer.disconnect();
  const rows = document.querySelectorAll('[role="grid"] [role="row"]').length;
  scroller.scrollTop = 0;
  await nextFrame();
  return { first: firstAt, all: allAt, rows, longestTask, slowFrames };
}

/** Runs in the page: clicks the head of a column until another row is on top. */
async function untilSorted(button: Element): Promise<number> {
  const nextFrame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve));
  const top = (): string => document.querySelector('[role="grid"] .row')?.textContent ?? '';
  const before = top();
  const start = performance.now();
  if (button instanceof HTMLElement) button.click();
  while (top() === before) await nextFrame();
  return performance.now() - start;
}

/** Runs in the page: types into the filter until the first match is on top, then clears it. */
async function untilFiltered(box: Element, { text, found }: { text: string; found: string }): Promise<number> {
  const nextFrame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve));
  const isFound = (): boolean => document.querySelector('[role="grid"]')?.textContent?.includes(found) ?? false;
  const type = (value: string): void => {
    if (box instanceof HTMLInputElement) box.value = value;
    box.dispatchEvent(new Event('input', { bubbles: true }));
  };
  const start = performance.now();
  type(text);
  const footer = (): string => document.querySelector('footer')?.textContent ?? '';
  const before = footer();
  while (footer() === before && !isFound()) await nextFrame();
  const took = performance.now() - start;
  type('');
  await nextFrame();
  return took;
}
