/** Sealed pages on a real folder with real settings; each start is a new set of services over what is on the disk. */
import { createHash, randomBytes } from 'node:crypto';
import { readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { KeptPagesView, type EncryptionView } from '#contract/kept-pages.ts';
import { makeKeychain, makeMemoryStore, type SecretStore } from '#services/keychain.ts';
import { makeLog } from '#services/log.ts';
import { makeOfflinePages, type OfflinePages } from '#services/offline-pages.ts';
import { openSettings, type Settings } from '#services/settings.ts';
import { afterTimeout } from '#services/pace.ts';
import { ACCOUNT, documentOf, idOf, makeFolder } from './kept-fixture.ts';
import { pictureOf } from './oss-twin.ts';

const never = new AbortController().signal;
const A = documentOf('年报/secret plan.pdf');
const B = documentOf('b.pdf');

/** A keychain as one computer has it: it can be locked, and says what it was asked. */
interface Chain extends SecretStore {
  isLocked: boolean;
  asked: string[];
  entries(): Promise<Map<string, string>>;
}

function makeChain(): Chain {
  const store = makeMemoryStore();
  const names = new Set<string>();
  const use = async <T>(call: string, work: () => Promise<T>): Promise<T> => {
    chain.asked.push(call);
    if (chain.isLocked) throw new Error('Cannot get secret of a locked object: it is locked');
    return work();
  };
  const chain: Chain = {
    isLocked: false,
    asked: [],
    get: (name) => use(`get ${name}`, () => store.get(name)),
    set: (name, secret) => use(`set ${name}`, async () => void (names.add(name), await store.set(name, secret))),
    delete: (name) => use(`delete ${name}`, () => store.delete(name)),
    async entries() {
      const found = new Map<string, string>();
      for (const name of names) {
        const secret = await store.get(name);
        if (secret !== null) found.set(name, secret);
      }
      return found;
    },
  };
  return chain;
}

interface Run {
  offline: OfflinePages;
  settings: Settings;
  view(): Promise<EncryptionView>;
  /** Switches, and waits until nothing is left to rewrite. */
  turn(isOn: boolean): Promise<void>;
  /** Has the keychain asked, and waits until nothing is left to do in the background. */
  rest(): Promise<EncryptionView>;
  /** Waits until nothing goes on in the background. */
  quiet(): Promise<EncryptionView>;
  put(document: typeof A, ...pages: number[]): Promise<boolean[]>;
  quit(): Promise<void>;
}

async function start(folder: string, chain: SecretStore): Promise<Run> {
  const log = makeLog({ level: 'error', write: () => undefined, now: () => 0 });
  const settings = await openSettings(path.join(folder, 'settings.json'), log, () => 0);
  const offline = makeOfflinePages({
    rootFolder: path.join(folder, 'pages'),
    settings,
    keychain: makeKeychain(async () => chain),
    randomBytes,
    onChange: () => undefined,
    now: Date.now,
    later: afterTimeout,
  });
  const view = async (): Promise<EncryptionView> => (await offline.view()).encryption;
  const run: Run = {
    offline,
    settings,
    view,
    async turn(isOn) {
      expect(await offline.encryption.turn(isOn, never)).toEqual({ ok: true, value: null });
      await run.rest();
    },
    async rest() {
      await offline.encryption.unlock(never);
      return run.quiet();
    },
    async quiet() {
      await expect.poll(async () => (await view()).isConverting, { timeout: 30_000 }).toBe(false);
      return view();
    },
    async put(document, ...pages) {
      const { kept } = offline;
      await kept.open(idOf(document), document, true);
      const written = pages.map((page) => kept.write(idOf(document), `${page}.png`, pictureOf(`x ${page}`)));
      const all = await Promise.all(written);
      kept.close(idOf(document));
      await kept.whenSettled();
      return all;
    },
    async quit() {
      await offline.dispose();
      await settings.flush();
    },
  };
  onTestFinished(() => run.quit());
  return run;
}

/** The files under a folder that hold one of these texts. */
async function filesWith(folder: string, ...texts: (string | Buffer)[]): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const bytes = await readFile(path.join(entry.parentPath, entry.name));
    if (texts.some((text) => bytes.includes(text))) found.push(entry.name);
  }
  return found.sort();
}
const fileOf = (folder: string, document: typeof A, page: number): string =>
  path.join(folder, 'pages', ACCOUNT, idOf(document), `${page}.png`);
/** What must not be met on the disk: pictures, and what the documents are. */
const PRIVATE = ['picture of', 'secret plan', '年报', 'reports', 'b.pdf', '"etag"'];

async function filled(chain: SecretStore): Promise<{ folder: string; run: Run }> {
  const folder = await makeFolder();
  const run = await start(folder, chain);
  await run.put(A, 1, 2, 3);
  await run.put(B, 1);
  return { folder, run };
}

describe('kept pages that are to be encrypted', () => {
  it('are rewritten, and neither they nor what they are of is on the disk any more; then back again', async () => {
    const chain = makeChain();
    const { folder, run } = await filled(chain);
    expect(await filesWith(folder, ...PRIVATE)).toHaveLength(6);
    expect(await run.view()).toMatchObject({ isOn: false, allPages: 4, sealedPages: 0 });
    expect(chain.asked).toEqual([]);

    const old = new Date('2026-01-02T03:04:05Z');
    await utimes(fileOf(folder, A, 2), old, old);
    await run.quit();
    const second = await start(folder, chain);
    await second.turn(true);
    expect(await second.view()).toEqual({
      ...{ isOn: true, allPages: 4, sealedPages: 4, isConverting: false, isStuck: false },
      ...{ lockedPages: 0, lockedBy: null, lostPages: 0, keepsNothing: null },
    });
    expect(await filesWith(folder, ...PRIVATE)).toEqual([]);
    // The order in which pages make room is what it was.
    expect((await stat(fileOf(folder, A, 2))).mtime).toEqual(old);
    expect(await second.put(A, 4)).toEqual([true]);
    expect(await filesWith(folder, ...PRIVATE)).toEqual([]);

    const [[name, secret]] = [...(await chain.entries())] as [[string, string]];
    expect(name).toMatch(/^pages-[a-f0-9]{16}$/);
    expect(Buffer.from(secret, 'base64')).toHaveLength(32);
    const key = Buffer.from(secret, 'base64');
    expect(await filesWith(folder, secret, key, key.toString('hex'), key.toString('base64url'))).toEqual([]);
    expect(KeptPagesView.parse(await second.offline.view())).toEqual(await second.offline.view());
    await second.quit();

    const third = await start(folder, chain);
    await third.rest();
    expect((await third.offline.view()).documents.map((one) => [one.key, one.pagesHere])).toEqual([
      [A.key, 4],
      [B.key, 1],
    ]);
    expect((await third.offline.kept.open(idOf(A), A, true)).heads).toHaveLength(4);
    expect(await third.offline.kept.read(idOf(A), '2.png')).toMatchObject({
      bytes: new Uint8Array(pictureOf('x 2').bytes),
    });

    await third.turn(false);
    expect(await filesWith(path.join(folder, 'pages'), 'picture of')).toHaveLength(5);
    expect(await third.view()).toMatchObject({ isOn: false, allPages: 5, sealedPages: 0 });
    // No file needs it: the key is gone from the keychain, and the settings name none.
    expect(await chain.entries()).toEqual(new Map());
    expect(third.settings.current.pages.encryption).toEqual({ isOn: false, keyId: null });
    await third.quit();

    const asked = chain.asked.length;
    const fourth = await start(folder, chain);
    await fourth.rest();
    expect((await fourth.offline.view()).documents).toHaveLength(2);
    expect(chain.asked).toHaveLength(asked);
  });

  it('are sealed or plain to the last one, whatever is written meanwhile', async () => {
    const chain = makeChain();
    const { folder, run } = await filled(chain);
    const { kept } = run.offline;
    await kept.open(idOf(A), A, true);
    const pages = Array.from({ length: 60 }, (_, index) => index + 1);
    const write = (page: number) => kept.write(idOf(A), `${page}.png`, pictureOf(`x ${page}`));
    for (const isOn of [true, false, true]) {
      const half = pages.slice(0, 30).map(write);
      const turned = run.offline.encryption.turn(isOn, never);
      const rest = pages.slice(30).map(write);
      expect(await turned).toMatchObject({ ok: true });
      expect(await Promise.all([...half, ...rest])).toEqual(Array(60).fill(true));
      expect(await run.quiet()).toMatchObject({ allPages: 61, sealedPages: isOn ? 61 : 0 });
      expect(await filesWith(path.join(folder, 'pages'), ...PRIVATE)).toHaveLength(isOn ? 0 : 63);
      expect((await chain.entries()).size).toBe(isOn ? 1 : 0);
    }
    for (const page of pages)
      expect(await kept.read(idOf(A), `${page}.png`)).toMatchObject({
        bytes: new Uint8Array(pictureOf(`x ${page}`).bytes),
      });
  });

  it('are sealed, too, when they were on their way to the disk as that was switched on', async () => {
    const folder = await makeFolder();
    const run = await start(folder, makeChain());
    const { kept } = run.offline;
    await kept.open(idOf(A), A, true);
    // Large enough to be under way for a while.
    const large = { ...pictureOf('x 1'), bytes: new Uint8Array(60e6) };
    const written = kept.write(idOf(A), '1.png', large);
    const names = (): Promise<string[]> => readdir(path.dirname(fileOf(folder, A, 1))).catch(() => []);
    await expect
      .poll(async () => (await names()).some((name) => /^1\.png\..*part$/.test(name)), { interval: 1 })
      .toBe(true);
    expect(await run.offline.encryption.turn(true, never)).toMatchObject({ ok: true });
    expect(await run.quiet()).toMatchObject({ allPages: 1, sealedPages: 1 });
    expect(await written).toBe(true);
  });

  it('stay plain where the keychain takes no key, and the switch stays off', async () => {
    const chain = makeChain();
    const { folder, run } = await filled(chain);
    chain.isLocked = true;
    expect(await run.offline.encryption.turn(true, never)).toMatchObject({ error: { code: 'keychain.locked' } });
    expect(await run.rest()).toMatchObject({ isOn: false, sealedPages: 0, keepsNothing: null });
    expect(await filesWith(folder, 'picture of')).toHaveLength(4);
    expect(await run.put(B, 2)).toEqual([true]);
    await run.quit();
    // What may have come into the keychain all the same is swept at the next start.
    chain.isLocked = false;
    const next = await start(folder, chain);
    await next.rest();
    expect(next.settings.current.pages.encryption).toEqual({ isOn: false, keyId: null });
  });

  it('go by budget, by hand and with their account as plain ones do', async () => {
    const chain = makeChain();
    const { folder, run } = await filled(chain);
    await run.turn(true);
    await run.offline.setBudget(0);
    expect(await run.view()).toMatchObject({ allPages: 0 });
    await run.offline.setBudget(1e9);
    await run.put(A, 1, 2);
    await run.offline.kept.setPinned(idOf(A), true);
    await run.put(B, 1);
    await run.offline.setBudget(0);
    expect((await run.offline.view()).documents.map(({ key }) => key)).toEqual([A.key]);
    await run.offline.forgetAccount(ACCOUNT);
    expect(await readdir(path.join(folder, 'pages'))).toEqual([]);
  });
});

describe('encrypted pages whose key is not at hand', () => {
  async function sealed(chain: Chain): Promise<string> {
    const { folder, run } = await filled(chain);
    await run.turn(true);
    await run.offline.kept.setPinned(idOf(B), true);
    await run.quit();
    return folder;
  }
  const snapshot = async (folder: string): Promise<string> => {
    const hash = createHash('sha256');
    for (const [document, page] of [
      [A, 1],
      [A, 2],
      [A, 3],
      [B, 1],
    ] as const)
      hash.update(await readFile(fileOf(folder, document, page)));
    return hash.digest('hex');
  };

  it('are not read, listed, removed or bought over while the keychain is locked, and are there again after it', async () => {
    const chain = makeChain();
    const folder = await sealed(chain);
    const before = await snapshot(folder);
    chain.isLocked = true;
    const run = await start(folder, chain);
    expect(await run.rest()).toMatchObject({
      ...{ isOn: true, allPages: 4, sealedPages: 4, lockedPages: 4, lockedBy: 'keychain.locked' },
      ...{ lostPages: 0, keepsNothing: 'keychain.locked' },
    });
    const { kept } = run.offline;
    expect((await run.offline.view()).documents).toEqual([]);
    expect((await run.offline.view()).bytes).toBeGreaterThan(4 * 1024);
    expect(await kept.open(idOf(A), A, true)).toEqual({ heads: [], lastPage: null, lockedPages: 3 });
    expect(await kept.read(idOf(A), '1.png')).toBeNull();
    // Nothing is kept in plain instead, nor over what is locked.
    expect(await kept.write(idOf(A), '1.png', pictureOf('x 1'))).toBe(false);
    expect(await kept.write(idOf(A), '9.png', pictureOf('x 9'))).toBe(false);
    kept.close(idOf(A));
    await kept.whenSettled();
    expect(await snapshot(folder)).toBe(before);
    expect(await filesWith(folder, ...PRIVATE)).toEqual([]);

    let isToWrite = false;
    kept.watchKeys(() => (isToWrite = true));
    chain.isLocked = false;
    expect(await run.offline.encryption.unlock(never)).toMatchObject({ ok: true });
    expect(isToWrite).toBe(true);
    expect(await run.rest()).toMatchObject({ lockedPages: 0, keepsNothing: null });
    const { documents } = await run.offline.view();
    // The pin held, although what it is of could not be read.
    expect(documents.map((one) => [one.key, one.pagesHere, one.isPinned])).toEqual([
      [B.key, 1, true],
      [A.key, 3, false],
    ]);
    expect(await kept.read(idOf(A), '1.png')).not.toBeNull();
  });

  it('of which the entry is gone are said to be lost, stay until the person removes them, and a new key takes over', async () => {
    const chain = makeChain();
    const folder = await sealed(chain);
    const before = await snapshot(folder);
    const [name] = (await chain.entries()).keys();
    await chain.delete(name!);
    const run = await start(folder, chain);
    expect(await run.rest()).toMatchObject({
      ...{ isOn: true, lostPages: 4, lockedPages: 0, keepsNothing: 'keychain.missing' },
    });
    await run.put(A, 1, 2);
    expect(await snapshot(folder)).toBe(before);
    // Not even by switching off: nobody can tell whether the entry comes back.
    await run.turn(false);
    expect(await run.view()).toMatchObject({ isOn: false, lostPages: 4, keepsNothing: null });
    expect(await snapshot(folder)).toBe(before);
    expect(run.settings.current.pages.encryption.keyId).not.toBeNull();

    await run.turn(true);
    expect(await run.view()).toMatchObject({ isOn: true, lostPages: 4, keepsNothing: null });
    expect(await run.put(A, 8)).toEqual([true]);
    expect(await run.offline.encryption.removeLost(never)).toMatchObject({ ok: true });
    expect(await run.rest()).toMatchObject({ isOn: true, allPages: 1, sealedPages: 1, lostPages: 0 });
    expect((await chain.entries()).size).toBe(1);
    expect(await filesWith(folder, ...PRIVATE)).toEqual([]);
    await run.quit();
    const next = await start(folder, chain);
    await next.rest();
    expect((await next.offline.view()).documents.map((one) => [one.key, one.pagesHere])).toEqual([[A.key, 1]]);
  });

  it('get a new key by being removed, in one step', async () => {
    const chain = makeChain();
    const folder = await sealed(chain);
    const [name] = (await chain.entries()).keys();
    await chain.delete(name!);
    const run = await start(folder, chain);
    await run.rest();
    expect(await run.offline.encryption.removeLost(never)).toMatchObject({ ok: true });
    expect(await run.rest()).toMatchObject({ isOn: true, allPages: 0, lostPages: 0, keepsNothing: null });
    expect(await run.put(A, 1)).toEqual([true]);
    expect(await filesWith(folder, ...PRIVATE)).toEqual([]);
  });

  it('are read with settings that were lost, and stay encrypted', async () => {
    const chain = makeChain();
    const folder = await sealed(chain);
    await writeFile(path.join(folder, 'settings.json'), 'not json');
    const run = await start(folder, chain);
    expect(await run.rest()).toMatchObject({ isOn: false, allPages: 4, sealedPages: 4, lockedPages: 0 });
    expect((await run.offline.view()).documents).toHaveLength(2);
    await run.turn(true);
    expect((await chain.entries()).size).toBe(1);
  });
});
