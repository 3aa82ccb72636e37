/** Kept pages encrypted with a key in a real keyring: nothing readable on the disk, nothing bought twice, nothing lost in silence. */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { common } from '#renderer/words/common.ts';
import { connect } from '#renderer/words/connect.ts';
import { kept } from '#renderer/words/kept.ts';
import { settingsWords } from '#renderer/words/settings.ts';
import { expectNoBarriers } from './barriers.ts';
import { makeNumberedPdf, toObject } from './documents.ts';
import { expect } from './fixtures.ts';
import { test } from './keyring.ts';
import { BrowserPage, ConnectPage, errorCard, ViewerPage } from './screens.ts';
import { readBill } from './signed.ts';

const PAGES = 6;
const NAME = 'merger plan.pdf';
const KEYS = ['--access-key-id', 'LTAIencrypt', '--access-key-secret', 'encrypt-secret'];
const WORLD = { buckets: { papers: { objects: [toObject(NAME, makeNumberedPdf(PAGES))] } } };
const words = kept.en;

async function readAll(page: Page): Promise<ViewerPage> {
  const viewer = await new BrowserPage(page).openAt(`oss://papers/${NAME}`);
  for (const pageNumber of [1, 4, PAGES]) {
    await viewer.goToPage(pageNumber);
    await viewer.seePage(pageNumber);
  }
  await expect(viewer.total(PAGES)).toBeVisible();
  return viewer;
}
async function openStorage(page: Page): Promise<void> {
  await page.getByRole('button', { name: common.en.settings, exact: true }).click();
  await page.getByRole('button', { name: settingsWords.en.parts.storage }).click();
}
const encrypt = (page: Page) => page.getByRole('checkbox', { name: words.encrypt });

/** The files of kept pages that hold one of these texts. */
async function keptFilesWith(userData: string, ...texts: string[]): Promise<{ found: string[]; read: number }> {
  const entries = await readdir(path.join(userData, 'pages'), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const found: string[] = [];
  for (const { parentPath, name } of files) {
    const bytes = await readFile(path.join(parentPath, name));
    if (texts.some((text) => bytes.includes(text))) found.push(name);
  }
  return { found, read: files.length };
}
/** What pictures and what they are of look like on a disk. */
const READABLE = ['IHDR', 'IDAT', NAME, 'papers', 'image/png'];
const keyIdOf = async (userData: string): Promise<string> => {
  const settings = JSON.parse(await readFile(path.join(userData, 'settings.json'), 'utf8')) as {
    pages: { encryption: { keyId: string } };
  };
  return settings.pages.encryption.keyId;
};

test('pages encrypted from the settings cannot be read on the disk, and open offline without being bought', async ({
  launch,
  serve,
  keyring,
}) => {
  const service = await serve({ world: WORLD, args: KEYS });
  const first = await launch({ env: keyring.env });
  await new ConnectPage(first.page).connectTo(service, { name: 'Papers' });
  await readAll(first.page);
  expect((await keptFilesWith(first.userData, ...READABLE)).found).toHaveLength(PAGES + 1);
  expect(await keyring.count()).toBe(1);
  await first.page.keyboard.press('Escape');
  await openStorage(first.page);
  await encrypt(first.page).check();
  await expect(first.page.getByText(words.allEncrypted(PAGES))).toBeVisible();
  expect(await keyring.count()).toBe(2);
  expect(await keptFilesWith(first.userData, ...READABLE)).toEqual({ found: [], read: PAGES + 1 });
  await first.close();
  const key = await keyring.lookUp(`pages-${await keyIdOf(first.userData)}`);
  expect(Buffer.from(key ?? '', 'base64')).toHaveLength(32);
  expect((await readBill(service)).documentConverts).toBe(PAGES);
  await service.stop();

  const second = await launch({ env: keyring.env, userData: first.userData });
  const { page } = second;
  await expect(errorCard(page, 'net.refused').first()).toBeVisible();
  const viewer = await new BrowserPage(page).openAt(`oss://papers/${NAME}`);
  await expect(page.getByRole('status').filter({ hasText: words.offlineText })).toBeVisible();
  for (const pageNumber of [PAGES, 3, 1]) {
    await viewer.goToPage(pageNumber);
    await viewer.seePage(pageNumber);
  }
  await page.keyboard.press('Escape');
  await openStorage(page);
  await encrypt(page).uncheck();
  await expect.poll(() => keyring.count()).toBe(1);
  expect((await keptFilesWith(first.userData, ...READABLE)).found).toHaveLength(PAGES + 1);
});

test('while the keychain is locked nothing is bought again in silence, and all is there after it', async ({
  launch,
  serve,
  keyring,
}) => {
  const service = await serve({ world: WORLD, args: KEYS });
  const first = await launch({ env: keyring.env });
  await new ConnectPage(first.page).connectTo(service, { name: 'Papers' });
  await openStorage(first.page);
  await encrypt(first.page).check();
  await expect.poll(() => keyring.count()).toBe(2);
  await first.page.keyboard.press('Escape');
  await readAll(first.page);
  expect(await keptFilesWith(first.userData, ...READABLE)).toEqual({ found: [], read: PAGES + 1 });
  await first.close();

  await keyring.lock();
  const { page } = await launch({ env: keyring.env, userData: first.userData });
  // The account opens with a secret typed for this run; the pages' key is out of reach.
  await page.getByLabel(connect.en.secretOf('Papers'), { exact: true }).fill(service.accessKeySecret);
  await page.getByRole('button', { name: connect.en.unlock, exact: true }).click();
  const browser = new BrowserPage(page);
  await browser.root.waitFor();
  await browser.go('oss://papers/');
  await openStorage(page);
  await expect(page.getByText(words.locked(PAGES))).toBeVisible();
  await expectNoBarriers(page, 'storage settings', { within: '[role="dialog"]' });
  await page.keyboard.press('Escape');
  const locked = errorCard(page, 'kept.locked', 'en', { lockedPages: PAGES, reason: 'keychain.locked' });
  // Its tab of before says so as well, with the same ways on.
  await page.getByRole('tab', { name: NAME }).click();
  await expect(locked.getByRole('button', { name: words.buyLocked })).toBeVisible();
  await page.keyboard.press('Escape');
  await browser.row(NAME).click();
  await expect(locked).toContainText('Unlock the keychain');
  await expectNoBarriers(page, 'storage settings', { within: '[role="dialog"]' });
  await locked.getByRole('button', { name: common.en.retry }).click();
  await expect(locked).toContainText('Unlock the keychain');
  await keyring.unlock();
  await locked.getByRole('button', { name: common.en.retry }).click();
  const viewer = new ViewerPage(page);
  for (const pageNumber of [1, 4, PAGES]) {
    await viewer.goToPage(pageNumber);
    await viewer.seePage(pageNumber);
  }
  expect((await readBill(service)).documentConverts).toBe(PAGES);
  expect((await keptFilesWith(first.userData, ...READABLE)).found).toEqual([]);
});

test('of a key that is gone it is said what that means, and nothing is bought before the person says so', async ({
  launch,
  serve,
  keyring,
}) => {
  const service = await serve({ world: WORLD, args: KEYS });
  const first = await launch({ env: keyring.env });
  await new ConnectPage(first.page).connectTo(service, { name: 'Papers' });
  await openStorage(first.page);
  await encrypt(first.page).check();
  await expect.poll(() => keyring.count()).toBe(2);
  await first.page.keyboard.press('Escape');
  await readAll(first.page);
  await first.close();
  await keyring.clear(`pages-${await keyIdOf(first.userData)}`);

  const { page } = await launch({ env: keyring.env, userData: first.userData });
  const browser = new BrowserPage(page);
  await browser.root.waitFor();
  await browser.go('oss://papers/');
  await browser.row(NAME).click();
  const locked = errorCard(page, 'kept.locked', 'en', { lockedPages: PAGES, reason: 'keychain.missing' });
  await expect(locked).toBeVisible();
  expect((await readBill(service)).documentConverts).toBe(PAGES);
  await locked.getByRole('button', { name: words.storage }).click();
  await expect(page.getByText(words.lost(PAGES))).toBeVisible();
  await expectNoBarriers(page, 'storage settings', { within: '[role="dialog"]' });
  await page.getByRole('button', { name: words.removeLost(PAGES) }).click();
  await expect(page.getByText(words.lostRemoved)).toBeVisible();
  await expect(page.getByText(words.lost(PAGES))).toHaveCount(0);
  expect((await keptFilesWith(first.userData)).read).toBe(0);
  await page.keyboard.press('Escape');

  await browser.row(NAME).click();
  // Where it was left.
  await new ViewerPage(page).seePage(PAGES);
  await expect.poll(async () => (await keptFilesWith(first.userData)).read).toBeGreaterThan(1);
  expect((await keptFilesWith(first.userData, ...READABLE)).found).toEqual([]);
});

test('where there is no keychain the switch stays off and says why', async ({ launch }) => {
  const { page } = await launch({ env: { DBUS_SESSION_BUS_ADDRESS: undefined, XDG_RUNTIME_DIR: '/nonexistent' } });
  await openStorage(page);
  await encrypt(page).click();
  await expect(page.getByRole('alert').filter({ hasText: words.encryptFailed['keychain.unavailable'] })).toBeVisible();
  await expect(encrypt(page)).not.toBeChecked();
});
