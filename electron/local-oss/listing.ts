/** ListObjects, both versions, and what the listing of versions has in common with them. */
import { OWNER_ID } from './access.ts';
import { refused, xmlAnswer, type Outcome } from './answer.ts';
import { invalidArgument, type OssFailure } from './failure.ts';
import type { Walk } from './folder.ts';
import { compareUtf8, percentEncode } from './percent.ts';
import { isReadable, type Bucket, type ReadableVersion, type Store } from './store.ts';
import { parameter, type QueryParameter } from './target.ts';
import { toXmlTime } from './timestamps.ts';
import { MAX_KEY_BYTES } from './world.ts';
import type { XmlNode } from './xml.ts';

const DEFAULT_MAX_KEYS = 100;
const MAX_MAX_KEYS = 1000;
/** How many files are looked at and hashed at a time. */
const WIDTH = 16;

export const OWNER: XmlNode = [
  'Owner',
  [
    ['ID', OWNER_ID],
    ['DisplayName', OWNER_ID],
  ],
];

/** What the three listings have in common. */
export interface Question {
  prefix: string;
  delimiter: string;
  maxKeys: number;
  isEncoded: boolean;
}

/** Reads and checks what the three listings have in common. */
export function readQuestion(query: readonly QueryParameter[]): Question | OssFailure {
  const maxKeys = readMaxKeys(query, DEFAULT_MAX_KEYS);
  if (typeof maxKeys !== 'number') return maxKeys;
  const encoding = parameter(query, 'encoding-type') ?? '';
  if (encoding !== '' && encoding !== 'url') {
    return invalidArgument('Invalid Encoding Method specified in Request.', 'encoding-type', encoding);
  }
  const prefix = parameter(query, 'prefix') ?? '';
  if (Buffer.byteLength(prefix) > MAX_KEY_BYTES) {
    return invalidArgument('The length of the prefix must be at most 1023.', 'prefix', prefix);
  }
  return { prefix, delimiter: parameter(query, 'delimiter') ?? '', maxKeys, isEncoded: encoding === 'url' };
}

/** `max-keys`: 1 to 1,000, the default when missing or empty. */
export function readMaxKeys(query: readonly QueryParameter[], byDefault: number): number | OssFailure {
  const text = parameter(query, 'max-keys') ?? '';
  if (text === '') return byDefault;
  const value = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (value >= 1 && value <= MAX_MAX_KEYS) return value;
  return invalidArgument('Argument max-keys must be an integer between 1 and 1000.', 'max-keys', text);
}

/** One line of a listing; `name` is what a marker of it holds. */
export type Line<V> = { kind: 'prefix'; name: string } | { kind: 'version'; name: string; version: V };

/** The common prefix that hides a key, if the delimiter makes one. */
export function commonPrefix(key: string, { prefix, delimiter }: Question): string | null {
  if (delimiter === '') return null;
  const at = key.indexOf(delimiter, prefix.length);
  return at < 0 ? null : key.slice(0, at + delimiter.length);
}

/** The keys and common prefixes after a marker, one more than `max-keys` if there are so many. */
export async function collectNames(
  store: Store,
  bucket: Bucket,
  question: Question,
  after: string | null,
  isListed: (key: string) => Promise<boolean>,
): Promise<Line<null>[]> {
  const walk: Walk = { prefix: question.prefix, after, skipPrefix: null };
  const lines: Line<null>[] = [];
  for await (const key of store.keys(bucket, walk)) {
    const common = commonPrefix(key, question);
    if (common !== null && after !== null && compareUtf8(common, after) <= 0) {
      walk.skipPrefix = common;
      continue;
    }
    if (!(await isListed(key))) continue;
    if (common === null) {
      lines.push({ kind: 'version', name: key, version: null });
    } else {
      lines.push({ kind: 'prefix', name: common });
      walk.skipPrefix = common;
    }
    if (lines.length > question.maxKeys) break;
  }
  return lines;
}

/** Runs over items, a few at a time, and keeps their order. */
export async function mapSome<T, U>(items: readonly T[], one: (item: T) => Promise<U>): Promise<U[]> {
  const results: U[] = [];
  for (let start = 0; start < items.length; start += WIDTH) {
    results.push(...(await Promise.all(items.slice(start, start + WIDTH).map(one))));
  }
  return results;
}

/** The current version of a key; null when it is gone or deleted. */
async function current(store: Store, bucket: Bucket, key: string): Promise<ReadableVersion | null> {
  const [latest] = await store.versions(bucket, key);
  return latest && isReadable(latest) ? latest : null;
}

async function contents(
  store: Store,
  version: ReadableVersion,
  write: (text: string) => string,
  withOwner: boolean,
): Promise<XmlNode> {
  const nodes: XmlNode[] = [
    ['Key', write(version.key)],
    ['LastModified', toXmlTime(version.modifiedAtMs)],
    ['ETag', `"${await store.etag(version)}"`],
    ['Type', 'Normal'],
    ['Size', String(version.content.sizeBytes)],
    ['StorageClass', version.storageClass],
  ];
  if (withOwner) nodes.push(OWNER);
  if (version.entry.restore !== undefined) nodes.push(['RestoreInfo', version.entry.restore]);
  return ['Contents', nodes];
}

/** An element, or none without content. */
export const optional = (name: string, content: string | undefined): XmlNode[] =>
  content === undefined ? [] : [[name, content]];

/** Documentation's tokens are base64 of the protobuf `{1: last name}` with `-` for `=`; `+` and `/` are kept out of URLs. */
function toToken(name: string): string {
  const bytes = Buffer.from(name, 'utf8');
  const length = bytes.length < 0x80 ? [bytes.length] : [(bytes.length & 0x7f) | 0x80, bytes.length >> 7];
  const token = Buffer.concat([Buffer.from([0x0a, ...length]), bytes]).toString('base64');
  return token.replaceAll('=', '-').replaceAll('+', '.').replaceAll('/', '_');
}

function readToken(token: string): string | null {
  const bytes = Buffer.from(token.replaceAll('-', '=').replaceAll('.', '+').replaceAll('_', '/'), 'base64');
  const name = bytes.subarray((bytes[1] ?? 0) < 0x80 ? 2 : 3).toString('utf8');
  return name !== '' && toToken(name) === token ? name : null;
}

async function visibleLines(
  store: Store,
  bucket: Bucket,
  question: Question,
  after: string | null,
): Promise<{ lines: Line<ReadableVersion>[]; next: string | null }> {
  // Files that the walk found are there; only the world's entries can be deleted or have no bytes.
  const isListed = async (key: string): Promise<boolean> =>
    !bucket.extra.has(key) || (await current(store, bucket, key)) !== null;
  const names = await collectNames(store, bucket, question, after, isListed);
  const page = names.slice(0, question.maxKeys);
  const found = await mapSome(page, async (line): Promise<Line<ReadableVersion> | null> => {
    if (line.kind === 'prefix') return line;
    const version = await current(store, bucket, line.name);
    return version && { kind: 'version', name: line.name, version };
  });
  const lines = found.filter((line) => line !== null);
  return { lines, next: names.length > page.length ? (page.at(-1)?.name ?? null) : null };
}

/** ListObjects, both versions. Order: bytes of the key. `max-keys` counts keys and common prefixes. */
export async function listObjects(
  store: Store,
  bucket: Bucket,
  query: readonly QueryParameter[],
  version: 1 | 2,
): Promise<Outcome> {
  const question = readQuestion(query);
  if ('code' in question) return refused(question);
  const token = version === 2 ? parameter(query, 'continuation-token') : undefined;
  const startAfter = version === 2 ? (parameter(query, 'start-after') ?? '') : '';
  const marker = version === 1 ? (parameter(query, 'marker') ?? '') : '';
  const fromToken = token === undefined ? null : readToken(token);
  if (token !== undefined && fromToken === null) {
    return refused(invalidArgument('The continuation token provided is incorrect.', 'continuation-token', token));
  }

  const after = fromToken ?? (startAfter || marker || null);
  const { lines, next } = await visibleLines(store, bucket, question, after);
  const write = question.isEncoded ? percentEncode : (text: string): string => text;
  const withOwner = version === 1 || parameter(query, 'fetch-owner') === 'true';
  const objects = await mapSome(
    lines.filter((line) => line.kind === 'version'),
    (line) => contents(store, line.version, write, withOwner),
  );
  const prefixes = lines
    .filter((line) => line.kind === 'prefix')
    .map((line): XmlNode => ['CommonPrefixes', [['Prefix', write(line.name)]]]);

  return xmlAnswer([
    'ListBucketResult',
    [
      ['Name', bucket.name],
      ['Prefix', write(question.prefix)],
      ...(version === 1 ? optional('Marker', write(marker)) : optional('StartAfter', write(startAfter))),
      ['MaxKeys', String(question.maxKeys)],
      ['Delimiter', write(question.delimiter)],
      ...optional('EncodingType', question.isEncoded ? 'url' : undefined),
      ['IsTruncated', String(next !== null)],
      ...optional('ContinuationToken', token),
      ...(next === null ? [] : version === 1 ? optional('NextMarker', write(next)) : []),
      ...(next === null ? [] : version === 2 ? optional('NextContinuationToken', toToken(next)) : []),
      ...objects,
      ...prefixes,
      ...(version === 2 ? optional('KeyCount', String(lines.length)) : []),
    ],
  ]);
}
