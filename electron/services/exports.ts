/** Export jobs: pages of a document, written as files into a folder that the person chose. */
import type { ExportPlanView, JobView, Parsed } from '#contract/contract.ts';
import type { Result } from '#contract/errors.ts';
import type { JobId } from '#contract/ids.ts';
import type { Documents } from './documents.ts';
import type { FolderGrants } from './folder-grants.ts';
import type { Later } from './pace.ts';

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
  /** Buys nothing more; what is on the wire is finished into the cache, no partial file stays. A job that is over is left alone. */
  cancel(jobId: JobId): void;
  /** Runs the gaps of a job that is over. */
  retry(jobId: JobId): void;
  /** Answers the question of a job in `asking`. */
  answer(jobId: JobId, answer: 'stop-here' | 'go-on'): void;
  /** A file that this job wrote, or its folder, for the system's file manager; null for an unknown job. Absolute path. */
  whereIs(jobId: JobId): string | null;
  /** Takes a job that is over off the list. */
  dismiss(jobId: JobId): void;
  /** Cancels all jobs and waits until no partial file is left. */
  dispose(): Promise<void>;
}

export interface ExportsOptions {
  documents: Pick<Documents, 'hold'>;
  grants: Pick<FolderGrants, 'find'>;
  /** At most 10 times a second for one job, the last state always. */
  onChange: (job: JobView) => void;
  /** Epoch ms. */
  now: () => number;
  randomBytes: (length: number) => Uint8Array;
  later?: Later;
}
