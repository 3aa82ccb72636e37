/** What becomes of a chosen way to the service when the region changes. */
import { hostOf, wayOf } from '#contract/regions.ts';

/**
 * The same way in another region; the public one where that region has no such address. An address of one's own stays as
 * it is typed.
 */
export function endpointIn(region: string, endpoint: string, before: string): string {
  const way = wayOf(endpoint, before.trim());
  if (way === null || way === 'public') return way === null ? endpoint : '';
  return hostOf(region.trim(), way) ?? '';
}
