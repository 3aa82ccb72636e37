/**
 * Takes secrets out of text before any sink sees it. Works by shape and by field name and keeps no list of the secrets
 * in use: such a list would be one more place where they live.
 */

const HIDDEN = '[secret]';

/** Field names whose value is never written, whatever it is. */
const SECRET_FIELD = /secret|token|password|authorization|signature|credential/i;

/** What gives itself away inside text, each with what stays of it. Order matters: whole headers before their parts. */
const SHAPES: readonly (readonly [RegExp, string])[] = [
  // Authorization: OSS4-HMAC-SHA256 Credential=..., Signature=...   and V1's "OSS id:signature"
  [/OSS4-HMAC-SHA256[ ,]+Credential=[^"'\n\r]*/g, `OSS4-HMAC-SHA256 ${HIDDEN}`],
  [/\bOSS [A-Za-z0-9.]+:[A-Za-z0-9+/=]{20,}/g, `OSS ${HIDDEN}`],
  // x-oss-signature=..., "accessKeySecret":"...", security-token: ...  (also percent-encoded and backslash-escaped)
  [
    /([A-Za-z-]*(?:secret|token|password|signature|credential|OSSAccessKeyId)\\*["']?\s*(?:[:=]|%3D|%3A)\s*\\*["']?)[^"'\\,;\s&}]+/gi,
    `$1${HIDDEN}`,
  ],
  // https://user:password@proxy
  [/\/\/[^/\s@:]+:[^/\s@]+@/g, `//${HIDDEN}@`],
  // AccessKey IDs: the head says which kind of key it was
  [/\b(LTAI|STS\.|TMP\.)[A-Za-z0-9]{6,}/g, '$1…'],
  // V4 signatures and derived keys
  [/\b[0-9a-fA-F]{64}\b/g, HIDDEN],
  // AccessKey secrets (30 letters and digits; STS 44) and security tokens
  [
    /(?<![A-Za-z0-9+/=_-])(?=[a-zA-Z0-9+/=]*[a-z])(?=[a-zA-Z0-9+/=]*[A-Z])(?=[a-zA-Z0-9+/=]*[0-9])[A-Za-z0-9+=]{28,64}(?![A-Za-z0-9+/=])/g,
    HIDDEN,
  ],
  [/[A-Za-z0-9+/=_-]{100,}/g, HIDDEN],
];

/** The same text without anything that looks like a key, a signature or a token. */
export function redact(text: string): string {
  return SHAPES.reduce((result, [shape, rest]) => result.replace(shape, rest), text);
}

/** Whether a field of this name may hold a secret. */
export const isSecretField = (name: string): boolean => SECRET_FIELD.test(name);

/** `LTAI5t…7Qx2` for views: enough to recognise a key, too little to copy it. Short ids keep only their first letters. */
export function maskKeyId(accessKeyId: string): string {
  const tail = accessKeyId.length >= 12 ? accessKeyId.slice(-4) : '';
  return `${accessKeyId.slice(0, Math.min(6, Math.floor(accessKeyId.length / 2)))}…${tail}`;
}
