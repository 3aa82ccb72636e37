/** The accounts of this computer as the page may see them, and the one in use. Secrets only pass through, inwards. */
import type { AccountDraft, AccountView, ConnectionReport, In, Out } from '#contract/contract.ts';
import type { AppError, Result } from '#contract/errors.ts';
import type { ProfileDraft, ProfilesView } from '#contract/profiles.ts';
import type { Client } from '#renderer/bridge/client.svelte.ts';

type AccountsView = Out<'accounts.get'>;
export type AccountId = AccountView['id'];
/** Where a secret is kept: in the computer's keychain, or only until the app quits. */
export type Keep = In<'accounts.add'>['keep'];
export type SecretEntry = In<'accounts.enterSecret'>;

const NONE: AccountsView = { accounts: [], activeId: null, opening: 'idle', problem: null };

export class AccountsStore {
  /** The person wants to type the secret of the account in use again: asked for from its menu, or where its key was refused. */
  wantsSecret = $state(false);
  /** The bucket that the person wants to give its own domain: asked for where the public address is refused. */
  wantsDomain = $state<string | null>(null);
  #view = $state.raw<AccountsView>(NONE);
  #status = $state<'loading' | 'ready' | 'failed'>('loading');
  #failure = $state.raw<AppError | null>(null);
  readonly #client: Client;
  readonly #stop: () => void;
  /** What may wait for the keychain: an account being opened or removed, a secret being kept. One at a time. */
  #waiting = new AbortController();

  constructor(client: Client) {
    this.#client = client;
    this.#stop = client.on('accounts.changed', (view) => this.#take(view));
  }

  /** `loading` until main has told once. */
  get status(): 'loading' | 'ready' | 'failed' {
    return this.#status;
  }
  /** Why main could not tell. */
  get failure(): AppError | null {
    return this.#failure;
  }
  /** Every account but the built-in samples, in the order they were added. */
  get saved(): readonly AccountView[] {
    return this.#view.accounts.filter((account) => account.kind === 'access-key');
  }
  /** The built-in account of the samples; it is always there. */
  get samplesId(): string {
    return 'samples';
  }
  /** The account chosen now; it may still be opening or have a problem. */
  get chosen(): AccountView | null {
    return this.#view.accounts.find((account) => account.id === this.#view.activeId) ?? null;
  }
  /** The account in use: chosen, opened, without a problem. */
  get active(): AccountView | null {
    return this.#view.opening === 'idle' && !this.#view.problem ? this.chosen : null;
  }
  /** `waiting`: the keychain has kept us for a while; say so and offer Cancel. */
  get opening(): AccountsView['opening'] {
    return this.#view.opening;
  }
  get problem(): AppError | null {
    return this.#view.problem;
  }

  async load(): Promise<void> {
    this.#status = 'loading';
    const result = await this.#client.request('accounts.get', {});
    if (result.ok) return this.#take(result.value);
    this.#failure = result.error;
    this.#status = 'failed';
  }

  /** One harmless signed request with what the form holds; keeps nothing. */
  test(draft: AccountDraft, signal?: AbortSignal): Promise<Result<ConnectionReport>> {
    return this.#client.request('accounts.test', draft, { signal });
  }

  /** Keeps the account and makes it the one in use. Errors: `keychain.*`, `account.invalid`. */
  add(draft: AccountDraft, keep: Keep, signal?: AbortSignal): Promise<Result<AccountView>> {
    return this.#client.request('accounts.add', { draft, keep }, { signal });
  }

  /** Profiles of command-line tools on this computer; none where main cannot say. */
  async profiles(): Promise<ProfilesView> {
    const found = await this.#client.request('profiles.list', {});
    return found.ok ? found.value : { profiles: [], problems: [] };
  }

  /** As `test`, with what a profile of this computer holds. */
  testProfile(draft: ProfileDraft, signal?: AbortSignal): Promise<Result<ConnectionReport>> {
    return this.#client.request('profiles.test', draft, { signal });
  }

  /** As `add`, with what a profile of this computer holds. */
  takeProfile(draft: ProfileDraft, keep: Keep, signal?: AbortSignal): Promise<Result<AccountView>> {
    return this.#client.request('profiles.take', { ...draft, keep }, { signal });
  }

  /** Makes an account the one in use. A second call stops the first. Errors: `keychain.*`, `account.unknown`. */
  use(accountId: string): Promise<Result<AccountView>> {
    return this.#client.request('accounts.use', { accountId }, { signal: this.#beginWaiting() });
  }

  /** Gives up what waits for the keychain: its answer, should there ever be one, changes nothing any more. */
  stopWaiting(): void {
    this.#waiting.abort();
  }

  /** The secret typed again, or a new temporary token; then the account is in use. */
  enterSecret(entry: SecretEntry): Promise<Result<AccountView>> {
    return this.#client.request('accounts.enterSecret', entry, { signal: this.#beginWaiting() });
  }

  /** Another way to the service, tried first. Errors: `account.*`, `net.*`, `oss.*`. */
  setPlace(draft: In<'accounts.setPlace'>, signal?: AbortSignal): Promise<Result<AccountView>> {
    return this.#client.request('accounts.setPlace', draft, { signal });
  }

  /** Regions that the service named beyond our table. */
  async regions(): Promise<readonly string[]> {
    const answer = await this.#client.request('regions.get', {});
    return answer.ok ? answer.value.ids : [];
  }

  rename(accountId: AccountId, name: string, colour: AccountView['colour']): Promise<Result<AccountView>> {
    return this.#client.request('accounts.rename', { accountId, name, colour });
  }

  /** Removes the label and the keychain entry. */
  remove(accountId: AccountId): Promise<Result<object>> {
    return this.#client.request('accounts.remove', { accountId }, { signal: this.#beginWaiting() });
  }

  /** Back to the first screen; the secret read in this run is dropped. */
  leave(): Promise<Result<object>> {
    this.stopWaiting();
    return this.#client.request('accounts.leave', {});
  }

  dispose(): void {
    this.stopWaiting();
    this.#stop();
  }

  #beginWaiting(): AbortSignal {
    this.#waiting.abort();
    this.#waiting = new AbortController();
    return this.#waiting.signal;
  }

  #take(view: AccountsView): void {
    this.#view = view;
    this.#failure = null;
    this.#status = 'ready';
  }
}
