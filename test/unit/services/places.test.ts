import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DocumentView } from '#contract/contract.ts';
import { AccountId, DocumentHandle, PictureVersion, PlaceId } from '#contract/ids.ts';
import { MAX_PINS, MAX_RECENTS, MAX_TABS, type OpenTab, type Place, type PlacesView } from '#contract/places.ts';
import { makeLog } from '#services/log.ts';
import { openPlaces, type Places } from '#services/places.ts';
import { makeRandom, oddKey } from '../oss/odd-keys.ts';
import { makeHandClock, type HandClock } from './hand-clock.ts';

const ACCOUNT = AccountId.parse('0123456789abcdef');
const OTHER = AccountId.parse('fedcba9876543210');
const SAMPLES = AccountId.parse('samples');

let folder: string;
let file: string;
let clock: HandClock;
let heard: PlacesView[];
let serial: number;
/** Accounts whose keys are kept for the run only. */
let forgotten: Set<AccountId>;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'places-'));
  file = path.join(folder, 'places.json');
  clock = makeHandClock();
  heard = [];
  serial = 0;
  forgotten = new Set();
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const open = (): Promise<Places> =>
  openPlaces({
    ...clock,
    file,
    log: makeLog({ level: 'error', now: clock.now, write: () => undefined }),
    randomBytes: () => Buffer.from((serial += 1).toString(16).padStart(16, '0'), 'hex'),
    isRemembered: (id) => !forgotten.has(id),
    onChange: (view) => heard.push(view),
  });
const folderAt = (prefix: string): Place => ({ kind: 'folder', bucket: 'reports', prefix });
const documentAt = (key: string, pageNumber: number | null = null): Place => ({
  ...{ kind: 'document', bucket: 'reports', key, versionId: null, source: 'pdf', pageNumber },
});
const reading = (key: string, more: Partial<DocumentView> = {}): DocumentView => ({
  handle: DocumentHandle.parse('0'.repeat(32)),
  version: PictureVersion.parse('0'.repeat(16)),
  accountId: ACCOUNT,
  bucket: 'reports',
  key,
  name: key,
  versionId: null,
  source: 'pdf',
  sizeBytes: 1,
  modifiedAt: '',
  etag: '"one"',
  pages: { atLeast: 1, total: null, repeatsFrom: null },
  ...more,
});
const pinned = (places: Places): string[] =>
  places.view().pins.map(({ place }) => JSON.stringify(Object.values(place)));
const recents = (places: Places): [string, number][] =>
  places.view().recents.map(({ key, pageNumber }) => [key, pageNumber]);
const GONE = PlaceId.parse('f'.repeat(16));

describe('pins', () => {
  it('are there again after a restart, the newest first, readable by their owner only', async () => {
    const places = await open();
    await places.pin(ACCOUNT, folderAt('2026/'));
    await places.pin(ACCOUNT, documentAt('board.pptx'));
    await places.pin(ACCOUNT, documentAt('board.pptx', 12));
    const again = await open();
    expect(again.view()).toEqual(places.view());
    expect(again.view().pins[0]).toMatchObject({ accountId: ACCOUNT, name: null, place: { pageNumber: 12 } });
    expect(await readdir(folder)).toEqual(['places.json']);
    if (process.platform !== 'win32') expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  it('of one place are one pin, of another account another', async () => {
    const places = await open();
    const first = await places.pin(ACCOUNT, documentAt('a.pdf', 2));
    expect(await places.pin(ACCOUNT, documentAt('a.pdf', 2))).toEqual(first);
    await places.pin(ACCOUNT, documentAt('a.pdf', 3));
    await places.pin(OTHER, documentAt('a.pdf', 2));
    await places.pin(ACCOUNT, { kind: 'folder', bucket: 'reports', prefix: 'a.pdf' });
    expect(places.view().pins).toHaveLength(4);
  });

  it('are put in order, named and taken away', async () => {
    const places = await open();
    for (const prefix of ['c/', 'b/', 'a/']) await places.pin(ACCOUNT, folderAt(prefix));
    const [a, b, c] = places.view().pins.map(({ id }) => id) as [PlaceId, PlaceId, PlaceId];
    await places.move(c, a);
    expect(places.view().pins.map(({ id }) => id)).toEqual([c, a, b]);
    await places.move(c, null);
    await places.move(a, a);
    expect(places.view().pins.map(({ id }) => id)).toEqual([a, b, c]);
    await places.move(a, GONE);
    await places.move(GONE, a);
    expect(places.view().pins.map(({ id }) => id)).toEqual([b, c, a]);
    await places.rename(a, 'Mine');
    await places.unpin(b);
    await places.unpin(GONE);
    expect((await open()).view().pins.map(({ id, name }) => [id, name])).toEqual([
      [c, null],
      [a, 'Mine'],
    ]);
  });

  it('beyond the most that is kept are refused, and none is lost', async () => {
    const pins = Array.from({ length: MAX_PINS }, (_, at) => ({
      ...{ id: at.toString(16).padStart(16, '0'), accountId: ACCOUNT, name: null, place: folderAt(`${at}/`) },
    }));
    await writeFile(file, JSON.stringify({ version: 1, pins, recents: [] }));
    const places = await open();
    expect(await places.pin(ACCOUNT, folderAt('more/'))).toMatchObject({ ok: false, error: { code: 'places.full' } });
    expect(await places.pin(ACCOUNT, folderAt('7/'))).toMatchObject({ ok: true });
    expect(places.view().pins).toHaveLength(MAX_PINS);
  });

  it('that cannot be written hold for this run, and say so', async () => {
    await mkdir(`${file}.new`);
    const places = await open();
    expect(await places.pin(ACCOUNT, folderAt('a/'))).toMatchObject({ ok: false, error: { code: 'file.noAccess' } });
    expect(pinned(places)).toHaveLength(1);
    expect(heard).toHaveLength(1);
  });
});

describe('recent documents', () => {
  it('are in the order they were read, each with the page it was left at', async () => {
    const places = await open();
    places.note(reading('a.pdf'), 1);
    places.note(reading('b.pdf'), 4);
    places.note(reading('a.pdf', { etag: '"two"' }), 7);
    await places.flush();
    const again = await open();
    expect(recents(again)).toEqual([
      ['a.pdf', 7],
      ['b.pdf', 4],
    ]);
    expect(again.view().recents[0]).toMatchObject({ etag: '"two"', readAt: clock.now() });
  });

  it('are told apart by account, bucket and version', async () => {
    const places = await open();
    places.note(reading('a.pdf'), 1);
    places.note(reading('a.pdf', { versionId: 'v1' }), 2);
    places.note(reading('a.pdf', { accountId: SAMPLES }), 3);
    places.note(reading('a.pdf', { bucket: 'archive' }), 4);
    places.note(reading('a.pdf', { source: 'docx' }), 5);
    expect(recents(places).map(([, page]) => page)).toEqual([5, 4, 3, 2]);
  });

  it('are told and written once a second, however fast pages turn', async () => {
    const places = await open();
    for (let page = 1; page <= 50; page += 1) {
      places.note(reading('a.pdf'), page);
      clock.pass(50);
    }
    expect(heard.length).toBeLessThanOrEqual(4);
    await places.flush();
    expect(recents(await open())).toEqual([['a.pdf', 50]]);
  });

  it('are 200 at most; the one read longest ago goes', async () => {
    const places = await open();
    for (let at = 0; at <= MAX_RECENTS; at += 1) places.note(reading(`${at}.pdf`), 1);
    expect(places.view().recents).toHaveLength(MAX_RECENTS);
    expect(recents(places).at(-1)).toEqual(['1.pdf', 1]);
    await places.flush();
    expect((await open()).view().recents).toHaveLength(MAX_RECENTS);
  });

  it('are forgotten one by one or all at once, on the disk too', async () => {
    const places = await open();
    for (const key of ['a.pdf', 'b.pdf', 'c.pdf']) places.note(reading(key), 1);
    places.note(reading('secret-name.pdf', { accountId: OTHER }), 1);
    await places.pin(ACCOUNT, folderAt('kept/'));
    await places.forget(places.view().recents[1]!.id);
    expect(recents(places).map(([key]) => key)).toEqual(['secret-name.pdf', 'b.pdf', 'a.pdf']);
    await places.clearRecents(OTHER);
    await places.flush();
    expect(await readFile(file, 'utf8')).not.toContain('secret-name');
    await places.clearRecents(ACCOUNT);
    expect((await open()).view()).toMatchObject({ recents: [], pins: [{}] });
  });

  it('that a service made up beyond all bounds are left out, so that the file can be read again', async () => {
    const places = await open();
    places.note(reading('a.pdf', { etag: 'e'.repeat(100_000) }), 1);
    places.note(reading('b.pdf'), 1);
    await places.flush();
    expect(recents(await open())).toEqual([['b.pdf', 1]]);
  });
});

describe('tabs', () => {
  const tab = (key: string): OpenTab => ({ bucket: 'reports', key, versionId: null, source: 'pdf' });
  const keysOf = (places: Places, account: AccountId): string[] => places.tabsOf(account).map(({ key }) => key);

  it('are there again after a restart, by account and in their order', async () => {
    const places = await open();
    places.setTabs(ACCOUNT, [tab('b.pdf'), { ...tab('a.pdf'), versionId: 'v1', source: 'docx' }]);
    places.setTabs(OTHER, [tab('c.pdf')]);
    places.setTabs(OTHER, [tab('d.pdf'), tab('c.pdf')]);
    await places.flush();
    const again = await open();
    expect(again.tabsOf(ACCOUNT)).toEqual([tab('b.pdf'), { ...tab('a.pdf'), versionId: 'v1', source: 'docx' }]);
    expect(keysOf(again, OTHER)).toEqual(['d.pdf', 'c.pdf']);
    expect(keysOf(again, SAMPLES)).toEqual([]);
  });

  it('of an account of which nothing is remembered last for the run and are never on the disk', async () => {
    forgotten.add(OTHER);
    const places = await open();
    places.setTabs(OTHER, [tab('secret-name.pdf')]);
    places.setTabs(ACCOUNT, [tab('a.pdf')]);
    await places.pin(OTHER, folderAt('a/'));
    await places.flush();
    expect(keysOf(places, OTHER)).toEqual(['secret-name.pdf']);
    expect(await readFile(file, 'utf8')).not.toContain('secret-name');
    expect(keysOf(await open(), ACCOUNT)).toEqual(['a.pdf']);
  });

  it('go off the disk with their account, and when they are closed', async () => {
    const places = await open();
    places.setTabs(ACCOUNT, [tab('closed.pdf')]);
    places.setTabs(OTHER, [tab('gone.pdf')]);
    places.setTabs(ACCOUNT, []);
    await places.forgetAccount(OTHER);
    await places.flush();
    expect(await readFile(file, 'utf8')).not.toMatch(/closed|gone/);
    expect(keysOf(await open(), OTHER)).toEqual([]);
  });

  it('are 50 at most for an account; the first go', async () => {
    const places = await open();
    places.setTabs(
      ACCOUNT,
      Array.from({ length: MAX_TABS + 2 }, (_, at) => tab(`${at}.pdf`)),
    );
    await places.flush();
    const again = keysOf(await open(), ACCOUNT);
    expect([again.length, again[0]]).toEqual([MAX_TABS, '2.pdf']);
  });
});

describe('places', () => {
  it('go with their account, and only theirs', async () => {
    const places = await open();
    for (const account of [ACCOUNT, OTHER, SAMPLES]) {
      await places.pin(account, folderAt('a/'));
      places.note(reading('a.pdf', { accountId: account }), 1);
    }
    await places.forgetAccount(OTHER);
    const { pins, recents: read } = (await open()).view();
    expect([...pins, ...read].map(({ accountId }) => accountId).sort()).toEqual(
      [ACCOUNT, ACCOUNT, SAMPLES, SAMPLES].sort(),
    );
  });

  it('keep every key that OSS allows as it is', async () => {
    const random = makeRandom(5);
    const keys = Array.from({ length: 120 }, () => oddKey(random));
    const places = await open();
    for (const key of keys) {
      await places.pin(ACCOUNT, documentAt(key, 3));
      places.note(reading(key), 3);
    }
    await places.flush();
    const again = (await open()).view();
    expect(again.pins.map(({ place }) => place)).toEqual([...new Set(keys)].reverse().map((key) => documentAt(key, 3)));
    expect(new Set(again.recents.map(({ key }) => key))).toEqual(new Set(keys));
  });

  const one = { accountId: ACCOUNT, id: '0'.repeat(16), name: null };
  it.each<[string, unknown]>([
    ['a list where an object belongs', []],
    ['a newer version', { version: 2, pins: [], recents: [] }],
    ['a path for an account', { version: 1, pins: [{ ...one, accountId: '../x', place: folderAt('') }], recents: [] }],
    [
      'a bucket that is none',
      { version: 1, pins: [{ ...one, place: { ...folderAt(''), bucket: '..' } }], recents: [] },
    ],
    ['a page that is none', { version: 1, pins: [{ ...one, place: documentAt('a.pdf', -1) }], recents: [] }],
    ['an endless key', { version: 1, pins: [{ ...one, place: documentAt('a'.repeat(2000)) }], recents: [] }],
    ['a tab that is none', { version: 1, pins: [], recents: [], tabs: { [ACCOUNT]: [{ bucket: 'reports' }] } }],
    ['tabs of nobody', { version: 1, pins: [], recents: [], tabs: { '../x': [] } }],
    ['too many pins', { version: 1, pins: Array(501).fill({ ...one, place: folderAt('') }), recents: [] }],
    ['a prototype', JSON.parse('{ "version": 1, "__proto__": { "pins": [] }, "recents": [] }')],
  ])('set a file with %s aside and start empty', async (_what, content) => {
    await writeFile(file, JSON.stringify(content));
    const places = await open();
    expect(places.view()).toEqual({ pins: [], recents: [] });
    expect(await readdir(folder)).toEqual([`places.broken-${clock.now()}.json`]);
    await places.pin(ACCOUNT, folderAt('a/'));
    expect((await open()).view().pins).toHaveLength(1);
  });

  it('survive a crash while they are written: the old file or the new one, never half', async () => {
    const places = await open();
    await places.pin(ACCOUNT, folderAt('a/'));
    await writeFile(`${file}.new`, '{ "version": 1, "pins": [{');
    expect(pinned(await open())).toEqual(pinned(places));
    await places.pin(ACCOUNT, folderAt('b/'));
    expect(await readdir(folder)).toEqual(['places.json']);
  });
});
