/** Nothing serious for axe on any screen, in its full, loading and error states, in both looks. */
import path from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { browse } from '#renderer/words/browse.ts';
import { common } from '#renderer/words/common.ts';
import { commandWords } from '#renderer/words/commands.ts';
import { connect } from '#renderer/words/connect.ts';
import { finding } from '#renderer/words/finding.ts';
import { kept } from '#renderer/words/kept.ts';
import { places } from '#renderer/words/places.ts';
import { read } from '#renderer/words/read.ts';
import { networkWords } from '#renderer/words/network.ts';
import { settingsWords } from '#renderer/words/settings.ts';
import { viewing } from '#renderer/words/viewing.ts';
import { makeEncryptedPdf } from '../unit/local-oss/tiny-documents.ts';
import { makeNumberedPdf, toObject } from './documents.ts';
import { expect, test } from './fixtures.ts';
import { BrowserPage, ConnectPage, JobEntry, ViewerPage, answerFolderDialog, errorCard } from './screens.ts';

/** What axe finds that keeps people out, each as one line that says where. */
async function findBarriers(page: Page): Promise<string[]> {
  // Legacy mode runs in the page itself: the other way wants a second page, which the app does not give.
  const { violations, passes } = await new AxeBuilder({ page }).setLegacyMode().analyze();
  if (passes.length === 0) throw new Error('axe looked at nothing.');
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, impact, nodes }) => nodes.map((node) => `${impact}: ${id} at ${node.target.join(' ')}`));
}

const expectClean = (page: Page, screen: string): Promise<void> =>
  test.step(screen, async () => {
    // Things that fade in are judged when they are there.
    await page.evaluate(() =>
      Promise.all(
        document
          .getAnimations()
          .filter((animation) => animation.effect?.getComputedTiming().iterations !== Infinity)
          .map((animation) => animation.finished.catch(() => undefined)),
      ),
    );
    expect(await findBarriers(page), screen).toEqual([]);
  });

for (const theme of ['light', 'dark'] as const) {
  for (const language of ['en', 'zh-CN'] as const) {
    test(`first screen and settings, ${theme}, ${language}`, async ({ launch }) => {
      const { page } = await launch({ theme, language });
      const first = new ConnectPage(page, language);
      await first.connectButton.waitFor();
      await expectClean(page, 'first screen');
      await first.connectButton.click();
      await expect(page.getByLabel(connect[language].keyId, { exact: true })).toHaveAttribute('aria-invalid', 'true');
      await expectClean(page, 'form with errors');
      await first.fill({ accessKeyId: 'LTAInobody', accessKeySecret: 'wrong', endpoint: 'http://127.0.0.1:9' });
      await first.testButton.click();
      await expect(errorCard(page, 'net.refused', language)).toBeVisible();
      await expectClean(page, 'form whose test failed');
      await page.getByRole('button', { name: common[language].settings, exact: true }).click();
      const dialog = page.getByRole('dialog', { name: settingsWords[language].title });
      await dialog.waitFor();
      await expectClean(page, 'settings');
      await dialog.getByRole('button', { name: settingsWords[language].parts.network }).click();
      await dialog.getByText(networkWords[language].modes.manual, { exact: true }).click();
      await dialog.getByRole('checkbox', { name: networkWords[language].signIn }).check();
      await dialog.getByRole('button', { name: networkWords[language].apply, exact: true }).click();
      await dialog.getByLabel(networkWords[language].testEndpoint).fill('http://127.0.0.1:9');
      await dialog.getByRole('button', { name: networkWords[language].testRun }).click();
      await errorCard(dialog, 'net.refused', language).waitFor();
      await expectClean(page, 'network settings');
      for (const part of ['cost', 'pages', 'storage'] as const) {
        await dialog.getByRole('button', { name: settingsWords[language].parts[part], exact: true }).click();
        await expectClean(page, `${part} settings`);
      }
    });
  }

  test(`browser, ${theme}`, async ({ launch, serve }) => {
    const busy = { kind: 'latency', ms: 600_000, operations: ['ListObjectsV2'] };
    const buckets = {
      busy: { misfortunes: [busy] },
      denied: { deny: ['oss:ListObjects'] },
      empty: { objects: [] },
      mixed: {
        objects: [
          toObject('sound.pdf', makeNumberedPdf(1)),
          { key: 'large.pdf', zeros: 21 * 1024 * 1024 },
          { key: 'notes.txt', text: 'notes' },
          { key: 'no extension', text: 'what is it' },
          { key: 'frozen.docx', text: 'ice', storageClass: 'Archive' },
          { key: 'folder/inside.pdf', text: '' },
        ],
      },
    };
    const service = await serve({ world: { buckets } });
    const { page } = await launch({ theme });
    const browser = await new ConnectPage(page).connectTo(service, { keep: 'session' });
    await expectClean(page, 'no bucket chosen');
    await browser.go('oss://busy/');
    await expect(browser.list).toHaveAttribute('aria-busy', 'true');
    await expectClean(page, 'loading');
    await browser.go('oss://denied/');
    await errorCard(page, 'oss.listDenied').waitFor();
    await expectClean(page, 'denied');
    await browser.go('oss://empty/');
    await page.getByText(browse.en.empty, { exact: true }).waitFor();
    await expectClean(page, 'empty');
    await browser.go('oss://mixed/');
    await browser.onlyPreviewable.uncheck();
    await browser.row('notes.txt').waitFor();
    await expectClean(page, 'full');
    await browser.row('large.pdf').click();
    await expect(page.getByText(browse.en.tooLarge, { exact: true })).toHaveCount(2);
    await expectClean(page, 'too large');
    await browser.row('no extension').click();
    await page.getByRole('dialog', { name: browse.en.typeTitle }).waitFor();
    await expectClean(page, 'type chooser');
    await page.keyboard.press('Escape');
    await browser.filter.fill('nothing has this name');
    await page.getByText(browse.en.nothingFound, { exact: true }).waitFor();
    await expectClean(page, 'nothing found');
    await page.getByRole('button', { name: /^Account: / }).click();
    await page.getByRole('menu').waitFor();
    await expectClean(page, 'account menu');
  });

  test(`accounts, ${theme}`, async ({ launch, serve, folder }) => {
    const userData = path.join(folder, 'user-data');
    const words = common.en;
    const service = await serve();
    const { page, close } = await launch({ theme, userData });
    const name = 'Team documents';
    const browser = await new ConnectPage(page).connectTo(service, { name });
    for (const item of [words.editAccount, words.newSecret, words.removeAccount]) {
      await page.getByRole('button', { name: words.accountMenu(name) }).click();
      await page.getByRole('menu').getByText(item, { exact: true }).click();
      const dialog = page.getByRole('dialog');
      await dialog.waitFor();
      await expectClean(page, item);
      await page.keyboard.press('Escape');
      await expect(dialog).toHaveCount(0);
    }
    await browser.root.waitFor();
    await close();

    // The same account where there is no keychain.
    const bare = await launch({
      theme,
      userData,
      env: { DBUS_SESSION_BUS_ADDRESS: undefined, XDG_RUNTIME_DIR: folder },
    });
    await errorCard(bare.page, 'keychain.unavailable').waitFor();
    await expectClean(bare.page, 'account that cannot be opened');
    await bare.page.getByRole('button', { name: connect.en.otherAccount, exact: true }).click();
    await bare.page.getByRole('button', { name: connect.en.trySamples }).waitFor();
    await expect(bare.page.getByText(name, { exact: true })).toBeVisible();
    await expectClean(bare.page, 'first screen with an account');
  });

  test(`places and links, ${theme}`, async ({ launch, serve }) => {
    const words = places.en;
    const service = await serve({
      world: { buckets: { reports: { objects: [toObject('q3/nine.pdf', makeNumberedPdf(9))] } } },
    });
    const { page } = await launch({ theme, args: ['oss://reports/q3/nine.pdf'] });
    await page.getByText(words.linkWaits, { exact: true }).waitFor();
    await expectClean(page, 'a link that waits');
    const browser = await new ConnectPage(page).connectTo(service, { keep: 'session' });
    const question = page.getByRole('dialog', { name: words.askTitle('nine.pdf') });
    await question.waitFor();
    await expectClean(page, 'a link that asks');
    await question.getByRole('button', { name: words.open, exact: true }).click();
    const viewer = new ViewerPage(page);
    await viewer.seePage(1);
    await page.keyboard.press('Control+b');
    await page.getByRole('button', { name: words.pinMenu }).click();
    await page.getByRole('menu').waitFor();
    await expectClean(page, 'the star of the viewer');
    await page.keyboard.press('Escape');
    await viewer.back();
    await page.getByText(browse.en.chooseBucket, { exact: true }).waitFor();
    await expectClean(page, 'recent documents where no folder is open');
    await browser.go('oss://reports/q3/');
    await browser.row('nine.pdf').waitFor();
    const pin = page.getByRole('list', { name: words.pinned, exact: true }).getByRole('listitem').first();
    await pin.click({ button: 'right' });
    await page.getByRole('menu').waitFor();
    await expectClean(page, 'the menu of a pin');
    await page.getByRole('menuitem', { name: words.rename }).click();
    await page.getByLabel(words.newName).waitFor();
    await expectClean(page, 'a pin that is named');
    await page.keyboard.press('Escape');
    await page.evaluate(() => {
      const dataTransfer = new DataTransfer();
      dataTransfer.setData('text/plain', 'oss://reports/');
      document.body.dispatchEvent(new DragEvent('dragover', { dataTransfer, bubbles: true, cancelable: true }));
    });
    await page.getByText(words.dropTitle, { exact: true }).waitFor();
    await expectClean(page, 'a link held over the window');
  });

  test(`viewer, export, links and keys, ${theme}`, async ({ launch, serve, folder }) => {
    const buckets = {
      sound: { objects: [toObject('nine.pdf', makeNumberedPdf(9))] },
      endless: {
        misfortunes: [{ kind: 'slow-conversion', ms: 600_000 }],
        objects: [toObject('waits.pdf', makeNumberedPdf(2))],
      },
      broken: {
        misfortunes: [{ kind: 'truncate', afterBytes: 90, pages: [2] }],
        objects: [toObject('second.pdf', makeNumberedPdf(3)), toObject('locked.pdf', makeEncryptedPdf('a', 'b'))],
      },
    };
    const service = await serve({ world: { buckets } });
    const { app, page } = await launch({ theme, readsFiles: false });
    const browser = await new ConnectPage(page).connectTo(service, { keep: 'session' });

    const viewer = await browser.openAt('oss://endless/waits.pdf');
    await expect(viewer.root.getByText(read.en.slowest, { exact: true })).toBeVisible();
    await expectClean(page, 'waiting');
    await viewer.back();

    await browser.openAt('oss://broken/locked.pdf');
    await errorCard(page, 'snapshot.unreadable', 'en', { reason: 'password' }).waitFor();
    await expectClean(page, 'document that cannot be shown');
    await viewer.back();
    await browser.openAt('oss://broken/second.pdf');
    await viewer.goToPage(2);
    await errorCard(viewer.slot(2), 'snapshot.unclear').waitFor();
    await expectClean(page, 'page that failed');
    await viewer.back();

    await browser.openAt('oss://sound/nine.pdf');
    await viewer.seePage(1);
    await viewer.total({ atLeast: 3 }).waitFor();
    await expectClean(page, 'pages, end not known');
    await viewer.goToPage(99);
    await page.getByText(read.en.pastEndTitle(99), { exact: true }).waitFor();
    await expectClean(page, 'past the end');
    await page.getByRole('button', { name: /^Zoom: / }).click();
    await page.getByRole('menu').waitFor();
    await expectClean(page, 'zoom menu');
    await page.keyboard.press('Escape');
    await viewer.goToPage(9);
    await viewer.seePage(9);
    await viewer.total(9).waitFor();
    await expectClean(page, 'pages');
    await page.getByRole('button', { name: viewing.en.menu, exact: true }).click();
    await page.getByRole('menu').waitFor();
    await expectClean(page, 'view menu');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: finding.en.more, exact: true }).click();
    await page.getByRole('menu').getByText(kept.en.keepOffline, { exact: true }).click();
    await page.getByRole('dialog').waitFor();
    await expectClean(page, 'keep offline');
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toHaveCount(0);
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: commandWords.en.title }).fill(kept.en.shelf);
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: kept.en.shelf }).waitFor();
    await expectClean(page, 'shelf');
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toHaveCount(0);

    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: read.en.keysTitle }).waitFor();
    await expectClean(page, 'keys');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+Shift+S');
    const link = page.getByRole('dialog', { name: read.en.linkTitle(9) });
    await link.getByRole('button', { name: read.en.linkMake, exact: true }).click();
    await link.getByText(read.en.linkCopied, { exact: true }).waitFor();
    await expectClean(page, 'link');
    await page.keyboard.press('Escape');

    const dialog = await viewer.export();
    await expectClean(page, 'export, nothing chosen');
    await dialog.choosePages({ range: '1,x' });
    await expect(dialog.root.locator('mark')).toHaveText('x');
    await expectClean(page, 'export, bad range');
    await answerFolderDialog(app, folder);
    await dialog.choosePages({ range: '1-2' });
    await dialog.chooseFolder();
    await dialog.startButton.click();
    await new JobEntry(page, 'nine.pdf').reach('done');
    await expectClean(page, 'export that is done');
    await (await viewer.export()).choosePages({ range: '1-2' });
    await expect(dialog.root.getByText('2 files with these names')).toBeVisible();
    await expectClean(page, 'export, files are there');
    await page.keyboard.press('Escape');
    await viewer.back();

    // An export with a gap, beside the browser.
    await browser.openAt('oss://broken/second.pdf');
    await viewer.seePage(1);
    const gaps = await viewer.export();
    await gaps.root.getByText('JPG', { exact: true }).click();
    await gaps.choosePages({ range: '1-3' });
    await gaps.startButton.click();
    await new JobEntry(page, 'second.pdf').reach('finished-with-gaps');
    await viewer.back();
    await new BrowserPage(page).root.waitFor();
    await expectClean(page, 'exports');
  });
}

test('axe does find what keeps people out', async ({ launch }) => {
  const { page } = await launch();
  await new ConnectPage(page).connectButton.waitFor();
  await page.evaluate(() => {
    const nameless = document.createElement('button');
    document.querySelector('main')!.append(nameless);
  });
  expect((await findBarriers(page)).join('\n')).toContain('button-name');
});
