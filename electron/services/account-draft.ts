/** Reads what a person typed about an account into the terms the app works with. Pure: asks nobody. */
import type { AccountDraft, RoleDraft } from '#contract/contract.ts';
import type { PlaceDraft } from '#contract/account-place.ts';
import { fail, ok, type Result } from '#contract/errors.ts';
import { readScope } from '#oss/address.ts';
import { hostName, isPublicService, readDomain, readEndpoint, type Endpoint } from '#oss/endpoint.ts';
import { maskKeyId } from './redact.ts';
import type { AccountLabel } from './settings.ts';

/** An account's label before it has an id. Nothing in it is secret. */
export type DraftLabel = Omit<AccountLabel, 'id' | 'keep'>;

/** Checks a draft and puts it into canonical form. Errors: `account.invalid` with `detail.field` naming the field. */
export function readDraft(draft: AccountDraft): Result<DraftLabel> {
  const typedScope = readScope(draft.scope);
  if (!typedScope.ok) return typedScope;
  const endpoint = readEndpoint(draft.endpoint, draft.region, typedScope.value?.bucket ?? null);
  if (!endpoint.ok) return endpoint;
  const expiry = readExpiry(draft.tokenExpiresAt);
  if (!expiry.ok) return expiry;
  const role = readRole(draft.role);
  if (!role.ok) return role;

  // Somebody who pastes `bucket.oss-cn-….aliyuncs.com` as endpoint means that bucket.
  const inFront = endpoint.value.bucketInFront;
  const scope = typedScope.value ?? (inFront === null ? null : { bucket: inFront, prefix: '' });
  return ok({
    name: draft.name || scope?.bucket || maskKeyId(draft.accessKeyId),
    colour: draft.colour,
    accessKeyId: draft.accessKeyId,
    region: endpoint.value.endpoint.region,
    endpoint: draft.endpoint,
    scope: scope === null ? '' : `${scope.bucket}/${scope.prefix}`,
    isTemporary: Boolean(draft.securityToken),
    tokenExpiresAt: expiry.value,
    role: role.value,
    domains: [],
    moved: [],
  });
}

/** Checks a changed place and puts it on the label. Errors: `account.invalid` with `detail.field`. */
export function readPlace(label: AccountLabel, draft: PlaceDraft): Result<AccountLabel> {
  const typedScope = readScope(draft.scope);
  if (!typedScope.ok) return typedScope;
  const endpoint = readEndpoint(draft.endpoint, draft.region, typedScope.value?.bucket ?? null);
  if (!endpoint.ok) return endpoint;
  const { region } = endpoint.value.endpoint;
  for (const { bucket, domain } of draft.domains) {
    const read = readDomain(domain, region, bucket);
    if (!read.ok) return read;
  }
  const scope = typedScope.value;
  return ok({
    ...label,
    region,
    endpoint: draft.endpoint,
    scope: scope === null ? '' : `${scope.bucket}/${scope.prefix}`,
    domains: draft.domains,
    // What was learnt on the old way says nothing about the new one.
    moved: [],
  });
}

/** The domains of single buckets as endpoints; one that cannot be read any more is left out. */
export function toDomains({ domains, region }: Pick<AccountLabel, 'domains' | 'region'>): Map<string, Endpoint> {
  const endpoints = new Map<string, Endpoint>();
  for (const { bucket, domain } of domains) {
    const read = readDomain(domain, region, bucket);
    if (read.ok) endpoints.set(bucket, read.value);
  }
  return endpoints;
}

/** `acs:ram::1000000000000001:role/reader` */
const ROLE_ARN = /^acs:ram::[0-9a-z-]{1,64}:role\/[A-Za-z0-9.@_/-]{1,128}$/;

/** A role in canonical form. Errors: `account.invalid` with `detail.field`. */
function readRole(role: RoleDraft | undefined): Result<AccountLabel['role']> {
  if (role === undefined) return ok(null);
  if (!ROLE_ARN.test(role.arn)) return invalid('roleArn', 'A role is written as acs:ram::<account>:role/<name>.');
  const sessionName = role.sessionName || 'pagelens';
  if (!/^[A-Za-z0-9.@_-]{2,64}$/.test(sessionName)) {
    return invalid('sessionName', 'A session name has 2 to 64 letters, digits and .@_-');
  }
  const sts = readEndpoint(role.stsEndpoint, 'cn-hangzhou');
  if (!sts.ok)
    return invalid('stsEndpoint', 'The address of STS is a host, with http:// or https:// in front if needed.');
  return ok({ ...role, sessionName });
}

/**
 * Where STS is: as typed; for the public service its public address; for a service of one's own that very service,
 * which answers both.
 */
export function stsAddress(typed: string, account: Endpoint): { scheme: 'http' | 'https'; host: string } {
  const read = typed === '' ? null : readEndpoint(typed, account.region);
  if (read?.ok) return { scheme: read.value.endpoint.scheme, host: read.value.endpoint.host };
  const isOwn = account.style !== 'cname' && !isPublicService(hostName(account.host));
  return isOwn ? { scheme: account.scheme, host: account.host } : { scheme: 'https', host: 'sts.aliyuncs.com' };
}

/** Where an account's requests go. Errors: `account.invalid`; only for labels that somebody edited by hand. */
export function toEndpoint(label: Pick<AccountLabel, 'region' | 'endpoint' | 'scope'>): Result<Endpoint> {
  const scope = readScope(label.scope);
  if (!scope.ok) return scope;
  const read = readEndpoint(label.endpoint, label.region, scope.value?.bucket ?? null);
  return read.ok ? ok(read.value.endpoint) : read;
}

/** A point in time as ISO 8601 UTC; empty or absent is null. Errors: `account.invalid` for `tokenExpiresAt`. */
export function readExpiry(text: string | undefined): Result<string | null> {
  if (!text?.trim()) return ok(null);
  const timeMs = Date.parse(text);
  if (Number.isNaN(timeMs)) return invalid('tokenExpiresAt', 'This is no date and time.');
  return ok(new Date(timeMs).toISOString());
}

const invalid = (field: string, message: string): Result<never> =>
  fail('account.invalid', message, { detail: { field } });
