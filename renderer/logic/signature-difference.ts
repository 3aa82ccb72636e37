/** The first difference between what the service signed and what we signed, and which part of the request it is in. */

/** Both readings, line by line: the canonical request where the service tells it, else the string to sign. */
export interface SignatureComparison {
  theirs: readonly string[];
  ours: readonly string[];
  /** Index of the first line that differs; null: they are the same. */
  line: number | null;
  part: SignaturePart | null;
}

export type SignaturePart =
  'method' | 'path' | 'query' | 'date' | 'token' | 'header' | 'payload' | 'algorithm' | 'scope' | 'hash';

/** Reads the texts that a refused signature brings along; null when the service told neither of them. */
export function compareSignatures(detail: Readonly<Record<string, string | number>>): SignatureComparison | null {
  const pair = (theirs: string, ours: string): [string, string] => [
    String(detail[theirs] ?? ''),
    String(detail[ours] ?? ''),
  ];
  const canonical = pair('serviceCanonicalRequest', 'canonicalRequest');
  const isCanonical = canonical[0] !== '';
  const [theirText, ourText] = isCanonical ? canonical : pair('serviceStringToSign', 'stringToSign');
  if (theirText === '' || ourText === '') return null;
  const [theirs, ours] = [theirText.split('\n'), ourText.split('\n')];
  const length = Math.max(theirs.length, ours.length);
  const line = Array.from({ length }, (_, index) => index).find((index) => theirs[index] !== ours[index]) ?? null;
  if (line === null) return { theirs, ours, line, part: null };
  const part = isCanonical ? partOfRequest(line, ours[line] ?? theirs[line] ?? '') : partOfString(line);
  return { theirs, ours, line, part };
}

/** Method, path and query stand in the first three lines; then headers, one a line; then the payload. */
function partOfRequest(line: number, text: string): SignaturePart {
  const first = (['method', 'path', 'query'] as const)[line];
  if (first) return first;
  if (text.startsWith('x-oss-date:')) return 'date';
  if (text.startsWith('x-oss-security-token:')) return 'token';
  return text.includes(':') ? 'header' : 'payload';
}

/** Algorithm, time, scope, and the hash of the canonical request. */
function partOfString(line: number): SignaturePart {
  return (['algorithm', 'date', 'scope'] as const)[line] ?? 'hash';
}
