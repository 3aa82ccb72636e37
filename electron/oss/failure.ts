/**
 * From OSS's refusals to our error codes: one table, read from the top, the first row that fits decides. Rows go by
 * status and `<Code>`; by the message only where OSS puts several things under one code (`Imm Client`, `AccessDenied`,
 * `InvalidArgument`). Sources: OSS, "Error responses", the 4xx and 5xx pages, the SDKs' own tests; IMM, "Error handling".
 */
import type { AppError, ErrorCode } from '#contract/errors.ts';
import { MAX_SOURCE_BYTES } from '#contract/contract.ts';
import { MAX_PAGE_NUMBER } from '#contract/snapshot-url.ts';
import { readXml, textOf, type XmlElement } from './xml.ts';

/** What was asked: a bare AccessDenied means something else for each. */
export type RequestKind = 'list-buckets' | 'location' | 'list' | 'head' | 'snapshot';

/** The request an answer belongs to, as far as the words need it. */
export interface Asked {
  kind: RequestKind;
  bucket: string | null;
  key: string | null;
  pageNumber: number | null;
  /** Host the request went to. */
  host: string;
}

/** A whole answer that is not the success asked for. */
export interface Refusal {
  status: number;
  /** Lower-case names. */
  headers: Readonly<Record<string, string>>;
  /** The body as text; of a HEAD the empty string. */
  body: string;
}

/** What the rows are compared with. */
interface Facts {
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

const IMM = /^Imm (Client|Server)$/i;
const DENIED = /^(AccessDenied|Forbidden)$/;

const ROWS = [
  // Load first: a throttled conversion may come as IMM text with any status.
  { code: /LimitExceeded$/, status: 503, is: 'oss.throttled' },
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
  { code: IMM, imm: /Password|Encrypt/i, is: 'snapshot.unreadable' },
  { code: IMM, imm: /^(Forbidden|NoPermission|AccessDenied|.*RoleNotExist|InvalidRole)/i, is: 'oss.processDenied' },
  { code: IMM, message: /assume ?role|not authori[sz]ed|no permission|permission denied/i, is: 'oss.processDenied' },
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
    code: /^(SecondLevelDomainForbidden|NonStandardHostForbidden|TransferAccelerationDisabled)$/,
    is: 'oss.wrongEndpoint',
  },
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

/** Codes of these areas that no refusal of the service leads to; where they come from instead. */
const MADE_ELSEWHERE = [
  'snapshot.notAnImage', // oss-client: a 200 that is no picture
  'snapshot.unclear', // transport: no whole answer
] as const satisfies readonly ErrorCode[];

type ServiceCode = Extract<ErrorCode, `oss.${string}` | `snapshot.${string}`>;
type Covered = (typeof ROWS)[number]['is'] | (typeof MADE_ELSEWHERE)[number];
type AssertNever<T extends never> = T;
/** Does not compile when an `oss.*` or `snapshot.*` code is neither in the table nor named as made elsewhere. */
export type EveryServiceCodeIsMade = AssertNever<Exclude<ServiceCode, Covered>>;

const RETRYABLE: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['oss.throttled', 'oss.unavailable']);

/**
 * Names a refusal. `charged` is `no`: OSS bills neither 4xx nor 5xx. `detail` holds what the words need: `bucket`, `key`,
 * `endpoint`, `region`, `action`, `limitBytes`, `limitPages`, `pageNumber`, `lastPage`, `pageCount`, `reason`
 * (`password`, `empty`, `wrong-content`, `damaged`), `command`. An answer that is not OSS's own is `net.proxy` or
 * `net.badAnswer`.
 */
export function readFailure(refusal: Refusal, asked: Asked): AppError {
  const { status, headers } = refusal;
  const xml = readErrorXml(refusal);
  const requestId = headers['x-oss-request-id'] ?? (xml && textOf(xml, 'RequestId')) ?? undefined;
  if (!xml) {
    const foreign = readForeign(refusal, asked);
    if (foreign) return withIds(foreign, status, '', headers['x-oss-ec'], requestId);
  }
  const code = (xml && textOf(xml, 'Code')) ?? '';
  const message = ((xml && textOf(xml, 'Message')) ?? '').trim();
  const facts: Facts = {
    kind: asked.kind,
    status,
    code,
    imm: IMM.test(code) ? immCode(message) : '',
    message,
    action: xml ? authAction(xml) : '',
  };
  const ec = headers['x-oss-ec'] ?? (xml && textOf(xml, 'EC')) ?? undefined;
  const is = ec === '0056-00000002' && IMM.test(code) ? 'snapshot.tooLarge' : decide(facts);
  const error: AppError = {
    code: is,
    message: plainMessage(message || `HTTP ${status}`),
    retryable: RETRYABLE.has(is),
    charged: 'no',
    detail: details(is, facts, xml, asked),
  };
  const delay = Number(headers['x-oss-qos-delay-time']);
  if (is === 'oss.throttled' && delay > 0) error.retryAfterMs = delay;
  return withIds(error, status, code, ec, requestId);
}

function decide(facts: Facts): ErrorCode {
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

/** The error document: a GET's body, or a HEAD's `x-oss-err`, which may be cut off and then does not count. */
function readErrorXml({ headers, body }: Refusal): XmlElement | null {
  const encoded = headers['x-oss-err'];
  const text = body !== '' || encoded === undefined ? body : Buffer.from(encoded, 'base64').toString('utf8');
  const document = readXml(text.trim());
  return document?.name === 'Error' ? document.root : null;
}

/** Answers that OSS would not give: a proxy's or portal's page, a redirect, broken XML. Null: the status has to do. */
function readForeign({ status, headers, body }: Refusal, asked: Asked): AppError | null {
  const isOss = headers['x-oss-request-id'] !== undefined;
  const detail = { host: asked.host };
  if (!isOss && (status === 407 || status === 511 || (status >= 300 && status < 400))) {
    return { code: 'net.proxy', message: `HTTP ${status}`, retryable: false, charged: 'no', detail };
  }
  if (status >= 500) return null; // a gateway in front of OSS answers 502 in HTML: busy is what it means
  if (isOss && body === '') return null;
  const isPage = /^\s*<(!doctype\s+html|html|head|body)\b/i.test(body) || /html/i.test(headers['content-type'] ?? '');
  if (isPage && !isOss) {
    return { code: 'net.proxy', message: excerpt(body), retryable: false, charged: 'no', detail };
  }
  if (body === '') return null;
  return { code: 'net.badAnswer', message: excerpt(body), retryable: false, charged: 'no', detail };
}

/**
 * For an answer with a status of success that is not what was asked for: `net.proxy` where somebody else's page came,
 * else `net.badAnswer`.
 */
export function readUnusable(answer: Refusal, asked: Asked): AppError {
  const error = readForeign(answer, asked) ?? {
    code: 'net.badAnswer' as const,
    message: excerpt(answer.body),
    retryable: false,
    charged: 'no' as const,
    detail: { host: asked.host },
  };
  return withIds(error, answer.status, '', answer.headers['x-oss-ec'], answer.headers['x-oss-request-id']);
}

/** `InvalidArgument, [page]:…` -> `InvalidArgument`; empty when the message has no such beginning. */
function immCode(message: string): string {
  return /^\s*([A-Za-z][\w.]*)\s*,/.exec(message)?.[1] ?? '';
}

function authAction(xml: XmlElement): string {
  const detail = xml.children.get('AccessDeniedDetail')?.[0];
  return (detail && textOf(detail, 'AuthAction')) ?? '';
}

function details(is: ErrorCode, facts: Facts, xml: XmlElement | null, asked: Asked): Record<string, string | number> {
  const detail: Record<string, string | number> = { host: asked.host };
  const bucket = asked.bucket ?? (xml && textOf(xml, 'BucketName'));
  if (bucket) detail['bucket'] = bucket;
  if (asked.key !== null) detail['key'] = asked.key;
  if (asked.pageNumber !== null) detail['pageNumber'] = asked.pageNumber;
  if (facts.action !== '') detail['action'] = facts.action;
  const endpoint = xml && textOf(xml, 'Endpoint');
  if (is === 'oss.wrongEndpoint' && endpoint) detail['endpoint'] = endpoint.trim().toLowerCase();
  if (is === 'snapshot.tooLarge') detail['limitBytes'] = MAX_SOURCE_BYTES;
  if (is === 'snapshot.pageLimit') detail['limitPages'] = MAX_PAGE_NUMBER;
  if (is === 'snapshot.pageOutOfRange') Object.assign(detail, pageCount(facts.message));
  if (is === 'snapshot.unreadable') detail['reason'] = unreadableReason(facts);
  if (is === 'snapshot.officeMissing') Object.assign(detail, command(facts.message));
  return detail;
}

/** The number of pages, where the message says it: `the document has 12 pages`. */
function pageCount(message: string): { pageCount: number; lastPage: number } | null {
  const match = /\b(?:has|only|of|total(?: of)?)\s+(\d{1,6})\s+pages?\b/i.exec(message);
  const count = Number(match?.[1]);
  return count >= 1 ? { pageCount: count, lastPage: count } : null;
}

function unreadableReason({ imm, message }: Facts): string {
  const text = /^(Office|File|Document)/i.test(imm) ? imm : message;
  if (/password|encrypt/i.test(text)) return 'password';
  if (/empty|zero bytes|0 bytes/i.test(text)) return 'empty';
  if (/content|not an? .*(pdf|office|document)|does not match|mismatch/i.test(text)) return 'wrong-content';
  return 'damaged';
}

/** The command to type, which local-oss puts into its sentence when LibreOffice is not there. */
function command(message: string): { command: string } | null {
  const match =
    /\b((?:sudo|apt-get|apt|brew|winget|choco|dnf)\s.+?)(?:[.;]?\s+[0-9A-F]{8}-[0-9A-F-]{27}|[.;]?\s*$)/i.exec(message);
  return match?.[1] ? { command: match[1].replace(/[`'"]/g, '').trim() } : null;
}

function withIds(
  error: AppError,
  status: number,
  ossCode: string,
  ec: string | undefined,
  requestId: string | undefined,
): AppError {
  return {
    ...error,
    status,
    ...(ossCode === '' ? {} : { ossCode }),
    ...(ec === undefined ? {} : { ec }),
    ...(requestId === undefined ? {} : { requestId }),
  };
}

/** A message fit for the details fold: short, and without anything that was signed or that signs. */
function plainMessage(text: string): string {
  return text
    .replace(/(x-oss-(?:signature|security-token|credential)["']?\s*[=:]\s*["']?)[^\s&,"'<]+/gi, '$1[secret]')
    .replace(/(authorization\s*[=:]\s*).*/gi, '$1[secret]')
    .replace(/OSS4-HMAC-SHA256 Credential=.*/gi, '[secret]')
    .slice(0, 500);
}

/** The beginning of an answer that is none of OSS's, as one line. */
function excerpt(body: string): string {
  return plainMessage(body.slice(0, 256).replace(/\s+/g, ' ').trim());
}
