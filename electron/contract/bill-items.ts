/** What OSS and IMM put on their bill, as far as this app can cause it, and in which lots it is priced. */

/**
 * The items of the bill that this app can cause. `convert`: DocumentConvert, one for each page picture. `get…`: requests
 * that read an object, by its storage class. `list`: lists of buckets and objects. `traffic`: bytes that leave the service
 * by a public way. `acceleration`: of these, the bytes through transfer acceleration. `retrieve…`: bytes read from storage
 * of that class. Source: OSS documentation, "Billable items" and "API operation calling fees".
 */
export const BILL_ITEMS = [
  'convert',
  'get',
  'getIa',
  'getArchive',
  'list',
  'traffic',
  'acceleration',
  'retrieveIa',
  'retrieveArchive',
] as const;
export type BillItem = (typeof BILL_ITEMS)[number];
const GIGABYTE = 1024 ** 3;

/** What one price is for: pictures by the thousand, requests by the ten thousand, bytes by the gigabyte. */
export const LOTS: Readonly<Record<BillItem, { of: 'pictures' | 'requests' | 'bytes'; size: number }>> = {
  convert: { of: 'pictures', size: 1000 },
  get: { of: 'requests', size: 10_000 },
  getIa: { of: 'requests', size: 10_000 },
  getArchive: { of: 'requests', size: 10_000 },
  list: { of: 'requests', size: 10_000 },
  traffic: { of: 'bytes', size: GIGABYTE },
  acceleration: { of: 'bytes', size: GIGABYTE },
  retrieveIa: { of: 'bytes', size: GIGABYTE },
  retrieveArchive: { of: 'bytes', size: GIGABYTE },
};

/** Pictures that "go on once" lets pass beyond the stop while reading; an export lets its own remaining ones pass. */
export const ONCE_MORE = 20;
