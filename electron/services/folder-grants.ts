/** Leave to write into one folder. The page of the app holds an opaque grant and sees a label; the path stays here. */
import { homedir } from 'node:os';
import path from 'node:path';
import { FolderGrant } from '#contract/ids.ts';

export interface FolderGrants {
  /** For a folder that the person just chose in the system's dialog, as an absolute path. */
  grant(folder: string): { grant: FolderGrant; label: string };
  /** Null for a grant that we never gave. */
  find(grant: FolderGrant): { folder: string; label: string } | null;
}

/** Starts with no grants; they last for the run. */
export function makeFolderGrants(options: { randomBytes: (length: number) => Uint8Array }): FolderGrants {
  const folders = new Map<FolderGrant, { folder: string; label: string }>();
  return {
    grant(folder) {
      if (!path.isAbsolute(folder)) throw new Error('A folder grant needs an absolute path.');
      const grant = FolderGrant.parse(Buffer.from(options.randomBytes(16)).toString('hex'));
      const label = toLabel(folder);
      folders.set(grant, { folder, label });
      return { grant, label };
    },
    find: (grant) => folders.get(grant) ?? null,
  };
}

/** The path as people write it: `~` for their own folder. */
function toLabel(folder: string): string {
  const home = homedir();
  const inside = path.relative(home, folder);
  const isInside = inside !== '' && !inside.startsWith('..') && !path.isAbsolute(inside);
  return isInside ? path.join('~', inside) : folder;
}
