/** Finding things again: pins and recent documents, over a restart of the real app. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { places } from '#renderer/words/places.ts';
import { read } from '#renderer/words/read.ts';
import { makeNumberedPdf, toObject } from './documents.ts';
import { expect, test } from './fixtures.ts';
import { BrowserPage, ConnectPage, ViewerPage } from './screens.ts';

const ODD = '合同（最终版）/a+b %25 & ?#=’ 😀/季度 总结 — ending that is much too long for a narrow column.pdf';
const WORLD = {
  buckets: {
    reports: {
      objects: [
        toObject('2026/q3/board.pdf', makeNumberedPdf(12)),
        toObject('2026/q3/annual.pdf', makeNumberedPdf(6)),
        toObject(ODD, makeNumberedPdf(3)),
      ],
    },
    archive: { objects: [] },
  },
};

/** One of the sidebar's lists. */
const listOf = (page: Page, name: string): Locator => page.getByRole('list', { name, exact: true });
const lineOf = (list: Locator, name: string): Locator => list.getByRole('button', { name, exact: true });

test('a pinned folder, a pinned page and recent documents are there after a restart, each at its page', async ({
  launch,
  serve,
  folder,
}) => {
  const words = places.en;
  const userData = path.join(folder, 'user-data');
  const service = await serve({ world: WORLD });
  const first = await launch({ userData });
  const browser = await new ConnectPage(first.page).connectTo(service, { name: 'Team' });

  await browser.go('oss://reports/2026/q3/');
  await browser.row('board.pdf').waitFor();
  await first.page.getByRole('button', { name: words.pinFolder, exact: true }).click();
  await expect(lineOf(listOf(first.page, words.pinned), 'q3')).toBeVisible();

  const viewer = await browser.open('board.pdf');
  await viewer.goToPage(5);
  await viewer.seePage(5);
  await first.page.keyboard.press('Control+b');
  await expect(first.page.getByText(words.pinnedNow(words.pageOf('board.pdf', 5)))).toBeVisible();
  await viewer.goToPage(9);
  await viewer.seePage(9);
  await viewer.back();

  await browser.openAt(`oss://reports/${ODD}`);
  await viewer.goToPage(2);
  await viewer.seePage(2);
  // Left by closing the window, not by going back: the page turned last is on the disk all the same.
  await first.close();

  const second = await launch({ userData });
  const again = new BrowserPage(second.page);
  await again.root.waitFor();
  const pins = listOf(second.page, words.pinned);
  const recents = listOf(second.page, words.recent);
  await expect(pins.getByRole('listitem')).toHaveCount(2);
  const oddName = ODD.slice(ODD.lastIndexOf('/') + 1);
  await expect(recents.getByRole('listitem').first()).toContainText(oddName);

  const reopened = new ViewerPage(second.page);
  await lineOf(recents, words.pageOf('board.pdf', 9)).click();
  await reopened.seePage(9);
  await expect(reopened.pageBox).toHaveValue('9');
  await reopened.back();
  await lineOf(recents, words.pageOf(oddName, 2)).click();
  await expect(reopened.pageBox).toHaveValue('2');
  await reopened.back();

  // A pinned page leads there, whatever was read meanwhile.
  await lineOf(pins, words.pageOf('board.pdf', 5)).click();
  await expect(reopened.pageBox).toHaveValue('5');
  await reopened.seePage(5);
  await reopened.back();
  await lineOf(pins, 'q3').click();
  await again.row('annual.pdf').waitFor();

  // A row is pinned by its menu.
  await again.row('annual.pdf').click({ button: 'right' });
  await second.page.getByRole('menuitem', { name: words.pinDocument }).click();
  await expect(pins.getByRole('listitem').first()).toContainText('annual.pdf');
  await lineOf(pins, 'annual.pdf').press('Delete');
  await expect(pins.getByRole('listitem')).toHaveCount(2);

  // By keyboard: a name of one's own, the order, and away.
  await lineOf(pins, 'q3').press('F2');
  await second.page.getByLabel(words.newName).fill('三季度');
  await second.page.getByLabel(words.newName).press('Enter');
  await lineOf(pins, '三季度').press('Alt+ArrowUp');
  await expect(pins.getByRole('listitem').first()).toContainText('三季度');
  await lineOf(pins, '三季度').press('ArrowDown');
  await expect(lineOf(pins, words.pageOf('board.pdf', 5))).toBeFocused();
  await second.page.keyboard.press('Delete');
  await expect(pins.getByRole('listitem')).toHaveCount(1);
  await second.page.getByRole('button', { name: words.recentMore }).click();
  await second.page.getByRole('menuitem', { name: words.clearRecents }).click();
  await expect(recents).toHaveCount(0);
  await second.close();

  const third = await launch({ userData });
  await expect(lineOf(listOf(third.page, words.pinned), '三季度')).toBeVisible();
  await expect(listOf(third.page, words.recent)).toHaveCount(0);
});

test('a document that has changed meanwhile opens at the page it was left at and says so; a page that is gone is not claimed', async ({
  launch,
  serve,
  folder,
}) => {
  const words = places.en;
  const userData = path.join(folder, 'user-data');
  const service = await serve();
  const file = path.join(service.rootFolder, 'documents', 'changing.pdf');
  await writeFile(file, makeNumberedPdf(9));
  const first = await launch({ userData });
  const browser = await new ConnectPage(first.page).connectTo(service);
  const viewer = await browser.openAt('oss://documents/changing.pdf');
  await viewer.goToPage(6);
  await viewer.seePage(6);
  await first.close();

  await writeFile(file, makeNumberedPdf(9, { widthPoints: 500 }));
  const second = await launch({ userData });
  const recent = lineOf(listOf(second.page, words.recent), words.pageOf('changing.pdf', 6));
  await recent.click();
  const again = new ViewerPage(second.page);
  await again.seePage(6);
  await expect(second.page.getByText(words.changedSince(6))).toBeVisible();
  await second.close();

  await writeFile(file, makeNumberedPdf(3));
  const third = await launch({ userData });
  await lineOf(listOf(third.page, words.recent), words.pageOf('changing.pdf', 6)).click();
  await expect(third.page.getByText(read.en.pastEndTitle(6), { exact: true })).toBeVisible();
});
