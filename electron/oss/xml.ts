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

/**
 * Reads a document in which most of the text is one list: `name` elements directly under the root that hold nothing but
 * elements with text. Those are read one pattern at a time, in a tenth of the parser's time; the parser reads the rest
 * and vouches for their places. What the patterns cannot read exactly (comments, CDATA, attributes, deeper elements) is
 * left to the parser alone. Null for anything that is not well-formed XML.
 */
export function readXmlList(
  text: string,
  name: string,
): { name: string; root: XmlElement; list: readonly XmlElement[] } | null {
  const flat = cutFlatElements(text, name);
  const document = readXml(flat?.rest ?? text);
  if (!document) return null;
  const found = childrenOf(document.root, name);
  if (!flat) return { ...document, list: found };
  // A run that stood anywhere else, in another element or beside the root, has left its mark there.
  return found.length === flat.runs ? { ...document, list: flat.cut } : null;
}

const BROKEN_REFERENCE = /&(?!#\d{1,7};|#x[\da-f]{1,6};|[a-z]{2,4};)/i;

/** Takes the flat elements out and leaves one empty element for each run of them. Null where that would not be exact. */
function cutFlatElements(text: string, name: string): { cut: XmlElement[]; rest: string; runs: number } | null {
  if (text.includes('<!') || text.indexOf('<?', 5) !== -1 || BROKEN_REFERENCE.test(text)) return null;
  const flat = new RegExp(`<${name}>((?:\\s*<([A-Za-z]\\w*)>[^<]*</\\2>)*)\\s*</${name}>`, 'g');
  const cut: XmlElement[] = [];
  let rest = '';
  let runs = 0;
  let end = 0;
  for (const match of text.matchAll(flat)) {
    const between = text.slice(end, match.index);
    if (runs === 0 || between.trim() !== '') {
      rest += `${between}<${name}/>`;
      runs += 1;
    }
    cut.push(toFlatElement(match[1]!));
    end = match.index + match[0].length;
  }
  rest += text.slice(end);
  return rest.includes(`<${name}>`) || rest.includes(`<${name} `) ? null : { cut, rest, runs };
}

function toFlatElement(inner: string): XmlElement {
  const children = new Map<string, XmlElement[]>();
  for (const [, name, value] of inner.matchAll(/<(\w+)>([^<]*)</g)) {
    const child = { text: decodeEntities(value!), children: NO_CHILDREN };
    const known = children.get(name!);
    if (known) known.push(child);
    else children.set(name!, [child]);
  }
  return { text: '', children };
}

const NO_CHILDREN: XmlElement['children'] = new Map();

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
