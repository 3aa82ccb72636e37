/** The program that renders is killed with SIGKILL, so that none of its own code can clean up. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { locateOffice } from '#local-oss/rendering/office-install.ts';
import { officeSockets } from '#local-oss/rendering/work-folder.ts';
import { ask, eventually, openBench, processesWith, type Bench } from './renderer-fixture.ts';
import { makeDocx, makePdf, makeSlowDocx } from './tiny-documents.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench({ render: 'electron/local-oss/rendering/render.ts' });
});
afterAll(() => bench.close());

/** A program of its own that renders one document and says how far it is: "converting" once, then "done". */
async function startVictim(workFolder: string, document: Buffer, python: string | null): Promise<ChildProcess> {
  const file = path.join(workFolder, 'document.docx');
  await fs.writeFile(file, document);
  const install = { soffice: (await locateOffice())?.soffice, python };
  const script = `
    const { makePageRenderer } = require(${JSON.stringify(path.join(bench.helperFolder, 'render.cjs'))});
    const options = ${JSON.stringify({ workFolder, helperFolder: bench.helperFolder })};
    const renderer = makePageRenderer({ ...options, office: { locate: async () => (${JSON.stringify(install)}) } });
    const read = () => require('node:fs/promises').readFile(${JSON.stringify(file)});
    const job = { contentHash: 'x', read, source: 'docx', target: 'png', pageNumber: 1 };
    const timer = setInterval(() => {
      if (renderer.conversions === 0) return;
      clearInterval(timer);
      console.log('converting');
    }, 5);
    renderer.render(job, new AbortController().signal).then(() => console.log('done'));`;
  return spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
}

async function said(victim: ChildProcess, word: string): Promise<void> {
  for await (const line of createInterface({ input: victim.stdout! })) if (line === word) return;
  throw new Error(`The program ended before it said ${word}`);
}

const python = (await locateOffice())?.python ?? null;
const cases: [string, Buffer, string, string | null][] = [
  ['a LibreOffice that waits for work', makeDocx(['quick']), 'done', python],
  ['a LibreOffice in the middle of a conversion', makeSlowDocx(), 'converting', python],
  ['a LibreOffice that was started for the document', makeSlowDocx(), 'converting', null],
];

describe('within five seconds after the program was killed', () => {
  test.each(cases)('%s is gone, and the next start sweeps up', async (_, document, word, way) => {
    const workFolder = await bench.makeWorkFolder();
    const victim = await startVictim(workFolder, document, way);
    await said(victim, word);
    const officeRuns = async (): Promise<boolean> =>
      (await processesWith(workFolder)).some((line) => line.includes('soffice'));
    expect(await eventually(20_000, officeRuns)).toBe(true);
    const exit = once(victim, 'exit');
    victim.kill('SIGKILL');
    await exit;
    expect(await eventually(5_000, async () => (await processesWith(workFolder)).length === 0)).toBe(true);

    const [left] = (await fs.readdir(workFolder)).filter((name) => name.startsWith(`${victim.pid}-`));
    expect(left).toBeDefined();
    const next = bench.make({ workFolder });
    expect(await eventually(5_000, async () => !(await fs.readdir(workFolder)).includes(left!))).toBe(true);
    expect(await ask(next, makePdf([{}]), 'pdf')).toMatchObject({ kind: 'picture' });
    for (const socket of officeSockets(path.join(workFolder, left!, 'office-profile-1')))
      await expect(fs.access(socket)).rejects.toThrow('ENOENT');
  });
});
