/** Search by name: one page of everything below a prefix, and what of it matches. */
import type { SearchPageView } from '#contract/objects.ts';
import { fold, hasWords, wordsOf } from '#contract/name-match.ts';
import { extensionOf, sourceOfKey } from '#contract/source-types.ts';
import { toColumns } from './object-page.ts';
import type { ObjectPage } from './oss-client.ts';

/** What is looked for. */
export interface SearchQuery {
  prefix: string;
  text: string;
  /** Leave out objects of formats that OSS cannot convert; those without an extension stay. */
  documentsOnly: boolean;
}

/** The hits of one page. What is compared is the key after the prefix: folders are part of a name here. */
export function toSearchPage(page: ObjectPage, { prefix, text, documentsOnly }: SearchQuery): SearchPageView {
  const words = wordsOf(text);
  const hits = page.objects.filter(
    ({ key }) =>
      !key.endsWith('/') &&
      hasWords(fold(key.slice(prefix.length)), words) &&
      !(documentsOnly && sourceOfKey(key) === null && extensionOf(key) !== ''),
  );
  return { hits: toColumns(hits, prefix), scanned: page.objects.length, next: page.next };
}
