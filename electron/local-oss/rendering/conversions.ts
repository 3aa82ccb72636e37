/** PDFs by content: each document is converted once, however many ask for it, and kept while there is room. */
import fs from 'node:fs/promises';
import path from 'node:path';
import type { RenderOutcome } from './page-renderer.ts';

export type Refusal = Extract<RenderOutcome, { kind: 'refused' }>;
/** Makes a PDF at the given path, or says why there is none. */
export type MakePdf = (file: string, signal: AbortSignal) => Promise<Refusal | null>;
/** A PDF that stays on disk until it is released. */
export interface Lease {
  kind: 'lease';
  file: string;
  release(): void;
}

/** Refusals that the document itself causes: asking again would only cost time. */
const LASTING: readonly Refusal['reason'][] = ['password', 'unreadable', 'wrong-content', 'empty'];
const MOST_REFUSALS = 1_000;

interface Entry {
  file: string;
  /** Null when the PDF is there. */
  made: Promise<Refusal | null>;
  /** Stops the work when nobody waits for it any more. */
  stop: AbortController;
  /** The signal of the one whose `make` runs: if it aborts, the work may fail for others who still want it. */
  maker: AbortSignal;
  waiting: number;
  leases: number;
  /** 0 while it is being made. */
  sizeBytes: number;
}

/** A cache on disk, bounded in bytes; what is in use is never removed. */
export class Conversions {
  readonly #folder: string;
  readonly #limitBytes: number;
  /** The least recently used first. */
  readonly #entries = new Map<string, Entry>();
  readonly #refusals = new Map<string, Refusal>();
  #files = 0;

  constructor(folder: string, limitBytes: number) {
    this.#folder = folder;
    this.#limitBytes = limitBytes;
  }

  /**
   * The PDF under a key, made by `make` unless it is there or being made. Release the lease. Aborting rejects with the
   * signal's reason; the work itself is stopped when its last asker has gone.
   */
  async get(key: string, make: MakePdf, signal: AbortSignal): Promise<Lease | Refusal> {
    for (;;) {
      signal.throwIfAborted();
      const refusal = this.#refusals.get(key);
      if (refusal) return refusal;
      const entry = this.#entries.get(key) ?? this.#start(key, make, signal);
      try {
        const result = await this.#wait(entry, signal);
        if (result) return result;
        return this.#lease(key, entry);
      } catch (error) {
        const failedForAnother = entry.maker.aborted && entry.maker !== signal && !signal.aborted;
        if (!failedForAnother) throw error;
      }
    }
  }

  #start(key: string, make: MakePdf, maker: AbortSignal): Entry {
    const file = path.join(this.#folder, `converted-${++this.#files}.pdf`);
    const stop = new AbortController();
    const entry: Entry = { file, made: Promise.resolve(null), stop, maker, waiting: 0, leases: 0, sizeBytes: 0 };
    entry.made = this.#make(key, entry, make).catch((error: unknown) => {
      if (this.#entries.get(key) === entry) this.#entries.delete(key);
      throw error;
    });
    this.#entries.set(key, entry);
    return entry;
  }

  async #make(key: string, entry: Entry, make: MakePdf): Promise<Refusal | null> {
    const refusal = await make(entry.file, entry.stop.signal);
    if (refusal) {
      this.#entries.delete(key);
      if (LASTING.includes(refusal.reason)) this.#remember(key, refusal);
      return refusal;
    }
    entry.sizeBytes = (await fs.stat(entry.file)).size;
    return null;
  }

  /** Waits together with others; null means that the caller now holds a lease. The last one to give up stops the work. */
  async #wait(entry: Entry, signal: AbortSignal): Promise<Refusal | null> {
    entry.waiting++;
    let leave = (): void => undefined;
    const aborted = new Promise<never>((_, reject) => {
      leave = () => reject(signal.reason);
      signal.addEventListener('abort', leave, { once: true });
    });
    try {
      const refusal = await Promise.race([entry.made, aborted]);
      if (refusal === null) entry.leases++; // before anything else runs that could remove the file
      return refusal;
    } finally {
      signal.removeEventListener('abort', leave);
      entry.waiting--;
      if (entry.waiting === 0 && entry.sizeBytes === 0) this.#abandon(entry);
    }
  }

  /** Nobody waits for it: it must not be found by the next asker, who would get its failure. */
  #abandon(entry: Entry): void {
    for (const [key, other] of this.#entries) if (other === entry) this.#entries.delete(key);
    entry.stop.abort();
    const remove = (): Promise<void> => fs.rm(entry.file, { force: true });
    void entry.made.then(remove, remove);
  }

  #lease(key: string, entry: Entry): Lease {
    this.#entries.delete(key);
    this.#entries.set(key, entry); // the most recently used
    let released = false;
    const release = (): void => {
      if (released) return;
      released = true;
      entry.leases--;
      this.#trim();
    };
    return { kind: 'lease', file: entry.file, release };
  }

  #trim(): void {
    let bytes = 0;
    for (const { sizeBytes } of this.#entries.values()) bytes += sizeBytes;
    for (const [key, entry] of this.#entries) {
      if (bytes <= this.#limitBytes) return;
      if (entry.leases > 0 || entry.waiting > 0 || entry.sizeBytes === 0) continue;
      this.#entries.delete(key);
      bytes -= entry.sizeBytes;
      void fs.rm(entry.file, { force: true });
    }
  }

  #remember(key: string, refusal: Refusal): void {
    this.#refusals.set(key, refusal);
    for (const oldest of this.#refusals.keys()) {
      if (this.#refusals.size <= MOST_REFUSALS) return;
      this.#refusals.delete(oldest);
    }
  }
}
