/**
 * Looks at pictures one after another in a thread of its own, so that neither the window nor a purchase waits for it; and
 * while the reader rests, as a look keeps a core busy for as long as twenty frames take.
 */
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import type { PagePicture } from './oss-client.ts';
import type { LookReply, LookRequest } from './page-look-worker.ts';
import type { Later } from './pace.ts';
import type { PageLook } from './page-look.ts';

export interface PageLooks {
  /** How a picture looks; null when it cannot be decoded, the thread broke over it, or the app quits. Never rejects. */
  look(picture: Pick<PagePicture, 'bytes' | 'mediaType'>): Promise<PageLook | null>;
  /** The reader turned to other pages: looking waits until they have rested for a while. */
  disturb(): void;
  /** Ends the thread; what waits is answered with null. */
  dispose(): Promise<void>;
}

/** Longer than a reader takes from one screenful to the next when they leaf through. */
export const REST_MS = 800;

export interface PageLooksOptions {
  /** Where page-look-worker.cjs lies as a real file. */
  workerFolder: string;
  /** Epoch ms. */
  now: () => number;
  later: Later;
}

/** The thread starts with the first picture. */
export function makePageLooks({ workerFolder, now, later }: PageLooksOptions): PageLooks {
  let disturbedAt = 0;
  let worker: Worker | null = null;
  let isOver = false;
  let count = 0;
  const waiting = new Map<number, (look: PageLook | null) => void>();

  const settle = (id: number, look: PageLook | null): void => {
    waiting.get(id)?.(look);
    waiting.delete(id);
    if (waiting.size === 0) worker?.unref(); // an idle thread keeps no program alive
  };
  const start = (): Worker => {
    const started = new Worker(path.join(workerFolder, 'page-look-worker.cjs'));
    started.on('message', ({ id, look }: LookReply) => settle(id, look));
    started.on('error', () => undefined); // its end follows
    started.on('exit', () => {
      if (worker === started) worker = null;
      for (const id of [...waiting.keys()]) settle(id, null);
    });
    return started;
  };

  const whenAtRest = async (): Promise<void> => {
    for (;;) {
      const left = disturbedAt + REST_MS - now();
      if (left <= 0 || isOver) return;
      await new Promise<void>((resolve) => later(resolve, left));
    }
  };

  return {
    async look({ bytes, mediaType }) {
      await whenAtRest();
      if (isOver) return null;
      worker ??= start();
      worker.ref();
      const id = (count += 1);
      worker.postMessage({ id, bytes, mediaType } satisfies LookRequest);
      return new Promise((resolve) => waiting.set(id, resolve));
    },
    disturb: () => void (disturbedAt = now()),
    async dispose() {
      isOver = true;
      await worker?.terminate();
    },
  };
}
