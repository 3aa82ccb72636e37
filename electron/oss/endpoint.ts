/** Where requests go: scheme, host, host style and signing region, and how a bucket and key are addressed there. */
import { BucketName } from '#contract/shapes.ts';
import { fail, ok, type Result } from '#contract/errors.ts';
import { hostOf, REGIONS } from '#contract/regions.ts';
import { encodeKey, percentEncode, type Resource } from './canonical.ts';

/**
 * `virtual`: the bucket is the first label of the host, as the public service wants it. `path`: the bucket is the first
 * path segment (IP addresses, localhost). `cname`: a custom domain that stands for one bucket.
 */
export type HostStyle = 'virtual' | 'path' | 'cname';

export interface Endpoint {
  scheme: 'http' | 'https';
  /** Lower case, with the port where it is not the scheme's own. */
  host: string;
  style: HostStyle;
  /** What requests to this endpoint are signed with, unless a bucket is known to lie elsewhere. */
  region: string;
  /** `cname` only: the bucket the domain stands for, null while nobody said. */
  bucket: string | null;
}

/** An endpoint as typed, and the bucket that stood in front of its host, if one did. */
export interface TypedEndpoint {
  endpoint: Endpoint;
  bucketInFront: string | null;
}

const LABEL = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';
const HOST_NAME = new RegExp(`^${LABEL}(?:\\.${LABEL})*$`);

/** True for a name that OSS allows for a bucket: 3 to 63 of a-z, 0-9 and `-`, alphanumeric at both ends. */
export function isBucketName(text: string): boolean {
  return BucketName.safeParse(text).success;
}

/** The public host of a region: by the table, else by OSS's pattern. */
export function publicHost(region: string): string {
  return hostOf(region, 'public') ?? `oss-${region}.aliyuncs.com`;
}

/** The public endpoint of a region, over TLS. */
export function regionEndpoint(region: string): Endpoint {
  return { scheme: 'https', host: publicHost(region), style: 'virtual', region, bucket: null };
}

/**
 * The region that a host of the public service names, or null: not such a host, or one without a region
 * (acceleration). Tables first, because the finance clouds' hosts follow no pattern.
 */
export function regionOfHost(host: string): string | null {
  const listed = REGIONS.find(
    ({ publicHost: named, internalHost, dualStackHost, otherHosts }) =>
      [named, internalHost, dualStackHost].includes(host) || otherHosts?.includes(host),
  );
  if (listed) return listed.id;
  if (isAccelerated(host)) return null;
  const match = /^(?:oss-([a-z0-9-]+?)(?:-internal)?|([a-z0-9-]+)\.oss)\.aliyuncs\.com$/.exec(host);
  return match ? (match[1] ?? match[2] ?? null) : null;
}

/** True for the acceleration hosts, which serve every region and name none. */
export function isAccelerated(host: string): boolean {
  return host === 'oss-accelerate.aliyuncs.com' || host === 'oss-accelerate-overseas.aliyuncs.com';
}

/** True for hosts that only machines inside Alibaba Cloud reach; their traffic is free. */
export function isInternal(host: string): boolean {
  return REGIONS.some(({ internalHost }) => internalHost === host) || /-internal\.(aliyuncs\.com|oss-)/.test(host);
}

/** The service's own host of an address, without port and bucket. */
export function serviceHostOf(host: string): string {
  const name = hostName(host);
  return splitPublicHost(name)?.host ?? name;
}

/** True for hosts of the public service, without a bucket in front. */
export function isPublicService(host: string): boolean {
  return isAccelerated(host) || regionOfHost(host) !== null;
}

/** Splits `bucket.oss-cn-hangzhou.aliyuncs.com` into bucket and service host; null when it is not of that shape. */
export function splitPublicHost(host: string): { bucket: string; host: string } | null {
  const dot = host.indexOf('.');
  const bucket = host.slice(0, dot);
  const rest = host.slice(dot + 1);
  return dot > 0 && isBucketName(bucket) && isPublicService(rest) ? { bucket, host: rest } : null;
}

/** The host without its port; brackets of an IPv6 address stay. */
export function hostName(host: string): string {
  return host.replace(/:\d+$/, '');
}

/** True where a bucket cannot stand in front of the host: IP addresses and `localhost`. */
export function isPathStyleHost(host: string): boolean {
  const name = hostName(host);
  return name === 'localhost' || name.startsWith('[') || /^\d{1,3}(\.\d{1,3}){3}$/.test(name);
}

function isLoopback(name: string): boolean {
  return name === 'localhost' || name === '[::1]' || name.startsWith('127.');
}

/** Reads `host`, `host:port` in lower case, without the scheme's own port; null when it is no host. */
export function readHost(text: string, scheme: 'http' | 'https'): string | null {
  const match = /^(\[[0-9a-f:.]+\]|[^:[\]]+)(?::(\d{1,5}))?$/.exec(text.toLowerCase());
  const name = match?.[1];
  if (!name || name.length > 253) return null;
  if (!name.startsWith('[') && !HOST_NAME.test(name)) return null;
  // A last label of digits makes it an IPv4 address to every URL parser; then it has to be a whole one.
  if (/(^|\.)\d+$/.test(name) && !isIpv4(name)) return null;
  const port = match[2] === undefined ? null : Number(match[2]);
  if (port !== null && (port < 1 || port > 65_535)) return null;
  return port === null || port === (scheme === 'https' ? 443 : 80) ? name : `${name}:${port}`;
}

function isIpv4(name: string): boolean {
  const parts = name.split('.');
  return parts.length === 4 && parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255);
}

/**
 * Reads what a person typed as endpoint: nothing (the region's public endpoint), a host, or scheme and host, with port
 * or not, with a bucket in front or not. A host of the public service names its region, and that wins over `region`,
 * because a request signed for another one is refused. `bucket` is what a custom domain stands for, where known.
 * Without a scheme it is https, on this very computer http. Errors: `account.invalid` with `detail.field`.
 */
export function readEndpoint(text: string, region: string, bucket: string | null = null): Result<TypedEndpoint> {
  const typed = text.trim().toLowerCase();
  if (typed === '') return ok({ endpoint: regionEndpoint(region), bucketInFront: null });
  const match = /^(?:(https?):\/\/)?([^/?#@\s\\]+)\/?$/.exec(typed);
  if (!match) return invalidEndpoint('The endpoint is a host, with http:// or https:// in front if needed.');
  const authority = match[2] ?? '';
  const scheme = readScheme(match[1], authority);
  const host = readHost(authority, scheme);
  if (host === null) return invalidEndpoint('The endpoint is not a valid host name or address.');

  if (isPathStyleHost(host)) {
    return ok({ endpoint: { scheme, host, style: 'path', region, bucket: null }, bucketInFront: null });
  }
  const name = hostName(host);
  const port = host.slice(name.length);
  const split = splitPublicHost(name);
  if (split || isPublicService(name)) {
    const service = split?.host ?? name;
    return ok({
      endpoint: {
        scheme,
        host: service + port,
        style: 'virtual',
        region: regionOfHost(service) ?? region,
        bucket: null,
      },
      bucketInFront: split?.bucket ?? null,
    });
  }
  if (/^oss-[a-z]{2}-[a-z0-9-]+\./.test(name) || name.endsWith('.localhost')) {
    // Private deployments and local services by name: oss-cn-x.corp.example, x.localhost. Virtual hosts, as everywhere.
    return ok({ endpoint: { scheme, host, style: 'virtual', region, bucket: null }, bucketInFront: null });
  }
  return ok({ endpoint: { scheme, host, style: 'cname', region, bucket }, bucketInFront: null });
}

/**
 * Reads the domain that a bucket's owner bound to it: a host, or scheme and host, with port or not. It is always taken for
 * the bucket itself, whatever it looks like. Errors: `account.invalid` with `detail.field`.
 */
export function readDomain(text: string, region: string, bucket: string): Result<Endpoint> {
  const match = /^(?:(https?):\/\/)?([^/?#@\s\\]+)\/?$/.exec(text.trim().toLowerCase());
  const authority = match?.[2] ?? '';
  const scheme = readScheme(match?.[1], authority);
  const host = match ? readHost(authority, scheme) : null;
  if (host === null || splitPublicHost(hostName(host)) || isPublicService(hostName(host))) {
    return fail('account.invalid', 'A domain of one’s own is a host such as docs.example.com.', {
      detail: { field: 'domain' },
    });
  }
  return ok({ scheme, host, style: 'cname', region, bucket });
}

function readScheme(typed: string | undefined, authority: string): 'http' | 'https' {
  if (typed !== undefined) return typed === 'http' ? 'http' : 'https';
  return isLoopback(hostName(authority)) ? 'http' : 'https';
}

function invalidEndpoint(message: string): Result<never> {
  return fail('account.invalid', message, { detail: { field: 'endpoint' } });
}

/** Host and raw path of a resource at an endpoint: what goes on the wire, percent-encoded and never normalised. */
export function addressOf(endpoint: Endpoint, { bucket, key }: Resource): { host: string; path: string } {
  const keyPath = key === null ? '' : encodeKey(key);
  if (bucket === null) return { host: endpoint.host, path: '/' };
  if (endpoint.style === 'path') return { host: endpoint.host, path: `/${percentEncode(bucket)}/${keyPath}` };
  if (endpoint.style === 'cname') return { host: endpoint.host, path: `/${keyPath}` };
  return { host: `${bucket}.${endpoint.host}`, path: `/${keyPath}` };
}
