/** The main job on the samples, as a person does it, in both languages, both looks and three sizes of the window. */
import path from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { browse } from '#renderer/words/browse.ts';
import { commandWords } from '#renderer/words/commands.ts';
import { common } from '#renderer/words/common.ts';
import { exporting } from '#renderer/words/export.ts';
import { finding } from '#renderer/words/finding.ts';
import { kept } from '#renderer/words/kept.ts';
import { read } from '#renderer/words/read.ts';
import { settingsWords } from '#renderer/words/settings.ts';
import { expect, samplesFolder, test } from '../e2e/fixtures.ts';
import { BrowserPage, ConnectPage, answerFolderDialog, errorCard, toForm, type ViewerPage } from '../e2e/screens.ts';
import { resize, takePicture } from './camera.ts';

const { step } = test;

/** An object of the service's own, made of a sample. */
const BROCHURE = { key: 'Brochure.pdf', file: path.join(samplesFolder, 'english/Annual report 2025.pdf') };

test('English, light', async ({ launch, folder }) => {
  const launched = await step('start the app', () => launch());
  const { app, page } = launched;
  await resize(launched, 'medium');
  await takePicture(page, 'connect');
  const browser = await step('open the samples', () => new ConnectPage(page).trySamples());
  await takePicture(page, 'browse-top');
  await step('open the folder "english"', () => browser.openFolder('english', 'Annual report 2025.pdf'));
  await takePicture(page, 'browse');
  await step('filter the list', async () => {
    await browser.filter.fill('pdf');
    await expect(browser.row('Budget 2026.xlsx')).toHaveCount(0);
  });
  await takePicture(page, 'browse-filter');
  await browser.filter.fill('');

  const viewer = await openDocument(browser, 'Annual report 2025.pdf');
  // The two pages ahead, too, for the first picture that anybody sees.
  await page.getByRole('navigation', { name: read.en.thumbnails }).locator('canvas').nth(2).waitFor();
  await takePicture(page, 'read');
  await step('scroll to the end, page by page', () => scrollToEnd(page, viewer, 6));
  await takePicture(page, 'read-end');
  await step('go to page 4', async () => {
    await viewer.goToPage(4);
    await viewer.seePage(4);
  });
  await step('zoom in twice, then fit the page', async () => {
    await page.getByRole('button', { name: read.en.zoomIn }).click();
    await page.getByRole('button', { name: read.en.zoomIn }).click();
    await takePicture(page, 'read-zoomed');
    await page.getByRole('button', { name: read.en.fitPage }).click();
    await takePicture(page, 'read-fit-page');
    await page.getByRole('button', { name: read.en.fitWidth }).click();
  });
  await step('ask for a page past the end', async () => {
    await viewer.goToPage(40);
    await expect(page.getByText(read.en.pastEndTitle(40))).toBeVisible();
  });
  await takePicture(page, 'read-past-the-end');
  await step('look at the keys', async () => {
    await page.getByRole('button', { name: finding.en.more, exact: true }).click();
    await page.getByRole('menuitem', { name: read.en.keys }).click();
    await expect(page.getByRole('dialog', { name: read.en.keysTitle })).toBeVisible();
  });
  await takePicture(page, 'read-keys');
  await closeDialog(page);
  await step('copy a signed link', async () => {
    await page.getByRole('button', { name: read.en.copyLink }).click();
    await page.getByRole('dialog').getByText(read.en.lifetimes['86400'], { exact: true }).click();
    await page.getByRole('button', { name: read.en.linkMake, exact: true }).click();
    await expect(page.getByText(read.en.linkCopied)).toBeVisible();
  });
  await takePicture(page, 'read-link');
  await closeDialog(page);
  await viewer.back();

  const manual = await openDocument(browser, 'Crew manual.pdf');
  await answerFolderDialog(app, folder);
  const dialog = await step('ask for an export of pages 1-40 and 100-', async () => {
    const opened = await manual.export();
    await opened.choosePages({ range: '1-40,100-120' });
    await opened.chooseFolder();
    await expect(opened.startButton).toHaveText(exporting.en.start(61));
    return opened;
  });
  await takePicture(page, 'export');
  await step('export 61 pages', async () => {
    await dialog.startButton.click();
    await page.getByRole('progressbar', { name: exporting.en.job('Crew manual.pdf') }).waitFor();
    await takePicture(page, 'export-running');
    await expect(page.getByText(exporting.en.states.done, { exact: true })).toBeVisible({ timeout: 120_000 });
  });
  await takePicture(page, 'export-done');
  await step('lay out a contact sheet', async () => {
    await page.keyboard.press('c');
    await page.getByRole('grid').waitFor();
  });
  await takePicture(page, 'contact-sheet');
  await page.keyboard.press('Escape');
  await step('find a command', async () => {
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: commandWords.en.title }).fill('page');
  });
  await takePicture(page, 'commands');
  await page.keyboard.press('Escape');
  await manual.back();
  await step('look at the settings', async () => {
    await page.getByRole('button', { name: common.en.settings, exact: true }).click();
    await expect(page.getByRole('dialog', { name: settingsWords.en.title })).toBeVisible();
  });
  await takePicture(page, 'settings');
});

test('English, Office samples', async ({ launch }) => {
  const launched = await step('start the app', () => launch());
  const { page } = launched;
  await resize(launched, 'large');
  const browser = await step('open the samples', () => new ConnectPage(page).trySamples());
  await step('open the folder "english"', () => browser.openFolder('english', 'Annual report 2025.pdf'));
  await takePicture(page, 'browse-large');
  for (const [name, picture] of [
    ['Budget 2026.xlsx', 'read-excel'],
    ['Two more electric ferries.pptx', 'read-powerpoint'],
    ['Invoice 2026-0117.doc', 'read-word-97'],
    ['Site plan HL-204-07.pdf', 'read-drawing'],
  ] as const) {
    const viewer = await openDocument(browser, name);
    await takePicture(page, picture);
    await viewer.back();
  }
});

test('English, dark', async ({ launch }) => {
  const launched = await step('start the app in the dark', () => launch({ theme: 'dark' }));
  const { page } = launched;
  await resize(launched, 'large');
  await takePicture(page, 'connect-dark-large');
  const browser = await step('open the samples', () => new ConnectPage(page).trySamples());
  await step('open the folder "english"', () => browser.openFolder('english', 'Annual report 2025.pdf'));
  await takePicture(page, 'browse-dark-large');
  const viewer = await openDocument(browser, 'Annual report 2025.pdf');
  await viewer.goToPage(2);
  await viewer.seePage(2);
  await takePicture(page, 'read-dark-large');
  await resize(launched, 'small');
  await takePicture(page, 'read-dark-small');
  await step('open the export dialog', () => viewer.export());
  await takePicture(page, 'export-dark-small');
});

test('Simplified Chinese', async ({ launch, folder }) => {
  const language = 'zh-CN';
  const launched = await step('start the app in Chinese', () => launch({ language }));
  const { app, page } = launched;
  await resize(launched, 'small');
  await takePicture(page, 'zh-connect-small');
  const browser = await step('open the samples', () => new ConnectPage(page, language).trySamples());
  await step('open the folder "中文"', () => browser.openFolder('中文', '服务合同（中英文）.docx'));
  await takePicture(page, 'zh-browse-small');
  for (const [name, picture] of [
    ['服务合同（中英文）.docx', 'zh-read-word-small'],
    ['1987 年通知（扫描件）.pdf', 'zh-read-scan-small'],
    ['新员工培训.ppt', 'zh-read-powerpoint-97-small'],
    ['备件库存月报.xls', 'zh-read-excel-97-small'],
  ] as const) {
    const viewer = await openDocument(browser, name);
    await takePicture(page, picture);
    await viewer.back();
  }
  await resize(launched, 'medium');
  const viewer = await openDocument(browser, '新员工培训.ppt');
  await answerFolderDialog(app, folder);
  await step('export all pages as JPG', async () => {
    const dialog = await viewer.export();
    await dialog.choosePages('all');
    await dialog.root.getByText(exporting[language].jpg, { exact: true }).click();
    await dialog.chooseFolder();
    await dialog.root.getByText(exporting[language].openEndConfirm).click();
    await takePicture(page, 'zh-export');
    await dialog.startButton.click();
    await expect(page.getByText(exporting[language].states.done, { exact: true })).toBeVisible({ timeout: 120_000 });
  });
  await takePicture(page, 'zh-export-done');
});

/** Beside the samples: a bucket without document processing, one that is slow, one where page 2 fails. */
const MISFORTUNES = {
  buckets: {
    'not-set-up': { misfortunes: [{ kind: 'imm-not-attached' }], objects: [BROCHURE] },
    slow: { misfortunes: [{ kind: 'slow-conversion', ms: 60_000 }], objects: [BROCHURE] },
    'with-a-gap': {
      misfortunes: [{ kind: 'imm', code: 'ImageConvertFailed', message: 'Convert failed.', pages: [2] }],
      objects: [
        BROCHURE,
        { key: 'Harbour survey, all drawings.pdf', zeros: 20_971_521 },
        { key: 'Crossing.mp4', zeros: 9e6 },
      ],
    },
  },
};

test('A key of one’s own, and what can go wrong', async ({ launch, serve }) => {
  const service = await step('start a service', () => serve({ world: MISFORTUNES }));
  const launched = await step('start the app', () => launch());
  const { page } = launched;
  await resize(launched, 'medium');
  const first = new ConnectPage(page);
  await step('test a key with a wrong secret', async () => {
    await first.fill({ ...toForm(service), accessKeySecret: 'not-the-secret', name: 'Harbour office' });
    await first.testButton.click();
    await expect(errorCard(page, 'oss.signatureMismatch')).toBeVisible();
  });
  await takePicture(page, 'connect-wrong-secret');
  await step('test the right one', async () => {
    await first.fill(toForm(service));
    await first.testButton.click();
    await expect(first.report).toBeVisible();
  });
  await takePicture(page, 'connect-tested');
  await step('connect', async () => {
    await first.connectButton.click();
    await expect(page.getByText(browse.en.chooseBucket, { exact: true })).toBeVisible();
  });
  await takePicture(page, 'browse-choose-bucket');
  const browser = new BrowserPage(page);
  await browser.go('oss://with-a-gap/');
  await browser.row(BROCHURE.key).waitFor();
  await browser.onlyPreviewable.uncheck();
  await takePicture(page, 'browse-too-large');
  await step('a page that fails', async () => {
    const viewer = await openDocument(browser, BROCHURE.key);
    await viewer.goToPage(2);
    await expect(viewer.slot(2).getByRole('alert')).toBeVisible();
    await viewer.goToPage(2);
    await takePicture(page, 'read-page-failed');
    await viewer.back();
  });
  await step('what is kept of it', async () => {
    await page.getByRole('button', { name: new RegExp(`^${kept.en.shelf}`) }).click();
    await page.getByRole('dialog', { name: kept.en.shelf }).waitFor();
  });
  await takePicture(page, 'shelf');
  await closeDialog(page);
  await step('what it cost', async () => {
    await page.getByRole('button', { name: common.en.settings, exact: true }).click();
    await page.getByRole('dialog').getByRole('button', { name: settingsWords.en.parts.cost, exact: true }).click();
  });
  await takePicture(page, 'cost');
  await closeDialog(page);
  await step('a bucket without document processing', async () => {
    await browser.go('oss://not-set-up/');
    await browser.open(BROCHURE.key);
    await expect(errorCard(page, 'snapshot.notAttached')).toBeVisible();
    await takePicture(page, 'read-not-set-up');
    await page.keyboard.press('Escape');
  });
  await step('a service that takes its time', async () => {
    await browser.go('oss://slow/');
    await browser.open(BROCHURE.key);
    await expect(page.getByText(read.en.slowest).first()).toBeVisible();
    await takePicture(page, 'read-waiting', { isWaiting: true });
  });
});

async function openDocument(browser: BrowserPage, name: string): Promise<ViewerPage> {
  return step(`open ${name}`, async () => {
    const viewer = await browser.open(name);
    await viewer.seePage(1);
    return viewer;
  });
}

/** Turns the wheel from page to page, each seen with its picture, to the words at the end. */
async function scrollToEnd(page: Page, viewer: ViewerPage, lastPage: number): Promise<void> {
  await viewer.picture(1).hover();
  for (let pageNumber = 2; pageNumber <= lastPage; pageNumber += 1) {
    await turnWheelTo(page, viewer.slot(pageNumber));
    await viewer.seePage(pageNumber);
  }
  await turnWheelTo(page, viewer.root.getByText(viewer.words.end(lastPage), { exact: true }).first());
}

async function turnWheelTo(page: Page, goal: Locator): Promise<void> {
  await expect(async () => {
    await page.mouse.wheel(0, 400);
    await expect(goal).toBeInViewport({ timeout: 100 });
  }).toPass({ intervals: [0], timeout: 30_000 });
}

async function closeDialog(page: Page): Promise<void> {
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
}
