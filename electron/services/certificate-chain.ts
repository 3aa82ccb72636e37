/**
 * Verifies a server's certificates against authorities that the person added, in full. It is asked only where Chromium's
 * one complaint is that it does not know the authority, and it says yes only when two readings agree: PKI.js finds and
 * validates a path (RFC 5280, 6.1), and our own pass over that path checks what PKI.js leaves out: the authority's own
 * path length and name constraints, purposes, host name, weak signatures and keys, critical extensions nobody knows.
 * What is not understood is refused. Revocation is not asked for: company authorities rarely publish it.
 */
import { webcrypto, X509Certificate } from 'node:crypto';
import net from 'node:net';
import type * as Pkijs from 'pkijs';

export type ChainVerdict = { ok: true } | { ok: false; reason: ChainProblem };
/** Why a chain was refused; `other`: a rule was broken that no reader of a sentence could act upon. */
export type ChainProblem = 'unknown-authority' | 'expired' | 'not-yet-valid' | 'wrong-host' | 'other';

export interface ChainQuestion {
  /** DER as the server sent them, its own first. */
  chain: readonly Uint8Array[];
  /** The host that was asked for: a name, or an IP address without brackets. */
  host: string;
  /** DER of the added authorities. */
  authorities: readonly Uint8Array[];
  nowMs: number;
}

interface Entry {
  node: X509Certificate;
  parsed: Pkijs.Certificate;
}

/** Longer ones are no honest chain, and building paths through them takes long. */
const MAX_CHAIN = 10;
const MIN_RSA_BITS = 2048;
const STRONG_CURVES: ReadonlySet<string> = new Set(['prime256v1', 'secp384r1', 'secp521r1']);
/** Signature algorithms with SHA-2, and Ed25519. RSA-PSS, whose hash stands in parameters, is not among them: company authorities do not use it. */
const STRONG_SIGNATURES: ReadonlySet<string> = new Set([
  '1.2.840.113549.1.1.11',
  '1.2.840.113549.1.1.12',
  '1.2.840.113549.1.1.13',
  '1.2.840.10045.4.3.2',
  '1.2.840.10045.4.3.3',
  '1.2.840.10045.4.3.4',
  '1.3.101.112',
]);
const BASIC_CONSTRAINTS = '2.5.29.19';
const KEY_USAGE = '2.5.29.15';
const EXTENDED_KEY_USAGE = '2.5.29.37';
const ALTERNATIVE_NAMES = '2.5.29.17';
const NAME_CONSTRAINTS = '2.5.29.30';
const CERTIFICATE_POLICIES = '2.5.29.32';
/** Extensions that are checked here or by PKI.js; another critical one must stop the verification (RFC 5280, 4.2). */
const UNDERSTOOD: ReadonlySet<string> = new Set([
  BASIC_CONSTRAINTS,
  KEY_USAGE,
  EXTENDED_KEY_USAGE,
  ALTERNATIVE_NAMES,
  NAME_CONSTRAINTS,
  CERTIFICATE_POLICIES,
]);
const SERVER_AUTH = '1.3.6.1.5.5.7.3.1';
const ANY_PURPOSE = '2.5.29.37.0';

const refused = (reason: ChainProblem): ChainVerdict => ({ ok: false, reason });

/** Verifies; never throws: what cannot even be read is refused as `other`. */
export async function verifyChain(question: ChainQuestion): Promise<ChainVerdict> {
  try {
    return await verify(question);
  } catch {
    return refused('other');
  }
}

async function verify({ chain, host, authorities, nowMs }: ChainQuestion): Promise<ChainVerdict> {
  if (chain.length === 0 || chain.length > MAX_CHAIN) return refused('other');
  // Loaded when first needed: most people never add an authority.
  const pkijs = await import('pkijs');
  const read = (der: Uint8Array): Entry => ({
    node: new X509Certificate(der),
    parsed: pkijs.Certificate.fromBER(new Uint8Array(der)),
  });
  const sent = chain.map(read);
  // An authority that the server sends along is the same one: as a stranger it would only make more paths.
  const trusted = authorities.map(read);
  const known = new Set(trusted.map(({ node }) => node.fingerprint256));
  const [leaf, ...between] = sent as [Entry, ...Entry[]];
  const strangers = between.filter(({ node }) => !known.has(node.fingerprint256));

  const engine = new pkijs.CertificateChainValidationEngine({
    trustedCerts: trusted.map(({ parsed }) => parsed),
    // PKI.js takes the last one for the one that is asked about.
    certs: [...strangers, leaf].map(({ parsed }) => parsed),
    checkDate: new Date(nowMs),
  });
  const cryptoEngine = new pkijs.CryptoEngine({ name: 'node', crypto: webcrypto as never });
  const found = await engine.verify({}, cryptoEngine);
  if (!found.result) return refused(pathProblem(found.resultCode, [...sent, ...trusted], nowMs));

  const everyone = [...sent, ...trusted];
  const path = (found.certificatePath ?? []).map((part) => everyone.find(({ parsed }) => parsed === part));
  if (path.length < 2 || path.some((entry) => !entry)) return refused('other');
  const entries = path as Entry[];
  const anchor = entries.at(-1);
  if (entries[0] !== leaf || !anchor || !known.has(anchor.node.fingerprint256)) return refused('other');

  const dated = dateProblem(entries, nowMs);
  if (dated) return refused(dated);
  if (!isChained(entries) || !entries.every(isStrong) || !isUnderstood(entries)) return refused('other');
  if (!mayIssue(entries) || !mayServe(leaf) || !keepsConstraints(entries)) return refused('other');
  return isFor(leaf.node, host) ? { ok: true } : refused('wrong-host');
}

/** Names PKI.js's refusal: that no path leads to an added authority, or a date on it. */
function pathProblem(code: number, entries: readonly Entry[], nowMs: number): ChainProblem {
  if (code === BAD_DATE) return dateProblem(entries, nowMs) ?? 'other';
  return code === NO_PATH || code === NO_VALID_PATH ? 'unknown-authority' : 'other';
}
/** Result codes of PKI.js. */
const NO_PATH = -1;
const BAD_DATE = 8;
const NO_VALID_PATH = 97;

function dateProblem(entries: readonly Entry[], nowMs: number): ChainProblem | null {
  for (const { node } of entries) {
    if (!(nowMs <= Date.parse(node.validTo))) return 'expired';
    if (!(nowMs >= Date.parse(node.validFrom))) return 'not-yet-valid';
  }
  return null;
}

/** Each was issued by the next: by name, key identifier, and signature. A second reading of what PKI.js has found. */
function isChained(path: readonly Entry[]): boolean {
  return path.slice(1).every(({ node }, at) => {
    const child = path[at]?.node;
    return !!child && child.checkIssued(node) && child.verify(node.publicKey);
  });
}

/** The anchor's own signature is not asked: it is trusted for being chosen. Its key has to be strong like the others. */
function isStrong({ node, parsed }: Entry, at: number, path: readonly Entry[]): boolean {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = node.publicKey;
  const isRsa = type === 'rsa' || type === 'rsa-pss';
  const isStrongKey = isRsa
    ? (details?.modulusLength ?? 0) >= MIN_RSA_BITS
    : type === 'ed25519' || (type === 'ec' && STRONG_CURVES.has(details?.namedCurve ?? ''));
  return isStrongKey && (at === path.length - 1 || STRONG_SIGNATURES.has(parsed.signatureAlgorithm.algorithmId));
}

const isUnderstood = (path: readonly Entry[]): boolean =>
  path.every(({ parsed }) =>
    (parsed.extensions ?? []).every(({ critical, extnID }) => !critical || UNDERSTOOD.has(extnID)),
  );

/** Reads one extension; undefined when it is not there. An unreadable one throws, and so refuses the chain. */
function extension<T>({ parsed }: Entry, id: string): T | undefined {
  const found = (parsed.extensions ?? []).filter(({ extnID }) => extnID === id);
  if (found.length > 1) throw new Error('an extension stands there twice');
  if (found[0] && !found[0].parsedValue) throw new Error('an extension cannot be read');
  return found[0]?.parsedValue as T | undefined;
}

/** Bits of keyUsage, the first byte; null when the certificate does not restrict them. */
function keyUsage(entry: Entry): number | null {
  const bits = extension<{ valueBlock: { valueHexView: Uint8Array } }>(entry, KEY_USAGE);
  return bits ? (bits.valueBlock.valueHexView[0] ?? 0) : null;
}

function hasServerPurpose(entry: Entry): boolean {
  const purposes = extension<Pkijs.ExtKeyUsage>(entry, EXTENDED_KEY_USAGE)?.keyPurposes;
  return !purposes || purposes.includes(SERVER_AUTH) || purposes.includes(ANY_PURPOSE);
}

/** Every certificate above the server's own says that it is an authority, for servers, and for so many below it. */
function mayIssue(path: readonly Entry[]): boolean {
  return path.slice(1).every((entry, authoritiesBelow) => {
    const constraints = extension<Pkijs.BasicConstraints>(entry, BASIC_CONSTRAINTS);
    const usage = keyUsage(entry);
    if (!constraints?.cA || !entry.node.ca) return false;
    if (usage !== null && (usage & KEY_CERT_SIGN) === 0) return false;
    const limit = constraints.pathLenConstraint;
    if (limit !== undefined && !(Number(limit) >= authoritiesBelow)) return false;
    return hasServerPurpose(entry);
  });
}
const KEY_CERT_SIGN = 0x04;
/** digitalSignature, keyEncipherment, keyAgreement: one of them is what a TLS server's key is used for. */
const SERVER_KEY_USES = 0x80 | 0x20 | 0x08;

function mayServe(leaf: Entry): boolean {
  const usage = keyUsage(leaf);
  return (usage === null || (usage & SERVER_KEY_USES) !== 0) && hasServerPurpose(leaf);
}

const DNS = 2;
const IP = 7;
const DIRECTORY = 4;

/** Name constraints of every authority, the anchor's too, hold for every name below it. */
function keepsConstraints(path: readonly Entry[]): boolean {
  return path.slice(1).every((authority, at) => {
    const constraints = extension<Pkijs.NameConstraints>(authority, NAME_CONSTRAINTS);
    if (!constraints) return true;
    const permitted = (constraints.permittedSubtrees ?? []).map(({ base }) => base);
    const excluded = (constraints.excludedSubtrees ?? []).map(({ base }) => base);
    // Every certificate has a subject, and comparing those is beyond what is needed here: refuse rather than guess.
    if ([...permitted, ...excluded].some(({ type }) => type === DIRECTORY)) return false;
    const names = path
      .slice(0, at + 1)
      .flatMap((entry) => extension<Pkijs.AltName>(entry, ALTERNATIVE_NAMES)?.altNames ?? []);
    return names.every((name) => {
      const sameKind = permitted.filter(({ type }) => type === name.type);
      if (excluded.some((base) => base.type === name.type && isWithin(name, base) !== false)) return false;
      return sameKind.length === 0 || sameKind.some((base) => isWithin(name, base) === true);
    });
  });
}

/** Whether a name lies in a subtree; null for kinds that are not compared here, which neither permits nor lets pass. */
function isWithin(name: Pkijs.GeneralName, base: Pkijs.GeneralName): boolean | null {
  if (name.type === DNS) {
    const of = String(name.value).toLowerCase();
    const tree = String(base.value).toLowerCase().replace(/^\./, '');
    // A wildcard stands for names on both sides of a deeper constraint: then it is not certain.
    if (of.startsWith('*.') && tree.endsWith(of.slice(1))) return null;
    return tree === '' || of === tree || of.endsWith(`.${tree}`);
  }
  if (name.type !== IP) return null;
  const address = octets(name.value);
  const range = octets(base.value);
  if (range.length !== address.length * 2) return false;
  return address.every((byte, at) => ((byte ^ (range[at] ?? 0)) & (range[at + address.length] ?? 255)) === 0);
}

const octets = (value: unknown): Uint8Array =>
  (value as { valueBlock: { valueHexView: Uint8Array } }).valueBlock.valueHexView;

/** The host is among the certificate's alternative names; a common name counts for nothing, as in every browser. */
function isFor(certificate: X509Certificate, host: string): boolean {
  const name = host.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  if (net.isIP(name)) return certificate.checkIP(name) !== undefined;
  return certificate.checkHost(name, { subject: 'never', partialWildcards: false }) !== undefined;
}
