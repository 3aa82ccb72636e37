/** `kill -9` in the middle of keeping and rewriting pages, a hundred times: afterwards each page is whole, or not there. */
import { spawn } from 'node:child_process';
import { watch } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readAbout, unsealDocument } from '#services/kept-about.ts';
import { readFileForm, readPageFile } from '#services/page-files.ts';
import { buildHelpers } from '../local-oss/build-helpers.ts';
import { seeded } from '../renderer/seeded.ts';
import { makeFolder, startKept } from './kept-fixture.ts';
import { ACCOUNT_ID, pageBytes, PAGES, sealingBy, toDocument, WRITER_ID } from './page-writer-pages.ts';

/** Of plain pages; the ones that change their form are killed less often: the machinery is the same. */
const KILLS = { plain: 100, byTurns: 40 };

type Form = 'plain' | 'sealed';

let helpers: string;
beforeAll(async () => {
  helpers = await buildHelpers({ 'page-writer': 'test/unit/services/page-writer.ts' });
}, 60_000);
afterAll(() => rm(helpers, { recursive: true, force: true }));

/**
 * Runs the writer and kills it at the `moment`th thing that happens to a file it writes aside: made, written to, renamed.
 * Answers the last round in which each page was said to be kept.
 */
async function writeUntilKilled(folder: string, document: string, seed: number, moment: number, form: Form) {
  const program = path.join(helpers, 'page-writer.cjs');
  const writer = spawn(process.execPath, [program, folder, `${seed}`, form], { stdio: ['ignore', 'pipe', 'inherit'] });
  const gone = new Promise((resolve) => writer.once('exit', (_code, signal) => resolve(signal)));
  let seen = 0;
  const watcher = watch(document, (_event, name) => {
    if (name?.endsWith('.part') && (seen += 1) === moment) writer.kill('SIGKILL');
  });
  const kept = new Map<string, number>();
  for await (const line of createInterface({ input: writer.stdout })) {
    const [name, round] = line.split(' ');
    kept.set(name!, Number(round));
  }
  watcher.close();
  expect(await gone).toBe('SIGKILL');
  return kept;
}

it.each([
  { what: 'plain pages', kills: KILLS.plain, forms: ['plain'] as const },
  {
    what: 'pages that are encrypted and decrypted by turns',
    kills: KILLS.byTurns,
    forms: ['sealed', 'plain'] as const,
  },
])(
  'leaves $what whole or absent after $kills kills',
  async ({ forms, kills }) => {
    const folder = await makeFolder();
    const document = path.join(folder, ACCOUNT_ID, WRITER_ID);
    await mkdir(document, { recursive: true });
    const random = seeded(9);
    /** What a killed writer had said to be on the disk. */
    const promised = new Map<string, number>();
    let partsLeft = 0;
    /** After how many kills pages of both forms lay side by side. */
    let mixed = 0;
    for (let kill = 0; kill < kills; kill += 1) {
      const form = forms[kill % forms.length]!;
      const kept = await writeUntilKilled(folder, document, kill * 1001, 1 + Math.floor(random() * 40), form);
      for (const [name, round] of kept) promised.set(name, round);

      const names: string[] = await readdir(document).catch(() => []);
      partsLeft += names.filter((name) => name.endsWith('.part')).length;
      const sealers = new Set<string | null>();
      for (const name of names.filter((one) => one.endsWith('.png'))) {
        const file = path.join(document, name);
        sealers.add((await readFileForm(file))?.sealedBy ?? null);
        const found = await readPageFile(file, `${WRITER_ID}-${name}`, sealingBy(true).findKey);
        if (found.is !== 'whole') throw new Error(`${name} is ${found.is} after kill ${kill}`);
        const round = Buffer.from(found.value.bytes).readUInt32BE();
        expect(Buffer.compare(found.value.bytes, pageBytes(Number.parseInt(name, 10), round))).toBe(0);
        expect(round).toBeGreaterThanOrEqual(promised.get(name) ?? 0);
      }
      if (sealers.size > 1) mixed += 1;
      for (const name of promised.keys()) expect(names).toContain(name);
      if (names.includes('about.json')) {
        const about = await readAbout(path.join(document, 'about.json'));
        const said = about?.sealed && unsealDocument(about.sealed, WRITER_ID, sealingBy(true).findKey);
        expect(about?.document ?? said).toEqual(toDocument(ACCOUNT_ID));
      }
    }
    // The kills did meet writes under way, and rewriting.
    expect(partsLeft).toBeGreaterThan(10);
    if (forms.length > 1) expect(mixed).toBeGreaterThan(10);

    // The next start finds them all, and nothing else.
    const after = startKept(folder, { sealing: sealingBy(true) });
    const { heads } = await after.open(WRITER_ID, toDocument(ACCOUNT_ID), true);
    expect(heads).toHaveLength(PAGES);
    const [version] = await after.list();
    expect(version).toMatchObject({ document: toDocument(ACCOUNT_ID), bytes: after.room().bytes });
    await after.dispose();
    expect((await readdir(document)).filter((name) => name.endsWith('.part'))).toEqual([]);
  },
  300_000,
);
