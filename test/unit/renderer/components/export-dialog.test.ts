// @vitest-environment jsdom
/** The export dialog over a scripted main: its button always says how much, and nothing starts that was not said. */
import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { DocumentView, ExportPlanView } from '#contract/contract.ts';
import { fail, ok } from '#contract/errors.ts';
import { AccountId, DocumentHandle, FolderGrant, PictureVersion } from '#contract/ids.ts';
import ExportDialog from '#renderer/components/ExportDialog.svelte';
import { STORES } from '#renderer/state/context.ts';
import { makeStores } from '#renderer/state/stores.ts';
import { makeScriptedClient, type Script } from '../state/scripted-client.ts';

afterEach(cleanup);

const still = { isDark: false, isOnline: true, onchange: () => () => {} };

function view(total: number | null, accountId = '0123456789abcdef'): DocumentView {
  return {
    handle: DocumentHandle.parse('a'.repeat(32)),
    version: PictureVersion.parse('b'.repeat(16)),
    accountId: AccountId.parse(accountId),
    bucket: 'reports',
    key: 'annual.pdf',
    name: 'annual.pdf',
    versionId: null,
    source: 'pdf',
    sizeBytes: 1000,
    modifiedAt: '2026-01-01T00:00:00.000Z',
    etag: 'e',
    pages: { atLeast: 3, total, repeatsFrom: null },
  };
}
/** Counts as main does. */
function planOf(selection: { from: number; to: number | null }[], total: number | null): ExportPlanView {
  const pageCount = selection.reduce((sum, { from, to }) => sum + (to ?? total ?? 2000) - from + 1, 0);
  const isAtMost = total === null && selection.some((range) => range.to === null);
  return {
    pageCount,
    isAtMost,
    alreadyHere: 1,
    hereAsOther: 0,
    toBuy: pageCount - 1,
    exampleNames: ['annual-p0001.png'],
    existing: 0,
  };
}
function setUp(document: DocumentView, script: Script = {}) {
  const client = makeScriptedClient({
    'exports.plan': (input) => ok(planOf(input.selection, document.pages.total)),
    'exports.chooseFolder': () => ok({ grant: FolderGrant.parse('f'.repeat(32)), label: 'Pictures' }),
    ...script,
  });
  const stores = makeStores(client, { look: still, network: still });
  const onclose = vi.fn();
  render(ExportDialog, { props: { document, currentPage: 3, onclose }, context: new Map([[STORES, stores]]) });
  const starts = (): number => client.calls.filter((call) => call.name === 'exports.start').length;
  return { client, onclose, starts };
}
const start = (name: string): Promise<HTMLButtonElement> => screen.findByRole<HTMLButtonElement>('button', { name });
const type = (text: string): Promise<boolean> =>
  fireEvent.input(screen.getByRole('textbox', { name: /Pages, for example/ }), { target: { value: text } });
const chooseFolder = async (): Promise<void> => {
  await fireEvent.click(screen.getByRole('button', { name: 'Choose a folder…' }));
  await screen.findByText('Pictures');
};

describe('ExportDialog', () => {
  it('says on its button how many pages, whatever is chosen', async () => {
    setUp(view(37));
    await start('Export 1 page');
    await fireEvent.click(screen.getByRole('radio', { name: 'All 37 pages' }));
    await start('Export 37 pages');
    await type('1,3-5,8-');
    await start('Export 34 pages');
    expect(screen.getByText('1 already here')).toBeTruthy();
    expect(screen.getByText('33 to buy')).toBeTruthy();
    expect(screen.getByText(/bills each new page/)).toBeTruthy();
  });

  it('marks the part of a range that is wrong, where it stands, and does not start', async () => {
    const { starts } = setUp(view(37));
    await chooseFolder();
    await type('1,9-4,7');
    expect(document.querySelector('mark')?.textContent).toBe('9-4');
    const box = screen.getByRole('textbox', { name: /Pages, for example/ });
    expect(box.getAttribute('aria-invalid')).toBe('true');
    expect((await start('Export')).disabled).toBe(true);
    await fireEvent.submit(box.closest('form')!);
    expect(starts()).toBe(0);
  });

  it('asks for a clear yes before it runs to an end that nobody knows', async () => {
    const { starts } = setUp(view(null), { 'exports.start': () => fail('file.noSpace', 'full') });
    await chooseFolder();
    await fireEvent.click(screen.getByRole('radio', { name: 'All pages' }));
    const button = await start('Export at most 2,000 pages');
    expect(button.disabled).toBe(true);
    await fireEvent.click(screen.getByRole('checkbox', { name: /until the document ends/ }));
    await vi.waitFor(() => expect(button.disabled).toBe(false));
    await fireEvent.submit(document.querySelector('form')!);
    await vi.waitFor(() => expect(starts()).toBe(1));
    expect((await screen.findByText('The disk is full.')).closest('[role=alert]')).toBeTruthy();
  });

  it('asks about files that are there, and starts with the answer', async () => {
    const { client } = setUp(view(37), {
      'exports.plan': (input) => ok({ ...planOf(input.selection, 37), existing: input.grant ? 1 : 0 }),
    });
    await chooseFolder();
    expect(await screen.findByText(/A file with one of these names/)).toBeTruthy();
    const button = await start('Export 1 page');
    expect(button.disabled).toBe(true);
    await fireEvent.click(screen.getByRole('radio', { name: 'Keep both' }));
    await vi.waitFor(() => expect(button.disabled).toBe(false));
    await fireEvent.submit(document.querySelector('form')!);
    const started = (): unknown => client.calls.find((call) => call.name === 'exports.start')?.input;
    await vi.waitFor(() => expect(started()).toMatchObject({ ifExists: 'keep-both', selection: [{ from: 3, to: 3 }] }));
  });

  it('says that the samples cost nothing', async () => {
    setUp(view(37, 'samples'));
    expect(await screen.findByText(/nothing is billed/)).toBeTruthy();
    await fireEvent.click(screen.getByRole('radio', { name: 'All 37 pages' }));
    expect(await screen.findByText('36 to make')).toBeTruthy();
    expect(screen.queryByText(/to buy|bills/)).toBe(null);
  });
});
