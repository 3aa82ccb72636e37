/**
 * Notices a service that was asked for an old version's picture and drew another version. Costs nothing: only what the
 * answers say and hold is looked at.
 */
import type { Target } from '#contract/shapes.ts';

/**
 * Why a version's pictures may not be its own. `other-version`: the service named another version in its answer.
 * `same-pictures`: every page seen of two versions with different content is the same picture, byte for byte, and the
 * service does not say which version it drew; so look pages that did not change, too.
 */
export type VersionDoubt = 'other-version' | 'same-pictures';

/** A picture that came, and of what. */
export interface SeenPicture {
  /** Account, bucket, key and source: what the versions are versions of. */
  objectId: string;
  /** The version asked for; null: the current one. */
  versionId: string | null;
  etag: string;
  pageNumber: number;
  target: Target;
  /** The same for the same bytes. */
  fingerprint: string;
  /** The version that the answer named; null where it named none. */
  answeredVersionId: string | null;
}

export interface VersionWatch {
  /** A picture came. */
  saw(picture: SeenPicture): void;
  /** What is to be said of a version now; null: nothing. The current version, asked for as such, is never doubted. */
  doubtOf(version: Pick<SeenPicture, 'objectId' | 'versionId' | 'etag'>): VersionDoubt | null;
}

interface Sight {
  versionId: string | null;
  etag: string;
  /** Page and target -> fingerprint. */
  readonly pictures: Map<string, string>;
  isNamed: boolean;
  isOther: boolean;
}

/** Starts having seen nothing. */
export function makeVersionWatch(): VersionWatch {
  const objects = new Map<string, Map<string, Sight>>();
  const nameOf = ({ versionId, etag }: Pick<SeenPicture, 'versionId' | 'etag'>): string => `${versionId ?? ''}|${etag}`;

  return {
    saw(picture) {
      const { objectId, versionId, etag, pageNumber, target, fingerprint, answeredVersionId } = picture;
      const sights = objects.get(objectId) ?? new Map<string, Sight>();
      objects.set(objectId, sights);
      const name = nameOf(picture);
      const sight = sights.get(name) ?? { versionId, etag, pictures: new Map(), isNamed: false, isOther: false };
      sights.set(name, sight);
      sight.pictures.set(`${pageNumber}.${target}`, fingerprint);
      if (versionId === null || answeredVersionId === null) return;
      if (answeredVersionId === versionId) sight.isNamed = true;
      else sight.isOther = true;
    },
    doubtOf(version) {
      const sights = objects.get(version.objectId);
      const own = sights?.get(nameOf(version));
      if (!sights || !own || own.versionId === null) return null;
      if (own.isOther) return 'other-version';
      if (own.isNamed) return null;
      for (const other of sights.values()) {
        if (other.etag !== own.etag && areAllTheSame(own.pictures, other.pictures)) return 'same-pictures';
      }
      return null;
    },
  };
}

/** Whether there are pages that both have, and not one of them differs. */
function areAllTheSame(one: ReadonlyMap<string, string>, other: ReadonlyMap<string, string>): boolean {
  const shared = [...one].filter(([page]) => other.has(page));
  return shared.length > 0 && shared.every(([page, fingerprint]) => other.get(page) === fingerprint);
}
