/** Pages that were bought stay readable: without the service, signed out, after the object is gone; and go when told to. */
import { mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { common } from '#renderer/words/common.ts';
import { finding } from '#renderer/words/finding.ts';
import { kept } from '#renderer/words/kept.ts';
import { settingsWords } from '#renderer/words/settings.ts';
import { expectNoBarriers } from './barriers.ts';
import { makeNumberedPdf, toObject } from './documents.ts';
import { expect, startService, type Service } from './fixtures.ts';
import { test } from './keyring.ts';
import {
  AccountMenu,
  answerFolderDialog,
  BrowserPage,
  ConnectPage,
  errorCard,
  JobEntry,
  ViewerPage,
} from './screens.ts';
import { readBill } from './signed.ts';

const PAGES = 6;
const KEYS = ['--access-key-id', 'LTAIoffline', '--access-key-secret', 'offline-secret'];
const WORLD = { buckets: { papers: { objects: [toObject('plan.pdf', makeNumberedPdf(PAGES))] } } };
const words = kept.en;

/** Reads every page of the document, and finds its end. */
async function readAll(page: Page): Promise<ViewerPage> {
  const viewer = await new BrowserPage(page).openAt('oss://papers/plan.pdf');
  for (const pageNumber of [1, 4, PAGES]) {
    await viewer.goToPage(pageNumber);
    await viewer.seePage(pageNumber);
  }
  await expect(viewer.total(PAGES)).toBeVisible();
  return viewer;
}
async function openFromShelf(page: Page, name: string): Promise<ViewerPage> {
  await shelfButton(page).click();
  await page
    .getByRole('dialog')
    .getByRole('button', { name: words.open(name), exact: true })
    .click();
  const viewer = new ViewerPage(page);
  await viewer.root.waitFor();
  return viewer;
}
const shelfButton = (page: Page) => page.getByRole('button', { name: new RegExp(`^${words.shelf}`) });
const offlineCopy = (page: Page) => page.getByRole('status').filter({ hasText: words.offlineText });
const filesIn = async (folder: string): Promise<string[]> =>
  (await readdir(folder, { recursive: true }).catch(() => [])).filter((name) => name.endsWith('.png'));
/** The same service at the same address, from new. */
const startAgain = (service: Service, world: string): Promise<Service> =>
  startService(service.rootFolder, ['--port', new URL(service.endpoint).port, '--world', world, ...KEYS]);

test('pages read once open, scroll and export without the service, and are never bought again', async ({
  launch,
  serve,
  keyring,
  folder,
}) => {
  const service = await serve({ world: WORLD, args: KEYS });
  const first = await launch({ env: keyring.env });
  await new ConnectPage(first.page).connectTo(service, { name: 'Papers' });
  await readAll(first.page);
  expect((await readBill(service)).documentConverts).toBe(PAGES);
  await first.close();
  await service.stop();

  const { app, page } = await launch({ env: keyring.env, userData: first.userData });
  // The list of buckets cannot be read; its card leads to what can.
  const away = errorCard(page, 'net.refused').first();
  await expect(away.getByRole('button', { name: words.openShelf })).toBeVisible();
  const viewer = await openFromShelf(page, 'plan.pdf');
  await expect(offlineCopy(page)).toBeVisible();
  await expect(viewer.total(PAGES)).toBeVisible();
  for (const pageNumber of [PAGES, 3, 1]) {
    await viewer.goToPage(pageNumber);
    await viewer.seePage(pageNumber);
  }
  const out = path.join(folder, 'out');
  await mkdir(out);
  await answerFolderDialog(app, out);
  const dialog = await viewer.export();
  await dialog.choosePages('all');
  await dialog.chooseFolder();
  await dialog.startButton.click();
  await new JobEntry(page, 'plan.pdf').reach('done');
  expect(await filesIn(out)).toHaveLength(PAGES);

  await offlineCopy(page).getByRole('button', { name: words.checkAgain }).click();
  await expect(page.getByText(words.stillOffline)).toBeVisible();

  const back = await startAgain(service, path.join(folder, 'world-0.json'));
  try {
    await offlineCopy(page).getByRole('button', { name: words.checkAgain }).click();
    await expect(page.getByText(words.nowOnline)).toBeVisible();
    await expect(offlineCopy(page)).toHaveCount(0);
    for (const pageNumber of [1, 3, PAGES]) {
      await viewer.goToPage(pageNumber);
      await viewer.seePage(pageNumber);
    }
    expect((await readBill(back)).documentConverts).toBe(0);
  } finally {
    await back.stop();
  }
});

test('a signed-out account’s pages are read from the first screen, and pages not here are not bought', async ({
  launch,
  serve,
}) => {
  const service = await serve({ world: WORLD, args: KEYS });
  const first = await launch();
  await new ConnectPage(first.page).connectTo(service, { keep: 'session', name: 'Papers' });
  const read = await new BrowserPage(first.page).openAt('oss://papers/plan.pdf');
  await read.seePage(1);
  await expect.poll(async () => (await readBill(service)).documentConverts).toBe(3);
  await first.close();

  const { page } = await launch({ userData: first.userData });
  await expect(shelfButton(page)).toContainText(words.summary(1, 3));
  const viewer = await openFromShelf(page, 'plan.pdf');
  await viewer.seePage(1);
  await viewer.goToPage(3);
  await viewer.seePage(3);
  await viewer.goToPage(4);
  await expect(errorCard(page, 'kept.notHere').first()).toBeVisible();
  await expectNoBarriers(page, 'offline reader');
  await page.keyboard.press('Escape');
  await expect(shelfButton(page)).toBeVisible();
  expect((await readBill(service)).documentConverts).toBe(3);
});

test('of an object that is gone the pages bought before are one click away', async ({ launch, serve }) => {
  const service = await serve();
  const { page } = await launch();
  const browser = await new ConnectPage(page).connectTo(service, { keep: 'session' });
  await browser.openFolder('english', 'Crew manual.pdf');
  const viewer = await browser.open('Crew manual.pdf');
  await viewer.seePage(1);
  await expect.poll(async () => (await readBill(service)).documentConverts).toBe(3);
  await viewer.back();
  await rm(path.join(service.rootFolder, 'documents/english/Crew manual.pdf'));
  await browser.row('Crew manual.pdf').click();
  await page
    .getByRole('dialog')
    .getByRole('button', { name: words.showKept(3) })
    .click();
  await viewer.seePage(1);
  await expect(offlineCopy(page)).toBeVisible();
  await expect(page.getByRole('dialog')).toHaveCount(0);
});

test('all pages go when the person says so, and an account’s with the account', async ({ launch, serve }) => {
  const service = await serve({ world: WORLD, args: KEYS });
  const { page, userData } = await launch();
  await new ConnectPage(page).connectTo(service, { keep: 'session', name: 'Papers' });
  const browser = new BrowserPage(page);
  const viewer = await browser.openAt('oss://papers/plan.pdf');
  const onDisk = (): Promise<string[]> => filesIn(path.join(userData, 'pages'));
  await viewer.seePage(1);
  await expect.poll(async () => (await onDisk()).length).toBe(3);
  await page.keyboard.press('Escape');
  await browser.go('oss://papers/');
  await expect(browser.row('plan.pdf')).toContainText(/3 .*here/);
  await page.keyboard.press('Control+Tab');
  // What is open keeps its pages until it is closed, in a tab behind too.
  await page.keyboard.press('Control+w');

  await page.getByRole('button', { name: common.en.settings }).click();
  await page.getByRole('button', { name: settingsWords.en.parts.storage }).click();
  await page.getByRole('button', { name: words.clear }).click();
  await page.getByRole('button', { name: words.clearNow, exact: true }).click();
  await expect(page.getByText(words.cleared)).toBeVisible();
  expect(await onDisk()).toEqual([]);
  await page.keyboard.press('Escape');

  await browser.openAt('oss://papers/plan.pdf');
  await viewer.seePage(1);
  await expect.poll(async () => (await onDisk()).length).toBe(3);
  await viewer.back();
  await new AccountMenu(page).pick(common.en.removeAccount);
  await expect(page.getByText(common.en.removeText)).toBeVisible();
  await page.getByRole('button', { name: common.en.remove, exact: true }).click();
  await new ConnectPage(page).connectButton.waitFor();
  expect(await readdir(path.join(userData, 'pages'))).toEqual([]);
});

test('keeping a document offline buys the rest once, and then needs no service', async ({ launch, serve }) => {
  const service = await serve({ world: WORLD, args: KEYS });
  const { page } = await launch();
  await new ConnectPage(page).connectTo(service, { keep: 'session', name: 'Papers' });
  const browser = new BrowserPage(page);
  const viewer = await browser.openAt('oss://papers/plan.pdf');
  await viewer.seePage(1);
  await expect.poll(async () => (await readBill(service)).documentConverts).toBe(3);

  await page.getByRole('button', { name: finding.en.more }).click();
  await page.getByRole('menu').getByText(words.keepOffline, { exact: true }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByText(words.keepHere(3))).toBeVisible();
  expect((await readBill(service)).documentConverts).toBe(3);
  // A look into the file may have told how many there are.
  const keep = [words.keepNow(3, false), words.keepNow(0, true)].join('|');
  await dialog.getByRole('button', { name: new RegExp(`^(${keep})$`) }).click();
  const job = page.getByRole('article', { name: words.keepJob('plan.pdf') });
  await expect(job.getByText(words.keptNow(PAGES))).toBeVisible({ timeout: 60_000 });
  const bill = await readBill(service);
  expect(bill.snapshots.map(({ times }) => times)).toEqual(Array(PAGES).fill(1));
  await viewer.back();
  await service.stop();

  await browser.openAt('oss://papers/plan.pdf');
  await expect(offlineCopy(page)).toBeVisible();
  for (const pageNumber of [PAGES, 2, 5]) {
    await viewer.goToPage(pageNumber);
    await viewer.seePage(pageNumber);
  }
  await viewer.back();
  await shelfButton(page).click();
  await expect(page.getByRole('dialog').getByText(words.pinned, { exact: true })).toBeVisible();
});
