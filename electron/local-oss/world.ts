/**
 * The world file (`--world FILE`): what no folder can hold. JSON, checked on reading; every field but the ones marked
 * "needed" may be left out. Misfortunes are described in `misfortunes.ts`.
 *
 * ```json
 * {
 *   "keys": [
 *     { "accessKeyId": "LTAIreader", "accessKeySecret": "s1", "deny": ["oss:ListBuckets"], "onlyUnder": ["team-a/"] },
 *     { "accessKeyId": "STS.one", "accessKeySecret": "s2", "securityToken": "t", "expiresAt": "2026-01-15T09:00:00Z" },
 *     { "accessKeyId": "LTAIold", "accessKeySecret": "s3", "disabled": true }
 *   ],
 *   "roles": [{ "arn": "acs:ram::1000000000000001:role/reader", "trusts": ["LTAIreader"], "maxDurationSeconds": 3600 }],
 *   "customDomains": { "docs.example.com": "contracts" },
 *   "clockOffsetMs": 0,
 *   "strictHostStyle": false,
 *   "misfortunes": [{ "kind": "throttle", "delayMs": 300, "operations": ["ListBuckets"], "times": 2 }],
 *   "buckets": {
 *     "contracts": {
 *       "region": "cn-beijing", "storageClass": "IA", "createdAt": "2024-03-01T02:11:09Z", "acl": "private",
 *       "versioning": "Enabled", "deny": ["kms:Decrypt"], "onlyUnder": ["public/"], "forceDownload": true,
 *       "misfortunes": [{ "kind": "imm-not-attached" }, { "kind": "latency", "ms": 200, "prefix": "slow/" }],
 *       "objects": [
 *         { "key": "a\u0001b/../x.pdf", "file": "./x.pdf" },
 *         { "key": "note.txt", "text": "hello", "storageClass": "Archive", "contentType": "text/plain" },
 *         { "key": "big.pdf", "zeros": 20971521 },
 *         { "key": "in-the-folder.docx", "encryption": { "algorithm": "KMS", "keyId": "k-1" } },
 *         { "key": "v.docx", "versions": [
 *           { "versionId": "CAEQ2222222222222222", "deleteMarker": true },
 *           { "versionId": "CAEQ1111111111111111", "base64": "UEsDBA==", "modifiedAt": "2026-01-09T03:04:05Z" } ] }
 *       ],
 *       "generated": [{ "prefix": "scans/page ", "count": 200000, "suffixes": [".pdf", ".txt"] }]
 *     }
 *   }
 * }
 * ```
 *
 * keys: `accessKeyId` and `accessKeySecret` are needed; `securityToken` makes the key a session that needs the token;
 * `expiresAt` ends it; `deny` lists RAM actions (`oss:GetObject`, `oss:ProcessImm`, `imm:CreateOfficeConversionTask`,
 * `kms:Decrypt`, `oss:*` …); `buckets` and `onlyUnder` limit the key to those buckets and prefixes.
 * roles: what AssumeRole (STS, on the service's own address) gives out; `arn` is needed. `trusts`: the keys that may take
 * it on, all where it is left out; `maxDurationSeconds`: 3,600 unless said otherwise; `endsAfterSeconds`: sessions end so
 * soon whatever was asked for; `deny`, `buckets`, `onlyUnder`: as of a key.
 * buckets: a name that is no folder makes a bucket of its own. `archiveDirectRead` makes archived objects readable.
 * objects: `key` is needed, 1 to 1,023 UTF-8 bytes, any characters. Its bytes are `text`, `base64`, `file` (relative
 * to the world file) or `zeros` (that many); with none of them the entry describes the file of that name in the folder.
 * versions: newest first, each with bytes of its own or `"deleteMarker": true`; `versionId` is needed (`null` as text
 * for the version from before versioning). `restore` is the value of x-oss-restore: with `ongoing-request="false"` an
 * archived object is readable.
 * generated: `count` objects of zeros that need no line each. Number n, from 0, is called `prefix`, n with leading
 * zeros, then `suffixes[n % length]` (`.pdf`); it has `zeros` (1,024) + n % 1,000 bytes and was modified n minutes
 * after `modifiedAt` (2026-01-01T00:00:00Z). `prefix` and `count` are needed. An entry of `objects` leads over one
 * generated under the same key.
 */
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { Misfortune } from './misfortunes.ts';

const BUCKET_NAME = /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/;
/** Whether a text is a bucket name as OSS allows them. */
export const isBucketName = (text: string): boolean => BUCKET_NAME.test(text);

/** The longest key, UTF-8 bytes. */
export const MAX_KEY_BYTES = 1023;
/** Version ids as OSS writes them; `null` for what was there before versioning. */
export const VERSION_ID = /^(null|[A-Za-z0-9]{16,128})$/;

const Time = z.iso.datetime({ offset: true });
const Region = z.string().regex(/^[a-z0-9-]{2,40}$/, 'must be a region such as cn-hangzhou');
const StorageClass = z.enum(['Standard', 'IA', 'Archive', 'ColdArchive', 'DeepColdArchive']);

const KeyRecordSchema = z
  .strictObject({
    accessKeyId: z.string().regex(/^[^/\s,=]{1,128}$/, 'must be 1 to 128 characters without slash, comma or space'),
    accessKeySecret: z.string().min(1),
    securityToken: z.string().min(1).optional(),
    expiresAt: Time.optional(),
    disabled: z.boolean().optional(),
    deny: z.array(z.string()).optional(),
    buckets: z.array(z.string()).optional(),
    onlyUnder: z.array(z.string()).optional(),
  })
  .refine((key) => key.expiresAt === undefined || key.securityToken !== undefined, {
    path: ['expiresAt'],
    message: 'only a key with a securityToken can expire',
  });
/** One AccessKey or STS session, and what it may not do. */
export type KeyRecord = z.infer<typeof KeyRecordSchema>;

const RoleRecordSchema = z.strictObject({
  arn: z.string().regex(/^acs:ram::\d+:role\/.+$/, 'must be acs:ram::<account>:role/<name>'),
  trusts: z.array(z.string()).optional(),
  maxDurationSeconds: z.number().int().min(900).max(43_200).optional(),
  endsAfterSeconds: z.number().min(1).optional(),
  deny: z.array(z.string()).optional(),
  buckets: z.array(z.string()).optional(),
  onlyUnder: z.array(z.string()).optional(),
});
/** One RAM role, and what sessions of it may not do. */
export type RoleRecord = z.infer<typeof RoleRecordSchema>;

const bytesAndHead = {
  text: z.string().optional(),
  base64: z.base64().optional(),
  file: z.string().min(1).optional(),
  zeros: z.number().int().min(0).max(1e9).optional(),
  modifiedAt: Time.optional(),
  contentType: z.string().optional(),
  storageClass: StorageClass.optional(),
  restore: z.string().optional(),
  encryption: z.strictObject({ algorithm: z.enum(['AES256', 'KMS', 'SM4']), keyId: z.string().optional() }).optional(),
  meta: z.record(z.string().regex(/^[a-z0-9-]+$/), z.string()).optional(),
};
const countSources = (entry: { text?: unknown; base64?: unknown; file?: unknown; zeros?: unknown }): number =>
  [entry.text, entry.base64, entry.file, entry.zeros].filter((source) => source !== undefined).length;

const VersionSchema = z
  .strictObject({
    versionId: z.string().regex(VERSION_ID, 'must be "null" or 16 to 128 letters and digits'),
    deleteMarker: z.literal(true).optional(),
    ...bytesAndHead,
  })
  .refine((version) => countSources(version) === (version.deleteMarker ? 0 : 1), {
    message: 'needs exactly one of text, base64, file, zeros, or deleteMarker',
  });
export type VersionEntry = z.infer<typeof VersionSchema>;

const ObjectSchema = z
  .strictObject({
    key: z
      .string()
      .min(1)
      .refine((key) => Buffer.byteLength(key) <= MAX_KEY_BYTES, 'must be at most 1,023 bytes')
      .refine((key) => Buffer.from(key).toString() === key, 'must be whole characters'),
    versions: z.array(VersionSchema).min(1).optional(),
    ...bytesAndHead,
  })
  .refine((entry) => countSources(entry) + (entry.versions ? 1 : 0) <= 1, {
    message: 'may have only one of text, base64, file, zeros, versions',
  });
export type ObjectEntry = z.infer<typeof ObjectSchema>;

const GeneratedSchema = z.strictObject({
  prefix: z.string().max(MAX_KEY_BYTES - 100),
  count: z.number().int().min(1).max(1_000_000),
  suffixes: z.array(z.string().max(40)).min(1).optional(),
  zeros: bytesAndHead.zeros,
  modifiedAt: Time.optional(),
  storageClass: StorageClass.optional(),
});
export type GeneratedEntry = z.infer<typeof GeneratedSchema>;

const BucketSchema = z.strictObject({
  region: Region.optional(),
  storageClass: StorageClass.optional(),
  createdAt: Time.optional(),
  acl: z.enum(['private', 'public-read', 'public-read-write']).optional(),
  versioning: z.enum(['Enabled', 'Suspended']).optional(),
  archiveDirectRead: z.boolean().optional(),
  forceDownload: z.boolean().optional(),
  deny: z.array(z.string()).optional(),
  onlyUnder: z.array(z.string()).optional(),
  misfortunes: z.array(Misfortune).optional(),
  objects: z.array(ObjectSchema).optional(),
  generated: z.array(GeneratedSchema).optional(),
});
export type BucketEntry = z.infer<typeof BucketSchema>;

const WorldSchema = z.strictObject({
  keys: z.array(KeyRecordSchema).optional(),
  roles: z.array(RoleRecordSchema).optional(),
  customDomains: z
    .record(z.string().regex(/^[a-z0-9.-]+$/, 'must be a lower-case host without port'), z.string())
    .optional(),
  clockOffsetMs: z.number().optional(),
  strictHostStyle: z.boolean().optional(),
  misfortunes: z.array(Misfortune).optional(),
  buckets: z.record(z.string().regex(BUCKET_NAME, 'must be a bucket name'), BucketSchema).optional(),
});
type WorldEntries = z.infer<typeof WorldSchema>;

/** A world, checked. `folder` is where its `file` entries start. */
export interface World extends WorldEntries {
  folder: string;
}

/** A world that adds nothing. */
export const EMPTY_WORLD: World = { folder: '.' };

/** What is wrong with a world file, in one sentence that names the field. */
export class WorldError extends Error {}

/** `buckets.docs.objects[2].key` */
const toPath = (parts: readonly PropertyKey[]): string =>
  parts.reduce<string>(
    (text, part) =>
      typeof part === 'number' ? `${text}[${part}]` : text === '' ? String(part) : `${text}.${String(part)}`,
    '',
  );

/** Checks a parsed world. `folder` is where its `file` entries start. Throws WorldError. */
export function readWorld(value: unknown, folder: string): World {
  const result = WorldSchema.safeParse(value);
  if (!result.success) {
    const issue = result.error.issues[0]!;
    throw new WorldError(`${toPath(issue.path) || 'the file'}: ${issue.message}`);
  }
  const world = { ...result.data, folder };
  for (const [name, bucket] of Object.entries(world.buckets ?? {})) {
    const keys = new Set<string>();
    for (const [index, entry] of (bucket.objects ?? []).entries()) {
      const at = `buckets.${name}.objects[${index}]`;
      if (keys.has(entry.key)) throw new WorldError(`${at}.key: is there twice`);
      keys.add(entry.key);
      if (entry.versions && bucket.versioning === undefined) {
        throw new WorldError(`${at}.versions: the bucket needs "versioning"`);
      }
    }
  }
  const ids = (world.keys ?? []).map((key) => key.accessKeyId);
  const twice = ids.findIndex((id, index) => ids.indexOf(id) !== index);
  if (twice >= 0) throw new WorldError(`keys[${twice}].accessKeyId: is there twice`);
  return world;
}

/** Files that a world names are there when it is read. */
async function checkFiles(world: World): Promise<void> {
  for (const [name, bucket] of Object.entries(world.buckets ?? {})) {
    for (const [index, entry] of (bucket.objects ?? []).entries()) {
      for (const { file } of [entry, ...(entry.versions ?? [])]) {
        const found = file === undefined ? null : await stat(path.resolve(world.folder, file)).catch(() => null);
        if (file === undefined || found?.isFile() === true) continue;
        throw new WorldError(`buckets.${name}.objects[${index}]: there is no file ${file}`);
      }
    }
  }
}

/** Reads a world file. Throws WorldError with the file's name for what cannot be read or is wrong. */
export async function readWorldFile(file: string): Promise<World> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new WorldError(`The world file ${file} cannot be read (${error.code ?? error.message}).`);
  });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new WorldError(
      `The world file ${file} is not JSON: ${error instanceof Error ? error.message : String(error)}.`,
    );
  }
  try {
    const world = readWorld(value, path.dirname(path.resolve(file)));
    await checkFiles(world);
    return world;
  } catch (error) {
    if (error instanceof WorldError) throw new WorldError(`The world file ${file} is wrong at ${error.message}.`);
    throw error;
  }
}
