/**
 * Bytes sealed with AES-256-GCM: nobody reads them without the key, and none of them can be changed, cut or put in
 * another place unnoticed. `nonce | tag | sealed bytes`. Source: NIST SP 800-38D.
 */
import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createSecretKey,
  randomBytes,
  type KeyObject,
} from 'node:crypto';
import { z } from 'zod';

/** Names a key without telling anything of it: 16 hex digits of its hash. */
export const PageKeyId = z
  .string()
  .regex(/^[a-f0-9]{16}$/)
  .brand<'PageKeyId'>();
export type PageKeyId = z.infer<typeof PageKeyId>;

/** A key as it is used. Its bytes are out of reach of anything that shows, writes or sends objects. */
export interface PageKey {
  readonly id: PageKeyId;
  readonly secret: KeyObject;
}

export const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** What sealing adds. */
export const SEAL_BYTES = NONCE_BYTES + TAG_BYTES;

/** The key of these 32 bytes. The caller's copy may be overwritten afterwards. */
export function toPageKey(bytes: Uint8Array): PageKey {
  const hash = createHash('sha256').update('pagelens page key\n').update(bytes).digest('hex');
  return { id: PageKeyId.parse(hash.slice(0, 16)), secret: createSecretKey(bytes) };
}

/**
 * Seals bytes for one place: `place` says what they are and where they belong, and has to be said again to open them.
 * The nonce is new each time and cannot be handed in: one used twice would give both texts away.
 */
export function seal(key: PageKey, bytes: Uint8Array, place: string): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key.secret, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(Buffer.from(place));
  const sealed = [cipher.update(bytes), cipher.final()];
  return Buffer.concat([nonce, cipher.getAuthTag(), ...sealed]);
}

/** The bytes, or null: not sealed with this key for this place, or not what was sealed any more. */
export function unseal(key: PageKey, box: Uint8Array, place: string): Buffer | null {
  if (box.length < SEAL_BYTES) return null;
  const decipher = createDecipheriv('aes-256-gcm', key.secret, box.subarray(0, NONCE_BYTES), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAAD(Buffer.from(place));
  decipher.setAuthTag(box.subarray(NONCE_BYTES, SEAL_BYTES));
  try {
    return Buffer.concat([decipher.update(box.subarray(SEAL_BYTES)), decipher.final()]);
  } catch {
    return null;
  }
}
