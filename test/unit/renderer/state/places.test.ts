import { describe, expect, it } from 'vitest';
import type { DocumentView } from '#contract/contract.ts';
import { fail, ok } from '#contract/errors.ts';
import { AccountId, PlaceId } from '#contract/ids.ts';
import type { PinView, Place, RecentView } from '#contract/places.ts';
import { nameOfPlace } from '#renderer/logic/places.ts';
import { PlacesStore } from '#renderer/state/places.svelte.ts';
import { makeScriptedClient, type Script } from './scripted-client.ts';

const accountId = AccountId.parse('0123456789abcdef');
const other = AccountId.parse('fedcba9876543210');
const id = (at: number): PlaceId => PlaceId.parse(at.toString(16).padStart(16, '0'));
const folderAt = (prefix: string): Place => ({ kind: 'folder', bucket: 'reports', prefix });
const documentAt = (key: string, pageNumber: number | null = null): Place => ({
  ...{ kind: 'document', bucket: 'reports', key, versionId: null, source: 'pdf', pageNumber },
});
const pin = (at: number, place: Place, owner = accountId): PinView => ({
  id: id(at),
  accountId: owner,
  place,
  name: null,
});
const recent = (key: string, pageNumber: number, more: Partial<RecentView> = {}): RecentView => ({
  ...{ id: id(9), accountId, bucket: 'reports', key, versionId: null, source: 'pdf', etag: 'e', readAt: 0 },
  pageNumber,
  ...more,
});

async function setUp(pins: PinView[], recents: RecentView[] = [], script: Script = {}) {
  const client = makeScriptedClient({
    'places.get': () => ok({ pins, recents }),
    'places.unpin': () => ok({}),
    'places.move': () => ok({}),
    'places.rename': () => ok({}),
    ...script,
  });
  const places = new PlacesStore(client);
  await places.load();
  return { client, places };
}

describe('the places', () => {
  it('are those of one account, and follow what main says', async () => {
    const mine = pin(1, folderAt('a/'));
    const { client, places } = await setUp([mine, pin(2, folderAt('a/'), other)], [recent('a.pdf', 3)]);
    expect(places.pinsOf(accountId)).toEqual([mine]);
    expect(places.recentsOf(other)).toEqual([]);
    expect(places.recentsOf(null)).toHaveLength(1);
    client.say('places.changed', { pins: [], recents: [] });
    expect(places.pinsOf(accountId)).toEqual([]);
    places.dispose();
    client.say('places.changed', { pins: [mine], recents: [] });
    expect(places.pinsOf(accountId)).toEqual([]);
  });

  it('tell a document from its pages, and a folder from a document of that name', async () => {
    const { places } = await setUp([pin(1, documentAt('a.pdf')), pin(2, documentAt('a.pdf', 4))]);
    expect(places.pinOf(accountId, documentAt('a.pdf'))?.id).toBe(id(1));
    expect(places.pinOf(accountId, documentAt('a.pdf', 4))?.id).toBe(id(2));
    expect(places.pinOf(accountId, documentAt('a.pdf', 5))).toBe(null);
    expect(places.pinOf(accountId, folderAt('a.pdf'))).toBe(null);
    expect(places.pinOf(other, documentAt('a.pdf'))).toBe(null);
  });

  it('are pinned by one press and taken away by the next; a refusal is answered', async () => {
    const known = pin(1, folderAt('a/'));
    const full = fail('places.full', '');
    const { client, places } = await setUp([known], [], { 'places.pin': () => full });
    expect(await places.toggle(accountId, folderAt('a/'))).toEqual({ done: 'unpinned' });
    expect(client.calls.at(-1)).toEqual({ name: 'places.unpin', input: { id: id(1) } });
    expect(await places.toggle(accountId, folderAt('b/'))).toEqual({ done: 'failed', error: full.error });
  });

  it('move among the pins of their account, whatever others stand between', async () => {
    const [a, b, c] = [pin(1, folderAt('a/')), pin(3, folderAt('b/')), pin(5, folderAt('c/'))];
    const { client, places } = await setUp([a, pin(2, folderAt(''), other), b, c]);
    const asked = (): unknown => client.calls.at(-1)?.input;
    await places.move(b, -1);
    expect(asked()).toEqual({ id: b.id, before: a.id });
    await places.move(a, 1);
    expect(asked()).toEqual({ id: a.id, before: c.id });
    await places.move(b, 1);
    expect(asked()).toEqual({ id: b.id, before: null });
    const { length } = client.calls;
    await places.move(a, -1);
    await places.move(c, 1);
    await places.move(pin(7, folderAt('gone/')), 1);
    expect(client.calls).toHaveLength(length);
  });

  it('get their own name back by an empty one', async () => {
    const { client, places } = await setUp([]);
    await places.rename(pin(1, folderAt('a/')), '  ');
    expect(client.calls.at(-1)?.input).toEqual({ id: id(1), name: null });
    await places.rename(pin(1, folderAt('a/')), ` ${'长'.repeat(200)}`);
    expect(client.calls.at(-1)?.input).toEqual({ id: id(1), name: '长'.repeat(120) });
  });

  it('know where a document was left, of this account and version only', async () => {
    const document = { accountId, bucket: 'reports', key: 'a.pdf', versionId: null, etag: 'new' } as DocumentView;
    const readings = [
      recent('a.pdf', 9, { versionId: 'v1' }),
      recent('a.pdf', 8, { accountId: other }),
      recent('b.pdf', 7),
      recent('a.pdf', 3),
    ];
    const { places } = await setUp([], readings);
    expect(places.lastReadingOf(document)).toMatchObject({ pageNumber: 3, etag: 'e' });
    expect(places.lastReadingOf({ ...document, versionId: 'v2' })).toBe(null);
  });
});

describe('the name of a place', () => {
  it.each([
    [folderAt(''), 'reports'],
    [folderAt('a/b/'), 'b'],
    [folderAt('a//'), ''],
    [folderAt('/'), 'reports'],
    [documentAt('x/y.pdf'), 'y.pdf'],
    [documentAt('../..'), '..'],
  ])('of %j is %j', (place, name) => expect(nameOfPlace(place)).toBe(name));
});
