/** Which operation a request asks for, and the RAM actions it needs. */
import { invalidArgument, methodNotAllowed, notImplemented, type OssFailure } from './failure.ts';
import { parameter, type QueryParameter, type Resource } from './target.ts';

/** Every operation that local-oss answers. */
export const OPERATIONS = [
  'ListBuckets',
  'DescribeRegions',
  'GetBucketInfo',
  'GetBucketLocation',
  'GetBucketAcl',
  'ListObjects',
  'ListObjectsV2',
  'ListObjectVersions',
  'HeadObject',
  'GetObjectMeta',
  'GetObject',
  'GetObjectAcl',
  'Snapshot',
  'AssumeRole',
  'LocalOssBill',
] as const;
export type Operation = (typeof OPERATIONS)[number];

/** Operations on objects' names and bytes: what `public-endpoint-forbidden` forbids. */
export const DATA_OPERATIONS: ReadonlySet<Operation> = new Set<Operation>([
  'ListObjects',
  'ListObjectsV2',
  'ListObjectVersions',
  'HeadObject',
  'GetObjectMeta',
  'GetObject',
  'Snapshot',
]);

/** Sub-resources that OSS has and local-oss has not: asking for one must not be taken for a plain listing or read. */
// In lines: as a column it would fill a page.
// prettier-ignore
const NOT_HERE = [
  'accessMonitor', 'append', 'archiveDirectRead', 'asyncFetch', 'bucketArchiveDirectRead', 'callback', 'cname', 'comp',
  'cors', 'delete', 'encryption', 'httpsConfig', 'img', 'inventory', 'inventoryId', 'lifecycle', 'live', 'logging',
  'metaQuery', 'objectLink', 'partNumber', 'policy', 'policyStatus', 'publicAccessBlock', 'qosInfo', 'referer',
  'replication', 'replicationLocation', 'replicationProgress', 'requestPayment', 'resourceGroup', 'restore', 'rtc',
  'seal', 'stat', 'style', 'symlink', 'tagging', 'torrent', 'transferAcceleration', 'uploadId', 'uploads', 'versioning',
  'vod', 'website', 'worm', 'wormId', 'x-oss-async-process', 'x-oss-write-get-object-response',
] as const;

type Choice = { ok: true; operation: Operation } | { ok: false; failure: OssFailure };
const yes = (operation: Operation): Choice => ({ ok: true, operation });
const no = (failure: OssFailure): Choice => ({ ok: false, failure });

/** Chooses the operation by method, resource and query. */
export function chooseOperation(method: string, resource: Resource, query: readonly QueryParameter[]): Choice {
  const has = (name: string): boolean => query.some((one) => one.name === name);
  const kind = resource.bucket === null ? 'Service' : resource.key === null ? 'Bucket' : 'Object';
  if (method !== 'GET' && !(method === 'HEAD' && kind === 'Object')) {
    return no(methodNotAllowed(method, kind, { allow: kind === 'Object' ? 'GET, HEAD' : 'GET' }));
  }
  const missing = NOT_HERE.find(has);
  if (missing !== undefined) return no(notImplemented(missing));

  if (kind === 'Service') {
    if (has('local-oss-bill')) return yes('LocalOssBill');
    return yes(has('regions') ? 'DescribeRegions' : 'ListBuckets');
  }
  if (kind === 'Bucket') {
    if (has('bucketInfo')) return yes('GetBucketInfo');
    if (has('location')) return yes('GetBucketLocation');
    if (has('acl')) return yes('GetBucketAcl');
    if (has('versions')) return yes('ListObjectVersions');
    const ofObjects = ['objectMeta', 'x-oss-process'].find(has);
    if (ofObjects !== undefined) return no(notImplemented(ofObjects));
    const type = parameter(query, 'list-type');
    if (type === undefined) return yes('ListObjects');
    return type === '2' ? yes('ListObjectsV2') : no(invalidArgument('Invalid list-type.', 'list-type', type));
  }
  if (has('x-oss-process')) {
    return method === 'GET' ? yes('Snapshot') : no(methodNotAllowed(method, 'Object', { allow: 'GET' }));
  }
  if (has('acl')) return method === 'GET' ? yes('GetObjectAcl') : no(methodNotAllowed(method, 'Object'));
  if (has('objectMeta')) return method === 'HEAD' ? yes('GetObjectMeta') : no(methodNotAllowed(method, 'Object'));
  return yes(method === 'HEAD' ? 'HeadObject' : 'GetObject');
}

/** The RAM actions an operation needs, in the order in which they are checked. `kms:Decrypt` is asked for by the object. */
export function actionsOf(operation: Operation, hasVersionId: boolean): readonly string[] {
  const read = hasVersionId ? ['oss:GetObjectVersion'] : ['oss:GetObject'];
  switch (operation) {
    case 'ListObjectsV2':
      return ['oss:ListObjects'];
    case 'HeadObject':
    case 'GetObjectMeta':
    case 'GetObject':
      return read;
    case 'Snapshot':
      return [...read, 'oss:ProcessImm', 'imm:CreateOfficeConversionTask'];
    case 'AssumeRole':
    case 'LocalOssBill':
      return [];
    default:
      return [`oss:${operation}`];
  }
}
