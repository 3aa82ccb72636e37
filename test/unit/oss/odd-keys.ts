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
