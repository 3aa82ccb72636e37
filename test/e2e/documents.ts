/** Documents of the tests' own for a world file, made by hand so that every test says what is in them. */
import { makePdf } from '../unit/local-oss/tiny-documents.ts';
import { seeded } from '../unit/renderer/seeded.ts';

/** A PDF whose pages all look different, in points. */
export function makeNumberedPdf(pageCount: number, { widthPoints = 420, heightPoints = 595 } = {}): Buffer {
  const pages = Array.from({ length: pageCount }, (_, index) => {
    const bits = [...(index + 1).toString(2).padStart(11, '0')];
    const marks = bits.map((bit, at) => `${20 + at * 36} 300 30 ${bit === '1' ? 120 : 20} re f`).join(' ');
    return { widthPoints, heightPoints, content: `0.1 0.3 0.5 rg ${marks}` };
  });
  return makePdf(pages);
}

/** Upright, across, a slide, tall, a scan hardly wider than the first, narrow: points. */
const MIXED = [
  [420, 595],
  [595, 420],
  [540, 304],
  [420, 640],
  [424, 595],
  [300, 700],
] as const;

/** A PDF whose pages are of six sizes, in no order, the same in every run. */
export function makeMixedPdf(pageCount: number): Buffer {
  const random = seeded(200);
  const pages = Array.from({ length: pageCount }, (_, index) => {
    const [widthPoints, heightPoints] = MIXED[Math.floor(random() * MIXED.length)]!;
    const shade = ((index % 7) + 2) / 10;
    return { widthPoints, heightPoints, content: `${shade} 0.4 0.6 rg 40 40 ${widthPoints - 80} 120 re f` };
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
