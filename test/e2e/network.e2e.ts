/** The way to the service as companies build it: proxies, scripts, and authorities of their own. */
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type { ElectronApplication, Locator, Page } from '@playwright/test';
import { common } from '#renderer/words/common.ts';
import { networkWords } from '#renderer/words/network.ts';
import { settingsWords } from '#renderer/words/settings.ts';
import type { Language } from '#renderer/words/words.ts';
import { makeCertificate, type Made, type Wishes } from '../unit/services/certificates.ts';
import {
  type Running,
  serveProxy,
  serveSocks,
  serveTls,
  type Proxy,
  type ProxyOptions,
} from '../unit/services/proxies.ts';
import { type Service, expect, samplesFolder, test as base } from './fixtures.ts';
import { walkedIn } from './languages.ts';
import { BrowserPage, ConnectPage, answerFolderDialog, errorCard, toForm } from './screens.ts';

const PUBLIC_HOST = 'oss-cn-hangzhou.aliyuncs.com';
const PUBLIC_NAMES = [PUBLIC_HOST, `*.${PUBLIC_HOST}`];

const test = base.extend<{ stopAfter<T extends Running>(running: Promise<T>): Promise<T> }>({
  // eslint-disable-next-line no-empty-pattern
  stopAfter: async ({}, use) => {
    const all: Running[] = [];
    await use(async (running) => {
      const made = await running;
      all.push(made);
      return made;
    });
    for (const { stop } of all) await stop();
  },
});

/** Settings › Network. */
class NetworkPage {
  readonly root: Locator;
  readonly words;
  constructor(
    readonly page: Page,
    private readonly language: Language = 'en',
  ) {
    this.words = networkWords[language];
    this.root = page.getByRole('dialog', { name: settingsWords[language].title });
  }

  async open(): Promise<void> {
    await this.page.getByRole('button', { name: common[this.language].settings, exact: true }).click();
    await this.root.getByRole('button', { name: settingsWords[this.language].parts.network }).click();
    await this.root.getByRole('heading', { name: this.words.certificates }).waitFor();
  }
  async close(): Promise<void> {
    await this.root.getByRole('button', { name: common[this.language].close }).click();
    await this.root.waitFor({ state: 'detached' });
  }
  async choose(mode: keyof (typeof networkWords)['en']['modes']): Promise<void> {
    await this.root.getByText(this.words.modes[mode], { exact: true }).click();
  }
  async apply(): Promise<void> {
    await this.root.getByRole('button', { name: this.words.apply, exact: true }).click();
  }
  async waitForApplied(): Promise<void> {
    await this.page.getByText(this.words.applied).first().waitFor();
  }
  /** A proxy by hand, for every address, this computer's too. */
  async useManual(port: number, signIn?: { user: string; password: string }): Promise<void> {
    await this.choose('manual');
    await this.root.getByLabel(this.words.host, { exact: true }).fill('127.0.0.1');
    await this.root.getByLabel(this.words.port, { exact: true }).fill(String(port));
    await this.root.getByLabel(this.words.bypass).fill('');
    if (signIn) await this.signIn(signIn);
    await this.apply();
    await this.waitForApplied();
  }
  async signIn({ user, password }: { user: string; password: string }): Promise<void> {
    const box = this.root.getByRole('checkbox', { name: this.words.signIn });
    if (!(await box.isChecked())) await box.check();
    await this.root.getByLabel(this.words.user, { exact: true }).fill(user);
    await this.root.locator('input[type="password"]').fill(password);
  }
  async addCertificate(app: ElectronApplication, file: string): Promise<void> {
    await answerFolderDialog(app, file);
    await this.root.getByRole('button', { name: this.words.addCertificate }).click();
  }
  async removeCertificate(name: string): Promise<void> {
    await this.root.getByRole('button', { name: this.words.removeOf(name) }).click();
  }
  /** Runs the test to an endpoint and answers each hop's state. */
  async test(endpoint: string): Promise<string[]> {
    await this.root.getByLabel(this.words.testEndpoint).fill(endpoint);
    await this.root.getByRole('button', { name: this.words.testRun }).click();
    const hops = this.root.locator('ol li');
    await expect(hops).toHaveCount(6, { timeout: 30_000 });
    return hops.evaluateAll((items) =>
      items.map((item) => [...item.classList].find((name) => !name.startsWith('s-')) ?? ''),
    );
  }
}

const portOf = (service: Service): number => Number(new URL(service.endpoint).port);
const corpRoot = (more: Partial<Wishes> = {}): Promise<Made> => makeCertificate({ name: 'Corp Root', ...more });

/** Where a proxy leads that knows only the public service: to local-oss. */
const leadToService =
  (service: Service, port = 443): ProxyOptions['leadTo'] =>
  (address) =>
    new RegExp(`(^|\\.)${PUBLIC_HOST.replaceAll('.', '\\.')}:${port}$`).test(address) ? portOf(service) : null;

async function keep(folder: string, name: string, ...made: Made[]): Promise<string> {
  const file = path.join(folder, name);
  await writeFile(file, made.map(({ pem }) => pem).join('\n'));
  return file;
}

const nonePublic = (proxy: Proxy): string[] => proxy.asked.filter((line) => !line.includes('aliyuncs.com'));

const language = walkedIn('zh-CN');
test(`a private authority: refused with its name, accepted when added, refused again, in ${language}`, async ({
  launch,
  serve,
  folder,
  stopAfter,
}) => {
  const service = await serve();
  const root = await corpRoot();
  const between = await makeCertificate({ name: 'Corp Proxy', issuer: root, isCa: true });
  const leaf = await makeCertificate({ name: 'oss', issuer: between, hosts: ['127.0.0.1'] });
  const front = await stopAfter(serveTls({ certificate: leaf, chain: [between] }, portOf(service)));
  const file = await keep(folder, 'corp.pem', root);
  const { app, page } = await launch({ language });
  const connect = new ConnectPage(page, language);
  const endpoint = `https://127.0.0.1:${front.port}`;
  const reason = { host: '127.0.0.1', issuer: 'Corp Root', reason: 'unknown-authority' };

  await connect.fill({ ...toForm(service), endpoint });
  await connect.connectButton.click();
  const card = errorCard(page, 'net.tls', language, reason);
  await expect(card).toContainText('Corp Root');
  await expect(card).toContainText('127.0.0.1');
  await card.getByRole('button', { name: common[language].addCertificate }).click();
  const network = new NetworkPage(page, language);
  await network.root.getByRole('heading', { name: network.words.certificates }).waitFor();
  await network.addCertificate(app, file);
  await expect(network.root.getByText(root.x509.fingerprint256)).toBeVisible();
  expect(await network.test(endpoint)).toEqual(['good', 'not-needed', 'good', 'not-needed', 'good', 'good']);
  await expect(network.root.getByText(network.words.issuedFrom('Corp Root'))).toBeVisible();
  await network.close();

  await connect.connectButton.click();
  await page.getByRole('grid').waitFor();

  await network.open();
  await network.removeCertificate('Corp Root');
  expect(await network.test(endpoint)).toEqual(['good', 'not-needed', 'good', 'not-needed', 'failed', 'not-tried']);
  await expect(errorCard(network.root, 'net.tls', language, reason)).toContainText('Corp Root');
});

test('chains that do not verify stay refused, although the authority was added', async ({
  launch,
  serve,
  folder,
  stopAfter,
}) => {
  const service = await serve();
  const root = await corpRoot();
  const host = { hosts: ['127.0.0.1'] };
  const impostor = await corpRoot();
  const noAuthority = await makeCertificate({ name: 'Shop', issuer: root, hosts: ['shop.example'] });
  const leaves: [string, string, Made, Made[]][] = [
    [
      'expired',
      'expired',
      await makeCertificate({ name: 'a', issuer: root, ...host, notBeforeDays: -9, notAfterDays: -1 }),
      [],
    ],
    ['wrong host', 'wrong-host', await makeCertificate({ name: 'b', issuer: root, hosts: ['other.example'] }), []],
    [
      'same name, other key',
      'unknown-authority',
      await makeCertificate({ name: 'c', issuer: impostor, ...host }),
      [impostor],
    ],
    ['issued by a server', 'other', await makeCertificate({ name: 'd', issuer: noAuthority, ...host }), [noAuthority]],
    ['signed by itself', 'unknown-authority', await makeCertificate({ name: 'e', ...host }), []],
  ];
  const good = await stopAfter(
    serveTls({ certificate: await makeCertificate({ name: 'ok', issuer: root, ...host }) }, portOf(service)),
  );
  const { app, page } = await launch();
  const network = new NetworkPage(page);
  await network.open();
  await network.addCertificate(app, await keep(folder, 'corp.pem', root));
  await network.root.getByText(root.x509.fingerprint256).waitFor();
  expect((await network.test(`https://127.0.0.1:${good.port}`)).at(-1)).toBe('good');
  for (const [name, reason, certificate, chain] of leaves) {
    const front = await stopAfter(serveTls({ certificate, chain }, portOf(service)));
    const hops = await network.test(`https://127.0.0.1:${front.port}`);
    expect(hops.slice(4), name).toEqual(['failed', 'not-tried']);
    await expect(errorCard(network.root, 'net.tls', 'en', { reason }), name).toBeVisible();
  }
});

test('a file without an authority is refused with words', async ({ launch, folder }) => {
  const root = await corpRoot();
  const leaf = await makeCertificate({ name: 'server', issuer: root, hosts: ['a.example'] });
  const old = await corpRoot({ notBeforeDays: -9, notAfterDays: -1 });
  const { app, page } = await launch();
  const network = new NetworkPage(page);
  await network.open();
  const text = path.join(folder, 'text.pem');
  await writeFile(text, 'not a certificate');
  for (const [file, reason] of [
    [text, 'none'],
    [await keep(folder, 'leaf.pem', leaf), 'not-authority'],
    [await keep(folder, 'old.pem', old), 'expired'],
  ] as const) {
    await network.addCertificate(app, file);
    await expect(errorCard(network.root, 'network.badCertificate', 'en', { reason })).toBeVisible();
    await expect(network.root.getByText('SHA-256')).toHaveCount(0);
  }
  // DER, and several in one file.
  const der = path.join(folder, 'root.cer');
  await writeFile(der, root.der);
  await network.addCertificate(app, der);
  await expect(network.root.getByText('SHA-256')).toHaveCount(1);
  await network.addCertificate(app, await keep(folder, 'two.pem', root, await corpRoot({ name: 'Second' }), leaf));
  await expect(network.root.getByText('SHA-256')).toHaveCount(2);
});

test(`a proxy with a password and an authority of its own, by hand, in ${language}`, async ({
  launch,
  serve,
  folder,
  stopAfter,
}) => {
  const service = await serve();
  const root = await corpRoot();
  const certificate = await makeCertificate({ name: PUBLIC_HOST, issuer: root, hosts: PUBLIC_NAMES });
  const proxy = await stopAfter(
    serveProxy({ signIn: 'mia:right', leadTo: leadToService(service), intercept: { certificate } }),
  );
  const first = await launch({ language });
  const { app, page, userData } = first;
  const network = new NetworkPage(page, language);
  await network.open();
  await network.addCertificate(app, await keep(folder, 'corp.pem', root));

  await network.useManual(proxy.port);
  expect(await network.test('')).toEqual(['good', 'not-needed', 'good', 'failed', 'not-tried', 'not-tried']);
  await expect(errorCard(network.root, 'net.proxyAuth', language, { reason: 'missing' })).toBeVisible();

  await network.useManual(proxy.port, { user: 'mia', password: 'wrong' });
  expect(await network.test('')).toEqual(['good', 'not-needed', 'good', 'failed', 'not-tried', 'not-tried']);
  await expect(errorCard(network.root, 'net.proxyAuth', language, { reason: 'refused' })).toBeVisible();

  await network.useManual(proxy.port, { user: 'mia', password: 'right' });
  expect(await network.test('')).toEqual(['good', 'not-needed', 'good', 'good', 'good', 'good']);
  await network.close();

  const browser = await new ConnectPage(page, language).connectTo(service, { endpoint: '' });
  await browser.row('english').waitFor();
  await browser.openFolder('english', 'Site plan HL-204-07.pdf');
  const viewer = await browser.open('Site plan HL-204-07.pdf');
  await viewer.seePage(1);
  expect(nonePublic(proxy)).toEqual([]);
  expect(proxy.asked).toContain(`CONNECT documents.${PUBLIC_HOST}:443`);
  expect(await readFile(path.join(userData, 'settings.json'), 'utf8')).not.toContain('right');

  // The password is in the keychain: the next start is through the proxy from its first request on.
  await first.close();
  const before = proxy.asked.length;
  const again = await launch({ language, userData });
  await new BrowserPage(again.page, language).row('english').waitFor();
  expect(proxy.asked.length).toBeGreaterThan(before);
  expect(nonePublic(proxy)).toEqual([]);
});

test('the wrong password of a proxy and a proxy that is not there are told where the work is', async ({
  launch,
  serve,
  stopAfter,
}) => {
  const service = await serve();
  const proxy = await stopAfter(serveProxy({ signIn: 'mia:right', leadTo: leadToService(service, 80) }));
  const { page } = await launch();
  const network = new NetworkPage(page);
  await network.open();
  await network.useManual(proxy.port, { user: 'mia', password: 'wrong' });
  await network.close();
  const connect = new ConnectPage(page);
  await connect.fill({ ...toForm(service), endpoint: `http://${PUBLIC_HOST}` });
  await connect.connectButton.click();
  const refused = errorCard(page, 'net.proxyAuth', 'en', { reason: 'refused' });
  await expect(refused).toBeVisible();
  await refused.getByRole('button', { name: common.en.networkSettings }).click();

  await proxy.stop();
  await network.useManual(proxy.port, { user: 'mia', password: 'right' });
  await network.close();
  await connect.connectButton.click();
  await expect(errorCard(page, 'net.proxyUnreachable')).toContainText(`127.0.0.1:${proxy.port}`);
});

test('a PAC file decides, keys with dot segments take the same way, and without a proxy nothing goes there', async ({
  launch,
  serve,
  folder,
  stopAfter,
}) => {
  const samplePdf = path.join(samplesFolder, 'english', 'Site plan HL-204-07.pdf');
  const service = await serve({
    world: { buckets: { documents: { objects: [{ key: 'odd/../plan.pdf', file: samplePdf }] } } },
  });
  const proxy = await stopAfter(serveProxy({ leadTo: leadToService(service, 80) }));
  const script = path.join(folder, 'company.pac');
  await writeFile(
    script,
    `function FindProxyForURL(url, host) { return dnsDomainIs(host, '${PUBLIC_HOST}') ? 'PROXY 127.0.0.1:${proxy.port}' : 'DIRECT'; }`,
  );
  const { app, page } = await launch();
  const network = new NetworkPage(page);
  await network.open();
  await network.choose('pac');
  await network.root.getByText(network.words.pacFile, { exact: true }).click();
  await answerFolderDialog(app, script);
  await network.root.getByRole('button', { name: network.words.chooseFile }).click();
  await network.root.getByText(network.words.fileKept('company.pac')).waitFor();
  await expect(network.root.getByText(`http://127.0.0.1:${proxy.port}`)).toBeVisible();
  expect(await network.test(`http://${PUBLIC_HOST}`)).toEqual([
    'good',
    'not-needed',
    'good',
    'not-needed',
    'not-needed',
    'good',
  ]);
  await network.close();
  const browser = await new ConnectPage(page).connectTo(service, { endpoint: `http://${PUBLIC_HOST}` });
  const viewer = await browser.openAt('oss://documents/odd/../plan.pdf');
  await viewer.seePage(1);
  const raw = proxy.asked.filter((line) => line.includes('/odd/../plan.pdf'));
  expect(raw.map((line) => line.split(' ')[0])).toEqual(expect.arrayContaining(['HEAD', 'GET']));
  expect(raw.every((line) => line.includes(` http://documents.${PUBLIC_HOST}/odd/../plan.pdf`))).toBe(true);

  const before = proxy.asked.length;
  await network.open();
  await network.choose('direct');
  await network.apply();
  await expect(network.root.getByText(network.words.noProxy)).toBeVisible();
  expect(proxy.asked).toHaveLength(before);
});

test('a SOCKS 5 proxy, and a proxy that is itself spoken to in TLS', async ({ launch, serve, folder, stopAfter }) => {
  const service = await serve();
  const socks = await stopAfter(serveSocks(leadToService(service, 80)));
  const { app, page } = await launch();
  const network = new NetworkPage(page);
  await network.open();
  await network.choose('manual');
  await network.root.getByText(network.words.kinds.socks5, { exact: true }).click();
  await network.useManual(socks.port);
  await expect(network.root.getByText(`socks5://127.0.0.1:${socks.port}`)).toBeVisible();
  const n = 'not-needed';
  expect(await network.test(`http://${PUBLIC_HOST}`)).toEqual(['good', n, 'good', 'good', n, 'good']);
  expect(new Set(socks.asked)).toEqual(new Set([`${PUBLIC_HOST}:80`]));

  const root = await corpRoot();
  const certificate = await makeCertificate({ name: 'proxy', issuer: root, hosts: ['127.0.0.1'] });
  const inside = await stopAfter(serveProxy({ leadTo: leadToService(service, 80) }));
  const front = await stopAfter(serveTls({ certificate }, inside.port));
  await network.root.getByText(network.words.kinds.https, { exact: true }).click();
  await network.useManual(front.port);
  await expect(network.root.getByText(`https://127.0.0.1:${front.port}`)).toBeVisible();
  const untried = ['not-tried', 'not-tried', 'not-tried'];
  expect(await network.test(`http://${PUBLIC_HOST}`)).toEqual(['good', n, 'failed', ...untried]);
  await expect(errorCard(network.root, 'net.tls', 'en', { reason: 'unknown-authority' })).toBeVisible();
  await network.close();
  const connect = new ConnectPage(page);
  await connect.fill({ ...toForm(service), endpoint: `http://${PUBLIC_HOST}` });
  await connect.connectButton.click();
  await expect(errorCard(page, 'net.tls', 'en', { reason: 'unknown-authority' })).toContainText('Corp Root');
  expect(inside.asked).toEqual([]);

  await network.open();
  await network.addCertificate(app, await keep(folder, 'corp.pem', root));
  await network.root.getByText(root.x509.fingerprint256).waitFor();
  expect(await network.test(`http://${PUBLIC_HOST}`)).toEqual(['good', n, 'good', n, n, 'good']);
  await network.close();
  await connect.connectButton.click();
  await page.getByRole('grid').waitFor();
  expect(nonePublic(inside)).toEqual([]);
});

test('the password of a proxy goes to no server and to no other proxy', async ({ launch, stopAfter }) => {
  const given: (string | undefined)[] = [];
  const server = http.createServer((request, response) => {
    given.push(request.headers.authorization, request.headers['proxy-authorization']);
    response.writeHead(401, { 'www-authenticate': 'Basic realm="oss"', 'x-oss-request-id': 'ID1' }).end();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const port = (server.address() as AddressInfo).port;
  const other = await stopAfter(serveProxy({ signIn: 'somebody:else', leadTo: () => port }));
  const { page } = await launch();
  const network = new NetworkPage(page);
  await network.open();
  await network.root.getByRole('checkbox', { name: network.words.signIn }).check();
  // The sign-in names the very server that asks: it is still no proxy.
  await network.root.getByLabel(network.words.signInProxy).fill(`127.0.0.1:${port}`);
  await network.signIn({ user: 'mia', password: 'right' });
  await network.root.getByText(network.words.keepSession, { exact: true }).click();
  await network.apply();
  await network.waitForApplied();
  expect((await network.test(`http://127.0.0.1:${port}`)).at(-1)).toBe('good');
  expect(given).toEqual([undefined, undefined]);

  await network.choose('pac');
  const script = `function FindProxyForURL() { return 'PROXY 127.0.0.1:${other.port}'; }`;
  const scripts = http.createServer((_request, response) => response.end(script));
  await once(scripts.listen(0, '127.0.0.1'), 'listening');
  await network.root
    .getByLabel(network.words.pacAddress)
    .fill(`http://127.0.0.1:${(scripts.address() as AddressInfo).port}/proxy.pac`);
  await network.apply();
  await expect(network.root.getByText(`http://127.0.0.1:${other.port}`)).toBeVisible();
  expect((await network.test(`http://${PUBLIC_HOST}`))[3]).toBe('failed');
  await expect(errorCard(network.root, 'net.proxyAuth', 'en', { reason: 'missing' })).toBeVisible();
  expect(other.asked.length).toBeGreaterThan(0);
  expect(other.signedIn).toEqual([]);

  // For this proxy it is the right one.
  await network.root.getByLabel(network.words.signInProxy).fill(`127.0.0.1:${other.port}`);
  await network.signIn({ user: 'somebody', password: 'else' });
  await network.apply();
  await network.waitForApplied();
  const n = 'not-needed';
  expect(await network.test(`http://${PUBLIC_HOST}`)).toEqual(['good', n, 'good', n, n, 'good']);
  for (const running of [server, scripts]) running.close().closeAllConnections();
});

test('without a setting the system’s proxy is taken, and the app asks nobody there but OSS', async ({
  launch,
  stopAfter,
}) => {
  const proxy = await stopAfter(serveProxy({ leadTo: () => null }));
  // The system's proxy, as Chromium reads it where no desktop has one: every session takes it, asked or not.
  const system = `http://127.0.0.1:${proxy.port}`;
  const desktop = {
    XDG_CURRENT_DESKTOP: undefined,
    DESKTOP_SESSION: undefined,
    no_proxy: undefined,
    NO_PROXY: undefined,
  };
  const { page } = await launch({ env: { ...desktop, http_proxy: system, https_proxy: system } });
  const browser = await new ConnectPage(page).trySamples();
  await browser.openFolder('english', 'Site plan HL-204-07.pdf');
  const viewer = await browser.open('Site plan HL-204-07.pdf');
  await viewer.seePage(1);
  expect(proxy.asked).toEqual([]);
  // The trap works: what does go to the network goes there.
  await viewer.back();
  const network = new NetworkPage(page);
  await network.open();
  expect((await network.test('')).slice(0, 4)).toEqual(['good', 'not-needed', 'good', 'failed']);
  expect(nonePublic(proxy)).toEqual([]);
  expect(proxy.asked.length).toBeGreaterThan(0);
});
