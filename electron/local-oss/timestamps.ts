/** The two ways in which a request says when it was signed, and the ways in which OSS writes times. */

const ISO_BASIC = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/;
const RFC_1123 =
  /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/** Reads `20260115T083000Z` or `Thu, 15 Jan 2026 08:30:00 GMT`, ms since 1970; null for all else. */
export function readTimestamp(text: string): number | null {
  const parts = ISO_BASIC.exec(text);
  if (!parts && !RFC_1123.test(text)) return null;
  const iso = parts && `${parts[1]}-${parts[2]}-${parts[3]}T${parts[4]}:${parts[5]}:${parts[6]}Z`;
  const ms = Date.parse(iso ?? text);
  if (Number.isNaN(ms)) return null;
  // Date.parse rolls 31 February over instead of refusing it.
  return (iso ? toIsoBasic(ms) : new Date(ms).toUTCString()) === text ? ms : null;
}

/** `20260115T083000Z` */
export function toIsoBasic(ms: number): string {
  return new Date(ms).toISOString().replace(/[-:]|\.\d{3}/g, '');
}

/** `2026-01-15T08:30:00.000Z`, as in OSS's XML: whole seconds. */
export function toXmlTime(ms: number): string {
  return new Date(Math.floor(ms / 1000) * 1000).toISOString();
}

/** `Thu, 15 Jan 2026 08:30:00 GMT`, as in HTTP headers. */
export function toHttpTime(ms: number): string {
  return new Date(ms).toUTCString();
}
