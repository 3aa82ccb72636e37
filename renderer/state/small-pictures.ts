/**
 * Small copies of page pictures that are here, made one at a time in a thread of their own while nothing is scrolled: a
 * full picture shown small stays decoded at its full size, 14 MB for a page of A4; a copy has half a megabyte at most.
 */
import { toSmallUrl } from '#contract/snapshot-url.ts';
import { THUMBNAIL_WIDTH } from '#renderer/logic/thumbnails.ts';
import workerAddress from './small-picture-worker.ts?worker&url';
import { browserClock, type Clock } from './clock.ts';
import type { SmallPictureReply, SmallPictureRequest } from './small-picture-worker.ts';

/** So long nothing must have been scrolled: what is made meanwhile takes a core from what is looked at. */
const STILL_MS = 250;

/** Copies kept, the one used longest ago goes first. */
const AT_MOST = 200;

export class SmallPictures {
  readonly #copies = new Map<string, ImageBitmap>();
  #queue: Promise<unknown> = Promise.resolve();
  #worker: Worker | null = null;
  #count = 0;
  #scrolledAt = -Infinity;
  readonly #clock: Clock;

  /** For one window, as long as it lives. */
  constructor(clock: Clock = browserClock) {
    this.#clock = clock;
    const note = (): void => void (this.#scrolledAt = clock.now());
    document.addEventListener('scroll', note, { capture: true, passive: true });
  }

  /**
   * A copy of the picture at this address for this screen. Null: nobody waits for it any more, or it cannot be drawn. It
   * stays the store's own: draw it, do not close it.
   */
  async make(url: string, signal: AbortSignal): Promise<ImageBitmap | null> {
    const widthPx = Math.round(THUMBNAIL_WIDTH * window.devicePixelRatio);
    const name = `${widthPx} ${url}`;
    const here = this.#copies.get(name);
    if (here) return this.#keep(name, here);
    const turn = this.#queue.then(async () => {
      await this.#whenStill(signal);
      if (signal.aborted) return null;
      const copy = this.#copies.get(name) ?? (await this.#shrink(url, widthPx));
      if (copy) this.#keep(name, copy);
      return signal.aborted ? null : copy;
    });
    this.#queue = turn;
    return turn;
  }

  async #whenStill(signal: AbortSignal): Promise<void> {
    for (;;) {
      const left = this.#scrolledAt + STILL_MS - this.#clock.now();
      if (left <= 0 || signal.aborted) return;
      await new Promise<void>((resolve) => this.#clock.set(resolve, left));
    }
  }

  #keep(name: string, copy: ImageBitmap): ImageBitmap {
    this.#copies.delete(name);
    this.#copies.set(name, copy);
    const [oldest] = this.#copies.keys();
    if (this.#copies.size > AT_MOST && oldest !== undefined) {
      this.#copies.get(oldest)?.close();
      this.#copies.delete(oldest);
    }
    return copy;
  }

  #shrink(url: string, widthPx: number): Promise<ImageBitmap | null> {
    const worker = (this.#worker ??= startWorker());
    const id = (this.#count += 1);
    return new Promise((resolve) => {
      const settle = (copy: ImageBitmap | null): void => {
        worker.removeEventListener('message', onMessage);
        worker.removeEventListener('error', onError);
        resolve(copy);
      };
      const onMessage = ({ data }: MessageEvent<SmallPictureReply>): void => {
        if (data.id === id) settle(data.copy);
      };
      const onError = (): void => {
        this.#worker = null;
        worker.terminate();
        settle(null);
      };
      worker.addEventListener('message', onMessage);
      worker.addEventListener('error', onError);
      worker.postMessage({ id, url: toSmallUrl(url), widthPx } satisfies SmallPictureRequest);
    });
  }
}

/** The page's policy lets a script's address pass only by a named policy; this one knows one address. */
function startWorker(): Worker {
  const policy = window.trustedTypes?.createPolicy('small-pictures', { createScriptURL: () => workerAddress });
  return new Worker(policy?.createScriptURL('') ?? workerAddress, { type: 'module' });
}
