/** News for somebody who listens instead of looking: at most one a second, of several in that second the last. */
import type { Clock } from './clock.ts';

const EVERY_MS = 1000;

export class Announcer<News> {
  #told = $state.raw<News | null>(null);
  #toldAt = -Infinity;
  #timer: unknown = null;
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The last news told; a new object for each. */
  get told(): News | null {
    return this.#told;
  }

  /** Tells it now, or when the second is over, unless something newer comes before. */
  tell(news: News): void {
    const tellNow = (): void => {
      this.#told = news;
      this.#toldAt = this.#clock.now();
    };
    this.#clock.clear(this.#timer);
    const waitMs = this.#toldAt + EVERY_MS - this.#clock.now();
    if (waitMs <= 0) tellNow();
    else this.#timer = this.#clock.set(tellNow, waitMs);
  }

  dispose(): void {
    this.#clock.clear(this.#timer);
  }
}
