import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { samplesFolder } from '../../e2e/fixtures.ts';
import { BUCKET, fetchPage, type Ground } from '../ground.ts';
import { pictureOf, untilPainted } from '../in-page.ts';
import { repeated, say, timed, toFigure, toReason, type Figure } from '../measure.ts';

const execute = promisify(execFile);
const WARM_RUNS = 5;
const FORMATS = ['pdf', 'docx', 'doc', 'xlsx', 'xls', 'pptx', 'ppt'];
/** From `soffice` and `pdftoppm` we ask what the service gives: one page, PNG, 150 dots per inch. */
const DPI = '150';

interface Times {
  cold: number[];
  warm: number[];
  /** Why there are none. */
  reason?: string;
}

/**
 * The first page of a document of each format. Cold: service, app and LibreOffice have just been started, the profile is
 * new. Warm: they run, the document was never seen before (its bytes differ a little each time).
 */
export async function firstPage(ground: Ground, documents: string | null): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const file of documents === null ? await findSamples() : await findDocuments(documents)) {
    const name = path.basename(file);
    say(`  ${name}`);
    const bytes = await readFile(file);
    const hand = await attempt(byHand(ground, name, bytes));
    const service = await attempt(byService(ground, name, bytes));
    const app = await attempt(byApp(ground, name, bytes));
    const alternative = name.endsWith('.pdf') ? 'pdftoppm by hand' : 'soffice --convert-to pdf and pdftoppm by hand';
    for (const [where, ours] of [
      ['local-oss over HTTP', service],
      ['the app', app],
    ] as const) {
      for (const state of ['cold', 'warm'] as const) {
        const reason = ours.reason ?? hand.reason;
        figures.push(
          toFigure(`${name}, ${state}, ${where}`, 'ms', ours[state], { [alternative]: hand[state] }, reason),
        );
      }
    }
  }
  return figures;
}

/** One way that does not work (no LibreOffice, no poppler) leaves the others their figures. */
async function attempt(times: Promise<Times>): Promise<Times> {
  try {
    return await times;
  } catch (error) {
    return { cold: [], warm: [], reason: toReason(error) };
  }
}

/** One sample of each format. */
async function findSamples(): Promise<string[]> {
  const all = (await readdir(samplesFolder, { recursive: true })).map((name) => path.join(samplesFolder, name)).sort();
  return FORMATS.flatMap((format) => all.find((file) => file.endsWith(`.${format}`)) ?? []);
}

async function findDocuments(folder: string): Promise<string[]> {
  const names = (await readdir(folder)).filter((name) => FORMATS.includes(path.extname(name).slice(1).toLowerCase()));
  if (names.length === 0) throw new Error(`There is no document in ${folder}.`);
  return names.sort().map((name) => path.join(folder, name));
}

async function byService(ground: Ground, name: string, bytes: Buffer): Promise<Times> {
  const service = await ground.serve(variants(name, bytes));
  const cold = [await timed(() => fetchPage(service, nameOf(name, 0), 1))];
  const warm = await repeated(WARM_RUNS, (run) => timed(() => fetchPage(service, nameOf(name, run + 1), 1)));
  await service.stop();
  return { cold, warm };
}

async function byApp(ground: Ground, name: string, bytes: Buffer): Promise<Times> {
  const service = await ground.serve(variants(name, bytes));
  const { browser, close } = await ground.openAppOn(service);
  const open = async (run: number): Promise<number> => {
    const row = browser.row(nameOf(name, run));
    await row.waitFor();
    const ms = await row.evaluate(untilPainted, { picture: pictureOf(1) });
    await browser.page.keyboard.press('Escape');
    await browser.list.waitFor();
    return ms;
  };
  const cold = [await open(0)];
  const warm = await repeated(WARM_RUNS, (run) => open(run + 1));
  await close();
  await service.stop();
  return { cold, warm };
}

async function byHand(ground: Ground, name: string, bytes: Buffer): Promise<Times> {
  const folder = await ground.newFolder();
  const profile = pathToFileURL(path.join(folder, 'profile')).href;
  for (const [file, content] of Object.entries(variants(name, bytes)))
    await writeFile(path.join(folder, file), content);
  const make = async (run: number): Promise<void> => {
    const output = path.join(folder, `output-${run}`);
    await mkdir(output);
    const file = path.join(folder, nameOf(name, run));
    const pdf = name.endsWith('.pdf') ? file : path.join(output, nameOf(name, run).replace(/\.[^.]+$/, '.pdf'));
    if (pdf !== file) {
      const office = [
        '--headless',
        `-env:UserInstallation=${profile}`,
        '--convert-to',
        'pdf',
        '--outdir',
        output,
        file,
      ];
      await execute('soffice', office);
    }
    await execute('pdftoppm', ['-png', '-r', DPI, '-f', '1', '-l', '1', pdf, path.join(output, 'page')]);
    if (!(await readdir(output)).some((made) => made.endsWith('.png'))) throw new Error(`No page of ${name} was made.`);
  };
  const cold = [await timed(() => make(0))];
  return { cold, warm: await repeated(WARM_RUNS, (run) => timed(() => make(run + 1))) };
}

const nameOf = (name: string, run: number): string => `${BUCKET}-${run}${path.extname(name).toLowerCase()}`;

/** The same document so often, each time with other bytes: nobody has converted it before. */
function variants(name: string, bytes: Buffer): Record<string, Buffer> {
  return Object.fromEntries(
    Array.from({ length: WARM_RUNS + 1 }, (_, run) => [nameOf(name, run), variant(bytes, run)]),
  );
}

/** Bytes that no reader looks at: a comment at the end of a ZIP, or padding behind the end of the others. */
function variant(bytes: Buffer, run: number): Buffer {
  const isZip = bytes.readUInt32BE(0) === 0x504b0304;
  if (!isZip) return Buffer.concat([bytes, Buffer.alloc(512 * run, '\n')]);
  const comment = Buffer.from(`variant ${run}`);
  const changed = Buffer.concat([bytes, comment]);
  changed.writeUInt16LE(comment.length, bytes.length - 2);
  return changed;
}
