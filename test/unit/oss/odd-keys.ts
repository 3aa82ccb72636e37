/** Keys of every allowed kind from a seeded generator, so that a failure can be run again. */

/** mulberry32: small, and the same on every machine. */
export function makeRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const PIECES = [
  'a', 'Z', '0', '-', '_', '.', '~', ' ', '+', '%', '%20', '%2F', '&', '=', '?', '#', '!', "'", '(', ')', '*', ',', ';',
  ':', '@', '$', '"', '<', '>', '[', ']', '{', '}', '|', '^', '`', '\\', '/', '//', '/./', '/../', '\t', '\u0001', '\u007f',
  '\r\n', 'é', 'e\u0301', '年度', '报告', '😀', '\u200b', '\ufeff', '.docx', '..', 'CON',
]; // prettier-ignore

/** A key of 1 to 40 pieces, at most 1,023 bytes of UTF-8, not beginning with `/` or `\`. */
export function oddKey(random: () => number): string {
  const pick = (): string => PIECES[Math.floor(random() * PIECES.length)] ?? 'a';
  let key = '';
  const count = 1 + Math.floor(random() * 40);
  while (key.length === 0 || /^[/\\]/.test(key)) key = pick();
  for (let at = 1; at < count; at += 1) {
    const next = key + pick();
    if (Buffer.byteLength(next, 'utf8') > 1023) break;
    key = next;
  }
  return key;
}

/** Any Unicode scalar value, surrogates left out: pairs of them are what the upper planes are made of. */
function anyCharacter(random: () => number): string {
  const ranges = [0x80, 0x800, 0xd800, 0x11_0000] as const;
  const below = ranges[Math.floor(random() * ranges.length)] ?? 0x80;
  const code = Math.floor(random() * below);
  return code >= 0xd800 && code < 0xe000 ? '￼' : String.fromCodePoint(code);
}

function anyKey(random: () => number): string {
  const most = random() < 0.2 ? 1023 : 60;
  let key = 'k';
  for (let next = key; Buffer.byteLength(next) <= most; next += anyCharacter(random)) key = next;
  return key;
}

/** So many keys, each once: half from the pieces that clients trip over, half from all of Unicode. */
export function anyKeys(seed: number, count: number): string[] {
  const random = makeRandom(seed);
  return [...new Set(Array.from({ length: count }, (_, at) => (at % 2 === 0 ? oddKey(random) : anyKey(random))))];
}

/** What each is an example of -> the key. */
export const NAMED_KEYS: Record<string, string> = {
  'spaces, also first and doubled': ' two  spaces.pdf',
  'a plus': 'a+b.pdf',
  'a percent sign': '100%.pdf',
  'what looks like an escape': 'a%20b%2Fc%zz.pdf',
  'a hash': 'a#b.pdf',
  'a question mark and more of a query': 'a?versionId=1&x=y.pdf',
  'an apostrophe': "it's.pdf",
  Chinese: '合同（最终版）/年度 报告.pdf',
  'an emoji': '😀👩‍👩‍👧.pdf',
  'two accents on one letter': 'e\u0301\u0302.pdf',
  '1,023 bytes': `${'合'.repeat(339)}ab.pdf`,
  'a dot segment first': './a.pdf',
  'two dots first': '../a.pdf',
  'dot segments inside': 'a/./b/../c.pdf',
  'dot segments last': 'a/..',
  'nothing between slashes': 'a//b///c.pdf',
  backslashes: 'a\\..\\b.pdf',
  'control characters': 'a\u0001\t\u007f\u0085b.pdf',
  'a null character': 'a\0b.pdf',
  'a line end': 'a\r\nb.pdf',
  'the direction of text turned around': 'a\u202efdp.exe.pdf',
  'no extension': 'README',
  'no name at all, a folder for it': 'a/ .pdf',
};
