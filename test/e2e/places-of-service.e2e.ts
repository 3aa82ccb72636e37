/** Ways to the service: a domain of a bucket's own where the public address is refused, another region, an edited account. */
import { common } from '#renderer/words/common.ts';
import { connect } from '#renderer/words/connect.ts';
import { makeNumberedPdf, toObject } from './documents.ts';
import { expect, test } from './fixtures.ts';
import { walkedIn } from './languages.ts';
import { AccountMenu, BrowserPage, ConnectPage, errorCard } from './screens.ts';
import { readBill } from './signed.ts';

const REPORT = toObject('report.pdf', makeNumberedPdf(4));

const language = walkedIn('en');
test(`where the public address is refused, the bucket's own domain is asked for, tried and used, ${language}`, async ({
  serve,
  launch,
}) => {
  const service = await serve({
    world: {
      customDomains: { 'docs.localhost': 'contracts' },
      buckets: { contracts: { objects: [REPORT], misfortunes: [{ kind: 'public-endpoint-forbidden' }] } },
    },
  });
  const { page } = await launch({ language });
  const t = connect[language];
  await new ConnectPage(page, language).connectTo(service, { keep: 'session' });
  const browser = new BrowserPage(page, language);
  await page.getByRole('button', { name: 'contracts' }).first().click();
  const card = errorCard(page, 'oss.publicEndpointForbidden', language);
  await card.getByRole('button', { name: common[language].enterDomain }).click();

  const dialog = page.getByRole('dialog', { name: common[language].renameTitle });
  const domain = dialog.getByLabel(t.domain, { exact: true });
  await expect(dialog.getByLabel(t.domainBucket, { exact: true })).toHaveValue('contracts');
  await expect(domain).toBeFocused();
  const port = new URL(service.endpoint).port;
  await domain.fill(`http://other.localhost:${port}`);
  await dialog.getByRole('button', { name: common[language].save, exact: true }).click();
  await expect(dialog.getByRole('alert')).toBeVisible(); // tried, and it leads nowhere
  await domain.fill(`http://docs.localhost:${port}`);
  await dialog.getByRole('button', { name: common[language].save, exact: true }).click();
  await expect(dialog).toBeHidden();

  // What had failed is tried again by itself.
  const viewer = await browser.open('report.pdf');
  await viewer.seePage(1);
  expect((await readBill(service)).documentConverts).toBeGreaterThan(0);
});

test('a bucket of another region is found by itself, told once, and remembered', async ({ serve, launch }) => {
  const service = await serve({ world: { buckets: { shanghai: { region: 'cn-shanghai', objects: [REPORT] } } } });
  const { page, userData, close } = await launch();
  const browser = await new ConnectPage(page).connectTo(service, { scope: 'oss://shanghai' });
  await browser.row('report.pdf').waitFor();
  await expect(page.getByText(connect.en.moved('shanghai', 'China (Shanghai)'))).toBeVisible();
  const before = (await readBill(service)).failedRequests;
  await close();

  const again = await launch({ userData });
  await new BrowserPage(again.page).row('report.pdf').waitFor();
  expect((await readBill(service)).failedRequests).toBe(before);
});

test('an account can be led elsewhere without typing its secret again', async ({ serve, launch }) => {
  const service = await serve({ world: { buckets: { second: { objects: [{ ...REPORT, key: 'in/report.pdf' }] } } } });
  const { page } = await launch();
  await new ConnectPage(page).connectTo(service, { name: 'Mine', scope: 'documents/', keep: 'session' });
  await new AccountMenu(page).pick(common.en.editAccount);
  const dialog = page.getByRole('dialog', { name: common.en.renameTitle });
  await expect(dialog).not.toContainText(service.accessKeySecret);
  await dialog.getByLabel(connect.en.name, { exact: true }).fill('Yours');
  await dialog.getByLabel(connect.en.scope).fill('oss://nowhere-to-be-found/');
  await dialog.getByRole('button', { name: common.en.save, exact: true }).click();
  await errorCard(dialog, 'oss.noSuchBucket', 'en', { bucket: 'nowhere-to-be-found' }).waitFor();
  await dialog.getByLabel(connect.en.scope).fill('oss://second/in');
  await dialog.getByRole('button', { name: common.en.save, exact: true }).click();
  const viewer = await new BrowserPage(page).open('report.pdf');
  await viewer.seePage(1);
  await expect(new AccountMenu(page).chip).toContainText('Yours');
});
