/**
 * Facts about this run: version, runtime, what it has cost so far, whether there is a network, whether the window fills
 * the screen; and whether the settings are open.
 */
import type { Out } from '#contract/contract.ts';
import type { AppError } from '#contract/errors.ts';
import type { Client } from '#renderer/bridge/client.svelte.ts';

export type AppInfo = Out<'app.info'>;
export type Usage = Out<'usage.get'>;

/** The system's word on the network, as the browser knows it. */
export interface SystemNetwork {
  readonly isOnline: boolean;
  onchange(listener: () => void): () => void;
}

/** The parts of the settings dialog. */
export type SettingsPart = 'general' | 'cost' | 'pages' | 'network' | 'storage';

const NOTHING_USED: Usage = { snapshots: 0, unclear: 0, reused: 0, requests: 0 };

export class AppStore {
  #info = $state.raw<AppInfo | null>(null);
  #usage = $state.raw<Usage>(NOTHING_USED);
  #isOnline = $state(true);
  #skewMs = $state(0);
  #isFullScreen = $state(false);
  #failure = $state.raw<AppError | null>(null);
  #settingsPart = $state<SettingsPart | null>(null);
  readonly #client: Client;
  readonly #stops: (() => void)[] = [];

  constructor(client: Client, network: SystemNetwork) {
    this.#client = client;
    this.#isOnline = network.isOnline;
    this.#stops.push(
      network.onchange(() => (this.#isOnline = network.isOnline)),
      client.on('usage.changed', (usage) => (this.#usage = usage)),
      client.on('clock.skewed', ({ skewMs }) => (this.#skewMs = skewMs)),
      client.on('window.changed', ({ isFullScreen }) => (this.#isFullScreen = isFullScreen)),
    );
  }

  /** Null until main has answered. */
  get info(): AppInfo | null {
    return this.#info;
  }
  get usage(): Usage {
    return this.#usage;
  }
  /** How far this computer's clock is off, ms, as the service told; 0 while it is right. Corrected in main. */
  get skewMs(): number {
    return this.#skewMs;
  }
  /** False only where the system is sure; the samples work without a network. */
  get isOnline(): boolean {
    return this.#isOnline;
  }
  get isFullScreen(): boolean {
    return this.#isFullScreen;
  }
  /** The window follows in the system's own time. */
  setFullScreen(isOn: boolean): void {
    void this.#client.request('window.setFullScreen', { isOn });
  }
  /** Why main did not answer the very first question. */
  get failure(): AppError | null {
    return this.#failure;
  }

  /** The part of the settings dialog that is open; null while it is closed. */
  get settingsPart(): SettingsPart | null {
    return this.#settingsPart;
  }
  /** Opens the settings; errors lead to `network`. */
  openSettings(part: SettingsPart = 'general'): void {
    this.#settingsPart = part;
  }
  closeSettings(): void {
    this.#settingsPart = null;
  }

  async load(): Promise<void> {
    const [info, usage, window] = await Promise.all([
      this.#client.request('app.info', {}),
      this.#client.request('usage.get', {}),
      this.#client.request('window.get', {}),
    ]);
    if (info.ok) this.#info = info.value;
    if (usage.ok) this.#usage = usage.value;
    if (window.ok) this.#isFullScreen = window.value.isFullScreen;
    this.#failure = info.ok ? null : info.error;
  }

  dispose(): void {
    for (const stop of this.#stops) stop();
  }
}
