/** Binds every call of the contract to the service that does it. Glue only: no rule of the product lives here. */
import type { AppInfoView } from '#contract/contract.ts';
import { fail, ok, type Result } from '#contract/errors.ts';
import type { DocumentHandle } from '#contract/ids.ts';
import type { Accounts } from '#services/accounts.ts';
import { resolveAddress } from '#services/addresses.ts';
import type { Cost } from '#services/cost.ts';
import type { CliProfiles } from '#services/cli-profiles.ts';
import type { DoctorDesk } from '#services/doctor-desk.ts';
import type { Documents } from '#services/documents.ts';
import type { Exports } from '#services/exports.ts';
import type { FolderGrants } from '#services/folder-grants.ts';
import type { OfflinePages } from '#services/offline-pages.ts';
import type { Ledger } from '#services/ledger.ts';
import { makePageLink } from '#services/page-link.ts';
import type { OutsideLinks } from '#services/outside-links.ts';
import type { Places } from '#services/places.ts';
import type { Settings } from '#services/settings.ts';
import { makeCostHandlers, type SaveDesk } from './cost-handlers.ts';
import { makeKeptPagesHandlers } from './kept-pages-handlers.ts';
import { makeObjectsHandlers } from './objects-handlers.ts';
import { makeNetworkHandlers, type NetworkFile, type NetworkWay } from './network-handlers.ts';
import { makePlacesHandlers } from './places-handlers.ts';
import { makeProfilesHandlers } from './profiles-handlers.ts';
import type { CallContext, Handlers } from './router.ts';

/** What the app does outside its window; the shell does it. */
export interface Desktop extends SaveDesk {
  /** The system's folder dialog over this window: an absolute path, or null when it was cancelled. */
  chooseFolder(windowId: number): Promise<string | null>;
  /** The system's dialog for one file: an absolute path, or null when it was cancelled. */
  chooseFile(windowId: number, kind: NetworkFile): Promise<string | null>;
  /** Shows a file in the system's file manager. */
  reveal(path: string): void;
  /** Copies the picture at this point of the window, CSS px. */
  copyPictureAt(windowId: number, x: number, y: number): void;
  writeClipboard(text: string): Promise<void>;
  isFullScreen(windowId: number): boolean;
  setFullScreen(windowId: number, isOn: boolean): void;
}

export interface Services {
  appInfo(): Promise<AppInfoView>;
  settings: Settings;
  accounts: Accounts;
  documents: Documents;
  exports: Exports;
  grants: FolderGrants;
  ledger: Ledger;
  cost: Cost;
  places: Places;
  offline: OfflinePages;
  doctor: DoctorDesk;
  way: NetworkWay;
  links: OutsideLinks;
  profiles: CliProfiles;
  desktop: Desktop;
}

/** The answer of a call that only has an effect. */
const DONE = ok<Record<string, never>>({});

/** The table of handlers. A call of the contract that is missing here, or one too many, does not compile. */
export function makeHandlers(services: Services) {
  const { settings, accounts, documents, exports, grants, ledger, places, desktop } = services;

  /** A page may use the documents it opened and no others, whatever handle it names. */
  function owned<T>(handle: DocumentHandle, { owner }: CallContext, use: () => T): T | Result<never> {
    return documents.ownerOf(handle) === owner ? use() : fail('document.closed', 'The document is not open here.');
  }

  return {
    'app.info': async () => ok(await services.appInfo()),
    'settings.get': () => ok(settings.view()),
    'settings.set': async (change) => {
      const written = await settings.update(change);
      return written.ok ? ok(settings.view()) : written;
    },
    'usage.get': () => ok(ledger.view()),

    'accounts.get': () => ok(accounts.view()),
    'accounts.test': (draft, { signal }) => accounts.test(draft, signal),
    'accounts.add': ({ draft, keep }, { signal }) => accounts.add(draft, keep, signal),
    'accounts.use': ({ accountId }, { signal }) => accounts.use(accountId, signal),
    'accounts.enterSecret': (input, { signal }) => accounts.enterSecret(input, signal),
    'accounts.setPlace': (draft, { signal }) => accounts.setPlace(draft, signal),
    'regions.get': () => ok({ ids: settings.current.regions }),
    'accounts.rename': ({ accountId, name, colour }) => accounts.rename(accountId, name, colour),
    'accounts.remove': async ({ accountId }, { signal }) => {
      const removed = await accounts.remove(accountId, signal);
      if (!removed.ok) return removed;
      services.cost.forget(accountId);
      await services.offline.forgetAccount(accountId);
      return places.forgetAccount(accountId);
    },
    'accounts.leave': () => accounts.leave(),

    'buckets.list': async ({ accountId }, { signal }) => {
      const client = accounts.clientOf(accountId);
      if (!client.ok) return client;
      const buckets = await client.value.listBuckets(signal);
      return buckets.ok ? ok({ buckets: buckets.value }) : buckets;
    },
    ...makeObjectsHandlers({ accounts }),
    'addresses.resolve': ({ accountId, text }, { signal }) => resolveAddress(accounts, accountId, text, signal),

    'documents.open': (input, { owner, signal }) => documents.open(owner, input, signal),
    'documents.close': ({ handle }, context) =>
      owned(handle, context, () => {
        documents.close(handle);
        return DONE;
      }),
    'pages.want': ({ handle, target, pages }, context) =>
      owned(handle, context, () => documents.want(handle, target, pages)),
    'pages.retry': ({ handle, target, pageNumber }, context) =>
      owned(handle, context, () => documents.retry(handle, target, pageNumber)),
    'pages.findEnd': ({ handle, target }, context) =>
      owned(handle, context, () => documents.findEnd(handle, target, context.signal)),
    'pages.copyPicture': ({ x, y }, { windowId }) => {
      desktop.copyPictureAt(windowId, x, y);
      return DONE;
    },
    'pages.copyLink': (page, context) =>
      owned(page.handle, context, async () => {
        const link = await makePageLink({ documents, accounts }, page, context.signal);
        if (!link.ok) return link;
        await desktop.writeClipboard(link.value.url);
        return ok(link.value.facts);
      }),

    'exports.chooseFolder': async (_input, { windowId }) => {
      const folder = await desktop.chooseFolder(windowId);
      return ok(folder === null ? null : grants.grant(folder));
    },
    'exports.plan': (input, context) => owned(input.handle, context, () => exports.plan(input)),
    'exports.start': (input, context) => owned(input.handle, context, () => exports.start(input)),
    'exports.keepOffline': ({ handle }, context) => owned(handle, context, () => exports.keepOffline(handle)),
    'exports.get': () => ok({ jobs: exports.get() }),
    'exports.cancel': ({ jobId }) => {
      exports.cancel(jobId);
      return DONE;
    },
    'exports.retry': ({ jobId }) => {
      exports.retry(jobId);
      return DONE;
    },
    'exports.answer': ({ jobId, answer }) => {
      exports.answer(jobId, answer);
      return DONE;
    },
    'exports.reveal': ({ jobId }) => {
      const file = exports.whereIs(jobId);
      if (file === null) return fail('file.gone', 'There is no such export.');
      desktop.reveal(file);
      return DONE;
    },
    'exports.dismiss': ({ jobId }) => {
      exports.dismiss(jobId);
      return DONE;
    },

    ...makeCostHandlers(services.cost, desktop),
    ...makePlacesHandlers(services),
    ...makeKeptPagesHandlers(services),
    ...makeNetworkHandlers(services.way, accounts, desktop),
    'links.get': () => ok({ link: services.links.view() }),
    'links.done': ({ id }) => {
      services.links.done(id);
      return DONE;
    },
    'window.get': (_input, { windowId }) => ok({ isFullScreen: desktop.isFullScreen(windowId) }),
    'window.setFullScreen': ({ isOn }, { windowId }) => {
      desktop.setFullScreen(windowId, isOn);
      return DONE;
    },
    ...makeProfilesHandlers(services),
    'doctor.examine': (input, { owner, signal }) => services.doctor.examine(owner, input, signal),
  } satisfies Handlers;
}
