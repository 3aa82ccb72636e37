import type { IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import type { ElectronApplication } from '@playwright/test';
import { connect } from '#renderer/words/connect.ts';
import { exporting } from '#renderer/words/export.ts';
import { expect } from '../../e2e/fixtures.ts';
import { BrowserPage, answerFolderDialog } from '../../e2e/screens.ts';
import { BUCKET, type Ground } from '../ground.ts';
import { toFigure, type Figure } from '../measure.ts';
import { makeLongPdf } from '../pdf-maker.ts';

const DOCUMENT = 'Two hundred pages.pdf';
const PAGES = 200;
const IDLE_MS = 10_000;

/** How late the main process's event loop runs while it is OSS, client and exporter at once: 200 pages of the sample account. */
export async function eventLoop(ground: Ground): Promise<Figure[]> {
  const appFolder = await ground.copyAppWithSamples({ [DOCUMENT]: makeLongPdf(PAGES) });
  const { app, page } = await ground.openApp(appFolder);
  await page.getByRole('button', { name: connect.en.trySamples }).click();
  const browser = new BrowserPage(page);
  await browser.go(`oss://${BUCKET}/`);
  const viewer = await browser.open(DOCUMENT);
  await viewer.seePage(1);
  await answerFolderDialog(app, await ground.newFolder());
  const dialog = await viewer.export();
  await dialog.choosePages({ range: `1-${PAGES}` });
  await dialog.chooseFolder();
  await expect(dialog.startButton).toBeEnabled();

  await startWatch(app);
  await dialog.startButton.click();
  await expect(page.getByText(exporting.en.states.done, { exact: true })).toBeVisible({ timeout: 300_000 });
  const busy = await endWatch(app);
  await startWatch(app);
  await wait(IDLE_MS);
  const idle = await endWatch(app);
  const beside = 'the same process idle';
  return [
    toFigure(`event-loop delay, p99, while ${PAGES} pages render`, 'ms', [busy.p99], { [beside]: [idle.p99] }),
    toFigure(`event-loop delay, longest, while ${PAGES} pages render`, 'ms', [busy.longest], {
      [beside]: [idle.longest],
    }),
  ];
}

type Watched = typeof globalThis & { eventLoopDelay?: IntervalHistogram };

async function startWatch(app: ElectronApplication): Promise<void> {
  await app.evaluate(() => {
    // There is no require of its own in what Playwright evaluates.
    const hooks = process.mainModule!.require('node:perf_hooks') as {
      monitorEventLoopDelay: typeof monitorEventLoopDelay;
    };
    const histogram = hooks.monitorEventLoopDelay({ resolution: 1 });
    histogram.enable();
    (globalThis as Watched).eventLoopDelay = histogram;
  });
}

async function endWatch(app: ElectronApplication): Promise<{ p99: number; longest: number }> {
  return app.evaluate(() => {
    const histogram = (globalThis as Watched).eventLoopDelay!;
    histogram.disable();
    return { p99: histogram.percentile(99) / 1e6, longest: histogram.max / 1e6 };
  });
}
