/**
 * Every kind of key that OSS allows, through Chromium's network stack and the raw path beside it: listed, opened, its page
 * bought once and shown, written to disk. The same keys without the app: test/unit/services/key-round-trip.test.ts.
 */
import { mkdir, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from '@playwright/test';
import type { AccountsView, DocumentView, JobView, PageStateView } from '#contract/contract.ts';
import { toOssPath } from '#contract/oss-path.ts';
import type { ObjectPageView } from '#contract/objects.ts';
import type { Bridge } from '#contract/wire.ts';
import { browse } from '#renderer/words/browse.ts';
import { anyKeys, NAMED_KEYS } from '../unit/oss/odd-keys.ts';
import { common } from '#renderer/words/common.ts';
import { exporting } from '#renderer/words/export.ts';
import { makeNumberedPdf } from './documents.ts';
import { expect, test } from './fixtures.ts';
import { ConnectPage, ViewerPage, answerFolderDialog } from './screens.ts';
import { readBill } from './signed.ts';

const SEED = 20_261_127;
const named = Object.values(NAMED_KEYS);
const keys = [...new Set([...named, ...anyKeys(SEED, 60)])];

const PDF = makeNumberedPdf(2).toString('base64');
const WORLD = { buckets: { odd: { objects: keys.map((key) => ({ key, base64: PDF })) } } };

/** Calls the main process as the page does; throws what it refuses. */
function makeAsk(page: Page) {
  let count = 0;
  return async <T>(name: string, input: unknown = {}): Promise<T> => {
    const frame = { id: `asked-by-the-test-${(count += 1)}`, name, input };
    const result = await page.evaluate(
      (sent) => (globalThis as unknown as { pagelens: Bridge }).pagelens.request(sent),
      frame,
    );
    const { ok, value, error } = result as { ok: boolean; value: T; error: unknown };
    if (!ok) throw new Error(`${name} ${JSON.stringify(input)}: ${JSON.stringify(error)}`);
    return value;
  };
}

test('every key is listed, opened, bought once, shown and exported', async ({ launch, serve, folder }) => {
  const service = await serve({ world: WORLD });
  const { app, page } = await launch();
  const browser = await new ConnectPage(page).connectTo(service, { keep: 'session', scope: 'odd/' });
  const ask = makeAsk(page);
  const { activeId: accountId } = await ask<AccountsView>('accounts.get');

  const unlisted: string[] = [];
  for (const key of keys) {
    const prefix = key.slice(0, key.lastIndexOf('/') + 1);
    const listed: string[] = [];
    for (let next: string | null = null, isFirst = true; isFirst || next !== null; isFirst = false) {
      const found: ObjectPageView = await ask('objects.list', { accountId, bucket: 'odd', prefix, next });
      listed.push(...found.objects.names);
      next = found.next;
    }
    if (!listed.includes(key.slice(prefix.length))) unlisted.push(key);
  }
  expect(unlisted).toEqual([]);

  const out = path.join(folder, 'out');
  await mkdir(out);
  await answerFolderDialog(app, out);
  const chosen = await ask<{ grant: string }>('exports.chooseFolder');
  for (const [at, key] of keys.entries()) {
    const place = { accountId, bucket: 'odd', key, versionId: null, source: 'pdf' };
    const { handle } = await ask<DocumentView>('documents.open', place);
    const want = async () =>
      (await ask<{ pages: PageStateView[] }>('pages.want', { handle, target: 'png', pages: [1] })).pages[0];
    await expect.poll(want, { intervals: [20], message: JSON.stringify(key) }).toMatchObject({ status: 'ready' });
    // Exported from what is here: a file of its own for each key, nothing bought again.
    const order = { handle, selection: [{ from: 1, to: 1 }], target: 'png', template: `${at} {name}-p{page}` };
    const job = await ask<JobView>('exports.start', { ...order, grant: chosen.grant, ifExists: 'ask' });
    const state = async () =>
      (await ask<{ jobs: JobView[] }>('exports.get')).jobs.find(({ id }) => id === job.id)?.state;
    await expect.poll(state, { intervals: [20], message: JSON.stringify(key) }).toBe('done');
    await ask('documents.close', { handle });
  }
  const { failures, snapshots } = await readBill(service);
  expect(failures).toEqual({});
  expect(snapshots.map(({ key }) => key).sort()).toEqual([...keys].sort());
  expect(snapshots.every(({ times }) => times === 1)).toBe(true);
  const files = await readdir(out);
  expect(files).toHaveLength(keys.length);
  const pictures = new Set(await Promise.all(files.map((name) => readFile(path.join(out, name), 'base64'))));
  expect(pictures.size).toBe(1);

  // The longest name takes no more room than there is.
  const jobs = page.getByRole('region', { name: exporting.en.jobs });
  await expect(jobs.getByRole('article')).toHaveCount(keys.length);
  expect(await jobs.evaluate((box) => box.scrollWidth - box.clientWidth)).toBe(0);
  await page
    .getByRole('complementary', { name: common.en.exports })
    .getByRole('button', { name: common.en.dismiss, exact: true })
    .click();

  // And as a person does it, by the path that the app itself writes. A box of one line takes no line end: there it is the URL.
  const viewer = new ViewerPage(page);
  for (const key of named) {
    const address = key.includes('\n')
      ? `${service.endpoint}/odd/${encodeURIComponent(key)}`
      : toOssPath({ bucket: 'odd', key });
    await browser.go(address);
    if (!key.endsWith('.pdf')) {
      const question = page.getByRole('dialog', { name: browse.en.typeTitle });
      await question.getByRole('radio', { name: browse.en.types.pdf }).check();
      await question.getByRole('button', { name: browse.en.open, exact: true }).click();
    }
    await viewer.seePage(1);
    await viewer.back();
  }
});
