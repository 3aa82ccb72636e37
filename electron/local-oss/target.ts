/** Reads a request's Host, path and query into what it may be about. No decision about rights is made here. */
import { invalidArgument, refuse, type OssFailure } from './failure.ts';
import type { OssRequest } from './http.ts';
import { percentDecode } from './percent.ts';

/** What a request is about: the service (no bucket), a bucket (no key), or an object. */
export interface Resource {
  bucket: string | null;
  key: string | null;
}

/** One query parameter, decoded. `bare`: it came without `=`. */
export interface QueryParameter {
  name: string;
  value: string;
  bare: boolean;
}

/** How the client addressed us. */
export type HostStyle = 'path' | 'virtual' | 'custom-domain';

export interface Reading extends Resource {
  style: HostStyle;
  /** The region that the Host names; null on loopback, acceleration and custom domains, which serve any. */
  hostRegion: string | null;
}

export interface Target {
  /**
   * What the request can mean, likeliest first, never empty. Usually one; a Host made up for an IP endpoint can be read
   * in two ways, and which was meant is told by the signature.
   */
  readings: [Reading, ...Reading[]];
  query: QueryParameter[];
}

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\]|)$/;
const LOOPBACK_SUFFIX = /^(.+)\.(localhost|127(?:\.\d{1,3}){3})$/;

/** `oss-cn-hangzhou`, `oss-cn-hangzhou-internal`, `cn-hangzhou.oss`, `oss-accelerate` before `.aliyuncs.com`. */
function readEndpointLabel(label: string): { region: string | null } | null {
  if (/^oss-accelerate(-overseas)?$/.test(label)) return { region: null };
  const region = /^(?:oss-([a-z0-9-]+?)(?:-internal)?|([a-z0-9-]+)\.oss)$/.exec(label);
  return region ? { region: region[1] ?? region[2] ?? null } : null;
}

/** Splits a host of ours into bucket label and region; null when it is none of ours. */
function readHost(host: string): { bucket: string | null; region: string | null } | null {
  if (LOOPBACK.test(host)) return { bucket: null, region: null };
  const loopback = LOOPBACK_SUFFIX.exec(host);
  const front = loopback?.[1] ?? /^(.+)\.aliyuncs\.com$/.exec(host)?.[1];
  if (front === undefined) return null;
  const service = readEndpointLabel(front);
  if (service) return { bucket: null, region: service.region };
  const dot = front.indexOf('.');
  if (dot < 0) return loopback ? { bucket: front, region: null } : null;
  const endpoint = readEndpointLabel(front.slice(dot + 1));
  return endpoint ? { bucket: front.slice(0, dot), region: endpoint.region } : null;
}

function readQuery(raw: string): QueryParameter[] | OssFailure {
  const parameters: QueryParameter[] = [];
  const names = new Set<string>();
  for (const part of raw.split('&')) {
    if (part === '') continue;
    const at = part.indexOf('=');
    const name = percentDecode((at < 0 ? part : part.slice(0, at)).replaceAll('+', ' '));
    const value = percentDecode((at < 0 ? '' : part.slice(at + 1)).replaceAll('+', ' '));
    if (name === null || value === null) {
      return invalidArgument('The query string is not UTF-8 in percent-encoding.', 'query', part.slice(0, 200));
    }
    // Which of two equal names is signed is not defined; a stolen link must not get a second x-oss-process this way.
    if (names.has(name)) return invalidArgument('A query parameter is given twice.', name, value);
    names.add(name);
    parameters.push({ name, value, bare: at < 0 });
  }
  return parameters;
}

/** Bucket and key of a path-style path, decoded: `/bucket/key`. */
function readPathStyle(path: string): Resource {
  const slash = path.indexOf('/', 1);
  const bucket = slash < 0 ? path.slice(1) : path.slice(1, slash);
  const key = slash < 0 ? '' : path.slice(slash + 1);
  return { bucket: bucket || null, key: key || null };
}

/**
 * Reads Host and target. `customDomains`: host -> bucket. Errors: an OSS refusal for a host that is not ours, a path
 * that is no UTF-8, a parameter given twice.
 */
export function readTarget(
  request: OssRequest,
  customDomains: Readonly<Record<string, string>>,
): { ok: true; target: Target } | { ok: false; failure: OssFailure } {
  const no = (failure: OssFailure): { ok: false; failure: OssFailure } => ({ ok: false, failure });
  const mark = request.target.indexOf('?');
  const rawPath = mark < 0 ? request.target : request.target.slice(0, mark);
  const path = percentDecode(rawPath);
  if (!rawPath.startsWith('/') || path === null) {
    return no(refuse(400, 'InvalidURI', "Couldn't parse the specified URI.", '0002-00000102'));
  }
  const query = readQuery(mark < 0 ? '' : request.target.slice(mark + 1));
  if (!Array.isArray(query)) return no(query);

  const host = request.host.toLowerCase().replace(/\.?(:\d+)?$/, '');
  const key = path.slice(1) || null;
  const ownDomain = Object.hasOwn(customDomains, host) ? customDomains[host] : undefined;
  if (ownDomain !== undefined) {
    const reading: Reading = { bucket: ownDomain, key, style: 'custom-domain', hostRegion: null };
    return { ok: true, target: { readings: [reading], query } };
  }
  const at = readHost(host);
  if (at === null) {
    return no(
      refuse(
        403,
        'NonStandardHostForbidden',
        'Your host is invalid. Please use Open Storage Service standard host.',
        '0001-00000101',
      ),
    );
  }
  const byPath: Reading = { ...readPathStyle(path), style: 'path', hostRegion: at.region };
  if (at.bucket === null) return { ok: true, target: { readings: [byPath], query } };

  const byHost: Reading = { bucket: at.bucket, key, style: 'virtual', hostRegion: at.region };
  // ali-oss on an IP endpoint makes up a Host (`undefined.oss-…` for the service) and may still write the bucket into the path.
  const isMadeUp = path === '/' || path === `/${at.bucket}` || path.startsWith(`/${at.bucket}/`);
  return { ok: true, target: { readings: isMadeUp ? [byHost, byPath] : [byHost], query } };
}

/** The value of a parameter, `''` when it came bare, undefined when it did not come. */
export function parameter(query: readonly QueryParameter[], name: string): string | undefined {
  return query.find((one) => one.name === name)?.value;
}
