/** Answers about the service and about buckets as a whole. */
import { OWNER_ID } from './access.ts';
import { refused, xmlAnswer, type Outcome } from './answer.ts';
import { refuse } from './failure.ts';
import { OWNER, readMaxKeys } from './listing.ts';
import { allRegions, internalEndpoint, publicEndpoint } from './regions.ts';
import type { Bucket, Store } from './store.ts';
import { parameter, type QueryParameter } from './target.ts';
import { toXmlTime } from './timestamps.ts';
import type { XmlNode } from './xml.ts';

const DEFAULT_MAX_BUCKETS = 100;

function bucketNodes(bucket: Bucket): XmlNode[] {
  return [
    ['Comment', ''],
    ['CreationDate', toXmlTime(bucket.createdAtMs)],
    ['ExtranetEndpoint', publicEndpoint(bucket.region)],
    ['IntranetEndpoint', internalEndpoint(bucket.region)],
    ['Location', `oss-${bucket.region}`],
    ['Name', bucket.name],
  ];
}

/** ListBuckets: every bucket of the account, of all regions. A complete list carries no paging elements, as in OSS. */
export async function listBuckets(store: Store, query: readonly QueryParameter[]): Promise<Outcome> {
  const maxKeys = readMaxKeys(query, DEFAULT_MAX_BUCKETS);
  if (typeof maxKeys !== 'number') return refused(maxKeys);
  const prefix = parameter(query, 'prefix') ?? '';
  const marker = parameter(query, 'marker') ?? '';
  const names = (await store.bucketNames()).filter((name) => name.startsWith(prefix) && name > marker);
  const page = names.slice(0, maxKeys);
  const isTruncated = names.length > page.length;
  const buckets = await Promise.all(page.map((name) => store.bucket(name)));
  const nodes = buckets
    .filter((bucket) => bucket !== null)
    .map((bucket): XmlNode => [
      'Bucket',
      [
        ...bucketNodes(bucket),
        ['Region', bucket.region],
        ['ResourceGroupId', 'rg-localoss'],
        ['StorageClass', bucket.storageClass],
      ],
    ]);
  const paging: XmlNode[] = [
    ['Prefix', prefix],
    ['Marker', marker],
    ['MaxKeys', String(maxKeys)],
    ['IsTruncated', String(isTruncated)],
    ...(isTruncated ? ([['NextMarker', page.at(-1) ?? '']] as const) : []),
  ];
  const isPartial = isTruncated || prefix !== '' || marker !== '';
  return xmlAnswer(['ListAllMyBucketsResult', [...(isPartial ? paging : []), OWNER, ['Buckets', nodes]]]);
}

/** DescribeRegions; `regions=oss-cn-hangzhou` asks for one. */
export function describeRegions(query: readonly QueryParameter[], ownRegion: string): Outcome {
  const wanted = parameter(query, 'regions') ?? '';
  const regions = allRegions(ownRegion).filter((region) => wanted === '' || wanted === `oss-${region}`);
  if (regions.length === 0) {
    return refused(refuse(404, 'NoSuchRegion', 'The specified region does not exist.', '0004-00000101'));
  }
  return xmlAnswer([
    'RegionInfoList',
    regions.map((region): XmlNode => [
      'RegionInfo',
      [
        ['Region', `oss-${region}`],
        ['InternetEndpoint', publicEndpoint(region)],
        ['InternalEndpoint', internalEndpoint(region)],
        ['AccelerateEndpoint', 'oss-accelerate.aliyuncs.com'],
      ],
    ]),
  ]);
}

/** GetBucketInfo. */
export function bucketInfo(bucket: Bucket): Outcome {
  const versioning = bucket.entry.versioning;
  return xmlAnswer([
    'BucketInfo',
    [
      [
        'Bucket',
        [
          ['AccessMonitor', 'Disabled'],
          ['BlockPublicAccess', 'false'],
          ...bucketNodes(bucket),
          ['CrossRegionReplication', 'Disabled'],
          ['DataRedundancyType', 'LRS'],
          ['ResourceGroupId', 'rg-localoss'],
          ['StorageClass', bucket.storageClass],
          ['TransferAcceleration', 'Disabled'],
          ...(versioning === undefined ? [] : ([['Versioning', versioning]] as const)),
          OWNER,
          ['AccessControlList', [['Grant', bucket.entry.acl ?? 'private']]],
          [
            'ServerSideEncryptionRule',
            [
              ['SSEAlgorithm', 'None'],
              ['KMSMasterKeyID', ''],
            ],
          ],
          [
            'BucketPolicy',
            [
              ['LogBucket', ''],
              ['LogPrefix', ''],
            ],
          ],
        ],
      ],
    ],
  ]);
}

/** GetBucketLocation. */
export const bucketLocation = (bucket: Bucket): Outcome => xmlAnswer(['LocationConstraint', `oss-${bucket.region}`]);

/** GetBucketAcl and GetObjectAcl; an object's ACL is its bucket's unless set, and here none is. */
export function accessControl(grant: string): Outcome {
  return xmlAnswer([
    'AccessControlPolicy',
    [
      [
        'Owner',
        [
          ['ID', OWNER_ID],
          ['DisplayName', OWNER_ID],
        ],
      ],
      ['AccessControlList', [['Grant', grant]]],
    ],
  ]);
}
