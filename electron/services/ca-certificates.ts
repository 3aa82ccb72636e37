/**
 * Reads the certificates of authorities out of a file that a person chose: PEM or DER, one or several. Whatever else
 * stands in the file (private keys, servers' certificates) is left there.
 */
import { X509Certificate } from 'node:crypto';
import type { AuthorityView } from '#contract/network.ts';
import { fail, ok, type Result } from '#contract/errors.ts';

/** Bigger files are no certificates of a company. */
const MAX_FILE_BYTES = 1024 * 1024;
const PEM =
  /-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END (?:X509 |TRUSTED )?CERTIFICATE-----/g;

/**
 * The authorities in a file. Errors: `network.badCertificate` with `detail.reason`: `none` (no certificate in it),
 * `not-authority` (certificates of servers or people only), `expired`.
 */
export function readAuthorities(bytes: Uint8Array, nowMs: number): Result<X509Certificate[]> {
  const all = bytes.byteLength > MAX_FILE_BYTES ? [] : readCertificates(bytes);
  if (all.length === 0) return refuse('none', 'There is no certificate in this file.');
  const authorities = all.filter((certificate) => certificate.ca);
  if (authorities.length === 0) {
    return refuse(
      'not-authority',
      'The certificates in this file belong to no authority.',
      commonName(all[0]?.subject),
    );
  }
  const current = authorities.filter((certificate) => Date.parse(certificate.validTo) >= nowMs);
  if (current.length === 0) {
    return refuse('expired', 'The certificate in this file has expired.', commonName(authorities[0]?.subject));
  }
  return ok([...new Map(current.map((certificate) => [certificate.fingerprint256, certificate])).values()]);
}

function refuse(reason: 'none' | 'not-authority' | 'expired', message: string, subject = ''): Result<never> {
  return fail('network.badCertificate', message, { detail: { reason, subject } });
}

function readCertificates(bytes: Uint8Array): X509Certificate[] {
  const text = Buffer.from(bytes).toString('latin1');
  const blocks = text.match(PEM) ?? [];
  return (blocks.length > 0 ? blocks : [Buffer.from(bytes)]).flatMap((block) => readCertificate(block) ?? []);
}

/** One certificate, DER or PEM; null when it is none. */
export function readCertificate(source: string | Buffer): X509Certificate | null {
  try {
    return new X509Certificate(source);
  } catch {
    return null;
  }
}

/** What the page shows of an authority. */
export function toAuthorityView(certificate: X509Certificate): AuthorityView {
  return {
    fingerprint: certificate.fingerprint256,
    subject: commonName(certificate.subject),
    issuer: commonName(certificate.issuer),
    validFrom: new Date(certificate.validFrom).toISOString(),
    validTo: new Date(certificate.validTo).toISOString(),
  };
}

/**
 * The name a person knows of a subject or issuer as Node writes it, one attribute a line: the common name, else the
 * unit, else the organisation, else all of it.
 */
export function commonName(name = ''): string {
  const lines = name.split('\n');
  const valueOf = (attribute: string): string | undefined =>
    lines.find((line) => line.startsWith(`${attribute}=`))?.slice(attribute.length + 1);
  return (valueOf('CN') ?? valueOf('OU') ?? valueOf('O') ?? lines.join(', ')).slice(0, 200);
}
