/**
 * Open documents. The page of the app holds an opaque handle; bucket, key, account and version stay here. What was
 * bought of a document version stays for the run, whether the document is open or not.
 */
import { createHash } from 'node:crypto';
import path from 'node:path';
import {
  MAX_SOURCE_BYTES,
  SourceType,
  type DocumentView,
  type EventOf,
  type PageCountView,
  type PageStateView,
  type Parsed,
  type Target,
} from '#contract/contract.ts';
import { fail, ok, type Result } from '#contract/errors.ts';
import { DocumentHandle, PictureVersion, type AccountId } from '#contract/ids.ts';
import type { Ledger } from './ledger.ts';
import type { ObjectHead, OssClient, PagePicture } from './oss-client.ts';
import { makePageCache } from './page-cache.ts';
import { makePageScheduler, type PageScheduler } from './page-scheduler.ts';
import { makePageStore, type PageName, type PageStore, type PageViewer } from './page-store.ts';
import { afterTimeout, makePace, type Later, type Pace } from './pace.ts';

/** Who opened a document: one window, by an id that the shell makes. */
export type Owner = string;

/** A document for a job that outlives its window: it stays readable after the handle was closed. */
export interface HeldDocument {
  view: DocumentView;
  pages: PageStore;
}

export interface Documents {
  /**
   * Opens a document with one HEAD; no picture is bought. The same document opened again by the same owner is the same
   * handle, with a new `version` when the object has changed; it is closed when it was closed as often as opened.
   * Errors: snapshot.typeUnknown, snapshot.tooLarge, account.*, keychain.*, net.*, oss.*, cancelled.
   */
  open(owner: Owner, input: Parsed<'documents.open'>, signal: AbortSignal): Promise<Result<DocumentView>>;
  close(handle: DocumentHandle): void;
  /** Closes everything of one owner: its window was reloaded or is gone. */
  closeAll(owner: Owner): void;
  /** Null when the handle is not open. */
  ownerOf(handle: DocumentHandle): Owner | null;
  /** What `documents.open` answered, with what is known of the pages now. Errors: document.closed. */
  view(handle: DocumentHandle): Result<DocumentView>;
  /** The pages wanted now, most wanted first; replaces the list before. Errors: document.closed. */
  want(
    handle: DocumentHandle,
    target: Target,
    pages: readonly number[],
  ): Result<{ pages: PageStateView[]; count: PageCountView }>;
  /** Forgets the failure of one page; if it is wanted, it is asked again. Errors: document.closed. */
  retry(handle: DocumentHandle, target: Target, pageNumber: number): Result<Record<string, never>>;
  /**
   * The picture for snapshot://. Waits for a request that is on its way and never starts one: only `want` and exports
   * buy. Null when the handle is closed, the version is another one, or the picture is not here.
   */
  picture(handle: string, version: string, pageNumber: number, target: Target): Promise<PagePicture | null>;
  /** A signed link of one page; `expiresAt` ISO 8601 UTC. Errors: document.closed, account.*, keychain.*, net.*, oss.*. */
  presign(
    handle: DocumentHandle,
    page: { target: Target; pageNumber: number },
    lifetimeSeconds: number,
    signal: AbortSignal,
  ): Promise<Result<{ url: string; expiresAt: string }>>;
  /** The document for a job. Errors: document.closed. */
  hold(handle: DocumentHandle): Result<HeldDocument>;
  /** Ends requests on the wire and removes the pictures of this run. */
  dispose(): Promise<void>;
}

/** At most this often the page hears of one document's pages. */
const TELL_EVERY_MS = 50;

interface OpenDocument {
  readonly handle: DocumentHandle;
  readonly owner: Owner;
  /** Account, object and source: what makes two openings the same document. */
  readonly identity: string;
  timesOpened: number;
  view: Omit<DocumentView, 'pages'>;
  pages: PageStore;
  viewer: PageViewer;
  /** Pages whose state the page of the app has not heard yet, by number and target. */
  readonly untold: Map<string, PageName>;
  readonly pace: Pace;
}

export interface DocumentsOptions {
  /** The account's client, or why it has none right now. */
  clientOf: (accountId: AccountId) => Result<OssClient>;
  ledger: Pick<Ledger, 'reused'>;
  /** Holds the pictures of the run and nothing else; made when needed, swept at start. */
  cacheFolder: string;
  /** At most every 50 ms for one document, the last state always. */
  onPages: (owner: Owner, event: EventOf<'pages.changed'>) => void;
  /** Epoch ms. */
  now: () => number;
  randomBytes: (length: number) => Uint8Array;
  later?: Later;
  /** Requests at a time of one account; 4 unless said. */
  mostAtOnce?: number;
}
