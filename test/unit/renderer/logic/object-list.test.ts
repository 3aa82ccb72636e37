import { describe, expect, it } from 'vitest';
import { crumbsOf, parentOf, readScope } from '#renderer/logic/object-list.ts';

describe('paths', () => {
  it('makes crumbs, leaving out what is above the root', () => {
    expect(crumbsOf('', '')).toEqual([]);
    expect(crumbsOf('2026/q3/', '')).toEqual([
      { name: '2026', prefix: '2026/' },
      { name: 'q3', prefix: '2026/q3/' },
    ]);
    expect(crumbsOf('2026/q3/drafts/', '2026/q3/')).toEqual([{ name: 'drafts', prefix: '2026/q3/drafts/' }]);
  });

  it('keeps empty folder names apart', () => {
    expect(crumbsOf('a//b/', '').map((crumb) => crumb.prefix)).toEqual(['a/', 'a//', 'a//b/']);
    expect(parentOf('a//b/', '')).toBe('a//');
    expect(parentOf('a//', '')).toBe('a/');
    expect(parentOf('/', '')).toBe('');
  });

  it('goes up to the root and no further', () => {
    expect(parentOf('a/b/', '')).toBe('a/');
    expect(parentOf('a/', '')).toBe('');
    expect(parentOf('', '')).toBe(null);
    expect(parentOf('a/b/', 'a/b/')).toBe(null);
    expect(parentOf('a/b/c/', 'a/b/')).toBe('a/b/');
  });

  it('reads a scope', () => {
    expect(readScope('')).toBe(null);
    expect(readScope('team-docs/')).toEqual({ bucket: 'team-docs', prefix: '' });
    expect(readScope('team-docs/a/b/')).toEqual({ bucket: 'team-docs', prefix: 'a/b/' });
  });
});
