/** Where each bucket is reached and with which region its requests are signed, as learnt from lists and refusals. */
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

export interface BucketRoutes {
  /** For calls without a bucket. A custom domain cannot answer those; its region's public endpoint can. */
  service(): Endpoint;
  /** For calls to a bucket. */
  of(bucket: string): Endpoint;
  /** Remembers a bucket's region, as the service told it; empty: it did not. */
  learn(bucket: string, region: string): void;
  /** Remembers that the present way to a bucket works. */
  prove(bucket: string): void;
  /** True once a bucket's region was told or its way has worked. */
  isKnown(bucket: string): boolean;
  /**
   * Takes the endpoint that a refusal named. False when it is not to be followed: neither the configured host nor,
   * for accounts of the public service, one of its hosts; or where we are already. Signed requests go nowhere else.
   */
  redirect(bucket: string, named: string): boolean;
}

/** Makes the routes of one account. */
export function makeBucketRoutes(account: Endpoint): BucketRoutes {
  const regions = new Map<string, string>();
  const redirects = new Map<string, Endpoint>();
  const proven = new Set<string>();

  const isPublic = isPublicService(hostName(account.host));
  // A service of one's own, at an address or a private name, never sends us to Alibaba Cloud.
  const mayGoPublic = isPublic || account.style === 'cname';
  const scheme = isPublic ? account.scheme : 'https';

  function of(bucket: string): Endpoint {
    const redirected = redirects.get(bucket);
    if (redirected) return redirected;
    const region = regions.get(bucket) ?? account.region;
    if (account.style === 'cname') {
      // The domain stands for one bucket; where we know which, others go to the public service.
      const isOwn = account.bucket === null || account.bucket === bucket;
      return isOwn ? { ...account, region } : regionEndpoint(region);
    }
    if (region === account.region) return account;
    // A private service or an accelerated host serves every region itself; only the signature names the bucket's own.
    if (!isPublic || isAccelerated(account.host)) return { ...account, region };
    return { ...account, host: publicHost(region), region };
  }

  return {
    of,
    service: () => (account.style === 'cname' ? regionEndpoint(account.region) : account),
    learn(bucket, region) {
      if (region !== '') regions.set(bucket, region);
    },
    prove: (bucket) => void proven.add(bucket),
    isKnown: (bucket) => proven.has(bucket) || regions.has(bucket),
    redirect(bucket, named) {
      const host = readHost(named.replace(/^https?:\/\//, ''), account.scheme);
      if (host === null) return false;
      const service = splitPublicHost(host)?.host ?? host;
      const isConfigured = service === account.host;
      if (!isConfigured && !(mayGoPublic && isPublicService(service))) return false;
      const now = of(bucket);
      const region = regionOfHost(service) ?? now.region;
      if (service === now.host && region === now.region) return false;
      redirects.set(
        bucket,
        isConfigured ? { ...account, region } : { ...regionEndpoint(region), scheme, host: service },
      );
      return true;
    },
  };
}
