/** The question behind "Test": does this key open this door? One harmless signed request, answered in facts. */
import type { ConnectionReport } from '#contract/contract.ts';
import { ok, type Result } from '#contract/errors.ts';
import { readScope } from '#oss/address.ts';
import type { OssClient } from './oss-client.ts';

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
