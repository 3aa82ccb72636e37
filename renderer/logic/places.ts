/** What can be said of a pinned or recent place without asking anybody. */
import type { Place } from '#contract/places.ts';
import { lastNameOf } from '#contract/source-types.ts';

/** The last part of the path that has a name: of a bucket the bucket, of `a/b/` it is `b`. */
export function nameOfPlace(place: Place): string {
  if (place.kind === 'document') return lastNameOf(place.key);
  const name = place.prefix.replace(/\/$/, '');
  return name === '' ? place.bucket : name.slice(name.lastIndexOf('/') + 1);
}
