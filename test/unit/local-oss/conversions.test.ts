import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Conversions, type Lease, type MakePdf, type Refusal } from '#local-oss/rendering/conversions.ts';

let folder: string;
beforeEach(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'pagelens-cache-'));
});
afterEach(() => fs.rm(folder, { recursive: true }));

const wanted = (): AbortSignal => new AbortController().signal;
const write =
  (sizeBytes: number): MakePdf =>
  async (file) => {
    await fs.writeFile(file, Buffer.alloc(sizeBytes));
    return null;
  };
const never: MakePdf = () => Promise.reject(new Error('made again'));
const refuse =
  (reason: Refusal['reason']): MakePdf =>
  () =>
    Promise.resolve({ kind: 'refused', reason, message: reason });

async function lease(answer: Promise<Lease | Refusal>): Promise<Lease> {
  const result = await answer;
  if (result.kind === 'refused') throw new Error(result.message);
  return result;
}

test('what is there is not made again', async () => {
  const cache = new Conversions(folder, 1_000);
  const first = await lease(cache.get('a', write(10), wanted()));
  first.release();
  expect((await lease(cache.get('a', never, wanted()))).file).toBe(first.file);
});

test('the least recently used goes first when there is no room', async () => {
  const cache = new Conversions(folder, 25);
  for (const key of ['a', 'b', 'a', 'c']) (await lease(cache.get(key, write(10), wanted()))).release();
  (await lease(cache.get('a', never, wanted()))).release();
  await expect(cache.get('b', never, wanted())).rejects.toThrow('made again');
});

test('what somebody holds stays, whatever the room', async () => {
  const cache = new Conversions(folder, 1);
  const held = await lease(cache.get('a', write(10), wanted()));
  (await lease(cache.get('b', write(10), wanted()))).release();
  await fs.access(held.file);
  held.release();
  held.release(); // once is enough, twice does no harm
  await expect(cache.get('a', never, wanted())).rejects.toThrow('made again');
});

test('a refusal that the document causes is remembered, one that the moment causes is not', async () => {
  const cache = new Conversions(folder, 1_000);
  for (const reason of ['password', 'unreadable', 'wrong-content', 'empty'] as const) {
    await cache.get(reason, refuse(reason), wanted());
    expect(await cache.get(reason, never, wanted())).toMatchObject({ reason });
  }
  for (const reason of ['too-slow', 'office-missing'] as const) {
    await cache.get(reason, refuse(reason), wanted());
    expect((await cache.get(reason, write(1), wanted())).kind).toBe('lease');
  }
});

test('a failure reaches all who wait, and the next one tries again', async () => {
  const cache = new Conversions(folder, 1_000);
  const fail: MakePdf = () => Promise.reject(new Error('disk full'));
  const results = await Promise.allSettled([cache.get('a', fail, wanted()), cache.get('a', never, wanted())]);
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect((await cache.get('a', write(1), wanted())).kind).toBe('lease');
});

test('the work is stopped when the last who waits has gone, and its file goes', async () => {
  const cache = new Conversions(folder, 1_000);
  const [one, two] = [new AbortController(), new AbortController()];
  let stopped = false;
  const work: MakePdf = (file, signal) =>
    new Promise((_, reject) => {
      signal.addEventListener('abort', () => {
        stopped = true;
        void fs.writeFile(file, 'half').then(() => reject(signal.reason));
      });
    });
  const waiting = [cache.get('a', work, one.signal), cache.get('a', never, two.signal)];
  one.abort(new Error('one left'));
  await expect(waiting[0]).rejects.toThrow('one left');
  expect(stopped).toBe(false);
  two.abort(new Error('two left'));
  await expect(waiting[1]).rejects.toThrow('two left');
  expect(stopped).toBe(true);
  expect((await cache.get('a', write(1), wanted())).kind).toBe('lease');
});

test('who waits for another’s work makes it himself when the other leaves and takes the source with him', async () => {
  const cache = new Conversions(folder, 1_000);
  const owner = new AbortController();
  const bound: MakePdf = () =>
    new Promise((_, reject) => owner.signal.addEventListener('abort', () => reject(owner.signal.reason)));
  const first = cache.get('a', bound, owner.signal);
  const second = cache.get('a', write(5), wanted());
  owner.abort(new Error('owner left'));
  await expect(first).rejects.toThrow('owner left');
  expect((await second).kind).toBe('lease');
});
