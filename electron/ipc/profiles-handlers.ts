/** Binds the calls about profiles of the command-line tools: main reads the secrets itself, and the page never sees one. */
import { ok } from '#contract/errors.ts';
import type { Accounts } from '#services/accounts.ts';
import type { CliProfiles } from '#services/cli-profiles.ts';
import type { Handlers } from './router.ts';

export function makeProfilesHandlers({ profiles, accounts }: { profiles: CliProfiles; accounts: Accounts }) {
  return {
    'profiles.list': async () => ok(await profiles.list()),
    'profiles.test': async (input, { signal }) => {
      const draft = await profiles.draftOf(input);
      return draft.ok ? accounts.test(draft.value, signal) : draft;
    },
    'profiles.take': async ({ keep, ...input }, { signal }) => {
      const draft = await profiles.draftOf(input);
      return draft.ok ? accounts.add(draft.value, keep, signal) : draft;
    },
  } satisfies Pick<Handlers, 'profiles.list' | 'profiles.test' | 'profiles.take'>;
}
