import { describe, expect, it } from 'vitest';
import type { DocumentView, ExportPlanView, JobView, Out } from '#contract/contract.ts';
import { fail, ok, type Result } from '#contract/errors.ts';
import { AccountId, DocumentHandle, FolderGrant, JobId, PictureVersion } from '#contract/ids.ts';
import { JobsStore } from '#renderer/state/jobs.svelte.ts';
import type { ExportDraft } from '#renderer/state/export-draft.svelte.ts';
import { makeLater, makeScriptedClient, type Script, type ScriptedClient } from './scripted-client.ts';

const grant = FolderGrant.parse('f'.repeat(32));

function document(total: number | null): DocumentView {
  return {
    handle: DocumentHandle.parse('a'.repeat(32)),
    version: PictureVersion.parse('b'.repeat(16)),
    accountId: AccountId.parse('samples'),
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
function plan(more: Partial<ExportPlanView> = {}): ExportPlanView {
  return {
    pageCount: 1,
    isAtMost: false,
    alreadyHere: 0,
    hereAsOther: 0,
    toBuy: 1,
    exampleNames: ['annual-p3.png'],
    existing: 0,
    ...more,
  };
}
function job(more: Partial<JobView> = {}): JobView {
  return {
    id: JobId.parse('1'.repeat(16)),
    accountId: AccountId.parse('samples'),
    documentName: 'annual.pdf',
    folderLabel: 'Pictures',
    target: 'png',
    state: 'running',
    pageCount: 1,
    isAtMost: false,
    written: 0,
    skipped: 0,
    bought: 0,
    failures: [],
    question: null,
    error: null,
    ...more,
  };
}
function setUp(
  total: number | null = 37,
  script: Script = {},
): { client: ScriptedClient; jobs: JobsStore; draft: ExportDraft } {
  const client = makeScriptedClient({
    'exports.chooseFolder': () => ok({ grant, label: 'Pictures' }),
    'exports.plan': () => ok(plan()),
    'exports.start': () => ok(job()),
    ...script,
  });
  const jobs = new JobsStore(client);
  return { client, jobs, draft: jobs.draft(document(total), 3) };
}
const lastInput = (client: ScriptedClient, name: string): unknown =>
  client.calls.filter((call) => call.name === name).at(-1)?.input;

describe('ExportDraft', () => {
  it('takes this page as PNG, once a folder is chosen', async () => {
    const { draft, client, jobs } = setUp();
    await draft.replan();
    expect(draft.obstacle).toBe('folder');
    await draft.chooseFolder();
    expect(draft.obstacle).toBe(null);
    expect(await draft.start()).toBe(true);
    expect(lastInput(client, 'exports.start')).toEqual({
      handle: 'a'.repeat(32),
      selection: [{ from: 3, to: 3 }],
      target: 'png',
      template: '{name}-p{page}',
      grant,
      ifExists: 'ask',
    });
    expect(jobs.jobs.map((one) => one.state)).toEqual(['running']);
  });

  it('believes events more than the older answer that the job has started', async () => {
    const { draft, jobs, client } = setUp(37, {
      'exports.start': () => {
        client.say('exports.changed', job({ state: 'done', written: 1 }));
        return ok(job());
      },
    });
    await draft.chooseFolder();
    await draft.start();
    expect(jobs.jobs.map((one) => one.state)).toEqual(['done']);
  });

  it('remembers the folder for the next export', async () => {
    const { draft, jobs } = setUp();
    await draft.chooseFolder();
    await draft.start();
    expect(jobs.draft(document(5), 1).folderLabel).toBe('Pictures');
  });

  it('never starts anything for a range that cannot be read', async () => {
    const { draft, client } = setUp();
    await draft.chooseFolder();
    for (const bad of ['', 'x', '1-99', '-', '5-3']) {
      await draft.typeRange(bad);
      expect([bad, draft.obstacle]).toEqual([bad, 'pages']);
      expect([bad, await draft.start()]).toEqual([bad, false]);
    }
    expect(client.calls.some((call) => call.name === 'exports.start')).toBe(false);
    await draft.typeRange('1,3-5');
    expect(draft.obstacle).toBe(null);
    expect(lastInput(client, 'exports.plan')).toMatchObject({
      selection: [
        { from: 1, to: 1 },
        { from: 3, to: 5 },
      ],
      grant,
    });
  });

  it('asks for a clear yes to an end that nobody knows', async () => {
    const { draft } = setUp(null, { 'exports.plan': () => ok(plan({ pageCount: 2000, isAtMost: true })) });
    await draft.chooseFolder();
    expect(draft.needsConfirmation).toBe(false);
    for (const choose of [() => draft.choosePages('all'), () => draft.typeRange('8-')]) {
      draft.confirmOpenEnd(false);
      await choose();
      expect([draft.needsConfirmation, draft.obstacle]).toEqual([true, 'open-end']);
      draft.confirmOpenEnd(true);
      expect(draft.obstacle).toBe(null);
    }
    await draft.typeRange('8-9');
    expect(draft.needsConfirmation).toBe(false);
  });

  it('needs no yes where the end is known', async () => {
    const { draft, client } = setUp(37);
    await draft.chooseFolder();
    await draft.choosePages('all');
    expect([draft.needsConfirmation, draft.obstacle]).toEqual([false, null]);
    expect(lastInput(client, 'exports.plan')).toMatchObject({ selection: [{ from: 1, to: 37 }] });
  });

  it('asks what to do with files that are there, anew for every folder', async () => {
    const { draft } = setUp(37, { 'exports.plan': (input) => ok(plan({ existing: input.grant ? 1 : 0 })) });
    await draft.chooseFolder();
    expect(draft.obstacle).toBe('existing');
    draft.chooseIfExists('keep-both');
    expect(draft.obstacle).toBe(null);
    await draft.chooseFolder();
    expect([draft.ifExists, draft.obstacle]).toEqual(['ask', 'existing']);
  });

  it('asks when a file appeared between plan and start, and shows no error for that', async () => {
    let existing = 0;
    const { draft } = setUp(37, {
      'exports.plan': () => ok(plan({ existing })),
      'exports.start': () => {
        existing = 1;
        return fail('ipc.invalid', 'files of these names exist');
      },
    });
    await draft.chooseFolder();
    expect(await draft.start()).toBe(false);
    expect([draft.obstacle, draft.startError, draft.isStarting]).toEqual(['existing', null, false]);
  });

  it('shows why a start failed, until something is changed', async () => {
    const { draft } = setUp(37, { 'exports.start': () => fail('file.noAccess', 'read-only') });
    await draft.chooseFolder();
    expect(await draft.start()).toBe(false);
    expect(draft.startError?.code).toBe('file.noAccess');
    await draft.chooseTarget('jpg');
    expect(draft.startError).toBe(null);
  });

  it('drops figures for choices that have changed since, and keeps the old ones on the screen meanwhile', async () => {
    const slow = makeLater<Result<Out<'exports.plan'>>>();
    const { draft } = setUp(37, {
      'exports.plan': (input) => (input.target === 'jpg' ? slow.promise : ok(plan({ toBuy: 7 }))),
    });
    await draft.replan();
    const asked = draft.chooseTarget('jpg');
    expect(draft.planState.status).toBe('loading');
    expect(draft.plan?.toBuy).toBe(7);
    const askedAgain = draft.chooseTarget('png');
    slow.resolve(ok(plan({ toBuy: 99 })));
    await Promise.all([asked, askedAgain]);
    expect(draft.plan?.toBuy).toBe(7);
  });

  it('wants a name for every page', async () => {
    const { draft } = setUp();
    await draft.chooseFolder();
    await draft.typeTemplate('cover');
    expect(draft.obstacle).toBe(null);
    await draft.typeRange('1-2');
    expect([draft.templateProblem, draft.obstacle]).toEqual(['no-page', 'name']);
    await draft.typeTemplate('  ');
    expect(draft.templateProblem).toBe('empty');
    await draft.typeTemplate(`{page}${'x'.repeat(200)}`);
    expect(draft.templateProblem).toBe('too-long');
  });

  it('keeps the folder when the dialog for another one is cancelled', async () => {
    let isCancelled = false;
    const { draft } = setUp(37, {
      'exports.chooseFolder': () => ok(isCancelled ? null : { grant, label: 'Pictures' }),
    });
    await draft.chooseFolder();
    isCancelled = true;
    await draft.chooseFolder();
    expect(draft.folderLabel).toBe('Pictures');
  });
});

describe('JobsStore', () => {
  const other = JobId.parse('2'.repeat(16));

  it('takes over what main has, and follows events, newest first', async () => {
    const client = makeScriptedClient({ 'exports.get': () => ok({ jobs: [job({ written: 1 })] }) });
    const jobs = new JobsStore(client);
    client.say('exports.changed', job({ written: 5 }));
    await jobs.load();
    expect(jobs.jobs.map((one) => one.written)).toEqual([5]);
    client.say('exports.changed', job({ id: other }));
    expect(jobs.jobs.map((one) => one.id)).toEqual([other, '1'.repeat(16)]);
    expect(jobs.active.length).toBe(2);
    client.say('exports.changed', job({ id: other, state: 'done' }));
    expect(jobs.active.length).toBe(1);
  });

  it('keeps the order main gives', async () => {
    const client = makeScriptedClient({ 'exports.get': () => ok({ jobs: [job({ id: other }), job()] }) });
    const jobs = new JobsStore(client);
    await jobs.load();
    expect(jobs.jobs.map((one) => one.id)).toEqual([other, '1'.repeat(16)]);
  });

  it('lets a dismissed job go for good', async () => {
    const client = makeScriptedClient({ 'exports.dismiss': () => ok({}) });
    const jobs = new JobsStore(client);
    client.say('exports.changed', job({ state: 'done' }));
    await jobs.dismiss(job().id);
    client.say('exports.changed', job({ state: 'done' }));
    expect(jobs.jobs).toEqual([]);
  });

  it('says which order was not followed, until one is', async () => {
    let works = false;
    const client = makeScriptedClient({ 'exports.reveal': () => (works ? ok({}) : fail('file.gone', 'no folder')) });
    const jobs = new JobsStore(client);
    client.say('exports.changed', job({ state: 'done' }));
    await jobs.reveal(job().id);
    expect(jobs.problem).toMatchObject({ jobId: job().id, error: { code: 'file.gone' } });
    works = true;
    await jobs.reveal(job().id);
    expect(jobs.problem).toBe(null);
  });
});
