/** Where an account's requests go: region, way to the service, the one folder it may see, and domains of single buckets. */
import { z } from 'zod';
import { AccountId } from './ids.ts';
import { BucketName } from './shapes.ts';

/** `cn-hangzhou`, without `oss-`; one that is newer than our table is as good. */
export const RegionId = z
  .string()
  .trim()
  .regex(/^[a-z0-9-]{2,40}$/);

/** A domain that a bucket's owner bound to it: host, or scheme and host. */
export const BucketDomain = z.object({ bucket: BucketName, domain: z.string().trim().min(1).max(255) });
export type BucketDomain = z.infer<typeof BucketDomain>;

/** What can be changed about a saved account beside its name and its secret. */
export const PlaceDraft = z.object({
  accountId: AccountId,
  region: RegionId,
  endpoint: z.string().trim().max(255),
  scope: z.string().trim().max(1100),
  domains: z.array(BucketDomain).max(100),
  /** Keeps it although the test fails: the network of now may be another one than that of later. */
  untested: z.boolean(),
});
export type PlaceDraft = z.infer<typeof PlaceDraft>;

/** A bucket was found elsewhere than thought, and is reached there from now on. */
export const MovedEvent = z.object({ accountId: AccountId, bucket: z.string(), region: z.string() });

/** This computer's clock is off; requests are signed by the service's. */
export const SkewEvent = z.object({ skewMs: z.number() });
