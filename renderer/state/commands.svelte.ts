/** What can be done now: each screen offers its own while it is there; the command palette shows them all. */
import { untrack } from 'svelte';
import type { CommandNames } from '#renderer/words/commands.ts';

export interface Command {
  readonly id: string;
  readonly group: 'document' | 'tabs' | 'app' | 'recent';
  readonly name: (names: CommandNames) => string;
  /** As shown: `Ctrl+E`. */
  readonly keys?: string;
  readonly run: () => void;
}

export class CommandsStore {
  #offers = $state.raw<readonly (() => readonly Command[])[]>([]);
  #goToPage = $state.raw<((pageNumber: number) => void) | null>(null);

  /** All that is offered now, in the order of the offers, the newest first. */
  get all(): readonly Command[] {
    return this.#offers.flatMap((offer) => offer());
  }
  /** Leads to a page of the document in front; null where there is none. */
  get goToPage(): ((pageNumber: number) => void) | null {
    return this.#goToPage;
  }

  /** Offers commands until the answer is called. */
  offer(commands: () => readonly Command[]): () => void {
    this.#offers = [commands, ...this.#withoutOffer(commands)];
    return () => (this.#offers = this.#withoutOffer(commands));
  }
  offerPages(goToPage: ((pageNumber: number) => void) | null): () => void {
    this.#goToPage = goToPage;
    return () => {
      if (this.#goToPage === goToPage) this.#goToPage = null;
    };
  }

  #withoutOffer(commands: () => readonly Command[]): (() => readonly Command[])[] {
    return untrack(() => this.#offers.filter((offer) => offer !== commands));
  }
}
