/** Export jobs: pages of a document, written as files into a folder that the person chose. */
import path from 'node:path';
import type { ExportPlanView, JobView, PageSelection, Parsed, Target } from '#contract/contract.ts';
import { fail, ok, type Result } from '#contract/errors.ts';
import { JobId, type AccountId, type DocumentHandle } from '#contract/ids.ts';
import type { Documents, HeldDocument } from './documents.ts';
import { makeExportJob, type ExportJob, type ExportJobOptions } from './export-job.ts';
import { makeFolderSink, NO_FILES, type ExportSink } from './export-sink.ts';
import { toFileName, toPageWidth } from './file-names.ts';
import type { FolderGrants } from './folder-grants.ts';
import { afterTimeout, makePace, type Later, type Pace } from './pace.ts';
import { selectPages, type SelectedPage } from './page-selection.ts';

export interface Exports {
  /** What an export would do, before anything is bought. Errors: export.nothing, document.closed, file.gone, file.noAccess. */
  plan(input: Parsed<'exports.plan'>): Promise<Result<ExportPlanView>>;
  /**
   * Starts a job and answers its first state; it goes on when the document is closed. `ifExists: 'ask'` is refused with
   * `ipc.invalid` while files of these names exist. Errors: as `plan`.
   */
  start(input: Parsed<'exports.start'>): Promise<Result<JobView>>;
  /** Every job that was not dismissed, newest first. */
  get(): JobView[];
  /** Pins a document offline and buys the pages that are not here, as a job without files. Errors: as `Documents.pinOffline`. */
  keepOffline(handle: DocumentHandle): Promise<Result<JobView>>;
  /**
   * Buys nothing more; what is on the wire is finished into the cache, no partial file stays. A job that is over is
   * left alone.
   */
  cancel(jobId: JobId): void;
  /** Runs the gaps of a job that is over. */
  retry(jobId: JobId): void;
  /** Answers the question of a job in `asking`. */
  answer(jobId: JobId, answer: 'stop-here' | 'go-on'): void;
  /** A file that this job wrote, or its folder, for the system's file manager; null for an unknown job. Absolute path. */
  whereIs(jobId: JobId): string | null;
  /** Tells every job's state anew: what they wait for has changed. */
  tellAll(): void;
  /** Takes a job that is over off the list. */
  dismiss(jobId: JobId): void;
  /** Cancels all jobs and waits until no partial file is left. */
  dispose(): Promise<void>;
}

export interface ExportsOptions {
  documents: Pick<Documents, 'hold' | 'findEnd' | 'pinOffline'>;
  grants: Pick<FolderGrants, 'find'>;
  /** At most 10 times a second for one job, the last state always. */
  onChange: (job: JobView) => void;
  /** A job of this account is over, perhaps not for the first time. */
  onOver?: (accountId: AccountId, jobId: JobId) => void;
  /** Epoch ms. */
  now: () => number;
  randomBytes: (length: number) => Uint8Array;
  later?: Later;
}

/** At most this often the page hears of one job. */
const TELL_EVERY_MS = 100;
const EXAMPLES = 3;

interface ListedJob {
  job: ExportJob;
  order: Order;
  /** Null where no file is written. */
  folder: string | null;
  pace: Pace;
}

/** Starts without jobs. */
export function makeExports(options: ExportsOptions): Exports {
  const { documents, grants, now, randomBytes } = options;
  const later = options.later ?? afterTimeout;
  const jobs = new Map<JobId, ListedJob>();
  const hex = (length: number): string => Buffer.from(randomBytes(length)).toString('hex');

  /** The pages that are written, and their names: what plan and job must agree on. */
  const read = (input: Omit<Parsed<'exports.plan'>, 'grant'>): Result<Order> => {
    const held = documents.hold(input.handle);
    if (!held.ok) return held;
    const { count } = held.value.pages;
    const isToBeHad = ({ pageNumber }: SelectedPage): boolean =>
      !held.value.view.offline || held.value.pages.isHere({ target: input.target, pageNumber });
    const selected = selectPages(input.selection).filter(isToBeHad);
    const within = selected.filter((page) => !count.isPastEnd(page.pageNumber));
    if (within.length === 0) return fail('export.nothing', 'None of these pages exists.');
    const parts = {
      template: input.template,
      key: held.value.view.key,
      target: input.target,
      pageWidth: toPageWidth(count.view().total),
      isOnlyPage: isOnePage(input.selection),
    };
    return ok({ held: held.value, selected, within, nameOf: (pageNumber) => toFileName(parts, pageNumber) });
  };
  const sinkOf = (
    grant: Parsed<'exports.start'>['grant'],
  ): Result<{ sink: ExportSink; folder: string; label: string }> => {
    const found = grants.find(grant);
    if (!found) return fail('file.gone', 'This folder was not chosen in this run.');
    return ok({ ...found, sink: makeFolderSink({ folder: found.folder, randomBytes }) });
  };
  const isOver = ({ job }: Pick<ListedJob, 'job'>): boolean =>
    !['running', 'paused', 'asking'].includes(job.view().state);
  const viewOf = ({ job, order }: Pick<ListedJob, 'job' | 'order'>): JobView => {
    const view = job.view();
    const isOutOfBudget = view.state === 'paused' && view.error?.code === 'cost.budgetReached';
    const { accountId } = order.held.view;
    return { ...view, accountId, ...(isOutOfBudget && { toBuy: stillToBuy(order, view) }) };
  };

  /** Where something speaks for an end, it is looked for before the pages are taken. */
  const endOf = (handle: DocumentHandle, target: Target, held: HeldDocument): Pick<ExportJobOptions, 'findEnd'> => {
    if (!hasLikelyEnd(held)) return {};
    return {
      async findEnd(signal) {
        const found = await documents.findEnd(handle, target, signal);
        return found.ok ? found.value.bought : 0;
      },
    };
  };

  const begin = (
    order: Order,
    folder: string | null,
    how: Pick<ExportJobOptions, 'kind' | 'folderLabel' | 'target' | 'sink' | 'ifTaken' | 'findEnd'>,
  ): JobView => {
    const { held, selected, nameOf } = order;
    const id = JobId.parse(hex(8));
    const job = makeExportJob({
      ...{ ...how, id, documentName: held.view.name, selected, nameOf, pages: held.pages, hold: held.stay },
      onChange: () => pace.touch(),
    });
    const tell = (): void => {
      options.onChange(viewOf({ job, order }));
      if (isOver({ job })) options.onOver?.(held.view.accountId, id);
    };
    const pace = makePace({ everyMs: TELL_EVERY_MS, now, later, tell });
    jobs.set(id, { job, order, folder, pace });
    job.run();
    return viewOf({ job, order });
  };

  return {
    async plan(input) {
      const order = read(input);
      if (!order.ok) return order;
      const { held, within, nameOf } = order.value;
      const names = within.map((page) => nameOf(page.pageNumber));
      let existing = 0;
      if (input.grant) {
        const place = sinkOf(input.grant);
        if (!place.ok) return place;
        const taken = await place.value.sink.findTaken(names);
        if (!taken.ok) return taken;
        existing = taken.value.size;
      }
      const { target } = input;
      const alreadyHere = within.filter(({ pageNumber }) => held.pages.isHere({ target, pageNumber })).length;
      const other = target === 'png' ? 'jpg' : 'png';
      const isOnlyOther = ({ pageNumber }: SelectedPage): boolean =>
        !held.pages.isHere({ target, pageNumber }) && held.pages.isHere({ target: other, pageNumber });
      return ok({
        hereAsOther: within.filter(isOnlyOther).length,
        pageCount: within.length,
        isAtMost: held.pages.count.view().total === null && within.some((page) => page.isOpen),
        alreadyHere,
        toBuy: within.length - alreadyHere,
        ...likelyOf(held, within, target),
        exampleNames: names.slice(0, EXAMPLES),
        existing,
      });
    },
    async start(input) {
      const order = read(input);
      if (!order.ok) return order;
      const place = sinkOf(input.grant);
      if (!place.ok) return place;
      const { within, nameOf } = order.value;
      const { sink, folder, label } = place.value;
      const taken = await sink.findTaken(within.map((page) => nameOf(page.pageNumber)));
      if (!taken.ok) return taken;
      if (input.ifExists === 'ask' && taken.value.size > 0) {
        const detail = { existing: taken.value.size };
        return fail('ipc.invalid', 'Files of these names are there: the person has to be asked first.', { detail });
      }
      return ok(
        begin(order.value, folder, {
          ...{ folderLabel: label, target: input.target, sink },
          // A file that appears after the question was settled is kept, and so is ours.
          ifTaken: input.ifExists === 'ask' ? 'keep-both' : input.ifExists,
          ...endOf(input.handle, input.target, order.value.held),
        }),
      );
    },
    async keepOffline(handle) {
      const target = 'png';
      const order = read({ handle, target, selection: [{ from: 1, to: null }], template: '{page}' });
      if (!order.ok) return order;
      const pinned = await documents.pinOffline(handle);
      if (!pinned.ok) return pinned;
      const job = { kind: 'keep', folderLabel: '', target, sink: NO_FILES, ifTaken: 'replace' } as const;
      return ok(begin(order.value, null, { ...job, ...endOf(handle, target, order.value.held) }));
    },
    get: () => [...jobs.values()].reverse().map(viewOf),
    cancel: (jobId) => jobs.get(jobId)?.job.cancel(),
    retry: (jobId) => jobs.get(jobId)?.job.run(),
    answer: (jobId, answer) => jobs.get(jobId)?.job.answer(answer),
    whereIs(jobId) {
      const listed = jobs.get(jobId);
      if (!listed || listed.folder === null) return null;
      const name = listed.job.lastName();
      return name ? path.join(listed.folder, name) : listed.folder;
    },
    tellAll() {
      for (const { pace } of jobs.values()) pace.touch();
    },
    dismiss(jobId) {
      const listed = jobs.get(jobId);
      if (!listed || !isOver(listed)) return;
      listed.pace.dispose();
      jobs.delete(jobId);
    },
    async dispose() {
      for (const { job } of jobs.values()) job.cancel();
      await Promise.all([...jobs.values()].map(({ job }) => job.whenQuiet()));
      for (const { pace } of jobs.values()) pace.dispose();
    },
  };
}

/** An export as the dialog asks for it, with all that plan and job must agree on. */
interface Order {
  held: HeldDocument;
  selected: SelectedPage[];
  /** Those of `selected` that may exist. */
  within: SelectedPage[];
  nameOf: (pageNumber: number) => string;
}

function hasLikelyEnd({ pages }: HeldDocument): boolean {
  return pages.count.view().hint?.kind === 'likely';
}

/** What an open end comes to by the file's own number; nothing where it has none. */
function likelyOf(
  { pages }: HeldDocument,
  within: readonly SelectedPage[],
  target: Target,
): Pick<ExportPlanView, 'likely'> {
  const { hint, atLeast } = pages.count.view();
  if (hint?.kind !== 'likely' || !within.some((page) => page.isOpen)) return {};
  const last = Math.max(hint.pages, atLeast);
  const meant = within.filter(({ isOpen, pageNumber }) => !isOpen || pageNumber <= last);
  const toBuy = meant.filter(({ pageNumber }) => !pages.isHere({ target, pageNumber })).length;
  return { likely: { pageCount: meant.length, toBuy } };
}

/** New pictures that a job takes from here on. */
function stillToBuy(
  { held, selected }: Order,
  { target, pageCount, written, skipped, failures }: ReturnType<ExportJob['view']>,
): NonNullable<JobView['toBuy']> {
  const { pages } = held;
  const failed = new Set(failures.map(({ pageNumber }) => pageNumber));
  const missing = selected.filter(
    ({ pageNumber }) =>
      !failed.has(pageNumber) && !pages.count.isPastEnd(pageNumber) && !pages.isHere({ target, pageNumber }),
  );
  // Pages whose files were left alone are missing too, and are not bought.
  const unsettled = pageCount - written - skipped - failures.length;
  const atMost = Math.min(missing.length, unsettled);
  const { total } = pages.count.view();
  if (total !== null || !missing.some((page) => page.isOpen)) return { likely: atMost, atMost };
  const likely = likelyOf(held, missing, target).likely?.toBuy;
  return { likely: likely === undefined ? null : Math.min(likely, atMost), atMost };
}

function isOnePage(selection: PageSelection): boolean {
  return selection.every(({ from, to }) => from === to && from === selection[0]?.from);
}
