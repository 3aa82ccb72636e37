/** Documents of every format, and where a document ends, as far as anybody can know. */
import { readdir } from 'node:fs/promises';
import { exporting } from '#renderer/words/export.ts';
import { read } from '#renderer/words/read.ts';
import { makeNumberedPdf, toObject } from './documents.ts';
import { expect, test } from './fixtures.ts';
import { walkedIn } from './languages.ts';
import { readBought } from './money.ts';
import { ConnectPage, JobEntry, answerFolderDialog } from './screens.ts';
import { readBill } from './signed.ts';

test('a document of each of the seven formats opens over HTTP and shows its pages', async ({ launch, serve }) => {
  const service = await serve();
  const { page } = await launch();
  const browser = await new ConnectPage(page).connectTo(service, { keep: 'session' });
  const folders = {
    english: [
      'Annual report 2025.pdf',
      'Budget 2026.xlsx',
      'Invoice 2026-0117.doc',
      'Two more electric ferries.pptx',
      'Site plan HL-204-07.pdf',
    ],
    中文: ['服务合同（中英文）.docx', '备件库存月报.xls', '新员工培训.ppt', '1987 年通知（扫描件）.pdf'],
  };
  const seen = new Set<string>();
  for (const [folder, names] of Object.entries(folders)) {
    await browser.go(`oss://documents/${folder}/`);
    for (const name of names) {
      const viewer = await browser.open(name);
      const size = await viewer.seePage(1);
      // A page of a document, not a stray pixel: at about 150 dpi the shorter side of A5 has 870.
      expect(Math.min(size.widthPx, size.heightPx)).toBeGreaterThan(800);
      await expect(page.getByRole('alert')).toHaveCount(0);
      seen.add(name.slice(name.lastIndexOf('.') + 1));
      await viewer.back();
      await browser.root.waitFor();
    }
  }
  expect([...seen].sort()).toEqual(['doc', 'docx', 'pdf', 'ppt', 'pptx', 'xls', 'xlsx']);
});

const language = walkedIn('en');
const words = read[language];

test(`a page past the end is said in words, in ${language}, and asked for once`, async ({ launch, serve }) => {
  const world = { buckets: { ends: { objects: [toObject('nine.pdf', makeNumberedPdf(9))] } } };
  const service = await serve({ world });
  const { page } = await launch({ language, readsFiles: false });
  const browser = await new ConnectPage(page, language).connectTo(service, { keep: 'session' });
  const viewer = await browser.openAt('oss://ends/nine.pdf');
  await viewer.seePage(1);
  // The page in view and two ahead: as much as is known.
  await expect(viewer.total({ atLeast: 3 })).toBeVisible();

  await viewer.goToPage(99);
  await expect(page.getByText(words.pastEndTitle(99), { exact: true })).toBeVisible();
  await expect(page.getByText(words.pastEndSaid(9), { exact: true })).toBeVisible();
  await expect(page.getByRole('alert')).toHaveCount(0);
  await expect(viewer.pageBox).toHaveValue('1');
  // What the message says is a hint, no proof: the end stays open until the reader gets there.
  await expect(viewer.total({ atLeast: 3 })).toBeVisible();
  const asked = await readBill(service);
  expect(asked.failedRequests).toBe(1);

  await page
    .getByRole('button', { name: words.goToPage(9), exact: true })
    .or(viewer.pageBox)
    .first()
    .waitFor();
  await viewer.goToPage(9);
  await viewer.seePage(9);
  await expect(viewer.total(9)).toBeVisible();
  await expect(viewer.root.getByText(words.end(9), { exact: true }).first()).toBeVisible();
  // Pages 1 to 3, 9, and the one behind it, which may still be on its way.
  await expect.poll(async () => (await readBill(service)).documentConverts).toBe(5);
  const proven = await readBill(service);
  expect(proven.failedRequests).toBe(2);

  // Known now: no further page is asked for, however far beyond.
  await viewer.goToPage(12);
  await expect(page.getByText(words.pastEndTitle(12), { exact: true })).toBeVisible();
  await expect(page.getByText(words.pastEndKnown(9), { exact: true })).toBeVisible();
  await viewer.goToPage(2001);
  await expect(page.getByText(words.pageLimit, { exact: true })).toBeVisible();
  await viewer.goToPage(1);
  await viewer.seePage(1);
  expect((await readBill(service)).requests).toEqual(proven.requests);
});

for (const answer of ['clamp', 'blank'] as const) {
  test(`a service that answers ${answer} past the end is not trusted, in ${language}`, async ({
    launch,
    serve,
    folder,
  }) => {
    const misfortunes = [{ kind: 'past-the-end', answer }];
    const world = { buckets: { ends: { misfortunes, objects: [toObject('three.pdf', makeNumberedPdf(3))] } } };
    const service = await serve({ world });
    const { app, page } = await launch({ language, readsFiles: false });
    const browser = await new ConnectPage(page, language).connectTo(service, { keep: 'session' });
    const viewer = await browser.openAt('oss://ends/three.pdf');
    await viewer.seePage(1);
    // The first picture that repeats: the last page again, or a second blank one.
    const repeated = answer === 'clamp' ? 4 : 5;
    for (let number = 2; number <= repeated; number += 1) {
      await viewer.goToPage(number);
      await viewer.seePage(number);
    }
    await expect(viewer.slot(repeated).getByText(words.sameAsBefore(repeated), { exact: true })).toBeVisible();
    await viewer.goToPage(repeated + 1);
    const doubt = viewer.slot(repeated + 1);
    await expect(doubt.getByText(words.doubtTitle, { exact: true })).toBeVisible();
    await expect(doubt.getByText(words.doubtText(repeated), { exact: true })).toBeVisible();
    expect((await readBought(service, 'three.pdf')).length).toBe(repeated);

    // An export does not run on into the same picture for ever: it asks.
    await answerFolderDialog(app, folder);
    const dialog = await viewer.export();
    await dialog.choosePages('all');
    await dialog.root.getByText(exporting[language].jpg, { exact: true }).click();
    await dialog.chooseFolder();
    await dialog.root.getByLabel(exporting[language].openEndConfirm).check();
    await expect(dialog.startButton).toHaveText(exporting[language].startAtMost(2000));
    await dialog.startButton.click();
    const job = new JobEntry(page, 'three.pdf', language);
    await job.reach('asking');
    await expect(job.root).toContainText(exporting[language].samePicture(repeated));
    await job.button('stopHere').click();
    await job.reach('done');
    const files = (await readdir(folder)).filter((name) => name.includes('three')).sort();
    expect(files).toEqual(
      Array.from({ length: repeated - 1 }, (_, index) => `three-p${String(index + 1).padStart(4, '0')}.jpg`),
    );

    // The reader's own word: one more page, and no more than that.
    await doubt.getByRole('button', { name: words.askAnyway(repeated + 1), exact: true }).click();
    await viewer.seePage(repeated + 1);
    const pictures = (await readBought(service, 'three.pdf')).filter(({ target }) => target === 'png');
    expect(pictures.map(({ pageNumber }) => pageNumber)).toEqual(
      Array.from({ length: repeated + 1 }, (_, index) => index + 1),
    );
  });
}
