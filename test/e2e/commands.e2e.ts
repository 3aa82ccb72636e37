/** The command palette: what can be done now, found by typing, in either language. */
import type { Page } from '@playwright/test';
import { commandWords } from '#renderer/words/commands.ts';
import { common } from '#renderer/words/common.ts';
import { tabWords } from '#renderer/words/tabs.ts';
import { expectNoBarriers } from './barriers.ts';
import { makeNumberedPdf, toObject } from './documents.ts';
import { expect, test } from './fixtures.ts';
import { ConnectPage, ExportPage } from './screens.ts';

const WORLD = {
  buckets: { look: { objects: ['one.pdf', 'two.pdf'].map((key) => toObject(key, makeNumberedPdf(12))) } },
};

const paletteOf = (page: Page, language: 'en' | 'zh-CN') =>
  page.getByRole('dialog', { name: commandWords[language].title });

async function find(page: Page, typed: string, language: 'en' | 'zh-CN' = 'en') {
  await page.keyboard.press('Control+k');
  const palette = paletteOf(page, language);
  await palette.getByPlaceholder(commandWords[language].placeholder).fill(typed);
  return palette.getByRole('option').filter({ visible: true });
}

test('commands, open documents, recent ones and pages are found by typing', async ({ launch, serve }) => {
  const service = await serve({ world: WORLD });
  const { page } = await launch();
  const words = commandWords.en;
  const browser = await new ConnectPage(page).connectTo(service, { keep: 'session' });
  await browser.root.waitFor();

  // In the browser nothing is offered that needs a document.
  await page.keyboard.press('Control+k');
  await expect(paletteOf(page, 'en').getByText(words.groups.document)).toHaveCount(0);
  await expect(paletteOf(page, 'en').getByText(words.settings.cost)).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(paletteOf(page, 'en')).toHaveCount(0);

  const viewer = await browser.openAt('oss://look/one.pdf');
  await viewer.seePage(1);
  expect(await (await find(page, '7')).first().textContent()).toContain(words.goToPage(7));
  await page.keyboard.press('Enter');
  await expect(viewer.pageBox).toHaveValue('7');

  await expect((await find(page, 'rotate ri')).first()).toContainText(words.viewer.rotateRight);
  await page.keyboard.press('Enter');
  await expect
    .poll(async () => {
      const { width, height } = (await viewer.picture(7).boundingBox()) ?? { width: 0, height: 0 };
      return width > height;
    })
    .toBe(true);

  await find(page, 'export pages');
  await page.keyboard.press('Enter');
  await expect(new ExportPage(page).startButton).toBeVisible();
  // Over a dialog no second one opens.
  await page.keyboard.press('Control+k');
  await expect(paletteOf(page, 'en')).toHaveCount(0);
  await page.keyboard.press('Escape');

  await expect(await find(page, 'qqqq')).toHaveCount(0);
  await expect(paletteOf(page, 'en').getByText(words.nothing)).toBeVisible();
  await page.keyboard.press('Escape');

  await page.keyboard.press('Control+w');
  await expect((await find(page, 'one.pdf')).first()).toContainText('look/one.pdf');
  await page.keyboard.press('Enter');
  await viewer.seePage(7);
  await find(page, 'close the doc');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('tablist', { name: tabWords.en.strip })).toHaveCount(0);
});

test('it can be used by everybody, and in Chinese English names are found too', async ({ launch, serve }) => {
  const service = await serve({ world: WORLD });
  const { page } = await launch({ language: 'zh-CN' });
  const browser = await new ConnectPage(page, 'zh-CN').connectTo(service, { keep: 'session' });
  await (await browser.openAt('oss://look/one.pdf')).seePage(1);
  const found = await find(page, '费用', 'zh-CN');
  await expect(found.first()).toContainText(commandWords['zh-CN'].settings.cost);
  await expectNoBarriers(page, 'commands', { within: '[role="dialog"]' });
  await page.keyboard.press('Escape');
  await expect((await find(page, 'storage', 'zh-CN')).first()).toContainText(commandWords['zh-CN'].settings.storage);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog', { name: common['zh-CN'].settings })).toBeVisible();
});
