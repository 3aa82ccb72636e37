/** Where signed requests may go: nowhere that a refusal merely names. And every way to every region leads back to it. */
import { describe, expect, it } from 'vitest';
import { hostOf, REGIONS, wayOf, WAYS } from '#contract/regions.ts';
import { addressOf, isPublicService, readDomain, regionOfHost, type Endpoint } from '#oss/endpoint.ts';
import { makeBucketRoutes } from '#services/bucket-routes.ts';
import { makeRandom } from '../oss/odd-keys.ts';

const PUBLIC: Endpoint = {
  scheme: 'https',
  host: 'oss-cn-hangzhou.aliyuncs.com',
  style: 'virtual',
  region: 'cn-hangzhou',
  bucket: null,
};
const PRIVATE: Endpoint = { ...PUBLIC, scheme: 'http', host: '127.0.0.1:9000', style: 'path' };
const CUSTOM: Endpoint = { ...PUBLIC, host: 'docs.example.com', style: 'cname', bucket: 'docs' };

const HOSTILE = [
  'evil.example',
  'oss-cn-beijing.aliyuncs.com.evil.example',
  'evil.aliyuncs.com',
  'oss-cn-beijing.aliyuncs.com@evil.example',
  'user:pass@oss-cn-beijing.aliyuncs.com',
  'evil.example#oss-cn-beijing.aliyuncs.com',
  'evil.example/oss-cn-beijing.aliyuncs.com',
  'evil.example?oss-cn-beijing.aliyuncs.com',
  'oss-cn-beijing.aliyuncs.com:8443',
  'oss-cn-beijing.aliyuncs.com\\@evil.example',
  'http://evil.example',
  '//evil.example',
  '10.0.0.1',
  '[::1]',
  '127.0.0.1:1',
  'localhost',
  'xn--oss-cn-beijing.aliyuncs.com',
  'oss-cn-beijing.aliyuncs.com\r\nhost: evil.example',
  'ⓞss-cn-beijing.aliyuncs.com',
  ' ',
  '',
];

describe('an endpoint that a refusal names', () => {
  it.each([
    ['the public service', PUBLIC],
    ['a service of one’s own', PRIVATE],
    ['a custom domain', CUSTOM],
  ] as const)('leads %s nowhere but to hosts of OSS and its own', (_name, account) => {
    const random = makeRandom(20_261_127);
    const letters = 'oss-cn.aliyucm@:/#\\evl0123%';
    const noise = Array.from({ length: 3000 }, () =>
      Array.from({ length: Math.floor(random() * 40) }, () => letters[Math.floor(random() * letters.length)]).join(''),
    );
    for (const named of [...HOSTILE, ...noise]) {
      const routes = makeBucketRoutes(account);
      routes.redirect('docs', named);
      const { host } = routes.of('docs');
      const isOurs = host === account.host || (account !== PRIVATE && isPublicService(host));
      expect(isOurs, `${named} -> ${host}`).toBe(true);
      expect(addressOf(routes.of('docs'), { bucket: 'docs', key: 'a' }).host.endsWith(host)).toBe(true);
    }
  });

  it('is forgotten when it leads nowhere, and remembered when it led there', () => {
    const routes = makeBucketRoutes(PUBLIC);
    const undo = routes.mark('docs');
    expect(routes.redirect('docs', 'oss-cn-beijing.aliyuncs.com')).toBe(true);
    expect(routes.of('docs')).toMatchObject({ host: 'oss-cn-beijing.aliyuncs.com', region: 'cn-beijing' });
    const place = routes.placeOf('docs');
    undo();
    expect(routes.of('docs')).toEqual(PUBLIC);
    const again = makeBucketRoutes(PUBLIC, { remembered: new Map([['docs', place]]) });
    expect(again.of('docs')).toMatchObject({ host: 'oss-cn-beijing.aliyuncs.com', region: 'cn-beijing' });
    // A place of another time that may not be followed now is not.
    const stale = makeBucketRoutes(PRIVATE, { remembered: new Map([['docs', place]]) });
    expect(stale.of('docs').host).toBe(PRIVATE.host);
  });
});

describe('a domain of one bucket', () => {
  it('is used for it, for nothing else, and no refusal leads away from it', () => {
    const domain = readDomain('docs.example.com', 'cn-hangzhou', 'docs');
    if (!domain.ok) throw new Error(domain.error.message);
    const routes = makeBucketRoutes(PUBLIC, { domains: new Map([['docs', domain.value]]) });
    expect(routes.of('docs')).toMatchObject({ host: 'docs.example.com', style: 'cname' });
    expect(routes.of('other')).toEqual(PUBLIC);
    routes.redirect('docs', 'oss-cn-beijing.aliyuncs.com');
    expect(routes.of('docs')).toMatchObject({ host: 'docs.example.com', region: 'cn-beijing' });
  });

  it.each(['oss-cn-hangzhou.aliyuncs.com', 'docs.oss-cn-hangzhou.aliyuncs.com', 'a b', 'ftp://x', ''])(
    '%j is none',
    (text) =>
      expect(readDomain(text, 'cn-hangzhou', 'docs')).toMatchObject({
        ok: false,
        error: { detail: { field: 'domain' } },
      }),
  );
});

describe('every way to every region', () => {
  const cases = [...REGIONS.map(({ id }) => id), 'xx-new-9'].flatMap((id) => WAYS.map((way) => ({ id, way })));

  it.each(cases)('$id, $way', ({ id, way }) => {
    const host = hostOf(id, way);
    if (host === null) return expect(['internal', 'dual-stack']).toContain(way);
    expect(isPublicService(host)).toBe(true);
    expect(regionOfHost(host)).toBe(way.startsWith('accelerate') ? null : id);
    expect(wayOf(way === 'public' ? '' : host, id)).toBe(way);
  });
});
