/** OpenSSL's words for what is wrong with a certificate, in the words of `net.tls`. */
const PROBLEMS: readonly (readonly [RegExp, string])[] = [
  [/^CERT_HAS_EXPIRED/, 'expired'],
  [/^CERT_NOT_YET_VALID/, 'not-yet-valid'],
  [/ALTNAME_INVALID|HOSTNAME_MISMATCH/, 'wrong-host'],
  [/^CERT_REVOKED/, 'revoked'],
  [/^UNABLE_TO_|SELF_SIGNED/, 'unknown-authority'],
];

const OF_TLS = /^(CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|ERR_TLS_|ERR_SSL_|HOSTNAME_MISMATCH|INVALID_CA|EPROTO$)/;

/** Whether an error's code is one of TLS: of the certificate, or of the handshake. */
export const isTlsCode = (code: string): boolean => OF_TLS.test(code);

/** Reads the code of an error of Node's TLS; `other` for what has no words of its own. */
export const toTlsReason = (code: string): string => PROBLEMS.find(([words]) => words.test(code))?.[1] ?? 'other';
