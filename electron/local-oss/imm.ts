/**
 * What document processing (IMM) refuses, as OSS passes it on: HTTP status, `<Code>Imm Client</Code>` (two words) and
 * `<Message>IMMCode, text. UUID</Message>`; clients split the message at its first comma.
 *
 * | situation                                        | status | EC            | message up to the UUID                                                       |
 * | ------------------------------------------------ | ------ | ------------- | ---------------------------------------------------------------------------- |
 * | bucket has no IMM project attached               | 400    | 0056-00000001 | `ResourceNotFound, The specified resource Attachment is not found.`          |
 * | the attached project was deleted                 | 400    | 0056-00000001 | `ResourceNotFound, The specified resource Project is not found.`             |
 * | a `doc/` operation other than snapshot           | 400    | 0056-00000001 | `ResourceNotFound, The specified resource Route is not found.`               |
 * | IMM's own role may not read the bucket           | 400    | 0056-00000001 | `Forbidden, ... AliyunIMMDefaultRole ...`                                    |
 * | no `source_` and no known extension              | 400    | 0056-00000001 | `InvalidArgument, [source]:is required ...`                                  |
 * | `source_` names another type                     | 400    | 0056-00000001 | `InvalidArgument, [source]:must be one of pdf, docx, ...`                    |
 * | `target_` other than png, jpg                    | 400    | 0056-00000001 | `InvalidArgument, [target]:must be png or jpg.`                              |
 * | page 0, negative, not a number                   | 400    | 0056-00000001 | `InvalidArgument, [page]:must be a whole number from 1 to 2000.`             |
 * | page over 2,000                                  | 400    | 0056-00000001 | `InvalidArgument, [page]:exceeds the maximum of 2000.`                       |
 * | page past the end                                | 400    | 0056-00000001 | `InvalidArgument, [page]:7 is out of range, the document has 6 pages.`       |
 * | an unknown parameter                             | 400    | 0056-00000001 | `InvalidArgument, [NAME]:is not supported.`                                  |
 * | source over 20 * 1024^2 bytes                    | 400    | 0056-00000002 | `LimitExceededError, source file too large, the maximum is 20971520 bytes.`  |
 * | zero bytes                                       | 400    | 0056-00000001 | `OfficeFileEmpty, ...`                                                       |
 * | password-protected                               | 400    | 0056-00000001 | `OfficePasswordRequired, ...`                                                |
 * | damaged beyond repair                            | 400    | 0056-00000001 | `OfficeFileUnreadable, ...`                                                  |
 * | content is not what its type says                | 400    | 0056-00000001 | `OfficeContentMismatch, ...`                                                 |
 * | conversion over its time limit                   | 400    | 0056-00000001 | `ConvertTimeout, ...`                                                        |
 * | LibreOffice is not installed (local-oss only)    | 400    | 0056-00000001 | `OfficeEngineMissing, ...` with the command that installs it                 |
 *
 * `Imm Client`, `ResourceNotFound ... Attachment`, `InvalidArgument, [name]:` and both ECs are documented or seen in
 * the SDKs' tests; the other IMM codes are ours, because OSS documents none. Refusals the real service words in its
 * own way (403 AccessDenied for a missing `oss:ProcessImm` or `imm:CreateOfficeConversionTask`, 403
 * InvalidObjectState, the KMS codes) are not IMM's and look as everywhere else.
 */
import { refuse, type OssFailure } from './failure.ts';
import type { DocumentType, RefusalReason } from './rendering/page-renderer.ts';

/** OSS's limit on a source document; exactly this size is still accepted. */
export const MAX_SOURCE_BYTES = 20 * 1024 * 1024;
/** OSS's limit on `page_N`. */
export const MAX_PAGE_NUMBER = 2000;

const SOURCE_TYPES: readonly DocumentType[] = ['pdf', 'docx', 'doc', 'xlsx', 'xls', 'pptx', 'ppt'];

/** What a snapshot request asks for, all of it checked and with OSS's defaults filled in. */
export interface SnapshotOrder {
  source: DocumentType;
  target: 'png' | 'jpg';
  pageNumber: number;
}

/** One refusal of IMM. `uuid` is the id of the request at IMM. */
export function immFailure(immCode: string, text: string, uuid: string, ec = '0056-00000001'): OssFailure {
  return refuse(400, 'Imm Client', `${immCode}, ${text.replace(/\.$/, '')}. ${uuid}`, ec);
}

/** The source is over the limit. */
export const sourceTooLarge = (uuid: string): OssFailure =>
  immFailure(
    'LimitExceededError',
    `source file too large, the maximum is ${MAX_SOURCE_BYTES} bytes`,
    uuid,
    '0056-00000002',
  );

const CODES: Record<RefusalReason, string> = {
  'page-out-of-range': 'InvalidArgument',
  password: 'OfficePasswordRequired',
  unreadable: 'OfficeFileUnreadable',
  'wrong-content': 'OfficeContentMismatch',
  empty: 'OfficeFileEmpty',
  'too-slow': 'ConvertTimeout',
  'office-missing': 'OfficeEngineMissing',
};

/** The renderer's refusal in IMM's words. */
export function renderFailure(
  refusal: { reason: RefusalReason; message: string; pageCount?: number },
  pageNumber: number,
  uuid: string,
): OssFailure {
  const text =
    refusal.reason === 'page-out-of-range' && refusal.pageCount !== undefined
      ? `[page]:${pageNumber} is out of range, the document has ${refusal.pageCount} ${refusal.pageCount === 1 ? 'page' : 'pages'}`
      : refusal.reason === 'page-out-of-range'
        ? `[page]:${pageNumber} is out of range`
        : refusal.message;
  return immFailure(CODES[refusal.reason], text, uuid);
}

/**
 * Reads `doc/snapshot,target_png,source_docx,page_2`: parameters in any order, each at most once. Missing ones:
 * target png, page 1, source by the key's extension. Source: the document snapshot page of the OSS documentation.
 */
export function readSnapshotOrder(
  process: string,
  key: string,
  uuid: string,
): { ok: true; order: SnapshotOrder } | { ok: false; failure: OssFailure } {
  const invalid = (name: string, text: string): { ok: false; failure: OssFailure } => ({
    ok: false,
    failure: immFailure('InvalidArgument', `[${name}]:${text}`, uuid),
  });
  const given = new Map<string, string>();
  for (const parameter of process.split(',').slice(1)) {
    const at = parameter.indexOf('_');
    const name = at < 0 ? parameter : parameter.slice(0, at);
    if (!['target', 'source', 'page'].includes(name)) return invalid(name || 'parameter', 'is not supported');
    if (given.has(name)) return invalid(name, 'is given twice');
    given.set(name, at < 0 ? '' : parameter.slice(at + 1));
  }

  const target = given.get('target') ?? 'png';
  if (target !== 'png' && target !== 'jpg') return invalid('target', 'must be png or jpg');

  const extension = /\.([^./]+)$/.exec(key)?.[1]?.toLowerCase() ?? '';
  const wanted = given.get('source') ?? extension;
  const source = SOURCE_TYPES.find((type) => type === wanted);
  if (source === undefined) {
    return given.has('source')
      ? invalid('source', `must be one of ${SOURCE_TYPES.join(', ')}`)
      : invalid('source', 'is required, because the name of the object does not end in a supported extension');
  }

  const page = given.get('page') ?? '1';
  if (!/^\d{1,15}$/.test(page) || Number(page) < 1) {
    return invalid('page', `must be a whole number from 1 to ${MAX_PAGE_NUMBER}`);
  }
  if (Number(page) > MAX_PAGE_NUMBER) return invalid('page', `exceeds the maximum of ${MAX_PAGE_NUMBER}`);
  return { ok: true, order: { source, target, pageNumber: Number(page) } };
}
