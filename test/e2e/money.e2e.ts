/** Reading buys each page at most once, and no page that nobody came to rest at. Counted by the service, not by the app. */
import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { common } from '#renderer/words/common.ts';
import { read } from '#renderer/words/read.ts';
import { makeNumberedPdf, toObject } from './documents.ts';
import { expect, test } from './fixtures.ts';
import { Purse, readBought } from './money.ts';
import { ConnectPage, JobEntry, answerFolderDialog } from './screens.ts';
import { readBill } from './signed.ts';

const MANUAL = 'english/Crew manual.pdf';

test('reading 120 pages buys each page once and none that was only passed', async ({ launch, serve }) => {
  const service = await serve();
  const { page } = await launch();
  const browser = await new ConnectPage(page).connectTo(service, { keep: 'session' });
  await browser.openFolder('english', 'Crew manual.pdf');
  const viewer = await browser.open('Crew manual.pdf');
  const purse = new Purse(service, viewer, MANUAL, 120);
  await viewer.seePage(1);
  await purse.rest();

  await viewer.goToPage(100);
  await viewer.seePage(100);
  await purse.rest();

  // Zooming draws the same pictures in other sizes.
  for (const key of ['Control+Equal', 'Control+Equal', 'Control+Equal', 'Control+Minus', 'Control+1', 'Control+2']) {
    await page.keyboard.press(key);
    await purse.rest();
  }

  // The list of pages shows what is here and asks for nothing, wherever it is scrolled.
  const rail = page.getByRole('navigation', { name: read.en.thumbnails });
  await rail.evaluate((list) => (list.scrollTop = list.scrollHeight / 2));
  const distant = rail.getByRole('button', { name: read.en.thumbnailNotHere(62), exact: true });
  await expect(distant).toBeVisible();
  await expect(rail.locator('canvas')).toHaveCount(0);
  await purse.rest();
  await distant.click();
  await viewer.seePage(62);
  await purse.rest();

  await viewer.goToPage(120);
  await viewer.seePage(120);
  await expect(viewer.total(120)).toBeVisible();
  await purse.rest();

  // A fling over the whole document: the position never rests, so nothing is bought on the way.
  await page.keyboard.press('Home');
  await purse.rest();
  await viewer.scroller.evaluate(async (box) => {
    const step = (box.scrollHeight * 0.7) / 60;
    for (let frame = 0; frame < 60; frame += 1) {
      box.scrollTop += step;
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
  });
  await purse.rest();
  // Some way back: what is ahead is now what comes before.
  await viewer.scroller.hover();
  await page.mouse.wheel(0, -1500);
  await purse.rest(-1);

  await page.keyboard.press('Escape');
  await browser.list.waitFor();
  const paid = purse.pages;
  await browser.open('Crew manual.pdf');
  const [current] = await viewer.pagesInView();
  await viewer.seePage(current!);
  await viewer.goToPage(100);
  await viewer.seePage(100);
  await purse.rest();
  expect(purse.pages).toEqual(paid);
  expect(paid.filter((number) => number > 10 && number < 50)).toEqual([]);

  // The end was counted in the file itself: nothing was asked for in vain.
  const bill = await readBill(service);
  expect(bill.failures).toEqual({});
  expect(bill.documentConverts).toBe(paid.length);
  // The app has counted the same.
  await expect(page.getByText(common.en.bought(paid.length), { exact: true })).toBeVisible();
});

test('the viewer and an export that want the same page buy it once', async ({ launch, serve, folder }) => {
  const pdf = makeNumberedPdf(4);
  const misfortunes = [{ kind: 'slow-conversion', ms: 3000 }];
  const world = { buckets: { slow: { misfortunes, objects: [toObject('shared.pdf', pdf)] } } };
  const service = await serve({ world });
  const { app, page } = await launch();
  const browser = await new ConnectPage(page).connectTo(service, { keep: 'session' });
  const viewer = await browser.openAt('oss://slow/shared.pdf');
  await answerFolderDialog(app, folder);
  const dialog = await viewer.export();
  await dialog.choosePages({ range: '1-2' });
  await dialog.chooseFolder();
  await dialog.startButton.click();
  expect(await readBought(service, 'shared.pdf')).toEqual([]);
  await viewer.seePage(1);
  await new JobEntry(page, 'shared.pdf').reach('done');
  const bought = await readBought(service, 'shared.pdf');
  expect(bought.filter(({ times }) => times > 1)).toEqual([]);
  const files = (await readdir(folder)).filter((name) => name.endsWith('.png')).sort();
  expect(files).toEqual(['shared-p0001.png', 'shared-p0002.png']);
  expect((await readFile(path.join(folder, files[0]!))).length).toBeGreaterThan(0);
});
