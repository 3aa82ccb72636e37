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
import { makeOfflinePages, type OfflinePages } from '#services/offline-pages.ts';
import { makePageLooks } from '#services/page-looks.ts';
import type { Settings } from '#services/settings.ts';
import { time, type WayToOss } from './way-to-oss.ts';

export interface Reading {
  documents: Documents;
  exports: Exports;
  grants: FolderGrants;
  offline: OfflinePages;
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
  onKept(view: EventOf<'kept.changed'>): void;
}

/** Opens nothing yet. */
export function makeReading(options: ReadingOptions): Reading {
  const { settings, way, userData, filesFolder } = options;
  const grants = makeFolderGrants({ randomBytes });
  const looks = makePageLooks({ ...time, workerFolder: path.join(filesFolder, 'helpers') });
  const offline = makeOfflinePages({
    ...time,
    settings,
    keychain: way.keychain,
    randomBytes,
    rootFolder: path.join(userData, 'pages'),
    onChange: options.onKept,
  });
  const documents = makeDocuments({
    ...time,
    kept: offline.kept,
    unlockKept: offline.encryption.unlock,
    looks,
    randomBytes,
    ledger: way.ledger,
    refusal: way.cost.refusal,
    clientOf: way.accounts.clientOf,
    counting: () => settings.current,
    cacheFolder: path.join(userData, 'pictures-of-this-run'),
    onPages: options.onPages,
    onHold: () => exports.tellAll(),
  });
  const exports = makeExports({
    ...time,
    ...{ randomBytes, documents, grants },
    onChange: options.onExport,
    onOver: way.cost.endOnce,
  });
  return {
    ...{ documents, exports, grants, offline },
    async dispose() {
      await exports.dispose();
      await documents.dispose();
      await offline.dispose();
      await looks.dispose();
    },
  };
}
