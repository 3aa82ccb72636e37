/** How names are looked for, in a list and below a folder. Without schemas, so that the page can run it too. */

/** A text as it is compared: case, width and composed accents do not count. */
export function fold(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}

/** The words of what was typed, folded. */
export function wordsOf(text: string): string[] {
  return fold(text)
    .split(/\s+/)
    .filter((word) => word !== '');
}

/** Whether all words are in a folded name, in any order. */
export function hasWords(folded: string, words: readonly string[]): boolean {
  return words.every((word) => folded.includes(word));
}
