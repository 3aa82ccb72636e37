import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CountingPageRenderer } from '#local-oss/rendering/render.ts';
import { pictureSize } from '#local-oss/rendering/pdfium.ts';
import { ask, decodePicture, openBench, picture, type Bench } from './renderer-fixture.ts';
import { firstFreeObject, makeEncryptedPdf, makeEndlessPdf, makePdf, stream, type PdfPage } from './tiny-documents.ts';

const BLACK = [0, 0, 0];
const WHITE = [255, 255, 255];
const onePage = makePdf([{}]);

let bench: Bench;
let renderer: CountingPageRenderer;

beforeAll(async () => {
  bench = await openBench();
  renderer = bench.make();
});
afterAll(() => bench.close());

/** A renderer that could not show a good document after a bad one would be poisoned. */
async function expectNextToWork(): Promise<void> {
  expect(await ask(renderer, onePage, 'pdf')).toMatchObject({ kind: 'picture' });
}

describe('a page picture', () => {
  test('is a PNG of the page at 150 dpi, on white', async () => {
    const outcome = await ask(renderer, onePage, 'pdf');
    expect(outcome).toMatchObject({ kind: 'picture', mediaType: 'image/png' });
    const page = decodePicture(picture(outcome));
    expect([page.widthPx, page.heightPx]).toEqual([1275, 1650]);
    expect(page.at(75, 1575)).toEqual(BLACK);
    expect(page.at(75, 75)).toEqual(WHITE);
  });

  test('is a JPG of the same size when asked for', async () => {
    const outcome = await ask(renderer, onePage, 'pdf', { target: 'jpg' });
    expect(outcome).toMatchObject({ kind: 'picture', mediaType: 'image/jpeg' });
    const page = decodePicture(picture(outcome));
    expect([page.widthPx, page.heightPx]).toEqual([1275, 1650]);
    expect(Math.max(...page.at(75, 1575))).toBeLessThan(8);
    expect(Math.min(...page.at(600, 600))).toBeGreaterThan(247);
  });

  test('keeps its colours in the right order in both formats', async () => {
    const red = makePdf([{ content: '1 0 0 rg 0 0 612 792 re f' }]);
    expect(decodePicture(picture(await ask(renderer, red, 'pdf'))).at(9, 9)).toEqual([255, 0, 0]);
    const [r, g, b] = decodePicture(picture(await ask(renderer, red, 'pdf', { target: 'jpg' }))).at(9, 9);
    expect(r > 247 && g < 8 && b < 8).toBe(true);
  });

  test('is turned as the page says', async () => {
    const page = decodePicture(picture(await ask(renderer, makePdf([{ rotate: 90 }]), 'pdf')));
    expect([page.widthPx, page.heightPx]).toEqual([1650, 1275]);
    expect(page.at(75, 75)).toEqual(BLACK); // lower left has become upper left
    expect(page.at(1575, 1200)).toEqual(WHITE);
  });

  test('of a very large page has its longest side capped and its proportions kept', async () => {
    const page = decodePicture(
      picture(await ask(renderer, makePdf([{ widthPoints: 3_000, heightPoints: 1_500 }]), 'pdf')),
    );
    expect([page.widthPx, page.heightPx]).toEqual([4_000, 2_000]);
  });

  test('has at least one pixel each way', () => {
    expect(pictureSize(0.1, 5_000)).toEqual({ widthPx: 1, heightPx: 4_000 });
    expect(pictureSize(0, 0)).toEqual({ widthPx: 1, heightPx: 1 });
  });

  test('shows annotations and form fields', async () => {
    const first = firstFreeObject(1);
    const appearance = (colour: string): string =>
      stream(`${colour} rg 0 0 100 100 re f`, '/Type/XObject/Subtype/Form/BBox[0 0 100 100]');
    const objects = [
      `<</Type/Annot/Subtype/Square/F 4/Rect[100 100 200 200]/AP<</N ${first + 1} 0 R>>>>`,
      appearance('0 0 1'),
      `<</Type/Annot/Subtype/Widget/FT/Tx/T(name)/F 4/Rect[300 100 400 200]/AP<</N ${first + 3} 0 R>>>>`,
      appearance('0 1 0'),
    ];
    const annots = `/Annots[${first} 0 R ${first + 2} 0 R]`;
    const pdf = makePdf([{ content: '', extra: annots }], {
      objects,
      catalog: `/AcroForm<</Fields[${first + 2} 0 R]>>`,
    });
    const page = decodePicture(picture(await ask(renderer, pdf, 'pdf')));
    expect(page.at(312, 1338)).toEqual([0, 0, 255]);
    expect(page.at(729, 1338)).toEqual([0, 255, 0]);
  });

  test('shows Chinese text whose font the PDF does not carry', async () => {
    const first = firstFreeObject(1);
    const text = Buffer.from('合同', 'utf16le').swap16().toString('hex');
    const objects = [
      `<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts[${first + 1} 0 R]>>`,
      `<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 4>>/DW 1000/FontDescriptor ${first + 2} 0 R>>`,
      '<</Type/FontDescriptor/FontName/STSong-Light/Flags 6/FontBBox[0 -200 1000 900]/ItalicAngle 0/Ascent 800/Descent -200/CapHeight 700/StemV 80>>',
    ];
    const content = `BT /F1 200 Tf 50 400 Td <${text}> Tj ET`;
    const extra = `/Resources<</Font<</F1 ${first} 0 R>>>>`;
    const page = decodePicture(picture(await ask(renderer, makePdf([{ content, extra }], { objects }), 'pdf')));
    let ink = 0;
    for (let y = 0; y < page.heightPx; y += 2)
      for (let x = 0; x < page.widthPx; x += 2) if (page.at(x, y)[0] < 128) ink++;
    expect(ink).toBeGreaterThan(1_000); // two empty boxes, or nothing, would have less
  });

  test('has the same bytes each time', async () => {
    const [first, second] = [await ask(renderer, onePage, 'pdf'), await ask(renderer, onePage, 'pdf')];
    expect(Buffer.from(picture(first)).equals(picture(second))).toBe(true);
  });
});

describe('the pages of a document', () => {
  const widths = Array.from({ length: 30 }, (_, index) => 100 + index);
  const long = makePdf(widths.map((widthPoints): PdfPage => ({ widthPoints })));

  test('can all be had, in any order and at once', async () => {
    const outcomes = await Promise.all(widths.map((_, index) => ask(renderer, long, 'pdf', { pageNumber: index + 1 })));
    const found = outcomes.map((outcome) => decodePicture(picture(outcome)).widthPx);
    expect(found).toEqual(widths.map((points) => pictureSize(points, 792).widthPx));
  });

  test('end where they end, and the refusal says how many there are', async () => {
    const past = { kind: 'refused', reason: 'page-out-of-range', pageCount: 30 };
    expect(await ask(renderer, long, 'pdf', { pageNumber: 31 })).toMatchObject(past);
    expect(await ask(renderer, long, 'pdf', { pageNumber: 2_000 })).toMatchObject(past);
    expect(await ask(renderer, onePage, 'pdf', { pageNumber: 2 })).toMatchObject({ pageCount: 1 });
    await expectNextToWork();
  });

  test('are read from the object once', async () => {
    const document = makePdf([{ widthPoints: 500 }, { widthPoints: 500 }]);
    let reads = 0;
    const read = (): Promise<Uint8Array> => {
      reads++;
      return Promise.resolve(document);
    };
    for (const pageNumber of [1, 2, 1]) await ask(renderer, document, 'pdf', { pageNumber, read });
    expect(reads).toBe(1);
  });
});

describe('what cannot be shown is refused, and the next document works', () => {
  const text = Buffer.from('Just some text that somebody called report.pdf');
  const cases: [string, Buffer, string][] = [
    ['no bytes', Buffer.alloc(0), 'empty'],
    ['text', text, 'wrong-content'],
    ['HTML', Buffer.from('<!DOCTYPE html><title>404</title>'), 'wrong-content'],
    ['a ZIP', Buffer.from('PK\x03\x04\x14\x00'), 'wrong-content'],
    ['a header and nothing else', Buffer.from('%PDF-1.7\n'), 'unreadable'],
    ['a header before noise', Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.alloc(5_000, 0x5a)]), 'unreadable'],
    ['a PDF without pages', makePdf([]), 'unreadable'],
    ['a password', makeEncryptedPdf('secret', 'owner'), 'password'],
  ];
  test.each(cases)('%s', async (_, bytes, reason) => {
    const outcome = await ask(renderer, bytes, 'pdf');
    expect(outcome).toMatchObject({ kind: 'refused', reason });
    expect(outcome.kind === 'refused' && outcome.message).toMatch(/^[A-Z].*\.$/);
    await expectNextToWork();
  });

  test('a document that is too complex', async () => {
    const hasty = bench.make({ pageTimeoutMs: 2_000 });
    expect(await ask(hasty, makeEndlessPdf(), 'pdf')).toMatchObject({ kind: 'refused', reason: 'too-slow' });
    expect(await ask(hasty, onePage, 'pdf')).toMatchObject({ kind: 'picture' });
  });
});

describe('what can be repaired is shown', () => {
  test('a PDF that only its owner may change', async () => {
    const page = decodePicture(picture(await ask(renderer, makeEncryptedPdf('', 'owner'), 'pdf')));
    expect(page.at(75, 1575)).toEqual(BLACK);
  });

  test('a broken table of objects', async () => {
    const broken = Buffer.from(onePage.toString('latin1').replace(/startxref\n\d+/, 'startxref\n1'), 'latin1');
    expect(decodePicture(picture(await ask(renderer, broken, 'pdf'))).at(75, 1575)).toEqual(BLACK);
  });

  test('other bytes before the header', async () => {
    const late = Buffer.concat([Buffer.from('MIME noise\r\n'.repeat(20)), onePage]);
    expect(await ask(renderer, late, 'pdf')).toMatchObject({ kind: 'picture' });
  });
});

describe('stopping', () => {
  test('an aborted job leaves the queue and the others go on', async () => {
    const hasty = bench.make({ pageTimeoutMs: 2_000 });
    const endless = makeEndlessPdf();
    // Both threads are busy until their time is over; the third job waits behind them.
    const busy = [1, 2].map((n) => ask(hasty, Buffer.concat([endless, Buffer.from(`%${n}\n`)]), 'pdf'));
    const controller = new AbortController();
    const waiting = ask(hasty, onePage, 'pdf', { signal: controller.signal });
    const behind = ask(hasty, makePdf([{ widthPoints: 300 }]), 'pdf');
    controller.abort(new Error('scrolled away'));
    await expect(waiting).rejects.toThrow('scrolled away');
    expect(await Promise.all(busy)).toMatchObject([{ reason: 'too-slow' }, { reason: 'too-slow' }]);
    expect(await behind).toMatchObject({ kind: 'picture' });
  });

  test('a job that is aborted before it begins is never begun', async () => {
    const read = (): Promise<Uint8Array> => Promise.reject(new Error('read'));
    const signal = AbortSignal.abort(new Error('too late'));
    await expect(ask(renderer, onePage, 'pdf', { signal, read })).rejects.toThrow('too late');
  });

  test('a failed read is the asker’s own error, and is not remembered', async () => {
    const document = makePdf([{ widthPoints: 222 }]);
    const read = (): Promise<Uint8Array> => Promise.reject(new Error('disk gone'));
    await expect(ask(renderer, document, 'pdf', { read })).rejects.toThrow('disk gone');
    expect(await ask(renderer, document, 'pdf')).toMatchObject({ kind: 'picture' });
  });

  test('after dispose nothing is rendered any more', async () => {
    const short = bench.make();
    await ask(short, onePage, 'pdf');
    await short.dispose();
    await expect(ask(short, onePage, 'pdf')).rejects.toThrow('disposed');
  });
});
