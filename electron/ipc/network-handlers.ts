/** The calls about proxy, company certificates and the network test. A path is named by the system's dialog, never by the page. */
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { fail, ok, type Result } from '#contract/errors.ts';
import type { AccountId } from '#contract/ids.ts';
import type { Accounts } from '#services/accounts.ts';
import { readTarget, type NetworkTarget, type NetworkTest } from '#services/network-test.ts';
import type { Network } from '#services/network.ts';
import { nameOfProxy, readProxyDecision } from '#services/tunnel.ts';
import type { Handlers } from './router.ts';

/** The way to the service, as far as a person can set and test it. */
export interface NetworkWay {
  network: Network;
  networkTest: NetworkTest;
  /** The proxy decision for an address, in PAC's words. */
  resolveProxy(url: string): Promise<string>;
}

/** What a file of the network settings is for: the dialog shows only such. */
export type NetworkFile = 'certificate' | 'pac';

interface NetworkDesktop {
  chooseFile(windowId: number, kind: NetworkFile): Promise<string | null>;
}

/** Neither certificates nor scripts are longer; what is gets refused before it is in memory. */
const MAX_FILE_BYTES = 2 * 1024 * 1024;

type NetworkHandlers = Pick<Handlers, Extract<keyof Handlers, `network.${string}`>>;

export function makeNetworkHandlers(way: NetworkWay, accounts: Accounts, desktop: NetworkDesktop): NetworkHandlers {
  const { network, networkTest } = way;

  /** An account's own service; without one, or for the samples, which have none, the endpoint as typed. */
  const targetOf = (accountId: AccountId | null, endpoint: string): Result<NetworkTarget> =>
    accountId === null || accountId === 'samples' || endpoint !== ''
      ? readTarget(endpoint)
      : accounts.endpointOf(accountId);

  return {
    'network.get': () => ok(network.view()),
    'network.set': (draft, { signal }) => network.set(draft, signal),
    'network.choosePac': async (_input, { windowId }) => {
      const file = await desktop.chooseFile(windowId, 'pac');
      if (file === null) return ok(null);
      const bytes = await readWhole(file);
      return bytes.ok ? network.usePacFile(path.basename(file), bytes.value) : bytes;
    },
    'network.addCertificate': async (_input, { windowId }) => {
      const file = await desktop.chooseFile(windowId, 'certificate');
      if (file === null) return ok(null);
      const bytes = await readWhole(file);
      return bytes.ok ? network.addAuthorities(bytes.value) : bytes;
    },
    'network.removeCertificate': ({ fingerprint }) => network.removeAuthority(fingerprint),
    'network.proxyFor': async ({ accountId, endpoint }) => {
      const target = targetOf(accountId, endpoint);
      if (!target.ok) return target;
      const { scheme, host } = target.value;
      const [hop] = readProxyDecision(await way.resolveProxy(`${scheme}://${host}/`));
      return ok({ endpoint: `${scheme}://${host}`, proxy: hop ? nameOfProxy(hop) : '' });
    },
    'network.test': async ({ accountId, endpoint }, { signal }) => {
      const target = targetOf(accountId, endpoint);
      return target.ok ? ok(await networkTest.run(target.value, signal)) : target;
    },
  };
}

/** A file of the person's choice, whole; one that is far too long to be what it should comes back empty. */
async function readWhole(file: string): Promise<Result<Uint8Array>> {
  try {
    const { size } = await stat(file);
    return ok(size > MAX_FILE_BYTES ? new Uint8Array() : await readFile(file));
  } catch (reason) {
    return fail('network.unreadable', reason instanceof Error ? reason.message : String(reason));
  }
}
