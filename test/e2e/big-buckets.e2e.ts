/** Large folders, search below a folder, and versions of an object, over a service that counts every request. */
import { browse } from '#renderer/words/browse.ts';
import { common } from '#renderer/words/common.ts';
import { finding } from '#renderer/words/finding.ts';
import { formatDate } from '#renderer/logic/format.ts';
import { expectNoBarriers } from './barriers.ts';
import { makeNumberedPdf, toObject } from './documents.ts';
import { expect, test } from './fixtures.ts';
import { walkedIn } from './languages.ts';
import { ConnectPage, ViewerPage } from './screens.ts';
import { readBill } from './signed.ts';

const COUNT = 30_000;
/** 30,000 documents in one folder, every tenth of another format. */
const SCANS = {
  prefix: 'scans/page ',
  count: COUNT,
  suffixes: ['.pdf', '.pdf', '.pdf', '.pdf', '.pdf', '.pdf', '.pdf', '.pdf', '.pdf', '.txt'],
};
const nameOf = (n: number): string => `page ${String(n).padStart(5, '0')}${SCANS.suffixes[n % 10]!}`;

test('30,000 objects: the first rows at once, what is looked at stays put, the wheel goes on to the last', async ({
  launch,
  serve,
}) => {
  // The eleventh answer waits until somebody stops it.
  const misfortunes = [{ kind: 'latency', ms: 600_000, operations: ['ListObjectsV2'], skip: 11, times: 1 }];
  const service = await serve({ world: { buckets: { large: { generated: [SCANS], misfortunes } } }, buckets: {} });
  const { page } = await launch();
  const browser = await new ConnectPage(page).connectTo(service);
  const footer = page.locator('footer').filter({ hasText: /loaded|far|more/ });
  await browser.openFolder('scans', nameOf(0));
  await expect(footer.getByText(browse.en.loadedSoFar(10_000), { exact: true })).toBeVisible();

  // Newest first: what is loaded next belongs above everything that is here.
  await browser.list.getByRole('columnheader', { name: browse.en.columns.modified }).getByRole('button').click();
  await expect(footer.getByText(finding.en.orderCovers(10_000), { exact: true })).toBeVisible();
  await browser.list.evaluate((grid) => (grid.scrollTop = 36 * 2000));
  const seen = browser.row(nameOf(7760));
  await expect(seen).toBeInViewport();
  const before = await seen.boundingBox();
  await footer.getByRole('button', { name: browse.en.stop, exact: true }).click();
  await expect(footer.getByText(browse.en.stoppedAt(10_000), { exact: true })).toBeVisible();
  await footer.getByRole('button', { name: browse.en.goOn, exact: true }).click();
  await expect(footer.getByText(browse.en.allLoaded(COUNT), { exact: true })).toBeVisible({ timeout: 30_000 });
  expect(await seen.boundingBox()).toEqual(before);
  expect((await readBill(service)).requests.ListObjectsV2).toBe(1 + 30);

  // Back to names; the wheel moves by what it says, the scroll bar's end is the last row.
  await browser.list.getByRole('columnheader', { name: browse.en.columns.name }).getByRole('button').click();
  await expect(browser.row(nameOf(0))).toBeInViewport();
  await browser.row(nameOf(0)).hover();
  await page.mouse.wheel(0, 360);
  await expect.poll(() => browser.list.evaluate((grid) => grid.scrollTop)).toBe(360);
  await browser.list.evaluate((grid) => (grid.scrollTop = grid.scrollHeight));
  await expect(browser.row(nameOf(COUNT - 2))).toBeInViewport({ ratio: 0.9 });

  await browser.filter.fill('777');
  const found = Array.from({ length: COUNT }, (_, n) => nameOf(n)).filter((name) => /777.*pdf/.test(name));
  await expect(footer.getByText(browse.en.showing(found.length), { exact: true })).toBeVisible();
  expect((await browser.names()).slice(0, 3)).toEqual(found.slice(0, 3));
});

const language = walkedIn('zh-CN');
const words = finding[language];

test(`search below a folder says its price, counts, stops, goes on and opens what it found, in ${language}`, async ({
  launch,
  serve,
}) => {
  const misfortunes = [{ kind: 'latency', ms: 600_000, operations: ['ListObjectsV2'], skip: 4, times: 1 }];
  const objects = [toObject('contracts/2025/Annual report.pdf', makeNumberedPdf(2))];
  const generated = [
    { prefix: 'contracts/2024/page ', count: 1500 },
    { prefix: 'contracts/2026/page ', count: 1500 },
  ];
  const service = await serve({
    world: { buckets: { archive: { objects, generated, misfortunes } } },
    buckets: {},
  });
  const { page } = await launch({ language });
  const browser = await new ConnectPage(page, language).connectTo(service);
  await browser.openFolder('contracts', '2025');
  const asked = (await readBill(service)).requests;
  await browser.filter.fill('annual');
  await page.keyboard.press('Control+Shift+F');
  const dialog = page.getByRole('dialog', { name: words.searchTitle });
  await expect(dialog.getByLabel(words.searchText)).toHaveValue('annual');
  await expect(dialog).toContainText(words.searchStopAnyTime);
  // Nothing is asked before somebody has read the price and said yes.
  expect((await readBill(service)).requests).toEqual(asked);
  await dialog.getByRole('button', { name: words.searchStart, exact: true }).click();

  const footer = page.locator('footer').filter({ hasText: /LIST|requests|请求/ });
  // Two answers are here: the third one waits, until it is stopped.
  await expect(footer.getByText(words.searching(2000, 2, 1), { exact: true })).toBeVisible();
  await footer.getByRole('button', { name: browse[language].stop, exact: true }).click();
  await expect(footer.getByText(words.searchStopped(2000, 2, 1), { exact: true })).toBeVisible();
  await footer.getByRole('button', { name: words.searchGoOn, exact: true }).click();
  await expect(footer.getByText(words.searchComplete(3001, 4, 1), { exact: true })).toBeVisible();
  await expect(browser.row('Annual report.pdf')).toContainText(words.inFolder('2025/'));
  await expectNoBarriers(page, 'search');

  const viewer = await browser.open('Annual report.pdf');
  await viewer.seePage(1);
  await viewer.back();
  await expect(browser.row('Annual report.pdf')).toHaveAttribute('aria-selected', 'true');
  // From what was found to where it lies.
  await browser.row('Annual report.pdf').click({ button: 'right' });
  await page.getByRole('menuitem', { name: words.showInFolder }).click();
  const way = page.getByRole('navigation', { name: browse[language].way, exact: true });
  await expect(way.getByRole('listitem')).toHaveText(['archive', 'contracts', '2025']);
  await expect(browser.row('Annual report.pdf')).toHaveAttribute('aria-selected', 'true');
  await page.getByRole('button', { name: words.backToResults(1) }).click();
  await expect(browser.row('Annual report.pdf')).toContainText(words.inFolder('2025/'));
  await page.keyboard.press('Escape');
});

test(`the versions of an object, and an old one as a document of its own, in ${language}`, async ({
  launch,
  serve,
}) => {
  const ids = ['3', '2', '1'].map((n) => `CAEQ${n.repeat(24)}`);
  const at = (day: number): string => `2026-01-0${day}T03:04:05.000Z`;
  const pdf = (pages: number): string => makeNumberedPdf(pages).toString('base64');
  const versions = [
    { versionId: ids[0], base64: pdf(3), modifiedAt: at(3) },
    { versionId: ids[1], deleteMarker: true, modifiedAt: at(2) },
    { versionId: ids[2], base64: pdf(1), modifiedAt: at(1), storageClass: 'IA' },
  ];
  const objects = [{ key: 'plan.pdf', versions }, toObject('plain.pdf', makeNumberedPdf(1))];
  const service = await serve({ world: { buckets: { kept: { versioning: 'Enabled', objects } } }, buckets: {} });
  const { page } = await launch({ language });
  const browser = await new ConnectPage(page, language).connectTo(service);
  await browser.row('plan.pdf').waitFor();
  expect((await readBill(service)).requests.ListObjectVersions).toBe(undefined);

  // By keyboard alone: down to the row, its versions, down to the old one, Enter.
  await browser.list.focus();
  await page.keyboard.press('End');
  await expect(browser.row('plan.pdf')).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('Control+h');
  const dialog = page.getByRole('dialog', { name: words.versionsTitle });
  const lines = dialog.getByRole('listitem');
  await expect(lines).toHaveCount(3);
  await expect(lines.nth(0)).toContainText(words.versionLatest);
  await expect(lines.nth(1)).toContainText(words.versionDeleted);
  await expect(lines.nth(1).getByRole('button')).toHaveCount(0);
  await expect(lines.nth(2)).toContainText(words.storageClasses.IA);
  await expectNoBarriers(page, 'versions');
  await page.keyboard.press('Escape');
  await expect.poll(() => browser.list.evaluate((grid) => grid === document.activeElement)).toBe(true);
  await page.keyboard.press('Control+h');
  await expect(lines.nth(0).getByRole('button')).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');

  const viewer = new ViewerPage(page, language);
  await viewer.seePage(1);
  await expect(viewer.root.getByText(words.versionOf(formatDate(at(1), language)))).toBeVisible();
  const bought = (await readBill(service)).snapshots.map(({ versionId }) => versionId);
  expect(new Set(bought)).toEqual(new Set([ids[2]]));

  // From the document to the current version, which is another document.
  await page.keyboard.press('Control+h');
  await expect(lines.nth(2)).toContainText(words.versionShown);
  await lines.nth(0).getByRole('button').click();
  await expect(viewer.root.getByText(words.versionOf(formatDate(at(3), language)))).toBeVisible();
  await viewer.seePage(1);
  await viewer.back();
  await expect(browser.row('plan.pdf')).toHaveAttribute('aria-selected', 'true');

  // An object without versions says so.
  await browser.row('plain.pdf').click({ button: 'right' });
  await page.getByRole('menuitem', { name: words.versions }).click();
  await expect(dialog).toContainText(words.versionsUnversioned);
  await dialog.getByRole('button', { name: common[language].close }).last().click();
});

test(`a service that ignores the version is found out, in ${language}`, async ({ launch, serve }) => {
  const versions = ['2', '1'].map((n) => ({
    versionId: `CAEQ${n.repeat(24)}`,
    base64: makeNumberedPdf(Number(n)).toString('base64'),
    modifiedAt: `2026-01-0${n}T03:04:05Z`,
  }));
  const bucket = (silent: boolean): object => ({
    versioning: 'Enabled',
    objects: [{ key: 'plan.pdf', versions }],
    misfortunes: [{ kind: 'ignore-version', silent }],
  });
  const service = await serve({ world: { buckets: { says: bucket(false), silent: bucket(true) } }, buckets: {} });
  const { page } = await launch({ language });
  const connect = new ConnectPage(page, language);
  const browser = await connect.connectTo(service);
  const viewer = new ViewerPage(page, language);
  const openOld = async (name: string): Promise<void> => {
    await browser.row(name).click({ button: 'right' });
    await page.getByRole('menuitem', { name: words.versions }).click();
    await page.getByRole('dialog').getByRole('listitem').nth(1).getByRole('button').click();
    await viewer.seePage(1);
  };

  await browser.go('oss://says/');
  await openOld('plan.pdf');
  await expect(page.getByRole('alert').filter({ hasText: words.otherVersionTitle })).toBeVisible();
  await expectNoBarriers(page, 'an older version');
  await viewer.back();

  // Where the service says nothing, pages that equal the current version's are all there is to go by.
  await browser.go('oss://silent/');
  await browser.open('plan.pdf');
  await viewer.seePage(1);
  await expect(page.getByText(words.sameVersionTitle)).toHaveCount(0);
  await viewer.back();
  await openOld('plan.pdf');
  await expect(page.getByText(words.sameVersionTitle)).toBeVisible();
});
