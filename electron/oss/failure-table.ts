/**
 * The table from OSS's refusals to our error codes, read from the top: the first row that fits decides. Rows go by status
 * and `<Code>`; by the message only where OSS puts several things under one code (`Imm Client`, `AccessDenied`,
 * `InvalidArgument`). Sources: OSS, "Error responses", the 4xx and 5xx pages, the SDKs' own tests; IMM, "Error handling".
 */
import type { ErrorCode } from '#contract/errors.ts';

/** What was asked: a bare AccessDenied means something else for each. */
export type RequestKind = 'list-buckets' | 'location' | 'list' | 'head' | 'snapshot';

/** What the rows are compared with. */
export interface Facts {
  kind: RequestKind;
  status: number;
  /** `<Code>`; empty when the answer had none. */
  code: string;
  /** IMM's own code, the part of the message before the first comma; empty without `Imm Client`. */
  imm: string;
  message: string;
  /** `<AuthAction>` of a RAM denial. */
  action: string;
}

interface Row {
  kind?: RequestKind;
  status?: number | RegExp;
  code?: RegExp;
  imm?: RegExp;
  message?: RegExp;
  action?: RegExp;
  is: ErrorCode;
}

/** `<Code>` of what document processing refuses: two words. */
export const IMM = /^Imm (Client|Server)$/i;
const DENIED = /^(AccessDenied|Forbidden)$/;

const ROWS = [
  // Load first: a throttled conversion may come as IMM text with any status.
  { code: /LimitExceeded$/, status: 503, is: 'oss.throttled' },
  { code: /^ServiceUnavailable$/, status: 503, is: 'oss.throttled' }, // "Thread pool is almost full, please retry later."
  { status: 429, is: 'oss.throttled' },
  { code: IMM, imm: /^(Throttling|.*QpsLimit|TooManyRequests|.*RateLimit)/i, is: 'oss.throttled' },

  // Page pictures, by IMM's code and then by its words.
  { code: IMM, imm: /^(ConvertTimeout|.*Timeout)/i, is: 'snapshot.tooSlow' },
  { code: IMM, status: /^5/, is: 'oss.unavailable' },
  { code: IMM, imm: /^OfficeEngineMissing$/i, is: 'snapshot.officeMissing' },
  { code: IMM, imm: /^ResourceNotFound$/i, message: /\b(attachment|project)\b/i, is: 'snapshot.notAttached' },
  { code: IMM, message: /resource attachment is not found/i, is: 'snapshot.notAttached' },
  {
    code: IMM,
    message: /source (file|document|object)? ?(is )?too large|file ?size.*(exceed|limit)|exceed.*file ?size/i,
    is: 'snapshot.tooLarge',
  },
  { code: IMM, imm: /^LimitExceeded/i, message: /source|size|large|quota/i, is: 'snapshot.tooLarge' },
  {
    code: IMM,
    imm: /^(InvalidRole|.*RoleNotExist|.*AssumeRole)/i,
    is: 'snapshot.roleMissing',
  },
  { code: IMM, message: /assume ?role|AliyunIMMDefaultRole|service role/i, is: 'snapshot.roleMissing' },
  { code: IMM, imm: /Password|Encrypt/i, is: 'snapshot.unreadable' },
  { code: IMM, imm: /^(Forbidden|NoPermission|AccessDenied)/i, is: 'oss.processDenied' },
  { code: IMM, message: /not authori[sz]ed|no permission|permission denied/i, is: 'oss.processDenied' },
  { code: IMM, message: /\[page\].*(exceed|maximum|at most|limit).*\b2,?000\b/i, is: 'snapshot.pageLimit' },
  { code: IMM, message: /\[page\]:? ?(must be|is not a)/i, is: 'snapshot.refused' }, // page 0, or no number
  {
    code: IMM,
    message: /\[page\]|\bpages?\b.*(out of range|exceed|beyond|past|has \d+)/i,
    is: 'snapshot.pageOutOfRange',
  },
  {
    code: IMM,
    message: /password|encrypted|corrupt|damaged|broken|cannot be (read|opened)|unreadable/i,
    is: 'snapshot.unreadable',
  },
  {
    code: IMM,
    message: /\[source\]|unsupported.*(format|type)|(format|type).*not support/i,
    is: 'snapshot.typeUnknown',
  },
  { code: IMM, imm: /^(Office|Document|File|Convert)/i, is: 'snapshot.unreadable' },
  { code: IMM, is: 'snapshot.refused' },
  { kind: 'snapshot', code: /^(NoSuchStyle|NotImplemented|MissingArgument)$/, is: 'snapshot.refused' },

  // Keys and clocks.
  { code: /^InvalidAccessKeyId$/, message: /disabled|inactive/i, is: 'oss.disabledKey' },
  { code: /^InvalidAccessKeyId$/, is: 'oss.unknownKey' },
  { code: /^SignatureDoesNotMatch$/, is: 'oss.signatureMismatch' },
  { code: /^RequestTimeTooSkewed$/, is: 'oss.clockSkewed' },
  { code: /^SecurityTokenExpired$/, is: 'oss.tokenExpired' },
  {
    code: /^(InvalidSecurityToken|AccessKeyIdAndSecurityTokenNotMatch|SecurityTokenNotSupported)$/,
    is: 'oss.tokenInvalid',
  },
  { code: DENIED, message: /request has expired/i, is: 'oss.linkExpired' },

  // Where things are.
  { code: /^PermanentRedirect$/, is: 'oss.wrongEndpoint' },
  { code: DENIED, message: /addressed using the specified endpoint/i, is: 'oss.wrongEndpoint' },
  {
    code: /^(SecondLevelDomainForbidden|NonStandardHostForbidden)$/,
    is: 'oss.wrongEndpoint',
  },
  { code: /^TransferAccelerationDisabled$/, is: 'oss.accelerationOff' },
  { code: /^InvalidArgument$/, message: /invalid signing region/i, is: 'oss.wrongRegion' },
  {
    code: /^(PublicEndpointForbidden|ExternalRedirectForbidden|ApkDownloadForbidden)$/,
    is: 'oss.publicEndpointForbidden',
  },
  { code: /^NoSuchBucket$/, is: 'oss.noSuchBucket' },
  { code: /^(NoSuchKey|SymlinkTargetNotExist)$/, is: 'oss.noSuchKey' },
  { code: /^NoSuchVersion$/, is: 'oss.noSuchVersion' },
  { code: /^MethodNotAllowed$/, is: 'oss.noSuchVersion' }, // a versionId that names a delete marker
  { code: /^InvalidObjectState$/, is: 'oss.archived' },

  // Rights. RAM says the action; where it does not, what was asked has to do.
  {
    code: /^(UserDisable|InDebt|BucketDisable|AbnormalBucketOwnerStatus|BucketNotBelongTo)$/,
    is: 'oss.accountDisabled',
  },
  { code: /^Kms|^(KeyNotFound|AliasNotFound|KeyDisabled|KeyPending\w+)$/, is: 'oss.kmsDenied' },
  { code: DENIED, message: /requester ?pays?/i, is: 'oss.requesterPays' },
  { code: DENIED, message: /\bkms\b/i, is: 'oss.kmsDenied' },
  { code: DENIED, action: /^kms:/i, is: 'oss.kmsDenied' },
  { code: DENIED, action: /^(oss:ProcessImm|imm:)/i, is: 'oss.processDenied' },
  { code: DENIED, action: /^oss:ListBuckets$/i, is: 'oss.listBucketsDenied' },
  { code: DENIED, action: /^oss:(ListObjects|ListObjectVersions|GetBucket\w*)$/i, is: 'oss.listDenied' },
  { code: DENIED, action: /^oss:GetObject/i, is: 'oss.readDenied' },
  { code: DENIED, kind: 'list-buckets', is: 'oss.listBucketsDenied' },
  { code: DENIED, kind: 'list', is: 'oss.listDenied' },
  { code: DENIED, kind: 'location', is: 'oss.listDenied' },
  { code: DENIED, kind: 'head', is: 'oss.readDenied' },
  { code: DENIED, kind: 'snapshot', message: /bucket acl|bucket policy|referer|anonymous/i, is: 'oss.readDenied' },
  // A document is opened by a HEAD with the same key: reading it is proven, turning it into pictures is not.
  { code: DENIED, kind: 'snapshot', is: 'oss.processDenied' },

  // Our request, or an odd name.
  { code: /^RequestTimeout$/, is: 'oss.unavailable' },
  { code: /^(Invalid|Missing|NotImplemented|MalformedXML)/, status: /^4/, is: 'oss.badRequest' },

  // No code we know: the status has to do.
  { status: /^5/, is: 'oss.unavailable' },
  { kind: 'head', status: 404, code: /^$/, is: 'oss.noSuchKey' },
  { kind: 'head', status: 403, code: /^$/, is: 'oss.readDenied' },
  { status: /^4/, is: 'oss.unknown' },
] as const satisfies readonly Row[];

/** Codes of these areas that no refusal leads to: a 200 that is no picture, and an answer that never came whole. */
type MadeElsewhere = 'snapshot.notAnImage' | 'snapshot.unclear';

type ServiceCode = Extract<ErrorCode, `oss.${string}` | `snapshot.${string}`>;
type Covered = (typeof ROWS)[number]['is'] | MadeElsewhere;
type AssertNever<T extends never> = T;
/** Does not compile when an `oss.*` or `snapshot.*` code is neither in the table nor named as made elsewhere. */
export type EveryServiceCodeIsMade = AssertNever<Exclude<ServiceCode, Covered>>;

/** The code of the first row that fits. */
export function decide(facts: Facts): ErrorCode {
  const rows: readonly Row[] = ROWS;
  return rows.find((row) => fits(row, facts))?.is ?? 'oss.unknown';
}

function fits(row: Row, facts: Facts): boolean {
  if (row.kind !== undefined && row.kind !== facts.kind) return false;
  if (typeof row.status === 'number' ? row.status !== facts.status : row.status?.test(String(facts.status)) === false)
    return false;
  return (
    row.code?.test(facts.code) !== false &&
    row.imm?.test(facts.imm) !== false &&
    row.message?.test(facts.message) !== false &&
    row.action?.test(facts.action) !== false
  );
}
