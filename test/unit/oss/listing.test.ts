/** XML, bucket lists and object lists: text stays text, odd keys survive, and what is no whole answer is none. */
import { describe, expect, it } from 'vitest';
import { listBucketsQuery, readBuckets, readLocation } from '#oss/buckets.ts';
import { listObjectsQuery, readListing } from '#oss/listing.ts';
import { childrenOf, readXml, readXmlList, textOf } from '#oss/xml.ts';
import { makeRandom, oddKey } from './odd-keys.ts';

describe('xml', () => {
  it('keeps text as it is: no numbers, no trimming, entities once', () => {
    const root = readXml(
      '<?xml version="1.0"?><a xmlns="http://x"><n>00123</n><t> x\n</t><e>&amp;lt;&#13;&#x1F600;</e></a>',
    );
    expect(root?.name).toBe('a');
    const read = (name: string): string | null => (root ? textOf(root.root, name) : null);
    expect([read('n'), read('t'), read('e'), read('none')]).toEqual(['00123', ' x\n', '&lt;\r😀', null]);
  });

  it('gives one child and many the same shape', () => {
    const root = readXml('<a><b>1</b><c/><b>2</b></a>')?.root;
    if (!root) throw new Error('no root');
    expect(childrenOf(root, 'b').map(({ text }) => text)).toEqual(['1', '2']);
    expect(childrenOf(root, 'c').map(({ text }) => text)).toEqual(['']);
    expect(childrenOf(root, 'd')).toEqual([]);
  });

  it.each([
    '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>',
    '<!doctype html><html></html>',
    '<a><!ENTITY x SYSTEM "file:///etc/passwd"></a>',
    '<a><b></a>',
    '<a>',
    '<a/><b/>',
    'hello',
    '',
    '{"json":true}',
    '<a><__proto__>x</__proto__></a>',
    '<a>'.repeat(5000) + '</a>'.repeat(5000),
  ])('refuses %j', (text) => expect(readXml(text)).toBe(null));
});

describe('readXmlList', () => {
  const item = (n: number): string => `<I>\n <K>k &lt;${n}&#x41;</K><S> ${n} </S></I>`;
  const asParsed = (text: string): unknown => {
    const document = readXml(text);
    return document && childrenOf(document.root, 'I').map(({ children }) => children);
  };

  it.each([
    ['<L><A>1</A></L>', 0],
    [`<?xml version="1.0"?>\n<L><A>1</A>${item(1)}\n  ${item(2)}<B>2</B>${item(3)}</L>`, 3],
    [`<L>${item(1)}<I><K>deep</K><O><ID>1</ID></O></I></L>`, 2],
    [`<L>${item(1)}<I a="b"><K>x</K></I></L>`, 2],
    [`<L><!-- ${item(1)} -->${item(2)}</L>`, 1],
    [`<L><X><![CDATA[${item(1)}]]></X></L>`, 0],
    [`<L><I><K>a & b</K></I></L>`, null],
    [`<L>${item(1)}<I><K>x</S></I></L>`, null],
    [`<L>${item(1)}`, null],
    [`<L/>${item(1)}`, null],
  ])('reads %j as the parser does', (text, count) => {
    const read = readXmlList(text, 'I');
    expect(read?.list.map(({ children }) => children) ?? null).toEqual(asParsed(text));
    expect(read?.list.length ?? null).toBe(count);
  });

  it('reads what the parser reads, or nothing, whatever becomes of a listing on its way', () => {
    const random = makeRandom(11);
    const whole = `<?xml version="1.0"?><L><N>x</N>${item(1)}\n ${item(2)}<P><Q>1</Q></P>${item(3)}</L>`;
    const scraps = [
      '<I>',
      '</I>',
      '<K>',
      '</K>',
      '<',
      '>',
      '&',
      '&lt;',
      '<!--',
      '-->',
      '<![CDATA[',
      ']]>',
      '<?',
      '/',
      'I',
      ' a="b"',
      '\u0000',
    ];
    let read = 0;
    for (let turn = 0; turn < 5000; turn += 1) {
      let text = whole;
      for (let cuts = Math.floor(random() * 3); cuts >= 0; cuts -= 1) {
        const at = Math.floor(random() * text.length);
        const scrap = scraps[Math.floor(random() * scraps.length)]!;
        text = text.slice(0, at) + (random() < 0.5 ? scrap : '') + text.slice(at + Math.floor(random() * 8));
      }
      const list = readXmlList(text, 'I')?.list.map(({ children }) => children);
      if (list === undefined) continue;
      expect(list, text).toEqual(asParsed(text));
      read += 1;
    }
    expect(read).toBeGreaterThan(500);
  });

  it('does not take elements out of another one', () => {
    expect(readXmlList(`<L><X>${item(1)}</X></L>`, 'I')).toBe(null);
  });
});

describe('buckets', () => {
  const bucket = (name: string, more = ''): string =>
    `<Bucket><Name>${name}</Name><Location>oss-cn-shanghai</Location>${more}</Bucket>`;

  it('reads names as text and the region without its prefix', () => {
    const page = readBuckets(
      `<ListAllMyBucketsResult><Owner><ID>1</ID></Owner><Buckets>${bucket('0012', '<Region>cn-beijing</Region><CreationDate>2024-03-01T02:11:09.000Z</CreationDate><StorageClass>IA</StorageClass>')}${bucket('1e3')}</Buckets></ListAllMyBucketsResult>`,
    );
    expect(page).toEqual({
      buckets: [
        { name: '0012', region: 'cn-beijing', storageClass: 'IA', createdAt: '2024-03-01T02:11:09.000Z' },
        { name: '1e3', region: 'cn-shanghai', storageClass: 'Standard', createdAt: null },
      ],
      next: null,
    });
  });

  it('goes on after a truncated page, and refuses one that does not say where', () => {
    const list = (more: string): string => `<ListAllMyBucketsResult>${more}<Buckets/></ListAllMyBucketsResult>`;
    expect(readBuckets(list('<IsTruncated>true</IsTruncated><NextMarker>b</NextMarker>'))).toEqual({
      buckets: [],
      next: 'b',
    });
    expect(readBuckets(list('<IsTruncated>true</IsTruncated>'))).toBe(null);
    expect(readBuckets('<Error><Code>X</Code></Error>')).toBe(null);
    expect(listBucketsQuery(null)).toEqual({ 'max-keys': '1000' });
    expect(listBucketsQuery('b')).toEqual({ 'max-keys': '1000', marker: 'b' });
  });

  it('reads a location', () => {
    expect(readLocation('<LocationConstraint>oss-cn-hangzhou</LocationConstraint>')).toBe('cn-hangzhou');
    expect(readLocation('<Error/>')).toBe(null);
  });
});

/** A listing as OSS writes it. */
function listing(parts: {
  keys?: { key: string; size?: number }[];
  prefixes?: string[];
  more?: string;
  encode?: (text: string) => string;
}): string {
  const { keys = [], prefixes = [], more = '<IsTruncated>false</IsTruncated>', encode = encodeURIComponent } = parts;
  const type = encode === encodeURIComponent || encode === encodePlus ? '<EncodingType>url</EncodingType>' : '';
  const contents = keys.map(
    ({ key, size = 5 }) =>
      `<Contents><Key>${encode(key)}</Key><LastModified>2026-01-10T03:04:05.000Z</LastModified><ETag>"5B3C"</ETag><Size>${size}</Size><StorageClass>Standard</StorageClass></Contents>`,
  );
  const folders = prefixes.map((prefix) => `<CommonPrefixes><Prefix>${encode(prefix)}</Prefix></CommonPrefixes>`);
  return `<?xml version="1.0"?><ListBucketResult>${type}${more}${contents.join('')}${folders.join('')}</ListBucketResult>`;
}
const encodePlus = (text: string): string => encodeURIComponent(text).replaceAll('%20', '+');
const escapeXml = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

describe('object lists', () => {
  it('asks for one folder level, encoded', () => {
    expect(listObjectsQuery({ delimiter: '/', prefix: 'a/', next: null, maxKeys: 1000 })).toEqual({
      'list-type': '2',
      delimiter: '/',
      'encoding-type': 'url',
      'max-keys': '1000',
      prefix: 'a/',
    });
    expect(listObjectsQuery({ delimiter: '/', prefix: '', next: 'T', maxKeys: 1 })['continuation-token']).toBe('T');
  });

  it('reads entries', () => {
    expect(readListing(listing({ keys: [{ key: 'a/b.pdf', size: 344606 }], prefixes: ['a/c/'] }), 'a/')).toEqual({
      objects: [
        {
          key: 'a/b.pdf',
          sizeBytes: 344606,
          modifiedAt: '2026-01-10T03:04:05.000Z',
          etag: '5B3C',
          storageClass: 'Standard',
        },
      ],
      prefixes: ['a/c/'],
      next: null,
    });
  });

  it.each([
    ['%20', encodeURIComponent],
    ['+', encodePlus],
  ])('reads a space written as %s, and a plus as a plus', (_, encode) => {
    const key = "年度 报告/Q1 (final)!+100%'s *~a&b=c?#d.docx";
    expect(readListing(listing({ keys: [{ key }], encode }), '')?.objects[0]?.key).toBe(key);
  });

  it('takes keys literally when the service did not encode them', () => {
    const key = ' 100%25+<&>.pdf ';
    expect(readListing(listing({ keys: [{ key }], encode: escapeXml }), '')?.objects[0]?.key).toBe(key);
  });

  it('gives back every key it was given', () => {
    const random = makeRandom(7);
    const keys = Array.from({ length: 300 }, () => ({ key: oddKey(random) }));
    for (const encode of [encodeURIComponent, encodePlus]) {
      const read = readListing(listing({ keys, encode }), '')?.objects.map(({ key }) => key);
      expect(read).toEqual(keys.map(({ key }) => key));
    }
  });

  it('hides the empty object that stands for the folder itself, and nothing else', () => {
    const keys = [
      { key: 'a/', size: 0 },
      { key: 'a/x', size: 0 },
    ];
    expect(readListing(listing({ keys }), 'a/')?.objects.map(({ key }) => key)).toEqual(['a/x']);
    expect(readListing(listing({ keys: [{ key: 'a/', size: 3 }] }), 'a/')?.objects).toHaveLength(1);
    expect(readListing(listing({ keys }), '')?.objects).toHaveLength(2);
  });

  it('goes on with the token, a plus in it left alone', () => {
    const more = '<IsTruncated>true</IsTruncated><NextContinuationToken>a+b%3D%2F</NextContinuationToken>';
    expect(readListing(listing({ more }), '')?.next).toBe('a+b=/');
  });

  it.each([
    listing({ more: '<IsTruncated>true</IsTruncated>' }),
    listing({}).replace('</ListBucketResult>', '<Contents><Size>1</Size></Contents></ListBucketResult>'),
    listing({ keys: [{ key: 'a', size: -1 }] }),
    '<ListAllMyBucketsResult/>',
    '<html><body>Log in</body></html>',
    listing({ keys: [{ key: 'a' }] }).slice(0, -30),
  ])('refuses what is no whole listing (%#)', (xml) => expect(readListing(xml, '')).toBe(null));
});
