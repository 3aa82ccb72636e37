/**
 * Reads what a person types or drops into the path box: `oss://bucket/path` or only `bucket/path`, an object URL, or a
 * signed link of a page picture. Nothing goes through `new URL()`, which would rewrite dot segments and backslashes into
 * other keys. Of a signed link only the place is kept, never the signature.
 */
import type { SourceType } from '#contract/contract.ts';
import { fail, ok, type Result } from '#contract/errors.ts';
import { sourceOfKey } from '#contract/source-types.ts';
import { isBucketName, isPathStyleHost, hostName, readHost, splitPublicHost, type Endpoint } from './endpoint.ts';
import { percentDecode } from './listing.ts';
import { readProcess } from './process.ts';

/** A place in a bucket. */
export interface Address {
  bucket: string;
  /** Object key or prefix, decoded; empty for the bucket itself. */
  key: string;
  /**
   * `folder`: empty or ends in `/`; `document`: its extension, version or process instruction says so; `unclear`: only
   * the service can tell whether it is an object or a folder.
   */
  names: 'folder' | 'document' | 'unclear';
  versionId: string | null;
  source: SourceType | null;
  /** From a signed link of a page picture. */
  pageNumber: number | null;
}

const MAX_KEY_BYTES = 1023;

/**
 * Reads an address as the account with this endpoint sees it. Errors: `address.invalid` for text that is none,
 * `address.noBucketHere` for an address of another service than the account's.
 */
export function readAddress(text: string, endpoint: Endpoint): Result<Address> {
  const typed = text.trim();
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(typed)?.[1]?.toLowerCase();
  if (scheme === 'oss') return readOssPath(typed.slice('oss://'.length));
  if (scheme === 'http' || scheme === 'https') return readUrl(typed.slice(scheme.length + 3), scheme, endpoint);
  // `bucket/folder/` as it is said in mails and typed into the form: whoever leaves oss:// away means the same.
  if (isBucketName(typed.split('/', 1)[0]!)) return readOssPath(typed);
  return invalid('This is neither an oss:// path nor the address of an object.');
}

/**
 * Reads the place that somebody was given to see: `bucket/folder/`, or the same with `oss://` in front; a missing last
 * `/` is added, because a scope is a folder. Null for empty text. Errors: `account.invalid` with `detail.field`.
 */
export function readScope(text: string): Result<{ bucket: string; prefix: string } | null> {
  const typed = text.trim().replace(/^oss:\/\//i, '');
  if (typed === '') return ok(null);
  const slash = typed.indexOf('/');
  const bucket = slash < 0 ? typed : typed.slice(0, slash);
  const folder = slash < 0 ? '' : typed.slice(slash + 1);
  const prefix = folder === '' || folder.endsWith('/') ? folder : `${folder}/`;
  if (!isBucketName(bucket) || !isKey(prefix)) {
    return fail('account.invalid', 'The folder is written as bucket/folder/.', { detail: { field: 'scope' } });
  }
  return ok({ bucket, prefix });
}

/** `bucket/path` literally, as ossutil writes it: nothing in it is an escape, `?` and `#` are parts of the key. */
function readOssPath(text: string): Result<Address> {
  const slash = text.indexOf('/');
  const bucket = slash < 0 ? text : text.slice(0, slash);
  return toAddress(bucket, slash < 0 ? '' : text.slice(slash + 1), new Map());
}

function readUrl(rest: string, scheme: 'http' | 'https', endpoint: Endpoint): Result<Address> {
  const [, authority = '', path = '', query = ''] = /^([^/?#\\]*)([^?#]*)(?:\?([^#]*))?/.exec(rest) ?? [];
  const host = readHost(authority, scheme);
  if (host === null) return invalid('The host of this address cannot be read.');
  const parameters = readQuery(query);
  if (parameters === null) return invalid('The query of this address has a broken escape.');

  const rawPath = path.replace(/^\//, '');
  const place = locate(host, rawPath, endpoint);
  if (!place.ok) return place;
  const key = percentDecode(place.value.rawKey);
  if (key === null) return invalid('The path of this address has a broken escape.');
  return toAddress(place.value.bucket, key, parameters);
}

/** Finds the bucket by host style. The path is still encoded, so that a `%2F` in a key never parts bucket and key. */
function locate(host: string, rawPath: string, endpoint: Endpoint): Result<{ bucket: string; rawKey: string }> {
  if (endpoint.style === 'cname' && host === endpoint.host) {
    if (endpoint.bucket === null) return elsewhere(host);
    return ok({ bucket: endpoint.bucket, rawKey: rawPath });
  }
  if (isPathStyleHost(host)) {
    if (host !== endpoint.host) return elsewhere(host);
    const slash = rawPath.indexOf('/');
    if (slash < 0) return ok({ bucket: rawPath, rawKey: '' });
    return ok({ bucket: rawPath.slice(0, slash), rawKey: rawPath.slice(slash + 1) });
  }
  const own = host.endsWith(`.${endpoint.host}`) ? host.slice(0, -endpoint.host.length - 1) : null;
  if (endpoint.style === 'virtual' && own !== null && isBucketName(own)) return ok({ bucket: own, rawKey: rawPath });

  const split = splitPublicHost(hostName(host));
  // A custom domain's account belongs to the public service too; an IP address or a private host does not.
  if (split && isOfPublicService(endpoint)) return ok({ bucket: split.bucket, rawKey: rawPath });
  return split || own !== null ? elsewhere(host) : unknownHost(host);
}

function isOfPublicService(endpoint: Endpoint): boolean {
  return endpoint.style === 'cname' || hostName(endpoint.host).endsWith('.aliyuncs.com');
}

/** Query parameters, decoded; of a repeated name the last one counts. Null when an escape is broken. */
function readQuery(query: string): Map<string, string> | null {
  const parameters = new Map<string, string>();
  for (const part of query.split('&')) {
    if (part === '') continue;
    const equals = part.indexOf('=');
    const name = percentDecode((equals < 0 ? part : part.slice(0, equals)).replaceAll('+', ' '));
    const value = equals < 0 ? '' : percentDecode(part.slice(equals + 1).replaceAll('+', ' '));
    if (name === null || value === null) return null;
    parameters.set(name, value);
  }
  return parameters;
}

function toAddress(bucket: string, key: string, parameters: ReadonlyMap<string, string>): Result<Address> {
  if (!isBucketName(bucket)) return invalid('The name of the bucket is missing or not one that OSS allows.');
  if (!isKey(key)) return invalid('The name of the object is not one that OSS allows.');
  const versionId = parameters.get('versionId') || null;
  const process = readProcess(parameters.get('x-oss-process') ?? '');
  const source = process?.source ?? sourceOfKey(key);
  const isFolder = key === '' || key.endsWith('/');
  if (isFolder && process) return invalid('A folder has no pages.');
  const isDocument = source !== null || process !== null || versionId !== null;
  return ok({
    bucket,
    key,
    names: isFolder ? 'folder' : isDocument ? 'document' : 'unclear',
    versionId: isFolder ? null : versionId,
    source: isFolder ? null : source,
    pageNumber: process?.pageNumber ?? null,
  });
}

/** OSS's rule: at most 1,023 bytes of UTF-8, not beginning with `/` or `\`. Empty is a bucket's top folder. */
function isKey(key: string): boolean {
  return !/^[/\\]/.test(key) && Buffer.byteLength(key, 'utf8') <= MAX_KEY_BYTES;
}

function invalid(message: string): Result<never> {
  return fail('address.invalid', message);
}

function unknownHost(host: string): Result<never> {
  return fail('address.invalid', 'This host is none of the object storage service.', { detail: { host } });
}

function elsewhere(host: string): Result<never> {
  return fail('address.noBucketHere', 'This address belongs to another service than this account.', {
    detail: { host },
  });
}
