/** One export: pages of one document into one sink, four at a time, with its gaps listed. */
import type { JobView, Target } from '#contract/contract.ts';
import type { AppError, ErrorCode } from '#contract/errors.ts';
import type { JobId } from '#contract/ids.ts';
import type { ExportSink, IfTaken } from './export-sink.ts';
import type { PagePicture } from './oss-client.ts';
import type { SelectedPage } from './page-selection.ts';
import type { PageStore } from './page-store.ts';

export interface ExportJob {
  view(): Omit<JobView, 'accountId' | 'toBuy'>;
  /** Starts, or after the end starts over with what is missing. */
  run(): void;
  /** Buys nothing more. What is on the wire is finished into the cache. */
  cancel(): void;
  /** Only heard while the job asks. `stop-here`: the page asked about and all after it are not written. */
  answer(answer: 'stop-here' | 'go-on'): void;
  /** The file written last, by its name; null before the first. */
  lastName(): string | null;
  /** Resolves when no file is being written. */
  whenQuiet(): Promise<void>;
}

export interface ExportJobOptions {
  id: JobId;
  kind?: JobView['kind'];
  documentName: string;
  folderLabel: string;
  target: Target;
  /** In the order they are taken; at least one. */
  selected: readonly SelectedPage[];
  /** Different for each page. */
  nameOf: (pageNumber: number) => string;
  ifTaken: IfTaken;
  pages: Pick<PageStore, 'count' | 'fetch' | 'held' | 'retry' | 'state'>;
  sink: ExportSink;
  /** Called when it starts; what this answers is called when it is over. */
  hold?: () => () => void;
  /** Looks where the document ends, if the file says something about it; answers the pictures bought for that. */
  findEnd?: (signal: AbortSignal) => Promise<number>;
  onChange: () => void;
}

/** Pages of one job that are asked for, or here and not to be written yet. */
const AT_ONCE = 4;
/** Files being written, beside them: the next pages do not wait for the disk until it falls behind by so many. */
const WRITES_AT_ONCE = 4;

/**
 * Failures that every other page would meet as well: going on would ask (and perhaps pay) for each of them in vain.
 * `snapshot.unreadable` is one only while no page of the document has ever come.
 */
const STOPS_THE_JOB: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'net.offline',
  'net.refused',
  'net.tls',
  'net.proxy',
  'oss.unknownKey',
  'oss.disabledKey',
  'oss.signatureMismatch',
  'oss.clockSkewed',
  'oss.tokenInvalid',
  'oss.readDenied',
  'oss.processDenied',
  'oss.kmsDenied',
  'oss.accountDisabled',
  'oss.wrongEndpoint',
  'oss.wrongRegion',
  'oss.publicEndpointForbidden',
  'oss.noSuchBucket',
  'oss.noSuchKey',
  'oss.noSuchVersion',
  'oss.archived',
  'snapshot.notAttached',
  'snapshot.tooLarge',
  'snapshot.typeUnknown',
  'snapshot.officeMissing',
  'keychain.unavailable',
  'keychain.locked',
  'keychain.missing',
  'keychain.failed',
  'account.unknown',
]);

/**
 * `asked`: its request is in the line, until `line` is aborted, or on the wire. `held`: its picture is here and waits
 * until the pages before it are settled. `dropped`: an open end that turned out to be shorter.
 */
type Step =
  | { at: 'waiting' | 'writing' | 'written' | 'skipped' | 'dropped' }
  | { at: 'asked'; line: AbortController }
  | { at: 'held'; picture: PagePicture }
  | { at: 'failed'; error: AppError };

type JobPage = SelectedPage & { name: string; step: Step };

/** Makes a job that waits for `run`. */
export function makeExportJob(options: ExportJobOptions): ExportJob {
  const { pages, sink, target } = options;
  const all: JobPage[] = options.selected.map((page) => ({
    ...page,
    name: options.nameOf(page.pageNumber),
    step: { at: 'waiting' },
  }));
  let state: JobView['state'] = 'cancelled';
  let error: AppError | null = null;
  let question: JobView['question'] = null;
  /** The person said that equal pictures are no end. */
  let mayRepeat = false;
  let bought = 0;
  let lastName: string | null = null;
  let stopper = new AbortController();
  let letGo: (() => void) | null = null;
  const writes = new Set<Promise<void>>();

  const inStep = (...steps: Step['at'][]): JobPage[] => all.filter((page) => steps.includes(page.step.at));
  const isGoing = (): boolean => state === 'running' || state === 'asking';

  const tell = (): void => {
    if (!isGoing()) {
      letGo?.();
      letGo = null;
    }
    options.onChange();
  };
  /** Not asked for any more, unless it is on the wire: then its picture still comes. */
  const leaveLine = ({ step }: JobPage): void => {
    if (step.at === 'asked') step.line.abort();
  };
  const stop = (ending: 'cancelled' | 'failed', why: AppError | null): void => {
    state = ending;
    error = why;
    question = null;
    stopper.abort();
    for (const page of all) leaveLine(page);
    for (const page of inStep('held')) page.step = { at: 'waiting' };
  };
  /** What a refusal says about all later pages, without asking for any of them. */
  const settlePagesPastEnd = (): void => {
    for (const page of inStep('waiting')) {
      if (!pages.count.isPastEnd(page.pageNumber)) continue;
      const known = pages.state({ target, pageNumber: page.pageNumber });
      if (page.isOpen) page.step = { at: 'dropped' };
      else if (known.status === 'failed') page.step = { at: 'failed', error: known.error };
    }
  };
  const failPage = (page: JobPage, why: AppError): void => {
    const isUnreadable = why.code === 'snapshot.unreadable' && pages.count.view().atLeast === 0;
    if (why.code === 'cancelled' || STOPS_THE_JOB.has(why.code) || isUnreadable) {
      page.step = { at: 'waiting' };
      return why.code === 'cancelled' ? stop('cancelled', null) : stop('failed', why);
    }
    const isEnd = why.code === 'snapshot.pageOutOfRange' && page.isOpen;
    page.step = isEnd ? { at: 'dropped' } : { at: 'failed', error: why };
  };

  const write = async (page: JobPage, picture: PagePicture): Promise<void> => {
    page.step = { at: 'writing' };
    const put = await sink.put(page.name, picture.bytes, options.ifTaken);
    if (put.ok) {
      page.step = { at: put.value === null ? 'skipped' : 'written' };
      lastName = put.value ?? lastName;
      return;
    }
    page.step = { at: 'waiting' };
    if (isGoing()) stop('failed', put.error);
  };
  const startWriting = (page: JobPage, picture: PagePicture): void => {
    const writing = write(page, picture).finally(() => {
      writes.delete(writing);
      goOn();
    });
    writes.add(writing);
  };
  /** Why a page may be what some services show past the end; null for most. */
  const doubtOf = (pageNumber: number): NonNullable<JobView['question']>['kind'] | null => {
    if (pages.count.looksLikePageBefore(pageNumber)) return 'same-picture';
    return pages.count.isBlankPastHint(pageNumber) ? 'blank' : null;
  };
  /** Pages of an open end become files in order, so that a picture that repeats is seen before any later one is a file. */
  const writeHeldPages = (): void => {
    for (const page of all) {
      if (page.step.at === 'asked') return;
      if (page.step.at !== 'held') continue;
      const isEndKnown = pages.count.view().total !== null;
      const doubt = mayRepeat || isEndKnown ? null : doubtOf(page.pageNumber);
      if (doubt !== null) {
        state = 'asking';
        question = { kind: doubt, pageNumber: page.pageNumber };
        return;
      }
      startWriting(page, page.step.picture);
    }
  };

  const take = async (page: JobPage): Promise<void> => {
    const line = new AbortController();
    page.step = { at: 'asked', line };
    const fetched = await pages.fetch({ target, pageNumber: page.pageNumber }, line.signal);
    if (fetched.ok && fetched.value.isBought) bought += 1;
    if (page.step.at === 'asked') {
      const hasLeftLine = !fetched.ok && fetched.error.code === 'cancelled' && line.signal.aborted;
      if (!isGoing() || hasLeftLine) page.step = { at: 'waiting' };
      else if (!fetched.ok) failPage(page, fetched.error);
      else if (page.isOpen) page.step = { at: 'held', picture: fetched.value.picture };
      else startWriting(page, fetched.value.picture);
    }
    goOn();
  };
  /**
   * Where pictures have begun to repeat, the next page of an open end settles whether that is the end, or the person
   * does: those behind it are not bought before.
   */
  const lastInDoubt = (): number => {
    if (question) return question.pageNumber;
    const { repeatsFrom, blankFrom } = pages.count.view();
    const doubtFrom = repeatsFrom ?? blankFrom ?? null;
    if (mayRepeat || doubtFrom === null) return Infinity;
    const next = inStep('waiting', 'asked', 'held').find((page) => page.isOpen && page.pageNumber >= doubtFrom);
    return next?.pageNumber ?? Infinity;
  };
  const isFree = (): boolean =>
    state === 'running' && inStep('asked', 'held').length < AT_ONCE && inStep('writing').length < WRITES_AT_ONCE;
  /** Whatever comes next; called after everything that happens. */
  const goOn = (): void => {
    if (state === 'running') {
      settlePagesPastEnd();
      writeHeldPages();
    }
    const last = lastInDoubt();
    const isBehindDoubt = ({ isOpen, pageNumber }: JobPage): boolean => isOpen && pageNumber > last;
    for (const page of all) if (isBehindDoubt(page)) leaveLine(page);
    while (isFree()) {
      const page = all.find((one) => one.step.at === 'waiting' && !isBehindDoubt(one));
      if (!page) break;
      void take(page);
    }
    if (state === 'running' && inStep('waiting', 'asked', 'held', 'writing').length === 0) {
      state = inStep('failed').length > 0 ? 'finished-with-gaps' : 'done';
    }
    tell();
  };
  /** Looks at the folder before anything is bought. */
  const begin = async (signal: AbortSignal): Promise<void> => {
    const waiting = inStep('waiting');
    const taken = await sink.findTaken(waiting.map((page) => page.name));
    if (signal.aborted) return;
    if (!taken.ok) stop('failed', taken.error);
    else if (options.ifTaken === 'skip') {
      for (const page of waiting) if (taken.value.has(page.name)) page.step = { at: 'skipped' };
    }
    if (taken.ok && options.findEnd && inStep('waiting').some((page) => page.isOpen)) {
      bought += await options.findEnd(signal);
      if (signal.aborted) return;
    }
    goOn();
  };

  return {
    view() {
      const failures = all.flatMap(({ pageNumber, step }) =>
        step.at === 'failed' ? [{ pageNumber, error: step.error }] : [],
      );
      const isOpen = inStep('waiting', 'asked', 'held').some((page) => page.isOpen);
      const heldUp = state === 'running' ? pages.held() : null;
      return {
        id: options.id,
        ...(options.kind && { kind: options.kind }),
        documentName: options.documentName,
        folderLabel: options.folderLabel,
        target,
        // A job that was stopped is over when its last file is whole.
        state: heldUp ? 'paused' : writes.size > 0 && !isGoing() ? 'running' : state,
        pageCount: all.length - inStep('dropped').length,
        isAtMost: isOpen && pages.count.view().total === null,
        written: inStep('written').length,
        skipped: inStep('skipped').length,
        bought,
        failures,
        question,
        error: heldUp ?? error,
      };
    },
    run() {
      if (isGoing() || writes.size > 0) return;
      for (const page of inStep('failed')) {
        // The person asked for it again, also where it may cost twice. What is past the end stays there.
        const isPastEnd = page.step.at === 'failed' && page.step.error.code === 'snapshot.pageOutOfRange';
        if (!isPastEnd) pages.retry({ target, pageNumber: page.pageNumber });
        page.step = { at: 'waiting' };
      }
      state = 'running';
      error = null;
      stopper = new AbortController();
      letGo = options.hold?.() ?? null;
      tell();
      void begin(stopper.signal);
    },
    cancel() {
      if (!isGoing()) return;
      stop('cancelled', null);
      tell();
    },
    answer(answer) {
      if (state !== 'asking' || !question) return;
      const from = all.findIndex((page) => page.isOpen && page.pageNumber === question?.pageNumber);
      question = null;
      state = 'running';
      if (answer === 'go-on') mayRepeat = true;
      else
        for (const page of all.slice(from)) {
          if (page.isOpen && (page.step.at === 'waiting' || page.step.at === 'asked' || page.step.at === 'held')) {
            page.step = { at: 'dropped' };
          }
        }
      goOn();
    },
    lastName: () => lastName,
    async whenQuiet() {
      while (writes.size > 0) await Promise.all(writes);
    },
  };
}
