/** Certificates for tests: authorities, servers, and chains that are wrong in one point each. Keys are made anew. */
import { webcrypto, X509Certificate } from 'node:crypto';
import * as asn1js from 'asn1js';
import * as pkijs from 'pkijs';

const engine = new pkijs.CryptoEngine({ name: 'node', crypto: webcrypto as unknown as Crypto });
const DAY_MS = 86_400_000;
let serial = 1;

/** What a certificate says; whatever is left out is as an honest one has it. */
export interface Wishes {
  name: string;
  /** Who signs; absent: itself. */
  issuer?: Made;
  /** Names of a server: DNS names or IPv4 addresses. */
  hosts?: string[];
  /** Whether it says that it is an authority; null: it says nothing. */
  isCa?: boolean | null;
  pathLength?: number;
  /** Bits of keyUsage, the first byte; null: none said. */
  keyUsage?: number | null;
  /** Object identifiers of extendedKeyUsage; null: none said. */
  extendedKeyUsage?: string[] | null;
  permittedDns?: string[];
  excludedDns?: string[];
  /** Permitted IPv4 range: four bytes of address, four of mask. */
  permittedIp?: number[];
  permittedEmail?: string[];
  /** Days from now. */
  notBeforeDays?: number;
  notAfterDays?: number;
  hash?: 'SHA-1' | 'SHA-256';
  key?: 'P-256' | 'RSA-1024' | 'RSA-2048';
  /** A critical extension that nobody knows. */
  hasUnknownCritical?: boolean;
}

export interface Made {
  der: Buffer;
  pem: string;
  /** PKCS #8, PEM: for a TLS server of a test. */
  keyPem: string;
  x509: X509Certificate;
  signing: { name: string; privateKey: webcrypto.CryptoKey };
}

export const SERVER_AUTH = '1.3.6.1.5.5.7.3.1';
export const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2';
export const KEY_CERT_SIGN = 0x04;
export const DIGITAL_SIGNATURE = 0x80;

/** Makes a certificate. Authorities (`isCa`) and servers (`hosts`) come out complete without further wishes. */
export async function makeCertificate(wishes: Wishes): Promise<Made> {
  const pair = await makeKeys(wishes.key ?? 'P-256');
  const signer = wishes.issuer?.signing ?? { name: wishes.name, privateKey: pair.privateKey };
  const certificate = new pkijs.Certificate();
  certificate.version = 2;
  certificate.serialNumber = new asn1js.Integer({ value: (serial += 1) });
  certificate.issuer.typesAndValues.push(commonName(signer.name));
  certificate.subject.typesAndValues.push(commonName(wishes.name));
  certificate.notBefore.value = inDays(wishes.notBeforeDays ?? -1);
  certificate.notAfter.value = inDays(wishes.notAfterDays ?? 30);
  certificate.extensions = extensionsOf(wishes);
  await certificate.subjectPublicKeyInfo.importKey(pair.publicKey as CryptoKey, engine);
  await certificate.sign(signer.privateKey as CryptoKey, wishes.hash ?? 'SHA-256', engine);
  const der = Buffer.from(certificate.toSchema(true).toBER(false));
  const x509 = new X509Certificate(der);
  const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', pair.privateKey));
  return {
    der,
    pem: x509.toString(),
    keyPem: `-----BEGIN PRIVATE KEY-----\n${pkcs8.toString('base64').replace(/.{64}/g, '$&\n')}\n-----END PRIVATE KEY-----\n`,
    x509,
    signing: { name: wishes.name, privateKey: pair.privateKey },
  };
}

function makeKeys(kind: NonNullable<Wishes['key']>): Promise<webcrypto.CryptoKeyPair> {
  if (kind === 'P-256') {
    return webcrypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify']);
  }
  const modulusLength = kind === 'RSA-1024' ? 1024 : 2048;
  const algorithm = {
    name: 'RSASSA-PKCS1-v1_5',
    modulusLength,
    publicExponent: new Uint8Array([1, 0, 1]),
    hash: 'SHA-256',
  };
  return webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
}

const inDays = (days: number): Date => new Date(Math.floor((Date.now() + days * DAY_MS) / 1000) * 1000);

const commonName = (value: string): pkijs.AttributeTypeAndValue =>
  new pkijs.AttributeTypeAndValue({ type: '2.5.4.3', value: new asn1js.Utf8String({ value }) });

function extensionsOf(wishes: Wishes): pkijs.Extension[] {
  const { isCa = !wishes.hosts, hosts } = wishes;
  const keyUsage = wishes.keyUsage === undefined ? (isCa ? KEY_CERT_SIGN : DIGITAL_SIGNATURE) : wishes.keyUsage;
  const purposes = wishes.extendedKeyUsage === undefined ? (isCa ? null : [SERVER_AUTH]) : wishes.extendedKeyUsage;
  const extensions: pkijs.Extension[] = [];
  const add = (extnID: string, critical: boolean, value: { toBER(sizeOnly?: boolean): ArrayBuffer }): void =>
    void extensions.push(new pkijs.Extension({ extnID, critical, extnValue: value.toBER(false) }));

  if (isCa !== null) {
    const { pathLength } = wishes;
    const said = { cA: isCa, ...(pathLength === undefined ? {} : { pathLenConstraint: pathLength }) };
    add('2.5.29.19', true, new pkijs.BasicConstraints(said).toSchema());
  }
  if (keyUsage !== null) {
    add('2.5.29.15', true, new asn1js.BitString({ valueHex: new Uint8Array([keyUsage]).buffer, unusedBits: 0 }));
  }
  if (purposes) add('2.5.29.37', false, new pkijs.ExtKeyUsage({ keyPurposes: purposes }).toSchema());
  if (hosts) add('2.5.29.17', false, new pkijs.GeneralNames({ names: hosts.map(toGeneralName) }).toSchema());
  const permitted = [
    ...(wishes.permittedDns ?? []).map((value) => subtree(2, value)),
    ...(wishes.permittedEmail ?? []).map((value) => subtree(1, value)),
    ...(wishes.permittedIp ? [subtree(7, toOctets(wishes.permittedIp))] : []),
  ];
  const excluded = (wishes.excludedDns ?? []).map((value) => subtree(2, value));
  if (permitted.length > 0 || excluded.length > 0) {
    const constraints = new pkijs.NameConstraints({
      ...(permitted.length > 0 ? { permittedSubtrees: permitted } : {}),
      ...(excluded.length > 0 ? { excludedSubtrees: excluded } : {}),
    });
    add('2.5.29.30', true, constraints.toSchema());
  }
  if (wishes.hasUnknownCritical) add('1.3.6.1.4.1.99999.1', true, new asn1js.Null());
  return extensions;
}

const subtree = (type: 1 | 2 | 7, value: unknown): pkijs.GeneralSubtree => {
  const base = new pkijs.GeneralName();
  base.type = type;
  base.value = value;
  return new pkijs.GeneralSubtree({ base });
};

const toOctets = (bytes: number[]): asn1js.OctetString =>
  new asn1js.OctetString({ valueHex: new Uint8Array(bytes).buffer });

function toGeneralName(host: string): pkijs.GeneralName {
  const isIp = /^\d+(\.\d+){3}$/.test(host);
  return new pkijs.GeneralName(
    isIp ? { type: 7, value: toOctets(host.split('.').map(Number)) } : { type: 2, value: host },
  );
}
