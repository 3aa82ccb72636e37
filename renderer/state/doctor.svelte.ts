/** One visit to the doctor: what it is about, the ladder as it is climbed, and what came out. */
import type { DoctorInput, DoctorReport, DoctorStep } from '#contract/doctor.ts';
import type { AppError } from '#contract/errors.ts';
import type { Client } from '#renderer/bridge/client.svelte.ts';

/** What somebody cannot see. Without a key: a bucket, or the account as such. */
export type Complaint = Pick<DoctorInput, 'bucket' | 'key' | 'versionId' | 'source' | 'known'>;

export type DoctorState =
  | { readonly status: 'running' }
  | { readonly status: 'done'; readonly report: DoctorReport }
  /** The doctor could not even begin: the account is not open. */
  | { readonly status: 'failed'; readonly error: AppError };

export class DoctorStore {
  #complaint = $state.raw<Complaint | null>(null);
  #steps = $state.raw<readonly DoctorStep[]>([]);
  #state = $state.raw<DoctorState>({ status: 'running' });
  #runId = '';
  #runs = 0;
  #abort = new AbortController();
  readonly #client: Client;
  readonly #stop: () => void;

  constructor(client: Client) {
    this.#client = client;
    this.#stop = client.on('doctor.changed', ({ runId, steps }) => {
      if (runId === this.#runId) this.#steps = steps;
    });
  }

  /** What is being looked at; null: the doctor is not asked. */
  get complaint(): Complaint | null {
    return this.#complaint;
  }
  get steps(): readonly DoctorStep[] {
    return this.#steps;
  }
  get state(): DoctorState {
    return this.#state;
  }

  /** Opens the doctor and begins with what costs nothing. */
  async ask(accountId: DoctorInput['accountId'], complaint: Complaint): Promise<void> {
    this.#complaint = complaint;
    await this.#examine(accountId, false, complaint.known);
  }

  /**
   * Climbs the ladder again from its foot; with `mayBuy` also the last steps. The failure that led here is believed
   * once: who asks again wants to know how it is now. What runs is stopped.
   */
  examine(accountId: DoctorInput['accountId'], mayBuy: boolean): Promise<void> {
    return this.#examine(accountId, mayBuy, null);
  }

  async #examine(accountId: DoctorInput['accountId'], mayBuy: boolean, known: DoctorInput['known']): Promise<void> {
    const complaint = this.#complaint;
    if (!complaint) return;
    this.#abort.abort();
    this.#abort = new AbortController();
    const { signal } = this.#abort;
    this.#runId = `run-${(this.#runs += 1)}`;
    this.#state = { status: 'running' };
    const input = { ...complaint, known, runId: this.#runId, accountId, mayBuy };
    const answer = await this.#client.request('doctor.examine', input, { signal });
    if (signal.aborted) return;
    if (!answer.ok) {
      this.#state = { status: 'failed', error: answer.error };
      return;
    }
    this.#steps = answer.value.steps;
    this.#state = { status: 'done', report: answer.value };
  }

  close(): void {
    this.#abort.abort();
    this.#complaint = null;
    this.#steps = [];
  }

  dispose(): void {
    this.close();
    this.#stop();
  }
}
