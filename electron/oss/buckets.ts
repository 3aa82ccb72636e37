/** ListBuckets and GetBucketLocation. Source: OSS, "GetService (ListBuckets)" and "GetBucketLocation". */
import type { Query } from './canonical.ts';
import { toIsoTime } from './listing.ts';
import { childrenOf, readXml, textOf } from './xml.ts';

export interface Bucket {
  name: string;
  /** `cn-hangzhou`; empty when the service did not say. */
  region: string;
  storageClass: string;
  /** ISO 8601 UTC */
  createdAt: string | null;
}

export interface BucketPage {
  buckets: Bucket[];
  /** The marker to go on with; null when the list is complete. */
  next: string | null;
}

/** Asks for up to 1,000 buckets, of all regions, after `marker`. */
export function listBucketsQuery(marker: string | null): Query {
  return marker === null ? { 'max-keys': '1000' } : { 'max-keys': '1000', marker };
}

/** Reads one page of buckets; null for what is no bucket list. A whole list has neither IsTruncated nor NextMarker. */
export function readBuckets(xml: string): BucketPage | null {
  const document = readXml(xml);
  if (document?.name !== 'ListAllMyBucketsResult') return null;
  const { root } = document;
  const buckets: Bucket[] = [];
  for (const element of childrenOf(root, 'Buckets').flatMap((list) => childrenOf(list, 'Bucket'))) {
    const name = textOf(element, 'Name');
    if (!name) return null;
    buckets.push({
      name,
      region: textOf(element, 'Region') || toRegion(textOf(element, 'Location') ?? ''),
      storageClass: textOf(element, 'StorageClass') || 'Standard',
      createdAt: toIsoTime(textOf(element, 'CreationDate')),
    });
  }
  if (textOf(root, 'IsTruncated') !== 'true') return { buckets, next: null };
  const next = textOf(root, 'NextMarker');
  return next ? { buckets, next } : null;
}

/** The answer of GetBucketLocation as a region id; null for anything else. */
export function readLocation(xml: string): string | null {
  const document = readXml(xml);
  if (document?.name !== 'LocationConstraint') return null;
  return toRegion(document.root.text) || null;
}

/** Query of DescribeRegions. */
export const REGIONS_QUERY = { regions: '' } as const;

/** The answer of DescribeRegions as region ids; null for anything else. */
export function readRegions(xml: string): string[] | null {
  const document = readXml(xml);
  if (document?.name !== 'RegionInfoList') return null;
  return (document.root.children.get('RegionInfo') ?? [])
    .map((element) => toRegion(textOf(element, 'Region') ?? ''))
    .filter((id) => /^[a-z0-9-]{2,40}$/.test(id));
}

/** `oss-cn-hangzhou`, as Location writes it, to the id that is signed with. */
function toRegion(location: string): string {
  return location.trim().replace(/^oss-/, '');
}
