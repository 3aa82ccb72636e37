/**
 * `snapshot://page/<handle>/<version>/<page>.<png|jpg>`: how page pictures reach the screen. The address proves that it
 * belongs to a document some live window holds; it names no bucket, key, account or path.
 */
import { readSnapshotUrl, type SnapshotAddress } from '#contract/snapshot-url.ts';

/** A picture that is here; what the header of its bytes says it is. */
export interface Picture {
  bytes: Uint8Array<ArrayBuffer>;
  mediaType: 'image/png' | 'image/jpeg';
}

/** The picture behind an address; null when no live window holds the document, or the picture is not here. Never throws. */
export type FindPicture = (address: SnapshotAddress) => Promise<Picture | null>;

/** Answers a picture's bytes; an empty 404 to all else: why a page has no picture travels as its state, not here. */
export function serveSnapshots(find: FindPicture): (request: Request) => Promise<Response> {
  return async (request) => {
    const address = request.method === 'GET' ? readSnapshotUrl(request.url) : null;
    const found = address && (await find(address));
    if (!found) return new Response(null, { status: 404, headers: { 'cache-control': 'no-store' } });
    return new Response(found.bytes, {
      headers: {
        'content-type': found.mediaType,
        'content-length': String(found.bytes.byteLength),
        'x-content-type-options': 'nosniff',
        'access-control-allow-origin': 'app://bundle',
        // The version in the address changes when the picture does.
        'cache-control': 'private, max-age=31536000, immutable',
      },
    });
  };
}
