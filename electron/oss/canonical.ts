/** The canonical request of Signature V4, field by field. Source: OSS, "Include a V4 signature in the Authorization header". */

/** Query parameters, decoded; an empty value is a bare name (`acl`). Names are unique, as in every OSS call. */
export type Query = Readonly<Record<string, string>>;

/** Header names in any case, values as sent. */
export type HeaderMap = Readonly<Record<string, string>>;

/** The only body hash the service accepts: bodies are not signed. */
export const UNSIGNED_PAYLOAD = 'UNSIGNED-PAYLOAD';

/** A bucket and key, decoded. Both null: the service itself; key null: the bucket. */
export interface Resource {
  bucket: string | null;
  key: string | null;
}

/**
 * Percent-encodes text as OSS signs it: RFC 3986 unreserved kept, all else `%XX` upper case, UTF-8. A lone surrogate,
 * which no OSS name can hold, becomes U+FFFD instead of throwing.
 */
export function percentEncode(text: string): string {
  return encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\uFFFD')).replace(
    /[!'()*]/g, // encodeURIComponent leaves these five alone, OSS does not
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** Encodes an object key for a path: like `percentEncode`, but `/` stays. Dot segments and repeated slashes are kept. */
export function encodeKey(key: string): string {
  return percentEncode(key).replaceAll('%2F', '/');
}

/**
 * True for a key that browsers and Chromium's network stack do not send as it is: a segment `.` or `..` they tidy away, and
 * an address with an escaped null character they refuse.
 */
export function isUnsendable(key: string): boolean {
  return /(^|\/)\.{1,2}(\/|$)|\0/.test(key);
}

/** `/`, `/<bucket>/` or `/<bucket>/<key>`, whatever host style the request uses. */
export function canonicalUri({ bucket, key }: Resource): string {
  if (bucket === null) return '/';
  return `/${percentEncode(bucket)}/${key === null ? '' : encodeKey(key)}`;
}

/** The query as it is signed, and as it may be sent: encoded, sorted by encoded name in byte order, bare names without `=`. */
export function canonicalQuery(query: Query): string {
  return Object.entries(query)
    .map(([name, value]) => [percentEncode(name), percentEncode(value)] as const)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)) // encoded names are ASCII: code units are bytes
    .map(([name, value]) => (value === '' ? name : `${name}=${value}`))
    .join('&');
}

/** Headers signed without being named in AdditionalHeaders. */
function isSignedByDefault(name: string): boolean {
  return name.startsWith('x-oss-') || name === 'content-type' || name === 'content-md5';
}

/** The AdditionalHeaders that count: lower case, sorted, present in the request, and not signed anyway. */
export function additionalHeaders(headers: HeaderMap, names: readonly string[]): string[] {
  const present = new Set(Object.keys(headers).map((name) => name.toLowerCase()));
  const wanted = new Set(names.map((name) => name.toLowerCase()));
  return [...wanted].filter((name) => present.has(name) && !isSignedByDefault(name)).sort();
}

/** One `name:value` line per signed header, sorted; each line ends in LF, so the field does too. */
export function canonicalHeaders(headers: HeaderMap, additional: readonly string[]): string {
  return Object.entries(headers)
    .map(([name, value]) => [name.toLowerCase(), value.trim()] as const)
    .filter(([name]) => isSignedByDefault(name) || additional.includes(name))
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([name, value]) => `${name}:${value}\n`)
    .join('');
}

export interface CanonicalInput extends Resource {
  /** Upper case. */
  method: string;
  query: Query;
  headers: HeaderMap;
  /** Already reduced by `additionalHeaders`. */
  additional: readonly string[];
}

/** The six fields joined by LF; the headers' own last LF makes the empty line before AdditionalHeaders. */
export function canonicalRequest(input: CanonicalInput): string {
  return [
    input.method,
    canonicalUri(input),
    canonicalQuery(input.query),
    canonicalHeaders(input.headers, input.additional),
    input.additional.join(';'),
    UNSIGNED_PAYLOAD,
  ].join('\n');
}
