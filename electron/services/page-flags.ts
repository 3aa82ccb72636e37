/** The pages of one document version that are worth a look: looked at one by one, as their pictures come. */
import type { PageFlag } from '#contract/page-flags.ts';
import type { PagePicture } from './oss-client.ts';
import { flagsOf, type PageLook } from './page-look.ts';
import type { PageLooks } from './page-looks.ts';

export interface PageFlags {
  /** The picture of this page is here: it is looked at when those before it have been, once. */
  saw(pageNumber: number): void;
  /** Empty while the page was not looked at, and for most pages after that. */
  of(pageNumber: number): PageFlag[];
}

export interface PageFlagsOptions {
  looks: Pick<PageLooks, 'look'>;
  /** The page's picture from where it is kept; null when it is gone. */
  read: (pageNumber: number) => Promise<PagePicture | null>;
  /** Whether a page is the same picture as the one before it. */
  isSameAsBefore: (pageNumber: number) => boolean;
  /** The flags of this page are others than before. */
  onChange: (pageNumber: number) => void;
}

/** Starts with no page looked at. */
export function makePageFlags({ looks, read, isSameAsBefore, onChange }: PageFlagsOptions): PageFlags {
  const seen = new Map<number, PageLook>();
  const asked = new Set<number>();
  const told = new Map<number, string>();
  let last = Promise.resolve();

  const of = (pageNumber: number): PageFlag[] => {
    const look = seen.get(pageNumber);
    if (!look) return [];
    return flagsOf(look, {
      before: seen.get(pageNumber - 1) ?? null,
      after: seen.get(pageNumber + 1) ?? null,
      isSameAsBefore: isSameAsBefore(pageNumber),
    });
  };
  const tell = (pageNumber: number): void => {
    const now = of(pageNumber).join();
    if (now === (told.get(pageNumber) ?? '')) return;
    told.set(pageNumber, now);
    onChange(pageNumber);
  };
  const lookAt = async (pageNumber: number): Promise<void> => {
    const picture = await read(pageNumber);
    const look = picture && (await looks.look(picture));
    if (!look) return void asked.delete(pageNumber);
    seen.set(pageNumber, look);
    // How a page stands is judged beside its neighbours.
    for (const near of [pageNumber - 1, pageNumber, pageNumber + 1]) tell(near);
  };

  return {
    of,
    saw(pageNumber) {
      if (asked.has(pageNumber)) return;
      asked.add(pageNumber);
      last = last.then(() => lookAt(pageNumber));
    },
  };
}
