/**
 * Composition of what is done with documents: pages kept across runs, open documents, exports. It knows no window:
 * whoever composes the app says who hears of changes.
 */
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import type { EventOf } from '#contract/contract.ts';
import { makeDocuments, type Documents, type Owner } from '#services/documents.ts';
import { makeExports, type Exports } from '#services/exports.ts';
import { makeFolderGrants, type FolderGrants } from '#services/folder-grants.ts';
import { makeKeptPages, type KeptPages } from '#services/kept-pages.ts';
import { makePageLooks } from '#services/page-looks.ts';
import type { Settings } from '#services/settings.ts';
import { time, type WayToOss } from './way-to-oss.ts';

export interface Reading {
  documents: Documents;
  exports: Exports;
  grants: FolderGrants;
  kept: KeptPages;
  dispose(): Promise<void>;
}

export interface ReadingOptions {
  settings: Settings;
  way: WayToOss;
  /** The app's own data: pages go there. */
  userData: string;
  /** Where workers lie as real files. */
  filesFolder: string;
  onPages(owner: Owner, event: EventOf<'pages.changed'>): void;
  onExport(job: EventOf<'exports.changed'>): void;
}

/** Opens nothing yet. */
export function makeReading({ settings, way, userData, filesFolder, onPages, onExport }: ReadingOptions): Reading {
  const grants = makeFolderGrants({ randomBytes });
  const looks = makePageLooks({ workerFolder: path.join(filesFolder, 'helpers') });
  const kept = makeKeptPages({
    ...time,
    rootFolder: path.join(userData, 'pages'),
    limitBytes: () => settings.current.pages.limitBytes,
    onChange: () => undefined,
  });
  const documents = makeDocuments({
    ...time,
    kept,
    looks,
    randomBytes,
    ledger: way.ledger,
    refusal: way.cost.refusal,
    clientOf: way.accounts.clientOf,
    cacheFolder: path.join(userData, 'pictures-of-this-run'),
    onPages,
    onHold: () => exports.tellAll(),
  });
  const exports = makeExports({ ...time, randomBytes, documents, grants, onChange: onExport });
  return {
    ...{ documents, exports, grants, kept },
    async dispose() {
      await exports.dispose();
      await documents.dispose();
      await kept.dispose();
      await looks.dispose();
    },
  };
}
