/** Pages kept in this computer across runs: what is here, how much room it takes, and what can be done with it. */
import { z } from 'zod';
import { AccountId, KeptId } from './ids.ts';
import { call, Nothing, SourceType } from './shapes.ts';

/** A limit is at least one long document, and less than any disk can be taken for. */
export const MIN_KEPT_BYTES = 100 * 1024 ** 2;
export const MAX_KEPT_BYTES = 1024 ** 4;

/** One document version of which pages are here. */
export const KeptView = z.object({
  id: KeptId,
  accountId: AccountId,
  bucket: z.string(),
  key: z.string(),
  versionId: z.string().nullable(),
  source: SourceType,
  pagesHere: z.number().int(),
  /** The number of pages, where the end was proven. */
  total: z.number().int().nullable(),
  bytes: z.number(),
  /** When the service last said that this is the object's content, ISO 8601 UTC. */
  verifiedAt: z.string(),
  /** Kept until the person lets it go: no room is ever made of it. */
  isPinned: z.boolean(),
  /** The object had another content when the service was asked later: only what is read from it stays true of that time. */
  isOutdated: z.boolean(),
});
export type KeptView = z.infer<typeof KeptView>;

/** Documents pinned first, then by last use. */
export const KeptPagesView = z.object({
  documents: z.array(KeptView),
  bytes: z.number(),
  limitBytes: z.number(),
});
export type KeptPagesView = z.infer<typeof KeptPagesView>;

/** The calls of this area. None of them asks the service for anything. */
export const KEPT_CALLS = {
  'kept.list': call(Nothing, KeptPagesView),
  /** Its pages may go when room is needed. */
  'kept.release': call(z.object({ id: KeptId }), Nothing),
  /** Removes the pages of one document; of one that is open when it is closed. */
  'kept.remove': call(z.object({ id: KeptId }), Nothing),
  /** Removes all pages, pinned ones as well; of open documents when they are closed. */
  'kept.clear': call(Nothing, Nothing),
  /** Makes room at once for a smaller limit. Errors: file.*. */
  'kept.setBudget': call(z.object({ limitBytes: z.number().int().min(MIN_KEPT_BYTES).max(MAX_KEPT_BYTES) }), Nothing),
} as const;

/** At most once a second. */
export const KEPT_EVENTS = { 'kept.changed': KeptPagesView } as const;
