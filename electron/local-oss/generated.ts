/** Objects that a world file asks for by the thousand, without a line for each. */
import type { GeneratedEntry, ObjectEntry } from './world.ts';

const MINUTE_MS = 60_000;
const STARTS_AT = '2026-01-01T00:00:00Z';

/** The objects that one entry of `generated` stands for, as `world.ts` describes them. */
export function generate(entry: GeneratedEntry): ObjectEntry[] {
  const { prefix, count, storageClass } = entry;
  const suffixes = entry.suffixes ?? ['.pdf'];
  const startsAtMs = Date.parse(entry.modifiedAt ?? STARTS_AT);
  const width = String(count - 1).length;
  return Array.from({ length: count }, (_, n) => ({
    key: `${prefix}${String(n).padStart(width, '0')}${suffixes[n % suffixes.length]!}`,
    zeros: (entry.zeros ?? 1024) + (n % 1000),
    modifiedAt: new Date(startsAtMs + n * MINUTE_MS).toISOString(),
    ...(storageClass !== undefined && { storageClass }),
  }));
}
