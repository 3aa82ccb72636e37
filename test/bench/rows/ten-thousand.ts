import OSS from 'ali-oss';
import { browse } from '#renderer/words/browse.ts';
import { BUCKET, type Ground } from '../ground.ts';
import { repeated, timed, toFigure, type Figure } from '../measure.ts';

const COUNT = 10_000;
const RUNS = 5;

/** A folder of 10,000 objects: until all are in the list, and until the first and the last row are on the screen. */
export async function tenThousand(ground: Ground): Promise<Figure[]> {
  const objects = Array.from({ length: COUNT }, (_, index) => ({
    key: `report ${String(index).padStart(5, '0')}.pdf`,
    zeros: 1000 + index,
  }));
  const service = await ground.serve({}, { buckets: { [BUCKET]: { objects } } });
  const { page } = await ground.openAppOn(service);
  const reload = page.getByRole('button', { name: browse.en.refresh });
  await page.getByText(browse.en.allLoaded(COUNT)).first().waitFor();
  const wanted = { first: objects[0]!.key, last: objects[COUNT - 1]!.key, all: browse.en.allLoaded(COUNT) };
  const shown = await repeated(RUNS, () => reload.evaluate(untilListed, wanted));

  const client = new OSS({
    region: `oss-${service.region}`,
    accessKeyId: service.accessKeyId,
    accessKeySecret: service.accessKeySecret,
    endpoint: service.endpoint.replace('127.0.0.1', 'localhost'),
    sldEnable: true,
    authorizationV4: true,
    bucket: BUCKET,
  } as OSS.Options);
  const listed = await repeated(RUNS, () => timed(() => listAll(client)));
  const name = 'ali-oss listV2 loop, nothing shown';
  return [
    toFigure(
      `${COUNT} objects: the first rows on the screen`,
      'ms',
      shown.map(({ first }) => first),
      { [name]: listed },
    ),
    toFigure(
      `${COUNT} objects: all loaded and the last row on the screen`,
      'ms',
      shown.map(({ all }) => all),
      {
        [name]: listed,
      },
    ),
    toFigure(
      `${COUNT} objects: rows in the document`,
      'count',
      shown.map(({ rows }) => rows),
    ),
    toFigure(
      `${COUNT} objects: longest task of the page`,
      'ms',
      shown.map(({ longestTask }) => longestTask),
      {},
      'A browser reports tasks from 50 ms on; 0 is none.',
    ),
  ];
}

async function listAll(client: OSS): Promise<void> {
  let count = 0;
  let token: string | undefined;
  do {
    const query = { 'max-keys': '1000', delimiter: '/', ...(token ? { 'continuation-token': token } : {}) };
    const answer = await client.listV2(query, {});
    count += answer.objects.length;
    token = answer.nextContinuationToken;
  } while (token);
  if (count !== COUNT) throw new Error(`ali-oss listed ${count} objects.`);
}

/** Runs in the page: loads the folder again; scrolls to its end when all is there. */
async function untilListed(
  button: Element,
  { first, last, all }: { first: string; last: string; all: string },
): Promise<{ first: number; all: number; rows: number; longestTask: number }> {
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
  await nextFrame();
  const firstAt = performance.now() - start;
  while (!document.querySelector('footer')?.textContent?.includes(all)) await nextFrame();
  const scroller = [grid()!, ...grid()!.querySelectorAll('*')].find(
    (box) => box.scrollHeight > box.clientHeight + 1000,
  )!;
  scroller.scrollTop = scroller.scrollHeight;
  while (!grid()?.textContent?.includes(last)) await nextFrame();
  await nextFrame();
  await nextFrame();
  const allAt = performance.now() - start;
  observer.disconnect();
  const rows = document.querySelectorAll('[role="grid"] [role="row"]').length;
  scroller.scrollTop = 0;
  return { first: firstAt, all: allAt, rows, longestTask };
}
