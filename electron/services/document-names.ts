/** By what a document, its object and its version are told from others. */
import { createHash } from 'node:crypto';
import type { DocumentView } from '#contract/contract.ts';

/** Start of a document version's names in the cache, and the name of its folder. Whole, not cut: no two share a picture. */
export function cacheNameOf(view: Omit<DocumentView, 'pages' | 'handle'>): string {
  const { accountId, bucket, key, versionId, source, etag } = view;
  return hashOf([accountId, bucket, key, versionId ?? '', source, etag]);
}

/** A document as one version among those of its object. */
export function watchedAs({ accountId, bucket, key, source, versionId, etag }: Omit<DocumentView, 'pages' | 'handle'>) {
  return { objectId: hashOf([accountId, bucket, key, source]), versionId, etag };
}

/** The last part of a key; a key that ends in `/` is named by the part before. */
export function nameOf(key: string): string {
  return key.split('/').findLast((part) => part !== '') ?? key;
}

/** SHA-256 in hex over parts that cannot run into one another. */
export function hashOf(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
