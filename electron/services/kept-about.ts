/**
 * `about.json`: what the pages beside it are of, and how they stand. Where pages are sealed, what they are of (account,
 * bucket, key, ETag) is sealed as well. How they stand is not: pins and the order in which pages make room hold without
 * the key, too.
 */
import { readFile, stat } from 'node:fs/promises';
import { z } from 'zod';
import { AccountId } from '#contract/ids.ts';
import { SourceType } from '#contract/shapes.ts';
import { END_PROOFS } from './page-count.ts';
import { writeWhole, type FindKey } from './page-files.ts';
import { PageKeyId, seal, unseal, type PageKey } from './sealed-bytes.ts';

/** A document version as it was when its pages were made. */
export const KeptDocument = z.object({
  accountId: AccountId,
  bucket: z.string(),
  key: z.string(),
  versionId: z.string().nullable(),
  source: SourceType,
  etag: z.string(),
  sizeBytes: z.number(),
  modifiedAt: z.string(),
});
export type KeptDocument = z.infer<typeof KeptDocument>;

/** What changes of it, and is kept as well. */
const KeptStanding = z.object({
  /** The last page, when its end was proven. */
  lastPage: z.number().int().nullable(),
  /** How it was proven; absent where an app wrote this that kept no such word. */
  proof: z.enum(END_PROOFS).optional(),
  /** When the service last said that this is the object's content, epoch ms. */
  verifiedAt: z.number(),
  usedAt: z.number(),
  isPinned: z.boolean(),
});
export type KeptStanding = z.infer<typeof KeptStanding>;

/** What the pages are of, sealed. */
const SealedDocument = z.object({ by: PageKeyId, box: z.base64() });
export type SealedDocument = z.infer<typeof SealedDocument>;

const AboutFile = z.discriminatedUnion('version', [
  z.object({ version: z.literal(1), document: KeptDocument, standing: KeptStanding }),
  z.object({ version: z.literal(2), sealed: SealedDocument, standing: KeptStanding }),
]);

export const ABOUT = 'about.json';
/** An about.json is a few hundred bytes; one beyond this is none of ours. */
const MAX_ABOUT_BYTES = 64 * 1024;

/** What an about.json says: what the pages are of, in the clear or sealed. */
export interface About {
  document: KeptDocument | null;
  sealed: SealedDocument | null;
  standing: KeptStanding;
}

/** Null when it is not there, damaged, or of a newer app. */
export async function readAbout(file: string): Promise<About | null> {
  try {
    if ((await stat(file)).size > MAX_ABOUT_BYTES) return null;
    const { data } = AboutFile.safeParse(JSON.parse(await readFile(file, 'utf8')));
    if (!data) return null;
    return { document: null, sealed: null, ...data };
  } catch {
    return null;
  }
}

/** Writes it whole or not at all. Rejects as Node. */
export function writeAbout(file: string, { document, sealed, standing }: About): Promise<void> {
  const about = sealed ? { version: 2, sealed, standing } : { version: 1, document, standing };
  return writeWhole(file, [Buffer.from(`${JSON.stringify(about)}\n`)]);
}

/** Seals what the pages of `id` are of. */
export function sealDocument(key: PageKey, id: string, document: KeptDocument): SealedDocument {
  return { by: key.id, box: seal(key, Buffer.from(JSON.stringify(document)), placeOf(id)).toString('base64') };
}

/** Null when the key is not at hand, or this is not what was sealed for `id`. */
export function unsealDocument({ by, box }: SealedDocument, id: string, findKey: FindKey): KeptDocument | null {
  const key = findKey(by);
  const text = key && unseal(key, Buffer.from(box, 'base64'), placeOf(id));
  // What a tag has proven was written by us.
  return text && (KeptDocument.safeParse(JSON.parse(text.toString())).data ?? null);
}

const placeOf = (id: string): string => `about 2 document ${id}`;

/** What makes two kept versions the same document as a person names it. */
export const objectOf = ({ accountId, bucket, key, versionId, source }: KeptDocument): string =>
  JSON.stringify([accountId, bucket, key, versionId, source]);

/** Of each object the version that the service confirmed last. */
export function newestOf<V extends { document: KeptDocument | null; standing: KeptStanding }>(
  versions: Iterable<V>,
): Map<string, V> {
  const newest = new Map<string, V>();
  for (const version of versions) {
    if (!version.document) continue;
    const object = objectOf(version.document);
    const other = newest.get(object);
    if (!other || other.standing.verifiedAt <= version.standing.verifiedAt) newest.set(object, version);
  }
  return newest;
}
