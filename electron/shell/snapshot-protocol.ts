/**
 * `snapshot://page/<handle>/<version>/<page>.<png|jpg>`: how page pictures reach the screen. The address proves that it
 * belongs to a document some live window holds; it names no bucket, key, account or path.
 */
import { readSnapshotUrl, type SnapshotAddress } from '#contract/snapshot-url.ts';

/** A picture that is here; what the header of its bytes says it is. */
export interface Picture {
  bytes: Uint8Array;
  mediaType: 'image/png' | 'image/jpeg';
}

export interface SnapshotSource {
  /** Whether a live window holds this document. */
  isHandleLive(handle: string): boolean;
  /** The picture, if it is here or can be had; null otherwise (the reason travels as a page's state). Never throws. */
  picture(address: SnapshotAddress, signal: AbortSignal): Promise<Picture | null>;
}

/** Answers a picture's bytes; an empty 403 to an address of no live document, an empty 404 to all else. */
export function serveSnapshots({ isHandleLive, picture }: SnapshotSource): (request: Request) => Promise<Response> {
  return async (request) => {
    const address = request.method === 'GET' ? readSnapshotUrl(request.url) : null;
    if (!address) return new Response(null, { status: 404 });
    if (!isHandleLive(address.handle)) return new Response(null, { status: 403 });
    const found = await picture(address, request.signal);
    if (!found) return new Response(null, { status: 404, headers: { 'cache-control': 'no-store' } });
    return new Response(found.bytes, {
      headers: {
        'content-type': found.mediaType,
        'content-length': String(found.bytes.byteLength),
        'x-content-type-options': 'nosniff',
        // The version in the address changes when the picture does.
        'cache-control': 'private, max-age=31536000, immutable',
      },
    });
  };
}
