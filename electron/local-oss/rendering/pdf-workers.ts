/** Two threads that render PDF pages, and the queue in front of them. */
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import type { RenderOutcome } from './page-renderer.ts';
import type { PdfReply, PdfRequest, PdfWorkerData } from './pdf-worker.ts';

export interface PdfWorkersOptions {
  /** Where pdf-worker.cjs and pdfium.wasm lie. */
  helperFolder: string;
  /** A page that takes longer is given up and its thread ended. */
  pageTimeoutMs: number;
}

/** More would only share the cores of the machines that this runs on; each holds 50 to 150 MB. */
const THREADS = 2;
/** The engine gives no memory back: past this, its thread is replaced once it is idle. */
const HEAP_LIMIT_BYTES = 512 * 1024 ** 2;

const SLOW_PAGE = 'The page is too complex: drawing it took too long.';
const BROKEN_PAGE = 'The document is damaged: drawing the page failed.';

interface Task {
  request: PdfRequest;
  signal: AbortSignal;
  /** Whether an engine already broke under this task. */
  secondTry: boolean;
  settle(outcome: RenderOutcome): void;
  reject(error: unknown): void;
}

interface Thread {
  worker: Worker;
  task: Task | null;
  timer: NodeJS.Timeout | null;
  /** The document it rendered last: open there already. */
  lastKey: string;
  /** Whether its engine ever came up. */
  ready: boolean;
}

/**
 * Renders PDF pages off the caller's thread. One bad document cannot spoil the next: a thread that breaks or hangs is
 * ended, and the task it had is tried once more in a fresh one before it is called unreadable.
 */
export class PdfWorkers {
  readonly #options: PdfWorkersOptions;
  readonly #threads = new Set<Thread>();
  #queue: Task[] = [];
  #disposed = false;

  constructor(options: PdfWorkersOptions) {
    this.#options = options;
  }

  /**
   * Renders one page, in the order of the calls. Aborting takes a waiting task out of the queue and rejects with the
   * signal's reason.
   */
  render(request: PdfRequest, signal: AbortSignal): Promise<RenderOutcome> {
    return new Promise((resolve, reject) => {
      if (this.#disposed) throw new Error('The renderer is disposed of');
      signal.throwIfAborted();
      const stop = (): void => {
        // A page that is being drawn is drawn to its end, a matter of milliseconds; nobody waits for it any more.
        this.#queue = this.#queue.filter((waiting) => waiting !== task);
        reject(signal.reason);
      };
      const task: Task = {
        request,
        signal,
        secondTry: false,
        settle: (outcome) => {
          signal.removeEventListener('abort', stop);
          resolve(outcome);
        },
        reject: (error) => {
          signal.removeEventListener('abort', stop);
          reject(error);
        },
      };
      signal.addEventListener('abort', stop, { once: true });
      this.#queue.push(task);
      this.#next();
    });
  }

  /** Ends the threads and rejects what still waits. */
  async dispose(): Promise<void> {
    this.#disposed = true;
    const threads = [...this.#threads];
    this.#threads.clear();
    const tasks = [...this.#queue, ...threads.flatMap(({ task }) => task ?? [])];
    this.#queue = [];
    for (const task of tasks) task.reject(new Error('The renderer is disposed of'));
    for (const { timer } of threads) if (timer) clearTimeout(timer);
    await Promise.all(threads.map(({ worker }) => worker.terminate()));
  }

  #next(): void {
    const task = this.#queue[0];
    if (!task || this.#disposed) return;
    const idle = [...this.#threads].filter((thread) => thread.task === null);
    const thread =
      idle.find(({ lastKey }) => lastKey === task.request.key) ??
      idle[0] ??
      (this.#threads.size < THREADS ? this.#start() : undefined);
    if (!thread) return;
    this.#queue.shift();
    thread.task = task;
    thread.lastKey = task.request.key;
    if (thread.ready) this.#startTimer(thread);
    thread.worker.ref();
    thread.worker.postMessage(task.request);
    this.#next();
  }

  #start(): Thread {
    const workerData: PdfWorkerData = { helperFolder: this.#options.helperFolder };
    const worker = new Worker(path.join(this.#options.helperFolder, 'pdf-worker.cjs'), { workerData });
    const thread: Thread = { worker, task: null, timer: null, lastKey: '', ready: false };
    this.#threads.add(thread);
    worker.on('message', (reply: PdfReply) => this.#receive(thread, reply));
    // An error may overtake the messages sent before it, 'ready' among them; the exit that follows never does.
    let cause = new Error('The PDF thread ended');
    worker.on('error', (error: unknown) => (cause = error instanceof Error ? error : new Error(String(error))));
    worker.on('exit', () => this.#broke(thread, cause));
    worker.unref(); // an idle thread keeps no program alive
    return thread;
  }

  #receive(thread: Thread, reply: PdfReply): void {
    if (!this.#threads.has(thread)) return;
    if (reply.kind === 'broken') return this.#broke(thread, new Error(reply.error));
    if (reply.kind === 'ready') {
      thread.ready = true;
      this.#startTimer(thread); // loading the engine does not count
      return;
    }
    const task = this.#release(thread);
    if (reply.heapBytes > HEAP_LIMIT_BYTES) this.#end(thread);
    task?.settle(reply.outcome);
    this.#next();
  }

  #startTimer(thread: Thread): void {
    if (thread.task) thread.timer = setTimeout(() => this.#giveUp(thread), this.#options.pageTimeoutMs);
  }

  #giveUp(thread: Thread): void {
    const task = this.#release(thread);
    this.#end(thread);
    task?.settle({ kind: 'refused', reason: 'too-slow', message: SLOW_PAGE });
    this.#next();
  }

  #broke(thread: Thread, error: Error): void {
    if (!this.#threads.has(thread)) return;
    const task = this.#release(thread);
    this.#end(thread);
    if (task && !task.signal.aborted) {
      if (!thread.ready)
        task.reject(error); // a broken installation, not a broken document
      else if (task.secondTry) task.settle({ kind: 'refused', reason: 'unreadable', message: BROKEN_PAGE });
      else {
        task.secondTry = true;
        this.#queue.unshift(task);
      }
    }
    this.#next();
  }

  #release(thread: Thread): Task | null {
    const { task } = thread;
    if (thread.timer) clearTimeout(thread.timer);
    thread.timer = null;
    thread.task = null;
    thread.worker.unref();
    return task;
  }

  #end(thread: Thread): void {
    this.#threads.delete(thread);
    void thread.worker.terminate();
  }
}
