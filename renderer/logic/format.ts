/** Numbers, sizes and dates as a person reads them, by locale. Formatters are kept: making one costs more than a row. */

type Locale = string;

function keeper<T>(make: (locale: Locale) => T): (locale: Locale) => T {
  const kept = new Map<Locale, T>();
  return (locale) => {
    const known = kept.get(locale);
    if (known !== undefined) return known;
    const made = make(locale);
    kept.set(locale, made);
    return made;
  };
}

const SIZE_UNITS = ['kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;
const sizeFormats = SIZE_UNITS.map((unit, index) =>
  keeper(
    (locale) =>
      new Intl.NumberFormat(locale, {
        style: 'unit',
        unit,
        unitDisplay: 'short',
        maximumFractionDigits: index === 0 ? 0 : 1,
      }),
  ),
);
const dateFormat = keeper((locale) => new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' }));

/**
 * A size in steps of 1,024, as OSS counts its limit: exactly 20 × 1024² bytes is "20 MB". Below 1 kB there is nothing
 * worth a unit of its own. Rounded up, never down or to the nearest, so that a file just over the limit does not read as
 * one at the limit.
 */
export function formatSize(sizeBytes: number, locale: Locale): string {
  let unit = 0;
  let amount = sizeBytes / 1024;
  while (amount >= 1024 && unit < SIZE_UNITS.length - 1) {
    amount /= 1024;
    unit += 1;
  }
  const step = unit === 0 ? 1 : 10;
  // 1,023.95 MB must not become "1,024 MB".
  const rounded = Math.ceil(amount * step) / step;
  if (rounded >= 1024 && unit < SIZE_UNITS.length - 1) return formatSize(1024 ** (unit + 2), locale);
  return sizeFormats[unit]!(locale).format(rounded);
}

/** Date and time of day in the computer's time zone; empty when the service gave none that can be read. */
export function formatDate(iso: string, locale: Locale): string {
  const at = Date.parse(iso);
  return Number.isNaN(at) ? '' : dateFormat(locale).format(at);
}

/**
 * A name as one line that cannot deceive: control characters become visible signs, and the marks that turn the
 * direction of text (with which `exe.pdf` can be made to look like another name) become a replacement character.
 */
export function showName(name: string): string {
  return name
    .replace(/\p{Cc}/gu, showControl)
    .replace(/[\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, '\ufffd');
}

/** Unicode has pictures of the ASCII control characters from U+2400, DEL apart; the later ones have none. */
function showControl(sign: string): string {
  const code = sign.charCodeAt(0);
  if (code === 0x7f) return '\u2421';
  return code < 0x20 ? String.fromCharCode(0x2400 + code) : '\ufffd';
}
