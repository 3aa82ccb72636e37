/** Runs the rows and writes one JSON object: every figure beside its alternative, measured in the same run. */
import { readFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { findElectron } from '#setup/electron-runtime.mjs';
import { root } from '../e2e/fixtures.ts';
import { Ground } from './ground.ts';
import { say, toReason, type Figure } from './measure.ts';
import { bigFolder } from './rows/big-folder.ts';
import { cachedPage } from './rows/cached-page.ts';
import { eventLoop } from './rows/event-loop.ts';
import { exportPages } from './rows/export.ts';
import { firstPage } from './rows/first-page.ts';
import { longDocument } from './rows/long-document.ts';
import { pageCount } from './rows/page-count.ts';
import { scrolling } from './rows/scrolling.ts';
import { signatures } from './rows/signatures.ts';
import { start } from './rows/start.ts';

const HELP = `npm run --silent bench [-- options]

Measures Pagelens beside its alternatives and prints one JSON object.

  --rows a,b         only these rows
  --documents DIR    for first-page and page-count: the documents in DIR instead of samples
  --help             this text

Rows: `;

type Measure = (ground: Ground, documents: string | null) => Promise<Figure[]>;

const ROWS: Record<string, Measure> = {
  signatures,
  start,
  'cached-page': cachedPage,
  'first-page': firstPage,
  'event-loop': eventLoop,
  'big-folder': bigFolder,
  export: exportPages,
  scrolling,
  'long-document': longDocument,
  'page-count': pageCount,
};

/** What one row came to: its figures, or null and why. `load`: how many others wanted a core meanwhile (Unix, last minute). */
type RowResult = { figures: Figure[]; load: number } | { figures: null; reason: string };

/** The program: answers its exit code. A row that cannot run is null with its reason and does not fail the rest. */
export async function main(args: string[]): Promise<number> {
  const options = { rows: { type: 'string' }, documents: { type: 'string' }, help: { type: 'boolean' } } as const;
  const { values } = parseArgs({ args, options });
  if (values.help) {
    say(HELP + Object.keys(ROWS).join(', '));
    return 0;
  }
  const wanted = values.rows?.split(',') ?? Object.keys(ROWS);
  const unknown = wanted.filter((name) => !Object.hasOwn(ROWS, name));
  if (unknown.length > 0) {
    say(`There is no row ${unknown.join(', ')}. Rows: ${Object.keys(ROWS).join(', ')}`);
    return 2;
  }
  const documents = values.documents === undefined ? null : path.resolve(values.documents);
  const machine = await describeMachine();
  const rows: Record<string, RowResult> = {};
  for (const name of wanted) {
    say(name);
    rows[name] = await runRow(ROWS[name]!, documents);
  }
  process.stdout.write(`${JSON.stringify({ machine, rows }, null, 2)}\n`);
  return 0;
}

async function runRow(measure: Measure, documents: string | null): Promise<RowResult> {
  const ground = await Ground.make();
  try {
    const figures = await measure(ground, documents);
    for (const { what, unit, pagelens, beside } of figures) {
      const others = Object.entries(beside).map(([name, spread]) => `${spread?.median ?? '–'} ${name}`);
      say(`  ${what}: ${pagelens?.median ?? '–'} ${unit}${others.length > 0 ? ` (${others.join('; ')})` : ''}`);
    }
    return { figures, load: loadNow() };
  } catch (error) {
    const reason = toReason(error);
    say(`  did not run: ${reason}`);
    return { figures: null, reason };
  } finally {
    await ground.end();
  }
}

const loadNow = (): number => Number(os.loadavg()[0]!.toFixed(1));

/** Figures mean little without what they were made on. */
async function describeMachine(): Promise<Record<string, string | number>> {
  const { version } = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8')) as { version: string };
  const cpus = os.cpus();
  return {
    pagelens: version,
    electron: findElectron()?.version ?? 'none',
    node: process.versions.node,
    system: `${os.type()} ${os.release()} ${os.arch()}`,
    processor: cpus[0]?.model ?? 'unknown',
    cores: cpus.length,
    memoryGb: Math.round(os.totalmem() / 1024 ** 3),
    loadBefore: loadNow(),
  };
}
