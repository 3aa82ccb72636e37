/** The regions that DescribeRegions names, and their endpoints. Source: OSS documentation, "Regions and endpoints". */

// In lines: as a column it would fill a page.
// prettier-ignore
const REGIONS = [
  'cn-hangzhou', 'cn-shanghai', 'cn-qingdao', 'cn-beijing', 'cn-zhangjiakou', 'cn-huhehaote', 'cn-wulanchabu',
  'cn-shenzhen', 'cn-heyuan', 'cn-guangzhou', 'cn-chengdu', 'cn-hongkong', 'ap-northeast-1', 'ap-northeast-2',
  'ap-southeast-1', 'ap-southeast-3', 'ap-southeast-5', 'ap-southeast-6', 'ap-southeast-7', 'eu-central-1', 'eu-west-1',
  'us-west-1', 'us-east-1', 'na-south-1', 'me-east-1', 'me-central-1',
] as const;

/** `oss-cn-hangzhou.aliyuncs.com` */
export const publicEndpoint = (region: string): string => `oss-${region}.aliyuncs.com`;
/** `oss-cn-hangzhou-internal.aliyuncs.com` */
export const internalEndpoint = (region: string): string => `oss-${region}-internal.aliyuncs.com`;

/** All regions, the service's own among them. */
export function allRegions(own: string): string[] {
  return [...new Set<string>([...REGIONS, own])];
}
