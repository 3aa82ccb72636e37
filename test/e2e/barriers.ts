/** What keeps people out of a screen, as axe finds it, in both looks. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Page } from '@playwright/test';
import type * as Axe from 'axe-core';
import { expect, test } from './fixtures.ts';

const axe = readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Part of the page to look at, as a selector; all of it unless said. */
interface Where {
  within?: string;
}

/** What keeps people out, each as one line that says where. */
export async function findBarriers(page: Page, { within = 'html' }: Where = {}, only?: string): Promise<string[]> {
  if (await page.evaluate(() => !('axe' in globalThis))) await page.evaluate(await axe);
  // Of what is in order only the name is told: to describe each element of it costs most of the time.
  const options: Axe.RunOptions = { resultTypes: ['violations'], ...(only && { runOnly: [only] }) };
  const { violations, passes } = await page.evaluate(
    async ([within, options]) => {
      const { axe } = globalThis as unknown as { axe: typeof Axe };
      const { violations, passes } = await axe.run(within, options);
      return {
        violations: violations.map(({ id, impact, nodes }) => ({ id, impact, targets: nodes.map(({ html }) => html) })),
        passes: passes.length,
      };
    },
    [within, options] as const,
  );
  if (violations.length + passes === 0) throw new Error('axe looked at nothing.');
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, impact, targets }) => targets.map((target) => `${impact}: ${id} at ${target}`));
}

/** Nothing of a screen keeps people out: by every rule in the look it has, by its colours in the other one. */
export async function expectNoBarriers(page: Page, screen: string, where: Where = {}): Promise<void> {
  await test.step(screen, async () => {
    await untilStill(page);
    expect(await findBarriers(page, where), screen).toEqual([]);
    const isDark = await page.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches);
    await page.emulateMedia({ colorScheme: isDark ? 'light' : 'dark' });
    await untilStill(page);
    expect(await findBarriers(page, where, 'color-contrast'), `${screen}, the other look`).toEqual([]);
    await page.emulateMedia({ colorScheme: isDark ? 'dark' : 'light' });
  });
}

/** Things that fade are judged when they are there; the app takes on another look in a frame of its own. */
const untilStill = (page: Page): Promise<void> =>
  page.evaluate(async () => {
    const isFading = (animation: Animation): boolean =>
      animation.playState === 'running' && animation.effect?.getComputedTiming().iterations !== Infinity;
    let frame = 0;
    do await new Promise(requestAnimationFrame);
    while (++frame < 2 || document.getAnimations().some(isFading));
  });
