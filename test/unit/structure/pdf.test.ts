import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PdfRenderer } from '#local-oss/rendering/pdfium.ts';
import { makeEncryptedPdf, makePdf } from '../local-oss/tiny-documents.ts';
import { seeded } from '../renderer/seeded.ts';
import { makeTreePdf, type TreeOptions } from './pdf-trees.ts';
import { MAX_BYTES, MAX_REQUESTS, peekInto, readSample } from './peeking.ts';

const exact = (pages: number) => ({ kind: 'exact', pages });
const likely = (pages: number) => ({ kind: 'likely', pages });

let pdfium: PdfRenderer;
let folder: string;
let files = 0;

beforeAll(async () => {
  const wasm = path.resolve(import.meta.dirname, '../../../node_modules/@embedpdf/pdfium/dist/pdfium.wasm');
  pdfium = await PdfRenderer.load(Uint8Array.from(await readFile(wasm)));
  folder = await mkdtemp(path.join(os.tmpdir(), 'pagelens-structure-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** What a renderer makes of the file: its number of pages, or null when it cannot open it. */
async function countByRenderer(file: Buffer): Promise<number | null> {
  const name = path.join(folder, `${(files += 1)}.pdf`);
  await writeFile(name, file);
  const page = pdfium.page(name, name, 1_000_000, () => null);
  return page.pageCount ?? null;
}

describe('the page tree of a PDF', () => {
  const FORMS: readonly TreeOptions['form'][] = ['table', 'stream', 'packed', 'hybrid'];
  for (const form of FORMS) {
    it(`is counted in a file of the form ${form}`, async () => {
      for (const pages of [1, 2, 7, 60]) {
        const file = makeTreePdf({ pages, form, fan: 6 });
        expect(await countByRenderer(file)).toBe(pages);
        expect((await peekInto('pdf', file)).hint).toEqual(exact(pages));
      }
    });
  }
  it('is counted behind every predictor of PNG', async () => {
    for (const predictor of [10, 11, 12, 13, 14]) {
      const file = makeTreePdf({ pages: 12, form: 'stream', predictor });
      expect(await countByRenderer(file)).toBe(12);
      expect((await peekInto('pdf', file)).hint).toEqual(exact(12));
    }
  });
  it('is the newest one of a file that was saved again', async () => {
    const file = makeTreePdf({ pages: 5, update: 3 });
    expect(await countByRenderer(file)).toBe(8);
    expect((await peekInto('pdf', file)).hint).toEqual(exact(8));
  });
  it('is counted up to 2,000 pages where its objects are packed, and only read off where they are not', async () => {
    for (const pages of [1999, 2000]) {
      expect((await peekInto('pdf', makeTreePdf({ pages, form: 'packed' }))).hint).toEqual(exact(pages));
    }
    expect((await peekInto('pdf', makeTreePdf({ pages: 2001, form: 'packed' }))).hint).toEqual(likely(2001));
    expect((await peekInto('pdf', makeTreePdf({ pages: 700, weight: 3000 }))).hint).toEqual(likely(700));
  });
  it('agrees with the head of a linearized file, or is no more than likely', async () => {
    expect((await peekInto('pdf', makeTreePdf({ pages: 9, linearized: {} }))).hint).toEqual(exact(9));
    expect((await peekInto('pdf', makeTreePdf({ pages: 9, linearized: { claims: 8 } }))).hint).toEqual(likely(9));
    // A head of another length is of the file before its last save.
    const saved = makeTreePdf({ pages: 9, linearized: { claims: 8, length: 5000 } });
    expect((await peekInto('pdf', saved)).hint).toEqual(exact(9));
  });
  it('is taken from the head where the places at the end are damaged', async () => {
    const file = makeTreePdf({ pages: 9, linearized: {} });
    file.write('startxrex', file.lastIndexOf('startxref'));
    expect((await peekInto('pdf', file)).hint).toEqual(likely(9));
  });
  it('is counted in the samples, with a part of the bytes', async () => {
    const truth = { 'Annual report 2025': 6, 'Crew manual': 120, 'Site plan HL-204-07': 2 };
    for (const [name, pages] of Object.entries(truth)) {
      const file = await readSample(`english/${name}.pdf`);
      const peeked = await peekInto('pdf', file);
      expect(peeked.hint).toEqual(exact(pages));
      expect(peeked.bytes).toBeLessThan(file.length / 2);
    }
  });
});

describe('what is not sure is no more than likely', () => {
  const pdf = makePdf([{}, {}, {}]).toString('latin1');
  const change = (from: string, to: string): Buffer => Buffer.from(pdf.replace(from, to.padEnd(from.length)), 'latin1');
  it('a count that the tree does not bear out', async () => {
    expect((await peekInto('pdf', change('/Count 3', '/Count 4'))).hint).toEqual(likely(4));
  });
  it('a page that stands in the tree twice, or is none', async () => {
    expect((await peekInto('pdf', change('[3 0 R 5 0 R', '[3 0 R 3 0 R'))).hint).toEqual(likely(3));
    expect((await peekInto('pdf', change('/Type/Page/', '/Type/Pane/'))).hint).toEqual(likely(3));
    expect((await peekInto('pdf', change('[3 0 R 5 0 R', '[3 0 R 2 0 R'))).hint).toEqual(likely(3));
  });
  it('an encrypted file', async () => {
    expect((await peekInto('pdf', makeEncryptedPdf('', 'owner'))).hint).toEqual(likely(1));
  });
  it('a file whose older places are damaged', async () => {
    const file = makeTreePdf({ pages: 5, update: 3 }).toString('latin1');
    const damaged = Buffer.from(file.replace('xref\n0', 'xxef\n0'), 'latin1');
    expect((await peekInto('pdf', damaged)).hint?.kind).not.toBe('exact');
  });
  it('a file with damage where nobody has to look, as other readers then go by other rules', async () => {
    const update = makeTreePdf({ pages: 5, update: 3 }).toString('latin1');
    for (const [from, to] of [
      ['0000000151 00000 n', '0000000151 0x000 n'],
      ['0000000151 00000 n', '0000000151 00400 n'],
      ['/Size 16', '/Sxze 16'],
    ] as const) {
      const file = Buffer.from(update.replace(from, to), 'latin1');
      expect((await peekInto('pdf', file)).hint).toEqual(likely(8));
    }
  });
  it('a file whose last word is damaged: the one before is of the file before it was saved again', async () => {
    const file = makeTreePdf({ pages: 5, update: 3 });
    file.write('x', file.lastIndexOf('startxref') - 1);
    expect((await peekInto('pdf', file)).hint).toBeNull();
  });
  it('a file behind something else', async () => {
    const shifted = Buffer.concat([Buffer.from('junk\n'), makePdf([{}, {}])]);
    expect((await peekInto('pdf', shifted)).hint?.kind).not.toBe('exact');
  });
});

describe('hostile PDFs', () => {
  const trailer = (body: string, more = ''): Buffer =>
    Buffer.from(
      `%PDF-1.7\n${body}xref\n0 1\n0000000000 65535 f \ntrailer\n<</Size 1/Root 1 0 R${more}>>\nstartxref\n${9 + body.length}\n%%EOF\n`,
    );
  it('say nothing, soon', async () => {
    const files = [
      Buffer.alloc(0),
      Buffer.from('%PDF-1.7'),
      Buffer.from('startxref\n999999999999999\n%%EOF\n'),
      trailer('', '/Prev 9'),
      trailer('', `/Prev 9/XRefStm 9`),
      trailer('', `/Prev ${'9'.repeat(300)}`),
      trailer('['.repeat(100_000)),
      Buffer.from(`%PDF-1.7\nxref\n${'0 0\n'.repeat(50_000)}trailer\n<<>>\nstartxref\n9\n%%EOF\n`),
      Buffer.from(`%PDF-1.7\nxref\n0 9999999999\ntrailer\n<<>>\nstartxref\n9\n%%EOF\n`),
    ];
    const start = performance.now();
    for (const file of files) {
      const { hint, requests, bytes } = await peekInto('pdf', file);
      expect(hint).toBeNull();
      expect(requests).toBeLessThanOrEqual(MAX_REQUESTS);
      expect(bytes).toBeLessThanOrEqual(MAX_BYTES);
    }
    expect(performance.now() - start).toBeLessThan(5000);
  });
  it('with seeded damage never throw, keep to the limits, and are never exact with another number than a renderer has', async () => {
    const random = seeded(20_260_115);
    const forms: TreeOptions[] = [
      { pages: 7, fan: 3 },
      { pages: 9, form: 'stream', predictor: 12 },
      { pages: 11, form: 'packed', fan: 4 },
      { pages: 6, form: 'hybrid' },
      { pages: 5, update: 2 },
      { pages: 4, linearized: {} },
    ];
    let exacts = 0;
    let damaged = 0;
    for (let round = 0; round < 1200; round += 1) {
      const file = Buffer.from(makeTreePdf(forms[round % forms.length]!));
      for (let times = 1 + Math.floor(random() * 3); times > 0; times -= 1) {
        const at = Math.floor(random() * file.length);
        // Half of the damage is a digit or letter for another, which leaves the syntax whole.
        if (random() < 0.5) file[at] = Math.floor(random() * 256);
        else {
          const digit = file.findIndex((byte, index) => index >= at && byte >= 0x30 && byte <= 0x39);
          if (digit >= 0) file[digit] = 0x30 + Math.floor(random() * 10);
        }
      }
      const cut = random() < 0.1 ? file.subarray(0, Math.floor(random() * file.length)) : file;
      const { hint, requests, bytes } = await peekInto('pdf', cut);
      expect(requests).toBeLessThanOrEqual(MAX_REQUESTS);
      expect(bytes).toBeLessThanOrEqual(MAX_BYTES);
      if (hint?.kind !== 'exact') {
        damaged += 1;
        continue;
      }
      exacts += 1;
      const rendered = await countByRenderer(cut);
      if (rendered !== null) expect({ round, pages: hint.pages }).toEqual({ round, pages: rendered });
    }
    // The damage hits what is looked at often enough, and misses it often enough, for this to mean something.
    expect(exacts).toBeGreaterThan(100);
    expect(damaged).toBeGreaterThan(100);
  });
});
