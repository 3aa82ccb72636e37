/** The person's choices of language and look, and what they come to on this computer. */
import type { Out } from '#contract/contract.ts';
import type { Client } from '#renderer/bridge/client.svelte.ts';
import type { Bilingual, Language } from '#renderer/words/words.ts';

export type SettingsView = Out<'settings.get'>;
export type LanguageChoice = SettingsView['language'];
export type ThemeChoice = SettingsView['theme'];
export type LookAhead = SettingsView['lookAhead'];
export type Tint = SettingsView['tint'];
export type Theme = 'light' | 'dark';

/** What the system says, as far as the settings follow it. */
export interface SystemLook {
  readonly isDark: boolean;
  /** Tells of changes; returns how to stop. */
  onchange(listener: () => void): () => void;
}

export class SettingsStore {
  #view = $state.raw<SettingsView>({
    language: 'system',
    theme: 'system',
    tint: 'none',
    readsFiles: true,
    failedCallCost: 0.2,
    lookAhead: 'normal',
    letterKeys: true,
  });
  #systemLanguage = $state<Language>('en');
  #systemIsDark = $state(false);
  readonly #client: Client;
  readonly #stops: (() => void)[] = [];

  constructor(client: Client, system: SystemLook) {
    this.#client = client;
    this.#systemIsDark = system.isDark;
    this.#stops.push(
      system.onchange(() => (this.#systemIsDark = system.isDark)),
      client.on('settings.changed', (view) => (this.#view = view)),
    );
  }

  /** What was chosen. */
  get languageChoice(): LanguageChoice {
    return this.#view.language;
  }
  get themeChoice(): ThemeChoice {
    return this.#view.theme;
  }

  get readsFiles(): boolean {
    return this.#view.readsFiles;
  }
  get failedCallCost(): SettingsView['failedCallCost'] {
    return this.#view.failedCallCost;
  }
  get lookAhead(): LookAhead {
    return this.#view.lookAhead;
  }
  /** Whether single letters are keys of the viewer. */
  get letterKeys(): boolean {
    return this.#view.letterKeys;
  }

  /** How pages are tinted on the screen. */
  get tint(): Tint {
    return this.#view.tint;
  }

  /** What holds now. */
  get language(): Language {
    return this.#view.language === 'system' ? this.#systemLanguage : this.#view.language;
  }
  get theme(): Theme {
    if (this.#view.theme !== 'system') return this.#view.theme;
    return this.#systemIsDark ? 'dark' : 'light';
  }

  /** The sentences of one area in the language of now; read inside markup or `$derived` it follows every switch. */
  words<S>(area: Bilingual<S>): S {
    return area[this.language];
  }

  /** Reads the choices; `systemLanguage` comes from `app.info`. Where it fails, the system's look stays. */
  async load(systemLanguage: Language): Promise<void> {
    this.#systemLanguage = systemLanguage;
    const result = await this.#client.request('settings.get', {});
    if (result.ok) this.#view = result.value;
  }

  /** Takes effect at once and is kept for the next run; taken back when it cannot be kept. */
  async set(change: Partial<SettingsView>): Promise<boolean> {
    const before = this.#view;
    this.#view = { ...before, ...change };
    const result = await this.#client.request('settings.set', change);
    this.#view = result.ok ? result.value : before;
    return result.ok;
  }

  dispose(): void {
    for (const stop of this.#stops) stop();
  }
}
