/** The contact sheet: made of pages that are here, buys nothing, opens a page, hands a selection to the export. */
import { commandWords } from '#renderer/words/commands.ts';
import { read } from '#renderer/words/read.ts';
import { sheetWords } from '#renderer/words/sheet.ts';
import { expectNoBarriers } from './barriers.ts';
import { makeNumberedPdf, toObject } from './documents.ts';
import { expect, test } from './fixtures.ts';
import { Purse, readBought } from './money.ts';
import { ConnectPage, ExportPage } from './screens.ts';

const WORLD = { buckets: { look: { objects: [toObject('sixty.pdf', makeNumberedPdf(60))] } } };
const words = sheetWords.en;

test('the contact sheet shows what is here, buys nothing, and its selection is exported', async ({ launch, serve }) => {
  const service = await serve({ world: WORLD });
  const { page } = await launch();
  const browser = await new ConnectPage(page).connectTo(service, { keep: 'session' });
  const viewer = await browser.openAt('oss://look/sixty.pdf');
  await viewer.seePage(1);
  await new Purse(service, viewer, 'sixty.pdf', 60).rest();
  const bought = await readBought(service, 'sixty.pdf');

  await page.keyboard.press('c');
  const sheet = page.getByRole('grid', { name: words.title });
  const cell = (n: number) => sheet.locator(`[data-page="${n}"]`);
  await expect(cell(1)).toBeFocused();
  await expect(cell(1)).toHaveAccessibleName(read.en.thumbnail(1));
  await expect(cell(9)).toHaveAccessibleName(read.en.thumbnailNotHere(9));
  // A small copy, drawn, and of no more pixels than it takes.
  const copy = cell(1).locator('canvas[data-drawn]');
  await copy.waitFor();
  const ink = await copy.evaluate((canvas: HTMLCanvasElement) => ({ width: canvas.width, ratio: devicePixelRatio }));
  expect(ink.width).toBeLessThanOrEqual(144 * ink.ratio);
  await expectNoBarriers(page, 'contact sheet');

  // What would be done to pages that are not to be seen waits; the export does not.
  await expect(page.getByRole('button', { name: read.en.zoomIn })).toBeDisabled();
  await expect(page.getByRole('button', { name: read.en.exportPages })).toBeEnabled();

  await page.keyboard.press('End');
  await expect(cell(60)).toBeFocused();
  expect(await sheet.getByRole('gridcell').count()).toBeLessThan(60);
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Space');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Shift+Space');
  await expect(page.getByText(words.selected(3))).toBeVisible();
  await cell(6).click({ modifiers: ['Control'] });
  await page.getByRole('button', { name: words.exportSelected }).click();
  await expect(page.getByRole('dialog').getByRole('textbox').first()).toHaveValue('2-4,6');
  await expect(new ExportPage(page).startButton).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  // The export's own key takes the selection too, and what is below the sheet is out of reach.
  await cell(6).focus();
  await page.keyboard.press('Control+e');
  await expect(page.getByRole('dialog').getByRole('textbox').first()).toHaveValue('2-4,6');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  expect(await viewer.scroller.evaluate((box) => box.closest('[inert]') !== null)).toBe(true);
  await page.keyboard.press('Control+k');
  const palette = page.getByRole('dialog', { name: commandWords.en.title });
  await expect(palette.getByText(commandWords.en.viewer.export)).toBeVisible();
  await expect(palette.getByText(commandWords.en.viewer.rotateRight)).toHaveCount(0);
  await page.keyboard.press('Escape');

  expect(await readBought(service, 'sixty.pdf')).toEqual(bought);
  await cell(8).click();
  await expect(sheet).toHaveCount(0);
  await expect(viewer.pageBox).toHaveValue('8');
  await page.keyboard.press('c');
  await expect(cell(8)).toBeFocused();
  // A page looked at in full leaves the selection as it was.
  await expect(page.getByText(words.selected(4))).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(sheet).toHaveCount(0);
  await viewer.seePage(8);
  await viewer.goToPage(55);
  await viewer.seePage(55);
  await page.keyboard.press('c');
  await expect(cell(55)).toBeFocused();
  await expect(cell(55)).toBeInViewport({ ratio: 1 });
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: commandWords.en.title }).fill('3');
  await page.keyboard.press('Enter');
  await expect(sheet).toHaveCount(0);
  await expect(viewer.pageBox).toHaveValue('3');
});
