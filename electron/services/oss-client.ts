/** Signed calls to OSS in the words of OSS. (The port; `makeOssClient` below.) */
import type { SourceType, Target } from '#contract/contract.ts';
import type { Result } from '#contract/errors.ts';

export interface Bucket {
  name: string;
  /** `cn-hangzhou` */
  region: string;
  storageClass: string;
  createdAt: string | null;
}
export interface ListedObject {
  key: string;
  sizeBytes: number;
  /** ISO 8601 UTC */
  modifiedAt: string;
  /** Without quotes. */
  etag: string;
  storageClass: string;
}
export interface ObjectPage {
  objects: ListedObject[];
  /** Common prefixes, each ending in `/`. */
  prefixes: string[];
  next: string | null;
}
export interface ObjectHead {
  etag: string;
  sizeBytes: number;
  modifiedAt: string;
  storageClass: string;
  versionId: string | null;
}
export interface ObjectName {
  bucket: string;
  key: string;
  versionId: string | null;
}
export interface SnapshotRequest extends ObjectName {
  source: SourceType;
  target: Target;
  /** From 1. */
  pageNumber: number;
}
/** A whole page picture, its header checked: really PNG or JPEG, really complete. */
export interface PagePicture {
  bytes: Uint8Array;
  mediaType: 'image/png' | 'image/jpeg';
  widthPx: number;
  heightPx: number;
}

/** One account's way to OSS. Every method answers a Result, never throws; aborting gives `cancelled`. */
export interface OssClient {
  /** All buckets, every page of the list. */
  listBuckets(signal: AbortSignal): Promise<Result<Bucket[]>>;
  /** One page of ListObjectsV2 with delimiter `/` and encoding-type url. `next` null starts over. */
  listObjects(
    at: { bucket: string; prefix: string; next: string | null; maxKeys: number },
    signal: AbortSignal,
  ): Promise<Result<ObjectPage>>;
  headObject(at: ObjectName, signal: AbortSignal): Promise<Result<ObjectHead>>;
  /** Buys one page picture. Retried by itself only on a 5xx answer or when nothing was sent. */
  snapshot(request: SnapshotRequest, signal: AbortSignal): Promise<Result<PagePicture>>;
  /** A presigned link; `expiresAt` ISO 8601 UTC. Knows buckets' regions from earlier answers, asks once if it must. */
  presignSnapshot(
    request: SnapshotRequest,
    lifetimeSeconds: number,
    signal: AbortSignal,
  ): Promise<Result<{ url: string; expiresAt: string }>>;
  /** Service clock minus ours, ms, as last learnt; null while unknown. */
  clockSkewMs(): number | null;
}
