// @vitest-environment jsdom
/** The browser over a scripted main: what a click, a key and an address lead to. */
import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { tick } from 'svelte';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { AccountView, ObjectView, Out } from '#contract/contract.ts';
import { MAX_SOURCE_BYTES } from '#contract/source-types.ts';
import { fail, ok } from '#contract/errors.ts';
import { AccountId } from '#contract/ids.ts';
import BrowserScreen from '#renderer/components/BrowserScreen.svelte';
import { STORES } from '#renderer/state/context.ts';
import { makeStores } from '#renderer/state/stores.ts';
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
  secretHome: 'keychain',
};
const object = (name: string, source: ObjectView['source'], sizeBytes = 1000): ObjectView => ({
  key: name,
  name,
  sizeBytes,
  modifiedAt: '2026-01-01T00:00:00.000Z',
  etag: 'e',
  storageClass: 'Standard',
  source,
  extension: name.includes('.') ? name.split('.').at(-1)! : '',
});
const folder: Out<'objects.list'> = {
  folders: [{ prefix: 'drafts/', name: 'drafts' }],
  objects: [
    object('annual.pdf', 'pdf'),
    object('LICENSE', null),
    object('photo.jpg', null),
    object('scan.pdf', 'pdf', MAX_SOURCE_BYTES + 1),
  ],
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
    await setUp({ 'objects.list': () => ok({ folders: [], objects: [object('photo.jpg', null)], next: null }) });
    expect(screen.getByText('Nothing previewable here')).toBeTruthy();
    await fireEvent.click(screen.getByRole('button', { name: 'Show all files' }));
    expect(row('photo')).toBeTruthy();
  });
});
