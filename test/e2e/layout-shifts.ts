/** What moved on the screen although nobody moved it, as Chromium itself counts it. */
import type { Page } from '@playwright/test';

/** Starts counting; answers how to read what moved so far, each as lines that say what it was. */
export async function watchShifts(page: Page): Promise<() => Promise<string[]>> {
  await page.evaluate(() => {
    interface LayoutShift extends PerformanceEntry {
      value: number;
      sources: { node: Node | null; previousRect: DOMRectReadOnly; currentRect: DOMRectReadOnly }[];
    }
    const shifts: string[] = [];
    Object.assign(globalThis, { shifts });
    const toText = (rect: DOMRectReadOnly): string => `${rect.x},${rect.y} ${rect.width} x ${rect.height}`;
    new PerformanceObserver((list) => {
      for (const { value, sources } of list.getEntries() as LayoutShift[]) {
        // Without a node: the number inside the page box, which is centred and so moves when it gets a digit more.
        const what = sources.flatMap(({ node, previousRect, currentRect }) => {
          // The status bar's sum of pages bought is at the window's right edge and grows to the left.
          const element = node instanceof Element ? node : node?.parentElement;
          if (!node || element?.closest('footer')) return [];
          const name = node instanceof Element ? node.outerHTML.slice(0, 120) : node.textContent;
          return [`${name}: ${toText(previousRect)} -> ${toText(currentRect)}`];
        });
        if (value > 0 && what.length > 0) shifts.push([value, ...what].join('\n'));
      }
    }).observe({ type: 'layout-shift' });
  });
  return () => page.evaluate(() => (globalThis as unknown as { shifts: string[] }).shifts);
}
