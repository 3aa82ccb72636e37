/** Writes the few kinds of XML that OSS answers with. */

/** One element: its name and its text or children. */
export type XmlNode = readonly [name: string, content: string | readonly XmlNode[]];

const NAMED: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/**
 * Escapes text. Control characters other than tab and line feed become numeric references as OSS writes them, although
 * XML 1.0 knows none for most of them: a client that wants to read such keys asks for `encoding-type=url`.
 */
function escapeText(text: string): string {
  return text.replace(/[&<>"]|[^\P{Cc}\t\n]/gu, (c) => NAMED[c] ?? `&#x${c.charCodeAt(0).toString(16).toUpperCase()};`);
}

function write([name, content]: XmlNode, indent: string): string {
  if (typeof content === 'string') return `${indent}<${name}>${escapeText(content)}</${name}>`;
  const children = content.map((child) => write(child, `${indent}  `));
  return [`${indent}<${name}>`, ...children, `${indent}</${name}>`].join('\n');
}

/** A whole document with its declaration, two spaces of indentation. */
export function toXml(root: XmlNode): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${write(root, '')}\n`;
}
