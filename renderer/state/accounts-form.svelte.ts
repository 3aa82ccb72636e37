/**
 * The form that adds an account: what is typed, what is wrong with it, the test, and the way in. Holds the secret only
 * while it is typed.
 */
import type { AccountDraft, AccountView, Colour, ConnectionReport } from '#contract/contract.ts';
import type { AppError, Result } from '#contract/errors.ts';
import { endpointIn } from '#renderer/logic/endpoint-way.ts';
import { isKeyRefused } from '#renderer/logic/refused-key.ts';
import type { AccountsStore, Keep } from './accounts.svelte.ts';
import type { Timers } from './clock.ts';

/** How the person signs in; what belongs to another way is neither asked for nor sent. */
export type Way = 'access-key' | 'temporary' | 'role' | 'profile';

export type FieldName =
  | 'accessKeyId'
  | 'accessKeySecret'
  | 'securityToken'
  | 'region'
  | 'endpoint'
  | 'scope'
  | 'tokenExpiresAt'
  | 'roleArn'
  | 'profile';
/** What can be said about a field before anything is sent. */
export type FieldProblem = 'missing' | 'region' | 'endpoint' | 'scope' | 'time' | 'role';

/** Session lengths to choose from, seconds: STS takes 15 minutes to 12 hours. */
export const ROLE_SECONDS = [900, 3600, 14_400, 43_200] as const;

export type FormWork =
  | { status: 'idle' }
  | { status: 'testing' }
  | { status: 'tested'; report: ConnectionReport }
  /** The service is asked whether it takes the key. `isWaiting`: it has kept us for a while. */
  | { status: 'checking'; isWaiting: boolean }
  /** The account is being kept. `isWaiting`: the keychain has kept us for a while. */
  | { status: 'connecting'; isWaiting: boolean }
  /** `mayGoOn`: the account can be kept all the same, because neither the key nor the way to it was refused. */
  | { status: 'failed'; error: AppError; mayGoOn: boolean };

/** After this long the form says what it waits for, ms: longer than a service or a keychain that just works. */
const WAITING_AFTER_MS = 3000;

/** What stands there before anybody chose. */
const FIRST_REGION = 'cn-hangzhou';

export class AccountForm {
  way = $state<Way>('access-key');
  accessKeyId = $state('');
  accessKeySecret = $state('');
  securityToken = $state('');
  /** As `<input type="datetime-local">` writes it: local time, or empty. */
  tokenEnds = $state('');
  roleArn = $state('');
  sessionName = $state('');
  durationSeconds = $state<number>(3600);
  stsEndpoint = $state('');
  /** Id of the profile to take. */
  profileId = $state('');
  region = $state(FIRST_REGION);
  endpoint = $state('');
  scope = $state('');
  name = $state('');
  colour = $state<Colour>('teal');
  keep = $state<Keep>('keychain');

  #work = $state.raw<FormWork>({ status: 'idle' });
  /** Problems are shown once something was tried, then they follow what is typed. */
  #wasTried = $state(false);
  #running: AbortController | null = null;
  readonly #accounts: AccountsStore;
  readonly #timers: Timers;

  readonly #problems = $derived.by<Partial<Record<FieldName, FieldProblem>>>(() => {
    const problems: Partial<Record<FieldName, FieldProblem>> = {};
    if (!isScope(this.scope.trim())) problems.scope = 'scope';
    if (this.way === 'profile') {
      if (this.profileId === '') problems.profile = 'missing';
      return problems;
    }
    if (!this.accessKeyId.trim()) problems.accessKeyId = 'missing';
    if (!this.accessKeySecret.trim()) problems.accessKeySecret = 'missing';
    if (!/^[a-z0-9-]{2,40}$/.test(this.region.trim())) problems.region = 'region';
    if (/\s/.test(this.endpoint.trim())) problems.endpoint = 'endpoint';
    if (this.way === 'temporary') {
      if (!this.securityToken.trim()) problems.securityToken = 'missing';
      if (this.tokenEnds && Number.isNaN(Date.parse(this.tokenEnds))) problems.tokenExpiresAt = 'time';
    }
    if (this.way === 'role' && !/^acs:ram::[^:\s]+:role\/\S+$/.test(this.roleArn.trim())) problems.roleArn = 'role';
    return problems;
  });

  constructor(accounts: AccountsStore, timers: Timers) {
    this.#accounts = accounts;
    this.#timers = timers;
  }

  get work(): FormWork {
    return this.#work;
  }
  get isBusy(): boolean {
    return ['testing', 'checking', 'connecting'].includes(this.#work.status);
  }
  /** What is wrong where; empty until a first try. */
  get problems(): Partial<Record<FieldName, FieldProblem>> {
    return this.#wasTried ? this.#problems : {};
  }

  /** A link says where its documents are: the region, unless the person has chosen another one. */
  suggestRegion(region: string): void {
    if (this.region === FIRST_REGION) this.region = region;
  }

  /** The way to the service stays the same in the other region. */
  chooseRegion(region: string): void {
    this.endpoint = endpointIn(region, this.endpoint, this.region);
    this.region = region;
  }

  /** One harmless signed request; keeps nothing. */
  async test(): Promise<void> {
    const order = this.#order('');
    if (!order) return;
    const running = this.#begin({ status: 'testing' });
    const result = await order.test(running.signal);
    if (this.#running !== running) return;
    if (result.ok) this.#end({ status: 'tested', report: result.value });
    else this.#end({ status: 'failed', error: result.error, mayGoOn: false });
  }

  /**
   * Keeps the account under `name`, or `defaultName` where none was typed, and makes it the one in use. The service is
   * asked first: a typing error is met here, where it can be mended, and not as an account that never opens.
   */
  async connect(defaultName: string): Promise<boolean> {
    const order = this.#order(defaultName);
    if (!order) return false;
    const running = this.#begin({ status: 'checking', isWaiting: false });
    const checked = await this.#patiently(running, order.test(running.signal));
    if (this.#running !== running) return false;
    if (checked.ok) return this.#add(order, this.keep);
    const { error } = checked;
    // A connection that is not safe does not become so by keeping the account.
    const isFinal = isKeyRefused(error.code) || error.code === 'net.tls';
    const mayGoOn = /^(net|oss)\./.test(error.code) && !isFinal;
    this.#end({ status: 'failed', error, mayGoOn });
    return false;
  }

  /** As `connect`, without asking the service: it cannot be reached now, or it was asked already. */
  async connectUnasked(defaultName: string, keep: Keep = this.keep): Promise<boolean> {
    const order = this.#order(defaultName);
    return order !== null && this.#add(order, keep);
  }

  /** Stops the test or the waiting; what was typed stays. */
  cancel(): void {
    this.#running?.abort();
    this.#end({ status: 'idle' });
  }

  /** Stops what runs and forgets the secret. */
  dispose(): void {
    this.cancel();
    this.#forgetSecrets();
  }

  async #add(order: Order, keep: Keep): Promise<boolean> {
    const running = this.#begin({ status: 'connecting', isWaiting: false });
    const adding = order.add(keep, running.signal);
    const result = await (keep === 'keychain' ? this.#patiently(running, adding) : adding);
    if (this.#running !== running) return false;
    this.#end(result.ok ? { status: 'idle' } : { status: 'failed', error: result.error, mayGoOn: false });
    if (result.ok) this.#forgetSecrets();
    return result.ok;
  }

  /** Says after a while that an answer is waited for. */
  async #patiently<T>(running: AbortController, answer: Promise<T>): Promise<T> {
    const patience = this.#timers.set(() => {
      const { status } = this.#work;
      const isOurs = this.#running === running && (status === 'checking' || status === 'connecting');
      if (isOurs) this.#work = { status, isWaiting: true };
    }, WAITING_AFTER_MS);
    try {
      return await answer;
    } finally {
      this.#timers.clear(patience);
    }
  }

  #forgetSecrets(): void {
    this.accessKeySecret = '';
    this.securityToken = '';
  }

  #begin(work: FormWork): AbortController {
    this.#running?.abort();
    this.#running = new AbortController();
    this.#work = work;
    return this.#running;
  }

  #end(work: FormWork): void {
    this.#running = null;
    this.#work = work.status === 'failed' && work.error.code === 'cancelled' ? { status: 'idle' } : work;
  }

  /** What is typed, ready to be sent; null while something is wrong with it. */
  #order(defaultName: string): Order | null {
    this.#wasTried = true;
    if (Object.keys(this.#problems).length > 0) return null;
    const accounts = this.#accounts;
    if (this.way === 'profile') {
      const { name, colour, scope, profileId } = this;
      // The profile has a name of its own.
      const draft = { id: profileId, name: name.trim(), colour, scope: scope.trim() };
      return {
        test: (signal) => accounts.testProfile(draft, signal),
        add: (keep, signal) => accounts.takeProfile(draft, keep, signal),
      };
    }
    const draft = this.#draft(defaultName);
    return {
      test: (signal) => accounts.test(draft, signal),
      add: (keep, signal) => accounts.add(draft, keep, signal),
    };
  }

  #draft(defaultName: string): AccountDraft {
    const securityToken = this.way === 'temporary' ? this.securityToken.trim() : '';
    const role = {
      arn: this.roleArn.trim(),
      sessionName: this.sessionName.trim(),
      durationSeconds: Number(this.durationSeconds),
      stsEndpoint: this.stsEndpoint.trim(),
    };
    return {
      name: this.name.trim() || defaultName,
      colour: this.colour,
      accessKeyId: this.accessKeyId.trim(),
      accessKeySecret: this.accessKeySecret.trim(),
      ...(securityToken && { securityToken }),
      ...(securityToken && this.tokenEnds && { tokenExpiresAt: new Date(this.tokenEnds).toISOString() }),
      ...(this.way === 'role' && { role }),
      region: this.region.trim(),
      endpoint: this.endpoint.trim(),
      scope: this.scope.trim(),
    };
  }
}

/** One way of asking and keeping, with everything typed in it. */
interface Order {
  test(signal: AbortSignal): Promise<Result<ConnectionReport>>;
  add(keep: Keep, signal: AbortSignal): Promise<Result<AccountView>>;
}

/** `bucket`, `bucket/folder/`, `oss://bucket/folder` or nothing; the bucket's name as OSS allows it. */
function isScope(text: string): boolean {
  return text === '' || /^(oss:\/\/)?[a-z0-9][a-z0-9-]{1,61}[a-z0-9](\/.*)?$/.test(text);
}
