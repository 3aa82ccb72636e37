/** The ledger as a table for spreadsheets: RFC 4180, with the mark that makes Excel read it as UTF-8. */
import { LOTS } from '#contract/bill-items.ts';
import type { KindCount, MonthView, PriceTable } from '#contract/cost.ts';

const HEAD = [
  'month',
  'kind',
  'name',
  'amount',
  'amount_unclear',
  'refused',
  'unit',
  'price_per_lot',
  'lot',
  'money',
  'money_at_most',
  'currency',
];
const MILLION = 1_000_000n;

/** One line for each item of each month, then one for each kind of request; newest month first. */
export function toCsv(
  months: readonly (MonthView & { kinds: Readonly<Record<string, KindCount>> })[],
  { currency, prices }: { currency: string; prices: PriceTable },
): string {
  const rows: string[][] = [HEAD];
  for (const { month, items, kinds, reused } of months) {
    for (const { item, amount, money } of items) {
      const price = prices[item];
      rows.push([
        ...[month, 'item', item, String(amount.sure), String(amount.unclear), '', LOTS[item].of],
        price === undefined ? '' : toDecimal(price),
        String(LOTS[item].size),
        ...(money ? [toDecimal(money.likely), toDecimal(money.atMost), currency] : ['', '', '']),
      ]);
    }
    for (const [kind, { billable, unclear, free }] of Object.entries(kinds)) {
      rows.push([
        month,
        'request',
        kind,
        String(billable),
        String(unclear),
        String(free),
        'requests',
        '',
        '',
        '',
        '',
        '',
      ]);
    }
    rows.push([month, 'saved', 'reused', String(reused), '', '', 'pictures', '', '', '', '', '']);
  }
  return `\uFEFF${rows.map((row) => row.map(toField).join(',')).join('\r\n')}\r\n`;
}

/** Millionths as a decimal number with a point, exact. */
export function toDecimal(micros: number): string {
  const whole = BigInt(micros) / MILLION;
  const part = String(BigInt(micros) % MILLION)
    .padStart(6, '0')
    .replace(/0+$/, '');
  return part === '' ? String(whole) : `${whole}.${part}`;
}

/** Quoted where it must be; what a spreadsheet would take for a formula begins with an apostrophe. */
function toField(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
