/** Knowing the end of a document: what the badge says and how it is known, finding the end, and never reading the file. */
import { mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { common } from '#renderer/words/common.ts';
import { counting } from '#renderer/words/count.ts';
import { exporting } from '#renderer/words/export.ts';
import { read } from '#renderer/words/read.ts';
import { settingsWords } from '#renderer/words/settings.ts';
import type { Language } from '#renderer/words/words.ts';
import { makeTreePdf } from '../unit/structure/pdf-trees.ts';
import { makeNumberedPdf, toObject } from './documents.ts';
import { expect, test } from './fixtures.ts';
import { walkedIn } from './languages.ts';
import { readBought } from './money.ts';
import { answerFolderDialog, ConnectPage, JobEntry } from './screens.ts';
import { readBill } from './signed.ts';

/** A file whose head says another number than its tree: its number of pages is a hint, no more. */
const hinted = (pages: number, claims: number): Buffer => makeTreePdf({ pages, linearized: { claims } });

const language = walkedIn('zh-CN');
const words = counting[language];

/** Looks for the end, by the badge and past the question of what that may come to. */
async function findEnd(page: Page, language: Language): Promise<void> {
  const { findEnd: name, findEndTitle } = counting[language];
  await page.getByRole('button', { name: `${name}: ` }).click();
  await page.getByRole('dialog', { name: findEndTitle }).getByRole('button', { name, exact: true }).click();
}

test(`the badge says how many pages there are, and how that is known, in ${language}`, async ({ launch, serve }) => {
  const objects = [
    toObject('counted.pdf', makeNumberedPdf(9)),
    toObject('hinted.pdf', hinted(9, 8)),
    toObject('endless.pdf', makeTreePdf({ pages: 2100, form: 'packed' })),
  ];
  const service = await serve({ world: { buckets: { ends: { objects } } } });
  const { page } = await launch({ language });
  const browser = await new ConnectPage(page, language).connectTo(service, { keep: 'session' });
  const badge = (text: string) => page.getByRole('button', { name: text });

  const viewer = await browser.openAt('oss://ends/counted.pdf');
  await expect(badge(`${words.badge('structure', 9)}. ${words.how('structure', 9)}`)).toBeVisible();
  await viewer.goToPage(9);
  await viewer.seePage(9);
  await expect(viewer.root.getByText(read[language].end(9), { exact: true }).first()).toBeVisible();
  await viewer.back();

  await browser.openAt('oss://ends/hinted.pdf');
  await expect(badge(`${words.badge('about', 9)}. ${words.how('about', 9)}`)).toBeVisible();
  // The hint lays out the pages; only those in view and two ahead are bought.
  await expect.poll(async () => (await readBought(service, 'hinted.pdf')).length).toBe(3);
  await findEnd(page, language);
  await expect(badge(`${words.badge('proven', 9)}. ${words.how('proven', 9)}`)).toBeVisible();
  const bought = await readBought(service, 'hinted.pdf');
  expect(bought.map(({ pageNumber }) => pageNumber).sort()).toEqual([1, 2, 3, 9]);
  expect((await readBill(service)).failedRequests).toBe(1);
  await viewer.back();

  await browser.openAt('oss://ends/endless.pdf');
  await expect(badge(words.badge('about', 2000))).toBeVisible();
  await viewer.goToPage(2000);
  await viewer.seePage(2000);
  await expect(badge(`${words.badge('limit', 2000)}. ${words.how('limit', 2000)}`)).toBeVisible();
});

test(`files are never read where the person forbids it, in ${language}`, async ({ launch, serve }) => {
  const objects = [toObject('first.pdf', makeNumberedPdf(9)), toObject('second.pdf', makeNumberedPdf(9))];
  const service = await serve({ world: { buckets: { ends: { objects } } } });
  const { page } = await launch({ language });
  const browser = await new ConnectPage(page, language).connectTo(service, { keep: 'session' });
  const viewer = await browser.openAt('oss://ends/first.pdf');
  await expect(viewer.total(9)).toBeVisible();
  const read = (await readBill(service)).requests.GetObject ?? 0;
  expect(read).toBeGreaterThan(0);
  expect(read).toBeLessThanOrEqual(8);
  await viewer.back();

  await page.getByRole('button', { name: common[language].settings, exact: true }).click();
  const settings = page.getByRole('dialog', { name: settingsWords[language].title });
  await settings.getByRole('button', { name: settingsWords[language].parts.pages }).click();
  await settings.getByRole('checkbox', { name: words.readsFiles }).uncheck();
  await settings.getByText(words.failedCallCosts['1'], { exact: true }).click();
  await page.keyboard.press('Escape');

  await browser.openAt('oss://ends/second.pdf');
  await expect(viewer.total({ atLeast: 3 })).toBeVisible();
  // Without a word of the file the end is searched; what is bought for that stays.
  await findEnd(page, language);
  await expect(viewer.total(9)).toBeVisible();
  const bought = await readBought(service, 'second.pdf');
  expect(bought.length).toBeLessThanOrEqual(3 + 5);
  expect(bought.filter(({ times }) => times > 1)).toEqual([]);
  expect((await readBill(service)).requests.GetObject).toBe(read);
});

test('all pages of a document with a hint: the likely number first, the end proven, nothing bought beyond it', async ({
  launch,
  serve,
  folder,
}) => {
  const service = await serve({ world: { buckets: { ends: { objects: [toObject('hinted.pdf', hinted(12, 11))] } } } });
  const { app, page } = await launch();
  const browser = await new ConnectPage(page).connectTo(service, { keep: 'session' });
  const viewer = await browser.openAt('oss://ends/hinted.pdf');
  await expect(page.getByRole('button', { name: counting.en.badge('about', 12) })).toBeVisible();
  await expect.poll(async () => (await readBought(service, 'hinted.pdf')).length).toBe(3);
  const target = path.join(folder, 'out');
  await mkdir(target);
  await answerFolderDialog(app, target);
  const dialog = await viewer.export();
  await dialog.choosePages('all');
  await expect(dialog.root.getByText(exporting.en.aboutToBuy(9), { exact: true })).toBeVisible();
  await expect(dialog.startButton).toHaveText(exporting.en.startAbout(12));
  await dialog.chooseFolder();
  await dialog.root.getByText(exporting.en.openEndConfirm).click();
  await dialog.startButton.click();
  await new JobEntry(page, 'hinted.pdf').reach('done');
  expect((await readdir(target)).length).toBe(12);
  await expect(viewer.total(12)).toBeVisible();
  const bill = await readBill(service);
  expect(bill.documentConverts).toBe(12);
  expect(bill.failedRequests).toBe(1);
});

test('a service that clamps, or fills with blank pages, is seen through and sells no more', async ({
  launch,
  serve,
}) => {
  for (const answer of ['clamp', 'blank'] as const) {
    const misfortunes = [{ kind: 'past-the-end', answer }];
    const service = await serve({
      world: { buckets: { ends: { misfortunes, objects: [toObject('a.pdf', hinted(5, 4))] } } },
    });
    const { page, close } = await launch();
    const browser = await new ConnectPage(page).connectTo(service, { keep: 'session' });
    const viewer = await browser.openAt('oss://ends/a.pdf');
    const about = page.getByRole('button', { name: counting.en.badge('about', 5) });
    await expect(about).toBeVisible();
    await findEnd(page, 'en');
    await expect(page.getByText(counting.en.inDoubt(6), { exact: true }).first()).toBeVisible();
    // Never a tick: nobody can tell a filler from a last page like the one before.
    await expect(about).toBeVisible();
    await viewer.goToPage(5);
    await viewer.seePage(5);
    await expect.poll(async () => (await readBought(service, 'a.pdf')).length).toBe(6);
    await viewer.goToPage(7);
    await expect(viewer.slot(7).getByText(read.en.doubtTitle, { exact: true })).toBeVisible();
    expect((await readBought(service, 'a.pdf')).length).toBe(6);
    await close();
  }
});

test('after a leap far beyond the end of a service that clamps, the badge claims no page that need not be there', async ({
  launch,
  serve,
}) => {
  const misfortunes = [{ kind: 'past-the-end', answer: 'clamp' }];
  const service = await serve({
    world: { buckets: { ends: { misfortunes, objects: [toObject('forty.pdf', makeNumberedPdf(40))] } } },
  });
  const { page } = await launch({ readsFiles: false });
  const browser = await new ConnectPage(page).connectTo(service, { keep: 'session' });
  const viewer = await browser.openAt('oss://ends/forty.pdf');
  await viewer.seePage(1);
  const bought = async () => (await readBought(service, 'forty.pdf')).map(({ pageNumber }) => pageNumber);
  await expect.poll(bought).toContain(3);
  await viewer.goToPage(80);
  await viewer.seePage(80);
  await expect(viewer.slot(80).getByText(read.en.sameAsBefore(80), { exact: true })).toBeVisible();
  const certain = Math.max(...(await bought()).filter((number) => number <= 40)) + 1;
  await expect(viewer.total({ atLeast: certain })).toBeVisible();
  await expect(page.getByRole('button', { name: counting.en.how('repeated', certain) })).toBeVisible();
});
