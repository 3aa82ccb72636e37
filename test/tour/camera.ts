/** Takes the tour's pictures: only when the screen has come to rest, and never larger than a reader of the README likes. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { root, type Launched } from '../e2e/fixtures.ts';

/** Where the pictures go: made by the tour's set-up, empty at its start. */
const tourFolder = path.join(root, 'docs/tour');
/** A picture above this is not written: the tour fails. */
const MOST_BYTES = 300_000;
/** JPEG qualities to try where a PNG is too large, best first. */
const QUALITIES = [90, 80, 70];

/** The sizes of the window: what most people have, a small laptop, a large screen. */
export const SIZES = { medium: [1280, 800], small: [1024, 700], large: [1680, 1050] } as const;

/** Makes the window's content so large and waits until the page has that size. */
export async function resize({ app, page }: Launched, size: keyof typeof SIZES): Promise<void> {
  const [width, height] = SIZES[size];
  await app.evaluate(({ BrowserWindow }, [w, h]) => BrowserWindow.getAllWindows()[0]?.setContentSize(w, h), [
    width,
    height,
  ] as const);
  await page.waitForFunction(([w, h]) => innerWidth === w && innerHeight === h, [width, height] as const);
}

/**
 * Writes the window's picture as `name` with its ending: PNG, or JPEG where that would be too large. Waits for fonts and
 * for every page in view, or, with `isWaiting`, only for the pictures that are there.
 */
export async function takePicture(page: Page, name: string, { isWaiting = false } = {}): Promise<void> {
  await test.step(`picture ${name}`, async () => {
    await page.mouse.move(0, 0); // no tooltip, no hovered row
    await expect.poll(() => page.evaluate(isAtRest, !isWaiting)).toBe(true);
    const { bytes, ending } = await shoot(page);
    if (bytes.length > MOST_BYTES) {
      throw new Error(`The picture ${name} has ${bytes.length.toLocaleString('en')} bytes: too many for the README.`);
    }
    await writeFile(path.join(tourFolder, `${name}.${ending}`), bytes);
  });
}

async function shoot(page: Page): Promise<{ bytes: Buffer; ending: 'png' | 'jpg' }> {
  const png = await page.screenshot({ animations: 'disabled' });
  if (png.length <= MOST_BYTES) return { bytes: png, ending: 'png' };
  let jpeg = png;
  for (const quality of QUALITIES) {
    jpeg = await page.screenshot({ animations: 'disabled', type: 'jpeg', quality });
    if (jpeg.length <= MOST_BYTES) break;
  }
  return { bytes: jpeg, ending: 'jpg' };
}

/** Runs in the page: fonts are there, what is in view is decoded or drawn, and every page in view has its picture or its card. */
async function isAtRest(wantsPages: boolean): Promise<boolean> {
  await document.fonts.ready;
  const isInView = (element: Element): boolean => {
    const box = element.getBoundingClientRect();
    return box.width > 0 && box.bottom > 0 && box.top < innerHeight;
  };
  const images = [...document.images].filter(isInView);
  if (!images.every((image) => image.complete && image.naturalWidth > 0)) return false;
  await Promise.all(images.map((image) => image.decode().catch(() => undefined)));
  if ([...document.querySelectorAll('canvas[aria-hidden]:not([data-drawn])')].some(isInView)) return false;
  if (!wantsPages) return true;
  const slots = [...document.querySelectorAll('section[data-page]')].filter(isInView);
  return slots.every((slot) => slot.querySelector('img, [role="alert"]'));
}
