/** How pages are looked at: turned, side by side. It reaches nothing that is taken away. */
import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { read } from '#renderer/words/read.ts';
import { viewing } from '#renderer/words/viewing.ts';
import { makeNumberedPdf, toObject } from './documents.ts';
import { type Service, expect, test } from './fixtures.ts';
import { readBought } from './money.ts';
import { decode } from './pictures.ts';
import { BrowserPage, ConnectPage, JobEntry, type ViewerPage, answerFolderDialog } from './screens.ts';
import { signedLink } from './signed.ts';

const WORLD = { buckets: { look: { objects: [toObject('forty.pdf', makeNumberedPdf(40))] } } };
const words = viewing.en;

async function openForty(service: Service, page: Page): Promise<ViewerPage> {
  const browser = await new ConnectPage(page).connectTo(service, { keep: 'session' });
  const viewer = await browser.openAt('oss://look/forty.pdf');
  await viewer.seePage(1);
  return viewer;
}

async function pick(page: Page, choice: string): Promise<void> {
  await page.getByRole('button', { name: words.menu, exact: true }).click();
  const menu = page.getByRole('menu');
  await menu.getByText(choice, { exact: true }).click();
  await expect(menu).toHaveCount(0);
}

const frameOf = async (viewer: ViewerPage, pageNumber: number) => (await viewer.picture(pageNumber).boundingBox())!;

const fetchPage = async (service: Service, pageNumber: number): Promise<Buffer> => {
  const query: [string, string][] = [['x-oss-process', `doc/snapshot,target_png,source_pdf,page_${pageNumber}`]];
  return Buffer.from(
    await (await fetch(signedLink(service, { bucket: 'look', key: 'forty.pdf', query }))).arrayBuffer(),
  );
};

test('pages turn by quarters, stay so when opened again, and are copied and exported as they were made', async ({
  launch,
  serve,
  folder,
}) => {
  const service = await serve({ world: WORLD });
  const { app, page } = await launch();
  let viewer = await openForty(service, page);
  const upright = await frameOf(viewer, 1);
  expect(upright.height).toBeGreaterThan(upright.width);
  await page.keyboard.press('r');
  await expect.poll(async () => (await frameOf(viewer, 1)).width > (await frameOf(viewer, 1)).height).toBe(true);
  const across = await frameOf(viewer, 1);
  expect(across.width / across.height).toBeCloseTo(upright.height / upright.width, 2);
  await expect(viewer.root.getByRole('status').filter({ hasText: words.saidRotated(90) })).toBeAttached();
  // The slot and its picture are the same room, in all four directions.
  for (let turn = 0; turn < 4; turn += 1) {
    await expect
      .poll(async () => {
        const [slot, picture] = [(await viewer.slot(1).boundingBox())!, await frameOf(viewer, 1)];
        return Math.max(
          Math.abs(slot.x - picture.x),
          Math.abs(slot.y - picture.y),
          Math.abs(slot.width - picture.width),
        );
      })
      .toBeLessThan(1);
    await page.keyboard.press('Shift+R');
  }
  const rail = page.getByRole('navigation', { name: read.en.thumbnails });
  const small = (await rail.locator('canvas[data-drawn]').first().boundingBox())!;
  expect(small.width).toBeGreaterThan(small.height);
  const sheet = (await rail.locator('.sheet').first().boundingBox())!;
  expect(Math.abs(sheet.x - small.x) + Math.abs(sheet.y - small.y)).toBeLessThanOrEqual(2);

  const made = await decode(app, await fetchPage(service, 1));
  await page.keyboard.press('Control+c');
  await expect(page.getByText(read.en.pictureCopied(1), { exact: true })).toBeVisible();
  expect(await decode(app, 'clipboard')).toEqual(made);
  await answerFolderDialog(app, folder);
  const dialog = await viewer.export();
  await dialog.choosePages({ range: '1' });
  await dialog.chooseFolder();
  await dialog.startButton.click();
  await new JobEntry(page, 'forty.pdf').reach('done');
  const [file] = (await readdir(folder)).filter((name) => name.endsWith('.png'));
  expect((await readFile(path.join(folder, file!))).equals(await fetchPage(service, 1))).toBe(true);

  await viewer.back();
  viewer = await new BrowserPage(page).openAt('oss://look/forty.pdf');
  await viewer.seePage(1);
  const again = await frameOf(viewer, 1);
  expect(again.width).toBeGreaterThan(again.height);
  await pick(page, words.rotateLeft);
  await expect.poll(async () => (await frameOf(viewer, 1)).height > (await frameOf(viewer, 1)).width).toBe(true);
});

test('two pages lie side by side, are turned by twos, and buy no more than their neighbours', async ({
  launch,
  serve,
}) => {
  const service = await serve({ world: WORLD });
  const { page } = await launch();
  const viewer = await openForty(service, page);
  await viewer.goToPage(40);
  await viewer.seePage(40);
  await page.keyboard.press('Home');
  await page.keyboard.press('d');
  await viewer.seePage(2);
  const [one, two] = [await frameOf(viewer, 1), await frameOf(viewer, 2)];
  expect(two.y).toBe(one.y);
  expect(two.x).toBeGreaterThan(one.x + one.width);
  const room = await viewer.scroller.evaluate((box) => box.clientWidth);
  expect(Math.abs(two.x + two.width - one.x - (room - 48))).toBeLessThanOrEqual(2);

  await page.keyboard.press('n');
  await expect(viewer.pageBox).toHaveValue('3');
  await viewer.seePage(4);
  await viewer.goToPage(20);
  await viewer.seePage(19);
  await viewer.seePage(20);
  await expect(viewer.pageBox).toHaveValue('20');
  await page.keyboard.press('Control+0');
  await expect.poll(async () => (await viewer.pagesInView()).slice(0, 2)).toEqual([19, 20]);
  await page.keyboard.press('Alt+ArrowLeft');
  await expect(viewer.pageBox).toHaveValue('3');
  await viewer.goToPage(20);
  const inView = await viewer.pagesInView();
  const bought = async (): Promise<number[]> => (await readBought(service, 'forty.pdf')).map((one) => one.pageNumber);
  await expect.poll(async () => (await bought()).includes(Math.max(...inView) + 2)).toBe(true);
  expect((await bought()).filter((number) => number > 30 && number < 38)).toEqual([]);
  expect((await readBought(service, 'forty.pdf')).filter(({ times }) => times > 1)).toEqual([]);
  // Far out, where most pages fit in a view.
  for (let step = 0; step < 30; step += 1) await page.keyboard.press('Control+Minus');
  await expect(page.getByRole('button', { name: read.en.zoomOut, exact: true })).toBeDisabled();
  expect(await viewer.mounted.count()).toBeLessThanOrEqual(15);
  await pick(page, words.onePage);
  await page.keyboard.press('Control+2');
  await expect.poll(async () => (await viewer.pagesInView()).length).toBeLessThan(3);
});
