/** The network settings: what is kept where, what is refused, and that a password is for one proxy only. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { NetworkDraft } from '#contract/network.ts';
import { readAuthorities } from '#services/ca-certificates.ts';
import { makeKeychain, makeMemoryStore, type SecretStore } from '#services/keychain.ts';
import { makeLog } from '#services/log.ts';
import { makeNetwork, type Network } from '#services/network.ts';
import { openSettings, type Settings } from '#services/settings.ts';
import { makeCertificate, type Made } from './certificates.ts';

const never = new AbortController().signal;
let folder: string;
let store: SecretStore;
let settings: Settings;
let network: Network;

/** The app as it stands after a start. */
async function start(): Promise<void> {
  const log = makeLog({ level: 'debug', now: Date.now, write: () => undefined });
  settings = await openSettings(path.join(folder, 'settings.json'), log, Date.now);
  network = makeNetwork({ settings, keychain: makeKeychain(async () => store), folder, now: Date.now });
}

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'pagelens-network-'));
  store = makeMemoryStore();
  await start();
});
afterEach(async () => {
  await settings.flush();
  await rm(folder, { recursive: true, force: true });
});

const draft = (more: Partial<NetworkDraft> = {}): NetworkDraft => {
  const { mode, manual, pac } = network.view();
  return { mode, manual, pac: { source: pac.source, url: pac.url }, signIn: null, ...more };
};
const manual = (more: Partial<NetworkDraft> = {}, host = 'proxy.corp'): NetworkDraft =>
  draft({ mode: 'manual', manual: { kind: 'http', host, port: 3128, bypass: 'localhost; *.corp' }, ...more });
const mia = (password?: string, keep: 'keychain' | 'session' = 'keychain') => ({
  user: 'mia',
  proxy: '',
  keep,
  ...(password === undefined ? {} : { password }),
});
const pem = (...made: Made[]): Buffer => Buffer.from(made.map((one) => one.pem).join('\n'));

describe('the proxy', () => {
  it('is the system’s until the person says otherwise', async () => {
    expect(network.view()).toMatchObject({ mode: 'system', signIn: null, authorities: [] });
    expect(await network.proxyRules()).toEqual({ mode: 'system' });
  });

  it('by hand is used for everything but what the list says, this computer included', async () => {
    expect(await network.set(manual(), never)).toMatchObject({ ok: true });
    expect(await network.proxyRules()).toEqual({
      mode: 'fixed_servers',
      proxyRules: 'http://proxy.corp:3128',
      proxyBypassRules: '<-loopback>;localhost;*.corp',
    });
    expect(network.view().manual.bypass).toBe('localhost, *.corp');
  });

  it('keeps this computer out of it unless the person clears the list', async () => {
    await network.set(draft({ mode: 'manual', manual: { ...network.view().manual, host: 'p', port: 1 } }), never);
    const rules = await network.proxyRules();
    expect(rules).toMatchObject({ proxyBypassRules: '<-loopback>;localhost;*.localhost;127.0.0.0/8;[::1]' });
  });

  it('can be none, a script on the web, or a copy of a script’s file', async () => {
    await network.set(draft({ mode: 'direct' }), never);
    expect(await network.proxyRules()).toEqual({ mode: 'direct' });
    await network.set(draft({ mode: 'pac', pac: { source: 'url', url: 'http://w/p.pac' } }), never);
    expect(await network.proxyRules()).toEqual({ mode: 'pac_script', pacScript: 'http://w/p.pac' });
    const script = 'function FindProxyForURL() { return "DIRECT"; }';
    expect(await network.usePacFile('company.pac', Buffer.from(script))).toMatchObject({ ok: true });
    expect(network.view()).toMatchObject({ mode: 'pac', pac: { source: 'file', fileName: 'company.pac' } });
    expect(await network.proxyRules()).toEqual({
      mode: 'pac_script',
      pacScript: `data:application/x-ns-proxy-autoconfig;base64,${Buffer.from(script).toString('base64')}`,
    });
  });

  it.each<[string, () => NetworkDraft]>([
    ['host', () => manual({}, 'two words')],
    ['host', () => manual({}, '')],
    ['host', () => manual({}, 'a;https=b')],
    ['port', () => draft({ mode: 'manual', manual: { kind: 'http', host: 'p', port: null, bypass: '' } })],
    ['pacUrl', () => draft({ mode: 'pac', pac: { source: 'url', url: 'file:///etc/passwd' } })],
    ['pacFile', () => draft({ mode: 'pac', pac: { source: 'file', url: '' } })],
    ['signInProxy', () => draft({ signIn: { ...mia('x'), proxy: 'no proxy' } })],
  ])('is refused with the field: %s', async (field, make) => {
    const before = network.view();
    expect(await network.set(make(), never)).toMatchObject({ error: { code: 'network.invalid', detail: { field } } });
    expect(network.view()).toEqual(before);
  });

  it('tells those who follow it', async () => {
    let count = 0;
    network.watch(() => (count += 1));
    await network.set(manual(), never);
    expect(count).toBe(1);
  });
});

describe('the password of a proxy', () => {
  it('is in the keychain, not in the settings, and is there after a restart', async () => {
    await network.set(manual({ signIn: mia('s3cret') }), never);
    expect(await store.get('proxy')).toBe('s3cret');
    await settings.flush();
    expect(await readFile(path.join(folder, 'settings.json'), 'utf8')).not.toContain('s3cret');
    expect(JSON.stringify(network.view())).not.toContain('s3cret');
    await start();
    expect(network.view().signIn).toEqual({ user: 'mia', proxy: 'proxy.corp:3128', passwordHome: 'keychain' });
    expect(await network.signInFor('proxy.corp:3128', never)).toMatchObject({
      value: { user: 'mia', password: 's3cret' },
    });
  });

  it('goes to this proxy only', async () => {
    await network.set(manual({ signIn: mia('s3cret') }), never);
    for (const other of ['proxy.corp:3129', 'other.corp:3128', 'oss-cn-hangzhou.aliyuncs.com:443', ''])
      expect(await network.signInFor(other, never)).toEqual({ ok: true, value: null });
  });

  it('is forgotten when the proxy becomes another one', async () => {
    await network.set(manual({ signIn: mia('s3cret') }), never);
    await network.set(manual({ signIn: mia() }, 'evil.corp'), never);
    expect(await network.signInFor('evil.corp:3128', never)).toEqual({ ok: true, value: null });
    expect(await store.get('proxy')).toBeNull();
    expect(network.view().signIn).toMatchObject({ proxy: 'evil.corp:3128', passwordHome: 'absent' });
  });

  it('stays when something else changes', async () => {
    await network.set(manual({ signIn: mia('s3cret') }), never);
    await network.set(manual({ signIn: mia() }), never);
    expect(await network.signInFor('proxy.corp:3128', never)).toMatchObject({ value: { password: 's3cret' } });
  });

  it('for this run only never meets the keychain, and leaves it when it was there', async () => {
    await network.set(manual({ signIn: mia('s3cret', 'session') }), never);
    expect(await store.get('proxy')).toBeNull();
    expect(network.view().signIn?.passwordHome).toBe('session');
    await network.set(manual({ signIn: mia('s3cret') }), never);
    await network.set(manual({ signIn: mia(undefined, 'session') }), never);
    expect(await store.get('proxy')).toBeNull();
    expect(await network.signInFor('proxy.corp:3128', never)).toMatchObject({ value: { password: 's3cret' } });
    await start();
    expect(network.view().signIn?.passwordHome).toBe('absent');
  });

  it('is removed with the sign-in', async () => {
    await network.set(manual({ signIn: mia('s3cret') }), never);
    await network.set(manual(), never);
    expect(await store.get('proxy')).toBeNull();
    expect(await network.signInFor('proxy.corp:3128', never)).toEqual({ ok: true, value: null });
  });

  it('that the keychain refuses changes nothing', async () => {
    store.set = () => Promise.reject(new Error('the collection is locked'));
    const before = network.view();
    expect(await network.set(manual({ signIn: mia('s3cret') }), never)).toMatchObject({
      error: { code: 'keychain.locked' },
    });
    expect(network.view()).toEqual(before);
  });
});

describe('company certificates', () => {
  it('are read from PEM and DER, one or several, kept over a restart, and removed', async () => {
    const first = await makeCertificate({ name: 'Corp Root' });
    const second = await makeCertificate({ name: 'Corp Issuing', issuer: first, isCa: true });
    expect(await network.addAuthorities(pem(first, second))).toMatchObject({ ok: true });
    expect(await network.addAuthorities(first.der)).toMatchObject({ ok: true });
    await settings.flush();
    await start();
    expect(network.view().authorities).toEqual([
      expect.objectContaining({ subject: 'Corp Root', issuer: 'Corp Root', fingerprint: first.x509.fingerprint256 }),
      expect.objectContaining({ subject: 'Corp Issuing', issuer: 'Corp Root' }),
    ]);
    await network.removeAuthority(first.x509.fingerprint256);
    expect(network.authorities().map(({ fingerprint256 }) => fingerprint256)).toEqual([second.x509.fingerprint256]);
  });

  it('are taken out of a bundle without its keys and servers', async () => {
    const root = await makeCertificate({ name: 'Corp Root' });
    const leaf = await makeCertificate({ name: 'server', issuer: root, hosts: ['a.example'] });
    await network.addAuthorities(Buffer.from(`${leaf.pem}\n${root.keyPem}\n# ours\n${root.pem}`));
    expect(network.view().authorities.map(({ subject }) => subject)).toEqual(['Corp Root']);
    await settings.flush();
    expect(await readFile(path.join(folder, 'settings.json'), 'utf8')).not.toContain('PRIVATE KEY');
  });

  it.each<[string, () => Promise<Uint8Array>]>([
    ['none', async () => Buffer.from('hello')],
    ['none', async () => new Uint8Array()],
    ['none', async () => Buffer.from('-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----')],
    ['none', async () => Buffer.from((await makeCertificate({ name: 'x' })).keyPem)],
    ['not-authority', async () => (await makeCertificate({ name: 'x', hosts: ['a.example'] })).der],
    ['not-authority', async () => (await makeCertificate({ name: 'x', isCa: null, keyUsage: null })).der],
    ['expired', async () => (await makeCertificate({ name: 'x', notBeforeDays: -9, notAfterDays: -1 })).der],
  ])('are refused: %s', async (reason, make) => {
    expect(readAuthorities(await make(), Date.now())).toMatchObject({
      error: { code: 'network.badCertificate', detail: { reason } },
    });
  });
});
