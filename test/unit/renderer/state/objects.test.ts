import { describe, expect, it } from 'vitest';
import type { Out } from '#contract/contract.ts';
import { fail, ok, type Result } from '#contract/errors.ts';
import { AccountId } from '#contract/ids.ts';
import { ObjectsStore, type Place } from '#renderer/state/objects.svelte.ts';
import { toColumns } from '../columns.ts';
import { makeLater, makeScriptedClient, type Script } from './scripted-client.ts';

type Page = Out<'objects.list'>;
const place = (prefix: string): Place => ({ accountId: AccountId.parse('samples'), bucket: 'reports', prefix });

function page(names: string[], next: string | null = null, folders: string[] = []): Page {
  const objects = toColumns(names.map((name, index) => ({ name, sizeBytes: 1000 + index })));
  return { folders, objects, next };
}
const namesOf = (store: ObjectsStore): string[] => store.rows(0, store.shownCount).map((row) => row.name);
const setUp = (list: Script['objects.list']) => {
  const client = makeScriptedClient({ 'objects.list': list });
  return { client, store: new ObjectsStore(client) };
};

describe('ObjectsStore', () => {
  it('goes on until the listing is complete, and keeps it sorted and filtered all the way', async () => {
    const pages = [page(['b 10.pdf', 'x.txt'], '1'), page(['b 2.pdf'], '2', ['zeta']), page(['a.pdf', 'c.pdf'])];
    const { store, client } = setUp((input) => ok(pages[Number(input.next ?? 0)]!));
    const opening = store.open(place(''));
    store.filterBy('b');
    await opening;
    expect(store.state).toEqual({ status: 'complete' });
    expect(store.loadedCount).toBe(6);
    expect(namesOf(store)).toEqual(['b 2.pdf', 'b 10.pdf']);
    store.filterBy('');
    expect(namesOf(store)).toEqual(['zeta', 'a.pdf', 'b 2.pdf', 'b 10.pdf', 'c.pdf']);
    store.showDocumentsOnly(false);
    expect(namesOf(store)).toContain('x.txt');
    expect(client.calls.map((call) => call.input)).toEqual(
      [null, '1', '2'].map((next) => ({ accountId: 'samples', bucket: 'reports', prefix: '', next })),
    );
  });

  it('shows what is loaded while more is on its way', async () => {
    const second = makeLater<Result<Page>>();
    const { store } = setUp((input) => (input.next === null ? ok(page(['a.pdf'], 'more')) : second.promise));
    const opening = store.open(place(''));
    await Promise.resolve();
    await expect.poll(() => namesOf(store)).toEqual(['a.pdf']);
    expect(store.state.status).toBe('loading');
    second.resolve(ok(page(['b.pdf'])));
    await opening;
    expect(namesOf(store)).toEqual(['a.pdf', 'b.pdf']);
  });

  it('keeps what it has when it breaks off, and goes on from there', async () => {
    let isBroken = true;
    const { store, client } = setUp((input) => {
      if (input.next === null) return ok(page(['a.pdf'], 'more'));
      return isBroken ? fail('net.timeout', 'no answer') : ok(page(['b.pdf']));
    });
    await store.open(place(''));
    expect(store.state).toMatchObject({ status: 'failed', error: { code: 'net.timeout' } });
    expect(namesOf(store)).toEqual(['a.pdf']);
    isBroken = false;
    await store.resume();
    expect(store.state.status).toBe('complete');
    expect(namesOf(store)).toEqual(['a.pdf', 'b.pdf']);
    expect(client.calls).toHaveLength(3);
  });

  it('stops when told to and resumes where it was', async () => {
    const held = makeLater<Result<Page>>();
    let isFirst = true;
    const { store } = setUp((input) => {
      if (input.next === null) return ok(page(['a.pdf'], 'more'));
      if (!isFirst) return ok(page(['b.pdf']));
      isFirst = false;
      return held.promise;
    });
    const opening = store.open(place(''));
    await expect.poll(() => isFirst).toBe(false);
    store.stop();
    await opening;
    expect(store.state.status).toBe('stopped');
    held.resolve(ok(page(['late.pdf'])));
    await store.resume();
    expect(store.state.status).toBe('complete');
    expect(namesOf(store)).toEqual(['a.pdf', 'b.pdf']);
  });

  it('drops answers for a folder that was left', async () => {
    const slow = makeLater<Result<Page>>();
    const { store } = setUp((input) => (input.prefix === 'slow/' ? slow.promise : ok(page(['here.pdf']))));
    const first = store.open(place('slow/'));
    await store.open(place('fast/'));
    slow.resolve(ok(page(['ghost.pdf'])));
    await first;
    expect(namesOf(store)).toEqual(['here.pdf']);
    expect(store.place?.prefix).toBe('fast/');
  });

  it('forgets the filter in another folder and keeps it when the same one is loaded again', async () => {
    const { store } = setUp(() => ok(page(['a.pdf', 'b.pdf'])));
    await store.open(place('x/'));
    store.filterBy('a');
    await store.refresh();
    expect(namesOf(store)).toEqual(['a.pdf']);
    await store.open(place('y/'));
    expect(store.filterText).toBe('');
  });

  it('sorts by column, largest and newest first, and turns around on a second time', async () => {
    const { store } = setUp(() => ok(page(['a.pdf', 'b.pdf', 'c.pdf'])));
    await store.open(place(''));
    store.sortBy('size');
    expect(namesOf(store)).toEqual(['c.pdf', 'b.pdf', 'a.pdf']);
    store.sortBy('size');
    expect(namesOf(store)).toEqual(['a.pdf', 'b.pdf', 'c.pdf']);
    store.sortBy('name');
    expect(store.sort).toEqual({ column: 'name', descending: false });
  });

  it('keeps the keyboard on its row through sorting and filtering', async () => {
    const { store } = setUp(() => ok(page(['a.pdf', 'b.pdf', 'c.pdf'])));
    await store.open(place(''), 'c.pdf');
    expect(store.activeIndex).toBe(2);
    store.sortBy('name');
    expect(store.activeIndex).toBe(0);
    store.filterBy('a');
    expect(store.activeIndex).toBe(-1);
  });
});
