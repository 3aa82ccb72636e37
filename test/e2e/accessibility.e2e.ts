/** Nothing serious for axe on any screen, in its full, loading and error states, in both looks. */
import path from 'node:path';
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
import { expectNoBarriers, findBarriers } from './barriers.ts';
import { makeNumberedPdf, toObject } from './documents.ts';
import { expect, test } from './fixtures.ts';
import { BrowserPage, ConnectPage, JobEntry, ViewerPage, answerFolderDialog, errorCard } from './screens.ts';

for (const language of ['en', 'zh-CN'] as const) {
  test(`first screen and settings, ${language}`, async ({ launch }) => {
    const { page } = await launch({ language });
    const first = new ConnectPage(page, language);
    await first.connectButton.waitFor();
    await expectNoBarriers(page, 'first screen');
    await first.connectButton.click();
    await expect(page.getByLabel(connect[language].keyId, { exact: true })).toHaveAttribute('aria-invalid', 'true');
    await expectNoBarriers(page, 'form with errors');
    await first.fill({ accessKeyId: 'LTAInobody', accessKeySecret: 'wrong', endpoint: 'http://127.0.0.1:9' });
    await first.testButton.click();
    await expect(errorCard(page, 'net.refused', language)).toBeVisible();
    await expectNoBarriers(page, 'form whose test failed');
    await page.getByRole('button', { name: common[language].settings, exact: true }).click();
    const dialog = page.getByRole('dialog', { name: settingsWords[language].title });
    await dialog.waitFor();
    await expectNoBarriers(page, 'settings');
    await dialog.getByRole('button', { name: settingsWords[language].parts.network }).click();
    await dialog.getByText(networkWords[language].modes.manual, { exact: true }).click();
    await dialog.getByRole('checkbox', { name: networkWords[language].signIn }).check();
    await dialog.getByRole('button', { name: networkWords[language].apply, exact: true }).click();
    await dialog.getByLabel(networkWords[language].testEndpoint).fill('http://127.0.0.1:9');
    await dialog.getByRole('button', { name: networkWords[language].testRun }).click();
    await errorCard(dialog, 'net.refused', language).waitFor();
    await expectNoBarriers(page, 'network settings');
    for (const part of ['cost', 'pages', 'storage'] as const) {
      await dialog.getByRole('button', { name: settingsWords[language].parts[part], exact: true }).click();
      await expectNoBarriers(page, `${part} settings`);
    }
  });
}

test('browser', async ({ launch, serve }) => {
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
  const { page } = await launch();
  const browser = await new ConnectPage(page).connectTo(service, { keep: 'session' });
  await expectNoBarriers(page, 'no bucket chosen');
  await browser.go('oss://busy/');
  await expect(browser.list).toHaveAttribute('aria-busy', 'true');
  await expectNoBarriers(page, 'loading');
  await browser.go('oss://denied/');
  await errorCard(page, 'oss.listDenied').waitFor();
  await expectNoBarriers(page, 'denied');
  await browser.go('oss://empty/');
  await page.getByText(browse.en.empty, { exact: true }).waitFor();
  await expectNoBarriers(page, 'empty');
  await browser.go('oss://mixed/');
  await browser.onlyPreviewable.uncheck();
  await browser.row('notes.txt').waitFor();
  await expectNoBarriers(page, 'full');
  await browser.row('large.pdf').click();
  await expect(page.getByText(browse.en.tooLarge, { exact: true })).toHaveCount(2);
  await expectNoBarriers(page, 'too large');
  await browser.row('no extension').click();
  await page.getByRole('dialog', { name: browse.en.typeTitle }).waitFor();
  await expectNoBarriers(page, 'type chooser');
  await page.keyboard.press('Escape');
  await browser.filter.fill('nothing has this name');
  await page.getByText(browse.en.nothingFound, { exact: true }).waitFor();
  await expectNoBarriers(page, 'nothing found');
  await page.getByRole('button', { name: /^Account: / }).click();
  await page.getByRole('menu').waitFor();
  await expectNoBarriers(page, 'account menu');
});

test('accounts', async ({ launch, serve, folder }) => {
  const userData = path.join(folder, 'user-data');
  const words = common.en;
  const service = await serve();
  const { page, close } = await launch({ userData });
  const name = 'Team documents';
  const browser = await new ConnectPage(page).connectTo(service, { name });
  for (const item of [words.editAccount, words.newSecret, words.removeAccount]) {
    await page.getByRole('button', { name: words.accountMenu(name) }).click();
    await page.getByRole('menu').getByText(item, { exact: true }).click();
    const dialog = page.getByRole('dialog');
    await dialog.waitFor();
    await expectNoBarriers(page, item);
    await page.keyboard.press('Escape');
    await expect(dialog).toHaveCount(0);
  }
  await browser.root.waitFor();
  await close();

  // The same account where there is no keychain.
  const bare = await launch({
    userData,
    env: { DBUS_SESSION_BUS_ADDRESS: undefined, XDG_RUNTIME_DIR: folder },
  });
  await errorCard(bare.page, 'keychain.unavailable').waitFor();
  await expectNoBarriers(bare.page, 'account that cannot be opened');
  await bare.page.getByRole('button', { name: connect.en.otherAccount, exact: true }).click();
  await bare.page.getByRole('button', { name: connect.en.trySamples }).waitFor();
  await expect(bare.page.getByText(name, { exact: true })).toBeVisible();
  await expectNoBarriers(bare.page, 'first screen with an account');
});

test('places and links', async ({ launch, serve }) => {
  const words = places.en;
  const service = await serve({
    world: { buckets: { reports: { objects: [toObject('q3/nine.pdf', makeNumberedPdf(9))] } } },
  });
  const { page } = await launch({ args: ['oss://reports/q3/nine.pdf'] });
  await page.getByText(words.linkWaits, { exact: true }).waitFor();
  await expectNoBarriers(page, 'a link that waits');
  const browser = await new ConnectPage(page).connectTo(service, { keep: 'session' });
  const question = page.getByRole('dialog', { name: words.askTitle('nine.pdf') });
  await question.waitFor();
  await expectNoBarriers(page, 'a link that asks');
  await question.getByRole('button', { name: words.open, exact: true }).click();
  const viewer = new ViewerPage(page);
  await viewer.seePage(1);
  await page.keyboard.press('Control+b');
  await page.getByRole('button', { name: words.pinMenu }).click();
  await page.getByRole('menu').waitFor();
  await expectNoBarriers(page, 'the star of the viewer');
  await page.keyboard.press('Escape');
  await viewer.back();
  await page.getByText(browse.en.chooseBucket, { exact: true }).waitFor();
  await expectNoBarriers(page, 'recent documents where no folder is open');
  await browser.go('oss://reports/q3/');
  await browser.row('nine.pdf').waitFor();
  const pin = page.getByRole('list', { name: words.pinned, exact: true }).getByRole('listitem').first();
  await pin.click({ button: 'right' });
  await page.getByRole('menu').waitFor();
  await expectNoBarriers(page, 'the menu of a pin');
  await page.getByRole('menuitem', { name: words.rename }).click();
  await page.getByLabel(words.newName).waitFor();
  await expectNoBarriers(page, 'a pin that is named');
  await page.keyboard.press('Escape');
  await page.evaluate(() => {
    const dataTransfer = new DataTransfer();
    dataTransfer.setData('text/plain', 'oss://reports/');
    document.body.dispatchEvent(new DragEvent('dragover', { dataTransfer, bubbles: true, cancelable: true }));
  });
  await page.getByText(words.dropTitle, { exact: true }).waitFor();
  await expectNoBarriers(page, 'a link held over the window');
});

test('viewer, export, links and keys', async ({ launch, serve, folder }) => {
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
  const { app, page } = await launch({ readsFiles: false });
  const browser = await new ConnectPage(page).connectTo(service, { keep: 'session' });

  const viewer = await browser.openAt('oss://endless/waits.pdf');
  await expect(viewer.root.getByText(read.en.slowest, { exact: true })).toBeVisible();
  await expectNoBarriers(page, 'waiting');
  await viewer.back();

  await browser.openAt('oss://broken/locked.pdf');
  await errorCard(page, 'snapshot.unreadable', 'en', { reason: 'password' }).waitFor();
  await expectNoBarriers(page, 'document that cannot be shown');
  await viewer.back();
  await browser.openAt('oss://broken/second.pdf');
  await viewer.goToPage(2);
  await errorCard(viewer.slot(2), 'snapshot.unclear').waitFor();
  await expectNoBarriers(page, 'page that failed');
  await viewer.back();

  await browser.openAt('oss://sound/nine.pdf');
  await viewer.seePage(1);
  await viewer.total({ atLeast: 3 }).waitFor();
  await expectNoBarriers(page, 'pages, end not known');
  await viewer.goToPage(99);
  await page.getByText(read.en.pastEndTitle(99), { exact: true }).waitFor();
  await expectNoBarriers(page, 'past the end');
  await page.getByRole('button', { name: /^Zoom: / }).click();
  await page.getByRole('menu').waitFor();
  await expectNoBarriers(page, 'zoom menu');
  await page.keyboard.press('Escape');
  await viewer.goToPage(9);
  await viewer.seePage(9);
  await viewer.total(9).waitFor();
  await expectNoBarriers(page, 'pages');
  await page.getByRole('button', { name: viewing.en.menu, exact: true }).click();
  await page.getByRole('menu').waitFor();
  await expectNoBarriers(page, 'view menu');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: finding.en.more, exact: true }).click();
  await page.getByRole('menu').getByText(kept.en.keepOffline, { exact: true }).click();
  await page.getByRole('dialog').waitFor();
  await expectNoBarriers(page, 'keep offline');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: commandWords.en.title }).fill(kept.en.shelf);
  await page.keyboard.press('Enter');
  await page.getByRole('dialog', { name: kept.en.shelf }).waitFor();
  await expectNoBarriers(page, 'shelf');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);

  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: read.en.keysTitle }).waitFor();
  await expectNoBarriers(page, 'keys');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+Shift+S');
  const link = page.getByRole('dialog', { name: read.en.linkTitle(9) });
  await link.getByRole('button', { name: read.en.linkMake, exact: true }).click();
  await link.getByText(read.en.linkCopied, { exact: true }).waitFor();
  await expectNoBarriers(page, 'link');
  await page.keyboard.press('Escape');

  const dialog = await viewer.export();
  await expectNoBarriers(page, 'export, nothing chosen');
  await dialog.choosePages({ range: '1,x' });
  await expect(dialog.root.locator('mark')).toHaveText('x');
  await expectNoBarriers(page, 'export, bad range');
  await answerFolderDialog(app, folder);
  await dialog.choosePages({ range: '1-2' });
  await dialog.chooseFolder();
  await dialog.startButton.click();
  await new JobEntry(page, 'nine.pdf').reach('done');
  await expectNoBarriers(page, 'export that is done');
  await (await viewer.export()).choosePages({ range: '1-2' });
  await expect(dialog.root.getByText('2 files with these names')).toBeVisible();
  await expectNoBarriers(page, 'export, files are there');
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
  await expectNoBarriers(page, 'exports');
});

test('axe does find what keeps people out', async ({ launch }) => {
  const { page } = await launch();
  await new ConnectPage(page).connectButton.waitFor();
  await page.evaluate(() => {
    const nameless = document.createElement('button');
    document.querySelector('main')!.append(nameless);
  });
  expect((await findBarriers(page)).join('\n')).toContain('button-name');
});
