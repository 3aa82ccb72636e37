import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeDesk, type Desk } from '../ipc/desk.ts';

let desk: Desk;
beforeAll(async () => {
  desk = await makeDesk();
});
afterAll(() => desk.dispose());

/** How many requests an act took. */
async function requestsOf(act: () => Promise<unknown>): Promise<number> {
  const count = async (): Promise<number> => {
    const usage = await desk.call('usage.get', {});
    return usage.ok ? usage.value.requests : Number.NaN;
  };
  const before = await count();
  await act();
  return (await count()) - before;
}

const resolve = (text: string) => desk.call('addresses.resolve', { accountId: 'samples', text });

describe('addresses', () => {
  it.each([
    ['oss://pagelens-samples', { kind: 'folder', bucket: 'pagelens-samples', prefix: '' }],
    ['oss://pagelens-samples/english/', { kind: 'folder', prefix: 'english/' }],
    [
      'oss://pagelens-samples/english/Crew manual.pdf',
      { kind: 'document', key: 'english/Crew manual.pdf', source: 'pdf', pageNumber: null },
    ],
    [
      'http://localhost/pagelens-samples/english/Crew%20manual.pdf',
      { kind: 'document', key: 'english/Crew manual.pdf' },
    ],
    [
      'http://localhost/pagelens-samples/x.docx?x-oss-process=doc%2Fsnapshot%2Ctarget_png%2Csource_docx%2Cpage_7&x-oss-signature=00',
      { kind: 'document', key: 'x.docx', source: 'docx', pageNumber: 7 },
    ],
  ])('%s is read without asking anybody', async (text, place) => {
    expect(await requestsOf(async () => expect(await resolve(text)).toMatchObject({ ok: true, value: place }))).toBe(0);
  });

  it('a name that may be a folder is asked for: one HEAD, one LIST', async () => {
    const requests = await requestsOf(async () =>
      expect(await resolve('oss://pagelens-samples/english')).toMatchObject({
        ok: true,
        value: { kind: 'folder', prefix: 'english/' },
      }),
    );
    expect(requests).toBe(2);
  });

  it('what is neither says so', async () => {
    expect(await resolve('oss://pagelens-samples/nothing-here')).toMatchObject({
      ok: false,
      error: { code: 'oss.noSuchKey' },
    });
    expect(await resolve('oss://no-such-bucket/x')).toMatchObject({ ok: false, error: { code: 'oss.noSuchBucket' } });
    expect(await resolve('just words')).toMatchObject({ ok: false, error: { code: 'address.invalid' } });
    expect(await resolve('https://reports.oss-cn-hangzhou.aliyuncs.com/x.pdf')).toMatchObject({
      ok: false,
      error: { code: 'address.noBucketHere' },
    });
  });
});

describe('listing', () => {
  it('names what follows the prefix', async () => {
    const top = await desk.call('objects.list', {
      accountId: 'samples',
      bucket: 'pagelens-samples',
      prefix: '',
      next: null,
    });
    if (!top.ok) throw new Error(top.error.message);
    expect(top.value.folders).toContain('中文');
    const inside = await desk.call('objects.list', {
      accountId: 'samples',
      bucket: 'pagelens-samples',
      prefix: 'english/',
      next: null,
    });
    if (!inside.ok) throw new Error(inside.error.message);
    expect(inside.value.objects.names).toContain('Budget 2026.xlsx');
  });
});
