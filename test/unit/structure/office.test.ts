import { describe, expect, it } from 'vitest';
import { SOURCE_TYPES } from '#contract/source-types.ts';
import { makeDocx, makeZip } from '../local-oss/tiny-documents.ts';
import { seeded } from '../renderer/seeded.ts';
import { makeCompoundFile, makeProperties, makeWorkbook } from './compound-maker.ts';
import { MAX_BYTES, MAX_REQUESTS, peekInto, readSample } from './peeking.ts';

const likely = (pages: number) => ({ kind: 'likely', pages });
const least = (pages: number) => ({ kind: 'least', pages });
const SUMMARY = '\u0005SummaryInformation';
const MORE_SUMMARY = '\u0005DocumentSummaryInformation';

const appXml = (pages: string): Buffer =>
  makeZip({ 'docProps/app.xml': `<Properties><Pages>${pages}</Pages></Properties>` });

/** A presentation with these slides; `hidden` are their numbers. */
function makePptx(slides: number, hidden: readonly number[] = []): Buffer {
  const ids = Array.from({ length: slides }, (_, index) => index + 1);
  return makeZip({
    'ppt/presentation.xml': `<p:presentation><p:sldMasterIdLst><p:sldMasterId id="1" r:id="rId0"/></p:sldMasterIdLst>
      <!-- <p:sldId id="9" r:id="rId9"/> --><p:sldIdLst>${ids.map((id) => `<p:sldId id="${255 + id}" r:id="rId${id}"/>`).join('')}</p:sldIdLst></p:presentation>`,
    'ppt/_rels/presentation.xml.rels': `<Relationships>${ids.map((id) => `<Relationship Id="rId${id}" Target="slides/slide${id}.xml"/>`).join('')}</Relationships>`,
    ...Object.fromEntries(
      ids.map((id) => [
        `ppt/slides/slide${id}.xml`,
        `<?xml version="1.0"?><p:sld xmlns:p="p"${hidden.includes(id) ? ' show="0"' : ''}><p:cSld name="${'x'.repeat(900)}"/></p:sld>`,
      ]),
    ),
  });
}

/** A workbook with these sheets: `full`, `empty` or `hidden`. */
function makeXlsx(sheets: readonly ('full' | 'empty' | 'hidden')[]): Buffer {
  return makeZip({
    'xl/workbook.xml': `<workbook><sheets>${sheets.map((sheet, index) => `<sheet name="S${index}" sheetId="${index}"${sheet === 'hidden' ? ' state="hidden"' : ''} r:id="r${index}"/>`).join('')}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `<Relationships>${sheets.map((_, index) => `<Relationship Id="r${index}" Target="worksheets/sheet${index}.xml"/>`).join('')}</Relationships>`,
    ...Object.fromEntries(
      sheets.map((sheet, index) => [
        `xl/worksheets/sheet${index}.xml`,
        `<worksheet><cols><col min="1"/></cols><sheetData>${sheet === 'empty' ? '' : '<row r="1"><c r="A1"><v>1</v></c></row>'}</sheetData></worksheet>`,
      ]),
    ),
  });
}

describe('what Office files say', () => {
  it('a Word document: the pages that were counted when it was saved', async () => {
    expect((await peekInto('docx', appXml('46'))).hint).toEqual(likely(46));
    expect((await peekInto('doc', makeCompoundFile({ [SUMMARY]: makeProperties({ 14: 61, 15: 900 }) }))).hint).toEqual(
      likely(61),
    );
    const small = makeCompoundFile({ other: Buffer.alloc(300), [SUMMARY]: makeProperties({ 14: 7 }) }, true);
    expect((await peekInto('doc', small)).hint).toEqual(likely(7));
  });
  it('nothing where it was not counted: one page is what programs write that do not count', async () => {
    for (const pages of ['1', '0', '-4', 'x', '99999999999'])
      expect((await peekInto('docx', appXml(pages))).hint).toBeNull();
    expect((await peekInto('docx', makeDocx(['a']))).hint).toBeNull();
    expect((await peekInto('doc', makeCompoundFile({ [SUMMARY]: makeProperties({ 14: 1 }) }))).hint).toBeNull();
    expect((await peekInto('doc', await readSample('english/Invoice 2026-0117.doc'))).hint).toBeNull();
  });
  it('a presentation: its slides without those that are hidden', async () => {
    expect((await peekInto('pptx', makePptx(9))).hint).toEqual(likely(9));
    expect((await peekInto('pptx', makePptx(9, [2, 9]))).hint).toEqual(likely(7));
    expect((await peekInto('pptx', makePptx(300, [7]))).hint).toEqual(likely(299));
    const counted = makeCompoundFile({ [MORE_SUMMARY]: makeProperties({ 7: 36, 9: 4 }) });
    expect((await peekInto('ppt', counted)).hint).toEqual(likely(32));
  });
  it('samples, with a part of their bytes', async () => {
    const pptx = await readSample('english/Two more electric ferries.pptx');
    const ppt = await readSample('中文/新员工培训.ppt');
    expect(await peekInto('pptx', pptx)).toMatchObject({ hint: likely(7) });
    const peeked = await peekInto('ppt', ppt);
    expect(peeked.hint).toEqual(likely(6));
    expect(peeked.bytes).toBeLessThan(ppt.length / 10);
  });
  it('a workbook: a page at least for each sheet that is to be seen and holds something', async () => {
    expect((await peekInto('xlsx', makeXlsx(['full', 'hidden', 'empty', 'full']))).hint).toEqual(least(2));
    expect((await peekInto('xlsx', makeXlsx(['empty', 'empty']))).hint).toEqual(least(1));
    const xls = makeCompoundFile({ Workbook: makeWorkbook(['visible', 'hidden', 'visible', 'macro']) });
    expect((await peekInto('xls', xls)).hint).toEqual(least(2));
    const locked = makeCompoundFile({ Workbook: makeWorkbook(['visible'], [0x2f]) });
    expect((await peekInto('xls', locked)).hint).toBeNull();
  });
  it('nothing where the file is another than its name says', async () => {
    const files = [makePptx(3), makeCompoundFile({ a: Buffer.alloc(5000) }), Buffer.from('%PDF-1.7'), Buffer.alloc(0)];
    for (const file of files) {
      for (const source of SOURCE_TYPES) if (source !== 'pptx') expect((await peekInto(source, file)).hint).toBeNull();
    }
  });
});

describe('hostile Office files', () => {
  const bomb = makeZip({ 'docProps/app.xml': `<Pages>${' '.repeat(50_000_000)}7</Pages>` });
  it('are not unpacked without end, and cost no time', async () => {
    const start = performance.now();
    expect((await peekInto('docx', bomb)).hint).toBeNull();
    const open = { 'ppt/presentation.xml': `${'<!-- '.repeat(400_000)}${'<p:sldId '.repeat(200_000)}` };
    expect((await peekInto('pptx', makeZip(open))).hint).toBeNull();
    expect(performance.now() - start).toBeLessThan(4000);
  });
  it('with seeded damage never throw, keep to the limits, and are never exact', async () => {
    const random = seeded(7_041_776);
    const sound = [
      ['pptx', makePptx(12, [3])],
      ['xlsx', makeXlsx(['full', 'empty', 'hidden'])],
      ['docx', appXml('46')],
      ['doc', makeCompoundFile({ [SUMMARY]: makeProperties({ 14: 61 }) }, true)],
      ['ppt', await readSample('中文/新员工培训.ppt')],
      ['xls', makeCompoundFile({ Workbook: makeWorkbook(['visible', 'hidden']) })],
    ] as const;
    const start = performance.now();
    let survived = 0;
    for (let round = 0; round < 900; round += 1) {
      const [source, bytes] = sound[round % sound.length]!;
      const file = Buffer.from(bytes);
      const isHead = random() < 0.5;
      for (let times = 1 + Math.floor(random() * 6); times > 0; times -= 1) {
        file[Math.floor(random() * (isHead ? Math.min(2048, file.length) : file.length))] = Math.floor(random() * 256);
      }
      const { hint, requests, bytes: read } = await peekInto(source, file);
      expect(requests).toBeLessThanOrEqual(MAX_REQUESTS);
      expect(read).toBeLessThanOrEqual(MAX_BYTES);
      expect(hint?.kind).not.toBe('exact');
      if (hint) survived += 1;
    }
    expect(survived).toBeGreaterThan(100);
    expect(survived).toBeLessThan(900);
    expect(performance.now() - start).toBeLessThan(20_000);
  });
});
