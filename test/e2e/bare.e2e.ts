/** Pages alone: the full screen, and tints that stay on the screen. */
import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { common } from '#renderer/words/common.ts';
import { viewing } from '#renderer/words/viewing.ts';
import { expectNoBarriers } from './barriers.ts';
import { expect, test } from './fixtures.ts';
import { walkedIn } from './languages.ts';
import { ConnectPage, JobEntry, answerFolderDialog } from './screens.ts';
import { signedLink } from './signed.ts';

const MANUAL = 'english/Crew manual.pdf';

/** The mean lightness, 0 to 255, of what is on the screen in the middle of a page. */
async function lightnessOf(page: Page, picture: Locator): Promise<number> {
  const box = (await picture.boundingBox())!;
  const shot = await page.screenshot({ clip: { x: box.x + 40, y: 300, width: box.width - 80, height: 200 } });
  return page.evaluate(
    async (bytes) => {
      const bitmap = await createImageBitmap(new Blob([new Uint8Array(bytes)], { type: 'image/png' }));
      const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d')!;
      context.drawImage(bitmap, 0, 0);
      const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height);
      let sum = 0;
      for (let at = 0; at < data.length; at += 4) sum += data[at]! + data[at + 1]! + data[at + 2]!;
      return sum / (data.length / 4) / 3;
    },
    [...shot],
  );
}

const language = walkedIn('en');
test(`full screen shows pages alone, and Esc leaves it before it leaves the document, in ${language}`, async ({
  launch,
}) => {
  const { app, page } = await launch({ language });
  const browser = await new ConnectPage(page, language).trySamples();
  await browser.openFolder('english', 'Crew manual.pdf');
  const viewer = await browser.open('Crew manual.pdf');
  await viewer.seePage(1);
  const isFull = (): Promise<boolean> =>
    app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.isFullScreen());
  const header = page.getByRole('banner');
  const footer = page.getByRole('contentinfo', { name: common[language].statusBar });
  await expect(footer).toBeVisible();

  await page.keyboard.press('f');
  await expect.poll(isFull).toBe(true);
  await expect(footer).toHaveCount(0);
  await expect(header).toBeHidden();
  const exportButton = page.getByRole('button', { name: viewer.words.exportPages });
  const opacityOfTools = (): Promise<string> =>
    exportButton.evaluate((button) => getComputedStyle(button.closest('.tools')!).opacity);
  await page.mouse.move(500, 400);
  await expect.poll(opacityOfTools).toBe('0');
  await expect(page.getByText(/^1 (of|\/)/).last()).toBeVisible();
  await expectNoBarriers(page, 'full screen');

  // The tools are at the upper edge, for pointer and keyboard.
  await page.mouse.move(500, 1);
  await expect.poll(opacityOfTools).toBe('1');
  await page.mouse.move(500, 400);
  await expect.poll(opacityOfTools).toBe('0');
  await page.keyboard.press('g');
  await expect.poll(opacityOfTools).toBe('1');
  await viewer.goToPage(3);
  await viewer.seePage(3);

  // A page that is loaded anew knows that it fills the screen.
  await page.keyboard.press('Escape');
  await expect.poll(isFull).toBe(false);
  await expect(footer).toBeVisible();
  await viewer.seePage(3);
  await page.keyboard.press('F11');
  await expect.poll(isFull).toBe(true);
  // The page hears of it after the window is so: one presses again when one sees it.
  await expect(footer).toHaveCount(0);
  await page.keyboard.press('F11');
  await expect.poll(isFull).toBe(false);
  await expect(footer).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(viewer.root).toHaveCount(0);
});

test('a tint is for the eyes: it outlives a restart and reaches no export', async ({ launch, serve, folder }) => {
  const service = await serve();
  const { app, page, userData, close } = await launch();
  const browser = await new ConnectPage(page).connectTo(service, { keep: 'session' });
  await browser.openFolder('english', 'Crew manual.pdf');
  const viewer = await browser.open('Crew manual.pdf');
  await viewer.goToPage(3);
  await viewer.seePage(3);
  const plain = await lightnessOf(page, viewer.picture(3));
  expect(plain).toBeGreaterThan(180);

  // The hint of the button does not take the Esc that is meant for the menu.
  await page.getByRole('button', { name: viewing.en.menu }).click();
  await expect(page.locator('.tooltip')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('menu')).toHaveCount(0);

  const chooseTint = async (tint: 'none' | 'sepia' | 'dark'): Promise<void> => {
    await page.getByRole('button', { name: viewing.en.menu, exact: true }).click();
    await page.getByRole('menuitemradio', { name: viewing.en.tints[tint] }).click();
  };
  await chooseTint('sepia');
  await expect.poll(() => lightnessOf(page, viewer.picture(3))).toBeLessThan(plain - 5);
  await chooseTint('dark');
  await expect.poll(() => lightnessOf(page, viewer.picture(3))).toBeLessThan(90);

  // Exported while tinted: the very bytes that the service makes.
  await answerFolderDialog(app, folder);
  const dialog = await viewer.export();
  await dialog.chooseFolder();
  await dialog.startButton.click();
  await new JobEntry(page, 'Crew manual.pdf').reach('done');
  const [name = ''] = (await readdir(folder)).filter((file) => file.endsWith('.png'));
  const exported = await readFile(path.join(folder, name));
  const process = 'doc/snapshot,target_png,source_pdf,page_3';
  const link = signedLink(service, { bucket: 'documents', key: MANUAL, query: [['x-oss-process', process]] });
  expect(exported.equals(Buffer.from(await (await fetch(link)).arrayBuffer()))).toBe(true);
  await close();

  const again = await launch({ userData });
  const samples = await new ConnectPage(again.page).trySamples();
  await samples.openFolder('english', 'Crew manual.pdf');
  const reopened = await samples.open('Crew manual.pdf');
  await reopened.goToPage(3);
  await reopened.seePage(3);
  await expect.poll(() => lightnessOf(again.page, reopened.picture(3))).toBeLessThan(90);
});
