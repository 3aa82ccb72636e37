/** Money as people read and type it. Inside it is millionths of the currency, whole numbers. */

export const MILLION = 1_000_000;

const formats = new Map<string, Intl.NumberFormat>();

/** `¥4.20`; sums below a hundredth keep what makes them more than nothing. */
export function formatMoney(micros: number, currency: string, locale: string): string {
  const amount = micros / MILLION;
  const isTiny = micros !== 0 && Math.abs(amount) < 0.01;
  const name = `${locale} ${currency} ${isTiny}`;
  const digits = isTiny ? { maximumSignificantDigits: 2 } : { minimumFractionDigits: 2, maximumFractionDigits: 2 };
  const format =
    formats.get(name) ??
    new Intl.NumberFormat(locale, { style: 'currency', currency, currencyDisplay: 'narrowSymbol', ...digits });
  formats.set(name, format);
  return format.format(amount);
}

/** A price as typed, in millionths: digits of any width, a point or a comma, at most six places. Null: no such number. */
export function readMoney(text: string): number | null {
  const plain = text.normalize('NFKC').trim().replace(',', '.');
  const match = /^(\d{1,5})(?:\.(\d{0,6}))?$/.exec(plain);
  if (!match) return null;
  return Number(match[1]) * MILLION + Number((match[2] ?? '').padEnd(6, '0'));
}

/** Millionths as they are typed: no more places than there are. */
export function showMoney(micros: number): string {
  const part = String(micros % MILLION)
    .padStart(6, '0')
    .replace(/0+$/, '');
  const whole = String(Math.floor(micros / MILLION));
  return part === '' ? whole : `${whole}.${part}`;
}
