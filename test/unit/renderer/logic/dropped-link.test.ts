import { describe, expect, it } from 'vitest';
import { toOssPath } from '#contract/oss-path.ts';
import { isLinkLike, labelOf, readDropped, regionOfLink } from '#renderer/logic/dropped-link.ts';
import { makeRandom, oddKey } from '../../oss/odd-keys.ts';

const drop = (more: Partial<Parameters<typeof readDropped>[0]>) =>
  readDropped({ uriList: '', text: '', hasFiles: false, ...more });
const link = (text: string) => ({ kind: 'link', text });

describe('a drop', () => {
  it.each([
    [
      'a link as browsers hand it over',
      { uriList: 'oss://b-1/a%20b.pdf', text: 'oss://b-1/a%20b.pdf' },
      'oss://b-1/a b.pdf',
    ],
    ['words, as they stand', { text: ' oss://b-1/a%20b.pdf\n' }, 'oss://b-1/a%20b.pdf'],
    [
      'a web link, whole',
      { uriList: 'https://b.oss-cn-hangzhou.aliyuncs.com/a%2Bb?x=1' },
      'https://b.oss-cn-hangzhou.aliyuncs.com/a%2Bb?x=1',
    ],
    ['the first of several', { uriList: '# a comment\r\noss://b-1/a\r\noss://b-1/b' }, 'oss://b-1/a'],
    ['the first line of words', { text: 'oss://b-1/a.pdf\noss://b-1/b.pdf' }, 'oss://b-1/a.pdf'],
    ['words where the link is another one', { uriList: 'about:blank', text: 'oss://b-1/a' }, 'oss://b-1/a'],
  ])('is %s', (_what, dropped, text) => expect(drop(dropped)).toEqual(link(text)));

  it.each([
    ['a file', { hasFiles: true }],
    ['a file that comes as a link', { uriList: 'file:///home/me/a.pdf' }],
    ['a file with words', { hasFiles: true, text: 'oss://b-1/a' }],
  ])('of %s is refused as files', (_what, dropped) => expect(drop(dropped)).toEqual({ kind: 'files' }));

  it.each([
    ['nothing', {}],
    ['words', { text: 'see the report in oss://b-1/a' }],
    ['a scheme and no more', { text: 'oss://' }],
    ['a script', { uriList: 'javascript:alert(1)', text: 'javascript:alert(1)' }],
    ['an endless text', { text: `oss://b-1/${'a'.repeat(10_000)}` }],
    ['an endless link', { uriList: `https://b.example/${'a'.repeat(10_000)}` }],
  ])('of %s is none', (_what, dropped) => expect(drop(dropped)).toEqual({ kind: 'nothing' }));

  it('brings every allowed key through as a link, and as words what has no line end', () => {
    const random = makeRandom(63);
    for (let at = 0; at < 1500; at += 1) {
      const key = oddKey(random);
      const path = toOssPath({ bucket: 'reports', key });
      expect(drop({ uriList: `oss://reports/${encodeURIComponent(key)}` })).toEqual(link(path));
      if (!/[\r\n]/.test(key) && key.trim() === key) expect(drop({ text: path })).toEqual(link(path));
    }
  });

  it('never throws, whatever is dropped', () => {
    const random = makeRandom(64);
    for (let at = 0; at < 2000; at += 1) {
      const noise = String.fromCharCode(...Array.from({ length: 40 }, () => Math.floor(random() * 65_536)));
      for (const start of ['', 'oss://b-1/', 'https://', '%'])
        expect(drop({ uriList: start + noise, text: start + noise })).toHaveProperty('kind');
    }
  });
});

it('a signed link is shown without its query', () => {
  expect(labelOf('https://b.oss-cn-hangzhou.aliyuncs.com/a?x-oss-signature=5ec\n#r3t')).toBe(
    'https://b.oss-cn-hangzhou.aliyuncs.com/a',
  );
  expect(labelOf('oss://b-1/what?.pdf')).toBe('oss://b-1/what?.pdf');
});

it.each([
  ['https://reports.oss-cn-shanghai.aliyuncs.com/a.pdf?x-oss-signature=s', 'cn-shanghai'],
  ['https://reports.oss-cn-shanghai-internal.aliyuncs.com/a.pdf', 'cn-shanghai'],
  ['HTTPS://oss-eu-central-1.aliyuncs.com/reports/a.pdf', 'eu-central-1'],
  ['https://reports.oss-accelerate.aliyuncs.com/a.pdf', null],
  ['https://docs.example.com:8443/a.pdf', null],
  ['http://127.0.0.1:9000/reports/a.pdf', null],
  ['https://oss-cn-shanghai.aliyuncs.com.evil.example/a', null],
  ['https://me:secret@docs.example.com/a', null],
  ['oss://reports/a.pdf', null],
])('the region of %j is %j', (text, region) => expect(regionOfLink(text)).toBe(region));

it.each([
  ['oss://reports/a', true],
  ['reports/q3/', true],
  ['https://x/a', true],
  ['see the report', false],
  ['oss://', false],
])('%j looks like a link: %j', (text, is) => expect(isLinkLike(text)).toBe(is));
