/** Pages kept in this computer across runs: what is here, how much room it takes, and what can be done with it. */
import { z } from 'zod';
import { ERROR_CODES } from './errors.ts';
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

/** Whether pages on the disk are sealed with a key from the keychain, and what cannot be read for want of one. */
const EncryptionView = z.object({
  isOn: z.boolean(),
  allPages: z.number().int(),
  sealedPages: z.number().int(),
  /** Pages are being brought into the form that was chosen. */
  isConverting: z.boolean(),
  /** That has stopped because the disk takes no more. */
  isStuck: z.boolean(),
  /** Sealed pages whose key is not at hand, and why; null: the keychain has not answered yet. */
  lockedPages: z.number().int(),
  lockedBy: z.enum(ERROR_CODES).nullable(),
  /** Sealed pages whose key the keychain has no more. */
  lostPages: z.number().int(),
  /** Why pages that are bought now are not kept although they are to be: there is no key. */
  keepsNothing: z.enum(ERROR_CODES).nullable(),
});
export type EncryptionView = z.infer<typeof EncryptionView>;

/** Documents pinned first, then by last use. Of what is locked only the encryption tells; its bytes count. */
export const KeptPagesView = z.object({
  documents: z.array(KeptView),
  bytes: z.number(),
  limitBytes: z.number(),
  encryption: EncryptionView,
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
  /** Pages that are here are rewritten in the background. Errors: keychain.*, file.*, cancelled; all is as before then. */
  'kept.setEncryption': call(z.object({ isOn: z.boolean() }), Nothing),
  /** Asks the keychain again for the keys of locked pages. Errors: keychain.*, cancelled. */
  'kept.unlock': call(Nothing, Nothing),
  /** Removes the pages whose key the keychain has no more. Errors: keychain.*, cancelled. */
  'kept.removeLost': call(Nothing, Nothing),
  /** Makes room at once for a smaller limit. Errors: file.*. */
  'kept.setBudget': call(z.object({ limitBytes: z.number().int().min(MIN_KEPT_BYTES).max(MAX_KEPT_BYTES) }), Nothing),
} as const;

/** At most once a second. */
export const KEPT_EVENTS = { 'kept.changed': KeptPagesView } as const;
