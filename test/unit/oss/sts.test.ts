import { describe, expect, it } from 'vitest';
import { Credentials } from '#oss/credentials.ts';
import { assumeRoleQuery, readAssumedRole, readStsFailure } from '#oss/sts.ts';

const ROLE = { arn: 'acs:ram::1000000000000001:role/reader', sessionName: 'pagelens', durationSeconds: 3600 };
const AT_MS = Date.UTC(2026, 0, 15, 8, 30);

describe('assumeRoleQuery', () => {
  it('signs as STS asks: the signature was made with openssl, from the parameters written by hand', () => {
    // printf 'GET&%%2F&%s' "$ENCODED" | openssl dgst -sha1 -hmac 's3cret&' -binary | base64
    const query = assumeRoleQuery(
      ROLE,
      new Credentials({ accessKeyId: 'LTAIreader', accessKeySecret: 's3cret' }),
      AT_MS,
      'n-1',
    );
    expect(query).toBe(
      'AccessKeyId=LTAIreader&Action=AssumeRole&DurationSeconds=3600&Format=JSON' +
        '&RoleArn=acs%3Aram%3A%3A1000000000000001%3Arole%2Freader&RoleSessionName=pagelens&SignatureMethod=HMAC-SHA1' +
        '&SignatureNonce=n-1&SignatureVersion=1.0&Timestamp=2026-01-15T08%3A30%3A00Z&Version=2015-04-01' +
        '&Signature=42Z7dqi3MiXm55m8AoMr1TejnM0%3D',
    );
    expect(query).not.toContain('s3cret');
  });
});

describe('readAssumedRole', () => {
  const good = {
    AccessKeyId: 'STS.a',
    AccessKeySecret: 'b',
    SecurityToken: 'c',
    Expiration: '2026-01-15T09:30:00Z',
  };

  it('reads the credentials with their end', () => {
    const read = readAssumedRole(JSON.stringify({ Credentials: good }));
    expect(read?.accessKeyId).toBe('STS.a');
    expect(read?.isTemporary).toBe(true);
    expect(read?.expiresAtMs).toBe(Date.UTC(2026, 0, 15, 9, 30));
  });

  it.each([
    '',
    'null',
    '[]',
    '<html>',
    '{"Credentials":null}',
    JSON.stringify({ Credentials: { ...good, SecurityToken: 7 } }),
    JSON.stringify({ Credentials: { ...good, AccessKeySecret: '' } }),
    JSON.stringify({ Credentials: { ...good, Expiration: 'soon' } }),
  ])('is null for %j', (body) => expect(readAssumedRole(body)).toBeNull());
});

describe('readStsFailure', () => {
  const read = (status: number, code: string, more: Record<string, string> = {}) =>
    readStsFailure(
      { status, headers: { 'x-acs-request-id': 'R-1', ...more }, body: JSON.stringify({ Code: code, Message: 'why' }) },
      ROLE,
      'sts.aliyuncs.com',
    );

  it.each([
    [403, 'NoPermission', 'sts.roleDenied'],
    [404, 'EntityNotExist.Role', 'sts.noSuchRole'],
    [400, 'InvalidParameter.DurationSeconds', 'sts.badDuration'],
    [400, 'InvalidParameter.RoleArn', 'sts.badRequest'],
    [404, 'InvalidAccessKeyId.NotFound', 'oss.unknownKey'],
    [400, 'InvalidAccessKeyId.Inactive', 'oss.disabledKey'],
    [400, 'SignatureDoesNotMatch', 'oss.signatureMismatch'],
    [400, 'InvalidTimeStamp.Expired', 'oss.clockSkewed'],
    [400, 'Throttling.User', 'oss.throttled'],
    [503, 'ServiceUnavailable', 'oss.unavailable'],
    [400, 'SomethingNew', 'sts.badRequest'],
  ] as const)('%i %s is %s', (status, ossCode, code) => {
    expect(read(status, ossCode)).toMatchObject({ code, ossCode, requestId: 'R-1', charged: 'no', message: 'why' });
  });

  it('knows what is no answer of STS', () => {
    const foreign = (status: number, headers: Record<string, string>, body: string) =>
      readStsFailure({ status, headers, body }, ROLE, 'h').code;
    expect(foreign(200, { 'content-type': 'text/html' }, '<html>')).toBe('net.proxy');
    expect(foreign(302, {}, '')).toBe('net.proxy');
    expect(foreign(502, {}, '<html>')).toBe('oss.unavailable');
    expect(foreign(200, {}, '{')).toBe('net.badAnswer');
  });
});
