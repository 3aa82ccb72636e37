import { expect, it, onTestFinished } from 'vitest';
import { KeptId } from '#contract/ids.ts';
import { KeptPagesView } from '#contract/kept-pages.ts';
import { makeLog } from '#services/log.ts';
import { makeOfflinePages, type OfflinePages } from '#services/offline-pages.ts';
import { HEAD_BYTES } from '#services/page-files.ts';
import { openSettings, type Settings } from '#services/settings.ts';
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { makeKeychain } from '#services/keychain.ts';
import { makeHandClock, type HandClock } from './hand-clock.ts';
import { ACCOUNT, documentOf, idOf, makeFolder } from './kept-fixture.ts';
import { pictureOf } from './oss-twin.ts';

const PAGE = HEAD_BYTES + pictureOf('x 1').bytes.length;

interface Shelf {
  offline: OfflinePages;
  settings: Settings;
  clock: HandClock;
  told: KeptPagesView[];
}

async function startShelf(folder: string): Promise<Shelf> {
  const log = makeLog({ level: 'error', write: () => undefined, now: () => 0 });
  const settings = await openSettings(path.join(folder, 'settings.json'), log, () => 0);
  const clock = makeHandClock();
  const told: KeptPagesView[] = [];
  const offline = makeOfflinePages({
    rootFolder: path.join(folder, 'pages'),
    settings,
    keychain: makeKeychain(async () => {
      throw new Error('Nobody asks the keychain while nothing is sealed.');
    }),
    randomBytes,
    onChange: (view) => told.push(view),
    now: clock.now,
    later: clock.later,
  });
  onTestFinished(() => offline.dispose());
  return { offline, settings, clock, told };
}
async function put({ offline, clock }: Shelf, key: string, pages: string[]): Promise<KeptId> {
  const document = documentOf(key);
  clock.pass(10);
  await offline.kept.open(idOf(document), document, true);
  for (const page of pages) await offline.kept.write(idOf(document), page, pictureOf(`x ${page}`.slice(0, 3)));
  offline.kept.close(idOf(document));
  return KeptId.parse(idOf(document));
}

it('shows what is kept: pinned documents first, then by last use, a page in two formats once', async () => {
  const shelf = await startShelf(await makeFolder());
  const a = await put(shelf, 'a.pdf', ['1.png', '1.jpg', '2.png']);
  await put(shelf, 'b.pdf', ['1.png']);
  await put(shelf, 'c.pdf', ['1.png']);
  await shelf.offline.kept.setPinned(a, true);
  const view = await shelf.offline.view();
  expect(view.documents.map(({ key, pagesHere, isPinned }) => [key, pagesHere, isPinned])).toEqual([
    ['a.pdf', 2, true],
    ['c.pdf', 1, false],
    ['b.pdf', 1, false],
  ]);
  expect(view.bytes).toBe(5 * PAGE);
  // What goes to the page is what its schema says, and no more.
  expect(KeptPagesView.parse(view)).toEqual(view);
  expect(view.documents[0]).toMatchObject({ accountId: ACCOUNT, total: null, isOutdated: false });
});

it('lets go, removes one, and removes all', async () => {
  const shelf = await startShelf(await makeFolder());
  const { offline } = shelf;
  const a = await put(shelf, 'a.pdf', ['1.png']);
  const b = await put(shelf, 'b.pdf', ['1.png']);
  await offline.kept.setPinned(a, true);
  await offline.release(a);
  expect((await offline.view()).documents.map(({ isPinned }) => isPinned)).toEqual([false, false]);
  await offline.remove(b);
  expect((await offline.view()).documents.map(({ key }) => key)).toEqual(['a.pdf']);
  await offline.clear();
  expect(await offline.view()).toMatchObject({ documents: [], bytes: 0 });
});

it('makes room at once for a smaller limit, which is there at the next start', async () => {
  const folder = await makeFolder();
  const shelf = await startShelf(folder);
  await put(shelf, 'a.pdf', ['1.png']);
  await put(shelf, 'b.pdf', ['1.png']);
  expect(await shelf.offline.setBudget(PAGE)).toMatchObject({ ok: true });
  expect((await shelf.offline.view()).documents.map(({ key }) => key)).toEqual(['b.pdf']);
  expect((await (await startShelf(folder)).offline.view()).limitBytes).toBe(PAGE);
});

it('tells of changes at most once a second, the last state always', async () => {
  const shelf = await startShelf(await makeFolder());
  await put(shelf, 'a.pdf', ['1.png', '2.png', '3.png']);
  shelf.clock.pass(1000);
  await expect.poll(() => shelf.told.at(-1)?.documents[0]?.pagesHere).toBe(3);
  const before = shelf.told.length;
  await put(shelf, 'b.pdf', ['1.png', '2.png']);
  shelf.clock.pass(1000);
  await expect.poll(() => shelf.told.at(-1)?.documents.length).toBe(2);
  expect(shelf.told.length - before).toBeLessThanOrEqual(2);
});
