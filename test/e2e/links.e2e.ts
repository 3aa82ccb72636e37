/** Links from outside: by the system at the first start and into a running app, and dropped on the window. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { findElectron } from '#setup/electron-runtime.mjs';
import { browse } from '#renderer/words/browse.ts';
import { common } from '#renderer/words/common.ts';
import { places } from '#renderer/words/places.ts';
import { makeNumberedPdf, toObject } from './documents.ts';
import { expect, root, test } from './fixtures.ts';
import { BrowserPage, ConnectPage, errorCard, ViewerPage } from './screens.ts';

const ODD = 'a b/+ % # ? & = ’ 合同 😀/../x.pdf';
const WORLD = {
  buckets: {
    reports: {
      objects: [
        toObject('2026/q3/board.pdf', makeNumberedPdf(4)),
        toObject(ODD, makeNumberedPdf(2)),
        { key: 'no extension', base64: makeNumberedPdf(1).toString('base64') },
      ],
    },
    other: { objects: [] },
  },
};

/** What the system does with a link: starts the app once more with it. Ends when that start has handed it over. */
async function openFromSystem(userData: string, ...args: string[]): Promise<void> {
  const isRoot = process.getuid?.() === 0;
  const second = spawn(
    findElectron()!.executable,
    [...(isRoot ? ['--no-sandbox'] : []), '.', `--user-data-dir=${userData}`, '--disable-gpu', ...args],
    { cwd: root, stdio: 'ignore' },
  );
  expect((await once(second, 'exit'))[0]).toBe(0);
}

const question = (page: Page, name: string) => page.getByRole('dialog', { name: places.en.askTitle(name) });

test('a link at the first start waits on the first screen and opens after connecting', async ({ launch, serve }) => {
  const service = await serve({ world: WORLD });
  const { page } = await launch({ args: ['oss://reports/2026/q3/'] });
  await expect(page.getByText(places.en.linkWaits, { exact: true })).toBeVisible();
  await expect(page.getByText('oss://reports/2026/q3/', { exact: true })).toBeVisible();
  const browser = await new ConnectPage(page).connectTo(service, { keep: 'session' });
  await browser.row('board.pdf').waitFor();
  await expect(page.getByRole('dialog')).toHaveCount(0);
  // Followed once, not at every load of the page.
  await browser.go('oss://reports/');
  await browser.row('no extension').waitFor();
  await page.reload();
  await browser.root.waitFor();
  await expect(page.getByText(places.en.linkWaits, { exact: true })).toHaveCount(0);
});

test('links of the system open in the running app: folders at once, documents after a question', async ({
  launch,
  serve,
  folder,
}) => {
  const userData = path.join(folder, 'user-data');
  const service = await serve({ world: WORLD });
  const { page } = await launch({ userData });
  const browser = await new ConnectPage(page).connectTo(service, { keep: 'session', name: 'Team' });
  const viewer = new ViewerPage(page);

  await openFromSystem(userData, 'oss://reports/2026/q3/');
  await browser.row('board.pdf').waitFor();

  // No picture is bought and no document opened before the person has said so.
  await openFromSystem(userData, `oss://reports/${encodeURIComponent(ODD)}`);
  const odd = question(page, 'x.pdf');
  await expect(odd).toContainText(`oss://reports/${ODD}`);
  await expect(odd).toContainText(places.en.askCost('Team'));
  await expect(page.getByText(common.en.bought(0), { exact: true })).toBeVisible();
  await odd.getByRole('button', { name: common.en.cancel, exact: true }).click();
  await expect(odd).toHaveCount(0);
  await browser.row('board.pdf').waitFor();

  await openFromSystem(userData, `oss://reports/${encodeURIComponent(ODD)}`);
  await odd.getByRole('button', { name: places.en.open, exact: true }).click();
  await viewer.seePage(1);

  // Out of a document that is being read, to a folder; switches around the link are nobody's links.
  await openFromSystem(userData, '--url=oss://other/', 'oss://reports/2026/', '--oss://other/');
  await browser.row('q3').waitFor();

  await openFromSystem(userData, 'oss://reports/no%20extension');
  await question(page, 'no extension').getByRole('button', { name: places.en.open, exact: true }).click();
  await page.getByRole('dialog', { name: browse.en.typeTitle }).waitFor();
  await page.keyboard.press('Escape');
  await openFromSystem(userData, 'oss://reports/gone.pdf/');
  await page.getByText(browse.en.empty, { exact: true }).waitFor();
  await openFromSystem(userData, 'oss://reports/neither-file-nor-folder');
  await errorCard(page, 'oss.noSuchKey').waitFor();
  await page.keyboard.press('Escape');
  await openFromSystem(userData, 'oss://not_a_bucket/x');
  await expect(page.getByRole('dialog', { name: places.en.linkUnreadable })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
});

/** Drags something from outside over the window and lets it fall. */
async function drop(page: Page, data: Record<string, string>, hasFile = false): Promise<void> {
  const held = await page.evaluateHandle(
    ([items, withFile]) => {
      const transfer = new DataTransfer();
      for (const [type, value] of Object.entries(items)) transfer.setData(type, value);
      if (withFile) transfer.items.add(new File(['%PDF'], 'mine.pdf', { type: 'application/pdf' }));
      return transfer;
    },
    [data, hasFile] as const,
  );
  await page.dispatchEvent('body', 'dragover', { dataTransfer: held });
  const overlay = page.getByRole('status').filter({ hasText: hasFile ? places.en.dropFiles : places.en.dropTitle });
  await expect(overlay).toBeVisible();
  await page.dispatchEvent('body', 'drop', { dataTransfer: held });
  await expect(overlay).toHaveCount(0);
}

test('a link dropped anywhere goes there: first screen, list, document; files are refused with words', async ({
  launch,
  serve,
}) => {
  const service = await serve({ world: WORLD });
  const { page } = await launch();
  await new ConnectPage(page).connectButton.waitFor();
  await drop(page, { 'text/plain': 'oss://reports/2026/q3' });
  await expect(page.getByText(places.en.linkWaits, { exact: true })).toBeVisible();
  const browser = await new ConnectPage(page).connectTo(service, { keep: 'session' });
  await browser.row('board.pdf').waitFor();

  await drop(page, { 'text/plain': 'mine.pdf' }, true);
  await expect(page.getByText(places.en.dropFilesText)).toBeVisible();
  await browser.row('board.pdf').waitFor();
  await expect(page).toHaveURL(/^app:\/\//);

  await drop(page, { 'text/uri-list': `${service.endpoint}/reports/2026/q3/board.pdf`, 'text/plain': 'board' });
  const viewer = new ViewerPage(page);
  await viewer.seePage(1);
  await drop(page, { 'text/uri-list': `oss://reports/${encodeURIComponent(ODD)}` });
  await viewer.root.getByRole('heading', { name: 'x.pdf' }).waitFor();
  await viewer.seePage(1);
  await drop(page, { 'text/plain': 'oss://reports/' });
  await new BrowserPage(page).row('no extension').waitFor();
  await drop(page, { 'text/plain': 'nothing of ours' });
  await expect(page.getByText(places.en.dropNothing)).toBeVisible();
});
