/** The secrets of accounts in the keychain, one entry each, and the patience that a keychain needs. */
import { z } from 'zod';
import { fail, ok, type Result } from '#contract/errors.ts';
import type { AccountId } from '#contract/ids.ts';
import type { Keychain } from './keychain.ts';
import type { Later } from './pace.ts';

/** What one keychain entry holds, as JSON under the account's id. */
const AccountSecret = z.object({ accessKeySecret: z.string().min(1), securityToken: z.string().optional() });
export type AccountSecret = z.infer<typeof AccountSecret>;

/** After this long with the keychain the page says that it is the keychain we wait for. */
export const KEYCHAIN_PATIENCE_MS = 3_000;

export interface AccountSecrets {
  /** Errors: keychain.*, cancelled. */
  read(id: AccountId, signal: AbortSignal): Promise<Result<AccountSecret>>;
  /** Errors: keychain.*, cancelled; after `cancelled` the entry may still come to be. */
  write(id: AccountId, secret: AccountSecret, signal: AbortSignal): Promise<Result<null>>;
  /** Errors: keychain.*, cancelled. */
  remove(id: AccountId, signal: AbortSignal): Promise<Result<null>>;
  /** Removes an entry that should not be, whenever the keychain gets to it. */
  takeBack(id: AccountId): void;
  /** Whether somebody has been waiting for longer than our patience. */
  isWaiting(): boolean;
}

/** `onWait` is called when `isWaiting` changes. */
export function makeAccountSecrets(options: { keychain: Keychain; later: Later; onWait(): void }): AccountSecrets {
  const { keychain, later, onWait } = options;
  let longWaits = 0;

  async function patiently<T>(wait: Promise<Result<T>>): Promise<Result<T>> {
    let isLong = false;
    const callOff = later(() => {
      isLong = true;
      longWaits += 1;
      onWait();
    }, KEYCHAIN_PATIENCE_MS);
    const result = await wait;
    callOff();
    if (isLong) {
      longWaits -= 1;
      onWait();
    }
    return result;
  }

  return {
    async read(id, signal) {
      const read = await patiently(keychain.read(id, signal));
      if (!read.ok) return read;
      const secret = AccountSecret.safeParse(parseJson(read.value));
      return secret.success ? ok(secret.data) : fail('keychain.missing', 'The keychain entry is not one of ours.');
    },
    write: (id, secret, signal) => patiently(keychain.write(id, JSON.stringify(secret), signal)),
    remove: (id, signal) => patiently(keychain.remove(id, signal)),
    takeBack: (id) => void keychain.remove(id, new AbortController().signal),
    isWaiting: () => longWaits > 0,
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
