/** Two walks to the doctor: a right that is missing, to the policy that grants it; and a signature that is refused, to the difference. */
import { common } from '#renderer/words/common.ts';
import { connect } from '#renderer/words/connect.ts';
import { doctor } from '#renderer/words/doctor.ts';
import type { Locator } from '@playwright/test';
import { expectNoBarriers } from './barriers.ts';
import { makeNumberedPdf, toObject } from './documents.ts';
import { expect, test } from './fixtures.ts';
import { walkedIn } from './languages.ts';
import { AccountMenu, ConnectPage, ViewerPage, errorCard } from './screens.ts';
import { readBill } from './signed.ts';

/** The line of one check. */
const step = (dialog: Locator, name: string): Locator =>
  dialog.getByRole('listitem').filter({ has: dialog.page().getByText(name, { exact: true }) });

const containing = (text: string): RegExp => new RegExp(text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));

const REPORT = toObject('report.pdf', makeNumberedPdf(4));

const language = walkedIn('zh-CN');
test(`a right that is missing ends in the policy that grants it, ${language}`, async ({ serve, launch }) => {
  const t = doctor[language];
  const service = await serve({
    world: { buckets: { reports: { objects: [REPORT], deny: ['oss:ProcessImm'] } } },
  });
  const { page } = await launch({ language });
  const browser = await new ConnectPage(page, language).connectTo(service, { scope: 'reports/', keep: 'session' });
  await browser.row('report.pdf').click();
  const card = errorCard(page, 'oss.processDenied', language);
  await card.getByRole('button', { name: t.open }).click();
  const dialog = page.getByRole('dialog', { name: t.title });
  await expect(step(dialog, t.checks.read)).toContainText(t.states.good);
  await expect(step(dialog, t.checks.process)).toContainText(t.states.bad);
  // The failure that led here said it: nothing was asked again, and nothing was bought.
  await expect(dialog.getByRole('button', { name: t.ask })).toHaveCount(0);
  const message = dialog.getByRole('textbox', { name: t.forAdministrator });
  await expect(message).toHaveValue(containing('"oss:ProcessImm"'));
  await expect(message).not.toHaveValue(containing('oss:GetObject'));
  await expect(message).toHaveValue(containing('oss://reports/report.pdf'));
  await expect(message).not.toHaveValue(containing(service.accessKeyId));
  await dialog.getByText(language === 'en' ? '简体中文' : 'English', { exact: true }).click();
  await expect(message).toHaveValue(containing(language === 'en' ? '您好' : 'Hello'));
  await dialog.getByRole('button', { name: t.copyPolicy }).click();
  await expect(page.getByText(t.copied, { exact: true })).toBeVisible();
  await expectNoBarriers(page, 'doctor', { within: '[role="dialog"]' });
  expect((await readBill(service)).documentConverts).toBe(0);
  await dialog.getByRole('button', { name: common[language].close }).last().click();
  await expect(dialog).toBeHidden();
});

test('a page is bought only after the question, and then it is kept', async ({ serve, launch }) => {
  const t = doctor.en;
  const service = await serve({
    world: {
      buckets: {
        reports: { objects: [REPORT], misfortunes: [{ kind: 'imm-not-attached', operations: ['Snapshot'], times: 1 }] },
      },
    },
  });
  const { page } = await launch();
  const browser = await new ConnectPage(page).connectTo(service, { scope: 'reports/', keep: 'session' });
  await browser.row('report.pdf').click();
  await errorCard(page, 'snapshot.notAttached', 'en', { bucket: 'reports' })
    .getByRole('button', { name: t.open })
    .click();
  const dialog = page.getByRole('dialog', { name: t.title });
  await expect(step(dialog, t.checks.imm)).toContainText(t.states.bad);
  await dialog.getByRole('button', { name: t.again }).click();
  // Asked again, the failure of before is not believed any more: the picture itself has to tell.
  await dialog.getByRole('button', { name: t.ask }).click();
  await expect(step(dialog, t.checks.picture)).toContainText(t.states.good);
  await expect(dialog.getByText(t.bought)).toBeVisible();
  expect((await readBill(service)).snapshots.filter(({ pageNumber }) => pageNumber === 1)).toMatchObject([
    { times: 1 },
  ]);
  await dialog.getByRole('button', { name: common.en.close }).last().click();
  await new ViewerPage(page).seePage(1);
  expect((await readBill(service)).snapshots.every(({ times }) => times === 1)).toBe(true);
});

test('a refused signature is laid beside what was signed, without any secret', async ({ serve, launch }) => {
  const t = doctor.en;
  const service = await serve();
  const { page } = await launch();
  await new ConnectPage(page).connectTo(service, { keep: 'session', name: 'Mine' });
  await new AccountMenu(page).pick(common.en.newSecret);
  const form = page.getByRole('dialog');
  await form.getByLabel(connect.en.secretOf('Mine'), { exact: true }).fill(`${service.accessKeySecret}x`);
  await form.getByRole('button', { name: connect.en.unlock }).click();
  await new AccountMenu(page).pick(t.openAccount);
  const dialog = page.getByRole('dialog', { name: t.titleAccount });
  await expect(step(dialog, t.checks.signature)).toContainText(t.states.bad);
  await expect(dialog.getByText(t.compareSame)).toBeVisible();
  await expect(dialog.getByText('UNSIGNED-PAYLOAD', { exact: true })).toHaveCount(2);
  await expect(dialog).not.toContainText(service.accessKeySecret);
});
