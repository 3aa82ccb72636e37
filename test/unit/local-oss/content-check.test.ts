import { describe, expect, test } from 'vitest';
import { isCompoundFile, readCompoundEntries } from '#local-oss/rendering/compound-file.ts';
import { checkContent } from '#local-oss/rendering/content-check.ts';
import { readZipNames } from '#local-oss/rendering/zip-names.ts';
import { makeDocx, makePdf, makeZip } from './tiny-documents.ts';

interface Stream {
  name: string;
  content?: Buffer;
  /** Where the content begins: a sector, or a small sector for less than 4,096 bytes. Entries without content have none. */
  sector?: number;
}

const SECTOR = 512;
const END_OF_CHAIN = 0xfffffffe;
const FREE = 0xffffffff;

/**
 * An OLE file with its FAT in sector 0, the directory in the sectors named (each following the one before), and the
 * small stream in sector `smallSector`. Sectors that nobody names are free.
 */
function makeCompoundFile(streams: readonly Stream[], { directory = [1], smallSector = 3, sectors = 16 } = {}): Buffer {
  const file = Buffer.alloc((sectors + 1) * SECTOR);
  file.write('d0cf11e0a1b11ae1', 'hex');
  file.writeUInt16LE(9, 0x1e);
  file.writeUInt32LE(directory[0]!, 0x30);
  file.writeUInt32LE(END_OF_CHAIN, 0x44);
  for (let i = 0; i < 109; i++) file.writeUInt32LE(i === 0 ? 0 : FREE, 0x4c + i * 4);
  for (let i = 0; i < SECTOR / 4; i++) file.writeUInt32LE(FREE, SECTOR + i * 4);
  directory.forEach((sector, index) => file.writeUInt32LE(directory[index + 1] ?? END_OF_CHAIN, SECTOR + sector * 4));

  const root = { name: 'Root Entry', content: Buffer.alloc(SECTOR), sector: smallSector };
  [root, ...streams].forEach(({ name, content, sector = 0 }, index) => {
    const at = (directory[Math.floor(index / 4)]! + 1) * SECTOR + (index % 4) * 128;
    file.write(name, at, 'utf16le');
    file.writeUInt16LE((name.length + 1) * 2, at + 0x40);
    file.writeUInt8(index === 0 ? 5 : content ? 2 : 1, at + 0x42);
    file.writeUInt32LE(sector, at + 0x74);
    file.writeUInt32LE(content?.length ?? 0, at + 0x78);
    if (!content || index === 0) return;
    const place = content.length < 4_096 ? (smallSector + 1) * SECTOR + sector * 64 : (sector + 1) * SECTOR;
    content.copy(file, place);
  });
  return file;
}

const word = (flags: number): Stream => {
  const content = Buffer.alloc(4_096);
  content.writeUInt16LE(flags, 0x0a);
  return { name: 'WordDocument', content, sector: 4 };
};
/** A BOF record and one more. */
const book = (second: number): Stream => {
  const content = Buffer.alloc(40);
  content.writeUInt16LE(0x0809, 0);
  content.writeUInt16LE(16, 2);
  content.writeUInt16LE(second, 20);
  return { name: 'Workbook', content, sector: 2 };
};
const office = { kind: 'office' };
const wrong = { kind: 'refused', reason: 'wrong-content' };

describe('a PDF', () => {
  test('has its header within the first 1,024 bytes', () => {
    const pdf = makePdf([{}]);
    const after = (length: number): Buffer => Buffer.concat([Buffer.alloc(length, 0x20), pdf]);
    expect(checkContent(pdf, 'pdf')).toEqual({ kind: 'pdf' });
    expect(checkContent(after(1_019), 'pdf')).toEqual({ kind: 'pdf' });
    expect(checkContent(after(1_020), 'pdf')).toMatchObject(wrong);
  });

  test('is looked for in the given bytes only, not in the buffer around them', () => {
    const pool = Buffer.concat([Buffer.from('text'), makePdf([{}])]);
    expect(checkContent(pool.subarray(0, 4), 'pdf')).toMatchObject(wrong);
    expect(checkContent(pool.subarray(4), 'pdf')).toEqual({ kind: 'pdf' });
  });
});

describe('OOXML', () => {
  test('is told by its folder, and keeps its own ending under an old name', () => {
    const docx = makeDocx(['a']);
    expect(checkContent(docx, 'docx')).toEqual({ ...office, family: 'text', extension: 'docx', isEncrypted: false });
    expect(checkContent(docx, 'doc')).toMatchObject({ extension: 'docx' });
    for (const other of ['xlsx', 'xls', 'pptx', 'ppt', 'pdf'] as const)
      expect(checkContent(docx, other)).toMatchObject(wrong);
  });

  test('may be written with backslashes and capitals', () => {
    const odd = makeZip({ '[Content_Types].xml': '', 'XL\\Workbook.xml': '' });
    expect(checkContent(odd, 'xlsx')).toMatchObject({ family: 'sheet' });
  });

  test('without its list of contents is known by its files', () => {
    const whole = makeZip({ 'ppt/presentation.xml': 'x'.repeat(50), '[Content_Types].xml': 'y' });
    const cut = whole.subarray(0, whole.indexOf('[Content_Types]'));
    expect(readZipNames(whole).isComplete).toBe(true);
    expect(readZipNames(cut).isComplete).toBe(false);
    expect(checkContent(cut, 'pptx')).toMatchObject({ family: 'slides' });
    expect(checkContent(cut, 'docx')).toMatchObject(wrong);
  });

  test('cut anywhere never makes the reader throw', () => {
    const docx = makeDocx(['a', 'b']);
    for (let length = 0; length < docx.length; length += 3)
      expect(checkContent(docx.subarray(0, length), 'docx').kind).toBeDefined();
  });
});

describe('OLE', () => {
  test('is told by its streams', () => {
    expect(checkContent(makeCompoundFile([word(0)]), 'doc')).toEqual({
      ...office,
      family: 'text',
      extension: 'doc',
      isEncrypted: false,
    });
    expect(checkContent(makeCompoundFile([word(0)]), 'docx')).toMatchObject({ extension: 'doc' });
    expect(checkContent(makeCompoundFile([{ name: 'Book' }]), 'xls')).toMatchObject({ family: 'sheet' });
    expect(checkContent(makeCompoundFile([{ name: 'PowerPoint Document' }]), 'ppt')).toMatchObject({
      family: 'slides',
    });
    expect(checkContent(makeCompoundFile([word(0)]), 'xls')).toMatchObject(wrong);
    expect(checkContent(makeCompoundFile([{ name: '__nameid_version1.0' }]), 'doc')).toMatchObject(wrong);
  });

  test('is read to the end of its directory', () => {
    const fillers = Array.from({ length: 6 }, (_, index) => ({ name: `Filler ${index}` }));
    const file = makeCompoundFile([...fillers, word(0)], { directory: [13, 1] });
    expect([...readCompoundEntries(file).keys()]).toEqual([
      'root entry',
      ...fillers.map(({ name }) => name.toLowerCase()),
      'worddocument',
    ]);
  });

  test('that says it is encrypted is noted, and left to the engine', () => {
    expect(checkContent(makeCompoundFile([word(0x0100)]), 'doc')).toMatchObject({ ...office, isEncrypted: true });
    expect(checkContent(makeCompoundFile([book(0x2f)]), 'xls')).toMatchObject({ ...office, isEncrypted: true });
    expect(checkContent(makeCompoundFile([book(0x42)]), 'xls')).toMatchObject({ ...office, isEncrypted: false });
    const slides = makeCompoundFile([{ name: 'PowerPoint Document' }, { name: 'EncryptedSummary' }]);
    expect(checkContent(slides, 'ppt')).toMatchObject({ ...office, isEncrypted: true });
    const locked = makeCompoundFile([{ name: 'EncryptionInfo' }, { name: 'EncryptedPackage' }]);
    expect(checkContent(locked, 'xls')).toEqual({ ...office, family: 'sheet', extension: 'xlsx', isEncrypted: true });
  });

  test('with a directory that runs in a circle comes to an end', () => {
    const file = makeCompoundFile([word(0)]);
    file.writeUInt32LE(1, SECTOR + 4);
    expect(readCompoundEntries(file).has('worddocument')).toBe(true);
  });

  test('whose directory cannot be read is damaged', () => {
    const file = makeCompoundFile([word(0)]);
    file.writeUInt32LE(0x00ffffff, 0x30);
    expect(isCompoundFile(file)).toBe(true);
    expect(checkContent(file, 'doc')).toMatchObject({ kind: 'refused', reason: 'unreadable' });
    expect(checkContent(file.subarray(0, 8), 'doc')).toMatchObject({ kind: 'refused', reason: 'unreadable' });
  });

  test('cut anywhere never makes the reader throw', () => {
    const file = makeCompoundFile([word(0x100), book(0x2f)]);
    for (let length = 0; length < file.length; length += 7)
      expect(checkContent(file.subarray(0, length), 'doc').kind).toBeDefined();
  });
});

describe('anything else', () => {
  test.each(['docx', 'doc', 'xlsx', 'xls', 'pptx', 'ppt', 'pdf'] as const)('is no %s', (source) => {
    for (const text of ['plain words', '<html></html>', '{\\rtf1 rich}', '{"json":true}', '\u0000\u0001\u0002'])
      expect(checkContent(Buffer.from(text), source)).toMatchObject(wrong);
    expect(checkContent(new Uint8Array(0), source)).toMatchObject({ kind: 'refused', reason: 'empty' });
  });
});
