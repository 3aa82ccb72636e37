import { homedir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { FolderGrant } from '#contract/ids.ts';
import { makeFolderGrants } from '#services/folder-grants.ts';

function openGrants() {
  let seed = 0;
  return makeFolderGrants({ randomBytes: (length) => Buffer.alloc(length, (seed += 1)) });
}

describe('folder grants', () => {
  it('stand for a path that only this side knows', () => {
    const grants = openGrants();
    const folder = path.join(homedir(), 'Pictures', 'out');
    const { grant, label } = grants.grant(folder);
    expect(label).toBe(path.join('~', 'Pictures', 'out'));
    expect(grant).not.toContain('Pictures');
    expect(grants.find(grant)).toEqual({ folder, label });
  });
  it('are found only when they were given', () => {
    const grants = openGrants();
    grants.grant('/srv/out');
    expect(grants.find(FolderGrant.parse('f'.repeat(32)))).toBeNull();
    expect(openGrants().find(FolderGrant.parse('01'.repeat(16)))).toBeNull();
  });
  it('show a folder elsewhere as it is, a neighbour of the home folder too', () => {
    const grants = openGrants();
    for (const folder of [path.resolve('/srv/out'), `${homedir()}-2`, homedir()]) {
      expect(grants.grant(folder).label).toBe(folder);
    }
  });
  it('are for absolute paths alone', () => {
    expect(() => openGrants().grant('out')).toThrow('absolute');
  });
});
