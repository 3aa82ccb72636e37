/**
 * Fonts of the machine for PDFs that name a font without carrying it. PDFium has Latin faces built in, but nothing for
 * Chinese, Japanese or Korean, and in WebAssembly it cannot look for fonts itself: without this such text stays blank.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { init } from '@embedpdf/pdfium';

/** The package's own types lean on Emscripten's, which are not installed: the one member needed from there is named here. */
export type Pdfium = Awaited<ReturnType<typeof init>> & { pdfium: { HEAPU8: Uint8Array } };

/** One face: a font file, and which face of it where the file is a collection. */
interface HostFont {
  file: string;
  face: number;
}

// Windows character sets, by which PDFium asks (fpdf_sysfontinfo.h).
const SHIFT_JIS = 128;
const HANGUL = 129;
const GB2312 = 134;
const BIG5 = 136;

const COLLECTION_TAG = 0x74746366; // 'ttcf': the font file as a whole
const BOLD_WEIGHT = 600;
const ROMAN_FAMILY = 1 << 4; // FXFONT_FF_ROMAN: a face with serifs

/** The face of each script in the Noto Sans CJK and Noto Serif CJK collections. */
const NOTO_FACES: Record<number, number> = { [SHIFT_JIS]: 0, [HANGUL]: 1, [GB2312]: 2, [BIG5]: 3 };
const NOTO_FOLDERS = [
  '/usr/share/fonts/opentype/noto',
  '/usr/share/fonts/noto-cjk',
  '/usr/share/fonts/google-noto-cjk',
];
const OTHER_FONTS: Record<number, readonly string[]> = {
  [GB2312]: ['C:/Windows/Fonts/simsun.ttc', 'C:/Windows/Fonts/msyh.ttc', '/System/Library/Fonts/STHeiti Light.ttc'],
  [BIG5]: ['C:/Windows/Fonts/mingliu.ttc', 'C:/Windows/Fonts/msjh.ttc', '/System/Library/Fonts/STHeiti Light.ttc'],
  [SHIFT_JIS]: ['C:/Windows/Fonts/msgothic.ttc', '/System/Library/Fonts/ヒラギノ角ゴシック W3.ttc'],
  [HANGUL]: ['C:/Windows/Fonts/malgun.ttf', '/System/Library/Fonts/AppleSDGothicNeo.ttc'],
};

/** The best face that this machine has for a character set; null where PDFium's own must do. */
function findFont(charset: number, isBold: boolean, isSerif: boolean): HostFont | null {
  const face = NOTO_FACES[charset];
  if (face === undefined) return null;
  const family = isSerif ? 'NotoSerifCJK' : 'NotoSansCJK';
  const noto = `${family}-${isBold ? 'Bold' : 'Regular'}.ttc`;
  const folders = [...NOTO_FOLDERS, path.join(os.homedir(), '.local/share/fonts')];
  const file = folders.map((folder) => path.join(folder, noto)).find((candidate) => fs.existsSync(candidate));
  if (file !== undefined) return { file, face };
  const other = OTHER_FONTS[charset]?.find((candidate) => fs.existsSync(candidate));
  return other === undefined ? null : { file: other, face: 0 };
}

/** Tells PDFium to ask us for fonts that a document does not carry. Call it once, before any document is opened. */
export function installHostFonts(pdfium: Pdfium): void {
  const { pdfium: engine } = pdfium;
  const fonts: HostFont[] = []; // PDFium's handles are positions in here, plus 1
  const contents = new Map<string, Uint8Array>();

  const read = (file: string): Uint8Array => {
    const bytes = contents.get(file) ?? fs.readFileSync(file);
    contents.set(file, bytes);
    return bytes;
  };
  const mapFont = (_self: number, weight: number, _italic: number, charset: number, pitchFamily: number): number => {
    const font = findFont(charset, weight >= BOLD_WEIGHT, (pitchFamily & ROMAN_FAMILY) !== 0);
    if (font === null) return 0;
    const known = fonts.findIndex(({ file, face }) => file === font.file && face === font.face);
    return known >= 0 ? known + 1 : fonts.push(font);
  };
  const getFontData = (_self: number, handle: number, table: number, buffer: number, sizeBytes: number): number => {
    const font = fonts[handle - 1];
    if (!font) return 0;
    const data = fontData(read(font.file), font.face, table);
    if (data.length > 0 && sizeBytes >= data.length) engine.HEAPU8.set(data, buffer);
    return data.length;
  };

  // struct FPDF_SYSFONTINFO: a version and eight functions, of which these four are needed.
  const nothing = engine.addFunction(() => 0, 'iii');
  const members = [
    1,
    engine.addFunction(() => undefined, 'vi'), // Release
    engine.addFunction(() => undefined, 'vii'), // EnumFonts
    engine.addFunction(mapFont, 'iiiiiiii'),
    nothing, // GetFont: by exact name only
    engine.addFunction(getFontData, 'iiiiii'),
    engine.addFunction(() => 0, 'iiiii'), // GetFaceName
    nothing, // GetFontCharset
    engine.addFunction(() => undefined, 'vii'), // DeleteFont
  ];
  const struct = engine.wasmExports.malloc(members.length * 4);
  members.forEach((value, index) => engine.setValue(struct + index * 4, value, 'i32'));
  pdfium.FPDF_SetSystemFontInfo(struct);
}

/**
 * What PDFium gets for a table of a font. Table 0 is the font and, in a collection, everything from its face on: PDFium
 * takes the difference of the two sizes for the place of the face.
 */
function fontData(bytes: Uint8Array, face: number, table: number): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isCollection = view.getUint32(0) === COLLECTION_TAG;
  if (table === COLLECTION_TAG) return isCollection ? bytes : new Uint8Array(0);
  if (table !== 0) return new Uint8Array(0);
  if (!isCollection) return bytes;
  const faces = view.getUint32(8);
  return bytes.subarray(view.getUint32(12 + Math.min(face, faces - 1) * 4));
}
