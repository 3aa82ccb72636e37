/** The system's keychain through keytar: Secret Service on Linux, Keychain on macOS, Credential Manager on Windows. */
import { makeKeychain, type Keychain } from './keychain.ts';

/** Under which name the system's own keychain program lists our entries; the account is the account's id. */
export const KEYCHAIN_SERVICE = 'Pagelens';

/** The keychain of this computer. keytar is loaded at the first call: start-up neither waits for it nor fails with it. */
export function makeKeytarKeychain(service: string = KEYCHAIN_SERVICE): Keychain {
  return makeKeychain(async () => {
    const loaded = await import('keytar');
    // Bundled to CommonJS, the module is its own export; under Node's ESM loader it is the default export.
    const keytar = 'default' in loaded ? (loaded.default as typeof loaded) : loaded;
    return {
      get: (name) => keytar.getPassword(service, name),
      set: (name, secret) => keytar.setPassword(service, name, secret),
      delete: (name) => keytar.deletePassword(service, name),
    };
  });
}
