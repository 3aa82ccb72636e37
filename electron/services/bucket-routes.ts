/**
 * Where each bucket is reached and with which region its requests are signed: as the person set it, as remembered, and
 * as learnt from lists and refusals.
 */
import { hostOf, wayOf } from '#contract/regions.ts';
import {
  hostName,
  isPublicService,
  publicHost,
  readHost,
  regionEndpoint,
  regionOfHost,
  splitPublicHost,
  isAccelerated,
  type Endpoint,
} from '#oss/endpoint.ts';

/** Where a bucket really is, as a refusal taught: what is worth remembering for the next run. */
export interface BucketPlace {
  region: string;
  /** The service host that its requests go to; null: the account's own way. */
  host: string | null;
}

export interface BucketRoutesOptions {
  /** Domains of their own, by bucket: always used for it, and for nothing else. */
  domains?: ReadonlyMap<string, Endpoint>;
  /** What earlier runs learnt; corrected like everything else when it is no longer so. */
  remembered?: ReadonlyMap<string, BucketPlace>;
}

export interface BucketRoutes {
  /** For calls without a bucket. A custom domain cannot answer those; its region's public endpoint can. */
  service(): Endpoint;
  /** For calls to a bucket. */
  of(bucket: string): Endpoint;
  /** Where a bucket's region can be asked for although its own way is refused; null: nowhere. */
  forLocation(bucket: string): Endpoint | null;
  /** Remembers a bucket's region, as the service told it; empty: it did not. True: that is news. */
  learn(bucket: string, region: string): boolean;
  /** Remembers that the present way to a bucket works. */
  prove(bucket: string): void;
  /** True once a bucket's region was told or its way has worked. */
  isKnown(bucket: string): boolean;
  /**
   * Takes the endpoint that a refusal named. It is followed only where it is the configured host or, for accounts of the
   * public service, one of its hosts: signed requests go nowhere else. Of any other public endpoint the region is taken
   * and the way stays. False: nothing has changed.
   */
  redirect(bucket: string, named: string): boolean;
  /** Keeps what is known of a bucket now; what it answers puts that back, should the next try prove to lead nowhere. */
  mark(bucket: string): () => void;
  /** Where a bucket is by now, for the next run. */
  placeOf(bucket: string): BucketPlace;
}

/** Makes the routes of one account. */
export function makeBucketRoutes(account: Endpoint, options: BucketRoutesOptions = {}): BucketRoutes {
  const { domains = new Map<string, Endpoint>() } = options;
  const regions = new Map<string, string>();
  /** Hosts of buckets that are elsewhere than the account's way says. */
  const hosts = new Map<string, string>();
  const proven = new Set<string>();
  for (const [bucket, { region, host }] of options.remembered ?? []) {
    regions.set(bucket, region);
    if (host !== null && mayFollow(host)) hosts.set(bucket, host);
  }

  const isPublic = isPublicService(hostName(account.host));
  const scheme = isPublic ? account.scheme : 'https';

  function mayFollow(host: string): boolean {
    // A service of one's own, at an address or a private name, never sends us to Alibaba Cloud.
    const mayGoPublic = isPublicService(hostName(account.host)) || account.style === 'cname';
    return host === account.host || (mayGoPublic && isPublicService(host));
  }

  function of(bucket: string): Endpoint {
    const region = regions.get(bucket) ?? account.region;
    const domain = domains.get(bucket);
    if (domain) return { ...domain, region };
    const host = hosts.get(bucket);
    if (host === account.host) return { ...account, region };
    if (host !== undefined) return { ...regionEndpoint(region), scheme, host };
    if (account.style === 'cname') {
      // The domain stands for one bucket; where we know which, others go to the public service.
      const isOwn = account.bucket === null || account.bucket === bucket;
      return isOwn ? { ...account, region } : regionEndpoint(region);
    }
    if (region === account.region) return account;
    // A private service or an accelerated host serves every region itself; only the signature names the bucket's own.
    if (!isPublic || isAccelerated(account.host)) return { ...account, region };
    // Both protocols where the person asked for both; the internal network of one region does not reach another's.
    const isDual = wayOf(account.host, account.region) === 'dual-stack';
    return { ...account, host: (isDual ? hostOf(region, 'dual-stack') : null) ?? publicHost(region), region };
  }

  return {
    of,
    service: () => (account.style === 'cname' ? regionEndpoint(account.region) : account),
    forLocation(bucket) {
      const way = of(bucket);
      if (way.style !== 'cname' && !isAccelerated(way.host)) return null;
      return isPublic || account.style === 'cname' ? regionEndpoint(account.region) : account;
    },
    learn(bucket, region) {
      if (region === '' || regions.get(bucket) === region) return false;
      regions.set(bucket, region);
      return region !== account.region;
    },
    prove: (bucket) => void proven.add(bucket),
    isKnown: (bucket) => proven.has(bucket) || regions.has(bucket),
    redirect(bucket, named) {
      const host = readHost(named.replace(/^https?:\/\//, ''), account.scheme);
      if (host === null) return false;
      const service = splitPublicHost(host)?.host ?? host;
      const now = of(bucket);
      const region = regionOfHost(service) ?? now.region;
      const isElsewhere = service !== now.host && !domains.has(bucket) && mayFollow(service);
      if (!isElsewhere && region === now.region) return false;
      regions.set(bucket, region);
      if (isElsewhere) hosts.set(bucket, service);
      return true;
    },
    mark(bucket) {
      const [region, host] = [regions.get(bucket), hosts.get(bucket)];
      return () => {
        if (region === undefined) regions.delete(bucket);
        else regions.set(bucket, region);
        if (host === undefined) hosts.delete(bucket);
        else hosts.set(bucket, host);
      };
    },
    placeOf: (bucket) => ({ region: of(bucket).region, host: hosts.get(bucket) ?? null }),
  };
}
