/** Unpacking with a limit: what unpacks to more is not looked at. */
import { constants, inflateRawSync, inflateSync } from 'node:zlib';

/** The most that anything is unpacked to. */
const MAX_UNPACKED = 4 * 1024 * 1024;

/** A zlib stream, as PDF has them. Throws for what is none, breaks off, or is too large. */
export function inflateZlib(packed: Uint8Array): Uint8Array {
  return inflateSync(packed, { maxOutputLength: MAX_UNPACKED });
}

/** A deflate stream without a head, as ZIP has them. Throws for what is none, breaks off, or is too large. */
export function inflateZip(packed: Uint8Array): Uint8Array {
  return inflateRawSync(packed, { maxOutputLength: MAX_UNPACKED });
}

/** What the beginning of such a stream unpacks to. Throws for what is none, or is too large. */
export function inflateZipStart(packed: Uint8Array): Uint8Array {
  return inflateRawSync(packed, { maxOutputLength: MAX_UNPACKED, finishFlush: constants.Z_SYNC_FLUSH });
}
