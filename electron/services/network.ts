/**
 * How the app reaches the service: which proxy, whose name and password for it, and which authorities beside the system's
 * are trusted. Settings hold everything but the password, which is in the keychain or in memory. It opens no connection:
 * the senders follow it (`watch`).
 */
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { X509Certificate } from 'node:crypto';
import { fail, ok, type Result } from '#contract/errors.ts';
import type { NetworkDraft, NetworkView } from '#contract/network.ts';
import { readAuthorities, readCertificate, toAuthorityView } from './ca-certificates.ts';
import type { Keychain } from './keychain.ts';
import type { Settings } from './settings.ts';
import { systemCode } from './system-error.ts';
import { joinHostAndPort, readHostAndPort, type ProxySignIn } from './tunnel.ts';

/** The proxy setting as Chromium's session takes it. */
export type ProxyRules =
  | { mode: 'system' | 'direct' }
  | { mode: 'fixed_servers'; proxyRules: string; proxyBypassRules: string }
  | { mode: 'pac_script'; pacScript: string };

export interface Network {
  view(): NetworkView;
  /** Errors: `network.invalid`, `keychain.*`, `file.*`. Whatever fails leaves what was in force. */
  set(draft: NetworkDraft, signal: AbortSignal): Promise<Result<NetworkView>>;
  /** Keeps a copy of a PAC file and uses it. Errors: `network.invalid` for what is too long to be one, `file.*`. */
  usePacFile(fileName: string, bytes: Uint8Array): Promise<Result<NetworkView>>;
  /** Trusts the authorities in a certificate file. Errors: `network.badCertificate`, `file.*`. */
  addAuthorities(bytes: Uint8Array): Promise<Result<NetworkView>>;
  removeAuthority(fingerprint: string): Promise<Result<NetworkView>>;

  proxyRules(): Promise<ProxyRules>;
  /** Address of the script that decides, where one from the web does. */
  scriptUrl(): string | null;
  /** What the person added; the system's own are in force besides. */
  authorities(): readonly X509Certificate[];
  /** Name and password for this very proxy, `host:port`; null for every other. Errors: `keychain.*`, `cancelled`. */
  signInFor(proxy: string, signal: AbortSignal): Promise<Result<ProxySignIn | null>>;
  /** Tells after every change. */
  watch(listener: () => void): void;
}

export interface NetworkOptions {
  settings: Settings;
  keychain: Keychain;
  /** The copy of the PAC file goes here. */
  folder: string;
  now(): number;
}

/** The keychain's entry; accounts have hexadecimal names. */
const ENTRY = 'proxy';
const MAX_PAC_BYTES = 1024 * 1024;
const MAX_AUTHORITIES = 40;

export function makeNetwork(options: NetworkOptions): Network {
  const { settings, keychain, now } = options;
  const pacFile = path.join(options.folder, 'proxy.pac');
  const listeners: (() => void)[] = [];
  /** The password of this run: typed for it only, or read from the keychain. */
  let password: string | null = null;
  let isMissing = false;
  let certificates: X509Certificate[] = settings.current.network.certificates.flatMap(
    (pem) => readCertificate(pem) ?? [],
  );

  const signIn = () => settings.current.network.signIn;

  function view(): NetworkView {
    const { mode, manual, pac } = settings.current.network;
    const who = signIn();
    const home = who?.keep === 'keychain' && !isMissing ? 'keychain' : password === null ? 'absent' : 'session';
    return {
      mode,
      manual,
      pac,
      signIn: who && { user: who.user, proxy: who.proxy, passwordHome: home },
      authorities: certificates.map(toAuthorityView),
    };
  }

  async function update(change: Partial<Settings['current']['network']>): Promise<Result<NetworkView>> {
    const written = await settings.update({ network: { ...settings.current.network, ...change } });
    for (const listener of listeners) listener();
    return written.ok ? ok(view()) : written;
  }

  const keepAuthorities = (list: X509Certificate[]): Promise<Result<NetworkView>> => {
    certificates = list;
    return update({ certificates: list.map((certificate) => certificate.toString()) });
  };

  /** Puts the password where it was asked to be, and takes it away from where it was. */
  async function keepPassword(next: SignInLabel | null, typed: string | undefined, signal: AbortSignal) {
    const before = signIn();
    const isSameProxy = next !== null && before?.proxy === next.proxy;
    const staysThere = isSameProxy && typed === undefined && next.keep === before.keep;
    if (staysThere) return ok(null);
    // A password is for one proxy: another one never gets what was typed for the first.
    const kept = typed ?? (isSameProxy ? password : null);
    if (next?.keep === 'keychain' && kept !== null) {
      const written = await keychain.write(ENTRY, kept, signal);
      if (!written.ok) return written;
    } else if (before?.keep === 'keychain') {
      const removed = await keychain.remove(ENTRY, signal);
      if (!removed.ok) return removed;
    }
    password = kept;
    isMissing = kept === null;
    return ok(null);
  }

  return {
    view,
    async set(draft, signal) {
      const read = readDraft(draft, settings.current.network.pac.fileName);
      if (!read.ok) return read;
      const kept = await keepPassword(read.value.signIn, draft.signIn?.password, signal);
      return kept.ok ? update(read.value) : kept;
    },
    async usePacFile(fileName, bytes) {
      if (bytes.byteLength === 0 || bytes.byteLength > MAX_PAC_BYTES) return invalid('pacFile', 'This is no PAC file.');
      try {
        await mkdir(options.folder, { recursive: true, mode: 0o700 });
        await writeFile(`${pacFile}.new`, bytes, { mode: 0o600 });
        await rename(`${pacFile}.new`, pacFile);
      } catch (reason) {
        const message = reason instanceof Error ? reason.message : String(reason);
        return fail(systemCode(reason) === 'ENOSPC' ? 'file.noSpace' : 'file.noAccess', message);
      }
      return update({ mode: 'pac', pac: { ...settings.current.network.pac, source: 'file', fileName } });
    },
    async addAuthorities(bytes) {
      const read = readAuthorities(bytes, now());
      if (!read.ok) return read;
      const known = new Set(certificates.map(({ fingerprint256 }) => fingerprint256));
      const added = read.value.filter(({ fingerprint256 }) => !known.has(fingerprint256));
      return keepAuthorities([...certificates, ...added].slice(-MAX_AUTHORITIES));
    },
    removeAuthority: (fingerprint) =>
      keepAuthorities(certificates.filter((certificate) => certificate.fingerprint256 !== fingerprint)),

    async proxyRules() {
      const { mode, manual, pac } = settings.current.network;
      if (mode === 'manual' && manual.port !== null) {
        const proxyRules = `${manual.kind}://${joinHostAndPort({ host: manual.host, port: manual.port })}`;
        // Chromium passes by this computer's own addresses unless told; the person's list is to be the whole truth.
        return {
          mode: 'fixed_servers',
          proxyRules,
          proxyBypassRules: ['<-loopback>', ...bypassList(manual.bypass)].join(';'),
        };
      }
      if (mode !== 'pac') return { mode: mode === 'direct' ? 'direct' : 'system' };
      if (pac.source === 'url') return { mode: 'pac_script', pacScript: pac.url };
      const script = await readFile(pacFile, 'base64').catch(() => '');
      return { mode: 'pac_script', pacScript: `data:application/x-ns-proxy-autoconfig;base64,${script}` };
    },
    scriptUrl() {
      const { mode, pac } = settings.current.network;
      return mode === 'pac' && pac.source === 'url' ? pac.url : null;
    },
    authorities: () => certificates,
    async signInFor(proxy, signal) {
      const who = signIn();
      if (!who || who.proxy !== proxy.toLowerCase()) return ok(null);
      if (password === null && who.keep === 'keychain') {
        const read = await keychain.read(ENTRY, signal);
        if (read.ok) password = read.value;
        else if (read.error.code !== 'keychain.missing') return read;
        isMissing = !read.ok;
      }
      return ok(password === null ? null : { user: who.user, password });
    },
    watch: (listener) => void listeners.push(listener),
  };
}

type SignInLabel = NonNullable<Settings['current']['network']['signIn']>;

/** Checks what was typed and puts it into the form of the settings. */
function readDraft(
  draft: NetworkDraft,
  pacFileName: string,
): Result<Omit<Settings['current']['network'], 'certificates'>> {
  const { mode, manual, pac } = draft;
  const port = manual.port;
  const address = readHostAndPort(
    manual.host.includes(':') ? `[${manual.host.replace(/^\[|\]$/g, '')}]` : manual.host,
    80,
  );
  if (mode === 'manual' && !address) return invalid('host', 'The proxy is a host name or an address.');
  if (mode === 'manual' && port === null) return invalid('port', 'The proxy needs a port.');
  if (mode === 'pac' && pac.source === 'url' && !/^https?:\/\/[^\s/]+/i.test(pac.url))
    return invalid('pacUrl', 'The script has an http or https address.');
  if (mode === 'pac' && pac.source === 'file' && pacFileName === '') return invalid('pacFile', 'No file was chosen.');
  const signIn = readSignIn(draft, address && port !== null ? joinHostAndPort({ host: address.host, port }) : '');
  if (!signIn.ok) return signIn;
  return ok({
    mode,
    manual: { ...manual, host: address?.host ?? manual.host, bypass: bypassList(manual.bypass).join(', ') },
    pac: { ...pac, fileName: pacFileName },
    signIn: signIn.value,
  });
}

function readSignIn({ mode, signIn }: NetworkDraft, manualProxy: string): Result<SignInLabel | null> {
  if (!signIn || mode === 'direct') return ok(null);
  const { user, keep } = signIn;
  if (mode === 'manual') return ok({ user, keep, proxy: manualProxy });
  const proxy = readHostAndPort(signIn.proxy.replace(/^[a-z0-9]+:\/\//, ''), 80);
  return proxy
    ? ok({ user, keep, proxy: joinHostAndPort(proxy) })
    : invalid('signInProxy', 'The proxy to sign in to is host:port.');
}

/** Entries of a bypass list; Chromium's own words in pointed brackets only where they widen it. */
const bypassList = (text: string): string[] =>
  text.split(/[\s,;]+/).filter((entry) => entry !== '' && entry !== '<-loopback>');

const invalid = (field: string, message: string): Result<never> =>
  fail('network.invalid', message, { detail: { field } });
