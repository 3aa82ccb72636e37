/** Reads OSS's refusals: XML in a body or in a HEAD's header, proxies' pages, and the facts that the words need. */
import type { AppError, ErrorCode } from '#contract/errors.ts';
import { MAX_PAGE_NUMBER } from '#contract/snapshot-url.ts';
import { MAX_SOURCE_BYTES } from '#contract/source-types.ts';
import { decide, IMM, type Facts, type RequestKind } from './failure-table.ts';
import { withoutToken } from './sign-v4.ts';
import { readXml, textOf, type XmlElement } from './xml.ts';

export type { RequestKind };

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

/** A key of 1,023 bytes in escapes, the process instruction, and headers: no canonical request is longer. */
const MAX_SIGNED_CHARACTERS = 8192;

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
  if (error.retryable && delay > 0) error.retryAfterMs = delay;
  return withIds(error, status, code, ec, requestId);
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
  const serverTime = xml && textOf(xml, 'ServerTime');
  if (is === 'oss.clockSkewed' && serverTime) detail['serverTime'] = serverTime.slice(0, 40);
  if (is === 'oss.kmsDenied') detail['reason'] = kmsReason(facts);
  if (is === 'oss.readDenied' && /referer/i.test(facts.message)) detail['reason'] = 'referer';
  if (/Denied$/.test(is) && noPermissionType(xml) === 'ExplicitDeny') detail['reason'] = 'forbidden';
  if (is === 'oss.signatureMismatch') Object.assign(detail, serviceSigned(xml));
  if (is === 'snapshot.tooLarge') detail['limitBytes'] = MAX_SOURCE_BYTES;
  if (is === 'snapshot.pageLimit') detail['limitPages'] = MAX_PAGE_NUMBER;
  if (is === 'snapshot.pageOutOfRange') Object.assign(detail, pageCount(facts.message));
  if (is === 'snapshot.unreadable') detail['reason'] = unreadableReason(facts);
  if (is === 'snapshot.officeMissing') Object.assign(detail, command(facts.message));
  return detail;
}

/** `off`: KMS or the key is switched off; `debt`: it is not paid; `gone`: there is no such key; `denied`: the right is missing. */
function kmsReason({ code }: Facts): string {
  if (/InDebt/.test(code)) return 'debt';
  if (/NotFound/.test(code)) return 'gone';
  return /^Key|NotEnabled|InvalidBid/.test(code) ? 'off' : 'denied';
}

/** RAM's word on why: nobody has allowed it (`ImplicitDeny`), or somebody has forbidden it (`ExplicitDeny`). */
function noPermissionType(xml: XmlElement | null): string {
  const denied = xml?.children.get('AccessDeniedDetail')?.[0];
  return (denied && textOf(denied, 'NoPermissionType')) ?? '';
}

/** What the service signed for itself, without the token that stands in it. The canonical request does not always come. */
function serviceSigned(xml: XmlElement | null): Record<string, string> {
  const read = (name: string): string => withoutToken((xml && textOf(xml, name)) ?? '').slice(0, MAX_SIGNED_CHARACTERS);
  return { serviceCanonicalRequest: read('CanonicalRequest'), serviceStringToSign: read('StringToSign') };
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

/** The command to type, which local-oss puts at the end of its sentence when LibreOffice is not there. */
function command(message: string): { command: string } | null {
  const sentence = message.replace(/[.;]?\s+[0-9A-F]{8}-[0-9A-F-]{27}\s*$/i, '').replace(/\.\s*$/, '');
  const match = /\b((?:sudo\s+)?(?:apt-get|apt|dnf|pacman|zypper|brew|winget)\s\S.*)$/i.exec(sentence);
  return match?.[1] ? { command: match[1].trim() } : null;
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
