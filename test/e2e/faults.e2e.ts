/**
 * The visible half of the fault matrix: whatever the network or the service does, words stand on the screen, the rest of the
 * app goes on, and the bill is the service's. The whole table is in test/unit/services/fault-matrix.test.ts.
 */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { ErrorCode } from '#contract/errors.ts';
import { browse } from '#renderer/words/browse.ts';
import { common } from '#renderer/words/common.ts';
import { makeNumberedPdf, toObject } from './documents.ts';
import { expect, test } from './fixtures.ts';
import { walkedIn } from './languages.ts';
import { ConnectPage, JobEntry, answerFolderDialog, errorCard } from './screens.ts';
import { readBill } from './signed.ts';

const SOUND = toObject('sound.pdf', makeNumberedPdf(6));
const of = (misfortune: object) => ({ objects: [SOUND], misfortunes: [misfortune] });

/** Bucket -> what goes wrong with its list, and what is said. */
const LISTS: Record<string, [object, ErrorCode]> = {
  'list-unclosed': [{ kind: 'body', as: 'unclosed-xml', operations: ['ListObjectsV2'] }, 'net.badAnswer'],
  'list-huge': [{ kind: 'body', as: 'huge-xml', operations: ['ListObjectsV2'] }, 'net.badAnswer'],
  'list-proxy': [{ kind: 'html', status: 200, operations: ['ListObjectsV2'] }, 'net.proxy'],
  'list-busy': [{ kind: 'throttle', delayMs: 10, operations: ['ListObjectsV2'] }, 'oss.throttled'],
  // Chromium unpacks by itself what says that it is packed, and breaks off.
  'list-not-packed': [
    { kind: 'headers', set: { 'content-encoding': 'gzip' }, operations: ['ListObjectsV2'] },
    'net.reset',
  ],
  'list-reset': [{ kind: 'reset', operations: ['ListObjectsV2'] }, 'net.reset'],
};
/** Bucket -> what goes wrong when its document is opened. */
const OPENS: Record<string, [object, ErrorCode]> = {
  'open-reset': [{ kind: 'reset', operations: ['HeadObject'] }, 'net.reset'],
  'open-broken': [{ kind: 'error', status: 500, code: 'InternalError', operations: ['HeadObject'] }, 'oss.unavailable'],
};
/** Bucket -> what goes wrong with page 2 of its document. */
const PAGES: Record<string, [object, ErrorCode]> = {
  'page-cut': [{ kind: 'truncate', afterBytes: 100, operations: ['Snapshot'], pages: [2] }, 'snapshot.unclear'],
  'page-text': [{ kind: 'body', as: 'json', operations: ['Snapshot'], pages: [2] }, 'snapshot.notAnImage'],
  'page-no-end': [{ kind: 'body', as: 'cut-picture', operations: ['Snapshot'], pages: [2] }, 'snapshot.notAnImage'],
  'page-scrambled': [
    { kind: 'body', as: 'scrambled-picture', operations: ['Snapshot'], pages: [2] },
    'snapshot.notAnImage',
  ],
  'page-not-packed': [
    { kind: 'headers', set: { 'content-encoding': 'gzip' }, operations: ['Snapshot'], pages: [2] },
    'snapshot.unclear',
  ],
  'page-broken': [
    { kind: 'error', status: 500, code: 'InternalError', operations: ['Snapshot'], pages: [2] },
    'oss.unavailable',
  ],
};

const language = walkedIn('en');
test(`whatever goes wrong is said, and the rest goes on, ${language}`, async ({ serve, launch, folder }) => {
  const buckets = Object.fromEntries(
    [...Object.entries(LISTS), ...Object.entries(OPENS), ...Object.entries(PAGES)].map(([name, [misfortune]]) => [
      name,
      of(misfortune),
    ]),
  );
  const slow = of({ kind: 'dribble', bytes: 512, ms: 100, operations: ['Snapshot'], pages: [2] });
  const service = await serve({ world: { buckets: { ...buckets, 'page-slow': slow, sound: { objects: [SOUND] } } } });
  const { app, page } = await launch({ language });
  const browser = await new ConnectPage(page, language).connectTo(service, { keep: 'session' });
  const sidebar = page.getByRole('navigation', { name: browse[language].buckets });
  const enter = (bucket: string) => sidebar.getByRole('button', { name: bucket }).click();

  for (const [bucket, [, code]] of Object.entries(LISTS)) {
    await test.step(bucket, async () => {
      await enter(bucket);
      await errorCard(browser.root, code, language).waitFor();
      await expect(browser.root).not.toContainText(/Error:|\bat .+:\d+:\d+|undefined|\[object/);
      await enter('sound');
      await browser.row('sound.pdf').waitFor();
    });
  }

  for (const [bucket, [, code]] of Object.entries(OPENS)) {
    await test.step(bucket, async () => {
      await enter(bucket);
      await browser.row('sound.pdf').click();
      const card = page.getByRole('dialog', { name: 'sound.pdf' });
      await errorCard(card, code, language).waitFor();
      await expect(card).not.toContainText(/Error:|\bat .+:\d+:\d+|undefined|\[object/);
      await page.keyboard.press('Escape');
      await expect(card).toHaveCount(0);
    });
  }

  await test.step('a body that trickles comes after all', async () => {
    await enter('page-slow');
    const viewer = await browser.open('sound.pdf');
    await viewer.seePage(1);
    await viewer.goToPage(2);
    await viewer.seePage(2);
    await viewer.back();
  });

  for (const [bucket, [, code]] of Object.entries(PAGES)) {
    await test.step(bucket, async () => {
      await enter(bucket);
      const viewer = await browser.open('sound.pdf');
      await viewer.seePage(1);
      await viewer.goToPage(2);
      await errorCard(viewer.slot(2), code, language).waitFor();
      await expect(viewer.root).not.toContainText(/Error:|\bat .+:\d+:\d+|undefined|\[object/);
      await viewer.goToPage(4);
      await viewer.seePage(4);
      await viewer.back();
    });
  }

  await test.step('an export of a page that is no picture', async () => {
    const out = path.join(folder, 'out');
    await mkdir(out);
    await answerFolderDialog(app, out);
    await enter('page-text');
    const viewer = await browser.open('sound.pdf');
    const dialog = await viewer.export();
    await dialog.choosePages({ range: '1-3' });
    await dialog.chooseFolder();
    await dialog.startButton.click();
    await new JobEntry(page, 'sound.pdf', language).reach('finished-with-gaps');
  });

  // What the service bills is what the status bar counts: pictures that came, and those of which nobody knows.
  const words = common[language];
  await expect
    .poll(async () => {
      const text = await page.getByRole('contentinfo').innerText();
      const { documentConverts } = await readBill(service);
      const unclear = Array.from({ length: documentConverts + 1 }, (_, count) => count).find((count) =>
        count === 0 ? !text.includes(words.unclear(1).replace('1', '')) : text.includes(words.unclear(count)),
      );
      return unclear !== undefined && text.includes(words.bought(documentConverts - unclear));
    })
    .toBe(true);
});
