import { describe, expect, it } from 'vitest';
import { chargesOf } from '#services/billing.ts';
import type { RequestReport } from '#services/oss-client.ts';

const PUBLIC = 'docs.oss-cn-hangzhou.aliyuncs.com';
const INTERNAL = 'docs.oss-cn-hangzhou-internal.aliyuncs.com';
const ACCELERATED = 'docs.oss-accelerate.aliyuncs.com';

const request = (kind: RequestReport['kind'], more: Partial<RequestReport> = {}): RequestReport => ({
  ...{ kind, bucket: 'docs', key: 'a.pdf', host: PUBLIC, status: 200, bytes: 100, outcome: 'billable' },
  ...more,
});

/** Charges in short: `item amount`, with a question mark where it is unclear. */
function charged(report: RequestReport, storageClass?: string): string[] {
  const object = storageClass === undefined ? null : { storageClass, sizeBytes: 5000 };
  return chargesOf(report, object).map(({ item, amount, isUnclear }) => `${item} ${amount}${isUnclear ? '?' : ''}`);
}

describe('what one request is charged for', () => {
  it.each([
    ['a page', request('snapshot'), undefined, ['convert 1', 'get 1', 'traffic 100']],
    ['a page inside Alibaba Cloud', request('snapshot', { host: INTERNAL }), 'Standard', ['convert 1', 'get 1']],
    [
      'a page through acceleration',
      request('snapshot', { host: ACCELERATED }),
      'Standard',
      ['convert 1', 'get 1', 'traffic 100', 'acceleration 100'],
    ],
    [
      'a page by a domain of one’s own',
      request('snapshot', { host: 'docs.example.com' }),
      'Standard',
      ['convert 1', 'get 1', 'traffic 100'],
    ],
    [
      'a page of Infrequent Access',
      request('snapshot'),
      'IA',
      ['convert 1', 'getIa 1', 'retrieveIa 5000', 'traffic 100'],
    ],
    [
      'a page of Archive read in real time',
      request('snapshot'),
      'Archive',
      ['convert 1', 'getArchive 1', 'retrieveArchive 5000', 'traffic 100'],
    ],
    ['a HEAD', request('head', { bytes: 0 }), 'IA', ['getIa 1']],
    ['a look into a file', request('head', { status: 206 }), 'IA', ['getIa 1', 'retrieveIa 100', 'traffic 100']],
    ['where a bucket lies', request('location', { key: undefined } as never), undefined, ['list 1', 'traffic 100']],
    ['a list', request('list', { key: undefined } as never), undefined, ['list 1', 'traffic 100']],
    ['a refusal', request('snapshot', { status: 403, outcome: 'free' }), 'IA', ['traffic 100']],
    ['a refusal inside', request('snapshot', { status: 403, outcome: 'free', host: INTERNAL }), 'IA', []],
    [
      'a page that broke off',
      request('snapshot', { outcome: 'unclear', bytes: 40 }),
      'Standard',
      ['convert 1?', 'get 1?', 'traffic 40'],
    ],
    [
      'a page without any answer',
      request('snapshot', { status: null, outcome: 'unclear', bytes: 0 }),
      'Standard',
      ['convert 1?', 'get 1?'],
    ],
  ] as const)('%s', (_what, report, storageClass, charges) => {
    expect(charged(report, storageClass)).toEqual(charges);
  });

  it('by the finance cloud’s own internal host too', () => {
    expect(charged(request('snapshot', { host: 'docs.oss-cn-hzfinance-internal.aliyuncs.com' }))).toEqual([
      'convert 1',
      'get 1',
    ]);
  });
});
