/** What a person sees when something is wrong: the right words in the right place, and everything else still usable. */
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { toErrorWords } from '#renderer/words/errors.ts';
import { type AppError, type ErrorCode, fail } from '#contract/errors.ts';
import { browse } from '#renderer/words/browse.ts';
import { common } from '#renderer/words/common.ts';
import { read } from '#renderer/words/read.ts';
import { makeEncryptedPdf } from '../unit/local-oss/tiny-documents.ts';
import { makeNumberedPdf, toObject } from './documents.ts';
import { expect, startService, test } from './fixtures.ts';
import { walkedIn } from './languages.ts';
import { ConnectPage, ViewerPage, errorCard } from './screens.ts';
import { readBill } from './signed.ts';

const SOUND = toObject('sound.pdf', makeNumberedPdf(4));

interface Bucket {
  misfortunes?: unknown[];
  deny?: string[];
  objects?: unknown[];
}
/** A document that cannot be shown at all: where its card stands, what it says, and whether Retry helps. */
interface Case {
  bucket: string;
  world: Bucket;
  key?: string;
  code: ErrorCode;
  detail?: AppError['detail'];
  /** `dialog`: refused before it opened; `document`: its first page cannot be had. */
  place: 'dialog' | 'document';
  /** The misfortune is over after one request; Retry then shows the page. */
  passes?: boolean;
  /** It may have been paid: the card says so, and its button too. */
  isUnclear?: boolean;
  /** Not by its row, which says before any click that it cannot open. */
  byAddress?: boolean;
}

const snapshotOnce = (misfortune: Record<string, unknown>): Bucket => ({
  misfortunes: [{ ...misfortune, operations: ['Snapshot'], times: 1 }],
  objects: [SOUND],
});

const CASES: Case[] = [
  {
    bucket: 'no-project',
    world: snapshotOnce({ kind: 'imm-not-attached' }),
    code: 'snapshot.notAttached',
    place: 'document',
    passes: true,
  },
  {
    bucket: 'project-gone',
    world: snapshotOnce({ kind: 'imm-project-gone' }),
    code: 'snapshot.notAttached',
    place: 'document',
    passes: true,
  },
  {
    bucket: 'no-role',
    world: snapshotOnce({ kind: 'imm-role-missing' }),
    code: 'snapshot.roleMissing',
    place: 'document',
    passes: true,
  },
  {
    bucket: 'no-process',
    world: { deny: ['oss:ProcessImm'], objects: [SOUND] },
    code: 'oss.processDenied',
    detail: { action: 'oss:ProcessImm', reason: 'forbidden' },
    place: 'document',
  },
  {
    bucket: 'no-convert',
    world: { deny: ['imm:CreateOfficeConversionTask'], objects: [SOUND] },
    code: 'oss.processDenied',
    detail: { action: 'imm:CreateOfficeConversionTask', reason: 'forbidden' },
    place: 'document',
  },
  { bucket: 'no-read', world: { deny: ['oss:GetObject'], objects: [SOUND] }, code: 'oss.readDenied', place: 'dialog' },
  {
    bucket: 'encrypted',
    world: { deny: ['kms:Decrypt'], objects: [{ ...SOUND, encryption: { algorithm: 'KMS', keyId: 'key-1' } }] },
    code: 'oss.kmsDenied',
    detail: { reason: 'denied' },
    place: 'document',
  },
  {
    bucket: 'kms-off',
    world: snapshotOnce({ kind: 'kms', code: 'KeyDisabled' }),
    code: 'oss.kmsDenied',
    detail: { reason: 'off' },
    place: 'document',
    passes: true,
  },
  {
    bucket: 'frozen',
    world: { objects: [{ ...SOUND, storageClass: 'ColdArchive' }] },
    code: 'oss.archived',
    place: 'document',
  },
  {
    bucket: 'elsewhere',
    world: {
      misfortunes: [{ kind: 'wrong-endpoint', endpoint: 'oss-cn-beijing.aliyuncs.com', operations: ['HeadObject'] }],
      objects: [SOUND],
    },
    code: 'oss.wrongEndpoint',
    detail: { bucket: 'elsewhere', endpoint: 'oss-cn-beijing.aliyuncs.com' },
    place: 'dialog',
  },
  {
    bucket: 'private-only',
    world: { misfortunes: [{ kind: 'public-endpoint-forbidden', operations: ['Snapshot'] }], objects: [SOUND] },
    code: 'oss.publicEndpointForbidden',
    place: 'document',
  },
  {
    bucket: 'slow',
    world: snapshotOnce({ kind: 'convert-timeout' }),
    code: 'snapshot.tooSlow',
    place: 'document',
    passes: true,
  },
  {
    bucket: 'portal',
    world: { misfortunes: [{ kind: 'html', status: 200, operations: ['Snapshot'] }], objects: [SOUND] },
    code: 'net.proxy',
    place: 'document',
    isUnclear: true,
  },
  {
    bucket: 'no-picture',
    world: snapshotOnce({ kind: 'not-an-image' }),
    code: 'snapshot.notAnImage',
    place: 'document',
    passes: true,
    isUnclear: true,
  },
  {
    bucket: 'cut-short',
    world: snapshotOnce({ kind: 'truncate', afterBytes: 1000 }),
    code: 'snapshot.unclear',
    place: 'document',
    passes: true,
    isUnclear: true,
  },
  {
    bucket: 'locked',
    world: { objects: [toObject('locked.pdf', makeEncryptedPdf('open sesame', 'owner'))] },
    key: 'locked.pdf',
    code: 'snapshot.unreadable',
    detail: { reason: 'password' },
    place: 'document',
  },
  {
    bucket: 'damaged',
    world: { objects: [toObject('damaged.pdf', Buffer.from('%PDF-1.7\nand then nothing of the kind'))] },
    key: 'damaged.pdf',
    code: 'snapshot.unreadable',
    detail: { reason: 'damaged' },
    place: 'document',
  },
  {
    bucket: 'empty-file',
    world: { objects: [{ key: 'empty.pdf', text: '' }] },
    key: 'empty.pdf',
    code: 'snapshot.unreadable',
    detail: { reason: 'empty' },
    place: 'document',
  },
  {
    bucket: 'disguised',
    world: { objects: [{ key: 'disguised.docx', text: '{"a": "text, whatever its name says"}' }] },
    key: 'disguised.docx',
    code: 'snapshot.unreadable',
    detail: { reason: 'wrong-content' },
    place: 'document',
  },
  {
    bucket: 'too-large',
    world: { objects: [{ key: 'large.pdf', zeros: 20 * 1024 * 1024 + 1 }] },
    key: 'large.pdf',
    code: 'snapshot.tooLarge',
    place: 'dialog',
    byAddress: true,
  },
];

const language = walkedIn('zh-CN');
const words = read[language];
const retry = common[language].retry;

test(`each reason why a document cannot be shown is said in words, in ${language}`, async ({ launch, serve }) => {
  test.setTimeout(180_000);
  const buckets = Object.fromEntries(CASES.map(({ bucket, world }) => [bucket, world]));
  const service = await serve({ world: { buckets } });
  const { page } = await launch({ language });
  const browser = await new ConnectPage(page, language).connectTo(service, { keep: 'session' });
  const viewer = new ViewerPage(page, language);
  for (const { bucket, key = 'sound.pdf', code, detail, place, passes, isUnclear, byAddress } of CASES) {
    await test.step(`${bucket}: ${code}`, async () => {
      await browser.go(byAddress ? `oss://${bucket}/${key}` : `oss://${bucket}/`);
      if (!byAddress) await browser.row(key).click();
      const within = place === 'dialog' ? page.getByRole('dialog', { name: key }) : viewer.root;
      const card = errorCard(within, code, language, detail);
      await expect(card).toBeVisible();
      await expect(page.getByRole('alert')).toHaveCount(1);
      const { meaning, next } = toErrorWords(fail(code, '', { detail: { bucket, ...detail } }).error, language);
      await expect(card).toContainText(meaning);
      await expect(card).toContainText(next);
      if (isUnclear) {
        const { money } = toErrorWords(fail(code, '', { charged: 'unclear' }).error, language);
        await expect(card).toContainText(money);
      }
      if (passes) {
        await card.getByRole('button', { name: isUnclear ? words.payAgain : retry, exact: true }).click();
        await viewer.seePage(1);
        await expect(page.getByRole('alert')).toHaveCount(0);
      }
      await page.keyboard.press('Escape');
      await browser.root.waitFor();
    });
  }
  // Nothing was bought but what Retry got, what was warned of, and what was read ahead from there.
  const { snapshots } = await readBill(service);
  const passing = CASES.filter((one) => one.passes).map(({ bucket }) => bucket);
  expect([...new Set(snapshots.map(({ bucket }) => bucket))].sort()).toEqual(passing.sort());
  const paidTwice = snapshots.filter(({ times }) => times > 1);
  expect(paidTwice.map(({ bucket, pageNumber }) => `${bucket} ${pageNumber}`).sort()).toEqual([
    'cut-short 1',
    'no-picture 1',
  ]);
});

test(`one page that fails leaves the others readable, in ${language}`, async ({ launch, serve }) => {
  const misfortunes = [
    // Some times: on a connection that was used before, Chromium itself asks once more.
    { kind: 'reset', pages: [2], times: 4 },
    { kind: 'truncate', afterBytes: 500, pages: [3], times: 1 },
    { kind: 'imm', code: 'OperationFailed', message: 'the page could not be drawn', pages: [4] },
    { kind: 'throttle', delayMs: 20, pages: [5], times: 2 },
    { kind: 'error', status: 500, code: 'InternalError', pages: [6], times: 1 },
  ];
  const objects = [toObject('seven.pdf', makeNumberedPdf(7))];
  const service = await serve({ world: { buckets: { some: { misfortunes, objects } } } });
  const { page } = await launch({ language });
  const browser = await new ConnectPage(page, language).connectTo(service, { keep: 'session' });
  const viewer = await browser.openAt('oss://some/seven.pdf');
  await viewer.seePage(1);

  for (const pageNumber of [2, 3]) {
    await viewer.goToPage(pageNumber);
    const card = errorCard(viewer.slot(pageNumber), 'snapshot.unclear', language);
    const { money } = toErrorWords(fail('snapshot.unclear', '', { charged: 'unclear' }).error, language);
    await expect(card).toContainText(money);
    const again = card.getByRole('button', { name: words.payAgain, exact: true });
    await expect(async () => {
      if (await again.isVisible()) await again.click();
      await expect(viewer.picture(pageNumber)).toBeVisible({ timeout: 1000 });
    }).toPass();
  }
  // Refused for good: Retry asks again and says the same, and nothing was charged.
  await viewer.goToPage(4);
  const refused = errorCard(viewer.slot(4), 'snapshot.refused', language);
  const { money } = toErrorWords(fail('snapshot.refused', '').error, language);
  await expect(refused).toContainText(money);
  const failuresBefore = (await readBill(service)).failedRequests;
  await refused.getByRole('button', { name: retry, exact: true }).click();
  await expect.poll(async () => (await readBill(service)).failedRequests).toBe(failuresBefore + 1);
  await expect(refused).toBeVisible();
  // Passing trouble is got over without a word.
  for (const pageNumber of [5, 6, 7]) {
    await viewer.goToPage(pageNumber);
    await viewer.seePage(pageNumber);
    await expect(viewer.slot(pageNumber).getByRole('alert')).toHaveCount(0);
  }
  await expect(viewer.total(7)).toBeVisible();
  await viewer.goToPage(1);
  await viewer.seePage(1);
  const { snapshots } = await readBill(service);
  expect(snapshots.map(({ pageNumber, times }) => [pageNumber, times]).sort()).toEqual([
    [1, 1],
    [2, 1],
    [3, 2],
    [5, 1],
    [6, 1],
    [7, 1],
  ]);
});

test(`a service that goes away and comes back: pages here stay, Retry gets the rest, in ${language}`, async ({
  launch,
  serve,
  folder,
}) => {
  const world = { buckets: { some: { objects: [toObject('nine.pdf', makeNumberedPdf(9))] } } };
  const service = await serve({ world });
  const { page } = await launch({ language });
  const browser = await new ConnectPage(page, language).connectTo(service, { keep: 'session' });
  const viewer = await browser.openAt('oss://some/nine.pdf');
  await viewer.seePage(1);
  await service.stop();
  await viewer.goToPage(8);
  const card = errorCard(viewer.slot(8), 'net.refused', language);
  await expect(card).toBeVisible();
  await viewer.goToPage(1);
  await viewer.seePage(1);
  await viewer.goToPage(8);

  const { accessKeyId, accessKeySecret, region, endpoint } = service;
  const same = ['--access-key-id', accessKeyId, '--access-key-secret', accessKeySecret, '--region', region];
  const worldFile = path.join(folder, 'world-0.json');
  const again = await startService(service.rootFolder, [
    ...same,
    '--port',
    new URL(endpoint).port,
    '--world',
    worldFile,
  ]);
  try {
    await card.getByRole('button', { name: retry, exact: true }).click();
    await viewer.seePage(8);
  } finally {
    await again.stop();
  }
});

test(`lists that fail say so where they are, and go on, in ${language}`, async ({ launch, serve }) => {
  const many = Array.from({ length: 1500 }, (_, index) => ({
    key: `part-${String(index).padStart(4, '0')}.pdf`,
    text: '',
  }));
  const world = {
    misfortunes: [
      { kind: 'error', status: 500, code: 'InternalError', operations: ['ListBuckets'], skip: 2, times: 3 },
    ],
    buckets: {
      'no-list': { deny: ['oss:ListObjects'], objects: [SOUND] },
      // The first page comes; a proxy's page comes instead of the second.
      'half-way': {
        misfortunes: [{ kind: 'html', status: 200, operations: ['ListObjectsV2'], skip: 1, times: 1 }],
        objects: many,
      },
      busy: {
        misfortunes: [{ kind: 'throttle', delayMs: 20, operations: ['ListObjectsV2'], times: 2 }],
        objects: [SOUND],
      },
    },
  };
  const service = await serve({ world });
  const { page } = await launch({ language });
  const browser = await new ConnectPage(page, language).connectTo(service, { keep: 'session' });

  // The buckets themselves: a card, and Retry brings them back.
  const buckets = page.getByRole('navigation', { name: browse[language].buckets });
  await buckets.getByRole('button', { name: /^no-list/ }).waitFor();
  await page.getByRole('button', { name: browse[language].reloadBuckets, exact: true }).click();
  const card = errorCard(page, 'oss.unavailable', language);
  await card.getByRole('button', { name: retry, exact: true }).click();
  await expect(buckets.getByRole('button', { name: /^no-list/ })).toBeVisible();

  await buckets.getByRole('button', { name: /^no-list/ }).click();
  await expect(errorCard(browser.root, 'oss.listDenied', language)).toBeVisible();

  // What was loaded stays, the footer says what happened, and one click loads the rest.
  await buckets.getByRole('button', { name: /^half-way/ }).click();
  const footer = browser.root.getByRole('contentinfo').or(browser.root.locator('footer')).first();
  await expect(footer).toContainText(browse[language].brokeOffAt(1000));
  await expect(footer).toContainText(toErrorWords(fail('net.proxy', '').error, language).title);
  await expect(browser.row('part-0000.pdf')).toBeVisible();
  await footer.getByRole('button', { name: retry, exact: true }).click();
  await expect(footer).toContainText(browse[language].allLoaded(1500));

  await buckets.getByRole('button', { name: /^busy/ }).click();
  const viewer = await browser.open('sound.pdf');
  await viewer.seePage(1);
  await viewer.back();

  // Gone between the list and the click.
  await browser.go('oss://documents/english/');
  await browser.row('Crew manual.pdf').waitFor();
  await rm(path.join(service.rootFolder, 'documents/english/Crew manual.pdf'));
  await browser.row('Crew manual.pdf').click();
  const gone = page.getByRole('dialog', { name: 'Crew manual.pdf' });
  await expect(errorCard(gone, 'oss.noSuchKey', language)).toBeVisible();
  await page.keyboard.press('Escape');
  await page.keyboard.press('F5');
  await expect(browser.row('Annual report 2025.pdf')).toBeVisible();
  await expect(browser.row('Crew manual.pdf')).toHaveCount(0);
});
