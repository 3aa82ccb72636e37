/** Where each document was left, within this run: reopening it shows the same spot at the same size, without a jump. */
import type { DocumentView, PageStateView } from '#contract/contract.ts';
import type { Anchor } from '#renderer/logic/page-layout.ts';
import type { PageSizes } from '#renderer/logic/page-sizes.ts';
import type { Trail } from '#renderer/logic/trail.ts';
import type { ViewerLook } from './viewer-view.svelte.ts';

/** A page whose picture is in this computer. */
export type ReadyPage = Extract<PageStateView, { status: 'ready' }>;

export interface Reading {
  /** The spot at the view's upper left corner. */
  spot: Anchor;
  look: ViewerLook;
  /** The way back from leaps, and forward again. */
  trail: Trail<Anchor>;
  sizes: PageSizes;
  /** Pictures main had. */
  ready: readonly ReadyPage[];
}

/** Documents remembered at most; the one read longest ago goes first. */
const AT_MOST = 200;

export class ReadingMemory {
  /** Whether the page list is shown; null until somebody chose. */
  showsThumbnails: boolean | null = null;
  readonly #readings = new Map<string, { version: string; reading: Reading }>();

  /** What was kept of this very version of the document; of another version only the zoom would still be true: null. */
  recall(document: DocumentView): Reading | null {
    const kept = this.#readings.get(nameOf(document));
    return kept?.version === document.version ? kept.reading : null;
  }

  /** What was kept of the document, of whatever version: how it will look unless it changed since. */
  expect(document: Named): Reading | null {
    return this.#readings.get(nameOf(document))?.reading ?? null;
  }

  /** Whether a document is opened with its page list. */
  get listsPages(): boolean {
    return this.showsThumbnails ?? window.innerWidth >= 1100;
  }

  keep(document: DocumentView, reading: Reading): void {
    const name = nameOf(document);
    this.#readings.delete(name);
    this.#readings.set(name, { version: document.version, reading });
    for (const oldest of this.#readings.keys()) {
      if (this.#readings.size <= AT_MOST) return;
      this.#readings.delete(oldest);
    }
  }
}

type Named = Pick<DocumentView, 'bucket' | 'key' | 'versionId' | 'source'> & { accountId: string };

function nameOf({ accountId, bucket, key, versionId, source }: Named): string {
  return JSON.stringify([accountId, bucket, key, versionId, source]);
}
