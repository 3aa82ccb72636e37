/** The ways in: a RAM role, a temporary key that ends in the middle of work, a profile of a command-line tool, one folder only. */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { common } from '#renderer/words/common.ts';
import { connect } from '#renderer/words/connect.ts';
import { makeNumberedPdf, toObject } from './documents.ts';
import { expect, test, type Service } from './fixtures.ts';
import { AccountMenu, BrowserPage, ConnectPage, JobEntry, answerFolderDialog, errorCard, toForm } from './screens.ts';
import { readBill, signedLink } from './signed.ts';

const ARN = 'acs:ram::1000000000000001:role/reader';
const REPORT = toObject('report.pdf', makeNumberedPdf(30));

test('a RAM role is taken on, once, and reads what the role may read', async ({ serve, launch }) => {
  const service = await serve({
    world: { roles: [{ arn: ARN, buckets: ['reports'] }], buckets: { reports: { objects: [REPORT] } } },
  });
  const { page } = await launch();
  const first = new ConnectPage(page);
  const words = connect.en;
  await first.choose('role');
  await first.fill({ ...toForm(service), scope: 'reports/' });
  await first.connectButton.click();
  await expect(page.getByText(words.badRole)).toBeVisible();
  await page.getByLabel(words.roleArn).fill(`${ARN}-gone`);
  await first.connectButton.click();
  await errorCard(page, 'sts.noSuchRole').waitFor();
  await page.getByLabel(words.roleArn).fill(ARN);
  await first.connectButton.click();
  const browser = new BrowserPage(page);
  const viewer = await browser.open('report.pdf');
  await viewer.seePage(1);
  await expect(page.getByRole('contentinfo').getByText(common.en.role, { exact: true })).toBeVisible();
  // Refused once; once for the test of the form, and once for the account itself.
  const { requests } = await readBill(service);
  expect(requests.AssumeRole).toBe(3);
  expect(requests.ListBuckets).toBeUndefined();
});

/** Resolves when the service itself calls the session over. */
async function untilEnded(service: Service, session: { accessKeyId: string; accessKeySecret: string; token: string }) {
  await expect
    .poll(
      async () => {
        const { accessKeyId, accessKeySecret, token: securityToken } = session;
        const link = signedLink(service, { accessKeyId, accessKeySecret, securityToken });
        return (await fetch(link)).text();
      },
      { timeout: 60_000 },
    )
    .toContain('SecurityTokenExpired');
}

test('a temporary key ends: pages and exports wait, and go on with a new key, nothing bought twice', async ({
  serve,
  launch,
  folder,
}) => {
  const ends = new Date(Date.now() + 30_000);
  const old = { accessKeyId: 'STS.old', accessKeySecret: 'old-secret', token: 'old-token' };
  const service = await serve({
    world: {
      keys: [
        { ...old, securityToken: old.token, token: undefined, expiresAt: ends.toISOString() },
        { accessKeyId: 'STS.new', accessKeySecret: 'new-secret', securityToken: 'new-token' },
      ],
      buckets: { reports: { objects: [REPORT] } },
    },
  });
  const { app, page } = await launch();
  const browser = await new ConnectPage(page).connectTo(service, {
    accessKeyId: old.accessKeyId,
    accessKeySecret: old.accessKeySecret,
    securityToken: old.token,
    scope: 'reports/',
    name: 'Guest',
    keep: 'session',
  });
  const status = page.getByRole('contentinfo');
  await expect(status.getByText(common.en.temporary)).toBeVisible();
  const viewer = await browser.open('report.pdf');
  await viewer.seePage(1);
  await untilEnded(service, old);

  const out = path.join(folder, 'out');
  await mkdir(out);
  await answerFolderDialog(app, out);
  const dialog = await viewer.export();
  await dialog.choosePages({ range: '1-20' });
  await dialog.chooseFolder();
  await dialog.startButton.click();
  const job = new JobEntry(page, 'report.pdf');
  await job.reach('paused');
  await expect(page.getByText(common.en.tokenEndedTitle)).toBeVisible();
  await expect(status.getByText(common.en.tokenEnded)).toBeVisible();
  // What is here stays on the screen, and the service is left alone.
  await viewer.seePage(1);
  const refused = (await readBill(service)).failures['SecurityTokenExpired'];
  await viewer.goToPage(25);
  await page.getByRole('button', { name: common.en.enterNewToken }).click();
  const form = page.getByRole('dialog');
  await form.getByLabel(connect.en.keyId, { exact: true }).fill('STS.new');
  await form.getByLabel(connect.en.secretOf('Guest'), { exact: true }).fill('new-secret');
  await form.getByLabel(connect.en.token, { exact: true }).fill('new-token');
  expect((await readBill(service)).failures['SecurityTokenExpired']).toBe(refused);
  await form.getByRole('button', { name: connect.en.unlock }).click();

  await viewer.seePage(25);
  await job.reach('done');
  await expect(page.getByText(common.en.tokenEndedTitle)).toBeHidden();
  const bill = await readBill(service);
  expect(bill.snapshots.every(({ times }) => times === 1)).toBe(true);
});

test('a profile of the aliyun CLI is shown without its secret, taken, and the file stays as it was', async ({
  serve,
  launch,
  folder,
}) => {
  const service = await serve();
  const home = path.join(folder, 'home');
  await mkdir(path.join(home, '.aliyun'), { recursive: true });
  const key = { access_key_id: service.accessKeyId, access_key_secret: service.accessKeySecret };
  const config = JSON.stringify({
    current: 'prod',
    profiles: [
      { name: 'prod', mode: 'AK', region_id: 'cn-hangzhou', ...key },
      { name: 'machine', mode: 'EcsRamRole', ram_role_name: 'web' },
    ],
  });
  await writeFile(path.join(home, '.aliyun/config.json'), config);
  await writeFile(
    path.join(home, '.ossutilconfig'),
    `[profile local]\naccessKeyID=${service.accessKeyId}\naccessKeySecret=${service.accessKeySecret}\nregion=cn-hangzhou\nendpoint=${service.endpoint}\n`,
  );
  const { page } = await launch({ env: { HOME: home } });
  const first = new ConnectPage(page);
  await first.choose('profile');
  const profiles = page.getByRole('radiogroup', { name: connect.en.profilesLegend });
  await expect(profiles.getByRole('radio')).toHaveCount(3);
  await expect(profiles.getByRole('radio', { name: /machine/ })).toBeDisabled();
  await expect(profiles).not.toContainText(service.accessKeySecret);
  await profiles.getByRole('radio', { name: /local/ }).check();
  await page.getByText(connect.en.keepSession, { exact: true }).click();
  await first.connectButton.click();
  const browser = new BrowserPage(page);
  await browser.row('english').waitFor();
  await expect(new AccountMenu(page).chip).toContainText('local');
});

for (const scope of ['oss://reports/2026', 'reports/2026/', 'oss://reports/2026/']) {
  test(`who may open only one folder just opens it: ${scope}`, async ({ serve, launch }) => {
    const service = await serve({
      world: {
        keys: [
          {
            accessKeyId: 'LTAIlimited',
            accessKeySecret: 'limited',
            deny: ['oss:ListBuckets', 'oss:GetBucketLocation', 'oss:GetBucketInfo', 'oss:DescribeRegions'],
            buckets: ['reports'],
            onlyUnder: ['2026/'],
          },
        ],
        buckets: { reports: { objects: [{ ...REPORT, key: '2026/report.pdf' }] } },
      },
    });
    const { page } = await launch();
    const browser = await new ConnectPage(page).connectTo(service, {
      accessKeyId: 'LTAIlimited',
      accessKeySecret: 'limited',
      scope,
      keep: 'session',
    });
    const viewer = await browser.open('report.pdf');
    await viewer.seePage(1);
    const bill = await readBill(service);
    expect(bill.requests.ListBuckets).toBeUndefined();
    expect(bill.failures).toEqual({});
  });
}
