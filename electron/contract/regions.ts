/** OSS's regions as plain data: the connect form lists them, the endpoint model builds hosts from them. */

export interface Region {
  /** Id as Signature V4 and ListBuckets write it: `cn-hangzhou`, without `oss-`. */
  id: string;
  /** The place in both languages, as Alibaba Cloud's own console names it. */
  place: { en: string; 'zh-CN': string };
  /** Public host where it is not `oss-<id>.aliyuncs.com`. */
  publicHost?: string;
  /** Host inside Alibaba Cloud's network where it is not `oss-<id>-internal.aliyuncs.com`; null: there is none. */
  internalHost?: string | null;
  /** Host for IPv4 and IPv6 where it is not `<id>.oss.aliyuncs.com`; null: there is none. */
  dualStackHost?: string | null;
  /** Further hosts of this region that no pattern yields; they too are signed with `id`. */
  otherHosts?: readonly string[];
}

const region = (id: string, en: string, zh: string, more: Omit<Region, 'id' | 'place'> = {}): Region => ({
  id,
  place: { en, 'zh-CN': zh },
  ...more,
});

const IPV4_ONLY = { dualStackHost: null } as const;

/**
 * The regions known when this was written; a region that is not here can be typed by its id. Source: OSS, "Regions and
 * endpoints" (2026), the finance and government clouds included because their hosts follow no pattern.
 */
export const REGIONS: readonly Region[] = [
  region('cn-hangzhou', 'China (Hangzhou)', '华东1（杭州）'),
  region('cn-shanghai', 'China (Shanghai)', '华东2（上海）'),
  region('cn-nanjing', 'China (Nanjing, local region)', '华东5（南京-本地地域）', IPV4_ONLY),
  region('cn-fuzhou', 'China (Fuzhou, local region)', '华东6（福州-本地地域）', IPV4_ONLY),
  region('cn-wuhan-lr', 'China (Wuhan, local region)', '华中1（武汉-本地地域）', IPV4_ONLY),
  region('cn-qingdao', 'China (Qingdao)', '华北1（青岛）'),
  region('cn-beijing', 'China (Beijing)', '华北2（北京）'),
  region('cn-zhangjiakou', 'China (Zhangjiakou)', '华北3（张家口）'),
  region('cn-huhehaote', 'China (Hohhot)', '华北5（呼和浩特）'),
  region('cn-wulanchabu', 'China (Ulanqab)', '华北6（乌兰察布）'),
  region('cn-shenzhen', 'China (Shenzhen)', '华南1（深圳）'),
  region('cn-heyuan', 'China (Heyuan)', '华南2（河源）'),
  region('cn-guangzhou', 'China (Guangzhou)', '华南3（广州）'),
  region('cn-chengdu', 'China (Chengdu)', '西南1（成都）'),
  region('cn-zhongwei', 'China (Zhongwei)', '西北2（中卫）', IPV4_ONLY),
  region('cn-hongkong', 'China (Hong Kong)', '中国香港'),
  region('ap-northeast-1', 'Japan (Tokyo)', '日本（东京）', IPV4_ONLY),
  region('ap-northeast-2', 'South Korea (Seoul)', '韩国（首尔）', IPV4_ONLY),
  region('ap-southeast-1', 'Singapore', '新加坡', IPV4_ONLY),
  region('ap-southeast-3', 'Malaysia (Kuala Lumpur)', '马来西亚（吉隆坡）', IPV4_ONLY),
  region('ap-southeast-8', 'Malaysia (Johor)', '马来西亚（柔佛）', IPV4_ONLY),
  region('ap-southeast-5', 'Indonesia (Jakarta)', '印度尼西亚（雅加达）', IPV4_ONLY),
  region('ap-southeast-6', 'Philippines (Manila)', '菲律宾（马尼拉）', IPV4_ONLY),
  region('ap-southeast-7', 'Thailand (Bangkok)', '泰国（曼谷）', IPV4_ONLY),
  region('eu-central-1', 'Germany (Frankfurt)', '德国（法兰克福）'),
  region('eu-west-1', 'UK (London)', '英国（伦敦）', IPV4_ONLY),
  region('eu-west-2', 'France (Paris)', '法国（巴黎）', IPV4_ONLY),
  region('us-west-1', 'US (Silicon Valley)', '美国（硅谷）', IPV4_ONLY),
  region('us-east-1', 'US (Virginia)', '美国（弗吉尼亚）', IPV4_ONLY),
  region('na-south-1', 'Mexico', '墨西哥', IPV4_ONLY),
  region('me-east-1', 'UAE (Dubai)', '阿联酋（迪拜）', IPV4_ONLY),
  region('me-central-1', 'Saudi Arabia (Riyadh)', '沙特（利雅得）', IPV4_ONLY),
  region('rg-china-mainland', 'China mainland, no region attribute', '无地域属性（中国内地）', {
    internalHost: null,
    dualStackHost: null,
  }),
  region('cn-hangzhou-finance', 'China (Hangzhou, finance)', '华东1（杭州）金融云', {
    publicHost: 'oss-cn-hzfinance.aliyuncs.com',
    internalHost: 'oss-cn-hzfinance-internal.aliyuncs.com',
    otherHosts: ['oss-cn-hzjbp-a-internal.aliyuncs.com', 'oss-cn-hzjbp-b-internal.aliyuncs.com'],
  }),
  region('cn-shanghai-finance-1', 'China (Shanghai, finance)', '华东2（上海）金融云', {
    publicHost: 'oss-cn-shanghai-finance-1-pub.aliyuncs.com',
    dualStackHost: 'cn-shanghai-finance.oss.aliyuncs.com',
    otherHosts: ['oss-cn-shanghai-finance-1-pub-internal.aliyuncs.com'],
  }),
  region('cn-shenzhen-finance-1', 'China (Shenzhen, finance)', '华南1（深圳）金融云', {
    publicHost: 'oss-cn-szfinance.aliyuncs.com',
    dualStackHost: 'cn-shenzhen-finance.oss.aliyuncs.com',
    otherHosts: ['oss-cn-szfinance-internal.aliyuncs.com'],
  }),
  region('cn-beijing-finance-1', 'China (Beijing, finance)', '华北2（北京）金融云', {
    publicHost: 'oss-cn-beijing-finance-1-pub.aliyuncs.com',
    dualStackHost: null,
    otherHosts: ['oss-cn-beijing-finance-1-pub-internal.aliyuncs.com'],
  }),
  region('cn-north-2-gov-1', 'China (Beijing, government)', '华北2（北京）政务云'),
];

/** What a region's place is called; the id itself for a region that is not on the list. */
export function placeOf(id: string, language: keyof Region['place']): string {
  return REGIONS.find((known) => known.id === id)?.place[language] ?? id;
}

/** The ways to the public service: which of its hosts is asked. */
export const WAYS = ['public', 'internal', 'dual-stack', 'accelerate', 'accelerate-overseas'] as const;
export type Way = (typeof WAYS)[number];

/** Hosts that serve every region; which one is told by the signature. */
const ACCELERATED: Readonly<Record<'accelerate' | 'accelerate-overseas', string>> = {
  accelerate: 'oss-accelerate.aliyuncs.com',
  'accelerate-overseas': 'oss-accelerate-overseas.aliyuncs.com',
};

/**
 * The host that a way leads to, null where a region has none. By the table, else by OSS's pattern, so that a region newer
 * than the table works.
 */
export function hostOf(id: string, way: Way): string | null {
  const known = REGIONS.find((one) => one.id === id);
  switch (way) {
    case 'public':
      return known?.publicHost ?? `oss-${id}.aliyuncs.com`;
    case 'internal':
      return known?.internalHost === undefined ? `oss-${id}-internal.aliyuncs.com` : known.internalHost;
    case 'dual-stack':
      return known?.dualStackHost === undefined ? `${id}.oss.aliyuncs.com` : known.dualStackHost;
    default:
      return ACCELERATED[way];
  }
}

/** The way that a typed endpoint is, for this region; null for an address of another kind. Empty is the public one. */
export function wayOf(endpoint: string, id: string): Way | null {
  const host = endpoint
    .trim()
    .toLowerCase()
    .replace(/^https:\/\//, '')
    .replace(/\/$/, '');
  if (host === '') return 'public';
  return WAYS.find((way) => hostOf(id, way) === host) ?? null;
}
