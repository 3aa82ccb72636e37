// @vitest-environment jsdom
/** The sidebar, the star, a link that asks, and what is dropped on the window, over a scripted main. */
import { cleanup, fireEvent, render, screen, within } from '@testing-library/svelte';
import { tick } from 'svelte';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { AccountView } from '#contract/contract.ts';
import { fail, ok } from '#contract/errors.ts';
import { AccountId, LinkId, PlaceId } from '#contract/ids.ts';
import type { PinView, Place, RecentView } from '#contract/places.ts';
import LinkDesk from '#renderer/components/LinkDesk.svelte';
import LinkDrop from '#renderer/components/LinkDrop.svelte';
import LinkWaits from '#renderer/components/LinkWaits.svelte';
import PasteLink from '#renderer/components/PasteLink.svelte';
import NoticeList from '#renderer/components/NoticeList.svelte';
import Sidebar from '#renderer/components/Sidebar.svelte';
import { STORES } from '#renderer/state/context.ts';
import { makeStores } from '#renderer/state/stores.ts';
import { places as words } from '#renderer/words/places.ts';
import { makeScriptedClient, type Script } from '../state/scripted-client.ts';

afterEach(cleanup);
beforeAll(() => {
  vi.stubGlobal(
    'ResizeObserver',
    class {
      observe(): void {}
      unobserve(): void {}
      disconnect(): void {}
    },
  );
});

const t = words.en;
const account: AccountView = {
  id: AccountId.parse('0123456789abcdef'),
  kind: 'access-key',
  name: 'Finance',
  colour: 'teal',
  maskedKeyId: 'LTAI…9f',
  region: 'cn-hangzhou',
  endpoint: '',
  scope: '',
  isTemporary: false,
  tokenExpiresAt: null,
  secretHome: 'keychain',
} as AccountView;
const idOf = (at: number): PlaceId => PlaceId.parse(at.toString(16).padStart(16, '0'));
const pin = (at: number, place: Place, name: string | null = null): PinView => ({
  ...{ id: idOf(at), accountId: account.id, place, name },
});
const PINS = [
  pin(1, { kind: 'folder', bucket: 'reports', prefix: '2026/q3/' }),
  pin(2, { kind: 'document', bucket: 'reports', key: 'a\u202efdp.exe', versionId: null, source: null, pageNumber: 12 }),
  pin(3, { kind: 'folder', bucket: 'archive', prefix: '' }, '旧档案'),
];
const RECENTS = Array.from({ length: 40 }, (_, at): RecentView => ({
  ...{ id: idOf(100 + at), accountId: account.id, bucket: 'reports', key: `q/${at}.pdf`, versionId: null },
  ...{ source: 'pdf' as const, etag: 'e', pageNumber: at + 1, readAt: 0 },
}));
const still = { isDark: false, isOnline: true, onchange: () => () => {} };

async function makeAll(script: Script = {}) {
  const client = makeScriptedClient({
    'accounts.get': () => ok({ accounts: [account], activeId: account.id, opening: 'idle', problem: null }),
    'places.get': () => ok({ pins: PINS, recents: RECENTS }),
    'places.unpin': () => ok({}),
    'places.move': () => ok({}),
    'places.rename': () => ok({}),
    'places.clearRecents': () => ok({}),
    'places.forget': () => ok({}),
    ...script,
  });
  const stores = makeStores(client, { look: still, network: still });
  await stores.accounts.load();
  await stores.places.load();
  return { client, stores, context: new Map([[STORES, stores]]) };
}

describe('the sidebar', () => {
  async function setUp(script: Script = {}) {
    const made = await makeAll(script);
    const onopen = vi.fn();
    const props = { accountId: account.id, onopen, ontype: vi.fn() };
    render(Sidebar, { props, context: made.context });
    await tick();
    const pins = screen.getByRole('list', { name: t.pinned });
    return {
      ...made,
      onopen,
      pins,
      lines: within(pins)
        .getAllByRole('button')
        .filter((line) => line.title !== ''),
    };
  }

  it('names every pin as one line, with its page, its own name, and no deceit', async () => {
    const { lines } = await setUp();
    expect(lines.map((line) => line.getAttribute('aria-label'))).toEqual(['q3', 'a\ufffdfdp.exe, page 12', '旧档案']);
    expect(lines.map((line) => line.title)).toEqual([
      'oss://reports/2026/q3/',
      'oss://reports/a\ufffdfdp.exe',
      'oss://archive/',
    ]);
  });

  it('opens what is clicked, a page at its page, a recent document where the viewer knows it was left', async () => {
    const { lines, onopen } = await setUp();
    await fireEvent.click(lines[1]!);
    expect(onopen).toHaveBeenLastCalledWith(PINS[1]!.place);
    await fireEvent.click(screen.getByRole('button', { name: t.pageOf('4.pdf', 5) }));
    expect(onopen).toHaveBeenLastCalledWith(expect.objectContaining({ key: 'q/4.pdf', pageNumber: null }));
  });

  it('shows the first recent documents, and all when asked', async () => {
    await setUp();
    const recents = screen.getByRole('list', { name: t.recent });
    expect(within(recents).getAllByRole('listitem')).toHaveLength(15);
    await fireEvent.click(screen.getByRole('button', { name: t.showAll(40) }));
    expect(within(recents).getAllByRole('listitem')).toHaveLength(40);
  });

  it('is one stop for Tab per list; arrows walk, Delete removes, Alt and arrows order, F2 names', async () => {
    const { client, lines } = await setUp();
    const asked = () => client.calls.at(-1);
    expect(lines.map((line) => line.tabIndex)).toEqual([0, -1, -1]);
    lines[0]!.focus();
    await fireEvent.keyDown(lines[0]!, { key: 'ArrowDown' });
    expect(document.activeElement).toBe(lines[1]);
    await fireEvent.keyDown(lines[1]!, { key: 'End' });
    expect(document.activeElement).toBe(lines[2]);
    await fireEvent.keyDown(lines[2]!, { key: 'ArrowUp', altKey: true });
    expect(asked()).toEqual({ name: 'places.move', input: { id: idOf(3), before: idOf(2) } });
    await fireEvent.keyDown(lines[0]!, { key: 'F2' });
    const box = screen.getByLabelText<HTMLInputElement>(t.newName);
    expect(box.value).toBe('q3');
    await fireEvent.input(box, { target: { value: 'Third quarter' } });
    // Enter that ends a composition only ends that.
    await fireEvent.keyDown(box, { key: 'Enter', isComposing: true });
    expect(asked()?.name).toBe('places.move');
    await fireEvent.keyDown(box, { key: 'Enter' });
    expect(asked()).toEqual({ name: 'places.rename', input: { id: idOf(1), name: 'Third quarter' } });
    await fireEvent.keyDown(lines[2]!, { key: 'Delete' });
    expect(asked()).toEqual({ name: 'places.unpin', input: { id: idOf(3) } });
  });

  it('folds a section, says what a star is for while nothing is pinned, and tells what could not be kept', async () => {
    const { client, stores } = await setUp({ 'places.clearRecents': () => fail('file.noSpace', 'full') });
    await fireEvent.click(screen.getByRole('button', { name: t.recent }));
    expect(screen.queryByRole('list', { name: t.recent })).toBe(null);
    client.say('places.changed', { pins: [], recents: RECENTS });
    await tick();
    expect(screen.getByText(t.nothingPinned)).toBeTruthy();
    await fireEvent.keyDown(screen.getByRole('button', { name: t.recentMore }), { key: 'Enter' });
    await fireEvent.click(await screen.findByRole('menuitem', { name: t.clearRecents }));
    await vi.waitFor(() => expect(stores.notices.all.map(({ text }) => text)).toContain(t.notKept));
  });
});

describe('a link from the system', () => {
  const id = LinkId.parse('1'.repeat(16));
  const found = { bucket: 'reports', key: 'board.pdf', versionId: null, source: 'pdf' as const, pageNumber: null };

  async function setUp(script: Script = {}) {
    const made = await makeAll({
      'links.get': () => ok({ link: { id, path: 'oss://reports/board.pdf' } }),
      'links.done': () => ok({}),
      'addresses.resolve': () => ok({ kind: 'document', ...found }),
      ...script,
    });
    await made.stores.links.load();
    const [onopen, onfolder] = [vi.fn(), vi.fn()];
    render(LinkDesk, { props: { account, onopen, onfolder }, context: made.context });
    return { ...made, onopen, onfolder };
  }

  it('asks before a document is opened, says whose money it is, and begins at Cancel', async () => {
    const { onopen, client } = await setUp();
    const dialog = await screen.findByRole('dialog', { name: t.askTitle('board.pdf') });
    expect(dialog.textContent).toContain('oss://reports/board.pdf');
    expect(dialog.textContent).toContain(t.askCost('Finance'));
    await vi.waitFor(() => expect(document.activeElement?.textContent).toContain('Cancel'));
    expect(onopen).not.toHaveBeenCalled();
    await fireEvent.click(within(dialog).getByRole('button', { name: t.open }));
    expect(onopen).toHaveBeenCalledExactlyOnceWith(found);
    expect(client.calls.at(-1)).toEqual({ name: 'links.done', input: { id } });
  });

  it('goes to a folder without a question', async () => {
    const { onfolder } = await setUp({
      'addresses.resolve': () => ok({ kind: 'folder', bucket: 'reports', prefix: 'q3/' }),
    });
    await vi.waitFor(() => expect(onfolder).toHaveBeenCalledExactlyOnceWith('reports', 'q3/'));
    expect(screen.queryByRole('dialog')).toBe(null);
  });

  it('that leads nowhere says why', async () => {
    await setUp({ 'addresses.resolve': () => fail('oss.noSuchBucket', '', { detail: { bucket: 'reports' } }) });
    expect(await screen.findByRole('dialog', { name: t.linkFailed })).toBeTruthy();
  });

  it('that cannot be read says so', async () => {
    await setUp({ 'links.get': () => ok({ link: { id, path: null } }) });
    expect(await screen.findByRole('dialog', { name: t.linkUnreadable })).toBeTruthy();
  });

  it('waits on the first screen, where it can be put away', async () => {
    const { client, context, stores } = await makeAll({
      'links.get': () => ok({ link: { id, path: 'oss://reports/board.pdf' } }),
      'links.done': () => ok({}),
    });
    await stores.links.load();
    render(LinkWaits, { context });
    expect(screen.getByRole('status').textContent).toContain('oss://reports/board.pdf');
    await fireEvent.click(screen.getByRole('button', { name: t.linkForget }));
    expect(screen.queryByRole('status')).toBe(null);
    expect(client.calls.at(-1)?.name).toBe('links.done');
  });
});

describe('the box for a link on the first screen', () => {
  it('keeps what is pasted, and says when that is no link', async () => {
    const { context, stores } = await makeAll();
    render(PasteLink, { context });
    const box = screen.getByLabelText<HTMLInputElement>(t.pasteLabel);
    await fireEvent.input(box, { target: { value: 'see the report' } });
    await fireEvent.submit(box.form!);
    expect(screen.getByRole('alert').textContent).toBe(t.pasteWrong);
    expect(stores.links.state.status).toBe('none');
    box.value = ' oss://reports/q3/ ';
    await fireEvent(box, new InputEvent('input', { inputType: 'insertFromPaste', bubbles: true }));
    expect(stores.links.state).toMatchObject({ status: 'waiting', link: { text: 'oss://reports/q3/', id: null } });
    expect(box.value).toBe('');
  });
});

describe('a drop', () => {
  const holding = (data: Record<string, string>, files: string[] = []) => ({
    dataTransfer: {
      types: [...Object.keys(data), ...(files.length > 0 ? ['Files'] : [])],
      getData: (type: string) => data[type] ?? '',
      dropEffect: 'none',
    },
  });

  async function setUp() {
    const made = await makeAll();
    render(LinkDrop, { context: made.context });
    render(NoticeList, { context: made.context });
    return made;
  }

  it('shows where it may fall, and becomes the link that is followed', async () => {
    const { stores } = await setUp();
    const held = holding({ 'text/uri-list': 'oss://reports/a%20b.pdf' });
    expect(await fireEvent.dragOver(document.body, held)).toBe(false);
    expect(screen.getByText(t.dropTitle)).toBeTruthy();
    expect(await fireEvent.drop(document.body, held)).toBe(false);
    expect(screen.queryByText(t.dropTitle)).toBe(null);
    expect(stores.links.state).toMatchObject({ status: 'waiting', link: { text: 'oss://reports/a b.pdf', id: null } });
  });

  it('of files is refused with words, and the page stays', async () => {
    const { stores } = await setUp();
    const held = holding({ 'text/plain': 'oss://reports/a' }, ['a.pdf']);
    await fireEvent.dragOver(document.body, held);
    expect(screen.getByText(t.dropFiles)).toBeTruthy();
    expect(await fireEvent.drop(document.body, held)).toBe(false);
    expect(await screen.findByText(new RegExp(t.dropFilesText))).toBeTruthy();
    expect(stores.links.state.status).toBe('none');
  });

  it('into a box for text, over a dialog, or of what began here is left alone', async () => {
    const { stores } = await setUp();
    const held = holding({ 'text/plain': 'oss://reports/a' });
    const box = document.body.appendChild(document.createElement('input'));
    expect(await fireEvent.drop(box, held)).toBe(true);
    box.remove();
    const dialog = document.body.appendChild(document.createElement('div'));
    dialog.setAttribute('role', 'dialog');
    expect(await fireEvent.drop(document.body, held)).toBe(true);
    dialog.remove();
    await fireEvent.dragStart(document.body);
    expect(await fireEvent.dragOver(document.body, held)).toBe(true);
    await fireEvent.dragEnd(document.body);
    expect(stores.links.state.status).toBe('none');
    expect(await fireEvent.drop(document.body, held)).toBe(false);
  });

  it('goes away when what is dragged leaves the window', async () => {
    await setUp();
    await fireEvent.dragOver(document.body, holding({ 'text/plain': 'x' }));
    // No DragEvent in jsdom; where it goes to is a field of any mouse event.
    const leave = async (relatedTarget: Element | null): Promise<void> => {
      document.body.dispatchEvent(new MouseEvent('dragleave', { relatedTarget, bubbles: true }));
      await tick();
    };
    await leave(document.documentElement);
    expect(screen.queryByText(t.dropTitle)).toBeTruthy();
    await leave(null);
    expect(screen.queryByText(t.dropTitle)).toBe(null);
  });
});
