/**
 * How words work: each area of the interface is ONE file that holds both languages side by side, made with
 * `bilingual`. A sentence missing in either language does not compile. Sentences with values are functions.
 * Components read them with `useWords(area)` of state/context.ts, which follows the language at once.
 */

/** The languages of the interface, as BCP 47 tags. */
export const LANGUAGES = ['en', 'zh-CN'] as const;
export type Language = (typeof LANGUAGES)[number];

/** Each language's name in itself: it has to be found by those who cannot read the other. */
export const LANGUAGE_NAMES: Readonly<Record<Language, string>> = { en: 'English', 'zh-CN': '简体中文' };

/** One area: the same sentences in each language. */
export type Bilingual<S> = Readonly<Record<Language, S>>;

/**
 * Declares an area. English sets the shape; Chinese has to match it sentence by sentence, no more and no less.
 * `const` objects with functions are fine: `{ en: { pages: (n: number) => `${n} pages` }, … }`.
 */
export function bilingual<S>(area: { en: S; 'zh-CN': NoInfer<S> }): Bilingual<S> {
  return area;
}

/** English plural by count: `plural(1, 'page', 'pages')` is `1 page`. Numbers are grouped: 1,234. */
export function plural(count: number, one: string, many: string): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
}
