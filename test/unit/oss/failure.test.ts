/** Every refusal that OSS documents, what local-oss says, and answers that are none of OSS's. */
import { describe, expect, it } from 'vitest';
import { ERROR_CODES, type AppError, type ErrorCode } from '#contract/errors.ts';
import { readFailure, readUnusable, type Asked, type RequestKind } from '#oss/failure.ts';

const UUID = '9D31D05E-FC1C-582E-B31E-3E1327F97B53';
const requestId = '6968A3F8C2B1D73039AB12CD';
const oss = { 'x-oss-request-id': requestId, server: 'AliyunOSS', 'content-type': 'application/xml' };

function asked(kind: RequestKind): Asked {
  const isObject = kind === 'head' || kind === 'snapshot';
  return {
    kind,
    bucket: kind === 'list-buckets' ? null : 'reports',
    key: isObject ? 'a.docx' : null,
    pageNumber: kind === 'snapshot' ? 7 : null,
    host: 'reports.oss-cn-hangzhou.aliyuncs.com',
  };
}

function errorXml(code: string, message: string, more = ''): string {
  const escaped = message.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<?xml version="1.0" encoding="UTF-8"?>\n<Error>\n  <Code>${code}</Code>\n  <Message>${escaped}</Message>\n  <RequestId>${requestId}</RequestId>\n  <HostId>h</HostId>\n  ${more}\n</Error>`;
}

function refuse(kind: RequestKind, status: number, code: string, message: string, more = ''): AppError {
  return readFailure({ status, headers: oss, body: errorXml(code, message, more) }, asked(kind));
}

const denied = (action: string): string =>
  `<AccessDeniedDetail><AuthAction>${action}</AuthAction><NoPermissionType>ImplicitDeny</NoPermissionType></AccessDeniedDetail>`;

type Case = [kind: RequestKind, status: number, code: string, message: string, is: ErrorCode, more?: string];

const CASES: Case[] = [
  ['list', 403, 'InvalidAccessKeyId', 'The OSS Access Key Id you provided does not exist in our records.', 'oss.unknownKey'],
  ['list', 403, 'InvalidAccessKeyId', 'The OSS Access Key Id you provided is disabled.', 'oss.disabledKey'],
  ['list', 403, 'SignatureDoesNotMatch', 'The request signature we calculated does not match', 'oss.signatureMismatch'],
  ['list', 403, 'RequestTimeTooSkewed', 'The difference between the request time and the current time', 'oss.clockSkewed'],
  ['head', 403, 'SecurityTokenExpired', 'The security token you provided has expired.', 'oss.tokenExpired'],
  ['head', 403, 'InvalidSecurityToken', 'The security token you provided is invalid.', 'oss.tokenInvalid'],
  ['head', 403, 'AccessKeyIdAndSecurityTokenNotMatch', 'does not match', 'oss.tokenInvalid'],
  ['head', 403, 'SecurityTokenNotSupported', 'This interface does not support security token.', 'oss.tokenInvalid'],
  ['snapshot', 403, 'AccessDenied', 'Request has expired.', 'oss.linkExpired'],
  ['list-buckets', 403, 'AccessDenied', 'AccessDenied', 'oss.listBucketsDenied'],
  ['list', 403, 'AccessDenied', 'You have no right to access this object because of bucket acl.', 'oss.listDenied'],
  ['location', 403, 'AccessDenied', 'no', 'oss.listDenied'],
  ['head', 403, 'AccessDenied', 'You have no right to access this object.', 'oss.readDenied'],
  ['snapshot', 403, 'AccessDenied', 'You have no right to access this object because of bucket acl.', 'oss.readDenied'],
  ['snapshot', 403, 'AccessDenied', 'You have no right to access this object.', 'oss.processDenied', denied('oss:ProcessImm')],
  ['snapshot', 403, 'AccessDenied', 'no', 'oss.processDenied', denied('imm:CreateOfficeConversionTask')],
  ['snapshot', 403, 'AccessDenied', 'no', 'oss.readDenied', denied('oss:GetObject')],
  ['snapshot', 403, 'AccessDenied', 'no', 'oss.kmsDenied', denied('kms:Decrypt')],
  ['snapshot', 403, 'AccessDenied', 'no', 'oss.processDenied'],
  ['snapshot', 403, 'AccessDenied', 'This request is forbidden by kms.', 'oss.kmsDenied'],
  ['snapshot', 403, 'KmsInDebt', '', 'oss.kmsDenied'],
  ['snapshot', 400, 'KmsServiceNotEnabled', 'This user does not turn on KMS service.', 'oss.kmsDenied'],
  ['snapshot', 409, 'KeyDisabled', 'The request was rejected because the key state is Disabled', 'oss.kmsDenied'],
  ['list', 403, 'UserDisable', 'UserDisable', 'oss.accountDisabled'],
  ['list', 403, 'InDebt', 'no', 'oss.accountDisabled'],
  ['list', 403, 'PermanentRedirect', 'x', 'oss.wrongEndpoint'],
  ['list', 403, 'SecondLevelDomainForbidden', 'Please use virtual hosted style to access.', 'oss.wrongEndpoint'],
  ['list', 400, 'InvalidArgument', 'Invalid signing region in Authorization header.', 'oss.wrongRegion'],
  ['list', 400, 'InvalidArgument', 'Argument max-keys must be an integer between 0 and 1000.', 'oss.badRequest'],
  ['list', 400, 'InvalidBucketName', 'The specified bucket is not valid.', 'oss.badRequest'],
  ['list', 400, 'PublicEndpointForbidden', 'Not allowed using the OSS public endpoint', 'oss.publicEndpointForbidden'],
  ['list', 404, 'NoSuchBucket', 'The specified bucket does not exist.', 'oss.noSuchBucket'],
  ['snapshot', 404, 'NoSuchKey', 'The specified key does not exist.', 'oss.noSuchKey'],
  ['head', 404, 'NoSuchVersion', 'The specified version does not exist.', 'oss.noSuchVersion'],
  ['snapshot', 405, 'MethodNotAllowed', 'The specified method is not allowed against this resource.', 'oss.noSuchVersion'],
  ['snapshot', 403, 'InvalidObjectState', "The operation is not valid for the object's state", 'oss.archived'],
  ['snapshot', 503, 'CpuLimitExceeded', 'Please reduce your request rate.', 'oss.throttled'],
  ['list', 503, 'TotalQpsLimitExceeded', 'Max total qps limit is exceeded.', 'oss.throttled'],
  ['list', 503, 'ServiceUnavailable', 'Thread pool is almost full, please retry later.', 'oss.throttled'],
  ['list', 500, 'InternalError', 'Please contact the server administrator', 'oss.unavailable'],
  ['list', 400, 'RequestTimeout', 'Your socket connection to the server was not read from', 'oss.unavailable'],
  ['list', 418, 'Teapot', 'short and stout', 'oss.unknown'],

  ['snapshot', 400, 'Imm Client', `ResourceNotFound, The specified resource Attachment is not found. ${UUID}`, 'snapshot.notAttached'],
  ['snapshot', 404, 'Imm Client', 'ResourceNotFound, The specified resource project is not found.', 'snapshot.notAttached'],
  ['snapshot', 400, 'Imm Client', `ResourceNotFound, The specified resource Route is not found. ${UUID}`, 'snapshot.refused'],
  ['snapshot', 400, 'Imm Client', `InvalidArgument, [target]:is required. ${UUID}`, 'snapshot.refused'],
  ['snapshot', 400, 'Imm Client', `InvalidArgument, [source]:is required, the key has no known extension. ${UUID}`, 'snapshot.typeUnknown'],
  ['snapshot', 400, 'Imm Client', `InvalidArgument, [source]:must be one of pdf, docx. ${UUID}`, 'snapshot.typeUnknown'],
  ['snapshot', 400, 'Imm Client', `InvalidArgument, [page]:must be a whole number from 1 to 2000. ${UUID}`, 'snapshot.refused'],
  ['snapshot', 400, 'Imm Client', `InvalidArgument, [page]:exceeds the maximum of 2000. ${UUID}`, 'snapshot.pageLimit'],
  ['snapshot', 400, 'Imm Client', `InvalidArgument, [page]:7 is out of range, the document has 6 pages. ${UUID}`, 'snapshot.pageOutOfRange'],
  ['snapshot', 400, 'Imm Client', `InvalidArgument, page exceeds the total. ${UUID}`, 'snapshot.pageOutOfRange'],
  ['snapshot', 400, 'Imm Client', `LimitExceededError, source file too large, the maximum is 20971520 bytes. ${UUID}`, 'snapshot.tooLarge'],
  ['snapshot', 400, 'Imm Client', `OfficePasswordRequired, the document is protected. ${UUID}`, 'snapshot.unreadable'],
  ['snapshot', 400, 'Imm Client', `OfficeFileUnreadable, the content cannot be loaded. ${UUID}`, 'snapshot.unreadable'],
  ['snapshot', 400, 'Imm Client', `OfficeContentMismatch, this is text. ${UUID}`, 'snapshot.unreadable'],
  ['snapshot', 400, 'Imm Client', `OfficeFileEmpty, the file holds nothing. ${UUID}`, 'snapshot.unreadable'],
  ['snapshot', 400, 'Imm Client', `ConvertTimeout, over 60 s. ${UUID}`, 'snapshot.tooSlow'],
  ['snapshot', 400, 'Imm Client', `OfficeEngineMissing, LibreOffice is not installed: sudo apt-get install libreoffice-writer-nogui. ${UUID}`, 'snapshot.officeMissing'],
  ['snapshot', 400, 'Imm Client', `Forbidden, IMM may not assume the role AliyunIMMDefaultRole. ${UUID}`, 'snapshot.roleMissing'],
  ['list', 403, 'TransferAccelerationDisabled', 'Transfer acceleration is disabled.', 'oss.accelerationOff'],
  ['head', 403, 'AccessDenied', 'The bucket you access belongs to requester pays mode.', 'oss.requesterPays'],
  ['snapshot', 503, 'Imm Client', `Throttling.User, slow down. ${UUID}`, 'oss.throttled'],
  ['snapshot', 500, 'Imm Client', `InternalError, something. ${UUID}`, 'oss.unavailable'],
  ['snapshot', 400, 'Imm Client', 'something nobody has seen', 'snapshot.refused'],
]; // prettier-ignore

describe('refusals', () => {
  it.each(CASES)('%s %i %s "%s" is %s', (kind, status, code, message, is, more) => {
    const error = refuse(kind, status, code, message, more);
    expect(error.code).toBe(is);
    expect(error).toMatchObject({ status, ossCode: code, requestId, charged: 'no' });
    expect(error.retryable).toBe(is === 'oss.throttled' || is === 'oss.unavailable');
  });

  it('leads to every oss.* and snapshot.* code that a refusal can mean', () => {
    const made = new Set(CASES.map(([, , , , is]) => is));
    const elsewhere = ['snapshot.notAnImage', 'snapshot.unclear'];
    const missing = ERROR_CODES.filter((code) => /^(oss|snapshot)\./.test(code) && !made.has(code));
    expect(missing).toEqual(elsewhere);
  });
});

describe('facts for the words', () => {
  it('names bucket, key and page', () => {
    expect(refuse('snapshot', 404, 'NoSuchKey', 'x').detail).toMatchObject({
      bucket: 'reports',
      key: 'a.docx',
      pageNumber: 7,
    });
  });

  it('reads the number of pages where the message has it', () => {
    const message = `InvalidArgument, [page]:7 is out of range, the document has 6 pages. ${UUID}`;
    expect(refuse('snapshot', 400, 'Imm Client', message).detail).toMatchObject({ pageCount: 6, lastPage: 6 });
    const vague = refuse('snapshot', 400, 'Imm Client', 'InvalidArgument, page out of range.').detail;
    expect(vague).not.toHaveProperty('pageCount');
  });

  it('knows the limits', () => {
    const large = readFailure(
      { status: 400, headers: { ...oss, 'x-oss-ec': '0056-00000002' }, body: errorXml('Imm Client', 'BadRequest, hm') },
      asked('snapshot'),
    );
    expect(large).toMatchObject({ code: 'snapshot.tooLarge', ec: '0056-00000002', detail: { limitBytes: 20_971_520 } });
  });

  it.each([
    [`OfficePasswordRequired, x. ${UUID}`, 'password'],
    [`OfficeFileEmpty, x. ${UUID}`, 'empty'],
    [`OfficeContentMismatch, x. ${UUID}`, 'wrong-content'],
    [`OfficeFileUnreadable, the content is damaged. ${UUID}`, 'damaged'],
    ['ConvertFailed, the document is encrypted', 'password'],
  ])('tells why a document is unreadable: %s', (message, reason) => {
    expect(refuse('snapshot', 400, 'Imm Client', message)).toMatchObject({
      code: 'snapshot.unreadable',
      detail: { reason },
    });
  });

  it.each([
    'sudo apt-get install --no-install-recommends libreoffice-writer-nogui python3-uno',
    'apt-get install libreoffice-writer',
    'winget install TheDocumentFoundation.LibreOffice',
    'sudo pacman -S libreoffice-still',
  ])('carries the command that installs LibreOffice, without the id behind it: %s', (command) => {
    const message = `OfficeEngineMissing, LibreOffice is not there. Install it, then try again: ${command}. ${UUID}`;
    expect(refuse('snapshot', 400, 'Imm Client', message).detail).toMatchObject({ command });
  });

  it('carries the endpoint to go to', () => {
    const text = 'The bucket you are attempting to access must be addressed using the specified endpoint. Please send';
    const error = refuse(
      'list',
      403,
      'AccessDenied',
      text,
      '<Bucket>reports</Bucket><Endpoint>oss-cn-shanghai.aliyuncs.com</Endpoint>',
    );
    expect(error).toMatchObject({ code: 'oss.wrongEndpoint', detail: { endpoint: 'oss-cn-shanghai.aliyuncs.com' } });
  });

  it('says how long the service asks to wait', () => {
    const refusal = {
      status: 503,
      headers: { ...oss, 'x-oss-qos-delay-time': '1500' },
      body: errorXml('CpuLimitExceeded', 'x'),
    };
    expect(readFailure(refusal, asked('snapshot')).retryAfterMs).toBe(1500);
  });
});

describe('HEAD', () => {
  const encode = (xml: string): string => Buffer.from(xml.replaceAll('\n', '\r\n'), 'utf8').toString('base64');
  const head = (status: number, headers: Record<string, string>): AppError =>
    readFailure({ status, headers: { ...oss, ...headers }, body: '' }, asked('head'));

  it('reads the error out of x-oss-err', () => {
    const error = head(404, { 'x-oss-err': encode(errorXml('NoSuchBucket', 'no')), 'x-oss-ec': '0015-00000101' });
    expect(error).toMatchObject({ code: 'oss.noSuchBucket', ec: '0015-00000101', requestId });
  });

  it.each([
    [404, 'oss.noSuchKey'],
    [403, 'oss.readDenied'],
    [503, 'oss.unavailable'],
    [400, 'oss.unknown'],
  ])('goes by the status %i when that header is cut off or missing', (status, is) => {
    expect(head(status, {}).code).toBe(is);
    expect(head(status, { 'x-oss-err': encode(errorXml('NoSuchBucket', 'no')).slice(0, 40) }).code).toBe(is);
  });
});

describe('answers that are none of OSS', () => {
  const html = '<!DOCTYPE html><html><body>Sign in to the guest network</body></html>';
  const foreign = (status: number, headers: Record<string, string>, body: string): ErrorCode =>
    readFailure({ status, headers, body }, asked('list')).code;

  it('is a proxy or portal when it lacks the marks of OSS', () => {
    expect(foreign(403, { 'content-type': 'text/html' }, html)).toBe('net.proxy');
    expect(foreign(407, {}, '')).toBe('net.proxy');
    expect(foreign(302, { location: 'http://portal/' }, '')).toBe('net.proxy');
    expect(foreign(511, {}, html)).toBe('net.proxy');
  });

  it('is a bad answer when it has them, or is neither page nor XML', () => {
    expect(foreign(403, { ...oss, 'content-type': 'text/html' }, html)).toBe('net.badAnswer');
    expect(foreign(400, oss, '<Error><Code>NoSuchBucket</Co')).toBe('net.badAnswer');
    expect(foreign(400, {}, '{"error":1}')).toBe('net.badAnswer');
  });

  it('is a busy gateway with 502 to 504', () => {
    expect(foreign(502, {}, '<html><h1>502 Bad Gateway</h1></html>')).toBe('oss.unavailable');
  });

  it('names what came with 200 and is no listing', () => {
    const answer = { status: 200, headers: { 'content-type': 'text/html' }, body: html };
    expect(readUnusable(answer, asked('list')).code).toBe('net.proxy');
    expect(readUnusable({ ...answer, headers: oss }, asked('list'))).toMatchObject({
      code: 'net.badAnswer',
      requestId,
    });
    expect(readUnusable({ ...answer, headers: oss, body: '<Odd/>' }, asked('list')).code).toBe('net.badAnswer');
  });
});

describe('secrets', () => {
  it('never carries what signs, nor the token in what was signed', () => {
    const planted = 'PLANTED0123456789';
    const message = `bad x-oss-security-token=${planted}&x-oss-signature: ${planted}, x-oss-credential="${planted}"\nAuthorization: OSS4-HMAC-SHA256 Credential=${planted}/x,Signature=${planted}`;
    const canonical = `GET\n/docs/\nx-oss-security-token=${planted}&amp;a=b\nx-oss-date:1\nx-oss-security-token:${planted}\n\n\nUNSIGNED-PAYLOAD`;
    const more = `<StringToSign>OSS4-HMAC-SHA256</StringToSign><SignatureProvided>${planted}</SignatureProvided><OSSAccessKeyId>${planted}</OSSAccessKeyId><CanonicalRequest>${canonical}</CanonicalRequest>`;
    const error = refuse('list', 403, 'SignatureDoesNotMatch', message, more);
    expect(JSON.stringify(error)).not.toContain(planted);
    expect(error.detail?.['serviceCanonicalRequest']).toContain('x-oss-date:1');
  });

  it('keeps messages short', () => {
    expect(refuse('list', 400, 'X', 'a'.repeat(10_000)).message.length).toBeLessThanOrEqual(500);
    const long = readFailure({ status: 400, headers: {}, body: 'b'.repeat(10_000) }, asked('list'));
    expect(long.message.length).toBeLessThanOrEqual(256);
  });
});
