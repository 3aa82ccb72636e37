/** Office documents to PDF: at most two LibreOffices at work, waiting documents in a queue. */
import path from 'node:path';
import { CommandOffice } from './command-office.ts';
import { locateOffice, type OfficeInstall } from './office-install.ts';
import type { OfficeProcess, OfficeRequest } from './office-process.ts';
import { UnoOffice } from './uno-office.ts';
import { PROFILE_PREFIX } from './work-folder.ts';

export interface LibreOfficeOptions {
  /** The folder of this process: profiles are made in it. */
  folder: string;
  /** Where office-worker.py lies. */
  helperFolder: string;
  /** A conversion that takes longer is given up, with everything it started. Waiting and starting do not count. */
  timeoutMs: number;
  /** When a LibreOffice that stays is replaced; see {@link DEFAULT_LIMITS}. */
  limits?: Partial<OfficeLimits>;
  locate?: () => Promise<OfficeInstall | null>;
  /** Milliseconds of a clock that only goes forward. */
  now?: () => number;
}

/** What one LibreOffice may come to before a fresh one takes its place. */
export interface OfficeLimits {
  rssBytes: number;
  documents: number;
  ageMs: number;
  /** One without work for so long is ended. */
  idleMs: number;
}

/** `load`: damaged, or a password is needed. `family`: not the kind of document it was said to be. `missing`: no LibreOffice. */
export type Conversion = 'converted' | 'load' | 'family' | 'too-slow' | 'missing' | 'not-started';

/** Two use both cores of a small machine; a third would not make anything faster. */
const AT_ONCE = 2;
/** 86 MB when idle; after big slide decks it can stay at 450 to 760 MB. */
const DEFAULT_LIMITS: OfficeLimits = {
  rssBytes: 500 * 1024 ** 2,
  documents: 200,
  ageMs: 3_600_000,
  idleMs: 300_000,
};

interface Running {
  office: OfficeProcess;
  startedAt: number;
  documents: number;
  idleTimer: NodeJS.Timeout | null;
}

/** The LibreOffices of one process. Documents wait in the order in which they came. */
export class LibreOffice {
  readonly #options: LibreOfficeOptions;
  readonly #limits: OfficeLimits;
  readonly #now: () => number;
  readonly #idle: Running[] = [];
  /** Every one that was started and has not ended yet. */
  readonly #all = new Set<Running>();
  readonly #ending = new Set<Promise<void>>();
  readonly #active = new Set<Promise<unknown>>();
  #waiting: (() => void)[] = [];
  #busy = 0;
  #profiles = 0;
  #conversions = 0;
  #disposed = false;

  constructor(options: LibreOfficeOptions) {
    this.#options = options;
    this.#limits = { ...DEFAULT_LIMITS, ...options.limits };
    this.#now = options.now ?? (() => performance.now());
  }

  /** How many conversions were begun so far. */
  get conversions(): number {
    return this.#conversions;
  }

  /**
   * Converts one document; on `converted` the PDF lies at `request.output`. Aborting ends the LibreOffice at work on it
   * and rejects with the signal's reason.
   */
  convert(request: OfficeRequest, signal: AbortSignal): Promise<Conversion> {
    const work = this.#convert(request, signal).finally(() => this.#active.delete(work));
    this.#active.add(work);
    return work;
  }

  async #convert(request: OfficeRequest, signal: AbortSignal): Promise<Conversion> {
    await this.#turn(signal);
    try {
      const first = await this.#convertOnce(request, signal);
      // It may have broken on the document before this one, or been ended by somebody: a fresh one decides.
      const answer = first === 'lost' ? await this.#convertOnce(request, signal) : first;
      return answer === 'lost' ? 'load' : answer;
    } finally {
      const next = this.#waiting.shift();
      if (next)
        next(); // the turn is handed on, so that nobody can come in between
      else this.#busy--;
    }
  }

  /** Ends every LibreOffice; conversions under way are rejected. */
  async dispose(): Promise<void> {
    this.#disposed = true;
    for (const running of [...this.#all]) this.#end(running);
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const go of waiting) go();
    await Promise.allSettled(this.#active); // one that is just being started ends itself
    await Promise.all(this.#ending);
  }

  async #turn(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.#busy < AT_ONCE) {
      this.#busy++;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const go = (): void => {
        signal.removeEventListener('abort', leave);
        resolve();
      };
      const leave = (): void => {
        this.#waiting = this.#waiting.filter((waiting) => waiting !== go);
        reject(signal.reason);
      };
      signal.addEventListener('abort', leave, { once: true });
      this.#waiting.push(go);
    });
  }

  async #convertOnce(request: OfficeRequest, signal: AbortSignal): Promise<Conversion | 'lost'> {
    signal.throwIfAborted();
    const running = await this.#take();
    if (running === null) return 'missing';
    let cause = null as 'abort' | 'too-slow' | null;
    const stop = (why: 'abort' | 'too-slow'): void => {
      cause = why;
      this.#end(running);
    };
    const abort = (): void => stop('abort');
    signal.addEventListener('abort', abort, { once: true });
    let timer: NodeJS.Timeout | undefined;
    try {
      if (signal.aborted) abort();
      if (!(await running.office.ready)) {
        this.#end(running);
        signal.throwIfAborted();
        this.#checkAlive();
        return 'not-started';
      }
      timer = setTimeout(() => stop('too-slow'), this.#options.timeoutMs);
      this.#conversions++;
      running.documents++;
      const answer = await running.office.convert(request);
      if (cause !== null || answer === 'lost' || answer === 'not-started' || this.#isSpent(running)) this.#end(running);
      else this.#rest(running);
      signal.throwIfAborted();
      this.#checkAlive();
      return cause === 'too-slow' && answer !== 'converted' ? 'too-slow' : answer;
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
    }
  }

  async #take(): Promise<Running | null> {
    this.#checkAlive();
    const rested = this.#idle.pop();
    if (rested) {
      if (rested.idleTimer) clearTimeout(rested.idleTimer);
      return rested;
    }
    const { locate = locateOffice, helperFolder, folder } = this.#options;
    const install = await locate();
    if (install === null) return null;
    const profile = path.join(folder, `${PROFILE_PREFIX}${++this.#profiles}`);
    const office =
      install.python === null
        ? await CommandOffice.start(install.soffice, profile)
        : await UnoOffice.start(install.soffice, install.python, helperFolder, profile);
    const running: Running = { office, startedAt: this.#now(), documents: 0, idleTimer: null };
    this.#all.add(running);
    if (this.#disposed) this.#end(running);
    this.#checkAlive();
    return running;
  }

  #rest(running: Running): void {
    if (!this.#all.has(running)) return;
    running.idleTimer = setTimeout(() => this.#end(running), this.#limits.idleMs);
    running.idleTimer.unref();
    this.#idle.push(running);
  }

  #isSpent({ office, documents, startedAt }: Running): boolean {
    const { rssBytes, documents: limit, ageMs } = this.#limits;
    return office.rssBytes > rssBytes || documents >= limit || this.#now() - startedAt > ageMs;
  }

  #end(running: Running): void {
    if (!this.#all.delete(running)) return;
    if (running.idleTimer) clearTimeout(running.idleTimer);
    const at = this.#idle.indexOf(running);
    if (at >= 0) this.#idle.splice(at, 1);
    const ending = running.office.end().finally(() => this.#ending.delete(ending));
    this.#ending.add(ending);
  }

  #checkAlive(): void {
    if (this.#disposed) throw new Error('The renderer is disposed of');
  }
}
