/** The accounts whose secret is in memory: each with its client, where its secret came from, and whether its token has ended. */
import { fail, ok, type Result } from '#contract/errors.ts';
import type { AccountId } from '#contract/ids.ts';
import { Credentials } from '#oss/credentials.ts';
import { forgetSigningKeys } from '#oss/sign-v4.ts';
import type { Role } from '#oss/sts.ts';
import { stsAddress, toDomains, toEndpoint } from './account-draft.ts';
import type { AccountSecret } from './account-secrets.ts';
import type { AssumedRole } from './assumed-role.ts';
import type { BucketPlace } from './bucket-routes.ts';
import { fixedCredentials, type CredentialSource } from './credential-source.ts';
import type { OssClient, OssClientOptions } from './oss-client.ts';
import type { AccountLabel } from './settings.ts';

/** How clients are made; the senders behind them are the caller's. */
export interface ClientMaker {
  makeClient(way: ClientWay, credentials: CredentialSource): OssClient;
  makeRole(of: { role: Role; base: Credentials; at: ReturnType<typeof stsAddress> }): AssumedRole;
}

/** Where a client's requests go, and who hears where buckets really are. */
export interface ClientWay extends Pick<
  OssClientOptions,
  'endpoint' | 'domains' | 'remembered' | 'onMoved' | 'onRegions'
> {
  /** Whom requests are counted for; null: a key that is only tried. */
  accountId: AccountId | null;
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
  /** A client of an open account's key for another place, to try it. Errors: account.unknown, account.invalid. */
  tryPlace(label: AccountLabel): Result<AccountClient>;
  /** An open account goes another way from now on, with the key it has. Errors: account.unknown, account.invalid. */
  move(label: AccountLabel): Result<null>;
  drop(id: AccountId): void;
  /** Drops those whose secret can be read from the keychain again. */
  dropStored(): void;
  dropAll(): void;
}

/** The parts of an account that say where it is and how it signs. */
type Signing = { id?: AccountId } & Pick<
  AccountLabel,
  'accessKeyId' | 'role' | 'region' | 'endpoint' | 'scope' | 'domains' | 'moved'
>;

export interface AccountClient {
  client: OssClient;
  dispose(): void;
}

/** The key as it is typed or kept, ready to sign. */
export function toCredentials(
  label: Pick<AccountLabel, 'accessKeyId' | 'tokenExpiresAt'>,
  secret: AccountSecret,
): Credentials {
  return new Credentials({
    accessKeyId: label.accessKeyId,
    accessKeySecret: secret.accessKeySecret,
    securityToken: secret.securityToken,
    expiresAtMs: label.tokenExpiresAt === null ? null : Date.parse(label.tokenExpiresAt),
  });
}

/** What one client tells about its account. */
interface Hearer {
  onEnded?: () => void;
  onMoved?: ClientWay['onMoved'];
  onRegions?: ClientWay['onRegions'];
}

/** One account's client over its way of signing, and what ends with it. Errors: account.invalid. */
export function makeAccountClient(
  makers: ClientMaker,
  label: Signing,
  key: Credentials,
  { onEnded, onMoved, onRegions }: Hearer = {},
): Result<AccountClient> {
  const endpoint = toEndpoint(label);
  if (!endpoint.ok) return endpoint;
  const way: ClientWay = {
    accountId: label.id ?? null,
    endpoint: endpoint.value,
    domains: toDomains(label),
    remembered: new Map(label.moved.map(({ bucket, ...place }) => [bucket, place])),
    ...(onMoved && { onMoved }),
    ...(onRegions && { onRegions }),
  };
  if (label.role === null) {
    return ok({ client: makers.makeClient(way, fixedCredentials(key, onEnded)), dispose: () => undefined });
  }
  const at = stsAddress(label.role.stsEndpoint, endpoint.value);
  const role = makers.makeRole({ role: label.role, base: key, at });
  return ok({ client: makers.makeClient(way, role), dispose: () => role.dispose() });
}

/** Starts with none open. Tells when a token of an account open now has ended, and where its buckets are. */
export function makeOpenAccounts(
  makers: ClientMaker,
  hear: {
    onEnded(id: AccountId): void;
    onMoved(id: AccountId, bucket: string, place: BucketPlace): void;
    onRegions(ids: string[]): void;
  },
): OpenAccounts {
  const accounts = new Map<AccountId, OpenAccount & { key: Credentials; dispose(): void }>();

  function drop(id: AccountId): void {
    accounts.get(id)?.dispose();
    accounts.delete(id);
    forgetSigningKeys();
  }

  function openWith(label: AccountLabel, key: Credentials, secretHome: OpenAccount['secretHome']): Result<null> {
    const made = makeAccountClient(makers, label, key, {
      onEnded() {
        // A late answer to the key before says nothing about the present one.
        if (accounts.get(label.id) !== account) return;
        account.hasTokenEnded = true;
        hear.onEnded(label.id);
      },
      onMoved: (bucket, place) => hear.onMoved(label.id, bucket, place),
      onRegions: hear.onRegions,
    });
    if (!made.ok) return made;
    const account = { ...made.value, key, secretHome, hasTokenEnded: false };
    drop(label.id);
    accounts.set(label.id, account);
    return ok(null);
  }

  const notOpen = fail('account.unknown', 'The account is not open.');

  return {
    get: (id) => accounts.get(id),
    open: (label, secret, secretHome) => openWith(label, toCredentials(label, secret), secretHome),
    tryPlace(label) {
      const account = accounts.get(label.id);
      return account ? makeAccountClient(makers, label, account.key) : notOpen;
    },
    move(label) {
      const account = accounts.get(label.id);
      return account ? openWith(label, account.key, account.secretHome) : notOpen;
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
