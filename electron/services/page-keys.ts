/**
 * The keys of sealed pages. They live in the keychain, an entry each, and here once they were asked for; nowhere else.
 * An entry is named by its key's id, which the sealed files bear: they tell by themselves which one they need.
 */
import { z } from 'zod';
import { fail, ok, type ErrorCode, type Result } from '#contract/errors.ts';
import { unlessAborted, type Keychain } from './keychain.ts';
import { KEY_BYTES, toPageKey, type PageKey, type PageKeyId } from './sealed-bytes.ts';

/** Accounts have hexadecimal names, and so has no other entry one like this. */
const entryOf = (id: PageKeyId): string => `pages-${id}`;
/** What an entry holds. */
const KeyText = z.base64().refine((text) => Buffer.from(text, 'base64').length === KEY_BYTES);

export interface PageKeys {
  /** A key that is at hand. Never asks the keychain. */
  find(id: PageKeyId): PageKey | null;
  /** Why a key is not at hand; null: it is, or it was not asked for yet. */
  problemOf(id: PageKeyId): ErrorCode | null;
  /** From here, or from the keychain; who asks for the same key at once is answered by one read. Errors: keychain.*, cancelled. */
  fetch(id: PageKeyId, signal: AbortSignal): Promise<Result<PageKey>>;
  /**
   * A new key, when the keychain has it. `announce` is told its id before: an entry that comes to be after the wait was
   * given up, or the app was killed, can be found. Errors: keychain.*, cancelled, and those of `announce`.
   */
  make(announce: (id: PageKeyId) => Promise<Result<unknown>>, signal: AbortSignal): Promise<Result<PageKey>>;
  /** Takes a key out of the keychain. Errors: keychain.*, cancelled; it is then still at hand. */
  remove(id: PageKeyId, signal: AbortSignal): Promise<Result<null>>;
  /** The keys at hand. */
  ids(): PageKeyId[];
}

/** `lifetime` ends all waits for the keychain. */
export function makePageKeys(options: {
  keychain: Keychain;
  randomBytes: (length: number) => Uint8Array;
  lifetime: AbortSignal;
}): PageKeys {
  const { keychain, randomBytes, lifetime } = options;
  const atHand = new Map<PageKeyId, PageKey>();
  const problems = new Map<PageKeyId, ErrorCode>();
  const reading = new Map<PageKeyId, Promise<Result<PageKey>>>();

  async function read(id: PageKeyId): Promise<Result<PageKey>> {
    const entry = await keychain.read(entryOf(id), lifetime);
    const key = entry.ok ? toKey(entry.value) : entry;
    // An entry that holds something else is none of this key.
    const end = key.ok && key.value.id !== id ? noSuchKey() : key;
    if (end.ok) {
      atHand.set(id, end.value);
      problems.delete(id);
    } else if (end.error.code !== 'cancelled') problems.set(id, end.error.code);
    reading.delete(id);
    return end;
  }

  return {
    find: (id) => atHand.get(id) ?? null,
    problemOf: (id) => problems.get(id) ?? null,
    async fetch(id, signal) {
      const known = atHand.get(id);
      if (known) return ok(known);
      const running = reading.get(id) ?? read(id);
      if (!reading.has(id)) reading.set(id, running);
      return unlessAborted(running, signal);
    },
    async make(announce, signal) {
      const bytes = randomBytes(KEY_BYTES);
      const key = toPageKey(bytes);
      const text = Buffer.from(bytes).toString('base64');
      bytes.fill(0);
      const announced = await announce(key.id);
      if (!announced.ok) return announced;
      const written = await keychain.write(entryOf(key.id), text, signal);
      if (!written.ok) {
        // It may still come to be, and nothing is sealed with it.
        void keychain.remove(entryOf(key.id), lifetime);
        return written;
      }
      atHand.set(key.id, key);
      return ok(key);
    },
    async remove(id, signal) {
      const removed = await keychain.remove(entryOf(id), signal);
      if (removed.ok) atHand.delete(id);
      return removed;
    },
    ids: () => [...atHand.keys()],
  };
}

const noSuchKey = (): Result<never> => fail('keychain.missing', 'The keychain entry is not this key.');

function toKey(text: string): Result<PageKey> {
  const read = KeyText.safeParse(text);
  return read.success ? ok(toPageKey(Buffer.from(read.data, 'base64'))) : noSuchKey();
}
