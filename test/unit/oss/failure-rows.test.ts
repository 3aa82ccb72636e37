/**
 * Every refusal that the OSS and IMM documentation lists, as the service writes it, and what it is to us. Sources: OSS, the
 * 4xx and 5xx pages and "Error responses"; IMM, "Error handling"; the SDKs' own tests.
 */
import { describe, expect, it } from 'vitest';
import type { ErrorCode } from '#contract/errors.ts';
import { readFailure, type Asked, type RequestKind } from '#oss/failure.ts';
import { toErrorWords } from '#renderer/words/errors.ts';

type Row = readonly [
  status: number,
  ossCode: string,
  message: string,
  is: ErrorCode,
  kind?: RequestKind,
  extra?: string,
];

const detail = (action: string, type = 'ImplicitDeny'): string =>
  `<AccessDeniedDetail><AuthAction>${action}</AuthAction><NoPermissionType>${type}</NoPermissionType></AccessDeniedDetail>`;
const imm = (text: string, is: ErrorCode, status = 400): Row => [status, 'Imm Client', text, is, 'snapshot'];
const UUID = '9D31D05E-FC1C-582E-B31E-3E1327F97B53';

const ROWS: readonly Row[] = [
  // Authentication and authorisation
  [403, 'InvalidAccessKeyId', 'The OSS Access Key Id you provided does not exist in our records.', 'oss.unknownKey'],
  [403, 'InvalidAccessKeyId', 'The OSS Access Key Id you provided is disabled.', 'oss.disabledKey'],
  [
    403,
    'SignatureDoesNotMatch',
    'The request signature we calculated does not match the signature you provided.',
    'oss.signatureMismatch',
  ],
  [403, 'InvalidSecurityToken', 'The security token you provided is invalid.', 'oss.tokenInvalid'],
  [403, 'SecurityTokenExpired', 'The security token you provided has expired.', 'oss.tokenExpired'],
  [
    403,
    'AccessKeyIdAndSecurityTokenNotMatch',
    'The OSS access key id and security token you provided does not match.',
    'oss.tokenInvalid',
  ],
  [403, 'SecurityTokenNotSupported', 'This interface does not support security token.', 'oss.tokenInvalid'],
  [
    403,
    'RequestTimeTooSkewed',
    'The difference between the request time and the current time is too large.',
    'oss.clockSkewed',
  ],
  [403, 'AccessDenied', 'Request has expired.', 'oss.linkExpired'],
  [403, 'AccessDenied', 'You have no right to access this object because of bucket acl.', 'oss.readDenied', 'head'],
  [403, 'AccessDenied', 'You have no right to access this object.', 'oss.readDenied', 'head', detail('oss:GetObject')],
  [403, 'AccessDenied', 'AccessDenied', 'oss.listDenied', 'list', detail('oss:ListObjects', 'ExplicitDeny')],
  [403, 'AccessDenied', 'AccessDenied', 'oss.listBucketsDenied', 'list-buckets', detail('oss:ListBuckets')],
  [403, 'AccessDenied', 'AccessDenied', 'oss.processDenied', 'snapshot', detail('oss:ProcessImm')],
  [403, 'AccessDenied', 'AccessDenied', 'oss.processDenied', 'snapshot', detail('imm:CreateOfficeConversionTask')],
  [403, 'AccessDenied', 'Access denied by bucket policy.', 'oss.readDenied', 'snapshot'],
  [403, 'AccessDenied', "Access denied by authorizer's policy.", 'oss.readDenied', 'head'],
  [403, 'AccessDenied', 'Anonymous access is forbidden for this operation.', 'oss.readDenied', 'snapshot'],
  [403, 'AccessDenied', 'You are denied by bucket referer policy.', 'oss.readDenied', 'snapshot'],
  [403, 'AccessDenied', 'This request is forbidden by kms.', 'oss.kmsDenied', 'snapshot'],
  [
    403,
    'AccessDenied',
    'The bucket you are attempting to access must be addressed using the specified endpoint.',
    'oss.wrongEndpoint',
    'list',
    '<Endpoint>oss-cn-shanghai.aliyuncs.com</Endpoint>',
  ],
  [
    403,
    'PermanentRedirect',
    'The bucket you are attempting to access must be addressed using the specified endpoint.',
    'oss.wrongEndpoint',
  ],
  [403, 'AccessDenied', 'The bucket you access belongs to requester pays mode.', 'oss.requesterPays', 'head'],
  [403, 'UserDisable', 'UserDisable', 'oss.accountDisabled'],
  [403, 'BucketDisable', 'BucketDisable', 'oss.accountDisabled'],
  [403, 'InDebt', 'InDebt', 'oss.accountDisabled'],
  [403, 'AbnormalBucketOwnerStatus', 'AbnormalBucketOwnerStatus', 'oss.accountDisabled'],
  [403, 'BucketNotBelongTo', 'BucketNotBelongTo', 'oss.accountDisabled'],
  [403, 'TransferAccelerationDisabled', 'Transfer acceleration is disabled.', 'oss.accelerationOff'],
  [
    403,
    'SecondLevelDomainForbidden',
    'The bucket you are attempting to access must be addressed using OSS third level domain.',
    'oss.wrongEndpoint',
  ],
  [
    403,
    'NonStandardHostForbidden',
    'Your host is invalid. Please use Open Storage Service standard host.',
    'oss.wrongEndpoint',
  ],
  [
    400,
    'PublicEndpointForbidden',
    'Not allowed using the OSS public endpoint, please use CNAME instead.',
    'oss.publicEndpointForbidden',
  ],
  [400, 'ExternalRedirectForbidden', '', 'oss.publicEndpointForbidden'],
  [400, 'ApkDownloadForbidden', '', 'oss.publicEndpointForbidden'],
  // Resources
  [
    404,
    'NoSuchBucket',
    'The specified bucket does not exist.',
    'oss.noSuchBucket',
    'list',
    '<BucketName>reprots</BucketName>',
  ],
  [404, 'NoSuchKey', 'The specified key does not exist.', 'oss.noSuchKey', 'head'],
  [404, 'NoSuchVersion', 'The specified version does not exist.', 'oss.noSuchVersion', 'head'],
  [404, 'SymlinkTargetNotExist', 'The symlink target object does not exist.', 'oss.noSuchKey', 'head'],
  [404, 'NoSuchStyle', 'No Such Image Style.', 'snapshot.refused', 'snapshot'],
  [405, 'MethodNotAllowed', 'The specified method is not allowed against this resource.', 'oss.noSuchVersion', 'head'],
  [403, 'InvalidObjectState', "The operation is not valid for the object's state", 'oss.archived', 'snapshot'],
  [416, 'InvalidRange', 'The requested range cannot be satisfied.', 'oss.badRequest', 'head'],
  [400, 'InvalidArgument', 'Authorization header is invalid.', 'oss.badRequest'],
  [400, 'InvalidBucketName', 'The specified bucket is not valid.', 'oss.badRequest'],
  [400, 'InvalidObjectName', 'The specified object is not valid.', 'oss.badRequest'],
  [400, 'MissingArgument', 'Missing Some Required Arguments.', 'oss.badRequest'],
  [400, 'InvalidRequest', 'Invalid Request', 'oss.badRequest'],
  [400, 'NotImplemented', 'A header you provided implies functionality that is not implemented.', 'oss.badRequest'],
  [400, 'InvalidEncryptionAlgorithmError', 'The Encryption request you specified is not valid.', 'oss.badRequest'],
  [400, 'InvalidTargetType', 'InvalidTargetType', 'oss.badRequest'],
  [
    400,
    'RequestTimeout',
    'Your socket connection to the server was not read from or written to within the timeout period.',
    'oss.unavailable',
  ],
  // KMS
  [403, 'KmsUbsmsInvalidBid', 'Your account partner does not have KMS Service.', 'oss.kmsDenied'],
  [403, 'KmsInDebt', 'KMS is in debt.', 'oss.kmsDenied'],
  [403, 'KmsInDebtOverdue', 'KMS is in debt overdue.', 'oss.kmsDenied'],
  [400, 'KmsServiceNotEnabled', 'This user does not turn on KMS service.', 'oss.kmsDenied'],
  [404, 'KeyNotFound', 'The specified Key is not found.', 'oss.kmsDenied'],
  [404, 'AliasNotFound', 'The specified Alias is not found.', 'oss.kmsDenied'],
  [409, 'KeyDisabled', 'The request was rejected because the key state is Disabled.', 'oss.kmsDenied'],
  [409, 'KeyPendingDeletion', 'The request was rejected because the key state is PendingDeletion.', 'oss.kmsDenied'],
  [409, 'KeyPendingImport', 'The request was rejected because the key state is PendingImport.', 'oss.kmsDenied'],
  // Signature V4
  [400, 'InvalidArgument', 'Invalid signing region in Authorization header.', 'oss.wrongRegion'],
  [400, 'InvalidArgument', 'Invalid signing product in Authorization header.', 'oss.badRequest'],
  // Throttling and the service's own troubles
  [503, 'TotalQpsLimitExceeded', 'Max total qps limit is exceeded.', 'oss.throttled'],
  [503, 'MetaOperationQpsLimitExceeded', 'Qps limit for the meta operation is exceeded.', 'oss.throttled'],
  [503, 'DownloadTrafficRateLimitExceeded', 'Please reduce your download request traffic.', 'oss.throttled'],
  [503, 'UploadTrafficRateLimitExceeded', 'Please reduce your upload request traffic.', 'oss.throttled'],
  [503, 'ActiveRequestLimitExceeded', 'Max active request limit is exceeded.', 'oss.throttled'],
  [503, 'CpuLimitExceeded', 'Please reduce your request rate.', 'oss.throttled'],
  [503, 'QpsLimitExceeded', '', 'oss.throttled'],
  [503, 'ServiceUnavailable', 'Thread pool is almost full, please retry later.', 'oss.throttled'],
  [500, 'InternalError', 'Please contact the server administrator, oss@service.aliyun.com.', 'oss.unavailable'],
  // Document processing
  imm(`InvalidArgument, [target]:is required. ${UUID}`, 'snapshot.refused'),
  imm('ResourceNotFound, The specified resource Attachment is not found', 'snapshot.notAttached'),
  imm(`ResourceNotFound, The specified resource Project is not found. ${UUID}`, 'snapshot.notAttached'),
  imm('ResourceNotFound, The specified resource Route is not found.', 'snapshot.refused'),
  imm('Forbidden, You are not authorized to perform imm:CreateOfficeConversionTask', 'oss.processDenied'),
  imm('NoPermission, The user has no permission.', 'oss.processDenied'),
  imm('InvalidRole, AssumeRole of AliyunIMMDefaultRole failed.', 'snapshot.roleMissing'),
  imm(`InvalidArgument, [source]: is not supported. ${UUID}`, 'snapshot.typeUnknown'),
  imm('LimitExceededError, input quota exceed the max value', 'snapshot.tooLarge'),
  imm('InvalidArgument, source file too large', 'snapshot.tooLarge'),
  imm('InvalidArgument, [page]: out of range, the document has 12 pages.', 'snapshot.pageOutOfRange'),
  imm('InvalidArgument, [page]: must be at most 2000, the limit', 'snapshot.pageLimit'),
  imm('OfficePasswordProtected, the document is encrypted', 'snapshot.unreadable'),
  imm('ConvertTimeout, The conversion timed out.', 'snapshot.tooSlow'),
  imm('Throttling.User, Request was denied due to user flow control.', 'oss.throttled'),
  imm('InternalError, something broke', 'oss.unavailable', 500),
  imm('SomethingNew, words nobody has seen yet', 'snapshot.refused'),
  imm('no code and no comma at all', 'snapshot.refused'),
];

const HAS_OSS_CODE = /\b(InvalidAccessKeyId|SignatureDoesNotMatch|AccessDenied|NoSuch\w+|Imm Client|LimitExceeded)\b/;

describe('every documented refusal', () => {
  const rows = ROWS.map(([status, ossCode, message, is, kind, extra]) => {
    return { status, ossCode, message, is, kind: kind ?? 'list', extra: extra ?? '' } as const;
  });

  it.each(rows)('$status $ossCode: $message', ({ status, ossCode, message, is, kind, extra }) => {
    const body = `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${ossCode}</Code><Message>${message}</Message><RequestId>R-1</RequestId><HostId>h</HostId>${extra}<EC>0000-00000001</EC></Error>`;
    const asked: Asked = {
      kind,
      bucket: 'docs',
      key: kind === 'list' ? null : 'a.pdf',
      pageNumber: kind === 'snapshot' ? 3 : null,
      host: 'h',
    };
    const error = readFailure({ status, headers: {}, body }, asked);
    expect(error).toMatchObject({ code: is, charged: 'no', ossCode, requestId: 'R-1', ec: '0000-00000001', status });
    if (message !== '') expect(error.message).toBe(message);
    for (const language of ['en', 'zh-CN'] as const) {
      const words = toErrorWords(error, language, kind === 'snapshot');
      expect(words.title).not.toBe('');
      expect(words.meaning).not.toBe('');
      expect(`${words.title} ${words.meaning}`).not.toMatch(HAS_OSS_CODE);
      if (kind === 'snapshot') expect(words.money).not.toBe('');
    }
  });
});
