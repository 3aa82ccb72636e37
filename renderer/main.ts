/** Starts the page: stores over the bridge, the look before the first paint, then the screen. */
import { mount } from 'svelte';
import App from './App.svelte';
import { makeClient } from './bridge/client.svelte.ts';
import { readBridge, systemLook, systemNetwork } from './bridge/system.ts';
import { makeStores } from './state/stores.ts';

const bridge = readBridge(window);
const target = document.getElementById('app');
if (!bridge || !target) throw new Error('the page runs only inside the app');

const stores = makeStores(makeClient(bridge), { look: systemLook(window), network: systemNetwork(window) });
void stores.load();
mount(App, { target, props: { stores } });
