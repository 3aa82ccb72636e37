/**
 * AssumeRole of the Security Token Service: the request as it is signed, its answer, its refusals. STS is no OSS: it
 * speaks the older RPC style with HMAC-SHA1 and JSON. Time and chance are inputs. Source: STS API 2015-04-01, "AssumeRole"
 * and "RPC signature".
 */
import { createHmac } from 'node:crypto';
import type { AppError, ErrorCode } from '#contract/errors.ts';
import { percentEncode } from './canonical.ts';
import { Credentials } from './credentials.ts';

/** The role to take on. */
export interface Role {
  /** `acs:ram::1000000000000001:role/reader` */
  arn: string;
  /** 2 to 64 of letters, digits and `.@_-`: stands in the owner's audit log. */
  sessionName: string;
  /** 900 to 43,200; not more than the role allows. */
  durationSeconds: number;
}

/** `YYYY-MM-DDThh:mm:ssZ`: how STS writes and reads times. */
const toStsTime = (timeMs: number): string => new Date(timeMs).toISOString().replace(/\.\d{3}/, '');

/**
 * The query of a signed `GET /` for AssumeRole, without `?`. `nonce` must be another one each time. Holds no secret and no
 * token, but a signature: it is for the wire only.
 */
export function assumeRoleQuery(role: Role, credentials: Credentials, timeMs: number, nonce: string): string {
  const parameters: Record<string, string> = {
    AccessKeyId: credentials.accessKeyId,
    Action: 'AssumeRole',
    DurationSeconds: String(role.durationSeconds),
    Format: 'JSON',
    RoleArn: role.arn,
    RoleSessionName: role.sessionName,
    SignatureMethod: 'HMAC-SHA1',
    SignatureNonce: nonce,
    SignatureVersion: '1.0',
    Timestamp: toStsTime(timeMs),
    Version: '2015-04-01',
  };
  const query = Object.keys(parameters)
    .sort()
    .map((name) => `${percentEncode(name)}=${percentEncode(parameters[name]!)}`)
    .join('&');
  const { accessKeySecret } = Credentials.revealSecret(credentials);
  const signature = createHmac('sha1', `${accessKeySecret}&`)
    .update(`GET&%2F&${percentEncode(query)}`, 'utf8')
    .digest('base64');
  return `${query}&Signature=${percentEncode(signature)}`;
}

/** Reads the credentials of a good answer; null when it is none. Their end is always known. */
export function readAssumedRole(body: string): Credentials | null {
  const given = asRecord(asRecord(parseJson(body))?.['Credentials']);
  const [accessKeyId, accessKeySecret, securityToken, expiration] = [
    'AccessKeyId',
    'AccessKeySecret',
    'SecurityToken',
    'Expiration',
  ].map((name) => given?.[name]);
  if (typeof accessKeyId !== 'string' || typeof accessKeySecret !== 'string' || typeof securityToken !== 'string')
    return null;
  const expiresAtMs = typeof expiration === 'string' ? Date.parse(expiration) : Number.NaN;
  if (!accessKeyId || !accessKeySecret || !securityToken || Number.isNaN(expiresAtMs)) return null;
  return new Credentials({ accessKeyId, accessKeySecret, securityToken, expiresAtMs });
}

const REFUSALS: readonly (readonly [RegExp, ErrorCode])[] = [
  [/^Throttling/i, 'oss.throttled'],
  [/^InvalidAccessKeyId\.Inactive/i, 'oss.disabledKey'],
  [/^InvalidAccessKeyId/i, 'oss.unknownKey'],
  [/^(SignatureDoesNotMatch|IncompleteSignature)/i, 'oss.signatureMismatch'],
  [/^(InvalidTimeStamp|IllegalTimestamp)/i, 'oss.clockSkewed'],
  [/^(InvalidSecurityToken|MissingSecurityToken)/i, 'oss.tokenInvalid'],
  [/^EntityNotExist\.Role/i, 'sts.noSuchRole'],
  [/^(NoPermission|Forbidden|AuthenticationFail)/i, 'sts.roleDenied'],
  [/^InvalidParameter\.DurationSeconds/i, 'sts.badDuration'],
  [/^(InvalidParameter|Missing|SignatureNonceUsed|UnsupportedOperation)/i, 'sts.badRequest'],
];

/** Names a refusal of STS. What is none of its answers is `net.proxy` for a page of somebody in between, else `net.badAnswer`. */
export function readStsFailure(
  answer: { status: number; headers: Readonly<Record<string, string>>; body: string },
  role: Role,
  host: string,
): AppError {
  const { status, headers, body } = answer;
  const fields = asRecord(parseJson(body));
  const text = (name: string): string => (typeof fields?.[name] === 'string' ? fields[name] : '');
  const ossCode = text('Code');
  const requestId = headers['x-acs-request-id'] ?? text('RequestId');
  const isOurs = ossCode !== '';
  const isPage = /html/i.test(headers['content-type'] ?? '') || (status >= 300 && status < 400) || status === 407;
  const foreign: ErrorCode = status >= 500 ? 'oss.unavailable' : isPage ? 'net.proxy' : 'net.badAnswer';
  const named = REFUSALS.find(([words]) => words.test(ossCode))?.[1];
  const code = !isOurs ? foreign : (named ?? (status >= 500 ? 'oss.unavailable' : 'sts.badRequest'));
  return {
    code,
    message: text('Message').slice(0, 500) || `HTTP ${status}`,
    retryable: code === 'oss.throttled' || code === 'oss.unavailable',
    charged: 'no',
    status,
    ...(isOurs && { ossCode }),
    ...(requestId !== '' && { requestId }),
    detail: { host, role: role.arn },
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const asRecord = (value: unknown): Record<string, unknown> | null =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
