/** Who may do what: keys' and buckets' denials, prefixes, and what anonymous requests may do. */
import { refuse, type OssFailure } from './failure.ts';
import { actionsOf, type Operation } from './operations.ts';
import type { BucketEntry, KeyRecord } from './world.ts';

/** The one account that owns everything here. */
export const OWNER_ID = '1000000000000001';
const USER_ID = '2000000000000001';

/** A request as far as rights look at it. `name` is the key, or the prefix of a listing. */
export interface Wish {
  operation: Operation;
  bucket: string | null;
  name: string;
  hasVersionId: boolean;
}

const matches = (pattern: string, action: string): boolean =>
  pattern === action || (pattern.endsWith('*') && action.startsWith(pattern.slice(0, -1)));

/** RAM's refusal as OSS writes it, with the detail that names the missing action. */
function deniedByRam(key: KeyRecord, action: string, type: 'ImplicitDeny' | 'ExplicitDeny'): OssFailure {
  const isSession = key.securityToken !== undefined;
  const message = action.startsWith('oss:GetObject') ? 'You have no right to access this object.' : 'AccessDenied';
  return refuse(403, 'AccessDenied', message, '0003-00000201', {
    extra: [
      [
        'AccessDeniedDetail',
        [
          ['AuthAction', action],
          ['AuthPrincipalDisplayName', isSession ? `pagelens:${key.accessKeyId}` : USER_ID],
          ['AuthPrincipalOwnerId', OWNER_ID],
          ['AuthPrincipalType', isSession ? 'AssumedRoleUser' : 'SubUser'],
          ['NoPermissionType', type],
          ['PolicyType', 'AccountLevelIdentityBasedPolicy'],
          ['EncodedDiagnosticMessage', 'AQEAAAAAaLocalOss'],
        ],
      ],
    ],
  });
}

/** `team-a/` covers `team-a/x` and, as the usual policy allows, the prefix `team-a`. */
const isUnder = (name: string, prefixes: readonly string[]): boolean =>
  prefixes.some((prefix) => name.startsWith(prefix) || (name !== '' && `${name}/` === prefix));

/** Whether a signed request may do what it wants; the refusal if not. */
export function checkAccess(key: KeyRecord, bucket: BucketEntry | undefined, wish: Wish): OssFailure | null {
  const denials = [...(key.deny ?? []), ...(bucket?.deny ?? [])];
  for (const action of actionsOf(wish.operation, wish.hasVersionId)) {
    if (denials.some((pattern) => matches(pattern, action))) return deniedByRam(key, action, 'ExplicitDeny');
  }
  const first = actionsOf(wish.operation, wish.hasVersionId)[0];
  if (wish.bucket === null || first === undefined) return null;
  if (key.buckets && !key.buckets.includes(wish.bucket)) return deniedByRam(key, first, 'ImplicitDeny');
  const isAboutBucket = ['GetBucketInfo', 'GetBucketLocation', 'GetBucketAcl'].includes(wish.operation);
  const limits = [key.onlyUnder, bucket?.onlyUnder].filter((limit) => limit !== undefined);
  const isOutside = !isAboutBucket && limits.some((limit) => !isUnder(wish.name, limit));
  return isOutside ? deniedByRam(key, first, 'ImplicitDeny') : null;
}

/** Whether a key may use KMS to read an SSE-KMS object of this bucket. */
export function mayDecrypt(key: KeyRecord | null, bucket: BucketEntry | undefined): boolean {
  const denials = [...(key?.deny ?? []), ...(bucket?.deny ?? [])];
  return !denials.some((pattern) => matches(pattern, 'kms:Decrypt'));
}

/** What an unsigned request may do: read objects and list in a public bucket, without overrides and never a snapshot. */
export function checkAnonymous(bucket: BucketEntry | undefined, wish: Wish, hasOverrides: boolean): OssFailure | null {
  const denied = (message: string): OssFailure => refuse(403, 'AccessDenied', message, '0003-00000001');
  if (wish.bucket === null || ['Snapshot', 'GetBucketAcl', 'GetObjectAcl'].includes(wish.operation)) {
    return denied('Anonymous access is forbidden for this operation.');
  }
  const isPublic = bucket?.acl !== undefined && bucket.acl !== 'private';
  const isRead = ['HeadObject', 'GetObjectMeta', 'GetObject'].includes(wish.operation);
  if (!isPublic) {
    return denied(
      isRead
        ? 'You have no right to access this object because of bucket acl.'
        : 'Anonymous user has no right to access this bucket.',
    );
  }
  if (!isRead && wish.operation !== 'ListObjects' && wish.operation !== 'ListObjectsV2') {
    return denied('Anonymous user has no right to access this bucket.');
  }
  return hasOverrides
    ? refuse(400, 'InvalidRequest', 'Response headers can not be overridden by anonymous requests.', '0002-00000801')
    : null;
}
