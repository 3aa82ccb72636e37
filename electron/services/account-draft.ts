/** Reads what a person typed about an account into the terms the app works with. Pure: asks nobody. */
import type { AccountDraft } from '#contract/contract.ts';
import { fail, ok, type Result } from '#contract/errors.ts';
import { readScope } from '#oss/address.ts';
import { readEndpoint, type Endpoint } from '#oss/endpoint.ts';
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
  });
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
