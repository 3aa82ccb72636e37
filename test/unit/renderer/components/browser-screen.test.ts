// @vitest-environment jsdom
/** The browser over a scripted main: what a click, a key and an address lead to. */
import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { tick } from 'svelte';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { AccountView, Out } from '#contract/contract.ts';
import { MAX_SOURCE_BYTES } from '#contract/source-types.ts';
import { fail, ok } from '#contract/errors.ts';
import { AccountId } from '#contract/ids.ts';
import BrowserScreen from '#renderer/components/BrowserScreen.svelte';
import { STORES } from '#renderer/state/context.ts';
import { makeStores } from '#renderer/state/stores.ts';
import { toColumns } from '../columns.ts';
import { makeScriptedClient, type Script } from '../state/scripted-client.ts';

afterEach(cleanup);

// jsdom lays nothing out; a list without a height would mount only its first rows, which is enough here.
beforeAll(() => {
  vi.stubGlobal(
    'ResizeObserver',
    class {
      observe(): void {}
      unobserve(): void {}
      disconnect(): void {}
    },
  );
  // Every part of these tests is visible.
  Element.prototype.checkVisibility = () => true;
});

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
  hasTokenEnded: false,
  roleArn: null,
  domains: [],
  secretHome: 'keychain',
};
const folder: Out<'objects.list'> = {
  folders: ['drafts'],
  objects: toColumns([
    { name: 'annual.pdf' },
    { name: 'LICENSE' },
    { name: 'photo.jpg' },
    { name: 'scan.pdf', sizeBytes: MAX_SOURCE_BYTES + 1 },
  ]),
  next: null,
};
const bucket = (name: string) => ({ name, region: 'cn-hangzhou', storageClass: 'Standard', createdAt: null });
const still = { isDark: false, isOnline: true, onchange: () => () => {} };

async function setUp(script: Script = {}) {
  const client = makeScriptedClient({
    'accounts.get': () => ok({ accounts: [account], activeId: account.id, opening: 'idle', problem: null }),
    'buckets.list': () => ok({ buckets: [bucket('reports')] }),
    'objects.list': () => ok(folder),
    ...script,
  });
  const stores = makeStores(client, { look: still, network: still });
  await stores.accounts.load();
  const onopen = vi.fn();
  render(BrowserScreen, { props: { accountId: account.id, onopen }, context: new Map([[STORES, stores]]) });
  await vi.waitFor(() => expect(stores.browser.buckets.state.status).not.toBe('loading'));
  await vi.waitFor(() => expect(stores.browser.objects.state.status).not.toBe('loading'));
  await tick();
  return { client, stores, onopen };
}
const row = (name: string): HTMLElement => screen.getByRole('row', { name: new RegExp(name) });

describe('BrowserScreen', () => {
  it('says of every row what opening it would lead to', async () => {
    await setUp();
    expect(row('scan').textContent).toContain('Too large, limit 20 MB');
    expect(row('LICENSE').textContent).toContain('Asks for its type');
    expect(screen.queryByRole('row', { name: /photo/ })).toBe(null);
    await fireEvent.click(screen.getByRole('checkbox', { name: 'Documents I can preview' }));
    expect(row('photo').textContent).toContain('No page pictures of this format');
  });

  it('opens a document by one click', async () => {
    const { onopen } = await setUp();
    await fireEvent.click(row('annual'));
    expect(onopen).toHaveBeenCalledExactlyOnceWith({
      bucket: 'reports',
      key: 'annual.pdf',
      versionId: null,
      source: 'pdf',
      pageNumber: null,
    });
  });

  it('explains a document that is too large instead of asking the service', async () => {
    const { onopen, client } = await setUp();
    const asked = client.calls.length;
    await fireEvent.click(row('scan'));
    expect(await screen.findByText(/“scan.pdf” has 20.1 MB/)).toBeTruthy();
    expect(onopen).not.toHaveBeenCalled();
    expect(client.calls.length).toBe(asked);
  });

  it('asks for the type where the name has none, then opens', async () => {
    const { onopen } = await setUp();
    await fireEvent.click(row('LICENSE'));
    await fireEvent.click(await screen.findByRole('radio', { name: /PowerPoint \.pptx/ }));
    await fireEvent.click(screen.getByRole('button', { name: 'Open' }));
    expect(onopen).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ key: 'LICENSE', source: 'pptx' }));
  });

  it('works by keyboard: arrows, Enter, Backspace, letters into the filter', async () => {
    const { stores, onopen } = await setUp();
    const grid = screen.getByRole('grid');
    grid.focus();
    await fireEvent.keyDown(grid, { key: 'ArrowDown' });
    await fireEvent.keyDown(grid, { key: 'ArrowDown' });
    expect(document.getElementById(grid.getAttribute('aria-activedescendant') ?? '')?.textContent).toContain('annual');
    await fireEvent.keyDown(grid, { key: 'Enter' });
    expect(onopen).toHaveBeenCalledOnce();
    await fireEvent.keyDown(grid, { key: 'Home' });
    await fireEvent.keyDown(grid, { key: 'Enter' });
    await vi.waitFor(() => expect(stores.browser.objects.place?.prefix).toBe('drafts/'));
    await fireEvent.keyDown(grid, { key: 'Backspace' });
    await vi.waitFor(() => expect(stores.browser.objects.place?.prefix).toBe(''));
    await fireEvent.keyDown(grid, { key: 'a' });
    expect(document.activeElement).toBe(screen.getByRole('textbox', { name: 'Filter by name' }));
  });

  it('opens the page that a signed link names', async () => {
    const { onopen } = await setUp({
      'addresses.resolve': () =>
        ok({ kind: 'document', bucket: 'b', key: 'x.docx', versionId: null, source: 'docx', pageNumber: 7 }),
    });
    await fireEvent.keyDown(window, { key: 'l', ctrlKey: true });
    const box = await screen.findByRole('textbox', { name: 'Path or link' });
    await fireEvent.input(box, { target: { value: 'https://b.oss-cn-hangzhou.aliyuncs.com/x.docx?x-oss-process=…' } });
    await fireEvent.submit(box.closest('form')!);
    await vi.waitFor(() =>
      expect(onopen).toHaveBeenCalledWith({
        bucket: 'b',
        key: 'x.docx',
        versionId: null,
        source: 'docx',
        pageNumber: 7,
      }),
    );
  });

  it('says below the box why an address leads nowhere', async () => {
    await setUp({ 'addresses.resolve': () => fail('address.invalid', 'not an address') });
    await fireEvent.keyDown(window, { key: 'l', ctrlKey: true });
    const box = await screen.findByRole('textbox', { name: 'Path or link' });
    await fireEvent.input(box, { target: { value: 'what?' } });
    await fireEvent.submit(box.closest('form')!);
    await vi.waitFor(() => expect(box.getAttribute('aria-invalid')).toBe('true'));
    expect(document.getElementById(box.getAttribute('aria-describedby') ?? '')?.textContent).toContain(
      'not an address we can open',
    );
  });

  it('leads people who may not list buckets to the path box', async () => {
    await setUp({ 'buckets.list': () => fail('oss.listBucketsDenied', 'no right') });
    expect(screen.getByText(/normal for limited keys/)).toBeTruthy();
    await fireEvent.click(screen.getAllByRole('button', { name: 'Type a folder' })[0]!);
    expect(await screen.findByRole('textbox', { name: 'Path or link' })).toBe(document.activeElement);
  });

  it('shows all files where nothing can be previewed', async () => {
    await setUp({ 'objects.list': () => ok({ folders: [], objects: toColumns([{ name: 'photo.jpg' }]), next: null }) });
    expect(screen.getByText('Nothing previewable here')).toBeTruthy();
    await fireEvent.click(screen.getByRole('button', { name: 'Show all files' }));
    expect(row('photo')).toBeTruthy();
  });

  it('moves a list too long for its scroll box by rows under the wheel, and the scroll bar with it', async () => {
    // As on a screen where a scroll box ends at 250,000 px: 10,000 rows are 360,000.
    vi.stubGlobal('devicePixelRatio', 60);
    const objects = toColumns(
      Array.from({ length: 10_000 }, (_, n) => ({ name: `page ${String(n).padStart(5, '0')}.pdf` })),
    );
    await setUp({ 'objects.list': () => ok({ folders: [], objects, next: null }) });
    const grid = screen.getByRole('grid');
    const topRow = (): number => {
      const [first] = screen.getAllByRole('row').filter((one) => one.dataset['index'] !== undefined);
      // Six rows are mounted above the view, where there are so many.
      const index = Number(first?.dataset['index']);
      return index === 0 ? 0 : index + 6;
    };
    for (let turn = 1; turn <= 20; turn += 1) await fireEvent.wheel(grid, { deltaY: 36 });
    expect(topRow()).toBe(20);
    await fireEvent.wheel(grid, { deltaY: 3, deltaMode: WheelEvent.DOM_DELTA_LINE });
    expect(topRow()).toBe(23);
    expect(grid.scrollTop).toBeCloseTo((23 * 36 * 250_000) / 360_000, -1);
    await fireEvent.keyDown(grid, { key: 'End' });
    expect(screen.getByRole('row', { name: /page 09999/ })).toBeTruthy();
    await fireEvent.wheel(grid, { deltaY: -72 });
    expect(topRow()).toBe(9997);
    // With Ctrl the wheel is for the size of things.
    await fireEvent.wheel(grid, { deltaY: -720, ctrlKey: true });
    expect(topRow()).toBe(9997);
    vi.unstubAllGlobals();
  });

  it('offers versions and a search below the folder, and gives the keyboard back to the list', async () => {
    const { client, stores, onopen } = await setUp({
      'objects.versions': () =>
        ok({
          versions: ['v2', 'v1'].map((versionId, index) => ({
            versionId,
            isLatest: index === 0,
            isDeleted: false,
            modifiedAt: '2026-01-01T00:00:00.000Z',
            sizeBytes: 1,
            etag: versionId,
            storageClass: 'Standard',
          })),
          next: null,
        }),
      'objects.search': () => ok({ hits: toColumns([{ name: 'deep/annual.pdf' }]), scanned: 1000, next: null }),
    });
    const grid = screen.getByRole('grid');
    grid.focus();
    await fireEvent.keyDown(grid, { key: 'ArrowDown' });
    await fireEvent.keyDown(grid, { key: 'F10', shiftKey: true });
    const menu = await screen.findByRole('menu', { name: 'More for drafts' });
    expect(menu.textContent).toContain('Open folder');
    expect(menu.textContent).not.toContain('Versions');
    await fireEvent.keyDown(menu, { key: 'Escape' });
    await vi.waitFor(() => expect(screen.queryByRole('menu')).toBe(null));
    await vi.waitFor(() => expect(document.activeElement).toBe(grid));
    await fireEvent.keyDown(grid, { key: 'h', ctrlKey: true });
    // A folder has no versions.
    expect(screen.queryByRole('dialog')).toBe(null);
    await fireEvent.keyDown(grid, { key: 'ArrowDown' });
    await fireEvent.keyDown(grid, { key: 'h', ctrlKey: true });
    const dialog = await screen.findByRole('dialog', { name: 'Versions' });
    expect(client.calls.at(-1)).toEqual({
      name: 'objects.versions',
      input: { accountId: account.id, bucket: 'reports', key: 'annual.pdf', next: null },
    });
    await vi.waitFor(() => expect(dialog.querySelectorAll('button.version')).toHaveLength(2));
    await fireEvent.click(dialog.querySelectorAll('button.version')[1]!);
    expect(onopen).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ key: 'annual.pdf', versionId: 'v1' }));

    await fireEvent.click(screen.getByRole('button', { name: 'Search below…' }));
    const ask = await screen.findByRole('dialog', { name: 'Search this folder and everything below' });
    const asked = client.calls.length;
    await fireEvent.submit(ask.querySelector('form')!);
    expect(ask.textContent).toContain('Type at least one word.');
    expect(client.calls.length).toBe(asked);
    await fireEvent.input(screen.getByRole('textbox', { name: 'Words of the name' }), { target: { value: 'annual' } });
    await fireEvent.submit(ask.querySelector('form')!);
    await vi.waitFor(() => expect(stores.browser.search.state.status).toBe('complete'));
    expect((await screen.findByRole('row', { name: /annual\.pdf/ })).textContent).toContain('in deep/');
    expect(screen.getAllByText('1 found among all 1,000 names, 1 request')).not.toHaveLength(0);
    await vi.waitFor(() => expect(document.activeElement).toBe(screen.getByRole('grid')));
    await fireEvent.keyDown(screen.getByRole('grid'), { key: 'Escape' });
    await screen.findByRole('grid', { name: 'Contents of reports/' });
    expect(screen.getByRole('button', { name: 'Back to the 1 found' })).toBeTruthy();
  });
});
