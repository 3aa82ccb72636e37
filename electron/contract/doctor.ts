/** "Why can't I see this document?": ordered checks, cheapest first, and what they lead to. */
import { z } from 'zod';
import { AppErrorSchema } from './errors.ts';
import { AccountId } from './ids.ts';
import { BucketName, call, ObjectKey, SourceType } from './shapes.ts';

/** The checks, in the order in which they are told. */
export const DOCTOR_CHECKS = [
  'network',
  'clock',
  'key',
  'signature',
  'buckets',
  'list',
  'read',
  'kms',
  'archive',
  'process',
  'imm',
  'convert',
  'picture',
] as const;
export type DoctorCheck = (typeof DOCTOR_CHECKS)[number];

/**
 * One check. `not-needed`: nothing hangs on it here. `not-checked`: an earlier one has to be mended first, or it would
 * buy a picture and nobody has said yes.
 */
export const DoctorStep = z.object({
  check: z.enum(DOCTOR_CHECKS),
  state: z.enum(['waiting', 'good', 'bad', 'not-needed', 'not-checked']),
  error: AppErrorSchema.nullable(),
  /** `clock`: our clock's error, ms, where it was corrected; `network`: the proxy. Empty where there is nothing to tell. */
  fact: z.string(),
});
export type DoctorStep = z.infer<typeof DoctorStep>;

/** What an administrator has to be told; never a secret. */
export const DoctorRequest = z.object({
  bucket: z.string(),
  key: z.string(),
  region: z.string(),
  maskedKeyId: z.string(),
  /** RAM actions that are missing. */
  actions: z.array(z.string()),
  /** The policy as JSON text; empty where no right is missing. */
  policy: z.string(),
  /** An IMM project has to be attached to the bucket. */
  needsImm: z.boolean(),
  requestIds: z.array(z.string()),
});
export type DoctorRequest = z.infer<typeof DoctorRequest>;

const DoctorReport = z.object({
  steps: z.array(DoctorStep),
  /** The last checks need one page picture, which may have to be bought: the person is to be asked. */
  asksToBuy: z.boolean(),
  /** Pictures bought by this run: 0 or 1. */
  bought: z.number().int(),
  request: DoctorRequest.nullable(),
});
export type DoctorReport = z.infer<typeof DoctorReport>;

export const DoctorInput = z.object({
  /** Made by the page: names the run in `doctor.changed`. */
  runId: z.string().min(1).max(40),
  accountId: AccountId,
  /** Null: the account as such. */
  bucket: BucketName.nullable(),
  key: ObjectKey.nullable(),
  versionId: z.string().max(256).nullable(),
  source: SourceType.nullable(),
  /** The failure that led here: what it says need not be asked again. */
  known: AppErrorSchema.nullable(),
  mayBuy: z.boolean(),
});
export type DoctorInput = z.infer<typeof DoctorInput>;

export const DOCTOR_CALLS = {
  /** Harmless signed requests, each counted; a picture only with `mayBuy`. Cancellable. Errors: account.*, cancelled. */
  'doctor.examine': call(DoctorInput, DoctorReport),
} as const;

export const DOCTOR_EVENTS = {
  /** The ladder as it is climbed. */
  'doctor.changed': z.object({ runId: z.string(), steps: z.array(DoctorStep) }),
} as const;
