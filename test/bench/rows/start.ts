import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { _electron } from '@playwright/test';
import { connect } from '#renderer/words/connect.ts';
import { root } from '../../e2e/fixtures.ts';
import { electronOf, type Ground } from '../ground.ts';
import { largestPaintAt } from '../in-page.ts';
import { repeated, toFigure, type Figure } from '../measure.ts';

const RUNS = 5;
const OURS = { folder: root, button: connect.en.trySamples };
const EMPTY = { folder: path.join(root, 'test/bench/empty-app'), button: 'Button' };

/**
 * From the creation of the process to the painted first screen. Warm: started before, with the settings of last time. Cold:
 * nothing of it in the system's file cache, and no settings yet.
 */
export async function start(ground: Ground): Promise<Figure[]> {
  const settings = { ours: await ground.newFolder(), empty: await ground.newFolder() };
  await startOnce(OURS, settings.ours);
  await startOnce(EMPTY, settings.empty);
  const warm = await repeated(RUNS, async () => ({
    ours: await startOnce(OURS, settings.ours),
    empty: await startOnce(EMPTY, settings.empty),
  }));
  const figures = [
    toFigure(
      'warm start to a usable window',
      'ms',
      warm.map(({ ours }) => ours),
      { 'an empty Electron app': warm.map(({ empty }) => empty) },
    ),
  ];
  try {
    const cold = await repeated(RUNS, async () => {
      await emptyFileCache();
      const ours = await startOnce(OURS, await ground.newFolder());
      await emptyFileCache();
      return { ours, empty: await startOnce(EMPTY, await ground.newFolder()) };
    });
    figures.push(
      toFigure(
        'cold start to a usable window',
        'ms',
        cold.map(({ ours }) => ours),
        { 'an empty Electron app': cold.map(({ empty }) => empty) },
      ),
    );
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    const reason = `The system's file cache cannot be emptied here: ${(error as Error).message}`;
    figures.push(toFigure('cold start to a usable window', 'ms', [], { 'an empty Electron app': [] }, reason));
  }
  return figures;
}

async function startOnce({ folder, button }: typeof OURS, userData: string): Promise<number> {
  const args = [folder, `--user-data-dir=${userData}`, '--lang=en-US', '--disable-gpu'];
  const app = await _electron.launch({ executablePath: electronOf(), args });
  try {
    const page = await app.firstWindow();
    await page.getByRole('button', { name: button }).waitFor();
    const createdAt = await app.evaluate(() => process.getCreationTime() ?? Number.NaN);
    return (await page.evaluate(largestPaintAt)) - createdAt;
  } finally {
    await app.close();
  }
}

/** Linux, and only for root; elsewhere the system's own error. */
async function emptyFileCache(): Promise<void> {
  execFileSync('sync');
  await writeFile('/proc/sys/vm/drop_caches', '3');
}
