/**
 * Small copies of page pictures that are here, made one at a time: a full picture shown small stays decoded at its full
 * size, 14 MB for a page of A4; a copy has half a megabyte at most.
 */

/** Copies kept, the one used longest ago goes first. */
const AT_MOST = 200;

export class SmallPictures {
  readonly #copies = new Map<string, ImageBitmap>();
  #queue: Promise<unknown> = Promise.resolve();

  /**
   * A copy of the picture at this address, so many device px wide. Null: nobody waits for it any more, or it cannot be
   * drawn. It stays the store's own: draw it, do not close it.
   */
  async make(url: string, widthPx: number, signal: AbortSignal): Promise<ImageBitmap | null> {
    const name = `${widthPx} ${url}`;
    const turn = this.#queue.then(async () => {
      if (signal.aborted) return null;
      const copy = this.#copies.get(name) ?? (await shrink(url, widthPx));
      if (copy) this.#keep(name, copy);
      return signal.aborted ? null : copy;
    });
    this.#queue = turn;
    return turn;
  }

  #keep(name: string, copy: ImageBitmap): void {
    this.#copies.delete(name);
    this.#copies.set(name, copy);
    const [oldest] = this.#copies.keys();
    if (this.#copies.size <= AT_MOST || oldest === undefined) return;
    this.#copies.get(oldest)?.close();
    this.#copies.delete(oldest);
  }
}

async function shrink(url: string, widthPx: number): Promise<ImageBitmap | null> {
  const image = new Image();
  image.src = url;
  try {
    await image.decode();
    const resizeWidth = Math.min(widthPx, image.naturalWidth);
    return await createImageBitmap(image, { resizeWidth, resizeQuality: 'medium' });
  } catch {
    // The page itself says what is wrong with its picture.
    return null;
  }
}
