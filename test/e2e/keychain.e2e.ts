/** Where secrets live: the system's keychain, this run, and nowhere else. With a real keyring, broken in every way. */
import { readFile, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { startDesktop } from '#setup/desktop-session.mjs';
import { common } from '#renderer/words/common.ts';
import { connect } from '#renderer/words/connect.ts';
import { expect, type Launched } from './fixtures.ts';
import { test } from './keyring.ts';
import { walkedIn } from './languages.ts';
import { AccountMenu, BrowserPage, ConnectPage, errorCard, toForm } from './screens.ts';

/** A secret and a token that look like nothing else and change under every encoding. */
const SESSION = {
  accessKeyId: 'STS.plantedKey',
  accessKeySecret: 'pl4nted+S3cret/w1th=s1gns?&%',
  securityToken: 'CAISplanted+t0ken/w1th=s1gns?&%',
};
const OTHER = { accessKeyId: 'LTAIsecondKey', accessKeySecret: 'second+S3cret/=' };
const WORLD = { keys: [SESSION, OTHER] };

/** All that is kept of an account in the settings. */
const LABEL_FIELDS = [
  ...['accessKeyId', 'colour', 'domains', 'endpoint', 'id', 'isTemporary', 'keep'],
  ...['moved', 'name', 'region', 'role', 'scope', 'tokenExpiresAt'],
];
/** No bus to be found: the address leads nowhere, and so does the place where it would be looked for. */
const NO_KEYCHAIN = { DBUS_SESSION_BUS_ADDRESS: undefined, XDG_RUNTIME_DIR: '/nonexistent' };

interface SettingsFile {
  accounts: { id: string; name: string; colour: string; keep: string }[];
  lastAccountId: string | null;
}
const readSettings = async (userData: string): Promise<SettingsFile> =>
  JSON.parse(await readFile(path.join(userData, 'settings.json'), 'utf8')) as SettingsFile;

/** Every way in which a text could be written into a file. */
function shapesOf(text: string): Buffer[] {
  const bytes = Buffer.from(text);
  // Within a longer text, base64 has three forms, by where the text starts; the signs at either end belong to others.
  const within = [0, 1, 2].map((shift) => {
    const encoded = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64');
    return encoded.slice(shift === 0 ? 0 : 4, -4);
  });
  const forUrls = within.map((encoded) => encoded.replaceAll('+', '-').replaceAll('/', '_'));
  const asText = [text, encodeURIComponent(text), encodeURI(text), bytes.toString('hex'), ...within, ...forUrls];
  const written = [...asText, JSON.stringify(text).slice(1, -1), [...text].reverse().join('')];
  return [...new Set(written)].flatMap((form) => [Buffer.from(form), Buffer.from(form, 'utf16le')]);
}

/** The files under a folder that hold one of these texts in any shape, and how many were read. */
async function search(folder: string, texts: readonly string[]): Promise<{ found: string[]; read: number }> {
  const shapes = texts.flatMap(shapesOf);
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
  const found: string[] = [];
  for (const file of files) {
    const bytes = await readFile(file);
    if (shapes.some((shape) => bytes.includes(shape))) found.push(path.relative(folder, file));
  }
  return { found, read: files.length };
}

/** Asks the app to quit as its menu does, and sees its process go by itself. */
async function quit({ app }: Launched): Promise<void> {
  let isGone = false;
  app.process().once('exit', () => (isGone = true));
  await app.evaluate(({ app: electron }) => void setImmediate(() => electron.quit()));
  await expect.poll(() => isGone, { timeout: 10_000 }).toBe(true);
}

const language = walkedIn('zh-CN');
const words = connect[language];
const shared = common[language];
const account = { name: 'Planted', keep: 'keychain' } as const;

test(`a restart is still connected; without its entry the app asks for the secret again, in ${language}`, async ({
  launch,
  serve,
  keyring,
}) => {
  const service = await serve({ world: WORLD });
  const first = await launch({ language, env: keyring.env });
  await new ConnectPage(first.page, language).connectTo(service, { ...SESSION, ...account });
  await first.close();
  const { userData } = first;

  // What is on the disk: the label. What a second program finds in the keychain: the secret.
  const [label] = (await readSettings(userData)).accounts;
  expect(Object.keys(label ?? {}).sort()).toEqual(LABEL_FIELDS);
  const id = label?.id ?? '';
  expect(JSON.parse((await keyring.lookUp(id)) ?? 'null')).toEqual({
    accessKeySecret: SESSION.accessKeySecret,
    securityToken: SESSION.securityToken,
  });

  const second = await launch({ language, env: keyring.env, userData });
  const again = new BrowserPage(second.page, language);
  await again.openFolder('english', 'Annual report 2025.pdf');
  await (await again.open('Annual report 2025.pdf')).seePage(1);
  await second.close();

  await keyring.clear(id);
  const third = await launch({ language, env: keyring.env, userData });
  await expect(third.page.getByRole('heading', { name: words.problemTitle(account.name) })).toBeVisible();
  await expect(errorCard(third.page, 'keychain.missing', language)).toBeVisible();
  await third.page.getByLabel(words.keyId, { exact: true }).fill(SESSION.accessKeyId);
  await third.page.getByLabel(words.secretOf(account.name), { exact: true }).fill(SESSION.accessKeySecret);
  await third.page.getByLabel(words.token, { exact: true }).fill(SESSION.securityToken);
  await third.page.getByRole('button', { name: words.unlock, exact: true }).click();
  await expect(new BrowserPage(third.page, language).row('english')).toBeVisible();
  await third.close();
  expect(await keyring.lookUp(id)).toContain(SESSION.accessKeySecret);
  expect((await search(userData, [SESSION.accessKeySecret, SESSION.securityToken])).found).toEqual([]);
});

test(`without a keychain the app says so and keeps the key only until it quits, in ${language}`, async ({
  launch,
  serve,
}) => {
  const service = await serve({ world: WORLD });
  const first = await launch({ language, env: NO_KEYCHAIN });
  const form = new ConnectPage(first.page, language);
  await form.fill({ ...toForm(service), ...SESSION, name: account.name });
  await form.connectButton.click();
  await expect(errorCard(first.page, 'keychain.unavailable', language)).toBeVisible();
  await first.page.getByRole('button', { name: words.connectSession }).click();
  await expect(new BrowserPage(first.page, language).row('english')).toBeVisible();
  await expect(first.page.getByText(shared.sessionOnly, { exact: true })).toBeVisible();
  await first.close();
  const { userData } = first;
  expect((await search(userData, [SESSION.accessKeySecret, SESSION.securityToken])).found).toEqual([]);

  const second = await launch({ language, env: NO_KEYCHAIN, userData });
  await second.page.getByRole('button', { name: words.openAccount(account.name) }).click();
  await expect(second.page.getByRole('heading', { name: words.problemTitle(account.name) })).toBeVisible();
  await expect(errorCard(second.page, 'keychain.missing', language, { keep: 'session' })).toBeVisible();
  await expect(second.page.getByLabel(words.secretOf(account.name), { exact: true })).toBeEmpty();
});

test(`a locked keychain loses nothing and opens when it is unlocked, in ${language}`, async ({
  launch,
  serve,
  keyring,
}) => {
  const service = await serve({ world: WORLD });
  const first = await launch({ language, env: keyring.env });
  await new ConnectPage(first.page, language).connectTo(service, { ...OTHER, ...account });
  await first.close();
  const { userData } = first;

  await keyring.lock();
  const second = await launch({ language, env: keyring.env, userData });
  await expect(errorCard(second.page, 'keychain.locked', language)).toBeVisible();
  // Only for this run; the entry that is in the locked keychain stays.
  await second.page.getByLabel(words.secretOf(account.name), { exact: true }).fill(OTHER.accessKeySecret);
  await second.page.getByRole('button', { name: words.unlock, exact: true }).click();
  await expect(new BrowserPage(second.page, language).row('english')).toBeVisible();
  await expect(second.page.getByText(shared.sessionOnly, { exact: true })).toBeVisible();
  await second.close();

  const third = await launch({ language, env: keyring.env, userData });
  await expect(errorCard(third.page, 'keychain.locked', language)).toBeVisible();
  await keyring.unlock();
  await third.page.getByRole('button', { name: shared.retry }).click();
  await expect(new BrowserPage(third.page, language).row('english')).toBeVisible();
  await expect(third.page.getByText(shared.sessionOnly, { exact: true })).toHaveCount(0);
});

test(`a keychain that never answers is waited for in words, and not for ever, in ${language}`, async ({
  launch,
  serve,
  keyring,
}) => {
  const service = await serve({ world: WORLD });
  const first = await launch({ language, env: keyring.env });
  await new ConnectPage(first.page, language).connectTo(service, { ...OTHER, ...account });
  await first.close();

  await keyring.freeze();
  const second = await launch({ language, env: keyring.env, userData: first.userData });
  const { page } = second;
  await expect(page.getByRole('heading', { name: words.waitingTitle })).toBeVisible();
  await page.getByRole('button', { name: shared.cancel, exact: true }).click();

  // The window is all there: the samples show pages while the keychain is silent.
  const browser = await new ConnectPage(page, language).trySamples();
  await browser.openFolder('english', 'Annual report 2025.pdf');
  const viewer = await browser.open('Annual report 2025.pdf');
  await viewer.seePage(1);
  await viewer.back();

  // Another account, while the first call is still out: the form says what it waits for, and lets go.
  const menu = new AccountMenu(page, language);
  await menu.pick(shared.addAccount);
  const form = new ConnectPage(page, language);
  await form.fill({ ...toForm(service), ...SESSION, name: 'Late' });
  await form.connectButton.click();
  const waiting = page.getByRole('status').filter({ hasText: words.waitingTitle });
  await waiting.getByRole('button', { name: shared.cancel, exact: true }).click();
  await expect(waiting).toHaveCount(0);
  await expect(page.getByLabel(words.keyId, { exact: true })).toHaveValue(SESSION.accessKeyId);

  // And the app can end, although a thread of it is inside the keychain and stays there.
  await quit(second);
  expect((await readSettings(first.userData)).accounts.map(({ name }) => name)).toEqual([account.name]);
  keyring.thaw();
  expect(await keyring.count()).toBe(1);
  expect(await keyring.lookUp((await readSettings(first.userData)).accounts[0]?.id ?? '')).toContain(
    OTHER.accessKeySecret,
  );
});

test(`accounts are switched, renamed, left and removed without typing a secret again, in ${language}`, async ({
  launch,
  serve,
  keyring,
}) => {
  const service = await serve({ world: WORLD });
  const first = await launch({ language, env: keyring.env });
  const { page, userData } = first;
  const browser = await new ConnectPage(page, language).connectTo(service, {
    ...SESSION,
    name: 'English desk',
    scope: 'documents/english/',
  });
  const menu = new AccountMenu(page, language);
  await menu.pick(shared.addAccount);
  await new ConnectPage(page, language).connectTo(service, { ...OTHER, name: '中文组', scope: 'documents/中文/' });
  await expect(browser.row('备件库存月报.xls')).toBeVisible();
  await menu.pick('English desk');
  await expect(browser.row('Crew manual.pdf')).toBeVisible();
  await menu.pick('中文组');
  await expect(browser.row('备件库存月报.xls')).toBeVisible();
  await menu.pick(shared.openSamples);
  await expect(browser.row('english')).toBeVisible();

  await menu.pick('English desk');
  await menu.pick(shared.editAccount);
  const dialog = page.getByRole('dialog', { name: shared.renameTitle });
  await dialog.getByLabel(words.name, { exact: true }).fill('Front desk');
  await dialog.getByTitle(words.colours.red, { exact: true }).click();
  await dialog.getByRole('button', { name: shared.save }).click();
  await expect(menu.chip).toHaveAccessibleName(shared.accountMenu('Front desk'));

  await menu.pick(shared.leaveAccount);
  await page.getByRole('button', { name: words.openAccount('中文组') }).click();
  await expect(browser.row('备件库存月报.xls')).toBeVisible();
  await first.close();

  const { accounts } = await readSettings(userData);
  expect(accounts.map(({ name, colour }) => [name, colour])).toEqual([
    ['Front desk', 'red'],
    ['中文组', 'teal'],
  ]);
  expect(await keyring.count()).toBe(2);

  // The account used last opens by itself; the other one by a click.
  const second = await launch({ language, env: keyring.env, userData });
  const there = new BrowserPage(second.page, language);
  const switcher = new AccountMenu(second.page, language);
  await expect(there.row('备件库存月报.xls')).toBeVisible();
  await switcher.pick('Front desk');
  await expect(there.row('Crew manual.pdf')).toBeVisible();

  await switcher.pick(shared.removeAccount);
  const question = second.page.getByRole('dialog', { name: shared.removeTitle('Front desk') });
  await question.getByRole('button', { name: shared.remove, exact: true }).click();
  await expect(second.page.getByRole('button', { name: words.openAccount('中文组') })).toBeVisible();
  await expect(second.page.getByRole('button', { name: words.openAccount('Front desk') })).toHaveCount(0);
  expect(await keyring.lookUp(accounts[0]?.id ?? '')).toBeNull();
  expect(await keyring.lookUp(accounts[1]?.id ?? '')).toContain(OTHER.accessKeySecret);
  await second.close();
  expect((await readSettings(userData)).accounts.map(({ name }) => name)).toEqual(['中文组']);
});

test('an entry whose wait was given up is taken back once the keychain answers', async ({ launch, serve, keyring }) => {
  const service = await serve({ world: WORLD });
  const { page, userData } = await launch({ env: keyring.env });
  await keyring.freeze();
  const form = new ConnectPage(page);
  await form.fill({ ...toForm(service), ...OTHER, name: 'Given up' });
  await form.connectButton.click();
  const waiting = page.getByRole('status').filter({ hasText: connect.en.waitingTitle });
  await waiting.getByRole('button', { name: common.en.cancel, exact: true }).click();
  keyring.thaw();
  // The keychain is asked one thing after the other: when this account is in, the other one has come and gone.
  await form.connectTo(service, { ...OTHER, name: 'Stayed' });
  const { accounts } = await readSettings(userData);
  expect(accounts.map(({ name }) => name)).toEqual(['Stayed']);
  expect(await keyring.count()).toBe(1);
  expect(await keyring.lookUp(accounts[0]?.id ?? '')).toContain(OTHER.accessKeySecret);
});

test('while the keychain is silent the secret can be typed for this run', async ({ launch, serve, keyring }) => {
  const service = await serve({ world: WORLD });
  const first = await launch({ env: keyring.env });
  await new ConnectPage(first.page).connectTo(service, { ...OTHER, name: 'Mine' });
  await first.close();

  await keyring.freeze();
  const second = await launch({ env: keyring.env, userData: first.userData });
  await second.page.getByRole('button', { name: connect.en.typeInstead }).click();
  await second.page.getByLabel(connect.en.secretOf('Mine'), { exact: true }).fill(OTHER.accessKeySecret);
  await second.page.getByRole('button', { name: connect.en.unlock, exact: true }).click();
  await expect(new BrowserPage(second.page).row('english')).toBeVisible();
  await expect(second.page.getByText(common.en.sessionOnly, { exact: true })).toBeVisible();
  await quit(second);

  // The entry in the keychain was not touched: the next run opens by itself.
  keyring.thaw();
  const third = await launch({ env: keyring.env, userData: first.userData });
  await expect(new BrowserPage(third.page).row('english')).toBeVisible();
  await expect(third.page.getByText(common.en.sessionOnly, { exact: true })).toHaveCount(0);
});

test('a bus with nobody to keep a secret is no keychain either', async ({ launch, serve }) => {
  const desktop = await startDesktop({ display: false, keyring: 'none' });
  try {
    const service = await serve({ world: WORLD });
    const { DBUS_SESSION_BUS_ADDRESS, XDG_RUNTIME_DIR } = desktop.env;
    const { page, close } = await launch({ env: { DBUS_SESSION_BUS_ADDRESS, XDG_RUNTIME_DIR } });
    const form = new ConnectPage(page);
    await form.fill({ ...toForm(service), ...OTHER });
    await form.connectButton.click();
    await expect(errorCard(page, 'keychain.unavailable')).toBeVisible();
    await page.getByRole('button', { name: connect.en.connectSession }).click();
    await expect(page.getByText(common.en.sessionOnly, { exact: true })).toBeVisible();
    await close();
  } finally {
    await desktop.end();
  }
});

test('no file of the app holds a secret or a token, whatever was done with it', async ({
  launch,
  serve,
  keyring,
  folder,
}) => {
  const service = await serve({ world: WORLD });
  const launched = await launch({ env: keyring.env });
  const form = new ConnectPage(launched.page);
  await form.fill({ ...toForm(service), ...SESSION });
  await form.testButton.click();
  await expect(form.report).toBeVisible();
  const browser = await form.connectTo(service, SESSION);
  await browser.openFolder('english', 'Annual report 2025.pdf');
  const viewer = await browser.open('Annual report 2025.pdf');
  await viewer.seePage(1);
  const secrets = [SESSION.accessKeySecret, SESSION.securityToken];
  // While it runs (pictures on disk, caches open) and after it has ended.
  expect((await search(launched.userData, secrets)).found).toEqual([]);
  await launched.close();
  const after = await search(launched.userData, secrets);
  expect(after.found).toEqual([]);
  expect(after.read).toBeGreaterThan(3);

  // The search finds what is there: the key's id, and the secret in each shape that a careless program could give it.
  expect((await search(launched.userData, [SESSION.accessKeyId])).found).toContain('settings.json');
  const careless = {
    plain: `x${SESSION.accessKeySecret}x`,
    url: encodeURIComponent(SESSION.securityToken),
    base64: Buffer.from(JSON.stringify({ a: SESSION.accessKeySecret })).toString('base64'),
    base64url: Buffer.from(`ab${SESSION.accessKeySecret}`).toString('base64url'),
  };
  for (const [name, text] of Object.entries(careless)) await writeFile(path.join(folder, `${name}.careless`), text);
  await writeFile(path.join(folder, 'utf16.careless'), Buffer.from(SESSION.accessKeySecret, 'utf16le'));
  const planted = (await search(folder, secrets)).found.filter((name) => name.endsWith('.careless')).sort();
  expect(planted).toEqual([...Object.keys(careless), 'utf16'].map((name) => `${name}.careless`).sort());
});
