/** Binds the calls about objects: listing, search, versions. */
import type { OBJECTS_CALLS } from '#contract/objects.ts';
import { ok } from '#contract/errors.ts';
import type { Accounts } from '#services/accounts.ts';
import { toObjectPageView } from '#services/object-page.ts';
import { toSearchPage } from '#services/object-search.ts';
import type { Handlers } from './router.ts';

const MAX_KEYS = 1000;

/** The handlers of contract/objects.ts. */
export function makeObjectsHandlers({ accounts }: { accounts: Accounts }) {
  return {
    'objects.list': async ({ accountId, bucket, prefix, next }, { signal }) => {
      const client = accounts.clientOf(accountId);
      if (!client.ok) return client;
      const page = await client.value.listObjects({ bucket, prefix, next, maxKeys: MAX_KEYS }, signal);
      return page.ok ? ok(toObjectPageView(page.value, prefix)) : page;
    },
    'objects.search': async ({ accountId, bucket, prefix, next, text, documentsOnly }, { signal }) => {
      const client = accounts.clientOf(accountId);
      if (!client.ok) return client;
      const page = await client.value.listBelow({ bucket, prefix, next, maxKeys: MAX_KEYS }, signal);
      return page.ok ? ok(toSearchPage(page.value, { prefix, text, documentsOnly })) : page;
    },
    'objects.versions': async ({ accountId, bucket, key, next }, { signal }) => {
      const client = accounts.clientOf(accountId);
      return client.ok ? client.value.listVersions({ bucket, key, next, maxKeys: MAX_KEYS }, signal) : client;
    },
  } satisfies Pick<Handlers, keyof typeof OBJECTS_CALLS>;
}
