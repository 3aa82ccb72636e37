/** Which documents OSS converts, and what a key says of its own. Without schemas, so that the page can run it too. */

/** Formats OSS can convert, as `source_` names them; a key's extension is the same word. */
export const SOURCE_TYPES = ['pdf', 'docx', 'doc', 'xlsx', 'xls', 'pptx', 'ppt'] as const;
export type SourceType = (typeof SOURCE_TYPES)[number];

/** OSS's limit on a source document: exactly this size is still accepted. */
export const MAX_SOURCE_BYTES = 20 * 1024 * 1024;

/** Whether a text is one of the formats, in lower case. */
export function isSourceType(text: string | undefined): text is SourceType {
  return SOURCE_TYPES.some((type) => type === text);
}

/** The part of a key after its last slash; empty for a key that ends in one. */
export function lastNameOf(key: string): string {
  return key.slice(key.lastIndexOf('/') + 1);
}

/** The part after the last dot of the last name, in lower case; empty when there is none (`.gitignore` has none). */
export function extensionOf(key: string): string {
  const name = lastNameOf(key);
  const dot = name.lastIndexOf('.');
  return dot > 0 ? name.slice(dot + 1).toLowerCase() : '';
}

/** The document type that a key's extension says; null when there is none or OSS cannot convert it. */
export function sourceOfKey(key: string): SourceType | null {
  const extension = extensionOf(key);
  return isSourceType(extension) ? extension : null;
}
