/** Links from outside on their way to the page. The last one counts: whoever clicks a second link means that one. */
import { LinkId } from '#contract/ids.ts';
import type { LinkView } from '#contract/links.ts';
import { readOssLink } from '#contract/oss-path.ts';

export interface OutsideLinks {
  /**
   * Looks for a link among the arguments of a start, or in what the system says is one. Only a whole argument that
   * begins with `oss:` is; of several the first is taken. True when there was one, readable or not.
   */
  take: (candidates: readonly string[]) => boolean;
  /** The link that waits, or null. */
  view(): LinkView | null;
  /** Forgets this link; another one that has come since stays. */
  done(id: LinkId): void;
}

export function makeOutsideLinks(options: {
  randomBytes: (length: number) => Uint8Array;
  onChange: (link: LinkView | null) => void;
}): OutsideLinks {
  let waiting: LinkView | null = null;
  return {
    take(candidates) {
      const link = candidates.find((text) => /^oss:/i.test(text));
      if (link === undefined) return false;
      const id = LinkId.parse(Buffer.from(options.randomBytes(8)).toString('hex'));
      waiting = { id, path: readOssLink(link) };
      options.onChange(waiting);
      return true;
    },
    view: () => waiting,
    done(id) {
      if (waiting?.id !== id) return;
      waiting = null;
      options.onChange(null);
    },
  };
}
