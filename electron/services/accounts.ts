/**
 * Accounts: labels in the settings file, secrets in the keychain, open ones as clients in memory. The page sees labels
 * only. No wait for the keychain can hang the app: each is abortable, and none is awaited by start-up or quit.
 */
import type { PlaceDraft } from '#contract/account-place.ts';
import type { AccountDraft, AccountView, AccountsView, ConnectionReport, EventOf, Parsed } from '#contract/contract.ts';
import { fail, ok, type AppError, type Result } from '#contract/errors.ts';
import { AccountId } from '#contract/ids.ts';
import { REGIONS } from '#contract/regions.ts';
import type { Endpoint } from '#oss/endpoint.ts';
import { readDraft, readExpiry, readPlace, toEndpoint } from './account-draft.ts';
import { makeAccountSecrets, type AccountSecret } from './account-secrets.ts';
import { SAMPLES, SAMPLES_ENDPOINT, SAMPLES_VIEW, toAccountView } from './account-views.ts';
import type { BucketPlace } from './bucket-routes.ts';
import { testConnection, testPlace } from './connection-test.ts';
import type { Keychain } from './keychain.ts';
import type { Log } from './log.ts';
import {
  makeAccountClient,
  makeOpenAccounts,
  toCredentials,
  type ClientMaker,
  type OpenAccount,
} from './open-accounts.ts';
import type { OssClient } from './oss-client.ts';
import type { Later } from './pace.ts';
import type { AccountLabel, Settings } from './settings.ts';

export interface AccountsOptions extends ClientMaker {
  settings: Settings;
  keychain: Keychain;
  /** The samples' client; called once, when the samples are first used. */
  makeSamplesClient(): OssClient;
  onChange(view: AccountsView): void;
  onMoved(event: EventOf<'buckets.moved'>): void;
  /** The account signs with another secret, or goes another way, from now on: what waited for that may go on. */
  onRenewed(id: AccountId): void;
  log: Log;
  now(): number;
  randomBytes(length: number): Uint8Array;
  later: Later;
}

type Nothing = Record<string, never>;

export interface Accounts {
  view(): AccountsView;
  /** Opens the account used last, in the background. */
  start(): void;
  /** One harmless signed request with what the form holds; keeps nothing. Errors: account.invalid, net.*, oss.*. */
  test(draft: AccountDraft, signal: AbortSignal): Promise<Result<ConnectionReport>>;
  /** Keychain first, then settings; the new account is the active one. Errors: account.invalid, keychain.*, file.*. */
  add(draft: AccountDraft, keep: 'keychain' | 'session', signal: AbortSignal): Promise<Result<AccountView>>;
  /** Errors: account.unknown, keychain.*, cancelled. */
  use(id: AccountId, signal: AbortSignal): Promise<Result<AccountView>>;
  /** Errors: account.unknown, account.invalid, keychain.*, file.*. */
  enterSecret(input: Parsed<'accounts.enterSecret'>, signal: AbortSignal): Promise<Result<AccountView>>;
  /** Another way to the service for an open account, tried first. Errors: account.*, net.*, oss.*, file.*. */
  setPlace(draft: PlaceDraft, signal: AbortSignal): Promise<Result<AccountView>>;
  rename(id: AccountId, name: string, colour: AccountView['colour']): Promise<Result<AccountView>>;
  /** The label stays when the keychain entry could not be removed. Errors: account.unknown, keychain.*, file.*. */
  remove(id: AccountId, signal: AbortSignal): Promise<Result<Nothing>>;
  /** No account is active; secrets that were read from the keychain are dropped, session ones stay until quit. */
  leave(): Promise<Result<Nothing>>;
  /** Where an account's requests go, open or not. Errors: account.unknown, account.invalid. */
  endpointOf(id: AccountId): Result<Endpoint>;
  /** Whether the account can be used in the next run without its key being typed again. */
  isRemembered(id: AccountId): boolean;
  /** The client of an open account. Errors: account.unknown, keychain.*. */
  clientOf(id: AccountId): Result<OssClient>;
  /** Gives up every wait and drops every secret. */
  dispose(): void;
}

/** Buckets remembered for an account, and regions beyond our table: more than anybody has. */
const MAX_MOVED = 500;
const MAX_REGIONS = 200;

/** Nobody can give up this wait: it is nobody's. */
const NEVER = new AbortController().signal;

export function makeAccounts(options: AccountsOptions): Accounts {
  const { settings, log, now } = options;
  const open = makeOpenAccounts(options, {
    onEnded: () => changed(),
    onMoved: rememberMoved,
    onRegions: noteRegions,
  });
  /** Accounts whose keychain entry proved to be gone. */
  const missing = new Set<AccountId>();
  let samples: OssClient | null = null;
  let activeId: AccountId | null = null;
  let problem: AppError | null = null;
  let opening: { id: AccountId; stop: AbortController; end: Promise<Result<null>> } | null = null;
  const secrets = makeAccountSecrets({ keychain: options.keychain, later: options.later, onWait: () => changed() });

  const labelOf = (id: AccountId): AccountLabel | undefined =>
    settings.current.accounts.find((label) => label.id === id);

  const toView = (label: AccountLabel): AccountView => {
    const atRest = label.keep === 'keychain' && !missing.has(label.id) ? 'keychain' : 'absent';
    const account = open.get(label.id);
    return toAccountView(label, account?.secretHome ?? atRest, account?.hasTokenEnded ?? false);
  };

  function view(): AccountsView {
    const isUsable = activeId !== null && (activeId === SAMPLES || open.get(activeId) !== undefined);
    return {
      accounts: [SAMPLES_VIEW, ...settings.current.accounts.map(toView)],
      activeId,
      // Somebody who works with one account while adding another one is not to lose the first for the wait.
      opening: secrets.isWaiting() && !isUsable ? 'waiting' : opening ? 'opening' : 'idle',
      problem,
    };
  }

  const changed = (): void => options.onChange(view());

  function setOpen(label: AccountLabel, secret: AccountSecret, home: OpenAccount['secretHome']): Result<null> {
    const opened = open.open(label, secret, home);
    if (!opened.ok) return opened;
    missing.delete(label.id);
    options.onRenewed(label.id);
    return opened;
  }

  function stopOpening(): void {
    opening?.stop.abort();
    opening = null;
  }

  /** A bucket was found elsewhere: the next run goes there right away. */
  function rememberMoved(id: AccountId, bucket: string, place: BucketPlace): void {
    const label = labelOf(id);
    if (!label) return;
    const moved = [...label.moved.filter((other) => other.bucket !== bucket), { bucket, ...place }].slice(-MAX_MOVED);
    void settings.update({ accounts: replaced(settings.current.accounts, { ...label, moved }) });
    noteRegions([place.region]);
    options.onMoved({ accountId: id, bucket, region: place.region });
  }

  /** Regions that our table lacks are offered from now on. */
  function noteRegions(ids: readonly string[]): void {
    const known = new Set([...REGIONS.map(({ id }) => id), ...settings.current.regions]);
    const fresh = ids.filter((id) => !known.has(id));
    if (fresh.length > 0)
      void settings.update({ regions: [...settings.current.regions, ...fresh].slice(-MAX_REGIONS) });
  }

  /** Remembers what to open at the next start. A file that cannot be written costs only this convenience. */
  async function remember(id: AccountId | null): Promise<void> {
    if (settings.current.lastAccountId === id) return;
    const written = await settings.update({ lastAccountId: id });
    if (!written.ok) log.warn('The last account could not be remembered.', { code: written.error.code });
  }

  function activate(id: AccountId): void {
    activeId = id;
    problem = null;
    void remember(id);
    changed();
  }

  async function readSecret(label: AccountLabel, signal: AbortSignal): Promise<Result<null>> {
    if (label.keep === 'session') {
      return fail('keychain.missing', 'This key was kept for one run only.', { detail: { keep: 'session' } });
    }
    const read = await secrets.read(label.id, signal);
    if (!read.ok) return read;
    if (signal.aborted) return fail('cancelled', 'The wait for the keychain was given up.');
    // The label may have been changed or removed while we waited.
    const current = labelOf(label.id);
    if (!current) return fail('account.unknown', 'The account was removed.');
    return setOpen(current, read.value, 'keychain');
  }

  function beginOpening(label: AccountLabel): NonNullable<typeof opening> {
    stopOpening();
    const stop = new AbortController();
    const mine = { id: label.id, stop, end: readSecret(label, stop.signal) };
    opening = mine;
    activeId = label.id;
    problem = null;
    void mine.end.then((result) => {
      if (opening !== mine) return;
      opening = null;
      if (result.ok) return activate(label.id);
      if (result.error.code === 'keychain.missing') missing.add(label.id);
      const isGivenUp = result.error.code === 'cancelled';
      activeId = isGivenUp ? null : label.id;
      problem = isGivenUp ? null : result.error;
      changed();
    });
    changed();
    return mine;
  }

  async function use(id: AccountId, signal: AbortSignal): Promise<Result<AccountView>> {
    if (id === SAMPLES) {
      stopOpening();
      activate(SAMPLES);
      return ok(SAMPLES_VIEW);
    }
    const label = labelOf(id);
    if (!label) return fail('account.unknown', 'There is no such account.');
    if (open.get(id)) {
      stopOpening();
      activate(id);
      return ok(toView(label));
    }
    const mine = opening?.id === id ? opening : beginOpening(label);
    const giveUp = (): void => mine.stop.abort();
    if (signal.aborted) giveUp();
    signal.addEventListener('abort', giveUp, { once: true });
    const result = await mine.end;
    signal.removeEventListener('abort', giveUp);
    return result.ok ? ok(toView(labelOf(id) ?? label)) : result;
  }

  return {
    view,
    start() {
      const id = settings.current.lastAccountId;
      if (id === SAMPLES || (id && labelOf(id)?.keep === 'keychain')) void use(id, NEVER);
    },

    async test(draft, signal) {
      const read = readDraft(draft);
      if (!read.ok) return read;
      const made = makeAccountClient(options, read.value, toCredentials(read.value, toEntry(draft)));
      if (!made.ok) return made;
      const { client } = made.value;
      const tested = await testConnection(client, read.value.scope, now, signal);
      // Who may list buckets may mostly ask for the regions too; not being allowed to is no failure.
      const mayAsk = tested.ok && tested.value.tested === 'list-buckets' && !tested.value.bucketsHidden;
      const regions = mayAsk ? await client.listRegions(signal) : null;
      if (regions?.ok) noteRegions(regions.value);
      made.value.dispose();
      return tested;
    },

    async add(draft, keep, signal) {
      const read = readDraft(draft);
      if (!read.ok) return read;
      const id = AccountId.parse(Buffer.from(options.randomBytes(8)).toString('hex'));
      const entry = toEntry(draft);
      if (keep === 'keychain') {
        const stored = await secrets.write(id, entry, signal);
        // A wait that was given up may still end in an entry: it is taken back as soon as the keychain answers.
        if (!stored.ok && stored.error.code === 'cancelled') secrets.takeBack(id);
        if (!stored.ok) return stored;
      }
      const label: AccountLabel = { ...read.value, id, keep };
      const written = await settings.update({ accounts: [...settings.current.accounts, label] });
      if (!written.ok) {
        // Without its label the entry would be an orphan that nobody could remove.
        if (keep === 'keychain') secrets.takeBack(id);
        void settings.update({ accounts: settings.current.accounts.filter((other) => other.id !== id) });
        return written;
      }
      stopOpening();
      const opened = setOpen(label, entry, keep);
      if (!opened.ok) return opened;
      activate(id);
      return ok(toView(label));
    },

    use,

    async enterSecret(input, signal) {
      const label = labelOf(input.accountId);
      if (!label) return fail('account.unknown', 'There is no such account.');
      const expiry = readExpiry(input.tokenExpiresAt);
      if (!expiry.ok) return expiry;
      const entry = toEntry(input);
      if (input.keep === 'keychain') {
        const stored = await secrets.write(label.id, entry, signal);
        if (!stored.ok) return stored;
      }
      // The label may have been changed or removed while we waited.
      const current = labelOf(label.id);
      if (!current) {
        if (input.keep === 'keychain') secrets.takeBack(label.id);
        return fail('account.unknown', 'The account was removed.');
      }
      const renewed: AccountLabel = {
        ...current,
        accessKeyId: input.accessKeyId ?? current.accessKeyId,
        isTemporary: Boolean(input.securityToken),
        tokenExpiresAt: expiry.value,
        // A session secret leaves `keep` as it is: the older entry in the keychain must stay removable.
        keep: input.keep === 'keychain' ? 'keychain' : current.keep,
      };
      const written = await settings.update({ accounts: replaced(settings.current.accounts, renewed) });
      if (!written.ok) return written;
      stopOpening();
      const opened = setOpen(renewed, entry, input.keep);
      if (!opened.ok) return opened;
      activate(label.id);
      return ok(toView(renewed));
    },

    async setPlace(draft, signal) {
      const label = labelOf(draft.accountId);
      if (!label) return fail('account.unknown', 'There is no such account.');
      const read = readPlace(label, draft);
      if (!read.ok) return read;
      const tried = open.tryPlace(read.value);
      if (!tried.ok) return tried;
      const failure = draft.untested ? null : await testPlace(tried.value.client, read.value, now, signal);
      tried.value.dispose();
      if (failure) return { ok: false, error: failure };
      // The label may have been changed or removed while we waited.
      const current = labelOf(label.id);
      if (!current) return fail('account.unknown', 'The account was removed.');
      const { region, endpoint, scope, domains, moved } = read.value;
      const placed: AccountLabel = { ...current, region, endpoint, scope, domains, moved };
      const written = await settings.update({ accounts: replaced(settings.current.accounts, placed) });
      if (!written.ok) return written;
      const result = open.move(placed);
      if (!result.ok) return result;
      options.onRenewed(label.id);
      changed();
      return ok(toView(placed));
    },

    async rename(id, name, colour) {
      const label = labelOf(id);
      if (!label) return fail('account.unknown', 'There is no such account.');
      const renamed = { ...label, name, colour };
      const written = await settings.update({ accounts: replaced(settings.current.accounts, renamed) });
      changed();
      return written.ok ? ok(toView(renamed)) : written;
    },

    async remove(id, signal) {
      const label = labelOf(id);
      if (!label) return fail('account.unknown', 'There is no such account.');
      if (opening?.id === id) stopOpening();
      if (label.keep === 'keychain') {
        const removed = await secrets.remove(id, signal);
        if (!removed.ok) return removed;
      }
      open.drop(id);
      missing.delete(id);
      if (activeId === id) [activeId, problem] = [null, null];
      const { accounts, lastAccountId } = settings.current;
      const written = await settings.update({
        accounts: accounts.filter((other) => other.id !== id),
        lastAccountId: lastAccountId === id ? null : lastAccountId,
      });
      changed();
      return written.ok ? ok({}) : written;
    },

    async leave() {
      stopOpening();
      open.dropStored();
      activeId = null;
      problem = null;
      await remember(null);
      changed();
      return ok({});
    },

    endpointOf(id) {
      if (id === SAMPLES) return ok(SAMPLES_ENDPOINT);
      const label = labelOf(id);
      return label ? toEndpoint(label) : fail('account.unknown', 'There is no such account.');
    },

    isRemembered: (id) =>
      id === SAMPLES || (labelOf(id)?.keep === 'keychain' && open.get(id)?.secretHome !== 'session'),

    clientOf(id) {
      if (id === SAMPLES) return ok((samples ??= options.makeSamplesClient()));
      const account = open.get(id);
      if (account) return ok(account.client);
      return problem && id === activeId
        ? { ok: false, error: problem }
        : fail('account.unknown', 'The account is not open.');
    },

    dispose() {
      stopOpening();
      open.dropAll();
    },
  };
}

const toEntry = (typed: { accessKeySecret: string; securityToken?: string | undefined }): AccountSecret => ({
  accessKeySecret: typed.accessKeySecret,
  ...(typed.securityToken ? { securityToken: typed.securityToken } : {}),
});

const replaced = (labels: readonly AccountLabel[], label: AccountLabel): AccountLabel[] =>
  labels.map((other) => (other.id === label.id ? label : other));
