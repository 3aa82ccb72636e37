/** The versions of one object, out of a listing that knows only prefixes. */
import { describe, expect, it } from 'vitest';
import { listVersionsQuery, readVersions } from '#oss/versions.ts';

const at = (day: number): string => `2026-01-0${day}T03:04:05.000Z`;
const version = (key: string, id: string, day: number, isLatest = false): string =>
  `<Version><Key>${key}</Key><VersionId>${id}</VersionId><IsLatest>${isLatest}</IsLatest><LastModified>${at(day)}</LastModified><ETag>"E${day}"</ETag><Type>Normal</Type><Size>${day}00</Size><StorageClass>IA</StorageClass></Version>`;
const deletion = (key: string, id: string, day: number, isLatest = false): string =>
  `<DeleteMarker><Key>${key}</Key><VersionId>${id}</VersionId><IsLatest>${isLatest}</IsLatest><LastModified>${at(day)}</LastModified></DeleteMarker>`;
const answer = (inside: string): string =>
  `<?xml version="1.0"?><ListVersionsResult><EncodingType>url</EncodingType>${inside}</ListVersionsResult>`;

describe('readVersions', () => {
  it('puts versions and deletions into one order, and leaves out longer keys', () => {
    const xml = answer(
      `<IsTruncated>false</IsTruncated>${version('a%20b.pdf', 'v1', 1)}${deletion('a%20b.pdf', 'v2', 2)}${version('a%20b.pdf', 'v3', 3, true)}${version('a%20b.pdf.bak', 'x', 4, true)}`,
    );
    const page = readVersions(xml, 'a b.pdf');
    expect(page?.next).toBe(null);
    expect(page?.versions.map((one) => [one.versionId, one.isLatest, one.isDeleted, one.sizeBytes, one.etag])).toEqual([
      ['v3', true, false, 300, 'E3'],
      ['v2', false, true, 0, ''],
      ['v1', false, false, 100, 'E1'],
    ]);
    expect(page?.versions[0]).toMatchObject({ storageClass: 'IA', modifiedAt: at(3) });
  });

  it('has the name of the version from before versioning, however it is written', () => {
    for (const id of ['', 'null']) {
      const page = readVersions(answer(version('a', id, 1, true)), 'a');
      expect(page?.versions.map((one) => one.versionId)).toEqual(['null']);
    }
  });

  it('goes on within the key and stops where another one begins', () => {
    const more = (key: string, id: string): string =>
      answer(
        `<IsTruncated>true</IsTruncated><NextKeyMarker>${key}</NextKeyMarker><NextVersionIdMarker>${id}</NextVersionIdMarker>${version('a', 'v2', 2, true)}`,
      );
    expect(readVersions(more('a', 'v2'), 'a')?.next).toBe('v2');
    expect(readVersions(more('ab', 'v9'), 'a')?.next).toBe(null);
    expect(readVersions(more('a', ''), 'a')).toBe(null);
    expect(listVersionsQuery({ key: 'a', next: 'v2', maxKeys: 5 })).toEqual({
      versions: '',
      'encoding-type': 'url',
      'max-keys': '5',
      prefix: 'a',
      'key-marker': 'a',
      'version-id-marker': 'v2',
    });
    expect(listVersionsQuery({ key: 'a', next: null, maxKeys: 5 })).not.toHaveProperty('key-marker');
  });

  it.each([
    '',
    '<Error/>',
    '<ListBucketResult/>',
    answer('<Version><Key>a</Key><LastModified>?</LastModified></Version>'),
  ])('refuses %j', (xml) => expect(readVersions(xml, 'a')).toBe(null));
});
