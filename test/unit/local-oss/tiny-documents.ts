/** Tiny documents made by hand, byte by byte, so that every test says what is in them. */
import { createHash } from 'node:crypto';
import { crc32, deflateRawSync } from 'node:zlib';

export interface PdfPage {
  widthPoints?: number;
  heightPoints?: number;
  /** Clockwise: 0, 90, 180 or 270. */
  rotate?: number;
  /** Drawing commands; by default a black square of 72 points in the lower left corner. */
  content?: string;
  /** More entries for the page's dictionary. */
  extra?: string;
}

const SQUARE = '0 g 0 0 72 72 re f';

/** A whole PDF of the given pages. `objects` come after them, numbered from {@link firstFreeObject}. */
export function makePdf(pages: readonly PdfPage[], { objects = [] as string[], catalog = '' } = {}): Buffer {
  const kids = pages.map((_, index) => `${3 + index * 2} 0 R`).join(' ');
  const body = [`<</Type/Catalog/Pages 2 0 R${catalog}>>`, `<</Type/Pages/Kids[${kids}]/Count ${pages.length}>>`];
  for (const [index, page] of pages.entries()) {
    const { widthPoints = 612, heightPoints = 792, rotate = 0, content = SQUARE, extra = '' } = page;
    const box = `/MediaBox[0 0 ${widthPoints} ${heightPoints}]/Rotate ${rotate}`;
    body.push(`<</Type/Page/Parent 2 0 R${box}/Contents ${4 + index * 2} 0 R${extra}>>`);
    body.push(stream(content));
  }
  return writeObjects([...body, ...objects]);
}

/** The number of the first object after those of the pages. */
export function firstFreeObject(pageCount: number): number {
  return 3 + pageCount * 2;
}

export function stream(content: string, entries = ''): string {
  return `<</Length ${Buffer.byteLength(content, 'latin1')}${entries}>>\nstream\n${content}\nendstream`;
}

function writeObjects(objects: readonly string[], trailer = ''): Buffer {
  let text = '%PDF-1.4\n';
  const offsets = objects.map((object, index) => {
    const offset = text.length;
    text += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return `${String(offset).padStart(10, '0')} 00000 n \n`;
  });
  const start = text.length;
  const size = objects.length + 1;
  text += `xref\n0 ${size}\n0000000000 65535 f \n${offsets.join('')}trailer\n<</Size ${size}/Root 1 0 R${trailer}>>\nstartxref\n${start}\n%%EOF\n`;
  return Buffer.from(text, 'latin1');
}

/** A page that takes PDFium practically for ever: forms that draw forms that draw forms. */
export function makeEndlessPdf(): Buffer {
  const depth = 9;
  const first = firstFreeObject(1);
  const objects = Array.from({ length: depth }, (_, level) => {
    const isLast = level === depth - 1;
    const content = isLast ? 'q 0 0 600 600 re 300 300 200 200 re f* Q\n'.repeat(10) : '/X Do\n'.repeat(20);
    const resources = isLast ? '' : `/Resources<</XObject<</X ${first + level + 1} 0 R>>>>`;
    return stream(content, `/Type/XObject/Subtype/Form/BBox[0 0 612 792]${resources}`);
  });
  return makePdf([{ content: '/X Do', extra: `/Resources<</XObject<</X ${first} 0 R>>>>` }], { objects });
}

const PADDING = Buffer.from('28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a', 'hex');

/** An encrypted PDF (RC4, 40 bits). An empty user password opens without asking. Source: PDF 1.7, 7.6.3. */
export function makeEncryptedPdf(userPassword: string, ownerPassword: string): Buffer {
  const id = Buffer.alloc(16, 7);
  const md5 = (...parts: Buffer[]): Buffer => createHash('md5').update(Buffer.concat(parts)).digest();
  const pad = (password: string): Buffer => Buffer.concat([Buffer.from(password, 'latin1'), PADDING]).subarray(0, 32);
  const owner = rc4(md5(pad(ownerPassword)).subarray(0, 5), pad(userPassword));
  const permissions = Buffer.from([0xfc, 0xff, 0xff, 0xff]);
  const key = md5(pad(userPassword), owner, permissions, id).subarray(0, 5);
  const user = rc4(key, PADDING);
  const content = rc4(md5(key, Buffer.from([4, 0, 0, 0, 0])).subarray(0, 10), Buffer.from(SQUARE, 'latin1')); // object 4
  const hex = (bytes: Buffer): string => `<${bytes.toString('hex')}>`;
  const encrypt = `/Encrypt<</Filter/Standard/V 1/R 2/O${hex(owner)}/U${hex(user)}/P -4>>/ID[${hex(id)}${hex(id)}]`;
  const page = '<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R>>';
  const objects = [
    '<</Type/Catalog/Pages 2 0 R>>',
    '<</Type/Pages/Kids[3 0 R]/Count 1>>',
    page,
    stream(content.toString('latin1')),
  ];
  return writeObjects(objects, encrypt);
}

/** By hand, because today's OpenSSL no longer has it. */
function rc4(key: Uint8Array, data: Uint8Array): Buffer {
  const state = Uint8Array.from({ length: 256 }, (_, index) => index);
  const swap = (a: number, b: number): void => {
    [state[a], state[b]] = [state[b]!, state[a]!];
  };
  for (let i = 0, j = 0; i < 256; i++) {
    j = (j + state[i]! + key[i % key.length]!) & 255;
    swap(i, j);
  }
  let i = 0;
  let j = 0;
  const bytes = Array.from(data, (byte) => {
    i = (i + 1) & 255;
    j = (j + state[i]!) & 255;
    swap(i, j);
    return byte ^ state[(state[i]! + state[j]!) & 255]!;
  });
  return Buffer.from(bytes);
}

/** A ZIP of the given files, deflated. */
export function makeZip(files: Readonly<Record<string, string>>): Buffer {
  const locals: Buffer[] = [];
  const centrals: Buffer[] = [];
  let offset = 0;
  for (const [name, text] of Object.entries(files)) {
    const content = Buffer.from(text);
    const packed = deflateRawSync(content);
    const common = Buffer.alloc(26); // from "version needed" to "extra length", the same in both headers
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(8, 4);
    common.writeUInt32LE(crc32(content), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(content.length, 18);
    common.writeUInt16LE(Buffer.byteLength(name), 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, Buffer.from(name), packed]);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(offset, 10);
    centrals.push(Buffer.concat([Buffer.from('PK\x01\x02'), Buffer.from([20, 0]), common, place, Buffer.from(name)]));
    locals.push(local);
    offset += local.length;
  }
  const directory = Buffer.concat(centrals);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06');
  end.writeUInt16LE(centrals.length, 8);
  end.writeUInt16LE(centrals.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, directory, end]);
}

const TYPES = 'http://schemas.openxmlformats.org/package/2006/content-types';
const RELATIONS = 'http://schemas.openxmlformats.org/package/2006/relationships';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const WORD = 'http://schemas.openxmlformats.org/wordprocessingml/2006/main';
const DRAWING = 'http://schemas.openxmlformats.org/drawingml/2006';

/** A Word document with the given paragraphs, and a picture that it does not carry but links to, if asked. */
export function makeDocx(paragraphs: readonly string[], linkedPicture?: string): Buffer {
  const text = paragraphs.map((paragraph) => `<w:p><w:r><w:t>${paragraph}</w:t></w:r></w:p>`).join('');
  const picture =
    linkedPicture === undefined
      ? ''
      : `<w:p><w:r><w:drawing><wp:inline><wp:extent cx="900000" cy="900000"/><wp:docPr id="1" name="p"/><a:graphic><a:graphicData uri="${DRAWING}/picture"><pic:pic><pic:nvPicPr><pic:cNvPr id="0" name="p"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:link="rId1"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="900000" cy="900000"/></a:xfrm><a:prstGeom prst="rect"/></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>`;
  const spaces = `xmlns:w="${WORD}" xmlns:r="${OFFICE}" xmlns:wp="${DRAWING}/wordprocessingDrawing" xmlns:a="${DRAWING}/main" xmlns:pic="${DRAWING}/picture"`;
  const relation = (id: string, type: string, target: string, more = ''): string =>
    `<Relationships xmlns="${RELATIONS}"><Relationship Id="${id}" Type="${OFFICE}/${type}" Target="${target}"${more}/></Relationships>`;
  return makeZip({
    '[Content_Types].xml': `<Types xmlns="${TYPES}"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`,
    '_rels/.rels': relation('rId1', 'officeDocument', 'word/document.xml'),
    ...(linkedPicture === undefined
      ? {}
      : { 'word/_rels/document.xml.rels': relation('rId1', 'image', linkedPicture, ' TargetMode="External"') }),
    'word/document.xml': `<w:document ${spaces}><w:body>${text}${picture}</w:body></w:document>`,
  });
}

/** A Word document that keeps LibreOffice busy for many seconds. */
export function makeSlowDocx(): Buffer {
  const paragraph = 'Long enough to be broken into lines, and so to be laid out again and again. '.repeat(12);
  return makeDocx(Array.from({ length: 60_000 }, (_, index) => `${index} ${paragraph}`));
}
