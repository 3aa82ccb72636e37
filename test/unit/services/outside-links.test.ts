import { describe, expect, it } from 'vitest';
import { LinkId } from '#contract/ids.ts';
import type { LinkView } from '#contract/links.ts';
import { readOssLink, toOssPath } from '#contract/oss-path.ts';
import { readAddress } from '#oss/address.ts';
import { SAMPLES_ENDPOINT } from '#services/account-views.ts';
import { makeOutsideLinks } from '#services/outside-links.ts';
import { makeRandom, oddKey } from '../oss/odd-keys.ts';

function setUp() {
  let serial = 0;
  const heard: (LinkView | null)[] = [];
  const links = makeOutsideLinks({
    randomBytes: () => Buffer.from((serial += 1).toString(16).padStart(16, '0'), 'hex'),
    onChange: (link) => heard.push(link),
  });
  return { links, heard };
}

describe('an oss:// link from outside', () => {
  it.each([
    ['oss://reports', 'oss://reports/'],
    ['oss://reports/2026/q3/', 'oss://reports/2026/q3/'],
    ['OSS://Reports/A.pdf', 'oss://reports/A.pdf'],
    ['oss://reports/a%20b%2B%E5%90%88.pdf', 'oss://reports/a b+合.pdf'],
    ['oss://reports/a b+合.pdf', 'oss://reports/a b+合.pdf'],
    // Unescaped once, not until nothing is left to unescape.
    ['oss://reports/100%2525.pdf', 'oss://reports/100%25.pdf'],
    // Escapes that are not whole, or no UTF-8, are no escapes: nobody escaped this text.
    ['oss://reports/100%.pdf', 'oss://reports/100%.pdf'],
    ['oss://reports/%E5%90.pdf', 'oss://reports/%E5%90.pdf'],
    ['oss://reports/50%25 of 7%.pdf', 'oss://reports/50%25 of 7%.pdf'],
    // All of it is the key.
    ['oss://reports/a.pdf?versionId=1#page=2', 'oss://reports/a.pdf?versionId=1#page=2'],
    ['oss://reports/a/../b/./c//d.pdf', 'oss://reports/a/../b/./c//d.pdf'],
    ['oss://reports/a/%2E%2E/b', 'oss://reports/a/../b'],
    ['oss://reports/a%01b', 'oss://reports/a\u0001b'],
  ])('%j is %j', (link, path) => expect(readOssLink(link)).toBe(path));

  it.each([
    ['nothing', ''],
    ['no bucket', 'oss://'],
    ['a bucket that is none', 'oss://UPPER_case/a'],
    ['a bucket with an escape', 'oss://rep%6Frts/a'],
    ['a key and no bucket', 'oss:///a.pdf'],
    ['one slash', 'oss:/reports/a.pdf'],
    ['a user', 'oss://me@reports/a'],
    ['a port', 'oss://reports:80/a'],
    ['a backslash for a slash', 'oss://reports\\a'],
    ['another scheme', 'https://reports/a'],
    ['an option before it', '--url=oss://reports/a'],
    ['a second line', 'oss://reports/a\noss://other/b'],
    ['a raw null', 'oss://reports/a\u0000'],
    ['a half of a character', 'oss://reports/\ud800'],
    ['more than any key needs', `oss://reports/${'a'.repeat(8192)}`],
  ])('is not %s', (_what, text) => expect(readOssLink(text)).toBe(null));

  it('reads the longest key with every byte escaped', () => {
    const key = '合'.repeat(341);
    expect(readOssLink(`oss://reports/${encodeURIComponent(key)}`)).toBe(`oss://reports/${key}`);
  });

  it('brings every allowed key through, escaped as links are, and the path box reads the same place', () => {
    const random = makeRandom(61);
    for (let at = 0; at < 2000; at += 1) {
      const key = oddKey(random);
      const path = readOssLink(`oss://reports/${encodeURIComponent(key)}`);
      expect(path).toBe(toOssPath({ bucket: 'reports', key }));
      // What stands at the very end cannot be told from what was only copied along.
      if (key.trimEnd() !== key) continue;
      expect(readAddress(path!, SAMPLES_ENDPOINT)).toMatchObject({ ok: true, value: { bucket: 'reports', key } });
    }
  });

  it('never throws, whatever the bytes', () => {
    const random = makeRandom(62);
    for (let at = 0; at < 3000; at += 1) {
      const bytes = Buffer.from(Array.from({ length: Math.floor(random() * 60) }, () => Math.floor(random() * 256)));
      for (const text of [bytes.toString('latin1'), bytes.toString('utf8'), bytes.toString('utf16le')]) {
        for (const start of ['', 'oss://reports/', 'oss://', 'oss:', '%']) {
          const path = readOssLink(start + text);
          if (path !== null) expect(readAddress(path, SAMPLES_ENDPOINT)).toHaveProperty('ok');
        }
      }
    }
  });
});

describe('links on their way to the page', () => {
  it('are found among the arguments of a start, whatever else is there', () => {
    const { links, heard } = setUp();
    const argv = ['.', '--user-data-dir=/tmp/oss:', '--lang=en', 'oss://reports/a.pdf', '--x=oss://evil/b', 'file.txt'];
    expect(links.take(argv)).toBe(true);
    expect(links.view()).toEqual({ id: '0000000000000001', path: 'oss://reports/a.pdf' });
    expect(heard).toEqual([links.view()]);
  });

  it('are none where no argument is one', () => {
    const { links, heard } = setUp();
    for (const argv of [
      [],
      ['--oss://reports/a'],
      ['x oss://reports/a'],
      ['https://reports.oss-cn-x.aliyuncs.com/a'],
      [''],
    ])
      expect(links.take(argv)).toBe(false);
    expect([links.view(), heard]).toEqual([null, []]);
  });

  it('of several the first is taken, and a later start counts over an earlier one', () => {
    const { links } = setUp();
    links.take(['oss://one/', 'oss://two/']);
    expect(links.view()?.path).toBe('oss://one/');
    links.take(['oss://three/']);
    expect(links.view()?.path).toBe('oss://three/');
  });

  it('that cannot be read are told of all the same', () => {
    const { links } = setUp();
    expect(links.take(['oss:what'])).toBe(true);
    expect(links.view()).toMatchObject({ path: null });
  });

  it('are kept until they are done, and a newer one is not done with an older', () => {
    const { links, heard } = setUp();
    links.take(['oss://one/']);
    const first = links.view()!.id;
    links.take(['oss://two/']);
    links.done(first);
    links.done(LinkId.parse('f'.repeat(16)));
    expect(links.view()?.path).toBe('oss://two/');
    links.done(links.view()!.id);
    expect(links.view()).toBe(null);
    expect(heard.at(-1)).toBe(null);
    expect(heard).toHaveLength(3);
  });
});
