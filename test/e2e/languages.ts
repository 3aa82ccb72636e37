/** In which language the app is used by a test. */
import type { Language } from '#renderer/words/words.ts';

/**
 * A journey is walked in one language, about half of them in each: a word that one of them lacks does not compile, and
 * the tour shows every screen in both. Only the way that everybody goes is walked twice (main-line).
 */
export const walkedIn = (language: Language): Language => language;
