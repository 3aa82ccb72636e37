/** What runs inside a page to measure it there. Each function travels as text: it may use nothing from outside itself. */

/** The scroll box of the viewer, and of the plain page that it is measured beside. */
export const SCROLLER = 'main [role="group"][tabindex="0"]';

/** The picture of a page, in the viewer and in the plain page alike. */
export const pictureOf = (pageNumber: number): string => `section[data-page="${pageNumber}"] img`;

/**
 * Clicks the element, or scrolls it to `top`, and answers the ms until the picture that `picture` names is painted:
 * decoded, and the frame after the one that shows it has begun. Throws what the app says instead.
 */
export async function untilPainted(element: Element, to: { picture: string; top?: number }): Promise<number> {
  const nextFrame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve));
  const start = performance.now();
  if (to.top !== undefined) element.scrollTop = to.top;
  else if (element instanceof HTMLElement) element.click();
  for (;;) {
    const refusal = document.querySelector('main [role="alert"] .title')?.textContent;
    if (refusal) throw new Error(refusal);
    const picture = document.querySelector<HTMLImageElement>(to.picture);
    if (picture?.complete && picture.naturalWidth > 0) {
      await picture.decode();
      break;
    }
    await nextFrame();
  }
  await nextFrame();
  await nextFrame();
  return performance.now() - start;
}

/**
 * Clicks the element and answers the ms until the frame after the one with an element that `place` names has begun;
 * null for `place`: an empty box is put into the page, by hand.
 */
export async function untilPlaced(element: Element, place: string | null): Promise<number> {
  const nextFrame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve));
  await nextFrame();
  const start = performance.now();
  if (place === null) element.append(document.createElement('div'));
  else if (element instanceof HTMLElement) element.click();
  while (place !== null && !document.querySelector(place)) await nextFrame();
  await nextFrame();
  await nextFrame();
  return performance.now() - start;
}

/** Puts a picture into an empty page and answers the ms until it is painted, as `untilPainted` has it. */
export async function untilImagePainted(url: string): Promise<number> {
  const nextFrame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve));
  document.body.replaceChildren();
  await nextFrame();
  const start = performance.now();
  const image = document.createElement('img');
  image.decoding = 'async';
  image.src = url;
  document.body.append(image);
  while (!image.complete) await nextFrame();
  await image.decode();
  await nextFrame();
  await nextFrame();
  return performance.now() - start;
}

/** What a long scroll was like. Tasks count from 50 ms on: shorter ones a browser does not report. */
export interface Ride {
  tookMs: number;
  longTasksMs: number[];
  framesMs: number[];
  /** What the page does for each scroll event, its changes to the document included. */
  handlersMs: number[];
  mostMounted: number;
}

/**
 * Scrolls by `step` px a frame until the page `goal` is in view (its box touches the view) and drawn. `reads`: waits at
 * every screenful until its pages are drawn, as a reader does. A page is a `section[data-page]` with its <img>, or what
 * pdf.js's viewer makes of one.
 */
export async function ride(
  scroller: Element,
  { step, goal, reads }: { step: number; goal: number; reads: boolean },
): Promise<Ride> {
  const nextFrame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve));
  const mountedPages = 'section[data-page], .page[data-loaded="true"]';
  const slots = (): Element[] => [...scroller.querySelectorAll(mountedPages)];
  const isInView = (element: Element): boolean => {
    const box = element.getBoundingClientRect();
    return box.bottom > 0 && box.top < innerHeight;
  };
  const isHere = (slot: Element): boolean => {
    if (slot.classList.contains('page')) return slot.getAttribute('data-loaded') === 'true';
    const image = slot.querySelector('img');
    return !!image && image.complete && image.naturalWidth > 0;
  };
  const slotOf = `section[data-page="${goal}"], .page[data-page-number="${goal}"]`;
  /** Of pdf.js all pages are in the document from the start; those that are drawn count as mounted. */
  const inView = (): Element[] => [...scroller.querySelectorAll('section[data-page], .page')].filter(isInView);
  const longTasksMs: number[] = [];
  const observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) longTasksMs.push(entry.duration);
  });
  observer.observe({ type: 'longtask' });
  const framesMs: number[] = [];
  const handlersMs: number[] = [];
  // The first and the last of all that hear of it: what is between them is the page's own, with its microtasks.
  let heardAt = 0;
  const hear = (): void => void (heardAt = performance.now());
  const heard = (): void => void handlersMs.push(performance.now() - heardAt);
  addEventListener('scroll', hear, { capture: true });
  scroller.addEventListener('scroll', heard);
  let mostMounted = 0;
  let readAt = scroller.scrollTop;
  const start = await nextFrame();
  let last = start;
  for (;;) {
    const now = await nextFrame();
    framesMs.push(now - last);
    last = now;
    const mounted = slots();
    mostMounted = Math.max(mostMounted, mounted.length);
    const end = scroller.querySelector(slotOf);
    if (end && isInView(end) && isHere(end)) break;
    const isScreenful = Math.abs(scroller.scrollTop - readAt) >= scroller.clientHeight * 0.8;
    if (reads && isScreenful) {
      if (!inView().every(isHere)) continue;
      readAt = scroller.scrollTop;
    }
    scroller.scrollTop += step;
  }
  for (const entry of observer.takeRecords()) longTasksMs.push(entry.duration);
  observer.disconnect();
  removeEventListener('scroll', hear, { capture: true });
  scroller.removeEventListener('scroll', heard);
  return { tookMs: last - start, longTasksMs, framesMs, handlersMs, mostMounted };
}

/** When the largest thing of the page so far was painted: epoch ms. */
export function largestPaintAt(): Promise<number> {
  return new Promise((resolve) => {
    new PerformanceObserver((list) => {
      resolve(performance.timeOrigin + (list.getEntries().at(-1)?.startTime ?? 0));
    }).observe({ type: 'largest-contentful-paint', buffered: true });
  });
}
