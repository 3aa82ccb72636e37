/** Binds the calls about pages kept in this computer. */
import type { KEPT_CALLS } from '#contract/kept-pages.ts';
import { ok, type Result } from '#contract/errors.ts';
import type { OfflinePages } from '#services/offline-pages.ts';
import type { Handlers } from './router.ts';

const toAnswer = (result: Result<null>): Result<Record<string, never>> => (result.ok ? ok({}) : result);

/** The handlers of contract/kept-pages.ts. */
export function makeKeptPagesHandlers({ offline }: { offline: OfflinePages }) {
  return {
    'kept.list': async () => ok(await offline.view()),
    'kept.release': ({ id }) => offline.release(id),
    'kept.remove': ({ id }) => offline.remove(id),
    'kept.clear': () => offline.clear(),
    'kept.setEncryption': async ({ isOn }, { signal }) => toAnswer(await offline.encryption.turn(isOn, signal)),
    'kept.unlock': async (_input, { signal }) => toAnswer(await offline.encryption.unlock(signal)),
    'kept.removeLost': async (_input, { signal }) => toAnswer(await offline.encryption.removeLost(signal)),
    'kept.setBudget': ({ limitBytes }) => offline.setBudget(limitBytes),
  } satisfies Pick<Handlers, keyof typeof KEPT_CALLS>;
}
