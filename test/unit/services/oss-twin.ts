/**
 * The port `OssClient` in memory: documents with so many pages, answers held back or spoilt on demand, every request
 * written down.
 */
import { encode } from 'fast-png';
import { fail, ok, type AppError, type Result } from '#contract/errors.ts';
import type { ObjectHead, ObjectName, OssClient, PagePicture, SnapshotRequest } from '#services/oss-client.ts';

export interface TwinDocument {
  pageCount: number;
  etag?: string;
  sizeBytes?: number;
  /** Its bytes, for those who look into it. */
  file?: Buffer;
  /** Past the end: refuse, show the last page again, or a blank one. */
  pastTheEnd?: 'refuse' | 'clamp' | 'blank';
  /** Pages that are blank. */
  blanks?: number[];
  /** Pages that look like the page before them. */
  repeats?: number[];
  /** Failures of pages, given out first to last. */
  misfortunes?: Map<number, AppError[]>;
}

export interface OssTwin extends OssClient {
  readonly documents: Map<string, TwinDocument>;
  /** Every snapshot asked, as `key page.target`, in order. */
  readonly asked: string[];
  /** Snapshots that gave a picture. */
  readonly sold: string[];
  /** Pieces of files that were read, as `key from-to`. */
  readonly read: string[];
  mostAtOnce(): number;
  /** Snapshots on the wire now. */
  running(): number;
  /** From now on answers wait for `release`. */
  hold(): void;
  /** Lets the waiting answers of these pages go, in this order. */
  letGo(...pageNumbers: number[]): Promise<void>;
  /** Lets the oldest `count` waiting answers go (all of them, and all later ones, when not said). */
  release(count?: number): Promise<void>;
}

/** Lets everything that can happen without the world outside happen. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 30; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** A picture whose bytes say which page it is. */
export function pictureOf(text: string): PagePicture {
  return { bytes: Buffer.from(`picture of ${text}`), mediaType: 'image/png', widthPx: 1240, heightPx: 1754 };
}

/** A picture of nothing but paper. */
export const BLANK: PagePicture = {
  bytes: Uint8Array.from(encode({ width: 20, height: 28, channels: 1, data: new Uint8Array(20 * 28).fill(255) })),
  mediaType: 'image/png',
  widthPx: 20,
  heightPx: 28,
};

export function makeOssTwin(documents: Record<string, TwinDocument> = {}): OssTwin {
  const shelf = new Map(Object.entries(documents));
  const asked: string[] = [];
  const sold: string[] = [];
  const read: string[] = [];
  const waiting: { pageNumber: number; go: () => void }[] = [];
  let isHolding = false;
  let running = 0;
  let most = 0;

  const draw = ({ key, pageNumber, target }: SnapshotRequest): Result<PagePicture> => {
    const document = shelf.get(key);
    if (!document) return fail('oss.noSuchKey', 'The object does not exist.', { status: 404 });
    const misfortune = document.misfortunes?.get(pageNumber)?.shift();
    if (misfortune) return { ok: false, error: misfortune };
    if (pageNumber > document.pageCount && (document.pastTheEnd ?? 'refuse') === 'refuse') {
      const detail = { pageCount: document.pageCount };
      return fail('snapshot.pageOutOfRange', `${pageNumber} is out of range.`, { status: 400, detail });
    }
    sold.push(`${key} ${pageNumber}.${target}`);
    const isFiller = pageNumber > document.pageCount && document.pastTheEnd === 'blank';
    if (isFiller || document.blanks?.includes(Math.min(pageNumber, document.pageCount))) return ok(BLANK);
    let shown = Math.min(pageNumber, document.pageCount);
    while (document.repeats?.includes(shown)) shown -= 1;
    return ok(pictureOf(`${key} ${document.etag ?? 'A'} ${shown}.${target}`));
  };
  const head = ({ key }: ObjectName): Result<ObjectHead> => {
    const document = shelf.get(key);
    if (!document) return fail('oss.noSuchKey', 'The object does not exist.', { status: 404 });
    return ok({
      etag: document.etag ?? 'A',
      sizeBytes: document.file?.length ?? document.sizeBytes ?? 1000,
      modifiedAt: '2026-01-15T08:30:00.000Z',
      storageClass: 'Standard',
      versionId: null,
    });
  };
  return {
    documents: shelf,
    asked,
    sold,
    read,
    mostAtOnce: () => most,
    running: () => running,
    hold() {
      isHolding = true;
    },
    async release(count) {
      if (count === undefined) isHolding = false;
      for (const { go } of waiting.splice(0, count ?? waiting.length)) go();
      await settle();
    },
    async letGo(...pageNumbers) {
      for (const pageNumber of pageNumbers) {
        const at = waiting.findIndex((one) => one.pageNumber === pageNumber);
        for (const { go } of waiting.splice(at, 1)) go();
        await settle();
      }
    },
    async headObject(at) {
      return head(at);
    },
    async snapshot(request, signal) {
      asked.push(`${request.key} ${request.pageNumber}.${request.target}`);
      running += 1;
      most = Math.max(most, running);
      if (isHolding) {
        await new Promise<void>((resolve) => {
          waiting.push({ pageNumber: request.pageNumber, go: resolve });
          signal.addEventListener('abort', () => resolve(), { once: true });
        });
      } else await Promise.resolve();
      running -= 1;
      return signal.aborted ? fail('cancelled', 'The app is closing.') : draw(request);
    },
    async presignSnapshot(request, lifetimeSeconds) {
      return ok({
        url: `https://bucket.example/${request.key}?page=${request.pageNumber}`,
        expiresAt: `in ${lifetimeSeconds} s`,
      });
    },
    listBuckets: async () => ok([]),
    listRegions: async () => ok([]),
    async readRange({ key }, { from, to }) {
      const document = shelf.get(key);
      const { file } = document ?? {};
      read.push(`${key} ${from}-${to}`);
      if (!file) return fail('oss.noSuchKey', 'The object does not exist.', { status: 404 });
      const bytes = Uint8Array.from(file.subarray(from, to));
      return ok({ bytes, etag: document?.etag ?? 'A', sizeBytes: file.length });
    },
    probeObject: async () => ok({ sizeBytes: 0, storageClass: 'Standard', encryption: '' }),
    listObjects: async () => ok({ objects: [], prefixes: [], next: null }),
    listBelow: async () => ok({ objects: [], prefixes: [], next: null }),
    listVersions: async () => ok({ versions: [], next: null }),
    clockSkewMs: () => null,
  };
}
