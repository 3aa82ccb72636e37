/** The screens as a person meets them: by role and by the app's own words, in either language. */
import { type ElectronApplication, type Locator, type Page, expect } from '@playwright/test';
import { type AppError, type ErrorCode, fail } from '#contract/errors.ts';
import { browse } from '#renderer/words/browse.ts';
import { common } from '#renderer/words/common.ts';
import { connect } from '#renderer/words/connect.ts';
import { counting } from '#renderer/words/count.ts';
import { toErrorWords } from '#renderer/words/errors.ts';
import { exporting } from '#renderer/words/export.ts';
import { read } from '#renderer/words/read.ts';
import type { Language } from '#renderer/words/words.ts';
import type { Service } from './fixtures.ts';

/** What a person types to connect to a running local-oss. */
export interface KeyForm {
  accessKeyId: string;
  accessKeySecret: string;
  endpoint: string;
  securityToken?: string;
  /** As a date box takes it: local time, `2026-01-15T08:30`. */
  tokenEnds?: string;
  scope?: string;
  name?: string;
  keep?: 'keychain' | 'session';
}

/** The first screen. */
export class ConnectPage {
  private readonly words;
  constructor(
    readonly page: Page,
    private readonly language: Language = 'en',
  ) {
    this.words = connect[language];
  }

  async trySamples(): Promise<BrowserPage> {
    await this.page.getByRole('button', { name: this.words.trySamples }).click();
    const browser = new BrowserPage(this.page, this.language);
    await browser.list.waitFor();
    return browser;
  }

  async fill(form: KeyForm): Promise<void> {
    const { page, words } = this;
    await page.getByLabel(words.keyId, { exact: true }).fill(form.accessKeyId);
    await page.getByLabel(words.secret, { exact: true }).fill(form.accessKeySecret);
    const endpoint = page.getByLabel(words.endpointLabel);
    if (!(await endpoint.isVisible())) await page.getByText(words.endpoint, { exact: true }).click();
    await endpoint.fill(form.endpoint);
    if (form.securityToken !== undefined) {
      await page.getByText(words.ways.temporary, { exact: true }).click();
      const token = page.getByLabel(words.token, { exact: true });
      await token.fill(form.securityToken);
      if (form.tokenEnds !== undefined) await page.getByLabel(words.tokenEnds).fill(form.tokenEnds);
    }
    if (form.scope !== undefined) await page.getByLabel(words.scope).fill(form.scope);
    if (form.name !== undefined) await page.getByLabel(words.name, { exact: true }).fill(form.name);
    if (form.keep === 'session') await page.getByText(words.keepSession, { exact: true }).click();
  }

  get testButton(): Locator {
    return this.page.getByRole('button', { name: this.words.test, exact: true });
  }
  get connectButton(): Locator {
    return this.page.getByRole('button', { name: this.words.connect, exact: true });
  }

  /** Chooses the way of signing in; what belongs to the others is not asked for. */
  async choose(way: keyof (typeof connect)['en']['ways']): Promise<void> {
    await this.page.getByText(this.words.ways[way], { exact: true }).click();
  }

  /** What the last test of the key found out. */
  get report(): Locator {
    return this.page.getByRole('status').filter({ hasText: this.words.testGood });
  }

  /** Fills the form with a running service's key and connects. */
  async connectTo(service: Service, more: Partial<KeyForm> = {}): Promise<BrowserPage> {
    await this.fill({ ...toForm(service), ...more });
    await this.connectButton.click();
    const browser = new BrowserPage(this.page, this.language);
    // With several buckets none is opened yet, and there is no list.
    await browser.root.waitFor();
    return browser;
  }
}

/** The form's content for a running service. */
export const toForm = (service: Service): KeyForm => ({
  accessKeyId: service.accessKeyId,
  accessKeySecret: service.accessKeySecret,
  endpoint: service.endpoint,
});

/** Buckets, folders and documents. */
export class BrowserPage {
  readonly root: Locator;
  readonly list: Locator;
  private readonly words;
  constructor(
    readonly page: Page,
    private readonly language: Language = 'en',
  ) {
    this.words = browse[language];
    this.root = page.getByRole('main', { name: this.words.screen });
    this.list = page.getByRole('grid');
  }

  row(name: string): Locator {
    return this.list.getByRole('row').filter({ hasText: name });
  }
  get rows(): Locator {
    return this.list.getByRole('row');
  }

  /** The names of the rows that are mounted, from the top. */
  names(): Promise<string[]> {
    return this.list.getByRole('gridcell').locator('bdi').allTextContents();
  }

  /** Opens a bucket or folder by its name and waits for what is in it. */
  async openFolder(name: string, holds: string): Promise<void> {
    await this.row(name).click();
    await this.row(holds).waitFor();
  }

  async open(name: string): Promise<ViewerPage> {
    await this.row(name).click();
    const viewer = new ViewerPage(this.page, this.language);
    await viewer.root.waitFor();
    return viewer;
  }

  get filter(): Locator {
    return this.page.getByLabel(this.words.filterLabel, { exact: true });
  }
  get onlyPreviewable(): Locator {
    return this.page.getByRole('checkbox', { name: this.words.documentsOnly });
  }

  /** Opens a document by its address. */
  async openAt(address: string): Promise<ViewerPage> {
    await this.go(address);
    const viewer = new ViewerPage(this.page, this.language);
    await viewer.root.waitFor();
    return viewer;
  }

  /** Types an address into the path box. */
  async go(address: string): Promise<void> {
    await this.page.keyboard.press('Control+l');
    const box = this.page.getByLabel(this.words.pathLabel);
    await box.fill(address);
    await box.press('Enter');
  }
}

/** The account in use: the chip in the header, and its menu. */
export class AccountMenu {
  constructor(
    readonly page: Page,
    private readonly language: Language = 'en',
  ) {}

  get chip(): Locator {
    const [before, after] = common[this.language].accountMenu('|').split('|') as [string, string];
    const startOrEnd = before === '' ? after : before;
    return this.page.getByRole('button', { name: startOrEnd });
  }
  /** Opens the menu and picks a line by its words: an account's name or something to do. */
  async pick(line: string): Promise<void> {
    await this.chip.click();
    await this.page.getByRole('menu').getByText(line, { exact: true }).click();
  }
}

/** An open document. */
export class ViewerPage {
  readonly root: Locator;
  readonly words;
  constructor(
    readonly page: Page,
    readonly language: Language = 'en',
  ) {
    this.words = read[language];
    // The browser, kept alive underneath, is inert and has no role meanwhile.
    this.root = page.getByRole('main', { name: this.words.pagesOf('') });
  }

  slot(pageNumber: number): Locator {
    return this.root.locator(`section[data-page="${pageNumber}"]`);
  }
  picture(pageNumber: number): Locator {
    return this.root.getByRole('img', { name: this.words.pictureAlt(pageNumber) });
  }
  /** The picture is on the screen: loaded, decoded, with a size. */
  async seePage(pageNumber: number): Promise<{ widthPx: number; heightPx: number }> {
    const picture = this.picture(pageNumber);
    await picture.waitFor({ timeout: 60_000 });
    await expect
      .poll(() => picture.evaluate((image: HTMLImageElement) => image.complete && image.naturalWidth > 0))
      .toBe(true);
    return picture.evaluate((image: HTMLImageElement) => ({
      widthPx: image.naturalWidth,
      heightPx: image.naturalHeight,
    }));
  }
  get pageBox(): Locator {
    return this.page.getByLabel(this.words.pageBox);
  }
  async goToPage(pageNumber: number): Promise<void> {
    await this.pageBox.fill(String(pageNumber));
    await this.pageBox.press('Enter');
  }
  /** "of 37 ✓", or "of 3+" while the end is not known. */
  total(count: number | { atLeast: number }): Locator {
    const { badge } = counting[this.language];
    const text = typeof count === 'number' ? badge('proven', count) : badge('open', count.atLeast);
    return this.root.getByText(text, { exact: true });
  }
  /** The box that scrolls. */
  get scroller(): Locator {
    return this.root.locator('.scroller');
  }
  /** Page slots in the DOM. */
  get mounted(): Locator {
    return this.root.locator('section[data-page]');
  }
  /** Numbers of the pages of which any part is in view. */
  async pagesInView(): Promise<number[]> {
    return this.scroller.evaluate((box: HTMLElement) => {
      const view = box.getBoundingClientRect();
      return [...box.querySelectorAll<HTMLElement>('section[data-page]')]
        .filter((slot) => {
          const { top, bottom } = slot.getBoundingClientRect();
          return bottom > view.top && top < view.top + box.clientHeight;
        })
        .map((slot) => Number(slot.dataset['page']));
    });
  }
  async back(): Promise<void> {
    // A document that cannot be shown offers the way back a second time.
    await this.root.getByRole('button', { name: this.words.back }).first().click();
  }
  async export(): Promise<ExportPage> {
    await this.page.getByRole('button', { name: this.words.exportPages }).click();
    const dialog = new ExportPage(this.page, this.language);
    await dialog.root.waitFor();
    return dialog;
  }
}

/** The export dialog. */
export class ExportPage {
  readonly root: Locator;
  readonly words;
  constructor(
    readonly page: Page,
    language: Language = 'en',
  ) {
    this.words = exporting[language];
    this.root = page.getByRole('dialog', { name: this.words.title });
  }

  async choosePages(choice: { range: string } | 'all'): Promise<void> {
    if (choice === 'all') {
      await this.root.getByRole('radio').nth(1).check();
      return;
    }
    await this.root.getByRole('radio', { name: this.words.range, exact: true }).check();
    await this.root.getByLabel(this.words.rangeLabel).fill(choice.range);
  }
  /** Chooses the folder; the system's dialog must have been answered with `answerFolderDialog` before. */
  async chooseFolder(): Promise<void> {
    await this.root.getByRole('button', { name: this.words.chooseFolder }).click();
  }
  get startButton(): Locator {
    return this.root.locator('button[type="submit"]');
  }
}

/** One export in the list of exports. */
export class JobEntry {
  readonly root: Locator;
  private readonly words;
  constructor(page: Page, documentName: string, language: Language = 'en') {
    this.words = exporting[language];
    this.root = page.getByRole('article', { name: this.words.job(documentName) });
  }

  /** Waits until so many exports of this document are in this state. */
  async reach(state: keyof (typeof exporting)['en']['states'], count = 1): Promise<void> {
    await expect(this.root.getByText(this.words.states[state], { exact: true })).toHaveCount(count, {
      timeout: 60_000,
    });
  }
  button(name: 'stopHere' | 'goOn' | 'continue' | 'retryGaps' | 'reveal'): Locator {
    return this.root.getByRole('button', { name: this.words[name], exact: true });
  }
  async cancel(): Promise<void> {
    await this.root.getByRole('button', { name: this.words.cancelOf('').trim() }).click();
  }
}

/** Answers the system's folder dialog, which no test can click, with a folder; null is Cancel. */
export async function answerFolderDialog(app: ElectronApplication, folder: string | null): Promise<void> {
  await app.evaluate(({ dialog }, chosen) => {
    dialog.showOpenDialog = () =>
      Promise.resolve({ canceled: chosen === null, filePaths: chosen === null ? [] : [chosen] });
  }, folder);
}

/** The card that says a failure in the app's words; `detail` are the facts that its title needs. */
export function errorCard(
  within: Page | Locator,
  code: ErrorCode,
  language: Language = 'en',
  detail?: AppError['detail'],
): Locator {
  const { title } = toErrorWords(fail(code, '', { detail }).error, language);
  return within.getByRole('alert').filter({ hasText: title });
}

/** The label of a dialog's own close button, in a language. */
export const closeLabel = (language: Language): string => common[language].close;
