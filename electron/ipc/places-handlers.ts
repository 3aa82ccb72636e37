/** Binds the calls for pins, recent documents and tabs. */
import type { PLACES_CALLS } from '#contract/places.ts';
import { fail, ok } from '#contract/errors.ts';
import type { Accounts } from '#services/accounts.ts';
import type { Documents } from '#services/documents.ts';
import type { Places } from '#services/places.ts';
import type { Handlers } from './router.ts';

export interface PlacesServices {
  places: Places;
  documents: Documents;
  accounts: Accounts;
}

/** The handlers of contract/places.ts. */
export function makePlacesHandlers({ places, documents, accounts }: PlacesServices) {
  return {
    'places.get': () => ok(places.view()),
    'places.pin': ({ accountId, place }) => {
      const account = accounts.endpointOf(accountId);
      return account.ok ? places.pin(accountId, place) : account;
    },
    'places.unpin': ({ id }) => places.unpin(id),
    'places.rename': ({ id, name }) => places.rename(id, name),
    'places.move': ({ id, before }) => places.move(id, before),
    'places.note': ({ handle, pageNumber }, { owner }) => {
      // As in handlers.ts: a page may speak of the documents it opened and of no others.
      const document = documents.view(handle);
      if (!document.ok || documents.ownerOf(handle) !== owner)
        return fail('document.closed', 'The document is not open here.');
      places.note(document.value, pageNumber);
      return ok({});
    },
    'places.forget': ({ id }) => places.forget(id),
    'places.clearRecents': ({ accountId }) => places.clearRecents(accountId),
    'places.getTabs': ({ accountId }) => ok({ tabs: places.tabsOf(accountId) }),
    'places.setTabs': ({ accountId, tabs }) => {
      const account = accounts.endpointOf(accountId);
      if (!account.ok) return account;
      places.setTabs(accountId, tabs);
      return ok({});
    },
  } satisfies Pick<Handlers, keyof typeof PLACES_CALLS>;
}
