/**
 * Which items of the bill one request makes, by OSS's rules: requests that are answered well are charged, refused ones
 * are not; every byte that leaves by a public way is traffic; reading from colder storage is charged by the byte too.
 */
import type { BillItem } from '#contract/bill-items.ts';
import { isAccelerated, isInternal, serviceHostOf } from '#oss/endpoint.ts';
import type { RequestReport } from './oss-client.ts';

/** One item of one request. `isUnclear`: the service may have done the work, but no whole answer came. */
export interface Charge {
  item: BillItem;
  amount: number;
  isUnclear: boolean;
}

/** What is known of an object beside the request: what was said of it when it was opened. */
export interface ObjectFacts {
  storageClass: string;
  sizeBytes: number;
}

type Temperature = 'standard' | 'ia' | 'archive';

const GET_OF: Readonly<Record<Temperature, BillItem>> = { standard: 'get', ia: 'getIa', archive: 'getArchive' };

/** Answers the charges of one try of a request; `object` is null where nothing is known of it: then it is Standard. */
export function chargesOf(report: RequestReport, object: ObjectFacts | null): Charge[] {
  const { kind, outcome, bytes, host } = report;
  const charges: Charge[] = [];
  const isUnclear = outcome === 'unclear';
  const add = (item: BillItem, amount: number): void => {
    if (amount > 0) charges.push({ item, amount, isUnclear });
  };
  const warmth = toTemperature(object?.storageClass ?? '');
  if (outcome !== 'free') {
    if (kind === 'snapshot') add('convert', 1);
    if (kind === 'list' || kind === 'list-buckets' || kind === 'location') add('list', 1);
    else add(GET_OF[warmth], 1);
    // To draw a page the service reads the whole document.
    const read = kind === 'snapshot' ? (object?.sizeBytes ?? 0) : bytes;
    if (warmth === 'ia') add('retrieveIa', read);
    if (warmth === 'archive') add('retrieveArchive', read);
  }
  const service = serviceHostOf(host);
  // What has come over the wire is traffic for sure, whatever became of the request.
  if (bytes > 0 && !isInternal(service)) {
    charges.push({ item: 'traffic', amount: bytes, isUnclear: false });
    if (isAccelerated(service)) charges.push({ item: 'acceleration', amount: bytes, isUnclear: false });
  }
  return charges;
}

function toTemperature(storageClass: string): Temperature {
  if (storageClass === 'IA') return 'ia';
  // Archive that is read in real time; what is colder has to be restored first and is then read the same way.
  return /archive/i.test(storageClass) ? 'archive' : 'standard';
}
