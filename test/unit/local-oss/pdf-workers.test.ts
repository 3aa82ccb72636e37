/** What the pool does when a thread breaks. PDFium does not break on demand, so here the thread is a script that does. */
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { PdfWorkers } from '#local-oss/rendering/pdf-workers.ts';

let helperFolder: string;
let pool: PdfWorkers;
beforeEach(async () => {
  helperFolder = await fs.mkdtemp(path.join(os.tmpdir(), 'pagelens-thread-'));
  pool = new PdfWorkers({ helperFolder, pageTimeoutMs: 60_000 });
});
afterEach(async () => {
  await pool.dispose();
  await fs.rm(helperFolder, { recursive: true });
});

const PREAMBLE = `
  const { parentPort, threadId } = require('node:worker_threads');
  const ready = () => parentPort.postMessage({ kind: 'ready' });
  const answer = (heapBytes) => parentPort.postMessage({ kind: 'outcome', heapBytes, outcome: { kind: 'refused', reason: 'empty', message: String(threadId) } });
`;
const writeThread = (body: string): Promise<void> =>
  fs.writeFile(path.join(helperFolder, 'pdf-worker.cjs'), PREAMBLE + body);
const ask = (key: string): ReturnType<PdfWorkers['render']> =>
  pool.render({ key, file: '/', pageNumber: 1, target: 'png' }, new AbortController().signal);
const threadOf = async (key: string): Promise<string> => {
  const outcome = await ask(key);
  return outcome.kind === 'refused' ? outcome.message : '';
};

test.each([
  ['ends', 'process.exit(1)'],
  ['throws', 'throw new Error("bug")'],
  ['says that it is broken', 'parentPort.postMessage({ kind: "broken", error: "table index is out of bounds" })'],
])('a page under which a thread %s twice is unreadable, and others go on', async (_, end) => {
  await writeThread(
    `ready(); parentPort.on('message', ({ key }) => { if (key === 'bad') { ${end} } else answer(1); });`,
  );
  const [bad, good] = await Promise.all([ask('bad'), ask('good')]);
  expect(bad).toMatchObject({ kind: 'refused', reason: 'unreadable' });
  expect(good).toMatchObject({ reason: 'empty' });
  expect(await ask('good')).toMatchObject({ reason: 'empty' });
});

test('a page is tried again when its thread was spoilt by an earlier one', async () => {
  await writeThread(
    `ready(); let pages = 0; parentPort.on('message', () => { if (++pages > 1) process.exit(1); answer(1); });`,
  );
  const first = await threadOf('a');
  const second = await threadOf('a');
  expect(Number(second)).toBeGreaterThan(Number(first));
});

test('a thread that holds too much memory is replaced, others are used again', async () => {
  await writeThread(`ready(); parentPort.on('message', ({ key }) => answer(key === 'big' ? 2 ** 30 : 1));`);
  const small = await threadOf('small');
  expect(await threadOf('small')).toBe(small);
  const big = await threadOf('big');
  expect(big).toBe(small);
  expect(await threadOf('big')).not.toBe(big);
});

test('a thread that never comes up is our failure, not the document’s', async () => {
  await writeThread(`throw new Error('no engine');`);
  await expect(ask('a')).rejects.toThrow('no engine');
});

test('dispose rejects what is under way and what waits', async () => {
  await writeThread(`ready();`);
  const asked = Promise.allSettled([ask('a'), ask('b'), ask('c')]);
  await pool.dispose();
  expect((await asked).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  await expect(ask('d')).rejects.toThrow('disposed');
});
