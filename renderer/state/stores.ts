/** Makes the stores of one window over a client: the composition of the page, without any DOM. */
import { placeOf } from '#contract/regions.ts';
import type { Client } from '#renderer/bridge/client.svelte.ts';
import { AccountsStore } from './accounts.svelte.ts';
import { AppDocumentStore } from './app-document.svelte.ts';
import { AppStore, type SystemNetwork } from './app.svelte.ts';
import { BrowserStore } from './browser.svelte.ts';
import { CommandsStore } from './commands.svelte.ts';
import { CostStore } from './cost.svelte.ts';
import type { Stores } from './context.ts';
import { DoctorStore } from './doctor.svelte.ts';
import { JobsStore } from './jobs.svelte.ts';
import { KeptStore } from './kept.svelte.ts';
import { NetworkStore } from './network.svelte.ts';
import { LinksStore } from './links.svelte.ts';
import { NoticesStore } from './notices.svelte.ts';
import { PlacesStore } from './places.svelte.ts';
import { ReadingMemory } from './reading-memory.ts';
import { SmallPictures } from './small-pictures.ts';
import { SettingsStore, type SystemLook } from './settings.svelte.ts';
import { connect } from '#renderer/words/connect.ts';

/** The system as the stores see it; tests hand in their own. */
export interface System {
  look: SystemLook;
  network: SystemNetwork;
}

/** `load` asks main for what the first screen needs; it never rejects, failures are in the stores. */
export function makeStores(client: Client, system: System): Stores & { load(): Promise<void> } {
  const stores: Stores = {
    client,
    app: new AppStore(client, system.network),
    document: new AppDocumentStore(client),
    settings: new SettingsStore(client, system.look),
    accounts: new AccountsStore(client),
    browser: new BrowserStore(client),
    smallPictures: new SmallPictures(),
    commands: new CommandsStore(),
    jobs: new JobsStore(client),
    network: new NetworkStore(client),
    notices: new NoticesStore(),
    reading: new ReadingMemory(),
    places: new PlacesStore(client),
    cost: new CostStore(client),
    kept: new KeptStore(client),
    doctor: new DoctorStore(client),
    links: new LinksStore(client),
  };
  client.on('buckets.moved', ({ bucket, region }) => {
    const { settings, notices } = stores;
    notices.show(settings.words(connect).moved(bucket, placeOf(region, settings.language)), 'info');
  });
  return {
    ...stores,
    async load() {
      await stores.app.load();
      await stores.settings.load(stores.app.info?.systemLanguage ?? 'en');
      const { accounts, jobs, kept, links, places } = stores;
      await Promise.all([accounts, jobs, kept, links, places].map((store) => store.load()));
    },
  };
}
