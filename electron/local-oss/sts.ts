/**
 * AssumeRole, as the Security Token Service answers it: local-oss serves it on its own address, so that clients that take
 * on a RAM role can be tried. From our own reading of the RPC signature; shares no line with the app's. Source: STS API
 * 2015-04-01.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { OssRequest, OssResponse } from './http.ts';
import { OWNER_ID } from './access.ts';
import type { KeyRecord, RoleRecord } from './world.ts';

/** How far a request's clock may be off, ms. */
const MAX_SKEW_MS = 15 * 60_000;
const SHORTEST_SECONDS = 900;
const LONGEST_SECONDS = 43_200;
const DEFAULT_SECONDS = 3600;
/** Nonces remembered, so that a recorded request is good once. */
const MAX_NONCES = 10_000;

export interface Sts {
  /** Null: the request is none for STS. */
  answer(request: OssRequest, requestId: string): { response: OssResponse; code: string | null } | null;
}

export interface StsOptions {
  /** Lasting keys; sessions that are issued are added. */
  keys: KeyRecord[];
  roles: readonly RoleRecord[];
  /** The service's clock, ms. */
  now(): number;
  randomBytes(count: number): Uint8Array;
}

class StsRefusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** As `encodeURIComponent`, but strict: RFC 3986. */
const encode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);

/** Makes the service over the keys that OSS knows too: a session it issues is good there at once. */
export function makeSts({ keys, roles, now, randomBytes }: StsOptions): Sts {
  const nonces = new Set<string>();
  const text = (count: number): string => Buffer.from(randomBytes(count)).toString('base64url');

  function checkSignature(method: string, parameters: URLSearchParams): KeyRecord {
    const key = keys.find((one) => one.accessKeyId === parameters.get('AccessKeyId'));
    if (!key) throw new StsRefusal(404, 'InvalidAccessKeyId.NotFound', 'Specified access key is not found.');
    if (key.disabled) throw new StsRefusal(400, 'InvalidAccessKeyId.Inactive', 'Specified access key is disabled.');
    const canonical = [...parameters]
      .filter(([name]) => name !== 'Signature')
      .map(([name, value]) => `${encode(name)}=${encode(value)}`)
      .sort()
      .join('&');
    const wanted = createHmac('sha1', `${key.accessKeySecret}&`)
      .update(`${method}&%2F&${encode(canonical)}`)
      .digest();
    const given = Buffer.from(parameters.get('Signature') ?? '', 'base64');
    if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) {
      throw new StsRefusal(
        400,
        'SignatureDoesNotMatch',
        'Specified signature is not matched with our calculation. Check your access key and signing method.',
      );
    }
    return key;
  }

  function checkTime(parameters: URLSearchParams): void {
    const stamp = Date.parse(parameters.get('Timestamp') ?? '');
    if (Number.isNaN(stamp) || Math.abs(stamp - now()) > MAX_SKEW_MS) {
      throw new StsRefusal(400, 'InvalidTimeStamp.Expired', 'Specified time stamp or date value is expired.');
    }
    const nonce = parameters.get('SignatureNonce') ?? '';
    if (nonce === '' || nonces.has(nonce)) {
      throw new StsRefusal(400, 'SignatureNonceUsed', 'Specified signature nonce was used already.');
    }
    if (nonces.size >= MAX_NONCES) nonces.clear();
    nonces.add(nonce);
  }

  function assume(method: string, parameters: URLSearchParams): unknown {
    checkTime(parameters);
    const key = checkSignature(method, parameters);
    const arn = parameters.get('RoleArn') ?? '';
    const sessionName = parameters.get('RoleSessionName') ?? '';
    if (!/^[A-Za-z0-9.@_-]{2,64}$/.test(sessionName)) {
      throw new StsRefusal(400, 'InvalidParameter.RoleSessionName', 'The parameter RoleSessionName is wrongly formed.');
    }
    const role = roles.find((one) => one.arn === arn);
    if (!role) throw new StsRefusal(404, 'EntityNotExist.Role', 'The role not exists: role.');
    if (role.trusts && !role.trusts.includes(key.accessKeyId)) {
      throw new StsRefusal(
        403,
        'NoPermission',
        'You are not authorized to do this action. You should be authorized by RAM.',
      );
    }
    const seconds = Number(parameters.get('DurationSeconds') ?? DEFAULT_SECONDS);
    const longest = role.maxDurationSeconds ?? DEFAULT_SECONDS;
    if (!Number.isInteger(seconds) || seconds < SHORTEST_SECONDS || seconds > Math.min(longest, LONGEST_SECONDS)) {
      throw new StsRefusal(
        400,
        'InvalidParameter.DurationSeconds',
        'The Min/Max value of DurationSeconds is 15min/the maximum session duration of the role.',
      );
    }
    const expiresAt = new Date(now() + (role.endsAfterSeconds ?? seconds) * 1000).toISOString();
    const session: KeyRecord = {
      accessKeyId: `STS.${text(18)}`,
      accessKeySecret: text(30),
      securityToken: text(60),
      expiresAt,
      ...(role.deny && { deny: role.deny }),
      ...(role.buckets && { buckets: role.buckets }),
      ...(role.onlyUnder && { onlyUnder: role.onlyUnder }),
    };
    keys.push(session);
    return {
      AssumedRoleUser: { Arn: `${arn.replace(':role/', ':assumed-role/')}/${sessionName}`, AssumedRoleId: OWNER_ID },
      Credentials: {
        AccessKeyId: session.accessKeyId,
        AccessKeySecret: session.accessKeySecret,
        SecurityToken: session.securityToken,
        Expiration: expiresAt.replace(/\.\d{3}/, ''),
      },
    };
  }

  function toResponse(status: number, body: object, requestId: string): OssResponse {
    const bytes = Buffer.from(JSON.stringify(body), 'utf8');
    const headers = {
      'content-type': 'application/json;charset=utf-8',
      'content-length': String(bytes.length),
      date: new Date(now()).toUTCString(),
      'x-acs-request-id': requestId,
    };
    return { status, headers, body: bytes };
  }

  return {
    answer(request, requestId) {
      const parameters = readParameters(request);
      if (parameters?.get('Action') !== 'AssumeRole') return null;
      try {
        const made = assume(request.method, parameters);
        return { response: toResponse(200, { RequestId: requestId, ...(made as object) }, requestId), code: null };
      } catch (error) {
        if (!(error instanceof StsRefusal)) throw error;
        const { status, code, message } = error;
        const body = { Code: code, Message: message, RequestId: requestId, HostId: request.host.replace(/:\d+$/, '') };
        return { response: toResponse(status, body, requestId), code };
      }
    },
  };
}

/** The parameters of a request for `/`: in the query, and of a POST in its form as well. */
function readParameters({ method, target, form }: OssRequest): URLSearchParams | null {
  const [path, query = ''] = target.split('?', 2);
  if (path !== '/' || (method !== 'GET' && method !== 'POST')) return null;
  return new URLSearchParams([query, form ?? ''].filter((part) => part !== '').join('&'));
}
