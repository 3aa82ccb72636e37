/**
 * The thread that makes small copies of page pictures: an address in, a bitmap out. It is served under a policy of its own
 * (electron/shell/app-protocol.ts): it may read page pictures and nothing else.
 */

export interface SmallPictureRequest {
  id: number;
  /** Of a page picture that is here: `snapshot://small/…`. */
  url: string;
  /** Device px; a picture that is narrower stays as it is. */
  widthPx: number;
}

/** `copy` is null for a picture that is not here any more or cannot be decoded. */
export interface SmallPictureReply {
  id: number;
  copy: ImageBitmap | null;
}

globalThis.onmessage = ({ data }: MessageEvent<SmallPictureRequest>) => {
  void shrink(data).then((copy) => {
    const reply: SmallPictureReply = { id: data.id, copy };
    globalThis.postMessage(reply, { transfer: copy ? [copy] : [] });
  });
};

async function shrink({ url, widthPx }: SmallPictureRequest): Promise<ImageBitmap | null> {
  try {
    const answer = await fetch(url);
    if (!answer.ok) return null;
    const full = await createImageBitmap(await answer.blob());
    try {
      if (full.width <= widthPx) return await createImageBitmap(full);
      return await createImageBitmap(full, { resizeWidth: widthPx, resizeQuality: 'medium' });
    } finally {
      full.close();
    }
  } catch {
    // The page itself says what is wrong with its picture.
    return null;
  }
}
