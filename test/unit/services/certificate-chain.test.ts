/** The verifier of chains against added authorities: what is good passes, each single fault is refused. */
import { describe, expect, it } from 'vitest';
import { verifyChain, type ChainProblem } from '#services/certificate-chain.ts';
import {
  CLIENT_AUTH,
  DIGITAL_SIGNATURE,
  KEY_CERT_SIGN,
  makeCertificate,
  type Made,
  type Wishes,
} from './certificates.ts';

const HOST = 'documents.oss-cn-hangzhou.aliyuncs.com';
const HOSTS = ['*.oss-cn-hangzhou.aliyuncs.com', 'oss-cn-hangzhou.aliyuncs.com'];

const authority = (wishes: Partial<Wishes> = {}): Promise<Made> => makeCertificate({ name: 'Corp Root', ...wishes });
const between = (issuer: Made, wishes: Partial<Wishes> = {}): Promise<Made> =>
  makeCertificate({ name: 'Corp Proxy', issuer, isCa: true, ...wishes });
const server = (issuer: Made, wishes: Partial<Wishes> = {}): Promise<Made> =>
  makeCertificate({ name: HOST, issuer, hosts: HOSTS, ...wishes });

async function judge(chain: Made[], trusted: Made[], host = HOST): Promise<'good' | ChainProblem> {
  const verdict = await verifyChain({
    chain: chain.map(({ der }) => der),
    authorities: trusted.map(({ der }) => der),
    host,
    nowMs: Date.now(),
  });
  return verdict.ok ? 'good' : verdict.reason;
}

/** A chain of three whose parts can be asked to be wrong. */
async function judgeThree(wishes: { root?: Partial<Wishes>; middle?: Partial<Wishes>; leaf?: Partial<Wishes> }) {
  const root = await authority(wishes.root);
  const middle = await between(root, wishes.middle);
  return judge([await server(middle, wishes.leaf), middle], [root]);
}

describe('a chain that leads to an added authority', () => {
  it('is good without and with an authority in between, whether the server sends the root along or not', async () => {
    const root = await authority();
    const middle = await between(root);
    const leaf = await server(middle);
    expect(await judge([await server(root)], [root])).toBe('good');
    expect(await judge([leaf, middle], [root])).toBe('good');
    expect(await judge([leaf, middle, root], [root])).toBe('good');
    expect(await judge([leaf, root, middle], [root])).toBe('good');
    expect(await judge([leaf], [middle])).toBe('good');
  });

  it('is good with RSA keys, several authorities, and limits that it keeps', async () => {
    const rsa = await authority({ key: 'RSA-2048' });
    expect(await judge([await server(rsa, { key: 'RSA-2048' })], [await authority(), rsa])).toBe('good');
    expect(await judgeThree({ root: { pathLength: 1 }, middle: { pathLength: 0 } })).toBe('good');
    expect(await judgeThree({ root: { permittedDns: ['aliyuncs.com'] } })).toBe('good');
    expect(await judgeThree({ middle: { excludedDns: ['corp.example'] } })).toBe('good');
    expect(await judgeThree({ leaf: { extendedKeyUsage: null, keyUsage: null } })).toBe('good');
  });

  it('is good for an IP address that the certificate names', async () => {
    const root = await authority({ permittedIp: [127, 0, 0, 0, 255, 0, 0, 0] });
    const leaf = await makeCertificate({ name: 'x', issuer: root, hosts: ['127.0.0.1'] });
    expect(await judge([leaf], [root], '127.0.0.1')).toBe('good');
    expect(await judge([leaf], [root], '127.0.0.2')).toBe('wrong-host');
  });
});

describe('a chain is refused', () => {
  it('when nobody was added, another authority was, or one of the same name with another key', async () => {
    const root = await authority();
    const leaf = await server(root);
    expect(await judge([leaf], [])).toBe('unknown-authority');
    expect(await judge([leaf], [await authority({ name: 'Other Root' })])).toBe('unknown-authority');
    expect(await judge([leaf], [await authority()])).toBe('unknown-authority');
    expect(await judge([leaf, root], [await authority()])).toBe('unknown-authority');
  });

  it('when it signed itself, be it added or not', async () => {
    const self = await makeCertificate({ name: HOST, hosts: HOSTS });
    expect(await judge([self], [])).toBe('unknown-authority');
    expect(await judge([self], [self])).not.toBe('good');
    const selfAuthority = await makeCertificate({ name: HOST, hosts: HOSTS, isCa: true });
    expect(await judge([selfAuthority], [await authority()])).toBe('unknown-authority');
  });

  it('when the part in between is missing', async () => {
    const root = await authority();
    const middle = await between(root);
    expect(await judge([await server(middle)], [root])).toBe('unknown-authority');
  });

  it.each<[string, Partial<Wishes>, ChainProblem]>([
    ['is over', { notBeforeDays: -9, notAfterDays: -1 }, 'expired'],
    ['has not begun', { notBeforeDays: 1 }, 'not-yet-valid'],
  ])('when the validity of any of the three %s', async (_, wishes, problem) => {
    expect(await judgeThree({ leaf: wishes })).toBe(problem);
    expect(await judgeThree({ middle: wishes })).toBe(problem);
    expect(await judgeThree({ root: wishes })).toBe(problem);
  });

  it.each([
    ['another name', 'oss-cn-beijing.aliyuncs.com'],
    ['two labels under a wildcard', 'a.b.oss-cn-hangzhou.aliyuncs.com'],
    ['an address', '127.0.0.1'],
    ['a name that only begins like it', 'oss-cn-hangzhou.aliyuncs.com.evil.example'],
  ])('when it is for another host: %s', async (_, host) => {
    const root = await authority();
    expect(await judge([await server(root)], [root], host)).toBe('wrong-host');
  });

  it('when only the common name is the host', async () => {
    const root = await authority();
    const leaf = await makeCertificate({ name: HOST, issuer: root, hosts: ['other.example'] });
    expect(await judge([leaf], [root])).toBe('wrong-host');
    const nameless = await makeCertificate({ name: HOST, issuer: root, isCa: false });
    expect(await judge([nameless], [root])).toBe('wrong-host');
  });

  it.each<[string, Partial<Wishes>]>([
    ['says that it is none', { isCa: false }],
    ['says nothing about it', { isCa: null }],
    ['says nothing about it, nor what its key is for', { isCa: null, keyUsage: null }],
    ['may not sign certificates', { keyUsage: DIGITAL_SIGNATURE }],
    ['is for clients only', { extendedKeyUsage: [CLIENT_AUTH] }],
    ['has a critical extension that nobody knows', { hasUnknownCritical: true }],
    ['permits other names only', { permittedDns: ['corp.example'] }],
    ['excludes the name', { excludedDns: ['aliyuncs.com'] }],
    ['excludes one of the names under the wildcard', { excludedDns: ['secret.oss-cn-hangzhou.aliyuncs.com'] }],
    ['has a weak key', { key: 'RSA-1024' }],
  ])('when an authority, in between or added, %s', async (_, wishes) => {
    expect(await judgeThree({ middle: wishes })).not.toBe('good');
    expect(await judgeThree({ root: wishes })).not.toBe('good');
  });

  it('when the path is longer than an authority allows', async () => {
    expect(await judgeThree({ root: { pathLength: 0 } })).toBe('other');
    const root = await authority();
    const first = await between(root, { name: 'First', pathLength: 0 });
    const second = await between(first, { name: 'Second' });
    expect(await judge([await server(second), second, first], [root])).not.toBe('good');
  });

  it('when an address lies outside of what an authority permits', async () => {
    const root = await authority({ permittedIp: [10, 0, 0, 0, 255, 0, 0, 0] });
    const leaf = await makeCertificate({ name: 'x', issuer: root, hosts: ['127.0.0.1'] });
    expect(await judge([leaf], [root], '127.0.0.1')).toBe('other');
  });

  it.each<[string, Partial<Wishes>]>([
    ['is for clients only', { extendedKeyUsage: [CLIENT_AUTH] }],
    ['has a key that may only sign certificates', { keyUsage: KEY_CERT_SIGN }],
    ['has a weak key', { key: 'RSA-1024' }],
    ['has a critical extension that nobody knows', { hasUnknownCritical: true }],
  ])("when the server's own certificate %s", async (_, wishes) => {
    expect(await judgeThree({ leaf: wishes })).toBe('other');
  });

  it('when the server issued itself another name with its own certificate', async () => {
    const root = await authority();
    const shop = await makeCertificate({ name: 'shop', issuer: root, hosts: ['shop.example'] });
    expect(await judge([await server(shop), shop], [root])).not.toBe('good');
  });

  it('when it is signed with SHA-1', async () => {
    expect(await judgeThree({ leaf: { hash: 'SHA-1' } })).toBe('other');
    expect(await judgeThree({ middle: { hash: 'SHA-1' } })).toBe('other');
  });

  it('when a byte of it was changed', async () => {
    const root = await authority();
    const leaf = await server(root);
    const changed = Buffer.from(leaf.der);
    changed[changed.length - 4] = (changed[changed.length - 4] ?? 0) ^ 1;
    expect(await judge([{ ...leaf, der: changed }], [root])).toBe('unknown-authority');
  });

  it('when it cannot be read, is empty or endless', async () => {
    const root = await authority();
    const leaf = await server(root);
    expect(await judge([{ ...leaf, der: Buffer.from('no certificate') }], [root])).toBe('other');
    expect(await judge([], [root])).toBe('other');
    expect(
      await judge(
        Array.from({ length: 11 }, () => leaf),
        [root],
      ),
    ).toBe('other');
  });
});
