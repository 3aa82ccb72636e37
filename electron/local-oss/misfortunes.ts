/**
 * What can go wrong on purpose. A misfortune stands in the world file, at the top (every request) or in a bucket, and
 * hits the requests its conditions name:
 *
 * - `key`, `prefix`: only objects of that name or below that prefix; `operations`: only those; `pages`: only snapshots
 *   of those pages
 * - `skip`: lets that many matching requests pass first; `times`: hits that many, then never again
 *
 * | kind                        | what happens                                                                             |
 * | --------------------------- | ---------------------------------------------------------------------------------------- |
 * | `latency` `ms`              | the answer comes that much later; other misfortunes may follow                           |
 * | `throttle` `code` `delayMs` | 503 with x-oss-qos-delay-time                                                            |
 * | `error` `status` `code` `message` `ec` | that OSS error                                                                |
 * | `html` `status`             | a proxy's HTML page (502 unless said otherwise)                                          |
 * | `reset`                     | the connection breaks before the answer; `afterWork` does (and bills) the work first     |
 * | `truncate` `afterBytes`     | the connection breaks within the body                                                    |
 * | `stall` `afterBytes`        | the body stops there and never goes on; the connection stays open                        |
 * | `dribble` `bytes` `ms`      | the body comes in pieces of so many bytes, each so much later                            |
 * | `headers` `set`             | the answer has these headers, whatever they say: a false Content-Encoding, a wrong Date  |
 * | `body` `as` `contentType`   | a body that looks whole and is not what it should be; see below                          |
 * | `wrong-endpoint` `endpoint` | 403 with `<Endpoint>`, unless the Host is that endpoint already                          |
 * | `public-endpoint-forbidden` | 400 on data operations that do not come through a custom domain                          |
 * | `archived`                  | 403 InvalidObjectState, whatever the storage class says                                  |
 * | `kms` `code`                | an SSE-KMS refusal (`forbidden`, `KmsServiceNotEnabled`, `KeyDisabled`, …)               |
 * | `imm-not-attached`          | snapshots: no IMM project attached to the bucket                                         |
 * | `imm-project-gone`          | snapshots: the attached project was deleted                                              |
 * | `imm-role-missing`          | snapshots: IMM's own role may not read the bucket                                        |
 * | `imm` `code` `message`      | snapshots: any other IMM error                                                           |
 * | `slow-conversion` `ms`      | snapshots: the conversion takes that much longer                                         |
 * | `convert-timeout`           | snapshots: the conversion is over its time limit                                         |
 * | `past-the-end` `answer`     | snapshots past the last page: `refuse` (as without), `clamp` to it, or a `blank` page    |
 * | `not-an-image`              | snapshots: 200 and image/png, but the bytes are none                                     |
 * | `ignore-version` `silent`   | snapshots of any version show the current one, which `silent` keeps to itself            |
 *
 * `body` is answered `as`: `empty`, `json`, `unclosed-xml`, `other-root`, `doctype` (with entities), `not-utf8`, `huge-xml`
 * (50 MB), `cut-picture` (its end marker is missing), `scrambled-picture` (other bytes in its middle), `no-size-picture` (zero
 * pixels wide). `contentType` labels it anew; with `"as": "same"` the body stays and only its label is wrong.
 */
import { z } from 'zod';
import { BROKEN_BODIES } from './broken-bodies.ts';
import { refuse, type OssFailure } from './failure.ts';
import type { OssResponse } from './http.ts';
import { OPERATIONS, type Operation } from './operations.ts';

const when = {
  key: z.string().optional(),
  prefix: z.string().optional(),
  operations: z.array(z.enum(OPERATIONS)).optional(),
  pages: z.array(z.number().int().min(1)).optional(),
  skip: z.number().int().min(0).optional(),
  times: z.number().int().min(1).optional(),
};
const Delay = z.number().min(0).max(3_600_000);

const THROTTLES = {
  CpuLimitExceeded: 'Please reduce your request rate.',
  TotalQpsLimitExceeded: 'Max total qps limit is exceeded.',
  MetaOperationQpsLimitExceeded: 'Qps limit for the meta operation is exceeded.',
  DownloadTrafficRateLimitExceeded: 'Please reduce your download request traffic.',
  ActiveRequestLimitExceeded: 'Max active request limit is exceeded.',
  ServiceUnavailable: 'Thread pool is almost full, please retry later.',
} as const;

const KMS_ERRORS = {
  forbidden: [403, 'AccessDenied', 'This request is forbidden by kms.'],
  KmsUbsmsInvalidBid: [403, 'KmsUbsmsInvalidBid', 'Your account partner does not have KMS Service.'],
  KmsInDebt: [403, 'KmsInDebt', 'Your KMS service is in debt.'],
  KmsInDebtOverdue: [403, 'KmsInDebtOverdue', 'Your KMS service is in debt overdue.'],
  KmsServiceNotEnabled: [400, 'KmsServiceNotEnabled', 'This user does not turn on KMS service.'],
  KeyNotFound: [404, 'KeyNotFound', 'The specified Key is not found.'],
  AliasNotFound: [404, 'AliasNotFound', 'The specified Alias is not found.'],
  KeyDisabled: [409, 'KeyDisabled', 'The request was rejected because the key state is Disabled.'],
  KeyPendingDeletion: [409, 'KeyPendingDeletion', 'The request was rejected because the key state is PendingDeletion.'],
  KeyPendingImport: [409, 'KeyPendingImport', 'The request was rejected because the key state is PendingImport.'],
} as const satisfies Record<string, readonly [number, string, string]>;

/** A set of names as a zod enum needs it, typed by its own keys. */
const namesOf = <T extends object>(table: T): [keyof T & string, ...(keyof T & string)[]] =>
  Object.keys(table) as [keyof T & string, ...(keyof T & string)[]];

/** One misfortune of the world file. */
export const Misfortune = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('latency'), ms: Delay, ...when }),
  z.strictObject({
    kind: z.literal('throttle'),
    code: z.enum(namesOf(THROTTLES)).optional(),
    delayMs: Delay.optional(),
    ...when,
  }),
  z.strictObject({
    kind: z.literal('error'),
    status: z.number().int().min(400).max(599),
    code: z.string().min(1),
    message: z.string().optional(),
    ec: z.string().optional(),
    ...when,
  }),
  z.strictObject({ kind: z.literal('html'), status: z.number().int().min(200).max(599).optional(), ...when }),
  z.strictObject({ kind: z.literal('reset'), afterWork: z.boolean().optional(), ...when }),
  z.strictObject({ kind: z.literal('truncate'), afterBytes: z.number().int().min(0), ...when }),
  z.strictObject({ kind: z.literal('stall'), afterBytes: z.number().int().min(0), ...when }),
  z.strictObject({ kind: z.literal('dribble'), bytes: z.number().int().min(1), ms: Delay, ...when }),
  z.strictObject({
    kind: z.literal('headers'),
    set: z.record(z.string().regex(/^[a-z0-9-]+$/), z.string().regex(/^[\t\x20-\x7e]*$/)),
    ...when,
  }),
  z.strictObject({
    kind: z.literal('body'),
    as: z.enum([...BROKEN_BODIES, 'same']),
    contentType: z.string().min(1).optional(),
    ...when,
  }),
  z.strictObject({ kind: z.literal('wrong-endpoint'), endpoint: z.string().min(1), ...when }),
  z.strictObject({ kind: z.literal('public-endpoint-forbidden'), ...when }),
  z.strictObject({ kind: z.literal('archived'), ...when }),
  z.strictObject({ kind: z.literal('kms'), code: z.enum(namesOf(KMS_ERRORS)).optional(), ...when }),
  z.strictObject({ kind: z.literal('imm-not-attached'), ...when }),
  z.strictObject({ kind: z.literal('imm-project-gone'), ...when }),
  z.strictObject({ kind: z.literal('imm-role-missing'), ...when }),
  z.strictObject({ kind: z.literal('imm'), code: z.string().min(1), message: z.string(), ...when }),
  z.strictObject({ kind: z.literal('slow-conversion'), ms: Delay, ...when }),
  z.strictObject({ kind: z.literal('convert-timeout'), ...when }),
  z.strictObject({ kind: z.literal('past-the-end'), answer: z.enum(['refuse', 'clamp', 'blank']), ...when }),
  z.strictObject({ kind: z.literal('not-an-image'), ...when }),
  z.strictObject({ kind: z.literal('ignore-version'), silent: z.boolean().optional(), ...when }),
]);
export type Misfortune = z.infer<typeof Misfortune>;
export type MisfortuneKind = Misfortune['kind'];
type OfKind<K extends MisfortuneKind> = Extract<Misfortune, { kind: K }>;

/** What a request is, as far as misfortunes look at it. `pageNumber` only for snapshots whose page could be read. */
export interface Occasion {
  operation: Operation;
  key: string | null;
  pageNumber: number | null;
}

function isMeant(misfortune: Misfortune, occasion: Occasion): boolean {
  if (misfortune.key !== undefined && misfortune.key !== occasion.key) return false;
  if (misfortune.prefix !== undefined && occasion.key?.startsWith(misfortune.prefix) !== true) return false;
  if (misfortune.operations && !misfortune.operations.includes(occasion.operation)) return false;
  if (!misfortune.pages) return true;
  return occasion.pageNumber !== null && misfortune.pages.includes(occasion.pageNumber);
}

/** Counts how often each misfortune met a request, so that `skip` and `times` hold over the service's whole life. */
export class Fate {
  readonly #met = new Map<Misfortune, number>();

  /** The misfortunes that hit this request, in the order of the world file. Asking counts: ask once per request. */
  decide(misfortunes: readonly Misfortune[], occasion: Occasion): Strokes {
    return new Strokes(misfortunes.filter((one) => isMeant(one, occasion) && this.#hits(one)));
  }

  #hits(misfortune: Misfortune): boolean {
    const met = this.#met.get(misfortune) ?? 0;
    this.#met.set(misfortune, met + 1);
    const skip = misfortune.skip ?? 0;
    return met >= skip && met < skip + (misfortune.times ?? Infinity);
  }
}

/** What hits one request. */
export class Strokes {
  readonly #strokes: readonly Misfortune[];

  constructor(strokes: readonly Misfortune[]) {
    this.#strokes = strokes;
  }

  /** The first stroke of a kind. */
  find<K extends MisfortuneKind>(kind: K): OfKind<K> | undefined {
    return this.#strokes.find((one): one is OfKind<K> => one.kind === kind);
  }

  /** The strokes' delays of one kind together, ms. */
  delayMs(kind: 'latency' | 'slow-conversion'): number {
    return this.#strokes.reduce((sum, one) => (one.kind === kind ? sum + one.ms : sum), 0);
  }
}

/** 503 as OSS throttles, with how long to wait. */
export function throttled({ code = 'CpuLimitExceeded', delayMs }: OfKind<'throttle'>): OssFailure {
  const headers: Record<string, string> = delayMs === undefined ? {} : { 'x-oss-qos-delay-time': String(delayMs) };
  return refuse(503, code, THROTTLES[code], '0017-00000102', { headers });
}

/** What KMS refuses when an SSE-KMS object is read. */
export function kmsFailure(code: keyof typeof KMS_ERRORS = 'forbidden'): OssFailure {
  const [status, ossCode, message] = KMS_ERRORS[code];
  return refuse(status, ossCode, message, '0005-00000101');
}

/** 403: the bucket lives elsewhere. */
export function wrongEndpoint(bucket: string, endpoint: string): OssFailure {
  return refuse(
    403,
    'AccessDenied',
    'The bucket you are attempting to access must be addressed using the specified endpoint. Please send all future requests to this endpoint.',
    '0003-00001403',
    {
      extra: [
        ['Bucket', bucket],
        ['Endpoint', endpoint],
      ],
    },
  );
}

/** 400: new accounts may use the data operations through a custom domain only. */
export const publicEndpointForbidden = (): OssFailure =>
  refuse(
    400,
    'PublicEndpointForbidden',
    'Not allowed using the OSS public endpoint, please use CNAME instead.',
    '0048-00000401',
  );

/** 403: archived and not restored. */
export const archived = (key: string): OssFailure =>
  refuse(403, 'InvalidObjectState', "The operation is not valid for the object's state", '0026-00000205', {
    extra: [['ObjectName', key]],
  });

/** No answer at all: the connection breaks before the head. */
export const BROKEN: OssResponse = { status: 200, headers: {}, body: new Uint8Array(0), cutAfterBytes: -1 };

/** What a proxy or a portal says instead of OSS. */
export function htmlPage(status: number): OssResponse {
  const body = Buffer.from(
    `<!DOCTYPE html>\n<html><head><title>${status}</title></head><body><h1>${status} Bad Gateway</h1></body></html>\n`,
  );
  const headers = { server: 'nginx', 'content-type': 'text/html', 'content-length': String(body.length) };
  return { status, headers, body };
}
