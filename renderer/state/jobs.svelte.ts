/** The running and finished exports. They live in main and outlast a reload; this is the page's picture of them. */
import type { DocumentView, JobView, Target } from '#contract/contract.ts';
import type { AppError, Result } from '#contract/errors.ts';
import type { JobId } from '#contract/ids.ts';
import type { Client } from '#renderer/bridge/client.svelte.ts';
import { ExportDraft, type ChosenFolder } from './export-draft.svelte.ts';

export class JobsStore {
  readonly #client: Client;
  #jobs = $state.raw<readonly JobView[]>([]);
  #problem = $state.raw<{ readonly jobId: JobId; readonly error: AppError } | null>(null);
  readonly #stopListening: () => void;
  /** Where the last export went: most people save the next one there too. */
  #folder: ChosenFolder | null = null;
  /** Dismissed while a late event may still be on its way. */
  readonly #dismissed = new Set<JobId>();

  /** Listens from the start, so that no job is missed between the first list and the first event. */
  constructor(client: Client) {
    this.#client = client;
    this.#stopListening = client.on('exports.changed', (job) => this.#put(job));
  }

  /** Newest first. */
  get jobs(): readonly JobView[] {
    return this.#jobs;
  }
  /** Jobs at work or waiting for an answer. */
  get active(): readonly JobView[] {
    return this.#jobs.filter(({ state }) => state === 'running' || state === 'paused' || state === 'asking');
  }
  /** Why the last order for a job was not followed. */
  get problem(): { readonly jobId: JobId; readonly error: AppError } | null {
    return this.#problem;
  }

  /** Takes over the jobs that main already has. What an event has said since is newer and stays. */
  async load(): Promise<void> {
    const answer = await this.#client.request('exports.get', {});
    if (!answer.ok) return;
    this.#jobs = [...this.#jobs, ...answer.value.jobs.filter((job) => !this.#isKnown(job))];
  }

  /** Exports one page where the last export went, asking for a folder only where there was none. A file of its name stays. */
  async exportNow(
    document: DocumentView,
    pageNumber: number,
    target: Target,
  ): Promise<'started' | 'not-started' | 'no-folder'> {
    const draft = this.draft(document, pageNumber);
    await draft.chooseTarget(target);
    if (draft.folderLabel === null) await draft.chooseFolder();
    if (draft.folderLabel === null) return 'no-folder';
    draft.chooseIfExists('keep-both');
    return (await draft.start()) ? 'started' : 'not-started';
  }

  /** An export dialog's state, for one document. */
  draft(document: DocumentView, currentPage: number): ExportDraft {
    return new ExportDraft(this.#client, document, currentPage, this.#folder, (job, folder) => {
      this.#folder = folder;
      // The events of a quick job can be here before the answer that it has started.
      if (!this.#isKnown(job)) this.#put(job);
    });
  }

  async cancel(jobId: JobId): Promise<void> {
    this.#note(jobId, await this.#client.request('exports.cancel', { jobId }));
  }

  /** Runs the gaps again. */
  async retry(jobId: JobId): Promise<void> {
    this.#note(jobId, await this.#client.request('exports.retry', { jobId }));
  }

  /** Says what to do after two pictures that look the same. */
  async answer(jobId: JobId, answer: 'stop-here' | 'go-on'): Promise<void> {
    this.#note(jobId, await this.#client.request('exports.answer', { jobId, answer }));
  }

  /** Shows the files in the system's file manager. */
  async reveal(jobId: JobId): Promise<void> {
    this.#note(jobId, await this.#client.request('exports.reveal', { jobId }));
  }

  /** Takes a finished job off the list; its files stay. */
  async dismiss(jobId: JobId): Promise<void> {
    const answer = await this.#client.request('exports.dismiss', { jobId });
    this.#note(jobId, answer);
    if (!answer.ok) return;
    this.#dismissed.add(jobId);
    this.#jobs = this.#jobs.filter((job) => job.id !== jobId);
  }

  dispose(): void {
    this.#stopListening();
  }

  #put(job: JobView): void {
    if (this.#dismissed.has(job.id)) return;
    this.#jobs = this.#isKnown(job)
      ? this.#jobs.map((known) => (known.id === job.id ? job : known))
      : [job, ...this.#jobs];
  }

  #isKnown(job: JobView): boolean {
    return this.#jobs.some((known) => known.id === job.id);
  }

  #note(jobId: JobId, answer: Result<unknown>): void {
    if (!answer.ok) this.#problem = { jobId, error: answer.error };
    else if (this.#problem?.jobId === jobId) this.#problem = null;
  }
}
