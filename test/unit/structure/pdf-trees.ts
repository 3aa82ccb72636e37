/** PDFs in the ways that programs write them: tables or streams of places, packed objects, updates, linearized. */
import { deflateSync } from 'node:zlib';

export interface TreeOptions {
  pages: number;
  /** `table`: as PDF 1.4; `stream`: compressed places; `packed`: also the objects in streams; `hybrid`: a table and both. */
  form?: 'table' | 'stream' | 'packed' | 'hybrid';
  /** Kids of one node of the tree. */
  fan?: number;
  /** Bytes of drawing commands on each page. */
  weight?: number;
  /** How places are compressed further: PNG's predictor for all rows. */
  predictor?: number;
  /** Written at the beginning as a linearized file does; `claims` what it says of its pages. */
  linearized?: { claims?: number; length?: number };
  /** A later save: an update behind the file that adds so many pages. */
  update?: number;
  /** More for the dictionary of the trailer. */
  trailer?: string;
}

interface Written {
  number: number;
  text: string;
}

/** Object numbers: 1 catalog, 2 root of the tree, then nodes and pages. */
export function makeTreePdf(options: TreeOptions): Buffer {
  const { form = 'table', linearized } = options;
  const { objects, next } = makeTree(options.pages, options.fan ?? 50, options.weight ?? 40);
  let file: Buffer = Buffer.from('%PDF-1.7\n%\xe2\xe3\xcf\xd3\n', 'latin1');
  const places = new Map<number, number>();
  const put = (number: number, body: Buffer | string): void => {
    places.set(number, file.length);
    file = Buffer.concat([file, Buffer.from(`${number} 0 obj\n`), Buffer.from(body as string, 'latin1'), END]);
  };
  let free = next;
  const head = free++;
  if (linearized) put(head, '<< /Linearized 1 /L 0000000000 /H [ 0 0 ] /O 4 /E 0 /N 000000 /T 0 >>');
  const isPacked = form === 'packed' || form === 'hybrid';
  const packs = isPacked ? inGroups(objects.filter(isPlain), 40) : [];
  const inPack = new Map<number, [container: number, index: number]>();
  for (const object of objects) if (!isPacked || !isPlain(object)) put(object.number, object.text);
  for (const pack of packs) {
    const container = free++;
    pack.forEach(({ number }, index) => inPack.set(number, [container, index]));
    put(container, makePack(pack));
  }
  const root = `/Root 1 0 R${options.trailer ?? ''}`;
  const size = free + 2;
  let start = file.length;
  if (form === 'table') file = Buffer.concat([file, table(places, size, root)]);
  else if (form === 'hybrid') {
    put(free, placesStream([...places], inPack, free, file.length, size, root, options.predictor));
    const at = start;
    places.delete(free);
    start = file.length;
    file = Buffer.concat([file, table(places, size, `${root}/XRefStm ${at}`)]);
  } else put(free, placesStream([...places], inPack, free, start, size, root, options.predictor));
  file = Buffer.concat([file, Buffer.from(`startxref\n${start}\n%%EOF\n`)]);
  if (options.update !== undefined) file = addPages(file, start, size, options.pages, options.update, root);
  if (linearized) {
    const claims = String(linearized.claims ?? options.pages + (options.update ?? 0)).padStart(6, '0');
    const length = String(linearized.length ?? file.length).padStart(10, '0');
    const text = file.toString('latin1').replace('/L 0000000000', `/L ${length}`).replace('/N 000000', `/N ${claims}`);
    file = Buffer.from(text, 'latin1');
  }
  return file;
}

const END = Buffer.from('\nendobj\n');
const isPlain = ({ text }: Written): boolean => !text.includes('stream\n');

function inGroups<T>(all: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, index) =>
    all.slice(index * size, (index + 1) * size),
  );
}

/** A tree with at most `fan` kids at each node. */
function makeTree(pages: number, fan: number, weight: number): { objects: Written[]; next: number } {
  let next = 3;
  const objects: Written[] = [{ number: 1, text: '<< /Type /Catalog /Pages 2 0 R >>' }];
  const build = (count: number, number: number, parent: number | null): void => {
    const kids: number[] = [];
    const step = count <= fan ? 1 : Math.ceil(count / fan);
    for (let done = 0; done < count; done += step) {
      const kid = next++;
      kids.push(kid);
      const share = Math.min(step, count - done);
      if (step > 1) build(share, kid, number);
      else objects.push(...makePage(kid, next++, number, weight));
    }
    const up = parent === null ? '' : ` /Parent ${parent} 0 R`;
    const list = kids.map((kid) => `${kid} 0 R`).join(' ');
    objects.push({ number, text: `<< /Type /Pages /Count ${count} /Kids [ ${list} ]${up} >>` });
  };
  build(pages, 2, null);
  return { objects, next };
}

function makePage(number: number, content: number, parent: number, weight: number): Written[] {
  // Every page another picture.
  const drawing = `0 g ${content % 220} ${Math.floor(content / 220) * 4} 72 72 re f %${'x'.repeat(weight)}`;
  return [
    { number, text: `<< /Type /Page /Parent ${parent} 0 R /MediaBox [0 0 300 400] /Contents ${content} 0 R >>` },
    { number: content, text: `<< /Length ${drawing.length} >>\nstream\n${drawing}\nendstream` },
  ];
}

function makePack(objects: readonly Written[]): Buffer {
  let offset = 0;
  const heads = objects.map(({ number, text }) => {
    const head = `${number} ${offset} `;
    offset += text.length + 1;
    return head;
  });
  const first = heads.join('').length;
  const packed = deflateSync(heads.join('') + objects.map(({ text }) => text).join('\n'));
  const dict = `<< /Type /ObjStm /N ${objects.length} /First ${first} /Filter /FlateDecode /Length ${packed.length} >>`;
  return Buffer.concat([Buffer.from(`${dict}\nstream\n`), packed, Buffer.from('\nendstream')]);
}

function table(places: ReadonlyMap<number, number>, size: number, root: string): Buffer {
  const lines = Array.from({ length: size }, (_, number) => {
    const at = places.get(number);
    return at === undefined ? '0000000000 65535 f \n' : `${String(at).padStart(10, '0')} 00000 n \n`;
  });
  return Buffer.from(`xref\n0 ${size}\n${lines.join('')}trailer\n<< /Size ${size} ${root} >>\n`);
}

function placesStream(
  places: readonly (readonly [number, number])[],
  inPack: ReadonlyMap<number, [number, number]>,
  own: number,
  ownAt: number,
  size: number,
  root: string,
  predictor?: number,
): Buffer {
  const all = new Map<number, number[]>([[own, [1, ownAt, 0]]]);
  for (const [number, at] of places) all.set(number, [1, at, 0]);
  for (const [number, [container, index]] of inPack) all.set(number, [2, container, index]);
  const rows = Array.from({ length: size }, (_, number) => {
    const [kind = 0, second = 0, third = 0] = all.get(number) ?? [];
    return [kind, (second >> 16) & 255, (second >> 8) & 255, second & 255, third];
  });
  const data = predictor === undefined ? rows.flat() : predict(rows, predictor - 10);
  const packed = deflateSync(Uint8Array.from(data));
  const parms = predictor === undefined ? '' : ` /DecodeParms << /Predictor ${predictor} /Columns 5 >>`;
  const dict = `<< /Type /XRef /Size ${size} /W [1 3 1] ${root} /Filter /FlateDecode${parms} /Length ${packed.length} >>`;
  return Buffer.concat([Buffer.from(`${dict}\nstream\n`), packed, Buffer.from('\nendstream')]);
}

/** PNG's filters, forward. */
function predict(rows: readonly number[][], kind: number): number[] {
  return rows.flatMap((row, index) => {
    const above = rows[index - 1] ?? row.map(() => 0);
    const guesses = row.map((_, at) => {
      const [left, up, corner] = [row[at - 1] ?? 0, above[at]!, index > 0 ? (above[at - 1] ?? 0) : 0];
      const near = [left, up, corner].map((one) => Math.abs(left + up - corner - one));
      const paeth = near[0]! <= near[1]! && near[0]! <= near[2]! ? left : near[1]! <= near[2]! ? up : corner;
      return [0, left, up, (left + up) >> 1, paeth][kind]!;
    });
    return [kind, ...row.map((value, at) => (value - guesses[at]! + 256) & 255)];
  });
}

/** As an editor saves: the root anew with more pages, and a table of what has changed. */
function addPages(file: Buffer, prev: number, size: number, pages: number, more: number, root: string): Buffer {
  const node = size;
  const kids = Array.from({ length: more }, (_, index) => size + 1 + index);
  const objects = [
    [2, `<< /Type /Pages /Count ${pages + more} /Kids [ ${node} 0 R ${kids.map((kid) => `${kid} 0 R`).join(' ')} ] >>`],
    [node, oldRoot(file)],
    ...kids.map((kid) => [kid, '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 400] >>'] as const),
  ] as const;
  let text = '';
  const lines = objects.map(([number, body]) => {
    const at = file.length + text.length;
    text += `${number} 0 obj\n${body}\nendobj\n`;
    return [number, at] as const;
  });
  const sections = lines.map(([number, at]) => `${number} 1\n${String(at).padStart(10, '0')} 00000 n \n`).join('');
  const start = file.length + text.length;
  const trailer = `trailer\n<< /Size ${size + 1 + more} ${root} /Prev ${prev} >>\nstartxref\n${start}\n%%EOF\n`;
  return Buffer.concat([file, Buffer.from(`${text}xref\n${sections}${trailer}`)]);
}

/** The first root becomes a node below the new one. */
function oldRoot(file: Buffer): string {
  return /\n2 0 obj\n(<<[^]*?>>)\nendobj/.exec(file.toString('latin1'))![1]!;
}
