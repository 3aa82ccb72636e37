import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { AccountId } from '#contract/ids.ts';
import type { KeptDocument, KeptPages, KeptPagesOptions } from '#services/kept-pages.ts';
import { HEAD_BYTES } from '#services/page-files.ts';
import { ACCOUNT, documentOf, idOf, makeFolder, startKept } from './kept-fixture.ts';
import { pictureOf } from './oss-twin.ts';

const A = documentOf('年报/a.pdf');
const B = documentOf('b.pdf');
/** What one page of these tests takes on the disk. */
const PAGE = HEAD_BYTES + pictureOf('x 1').bytes.length;

async function keep(kept: KeptPages, document: KeptDocument, ...pages: number[]): Promise<void> {
  for (const page of pages) await kept.write(idOf(document), `${page}.png`, pictureOf(`x ${page}`));
}
const pagesOf = async (kept: KeptPages): Promise<Record<string, string[]>> =>
  Object.fromEntries((await kept.list()).map(({ document, pages }) => [document.key, pages.sort()]));
/** A start, and pages of these documents from it. */
async function startWith(
  folder: string,
  documents: [KeptDocument, number[]][],
  more: Partial<KeptPagesOptions> = {},
): Promise<KeptPages> {
  const kept = startKept(folder, more);
  for (const [document, pages] of documents) {
    await kept.open(idOf(document), document, true);
    await keep(kept, document, ...pages);
    kept.close(idOf(document));
  }
  return kept;
}

describe('pages kept across runs', () => {
  it('are there again after a restart, with what proves the end', async () => {
    const folder = await makeFolder();
    const first = await startWith(folder, [[A, [1, 2, 3]]]);
    first.noteEnd(idOf(A), 3);
    await first.dispose();

    const second = startKept(folder);
    expect(await second.list()).toMatchObject([
      { id: idOf(A), document: A, bytes: 3 * PAGE, standing: { lastPage: 3, isPinned: false } },
    ]);
    const { heads, lastPage } = await second.open(idOf(A), A, true);
    expect(heads.map(({ name }) => name).sort()).toEqual([1, 2, 3].map((page) => `${idOf(A)}-${page}.png`));
    expect(lastPage).toBe(3);
    expect(await second.read(idOf(A), '2.png')).toEqual({
      ...pictureOf('x 2'),
      bytes: new Uint8Array(pictureOf('x 2').bytes),
    });
    expect(await second.read(idOf(A), '4.png')).toBeNull();
  });
  it('tell nothing of bucket or key in the names of their files', async () => {
    const folder = await makeFolder();
    await (await startWith(folder, [[A, [1]]])).dispose();
    expect(await readdir(folder)).toEqual([ACCOUNT]);
    expect(await readdir(path.join(folder, ACCOUNT))).toEqual([idOf(A)]);
    expect((await readdir(path.join(folder, ACCOUNT, idOf(A)))).sort()).toEqual(['1.png', 'about.json']);
  });
  it('that were damaged are removed and count as not here', async () => {
    const folder = await makeFolder();
    await (await startWith(folder, [[A, [1, 2, 3]]])).dispose();
    const fileOf = (page: number): string => path.join(folder, ACCOUNT, idOf(A), `${page}.png`);
    const inHead = await readFile(fileOf(1));
    inHead[50]! ^= 1;
    await writeFile(fileOf(1), inHead);
    const inPicture = await readFile(fileOf(2));
    inPicture[HEAD_BYTES + 3]! ^= 1;
    await writeFile(fileOf(2), inPicture);

    const gone: string[] = [];
    const kept = startKept(folder);
    kept.watchGone((_id, page) => gone.push(page));
    expect((await kept.open(idOf(A), A, true)).heads).toHaveLength(2);
    expect(await kept.read(idOf(A), '2.png')).toBeNull();
    expect(await kept.read(idOf(A), '3.png')).not.toBeNull();
    expect(gone).toEqual(['1.png', '2.png']);
    await kept.dispose();
    expect((await readdir(path.dirname(fileOf(1)))).sort()).toEqual(['3.png', 'about.json']);
    expect(kept.room().bytes).toBe(PAGE);
  });
  it('whose description was damaged are found again by opening the document', async () => {
    const folder = await makeFolder();
    await (await startWith(folder, [[A, [1, 2]]])).dispose();
    await writeFile(path.join(folder, ACCOUNT, idOf(A), 'about.json'), '{"version":1');
    const kept = startKept(folder);
    expect(await kept.list()).toEqual([]);
    expect((await kept.open(idOf(A), A, true)).heads).toHaveLength(2);
    await kept.dispose();
    expect(await pagesOf(startKept(folder))).toEqual({ [A.key]: ['1.png', '2.png'] });
  });
  it('stay within their limit: used longest ago goes first, open and pinned ones stay', async () => {
    const folder = await makeFolder();
    const C = documentOf('c.pdf');
    const D = documentOf('d.pdf');
    const kept = await startWith(
      folder,
      [
        [A, [1, 2]],
        [B, [1, 2]],
        [C, [1, 2]],
      ],
      { limitBytes: () => 6 * PAGE },
    );
    await kept.setPinned(idOf(A), true);
    await kept.open(idOf(D), D, true);
    await keep(kept, D, 1, 2, 3);
    await kept.dispose();
    expect(await pagesOf(kept)).toEqual({
      [A.key]: ['1.png', '2.png'],
      'c.pdf': ['2.png'],
      'd.pdf': ['1.png', '2.png', '3.png'],
    });
    expect(kept.room().bytes).toBe(6 * PAGE);
    // More than all that may go: what is held stays.
    await keep(kept, D, 4, 5, 6, 7, 8);
    expect(Object.keys(await pagesOf(kept)).sort()).toEqual(['d.pdf', A.key]);
    expect(await readdir(path.join(folder, ACCOUNT))).toHaveLength(2);
  });
  it('of another content of the object are never taken for this one, and are the first to go', async () => {
    const folder = await makeFolder();
    const changed = documentOf(A.key, { etag: 'B' });
    let limit = Infinity;
    const kept = await startWith(
      folder,
      [
        [B, [1]],
        [A, [1, 2]],
      ],
      { limitBytes: () => limit },
    );
    expect((await kept.open(idOf(changed), changed, true)).heads).toEqual([]);
    await keep(kept, changed, 1);
    kept.close(idOf(changed));
    limit = 2 * PAGE;
    await kept.fit();
    expect((await kept.list()).map(({ document }) => [document.key, document.etag]).sort()).toEqual(
      [
        [B.key, 'A'],
        [A.key, 'B'],
      ].sort(),
    );
  });
  it('are cleared: at once, or for what is open when it is closed', async () => {
    const folder = await makeFolder();
    const kept = await startWith(folder, [
      [A, [1, 2]],
      [B, [1]],
    ]);
    await kept.setPinned(idOf(B), true);
    await kept.open(idOf(A), A, true);
    await kept.remove(() => true);
    expect(await kept.list()).toEqual([]);
    expect(await kept.read(idOf(A), '1.png')).not.toBeNull();
    expect(await readdir(path.join(folder, ACCOUNT))).toEqual([idOf(A)]);
    kept.close(idOf(A));
    await kept.dispose();
    expect(await readdir(path.join(folder, ACCOUNT))).toEqual([]);
    expect(kept.room().bytes).toBe(0);
  });
  it('that come after they were cleared stay when the document is closed, and are on the shelf at once', async () => {
    const folder = await makeFolder();
    const kept = await startWith(folder, [[A, [1, 2, 3]]]);
    await kept.open(idOf(A), A, true);
    await kept.remove(() => true);
    // Written anew: one of those that were cleared as well.
    await keep(kept, A, 3, 4);
    expect(await kept.list()).toMatchObject([{ bytes: 2 * PAGE }]);
    expect(await pagesOf(kept)).toEqual({ [A.key]: ['3.png', '4.png'] });
    kept.close(idOf(A));
    await kept.dispose();
    expect(kept.room().bytes).toBe(2 * PAGE);
    expect(await pagesOf(startKept(folder))).toEqual({ [A.key]: ['3.png', '4.png'] });
  });
  it('that were cleared stay all the same once the document is pinned', async () => {
    const folder = await makeFolder();
    const kept = await startWith(folder, [[A, [1, 2]]]);
    await kept.open(idOf(A), A, true);
    await kept.remove(() => true);
    await kept.setPinned(idOf(A), true);
    expect(await pagesOf(kept)).toEqual({ [A.key]: ['1.png', '2.png'] });
    await keep(kept, A, 3);
    kept.close(idOf(A));
    await kept.dispose();
    const again = startKept(folder);
    expect(await pagesOf(again)).toEqual({ [A.key]: ['1.png', '2.png', '3.png'] });
    expect(await again.list()).toMatchObject([{ standing: { isPinned: true } }]);
  });
  it('are cleared with their pin, also where the run ends while they are open', async () => {
    const folder = await makeFolder();
    const kept = await startWith(folder, [[A, [1]]]);
    await kept.setPinned(idOf(A), true);
    await kept.open(idOf(A), A, true);
    await kept.remove(() => true);
    await kept.dispose();
    expect(await startKept(folder).list()).toMatchObject([{ standing: { isPinned: false } }]);
  });
  it.each([
    ['cleared while the document was open', true],
    ['cleared when it was closed', false],
  ])('that were on their way when all else was %s are kept', async (_, isOpen) => {
    const folder = await makeFolder();
    const kept = await startWith(folder, [[A, [1, 2]]]);
    if (isOpen) await kept.open(idOf(A), A, true);
    await kept.remove(() => true);
    if (isOpen) kept.close(idOf(A));
    expect(await kept.write(idOf(A), '2.png', pictureOf('x 2'))).toBe(true);
    await kept.dispose();
    expect(kept.room().bytes).toBe(PAGE);
    expect(await pagesOf(startKept(folder))).toEqual({ [A.key]: ['2.png'] });
  });
  it('are kept of a document opened while its empty folder is looked through and swept', async () => {
    for (let turns = 0; turns < 30; turns += 1) {
      const folder = await makeFolder();
      const first = startKept(folder);
      await first.open(idOf(A), A, true);
      first.noteEnd(idOf(A), 3);
      await first.dispose();
      const second = startKept(folder);
      for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      await second.open(idOf(A), A, true);
      expect([turns, await second.write(idOf(A), '1.png', pictureOf('x 1'))]).toEqual([turns, true]);
    }
  });
  it('stay while a job holds them, though the document is closed', async () => {
    const folder = await makeFolder();
    const kept = await startWith(folder, [[A, [1]]]);
    await kept.open(idOf(A), A, true);
    const letGo = kept.hold(idOf(A));
    kept.close(idOf(A));
    await kept.remove(() => true);
    await keep(kept, A, 2);
    expect(await kept.read(idOf(A), '1.png')).not.toBeNull();
    letGo();
    await kept.dispose();
    expect(await pagesOf(startKept(folder))).toEqual({ [A.key]: ['2.png'] });
  });
  it('go with their account and leave those of others', async () => {
    const folder = await makeFolder();
    const other = documentOf('a.pdf', { accountId: AccountId.parse('0000000000000002') });
    const kept = await startWith(folder, [
      [A, [1]],
      [other, [1]],
    ]);
    await kept.open(idOf(A), A, true);
    await kept.forgetAccount(ACCOUNT);
    expect(await readdir(folder)).toEqual([other.accountId]);
    expect(await pagesOf(kept)).toEqual({ 'a.pdf': ['1.png'] });
    // A page that was on its way finds nobody to be kept for.
    expect(await kept.write(idOf(A), '2.png', pictureOf('x 2'))).toBe(false);
    expect(await readdir(folder)).toEqual([other.accountId]);
  });
  it('leave strange files alone and sweep what a dead process left aside', async () => {
    const folder = await makeFolder();
    await (await startWith(folder, [[A, [1]]])).dispose();
    const document = path.join(folder, ACCOUNT, idOf(A));
    const living = `2.png.${process.ppid}-0123456789abcdef.part`;
    for (const name of ['mine.txt', living, `2.png.${process.pid}-0123456789abcdef.part`])
      await writeFile(path.join(document, name), 'x');
    await mkdir(path.join(folder, 'mine'));
    const kept = startKept(folder);
    expect(await pagesOf(kept)).toEqual({ [A.key]: ['1.png'] });
    expect((await readdir(document)).sort()).toEqual(['1.png', living, 'about.json', 'mine.txt'].sort());
    expect((await readdir(folder)).sort()).toEqual([ACCOUNT, 'mine'].sort());
  });
  it('are written and read by two processes on one folder without harm', async () => {
    const folder = await makeFolder();
    const [one, two] = [startKept(folder), startKept(folder)];
    for (const kept of [one, two]) await kept.open(idOf(A), A, true);
    const pages = Array.from({ length: 20 }, (_, index) => index + 1);
    await Promise.all([one, two].map((kept) => keep(kept, A, ...pages)));
    await rm(path.join(folder, ACCOUNT, idOf(A), '7.png'));
    for (const page of pages) {
      const read = await Promise.all([one, two].map((kept) => kept.read(idOf(A), `${page}.png`)));
      const whole =
        page === 7 ? null : { ...pictureOf(`x ${page}`), bytes: new Uint8Array(pictureOf(`x ${page}`).bytes) };
      expect(read).toEqual([whole, whole]);
    }
  });
  it('are refused by a disk that takes nothing, and nobody fails for it', async () => {
    const folder = await makeFolder();
    const file = path.join(folder, 'file');
    await writeFile(file, 'not a folder');
    const kept = startKept(file);
    await kept.open(idOf(A), A, true);
    expect(await kept.write(idOf(A), '1.png', pictureOf('x 1'))).toBe(false);
    expect(await kept.list()).toEqual([]);
    expect((await stat(file)).size).toBe(12);
  });
});
