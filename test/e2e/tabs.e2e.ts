/** Several documents open at once: a tab each, none twice, each as it was left; and the way back from one to another. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { common } from '#renderer/words/common.ts';
import { read } from '#renderer/words/read.ts';
import { tabWords } from '#renderer/words/tabs.ts';
import { makeNumberedPdf, toObject } from './documents.ts';
import { type Service, expect, test } from './fixtures.ts';
import { Purse, readBought } from './money.ts';
import { ConnectPage } from './screens.ts';

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
