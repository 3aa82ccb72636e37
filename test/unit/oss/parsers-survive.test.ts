/** Property: whatever bytes come from a network, a disk or a page, a parser answers; it never throws, and is not held up. */
import { describe, expect, it } from 'vitest';
import { readSnapshotUrl } from '#contract/snapshot-url.ts';
import { readWorld, WorldError } from '#local-oss/world.ts';
import { readAddress, readScope } from '#oss/address.ts';
import { readBuckets, readLocation, readRegions } from '#oss/buckets.ts';
import { readDomain, readEndpoint } from '#oss/endpoint.ts';
import { readFailure, readUnusable } from '#oss/failure.ts';
import { readListing } from '#oss/listing.ts';
import { readProcess } from '#oss/process.ts';
import { readAssumedRole, readStsFailure } from '#oss/sts.ts';
import { readVersions } from '#oss/versions.ts';
import { readXml } from '#oss/xml.ts';
import { readImageHead } from '#services/image-head.ts';
import { paintPng } from '../local-oss/service.ts';
import { makeRandom } from './odd-keys.ts';

const SEED = 7_041_776;
const ROUNDS = 400;

const LISTING = `<?xml version="1.0" encoding="UTF-8"?>
<ListBucketResult><Name>b</Name><Prefix>a%2F</Prefix><EncodingType>url</EncodingType><IsTruncated>true</IsTruncated>
<NextContinuationToken>CgJiYw--</NextContinuationToken><Contents><Key>a%2Fb.pdf</Key><LastModified>2026-01-10T03:04:05.000Z</LastModified>
<ETag>"5B3C"</ETag><Size>344606</Size><StorageClass>Standard</StorageClass></Contents>
<CommonPrefixes><Prefix>a%2F2025%2F</Prefix></CommonPrefixes></ListBucketResult>`;
const VERSIONS = `<ListVersionsResult><IsTruncated>false</IsTruncated><Version><Key>a</Key><VersionId>CAEQ</VersionId><IsLatest>true</IsLatest>
<LastModified>2026-01-09T03:04:05.000Z</LastModified><ETag>"2"</ETag><Size>9</Size></Version><DeleteMarker><Key>a</Key>
<VersionId>CAEP</VersionId><IsLatest>false</IsLatest><LastModified>2026-01-09T03:04:05.000Z</LastModified></DeleteMarker></ListVersionsResult>`;
const REFUSAL = `<?xml version="1.0" encoding="UTF-8"?><Error><Code>Imm Client</Code><Message>InvalidArgument, [page]: 9 pages. 9D31D05E-FC1C-582E-B31E-3E1327F97B53</Message>
<RequestId>647E</RequestId><HostId>h</HostId><EC>0056-00000001</EC><AccessDeniedDetail><AuthAction>oss:GetObject</AuthAction></AccessDeniedDetail></Error>`;
const BUCKETS = `<ListAllMyBucketsResult><Buckets><Bucket><Name>0012</Name><Region>cn-hangzhou</Region><Location>oss-cn-hangzhou</Location></Bucket></Buckets></ListAllMyBucketsResult>`;
const HOSTILE = [
  '',
  '\u0000',
  '<',
  '<a',
  '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>',
  `<a>${'<b>'.repeat(5000)}`,
  `${'<a>'.repeat(2000)}${'</a>'.repeat(2000)}`,
  '<a>&#x110000;&#0;&#xD800;&bogus;</a>',
  '<a><![CDATA[',
  '<__proto__><constructor>x</constructor></__proto__>',
  `<a ${'b="c" '.repeat(3000)}/>`,
  '%',
  '%ff%fe',
  '\ud800',
  '{"Credentials":{"__proto__":1}}',
];

const random = makeRandom(SEED);
const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;

/** A sound text with a few places cut out, doubled, replaced by others, or by bytes of no meaning. */
function mutate(text: string): string {
  let mutated = text;
  for (let times = 1 + Math.floor(random() * 4); times > 0; times -= 1) {
    const at = Math.floor(random() * (mutated.length + 1));
    const end = Math.min(mutated.length, at + Math.floor(random() * 40));
    const noise = String.fromCharCode(...Array.from({ length: 8 }, () => Math.floor(random() * 0x1_0000)));
    const put = pick(['', mutated.slice(at, end).repeat(2), noise, pick(HOSTILE).slice(0, 200), '<', '>', '&', ']]>']);
    mutated = mutated.slice(0, at) + put + mutated.slice(end);
  }
  return mutated;
}

const asked = { kind: 'snapshot', bucket: 'b', key: 'k', pageNumber: 9, host: 'h' } as const;
const own = {
  scheme: 'https',
  host: 'oss-cn-hangzhou.aliyuncs.com',
  style: 'virtual',
  region: 'cn-hangzhou',
  bucket: null,
} as const;
const isNullOr = (name: string) => (answer: unknown) =>
  answer === null || (typeof answer === 'object' && name in (answer as object));
const isResult = (answer: unknown) => typeof (answer as { ok?: unknown }).ok === 'boolean';

/** Each parser, what it is fed besides the hostile texts, and what its answers may be. */
const PARSERS: [string, (text: string) => unknown, readonly string[], (answer: unknown) => boolean][] = [
  ['readXml', readXml, [LISTING, REFUSAL], isNullOr('root')],
  ['readListing', (text) => readListing(text, 'a/'), [LISTING], isNullOr('objects')],
  ['readVersions', (text) => readVersions(text, 'a'), [VERSIONS], isNullOr('versions')],
  ['readBuckets', readBuckets, [BUCKETS], isNullOr('buckets')],
  ['readRegions', readRegions, [BUCKETS], (answer) => answer === null || Array.isArray(answer)],
  [
    'readLocation',
    readLocation,
    ['<LocationConstraint>oss-cn-x</LocationConstraint>'],
    (a) => a === null || typeof a === 'string',
  ],
  [
    'readFailure of a body',
    (body) => readFailure({ status: pick([200, 301, 400, 403, 404, 407, 500, 503]), headers: {}, body }, asked),
    [REFUSAL],
    (answer) => (answer as { charged?: unknown }).charged === 'no',
  ],
  [
    'readFailure of x-oss-err',
    (text) => {
      const header =
        random() < 0.5
          ? text
          : Buffer.from(text)
              .toString('base64')
              .slice(0, Math.floor(random() * 900));
      return readFailure({ status: 404, headers: { 'x-oss-err': header }, body: '' }, { ...asked, kind: 'head' });
    },
    [REFUSAL],
    (answer) => (answer as { charged?: unknown }).charged === 'no',
  ],
  [
    'readUnusable',
    (body) => readUnusable({ status: 200, headers: {}, body }, asked),
    [REFUSAL],
    (a) => 'code' in (a as object),
  ],
  ['readAssumedRole', readAssumedRole, ['{"Credentials":{"AccessKeyId":"STS.a"}}'], isNullOr('accessKeyId')],
  [
    'readStsFailure',
    (body) =>
      readStsFailure({ status: 400, headers: {}, body }, { arn: 'a', sessionName: 's', durationSeconds: 900 }, 'h'),
    ['{"Code":"NoPermission"}'],
    (answer) => 'code' in (answer as object),
  ],
  [
    'readAddress',
    (text) => readAddress(text, own),
    ['oss://bucket/a b.pdf', 'https://bucket.oss-cn-hangzhou.aliyuncs.com/a%20b?x=y'],
    isResult,
  ],
  ['readScope', readScope, ['oss://bucket/folder/'], isResult],
  [
    'readEndpoint',
    (text) => readEndpoint(text, 'cn-hangzhou'),
    ['http://127.0.0.1:9000', 'oss-cn-beijing.aliyuncs.com'],
    isResult,
  ],
  ['readDomain', (text) => readDomain(text, 'cn-hangzhou', 'bucket'), ['docs.example.com'], isResult],
  [
    'readProcess',
    readProcess,
    ['doc/snapshot,target_png,source_docx,page_2'],
    (a) => a === null || typeof a === 'object',
  ],
  [
    'readSnapshotUrl',
    readSnapshotUrl,
    [`snapshot://page/${'a'.repeat(32)}/${'b'.repeat(16)}/3.png`],
    isNullOr('pageNumber'),
  ],
];

describe('parsers survive any text', () => {
  it.each(PARSERS)('%s', (_name, parse, sound, isAnswer) => {
    const texts = [...HOSTILE, ...sound, ...Array.from({ length: ROUNDS }, () => mutate(pick(sound)))];
    for (const text of texts) {
      const answer = parse(text);
      expect(isAnswer(answer), JSON.stringify(text).slice(0, 300)).toBe(true);
    }
  });
});

describe('parsers survive any bytes', () => {
  it('readImageHead takes a whole picture and nothing that is cut or changed at its ends', () => {
    const png = paintPng(7);
    expect(readImageHead(png)).toMatchObject({ widthPx: 7 });
    for (let length = 0; length < png.length; length += 1) expect(readImageHead(png.subarray(0, length))).toBeNull();
    for (let round = 0; round < ROUNDS; round += 1) {
      const noise = Uint8Array.from({ length: Math.floor(random() * 300) }, () => Math.floor(random() * 256));
      const headed = Buffer.concat([png.subarray(0, Math.floor(random() * 40)), noise]);
      const head = readImageHead(random() < 0.5 ? noise : headed);
      expect(head === null || head.widthPx > 0).toBe(true);
    }
  });

  it('readWorld says what is wrong with any JSON', () => {
    const world = {
      keys: [{ accessKeyId: 'a', accessKeySecret: 'b' }],
      buckets: { docs: { objects: [{ key: 'a', text: 'x' }] } },
    };
    const places = [null, 7, '', [], {}, true, { __proto__: null }, 'x'.repeat(2000)];
    for (let round = 0; round < ROUNDS; round += 1) {
      const copy = JSON.parse(JSON.stringify(world)) as Record<string, unknown>;
      let at: Record<string, unknown> = copy;
      for (let depth = Math.floor(random() * 4); depth > 0; depth -= 1) {
        const inside = at[pick(Object.keys(at))];
        if (typeof inside === 'object' && inside !== null) at = inside as Record<string, unknown>;
      }
      at[pick([...Object.keys(at), 'other'])] = pick(places);
      try {
        readWorld(copy, '.');
      } catch (error) {
        expect(error).toBeInstanceOf(WorldError);
        expect((error as Error).message).not.toBe('');
      }
    }
  });
});
