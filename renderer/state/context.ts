/** How components reach the stores: one typed context, provided once by main.ts or by a test. */
import { getContext, setContext } from 'svelte';
import type { Client } from '#renderer/bridge/client.svelte.ts';
import type { Bilingual, Language } from '#renderer/words/words.ts';
import type { AccountsStore } from './accounts.svelte.ts';
import type { AppDocumentStore } from './app-document.svelte.ts';
import type { AppStore } from './app.svelte.ts';
import type { CommandsStore } from './commands.svelte.ts';
import type { CostStore } from './cost.svelte.ts';
import type { BrowserStore } from './browser.svelte.ts';
import type { DoctorStore } from './doctor.svelte.ts';
import type { JobsStore } from './jobs.svelte.ts';
import type { KeptStore } from './kept.svelte.ts';
import type { NetworkStore } from './network.svelte.ts';
import type { LinksStore } from './links.svelte.ts';
import type { NoticesStore } from './notices.svelte.ts';
import type { PlacesStore } from './places.svelte.ts';
import type { ReadingMemory } from './reading-memory.ts';
import type { SmallPictures } from './small-pictures.ts';
import type { SettingsStore } from './settings.svelte.ts';

export interface Stores {
  /** For stores that live as long as a screen (`new ViewerStore(client, …)`); components never call it themselves. */
  client: Client;
  app: AppStore;
  document: AppDocumentStore;
  settings: SettingsStore;
  accounts: AccountsStore;
  /** Proxy, company certificates, network test. */
  network: NetworkStore;
  notices: NoticesStore;
  /** Where each document was left. */
  reading: ReadingMemory;
  /** Pins and recent documents. */
  places: PlacesStore;
  /** Pages kept in this computer. */
  kept: KeptStore;
  /** A link from outside, or dropped, on its way. */
  links: LinksStore;
  browser: BrowserStore;
  smallPictures: SmallPictures;
  /** What can be done now, for the command palette. */
  commands: CommandsStore;
  /** What reading costs: counts, prices, budget. */
  cost: CostStore;
  doctor: DoctorStore;
  jobs: JobsStore;
}

/** The key of the context; tests use it with `render(Part, { context: new Map([[STORES, stores]]) })`. */
export const STORES = Symbol('stores');

export function provideStores(stores: Stores): void {
  setContext(STORES, stores);
}

/** The stores of this window. To be called while a component is set up. */
export function useStores(): Stores {
  const stores = getContext<Stores | undefined>(STORES);
  if (!stores) throw new Error('no stores: the component is outside App.svelte');
  return stores;
}

/** The sentences of an area: `const t = useWords(browse)`, then `{t().title}`. Follows a switch of language at once. */
export function useWords<S>(area: Bilingual<S>): () => S {
  const { settings } = useStores();
  return () => settings.words(area);
}

/** The language of now, for Intl formats: `const language = useLanguage()`, then `language()`. */
export function useLanguage(): () => Language {
  const { settings } = useStores();
  return () => settings.language;
}
