/**
 * The ordered checks behind "Why can't I see this document?", cheapest first. What one answer proves is not asked again,
 * and what the failure at hand has said is believed. Nothing is bought unless the person has said so.
 */
import {
  DOCTOR_CHECKS,
  type DoctorCheck,
  type DoctorInput,
  type DoctorReport,
  type DoctorStep,
} from '#contract/doctor.ts';
import { ok, type AppError, type ErrorCode, type Result } from '#contract/errors.ts';
import type { NetworkReport } from '#contract/network.ts';
import { MAX_SOURCE_BYTES } from '#contract/source-types.ts';
import { policyFor, type Action } from '#oss/policy.ts';
import { SAMPLES } from './account-views.ts';
import type { Accounts } from './accounts.ts';
import type { ObjectProbe, OssClient } from './oss-client.ts';

export interface DoctorOptions {
  accounts: Pick<Accounts, 'clientOf' | 'endpointOf' | 'view'>;
  /** The way to the service, hop by hop; unsigned and free. */
  testNetwork(target: { scheme: 'http' | 'https'; host: string }, signal: AbortSignal): Promise<NetworkReport>;
  /** The first page through the pages' own store, so that it is never bought twice. `isBought`: it was bought just now. */
  takeFirstPage(input: DoctorInput, signal: AbortSignal): Promise<Result<{ isBought: boolean }>>;
}

export interface Doctor {
  /** Errors: account.*, keychain.*, cancelled. `onSteps` hears of every step. */
  examine(
    input: DoctorInput,
    signal: AbortSignal,
    onSteps: (steps: DoctorStep[]) => void,
  ): Promise<Result<DoctorReport>>;
}

/** Refusals of who asks, whatever was asked for. */
const OF_KEY: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'oss.unknownKey',
  'oss.disabledKey',
  'oss.tokenExpired',
  'oss.tokenInvalid',
  'oss.accountDisabled',
  'sts.roleDenied',
  'sts.noSuchRole',
  'sts.badDuration',
  'sts.badRequest',
]);
/** What a snapshot's refusal says about the steps to a picture: those before are good, that one is bad. */
const TO_PICTURE: Partial<Record<ErrorCode, DoctorCheck>> = {
  'oss.processDenied': 'process',
  'snapshot.notAttached': 'imm',
};
const PICTURE_CHECKS = ['process', 'imm', 'convert', 'picture'] as const;
/** Rights, by the check that a lack of them fails. */
const ACTIONS: Partial<Record<DoctorCheck, readonly Action[]>> = {
  list: ['oss:ListObjects'],
  read: ['oss:GetObject'],
  kms: ['kms:Decrypt'],
  process: ['oss:ProcessImm'],
  convert: ['imm:CreateOfficeConversionTask'],
};

/** Makes the doctor. It keeps nothing between two examinations. */
export function makeDoctor(options: DoctorOptions): Doctor {
  return {
    async examine(input, signal, onSteps) {
      const client = options.accounts.clientOf(input.accountId);
      if (!client.ok) return client;
      const ladder = makeLadder(onSteps);
      const examination = { ...options, input, client: client.value, ladder, signal };
      const bought = await climb(examination);
      if (signal.aborted) return { ok: false, error: cancelled() };
      ladder.leaveRest();
      const asksToBuy = !input.mayBuy && input.key !== null && ladder.isReadyForPicture();
      return ok({ steps: ladder.steps(), asksToBuy, bought, request: toRequest(examination) });
    },
  };
}

interface Examination extends DoctorOptions {
  input: DoctorInput;
  client: OssClient;
  ladder: Ladder;
  signal: AbortSignal;
}

/** Climbs as far as the steps hold. Answers how many pictures were bought. */
async function climb(examination: Examination): Promise<number> {
  const { input, ladder } = examination;
  if (!(await checkNetwork(examination))) return 0;
  if (!(await checkListing(examination))) return 0;
  if (input.bucket === null || input.key === null) {
    ladder.set(['read', 'kms', 'archive', ...PICTURE_CHECKS], 'not-needed');
    return 0;
  }
  const probe = await checkReading(examination, input.bucket, input.key);
  if (!probe) return 0;
  if (probe.sizeBytes > MAX_SOURCE_BYTES) {
    const detail = { bucket: input.bucket, key: input.key, sizeBytes: probe.sizeBytes, limitBytes: MAX_SOURCE_BYTES };
    ladder.set(['process', 'imm', 'convert'], 'not-needed');
    ladder.fail('picture', {
      code: 'snapshot.tooLarge',
      message: `The document has ${probe.sizeBytes} bytes.`,
      retryable: false,
      charged: 'no',
      detail,
    });
    return 0;
  }
  return checkPicture(examination);
}

async function checkNetwork({ accounts, testNetwork, input, ladder, signal }: Examination): Promise<boolean> {
  if (input.accountId === SAMPLES) {
    ladder.set(['network'], 'not-needed');
    return true;
  }
  const endpoint = accounts.endpointOf(input.accountId);
  if (!endpoint.ok) return ladder.fail('network', endpoint.error);
  ladder.begin('network');
  const { steps } = await testNetwork(endpoint.value, signal);
  const failed = steps.find(({ state }) => state === 'failed');
  if (failed?.error) return ladder.fail('network', failed.error);
  ladder.good('network', steps.find(({ hop }) => hop === 'proxy')?.fact ?? '');
  return true;
}

/** The first signed requests: they prove clock, key and signature before anything they list. */
async function checkListing(examination: Examination): Promise<boolean> {
  const { accounts, input, client, ladder, signal } = examination;
  ladder.begin('key');
  const view = accounts.view().accounts.find(({ id }) => id === input.accountId);
  const isLimited = view?.scope !== '' && input.accountId !== SAMPLES;
  const buckets = isLimited && input.bucket !== null ? null : await client.listBuckets(signal);
  if (buckets && !buckets.ok && !judgeSigned(examination, buckets.error)) return false;
  if (buckets?.ok) judgeSigned(examination, null);

  const { bucket } = input;
  if (bucket === null) {
    ladder.set(['list'], 'not-needed');
  } else {
    ladder.begin('list');
    const prefix = (input.key ?? '').slice(0, (input.key ?? '').lastIndexOf('/') + 1);
    const listed = await client.listObjects({ bucket, prefix, next: null, maxKeys: 1 }, signal);
    if (!listed.ok && !judgeSigned(examination, listed.error)) return false;
    if (listed.ok) judgeSigned(examination, null);
    // A document can be opened by its path without being listed; the bucket itself has to be there.
    if (listed.ok) ladder.good('list');
    else ladder.fail('list', listed.error);
    if (!listed.ok && listed.error.code !== 'oss.listDenied') return false;
  }
  if (buckets === null) ladder.set(['buckets'], 'not-needed');
  else if (buckets.ok) ladder.good('buckets');
  // Normal for limited keys: nothing that is asked for here hangs on it.
  else if (buckets.error.code === 'oss.listBucketsDenied') ladder.set(['buckets'], 'not-needed');
  else return ladder.fail('buckets', buckets.error);
  return true;
}

/** What a signed answer says about clock, key and signature. False: one of them is the trouble. */
function judgeSigned({ client, ladder }: Examination, error: AppError | null): boolean {
  if (error && /^net\./.test(error.code)) return ladder.fail('network', error);
  const skewMs = client.clockSkewMs();
  if (error?.code === 'oss.clockSkewed') return ladder.fail('clock', error);
  ladder.good('clock', skewMs !== null && Math.abs(skewMs) > 30_000 ? String(skewMs) : '');
  if (error && OF_KEY.has(error.code)) return ladder.fail('key', error);
  ladder.good('key');
  if (error?.code === 'oss.signatureMismatch' || error?.code === 'oss.wrongRegion')
    return ladder.fail('signature', error);
  ladder.good('signature');
  return true;
}

/** One byte of the document: proves reading, decryption and storage in one request. Null: it cannot be read. */
async function checkReading(
  { client, input, ladder, signal }: Examination,
  bucket: string,
  key: string,
): Promise<ObjectProbe | null> {
  ladder.begin('read');
  const probe = await client.probeObject({ bucket, key, versionId: input.versionId }, signal);
  const failed = (check: DoctorCheck, error: AppError): null => {
    ladder.fail(check, error);
    return null;
  };
  if (!probe.ok && probe.error.code === 'oss.kmsDenied') {
    ladder.good('read');
    return failed('kms', probe.error);
  }
  if (!probe.ok && probe.error.code === 'oss.archived') {
    ladder.good('read');
    ladder.set(['kms'], 'not-needed');
    return failed('archive', probe.error);
  }
  if (!probe.ok) return failed('read', probe.error);
  ladder.good('read');
  if (probe.value.encryption === 'KMS') ladder.good('kms');
  else ladder.set(['kms'], 'not-needed');
  if (/Archive/.test(probe.value.storageClass)) ladder.good('archive');
  else ladder.set(['archive'], 'not-needed');
  return probe.value;
}

/** The way to a picture: by what is known already, else by one real picture. Answers how many were bought. */
async function checkPicture({ input, takeFirstPage, ladder, signal }: Examination): Promise<number> {
  const { known } = input;
  if (known && TO_PICTURE[known.code] && !input.mayBuy) {
    judgePicture(ladder, known);
    return 0;
  }
  if (!input.mayBuy) return 0;
  ladder.begin('picture');
  const page = await takeFirstPage(input, signal);
  judgePicture(ladder, page.ok ? null : page.error);
  return page.ok && page.value.isBought ? 1 : 0;
}

function judgePicture(ladder: Ladder, error: AppError | null): void {
  const at = error ? toPictureCheck(error) : null;
  if (error === null || at === null) {
    for (const check of PICTURE_CHECKS) ladder.good(check);
    return;
  }
  for (const check of PICTURE_CHECKS.slice(0, PICTURE_CHECKS.indexOf(at))) ladder.good(check);
  ladder.fail(at, error);
  // OSS does not say which of the two rights is missing: both are asked for.
  if (at === 'process' && !error.detail?.['action']) ladder.fail('convert', error);
}

function toPictureCheck(error: AppError): (typeof PICTURE_CHECKS)[number] {
  if (/^imm:/i.test(String(error.detail?.['action'] ?? ''))) return 'convert';
  const check = TO_PICTURE[error.code];
  return check === 'process' || check === 'imm' ? check : 'picture';
}

/** The steps and what became of each. */
interface Ladder {
  steps(): DoctorStep[];
  begin(check: DoctorCheck): void;
  good(check: DoctorCheck, fact?: string): void;
  /** Answers false, so that a failed check can be returned as such. */
  fail(check: DoctorCheck, error: AppError): false;
  set(checks: readonly DoctorCheck[], state: DoctorStep['state']): void;
  /** What was not reached was not checked. */
  leaveRest(): void;
  /** Everything before the picture holds, and nothing is known of the picture itself. */
  isReadyForPicture(): boolean;
}

function makeLadder(onSteps: (steps: DoctorStep[]) => void): Ladder {
  const steps = new Map<DoctorCheck, DoctorStep>(
    DOCTOR_CHECKS.map((check) => [check, { check, state: 'not-checked', error: null, fact: '' }]),
  );
  const list = (): DoctorStep[] => [...steps.values()];
  const put = (check: DoctorCheck, state: DoctorStep['state'], more: Partial<DoctorStep> = {}): void => {
    // What has failed stays failed: a later answer may not know of it.
    if (steps.get(check)?.state === 'bad') return;
    steps.set(check, { check, state, error: null, fact: steps.get(check)?.fact ?? '', ...more });
    onSteps(list());
  };
  return {
    steps: list,
    begin: (check) => put(check, 'waiting'),
    good: (check, fact) => put(check, 'good', fact === undefined ? {} : { fact }),
    fail(check, error) {
      put(check, 'bad', { error });
      return false;
    },
    set(checks, state) {
      for (const check of checks) put(check, state);
    },
    leaveRest() {
      for (const { check, state } of list()) if (state === 'waiting') put(check, 'not-checked');
    },
    isReadyForPicture: () =>
      steps.get('read')?.state === 'good' &&
      PICTURE_CHECKS.every((check) => steps.get(check)?.state === 'not-checked') &&
      list().every(({ check, state }) => state !== 'bad' || check === 'list'),
  };
}

/** What an administrator has to do; null where nothing of it is theirs. */
function toRequest({ accounts, input, ladder }: Examination): DoctorReport['request'] {
  const bad = ladder.steps().filter(({ state }) => state === 'bad');
  const isDenied = ({ error }: DoctorStep): boolean => /Denied$/.test(error?.code ?? '');
  const actions = bad.filter(isDenied).flatMap(({ check }) => [...(ACTIONS[check] ?? [])]);
  if (input.versionId !== null && actions.includes('oss:GetObject')) actions.push('oss:GetObjectVersion');
  const needsImm = bad.some(({ check }) => check === 'imm');
  const view = accounts.view().accounts.find(({ id }) => id === input.accountId);
  if (input.bucket === null || !view || (actions.length === 0 && !needsImm)) return null;
  const endpoint = accounts.endpointOf(input.accountId);
  const region = endpoint.ok ? endpoint.value.region : view.region;
  const scope = view.scope.startsWith(`${input.bucket}/`) ? view.scope.slice(input.bucket.length + 1) : '';
  const policy = policyFor(actions, { bucket: input.bucket, prefix: scope, region, kmsKeyId: null });
  return {
    bucket: input.bucket,
    key: input.key ?? '',
    region,
    maskedKeyId: view.maskedKeyId,
    actions,
    policy: policy === null ? '' : JSON.stringify(policy, null, 2),
    needsImm,
    requestIds: bad.flatMap(({ error }) => (error?.requestId === undefined ? [] : [error.requestId])),
  };
}

const cancelled = (): AppError => ({ code: 'cancelled', message: 'Cancelled.', retryable: false, charged: 'no' });
