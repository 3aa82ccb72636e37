/** Buckets, folders, the path box, the filter and the list of a large folder, over a service that counts every request. */
import type { Page } from '@playwright/test';
import { browse } from '#renderer/words/browse.ts';
import { connect } from '#renderer/words/connect.ts';
import { expect, test } from './fixtures.ts';
import type { Language } from '#renderer/words/words.ts';
import { walkedIn } from './languages.ts';
import { BrowserPage, ConnectPage, ViewerPage, closeLabel, errorCard } from './screens.ts';
import { makeNumberedPdf, toObject } from './documents.ts';
import { readBill, signedLink } from './signed.ts';

const LIMIT_BYTES = 20 * 1024 * 1024;
const PDF = makeNumberedPdf(3);

/** A folder with one of each kind. Dates and sizes are chosen so that no two columns give the same order. */
const MIXED = {
  region: 'cn-beijing',
  objects: [
    { key: 'reports/2025/deep/annual.pdf', text: 'x' },
    { ...toObject('first page 2.pdf', PDF), modifiedAt: '2026-03-01T00:00:00Z' },
    { key: 'first page 10.docx', zeros: 400, modifiedAt: '2026-01-01T00:00:00Z' },
    { ...toObject('untyped', PDF), modifiedAt: '2026-05-01T00:00:00Z' },
    { key: 'exactly 20 MB.pdf', zeros: LIMIT_BYTES, modifiedAt: '2026-02-01T00:00:00Z' },
    { key: 'over 20 MB.pdf', zeros: LIMIT_BYTES + 1, modifiedAt: '2026-04-01T00:00:00Z' },
    { key: 'notes.txt', text: 'words', modifiedAt: '2026-06-01T00:00:00Z' },
    { key: 'photo.jpg', zeros: 500, modifiedAt: '2025-12-01T00:00:00Z' },
  ],
};

const COUNT = 10_000;
const numbered = (index: number): string => String(index).padStart(5, '0');
/** 10,000 objects, ten answers of 1,000; every tenth is of another format. */
const MANY = {
  objects: Array.from({ length: COUNT }, (_, index) => ({
    key: `report ${numbered(index)}.${index % 10 === 9 ? 'txt' : 'pdf'}`,
    zeros: 1024 + index,
  })),
};

const language = walkedIn('zh-CN');
const words = browse[language];

test(`buckets with regions, folders, and the way back, in ${language}`, async ({ launch, serve }) => {
  const service = await serve({ world: { buckets: { mixed: MIXED } } });
  const { page } = await launch({ language });
  const browser = new BrowserPage(page, language);
  await connectTo(page, service, language);
  await expect(page.getByText(words.chooseBucket, { exact: true })).toBeVisible();
  const buckets = page.getByRole('navigation', { name: words.buckets });
  await expect(buckets.getByRole('button', { name: 'documents' })).toContainText('cn-hangzhou');
  await expect(buckets.getByRole('button', { name: 'mixed' })).toContainText('cn-beijing');

  await buckets.getByRole('button', { name: 'mixed' }).click();
  await browser.openFolder('reports', '2025');
  await browser.openFolder('2025', 'deep');
  await browser.openFolder('deep', 'annual.pdf');
  const way = page.getByRole('navigation', { name: words.way, exact: true });
  await expect(way.getByRole('listitem')).toHaveText(['mixed', 'reports', '2025', 'deep']);
  await way.getByRole('button', { name: 'reports' }).click();
  await expect(way.getByRole('listitem')).toHaveText(['mixed', 'reports']);
  await expect(browser.row('2025')).toBeVisible();

  // Up starts the keyboard on the folder one comes from, so that Enter goes back down.
  await page.getByRole('button', { name: words.up }).click();
  await expect(browser.row('reports')).toHaveAttribute('aria-selected', 'true');
  await expect(page.getByRole('button', { name: words.up })).toBeDisabled();
  await buckets.getByRole('button', { name: 'documents' }).click();
  await expect(browser.row('english')).toBeVisible();
});

test(`the path box takes a path, a link and a signed link to a page, in ${language}`, async ({ launch, serve }) => {
  const service = await serve();
  const { page } = await launch({ language });
  const browser = await new ConnectPage(page, language).connectTo(service);
  await browser.row('english').waitFor();
  const way = page.getByRole('navigation', { name: words.way, exact: true });

  await browser.go('oss://documents/english/');
  await expect(browser.row('Crew manual.pdf')).toBeVisible();
  // Without the last slash only the service can say what it is.
  await browser.go('oss://documents/中文');
  await expect(way.getByRole('listitem')).toHaveText(['documents', '中文']);

  const viewer = new ViewerPage(page, language);
  await browser.go(`${service.endpoint}/documents/english/Annual%20report%202025.pdf`);
  await viewer.seePage(1);
  await viewer.back();

  // A signed link opens at its page; its signature ran out long ago and is not used.
  const link = signedLink(service, {
    bucket: 'documents',
    key: 'english/Crew manual.pdf',
    query: [['x-oss-process', 'doc/snapshot,target_png,source_pdf,page_57']],
    signedAtMs: Date.UTC(2020, 0, 1),
  });
  await browser.go(link);
  await viewer.seePage(57);
  await expect(viewer.pageBox).toHaveValue('57');
  const { snapshots } = await readBill(service);
  const bought = snapshots.filter(({ key }) => key === 'english/Crew manual.pdf').map(({ pageNumber }) => pageNumber);
  expect(bought).toContain(57);
  expect(bought).not.toContain(1);
  await viewer.back();

  await browser.go('not an address');
  await expect(errorCard(page, 'address.invalid', language)).toBeVisible();
  await page.keyboard.press('Escape');
  await browser.go('https://other-bucket.oss-cn-hangzhou.aliyuncs.com/a.pdf');
  await expect(errorCard(page, 'address.noBucketHere', language)).toBeVisible();
  await page.keyboard.press('Escape');
  await browser.go('oss://documents/english/no such document.pdf.bak');
  await expect(errorCard(page, 'oss.noSuchKey', language)).toBeVisible();
});

test(`each row says what it is before any click, and that costs nothing, in ${language}`, async ({ launch, serve }) => {
  const service = await serve({ world: { buckets: { mixed: MIXED } }, buckets: {} });
  const { page } = await launch({ language });
  const browser = await new ConnectPage(page, language).connectTo(service);
  await expect(browser.row('over 20 MB.pdf')).toContainText(words.tooLarge);
  await expect(browser.row('exactly 20 MB.pdf')).not.toContainText(words.tooLarge);
  await expect(browser.row('untyped')).toContainText(words.askType);
  await expect(browser.onlyPreviewable).toBeChecked();
  await expect(browser.row('notes.txt')).toHaveCount(0);
  await expect(page.locator('footer').getByText(words.showing(6), { exact: true })).toBeVisible();
  await browser.onlyPreviewable.uncheck();
  await expect(browser.row('notes.txt')).toContainText(words.otherFormat);
  await expect(browser.row('photo.jpg')).toContainText(words.otherFormat);

  await browser.row('over 20 MB.pdf').click();
  await expect(page.getByRole('status').filter({ hasText: words.tooLarge })).toBeVisible();
  await browser.row('photo.jpg').click();
  const question = page.getByRole('dialog', { name: words.typeTitle });
  await expect(question).toContainText(words.typeOfOther('photo.jpg', 'jpg'));
  await question.getByRole('button', { name: closeLabel(language) }).click();
  const before = await readBill(service);
  // Connecting asks whether the key opens the door, then lists: two of ListBuckets.
  expect(before.requests).toEqual({ DescribeRegions: 1, ListBuckets: 2, ListObjectsV2: 1 });

  // A file without an extension opens once its type is chosen.
  await browser.row('untyped').click();
  await expect(question).toContainText(words.typeOfNone('untyped'));
  await expect(question.getByRole('button', { name: words.open, exact: true })).toBeDisabled();
  await question.getByText(words.types.pdf, { exact: true }).click();
  await question.getByRole('button', { name: words.open, exact: true }).click();
  await new ViewerPage(page, language).seePage(1);
  expect((await readBill(service)).snapshots).toContainEqual(
    expect.objectContaining({ key: 'untyped', pageNumber: 1, target: 'png' }),
  );
});

test(`each column sorts everything both ways, folders first, in ${language}`, async ({ launch, serve }) => {
  const service = await serve({ world: { buckets: { mixed: MIXED } }, buckets: {} });
  const { page } = await launch({ language });
  const browser = await new ConnectPage(page, language).connectTo(service);
  await browser.onlyPreviewable.uncheck();
  const [two, ten, none] = ['first page 2.pdf', 'first page 10.docx', 'untyped'];
  const [exact, over, notes, photo] = ['exactly 20 MB.pdf', 'over 20 MB.pdf', 'notes.txt', 'photo.jpg'];
  const byName = [exact, two, ten, notes, over, photo, none];
  const byDate = [notes, none, over, two, exact, ten, photo];
  const bySize = [over, exact, two, none, photo, ten, notes];
  const byType = [none, ten, photo, exact, two, over, notes];
  await expect.poll(() => browser.names()).toEqual(['reports', ...byName]);

  const head = (column: 'name' | 'modified' | 'size' | 'type') =>
    browser.list.getByRole('columnheader', { name: words.columns[column], exact: true });
  const sortBy = async (column: 'name' | 'modified' | 'size' | 'type') => {
    await head(column).getByRole('button').click();
    return { names: await browser.names(), sorted: await head(column).getAttribute('aria-sort') };
  };
  expect(await sortBy('name')).toEqual({ names: ['reports', ...[...byName].reverse()], sorted: 'descending' });
  expect(await sortBy('modified')).toEqual({ names: ['reports', ...byDate], sorted: 'descending' });
  expect(await sortBy('modified')).toEqual({ names: ['reports', ...[...byDate].reverse()], sorted: 'ascending' });
  expect(await sortBy('size')).toEqual({ names: ['reports', ...bySize], sorted: 'descending' });
  const upwards = [notes, ten, photo, two, none, exact, over];
  expect(await sortBy('size')).toEqual({ names: ['reports', ...upwards], sorted: 'ascending' });
  expect(await sortBy('type')).toEqual({ names: ['reports', ...byType], sorted: 'ascending' });
  const typesDown = [notes, exact, two, over, photo, ten, none];
  expect(await sortBy('type')).toEqual({ names: ['reports', ...typesDown], sorted: 'descending' });
});

test(`a filter typed while 10,000 objects load finds what comes later, in ${language}`, async ({ launch, serve }) => {
  // The fourth answer does not come; the person stops waiting and goes on later.
  const misfortunes = [{ kind: 'latency', ms: 600_000, operations: ['ListObjectsV2'], skip: 3, times: 1 }];
  const service = await serve({ world: { buckets: { many: { ...MANY, misfortunes } } }, buckets: {} });
  const { page } = await launch({ language });
  const browser = await new ConnectPage(page, language).connectTo(service);
  const footer = page.locator('footer');
  await expect(footer.getByText(words.loadedSoFar(3000), { exact: true })).toBeVisible();
  await browser.filter.fill('99');
  await footer.getByRole('button', { name: words.stop, exact: true }).click();
  await expect(footer.getByText(words.stoppedAt(3000), { exact: true })).toBeVisible();
  const isFound = ({ key }: { key: string }) => key.includes('99') && key.endsWith('.pdf');
  const early = MANY.objects.slice(0, 3000).filter(isFound);
  await expect(footer.getByText(words.showing(early.length), { exact: true })).toBeVisible();
  await footer.getByRole('button', { name: words.goOn, exact: true }).click();
  await expect(footer.getByText(words.allLoaded(COUNT), { exact: true })).toBeVisible();

  await expect(browser.filter).toHaveValue('99');
  const found = MANY.objects.filter(isFound).map(({ key }) => key);
  expect(found.length).toBeGreaterThan(early.length);
  await expect(footer.getByText(words.showing(found.length), { exact: true })).toBeVisible();
  expect((await browser.names()).slice(0, 3)).toEqual(found.slice(0, 3));
  await browser.filter.press('Escape');
  await expect(footer.getByText(words.showing(COUNT - COUNT / 10), { exact: true })).toBeVisible();
  expect((await readBill(service)).failedRequests).toBe(0);
});

test('10,000 objects load in ten requests and scroll to the last with few rows mounted', async ({ launch, serve }) => {
  const service = await serve({ world: { buckets: { many: MANY } }, buckets: {} });
  const { page } = await launch();
  const browser = await new ConnectPage(page).connectTo(service);
  await expect(page.locator('footer').getByText(browse.en.allLoaded(COUNT), { exact: true })).toBeVisible();
  expect((await readBill(service)).requests).toEqual({ DescribeRegions: 1, ListBuckets: 2, ListObjectsV2: 10 });
  await browser.onlyPreviewable.uncheck();
  await expect(browser.list).toHaveAttribute('aria-rowcount', String(COUNT + 1));

  // Every twentieth of the way down and the end: the rows there are on the screen, and hardly any other.
  const seen = await browser.list.evaluate(async (grid) => {
    const stops: { first: string; last: string; mounted: number; covers: boolean }[] = [];
    for (let step = 0; step <= 20; step += 1) {
      grid.scrollTop = ((grid.scrollHeight - grid.clientHeight) * step) / 20;
      await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
      const rows = [...grid.querySelectorAll('[role="row"][aria-selected]')];
      const view = grid.getBoundingClientRect();
      const top = rows[0]?.getBoundingClientRect().top ?? Infinity;
      const bottom = rows.at(-1)?.getBoundingClientRect().bottom ?? -Infinity;
      stops.push({
        first: rows[0]?.querySelector('bdi')?.textContent ?? '',
        last: rows.at(-1)?.querySelector('bdi')?.textContent ?? '',
        mounted: rows.length,
        covers: top <= view.top + 33 && bottom >= view.bottom - 1,
      });
    }
    return stops;
  });
  expect(seen[0]?.first).toBe('report 00000.pdf');
  expect(seen.at(-1)?.last).toBe('report 09999.txt');
  expect(seen.filter((stop) => !stop.covers)).toEqual([]);
  expect(Math.max(...seen.map(({ mounted }) => mounted))).toBeLessThan(50);
  await expect(browser.row('report 09999.txt')).toBeInViewport({ ratio: 0.9 });

  // By size, the largest first: over everything that is here, not over what is on the screen.
  await browser.list.getByRole('columnheader', { name: browse.en.columns.size }).getByRole('button').click();
  await browser.list.evaluate((grid) => (grid.scrollTop = 0));
  await expect.poll(async () => (await browser.names())[0]).toBe('report 09999.txt');
});

test('the keyboard alone leads from the start to a page and back', async ({ launch }) => {
  const { page } = await launch();
  const samples = page.getByRole('button', { name: connect.en.trySamples });
  await samples.waitFor();
  await tabTo(page, () => samples.evaluate((button) => button === document.activeElement));
  await page.keyboard.press('Enter');

  const browser = new BrowserPage(page);
  await browser.row('english').waitFor();
  const isInList = () => browser.list.evaluate((grid) => grid === document.activeElement);
  await tabTo(page, isInList);
  const walkTo = async (name: string): Promise<void> => {
    const row = browser.row(name);
    await row.waitFor();
    for (let steps = 0; (await row.getAttribute('aria-selected')) !== 'true'; steps += 1) {
      expect(steps, `no way to ${name}`).toBeLessThan(20);
      await page.keyboard.press('ArrowDown');
    }
    await page.keyboard.press('Enter');
  };
  await walkTo('english');
  await walkTo('Crew manual.pdf');
  const viewer = new ViewerPage(page);
  await viewer.seePage(1);
  await page.keyboard.press('Control+g');
  await page.keyboard.type('57');
  await page.keyboard.press('Enter');
  await viewer.seePage(57);
  await page.keyboard.press('Escape');

  // Back where one was: the list has the keyboard, on the row that was opened; typing a letter filters.
  await expect(browser.row('Crew manual.pdf')).toHaveAttribute('aria-selected', 'true');
  await expect.poll(isInList).toBe(true);
  await page.keyboard.type('invoice');
  await expect(browser.filter).toHaveValue('invoice');
  await expect(browser.row('Invoice 2026-0117.doc')).toBeVisible();
  await page.keyboard.press('Enter');
  await expect.poll(isInList).toBe(true);
  await page.keyboard.press('Backspace');
  await expect(browser.row('english')).toHaveAttribute('aria-selected', 'true');
});

/** Connects to a service with several buckets, which opens none of them. */
async function connectTo(
  page: Page,
  service: Parameters<ConnectPage['connectTo']>[0],
  language: Language,
): Promise<void> {
  const form = new ConnectPage(page, language);
  const { accessKeyId, accessKeySecret, endpoint } = service;
  await form.fill({ accessKeyId, accessKeySecret, endpoint });
  await form.connectButton.click();
}

/** Presses Tab until the keyboard is where it should be. */
async function tabTo(page: Page, isThere: () => Promise<boolean>): Promise<void> {
  for (let presses = 0; !(await isThere()); presses += 1) {
    expect(presses, 'Tab does not lead there').toBeLessThan(30);
    await page.keyboard.press('Tab');
  }
}
