/** A press on a star, told in words: what is pinned now, or that it could not be kept. To be made while a component is set up. */
import { showName } from '#renderer/logic/format.ts';
import { nameOfPlace } from '#renderer/logic/places.ts';
import { useLanguage, useStores, useWords } from '#renderer/state/context.ts';
import type { AppError, Result } from '#contract/errors.ts';
import type { Place } from '#contract/places.ts';
import { toErrorWords } from '#renderer/words/errors.ts';
import { places as words } from '#renderer/words/places.ts';

export interface PinActions {
  /** Pins a place or takes its pin away, and says so. */
  toggle(accountId: string, place: Place): Promise<void>;
  /** Puts a path on the clipboard, and says so. */
  copyPath(path: string): Promise<void>;
  /** Says it when a change could not be kept. */
  tell(answer: Promise<Result<unknown>>): Promise<void>;
}

export function usePinning(): PinActions {
  const { places, notices } = useStores();
  const t = useWords(words);
  const language = useLanguage();

  function tellFailure(error: AppError): void {
    if (error.code.startsWith('file.')) return notices.show(t().notKept, 'warning');
    const { title, next } = toErrorWords(error, language());
    notices.show(`${title} ${next}`, 'danger');
  }

  return {
    async toggle(accountId, place) {
      const pinning = await places.toggle(accountId, place);
      if (pinning.done === 'failed') return tellFailure(pinning.error);
      const own = showName(nameOfPlace(place));
      const name = place.kind === 'document' && place.pageNumber ? t().pageOf(own, place.pageNumber) : own;
      notices.show(pinning.done === 'pinned' ? t().pinnedNow(name) : t().unpinned(name));
    },
    async copyPath(path) {
      await navigator.clipboard.writeText(path);
      notices.show(t().pathCopied);
    },
    async tell(answer) {
      const result = await answer;
      if (!result.ok) tellFailure(result.error);
    },
  };
}
