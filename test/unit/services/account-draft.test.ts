import { describe, expect, it } from 'vitest';
import { readDraft, readExpiry, toEndpoint } from '#services/account-draft.ts';
import { DRAFT } from '../ipc/desk.ts';

describe('readDraft', () => {
  it.each([
    ['', ''],
    ['oss://team-docs/reports', 'team-docs/reports/'],
    ['team-docs', 'team-docs/'],
    ['team-docs/a/b/', 'team-docs/a/b/'],
  ])('puts the scope %j into the form %j', (scope, canonical) => {
    expect(readDraft({ ...DRAFT, scope })).toMatchObject({ ok: true, value: { scope: canonical } });
  });

  it('takes a bucket in front of the endpoint for the scope, unless there is one', () => {
    const endpoint = 'team-docs.oss-cn-shanghai.aliyuncs.com';
    expect(readDraft({ ...DRAFT, endpoint })).toMatchObject({
      value: { scope: 'team-docs/', region: 'cn-shanghai' },
    });
    expect(readDraft({ ...DRAFT, endpoint, scope: 'other-docs/x' })).toMatchObject({
      value: { scope: 'other-docs/x/' },
    });
  });

  it('finds a name where none was typed', () => {
    expect(readDraft({ ...DRAFT, name: '', scope: 'team-docs/x' })).toMatchObject({ value: { name: 'team-docs' } });
    expect(readDraft({ ...DRAFT, name: '' })).toMatchObject({ value: { name: 'LTAI5t…sk01' } });
  });

  it('holds nothing secret', () => {
    const read = readDraft({ ...DRAFT, securityToken: 'a token' });
    expect(JSON.stringify(read)).not.toContain(DRAFT.accessKeySecret);
    expect(JSON.stringify(read)).not.toContain('a token');
    expect(read).toMatchObject({ value: { isTemporary: true } });
  });

  it.each([
    ['scope', { scope: 'UPPER/x' }],
    ['endpoint', { endpoint: 'http://a b' }],
    ['tokenExpiresAt', { tokenExpiresAt: 'soon' }],
  ])('names the field %s when it is wrong', (field, change) => {
    expect(readDraft({ ...DRAFT, ...change })).toMatchObject({
      ok: false,
      error: { code: 'account.invalid', detail: { field } },
    });
  });
});

describe('readExpiry', () => {
  it('reads a time of any zone as UTC, and nothing as null', () => {
    expect(readExpiry('2026-05-01T10:00:00+08:00')).toEqual({ ok: true, value: '2026-05-01T02:00:00.000Z' });
    expect(readExpiry(' ')).toEqual({ ok: true, value: null });
    expect(readExpiry(undefined)).toEqual({ ok: true, value: null });
  });
});

describe('toEndpoint', () => {
  it('knows the bucket that a custom domain stands for from the scope', () => {
    const label = { region: 'cn-hangzhou', endpoint: 'docs.example.com', scope: 'team-docs/' };
    expect(toEndpoint(label)).toMatchObject({ ok: true, value: { style: 'cname', bucket: 'team-docs' } });
  });

  it('refuses a label that was broken by hand', () => {
    expect(toEndpoint({ region: 'cn-hangzhou', endpoint: 'http://a b', scope: '' })).toMatchObject({ ok: false });
  });
});
