/** What the app knows of itself and the computer it runs on. */
import { app } from 'electron';
import type { AppInfoView } from '#contract/contract.ts';

/** The Electron that package.json pins; an older one is the fallback for development and tests. */
const PINNED_ELECTRON = 45;

/** The system's language as far as we speak it. Only after `ready`. */
export function systemLanguage(): AppInfoView['systemLanguage'] {
  return app.getLocale().toLowerCase().startsWith('zh') ? 'zh-CN' : 'en';
}

/** The facts for `app.info`; LibreOffice is looked for once. */
export function makeAppInfo(findOffice: () => Promise<AppInfoView['office']>): () => Promise<AppInfoView> {
  const office = findOffice();
  return async () => ({
    version: app.getVersion(),
    electronVersion: process.versions.electron,
    platform: process.platform,
    systemLanguage: systemLanguage(),
    isTestRuntime: Number.parseInt(process.versions.electron, 10) < PINNED_ELECTRON,
    office: await office,
  });
}
