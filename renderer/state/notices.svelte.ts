/** Short news of the window that nobody has to answer: "Link copied". One place shows them, one voice reads them. */
import { browserClock, type Timers } from './clock.ts';

export interface Notice {
  id: number;
  tone: 'info' | 'success' | 'warning' | 'danger';
  text: string;
}

/** How long a notice stays, ms: long enough to read twice. Warnings and failures stay until they are put away. */
const STAY_MS = 6000;
const AT_MOST = 3;

export class NoticesStore {
  #all = $state.raw<readonly Notice[]>([]);
  #lastId = 0;
  readonly #timers: Timers;
  readonly #running = new Map<number, unknown>();

  constructor(timers: Timers = browserClock) {
    this.#timers = timers;
  }

  /** Newest last, at most three. */
  get all(): readonly Notice[] {
    return this.#all;
  }

  /** Shows a sentence. The same sentence again only starts its time anew. */
  show(text: string, tone: Notice['tone'] = 'success'): void {
    for (const same of this.#all.filter((notice) => notice.text === text)) this.dismiss(same.id);
    const notice = { id: ++this.#lastId, tone, text };
    for (const old of this.#all.slice(0, -(AT_MOST - 1))) this.dismiss(old.id);
    this.#all = [...this.#all, notice];
    if (tone === 'warning' || tone === 'danger') return;
    this.#running.set(
      notice.id,
      this.#timers.set(() => this.dismiss(notice.id), STAY_MS),
    );
  }

  dismiss(id: number): void {
    this.#timers.clear(this.#running.get(id));
    this.#running.delete(id);
    this.#all = this.#all.filter((notice) => notice.id !== id);
  }

  dispose(): void {
    for (const timer of this.#running.values()) this.#timers.clear(timer);
    this.#running.clear();
  }
}
