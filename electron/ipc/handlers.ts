/** Binds every call of the contract to the services that do it. Glue only: no rule of the product lives here. */
import type { AppInfoView } from '#contract/contract.ts';
import { ok } from '#contract/errors.ts';
import type { Settings } from '#services/settings.ts';
import type { Handlers } from './router.ts';

export interface HandlerNeeds {
  info: Omit<AppInfoView, 'office'>;
  settings: Settings;
  onSettings(): void;
}

export function makeHandlers({ info, settings, onSettings }: HandlerNeeds): Partial<Handlers> {
  return {
    'app.info': () => ok({ ...info, office: { available: false, command: null } }),
    'settings.get': () => ok(settings.view()),
    'settings.set': async (change) => {
      const written = await settings.update(change);
      onSettings();
      return written.ok ? ok(settings.view()) : written;
    },
    'accounts.get': () => ok({ accounts: [], activeId: null, opening: 'idle', problem: null }),
  };
}
