/** The accounts whose secret is in memory: each with its client, where its secret came from, and whether its token has ended. */
import { ok, type Result } from '#contract/errors.ts';
import type { AccountId } from '#contract/ids.ts';
import { Credentials } from '#oss/credentials.ts';
import type { Endpoint } from '#oss/endpoint.ts';
import { forgetSigningKeys } from '#oss/sign-v4.ts';
import type { Role } from '#oss/sts.ts';
import { stsAddress, toEndpoint } from './account-draft.ts';
import type { AccountSecret } from './account-secrets.ts';
import type { AssumedRole } from './assumed-role.ts';
import { fixedCredentials, type CredentialSource } from './credential-source.ts';
import type { OssClient } from './oss-client.ts';
import type { AccountLabel } from './settings.ts';

/** How clients are made; the senders behind them are the caller's. */
export interface ClientMaker {
  makeClient(endpoint: Endpoint, credentials: CredentialSource): OssClient;
  makeRole(of: { role: Role; base: Credentials; at: ReturnType<typeof stsAddress> }): AssumedRole;
}

export interface OpenAccount {
  client: OssClient;
  secretHome: 'keychain' | 'session';
  /** The service said that the temporary key is over: only another one helps. */
  hasTokenEnded: boolean;
}

export interface OpenAccounts {
  get(id: AccountId): OpenAccount | undefined;
  /** Opens an account, or opens it anew with another secret. Errors: account.invalid. */
  open(label: AccountLabel, secret: AccountSecret, secretHome: OpenAccount['secretHome']): Result<null>;
  drop(id: AccountId): void;
  /** Drops those whose secret can be read from the keychain again. */
  dropStored(): void;
  dropAll(): void;
}

/** The parts of an account that say how it signs. */
type Signing = Pick<AccountLabel, 'accessKeyId' | 'tokenExpiresAt' | 'role' | 'region' | 'endpoint' | 'scope'>;

/**
 * One account's client over its way of signing, and what ends with it. `onEnded` hears of a temporary key that the
 * service calls over. Errors: account.invalid.
 */
export function makeAccountClient(
  makers: ClientMaker,
  label: Signing,
  secret: AccountSecret,
  onEnded: () => void = () => undefined,
): Result<{ client: OssClient; dispose(): void }> {
  const endpoint = toEndpoint(label);
  if (!endpoint.ok) return endpoint;
  const credentials = new Credentials({
    accessKeyId: label.accessKeyId,
    accessKeySecret: secret.accessKeySecret,
    securityToken: secret.securityToken,
    expiresAtMs: label.tokenExpiresAt === null ? null : Date.parse(label.tokenExpiresAt),
  });
  if (label.role === null) {
    const client = makers.makeClient(endpoint.value, fixedCredentials(credentials, onEnded));
    return ok({ client, dispose: () => undefined });
  }
  const at = stsAddress(label.role.stsEndpoint, endpoint.value);
  const role = makers.makeRole({ role: label.role, base: credentials, at });
  return ok({ client: makers.makeClient(endpoint.value, role), dispose: () => role.dispose() });
}

/** Starts with none open. `onEnded` is called when a token of the account open now has ended. */
export function makeOpenAccounts(makers: ClientMaker, onEnded: (id: AccountId) => void): OpenAccounts {
  const accounts = new Map<AccountId, OpenAccount & { dispose(): void }>();

  function drop(id: AccountId): void {
    accounts.get(id)?.dispose();
    accounts.delete(id);
    forgetSigningKeys();
  }

  return {
    get: (id) => accounts.get(id),
    open(label, secret, secretHome) {
      const made = makeAccountClient(makers, label, secret, () => {
        // A late answer to the key before says nothing about the present one.
        if (accounts.get(label.id) !== account) return;
        account.hasTokenEnded = true;
        onEnded(label.id);
      });
      if (!made.ok) return made;
      const account = { ...made.value, secretHome, hasTokenEnded: false };
      drop(label.id);
      accounts.set(label.id, account);
      return ok(null);
    },
    drop,
    dropStored() {
      for (const [id, { secretHome }] of accounts) if (secretHome === 'keychain') drop(id);
    },
    dropAll() {
      for (const id of [...accounts.keys()]) drop(id);
    },
  };
}
