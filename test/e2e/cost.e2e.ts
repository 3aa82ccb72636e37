/** What reading costs, seen and held: prices, the month in the status bar, the budget, the table for spreadsheets. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { ElectronApplication, Locator, Page } from '@playwright/test';
import { ONCE_MORE } from '#contract/bill-items.ts';
import { common } from '#renderer/words/common.ts';
import { costWords } from '#renderer/words/cost.ts';
import { toErrorWords } from '#renderer/words/errors.ts';
import { settingsWords } from '#renderer/words/settings.ts';
import type { Language } from '#renderer/words/words.ts';
import { expectNoBarriers } from './barriers.ts';
import { makeNumberedPdf, toObject } from './documents.ts';
import { expect, test } from './fixtures.ts';
import { walkedIn } from './languages.ts';
import { ConnectPage, JobEntry, answerFolderDialog, closeLabel } from './screens.ts';
import { readBill } from './signed.ts';

const WORLD = { buckets: { docs: { objects: [toObject('forty.pdf', makeNumberedPdf(40))] } } };

/** Settings › Cost, opened by the figures in the status bar. */
class CostPage {
  readonly root: Locator;
  readonly words;
  constructor(
    private readonly page: Page,
    private readonly language: Language = 'en',
  ) {
    this.words = costWords[language];
    this.root = page.getByRole('dialog', { name: settingsWords[language].title });
  }

  async open(): Promise<void> {
    await this.page.getByRole('contentinfo').getByRole('button', { name: this.bought }).click();
    await this.root.getByRole('button', { name: this.words.setBudget }).waitFor();
  }
  async close(): Promise<void> {
    await this.root
      .getByRole('button', { name: closeLabel(this.language), exact: true })
      .first()
      .click();
    await this.root.waitFor({ state: 'detached' });
  }
  /** The words of the status bar that are about this month. */
  get bought(): RegExp {
    return this.language === 'en' ? /bought this month/ : /本月已购买/;
  }
  async setPrice(text: string): Promise<void> {
    await this.root.getByLabel(this.words.items.convert).fill(text);
    await this.root.getByRole('button', { name: this.words.apply }).click();
  }
  async setBudget(warnAt: string, stopAt: string): Promise<void> {
    await this.root.getByLabel(this.words.warnAt).fill(warnAt);
    await this.root.getByLabel(this.words.stopAt).fill(stopAt);
    await this.root.getByRole('button', { name: this.words.setBudget }).click();
  }
}

/** Answers the system's dialog for a file to save, which no test can click. */
async function answerSaveDialog(app: ElectronApplication, file: string): Promise<void> {
  await app.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath });
  }, file);
}

test('the month is counted as the service bills it, priced by the person, and outlives a restart', async ({
  launch,
  serve,
  folder,
}) => {
  const service = await serve({ world: WORLD });
  const { app, page, userData, close } = await launch();
  const browser = await new ConnectPage(page).connectTo(service, { keep: 'keychain' });
  const viewer = await browser.openAt('oss://docs/forty.pdf');
  await viewer.seePage(1);
  const footer = page.getByRole('contentinfo', { name: common.en.statusBar });
  const bill = async () => (await readBill(service)).documentConverts;
  // Page 1 in view, and what reading ahead has bought.
  await expect
    .poll(async () => (await footer.innerText()).includes(costWords.en.status(await bill(), null, null)))
    .toBe(true);

  const cost = new CostPage(page);
  await cost.open();
  await expect(cost.root.getByText(costWords.en.noPrice)).toBeVisible();
  await cost.setPrice('twelve');
  await expect(cost.root.getByText(costWords.en.badPrice)).toBeVisible();
  // 2,000 a thousand: two for each picture, whatever else is charged rounds to nothing.
  await cost.setPrice('2000');
  await expect(cost.root.getByText(costWords.en.noPrice)).toHaveCount(0);
  const file = path.join(folder, 'month.csv');
  await answerSaveDialog(app, file);
  await cost.root.getByRole('button', { name: costWords.en.exportCsv }).click();
  await expect(page.getByText(costWords.en.csvSaved('month.csv'))).toBeVisible();
  await cost.close();
  const bought = await bill();
  await expect(footer.getByText(costWords.en.status(bought, `¥${2 * bought}.00`, null), { exact: true })).toBeVisible();
  const rows = (await readFile(file, 'utf8')).split('\r\n').map((line) => line.split(','));
  const { getRequests, bytesOut, objects } = await readBill(service);
  const amountOf = (item: string): number => Number(rows.find((row) => row[2] === item)?.[3] ?? 0);
  expect([amountOf('convert'), amountOf('get')]).toEqual([bought, getRequests]);
  // The list of buckets is this account’s too; the key was tried before it was one.
  expect(amountOf('traffic')).toBeGreaterThan(objects[0]!.bytesOut);
  expect(amountOf('traffic')).toBeLessThan(bytesOut);
  await close();

  const again = await launch({ userData });
  await expect(
    again.page.getByText(costWords.en.status(bought, `¥${2 * bought}.00`, null), { exact: true }),
  ).toBeVisible();
});

const language = walkedIn('zh-CN');
test(`a budget warns, stops everything that buys, and lets go on once, in ${language}`, async ({
  launch,
  serve,
  folder,
}) => {
  const words = costWords[language];
  const service = await serve({ world: WORLD });
  const { app, page } = await launch({ language });
  const browser = await new ConnectPage(page, language).connectTo(service, { keep: 'session' });
  const viewer = await browser.openAt('oss://docs/forty.pdf');
  await viewer.seePage(1);
  const cost = new CostPage(page, language);
  const bill = async () => (await readBill(service)).documentConverts;
  await expect.poll(bill).toBe(3);

  await cost.open();
  await cost.setBudget('9', '5');
  await expect(cost.root.getByText(words.order)).toBeVisible();
  await expectNoBarriers(page, 'cost settings of an account');
  await cost.setBudget('3', '5');
  await cost.close();
  await expect(page.getByText(words.warnedTitle(words.pictures(3), words.pictures(5)))).toBeVisible();
  await expectNoBarriers(page, 'budget warning');

  // From the warning on only what is looked at is bought: two more fit in.
  await viewer.goToPage(20);
  await viewer.seePage(20);
  await expect(page.getByText(words.warnedTitle(words.pictures(4), words.pictures(5)))).toBeVisible();
  expect(await bill()).toBe(4);
  await viewer.goToPage(25);
  await expect(page.getByText(words.stoppedTitle(words.pictures(5)))).toBeVisible();
  await viewer.seePage(25);
  expect(await bill()).toBe(5);
  await viewer.goToPage(30);
  await expect(viewer.slot(30).getByText(words.notBought)).toBeVisible();
  expect(await bill()).toBe(5);
  // What is here still opens.
  await viewer.goToPage(1);
  await viewer.seePage(1);

  // An export stops in front of the first page that it would have to buy, and says so.
  await answerFolderDialog(app, folder);
  const dialog = await viewer.export();
  await dialog.choosePages({ range: '1-8' });
  await expect(dialog.root.getByText(words.left(words.pictures(0)))).toBeVisible();
  await dialog.chooseFolder();
  await dialog.startButton.click();
  const job = new JobEntry(page, 'forty.pdf', language);
  await job.reach('paused');
  await expect(job.root.getByText(toErrorWords({ code: 'cost.budgetReached' } as never, language).title)).toBeVisible();
  expect(await bill()).toBe(5);
  await job.root.getByRole('button', { name: words.goOnOnce(5) }).click();
  await job.reach('done');
  await expect.poll(bill).toBe(10);

  await page
    .getByRole('button', { name: words.goOnOnce(ONCE_MORE) })
    .first()
    .click();
  await viewer.goToPage(30);
  await viewer.seePage(30);
  await cost.open();
  await cost.setBudget('', '');
  await cost.close();
  await expect(page.getByText(words.stoppedTitle(words.pictures(5)))).toHaveCount(0);
  expect((await readBill(service)).snapshots.filter(({ times }) => times > 1)).toEqual([]);
});

test('the budget and the end of a temporary key speak one below the other, each to be read and used', async ({
  launch,
  serve,
}) => {
  const key = { accessKeyId: 'STS.guest', accessKeySecret: 'guest-secret', securityToken: 'guest-token' };
  const ended = { kind: 'error', status: 403, code: 'SecurityTokenExpired', key: 'forty.pdf', pages: [30] };
  const service = await serve({ world: { ...WORLD, keys: [key], misfortunes: [ended] } });
  const { app, page } = await launch();
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.setContentSize(1024, 700));
  const browser = await new ConnectPage(page).connectTo(service, { ...key, keep: 'session' });
  const viewer = await browser.openAt('oss://docs/forty.pdf');
  await viewer.seePage(1);
  await expect.poll(async () => (await readBill(service)).documentConverts).toBeGreaterThan(1);
  const cost = new CostPage(page);
  await cost.open();
  await cost.setBudget('1', '100');
  await cost.close();
  await viewer.goToPage(30);
  const news = [costWords.en.raise, common.en.enterNewToken].map((name) =>
    page.getByRole('status').filter({ has: page.getByRole('button', { name }) }),
  );
  const boxes = await Promise.all(
    news.map(async (one) => {
      await one.waitFor();
      // Nothing lies over the button.
      await one.getByRole('button').last().click({ trial: true });
      return (await one.boundingBox())!;
    }),
  );
  const [budget, token] = boxes as [(typeof boxes)[0], (typeof boxes)[0]];
  expect(budget.y + budget.height).toBeLessThanOrEqual(token.y);
  expect(budget.y).toBeGreaterThan(100);
  expect(token.y + token.height).toBeLessThan(700);
});
