/** The doctor for a window: takes its picture through the open documents, and tells the window of every step. */
import type { DoctorInput, DoctorReport, DoctorStep } from '#contract/doctor.ts';
import { fail, ok, type Result } from '#contract/errors.ts';
import { sourceOfKey } from '#contract/source-types.ts';
import { makeDoctor, type DoctorOptions } from './doctor.ts';
import type { Documents, Owner } from './documents.ts';

export interface DoctorDesk {
  /** As `Doctor.examine`, for the window of `owner`. */
  examine(owner: Owner, input: DoctorInput, signal: AbortSignal): Promise<Result<DoctorReport>>;
}

export interface DoctorDeskOptions extends Omit<DoctorOptions, 'takeFirstPage'> {
  documents: Pick<Documents, 'open' | 'close' | 'hold'>;
  onSteps(owner: Owner, event: { runId: string; steps: DoctorStep[] }): void;
}

/** Makes it. A picture that is here already is not bought again, and one that is bought is kept like every other. */
export function makeDoctorDesk(options: DoctorDeskOptions): DoctorDesk {
  const { documents } = options;

  async function takeFirstPage(
    owner: Owner,
    input: DoctorInput,
    signal: AbortSignal,
  ): Promise<Result<{ isBought: boolean }>> {
    const { accountId, bucket, key, versionId } = input;
    if (bucket === null || key === null) return fail('document.closed', 'There is no document to take a page of.');
    const source = input.source ?? sourceOfKey(key);
    // The person has said yes to a page, whatever is kept.
    const opened = await documents.open(owner, { accountId, bucket, key, versionId, source, buysLocked: true }, signal);
    if (!opened.ok) return opened;
    const held = documents.hold(opened.value.handle);
    if (!held.ok) return held;
    const page = { target: 'png', pageNumber: 1 } as const;
    // The person has said yes: also to a page whose picture may have been paid once without coming.
    held.value.pages.retry(page);
    const fetched = await held.value.pages.fetch(page, signal);
    documents.close(opened.value.handle);
    return fetched.ok ? ok({ isBought: fetched.value.isBought }) : fetched;
  }

  return {
    examine(owner, input, signal) {
      const doctor = makeDoctor({ ...options, takeFirstPage: (asked, until) => takeFirstPage(owner, asked, until) });
      return doctor.examine(input, signal, (steps) => options.onSteps(owner, { runId: input.runId, steps }));
    },
  };
}
