/** The first screen's form: what the test of a key says, and what connecting sends and keeps. In both languages. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { browse } from '#renderer/words/browse.ts';
import { connect } from '#renderer/words/connect.ts';
import { common } from '#renderer/words/common.ts';
import { expect, samplesFolder, test } from './fixtures.ts';
import { walkedIn } from './languages.ts';
import { AccountMenu, BrowserPage, ConnectPage, errorCard, toForm } from './screens.ts';
import { readBill } from './signed.ts';

/** The keys of limited people, beside the owner's own. */
const LIMITED = {
  accessKeyId: 'LTAIlimitedReader',
  accessKeySecret: 'limited+secret/=',
  deny: ['oss:ListBuckets'],
  onlyUnder: ['english/'],
};
const SWITCHED_OFF = { accessKeyId: 'LTAIswitchedOff', accessKeySecret: 'off', disabled: true };
const SESSION = { accessKeyId: 'STS.oneSession', accessKeySecret: 'session-secret', securityToken: 'CAIS+token/==' };
const WORLD = { keys: [LIMITED, SWITCHED_OFF, SESSION] };
const TWO_BUCKETS = { documents: samplesFolder, 'more-documents': samplesFolder };

const language = walkedIn('en');
const words = connect[language];

test(`Test says in words what a key can do, in ${language}`, async ({ launch, serve }) => {
  const service = await serve({ world: WORLD, buckets: TWO_BUCKETS });
  const { page, userData } = await launch({ language });
  const first = new ConnectPage(page, language);
  const good = toForm(service);

  await first.fill({ ...good, name: 'Never kept' });
  await first.testButton.click();
  await expect(first.report).toContainText(words.testBuckets(2));

  await first.fill({ ...good, accessKeySecret: `${good.accessKeySecret}x` });
  await first.testButton.click();
  await expect(errorCard(page, 'oss.signatureMismatch', language)).toBeVisible();
  await expect(first.report).toHaveCount(0);

  await first.fill({ ...good, accessKeyId: 'LTAInobodyHasThis' });
  await first.testButton.click();
  await expect(errorCard(page, 'oss.unknownKey', language)).toBeVisible();

  await first.fill({ ...good, ...SWITCHED_OFF });
  await first.testButton.click();
  await expect(errorCard(page, 'oss.disabledKey', language)).toBeVisible();

  await first.fill({ ...good, accessKeyId: LIMITED.accessKeyId, accessKeySecret: LIMITED.accessKeySecret });
  await first.testButton.click();
  await expect(first.report).toContainText(words.testHidden);
  await first.fill({ ...good, ...LIMITED, scope: 'documents/english/' });
  await first.testButton.click();
  await expect(first.report).toContainText(words.testFolder);
  await first.fill({ ...good, ...LIMITED, scope: 'documents/中文/' });
  await first.testButton.click();
  await expect(errorCard(page, 'oss.listDenied', language)).toBeVisible();

  await first.fill({ ...good, ...SESSION, securityToken: 'CAIS+another/==', scope: '' });
  await first.testButton.click();
  await expect(errorCard(page, 'oss.tokenInvalid', language)).toBeVisible();
  await first.fill({ ...good, ...SESSION });
  await first.testButton.click();
  await expect(first.report).toContainText(words.testBuckets(2));

  // Nine questions, each one request, those of unknown people refused at the door; nothing was read or kept. Who may
  // list buckets is told of regions that are newer than the app.
  const { requests, failures, getRequests } = await readBill(service);
  expect(requests).toEqual({ DescribeRegions: 2, ListBuckets: 3, ListObjectsV2: 2 });
  expect(failures).toEqual({
    SignatureDoesNotMatch: 1,
    InvalidAccessKeyId: 2,
    AccessDenied: 2,
    InvalidSecurityToken: 1,
  });
  expect(getRequests).toBe(0);
  await expect(readFile(path.join(userData, 'settings.json'), 'utf8')).rejects.toThrow('ENOENT');
});

test(`a form that is not filled in says where, in ${language}, and sends nothing`, async ({ launch, serve }) => {
  const service = await serve();
  const { page } = await launch({ language });
  const first = new ConnectPage(page, language);
  await first.fill({ accessKeyId: '', accessKeySecret: '', endpoint: 'two words', scope: 'NOT A BUCKET' });
  await first.connectButton.click();
  const keyId = page.getByLabel(words.keyId, { exact: true });
  await expect(keyId).toBeFocused();
  await expect(keyId).toHaveAccessibleDescription(words.missing);
  await expect(page.getByLabel(words.secret, { exact: true })).toHaveAccessibleDescription(words.missing);
  await expect(page.getByLabel(words.endpointLabel)).toHaveAccessibleDescription(words.badEndpoint);
  await expect(page.getByLabel(words.scope)).toHaveAccessibleDescription(words.badScope);
  expect((await readBill(service)).requests).toEqual({});
});

test(`the region is found by its city and is what requests are signed for, in ${language}`, async ({
  launch,
  serve,
}) => {
  const service = await serve({ args: ['--region', 'cn-shanghai'] });
  const { page } = await launch({ language });
  const first = new ConnectPage(page, language);
  await first.fill(toForm(service));
  await first.testButton.click();
  await expect(errorCard(page, 'oss.wrongRegion', language)).toBeVisible();

  const region = page.getByRole('combobox', { name: words.region });
  await region.click();
  await region.fill(language === 'en' ? 'shanghai' : '上海');
  await page.getByRole('option', { name: 'cn-shanghai' }).first().click();
  await first.testButton.click();
  await expect(first.report).toBeVisible();
});

test(`a key for one folder connects into it and never asks for buckets, in ${language}`, async ({ launch, serve }) => {
  const service = await serve({ world: WORLD });
  const { page } = await launch({ language });
  const key = { accessKeyId: LIMITED.accessKeyId, accessKeySecret: LIMITED.accessKeySecret };
  const browser = await new ConnectPage(page, language).connectTo(service, { ...key, scope: 'documents/english/' });
  await expect(browser.row('Annual report 2025.pdf')).toBeVisible();
  await expect(page.getByRole('button', { name: browse[language].up })).toBeDisabled();
  await expect(page.getByRole('heading', { name: browse[language].onlyFolder })).toBeVisible();
  const viewer = await browser.open('Annual report 2025.pdf');
  await viewer.seePage(1);
  const { requests } = await readBill(service);
  expect(requests).not.toHaveProperty('ListBuckets');
  // One to try the key before it is kept, one to show the folder.
  expect(requests.ListObjectsV2).toBe(2);
});

test(`a key that may not list buckets is told to type the folder, in ${language}`, async ({ launch, serve }) => {
  const service = await serve({ world: WORLD });
  const { page } = await launch({ language });
  const first = new ConnectPage(page, language);
  await first.fill({ ...toForm(service), ...LIMITED });
  await first.connectButton.click();
  await expect(page.getByText(browse[language].bucketsHidden, { exact: true })).toBeVisible();
  await expect(page.getByText(browse[language].bucketsHiddenText, { exact: true })).toBeVisible();
  await expect(page.getByRole('alert')).toHaveCount(0);
  const browser = new BrowserPage(page, language);
  await browser.go('oss://documents/english/');
  await expect(browser.row('Crew manual.pdf')).toBeVisible();
});

test(`a mistyped secret is met in the form and never kept, in ${language}`, async ({ launch, serve }) => {
  const service = await serve();
  const { page, userData } = await launch({ language });
  const first = new ConnectPage(page, language);
  await first.fill({ ...toForm(service), accessKeySecret: 'mistyped', keep: 'session' });
  await first.connectButton.click();
  await expect(errorCard(page, 'oss.signatureMismatch', language)).toBeVisible();
  await expect(readFile(path.join(userData, 'settings.json'), 'utf8')).rejects.toThrow('ENOENT');
  await page.getByLabel(words.secret, { exact: true }).fill(service.accessKeySecret);
  await first.connectButton.click();
  await expect(new BrowserPage(page, language).row('english')).toBeVisible();
});

test(`a secret that was changed is typed again beside the buckets, in ${language}`, async ({ launch, serve }) => {
  const service = await serve();
  const { page } = await launch({ language });
  const browser = await new ConnectPage(page, language).connectTo(service, { name: 'Mine', keep: 'session' });
  await expect(browser.row('english')).toBeVisible(); // the only bucket is open: nothing else is on its way
  await service.stop();
  const { port } = new URL(service.endpoint);
  await serve({
    args: ['--port', port, '--access-key-id', service.accessKeyId, '--access-key-secret', 'the new one'],
  });

  const buckets = page.getByRole('navigation', { name: browse[language].buckets });
  await page.getByRole('button', { name: browse[language].reloadBuckets }).click();
  await expect(errorCard(buckets, 'oss.signatureMismatch', language)).toBeVisible();
  await new AccountMenu(page, language).pick(common[language].newSecret);
  const dialog = page.getByRole('dialog', { name: common[language].newSecretTitle });
  await dialog.getByLabel(words.secretOf('Mine'), { exact: true }).fill('the new one');
  await dialog.getByRole('button', { name: words.unlock, exact: true }).click();
  await expect(dialog).toHaveCount(0);
  await expect(errorCard(page, 'oss.signatureMismatch', language)).toHaveCount(0);
  await expect(buckets.getByRole('button', { name: 'documents' })).toBeVisible();
});

test(`a temporary key works with its token and shows when it ends, in ${language}`, async ({ launch, serve }) => {
  const ends = new Date(Math.ceil(Date.now() / 60_000) * 60_000 + 2 * 3600_000);
  const service = await serve({ world: { keys: [{ ...SESSION, expiresAt: ends.toISOString() }] } });
  const { page } = await launch({ language });
  const browser = await new ConnectPage(page, language).connectTo(service, { ...SESSION, tokenEnds: toLocal(ends) });
  const time = new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit' }).format(ends);
  await expect(page.getByText(common[language].tokenEnds(time), { exact: true })).toBeVisible();
  await browser.openFolder('english', 'Annual report 2025.pdf');
  const viewer = await browser.open('Annual report 2025.pdf');
  await viewer.seePage(1);
  expect((await readBill(service)).failedRequests).toBe(0);
});

test('an address that is typed stays, and no choice comes up under the press that leaves its box', async ({
  launch,
}) => {
  const { page } = await launch();
  const words = connect.en;
  await page.getByText(words.endpoint, { exact: true }).click();
  const endpoint = page.getByRole('combobox', { name: words.endpointLabel });
  await endpoint.fill('http://127.0.0.1:9');
  await expect(page.getByText(words.endpointOther, { exact: true })).toBeVisible();
  // A list may stand for some frames after it was closed; a press that began beside it ends on what grows there.
  await page.evaluate(() => {
    const seen: string[] = [];
    Object.assign(globalThis, { seen });
    new MutationObserver(() => {
      for (const one of document.querySelectorAll('[role="option"]')) seen.push(one.textContent);
    }).observe(document.body, { childList: true, subtree: true, characterData: true });
  });
  await page.getByText(words.keepSession, { exact: true }).click();
  await expect(page.getByText(words.endpointOther, { exact: true })).toHaveCount(0);
  await expect(endpoint).toHaveValue('http://127.0.0.1:9');
  await expect(page.getByRole('radio', { name: words.keepSession })).toBeChecked();
  expect(await page.evaluate(() => (globalThis as unknown as { seen: string[] }).seen)).toEqual([]);

  // Opened again it offers every choice; one that is chosen takes the place of what was typed, for good.
  await endpoint.click();
  await page.getByRole('option', { name: words.endpointWays.internal }).click();
  await expect(endpoint).toHaveValue(words.endpointWays.internal);
  await page.getByLabel(words.name, { exact: true }).click();
  await expect(endpoint).toHaveValue(words.endpointWays.internal);
});

/** A point in time as a date box shows it: local, to the minute. */
function toLocal(time: Date): string {
  const two = (part: number): string => String(part).padStart(2, '0');
  const day = [time.getFullYear(), two(time.getMonth() + 1), two(time.getDate())].join('-');
  return `${day}T${two(time.getHours())}:${two(time.getMinutes())}`;
}
