/** Looks at pictures one after another in a thread of its own, so that neither the window nor a purchase waits for it. */
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import type { PagePicture } from './oss-client.ts';
import type { LookReply, LookRequest } from './page-look-worker.ts';
import type { PageLook } from './page-look.ts';

export interface PageLooks {
  /** How a picture looks; null when it cannot be decoded, the thread broke over it, or the app quits. Never rejects. */
  look(picture: Pick<PagePicture, 'bytes' | 'mediaType'>): Promise<PageLook | null>;
  /** Ends the thread; what waits is answered with null. */
  dispose(): Promise<void>;
}

/** `workerFolder`: where page-look-worker.cjs lies as a real file. The thread starts with the first picture. */
export function makePageLooks(options: { workerFolder: string }): PageLooks {
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
    const started = new Worker(path.join(options.workerFolder, 'page-look-worker.cjs'));
    started.on('message', ({ id, look }: LookReply) => settle(id, look));
    started.on('error', () => undefined); // its end follows
    started.on('exit', () => {
      if (worker === started) worker = null;
      for (const id of [...waiting.keys()]) settle(id, null);
    });
    return started;
  };

  return {
    look({ bytes, mediaType }) {
      if (isOver) return Promise.resolve(null);
      worker ??= start();
      worker.ref();
      const id = (count += 1);
      worker.postMessage({ id, bytes, mediaType } satisfies LookRequest);
      return new Promise((resolve) => waiting.set(id, resolve));
    },
    async dispose() {
      isOver = true;
      await worker?.terminate();
    },
  };
}
