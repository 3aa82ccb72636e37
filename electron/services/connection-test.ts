/** The question behind "Test": does this key open this door? One harmless signed request, answered in facts. */
import type { ConnectionReport } from '#contract/contract.ts';
import { ok, type AppError, type Result } from '#contract/errors.ts';
import { readScope } from '#oss/address.ts';
import type { OssClient } from './oss-client.ts';
import type { AccountLabel } from './settings.ts';

/** A clock this far off is worth telling; OSS refuses at 15 minutes. */
const SKEW_WORTH_TELLING_MS = 30_000;

/**
 * Lists the scope if there is one (people limited to it never ask for buckets), else the buckets. A key that may not
 * list buckets is normal and passes. Errors: net.*, oss.*, cancelled.
 */
export async function testConnection(
  client: OssClient,
  scope: string,
  now: () => number,
  signal: AbortSignal,
): Promise<Result<ConnectionReport>> {
  const startedAt = now();
  const report = (
    facts: Pick<ConnectionReport, 'tested' | 'bucketCount' | 'bucketsHidden'>,
  ): Result<ConnectionReport> => {
    const skewMs = client.clockSkewMs();
    const isTold = skewMs !== null && Math.abs(skewMs) > SKEW_WORTH_TELLING_MS;
    return ok({ ...facts, tookMs: now() - startedAt, skewMs: isTold ? skewMs : null });
  };

  const folder = readScope(scope);
  if (!folder.ok) return folder;
  if (folder.value) {
    const listed = await client.listObjects({ ...folder.value, next: null, maxKeys: 1 }, signal);
    return listed.ok ? report({ tested: 'list-folder', bucketCount: null, bucketsHidden: false }) : listed;
  }
  const buckets = await client.listBuckets(signal);
  if (buckets.ok) return report({ tested: 'list-buckets', bucketCount: buckets.value.length, bucketsHidden: false });
  if (buckets.error.code !== 'oss.listBucketsDenied') return buckets;
  return report({ tested: 'list-buckets', bucketCount: null, bucketsHidden: true });
}

/** Tries a changed place: its folder or buckets, then each domain with its bucket. The first failure; null: all is well. */
export async function testPlace(
  client: OssClient,
  place: Pick<AccountLabel, 'scope' | 'domains'>,
  now: () => number,
  signal: AbortSignal,
): Promise<AppError | null> {
  const tested = await testConnection(client, place.scope, now, signal);
  if (!tested.ok) return tested.error;
  const scope = readScope(place.scope);
  for (const { bucket, domain } of place.domains) {
    // Who may see one folder of it only is refused the rest, through any door.
    const prefix = scope.ok && scope.value?.bucket === bucket ? scope.value.prefix : '';
    const listed = await client.listObjects({ bucket, prefix, next: null, maxKeys: 1 }, signal);
    if (!listed.ok) return { ...listed.error, detail: { ...listed.error.detail, domain, bucket } };
  }
  return null;
}
