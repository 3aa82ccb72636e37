/** Documents of the tests' own for a world file, made by hand so that every test says what is in them. */
import { makePdf } from '../unit/local-oss/tiny-documents.ts';

/** A PDF whose pages all look different, in points. */
export function makeNumberedPdf(pageCount: number, { widthPoints = 420, heightPoints = 595 } = {}): Buffer {
  const pages = Array.from({ length: pageCount }, (_, index) => {
    const bits = [...(index + 1).toString(2).padStart(11, '0')];
    const marks = bits.map((bit, at) => `${20 + at * 36} 300 30 ${bit === '1' ? 120 : 20} re f`).join(' ');
    return { widthPoints, heightPoints, content: `0.1 0.3 0.5 rg ${marks}` };
  });
  return makePdf(pages);
}

/** An object of a world file. */
export interface WorldObject {
  key: string;
  base64?: string;
  text?: string;
  zeros?: number;
}

/** An object that holds these bytes. */
export const toObject = (key: string, bytes: Buffer): WorldObject => ({ key, base64: bytes.toString('base64') });
