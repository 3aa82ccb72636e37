/** Percent-encoding and byte order, as Signature V4 and listings need them. */

const UNRESERVED = /[A-Za-z0-9\-_.~]/;
const ENCODED: readonly string[] = Array.from({ length: 256 }, (_, byte) => {
  const character = String.fromCharCode(byte);
  return UNRESERVED.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
});
const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Encodes all but RFC 3986's unreserved characters, `/` too; UTF-8, upper-case hex. Source: OSS V4 signing. */
export function percentEncode(text: string): string {
  let encoded = '';
  for (const byte of Buffer.from(text, 'utf8')) encoded += ENCODED[byte];
  return encoded;
}

/** As `percentEncode`, but `/` stays: the canonical URI. */
export function percentEncodePath(text: string): string {
  return percentEncode(text).replaceAll('%2F', '/');
}

/** Decodes escapes; null for a broken escape or bytes that are no UTF-8. Raw non-ASCII is read as the bytes it came in. */
export function percentDecode(text: string): string | null {
  if (!/[%\u0080-\uffff]/.test(text)) return text;
  if (/%(?![0-9A-Fa-f]{2})/.test(text)) return null;
  const bytes: number[] = [];
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 0x25) {
      bytes.push(Number.parseInt(text.slice(i + 1, i + 3), 16));
      i += 2;
    } else if (code > 0xff) {
      return null;
    } else {
      bytes.push(code);
    }
  }
  try {
    return strictUtf8.decode(Uint8Array.from(bytes));
  } catch {
    return null;
  }
}

/** UTF-16 code units in the order of the UTF-8 bytes they become: surrogates, above U+FFFF, come last. */
const rank = (unit: number): number => (unit < 0xd800 ? unit : unit < 0xe000 ? unit + 0x2000 : unit - 0x800);

/** Compares two texts by their UTF-8 bytes: the order of every OSS listing. */
export function compareUtf8(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const difference = rank(a.charCodeAt(i)) - rank(b.charCodeAt(i));
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}
