/** Property: whatever happens while a folder loads, no row is lost and none comes twice. Over local-oss and the real client. */
import { describe, expect, it } from 'vitest';
import { fold, hasWords, wordsOf } from '#contract/name-match.ts';
import { fail, ok } from '#contract/errors.ts';
import { AccountId } from '#contract/ids.ts';
import { Credentials } from '#oss/credentials.ts';
import { readEndpoint } from '#oss/endpoint.ts';
import { COLUMNS } from '#renderer/logic/object-list.ts';
import { ObjectsStore } from '#renderer/state/objects.svelte.ts';
import { MAX_HITS, SearchStore } from '#renderer/state/search.svelte.ts';
import { fixedCredentials } from '#services/credential-source.ts';
import { makeInProcessSend } from '#services/in-process-send.ts';
import { toObjectPageView } from '#services/object-page.ts';
import { toSearchPage } from '#services/object-search.ts';
import { makeOssClient, type OssClient } from '#services/oss-client.ts';
import { KEY, NOW_MS } from '../../local-oss/freehand-signer.ts';
import { makeService } from '../../local-oss/service.ts';
import { makeManualTime } from '../../services/manual-time.ts';
import { oddKey } from '../../oss/odd-keys.ts';
import { toColumns } from '../columns.ts';
import { seeded } from '../seeded.ts';
import { makeScriptedClient } from './scripted-client.ts';

const accountId = AccountId.parse('samples');
const never = (): AbortSignal => new AbortController().signal;

async function makeClientOf(keys: readonly string[]): Promise<OssClient> {
  const objects = keys.map((key) => ({ key, text: 'x' }));
  const { service } = await makeService({ world: { buckets: { docs: { objects } } } });
  const endpoint = readEndpoint('127.0.0.1', 'cn-hangzhou', null);
  if (!endpoint.ok) throw new Error(endpoint.error.message);
  const send = makeInProcessSend(service);
  const time = makeManualTime(NOW_MS);
  return makeOssClient({
    endpoint: endpoint.value.endpoint,
    credentials: fixedCredentials(new Credentials(KEY)),
    send,
    rawSend: send,
    now: time.now,
    sleep: time.sleep,
    random: () => 0,
  });
}

/** Keys in a few folders, of which some are odd; no two the same. */
function makeKeys(random: () => number): string[] {
  const keys = new Set<string>();
  const count = 1 + Math.floor(random() * 60);
  while (keys.size < count) {
    const folder = ['', 'in/', 'in/', 'in/a/', 'in/a/b/', 'in/ü +%/', 'other/'][Math.floor(random() * 7)]!;
    const name = random() < 0.3 ? oddKey(random).replace(/^[/\\]+/, '') : `page ${Math.floor(random() * 90)}`;
    const key = `${folder}${name}${['.pdf', '.TXT', ''][Math.floor(random() * 3)]!}`;
    if (Buffer.byteLength(key) <= 1000 && !/^[/\\]/.test(key) && name !== '') keys.add(key);
  }
  return [...keys];
}

/** The names directly in a folder, those of folders with their slash. */
function level(keys: readonly string[], prefix: string): string[] {
  const names = new Set<string>();
  for (const key of keys) {
    if (!key.startsWith(prefix)) continue;
    const rest = key.slice(prefix.length);
    const slash = rest.indexOf('/');
    names.add(slash === -1 ? rest : rest.slice(0, slash + 1));
  }
  return [...names].sort();
}

describe('a folder', () => {
  it('has every row once after short pages, failures, stops, orders and filters in between', async () => {
    for (let seed = 1; seed <= 25; seed += 1) {
      const random = seeded(seed);
      const keys = makeKeys(random);
      const oss = await makeClientOf(keys);
      const prefix = ['', 'in/', 'in/a/'][Math.floor(random() * 3)]!;
      const store: ObjectsStore = new ObjectsStore(
        makeScriptedClient({
          'objects.list': async ({ bucket, next }) => {
            // The service may give fewer than it was asked for.
            const maxKeys = 1 + Math.floor(random() * 5);
            const page = await oss.listObjects({ bucket, prefix, next, maxKeys }, never());
            if (random() < 0.15) return fail('net.timeout', 'lost on the way');
            if (random() < 0.15) store.stop();
            return page.ok ? ok(toObjectPageView(page.value, prefix)) : page;
          },
        }),
      );
      store.showDocumentsOnly(false);
      await store.open({ accountId, bucket: 'docs', prefix });
      for (let turn = 0; store.state.status !== 'complete'; turn += 1) {
        expect(turn, `seed ${seed}: ${JSON.stringify(store.state)}`).toBeLessThan(500);
        if (random() < 0.4) store.sortBy(COLUMNS[Math.floor(random() * COLUMNS.length)]!);
        if (random() < 0.4) store.filterBy(['', 'page', '1', 'p 2'][Math.floor(random() * 4)]!);
        const shown = store.rows(0, store.shownCount).map(({ key }) => key);
        expect(new Set(shown).size, `seed ${seed}`).toBe(shown.length);
        await store.resume();
      }
      const names = level(keys, prefix);
      const nameOf = ({ key }: { key: string }): string => key.slice(prefix.length);
      for (const text of ['', 'page', '1 p', '.txt']) {
        store.filterBy(text);
        const words = wordsOf(text);
        const expected = names.filter((name) => hasWords(fold(name.replace(/\/$/, '')), words));
        expect(store.rows(0, store.shownCount).map(nameOf).sort(), `seed ${seed} "${text}"`).toEqual(expected);
      }
    }
  });
});

describe('a search', () => {
  const script = (oss: OssClient, random: () => number, stop: () => void) =>
    makeScriptedClient({
      'objects.search': async ({ bucket, prefix, next, text, documentsOnly }) => {
        const maxKeys = 1 + Math.floor(random() * 5);
        const page = await oss.listBelow({ bucket, prefix, next, maxKeys }, never());
        if (random() < 0.15) return fail('net.timeout', 'lost on the way');
        if (random() < 0.15) stop();
        return page.ok ? ok(toSearchPage(page.value, { prefix, text, documentsOnly })) : page;
      },
    });

  it('finds every match once, whatever interrupts it, and counts what it looked at', async () => {
    for (let seed = 1; seed <= 25; seed += 1) {
      const random = seeded(seed * 31);
      const keys = makeKeys(random);
      const oss = await makeClientOf(keys);
      const text = ['page', '1', 'p 2', 'b'][Math.floor(random() * 4)]!;
      const store: SearchStore = new SearchStore(script(oss, random, () => store.stop()));
      const place = { accountId, bucket: 'docs', prefix: 'in/' };
      await store.start({ ...place, text, documentsOnly: false });
      for (let turn = 0; store.state.status !== 'complete'; turn += 1) {
        expect(turn, `seed ${seed}: ${JSON.stringify(store.state)}`).toBeLessThan(500);
        if (random() < 0.4) store.sortBy(COLUMNS[Math.floor(random() * COLUMNS.length)]!);
        await store.resume();
      }
      const below = keys.filter((key) => key.startsWith('in/'));
      const words = wordsOf(text);
      const expected = below.filter((key) => !key.endsWith('/') && hasWords(fold(key.slice(3)), words)).sort();
      expect(
        store
          .rows(0, store.shownCount)
          .map(({ key }) => key)
          .sort(),
        `seed ${seed}`,
      ).toEqual(expected);
      expect(store.scanned).toBe(below.length);
    }
  });

  it('keeps no more than it can show, and says so', async () => {
    let asked = 0;
    const client = makeScriptedClient({
      'objects.search': ({ next }) => {
        asked += 1;
        const from = Number(next ?? 0);
        return ok({
          hits: toColumns(Array.from({ length: 999 }, (_, n) => ({ name: `${from + n}.pdf` }))),
          scanned: 1000,
          next: `${from + 1000}`,
        });
      },
    });
    const store = new SearchStore(client);
    await store.start({ accountId, bucket: 'docs', prefix: 'in/', text: 'pdf', documentsOnly: true });
    expect(store.state.status).toBe('full');
    expect(store.loadedCount).toBe(MAX_HITS);
    expect([store.requests, store.scanned, asked]).toEqual([11, 11_000, 11]);
    await store.resume();
    expect(asked).toBe(11);
    store.hide();
    expect([store.isShown, store.loadedCount]).toEqual([false, MAX_HITS]);
    store.show();
    expect(store.isShown).toBe(true);
    store.close();
    expect([store.isShown, store.loadedCount, store.state.status]).toEqual([false, 0, 'none']);
  });

  it('stops when it is put away: nobody pays for what nobody looks at', async () => {
    const oss = await makeClientOf(Array.from({ length: 40 }, (_, n) => `in/${n}.pdf`));
    const client = script(
      oss,
      () => 0.5,
      () => undefined,
    );
    const store = new SearchStore(client);
    const running = store.start({ accountId, bucket: 'docs', prefix: 'in/', text: 'pdf', documentsOnly: true });
    store.hide();
    await running;
    expect(store.state.status).toBe('stopped');
    expect(client.calls).toHaveLength(1);
  });
});
