import { describe, expect, it } from 'vitest';
import { compareSignatures } from '#renderer/logic/signature-difference.ts';

const REQUEST = [
  'GET',
  '/docs/a.pdf',
  'x-oss-process=doc%2Fsnapshot',
  'x-oss-content-sha256:UNSIGNED-PAYLOAD',
  'x-oss-date:20260115T083000Z',
  'x-oss-security-token:[secret]',
  '',
  '',
  'UNSIGNED-PAYLOAD',
];
const detail = (theirs: readonly string[]) => ({
  canonicalRequest: REQUEST.join('\n'),
  serviceCanonicalRequest: theirs.join('\n'),
  stringToSign: 'OSS4-HMAC-SHA256\nd\nscope\nhash',
  serviceStringToSign: 'OSS4-HMAC-SHA256\nd\nscope\nhash',
});
const changed = (line: number, text: string): string[] => REQUEST.map((own, index) => (index === line ? text : own));

describe('compareSignatures', () => {
  it('equal readings have no difference: the secret is another one', () => {
    expect(compareSignatures(detail(REQUEST))).toMatchObject({ line: null, part: null });
  });

  it.each([
    [0, 'HEAD', 'method'],
    [1, '/docs/a.pdf/', 'path'],
    [2, '', 'query'],
    [3, 'x-oss-content-sha256:x', 'header'],
    [4, 'x-oss-date:20260115T093000Z', 'date'],
    [5, 'x-oss-security-token:', 'token'],
    [8, 'other', 'payload'],
  ] as const)('line %i is named', (line, text, part) => {
    expect(compareSignatures(detail(changed(line, text)))).toMatchObject({ line, part });
  });

  it('takes the string to sign where the service tells no more', () => {
    const told = {
      ...detail(REQUEST),
      serviceCanonicalRequest: '',
      serviceStringToSign: 'OSS4-HMAC-SHA256\nd\nother\nhash',
    };
    expect(compareSignatures(told)).toMatchObject({ line: 2, part: 'scope', theirs: { length: 4 } });
    expect(compareSignatures({ ...told, serviceStringToSign: '' })).toBeNull();
    expect(compareSignatures({})).toBeNull();
  });
});
