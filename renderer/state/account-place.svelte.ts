/** The form that changes a saved account: its name and colour, and where its requests go. The secret stays where it is. */
import type { AccountView, Colour } from '#contract/contract.ts';
import type { AppError } from '#contract/errors.ts';
import { endpointIn } from '#renderer/logic/endpoint-way.ts';
import type { AccountsStore } from './accounts.svelte.ts';

/** One line of the list of domains while it is typed. */
export interface DomainLine {
  readonly id: number;
  bucket: string;
  domain: string;
}

export type PlaceWork =
  | { status: 'idle' }
  | { status: 'testing' }
  /** `mayKeep`: it can be saved all the same; the network of now may not be that of later. */
  | { status: 'failed'; error: AppError; mayKeep: boolean };

export class AccountPlaceForm {
  name = $state('');
  colour = $state<Colour>('teal');
  region = $state('');
  endpoint = $state('');
  scope = $state('');
  domains = $state<DomainLine[]>([]);
  #work = $state.raw<PlaceWork>({ status: 'idle' });
  #wasTried = $state(false);
  #lastId = 0;
  #running: AbortController | null = null;
  readonly #account: AccountView;
  readonly #accounts: AccountsStore;

  constructor(accounts: AccountsStore, account: AccountView) {
    this.#accounts = accounts;
    this.#account = account;
    const { name, colour, region, endpoint, scope, domains } = account;
    Object.assign(this, { name, colour, region, endpoint, scope });
    this.domains = domains.map(({ bucket, domain }) => ({ id: (this.#lastId += 1), bucket, domain }));
  }

  get work(): PlaceWork {
    return this.#work;
  }
  /** What is missing or cannot be right; empty until a first try. */
  get problems(): { name?: true; region?: true; domains: ReadonlySet<number> } {
    if (!this.#wasTried) return { domains: new Set() };
    return {
      ...(!this.name.trim() && { name: true as const }),
      ...(!/^[a-z0-9-]{2,40}$/.test(this.region.trim()) && { region: true as const }),
      domains: new Set(this.domains.filter((line) => !isEmpty(line) && !isWhole(line)).map(({ id }) => id)),
    };
  }

  /** The way stays the same in the other region. */
  chooseRegion(region: string): void {
    this.endpoint = endpointIn(region, this.endpoint, this.region);
    this.region = region;
  }

  addDomain(bucket = ''): void {
    this.domains = [...this.domains, { id: (this.#lastId += 1), bucket, domain: '' }];
  }

  removeDomain(id: number): void {
    this.domains = this.domains.filter((line) => line.id !== id);
  }

  /** Saves what has changed; a changed place is tried first unless `untested`. True: everything is saved. */
  async save(untested = false): Promise<boolean> {
    this.#wasTried = true;
    const { name, region, domains } = this.problems;
    if (name || region || domains.size > 0) return false;
    const running = new AbortController();
    this.#running = running;
    this.#work = { status: 'testing' };
    const saved = await this.#saveAll(untested, running.signal);
    if (this.#running !== running) return false;
    this.#running = null;
    const isMine = saved === null || saved.code === 'cancelled';
    const mayKeep = saved !== null && /^(net|oss)\./.test(saved.code) && saved.code !== 'net.tls';
    this.#work = isMine ? { status: 'idle' } : { status: 'failed', error: saved, mayKeep };
    return saved === null;
  }

  dispose(): void {
    this.#running?.abort();
    this.#running = null;
  }

  async #saveAll(untested: boolean, signal: AbortSignal): Promise<AppError | null> {
    const account = this.#account;
    const place = {
      region: this.region.trim(),
      endpoint: this.endpoint.trim(),
      scope: this.scope.trim(),
      domains: this.domains
        .filter(isWhole)
        .map(({ bucket, domain }) => ({ bucket: bucket.trim(), domain: domain.trim() })),
    };
    const { region, endpoint, scope, domains } = account;
    if (JSON.stringify(place) !== JSON.stringify({ region, endpoint, scope, domains })) {
      const placed = await this.#accounts.setPlace({ accountId: account.id, ...place, untested }, signal);
      if (!placed.ok) return placed.error;
    }
    if (this.name.trim() === account.name && this.colour === account.colour) return null;
    const renamed = await this.#accounts.rename(account.id, this.name.trim(), this.colour);
    return renamed.ok ? null : renamed.error;
  }
}

const isEmpty = (line: DomainLine): boolean => line.bucket.trim() === '' && line.domain.trim() === '';
const isWhole = ({ bucket, domain }: DomainLine): boolean =>
  /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/.test(bucket.trim()) && /^\S+$/.test(domain.trim());
