/**
 * The port to the computer's keychain, and the part of it that is the same everywhere: one call at a time, waits that
 * can be given up, and failures a person understands. The keychain proper is a `SecretStore` (see keychain-keytar.ts).
 */
import { fail, ok, type ErrorCode, type Result } from '#contract/errors.ts';

/** Secrets by name. Aborting gives up the wait (`cancelled`), not the keychain's own work, which nothing can stop. */
export interface Keychain {
  /** Errors: `keychain.missing` only when the keychain was open and really has no such entry; else `keychain.*`. */
  read(name: string, signal: AbortSignal): Promise<Result<string>>;
  write(name: string, secret: string, signal: AbortSignal): Promise<Result<null>>;
  /** An entry that is not there is removed. */
  remove(name: string, signal: AbortSignal): Promise<Result<null>>;
  /** True while a call is inside the system's keychain: the process may then be unable to end by itself. */
  isBusy(): boolean;
}

/** What an operating system's keychain offers. Rejects with its own words. */
export interface SecretStore {
  get(name: string): Promise<string | null>;
  set(name: string, secret: string): Promise<void>;
  /** Whether there was such an entry. */
  delete(name: string): Promise<boolean>;
}

/** Written and deleted again to learn whether the keychain is open; no account has this name. */
const PROBE = 'probe';

/**
 * A keychain over a store that is opened at the first call. Calls run one after the other: a call that never returns
 * costs one thread, not one per try, and a read never passes a write of the same entry.
 */
export function makeKeychain(openStore: () => Promise<SecretStore>): Keychain {
  let store: Promise<SecretStore> | null = null;
  let last: Promise<unknown> = Promise.resolve();
  let isBusy = false;

  function inTurn<T>(use: (store: SecretStore) => Promise<Result<T>>, signal: AbortSignal): Promise<Result<T>> {
    const turn = last.then(async (): Promise<Result<T>> => {
      if (signal.aborted) return cancelled();
      isBusy = true;
      try {
        store ??= openStore();
        // A store that could not be opened is tried anew next time: what was missing may be there by then.
        void store.catch(() => (store = null));
        return await use(await store);
      } catch (reason) {
        const message = reason instanceof Error ? reason.message : String(reason);
        return fail(toCode(message), message);
      } finally {
        isBusy = false;
      }
    });
    last = turn;
    return unlessAborted(turn, signal);
  }

  return {
    read: (name, signal) =>
      inTurn(async (open) => {
        const secret = await open.get(name);
        if (secret !== null) return ok(secret);
        await proveOpen(open);
        return fail('keychain.missing', 'The keychain has no such entry.');
      }, signal),
    write: (name, secret, signal) =>
      inTurn(async (open) => {
        await open.set(name, secret);
        return ok(null);
      }, signal),
    remove: (name, signal) =>
      inTurn(async (open) => {
        if (!(await open.delete(name))) await proveOpen(open);
        return ok(null);
      }, signal),
    isBusy: () => isBusy,
  };
}

/**
 * A locked Secret Service answers "no such entry" to a read and refuses only writes. So before that answer is believed,
 * an entry is written and deleted; this rejects when the keychain is locked.
 */
async function proveOpen(store: SecretStore): Promise<void> {
  await store.set(PROBE, PROBE);
  await store.delete(PROBE);
}

/** The store's twin in memory: what tests hand to `makeKeychain` where the system's keychain is not the point. */
export function makeMemoryStore(): SecretStore {
  const secrets = new Map<string, string>();
  return {
    get: async (name) => secrets.get(name) ?? null,
    set: async (name, secret) => void secrets.set(name, secret),
    delete: async (name) => secrets.delete(name),
  };
}

const cancelled = (): Result<never> => fail('cancelled', 'The wait for the keychain was given up.');

/** The end of `turn`, or `cancelled` as soon as nobody waits for it any more. It goes on all the same. */
export function unlessAborted<T>(turn: Promise<Result<T>>, signal: AbortSignal): Promise<Result<T>> {
  if (signal.aborted) return Promise.resolve(cancelled());
  return new Promise((resolve) => {
    const giveUp = (): void => resolve(cancelled());
    signal.addEventListener('abort', giveUp, { once: true });
    void turn.then((result) => {
      signal.removeEventListener('abort', giveUp);
      resolve(result);
    });
  });
}

/** The words of libsecret, D-Bus, macOS and Windows, as met. What none of them says is `keychain.failed`. */
const WORDS: readonly (readonly [RegExp, ErrorCode])[] = [
  // The keyring was started anew under us; libsecret holds on to the old one for the life of the process.
  [/The name :[\d.]+ was not provided/i, 'keychain.failed'],
  [
    /locked collection|is locked|dismissed|cancell?ed|interaction is not allowed|passphrase you entered/i,
    'keychain.locked',
  ],
  [
    /autolaunch|transport|could not connect|not provided by any|does not exist at path|load keytar|cannot open shared object|no such interface|ServiceUnknown|NoReply|connection is closed/i,
    'keychain.unavailable',
  ],
];

const toCode = (message: string): ErrorCode => WORDS.find(([words]) => words.test(message))?.[1] ?? 'keychain.failed';
