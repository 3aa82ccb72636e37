/** The network settings as main has them, and the network test of this window. */
import type { In, Out } from '#contract/contract.ts';
import type { AppError, Result } from '#contract/errors.ts';
import type { Client } from '#renderer/bridge/client.svelte.ts';

export type NetworkView = Out<'network.get'>;
export type NetworkDraft = In<'network.set'>;
export type NetworkReport = Out<'network.test'>;

export type TestState =
  | { status: 'idle' }
  | { status: 'running' }
  | { status: 'done'; report: NetworkReport }
  | { status: 'failed'; error: AppError };

export class NetworkStore {
  #view = $state.raw<NetworkView | null>(null);
  #inForce = $state.raw<Out<'network.proxyFor'> | null>(null);
  #test = $state.raw<TestState>({ status: 'idle' });
  #testing: AbortController | null = null;
  readonly #client: Client;
  readonly #stop: () => void;

  constructor(client: Client) {
    this.#client = client;
    this.#stop = client.on('network.changed', (view) => {
      this.#view = view;
      // What was found out is about the way before.
      this.stopTest();
    });
  }

  /** Null until main has answered. */
  get view(): NetworkView | null {
    return this.#view;
  }
  /** Which proxy requests to the account's service take now. */
  get inForce(): Out<'network.proxyFor'> | null {
    return this.#inForce;
  }
  get test(): TestState {
    return this.#test;
  }

  /** Reads the settings and the proxy in force for an account; without one, for a public endpoint. */
  async load(accountId: string | null): Promise<void> {
    const view = await this.#client.request('network.get', {});
    if (view.ok) this.#view = view.value;
    await this.readProxy(accountId);
  }

  async readProxy(accountId: string | null): Promise<void> {
    const inForce = await this.#client.request('network.proxyFor', { accountId, endpoint: '' });
    if (inForce.ok) this.#inForce = inForce.value;
  }

  async set(draft: NetworkDraft): Promise<Result<NetworkView>> {
    return this.#keep(await this.#client.request('network.set', draft));
  }
  /** Null when the person cancelled the dialog. */
  async choosePac(): Promise<Result<NetworkView | null>> {
    return this.#keep(await this.#client.request('network.choosePac', {}));
  }
  /** Null when the person cancelled the dialog. */
  async addCertificate(): Promise<Result<NetworkView | null>> {
    return this.#keep(await this.#client.request('network.addCertificate', {}));
  }
  async removeCertificate(fingerprint: string): Promise<Result<NetworkView>> {
    return this.#keep(await this.#client.request('network.removeCertificate', { fingerprint }));
  }

  /** Tries the way to an endpoint, as typed; a run before is given up. */
  async runTest(endpoint: string): Promise<void> {
    this.stopTest();
    const testing = new AbortController();
    this.#testing = testing;
    this.#test = { status: 'running' };
    const input = { accountId: null, endpoint };
    const result = await this.#client.request('network.test', input, { signal: testing.signal });
    if (this.#testing !== testing) return;
    this.#testing = null;
    this.#test = result.ok ? { status: 'done', report: result.value } : { status: 'failed', error: result.error };
  }

  stopTest(): void {
    this.#testing?.abort();
    this.#testing = null;
    this.#test = { status: 'idle' };
  }

  dispose(): void {
    this.stopTest();
    this.#stop();
  }

  #keep<V extends NetworkView | null>(result: Result<V>): Result<V> {
    if (result.ok && result.value) this.#view = result.value;
    return result;
  }
}
