/**
 * OSS's XML as plain trees of text. The parser's defaults are wrong for OSS: a bucket called `0012` must stay text, a key
 * keeps its spaces, and what declares a document type or entities is no answer of OSS.
 */
import { XMLParser } from 'fast-xml-parser';

/** One element: its children by local name, in order; text where it has no children. Namespaces are dropped. */
export interface XmlElement {
  readonly text: string;
  readonly children: ReadonlyMap<string, readonly XmlElement[]>;
}

const parser = new XMLParser({
  ignoreAttributes: true,
  ignoreDeclaration: true,
  ignorePiTags: true,
  removeNSPrefix: true,
  parseTagValue: false,
  trimValues: false,
  alwaysCreateTextNode: false,
  isArray: () => true, // one element or many: the shape never depends on the count
  entityDecoder: {
    // The parser's own decoder leaves character references (`&#13;`) as they are.
    decode: decodeEntities,
    setExternalEntities: () => undefined,
    addInputEntities: () => undefined,
    setXmlVersion: () => undefined,
    reset: () => undefined,
  },
});

/** Parses one document and answers its root element with its name; null for anything that is not well-formed XML. */
export function readXml(text: string): { name: string; root: XmlElement } | null {
  if (/<!(DOCTYPE|ENTITY)/i.test(text)) return null;
  let parsed: unknown;
  try {
    parsed = parser.parse(text, true);
  } catch {
    return null;
  }
  const roots = toElement(parsed).children;
  const [first, ...others] = roots;
  const root = first?.[1][0];
  if (!first || !root || others.length > 0 || first[1].length > 1) return null;
  return { name: first[0], root };
}

/** Text of the first child of that name; null when there is none. */
export function textOf(element: XmlElement, name: string): string | null {
  return element.children.get(name)?.[0]?.text ?? null;
}

/** Every child of that name, in order. */
export function childrenOf(element: XmlElement, name: string): readonly XmlElement[] {
  return element.children.get(name) ?? [];
}

/** From the parser's loose objects (`string`, or an object of arrays with `#text` beside them) to one shape. */
function toElement(node: unknown): XmlElement {
  const children = new Map<string, XmlElement[]>();
  if (typeof node !== 'object' || node === null) return { text: typeof node === 'string' ? node : '', children };
  let text = '';
  for (const [name, value] of Object.entries(node)) {
    if (name === '#text') text = typeof value === 'string' ? value : '';
    else if (Array.isArray(value)) children.set(name, value.map(toElement));
  }
  return { text, children };
}

const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** One pass, so that `&amp;lt;` becomes `&lt;` and no more; an unknown entity stays as it is written. */
function decodeEntities(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(amp|lt|gt|quot|apos));/gi, (whole, hex, decimal, name) => {
    if (typeof name === 'string') return NAMED[name] ?? whole;
    const code = typeof hex === 'string' ? parseInt(hex, 16) : Number(decimal);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
