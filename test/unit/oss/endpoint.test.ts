/** Endpoints as people type them, hosts of the public service, and how a bucket is addressed. */
import { describe, expect, it } from 'vitest';
import { REGIONS } from '#contract/regions.ts';
import {
  addressOf,
  isBucketName,
  isPublicService,
  publicHost,
  readEndpoint,
  readHost,
  regionEndpoint,
  regionOfHost,
  splitPublicHost,
} from '#oss/endpoint.ts';

function read(text: string, region = 'cn-hangzhou', bucket: string | null = null) {
  const result = readEndpoint(text, region, bucket);
  if (!result.ok) return result.error.code;
  const { endpoint, bucketInFront } = result.value;
  const front = bucketInFront === null ? '' : ` [${bucketInFront}]`;
  return `${endpoint.scheme}://${endpoint.host} ${endpoint.style} ${endpoint.region}${front}`;
}

describe('regions', () => {
  it('has every id once, a place in both languages, and hosts that lead back to the region', () => {
    expect(new Set(REGIONS.map(({ id }) => id)).size).toBe(REGIONS.length);
    for (const { id, place, otherHosts = [] } of REGIONS) {
      expect(place.en).not.toBe('');
      expect(place['zh-CN']).toMatch(/\p{Script=Han}/u);
      for (const host of [publicHost(id), ...otherHosts]) expect(regionOfHost(host)).toBe(id);
    }
  });

  it('builds hosts by pattern, also for a region nobody has heard of', () => {
    expect(publicHost('cn-hangzhou')).toBe('oss-cn-hangzhou.aliyuncs.com');
    expect(publicHost('cn-shenzhen-finance-1')).toBe('oss-cn-szfinance.aliyuncs.com');
    expect(regionEndpoint('xx-new-9').host).toBe('oss-xx-new-9.aliyuncs.com');
  });

  it('reads the region from every host form, and none from acceleration or foreign hosts', () => {
    expect(regionOfHost('oss-cn-hangzhou-internal.aliyuncs.com')).toBe('cn-hangzhou');
    expect(regionOfHost('cn-beijing.oss.aliyuncs.com')).toBe('cn-beijing');
    expect(regionOfHost('oss-cn-hzjbp-a-internal.aliyuncs.com')).toBe('cn-hangzhou-finance');
    expect(regionOfHost('oss-accelerate.aliyuncs.com')).toBe(null);
    expect(isPublicService('oss-accelerate-overseas.aliyuncs.com')).toBe(true);
    for (const host of ['aliyuncs.com', 'evil.com', 'oss-cn-hangzhou.aliyuncs.com.evil.com', 'xaliyuncs.com'])
      expect(isPublicService(host)).toBe(false);
  });
});

describe('typed endpoints', () => {
  it.each([
    ['', 'https://oss-cn-hangzhou.aliyuncs.com virtual cn-hangzhou'],
    ['oss-cn-shanghai.aliyuncs.com', 'https://oss-cn-shanghai.aliyuncs.com virtual cn-shanghai'],
    [' HTTP://OSS-cn-hangzhou.aliyuncs.com/ ', 'http://oss-cn-hangzhou.aliyuncs.com virtual cn-hangzhou'],
    ['https://oss-cn-hangzhou.aliyuncs.com:443', 'https://oss-cn-hangzhou.aliyuncs.com virtual cn-hangzhou'],
    ['reports.oss-cn-beijing.aliyuncs.com', 'https://oss-cn-beijing.aliyuncs.com virtual cn-beijing [reports]'],
    ['cn-beijing.oss.aliyuncs.com', 'https://cn-beijing.oss.aliyuncs.com virtual cn-beijing'],
    ['oss-accelerate.aliyuncs.com', 'https://oss-accelerate.aliyuncs.com virtual cn-hangzhou'],
    ['127.0.0.1:9000', 'http://127.0.0.1:9000 path cn-hangzhou'],
    ['localhost:9000', 'http://localhost:9000 path cn-hangzhou'],
    ['http://[::1]:9000', 'http://[::1]:9000 path cn-hangzhou'],
    ['10.0.0.5', 'https://10.0.0.5 path cn-hangzhou'],
    ['docs.example.com', 'https://docs.example.com cname cn-hangzhou'],
    ['oss.example.com:8443', 'https://oss.example.com:8443 cname cn-hangzhou'],
    ['oss-cn-north.cloud.corp.example', 'https://oss-cn-north.cloud.corp.example virtual cn-hangzhou'],
  ])('%j', (text, expected) => expect(read(text)).toBe(expected));

  it.each([
    'https://docs.example.com/path',
    'ftp://docs.example.com',
    'user@docs.example.com',
    'a b.com',
    'docs..example.com',
    '-a.com',
    '1.2.3',
    '1.2.3.4.5',
    '999.1.1.1',
    '010.1.1.1',
    'host:0',
    'host:99999',
    'host?x=1',
    'back\\slash',
    '文档.例子',
  ])('refuses %j and names the field', (text) => {
    const result = readEndpoint(text, 'cn-hangzhou');
    expect(result).toMatchObject({ ok: false, error: { code: 'account.invalid', detail: { field: 'endpoint' } } });
  });

  it('remembers what a custom domain stands for', () => {
    expect(readEndpoint('docs.example.com', 'cn-hangzhou', 'reports')).toMatchObject({
      value: { endpoint: { style: 'cname', bucket: 'reports' } },
    });
  });

  it('drops the default port of the scheme only', () => {
    expect(readHost('a.b:80', 'http')).toBe('a.b');
    expect(readHost('a.b:80', 'https')).toBe('a.b:80');
  });
});

describe('addresses', () => {
  const odd = { bucket: 'reports', key: '年 度/a+b/../c?.docx' };
  const path = '%E5%B9%B4%20%E5%BA%A6/a%2Bb/../c%3F.docx';
  it.each([
    ['', 'reports.oss-cn-hangzhou.aliyuncs.com', `/${path}`],
    ['127.0.0.1:9000', '127.0.0.1:9000', `/reports/${path}`],
    ['docs.example.com', 'docs.example.com', `/${path}`],
  ])('puts bucket and key where %j wants them', (text, host, target) => {
    const typed = readEndpoint(text, 'cn-hangzhou');
    if (!typed.ok) throw new Error(typed.error.message);
    expect(addressOf(typed.value.endpoint, odd)).toEqual({ host, path: target });
  });

  it('addresses a bucket with a slash behind it, and the service by its bare host', () => {
    const typed = readEndpoint('127.0.0.1:9000', 'cn-hangzhou');
    if (!typed.ok) throw new Error(typed.error.message);
    expect(addressOf(typed.value.endpoint, { bucket: 'reports', key: null }).path).toBe('/reports/');
    expect(addressOf(typed.value.endpoint, { bucket: null, key: null }).path).toBe('/');
  });

  it('splits a bucket off a public host only', () => {
    expect(splitPublicHost('0012.oss-cn-hangzhou.aliyuncs.com')).toEqual({
      bucket: '0012',
      host: 'oss-cn-hangzhou.aliyuncs.com',
    });
    expect(splitPublicHost('a.b.oss-cn-hangzhou.aliyuncs.com')).toBe(null);
    expect(splitPublicHost('reports.example.com')).toBe(null);
  });

  it('knows bucket names', () => {
    expect(['abc', '0012', 'a-b', 'a'.repeat(63)].every(isBucketName)).toBe(true);
    expect(['ab', '-ab', 'ab-', 'A12', 'a_b', 'a.b', 'a'.repeat(64), ''].some(isBucketName)).toBe(false);
  });
});
