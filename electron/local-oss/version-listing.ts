/** ListObjectVersions. */
import { refused, xmlAnswer, type Outcome } from './answer.ts';
import { invalidArgument } from './failure.ts';
import {
  collectNames,
  commonPrefix,
  mapSome,
  optional,
  OWNER,
  readQuestion,
  type Line,
  type Question,
} from './listing.ts';
import { percentEncode } from './percent.ts';
import { isReadable, type Bucket, type Store, type StoredVersion } from './store.ts';
import { parameter, type QueryParameter } from './target.ts';
import { toXmlTime } from './timestamps.ts';
import type { XmlNode } from './xml.ts';

/** The lines of ListObjectVersions after its two markers; every version counts. */
async function versionLines(
  store: Store,
  bucket: Bucket,
  question: Question,
  keyMarker: string,
  versionMarker: string,
): Promise<Line<StoredVersion>[]> {
  const toLines = (versions: StoredVersion[]): Line<StoredVersion>[] =>
    versions.map((version) => ({ kind: 'version', name: version.key, version }));
  const lines: Line<StoredVersion>[] = [];
  if (versionMarker !== '' && keyMarker.startsWith(question.prefix) && commonPrefix(keyMarker, question) === null) {
    const versions = await store.versions(bucket, keyMarker);
    const at = versions.findIndex((version) => (version.versionId ?? 'null') === versionMarker);
    lines.push(...toLines(versions.slice(at + 1)));
  }
  const isListed = async (key: string): Promise<boolean> =>
    !bucket.extra.has(key) || (await store.versions(bucket, key)).length > 0;
  for (const line of await collectNames(store, bucket, question, keyMarker || null, isListed)) {
    if (lines.length > question.maxKeys) break;
    if (line.kind === 'prefix') lines.push(line);
    else lines.push(...toLines(await store.versions(bucket, line.name)));
  }
  return lines;
}

/** ListObjectVersions: keys in order, within a key the newest first, delete markers among the versions. */
export async function listVersions(store: Store, bucket: Bucket, query: readonly QueryParameter[]): Promise<Outcome> {
  const question = readQuestion(query);
  if ('code' in question) return refused(question);
  const keyMarker = parameter(query, 'key-marker') ?? '';
  const versionMarker = parameter(query, 'version-id-marker') ?? '';
  if (versionMarker !== '' && keyMarker === '') {
    return refused(
      invalidArgument(
        'A version-id marker cannot be specified without a key marker.',
        'version-id-marker',
        versionMarker,
      ),
    );
  }
  const all = await versionLines(store, bucket, question, keyMarker, versionMarker);
  const lines = all.slice(0, question.maxKeys);
  const last = all.length > lines.length ? lines.at(-1) : undefined;
  const write = question.isEncoded ? percentEncode : (text: string): string => text;

  const nodes = await mapSome(lines, async (line): Promise<XmlNode> => {
    if (line.kind === 'prefix') return ['CommonPrefixes', [['Prefix', write(line.name)]]];
    const { version } = line;
    const head: XmlNode[] = [
      ['Key', write(version.key)],
      ['VersionId', version.versionId ?? 'null'],
      ['IsLatest', String(version.isLatest)],
      ['LastModified', toXmlTime(version.modifiedAtMs)],
    ];
    if (!isReadable(version)) return ['DeleteMarker', [...head, OWNER]];
    const bytes: XmlNode[] = [
      ['ETag', `"${await store.etag(version)}"`],
      ['Type', 'Normal'],
      ['Size', String(version.content.sizeBytes)],
      ['StorageClass', version.storageClass],
    ];
    return ['Version', [...head, ...bytes, OWNER]];
  });

  return xmlAnswer([
    'ListVersionsResult',
    [
      ['Name', bucket.name],
      ['Prefix', write(question.prefix)],
      ['KeyMarker', write(keyMarker)],
      ['VersionIdMarker', versionMarker],
      ...optional('NextKeyMarker', last && write(last.name)),
      ...optional('NextVersionIdMarker', last?.kind === 'version' ? (last.version.versionId ?? 'null') : undefined),
      ['MaxKeys', String(question.maxKeys)],
      ['Delimiter', write(question.delimiter)],
      ...optional('EncodingType', question.isEncoded ? 'url' : undefined),
      ['IsTruncated', String(last !== undefined)],
      ...nodes.filter(([name]) => name !== 'CommonPrefixes'),
      ...nodes.filter(([name]) => name === 'CommonPrefixes'),
    ],
  ]);
}
