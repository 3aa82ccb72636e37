/** The thread that looks at pictures: one picture in, its look out. Built to page-look-worker.cjs. */
import { parentPort } from 'node:worker_threads';
import { readGrey } from './grey-picture.ts';
import { lookAt, type PageLook } from './page-look.ts';

/** A whole picture, as it was bought. */
export interface LookRequest {
  id: number;
  bytes: Uint8Array;
  mediaType: 'image/png' | 'image/jpeg';
}

/** `look` is null for a picture that cannot be decoded, or is too large to be. */
export interface LookReply {
  id: number;
  look: PageLook | null;
}

const port = parentPort;
port?.on('message', ({ id, bytes, mediaType }: LookRequest) => {
  port.postMessage({ id, look: look(bytes, mediaType) } satisfies LookReply);
});

function look(bytes: Uint8Array, mediaType: LookRequest['mediaType']): PageLook | null {
  try {
    return lookAt(readGrey({ bytes, mediaType }));
  } catch {
    return null;
  }
}
