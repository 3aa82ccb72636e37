/** Pages taken away as files: which, how they are named, and what is left when something stands in the way. */
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { toErrorWords } from '#renderer/words/errors.ts';
import { exporting } from '#renderer/words/export.ts';
import { kept } from '#renderer/words/kept.ts';
import { fail } from '#contract/errors.ts';
import { makeNumberedPdf, toObject } from './documents.ts';
import { type Service, expect, test } from './fixtures.ts';
import { walkedIn } from './languages.ts';
import { readBought } from './money.ts';
import { ConnectPage, type ExportPage, JobEntry, answerFolderDialog } from './screens.ts';
import { readBill, signedLink } from './signed.ts';

/** Pages of an export that takes long enough to be stopped, also where computer and service are busy. */
const LONG = 32;

/** The bytes that the service itself answers for a page. */
async function fetchPage(
  service: Service,
  bucket: string,
  key: string,
  pageNumber: number,
  target: 'png' | 'jpg',
): Promise<Buffer> {
  const process = `doc/snapshot,target_${target},source_pdf,page_${pageNumber}`;
  const answer = await fetch(signedLink(service, { bucket, key, query: [['x-oss-process', process]] }));
  expect(answer.status).toBe(200);
  return Buffer.from(await answer.arrayBuffer());
}

/** A new folder for the files of one export. */
async function makeTarget(folder: string, name = 'taken'): Promise<string> {
  const target = path.join(folder, name);
  await mkdir(target);
  return target;
}

const listed = async (folder: string): Promise<string[]> => (await readdir(folder)).sort();

/** Every file is a whole PNG: its first eight bytes and its end. */
async function expectWholePictures(folder: string): Promise<string[]> {
  const names = await listed(folder);
  for (const name of names) {
    const bytes = await readFile(path.join(folder, name));
    expect(bytes.subarray(1, 4).toString('latin1')).toBe('PNG');
    expect(bytes.subarray(-8, -4).toString('latin1')).toBe('IEND');
  }
  return names;
}

async function start(dialog: ExportPage, range: string | 'all'): Promise<void> {
  await dialog.choosePages(range === 'all' ? 'all' : { range });
  await dialog.chooseFolder();
  await expect(dialog.startButton).toBeEnabled();
  await dialog.startButton.click();
}

const language = walkedIn('en');
const words = exporting[language];

test(`a bad range is shown where it is and exports nothing, in ${language}`, async ({ launch, folder }) => {
  const { app, page } = await launch({ language });
  const browser = await new ConnectPage(page, language).trySamples();
  await browser.openFolder('english', 'Site plan HL-204-07.pdf');
  const viewer = await browser.open('Site plan HL-204-07.pdf');
  await viewer.seePage(1);
  await viewer.goToPage(2);
  await viewer.seePage(2);
  await viewer.total(2).waitFor();
  await answerFolderDialog(app, await makeTarget(folder));
  const dialog = await viewer.export();
  await dialog.chooseFolder();
  await expect(dialog.startButton).toBeEnabled();
  const box = dialog.root.getByLabel(words.rangeLabel);
  for (const [text, wrong, problem] of [
    ['', '', words.obstacle.pages],
    ['1,2-x', '2-x', words.rangeProblem['not-a-page']],
    ['all', 'all', words.rangeProblem['not-a-page']],
    ['1,,2', '', words.rangeProblem['empty-part']],
    ['-2', '-2', words.rangeProblem['no-start']],
    ['0', '0', words.rangeProblem.zero],
    ['2-1', '2-1', words.rangeProblem.backwards],
    ['1-3', '1-3', words.pastTheEnd(2)],
    ['2-2001', '2-2001', words.rangeProblem['past-the-limit']],
  ] as const) {
    await dialog.choosePages({ range: text });
    await expect(dialog.startButton).toBeDisabled();
    await expect(dialog.root.getByText(problem)).toBeVisible();
    if (text !== '') await expect(box).toHaveAttribute('aria-invalid', 'true');
    if (wrong !== '') await expect(dialog.root.locator('mark')).toHaveText(wrong);
    await box.press('Enter');
  }
  await dialog.choosePages({ range: ' 2， 1-1 ' });
  await expect(dialog.startButton).toHaveText(words.start(2));
  await expect(dialog.startButton).toBeEnabled();
  await expect(page.getByRole('article')).toHaveCount(0);
  expect(await listed(path.join(folder, 'taken'))).toEqual([]);
});

test(`files are what the service made, named in order, in ${language}`, async ({ launch, serve, folder }) => {
  const key = 'reports/2025 报告.pdf';
  const service = await serve({ world: { buckets: { docs: { objects: [toObject(key, makeNumberedPdf(12))] } } } });
  const { app, page } = await launch({ language });
  const browser = await new ConnectPage(page, language).connectTo(service, { keep: 'session' });
  const viewer = await browser.openAt(`oss://docs/${key}`);
  await viewer.seePage(1);
  await viewer.goToPage(12);
  await viewer.seePage(12);
  await viewer.total(12).waitFor();
  const target = await makeTarget(folder);
  await answerFolderDialog(app, target);

  let dialog = await viewer.export();
  await start(dialog, '1,3-5,11-');
  const job = new JobEntry(page, '2025 报告.pdf', language);
  await job.reach('done');
  const numbers = [1, 3, 4, 5, 11, 12];
  const nameOf = (number: number, format: string): string => `2025 报告-p${String(number).padStart(2, '0')}.${format}`;
  expect(await listed(target)).toEqual(numbers.map((number) => nameOf(number, 'png')));
  for (const number of numbers) {
    const bytes = await readFile(path.join(target, nameOf(number, 'png')));
    expect(bytes.equals(await fetchPage(service, 'docs', key, number, 'png'))).toBe(true);
  }

  // The other format, all pages; the folder is still the one chosen before.
  dialog = await viewer.export();
  await dialog.choosePages('all');
  await dialog.root.getByText(words.jpg, { exact: true }).click();
  await expect(dialog.startButton).toHaveText(words.start(12));
  await dialog.startButton.click();
  await expect(page.getByRole('article')).toHaveCount(2);
  await new JobEntry(page, '2025 报告.pdf', language).reach('done', 2);
  const pictures = (await listed(target)).filter((name) => name.endsWith('.jpg'));
  expect(pictures).toHaveLength(12);
  for (const number of [1, 7, 12]) {
    const bytes = await readFile(path.join(target, nameOf(number, 'jpg')));
    expect(bytes.subarray(0, 3)).toEqual(Buffer.from([0xff, 0xd8, 0xff]));
    expect(bytes.equals(await fetchPage(service, 'docs', key, number, 'jpg'))).toBe(true);
  }

  // Show in folder: the file that was written, and nothing that the page of the app could name.
  await app.evaluate(({ shell }) => {
    const shown: string[] = [];
    Object.assign(globalThis, { shown });
    shell.showItemInFolder = (file) => void shown.push(file);
  });
  await page.getByRole('button', { name: words.reveal, exact: true }).last().click();
  const shown = (): Promise<string[]> => app.evaluate(() => (globalThis as unknown as { shown: string[] }).shown);
  await expect.poll(shown).toHaveLength(1);
  expect(path.dirname((await shown())[0]!)).toBe(target);
  expect(await listed(target)).toContain(path.basename((await shown())[0]!));
  const forged = await page.evaluate(async () => {
    const { pagelens } = globalThis as unknown as { pagelens: { request(frame: unknown): Promise<unknown> } };
    return pagelens.request({ id: 'forged', name: 'exports.reveal', input: { jobId: '../../etc/passwd' } });
  });
  expect(forged).toMatchObject({ ok: false, error: { code: 'ipc.invalid' } });
  expect(await shown()).toHaveLength(1);
});

test(`files that are there are asked about, never overwritten, in ${language}`, async ({ launch, serve, folder }) => {
  const pdf = toObject('three.pdf', makeNumberedPdf(3));
  const service = await serve({ world: { buckets: { docs: { objects: [pdf] } } } });
  const { app, page } = await launch({ language });
  const browser = await new ConnectPage(page, language).connectTo(service, { keep: 'session' });
  const viewer = await browser.openAt('oss://docs/three.pdf');
  await viewer.seePage(1);
  await viewer.goToPage(3);
  await viewer.seePage(3);
  await viewer.total(3).waitFor();
  const second = 'three-p2.png';
  const cases = [
    ['skip', ['three-p1.png', second, 'three-p3.png'], 'mine'],
    ['replace', ['three-p1.png', second, 'three-p3.png'], 'theirs'],
    ['keep-both', ['three-p1.png', 'three-p2 (2).png', second, 'three-p3.png'], 'mine'],
  ] as const;
  for (const [count, [choice, names, whose]] of cases.entries()) {
    const target = await makeTarget(folder, choice);
    // Somebody's own file.
    await writeFile(path.join(target, second), 'mine');
    await answerFolderDialog(app, target);
    const dialog = await viewer.export();
    await dialog.choosePages('all');
    await dialog.root.getByRole('button', { name: count === 0 ? words.chooseFolder : words.changeFolder }).click();
    await expect(dialog.root.getByText(words.existing(1), { exact: true })).toBeVisible();
    await expect(dialog.root.getByText(words.obstacle.existing, { exact: true })).toBeVisible();
    await expect(dialog.startButton).toBeDisabled();
    await dialog.root.getByText(words.ifExists[choice], { exact: true }).click();
    await dialog.startButton.click();
    await new JobEntry(page, 'three.pdf', language).reach('done', count + 1);
    expect(await listed(target)).toEqual([...names].sort());
    const kept = await readFile(path.join(target, second));
    expect(kept.toString('latin1') === 'mine').toBe(whose === 'mine');
    const made = await fetchPage(service, 'docs', 'three.pdf', 2, 'png');
    if (choice === 'replace') expect(kept.equals(made)).toBe(true);
    if (choice === 'keep-both') expect((await readFile(path.join(target, 'three-p2 (2).png'))).equals(made)).toBe(true);
  }
});

test(`a stopped export leaves whole files only and goes on with the rest, in ${language}`, async ({
  launch,
  serve,
  folder,
}) => {
  const misfortunes = [{ kind: 'slow-conversion', ms: 400 }];
  const long = toObject('long.pdf', makeNumberedPdf(LONG));
  const service = await serve({ world: { buckets: { docs: { misfortunes, objects: [long] } } } });
  const { app, page } = await launch({ language });
  const browser = await new ConnectPage(page, language).connectTo(service, { keep: 'session' });
  const viewer = await browser.openAt('oss://docs/long.pdf');
  await viewer.seePage(1);
  const target = await makeTarget(folder);
  await answerFolderDialog(app, target);
  await start(await viewer.export(), `1-${LONG}`);
  const job = new JobEntry(page, 'long.pdf', language);
  await expect.poll(async () => (await listed(target)).length).toBeGreaterThan(3);
  await job.cancel();
  await job.reach('cancelled');
  await expect(job.root).toContainText(words.cancelledText);
  const names = await expectWholePictures(target);
  expect(names.length).toBeLessThan(LONG);
  await expect(job.root).toContainText(words.written(names.length));

  await job.button('continue').click();
  await job.reach('done');
  expect(await expectWholePictures(target)).toHaveLength(LONG);
  const bought = await readBought(service, 'long.pdf');
  expect(bought.map(({ times }) => times)).toEqual(Array.from({ length: LONG }, () => 1));
});

test(`a page that fails is listed with its reason, and Retry fills the gap, in ${language}`, async ({
  launch,
  serve,
  folder,
}) => {
  const misfortunes = [
    { kind: 'truncate', afterBytes: 300, pages: [4], times: 1 },
    { kind: 'imm', code: 'OperationFailed', message: 'the page could not be drawn', pages: [5], times: 1 },
    { kind: 'throttle', delayMs: 50, pages: [6], times: 2 },
  ];
  const six = toObject('six.pdf', makeNumberedPdf(6));
  const service = await serve({ world: { buckets: { docs: { misfortunes, objects: [six] } } } });
  const { app, page } = await launch({ language, readsFiles: false });
  const browser = await new ConnectPage(page, language).connectTo(service, { keep: 'session' });
  const viewer = await browser.openAt('oss://docs/six.pdf');
  await viewer.seePage(1);
  const target = await makeTarget(folder);
  await answerFolderDialog(app, target);
  const dialog = await viewer.export();
  // JPG, and beyond what was read ahead for the screen: every page meets its misfortune here.
  await dialog.root.getByText(words.jpg, { exact: true }).click();
  await start(dialog, '1-6');
  const job = new JobEntry(page, 'six.pdf', language);
  await job.reach('finished-with-gaps');
  const titleOf = (code: 'snapshot.unclear' | 'snapshot.refused'): string =>
    toErrorWords(fail(code, '').error, language).title;
  const gaps = job.root.getByRole('list', { name: words.failedList }).getByRole('listitem');
  await expect(gaps).toHaveText([
    new RegExp(`${words.page(4)}\\s*${titleOf('snapshot.unclear')}`),
    new RegExp(`${words.page(5)}\\s*${titleOf('snapshot.refused')}`),
  ]);
  await expect(job.root).toContainText(words.maybeCharged);
  const name = (number: number): string => `six-p000${number}.jpg`;
  expect(await listed(target)).toEqual([1, 2, 3, 6].map(name));

  await job.button('retryGaps').click();
  await job.reach('done');
  expect(await listed(target)).toEqual([1, 2, 3, 4, 5, 6].map(name));
  const bought = (await readBought(service, 'six.pdf')).filter((one) => one.target === 'jpg');
  // Page 4 was paid the first time as well: that is what the card warned of.
  expect(bought.map(({ pageNumber, times }) => [pageNumber, times]).sort()).toEqual(
    [1, 2, 3, 4, 5, 6].map((number) => [number, number === 4 ? 2 : 1]),
  );
});

test(`pages that are here in the other format are named, offered, and not bought again unasked, in ${language}`, async ({
  launch,
  serve,
  folder,
}) => {
  const objects = ['six.pdf', 'ten.pdf'].map((key, at) => toObject(key, makeNumberedPdf(at === 0 ? 6 : 10)));
  const service = await serve({ world: { buckets: { docs: { objects } } } });
  const { app, page } = await launch({ language });
  const browser = await new ConnectPage(page, language).connectTo(service, { keep: 'session' });
  const viewer = await browser.openAt('oss://docs/six.pdf');
  for (const pageNumber of [1, 4, 6]) {
    await viewer.goToPage(pageNumber);
    await viewer.seePage(pageNumber);
  }
  const bought = async (key: string): Promise<string[]> =>
    (await readBought(service, key)).map(({ pageNumber, target, times }) => `${pageNumber}.${target} ${times}`).sort();
  const asPng = [1, 2, 3, 4, 5, 6].map((pageNumber) => `${pageNumber}.png 1`);
  await expect.poll(() => bought('six.pdf')).toEqual(asPng);

  const target = await makeTarget(folder);
  await answerFolderDialog(app, target);
  const dialog = await viewer.export();
  await dialog.choosePages('all');
  await dialog.chooseFolder();
  await dialog.root.getByText(words.jpg, { exact: true }).click();
  await expect(dialog.root.getByText(kept[language].hereAs(6, 'png'))).toBeVisible();
  await expect(dialog.root.getByText(words.toBuy(6))).toBeVisible();
  await dialog.root.getByRole('button', { name: kept[language].exportAs('png') }).click();
  await expect(dialog.root.getByText(words.nothingToBuy)).toBeVisible();
  await expect(dialog.root.getByText(kept[language].hereAs(6, 'png'))).toHaveCount(0);
  await dialog.startButton.click();
  await new JobEntry(page, 'six.pdf', language).reach('done');
  expect(await expectWholePictures(target)).toHaveLength(6);
  expect(await bought('six.pdf')).toEqual(asPng);

  // The other way round: what an export brought as JPG is shown as that, and says so.
  await page.keyboard.press('Escape');
  const ten = await browser.openAt('oss://docs/ten.pdf');
  await ten.seePage(1);
  const more = await ten.export();
  await more.root.getByText(words.jpg, { exact: true }).click();
  await more.choosePages({ range: '8-9' });
  await more.startButton.click();
  await new JobEntry(page, 'ten.pdf', language).reach('done');
  await ten.goToPage(8);
  await ten.seePage(8);
  await expect(ten.slot(8).getByText(kept[language].asJpg)).toBeVisible();
  const ofEight = (await bought('ten.pdf')).filter((one) => /^[89]\./.test(one));
  expect(ofEight).toEqual(['8.jpg 1', '9.jpg 1']);
});

test(`a folder that cannot be written to, or goes away, stops the export in words, in ${language}`, async ({
  launch,
  serve,
  folder,
}) => {
  const misfortunes = [{ kind: 'slow-conversion', ms: 300 }];
  const long = toObject('long.pdf', makeNumberedPdf(12));
  const service = await serve({ world: { buckets: { docs: { misfortunes, objects: [long] } } } });
  const { app, page } = await launch({ language });
  const browser = await new ConnectPage(page, language).connectTo(service, { keep: 'session' });
  const viewer = await browser.openAt('oss://docs/long.pdf');
  await viewer.seePage(1);
  const titleOf = (code: 'file.gone' | 'file.noAccess'): string => toErrorWords(fail(code, '').error, language).title;

  // It goes away in the middle.
  const target = await makeTarget(folder);
  await answerFolderDialog(app, target);
  await start(await viewer.export(), '1-12');
  const job = new JobEntry(page, 'long.pdf', language);
  await expect.poll(async () => (await listed(target)).length).toBeGreaterThan(0);
  await rm(target, { recursive: true });
  await job.reach('failed');
  await expect(job.root).toContainText(titleOf('file.gone'));
  const { documentConverts } = await readBill(service);
  expect(documentConverts).toBeLessThan(12);
  await mkdir(target);
  await job.button('continue').click();
  await job.reach('done');
  expect((await expectWholePictures(target)).length).toBeGreaterThan(0);

  // It was gone before the start: nothing is bought for it.
  await rm(target, { recursive: true });
  const dialog = await viewer.export();
  await dialog.choosePages({ range: '1-2' });
  await expect(dialog.root.getByRole('alert').filter({ hasText: titleOf('file.gone') })).toBeVisible();
  await expect(dialog.startButton).toBeDisabled();

  // Nobody, not even root, can make files there.
  await answerFolderDialog(app, '/sys');
  await dialog.root.getByRole('button', { name: words.changeFolder }).click();
  await expect(dialog.root.getByRole('alert').filter({ hasText: titleOf('file.gone') })).toBeHidden();
  await expect(async () => {
    const isSettled = (await dialog.startButton.isEnabled()) || (await dialog.root.getByRole('alert').count()) > 0;
    expect(isSettled).toBe(true);
  }).toPass();
  if (await dialog.startButton.isEnabled()) {
    await dialog.startButton.click();
    await new JobEntry(page, 'long.pdf', language).reach('failed');
  }
  await expect(page.getByText(titleOf('file.noAccess')).first()).toBeVisible();
});

test('files have names that Windows takes, whatever the object is called', async ({ launch, serve, folder }) => {
  const thousand = `${'n'.repeat(995)}.pdf`;
  // With a page number behind it a device's name is none; alone it is.
  const odd: [key: string, name: string, template?: string][] = [
    ['CON.pdf', '_CON.png', '{name}'],
    ['folder/com1.report.pdf', '_com1.report.png', '{name}'],
    ['a/b.pdf', 'a_b.pdf.png', '{key}'],
    ['a/../../x.pdf', 'x-p1.png'],
    ['../../../etc/passwd.pdf', 'passwd-p1.png'],
    ['minutes. . .pdf', 'minutes. . -p1.png'],
    ['what<is>"this"|?*:.pdf', 'what_is__this_____-p1.png'],
    ['back\\slash.pdf', 'back_slash-p1.png'],
    ['📄 emoji 🎉.pdf', '📄 emoji 🎉-p1.png'],
    ['bell\u0007.pdf', 'bell_-p1.png'],
    ['turned \u202Efdp.pdf', 'turned _fdp-p1.png'],
    ['{page}.pdf', '{page}-p1.png'],
    ['.pdf.pdf', 'pdf-p1.png'],
    [thousand, ''],
  ];
  const pdf = makeNumberedPdf(1);
  const objects = odd.map(([key]) => toObject(key, pdf));
  const service = await serve({ world: { buckets: { odd: { objects } } } });
  const { app, page } = await launch();
  const browser = await new ConnectPage(page).connectTo(service, { keep: 'session' });
  const parent = await makeTarget(folder, 'parent');
  const target = await makeTarget(parent, 'taken');
  await answerFolderDialog(app, target);

  for (const [count, [key, name, template = '{name}-p{page}']] of odd.entries()) {
    const viewer = await browser.openAt(`oss://odd/${key}`);
    await viewer.seePage(1);
    const before = new Set(await listed(target));
    const dialog = await viewer.export();
    if (count === 0) await dialog.chooseFolder();
    const nameField = dialog.root.getByLabel(exporting.en.name);
    await nameField.fill(template);
    // However long the name is, nothing runs out of the dialog.
    const [field, frame] = [(await nameField.boundingBox())!, (await dialog.root.boundingBox())!];
    expect(field.x + field.width).toBeLessThan(frame.x + frame.width);
    await dialog.startButton.click();
    await expect(page.getByText(exporting.en.states.done, { exact: true })).toHaveCount(count + 1);
    const [made] = (await listed(target)).filter((one) => !before.has(one));
    if (name !== '') expect(made).toBe(name);
    expect(Buffer.byteLength(made!)).toBeLessThanOrEqual(255);
    // eslint-disable-next-line no-control-regex -- control characters are among what Windows refuses
    expect(made).not.toMatch(/[<>:"/\\|?*\u0000-\u001f]|[. ]$|^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i);
    await viewer.back();
    await browser.root.waitFor();
  }
  expect(await listed(parent)).toEqual(['taken']);
  await expectWholePictures(target);
});

test('Ctrl+Shift+E exports the page being read at once, to where the last export went, and overwrites nothing', async ({
  launch,
  serve,
  folder,
}) => {
  const service = await serve({
    world: { buckets: { look: { objects: [toObject('nine.pdf', makeNumberedPdf(9))] } } },
  });
  const { app, page } = await launch();
  const browser = await new ConnectPage(page).connectTo(service, { keep: 'session' });
  const viewer = await browser.openAt('oss://look/nine.pdf');
  await viewer.seePage(1);
  const target = await makeTarget(folder);

  await answerFolderDialog(app, target);
  await page.keyboard.press('Control+Shift+E');
  await expect.poll(() => listed(target)).toHaveLength(1);
  await page.keyboard.press('Control+Shift+E');
  await expect.poll(() => listed(target)).toHaveLength(2);
  await expect(page.getByRole('dialog')).toHaveCount(0);
  const written = await Promise.all(
    (await expectWholePictures(target)).map((name) => readFile(path.join(target, name))),
  );
  const made = await fetchPage(service, 'look', 'nine.pdf', 1, 'png');
  expect(written.every((bytes) => bytes.equals(made))).toBe(true);
});
