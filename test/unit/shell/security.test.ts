import { describe, expect, it } from 'vitest';
import { isHelpLink, pagePreferences } from '#shell/security.ts';

describe('isHelpLink', () => {
  it.each(['https://www.alibabacloud.com/help/en/oss/', 'https://help.aliyun.com/zh/oss/?x=1#y'])('opens %s', (url) => {
    expect(isHelpLink(url)).toBe(true);
  });

  it.each([
    'http://www.alibabacloud.com/help',
    'https://www.alibabacloud.com.evil.example/',
    'https://evil.example/www.alibabacloud.com',
    'https://www.alibabacloud.com@evil.example/',
    'https://user:pw@www.alibabacloud.com/',
    'https://www.alibabacloud.com:8443/',
    'https://aliyun.com/',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'app://bundle/',
    'mailto:x@help.aliyun.com',
    'smb://help.aliyun.com/share',
    'not a link',
    '',
  ])('does not open %j', (url) => {
    expect(isHelpLink(url)).toBe(false);
  });
});

describe('the rights of our page', () => {
  it('are those of a web page in a sandbox', () => {
    expect(pagePreferences('/preload.cjs')).toMatchObject({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      webviewTag: false,
    });
  });
});
