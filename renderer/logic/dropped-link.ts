/** What somebody drops on the window, as a link that can be followed. */
import { readOssLink } from '#contract/oss-path.ts';

/** What a DataTransfer holds, as far as it matters here. */
export interface Dropped {
  /** Of `text/uri-list`; empty where there is none. */
  uriList: string;
  /** Of `text/plain`. */
  text: string;
  hasFiles: boolean;
}

export type DropReading =
  /** `text` as the path box reads it. */
  { readonly kind: 'link'; readonly text: string } | { readonly kind: 'files' } | { readonly kind: 'nothing' };

/** The longest text that main resolves. */
const MAX_CHARACTERS = 8192;

/**
 * Reads a drop. A list of URIs is escaped by nature, so an `oss://` in it is unescaped once, as one from the system is;
 * plain text is what the person saw and is taken as it stands. Of several links the first counts. Never throws.
 */
export function readDropped({ uriList, text, hasFiles }: Dropped): DropReading {
  const uri = uriList.split(/[\r\n]+/).find((line) => line !== '' && !line.startsWith('#'));
  if (hasFiles || uri?.toLowerCase().startsWith('file:')) return { kind: 'files' };
  if (uri !== undefined && /^https?:\/\//i.test(uri)) return toLink(uri);
  const path = uri === undefined ? null : readOssLink(uri);
  if (path !== null) return toLink(path);
  const line = text.trim().split(/[\r\n]/, 1)[0] ?? '';
  return /^(?:oss|https?):\/\/./i.test(line) ? toLink(line) : { kind: 'nothing' };
}

function toLink(text: string): DropReading {
  return text.length <= MAX_CHARACTERS ? { kind: 'link', text } : { kind: 'nothing' };
}

/** A link as it may be shown: of a web address without its query, where a signature would stand. */
export function labelOf(text: string): string {
  return /^https?:/i.test(text) ? text.replace(/[?#].*$/s, '') : text;
}

/** Whether a text looks like a link or path that main could read: said before anybody is asked. */
export function isLinkLike(text: string): boolean {
  return text.length <= MAX_CHARACTERS && /^(?:(?:oss|https?):\/\/.|[a-z0-9][a-z0-9-]{1,61}[a-z0-9]\/)/i.test(text);
}

/**
 * The region of a web link to one of OSS's own hosts; null for any other. Another host is never taken into the account
 * form: whoever made the link would be sent requests signed with the key that is typed there.
 */
export function regionOfLink(text: string): string | null {
  const host = /^https?:\/\/([a-z0-9.-]+)(?::\d{1,5})?(?:[/?#]|$)/i.exec(text)?.[1]?.toLowerCase() ?? '';
  return /(?:^|\.)oss-([a-z]{2}-[a-z0-9-]+?)(?:-internal)?\.aliyuncs\.com$/.exec(host)?.[1] ?? null;
}
