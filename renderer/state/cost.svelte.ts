/** What each account has used this month and what that comes to, as main counts it; prices and budget. */
import { SvelteMap } from 'svelte/reactivity';
import type { In, Out } from '#contract/contract.ts';
import { LOTS } from '#contract/bill-items.ts';
import type { CostView, MonthView } from '#contract/cost.ts';
import type { AppError, Result } from '#contract/errors.ts';
import type { JobId } from '#contract/ids.ts';
import type { Client } from '#renderer/bridge/client.svelte.ts';

export class CostStore {
  readonly #views = new SvelteMap<string, CostView>();
  readonly #client: Client;
  readonly #stop: () => void;

  constructor(client: Client) {
    this.#client = client;
    this.#stop = client.on('cost.changed', (view) => void this.#views.set(view.accountId, view));
  }

  /** Null until main has answered, and of the samples, which cost nothing. */
  of(accountId: string): CostView | null {
    return accountId === 'samples' ? null : (this.#views.get(accountId) ?? null);
  }

  /** Whether the budget warns or stops, or only what was allowed once is left: then no page is bought ahead of the reader. */
  isTight(accountId: string): boolean {
    const view = this.of(accountId);
    return view !== null && (view.budgetState !== 'fine' || view.allowed > 0);
  }

  /** The price of so many pictures with the requests for them; null while pictures have no price. */
  priceOf(accountId: string, pictures: number): number | null {
    const view = this.of(accountId);
    const convert = view?.prices.convert;
    if (convert === undefined) return null;
    const get = view?.prices.get ?? 0;
    return Math.round((pictures * convert) / LOTS.convert.size + (pictures * get) / LOTS.get.size);
  }

  async load(accountId: string): Promise<void> {
    if (accountId === 'samples') return;
    const result = await this.#client.request('cost.get', { accountId });
    if (result.ok) this.#views.set(result.value.accountId, result.value);
  }

  async months(accountId: string): Promise<MonthView[]> {
    const result = await this.#client.request('cost.months', { accountId });
    return result.ok ? result.value.months : [];
  }

  /** Null when it is kept. */
  async setPrices(accountId: string, change: In<'cost.setPrices'>): Promise<AppError | null> {
    const result = await this.#client.request('cost.setPrices', change);
    await this.load(accountId);
    return result.ok ? null : result.error;
  }

  async setBudget(accountId: string, budget: In<'cost.setBudget'>['budget']): Promise<AppError | null> {
    const result = await this.#client.request('cost.setBudget', { accountId, budget });
    if (result.ok) this.#views.set(accountId, result.value);
    return result.ok ? null : result.error;
  }

  /** Lets so many more pictures pass beyond the stop; those for a job only until it is over. */
  async goOnOnce(accountId: string, pictures: number, jobId?: JobId): Promise<void> {
    const result = await this.#client.request('cost.goOnOnce', { accountId, pictures, ...(jobId && { jobId }) });
    if (result.ok) this.#views.set(accountId, result.value);
  }

  /** Asks where to save; null when the person cancels. */
  exportCsv(accountId: string): Promise<Result<Out<'cost.exportCsv'>>> {
    return this.#client.request('cost.exportCsv', { accountId });
  }

  dispose(): void {
    this.#stop();
  }
}
