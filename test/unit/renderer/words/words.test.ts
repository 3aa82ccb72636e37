/** What types cannot see: that sentences are there, in the language they say they are in, and take their values. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ERROR_CODES, fail, type AppError } from '#contract/errors.ts';
import { common } from '#renderer/words/common.ts';
import { connect } from '#renderer/words/connect.ts';
import { doctor } from '#renderer/words/doctor.ts';
import { toErrorWords } from '#renderer/words/errors.ts';
import { settingsWords } from '#renderer/words/settings.ts';
import { LANGUAGES, plural } from '#renderer/words/words.ts';

const HAN = /\p{Script=Han}/u;

/** Every sentence of an area with its path; functions are called with 3. */
function sentences(area: unknown, path = ''): [string, string][] {
  if (typeof area === 'string') return [[path, area]];
  if (typeof area === 'function') return sentences((area as (value: number) => unknown)(3), path);
  return Object.entries(area as object).flatMap(([name, inner]) => sentences(inner, `${path}.${name}`));
}

describe.each([
  ['common', common],
  ['connect', connect],
  ['settings', settingsWords],
] as const)('%s', (_, area) => {
  it('has no empty sentence, and no English one with Chinese letters', () => {
    for (const [path, sentence] of sentences(area.en)) {
      expect(sentence.trim(), path).not.toBe('');
      expect(HAN.test(sentence), `${path}: ${sentence}`).toBe(false);
    }
    for (const [path, sentence] of sentences(area['zh-CN'])) expect(sentence.trim(), path).not.toBe('');
  });

  it('is Chinese in Chinese, but for names', () => {
    const latin = sentences(area['zh-CN']).filter(([, sentence]) => !HAN.test(sentence));
    const names = /^(Pagelens( 3)?|Electron 3|Endpoint|AccessKey( ID| Secret)?|LTAI…|bucket\/folder\/)$/;
    expect(latin.filter(([, sentence]) => !names.test(sentence))).toEqual([]);
  });
});

describe('errors', () => {
  const error = (code: AppError['code'], more: Partial<AppError> = {}): AppError => ({
    code,
    message: 'raw text of the service',
    retryable: false,
    charged: 'no',
    ...more,
  });

  it.each(ERROR_CODES)('%s has a title and a meaning in both languages, without codes in the title', (code) => {
    for (const language of LANGUAGES) {
      for (const detail of [
        undefined,
        {
          bucket: 'reports',
          endpoint: 'oss-cn-x.aliyuncs.com',
          lastPage: 37,
          skewMs: 3_720_000,
          reason: 'password',
          field: 'scope',
          host: 'h',
          command: 'apt-get install x',
          region: 'cn-x',
        },
      ]) {
        const words = toErrorWords(error(code, { detail }), language);
        for (const sentence of [words.title, words.meaning]) {
          expect(sentence.trim().length).toBeGreaterThan(2);
          expect(sentence).not.toMatch(/undefined|NaN|\[object|raw text| {2}/);
          expect(HAN.test(sentence)).toBe(language === 'zh-CN');
        }
        expect(words.title).not.toContain(code);
        expect(words.next).not.toMatch(/undefined|NaN/);
      }
    }
  });

  it('says the facts it was given', () => {
    expect(toErrorWords(error('snapshot.pageOutOfRange', { detail: { lastPage: 37 } }), 'en').title).toContain('37');
    expect(toErrorWords(error('oss.noSuchBucket', { detail: { bucket: 'reprots' } }), 'zh-CN').title).toContain(
      'reprots',
    );
    expect(toErrorWords(error('oss.clockSkewed', { detail: { skewMs: -3_720_000 } }), 'en').title).toContain(
      '1 h 2 min',
    );
    expect(toErrorWords(error('oss.throttled', { retryAfterMs: 3200 }), 'en').next).toContain('4 s');
    expect(toErrorWords(error('snapshot.unreadable', { detail: { reason: 'password' } }), 'en').title).toContain(
      'password',
    );
    expect(toErrorWords(error('account.invalid', { detail: { field: 'endpoint' } }), 'zh-CN').title).toContain(
      'Endpoint',
    );
  });

  it('says what it cost wherever a page picture was asked for, and nowhere else', () => {
    expect(toErrorWords(error('snapshot.tooLarge'), 'en').money).toBe('Nothing was charged.');
    expect(toErrorWords(error('snapshot.unclear', { charged: 'unclear' }), 'en').money).toContain(
      'may already have been charged',
    );
    expect(toErrorWords(error('net.reset', { charged: 'unclear' }), 'zh-CN').money).toContain('可能');
    // What a folder's listing met is no matter of money; met in place of a page it is.
    expect(toErrorWords(error('oss.archived'), 'en').money).toBe('');
    expect(toErrorWords(error('oss.archived'), 'en', true).money).toBe('Nothing was charged.');
    expect(toErrorWords(error('oss.unknownKey'), 'en').money).toBe('');
  });
});

it('plural groups numbers and knows one', () => {
  expect([plural(0, 'page', 'pages'), plural(1, 'page', 'pages'), plural(1234, 'page', 'pages')]).toEqual([
    '0 pages',
    '1 page',
    '1,234 pages',
  ]);
});

describe('README', () => {
  it('quotes the titles of failures as the app says them', () => {
    const readme = readFileSync(new URL('../../../../README.md', import.meta.url), 'utf8').replace(/\s+/g, ' ');
    const part = readme.slice(readme.indexOf('### If something'), readme.indexOf('### local-oss'));
    const quoted = [...part.matchAll(/“([^”]+)”:/g)].map((match) => match[1]!);
    expect(quoted.length).toBeGreaterThan(5);
    const titles = ERROR_CODES.map(
      (code) => toErrorWords(fail(code, '', { detail: { reason: 'denied' } }).error, 'en').title,
    );
    for (const title of quoted) expect(titles).toContain(title);
    expect(part).toContain(doctor.en.open);
    expect(part).toContain(doctor.en.openAccount);
  });
});
