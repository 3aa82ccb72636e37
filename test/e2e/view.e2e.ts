/** How pages lie on the screen: zoom keeps its point, keys do what the list of keys says. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { exporting } from '#renderer/words/export.ts';
import { finding } from '#renderer/words/finding.ts';
import { read } from '#renderer/words/read.ts';
import type { Language } from '#renderer/words/words.ts';
import { makeNumberedPdf, toObject } from './documents.ts';
import { type Service, expect, startService, test } from './fixtures.ts';
import { walkedIn } from './languages.ts';
import { decode } from './pictures.ts';
import { ConnectPage, type ViewerPage, closeLabel } from './screens.ts';
import { signedLink } from './signed.ts';

/** Where a picture lies in the window, CSS px. */
async function frameOf(picture: Locator): Promise<{ x: number; y: number; width: number; height: number }> {
  const box = await picture.boundingBox();
  if (!box) throw new Error('The picture is not on the screen.');
  return box;
}

test('zoom: the wheel keeps the point under the pointer, 100 % is pixel by pixel, fits fit', async ({ launch }) => {
  const { page } = await launch();
  const browser = await new ConnectPage(page).trySamples();
  await browser.openFolder('english', 'Annual report 2025.pdf');
  const viewer = await browser.open('Annual report 2025.pdf');
  const { widthPx, heightPx } = await viewer.seePage(1);
  const ratio = await page.evaluate(() => globalThis.devicePixelRatio);
  const picture = viewer.picture(1);

  await page.keyboard.press('Control+1');
  await expect.poll(async () => (await frameOf(picture)).width * ratio).toBe(widthPx);
  const native = await frameOf(picture);
  expect(native.height * ratio).toBe(heightPx);
  expect((native.x * ratio) % 1).toBe(0);
  expect((native.y * ratio) % 1).toBe(0);

  const room = await viewer.scroller.evaluate((box) => ({ width: box.clientWidth, height: box.clientHeight }));
  await page.keyboard.press('Control+2');
  await expect.poll(async () => Math.round((await frameOf(picture)).width)).toBe(room.width - 48);
  await page.keyboard.press('Control+0');
  await expect.poll(async () => (await frameOf(picture)).height).toBeLessThan(room.height);
  expect((await frameOf(picture)).height).toBeGreaterThan(room.height * 0.85);

  // Larger than the view in both directions, so that every point can be kept.
  await page.keyboard.press('Control+2');
  for (let step = 0; step < 6; step += 1) await page.keyboard.press('Control+Equal');
  const pointer = { x: 700, y: 420 };
  await page.mouse.move(pointer.x, pointer.y);
  const shareAt = async (): Promise<{ x: number; y: number }> => {
    const frame = await frameOf(picture);
    return { x: (pointer.x - frame.x) / frame.width, y: (pointer.y - frame.y) / frame.height };
  };
  await viewer.scroller.evaluate((box) => box.scrollBy({ left: 200, top: 300, behavior: 'instant' }));
  await expect.poll(async () => (await frameOf(picture)).y).toBeLessThan(0);
  const spot = await shareAt();
  await page.keyboard.down('Control');
  for (const deltaY of [-100, -100, -37, -100, 60, 100, 100]) {
    const before = (await frameOf(picture)).width;
    await page.mouse.wheel(0, deltaY);
    await expect.poll(async () => (await frameOf(picture)).width).not.toBe(before);
    const frame = await frameOf(picture);
    const off = { x: frame.x + spot.x * frame.width - pointer.x, y: frame.y + spot.y * frame.height - pointer.y };
    expect(Math.abs(off.x)).toBeLessThanOrEqual(1);
    expect(Math.abs(off.y)).toBeLessThanOrEqual(1);
  }
  await page.keyboard.up('Control');
});

test('every key of the viewer does what the list of keys says', async ({ launch }) => {
  const { page } = await launch();
  const words = read.en;
  const browser = await new ConnectPage(page).trySamples();
  await browser.openFolder('english', 'Annual report 2025.pdf');
  const viewer = await browser.open('Annual report 2025.pdf');
  await viewer.seePage(1);
  const press = (key: string): Promise<void> => page.keyboard.press(key);
  const at = (pageNumber: number): Promise<void> => expect(viewer.pageBox).toHaveValue(String(pageNumber));
  const top = (): Promise<number> => viewer.scroller.evaluate((box) => box.scrollTop);
  const zoom = page.getByRole('button', { name: /^Zoom: / });

  await press('n');
  await at(2);
  await press('PageDown');
  await at(3);
  await press('p');
  await at(2);
  await press('PageUp');
  await at(1);
  await viewer.seePage(1);

  for (const [down, up] of [
    ['ArrowDown', 'ArrowUp'],
    ['j', 'k'],
    ['Space', 'Shift+Space'],
  ] as const) {
    await press(down);
    await expect.poll(top).toBeGreaterThan(30);
    await press(up);
    await expect.poll(top).toBeLessThan(1);
  }

  await press('g');
  await expect(viewer.pageBox).toBeFocused();
  await page.keyboard.type('6');
  await press('Enter');
  await at(6);
  await viewer.seePage(6);
  await press('Alt+ArrowLeft');
  await at(1);
  await press('Alt+ArrowRight');
  await at(6);
  await press('Home');
  await at(1);
  await press('End');
  await at(6);
  await press('Control+g');
  await expect(viewer.pageBox).toBeFocused();
  await press('Escape');
  await expect(viewer.scroller).toBeFocused();

  const zooms: (string | null)[] = [];
  for (const key of ['Control+1', 'Control+Equal', 'Control+Minus', 'Control+0', 'Control+2']) {
    await press(key);
    zooms.push(await zoom.textContent());
  }
  expect(zooms.slice(0, 3).map((text) => text?.trim())).toEqual(['100%', '110%', '100%']);
  await expect(page.getByRole('button', { name: words.fitWidth, exact: true })).toHaveAttribute('aria-pressed', 'true');

  const rail = page.getByRole('navigation', { name: words.thumbnails });
  const isShown = await rail.isVisible();
  await press('t');
  await expect(rail).toBeVisible({ visible: !isShown });
  await press('t');
  await expect(rail).toBeVisible({ visible: isShown });

  for (const [key, title] of [
    ['Control+e', exporting.en.title],
    ['Control+Shift+S', words.linkTitle(6)],
    ['?', words.keysTitle],
  ] as const) {
    await press(key);
    const dialog = page.getByRole('dialog', { name: title });
    await dialog.waitFor();
    // Keys of the viewer rest while a dialog is open.
    await press('Home');
    await press('Escape');
    await expect(dialog).toHaveCount(0);
    await at(6);
  }

  // Single letters can be switched off; keys with Ctrl and named keys stay.
  await press('?');
  await page.getByLabel(words.letterKeys).uncheck();
  await page
    .getByRole('dialog')
    .getByRole('button', { name: closeLabel('en'), exact: true })
    .last()
    .click();
  await press('p');
  await press('Home');
  await at(1);
  await press('n');
  await press('PageDown');
  await at(2);

  await press('Escape');
  await browser.list.waitFor();
  await expect(browser.list).toBeFocused();
});

async function openNine(service: Service, page: Page, language: Language = 'en'): Promise<ViewerPage> {
  const browser = await new ConnectPage(page, language).connectTo(service, { keep: 'session' });
  const viewer = await browser.openAt('oss://take/nine pages & more.pdf');
  await viewer.seePage(1);
  return viewer;
}

const NINE = { buckets: { take: { objects: [toObject('nine pages & more.pdf', makeNumberedPdf(9))] } } };
const pageOfNine = (pageNumber: number, target = 'png'): [string, string][] => [
  ['x-oss-process', `doc/snapshot,target_${target},source_pdf,page_${pageNumber}`],
];

test('copy page picture puts the very pixels that the service made on the clipboard', async ({ launch, serve }) => {
  const service = await serve({ world: NINE });
  const { app, page } = await launch();
  const viewer = await openNine(service, page);
  await viewer.goToPage(3);
  await viewer.seePage(3);
  const link = signedLink(service, { bucket: 'take', key: 'nine pages & more.pdf', query: pageOfNine(3) });
  const made = await decode(app, Buffer.from(await (await fetch(link)).arrayBuffer()));
  await page.keyboard.press('Control+c');
  await expect(page.getByText(read.en.pictureCopied(3), { exact: true })).toBeVisible();
  const copied = await decode(app, 'clipboard');
  expect(copied.size).toBe(made.size);
  expect(copied.bitmap === made.bitmap).toBe(true);

  // A page that is not here is not copied, and the clipboard keeps what it has.
  await page.keyboard.press('Control+0');
  await app.evaluate(({ clipboard }) => clipboard.writeText('still mine'));
  await service.stop();
  await viewer.goToPage(9);
  await page.getByRole('button', { name: read.en.copyPicture, exact: true }).click();
  await expect(page.getByText(read.en.pictureNotHere(9), { exact: true })).toBeVisible();
  expect(await app.evaluate(({ clipboard }) => clipboard.readText())).toBe('still mine');
});

test('in a small window the name has room, and every tool that made way is in a menu, by keyboard', async ({
  launch,
  serve,
}) => {
  const name = 'Report of the harbour authority on the year 2026, as it was adopted.pdf';
  const world = { buckets: { take: { objects: [toObject(name, makeNumberedPdf(9))] } } };
  const service = await serve({ world });
  const { app, page } = await launch();
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.setContentSize(1024, 700));
  const browser = await new ConnectPage(page).connectTo(service, { keep: 'session' });
  const viewer = await browser.openAt(`oss://take/${name}`);
  const { widthPx, heightPx } = await viewer.seePage(1);
  await viewer.total(9).waitFor();
  const title = page.getByRole('heading', { name });
  const { width } = (await title.boundingBox())!;
  expect(width).toBeGreaterThan(220);
  const toolbar = page.getByRole('group', { name: read.en.toolbar });
  expect(await toolbar.evaluate((bar) => bar.scrollWidth - bar.clientWidth)).toBe(0);

  /** Opens a menu and picks a line of it, as somebody without a mouse does. */
  const pick = async (menu: RegExp | string, line: string) => {
    await toolbar.getByRole('button', { name: menu }).focus();
    await page.keyboard.press('Enter');
    const items = page.getByRole('menu').locator('[role^="menuitem"]');
    const item = items.filter({ has: page.getByText(line, { exact: true }) });
    await item.waitFor();
    for (let left = await items.count(); left > 0; left -= 1) {
      if (await item.evaluate((one) => one === document.activeElement)) break;
      await page.keyboard.press('ArrowDown');
    }
    await expect(item).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(page.getByRole('menu')).toHaveCount(0);
  };
  await pick(/^Zoom: /, read.en.fitPage);
  await expect.poll(() => viewer.pagesInView()).toEqual([1]);
  await pick(finding.en.more, read.en.copyPicture);
  await expect(page.getByText(read.en.pictureCopied(1), { exact: true })).toBeVisible();
  expect((await decode(app, 'clipboard')).size).toBe(`${widthPx} x ${heightPx}`);
  await pick(finding.en.more, read.en.copyLink);
  await expect(page.getByRole('dialog', { name: read.en.linkTitle(1) })).toBeVisible();
});

const language = walkedIn('zh-CN');
test(`a signed link opens the page for as long as was chosen, and stays out of the window, in ${language}`, async ({
  launch,
  serve,
  folder,
}) => {
  const service = await serve({ world: NINE });
  const { app, page } = await launch({ language });
  const viewer = await openNine(service, page, language);
  await viewer.goToPage(2);
  await viewer.seePage(2);
  await page.keyboard.press('Control+Shift+S');
  const dialog = page.getByRole('dialog', { name: read[language].linkTitle(2) });
  await expect(dialog).toContainText(read[language].linkWarning);
  const lifetimes = Object.entries(read[language].lifetimes);
  for (const [seconds, label] of lifetimes) {
    await dialog.getByText(label, { exact: true }).click();
    await dialog.getByRole('button', { name: read[language].linkMake, exact: true }).click();
    await expect(dialog.getByText(read[language].linkCopied, { exact: true })).toBeVisible();
    const link = await app.evaluate(({ clipboard }) => clipboard.readText());
    expect(new URL(link).searchParams.get('x-oss-expires')).toBe(seconds);
    const answer = await fetch(link);
    expect(answer.status).toBe(200);
    const own = signedLink(service, { bucket: 'take', key: 'nine pages & more.pdf', query: pageOfNine(2) });
    const made = Buffer.from(await (await fetch(own)).arrayBuffer());
    expect(Buffer.from(await answer.arrayBuffer()).equals(made)).toBe(true);
  }
  expect(lifetimes).toHaveLength(4);

  // The same service, some time later: the last link was for seven days.
  const link = new URL(await app.evaluate(({ clipboard }) => clipboard.readText()));
  const week = 604_800_000;
  for (const [clockOffsetMs, status] of [
    [week - 60_000, 200],
    [week + 60_000, 403],
  ] as const) {
    const world = path.join(folder, `later-${status}.json`);
    await writeFile(world, JSON.stringify({ ...NINE, clockOffsetMs }));
    const { accessKeyId, accessKeySecret, region } = service;
    const key = ['--access-key-id', accessKeyId, '--access-key-secret', accessKeySecret, '--region', region];
    const later = await startService(service.rootFolder, [...key, '--world', world]);
    try {
      const answer = await fetch(new URL(link.pathname + link.search, later.endpoint));
      expect(answer.status).toBe(status);
      if (status === 403) expect(await answer.text()).toContain('Request has expired');
    } finally {
      await later.stop();
    }
  }

  // The page of the app never had it: not in its document, and not in what the call answers.
  const signature = link.searchParams.get('x-oss-signature')!;
  expect(signature).toMatch(/^[0-9a-f]{64}$/);
  expect(await page.content()).not.toContain(signature);
  expect(await page.content()).not.toContain(service.accessKeyId);
  const answer = await page.evaluate(async () => {
    const picture = document.querySelector<HTMLImageElement>('main img[src^="snapshot:"]')!;
    const handle = new URL(picture.src).pathname.split('/')[1];
    const { pagelens } = globalThis as unknown as { pagelens: { request(frame: unknown): Promise<unknown> } };
    const input = { handle, target: 'png', pageNumber: 2, lifetimeSeconds: 900 };
    return JSON.stringify(await pagelens.request({ id: 'asked-by-the-test', name: 'pages.copyLink', input }));
  });
  expect(answer).toContain('expiresAt');
  expect(answer).not.toMatch(/signature|https?:|credential/i);
});
