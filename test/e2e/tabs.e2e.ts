/** Several documents open at once: a tab each, none twice, each as it was left; and the way back from one to another. */
import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { browse } from '#renderer/words/browse.ts';
import { common } from '#renderer/words/common.ts';
import { kept } from '#renderer/words/kept.ts';
import { read } from '#renderer/words/read.ts';
import { tabWords } from '#renderer/words/tabs.ts';
import { makeNumberedPdf, toObject } from './documents.ts';
import { type Service, expect } from './fixtures.ts';
import { test } from './keyring.ts';
import { Purse, readBought } from './money.ts';
import { AccountMenu, BrowserPage, ConnectPage, errorCard, ViewerPage } from './screens.ts';
import { readBill } from './signed.ts';

const WORLD = {
  buckets: {
    look: { objects: ['one.pdf', 'two.pdf'].map((key) => toObject(key, makeNumberedPdf(30))) },
  },
};

const strip = (page: Page) => page.getByRole('tablist', { name: tabWords.en.strip });
/** Pictures the service made of all documents. */
async function boughtOf(service: Service): Promise<number> {
  const lists = await Promise.all(['one.pdf', 'two.pdf'].map((key) => readBought(service, key)));
  return lists.flat().length;
}
/** Opens a document from wherever one is. */
async function dropLink(page: Page, link: string): Promise<void> {
  const dataTransfer = await page.evaluateHandle((text) => {
    const data = new DataTransfer();
    data.setData('text/plain', text);
    return data;
  }, link);
  for (const type of ['dragenter', 'dragover', 'drop']) await page.dispatchEvent('body', type, { dataTransfer });
}
const tabs = (page: Page) => strip(page).getByRole('tab');
const front = (page: Page) => strip(page).getByRole('tab', { selected: true });

test('documents open in tabs: none twice, each as it was left, and nothing is bought behind another', async ({
  launch,
  serve,
}) => {
  const service = await serve({ world: WORLD });
  const { page } = await launch();
  const browser = await new ConnectPage(page).connectTo(service, { keep: 'session' });
  await browser.go('oss://look/');
  await browser.row('two.pdf').waitFor();
  await expect(strip(page)).toHaveCount(0);
  const one = await browser.openAt('oss://look/one.pdf');
  await one.seePage(1);
  await expect(tabs(page)).toHaveText([tabWords.en.browser, 'one.pdf']);
  const purse = new Purse(service, one, 'one.pdf', 30);
  await purse.rest();
  await one.goToPage(20);
  await one.seePage(20);
  await purse.rest();

  await expect(one.pageBox).toHaveValue('20');
  // Esc is the way to the list; the document stays open.
  await page.keyboard.press('Escape');
  await expect(front(page)).toHaveText(tabWords.en.browser);
  const two = await browser.open('two.pdf');
  await two.seePage(1);
  await new Purse(service, two, 'two.pdf', 30).rest();
  await expect(tabs(page)).toHaveText([tabWords.en.browser, 'one.pdf', 'two.pdf']);

  const bought = await boughtOf(service);
  await page.keyboard.press('Control+Shift+Tab');
  await expect(front(page)).toHaveText('one.pdf');
  await one.seePage(20);
  await expect(one.pageBox).toHaveValue('20');
  await tabs(page).getByText('two.pdf').click();
  await two.seePage(1);
  expect(await boughtOf(service)).toBe(bought);

  // Opened from the list once more: its tab, at the page where it was.
  await page.keyboard.press('Escape');
  await browser.open('one.pdf');
  await expect(front(page)).toHaveText('one.pdf');
  await expect(tabs(page)).toHaveCount(3);
  await one.seePage(20);
  expect(await boughtOf(service)).toBe(bought);

  // Back: first within the document, then to the document before.
  await page.keyboard.press('Alt+ArrowLeft');
  await expect(one.pageBox).toHaveValue('1');
  await page.keyboard.press('Alt+ArrowLeft');
  await expect(front(page)).toHaveText('two.pdf');
  await page.keyboard.press('Alt+ArrowRight');
  await expect(front(page)).toHaveText('one.pdf');
  await page.keyboard.press('Alt+ArrowRight');
  await expect(one.pageBox).toHaveValue('20');

  await page.keyboard.press('Control+w');
  await expect(tabs(page)).toHaveText([tabWords.en.browser, 'two.pdf']);
  await expect(front(page)).toHaveText('two.pdf');
  await page.keyboard.press('Control+Shift+T');
  await expect(front(page)).toHaveText('one.pdf');
  await one.seePage(20);
  await tabs(page).getByText('two.pdf').click({ button: 'middle' });
  await expect(tabs(page)).toHaveText([tabWords.en.browser, 'one.pdf']);
  await page.keyboard.press('Control+w');
  await expect(strip(page)).toHaveCount(0);
  await expect(browser.list).toBeVisible();
  expect(await boughtOf(service)).toBe(bought);
});

test('a document that changed while its tab was behind is shown anew when it is opened again', async ({
  launch,
  serve,
}) => {
  const service = await serve();
  const file = path.join(service.rootFolder, 'documents', 'changing.pdf');
  await writeFile(file, makeNumberedPdf(30));
  const { page } = await launch();
  const browser = await new ConnectPage(page).connectTo(service, { keep: 'session' });
  await browser.go('oss://documents/');
  await browser.row('changing.pdf').waitFor();
  const viewer = await browser.openAt('oss://documents/changing.pdf');
  await viewer.seePage(1);
  const before = await viewer.picture(1).getAttribute('src');
  await page.keyboard.press('Escape');
  await writeFile(file, makeNumberedPdf(7));
  await browser.open('changing.pdf');
  await viewer.seePage(1);
  await expect(tabs(page)).toHaveText([tabWords.en.browser, 'changing.pdf']);
  expect(await viewer.picture(1).getAttribute('src')).not.toBe(before);
});

test('a document stays on the screen while another is opened from it, and when that cannot be', async ({
  launch,
  serve,
}) => {
  const held = { kind: 'latency', ms: 3_600_000, key: 'two.pdf', operations: ['HeadObject'], times: 1 };
  const service = await serve({ world: { ...WORLD, misfortunes: [held] } });
  const { page } = await launch();
  const browser = await new ConnectPage(page).connectTo(service, { keep: 'session' });
  await browser.go('oss://look/');
  await browser.row('two.pdf').waitFor();
  const one = await browser.openAt('oss://look/one.pdf');
  await one.seePage(1);
  await dropLink(page, 'oss://look/two.pdf');
  const cancel = page.getByRole('status').getByRole('button', { name: common.en.cancel });
  await cancel.waitFor();
  await expect(one.root).toHaveAccessibleName(read.en.pagesOf('one.pdf'));
  await expect(browser.list).toHaveCount(0);
  // Esc stops the opening, and only that.
  await page.keyboard.press('Escape');
  await expect(cancel).toHaveCount(0);
  await expect(front(page)).toHaveText('one.pdf');

  await dropLink(page, 'oss://look/gone.pdf');
  await page.getByRole('dialog', { name: 'gone.pdf' }).waitFor();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(front(page)).toHaveText('one.pdf');
  await page.keyboard.press('n');
  await expect(one.pageBox).toHaveValue('2');

  // The same document at another page is shown anew.
  const address = `${service.endpoint}/look/one.pdf?x-oss-process=doc/snapshot,target_png,source_pdf,page_20`;
  await dropLink(page, address);
  await one.seePage(20);
  await expect(one.pageBox).toHaveValue('20');

  await dropLink(page, 'oss://look/two.pdf');
  await expect(front(page)).toHaveText('two.pdf');
  await expect(one.root).toHaveAccessibleName(read.en.pagesOf('two.pdf'));
});

test('tabs are there after a restart, ask nothing until they come to the front, and say what is gone', async ({
  launch,
  serve,
  keyring,
}) => {
  const service = await serve({ world: WORLD });
  const file = path.join(service.rootFolder, 'documents', 'brief.pdf');
  await writeFile(file, makeNumberedPdf(30));
  const first = await launch({ env: keyring.env });
  const browser = await new ConnectPage(first.page).connectTo(service, { keep: 'keychain' });
  const one = await browser.openAt('oss://look/one.pdf');
  await one.seePage(1);
  const purse = new Purse(service, one, 'one.pdf', 30);
  await purse.rest();
  await one.goToPage(20);
  await one.seePage(20);
  await purse.rest();
  await first.page.keyboard.press('Escape');
  await (await browser.openAt('oss://documents/brief.pdf')).seePage(1);
  await first.page.keyboard.press('Escape');
  await (await browser.openAt('oss://look/two.pdf')).seePage(1);
  await first.page.keyboard.press('Control+w');
  const names = [tabWords.en.browser, 'one.pdf', 'brief.pdf'];
  await expect(tabs(first.page)).toHaveText(names);
  await first.close();
  await rm(file);
  const before = await readBill(service);
  const heads = async () => (await readBill(service)).requests.HeadObject ?? 0;

  const second = await launch({ env: keyring.env, userData: first.userData });
  const { page } = second;
  await expect(tabs(page)).toHaveText(names);
  await expect(front(page)).toHaveText(tabWords.en.browser);
  await new BrowserPage(page).root.waitFor();
  expect([await heads(), (await readBill(service)).documentConverts]).toEqual([
    before.requests.HeadObject,
    before.documentConverts,
  ]);

  // Walking past asks nothing; Enter opens.
  await front(page).focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await expect(tabs(page).last()).toBeFocused();
  await page.keyboard.press('ArrowLeft');
  await expect(front(page)).toHaveText(tabWords.en.browser);
  expect(await heads()).toBe(before.requests.HeadObject);
  await page.keyboard.press('Enter');
  const again = new ViewerPage(page);
  await again.seePage(20);
  await expect(again.pageBox).toHaveValue('20');
  expect([await heads(), (await readBill(service)).documentConverts]).toEqual([
    (before.requests.HeadObject ?? 0) + 1,
    before.documentConverts,
  ]);

  await tabs(page).getByText('brief.pdf').click();
  await expect(front(page)).toHaveText('brief.pdf');
  const card = errorCard(page, 'oss.noSuchKey');
  await card.waitFor();
  await page.keyboard.press('Alt+ArrowLeft');
  await expect(front(page)).toHaveText('one.pdf');
  await tabs(page).getByText('brief.pdf').click();
  await card.getByRole('button', { name: tabWords.en.closeTab }).click();
  await expect(tabs(page)).toHaveText([tabWords.en.browser, 'one.pdf']);
  await expect(front(page)).toHaveText('one.pdf');
  await second.close();
  await service.stop();

  const offline = (await launch({ env: keyring.env, userData: first.userData })).page;
  await tabs(offline).getByText('one.pdf').click();
  await new ViewerPage(offline).seePage(20);
  await expect(offline.getByRole('status').filter({ hasText: kept.en.offlineText })).toBeVisible();
});

test('the tabs of an account whose key is kept for the run only are there while it lasts, and never on the disk', async ({
  launch,
  serve,
}) => {
  const service = await serve({ world: WORLD });
  const { page, userData, close } = await launch();
  const browser = await new ConnectPage(page).connectTo(service, { keep: 'session', name: 'Guest' });
  await (await browser.openAt('oss://look/one.pdf')).seePage(1);
  await page.keyboard.press('Escape');
  const menu = new AccountMenu(page);
  await menu.pick(common.en.openSamples);
  await expect(strip(page)).toHaveCount(0);
  await browser.list.waitFor();
  await menu.pick('Guest');
  await expect(tabs(page)).toHaveText([tabWords.en.browser, 'one.pdf']);
  await close();
  const written = JSON.parse(await readFile(path.join(userData, 'places.json'), 'utf8')) as { tabs: object };
  expect(written.tabs).toEqual({});
});

test('Ctrl+L in a document leads to the path box with its path; the document stays open', async ({ launch, serve }) => {
  const service = await serve({ world: WORLD });
  const { page } = await launch();
  const browser = await new ConnectPage(page).connectTo(service, { keep: 'session' });
  const one = await browser.openAt('oss://look/one.pdf');
  await one.seePage(1);
  await one.pageBox.focus();
  await page.keyboard.press('Control+l');
  const box = page.getByLabel(browse.en.pathLabel);
  await expect(box).toBeFocused();
  await expect(box).toHaveValue('oss://look/one.pdf');
  await expect(tabs(page)).toHaveText([tabWords.en.browser, 'one.pdf']);
  // Selected, to be typed over.
  await page.keyboard.type('oss://look/two.pdf');
  await page.keyboard.press('Enter');
  await new ViewerPage(page).seePage(1);
  await expect(front(page)).toHaveText('two.pdf');
  await expect(tabs(page)).toHaveCount(3);
});
