import { describe, expect, it } from 'vitest';
import { makeVersionWatch, type SeenPicture, type VersionWatch } from '#services/version-watch.ts';

const OLD = { objectId: 'o', versionId: 'v1', etag: 'A' };
const NEW = { objectId: 'o', versionId: null, etag: 'B' };
function saw(watch: VersionWatch, of: typeof OLD | typeof NEW, pages: string, answered: string | null = null): void {
  [...pages].forEach((fingerprint, index) => {
    const page: SeenPicture = { ...of, pageNumber: index + 1, target: 'png', fingerprint, answeredVersionId: answered };
    watch.saw(page);
  });
}

describe('version watch', () => {
  it('is sure when the answer names another version', () => {
    const watch = makeVersionWatch();
    saw(watch, OLD, 'a', 'v9');
    expect(watch.doubtOf(OLD)).toBe('other-version');
  });

  it('doubts a version whose pages are all those of another one', () => {
    const watch = makeVersionWatch();
    saw(watch, NEW, 'abc');
    expect(watch.doubtOf(OLD)).toBe(null);
    saw(watch, OLD, 'ab');
    expect(watch.doubtOf(OLD)).toBe('same-pictures');
    expect(watch.doubtOf(NEW)).toBe(null);
  });

  it('is content when one page differs, or the answer names the version asked for', () => {
    const differing = makeVersionWatch();
    saw(differing, NEW, 'abc');
    saw(differing, OLD, 'aXc');
    expect(differing.doubtOf(OLD)).toBe(null);
    const named = makeVersionWatch();
    saw(named, NEW, 'abc');
    saw(named, OLD, 'abc', 'v1');
    expect(named.doubtOf(OLD)).toBe(null);
  });

  it('compares neither other objects, nor other targets, nor versions with the same bytes', () => {
    const watch = makeVersionWatch();
    saw(watch, { ...NEW, objectId: 'other' }, 'a');
    saw(watch, { ...NEW, etag: 'A' }, 'a');
    watch.saw({ ...NEW, pageNumber: 1, target: 'jpg', fingerprint: 'a', answeredVersionId: null });
    saw(watch, OLD, 'a');
    expect(watch.doubtOf(OLD)).toBe(null);
  });
});
